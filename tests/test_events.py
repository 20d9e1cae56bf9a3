"""Events of short sentences, in minimal pairs: what PLOVER's codebook demands of each.

An event is written "TYPE/mode ACTORS>RECIPIENTS status @WHO", codes sorted, the parts that are not there left out;
a status is named when it is not "actual". A row names all events of its sentence, whatever their order.
"""

from __future__ import annotations

import pytest

from coders import DAY, code, codes, patterns
from communique.records import Event


def written(e: Event) -> str:
    """Return the short form of `e`."""
    parties = codes(e.actors) + (f">{codes(e.recipients)}" if e.recipients else "")
    status = "" if e.status == "actual" else f" {e.status}"
    claimed = f" @{codes(e.attributed_to)}" if e.attributed_to else ""
    return e.type + (f"/{e.mode}" if e.mode else "") + (f" {parties}" if parties else "") + status + claimed


def events(text: str) -> list[str]:
    return sorted(written(e) for e in code(text).events)


VOICE = [
    # active, passive, noun
    ("Russia attacked Ukraine.", ["ASSAULT RUS>UKR"]),
    ("Ukraine attacked Russia.", ["ASSAULT UKR>RUS"]),
    ("Ukraine was attacked by Russia.", ["ASSAULT RUS>UKR"]),
    ("Russia invaded Georgia.", ["ASSAULT RUS>GEO"]),
    ("Georgia was invaded by Russia.", ["ASSAULT RUS>GEO"]),
    ("Canada criticised China.", ["ACCUSE/disapprove CAN>CHN"]),
    ("China was criticised by Canada.", ["ACCUSE/disapprove CAN>CHN"]),
    ("China drew criticism from Canada.", ["ACCUSE/disapprove CAN>CHN"]),
    ("Poland expelled three Russian diplomats.", ["SANCTION/expel POL>RUS"]),
    ("Three Russian diplomats were expelled by Poland.", ["SANCTION/expel POL>RUS"]),
    ("Sweden gave Ukraine tents and medicine.", ["AID SWE>UKR"]),
    ("Ukraine received aid from Sweden.", ["AID SWE>UKR"]),
    ("Sweden sent aid to Ukraine.", ["AID SWE>UKR"]),
    ("Japan praised India.", ["SUPPORT JPN>IND"]),
    ("India was praised by Japan.", ["SUPPORT JPN>IND"]),
    ("Egypt accused Ethiopia of lying.", ["ACCUSE/allege EGY>ETH"]),
    ("Ethiopia accused Egypt of lying.", ["ACCUSE/allege ETH>EGY"]),
    ("The United States imposed sanctions on Iran.", ["SANCTION/discontinue USA>IRN"]),
    ("Sanctions were imposed on Iran by the United States.", ["SANCTION/discontinue USA>IRN"]),
    ("Iran imposed sanctions on the United States.", ["SANCTION/discontinue IRN>USA"]),
    ("Turkish police arrested a Syrian journalist.", ["COERCE/arrest TUR>SYR"]),
    ("A Syrian journalist was arrested by Turkish police.", ["COERCE/arrest TUR>SYR"]),
    ("Peru rejected Chile's proposal.", ["REJECT PER>CHL"]),
    ("Chile's proposal was rejected by Peru.", ["REJECT PER>CHL"]),
    ("Israel, which had been attacked by Iran, closed its airspace.", ["ASSAULT IRN>ISR"]),
]  # fmt: skip

