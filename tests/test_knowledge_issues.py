"""The issue catalogue: which issue a noun phrase names, the hierarchy, search, and users' own issues."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from communique.errors import KnowledgeError
from communique.knowledge.issues import IssueBook, load_issues
from communique.knowledge.tables import read_folders
from trees import tree


@cache
def book() -> IssueBook:
    return load_issues(read_folders(()))


# Phrase | actors spoken of | the issue that comes first ("-": none)
PHRASES = """
the enlargement of NATO | | nato-enlargement
NATO's eastward expansion | | nato-enlargement
further expansion of the alliance to the east | NATO | nato-enlargement
Ukraine's bid to join NATO | | nato-membership-ukraine
Ukrainian membership in NATO | | nato-membership-ukraine
Finland's accession to NATO | | nato-membership-nordic
the open-door policy of the alliance | | nato-enlargement
guarantees for the security of Ukraine | | security-guarantees
legally binding security assurances | | security-guarantees
Moscow's security concerns | | security-guarantees
the indivisibility of security | | european-security
a shield of missile defences in the Pacific | | missile-defence
an American missile-defense system | | missile-defence
the deployment of THAAD | | missile-defence
the New START treaty | | arms-control
the start of the talks | | -
a ban on nuclear weapons | | nuclear-disarmament
a new arms race between the powers | | arms-race
the AUKUS pact | | aukus
the sale of nuclear-powered submarines to Canberra | | aukus
the hegemony of a single power | | hegemony
a Cold War mentality | | hegemony
a multipolar world order | | multipolarity
the rules-based international order | | world-order
interference in its internal affairs | | non-interference
respect for territorial integrity | | non-interference
a permanent seat on the Security Council | | un-security-council-reform
the expansion of the UN Security Council | | un-security-council-reform
the peacekeeping mission | | peacekeeping
arms sales to Taiwan | | taiwan-arms
arms sales to the island | TWN CHN | taiwan-arms
Taiwan as an inalienable province and part of China | | taiwan-status
the one-China principle | | taiwan-status
the status of Taiwan | | taiwan-status
a declaration of independence by the island | TWN CHN | taiwan-independence
Taiwan's independence | | taiwan-independence
Taiwanese separatists | | taiwan-independence
a declaration of independence by the island | XKX SRB | kosovo-status
independence | | -
China's drills around Taiwan | | taiwan-military-pressure
Beijing's claims in the South China Sea | | south-china-sea
freedom of navigation | | south-china-sea
the Senkaku Islands | | east-china-sea
China's violations of human rights | | human-rights-china
its human rights abuses | CHN | human-rights-china
human rights abuses | | human-rights
the crackdown on dissent in Russia | | human-rights-russia
Iran's human rights record | | human-rights-iran
the treatment of Uyghurs | | uyghurs
the detention of Muslims in Xinjiang | | uyghurs
the national security law in Hong Kong | | hong-kong-security-law
autonomy for Hong Kong | | hong-kong
North Korea's nuclear weapons | | north-korea-nuclear
its ballistic missile launches | PRK | north-korea-missiles
the denuclearisation of the peninsula | | denuclearisation-korea
sanctions on North Korea | | sanctions-north-korea
sanctions on Russia | | sanctions-russia
Western sanctions against Moscow | | sanctions-russia
new sanctions | IRN | sanctions-iran
unilateral sanctions | | sanctions
the sanctions | | sanctions
Iran's nuclear programme | | iran-nuclear
the enrichment of uranium by Tehran | | iran-nuclear
the 2015 nuclear deal with Iran | | iran-nuclear-deal
a revival of the nuclear deal | IRN USA | iran-nuclear-deal
the JCPOA | | iran-nuclear-deal
the annexation of Crimea | | crimea
the Donbas | | donbas
the Minsk agreements | | minsk-agreements
Russia's invasion of Ukraine | | ukraine-war
the standoff over Ukraine | | ukraine-conflict
weapons deliveries to Ukraine | | ukraine-arms
military aid for Kyiv | | ukraine-arms
the grain deal | | black-sea-grain
Russian gas | | russian-gas
the Nord Stream 2 pipeline | | russian-gas
a two-state solution | | two-state-solution
recognition of a Palestinian state | | palestinian-statehood
the expansion of settlements in the West Bank | | settlements
Jewish settlements | | settlements
a ceasefire in Gaza | | gaza-ceasefire
the blockade of Gaza | | gaza
normalisation of ties with Israel | | israel-normalisation
the Golan Heights | | golan
Houthi attacks | | yemen-war
the war in Yemen | | yemen-war
the war in Syria | | syria-war
self-determination for Western Sahara | | western-sahara
the Grand Ethiopian Renaissance Dam | | nile-dam
a truce in Tigray | | tigray-war
the coup in Myanmar | | myanmar-coup
India's border with China | | india-china-border
Kashmir | | kashmir
recognition of Kosovo | | kosovo-status
Turkey's accession to the European Union | | eu-enlargement
Serbia's EU membership | | eu-enlargement
Brexit | | brexit
a second referendum on Scottish independence | | scottish-independence
tariffs on steel | | trade-tariffs
the trade deal | | free-trade
export controls on advanced chips | | export-controls
the ban on Huawei | | chinese-technology
state control over the internet | | internet-governance
cyberattacks | | cyber-security
artificial intelligence | | artificial-intelligence
meddling in the American elections | | election-interference
climate change | | climate
cuts in carbon emissions | | emission-cuts
loss and damage | | climate-finance
migrants crossing the Channel | | migration
asylum seekers | | refugees
war crimes in Ukraine | | war-crimes-ukraine
the genocide of the Armenians | | genocide
a diplomatic boycott of the Winter Olympics | | sport-boycott
the politicisation of sport | | politics-in-sport
the embargo against Cuba | | cuba-embargo
sovereignty over the Falklands | | falklands
the death penalty | | death-penalty
the origin of the coronavirus | | pandemic-origin
an increase in oil output | | oil-production
a border between two states | | -
a system of missile defence and its deployment | | missile-defence
the opposition of Moscow and Beijing to the AUKUS pact | | aukus
the weather on Sunday | | -
us | | -
those who came | | -
a tango class | | -
""".strip().splitlines()


@pytest.mark.parametrize("row", PHRASES)
def test_phrases(row: str) -> None:
    phrase, near, wanted = (part.strip() for part in row.split("|"))
    s = tree(phrase)
    found = book().of_phrase(s.words, s.lemmas, near.split())
    assert (found[0].id if found else "-") == wanted, [i.id for i in found]


def test_the_catalogue_is_broad_and_sound() -> None:
    issues = list(book())
    assert len(issues) >= 120
    for issue in issues:
        assert issue.name and issue.support and issue.cues, issue.id
        assert issue.depth == len(book().ancestors(issue.id))
        assert all(len(code) >= 2 and code.upper() == code for code in (*issue.actors, *issue.about)), issue.id
        assert issue.where.startswith("issues/")
    assert len({i.name for i in issues}) == len(issues)
    assert [i.id for i in book().ancestors("uyghurs")] == ["human-rights-china", "human-rights"]


def test_find_gives_the_words_that_name_the_issue() -> None:
    s = tree("Both oppose the enlargement of NATO and back the one-China principle, officials said.")
    found = [(" ".join(s.words[first:last]), issue.id) for first, last, issue in book().find(s.words, s.lemmas)]
    assert found == [("enlargement of NATO", "nato-enlargement"), ("one - China principle", "taiwan-status")]


def test_words_far_apart_in_running_text_name_nothing() -> None:
    s = tree(
        "NATO held a summit in the old town by the river last summer while the council of the city "
        "debated the enlargement of its port."
    )
    assert "nato-enlargement" not in [issue.id for *_, issue in book().find(s.words, s.lemmas)]


def test_search() -> None:
    assert book().search("nato-enlargement")[0].id == "nato-enlargement"
    assert book().search("one-China policy")[0].id == "taiwan-status"
    assert {"taiwan", "taiwan-status", "taiwan-independence"} <= {i.id for i in book().search("taiwan")}
    assert book().search("nato enlargment")[0].id == "nato-enlargement"  # a typing error
    assert book().search("pineapple") == ()
    assert book().get("nothing-such") is None


def test_users_add_and_replace_issues(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[[issue]]\nid = "moon-base"\nname = "Base on the Moon"\nsupport = "The base is built"\ncues = ["moon base"]\n'
        'cues_all = [["@russia", "moon"]]\nparent = "space-cooperation"\n\n'
        '[[issue]]\nid = "kashmir"\nname = "Our Kashmir"\nsupport = "Peace"\ncues = ["kashmir"]\n',
        encoding="utf-8",
    )
    own = load_issues(read_folders((tmp_path,)))
    s = tree("Russian plans for the Moon")
    assert [i.id for i in own.of_phrase(s.words, s.lemmas)] == ["moon-base"]
    assert own.get("kashmir").name == "Our Kashmir"  # type: ignore[union-attr]
    assert len(own) == len(book()) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id = "a-b"\nname = "A"\nsupport = "all"\nparent = "nothing-such"', "no issue 'nothing-such'"),
        ('id = "a-b"\nname = "A"\nsupport = "all"\nparent = "a-b"', "its own ancestor"),
        ('id = "a-b"\nname = "A"\nsupport = "all"\ncues_all = [["@nowhere", "x"]]', "'@nowhere'"),
        ('id = "A B"\nname = "A"\nsupport = "all"', "mine.toml:2: issue 'A B'"),
        ('id = "a-b"\nname = "A"', "'support' is missing"),
        ('id = "a-b"\nname = "A"\nsupport = "all"\ncue = ["x"]', "Did you mean 'cues'"),
    ],
)
def test_wrong_issues_are_refused_with_file_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "mine.toml").write_text(f"[[issue]]\n{text}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"mine\.toml") as error:
        load_issues(read_folders((tmp_path,)))
    assert message in str(error.value)
