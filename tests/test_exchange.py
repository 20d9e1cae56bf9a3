"""Exports: columns, codes and quirks of each format, what is left out, and that public readers read them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import conllu
import geojson
import networkx
import pandas
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories as make
from communique.errors import OutputError, QueryError
from communique.exchange import registry
from communique.exchange.export import account, export
from communique.exchange.fields import names
from communique.exchange.formats import Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Coding, DateInterval, Event, Magnitude, Place, Report
from communique.store import Filters, Store

TEXT = "=Cmd said on Friday that envoys met.\n\nRussia met China in Beijing. Ukraine was shelled."
WHEN = DateInterval("2022-02-04", "2022-02-04", "day")
BEIJING = Place("Beijing", "city", "CHN", "Beijing", 1816670, 39.9, 116.4, "Beijing", (0, 3))
OF_R1 = Filters(report="r1")
COLUMNS = {"gdelt1": 58, "gdelt2": 61, "gdelt2-mentions": 16, "icews": 20, "polecat": 40}


def events() -> list[Event]:
    shared = {"date": WHEN, "places": (BEIJING,)}
    meeting = make.event("r1", 1, "RUS CHN", "", **{**shared, "cameo": "042"})
    accused = make.event(
        "r1", 2, "USA", "RUS CHN", **{**shared, "type": "ACCUSE", "quad": 3, "cameo": "112", "mode": "allege"}
    )
    shelled = make.event(
        "r1", 3, "RUS", "UKR",
        **{**shared, "type": "ASSAULT", "mode": "heavy-weapons", "quad": 4, "cameo": "194"},
        magnitude=Magnitude(dead=3),
    )  # fmt: skip
    planned = make.event("r1", 4, "USA", "CHN", **{**shared, "status": "planned"})
    told = make.event("r1", 5, "UKR", "RUS", **{**shared, "attributed_to": (make.actor("RUS"),)})
    romania = make.event("r1", 6, "ROU UNO", "AUKUS", **{**shared, "quad": 1, "cameo": "0311"})
    evidence = replace(meeting.evidence, sentence=((38, 67),), trigger=((45, 48),))
    return [replace(each, evidence=evidence) for each in (meeting, accused, shelled, planned, told, romania)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("exchange") / "store"
    report = Report("r1", TEXT, "=SUM(A1)", "https://news.example.org/a", "Żurnał Ü", "2022-02-05", "en")
    others = (make.statement("r1", 1, "RUS"), make.position("r1", 1, "CHN", "USA", date=WHEN))
    with Store.create(path) as opened:
        opened.writer.add([Coding(report, (*events(), *others), ()), *(make.coding(n) for n in range(5))])
    with Store.open(path) as opened:
        yield opened


def written(store: Store, name: str, path: Path, filters: Filters = OF_R1, **options: object) -> Tally:
    return export(registry.format_of(name), Source(store, filters), Out(path), Options(**options))  # type: ignore[arg-type]


def rows_of(store: Store, name: str, path: Path, **options: object) -> list[dict[str, str]]:
    written(store, name, path, **options)
    encoding = "iso-8859-1" if name in ("icews", "polecat") else "utf-8"
    lines = [line.split("\t") for line in path.read_text(encoding=encoding).splitlines()]
    assert {len(line) for line in lines} == {COLUMNS[name]}
    if name in ("icews", "polecat"):
        assert tuple(lines.pop(0)) == names(name)
    return [dict(zip(names(name), line, strict=True)) for line in lines]


def test_columns_are_as_many_as_the_formats_have() -> None:
    assert {name: len(names(name)) for name in COLUMNS} == COLUMNS
    assert len(names("acled")) == 31
    assert names("gdelt2")[:4] == ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year")
    assert set(names("gdelt2")) - set(names("gdelt1")) == {f"{g}Geo_ADM2Code" for g in ("Actor1", "Actor2", "Action")}


def test_formats_of_installed_packages_come_through_the_same_door() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["communique.formats"] == registry.OWN
    with pytest.raises(QueryError, match="Did you mean 'gdelt2'"):
        registry.format_of("gdeld2")


def test_gdelt_has_cameo_for_actors_fips_for_places_and_zeros_in_front(store: Store, tmp_path: Path) -> None:
    rows = rows_of(store, "gdelt2", tmp_path / "out")
    first = rows[0]
    assert (first["Actor1Code"], first["Actor2Code"], first["EventCode"]) == ("RUSGOV", "CHNGOV", "042")
    assert (first["EventBaseCode"], first["EventRootCode"], first["QuadClass"]) == ("042", "04", "1")
    assert (first["ActionGeo_CountryCode"], first["ActionGeo_FullName"]) == ("CH", "Beijing, Beijing, China")
    assert (first["SQLDATE"], first["FractionDate"], first["DATEADDED"]) == ("20220204", "2022.0932", "20220205000000")
    assert first["IsRootEvent"] == "0" and first["SOURCEURL"] == "https://news.example.org/a"
    romania, united = (row for row in rows if row["EventCode"] == "0311")
    assert (romania["Actor1CountryCode"], united["Actor1Code"]) == ("ROM", "IGOUNOGOV")
    assert (united["Actor1KnownGroupCode"], united["Actor2Name"]) == ("UNO", "AUKUS")
    assert len({row["GLOBALEVENTID"] for row in rows}) == len(rows) == 6
    assert all(row["GLOBALEVENTID"].isdigit() and len(row["GLOBALEVENTID"]) <= 15 for row in rows)
    assert [len(rows_of(store, name, tmp_path / name)) for name in ("gdelt1", "gdelt2-mentions")] == [6, 6]


def test_icews_has_names_of_countries_and_latin_1(store: Store, tmp_path: Path) -> None:
    rows = rows_of(store, "icews", tmp_path / "out")
    assert (rows[0]["Source Country"], rows[0]["Source Name"]) == (
        "Russian Federation",
        "Government (Russian Federation)",
    )
    assert (rows[0]["CAMEO Code"], rows[0]["Event Text"]) == ("042", "Make a visit")
    assert rows[0]["Publisher"] == "?urna? Ü" and rows[0]["Sentence Number"] == "2"


def test_polecat_writes_none_for_what_is_missing(store: Store, tmp_path: Path) -> None:
    first = rows_of(store, "polecat", tmp_path / "out")[0]
    assert (first["Actor Country"], first["Actor COW"], first["Quad Code"]) == ("RUS", "365", "VERBAL COOPERATION")
    assert (first["Contexts"], first["District"]) == ("None", "None")


def test_what_did_not_take_place_does_not_go_out_as_done(store: Store, tmp_path: Path) -> None:
    tally = written(store, "gdelt1", tmp_path / "out")
    assert tally.left == {
        "planned events": 1, "events that somebody else tells of (--attributed lets them through)": 1,
    }  # fmt: skip
    told = " ".join(account(registry.format_of("gdelt1"), Source(store, Filters(report="r1")), tally))
    assert "1 planned events" in told and "1 statement, 1 position" in told and "status and attributed_to" in told
    assert written(store, "gdelt1", tmp_path / "out", attributed=True).rows == 7
    with pytest.raises(QueryError, match="would read as done"):
        written(store, "icews", tmp_path / "out", Filters(status="planned"))


def test_acled_takes_violence_and_names_what_it_leaves(store: Store, tmp_path: Path) -> None:
    tally = written(store, "acled", tmp_path / "out")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out").read_text())))
    assert len(rows) == 1 and tuple(rows[0]) == names("acled")
    assert (rows[0]["sub_event_type"], rows[0]["fatalities"]) == ("Shelling/artillery/missile attack", "3")
    assert (rows[0]["iso"], rows[0]["region"], rows[0]["event_date"]) == ("156", "East Asia", "2022-02-04")
    assert tally.left["events of types that ACLED does not collect"] == 3


def test_plover_lines_have_the_fields_of_the_manual(store: Store, tmp_path: Path) -> None:
    written(store, "plover", tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert set().union(*lines) <= set(names("plover"))
    assert [line["has_event"] for line in lines].count(True) == 6
    shelled = next(line for line in lines if line["event"] == ["ASSAULT"])
    assert shelled["actor"][0]["code"] == "RUS" and shelled["size"] == {"dead": 3} and shelled["quad_code"] == 4


def test_csv_is_safe_for_spreadsheets_and_says_its_kind(store: Store, tmp_path: Path) -> None:
    written(store, "csv", tmp_path / "out", kind="reports")
    row = next(csv.DictReader(io.StringIO((tmp_path / "out").read_text())))
    assert row["title"] == "'=SUM(A1)"
    with pytest.raises(QueryError):
        written(store, "csv", tmp_path / "out", kind="reportz")


def test_public_readers_read_what_is_written(store: Store, tmp_path: Path) -> None:
    for name in ("graphml", "gexf", "geojson", "conll", "sqlite", "parquet", "arrow", "ngec", *COLUMNS, "acled"):
        written(store, name, tmp_path / name, Filters())
    graphs = [networkx.read_graphml(tmp_path / "graphml"), networkx.read_gexf(tmp_path / "gexf")]
    for graph in graphs:
        assert graph["RUS"]["UKR"]["goldstein"] == 1.9 and graph["USA"]["RUS"]["events"] == 1
    places = geojson.loads((tmp_path / "geojson").read_text())
    assert (
        places.is_valid
        and len(places["features"]) == 11
        and places["features"][0]["geometry"]["coordinates"][0] == 116.4
    )
    sentences = conllu.parse((tmp_path / "conll").read_text(), fields=None)
    assert any(token["event"] == "B-CONSULT" for sentence in sentences for token in sentence)
    with sqlite3.connect(tmp_path / "sqlite") as database:
        sql = "SELECT count(*) FROM events JOIN actors ON record = id WHERE code = 'UKR' AND role = 'recipients'"
        assert database.execute(sql).fetchone() == (1,)
    database.close()
    assert pyarrow.parquet.read_table(tmp_path / "parquet").num_rows == 11
    for name, width in COLUMNS.items():
        header, encoding = (0, "iso-8859-1") if name in ("icews", "polecat") else (None, "utf-8")
        frame = pandas.read_csv(tmp_path / name, sep="\t", header=header, encoding=encoding, dtype=str)
        assert frame.shape == (11, width)
    assert pandas.read_csv(tmp_path / "acled")["fatalities"].tolist() == [3]
    assert pandas.read_json(tmp_path / "ngec", lines=True)["attributes"].map(lambda a: len(a["ACTOR"])).max() == 2


def test_brat_offsets_are_those_of_the_text(store: Store, tmp_path: Path) -> None:
    written(store, "brat", tmp_path / "out", Filters())
    text = (tmp_path / "out/r1.txt").read_text()
    bound = [line.split("\t") for line in (tmp_path / "out/r1.ann").read_text().splitlines() if line.startswith("T")]
    assert bound
    for _, where, words in bound:
        pieces = [[int(number) for number in piece.split(" ")] for piece in where.partition(" ")[2].split(";")]
        assert " ".join(text[start:end] for start, end in pieces) == words and "\n" not in words
    with pytest.raises(OutputError, match="there already"):
        written(store, "brat", tmp_path / "out", Filters())
    assert not list(tmp_path.glob(".out*"))


def test_networks_and_folders_need_a_place(store: Store) -> None:
    for name in ("brat", "parquet", "sqlite"):
        with pytest.raises(OutputError, match="-o"):
            export(registry.format_of(name), Source(store), Out(None))


@given(st.lists(make.codings(), max_size=2, unique_by=lambda coding: coding.report.id))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_plover_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, codings: list[Coding]) -> None:
    folder = tmp_path_factory.mktemp("round")
    with Store.create(folder / "one") as one:
        one.writer.add([replace(coding, traces=()) for coding in codings])
        written(one, "plover", folder / "lines.jsonl", Filters())
        kept = {
            c.report.id: c for c in (one.coding(coding.report.id) for coding in codings if one.has(coding.report.id))
        }
    with Store.create(folder / "two") as two:
        read = registry.format_of("plover").read
        assert read is not None
        taken = read(two, folder / "lines.jsonl", 0.5)
        told = {r: c for r, c in kept.items() if c.records}
        assert {report: two.coding(report) for report in told} == told
        assert taken.new == sum(len(coding.records) for coding in told.values()) and taken.aside == 0
        again = read(two, folder / "lines.jsonl", 0.5)
        assert (again.new, again.there) == (0, taken.new)