JOINT = [
    # one doer or several; reciprocal doers are all actors
    ("Russia and Belarus attacked Ukraine.", ["ASSAULT BLR RUS>UKR"]),
    ("Russia attacked Ukraine and Georgia.", ["ASSAULT RUS>GEO UKR"]),
    ("Ukraine and Georgia were attacked by Russia.", ["ASSAULT RUS>GEO UKR"]),
    ("Russia and China held talks.", ["CONSULT CHN RUS"]),
    ("Russia held talks with China.", ["CONSULT CHN RUS"]),
    ("China held talks with Russia.", ["CONSULT CHN RUS"]),
    ("The leaders of Japan met the leaders of India.", ["CONSULT IND JPN"]),
    ("Talks between Russia and China began on Monday.", ["CONSULT CHN RUS"]),
    ("Armenia and Azerbaijan exchanged prisoners.", ["RETREAT/release ARM AZE"]),
    ("Britain and France signed a treaty.", ["SUPPORT FRA GBR"]),
    ("Britain signed a treaty with France.", ["SUPPORT FRA GBR"]),
    ("Norway and Sweden condemned Belarus.", ["ACCUSE/disapprove NOR SWE>BLR"]),
    ("Russia and China signed a treaty. The two countries condemned Japan.",
     ["ACCUSE/disapprove CHN RUS>JPN", "SUPPORT CHN RUS"]),
    ("Armenian and Azerbaijani troops clashed on the border.", ["ASSAULT ARM AZE"]),
    ("Armenian troops clashed with Azerbaijani troops.", ["ASSAULT ARM AZE"]),
]  # fmt: skip

STATUS = [
    # affirmed, negated, denied, planned, hypothetical, background
    ("Russia did not attack Ukraine.", ["ASSAULT RUS>UKR denied"]),
    ("Russia never attacked Ukraine.", ["ASSAULT RUS>UKR denied"]),
    ("Russia denied attacking Ukraine.", ["ASSAULT RUS>UKR denied"]),
    ("Russia denied that it had attacked Ukraine.", ["ASSAULT RUS>UKR denied"]),
    ("Russia plans to attack Ukraine.", ["ASSAULT RUS>UKR planned"]),
    ("Russia will attack Ukraine.", ["ASSAULT RUS>UKR planned"]),
    ("Russia is preparing to attack Ukraine.", ["ASSAULT RUS>UKR planned"]),
    ("Russia may attack Ukraine.", ["ASSAULT RUS>UKR hypothetical"]),
    ("Russia could attack Ukraine.", ["ASSAULT RUS>UKR hypothetical"]),
    ("If Russia attacks Ukraine, prices will rise.", ["ASSAULT RUS>UKR hypothetical"]),
    ("Russia would attack Ukraine if talks failed.", ["ASSAULT RUS>UKR hypothetical"]),
    ("The United States did not impose sanctions on Iran.", ["SANCTION/discontinue USA>IRN denied"]),
    ("The United States will impose sanctions on Iran.", ["SANCTION/discontinue USA>IRN planned"]),
    ("The United States may impose sanctions on Iran.", ["SANCTION/discontinue USA>IRN hypothetical"]),
    ("The United States has imposed sanctions on Iran.", ["SANCTION/discontinue USA>IRN"]),
    ("Turkey did not criticise Greece.", ["ACCUSE/disapprove TUR>GRC denied"]),
    ("In 1939 Germany attacked Poland.", ["ASSAULT DEU>POL historical"]),
    ("In 1979 the Soviet Union invaded Afghanistan.", ["ASSAULT SUN>AFG historical"]),
    # PLOVER: cooperative deeds still to come are AGREE, whatever word says so
    ("Germany will meet Poland.", ["AGREE DEU POL planned"]),
    ("Germany met Poland.", ["CONSULT DEU POL"]),
    ("Germany promised to aid Kenya.", ["AGREE DEU>KEN"]),
    ("Germany offered to aid Kenya.", ["AGREE DEU>KEN"]),
    ("Germany agreed to aid Kenya.", ["AGREE DEU>KEN"]),
    ("Germany will give aid to Kenya.", ["AGREE DEU>KEN planned"]),
    ("Germany gave aid to Kenya.", ["AID DEU>KEN"]),
    ("Germany refused to aid Kenya.", ["REJECT/assist DEU>KEN"]),
    ("Germany stopped aid to Kenya.", ["SANCTION/discontinue DEU>KEN"]),
    ("Germany resumed aid to Kenya.", ["AID DEU>KEN"]),
    # announced withdrawals are words, withdrawals are deeds
    ("France announced that it would withdraw its troops from Mali.", ["CONCEDE FRA>MLI planned"]),
    ("France withdrew its troops from Mali.", ["RETREAT/withdraw FRA>MLI"]),
]  # fmt: skip

