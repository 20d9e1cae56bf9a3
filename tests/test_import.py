"""Imports: the quirks of the formats, what is set aside, the same file twice, and exports that come back."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import exchange_files
from communique.cli.main import app
from communique.errors import InputError
from communique.exchange import registry
from communique.exchange.acled import type_of
from communique.exchange.actors import rows_of
from communique.exchange.export import export
from communique.exchange.formats import Options, Taken
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.knowledge import load_knowledge
from communique.records import Actor, Coding, DateInterval, Event, Magnitude, Place, Report
from communique.store import Filters, Store
from communique.store.intake import lanes, reading

ROWS = 400


def take(store: Store, name: str, path: Path) -> Taken:
    read = registry.format_of(name).read
    assert read is not None
    return read(store, path, 0.5)


def exported(store: Store, name: str, path: Path) -> list[str]:
    export(registry.format_of(name), Source(store), Out(path), Options())
    return path.read_text(encoding="iso-8859-1" if name in ("icews", "polecat") else "utf-8").splitlines()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    return {name: exchange_files.write(folder / f"{name}.tab", name, ROWS) for name in exchange_files.MAKERS}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, files: dict[str, Path]) -> Iterator[Store]:
    """A store with a generated file of each of the large formats."""
    with Store.create(tmp_path_factory.mktemp("import") / "store") as opened:
        for name, path in files.items():
            assert take(opened, name, path).new == ROWS
        yield opened


def test_events_are_there_as_ours_are(store: Store) -> None:
    assert store.counts()["events"] == 3 * ROWS
    (first,) = store.query("events", Filters(origin="icews", limit=1))
    assert first.id.startswith("icews:2000") and first.date.start == "2018-01-01" and first.places[0].country
    assert {actor.kind for actor in first.actors} == {"state"} and first.actors[0].sector == "GOV"
    every = list(store.query("events", Filters(origin="icews")))
    assert {event.cameo for event in every} <= set(load_knowledge().codebook.cameo)  # zeros are back in front
    assert {e.actors[0].code for e in store.query("events", Filters(origin="gdelt1"))} >= {"ROU", "CIV", "DEU"}
    assert {place.name for event in every for place in event.places} == {"Kiev", "São Paulo"}


def test_what_polecat_calls_none_is_nothing(store: Store) -> None:
    found = list(store.query("events", Filters(origin="polecat")))
    assert all("'None'" not in repr(event) for event in found)
    assert any(not event.recipients for event in found) and any(event.contexts == () for event in found)
    assert found[0].type and found[0].cameo and found[0].actors[0].office == "minister"


def test_datasets_are_told_apart(store: Store) -> None:
    counts = {
        name: store.count("events", Filters(origin=name)) for name in ("icews", "gdelt1", "polecat", "communique")
    }
    assert counts == {"icews": ROWS, "gdelt1": ROWS, "polecat": ROWS, "communique": 0}
    assert len(store.ties(["RUS", "UKR"], Filters(origin="icews"))) < len(store.ties(["RUS", "UKR"]))


@pytest.mark.parametrize("name", ["icews", "gdelt1", "polecat"])
def test_the_same_file_adds_nothing(store: Store, files: dict[str, Path], name: str) -> None:
    before = store.counts()
    taken = take(store, name, files[name])
    assert (taken.new, taken.there) == (0, ROWS) and store.counts() == before


def test_a_file_that_overlaps_adds_what_is_new(store: Store, files: dict[str, Path], tmp_path: Path) -> None:
    lines = files["icews"].read_text(encoding="latin-1").splitlines()
    more = lines[-1].replace("20000399", "20999999")  # of a story that the store has
    path = tmp_path / "more.tab"
    path.write_text("\n".join([*lines[:1], *lines[-20:], more]) + "\n", encoding="latin-1")
    taken = take(store, "icews", path)
    assert (taken.new, taken.there) == (1, 20)
    assert take(store, "icews", path).new == 0


def test_packed_files_and_back_files_without_addresses(files: dict[str, Path], tmp_path: Path) -> None:
    lines = files["gdelt1"].read_text().splitlines()[:50]
    old = "\n".join(line.rpartition("\t")[0] for line in lines) + "\n"
    with zipfile.ZipFile(tmp_path / "201301.zip", "w") as archive:
        archive.writestr("201301.csv", old)
    with gzip.open(tmp_path / "day.CSV.gz", "wt") as packed:
        packed.write("\n".join(lines) + "\n")
    with Store.create(tmp_path / "store") as store:
        assert take(store, "gdelt1", tmp_path / "201301.zip").new == 50
        assert store.counts()["reports"] == len({line.split("\t")[1] for line in lines})  # one a day
        assert [line.origin for line in store.inputs()] == [f"{tmp_path / '201301.zip'}!201301.csv"]
    with Store.create(tmp_path / "other") as store:
        assert take(store, "gdelt1", tmp_path / "day.CSV.gz").new == 50
        assert {r.report.outlet for r in store.query("reports")} == {f"news{n}.example.org" for n in range(13)}


def test_rows_that_cannot_be_read_are_kept_with_line_and_reason(files: dict[str, Path], tmp_path: Path) -> None:
    lines = files["icews"].read_text(encoding="latin-1").splitlines()[:11]
    cells = [line.split("\t") for line in lines]
    cells[3][1] = "31/12/2018"
    cells[5][6] = "999"
    cells[7] = cells[7][:9]
    cells[9].append("one too many")
    cells[10] += ["", ""]  # stray columns without anything are none
    content = [*map("\t".join, cells[:4]), "", *map("\t".join, cells[4:])]
    path = tmp_path / "odd.tab"
    path.write_text("\n".join(content) + "\n", encoding="latin-1")
    with Store.create(tmp_path / "store") as store:
        taken = take(store, "icews", path)
        assert (taken.rows, taken.new, taken.aside) == (10, 6, 4)
        assert taken.aside_file is not None
        kept = [line.split("\t")[:2] for line in taken.aside_file.read_text().splitlines()[1:]]
        assert [line for line, _ in kept] == ["4", "7", "9", "11"]  # with the empty line counted
        assert [reason.split(":")[0] for _, reason in kept] == [
            "Its date is none", "Its code is none of CAMEO", "It has fewer than 20 columns.",
            "It has more than 20 columns.",
        ]  # fmt: skip
        failed = store.inputs("failed", stage="import")
        assert {line.origin for line in failed} == {f"{path}:{n}" for n in (4, 7, 9, 11)}
        path.write_text("\n".join(map("\t".join, cells[:1] + cells[1:3])) + "\n", encoding="latin-1")
        assert take(store, "icews", path).there == 2
        assert store.inputs("failed") == [] and not taken.aside_file.exists()


def test_repeated_ids_are_kept_apart(files: dict[str, Path], tmp_path: Path) -> None:
    lines = files["icews"].read_text(encoding="latin-1").splitlines()
    path = tmp_path / "twice.tab"
    other = lines[1].split("\t")
    other[6] = "190"
    path.write_text("\n".join([lines[0], lines[1], lines[1], "\t".join(other)]) + "\n", encoding="latin-1")
    with Store.create(tmp_path / "store") as store:
        taken = take(store, "icews", path)
        assert taken.new == 3 and taken.notes == {"rows with the id of an earlier one": 2}
        number = lines[1].split("\t")[0]
        ids = [event.id for event in store.query("events")]
        assert ids == [f"icews:{number}-20180101", f"icews:{number}-20180101-2", f"icews:{number}-20180101-3"]
        assert take(store, "icews", path).new == 0


def test_a_file_of_another_format_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        for name, path in (("icews", files["polecat"]), ("gdelt2", files["gdelt1"]), ("polecat", files["icews"])):
            with pytest.raises(InputError):
                take(store, name, path)
        assert store.counts()["reports"] == 0
        assert not list((tmp_path / "store/parts").iterdir())


def test_nothing_is_left_of_an_import_that_fails(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communique.store.catalogue import Catalogue

    with Store.create(tmp_path / "store") as store:
        with monkeypatch.context() as broken:
            broken.setattr(Catalogue, "commit", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
            with pytest.raises(Exception, match="space"):
                take(store, "gdelt1", files["gdelt1"])
        assert not list((tmp_path / "store/parts").iterdir()) and store.counts()["events"] == 0
        assert take(store, "gdelt1", files["gdelt1"]).new == ROWS


def test_parts_of_imports_merge_with_those_of_reports(store: Store) -> None:
    before = sorted(event.id for event in store.query("events"))
    merged = store.writer.compact()
    assert merged >= 2
    assert sorted(event.id for event in store.query("events")) == before and store.check() == []


def test_the_command_says_what_it_did(files: dict[str, Path], tmp_path: Path) -> None:
    target = str(tmp_path / "store")
    done = CliRunner().invoke(app, ["import", "--format", "icews", str(files["icews"]), "--store", target])
    assert done.exit_code == 0 and "400 rows: 400 records new, 0 already there" in done.output
    shown = CliRunner().invoke(app, ["show", "events", "--store", target, "--origin", "icews", "--limit", "1"])
    assert "icews:20000" in shown.output
    written = CliRunner().invoke(app, ["import", "--format", "csv", str(files["icews"]), "--store", target])
    assert written.exit_code != 0


def rows_by_id(path: Path) -> tuple[list[str], list[str]]:
    """Return all events with the places of their rows, and all reports, of a store."""
    with Store.open(path) as store:
        events = sorted(repr((record, place)) for record, _, place in store.stream_placed("events"))
        assert store.check() == []
        return events, sorted(repr(each) for each in store.query("reports"))


def test_what_a_damaged_file_lost_comes_back(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces are small, so that stories go on from one part to the next, and a part of each is lost in turn."""
    monkeypatch.setattr(reading, "PIECE", 64)
    monkeypatch.setattr(lanes, "_ROWS", 100)
    monkeypatch.chdir(tmp_path)
    for name in files:
        Path(f"{name}.tab").write_bytes(files[name].read_bytes())
    Path("plover").mkdir()
    with Store.create(tmp_path / "first") as store:
        take(store, "icews", files["icews"])
        exported(store, "plover", tmp_path / "plover/all.jsonl")
    for name, file in (("icews", "icews.tab"), ("polecat", "polecat.tab"), ("plover", "plover/all.jsonl")):
        imported = ["import", "--format", name, file, "--store", f"of-{name}", "--confidence", "0.25"]
        assert CliRunner().invoke(app, imported).exit_code == 0
        whole = rows_by_id(tmp_path / f"of-{name}")
        with Store.open(tmp_path / f"of-{name}") as store:
            parts = store._catalogue.live_names()
            ledger = [replace(line, at="", attempts=0) for line in store.inputs()]
        for part in parts[:3]:
            (tmp_path / f"of-{name}/parts/{part}/events.parquet").write_bytes(b"torn")
            (tmp_path / "elsewhere").mkdir(exist_ok=True)
            monkeypatch.chdir(tmp_path / "elsewhere")  # the ledger knows from where it was imported
            said = CliRunner().invoke(app, ["retry", "--store", f"{tmp_path}/of-{name}"])
            monkeypatch.chdir(tmp_path)
            assert said.exit_code == 0 and "1 file imported again" in said.output, said.output
            assert rows_by_id(tmp_path / f"of-{name}") == whole
            with Store.open(tmp_path / f"of-{name}") as store:
                assert [replace(line, at="", attempts=0) for line in store.inputs()] == ledger
                if part == parts[0]:
                    parts = [*parts[1:], *store._catalogue.live_names()[-1:]]


