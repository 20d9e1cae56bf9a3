"""The store: making and opening one, adding to it, and getting back exactly what went in."""

from __future__ import annotations

import dataclasses
import os
import random
import sqlite3
import subprocess
import sys
import warnings
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.errors import QueryError, StoreError, StoreWarning
from communique.records import Coding, Failure, Report
from communique.store import Filters, Input, Store
from communique.store.migrations import FOLDER, read_steps
from communique.store.rows import to_rows, to_tables
from communique.store.shapes import KINDS
from factories import coding, codings

SRC = Path(__file__).parents[1] / "src"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store"


def contents(path: Path) -> dict[str, Coding]:
    """Return everything in a store, by report."""
    with Store.open(path) as store:
        return {each.report.id: store.coding(each.report.id) for each in store.query("reports")}


def files_below(path: Path) -> set[str]:
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


# Making and opening


def test_a_store_is_a_folder_of_parquet_files_and_a_catalogue(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(1), coding(2)])
    (part,) = (path / "parts").iterdir()
    assert {file.stem for file in part.iterdir()} == set(KINDS)
    assert pq.read_table(part / "events.parquet").num_rows == 2
    assert pq.read_metadata(part / "events.parquet").row_group(0).column(0).compression == "ZSTD"
    with sqlite3.connect(path / "catalogue.sqlite") as catalogue:
        assert catalogue.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert catalogue.execute("PRAGMA application_id").fetchone()[0] != 0
        assert catalogue.execute("PRAGMA user_version").fetchone() == (len(read_steps()),)


def test_an_empty_store_answers_every_question_with_nothing(path: Path) -> None:
    Store.create(path).close()
    with Store.open(path) as store:
        for kind in ("events", "statements", "positions", "reports"):
            assert list(store.query(kind)) == []
            assert store.to_arrow(kind, Filters(actor="RUS")).num_rows == 0
        assert store.counts() == dict.fromkeys(KINDS, 0)
        assert store.inputs() == []
        assert store.check() == []
        assert not store.has("r000001")
        with pytest.raises(QueryError, match=r"No report 'r000001'"):
            store.report("r000001")


def test_the_columns_of_an_empty_answer_are_those_of_a_full_one(path: Path) -> None:
    with Store.create(path) as store:
        empty = {kind: store.to_arrow(kind).column_names for kind in ("events", "statements", "positions", "reports")}
        store.writer.add([coding(1)])
        assert {kind: store.to_arrow(kind).column_names for kind in empty} == empty


def test_open_or_create_makes_a_store_once(path: Path) -> None:
    with Store.open_or_create(path) as store:
        store.writer.add([coding(1)])
    with Store.open_or_create(path) as store:
        assert store.has("r000001")


def test_what_an_interrupted_create_left_is_no_hindrance(path: Path) -> None:
    (path / "parts").mkdir(parents=True)
    (path / "catalogue.sqlite.new").write_bytes(b"SQLite format 3\0 torn")
    (path / "writer.lock").touch()
    with Store.open_or_create(path) as store:
        store.writer.add([coding(1)])
    assert set(contents(path)) == {"r000001"}


def test_a_store_that_lost_its_catalogue_is_said_to_be_one(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(1)])
    for left in path.glob("catalogue.sqlite*"):
        left.unlink()
    for opening in (Store.open, Store.open_or_create):
        with pytest.raises(StoreError, match=r"has lost its catalogue\.sqlite\. Put that back from a backup, or read"):
            opening(path)


@pytest.mark.parametrize("opening", [Store.open, Store.open_or_create, Store.create])
def test_a_folder_of_other_things_is_refused_and_left_alone(path: Path, opening: object) -> None:
    path.mkdir()
    (path / "thesis.txt").write_text("Chapter 1")
    with pytest.raises(StoreError, match=r"is no store: it holds other things.*new or empty one"):
        opening(path)  # type: ignore[operator]
    assert files_below(path) == {"thesis.txt"}