CLAIMED = [
    # the deed, and the report of a deed
    ("Ukraine said that Russia attacked Georgia.", ["ASSAULT RUS>GEO @UKR"]),
    ("Russia attacked Georgia, Ukraine said.", ["ASSAULT RUS>GEO @UKR"]),
    ("According to Ukraine, Russia attacked Georgia.", ["ASSAULT RUS>GEO @UKR"]),
    ("“Russia attacked Georgia,” Ukraine said.", ["ASSAULT RUS>GEO @UKR"]),
    ("Ukraine claims that Russia attacked Georgia.", ["ASSAULT RUS>GEO @UKR"]),
    ("Ukraine said that Russia did not attack Georgia.", ["ASSAULT RUS>GEO denied @UKR"]),
    ("Ukraine said that Russia would attack Georgia.", ["ASSAULT RUS>GEO planned @UKR"]),
    ("Ukraine said that Russia might attack Georgia.", ["ASSAULT RUS>GEO hypothetical @UKR"]),
    ("Ukraine believes that Russia attacked Georgia.", ["ASSAULT RUS>GEO @UKR"]),
    ("China said that Japan praised India.", ["SUPPORT JPN>IND @CHN"]),
    ("China said that it had met Japan.", ["CONSULT CHN JPN @CHN"]),
    ("Ukraine condemned Russia for attacking Georgia.", ["ACCUSE/disapprove UKR>RUS", "ASSAULT RUS>GEO"]),
]  # fmt: skip

COMPOSED = [
    # what is done with a deed: begun, ended, offered, asked for, feared, judged
    ("Germany began talks with Russia.", ["CONSULT DEU RUS"]),
    ("Germany resumed talks with Russia.", ["CONSULT DEU RUS"]),
    ("Germany ended talks with Russia.", ["SANCTION/withdraw DEU>RUS"]),
    ("Germany suspended talks with Russia.", ["SANCTION/withdraw DEU>RUS"]),
    ("Germany postponed a meeting with Russia.", ["REJECT/meet DEU>RUS"]),
    ("Germany ruled out talks with Russia.", ["REJECT/meet DEU>RUS"]),
    ("Germany offered talks with Russia.", ["AGREE DEU>RUS"]),
    ("Germany is ready to meet Russia.", ["AGREE DEU>RUS"]),
    ("Germany failed to reach an agreement with Russia.", ["AGREE DEU RUS denied"]),
    ("Germany is considering sanctions against Russia.", ["SANCTION/discontinue DEU>RUS hypothetical"]),
    ("Germany approved sanctions against Russia.", ["SANCTION/discontinue DEU>RUS"]),
    ("Germany eased sanctions against Russia.", ["CONCEDE DEU>RUS"]),
    ("Germany threatened Russia with sanctions.", ["THREATEN/restrict DEU>RUS"]),
    ("Germany warned that Russia could attack Ukraine.", ["ASSAULT RUS>UKR hypothetical @DEU"]),
    ("Germany feared that Russia would attack Ukraine.", ["ASSAULT RUS>UKR hypothetical"]),
    ("Germany fears a Russian attack on Ukraine.", ["ASSAULT RUS>UKR hypothetical"]),
    ("Turkey demanded an end to the bombing.", ["REQUEST/yield TUR"]),
    ("Israel's attack on Iran was condemned by Turkey.", ["ACCUSE/disapprove TUR>ISR", "ASSAULT ISR>IRN"]),
    ("Turkey condemned Israel's attack on Iran.", ["ACCUSE/disapprove TUR>ISR", "ASSAULT ISR>IRN"]),
]  # fmt: skip

