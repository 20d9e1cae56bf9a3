"""Every mode of the codebook can come out: some pattern or rule gives it, and a plain sentence does."""

from __future__ import annotations

import pytest

from coders import code, coder

SENTENCES = [
    ("CONSULT/visit", "The French president visited Japan."),
    ("CONSULT/third-party", "Qatar mediated between Israel and Hamas."),
    ("CONSULT/multilateral", "The leaders of France and Japan attended the G7 summit."),
    ("CONSULT/phone", "The French president spoke by phone with the Japanese prime minister."),
    ("RETREAT/withdraw", "Russia withdrew its troops from Georgia."),
    ("RETREAT/release", "Israel released Palestinian prisoners."),
    ("RETREAT/disarm", "Colombian rebels laid down their arms."),
    ("RETREAT/ceasefire", "Armenia and Azerbaijan observed a ceasefire."),
    ("RETREAT/access", "Syria allowed UN inspectors into the country."),
    ("RETREAT/resign", "The Italian prime minister resigned."),
    ("REQUEST/assist", "Ukraine asked Germany for aid."),
    ("REQUEST/change", "Britain urged Iran to change its policy."),
    ("REQUEST/yield", "Britain demanded that Iran release the prisoners."),
    ("REQUEST/meet", "Armenia called for talks with Azerbaijan."),
    ("ACCUSE/disapprove", "Canada criticised China."),
    ("ACCUSE/investigate", "The United Nations investigated Syria."),
    ("ACCUSE/allege", "Egypt accused Ethiopia of lying."),
    ("REJECT/assist", "Hungary refused to help Ukraine."),
    ("REJECT/change", "Iran rejected calls for reform by Britain."),
    ("REJECT/yield", "Israel refused to release Palestinian prisoners."),
    ("REJECT/meet", "Serbia refused to meet Kosovo."),
    ("THREATEN/restrict", "The United States threatened Iran with sanctions."),
    ("THREATEN/arrest", "Russia threatened to arrest Estonian officials."),
    ("THREATEN/relations", "Poland threatened to break off relations with Hungary."),
    ("THREATEN/expel", "Turkey threatened to expel the German ambassador."),
    ("THREATEN/territory", "Azerbaijan threatened to annex Armenian territory."),
    ("THREATEN/violence", "North Korea threatened to attack South Korea."),
    ("PROTEST/demo", "Thousands of Serbs demonstrated in Belgrade."),
    ("PROTEST/riot", "Kenyan youths rioted in Nairobi."),
    ("PROTEST/strike", "French workers went on strike."),
    ("PROTEST/hunger", "Turkish prisoners went on hunger strike."),
    ("PROTEST/boycott", "Iraqi students boycotted Turkish goods."),
    ("PROTEST/obstruct", "Polish farmers blocked the Ukrainian border."),
    ("PROTEST/vandalize", "Armenian protesters defaced the Turkish embassy."),
    ("SANCTION/convict", "A Russian court convicted an American journalist."),
    ("SANCTION/expel", "Poland expelled Russian diplomats."),
    ("SANCTION/withdraw", "Burundi withdrew from the African Union."),
    ("SANCTION/discontinue", "The United States imposed sanctions on Iran."),
    ("MOBILIZE/troops", "Russia massed troops on the Ukrainian border."),
    ("MOBILIZE/weapons", "North Korea tested a ballistic missile."),
    ("MOBILIZE/police", "France deployed riot police in Paris."),
    ("MOBILIZE/militia", "Hezbollah mobilised its fighters."),
    ("COERCE/seize", "Iran seized a British tanker."),
    ("COERCE/restrict", "Myanmar banned the opposition party."),
    ("COERCE/censor", "Turkey censored the newspaper Cumhuriyet."),
    ("COERCE/curfew", "Sri Lanka imposed a curfew."),
    ("COERCE/martial-law", "Ukraine declared martial law."),
    ("COERCE/arrest", "Turkish police arrested a Syrian journalist."),
    ("COERCE/deport", "Germany deported an Afghan man."),
    ("COERCE/withhold", "Russia cut off gas supplies to Poland."),
    ("COERCE/misinformation", "Russia spread disinformation about Ukraine."),
    ("COERCE/cyber", "Russian hackers attacked Estonian websites."),
    ("ASSAULT/abduct", "Boko Haram abducted Nigerian schoolgirls."),
    ("ASSAULT/beat", "Belarusian police beat protesters."),
    ("ASSAULT/torture", "Syria tortured prisoners."),
    ("ASSAULT/sexual", "Eritrean soldiers raped Ethiopian women."),
    ("ASSAULT/targeted", "Israel assassinated a Hamas leader."),
    ("ASSAULT/destroy", "Russia destroyed a Ukrainian bridge."),
    ("ASSAULT/primitive", "A Tunisian man stabbed a French policeman."),
    ("ASSAULT/firearms", "Mexican gunmen shot a policeman."),
    ("ASSAULT/explosives", "Rebels detonated a bomb in Colombia."),
    ("ASSAULT/suicide-attack", "A suicide bomber blew himself up in Kabul, killing Afghan soldiers."),
    ("ASSAULT/aerial", "Turkish warplanes bombed Syria."),
    ("ASSAULT/drone", "An American drone strike hit Yemen."),
    ("ASSAULT/heavy-weapons", "Russia shelled Ukraine."),
    ("ASSAULT/crowd-control", "Kenyan police fired tear gas at protesters."),
    ("ASSAULT/unconventional", "Syria used chemical weapons against rebels."),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "text"), SENTENCES)
def test_a_plain_sentence_gives_the_mode(mode: str, text: str) -> None:
    assert mode in {f"{e.type}/{e.mode}" for e in code(text).events}


def all_modes() -> set[str]:
    return {f"{t.id}/{m}" for t in coder().knowledge.codebook.types.values() for m in t.modes}


def test_every_mode_has_its_sentence() -> None:
    assert all_modes() - {mode for mode, _ in SENTENCES} == set()


def test_every_type_and_mode_is_given_by_a_class_or_a_composition() -> None:
    lexicon = coder().knowledge.lexicon
    given = {f"{x.type}/{x.mode}" for x in (*lexicon.classes.values(), *lexicon.compositions)}
    assert all_modes() - given == set()
    assert set(coder().knowledge.codebook.types) - {x.partition("/")[0] for x in given} == set()