def test_a_file_that_is_gone_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    target, path = tmp_path / "store", tmp_path / "icews.tab"
    path.write_bytes(files["icews"].read_bytes())
    assert CliRunner().invoke(app, ["import", "--format", "icews", str(path), "--store", str(target)]).exit_code == 0
    for part in (target / "parts").iterdir():
        (part / "reports.parquet").unlink()
    path.rename(tmp_path / "moved.tab")
    said = CliRunner().invoke(app, ["retry", "--store", str(target)])
    assert said.exit_code == 1 and "put it there and try again" in said.output
    assert "communique import --format icews" in " ".join(said.output.split())
    moved = CliRunner().invoke(
        app, ["import", "--format", "icews", str(tmp_path / "moved.tab"), "--store", str(target)]
    )
    assert moved.exit_code == 0 and "400 records new" in moved.output
    assert "Nothing to read again." in CliRunner().invoke(app, ["retry", "--store", str(target)]).output


@pytest.mark.parametrize("change", [
    lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw.rstrip(b"\n"), lambda raw: raw.replace(b"\n", b"\n\n"),
    lambda raw: b"\xef\xbb\xbf" + raw.decode("latin-1").encode(), lambda raw: raw.decode("latin-1").encode(),
    gzip.compress,
])  # fmt: skip
@pytest.mark.parametrize("name", ["icews", "polecat"])
def test_a_file_that_was_written_anew_is_the_same(
    files: dict[str, Path], tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    lines = files[name].read_bytes().splitlines(keepends=True)[:9]
    found = []
    for n, raw in enumerate((b"".join(lines), change(b"".join(lines)))):
        path = tmp_path / f"{n}.tab"
        path.write_bytes(raw)
        with Store.create(tmp_path / f"{n}") as store:
            assert take(store, name, path).new == 8
            found.append(sorted(map(repr, store.query("events"))))
    assert found[0] == found[1] and "São Paulo" in found[0][0] + found[0][-1] + "".join(found[0])


def test_files_with_nothing_in_them(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "empty.gz").write_bytes(gzip.compress(b""))
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    (tmp_path / "header").write_bytes(files["icews"].read_bytes().splitlines(keepends=True)[0])
    with Store.create(tmp_path / "store") as store:
        for name in ("empty.gz", "empty.zip"):
            with pytest.raises(InputError, match=name):
                take(store, "icews", tmp_path / name)
        assert take(store, "icews", tmp_path / "header").rows == 0


def test_a_folder_of_daily_files(files: dict[str, Path], tmp_path: Path) -> None:
    lines = files["gdelt1"].read_bytes().splitlines(keepends=True)
    (tmp_path / "days").mkdir()
    for day in range(4):
        (tmp_path / f"days/2018010{day}.export.CSV").write_bytes(b"".join(lines[day * 100 : day * 100 + 100]))
    said = CliRunner().invoke(
        app, ["import", "--format", "gdelt1", str(tmp_path / "days"), "--store", str(tmp_path / "store")]
    )
    assert said.exit_code == 0 and said.output.count("100 rows") == 4
    (tmp_path / "none").mkdir()
    empty = CliRunner().invoke(
        app, ["import", "--format", "gdelt1", str(tmp_path / "none"), "--store", str(tmp_path / "other")]
    )
    assert empty.exit_code != 0 and not (tmp_path / "other").exists()


# What a row of each format can hold: one doer, one other side, a day, a code, a place without commas in its name.
BOOK = load_knowledge().codebook
CODES = sorted(code for code, known in BOOK.cameo.items() if len(code) > 2 and known.type)
# A place called None is not told from one without a name, and then stands for its province.
WORD = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=3, max_size=8).map(str.title)
WORD = WORD.filter("None".__ne__)
SECTOR = st.sampled_from(["", "GOV", "MIL", "COP", "JRN", "REB", "CVL"])
STATE = st.sampled_from(
    [("RUS", "Russia"), ("ROU", "Romania"), ("CIV", "Ivory Coast"), ("XKX", "Kosovo"), ("USA", "United States")]
)
DAY = st.dates().map(lambda day: day.isoformat())