TYPES = [
    # AGREE
    ("Brazil and Argentina agreed to trade in their own currencies.", ["AGREE ARG BRA"]),
    ("Vietnam pledged to cooperate with Laos.", ["AGREE VNM>LAO"]),
    # CONSULT
    ("The Italian president visited Egypt.", ["CONSULT/visit ITA>EGY"]),
    ("Egypt hosted the Italian president.", ["CONSULT/visit ITA>EGY"]),
    ("Joe Biden phoned Olaf Scholz.", ["CONSULT/phone DEU USA"]),
    ("Joe Biden spoke by phone with Olaf Scholz.", ["CONSULT/phone DEU USA"]),
    ("Oman mediated between Iran and Saudi Arabia.", ["CONSULT/third-party OMN>IRN SAU"]),
    ("Kenya and Uganda discussed trade.", ["CONSULT KEN UGA"]),
    ("Germany signed a trade agreement with Russia.", ["SUPPORT DEU RUS"]),
    # SUPPORT
    ("Spain recognised Kosovo.", ["SUPPORT ESP>XKX"]),
    ("Spain endorsed Portugal's candidate.", ["SUPPORT ESP>PRT"]),
    ("Hungary ratified the treaty.", ["SUPPORT HUN"]),
    ("Morocco restored diplomatic relations with Israel.", ["SUPPORT ISR MAR"]),
    # CONCEDE
    ("Japan apologised to South Korea.", ["CONCEDE JPN>KOR"]),
    ("Britain lifted sanctions on Zimbabwe.", ["CONCEDE GBR>ZWE"]),
    ("Nepal's government lifted the curfew.", ["CONCEDE NPL"]),
    ("The Egyptian president pardoned ten journalists.", ["CONCEDE EGY>ten journalists"]),
    # COOPERATE
    ("India and Japan held joint naval exercises.", ["COOPERATE IND JPN"]),
    ("India held joint military exercises with Japan.", ["COOPERATE IND JPN"]),
    ("Spain extradited a Russian banker to the United States.", ["COOPERATE ESP>USA"]),
    ("Norway shared intelligence with Finland.", ["COOPERATE FIN NOR"]),
    # AID
    ("The United States sent weapons to Ukraine.", ["AID USA>UKR"]),
    ("Canada granted asylum to an Iranian actress.", ["AID CAN>IRN"]),
    ("China lent Laos a billion dollars.", ["AID CHN>LAO"]),
    ("France cancelled Sudan's debt.", ["AID FRA>SDN"]),
    ("Germany trained Ukrainian soldiers.", ["AID DEU>UKR"]),
    ("Germany sent peacekeepers to Mali.", ["AID DEU>MLI"]),
    # RETREAT
    ("Germany freed two Russians.", ["RETREAT/release DEU>RUS"]),
    ("Iran released two British prisoners.", ["RETREAT/release IRN>GBR"]),
    ("The Tunisian prime minister resigned.", ["RETREAT/resign TUN"]),
    ("Israel and Hamas observed a ceasefire.", ["RETREAT/ceasefire ISR PSE"]),
    # REQUEST
    ("Mexico asked Canada for help.", ["REQUEST/assist MEX>CAN"]),
    ("Ghana urged Togo to hold talks.", ["REQUEST/meet GHA>TGO"]),
    ("Ghana called for a ceasefire.", ["REQUEST/yield GHA"]),
    # ACCUSE
    ("Austria voiced concern about Hungary.", ["ACCUSE/disapprove AUT>HUN"]),
    ("Cuba summoned the Spanish ambassador.", ["ACCUSE/disapprove CUB>ESP"]),
    ("Bolivia sued Chile.", ["ACCUSE/allege BOL>CHL"]),
    ("Denmark opened an investigation into Russian spying.", ["ACCUSE/investigate DNK>RUS"]),
    # REJECT
    ("Japan refused to meet North Korea.", ["REJECT/meet JPN>PRK"]),
    ("North Korea cancelled talks with Japan.", ["REJECT/meet PRK>JPN"]),
    ("Serbia refused to release the prisoners.", ["REJECT/yield SRB"]),
    ("Turkey vetoed Finland's bid.", ["REJECT/yield TUR>FIN"]),
    # THREATEN
    ("North Korea threatened to attack Japan.", ["THREATEN/violence PRK>JPN"]),
    ("North Korea threatened Japan.", ["THREATEN PRK>JPN"]),
    ("Japan was threatened by North Korea.", ["THREATEN PRK>JPN"]),
    ("The United States threatened to impose sanctions on Turkey.", ["THREATEN/restrict USA>TUR"]),
    ("Algeria threatened to expel the Moroccan ambassador.", ["THREATEN/expel DZA>MAR"]),
    # PROTEST
    ("Chilean students went on strike.", ["PROTEST/strike CHL"]),
    ("A Palestinian prisoner began a hunger strike.", ["PROTEST/hunger PSE"]),
    # SANCTION
    ("Saudi Arabia cut ties with Qatar.", ["SANCTION/discontinue SAU>QAT"]),
    ("Burundi left the International Criminal Court.", ["SANCTION/withdraw BDI>ICC"]),
    ("Chad recalled its ambassador from Libya.", ["SANCTION/withdraw TCD>LBY"]),
    ("A German court convicted a Syrian officer.", ["SANCTION/convict DEU>SYR"]),
    ("Germany and Poland broke off relations.", ["SANCTION/discontinue DEU POL"]),
    ("Germany withdrew from the agreement with Russia.", ["SANCTION/withdraw DEU>RUS"]),
    ("Germany banned imports from China.", ["SANCTION/discontinue DEU>CHN"]),
    # MOBILIZE
    ("Russia massed troops on the border with Ukraine.", ["MOBILIZE/troops RUS>UKR"]),
    ("North Korea tested a missile.", ["MOBILIZE/weapons PRK"]),
    ("A missile was tested by North Korea.", ["MOBILIZE/weapons PRK"]),
    ("China sent warships towards Taiwan.", ["MOBILIZE/weapons CHN>TWN"]),
    ("Iraq put its police on alert.", ["MOBILIZE/police IRQ"]),
    ("Germany put its army on alert.", ["MOBILIZE/troops DEU"]),
    ("Germany called up reservists.", ["MOBILIZE/troops DEU"]),
    ("Germany sent troops to the border.", ["MOBILIZE/troops DEU"]),
    # COERCE
    ("Germany jailed two Russians.", ["COERCE/arrest DEU>RUS"]),
    ("Germany cut off gas to Poland.", ["COERCE/withhold DEU>POL"]),
    ("Turkey deported a Syrian writer.", ["COERCE/deport TUR>SYR"]),
    ("Iran seized a Greek tanker.", ["COERCE/seize IRN>GRC"]),
    ("Myanmar's army declared martial law.", ["COERCE/martial-law MMR"]),
    ("Belarus blocked websites.", ["COERCE/censor BLR"]),
    ("Russia banned an opposition party.", ["COERCE/restrict RUS"]),
    ("Chinese hackers attacked Indian computers.", ["COERCE/cyber CHN>IND"]),
    # ASSAULT
    ("Russian troops captured two Ukrainian soldiers.", ["ASSAULT/abduct RUS>UKR"]),
    ("Ten Ukrainian soldiers were killed by Russian troops.", ["ASSAULT RUS>UKR"]),
    ("Ukraine sank a Russian ship.", ["ASSAULT/destroy UKR>RUS"]),
    ("Iran launched 100 drones at Israel.", ["ASSAULT/drone IRN>ISR"]),
    ("Iranian police tortured a British prisoner.", ["ASSAULT/torture IRN>GBR"]),
    ("Russian artillery shelled a Ukrainian town.", ["ASSAULT/heavy-weapons RUS>UKR"]),
    ("Israel carried out an air strike on Syria.", ["ASSAULT/aerial ISR>SYR"]),
    ("Nigerian rebels kidnapped two French engineers.", ["ASSAULT/abduct NGA>FRA"]),
    ("Indian soldiers shot a Pakistani farmer.", ["ASSAULT/firearms IND>PAK"]),
    ("Greek police fired tear gas at Turkish protesters.", ["ASSAULT/crowd-control GRC>TUR"]),
    ("Hamas fired rockets at Israel.", ["ASSAULT/heavy-weapons PSE>ISR"]),
    ("Syria used chemical weapons against rebels.", ["ASSAULT/unconventional SYR>rebels"]),
    ("Kenyan police beat Ugandan students.", ["ASSAULT/beat KEN>UGA"]),
    ("Turkey urged the United States to lift sanctions on Iran.", ["REQUEST/yield TUR>USA"]),
    ("Turkey praised China's aid to Kenya.", ["AID CHN>KEN", "SUPPORT TUR>CHN"]),
    ("Germany backed sanctions against Russia.", ["SUPPORT DEU"]),
    ("A Yemeni general was assassinated by Saudi agents.", ["ASSAULT/targeted SAU>YEM"]),
    ("Georgians demonstrated against the government.", ["PROTEST/demo GEO"]),
    ("Three Russian diplomats were expelled from Poland.", ["SANCTION/expel POL>RUS"]),
    ("Ethiopia was accused of lying by Egypt.", ["ACCUSE/allege EGY>ETH"]),
    ("Russia bombed Kharkiv.", ["ASSAULT/aerial RUS>UKR"]),
    ("Russia is going to attack Ukraine.", ["ASSAULT RUS>UKR planned"]),
    ("Turkey no longer criticises Greece.", ["ACCUSE/disapprove TUR>GRC denied"]),
    ("Germany gave no aid to Kenya.", ["AID DEU>KEN denied"]),
    ("French troops withdrew from Mali.", ["RETREAT/withdraw FRA>MLI"]),
    ("French troops did not withdraw from Mali.", ["RETREAT/withdraw FRA>MLI denied"]),
    ("Ukraine accused Russia of attacking Georgia.", ["ACCUSE/allege UKR>RUS", "ASSAULT RUS>GEO @UKR"]),
    ("India invited Nepal's prime minister to Delhi.", ["AGREE IND>NPL"]),
    ("Canada was asked for help by Mexico.", ["REQUEST/assist MEX>CAN"]),
    ("Britain demanded that Iran release the prisoners.", ["REQUEST/yield GBR>IRN"]),
    ("Thousands of Georgians protested against the government.", ["PROTEST/demo GEO"]),
    ("Angry Haitians rioted.", ["PROTEST/riot HTI"]),
    ("Israeli jets bombed Syria.", ["ASSAULT/aerial ISR>SYR"]),
    ("Iranian guards tortured a British prisoner.", ["ASSAULT/torture IRN>GBR"]),
    ("Saudi agents assassinated a Yemeni general.", ["ASSAULT/targeted SAU>YEM"]),
    ("A Russian missile hit a school in Ukraine.", ["ASSAULT/heavy-weapons RUS>UKR"]),
    ("Polish farmers blocked the road.", ["PROTEST/obstruct POL"]),
    ("A Turkish drone struck a village in Syria.", ["ASSAULT/drone TUR>SYR"]),
]  # fmt: skip

