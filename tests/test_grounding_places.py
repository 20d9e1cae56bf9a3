"""Where: names of places, what they mean in context, and the place of a deed."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import KnowledgeError
from communique.grounding.event_places import event_places
from communique.grounding.places import dateline_place, find_places
from communique.knowledge.gazetteer import FOLDER, Gazetteer, load_gazetteer
from communique.knowledge.gazetteer_table import KINDS, lines_of
from communique.knowledge.tables import read_folders
from communique.language.tree import Sentence
from communique.records import Place
from trees import tree


@cache
def gazetteer() -> Gazetteer:
    return load_gazetteer(read_folders(()))


# Sentence | wanted places: words = country lat lon, separated by ";"; "-" for none. Points to a degree.
NAMES = """
Putin arrived in Beijing. | Beijing = CHN 40 116
The talks took place in Geneva. | Geneva = CHE 46 6
Rebels shelled Aleppo. | Aleppo = SYR 36 37
Rebels control Aleppo province. | Aleppo = SYR 36 37
A car bomb exploded in Mogadishu. | Mogadishu = SOM 2 45
Police arrested three men in Paris. | Paris = FRA 49 2
Police arrested three men in Paris, Texas. | Paris = USA 34 -96; Texas = USA 31 -99
Protesters gathered in Atlanta, Georgia. | Atlanta = USA 34 -84; Georgia = USA 33 -84
He spoke at a rally in Tbilisi, Georgia. | Tbilisi = GEO 42 45; Georgia = GEO 42 43.5
The two met in Tripoli, Libya. | Tripoli = LBY 33 13; Libya = LBY 28 17
The two met in Tripoli, Lebanon. | Tripoli = LBN 34 36; Lebanon = LBN 34 36
The fire broke out in Birmingham, Alabama. | Birmingham = USA 33.5 -87; Alabama = USA 33 -87
The fire broke out in Birmingham. | Birmingham = GBR 52.5 -2
They met in London, Ontario. | London = CAN 43 -81; Ontario = CAN 49 -84.5
They met in London. | London = GBR 51.5 0
Jack London wrote novels. | -
Paris Hilton sang. | -
Nice weather pleased everyone. | -
The ministers met in Nice. | Nice = FRA 44 7
Reading books is fun. | -
He lives in Reading. | Reading = GBR 51.5 -1
Most of the men were tired. | -
President Lincoln abolished slavery. | -
Senator Jackson resigned. | -
The army will march in March. | -
Theresa May spoke about Mobile phones. | -
He attended the Winter Olympic Games. | -
Kyiv Mayor Vitali Klitschko spoke. | Kyiv = UKR 50 30.5
Troops massed near Kharkiv. | Kharkiv = UKR 50 36
Troops massed near Kharkov. | Kharkov = UKR 50 36
Fighting raged in Donbas. | Donbas = UKR 48 38
The fleet left Crimea. | Crimea = UKR 45 34
Ships sailed through the South China Sea. | South China Sea = - 12 114
A tanker was seized in the Strait of Hormuz. | Strait of Hormuz = - 26.5 56
Ships crossed the Taiwan Strait. | Taiwan Strait = - 24.5 119.5
The two clashed in Kashmir. | Kashmir = IND 34 75.5
The rebels hold Tigray. | Tigray = ETH 14 39
Uyghurs are held in Xinjiang. | Xinjiang = CHN 42 85
The forces left Eastern Europe. | Eastern Europe = - 50 30
The war spread across the Middle East. | Middle East = - 33 36
Refugees reached Lampedusa. | Lampedusa = ITA 35.5 12.5
The judges sat in The Hague. | The Hague = NLD 52 4
The judges sat in St. Petersburg. | St. Petersburg = RUS 60 30
Rockets hit Gaza City. | Gaza City = PSE 31.5 34.5
The envoy flew to Washington, D.C. | Washington, D.C. = USA 39 -77
The governor left New York. | New York = USA 41 -74
The leaders met in Ho Chi Minh City. | Ho Chi Minh City = VNM 11 107
The leaders met in Bombay. | Bombay = IND 19 73
The leaders met in Naypyidaw. | Naypyidaw = MMR 20 96
The convoy crossed the Euphrates. | Euphrates = - 34.5 41
Snow fell in the Himalayas. | Himalayas = - 28.5 84
The treaty was signed in Ouagadougou. | Ouagadougou = BFA 12 -1.5
Floods struck Bavaria. | Bavaria = DEU 49 11.5
The court sits in Strasbourg. | Strasbourg = FRA 48.5 8
The base lies near Guantanamo Bay. | Guantanamo Bay = CUB 20 -75
North Korea fired a missile into the Sea of Japan. | North Korea = PRK 40 127; Sea of Japan = - 40 135
The delegation left Brasília for Lisbon. | Brasília = BRA -16 -48; Lisbon = PRT 39 -9
The delegation left Brasilia. | Brasilia = BRA -16 -48
The pact was signed in Addis Ababa. | Addis Ababa = ETH 9 39
Clashes broke out in Kinshasa. | Kinshasa = COD -4 15
The summit is in Sharm el-Sheikh. | Sharm el-Sheikh = EGY 28 34
""".strip().splitlines()


def named(text: str, own: Gazetteer | None = None, **more: object) -> list[Place]:
    """The places that a report of one sentence names, words like "Georgian" left out."""
    found = find_places([tree(text)], own or gazetteer(), **more)  # type: ignore[arg-type]
    return [x.place for x in found if x.form == "name" or x.form == "abbreviation"]


def summary(found: object) -> list[tuple[str, str]]:
    return [(p.text, p.country or "-") for p in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", NAMES)
def test_names(row: str) -> None:
    text, wanted = (part.strip() for part in row.split("|"))
    found = [x.place for x in find_places([tree(text, 5)], gazetteer()) if x.form != "demonym"]
    rows = [] if wanted == "-" else [w.split(" = ") for w in wanted.split(";")]
    assert summary(found) == [(name.strip(), place.split()[0]) for name, place in rows]
    for place, (_, point) in zip(found, rows, strict=True):
        lat, lon = map(float, point.split()[1:])
        assert abs(place.lat - lat) <= 1 and abs(place.lon - lon) <= 1, place
        assert text[place.span[0] - 5 : place.span[1] - 5] == place.text


# Sentence | word of the deed | wanted places of the deed, "-" for none
DEEDS = """
The chancellor on Friday met the king as she arrived in Oslo. | met | Oslo
The chancellor on Friday met the king as she arrived in Oslo. | arrived | Oslo
Russia attacked Ukraine. | attacked | -
France signed the treaty with Germany. | signed | -
The ministers held talks in Geneva. | held | Geneva
The ministers held talks in Geneva. | talks | Geneva
Russian troops marched to Kharkiv. | marched | Kharkiv
Russia gave weapons to Syria. | gave | -
The president visited Kabul. | visited | Kabul
He flew from Moscow to Tehran. | flew | Tehran
Soldiers withdrew from Kherson. | withdrew | Kherson
The ship sank off Crimea. | sank | Crimea
A bomb exploded near Aleppo, Syria. | exploded | Aleppo
Gunmen killed ten people at a market in Kabul. | killed | Kabul
The protest in Minsk was broken up. | protest | Minsk
The two navies drilled in the Sea of Japan. | drilled | Sea of Japan
The ministry said that rebels attacked a base in Idlib. | attacked | Idlib
The ministry said in Moscow that rebels attacked a base. | attacked | -
The ministry said in Moscow that rebels attacked a base. | said | Moscow
Police clashed with crowds in Paris and Lyon. | clashed | Paris; Lyon
The United States criticised China over Taiwan. | criticised | -
""".strip().splitlines()


@pytest.mark.parametrize("row", DEEDS)
def test_places_of_deeds(row: str) -> None:
    text, word, wanted = (part.strip() for part in row.split("|"))
    s = tree(text)
    found = event_places(s, s.words.index(word), named(text))
    assert [p.text for p in found] == ([] if wanted == "-" else wanted.split("; "))


def test_the_dateline_is_the_last_resort() -> None:
    dateline = dateline_place("GENEVA", gazetteer())
    assert dateline is not None and (dateline.name, dateline.country) == ("Geneva", "CHE")
    s = tree("The ministers signed the treaty.")
    assert event_places(s, 2, (), dateline) == (dateline,)
    s = tree("The ministers signed the treaty in Vienna.")
    assert [p.text for p in event_places(s, 2, named("The ministers signed the treaty in Vienna."), dateline)] == [
        "Vienna"
    ]
    assert dateline_place("PARIS, Texas", gazetteer()).country == "USA"  # type: ignore[union-attr]
    assert dateline_place("Somewhere Else", gazetteer()) is None


def test_the_report_settles_what_a_name_means() -> None:
    text = "Protesters gathered in Valencia."
    assert named(text, countries={"ESP"})[0].country == "ESP"
    sentences = [tree(text), tree("The Venezuelan police fired at them near Maracay.")]
    assert find_places(sentences, gazetteer())[0].site.country == "VEN"


def test_words_of_actors_are_left_out() -> None:
    text = "Beijing warned Washington."
    assert named(text, blocked={0: {0, 2}}) == []
    assert [p.text for p in named(text)] == ["Beijing", "Washington"]


def test_users_add_places(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(
        "name,kind,country,lat,lon,aliases\nCamp Ruritanian,facility,DJI,11.54,43.15,Camp Ruritania\n",
        encoding="utf-8",
    )
    own = load_gazetteer(read_folders((tmp_path,)))
    (place,) = named("The drones took off from Camp Ruritania.", own)
    assert (place.name, place.kind, place.country, place.lat) == ("Camp Ruritanian", "facility", "DJI", 11.54)
    assert own.sites("Camp Ruritanian")[0].where.endswith("places.csv:2")


def test_a_gazetteer_goes_through_pickle(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(
        "name,kind,country,lat,lon\nFort Ruritania,facility,DJI,1,2\n", encoding="utf-8"
    )
    own = pickle.loads(pickle.dumps(load_gazetteer(read_folders((tmp_path,)))))
    assert own.sites("Fort Ruritania")[0].country == "DJI" and own.sites("Oslo")[0].country == "NOR"


def test_a_wrong_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,kind,lat,lon\nX,castle,1,2\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"places.csv:2.*kind.*use one of"):
        load_gazetteer(read_folders((tmp_path,)))


def test_the_large_table_is_whole() -> None:
    table = gazetteer().table
    kinds = Counter(KINDS[table.row(n)[7]] for n in range(len(table)))
    assert kinds["country"] > 200 and kinds["region"] > 3_500 and kinds["city"] > 150_000 and kinds["sea"] > 30
    sites = [gazetteer()._site(n) for n in range(0, len(table), 97)]
    assert all(-90 <= s.lat <= 90 and -180 <= s.lon <= 180 and s.name and s.where.startswith("places/") for s in sites)


def test_every_demonym_and_abbreviation_has_its_place() -> None:
    for line in lines_of(FOLDER / "demonyms.tsv"):
        _, _, forms = line.partition("\t")
        assert all(gazetteer().demonym(form) for form in forms.split(";")), line
    assert all(gazetteer().sites(name) for name in gazetteer().abbreviations[1].values())
    assert all(gazetteer().sites(name) for name in gazetteer().area_codes.values())


def test_it_is_opened_only_when_needed() -> None:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from communique.knowledge.gazetteer import load_gazetteer\n"
        "from communique.knowledge.tables import read_folders\n"
        "g = load_gazetteer(read_folders(()))\n"
        "print('table' in g.__dict__); g.sites('Paris'); print('table' in g.__dict__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@given(st.text(alphabet="AaBbPpris ,.-'", max_size=30))
def test_any_name_can_be_looked_up(name: str) -> None:
    best = gazetteer().best(name, {"FRA"})
    assert best is None or best in gazetteer().sites(name)


def test_blank_sentence() -> None:
    s = tree("Yes.")
    assert isinstance(s, Sentence) and find_places([s], gazetteer()) == () == find_places([], gazetteer())