@st.composite
def drawn(draw: st.DrawFn, number: int) -> Event:
    def actor() -> Actor:
        (code, name), sector = draw(STATE), draw(SECTOR)
        return Actor(code, name, "state", sector)

    code, day = draw(st.sampled_from(CODES)), draw(DAY)
    known = BOOK.cameo[code]
    lat, lon = draw(st.floats(-80, 80, width=32)), draw(st.floats(1, 170, width=32))
    place = Place(draw(WORD), "city", draw(STATE)[0], draw(WORD), lat=lat, lon=lon)
    return Event(
        f"e{number}", f"r{number}", known.type, known.mode, known.contexts, BOOK.quad(known.type), code,
        known.goldstein, BOOK.score(known.type, known.mode), (actor(),), (actor(),), date=DateInterval(day, day, "day"),
        places=(place,), confidence=0.5,
    )  # fmt: skip


@st.composite
def stores(draw: st.DrawFn) -> list[Coding]:
    made = [draw(drawn(n)) for n in range(draw(st.integers(1, 6)))]
    return [
        Coding(
            Report(f"r{n}", "", url=f"https://example.org/{n}", outlet=draw(WORD), published=event.date.start), (event,)
        )
        for n, event in enumerate(made)
    ]


def shared(event: Event, name: str) -> dict[str, object]:
    """Return the fields of an event that the format has."""
    kept: dict[str, object] = {
        "day": event.date.start,
        "sides": [[(a.code, a.name, a.sector) for a in side] for side in (event.actors, event.recipients)],
        "place": [(p.name, p.country, p.admin1, p.lat, p.lon) for p in event.places], "type": event.type,
        "mode": event.mode, "quad": event.quad,
    }  # fmt: skip
    if name == "polecat":
        return {**kept, "contexts": event.contexts, "intensity": event.intensity}
    return {**kept, "cameo": event.cameo, "goldstein": event.goldstein}


