"""What a store is asked, and what it answers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.errors import QueryError
from communique.records import Coding, DateInterval, Event, Position, Record, Report, Statement, Trace
from communique.store import Filters, Store, Vocabulary
from factories import actor, event, position, statement

FEBRUARY, MARCH = "2022-02-04", "2022-03-01"
SPAN_OF_DAYS = DateInterval("2022-01-24", "2022-01-30", "week")
OPEN_START = DateInterval("", FEBRUARY)

RECORDS: dict[str, tuple[str, list[Record]]] = {
    # in text order; "b" is published before "a"
    "b": (
        FEBRUARY,
        [
            event("b", 1, "RUS CHN", "", type="CONSULT", date=DateInterval(FEBRUARY, FEBRUARY, "day")),
            statement("b", 2, "RUS", "USA", date=OPEN_START),
            event("b", 3, "CHN", "USA", type="ACCUSE", status="denied", date=SPAN_OF_DAYS, confidence=0.5),
            position("b", 4, "RUS", "USA", stance="oppose", issue="nato-enlargement"),
        ],
    ),
    "a": (
        MARCH,
        [
            position("a", 1, "CHN", "", stance="support", issue="taiwan-status", attributed_to=(actor("FRA"),)),
            event("a", 2, "USA", "UKR", type="AID", attributed_to=(actor("RUS"),)),
            event("a", 3, "USA", "USA", type="PROTEST", date=DateInterval("2022-02-10", "", "unknown")),
        ],
    ),
    "c": ("", [statement("c", 1, "FRA", form="say")]),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("asked") / "store"
    with Store.create(path) as made:
        for name, (published, records) in RECORDS.items():
            report = Report(name, f"Text of {name}.", title=name.upper(), published=published)
            traces = [Trace(record.id, "clause", (0, 4), "pattern", "file:1") for record in records[:1]]
            made.writer.add([Coding(report, tuple(records), tuple(traces))])
    with Store.open(path) as opened:
        yield opened


QUESTIONS: list[tuple[str, Filters, list[str]]] = [
    ("events", Filters(), ["b-e1", "b-e3", "a-e2", "a-e3"]),
    ("statements", Filters(), ["c-s1", "b-s2"]),
    ("positions", Filters(), ["b-p4", "a-p1"]),
    ("reports", Filters(), ["c", "b", "a"]),
    ("events", Filters(limit=2), ["b-e1", "b-e3"]),
    ("events", Filters(limit=0), []),
    # sides in any role, but not those that a record is attributed to
    ("events", Filters(actor="RUS"), ["b-e1"]),
    ("events", Filters(actor="usa"), ["b-e3", "a-e2", "a-e3"]),
    ("statements", Filters(actor="USA"), ["b-s2"]),
    ("statements", Filters(actor="RUS"), ["b-s2"]),
    ("positions", Filters(actor="USA"), ["b-p4"]),
    ("positions", Filters(actor="FRA"), []),
    ("events", Filters(actor="RU"), []),
    ("events", Filters(dyad=("CHN", "RUS")), ["b-e1"]),
    ("events", Filters(dyad=("USA", "CHN")), ["b-e3"]),
    ("events", Filters(dyad=("RUS", "USA")), []),
    ("events", Filters(dyad=("USA", "USA")), ["a-e3"]),
    ("statements", Filters(dyad=("usa", "rus")), ["b-s2"]),
    ("positions", Filters(dyad=("USA", "RUS")), ["b-p4"]),
    # what a record says
    ("events", Filters(type="CONSULT"), ["b-e1"]),
    ("events", Filters(type="consult"), []),  # without a vocabulary a type is taken as it is written
    ("events", Filters(status="denied"), ["b-e3"]),
    ("events", Filters(status="Actual"), ["b-e1", "a-e2", "a-e3"]),
    ("positions", Filters(stance="support"), ["a-p1"]),
    ("positions", Filters(issue="nato-enlargement"), ["b-p4"]),
    ("positions", Filters(issue="nato-enlargement", stance="support"), []),
    ("events", Filters(min_confidence=0.5), ["b-e1", "b-e3", "a-e2", "a-e3"]),
    ("events", Filters(min_confidence=0.6), ["b-e1", "a-e2", "a-e3"]),
    ("statements", Filters(min_confidence=0.9), []),
    ("positions", Filters(min_confidence=0.8), []),
    ("reports", Filters(min_confidence=0.9), []),
    ("reports", Filters(type="ACCUSE", min_confidence=0.6), []),
    ("events", Filters(report="a"), ["a-e2", "a-e3"]),
    ("events", Filters(report="unheard-of"), []),
    # days: an interval overlaps; an open end is closed by the other, both by the day of publication
    ("events", Filters(since=FEBRUARY, until=FEBRUARY), ["b-e1"]),
    ("events", Filters(since="2022-01-30", until="2022-01-31"), ["b-e3"]),
    ("events", Filters(until="2022-01"), ["b-e3"]),
    ("events", Filters(since="2022-02", until="2022-02"), ["b-e1", "a-e3"]),
    ("events", Filters(since="2022-03"), ["a-e2"]),
    ("events", Filters(since="2022", until="2022"), ["b-e1", "b-e3", "a-e2", "a-e3"]),
    ("events", Filters(since="2023"), []),
    ("statements", Filters(since=FEBRUARY, until=FEBRUARY), ["b-s2"]),
    ("statements", Filters(until="2021"), []),
    # reports by their records and their day of publication
    ("reports", Filters(actor="FRA"), ["c"]),
    ("reports", Filters(actor="UKR"), ["a"]),
    ("reports", Filters(actor="USA"), ["b", "a"]),
    ("reports", Filters(dyad=("RUS", "USA")), ["b"]),
    ("reports", Filters(type="AID"), ["a"]),
    ("reports", Filters(type="AID", status="denied"), []),
    ("reports", Filters(actor="RUS", stance="oppose"), ["b"]),
    ("reports", Filters(actor="CHN", stance="oppose"), []),
    ("reports", Filters(issue="taiwan-status"), ["a"]),
    ("reports", Filters(since="2022-03"), ["a"]),
    ("reports", Filters(until="2022-02"), ["b"]),
    ("reports", Filters(report="b"), ["b"]),
    ("reports", Filters(report="b", actor="UKR"), []),
    ("reports", Filters(actor="USA", limit=1), ["b"]),
]


@pytest.mark.parametrize(("kind", "filters", "wanted"), QUESTIONS)
def test_answers(store: Store, kind: str, filters: Filters, wanted: list[str]) -> None:
    found = [each.report.id if kind == "reports" else each.id for each in store.query(kind, filters)]  # type: ignore[union-attr]
    assert found == wanted
    assert store.to_arrow(kind, filters).column("id").to_pylist() == wanted


def test_answers_are_the_records_that_went_in(store: Store) -> None:
    everything: list[Record] = [*store.query("events"), *store.query("statements"), *store.query("positions")]
    assert {each.id: each for each in everything} == {
        each.id: each for _, records in RECORDS.values() for each in records
    }


def test_a_report_comes_with_the_counts_of_all_its_records(store: Store) -> None:
    counts = {s.report.id: (s.events, s.statements, s.positions) for s in store.query("reports", Filters(actor="USA"))}
    assert counts == {"b": (2, 1, 1), "a": (2, 0, 1)}


def test_single_records_reports_and_traces(store: Store) -> None:
    for _, records in RECORDS.values():
        assert [store.record(each.id) for each in records] == records
    assert store.trace("a-p1").record == "a-p1"
    assert store.report("a").title == "A"
    assert {name: report.text for name, report in store.reports(["c", "a", "c", "none"]).items()} == {
        "a": "Text of a.", "c": "Text of c.",
    }  # fmt: skip
    assert store.coding("b").records == tuple(RECORDS["b"][1])


def test_the_columns_are_the_fields_of_the_records(store: Store) -> None:
    for kind, shape in {"events": Event, "statements": Statement, "positions": Position}.items():
        names = [field.name for field in dataclasses.fields(shape) if field.name != "kind"]
        assert store.to_arrow(kind).column_names == names


KNOWN = Vocabulary(types=("AID", "CONSULT", "ASSAULT"), issues=("taiwan-status", "nato-enlargement"))


def test_a_known_type_may_be_written_in_any_case(store: Store) -> None:
    assert [each.id for each in store.query("events", Filters(type="consult"), KNOWN)] == ["b-e1"]
    assert list(store.query("events", Filters(type="ASSAULT"), KNOWN)) == []


REFUSED: list[tuple[str, Filters, str]] = [
    ("deeds", Filters(), "No kind of record 'deeds'. Known: events, positions, reports, statements."),
    ("event", Filters(), "Did you mean 'events'?"),
    ("events", Filters(type="CONSLUT"), "No event type 'CONSLUT'. .*Did you mean 'CONSULT'?"),
    ("positions", Filters(issue="taiwan"), "No issue 'taiwan'. Known: nato-enlargement, taiwan-status."),
    (
        "positions",
        Filters(stance="suport"),
        "No stance 'suport'. Known: neutral, oppose, support. Did you mean 'support'?",
    ),
    ("events", Filters(status="done"), "No status 'done'. Known: actual, denied, historical, hypothetical, planned."),
    (
        "statements",
        Filters(type="AID"),
        "Statements have no type. Ask for events or reports, or leave that filter out.",
    ),
    ("events", Filters(min_confidence=1.5), "The confidence 1.5 is no share. Give a number from 0 to 1."),
    ("statements", Filters(status="actual"), "Statements have no status. Ask for events or positions or reports"),
    ("events", Filters(stance="oppose"), "Events have no stance. Ask for positions or reports"),
    ("events", Filters(since="yesterday"), "'yesterday' is no date. Write a day as 2022-02-04"),
    ("events", Filters(since="2022-02-30"), "'2022-02-30' is no date."),
    ("events", Filters(until="2022-13"), "'2022-13' is no date."),
    ("events", Filters(until="0000"), "'0000' is no date."),
    ("events", Filters(since="2022-03", until="2022-02"), "The days from 2022-03-01 to 2022-02-28 run backwards."),
    ("events", Filters(limit=-1), "The limit -1 is less than none."),
    ("events", Filters(actor=" "), "An actor's code is empty."),
]


@pytest.mark.parametrize(("kind", "filters", "message"), REFUSED)
def test_what_cannot_be_asked_is_said_at_once(store: Store, kind: str, filters: Filters, message: str) -> None:
    pattern = ".*".join(map(re.escape, message.split(".*")))
    with pytest.raises(QueryError, match=pattern):
        store.query(kind, filters, KNOWN)


@pytest.mark.parametrize("name", ["none", "", "' OR 1 = 1 --", "$id"])
def test_ids_that_the_store_has_not(store: Store, name: str) -> None:
    for ask, what in ((store.record, "record"), (store.trace, "record"), (store.report, "report")):
        with pytest.raises(QueryError, match=f"No {what} "):
            ask(name)


def test_a_record_without_a_trace_says_so(store: Store) -> None:
    with pytest.raises(QueryError, match="'b-e3' was stored without its trace"):
        store.trace("b-e3")


@pytest.mark.parametrize("text", ["' OR 1 = 1 --", "$actor", "RUS'; DROP TABLE parts; --", "%", "\0"])
def test_what_users_write_is_never_sql(store: Store, text: str) -> None:
    for kind in ("events", "reports"):
        assert list(store.query(kind, Filters(actor=text))) == []
        assert list(store.query(kind, Filters(report=text))) == []
        assert list(store.query(kind, Filters(type=text))) == []


def test_the_database_reads_nothing_outside_the_parts(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    store.query("events")
    connection = store._questions._connection
    with pytest.raises(Exception, match="Permission Error"):
        connection.execute(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")
    with pytest.raises(Exception, match="locked"):
        connection.execute("SET enable_external_access = true")
