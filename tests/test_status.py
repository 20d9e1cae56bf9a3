"""What became of each input, what the store holds, and reading again what failed or was lost."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import coders
import communique.engines.driver
from communique.cli.main import app
from communique.records import Coding, Failure
from communique.settings import Settings
from communique.store import Input, LedgerLine, Store
from communique.store.again import read_again
from communique.store.migrations import FOLDER, read_steps
from communique.store.origins import containers, files_of
from factories import coding

LINES = (
    {"id": "1", "date": "2022-01-02", "source": "Wire", "text": "France condemned Iran on Friday."},
    {"id": "2", "date": "2022-01-03", "source": "Wire", "text": "Germany met Italy in Rome for talks."},
    {"id": "3", "date": "2022-01-03", "language": "fr", "text": "La France a condamné l’Iran vendredi."},
    {"id": "4", "date": "2022-01-03", "source": "Post"},
    {"id": "5", "date": "2022-01-02", "source": "Copy", "text": "France condemned Iran on Friday."},
    "no JSON",
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("COMMUNIQUE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    # Loading takes seconds and is tried elsewhere.
    monkeypatch.setattr(communique.engines.driver, "load_coder", lambda settings: coders.coder())
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def write(path: str, lines: object = LINES) -> None:
    assert isinstance(lines, tuple)
    Path(path).write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), encoding="utf-8")


def ledger(store: str = "store") -> dict[tuple[str, str], tuple[str, str]]:
    with Store.open(store) as opened:
        return {(line.origin, line.source_id): (line.outcome, line.stage) for line in opened.inputs()}


def content(store: str = "store") -> dict[str, Coding]:
    with Store.open(store) as opened:
        return {each.report.id: opened.coding(each.report.id) for each in opened.query("reports")}


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


# What the ledger says


def test_the_ledger_says_of_each_input_what_became_of_it() -> None:
    write("wire.jsonl")
    assert run("read", "wire.jsonl", "none.txt", "--store", "store").exit_code == 1
    assert ledger() == {
        ("wire.jsonl:1", "1"): ("coded", ""),
        ("wire.jsonl:2", "2"): ("coded", ""),
        ("wire.jsonl:3", "3"): ("skipped", "language"),
        ("wire.jsonl:4", "4"): ("failed", "source"),
        ("wire.jsonl:5", "5"): ("duplicate", ""),
        ("wire.jsonl:6", ""): ("failed", "source"),
        ("none.txt", ""): ("failed", "source"),
    }
    with Store.open("store") as store:
        (line,) = store.inputs("skipped")
        assert line.cause == "It is in the language 'fr'; reports are read in 'en'."
        skipped = store.coding(line.report)
        assert (skipped.report.language, skipped.records) == ("fr", ())


def test_a_success_replaces_a_failure_and_no_failure_hides_a_success() -> None:
    write("wire.jsonl", LINES[:1])
    run("read", "wire.jsonl", "a.txt", "--store", "store")
    Path("a.txt").write_text("Germany met Italy in Rome.")
    Path("wire.jsonl").unlink()
    run("read", "wire.jsonl", "a.txt", "--store", "store")
    assert ledger() == {
        ("a.txt", ""): ("coded", ""), ("wire.jsonl:1", "1"): ("coded", ""), ("wire.jsonl", ""): ("failed", "source"),
    }  # fmt: skip
    write("wire.jsonl", LINES[:1])  # the file is read now, so that it could not be is over
    run("read", "wire.jsonl", "--store", "store")
    assert ledger() == {("a.txt", ""): ("coded", ""), ("wire.jsonl:1", "1"): ("coded", "")}


def test_a_file_that_breaks_off_in_one_batch_keeps_its_failure(here: Path) -> None:
    """The lines that were read say that the file could be opened, the failure that the rest was not."""
    with Store.create("store") as store:
        failure = Failure("wire.jsonl", "source", "wire.jsonl cannot be read: Input/output error.")
        inputs = [Input("wire.jsonl:1", "1", "r000001")]
        store.writer.add([coding(1)], [failure], inputs=inputs)
        assert [(line.origin, line.outcome) for line in store.inputs()] == [
            ("wire.jsonl", "failed"), ("wire.jsonl:1", "coded"),
        ]  # fmt: skip
        store.writer.add([], inputs=inputs)
        assert [line.origin for line in store.inputs()] == ["wire.jsonl:1"]


OUTCOMES = st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12)


@settings(deadline=None, max_examples=30)
@given(OUTCOMES)
def test_the_ledger_keeps_the_first_success_and_the_last_failure(
    tmp_path_factory: pytest.TempPathFactory, tries: list[tuple[int, bool]]
) -> None:
    with Store.create(tmp_path_factory.mktemp("any") / "store") as store:
        for number, good in tries:
            inputs = [Input(f"{number}.txt", "", f"r{number:06}")]
            failures = [Failure(f"{number}.txt", "reading", "It is empty.")]
            store.writer.add([coding(number)] if good else [], [] if good else failures, inputs=inputs if good else ())
        found = Counter((line.origin, line.outcome) for line in store.inputs())
    for number in range(3):
        mine = [good for each, good in tries if each == number]
        assert found[f"{number}.txt", "coded"] == any(mine)
        assert found[f"{number}.txt", "failed"] == (bool(mine) and not mine[-1])


def test_an_older_store_is_brought_up_to_date(here: Path) -> None:
    (here / "store" / "parts").mkdir(parents=True)
    with sqlite3.connect("store/catalogue.sqlite") as old:
        (first, *_) = read_steps(FOLDER)
        old.executescript(f"{first.sql} PRAGMA application_id = {0x434D5151}; PRAGMA user_version = 1;")
        old.execute("INSERT INTO inputs VALUES ('a.txt', '', '', 'failed', 'source', 'It is empty.', 3, '2026-01-01')")
    old.close()
    with Store.open("store", write=True) as store:
        assert store.inputs() == [LedgerLine("a.txt", "", "", "failed", "source", "It is empty.", 3, "2026-01-01")]


# status


def test_status_says_what_there_is_and_what_failed() -> None:
    write("wire.jsonl")
    run("read", "wire.jsonl", "--store", "store")
    result = run("status", "--store", "store")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "3 reports from 2022-01-02 to 2022-01-03, 1 outlet"
    assert lines[1] == "2 events, 0 statements, 1 position"
    assert lines[2].startswith("1 part, ")
    assert lines[3] == "No writer is at work."
    assert lines[5].split() == ["inputs", "outcome", "stage", "cause"]
    assert [line.split()[:2] for line in lines[6:8]] == [["2", "coded"], ["1", "duplicate"]]
    assert "wire.jsonl:6" in result.stdout
    assert lines[-1] == "communique retry --store store reads them again."


def test_causes_that_differ_in_the_name_only_are_summed() -> None:
    Path("folder").mkdir()
    for name in "abc":
        Path("folder", f"{name}.txt").write_text(" ")
    Path("folder", "d.txt").write_text("Germany met Italy.")
    run("read", "folder", "--store", "store")
    with Store.open("store") as store:
        failed = [(one.inputs, one.cause) for one in store.sums("failed")]
        assert failed == [(3, "… is empty. Give a file with the text of a report.")]


def test_status_for_programs() -> None:
    write("wire.jsonl")
    run("read", "wire.jsonl", "--store", "store")
    table = rows(run("status", "--store", "store", "--format", "csv", "--outcome", "failed"))
    assert [(row["origin"], row["source_id"], row["stage"]) for row in table] == [
        ("wire.jsonl:4", "4", "source"), ("wire.jsonl:6", "", "source"),
    ]  # fmt: skip
    table = rows(run("status", "--store", "store", "--format", "csv", "--origin", "wire.jsonl:1"))
    assert [row["outcome"] for row in table] == ["coded"]
    first, *inputs = map(json.loads, run("status", "--store", "store", "--format", "jsonl").stdout.splitlines())
    assert first.items() >= {"kind": "store", "since": "2022-01-02", "outlets": 1, "writing": False, "lost": 0}.items()
    assert first["counts"]["reports"] == 3
    assert [line["kind"] for line in inputs] == ["input"] * 6


def test_status_of_nothing_and_of_what_is_unknown() -> None:
    Store.create("store").close()
    result = run("status", "--store", "store", "--check")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 reports\n0 events")
    assert "No input fits." in result.stdout
    result = run("status", "--store", "store", "--outcome", "fail")
    assert (result.exit_code, "Did you mean 'failed'?" in result.stderr) == (1, True)


def test_status_sees_a_writer_and_does_not_stand_in_its_way() -> None:
    with Store.create("store"):
        assert "A writer is at work." in run("status", "--store", "store").stdout
    assert "No writer is at work." in run("status", "--store", "store").stdout
    Store.open("store", write=True).close()


def test_check_names_what_is_lost_and_what_to_do() -> None:
    write("wire.jsonl", LINES[:2])
    run("read", "wire.jsonl", "--store", "store")
    (file,) = Path("store").glob("parts/*/statements.parquet")
    whole = file.read_bytes()
    file.write_bytes(whole[:50] + b"X" + whole[51:])
    (part,) = {file.parent.name}
    result = run("status", "--store", "store", "--check")
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert f"'store/parts/{part}/statements.parquet' of the store is damaged: it is not what was written." in said
    assert "With it 2 reports are lost: " in said
    assert "communique retry --store store reads them again." in said
    lines = map(json.loads, run("status", "--store", "store", "--check", "--format", "jsonl").stdout.splitlines())
    (damage,) = [line for line in lines if line["kind"] == "damage"]
    assert damage["reports"] == sorted(content())


# retry


def test_retry_reads_what_failed_with_what_it_was_told_then(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("wire.jsonl")
    run("read", "wire.jsonl", "none.txt", "--store", "store", "--published", "2022-03-01")
    result = run("retry", "--store", "store")
    assert result.exit_code == 1
    assert result.stdout == "3 inputs tried again: 0 reports read, 0 already there, 3 failed.\n"
    assert "There is no file 'none.txt' now." in result.stderr
    write("wire.jsonl", (*LINES[:3], {"id": "4", "text": "Spain praised Portugal."}, LINES[4], LINES[1]))
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")  # relative paths are those of the folder in which they were given
    result = run("retry", "--store", "../store")
    assert result.stdout == "3 inputs tried again: 1 report read, 1 already there, 1 failed.\n"
    found = ledger("../store")
    assert found["wire.jsonl:4", "4"] == ("coded", "")
    assert found["wire.jsonl:6", "2"] == ("duplicate", "")
    assert [key for key, (outcome, _) in found.items() if outcome == "failed"] == [("none.txt", "")]
    published = {each.report.text: each.report.published for each in content("../store").values()}
    assert published["Spain praised Portugal."] == "2022-03-01"
    with Store.open("../store") as store:
        (line,) = store.inputs("failed")
        assert line.attempts == 3
        assert {line.how for line in store.inputs()} == {json.dumps(
            {"folder": str(here), "published": "2022-03-01"}, separators=(",", ":"))}  # fmt: skip


def test_what_fails_again_keeps_its_words(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger is the same, but for times and numbers of attempts, however often and from where one tries."""
    write("wire.jsonl")
    (here / "empty.txt").touch()
    (here / "void.jsonl").touch()
    run("read", "empty.txt", "void.jsonl", "wire.jsonl", "--store", "store")

    def causes() -> list[tuple[str, str]]:
        with Store.open(here / "store") as store:
            return sorted((line.origin, line.cause) for line in store.inputs("failed"))

    before = causes()
    assert {cause.split(" ")[0] for _, cause in before} >= {"empty.txt", "void.jsonl"}
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    run("retry", "--store", str(here / "store"))
    assert causes() == before