@pytest.mark.parametrize("opening", [Store.open, Store.open_or_create, Store.create])
def test_a_file_is_refused(path: Path, opening: object) -> None:
    path.write_text("text")
    with pytest.raises(StoreError, match=r"is a file, not a folder"):
        opening(path)  # type: ignore[operator]
    assert path.read_text() == "text"


def test_a_store_that_is_not_there_and_one_that_is_there_already(path: Path) -> None:
    with pytest.raises(StoreError, match=r"No store at .* `communique read PATH --store .*` makes one"):
        Store.open(path)
    assert not path.exists()
    Store.create(path).close()
    with pytest.raises(StoreError, match=r"is a store already"):
        Store.create(path)


@pytest.mark.parametrize("content", [b"", b"something else entirely, and long enough to be a header " * 30])
def test_a_catalogue_that_is_not_ours_is_refused(path: Path, content: bytes) -> None:
    (path / "parts").mkdir(parents=True)
    (path / "catalogue.sqlite").write_bytes(content)
    for write in (False, True):
        with pytest.raises(StoreError, match=r"is no store: its catalogue.sqlite is not ours"):
            Store.open(path, write=write)
    assert (path / "catalogue.sqlite").read_bytes() == content


def test_a_store_of_a_newer_version_is_refused(path: Path) -> None:
    Store.create(path).close()
    with sqlite3.connect(path / "catalogue.sqlite") as catalogue:
        catalogue.execute("PRAGMA user_version = 999")
    for write in (False, True):
        with pytest.raises(StoreError, match=r"made by a newer version of communique .*999.*pip install --upgrade"):
            Store.open(path, write=write)


def test_an_older_store_is_brought_up_to_date_by_a_writer(path: Path, tmp_path: Path) -> None:
    from communique.store.catalogue import Catalogue

    with Store.create(path) as store:
        store.writer.add([coding(1)])
    later = tmp_path / "schema"
    later.mkdir()
    for step in FOLDER.glob("*.sql"):
        (later / step.name).write_bytes(step.read_bytes())
    number = len(read_steps()) + 1
    (later / f"{number:04}_notes.sql").write_text("ALTER TABLE parts ADD COLUMN note TEXT NOT NULL DEFAULT 'none';")
    steps = read_steps(later)
    with pytest.raises(StoreError, match=r"made by an older version"):
        Catalogue.open(path, write=False, steps=steps)
    Catalogue.open(path, write=True, steps=steps).close()
    with sqlite3.connect(path / "catalogue.sqlite") as catalogue:
        assert catalogue.execute("PRAGMA user_version").fetchone() == (number,)
        assert catalogue.execute("SELECT note FROM parts").fetchall() == [("none",)]
    Catalogue.open(path, write=False, steps=steps).close()