@pytest.mark.parametrize("name", ["gdelt1", "gdelt2", "icews", "polecat"])
@given(codings=stores())
@settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
def test_what_goes_out_comes_back_in_all_that_the_format_has(
    tmp_path_factory: pytest.TempPathFactory, name: str, codings: list[Coding]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    with Store.create(folder / "one") as one:
        one.writer.add(codings)
        sent = sorted(one.query("events"), key=lambda event: event.report)
        lines = exported(one, name, folder / "first")
    with Store.create(folder / "two") as two:
        taken = take(two, name, folder / "first")
        assert taken.new == len(codings) and taken.aside == 0
        found = list(two.query("events"))
        again = exported(two, name, folder / "second")
    # What is called None cannot be told from what is not there: that is how these formats write it.
    expected, got = ([repr(shared(e, name)).replace("'None'", "''") for e in those] for those in (sent, found))
    assert sorted(got) == sorted(expected)
    if name.startswith("gdelt"):  # IsRootEvent is not kept
        lines, again = (
            ["\t".join([*line.split("\t")[:25], *line.split("\t")[26:]]) for line in those] for those in (lines, again)
        )
    lines, again = ([line.replace("\tNone", "\t") for line in those] for those in (lines, again))
    assert sorted(again) == sorted(lines)


def test_acled_comes_back(tmp_path: Path) -> None:
    place = Place("Kharkiv", "city", "UKR", "Kharkiv", lat=50.0, lon=36.25)
    one = Event(
        "e1", "r1", "ASSAULT", "drone", quad=4, cameo="195", goldstein=-10.0, intensity=-9.5,
        actors=(Actor("RUS", "Russia", "state", "MIL"),), recipients=(Actor("UKR", "Ukraine", "state", "CVL"),),
        date=DateInterval("2023-05-01", "2023-05-01", "day"), places=(place,),
    )  # fmt: skip
    with Store.create(tmp_path / "one") as store:
        store.writer.add([Coding(Report("r1", "", outlet="Wire", published="2023-05-01"), (one,))])
        exported(store, "acled", tmp_path / "acled.csv")
    with Store.create(tmp_path / "two") as store:
        assert take(store, "acled", tmp_path / "acled.csv").new == 1
        (found,) = store.query("events")
    assert (found.type, found.date, found.places) == ("ASSAULT", one.date, (replace(place, kind="city"),))
    assert [(a.code, a.sector) for a in (*found.actors, *found.recipients)] == [("RUS", "MIL"), ("UKR", "CVL")]


ACLED_KINDS = sorted({(row["type"], row["mode"]) for row in rows_of("acled_types")})
ACLED_SECTORS = st.sampled_from(["", "GOV", "MIL", "COP", "CVL"])  # of those that ACLED tells apart


@st.composite
def of_acled(draw: st.DrawFn) -> list[Coding]:
    made = []
    for number in range(draw(st.integers(1, 12))):
        (kind, mode), day = draw(st.sampled_from(ACLED_KINDS)), draw(DAY)
        sides = [(Actor(*draw(STATE), "state", draw(ACLED_SECTORS)),) for _ in range(2)]
        lat, lon = draw(st.floats(-80, 80, width=32)), draw(st.floats(1, 170, width=32))
        place = Place(
            draw(WORD), draw(st.sampled_from(["city", "region"])), draw(STATE)[0], draw(WORD), lat=lat, lon=lon
        )
        told = Magnitude(dead=draw(st.none() | st.integers(1, 5000)), size=draw(st.none() | st.integers(1, 10**6)))
        follows = BOOK.follows(kind, mode)
        event = Event(
            f"e{number}", f"r{number}", kind, mode, quad=BOOK.quad(kind), cameo=str(follows["cameo"]),
            actors=sides[0], recipients=sides[1], date=DateInterval(day, day, "day"), places=(place,), magnitude=told,
        )  # fmt: skip
        made.append(Coding(Report(f"r{number}", "", outlet=draw(WORD), published=day), (event,)))
    return made


@given(codings=of_acled())
@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)  # fmt: skip
def test_what_acled_has_comes_back(tmp_path_factory: pytest.TempPathFactory, codings: list[Coding]) -> None:
    def kept(event: Event) -> tuple[object, ...]:
        (place,) = event.places
        return (
            event.date, type_of(event.type, event.mode), event.magnitude.dead, event.magnitude.size,
            [(who.code, who.name, who.sector) for who in (*event.actors, *event.recipients)],
            (place.name, place.kind, place.country, place.admin1, place.lat, place.lon),
        )  # fmt: skip

    folder = tmp_path_factory.mktemp("acled")
    sent = [event for coding in codings for event in coding.records if isinstance(event, Event)]
    with Store.create(folder / "one") as one:
        one.writer.add(codings)
        lines = exported(one, "acled", folder / "first.csv")
    with Store.create(folder / "two") as two:
        taken = take(two, "acled", folder / "first.csv")
        assert (taken.rows, taken.new, taken.aside) == (len(sent), len(sent), 0)
        assert sorted(repr(kept(each)) for each in two.query("events")) == sorted(repr(kept(each)) for each in sent)
        assert sorted(exported(two, "acled", folder / "second.csv")) == sorted(lines)