def test_retry_keeps_to_stage_and_origin() -> None:
    write("wire.jsonl")
    write("post.jsonl", LINES[3:4])
    run("read", "wire.jsonl", "post.jsonl", "--store", "store")
    assert run("retry", "--store", "store", "--stage", "reading").stdout == "Nothing to read again.\n"
    assert run("retry", "--store", "store", "--origin", "post").stdout.startswith("1 input tried again")
    assert run("retry", "--store", "store", "--stage", "source").stdout.startswith("3 inputs tried again")


def test_of_a_large_file_only_what_is_asked_for_is_read_and_no_more_than_that_needs() -> None:
    write("wire.jsonl", tuple({"id": str(n), "text": f"Report {n}."} for n in range(1000)))
    lines = [LedgerLine(f"wire.jsonl:{n + 1}", str(n), "", "failed") for n in (3, 500)]
    found = list(read_again(lines, Settings()))
    assert [(item.origin, item.content) for item in found if not isinstance(item, Failure)] == [
        ("wire.jsonl:4", "Report 3."), ("wire.jsonl:501", "Report 500."),
    ]  # fmt: skip
    with Path("wire.jsonl").open("a") as file:
        file.write("\n" * 100_000 + "no JSON, and never reached\n")
    assert list(read_again(lines, Settings())) == found
    gone = [LedgerLine("wire.jsonl:5", "other", "", "failed"), LedgerLine("wire.jsonl:200000", "", "", "failed")]
    assert [(item.source, item.cause) for item in read_again(gone, Settings()) if isinstance(item, Failure)] == [
        ("wire.jsonl:5", "It is no longer in wire.jsonl."), ("wire.jsonl:200000", "It is no longer in wire.jsonl."),
    ]  # fmt: skip


