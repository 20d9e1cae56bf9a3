"""One event in several reports is one row, its reports and stories counted, and opens to its records."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import story_texts as texts
from communique.cli.main import app
from communique.errors import QueryError
from communique.records import Coding, DateInterval, Event, Report
from communique.store import Filters, MergedEvent, Store
from factories import actor, event

WORDS = "\n\n".join(texts.report(random.Random(1), "sanctions"))
ANOTHER = "\n\n".join(texts.report(random.Random(2), "talks"))


def days(start: str, end: str = "") -> DateInterval:
    return DateInterval(start, end or start, "day" if not end else "week", "")


def report(name: str, day: str, outlet: str, text: str, *events: Event) -> Coding:
    return Coding(Report(name, text, title=f"Title {name}", published=day, outlet=outlet), events, ())


def met(report: str, number: int, date: DateInterval, **fields: object) -> Event:
    return event(report, number, "RUS CHN", "USA", date=date, **fields)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two copies of one story and an independent report tell of one meeting; others tell of something else."""
    with Store.create(tmp_path / "s") as store:
        store.writer.add([
            report("ra", "2022-02-04", "The Wire", WORDS, met("ra", 0, days("2022-02-03"), confidence=0.6)),
            report("rb", "2022-02-06", "Daily Copy", f"A headline\n\n{WORDS[:-80]}", met("rb", 0, days("2022-02-03"))),
            report("rc", "2022-02-05", "Own Voice", ANOTHER,
                   event("rc", 0, "CHN RUS CHN", "USA", date=days("2022-01-31", "2022-02-05"), confidence=0.9),
                   met("rc", 1, days("2022-02-03"), status="planned"),
                   met("rc", 2, days("2022-02-03"), type="AGREE"),
                   event("rc", 3, "RUS", "USA", date=days("2022-02-03")),
                   met("rc", 4, days("2022-02-10"))),
        ])  # fmt: skip
    return tmp_path / "s"


def merged(path: Path, **filters: object) -> list[MergedEvent]:
    with Store.open(path) as store:
        return list(store.merged_events(Filters(**filters)))  # type: ignore[arg-type]


def test_the_same_is_one_row_with_its_reports_and_stories(path: Path) -> None:
    [first] = [
        m for m in merged(path, type="CONSULT", status="actual", dyad=("RUS", "CHN")) if m.first_day < "2022-02-09"
    ]
    assert first == MergedEvent(
        "CONSULT", "actual", ("CHN", "RUS"), ("USA",), "2022-02-03", "2022-02-03", reports=3, stories=2,
        outlets=("Daily Copy", "Own Voice", "The Wire"), first_report="ra", records=("ra-e0", "rc-e0", "rb-e0"),
        confidence=0.9,
    )  # fmt: skip


def test_what_differs_in_actors_type_status_or_day_is_another_row(path: Path) -> None:
    everything = merged(path)
    assert sorted(m.reports for m in everything) == [1, 1, 1, 1, 3]
    assert sorted(name for m in everything for name in m.records) == sorted(
        ["ra-e0", "rb-e0", "rc-e0", "rc-e1", "rc-e2", "rc-e3", "rc-e4"]
    )
    assert [m.first_day for m in everything] == sorted(m.first_day for m in everything)
    assert len(merged(path, limit=2)) == 2
    assert [m.records for m in merged(path, report="rb")] == [("rb-e0",)]
    assert merged(path, actor="DEU") == []
    with pytest.raises(QueryError):
        merged(path, issue="taiwan")


@pytest.mark.parametrize(
    ("first", "second", "rows"),
    [
        (days("2022-02-03"), days("2022-02-03"), 1),
        (days("2022-02-03"), days("2022-02-04"), 2),
        (days("2022-02-01", "2022-02-05"), days("2022-02-04", "2022-02-09"), 1),  # both imprecise: they overlap
        (days("2022-02-01", "2022-02-05"), days("2022-02-06", "2022-02-09"), 2),
        (days("2022-02-03"), days("2022-02-01", "2022-02-28"), 1),
        (days("2022-02-03"), days("2022-02-04", "2022-02-28"), 2),
        (days("2022-02-03"), DateInterval("", "2022-02-05", "unknown", ""), 1),  # some time up to the 5th
        (days("2022-01-03"), DateInterval("", "2022-02-05", "unknown", ""), 2),
        (DateInterval(), DateInterval(), 2),  # each of its report's day, and the reports are of two stories
    ],
)
def test_days_that_overlap(tmp_path: Path, first: DateInterval, second: DateInterval, rows: int) -> None:
    with Store.create(tmp_path / "s") as store:
        store.writer.add([
            report("ra", "2022-03-01", "", WORDS, met("ra", 0, first)),
            report("rb", "2022-03-05", "", ANOTHER, met("rb", 0, second)),
        ])  # fmt: skip
        assert len(list(store.merged_events())) == rows


def test_a_copy_has_the_day_of_the_first_telling(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s") as store:
        store.writer.add([
            report("ra", "2022-03-01", "A", WORDS, met("ra", 0, DateInterval())),
            report("rb", "2022-03-05", "B", WORDS.upper(), met("rb", 0, DateInterval())),
        ])  # fmt: skip
        [row] = store.merged_events()
        assert (row.reports, row.stories, row.first_day) == (2, 1, "2022-03-01")


def test_actors_without_a_code_are_the_same_by_their_words(tmp_path: Path) -> None:
    def by(name: str, words: str) -> Event:
        return Event(
            f"{name}-0", name, "PROTEST", actors=(actor("", sector="CVL", text=words),), date=days("2022-03-01")
        )

    with Store.create(tmp_path / "s") as store:
        store.writer.add([
            report("ra", "2022-03-01", "", WORDS, by("ra", "Students")),
            report("rb", "2022-03-01", "", ANOTHER, by("rb", "students")),
            report("rc", "2022-03-01", "", "Words.", by("rc", "farmers")),
        ])  # fmt: skip
        assert sorted(row.reports for row in store.merged_events()) == [1, 2]


def show(path: Path, *options: str) -> Result:
    """Run `communique show events --merged`."""
    return CliRunner().invoke(
        app, ["show", "events", "--store", str(path), "--merged", *options], catch_exceptions=False
    )


def printed(path: Path, *options: str) -> str:
    result = show(path, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_show_events_merged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    rows = [json.loads(line) for line in printed(path, "--format", "jsonl", "--type", "CONSULT").splitlines()]
    most = max(rows, key=lambda row: row["reports"])
    assert (most["kind"], most["reports"], most["stories"], most["first_report"]) == ("merged", 3, 2, "ra")
    with Store.open(path) as store:
        assert {r.report for r in store.records(most["records"]).values()} == {"ra", "rb", "rc"}
    table = printed(path)
    assert "told in 3 reports, 2 stories: Daily Copy, Own Voice, The Wire" in table
    assert "told in 1 report, 1 story: Own Voice" in table
    cells = list(csv.DictReader(io.StringIO(printed(path, "--format", "csv"))))
    assert [c["records"] for c in cells if c["reports"] == "3"] == ["ra-e0;rc-e0;rb-e0"]
    assert printed(path, "--limit", "1").count("told in") == 1
    assert "No events fit." in printed(path, "--actor", "FRA")
    result = show(path, "--actor", "XQZ")
    assert result.exit_code == 1
    assert "No actor" in str(result.exception) + result.stderr


def test_only_events_are_merged(path: Path) -> None:
    result = CliRunner().invoke(app, ["show", "positions", "--store", str(path), "--merged"])
    assert result.exit_code == 1
    assert "Only events are merged, not positions." in str(result.exception) + result.stderr