SYNTAX = [
    # the same deed in other frames
    ("The minister of Kenya, who had criticised Uganda, resigned.",
     ["ACCUSE/disapprove KEN>UGA", "RETREAT/resign KEN"]),
    ("Having met Xi Jinping, Vladimir Putin criticised Japan.", ["ACCUSE/disapprove RUS>JPN", "CONSULT CHN RUS"]),
    ("Peru wants Chile to release the sailors.", ["REQUEST/yield PER>CHL"]),
    ("Peru told Chile to withdraw its troops.", ["REQUEST/yield PER>CHL"]),
    ("Chile and Peru were accused by Bolivia of spying.", ["ACCUSE/allege BOL>CHL PER"]),
    ("Chile, not Peru, attacked Bolivia.", ["ASSAULT CHL>BOL"]),
    ("Chile helped Peru to attack Bolivia.", ["ASSAULT PER>BOL"]),
    ("Chile attacked Bolivia and was condemned by Peru.", ["ACCUSE/disapprove PER>CHL", "ASSAULT CHL>BOL"]),
    ("Chile, attacked by Bolivia, asked Peru for help.", ["ASSAULT BOL>CHL", "REQUEST/assist CHL>PER"]),
    ("The Chilean attack on Bolivia killed 20 soldiers.", ["ASSAULT CHL>BOL"]),
    ("Peru, Chile's ally, attacked Bolivia.", ["ASSAULT PER>BOL"]),
    ("Peru reportedly attacked Bolivia.", ["ASSAULT PER>BOL hypothetical"]),
    ("There were talks between Peru and Chile.", ["CONSULT CHL PER"]),
    ("A meeting of Peruvian and Chilean ministers took place in Lima.", ["CONSULT CHL PER"]),
    ("Peru blamed Chile for the attack.", ["ACCUSE/disapprove PER>CHL"]),
    ("Did Chile attack Peru?", []),
    ("No country attacked Bolivia.", []),
    ("The attack on Iran was condemned by Turkey.", ["ACCUSE/disapprove TUR"]),
    ("The rebels in Colombia laid down their arms.", ["RETREAT/disarm COL"]),
    ("Syria threatened to annex Lebanon.", ["THREATEN/territory SYR>LBN"]),
    ("Polish farmers blocked the road.", ["PROTEST/obstruct POL"]),
    ("Neither Chile nor Peru attacked Bolivia.", ["ASSAULT CHL PER>BOL denied"]),
    ("Peru hopes that Chile will not attack Bolivia.", ["ASSAULT CHL>BOL hypothetical"]),
    ("It was Chile that attacked Peru.", ["ASSAULT CHL>PER"]),
    ("Australia called on Myanmar to change its policy.", ["REQUEST/change AUS>MMR"]),
    ("The African Union suspended Mali.", ["SANCTION/expel AFU>MLI"]),
    ("Sri Lanka imposed a curfew.", ["COERCE/curfew LKA"]),
]  # fmt: skip

