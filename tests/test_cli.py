"""The commands, run for real: on files, a store and standard input, good and bad."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import communique
from communique.cli.failing import tell
from communique.cli.main import app
from communique.records import from_dict

pytestmark = pytest.mark.usefixtures("settled")
TEXT = """Putin visits Beijing

Russian President Vladimir Putin met Chinese President Xi Jinping in Beijing on Friday. \
“Our friendship has no limits,” Putin said. \
China opposes the expansion of NATO. \
The United States condemned Russia.

Norway’s foreign ministry said on Friday that Norway will send aid to Ukraine.
"""
DAY = "2022-02-05"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "visit.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def coded(report: Path) -> list[dict[str, object]]:
    """What `code --format jsonl` prints of the report."""
    return lines_of(run("code", report, "--published", DAY, "--format", "jsonl", "--title", "A visit"))


@pytest.fixture(scope="module")
def store(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stores") / "store"
    result = run("read", report, "--published", DAY, "--store", path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "1 report read, 0 already there, 0 failed.\n"
    return path


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, catch_exceptions=False)


def lines_of(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout_bytes.decode("utf-8").splitlines()]


def refused(result: Result, code: int = 1) -> str:
    """Return the one line of the complaint; there must be no other output."""
    assert result.exit_code == code
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return str(line)


# code


def test_code_prints_the_report_and_then_its_records(coded: list[dict[str, object]]) -> None:
    first, *records = coded
    assert (first["kind"], first["text"], first["published"], first["title"]) == ("report", TEXT, DAY, "A visit")
    assert {record["kind"] for record in records} == {"event", "statement", "position"}
    assert all(record["report"] == first["id"] for record in records)
    for values in coded:
        assert json.loads(communique.records.to_json(from_dict(values))) == values


def test_code_reads_standard_input_like_a_file(report: Path, coded: list[dict[str, object]]) -> None:
    piped = run("code", "-", "--published", DAY, "--format", "jsonl", "--title", "A visit", stdin=report.read_bytes())
    assert lines_of(piped) == coded


def test_code_shows_a_table_without_colour_when_it_is_no_terminal(report: Path) -> None:
    result = run("code", report, "--published", DAY, "--outlet", "Our Paper")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Putin visits Beijing\nOur Paper · {DAY} · report ")
    assert "\x1b" not in result.stdout
    assert result.stdout.index("\nDeeds") < result.stdout.index("\nWords") < result.stdout.index("\nPositions")
    assert "Russian President Vladimir Putin met Chinese President Xi Jinping in Beijing" in result.stdout


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_code_colours_words_unless_told_not_to(
    report: Path, monkeypatch: pytest.MonkeyPatch, no_color: str, coloured: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", no_color)
    result = run("code", report, "--published", DAY)
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", result.stdout)) is coloured


def test_code_takes_latin_1_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    text = "The Côte d'Ivoire government met the government of Perú in São Tomé on Monday. Señor Muñoz agreed.\n"
    path.write_bytes(text.encode("latin-1"))
    assert lines_of(run("code", path, "--format", "jsonl"))[0]["text"] == text


def test_code_of_a_jsonl_file_gives_each_report_and_goes_on_after_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    good = {"text": "France condemned Iran.", "date": "2020-01-02", "source": "Wire"}
    path.write_text(f"{json.dumps(good)}\nnot json\n{json.dumps({**good, 'text': 'Iran thanked Iraq.', 'date': ''})}\n")
    result = run("code", path, "--published", "2021-03-04", "--format", "jsonl")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    reports = [(r["text"], r["published"], r["outlet"]) for r in found if r["kind"] == "report"]
    assert reports == [("France condemned Iran.", "2020-01-02", "Wire"), ("Iran thanked Iraq.", "2021-03-04", "Wire")]
    assert result.exit_code == 1
    assert f"{path}:2: source: " in result.stderr


def test_code_uses_knowledge_of_the_users_own(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "mine.toml").write_text(
        '[[class]]\nid = "mine.frobnicate"\ntype = "ACCUSE"\nverbs = ["frobnicate"]\n', encoding="utf-8"
    )
    path = tmp_path / "report.txt"
    path.write_text("On Monday France frobnicated Iran.\n")
    plain = lines_of(run("code", path, "--format", "jsonl"))
    ours = lines_of(run("code", path, "--format", "jsonl", "--knowledge", folder))
    assert [r.get("type") for r in plain if r["kind"] == "event"] == []
    assert [r.get("type") for r in ours if r["kind"] == "event"] == ["ACCUSE"]


# bad input

BAD_FILES = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\t\n", "is empty"),
    "binary.txt": (bytes(range(256)) * 40, "not text"),
    "office.txt": (b"PK\x03\x04" + b"\0" * 100, "not plain text"),
    "long.txt": (b"word " * 10_000_000, "longer than 1,000,000 characters"),
    "empty.jsonl": (b"", "is empty"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, words = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    complaint = refused(run("code", path))
    assert complaint.startswith(f"communique: {path}")
    assert words in complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("code", "missing.txt"), "There is no file 'missing.txt'. Check the path."),
        (("code", "-"), "Standard input is empty"),
        (("code", "x", "--published", "2022-02-31"), "'2022-02-31' is no date. Write it as YYYY-MM-DD."),
        (("code", "x", "--published", "04/02/2022"), "'04/02/2022' is no date"),
        (("knowledge", "actors", "Beijing", "--on", "tomorrow"), "'tomorrow' is no date"),
        (("knowledge", "actors", "Beijing", "--knowledge", "nowhere"), "No knowledge folder 'nowhere'"),
        (("knowledge", "actors", "qqqq"), "Nothing is known under 'qqqq'"),
        (("knowledge", "issues", "qqqq"), "Nothing is known under 'qqqq'"),
        (("knowledge", "codebook", "qqqq"), "Nothing is known under 'qqqq'"),
        (("show", "events", "--store", "nowhere"), "No store at 'nowhere'"),
        (("explain", "e1", "--store", "nowhere"), "No store at 'nowhere'"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in refused(run(*arguments))


def test_a_complaint_shows_control_characters_and_obeys_none(capsys: pytest.CaptureFixture[str]) -> None:
    tell("There is no \x1b[31m\nred\u202e file.")
    assert capsys.readouterr().err == "communique: There is no ␛[31m red\ufffd file.\n"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("COMMUNIQUE_MAX_REPORT_CHARS", "many", "COMMUNIQUE_MAX_REPORT_CHARS is 'many'"),
     ("COMMUNIQUE_PIPELINES", "{", "pipelines")],
)  # fmt: skip
def test_a_setting_that_is_none(
    name: str, value: str, words: str, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert words in refused(run("code", report))


@pytest.mark.parametrize(
    "arguments",
    [("code",), ("code", "a", "--format", "xml"), ("show", "ghosts", "--store", "s"), ("read", "a"), ("nothing",),
     ("explain", "e1"), ("explain", "e1", "--store", "a", "--file", "b"),
     ("show", "events", "--store", "s", "--limit", "0")],
)  # fmt: skip
def test_a_command_line_that_makes_no_sense(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


# read


def test_reading_again_adds_nothing(store: Path, report: Path) -> None:
    before = run("show", "events", "--store", store, "--format", "jsonl").stdout
    result = run("read", report, report, "--published", DAY, "--store", store)
    assert (result.exit_code, result.stdout) == (0, "0 reports read, 2 already there, 0 failed.\n")
    assert run("show", "events", "--store", store, "--format", "jsonl").stdout == before


def test_reading_goes_on_after_failures_and_lists_them(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"")
    (folder / "b.txt").write_text("France condemned Iran.")
    (folder / "c.jsonl").write_text(
        '{"id": "c1", "text": "Iran thanked Iraq."}\n{"id": "c2", "text": " "}\n{"id": 3}\n'
    )
    result = run("read", folder, tmp_path / "none.txt", "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert result.stdout == "2 reports read, 0 already there, 4 failed.\n"
    assert sorted(line.split(": ")[1] for line in result.stderr.splitlines()) == sorted(
        [
            str(folder / "a.txt"),
            f"{folder / 'c.jsonl'}:2 (c2)",
            f"{folder / 'c.jsonl'}:3 (3)",
            str(tmp_path / "none.txt"),
        ]
    )


def test_reading_nothing_makes_no_store(tmp_path: Path) -> None:
    result = run("read", tmp_path / "none.txt", "--store", tmp_path / "store")
    assert (result.exit_code, result.stdout) == (1, "0 reports read, 0 already there, 1 failed.\n")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("command", [("show", "events"), ("explain", "e1"), ("read", "{report}")])
def test_a_folder_that_is_no_store_stays_as_it_is(command: tuple[str, ...], report: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")
    arguments = [part.format(report=report) for part in command]
    assert "is no store" in refused(run(*arguments, "--store", tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert "is a file, not a folder" in refused(run(*arguments, "--store", tmp_path / "letter.txt"))


@pytest.mark.parametrize("command", [("show", "events"), ("explain", "e1"), ("read", "{report}")])
def test_a_store_of_a_newer_version_is_refused(command: tuple[str, ...], report: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("France condemned Iran.")
    store = tmp_path / "store"
    assert run("read", tmp_path / "in.txt", "--store", store).exit_code == 0
    connection = sqlite3.connect(store / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    arguments = [part.format(report=report) for part in command]
    assert "newer version" in refused(run(*arguments, "--store", store))


# show


def test_show_gives_back_what_was_coded(store: Path, coded: list[dict[str, object]]) -> None:
    shown = []
    for kind in ("events", "statements", "positions"):
        shown += lines_of(run("show", kind, "--store", store, "--format", "jsonl"))
    assert {str(r["id"]): r for r in shown} == {str(r["id"]): r for r in coded[1:]}
    (report,) = lines_of(run("show", "reports", "--store", store, "--format", "jsonl"))
    assert (report["kind"], report["text"]) == ("report", TEXT)


@pytest.mark.parametrize(
    ("kind", "filters", "found"),
    [
        ("events", ("--dyad", "RUS", "CHN", "--type", "consult"), True),
        ("events", ("--dyad", "NOR", "CHN"), False),
        ("events", ("--actor", "nor", "--status", "planned"), True),
        ("events", ("--since", "2022-02", "--until", "2022"), True),
        ("events", ("--until", "2021"), False),
        ("positions", ("--stance", "oppose", "--actor", "CHN"), True),
        ("statements", ("--actor", "RUS"), True),
        ("statements", ("--actor", "JPN"), False),
        ("reports", ("--actor", "NOR"), True),
    ],
)
def test_show_filters(store: Path, kind: str, filters: tuple[str, ...], found: bool) -> None:
    assert bool(lines_of(run("show", kind, "--store", store, "--format", "jsonl", *filters))) is found


def test_show_as_a_table_and_as_csv(store: Path) -> None:
    table = run("show", "events", "--store", store, "--dyad", "RUS", "CHN", "--type", "CONSULT")
    assert (table.exit_code, table.stderr) == (0, "")
    assert "Russian President Vladimir Putin met Chinese President Xi Jinping" in table.stdout
    assert f"— {DAY} · Putin visits Beijing" in table.stdout
    rows = list(csv.DictReader(io.StringIO(run("show", "events", "--store", store, "--format", "csv").stdout)))
    assert len(rows) > 1
    assert all(row["sentence"] in " ".join(TEXT.split()) and row["sentence"].endswith((".", "”")) for row in rows)
    reports = run("show", "reports", "--store", store)
    assert "Putin visits Beijing" in reports.stdout
    assert run("show", "events", "--store", store, "--actor", "JPN").stdout == "No events fit.\n"


def test_show_takes_the_beginning_of_a_reports_id_and_a_limit(store: Path, coded: list[dict[str, object]]) -> None:
    start = str(coded[0]["id"])[:6]
    events = lines_of(run("show", "events", "--store", store, "--report", start, "--format", "jsonl"))
    assert len(events) > 1
    assert lines_of(run("show", "events", "--store", store, "--limit", 1, "--format", "jsonl")) == events[:1]
    assert "The first 1 are" not in run("show", "events", "--store", store, "--limit", 1).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("events", "--actor", "RUSS"), "Did you mean 'RUS'?"),
        (("events", "--actor", "russia"), "Did you mean 'RUS' (Russia)?"),
        (("events", "--dyad", "RUS", "CHNN"), "No actor 'CHNN'"),
        (("events", "--type", "CONSUL"), "Did you mean 'CONSULT'?"),
        (("positions", "--stance", "suport"), "Did you mean 'support'?"),
        (("events", "--status", "planed"), "Did you mean 'planned'?"),
        (("positions", "--issue", "nato-enlargment"), "Did you mean 'nato-enlargement'?"),
        (("events", "--since", "2022-13"), "'2022-13' is no date"),
        (("events", "--report", "zz"), "No report has an id that begins with 'zz'"),
        (("statements", "--type", "CONSULT"), "Statements have no type"),
    ],
)
def test_show_says_what_does_not_exist(store: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(run("show", *arguments, "--store", store))


# explain


def test_explain_from_store_and_from_file_say_the_same(
    store: Path, report: Path, coded: list[dict[str, object]]
) -> None:
    event = next(record for record in coded if record["kind"] == "event")
    start = str(event["id"])[:9]
    stored = run("explain", start, "--store", store)
    assert (stored.exit_code, stored.stderr) == (0, "")
    assert stored.stdout.startswith(f"event {event['id']}\n")
    assert re.search(r"^stands in +\S+:\d+$", stored.stdout, re.MULTILINE)
    assert "\nSteps " in stored.stdout
    assert run("explain", start, "--file", report, "--published", DAY).stdout == stored.stdout
    (whole,) = lines_of(run("explain", start, "--store", store, "--format", "jsonl"))
    assert whole["record"] == event


def test_explain_wants_one_record(store: Path, coded: list[dict[str, object]]) -> None:
    assert "No record has an id that begins with 'zz'" in refused(run("explain", "zz", "--store", store))
    assert "No record has an id" in refused(run("explain", "", "--store", store))
    assert len([r for r in coded if r["kind"] == "event"]) > 1
    assert "records have an id that begins with 'e'" in refused(run("explain", "e", "--store", store))


# knowledge, help


def test_knowledge_names_file_and_line() -> None:
    assert re.search(r"^Beijing +CHN +China, state \(capital\)", run("knowledge", "actors", "Beijing").stdout)
    assert "nato-enlargement" in run("knowledge", "issues", "enlargement").stdout
    assert re.match(r"CONSULT +type ", run("knowledge", "codebook", "CONSULT").stdout)


def test_knowledge_of_a_day() -> None:
    during = run("knowledge", "actors", "Vladimir Putin", "--on", "2010-01-01").stdout
    assert "prime-minister, 2008-05-08 to 2012-05-08" in during
    assert "2012-05-07 to" not in during
    assert "holds on 1990-01-01" in refused(run("knowledge", "actors", "Vladimir Putin", "--on", "1990-01-01"))


def test_knowledge_check(tmp_path: Path) -> None:
    assert "holds no entries" in refused(run("knowledge", "check", tmp_path))
    file = tmp_path / "mine.toml"
    file.write_text('[[class]]\nid = "mine.poke"\ntype = "ACCUSE"\nverbs = ["poke at"]\n')
    assert run("knowledge", "check", tmp_path).stdout == "OK: 1 class entry.\n"
    file.write_text('[[class]]\nid = "mine.poke"\ntype = "ACUSE"\nverbs = ["poke at"]\n')
    complaint = refused(run("knowledge", "check", tmp_path))
    assert f"{file}:" in complaint
    assert "Did you mean 'ACCUSE'?" in complaint


def test_the_version() -> None:
    assert run("--version").stdout == f"communique {communique.__version__}\n"


def test_alone_it_prints_its_help() -> None:
    alone = run()
    assert (alone.exit_code, alone.stderr) == (0, "")
    for command in ("code", "read", "show", "explain", "knowledge"):
        assert re.search(rf"│ {command} ", alone.stdout)


@pytest.mark.parametrize(
    "command",
    [("code",), ("read",), ("show",), ("explain",), ("knowledge", "actors"), ("knowledge", "issues"),
     ("knowledge", "codebook"), ("knowledge", "check")],
)  # fmt: skip
def test_each_command_teaches_by_examples(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"• communique {' '.join(command)} " in result.stdout or "| communique code -" in result.stdout