def test_settings_that_a_reading_was_told_hold_when_it_is_done_again() -> None:
    Path("long.txt").write_text("Spain praised Portugal. " * 9)
    with Store.create("store") as store:
        store.writer.told(settings={"max_report_chars": 9}, outlet="The Post", published="")
        store.writer.add([], [Failure("long.txt", "source", "It is too long.")])
        (line,) = store.inputs()
    assert json.loads(line.how) == {
        "folder": str(Path.cwd()), "outlet": "The Post", "settings": {"max_report_chars": 9},
    }  # fmt: skip
    (refused,) = read_again([line], Settings())
    assert isinstance(refused, Failure)
    assert "longer than 9 characters" in refused.cause
    (found,) = read_again([dataclasses.replace(line, how=line.how.replace(":9}", ":999}"))], Settings())
    assert not isinstance(found, Failure)
    assert (found.outlet, found.published) == ("The Post", "")


def test_a_whole_folder_or_file_that_failed_is_read_whole() -> None:
    Path("folder", "in").mkdir(parents=True)
    Path("folder", "in", "a.txt").write_text("Spain praised Portugal.")
    write("folder/b.jsonl", LINES[:2])
    for origin, number in (("folder", 3), ("folder/b.jsonl", 2), ("folder/in", 1)):
        assert len(list(read_again([LedgerLine(origin, "", "", "failed")], Settings()))) == number
    assert [type(x) for x in read_again([LedgerLine("-", "", "", "failed")], Settings())] == [Failure]