def test_a_migration_that_fails_changes_nothing(path: Path, tmp_path: Path) -> None:
    from communique.store.catalogue import Catalogue

    Store.create(path).close()
    later = tmp_path / "schema"
    later.mkdir()
    for step in FOLDER.glob("*.sql"):
        (later / step.name).write_bytes(step.read_bytes())
    number = len(read_steps()) + 1
    (later / f"{number:04}_bad.sql").write_text("CREATE TABLE extra (a); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(StoreError, match=r"Cannot open the store .*no such table: nowhere"):
        Catalogue.open(path, write=True, steps=read_steps(later))
    with Store.open(path, write=True) as store:
        store.writer.add([coding(1)])
    with sqlite3.connect(path / "catalogue.sqlite") as catalogue:
        assert catalogue.execute("SELECT name FROM sqlite_master WHERE name = 'extra'").fetchall() == []


def test_migrations_are_numbered_without_a_gap(tmp_path: Path) -> None:
    assert [step.version for step in read_steps()] == list(range(1, len(read_steps()) + 1))
    (tmp_path / "0002_second.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match=r"without a gap"):
        read_steps(tmp_path)


def test_a_store_open_for_reading_does_not_write(path: Path) -> None:
    Store.create(path).close()
    with Store.open(path) as store, pytest.raises(StoreError, match=r"open for reading only"):
        store.writer.add([coding(1)])


def test_opening_and_asking_loads_no_language_pipeline(path: Path) -> None:
    Store.create(path).close()
    program = (
        "import sys\nfrom communique.store import Store\n"
        "with Store.open(sys.argv[1]) as store: assert list(store.query('events')) == []\n"
        "print([name for name in ('spacy', 'thinc') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run([sys.executable, "-c", program, path], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


@pytest.mark.parametrize("name", ["with space", "a=b", "star*[x]?", "Ünïcødé", "per%20cent#1"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Store.create(tmp_path / name / "store") as store:
        store.writer.add([coding(1)])
    assert contents(tmp_path / name / "store") == {"r000001": coding(1)}


def test_a_relative_path_works_after_a_change_of_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.create("store") as store:
        store.writer.add([coding(1)])
    assert contents(tmp_path / "store") == {"r000001": coding(1)}


# Adding


@given(st.lists(codings(), max_size=3, unique_by=lambda each: each.report.id))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, batch: list[Coding]) -> None:
    path = tmp_path_factory.mktemp("any") / "store"
    with Store.create(path) as store:
        store.writer.add(batch)
    assert contents(path) == {each.report.id: each for each in batch}


def test_the_same_report_twice_adds_nothing(path: Path) -> None:
    with Store.create(path) as store:
        assert dataclasses.astuple(store.writer.add([coding(1), coding(2), coding(1)])) == (2, 1, 0)
        before = files_below(path / "parts")
        assert dataclasses.astuple(store.writer.add([coding(2)])) == (0, 1, 0)
        assert files_below(path / "parts") == before
        assert store.counts() == {"reports": 2, "events": 2, "statements": 2, "positions": 2, "traces": 6}
        assert [store.has(f"r{n:06}") for n in (1, 2, 3)] == [True, True, False]


def test_a_report_without_records_is_kept(path: Path) -> None:
    nothing = Coding(Report("r1", "The weather was fine."))
    with Store.create(path) as store:
        store.writer.add([nothing])
        assert store.coding("r1") == nothing


def test_the_same_batch_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with Store.create(tmp_path / name) as store:
            store.writer.add([coding(1), coding(2)])
    one, two = (tmp_path / name / "parts" for name in ("one", "two"))
    assert files_below(one) == files_below(two)
    assert all((one / file).read_bytes() == (two / file).read_bytes() for file in files_below(one))


def test_a_text_that_no_file_can_hold_fails_alone(path: Path) -> None:
    torn = Coding(Report("r9", "half a pair: \ud800"))
    with Store.create(path) as store:
        added = store.writer.add([torn, coding(1)], inputs=[Input("odd.txt", "", "r9")])
        assert dataclasses.astuple(added) == (1, 0, 1)
        assert (store.has("r9"), store.has("r000001")) == (False, True)
        (line,) = store.inputs("failed")
    assert (line.origin, line.stage) == ("odd.txt", "store")
    assert "surrogates" in line.cause


def test_what_a_missing_file_held_is_left_out_and_the_answer_says_so(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(1), coding(2)])
        store.writer.add([coding(3)])
        (part,) = store._catalogue.parts_of(["r000001"])
    file = path / "parts" / part / "events.parquet"
    file.unlink()
    with Store.open(path) as store:
        (fault,) = store.check()
        assert "events.parquet' of the store cannot be read (No such file or directory)" in fault
        assert fault.endswith("With it 2 reports are lost: r000001, r000002.")
        with pytest.warns(StoreWarning, match=r"events\.parquet.* lacks 2 reports that stood there. `communique retry"):
            assert [event.report for event in store.query("events")] == ["r000003"]
        with warnings.catch_warnings():  # a question that does not need the file has its whole answer
            warnings.simplefilter("error")
            assert len(list(store.query("statements"))) == 3


@pytest.mark.parametrize("tear", ["cut", "blank", "blank inside", "noise"])
def test_a_torn_file_gives_no_wrong_answer(path: Path, tear: str) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(n, paragraphs=9) for n in range(8)])
        store.writer.add([coding(9)])
        (part,) = store._catalogue.parts_of(["r000001"])
    file = path / "parts" / part / "events.parquet"
    content = file.read_bytes()
    middle = len(content) // 3
    torn = {
        "cut": content[:-100],
        "blank": bytes(len(content)),
        "noise": content[:4] + random.Random(5).randbytes(middle) + content[4 + middle :],
        "blank inside": content[:4] + bytes(middle) + content[4 + middle :],
    }
    file.write_bytes(torn[tear])
    with Store.open(path) as store, pytest.warns(StoreWarning, match=r"events\.parquet.* lacks 8 reports"):
        assert {event.report for event in store.query("events")} == {"r000009"}


def test_a_damaged_file_is_found_set_aside_and_not_merged(path: Path) -> None:
    with Store.create(path) as store:
        for n in range(3):
            store.writer.add([coding(n)])
        (part,) = store._catalogue.parts_of(["r000001"])
        file = path / "parts" / part / "traces.parquet"
        whole = file.read_bytes()
        file.write_bytes(whole[:100] + b"X" + whole[101:])
        assert [str(file) in fault for fault in store.check()] == [True]
        assert store.writer.compact() == 0
        assert (store.counts()["reports"], store.has("r000001")) == (2, False)
        assert store.writer.compact() == 2
        assert store.counts()["reports"] == 2
        file.write_bytes(whole)  # put back from a backup
        store.writer.set_aside()
        assert (store.counts()["reports"], store.has("r000001"), store.check()) == (3, True, [])


# The ledger


def test_the_ledger_says_what_became_of_each_input(path: Path) -> None:
    failure = Failure("bad.txt", "reading", "it is empty")
    with Store.create(path) as store:
        store.writer.add(
            [coding(1), coding(2)],
            [failure],
            inputs=[Input("a.txt", "", "r000001"), Input("copy.txt", "", "r000001"), Input("b.jsonl", "7", "r000002")],
        )
        lines = {(line.origin, line.source_id): line for line in store.inputs()}
        assert {key: line.outcome for key, line in lines.items()} == {
            ("a.txt", ""): "coded", ("copy.txt", ""): "duplicate", ("b.jsonl", "7"): "coded", ("bad.txt", ""): "failed",
        }  # fmt: skip
        bad = lines["bad.txt", ""]
        assert (bad.stage, bad.cause, bad.attempts) == ("reading", "it is empty", 1)
        assert all(line.at.endswith("Z") for line in lines.values())


def test_reading_the_same_input_again_leaves_its_line(path: Path) -> None:
    again = [Input("a.txt", "", "r000001")]
    with Store.create(path) as store:
        store.writer.add([coding(1)], inputs=again)
        before = store.inputs()
        store.writer.add([], inputs=again)
        store.writer.add([coding(1)], inputs=again)
        assert store.inputs() == before


def test_a_failed_input_can_be_tried_again(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([], [Failure("a.txt", "reading", "it is empty")])
        store.writer.add([], [Failure("a.txt", "reading", "not text")])
        (line,) = store.inputs("failed")
        assert (line.cause, line.attempts) == ("not text", 2)
        store.writer.add([coding(1)], inputs=[Input("a.txt", "", "r000001")])
        (line,) = store.inputs()
        assert (line.outcome, line.report) == ("coded", "r000001")


def test_an_input_of_a_report_that_nobody_has_is_a_mistake_of_the_program(path: Path) -> None:
    with Store.create(path) as store, pytest.raises(ValueError, match=r"neither in the batch nor in the store"):
        store.writer.add([], inputs=[Input("a.txt", "", "r000001")])


# Compaction and sweeping


def test_compaction_changes_no_answer(path: Path) -> None:
    with Store.create(path) as store:
        for number in range(5):
            store.writer.add([coding(number, paragraphs=2)])
        before = [*store.query("events"), *store.query("reports")]
        assert store.writer.compact(at_least=6) == 0
        assert store.writer.compact() == 5
        assert [*store.query("events"), *store.query("reports")] == before
        assert store.coding("r000003") == coding(3, paragraphs=2)
        assert store.check() == []
        assert store.writer.compact() == 0
    assert contents(path) == {f"r{n:06}": coding(n, paragraphs=2) for n in range(5)}


def test_compaction_gives_the_same_file_however_the_batches_were_cut(tmp_path: Path) -> None:
    for name, cuts in {"one": [(0, 1), (1, 6)], "two": [(3, 6), (1, 3), (0, 1)]}.items():
        with Store.create(tmp_path / name) as store:
            for start, end in cuts:
                store.writer.add([coding(n) for n in range(start, end)])
            store.writer.compact(grace=timedelta(seconds=-1))
    assert files_below(tmp_path / "one" / "parts") == files_below(tmp_path / "two" / "parts")


def test_merged_parts_stay_for_readers_and_go_later(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(1)])
        store.writer.add([coding(2)])
        old = files_below(path / "parts")
        store.writer.compact()
        assert old < files_below(path / "parts")
        store.writer.sweep(grace=timedelta(seconds=-1))
        assert not old & files_below(path / "parts")
        assert len(list(store.query("events"))) == 2


def test_compaction_leaves_large_parts_alone(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(n, paragraphs=20) for n in range(20)])
        (large,) = (path / "parts").iterdir()
        for number in (100, 101):
            store.writer.add([coding(number)])
        size = sum(file.stat().st_size for file in large.iterdir())
        assert store.writer.compact(part_bytes=size) == 2
        store.writer.sweep(grace=timedelta(seconds=-1))
        assert large.is_dir()
        assert store.counts()["reports"] == 22


