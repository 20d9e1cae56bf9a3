"""Actor knowledge: which forms mean whom, who held what when, who was a member when, and what a broken file says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import KnowledgeError
from communique.knowledge import load_knowledge
from communique.knowledge.actors import ActorBook, Form
from communique.knowledge.tables import BUILTIN


@pytest.fixture(scope="module")
def book() -> ActorBook:
    return load_knowledge().actors


def meanings(book: ActorBook, text: str) -> tuple[Form, ...]:
    """Return what `text`, taken whole, may mean."""
    return book.forms.named(text)


ENTITIES = [
    ("United States", "USA", "", "name"), ("U.S.", "USA", "", "name"), ("US", "USA", "", "adjective"),
    ("America", "USA", "", "name"), ("Americans", "USA", "", "inhabitant"), ("Washington", "USA", "", "capital"),
    ("White House", "USA", "GOV", "seat"), ("Pentagon", "USA", "MIL", "seat"), ("Capitol Hill", "USA", "LEG", "seat"),
    ("State Department", "USA", "GOV", "seat"), ("CIA", "USA", "SPY", "seat"), ("FBI", "USA", "COP", "seat"),
    ("Britain", "GBR", "", "name"), ("UK", "GBR", "", "name"), ("British", "GBR", "", "adjective"),
    ("Downing Street", "GBR", "GOV", "seat"), ("House of Commons", "GBR", "LEG", "seat"),
    ("Scotland", "GBR", "", "name"), ("Kremlin", "RUS", "GOV", "seat"), ("Moscow", "RUS", "", "capital"),
    ("Russo", "RUS", "", "adjective"), ("State Duma", "RUS", "LEG", "seat"), ("Soviet Union", "SUN", "", "name"),
    ("PRC", "CHN", "", "name"), ("Sino", "CHN", "", "adjective"), ("Xinjiang", "CHN", "", "name"),
    ("People's Liberation Army", "CHN", "MIL", "seat"), ("Uighurs", "CHN", "CVL", "inhabitant"),
    ("Rohingya", "MMR", "CVL", "name"), ("Burma", "MMR", "", "name"), ("Türkiye", "TUR", "", "name"),
    ("Turkiye", "TUR", "", "name"), ("TURKEY", "TUR", "", "name"), ("Côte d'Ivoire", "CIV", "", "name"),
    ("Cote d'Ivoire", "CIV", "", "name"), ("DR Congo", "COD", "", "name"), ("Kyiv", "UKR", "", "capital"),
    ("Kiev", "UKR", "", "capital"), ("Czechia", "CZE", "", "name"), ("Kosovo", "XKX", "", "name"),
    ("Taipei", "TWN", "", "capital"), ("Palestinians", "PSE", "", "inhabitant"), ("Gaza", "PSE", "", "name"),
    ("Transnistria", "MDA", "PRE", "name"), ("Donetsk People's Republic", "UKR", "PRE", "name"),
    ("Greenland", "DNK", "", "name"), ("Puerto Rico", "USA", "", "name"), ("Vatican", "VAT", "REL", "name"),
    ("Bundestag", "DEU", "LEG", "seat"), ("Élysée", "FRA", "GOV", "seat"), ("Elysee", "FRA", "GOV", "seat"),
    ("Knesset", "ISR", "LEG", "seat"), ("Mossad", "ISR", "SPY", "seat"), ("Revolutionary Guards", "IRN", "MIL", "seat"),
    ("Blue House", "KOR", "GOV", "seat"), ("Lok Sabha", "IND", "LEG", "seat"),
    ("UN", "UNO", "", "name"), ("United Nations", "UNO", "", "name"), ("Security Council", "UNO", "", "name"),
    ("World Health Organization", "UNO", "MED", "name"), ("EU", "EUR", "", "adjective"),
    ("European Commission", "EUR", "GOV", "name"), ("European Parliament", "EUR", "LEG", "name"),
    ("Nato", "NATO", "", "name"), ("NATO", "NATO", "", "name"), ("Aukus", "AUKUS", "", "name"),
    ("ASEAN", "ASEAN", "", "name"), ("Shanghai Cooperation Organisation", "SCO", "", "name"),
    ("G-20", "G20", "", "name"),
    ("OPEC+", "OPECPLUS", "BUS", "name"), ("the West", "WEST", "", "name"), ("The West", "WEST", "", "name"),
    ("Western", "WEST", "", "adjective"), ("Central Asian", "CENTRAL_ASIA", "", "adjective"),
    ("Baltic states", "BALTICS", "", "name"), ("Gulf Arab", "GULF", "", "adjective"),
    ("Taliban", "AFG", "REB", "name"), ("ISIL", "ISIS", "REB", "name"), ("Islamic State", "ISIS", "REB", "name"),
    ("al-Qaeda", "ALQ", "REB", "name"), ("Hezbollah", "LBN", "REB", "name"), ("Hamas", "PSE", "REB", "name"),
    ("Houthi", "YEM", "REB", "adjective"), ("PKK", "TUR", "REB", "name"), ("FARC", "COL", "REB", "name"),
    ("Wagner Group", "RUS", "PRM", "name"), ("Huawei", "CHN", "BUS", "name"), ("Boeing", "USA", "BUS", "name"),
    ("Gazprom", "RUS", "BUS", "name"), ("Xinhua", "CHN", "JRN", "name"), ("BBC", "GBR", "JRN", "name"),
    ("Amnesty International", "NGO", "SOC", "name"), ("Law and Justice", "POL", "PTY", "name"),
    ("Chinese Communist Party", "CHN", "PTY", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "sector", "use"), ENTITIES)
def test_a_name_means_its_entity(book: ActorBook, text: str, code: str, sector: str, use: str) -> None:
    found = {(f.entity.code, f.entity.sector, f.use) for f in meanings(book, text) if f.entity}
    assert (code, sector, use) in found


@pytest.mark.parametrize("text", ["turkey", "us", "china", "west", "polish", "who", "quad"])
def test_a_common_word_is_no_name(book: ActorBook, text: str) -> None:
    assert not [f for f in meanings(book, text) if f.entity]


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("president", "president"), ("Prime Minister", "prime-minister"), ("foreign ministers", "foreign-minister"),
        ("ministers of foreign affairs", "foreign-minister"), ("secretary of state", "foreign-minister"),
        ("secretaries of state", "foreign-minister"), ("defense secretary", "defence-minister"),
        ("vice president", "vice-president"), ("vice-president", "vice-president"), ("spokeswoman", "spokesperson"),
        ("secretary general", "secretary-general"), ("supreme leader", "supreme-leader"), ("leaders", "leader"),
        ("national security advisor", "national-security-adviser"), ("top diplomat", "foreign-minister"),
    ],
)  # fmt: skip
def test_a_title_means_its_office(book: ActorBook, text: str, office: str) -> None:
    assert office in {f.office.id for f in meanings(book, text) if f.office}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("soldiers", "MIL"), ("troops", "MIL"), ("police", "COP"), ("rebels", "REB"), ("militants", "REB"),
        ("lawmakers", "LEG"), ("judges", "JUD"), ("protesters", "CVL"), ("refugees", "REF"), ("journalist", "JRN"),
        ("opposition", "OPP"), ("companies", "BUS"), ("hackers", "CRM"), ("gunmen", "UAF"), ("farmers", "AGR"),
        ("Aid Workers", "SOC"), ("imam", "REL"), ("doctors", "MED"), ("students", "EDU"), ("trade unions", "LAB"),
        ("former president", "ELI"), ("intelligence agency", "SPY"), ("militia", "PRM"), ("military personnel", "MIL"),
    ],
)  # fmt: skip
def test_a_role_word_has_its_sector(book: ActorBook, text: str, sector: str) -> None:
    assert sector in {what.sector for f in meanings(book, text) for what in (f.role, f.office) if what}


def test_common_words_are_no_heads_of_their_own(book: ActorBook) -> None:
    roles = {form.role.form: form.role.head for form in meanings(book, "people") if form.role}
    assert roles == {"people": False}


HOLDERS = [
    ("RUS", "president", "2022-02-04", "Vladimir Putin"), ("RUS", "president", "2010-06-01", "Dmitry Medvedev"),
    ("RUS", "foreign-minister", "2022-02-04", "Sergei Lavrov"),
    ("RUS", "prime-minister", "2010-06-01", "Vladimir Putin"),
    ("USA", "president", "2022-02-04", "Joe Biden"), ("USA", "president", "1962-10-22", "John F. Kennedy"),
    ("USA", "president", "2018-06-12", "Donald Trump"), ("USA", "president", "2025-06-12", "Donald Trump"),
    ("USA", "foreign-minister", "2022-01-27", "Antony Blinken"),
    ("USA", "foreign-minister", "1972-02-21", "William Rogers"),
    ("CHN", "president", "2022-02-04", "Xi Jinping"), ("CHN", "foreign-minister", "2022-02-04", "Wang Yi"),
    ("GBR", "prime-minister", "2022-02-04", "Boris Johnson"), ("GBR", "prime-minister", "1956-11-05", "Anthony Eden"),
    ("GBR", "prime-minister", "2026-08-22", "Andy Burnham"), ("DEU", "chancellor", "1970-12-07", "Willy Brandt"),
    ("DEU", "prime-minister", "2015-09-01", "Angela Merkel"), ("FRA", "president", "2003-03-20", "Jacques Chirac"),
    ("IND", "prime-minister", "1971-12-16", "Indira Gandhi"), ("JPN", "prime-minister", "2022-07-08", "Fumio Kishida"),
    ("CAN", "prime-minister", "1970-10-16", "Pierre Trudeau"),
    ("CAN", "prime-minister", "2020-10-16", "Justin Trudeau"),
    ("ISR", "prime-minister", "2022-08-01", "Yair Lapid"), ("ZAF", "president", "1996-05-08", "Nelson Mandela"),
    ("UNO", "secretary-general", "2022-02-04", "António Guterres"),
    ("NATO", "secretary-general", "2022-02-04", "Jens Stoltenberg"),
    ("EUR", "high-representative", "2022-02-04", "Josep Borrell"),
    ("RUS", "leader", "2022-02-04", "Vladimir Putin"),
    ("CHN", "leader", "2022-02-04", "Xi Jinping"), ("IRN", "leader", "2010-02-04", "Ali Khamenei"),
    ("DEU", "leader", "2022-02-04", "Olaf Scholz"), ("GBR", "leader", "1982-04-02", "Margaret Thatcher"),
    ("TUR", "leader", "2008-01-01", "Recep Tayyip Erdoğan"), ("PRK", "leader", "2015-01-01", "Kim Jong-un"),
    ("SUN", "leader", "1962-10-22", "Nikita Khrushchev"), ("NATO", "leader", "2022-02-04", "Jens Stoltenberg"),
    ("KAZ", "leader", "2022-02-04", "Kassym-Jomart Tokayev"), ("CUB", "leader", "1962-10-22", "Fidel Castro"),
    ("UZB", "leader", "2022-06-15", "Shavkat Mirziyoyev"), ("NLD", "leader", "2019-06-15", "Mark Rutte"),
    ("MUS", "leader", "2022-06-15", "Pravind Jugnauth"), ("MUS", "leader", "2025-06-15", "Navin Ramgoolam"),
    ("CMR", "leader", "2024-06-15", "Paul Biya"), ("LBY", "leader", "2005-06-15", "Muammar Gaddafi"),
    ("SYC", "leader", "2026-06-15", "Patrick Herminie"),
    ("MWI", "president", "2013-01-01", "Joyce Banda"), ("MWI", "president", "1980-01-01", "Hastings Banda"),
    ("BRA", "president", "1987-01-01", "José Sarney"), ("KHM", "leader", "1977-01-01", "Pol Pot"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "office", "day", "person"), HOLDERS)
def test_an_office_has_its_holder_of_the_day(book: ActorBook, code: str, office: str, day: str, person: str) -> None:
    holder = book.office_holder(code, office, day)
    assert holder is not None and holder.person == person


def test_nobody_holds_an_unknown_office(book: ActorBook) -> None:
    assert book.office_holder("RUS", "chancellor-of-nothing", "2022-02-04") is None
    assert book.office_holder("XXX", "president", "2022-02-04") is None


@pytest.mark.parametrize(
    ("surname", "day", "person", "standing"),
    [
        ("Putin", "2022-02-04", "Vladimir Putin", "holder"), ("Xi", "2022-02-04", "Xi Jinping", "holder"),
        ("Clinton", "1998-01-01", "Bill Clinton", "holder"), ("Clinton", "2011-01-01", "Hillary Clinton", "holder"),
        ("Bush", "1990-08-02", "George H. W. Bush", "holder"), ("Bush", "2003-03-20", "George W. Bush", "holder"),
        ("Kim", "2018-06-12", "Kim Jong-un", "holder"), ("Medvedev", "2016-01-01", "Dmitry Medvedev", "holder"),
        ("Merkel", "2022-02-04", "Angela Merkel", "former"), ("Orban", "2022-02-04", "Viktor Orbán", "holder"),
        ("Zelenskyy", "2022-02-04", "Volodymyr Zelenskyy", "holder"),
        ("Tedros", "2022-02-03", "Tedros Adhanom Ghebreyesus", "holder"),
    ],
)  # fmt: skip
def test_a_surname_means_who_held_office_then(
    book: ActorBook, surname: str, day: str, person: str, standing: str
) -> None:
    forms = [f for f in meanings(book, surname) if f.use in ("surname", "person")]
    first = [book.holders_of_name(f, day)[0] for f in forms]
    nearest = min(first, key=lambda h: (h.days_from(day), h.person != person))
    assert (nearest.person, nearest.standing(day)) == (person, standing)


@pytest.mark.parametrize(
    "text",
    [
        "Vladimir Putin", "Xi Jinping", "Kim Jong-un", "Kim Jong Un", "Daren Tang", "Yuri Ushakov",
        "António Guterres", "Antonio Guterres", "Maria Zakharova", "Recep Tayyip Erdogan",
    ],
)  # fmt: skip
def test_a_full_name_means_one_person(book: ActorBook, text: str) -> None:
    people = {h.person for f in meanings(book, text) if f.use == "person" for h in f.holders}
    assert len(people) == 1


@pytest.mark.parametrize(
    ("code", "day", "inside", "outside"),
    [
        ("EUR", "2022-02-04", "HRV", "GBR"), ("EUR", "2019-12-31", "GBR", "UKR"), ("NATO", "2022-02-04", "MKD", "FIN"),
        ("NATO", "2023-05-01", "FIN", "SWE"), ("NATO", "1990-01-01", "ESP", "POL"), ("SCO", "2022-02-04", "IND", "IRN"),
        ("BRICS", "2022-02-04", "ZAF", "EGY"), ("AUKUS", "2022-02-04", "AUS", "NZL"),
        ("ASEAN", "1996-01-01", "VNM", "KHM"),
        ("CSTO", "2010-01-01", "UZB", "AZE"), ("OPEC", "2020-01-01", "SAU", "QAT"),
        ("security-council", "2022-02-04", "RUS", "SUN"),
    ],
)  # fmt: skip
def test_members_change_with_the_day(book: ActorBook, code: str, day: str, inside: str, outside: str) -> None:
    entity = book.entity(code)
    assert entity is not None
    assert inside in entity.members_on(day)
    assert outside not in entity.members_on(day)


def test_the_five_central_asian_states(book: ActorBook) -> None:
    entity = book.entity("CENTRAL_ASIA")
    assert entity is not None
    assert entity.members_on("2022-02-04") == ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def test_numbers_of_states(book: ActorBook) -> None:
    assert (book.cow("DEU", "2022-02-04"), book.gw("DEU", "2022-02-04")) == ("255", "260")
    assert book.cow("SUN", "1980-01-01") == "365"
    assert book.cow("SUN", "2000-01-01") == ""
    assert book.gw("NATO", "2022-02-04") == ""


def test_every_member_and_holder_is_of_a_known_entity(book: ActorBook) -> None:
    members = {m.code for e in book.entities for m in e.members}
    holders = {h.code for h in book.holders}
    known = {e.code for e in book.entities}
    assert members - known == set()
    assert holders - known == set()
    offices = {office for e in book.entities for _, office in e.rule}
    assert offices <= set(book.offices)


@given(day=st.dates().map(str))
def test_each_tenure_has_one_standing_a_day(book: ActorBook, day: str) -> None:
    for holder in book.holders[::97]:
        standing = holder.standing(day)
        assert (holder.days_from(day) == 0) == (standing == "holder")


def test_search_finds_codes_names_and_people(book: ActorBook) -> None:
    assert book.search("RUS")[0].code == "RUS"
    assert book.search("lavrov")[0].name == "Sergei Lavrov"
    assert any(row.name == "Central Asia" for row in book.search("central asian"))
    assert book.search("  ") == ()


def test_a_users_folder_adds_and_overrides(tmp_path: Path, shorter: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[[organisation]]\nid = "tea-club"\ncode = "TEA"\nname = "Tea Club"\nmembers = ["GBR", "CHN:2020/2021-06"]\n'
        '[[role]]\nform = "tea taster"\nsector = "LAB"\n'
        '[[person]]\nperson = "Ann Example"\ncode = "TEA"\noffice = "president"\nstart = "2021"\n',
        encoding="utf-8",
    )
    (tmp_path / "groups.csv").write_text("id,code,name,members\n,BALTICS,Baltic states,EST;LVA\n", encoding="utf-8")
    book = load_knowledge([tmp_path]).actors
    club, baltics = book.entity("TEA"), book.entity("BALTICS")
    assert club is not None and club.members_on("2021-06-30") == ("GBR", "CHN")
    assert club.members_on("2021-07-01") == ("GBR",)
    assert baltics is not None and baltics.members_on("2022-01-01") == ("EST", "LVA")
    assert baltics.where == f"{tmp_path.as_posix()}/groups.csv:2"
    holder = book.office_holder("TEA", "leader", "2022-02-04")
    assert holder is not None and holder.person == "Ann Example"
    assert {f.role.sector for f in meanings(book, "tea tasters") if f.role} == {"LAB"}


@pytest.fixture(scope="module")
def without_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("knowledge") / "data"
    return Path(shutil.copytree(BUILTIN, folder, ignore=shutil.ignore_patterns("people", "leaders", "phoenix", "*.xz")))


@pytest.fixture
def few(without_lists: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own knowledge without the long lists of people, which take seconds to read."""
    monkeypatch.setattr("communique.knowledge.tables.BUILTIN", without_lists)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("people.csv", "person,code,office\nAnn Example,USA,presidnt\n",
         ":2: person 'Ann Example': No office 'presidnt'."),
        ("people.csv", "person,code,start\nAnn Example,USA,2022-13\n",
         ":2: person 'Ann Example': '2022-13' is no date."),
        ("people.csv", "person,code,start,end\nAnn,USA,2022,2021\n",
         ":2: person 'Ann': starts on 2022-01-01 after its end"),
        ("roles.csv", "form,sector\nbaker,BAK\n", "roles.csv:2: role 'baker': No sector 'BAK'."),
        ("states.csv", "# mine\ncode,name\n,Nowhere\n", ":3: state 'Nowhere': the field 'code' is missing."),
        ("organisations.csv", "code,name,members\nTEA,Tea Club,gb\n", ":2: organisation 'Tea Club': 'gb' is no code."),
        ("a.toml",
         '[[group]]\ncode = "TEA"\nname = "Tea"\nmember = ["GBR"]\n', "a.toml:1: group 'Tea': No field 'member'."),
        ("a.toml", '[[metonym]]\ncode = "NIX"\nnames = ["Tea House"]\n', "a.toml:1: metonym: No code 'NIX'."),
        ("a.toml", '[[homonym]]\nnames = []\n[[homonym.readings]]\nname = "x"\n', "a.toml:2: homonym: field 'names'"),
        ("a.toml", '[[homonym]]\nnames = ["Tea"]\nreadings = []\n', "a.toml:3: homonym: field 'readings'"),
        ("a.toml", '[[person]]\nperson = " "\ncode = "USA"\n', "a.toml:1: person ' ': the field 'person' is missing."),
        ("people.csv", "person,code\nAnn Example,USA\n  ,USA\n", ":3: person '  ': the field 'person' is missing."),
        ("a.toml", '[[person]]\nperson = 5\ncode = "USA"\n', "a.toml:1: person 5: field 'person' is not text"),
        ("a.toml", '[[person]]\nperson = ["Ann"]\ncode = "USA"\n', "field 'person' is not text"),
        ("a.toml", '[[person]]\nperson = "Ann"\ncode = 5\n', "a.toml:1: person 'Ann': field 'code' is not text"),
        ("a.toml", '[[person]]\nperson = "Ann"\ncode = "USA"\noffice = ["king"]\n', "field 'office' is not text"),
        ("a.toml", '[[person]]\nperson = "Ann"\ncode = "USA"\nsector = ["GOV"]\n', "field 'sector' is not text"),
        ("a.toml", '[[group]]\nname = "Tea"\ncode = 5\n', "a.toml:1: group 'Tea': field 'code' is not text"),
        ("a.toml", '[[group]]\nname = " "\ncode = "TEA"\n', "a.toml:1: group ' ': the field 'name' is missing."),
        ("a.toml", '[[group]]\nname = "Tea"\ncode = "TEA"\nnames = [5]\n', "field 'names' is not text"),
        ("a.toml", '[[role]]\nform = "tea taster"\nsector = 5\n', "a.toml:1: role 'tea taster': field 'sector'"),
        ("a.toml", "state = [1, 2]\n", "a.toml:1: 1 is no state. Write [[state]]"),
        ("given.csv", 'name,gender\n"Foo"bar,m\n', "given.csv:2: ',' expected after '\"'. Write a quote"),
        ("a.toml", '\n[[office]]\nid = "x"\nname = "x"\n', "a.toml:2: office 'x': the field 'forms' is missing."),
    ],
)  # fmt: skip
def test_a_broken_file_names_line_and_remedy(tmp_path: Path, few: None, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_knowledge([tmp_path])
    assert str(error.value).startswith(f"{tmp_path.as_posix()}/{name}")
    assert message in str(error.value)