@pytest.mark.parametrize(
    ("origin", "files", "holders"),
    [
        ("a.txt", ("a.txt",), ()),
        ("x/wire.jsonl:12", ("x/wire.jsonl:12", "x/wire.jsonl"), ("x/wire.jsonl", "x")),
        ("a.zip!x/b.jsonl:3", ("a.zip!x/b.jsonl:3", "a.zip!x/b.jsonl", "a.zip"), ("a.zip!x/b.jsonl", "a.zip")),
        ("hey!.txt", ("hey!.txt", "hey"), ("hey",)),
        ("https://e.org/a/b", ("https://e.org/a/b",), ()),
        ("s3://e/a.warc.gz:99", ("s3://e/a.warc.gz:99", "s3://e/a.warc.gz"), ("s3://e/a.warc.gz",)),
        ("-", ("-",), ()),
        ("", (), ()),
    ],
)
def test_what_holds_an_origin(origin: str, files: tuple[str, ...], holders: tuple[str, ...]) -> None:
    assert files_of(origin) == files
    assert containers(origin) == holders


# Repair


def undisturbed(*paths: str) -> tuple[dict[str, Coding], dict[tuple[str, str], tuple[str, str]]]:
    run("read", *paths, "--store", "whole", "--published", "2022-03-01")
    return content("whole"), ledger("whole")