def test_while_reading_goes_on_each_part_is_merged_once(path: Path) -> None:
    with Store.create(path) as store:
        merged = []
        for number in range(12):
            store.writer.add([coding(number)])
            merged.append(store.writer.compact(at_least=3, busy=True))
        assert merged == [0, 0, 3] * 4  # and not three, then four with what they became, then five
        assert store.writer.compact(at_least=1, busy=True) == 4  # those are of one size too, once they are many
        assert store.counts()["reports"] == 12
        assert store.check() == []


def test_what_no_transaction_names_is_swept_and_nothing_else(path: Path) -> None:
    with Store.create(path) as store:
        store.writer.add([coding(1)])
    for name in ("0123456789abcdef", ".new-0123456789abcdef"):
        (path / "parts" / name).mkdir()
        (path / "parts" / name / "events.parquet").write_bytes(b"PAR1 torn")
    (path / "parts" / "notes-of-mine").mkdir()
    assert set(contents(path)) == {"r000001"}
    Store.open(path, write=True).close()
    left = {each.name for each in (path / "parts").iterdir()}
    assert len(left) == 2
    assert "notes-of-mine" in left
    assert contents(path) == {"r000001": coding(1)}


def test_the_files_are_what_the_schemas_say() -> None:
    tables = to_tables([to_rows(coding(1), "r000001")])
    assert tables["events"].column("parties").to_pylist() == [["RUS", "CHN"]]
    assert [tables[kind].column("seq").to_pylist() for kind in ("events", "statements", "positions")] == [[0], [1], [2]]
    (report,) = tables["reports"].to_pylist()
    assert (report["events"], report["statements"], report["positions"]) == (1, 1, 1)