NOTHING = [
    "Brazil beat Argentina 2-1 in the final.",
    "Sweden fought inflation.",
    "Heavy rain struck Pakistan.",
    "Russia is a large country.",
    "China attacked the problem of debt.",
    "The minister shot a film about France.",
    "Norway has many fjords.",
    "The talks of the town reached Paris.",
    "Australia's exports met demand.",
]

# What the codebook demands and the program does not yet do: a row that passes belongs in the tables above.
KNOWN_WRONG: list[tuple[str, list[str]]] = [
    ("Bolivia's demand that Peru free two engineers was ignored.", ["REQUEST/yield BOL>PER"]),  # "free" as an adjective
    ("Chile almost attacked Bolivia.", ["ASSAULT CHL>BOL denied"]),
    ("Chile ordered its army to attack Peru.", ["ASSAULT CHL>PER planned"]),
    ("Peru and Chile have been in talks since Monday.", ["CONSULT CHL PER"]),
    ("Peru signed an agreement to buy tanks from Chile.", ["SUPPORT CHL PER"]),
    ("Chinese troops were not deployed.", ["MOBILIZE/troops CHN denied"]),
    ("Sudan shut down the internet.", ["COERCE/withhold SDN"]),
    ("Peru supported itself by fishing.", []),
]  # fmt: skip