def damaged(kind: str, tear: str = "missing") -> Path:
    (file,) = Path("store").glob(f"parts/*/{kind}.parquet")
    if tear == "folder":
        shutil.rmtree(file.parent)
    elif tear == "missing":
        file.unlink()
    else:
        file.write_bytes({"cut": file.read_bytes()[:-9], "blank": bytes(file.stat().st_size)}[tear])
    return file


@pytest.mark.parametrize("tear", ["missing", "cut", "blank", "folder"])
@pytest.mark.parametrize("command", ["retry", "read"])
@pytest.mark.parametrize("kind", ["reports", "traces"])
def test_a_torn_part_is_coded_again(command: str, tear: str, kind: str) -> None:
    write("wire.jsonl")
    Path("a.txt").write_text("Spain praised Portugal on Monday.")
    wanted = undisturbed("wire.jsonl", "a.txt")
    run("read", "wire.jsonl", "a.txt", "--store", "store", "--published", "2022-03-01")
    file = damaged(kind, tear)
    if kind == "reports":
        result = run("show", "reports", "--store", "store", "--format", "csv")
        assert (result.exit_code, len(rows(result))) == (1, 0)
        assert "lacks 4 reports that stood there. `communique retry --store store` reads them again." in result.stderr
    again = ["wire.jsonl", "a.txt", "--published", "2022-03-01"] if command == "read" else []
    run(command, *again, "--store", "store")
    assert (content(), ledger()) == wanted
    assert run("status", "--store", "store", "--check").exit_code == 0
    assert not file.parent.exists(), "what was torn is gone, and nothing else is left"
    assert len(list(Path("store/parts").iterdir())) == 1


def test_until_it_is_repaired_the_ledger_and_each_answer_say_what_is_lost() -> None:
    write("wire.jsonl", LINES[:3])
    run("read", "wire.jsonl", "--store", "store")
    write("more.jsonl", ({"id": "9", "text": "Spain praised Portugal."},))
    damaged("events")
    run("read", "more.jsonl", "--store", "store")  # sets the torn part aside
    assert Counter(ledger().values()) == {("failed", "store"): 3, ("coded", ""): 1}
    result = run("show", "events", "--store", "store", "--format", "csv")
    assert (result.exit_code, len(rows(result))) == (1, 1)
    assert "lacks 3 reports that stood in damaged files of the store 'store'" in result.stderr
    assert run("status", "--store", "store").exit_code == 1
    assert run("retry", "--store", "store", "--stage", "store").exit_code == 0
    assert Counter(ledger().values()) == {("coded", ""): 3, ("skipped", "language"): 1}
    assert run("show", "events", "--store", "store").exit_code == 0


def test_a_lost_report_whose_input_is_gone_comes_from_what_is_left_or_from_a_copy() -> None:
    write("wire.jsonl", LINES[:2])
    write("copy.jsonl", LINES[4:5])
    run("read", "wire.jsonl", "copy.jsonl", "--store", "store")
    whole = content()
    Path("wire.jsonl").unlink()
    damaged("traces")
    assert run("retry", "--store", "store").exit_code == 0
    assert content() == whole, "the text stood in another file of the part, which is whole"
    damaged("reports")
    result = run("retry", "--store", "store")
    assert result.exit_code == 1
    assert result.stdout == "2 inputs tried again: 1 report read, 0 already there, 1 failed.\n"
    assert "wire.jsonl:2 (2): store: The file " in result.stderr
    assert "does not give the report" in result.stderr
    (there,) = content().values()
    assert (there.report.text, there.report.outlet) == ("France condemned Iran on Friday.", "Copy")
    assert ledger()["wire.jsonl:2", "2"] == ("failed", "store")
    write("wire.jsonl", LINES[:2])
    assert run("retry", "--store", "store").exit_code == 0
    assert {each.report.text for each in content().values()} == {each.report.text for each in whole.values()}
    assert run("status", "--store", "store", "--check").exit_code == 0
