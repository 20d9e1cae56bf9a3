"""The readers' index answers what the parts answer, whatever is asked, and stands aside where it is behind."""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from communique.cli.main import app
from communique.errors import QueryError
from communique.records import Coding, DateInterval, Record, Report, Trace
from communique.store import Correction, Filters, Store
from communique.store.index import SEQ
from communique.store.looking import Extent
from factories import coding, codings, event, position, statement

KINDS = ("events", "statements", "positions", "reports")
CODES = ("RUS", "USA", "CHN", "UKR", "EU:NATO", "été")
DAYS = ("", "2021-12-31", "2022-01-05", "2022-01-05", "2022-02-10", "2023-07-01")


def some_coding(number: int, rng: random.Random) -> Coding:
    name = f"{rng.choice('abr')}{number:04}"

    def when() -> DateInterval:
        first, last = sorted(rng.choice(DAYS) for _ in range(2))
        return DateInterval(first, last)

    records: list[Record] = []
    for n in range(rng.randrange(5)):
        who, whom = (" ".join(rng.sample(CODES, rng.randrange(3))) for _ in range(2))
        told = {"date": when(), "confidence": rng.choice((0.2, 0.5, 0.9))}
        status = {"status": rng.choice(("actual", "denied"))}
        records.append(
            rng.choice((
                event(name, n, who, whom, type=rng.choice(("AID", "ACCUSE")), **told, **status),
                statement(name, n, who, whom, **told),
                position(
                    name, n, who, whom, stance=rng.choice(("support", "oppose")), issue=rng.choice(("nato", "")),
                    **told, **status,
                ),
            ))
        )  # fmt: skip
    report = Report(
        name,
        f"Text {number}: " + "envoys met and spoke. " * 3,
        title=f"T{number}",
        published=rng.choice(DAYS),
        outlet="The Wire",
    )
    return Coding(report, tuple(records), tuple(Trace(r.id, "clause", (0, 4), "p", "f:1") for r in records))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Two stores of the same reports, the first with an index; some records were corrected in both."""
    rng = random.Random(5)
    made = [some_coding(number, rng) for number in range(90)]
    opened = []
    for name in ("indexed", "plain"):
        with Store.create(tmp_path_factory.mktemp(name) / "store") as store:
            for start in range(0, 90, 30):
                store.writer.add(made[start : start + 30])
            records = [record for each in made for record in each.records]
            for record in records[::9]:
                store.correct(Correction("reject", record.id, who="a", at="2024-01-01T00:00:00Z"))
            for record in records[4::9]:
                changed = dataclasses.replace(record, confidence=0.95)
                store.correct(Correction("amend", record.id, who="a", becomes=changed, at="2024-01-02T00:00:00Z"))
            added = dataclasses.replace(event(made[3].report.id, 99, "RUS", "USA", type="AID"), id="")
            store.correct(
                Correction("add", who="a", report=made[3].report.id, becomes=added, at="2024-01-03T00:00:00Z")
            )
        opened.append(Store.open(store.path))
    opened[0].index()
    yield opened[0], opened[1]
    for each in opened:
        each.close()


@pytest.fixture
def looked_up(stores: tuple[Store, Store]) -> Iterator[tuple[Store, Store]]:
    """The stores, of which the first may not ask its parts for pages, counts or records."""

    def refuse(question: str) -> bool:
        return question.endswith(("_places", "_page", "_count", "_by_id")) or question == "traces"

    asked = stores[0]._ask

    def ask(question: str, *args: object, **named: object) -> object:
        assert not refuse(question), f"{question} was asked of the parts"
        return asked(question, *args, **named)  # type: ignore[arg-type]

    with mock.patch.object(stores[0], "_ask", ask):
        yield stores


FILTERS = [
    Filters(), Filters(actor="RUS"), Filters(actor="rus"), Filters(actor="été"), Filters(actor="EU:NATO"),
    Filters(dyad=("RUS", "USA")), Filters(dyad=("RUS", "RUS")), Filters(actor="RUS", since="2022-01-02"),
    Filters(until="2022-01-05"), Filters(since="2022", until="2022"), Filters(since="2022-02-10", until="2022-02-10"),
    Filters(since="2010", until="2025"), Filters(min_confidence=0.5), Filters(min_confidence=0.9, actor="USA"),
    Filters(actor="XXX"),
]  # fmt: skip
MORE = {
    "events": [Filters(type="AID"), Filters(type="AID", status="denied", dyad=("CHN", "USA")), Filters(type="aid")],
    "statements": [],
    "positions": [Filters(issue="nato"), Filters(issue="nato", stance="oppose"), Filters(status="denied", issue="")],
    "reports": [],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_those_of_the_parts(looked_up: tuple[Store, Store], kind: str) -> None:
    quick, slow = looked_up
    for filters in FILTERS + MORE[kind]:
        if kind == "reports" and filters.about_records:
            continue  # asked of the parts while corrections are there
        for limit in (1, 7, 200):
            after: str | None = None
            for number in itertools.count():
                got, wanted = (each.page(kind, filters, limit=limit, after=after) for each in (quick, slow))
                assert got == wanted, (filters, limit, number)
                if (after := wanted.next) is None or number > 3:
                    break
        if kind != "reports":
            assert quick.count(kind, filters) == slow.count(kind, filters), filters
            assert quick.extent(filters, (kind,)) == slow.extent(filters, (kind,)), filters


def test_reports_and_records_are_those_of_the_parts(looked_up: tuple[Store, Store]) -> None:
    quick, slow = looked_up
    reports = [each.report for each in slow.query("reports")]
    assert quick.reports([r.id for r in reports]) == {r.id: r for r in reports}
    for each in reports:
        assert quick.coding(each.id) == slow.coding(each.id)
    ids = [record.id for kind in KINDS[:3] for record in slow.query(kind)]
    assert quick.records([*ids, "none"]) == slow.records([*ids, "none"])
    assert quick.coded(ids) == slow.coded(ids)
    assert quick.extent(Filters()) == slow.extent(Filters())
    with pytest.raises(QueryError):
        quick.record("none")


def test_reports_by_their_records(tmp_path: Path) -> None:
    rng = random.Random(8)
    with Store.create(tmp_path / "store") as store:
        store.writer.add([some_coding(number, rng) for number in range(60)])
        asked = [f for f in (*FILTERS, *MORE["events"], *MORE["positions"]) if f.about_records]
        before = [(store.page("reports", f, limit=9), store.count("reports", f)) for f in asked]
        traces = {r.id: store.trace(r.id) for r in store.query("events")}
        store.index()
        with mock.patch.object(store, "_ask", side_effect=AssertionError):
            assert [(store.page("reports", f, limit=9), store.count("reports", f)) for f in asked] == before
            assert {name: store.trace(name) for name in traces} == traces


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True).flatmap(lambda ns: st.tuples(*map(codings, ns)))
)
def test_any_record_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, made: tuple[Coding, ...]) -> None:
    with Store.create(tmp_path_factory.mktemp("any") / "store") as store:
        store.writer.add(made)
        before = [store.page(kind, limit=50) for kind in KINDS]
        whole = {each.report.id: store.coding(each.report.id) for each in made}
        store.index()
        assert store._is_up_to_date()
        assert [store.page(kind, limit=50) for kind in KINDS] == before
        assert {name: store.coding(name) for name in whole} == whole


def test_what_comes_in_is_seen_before_it_is_indexed(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        store.writer.add([coding(1)])
        store.index()
        store.writer.add([coding(2)])
        assert store.count("events") == 2
        assert {e.report for e in store.page("events").items} == {"r000001", "r000002"}  # type: ignore[union-attr]
        assert store.index() == 1
        assert store._is_up_to_date()
        with Store.open(store.path) as reader, reader.moment():
            store.writer.add([coding(3)])
            store.index()
            assert reader.count("events") == 2
        store.writer.compact(at_least=2)
        assert not store._is_up_to_date()  # the parts have new names
        assert store.index() == 0
        assert store._is_up_to_date()


def test_a_report_that_is_coded_anew_is_indexed_anew(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        store.writer.add([coding(1), coding(2)])
        store.index()
        (part,) = (tmp_path / "store" / "parts").iterdir()
        (part / "events.parquet").write_bytes(b"")
        store.writer.set_aside()
        again = [dataclasses.replace(coding(n), records=(event(f"r{n:06}", 7, "FRA", "UKR"),)) for n in (1, 2)]
        store.writer.add(again)
        assert store.index() == 2
        assert store._is_up_to_date()
        assert [e.id for e in store.page("events").items] == ["r000002-e7", "r000001-e7"]  # type: ignore[union-attr]


def test_a_report_with_more_records_than_have_numbers_is_asked_of_the_parts(tmp_path: Path) -> None:
    many = tuple(event("r1", n, "RUS", "CHN") for n in range(2**SEQ + 1))
    with Store.create(tmp_path / "store") as store:
        store.writer.add([Coding(Report("r1", "Text.", published="2022-01-01"), many)])
        store.index()
        assert not store._is_up_to_date()
        assert store.count("events") == 2**SEQ + 1
        assert [found.report for found in store.search("text")] == ["r1"]


def test_an_empty_store_has_nothing(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        assert store.extent(Filters()) == Extent()
        assert store.page("events").items == ()


def test_the_command_brings_the_index_up_to_date(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        store.writer.add([coding(1), coding(2)])
    for told in ("2 reports added to the index", "Nothing was missing in the index"):
        done = CliRunner().invoke(app, ["index", "--store", str(tmp_path / "store")])
        assert done.exit_code == 0 and told in done.output
    with Store.open(tmp_path / "store") as store:
        assert store._is_up_to_date()
        assert len(list((store.path / "summaries").iterdir())) == 3