def test_plover_of_others_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_text(
        '[{"id": "PHOX-1", "date": "2016-07-24", "source": [{"code": "USA", "sector": "GOV", "actorText": "Kerry"}],'
        ' "target": [{"code": "CAN"}], "event": ["CONSULT"], "mode": ["visit"], "eventText": ["met"]},'
        ' {"id": "PHOX-2", "date": "2016-07-24", "event": ["DEMAND"]}, {"id": "PHOX-3"}]'
    )
    with Store.create(tmp_path / "store") as store:
        taken = take(store, "plover", path)
        assert (taken.rows, taken.new, taken.aside) == (3, 1, 2)
        (event,) = store.query("events", Filters(origin="plover"))
        assert (event.type, event.mode, event.actors[0].code, event.actors[0].text) == (
            "CONSULT",
            "visit",
            "USA",
            "Kerry",
        )
        assert len(store.inputs("failed")) == 2


def test_packed_plover_is_read(tmp_path: Path) -> None:
    sides = '"actor": [{"code": "USA"}], "recipient": [{"code": "CAN"}]'
    line = '{"id": "A-%d", "date": "2016-07-24", ' + sides + ', "event": ["AID"]}\n'
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("one.jsonl", line % 1)
        archive.writestr("other.jsonl", line % 2)
    with gzip.open(tmp_path / "one.jsonl.gz", "wt") as packed:
        packed.write(line % 3)
    with Store.create(tmp_path / "store") as store:
        assert take(store, "plover", tmp_path / "two.zip").new == 2
        assert take(store, "plover", tmp_path / "one.jsonl.gz").new == 1
        assert store.count("events", Filters(actor="CAN", origin="plover")) == 3


def test_pages_and_briefs_are_made_of_what_was_imported(store: Store, tmp_path: Path) -> None:
    from served import serving

    event = next(store.query("events", Filters(origin="icews", limit=1)))
    addresses = ("/", "/actors/RUS", "/map", "/network", "/reports", f"/reports/{event.report}", "/api/v1/events")
    with serving(store.path) as site, site.client() as client:
        answers = {address: client.get(address) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(addresses, 200)
    brief = CliRunner().invoke(app, ["brief", "RUS", "UKR", "--store", str(store.path)])
    assert brief.exit_code == 0 and "icews:" in brief.output


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    import exchange

    assert exchange.main(["--rows", "500", "--turns", "1", "--at-most", "10000", "--formats", "polecat"]) == 0
    assert "| polecat | 500 |" in capsys.readouterr().out