def check(text: str, expected: list[str]) -> None:
    assert events(text) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), VOICE)
def test_voice_and_order_of_parties(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), JOINT)
def test_joint_and_reciprocal_parties(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), STATUS)
def test_status(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), CLAIMED)
def test_deed_or_report_of_a_deed(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), COMPOSED)
def test_what_is_done_with_a_deed(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_types_and_modes(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), SYNTAX)
def test_the_same_deed_in_other_frames(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize("text", NOTHING)
def test_no_event(text: str) -> None:
    check(text, [])


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize(("text", "expected"), KNOWN_WRONG)
def test_known_wrong(text: str, expected: list[str]) -> None:
    check(text, expected)


# Where no frame finds the other side and the learned judge does.
JUDGED = [
    ("Peru blamed the attack on Chile.", ["ACCUSE/disapprove PER>CHL"]),
    ("Sudan allowed UN inspectors into the camp.", ["RETREAT/access SDN>UNO"]),
]


@pytest.mark.parametrize(("text", "expected"), JUDGED)
def test_the_judge_finds_a_party_that_the_patterns_leave_open(text: str, expected: list[str]) -> None:
    check(text, expected)
    assert sorted(map(written, patterns()(text, published=DAY).events)) != expected
    steps = [step for trace in code(text).traces for step in trace.steps]
    assert any(step.startswith("the learned judge (") and "probability 0." in step for step in steps)


def test_a_state_that_a_place_stands_for_keeps_the_words_of_the_place() -> None:
    text = "Russia attacked positions in Kharkiv."
    (event,) = code(text).events
    assert written(event) == "ASSAULT RUS>UKR"
    (recipient,) = event.recipients
    assert (recipient.text, text[slice(*recipient.span)]) == ("Kharkiv", "Kharkiv")
