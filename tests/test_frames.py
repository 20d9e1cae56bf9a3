"""Records as Arrow, pandas and polars tables: nothing lost, nothing renamed, the flat form that of the CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow as pa
import pytest
from hypothesis import given, settings

import factories
from communique import frames
from communique.alignment.views import Asked, dyads
from communique.errors import OutputError, QueryError
from communique.records import Coding, Failure, Magnitude, from_dict, to_dict
from communique.showing import flat
from communique.store import Filters, Store
from communique.store.written import write_codings

KINDS = ("events", "statements", "positions")
SOME = [factories.coding(number) for number in range(6)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("framed") / "store"
    with Store.create(folder) as made:
        made.writer.commit([write_codings(folder, ((each, each.report.id) for each in SOME))])
    with Store.open(folder) as opened:
        yield opened


def records(kind: str, of: list[Coding] = SOME) -> list[Any]:
    return [record for coding in of for record in getattr(coding, kind)]


def of_csv(kind: str) -> list[dict[str, str]]:
    """Return the rows of the CSV that `show` writes."""
    out = io.StringIO()
    reports = {each.report.id: each.report for each in SOME}
    flat.write(out, kind, (flat.row(record, reports[record.report]) for record in records(kind)))
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@given(factories.codings())
@settings(max_examples=40, deadline=None)
def test_records_come_back_from_arrow_and_polars_as_they_were(coding: Coding) -> None:
    for kind in KINDS:
        table = frames.to_arrow(coding, kind)
        expected = [to_dict(record) for record in getattr(coding, kind)]
        for rows in (table.to_pylist(), frames.to_polars(coding, kind).to_dicts()):
            assert [to_dict(from_dict({"kind": kind[:-1], **row})) for row in rows] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_pandas_nests_as_the_record_does(kind: str) -> None:
    frame = frames.to_pandas(SOME, kind)
    rows = [{"kind": kind[:-1], **row} for row in frame.to_dict("records")]
    assert [from_dict(row) for row in rows] == records(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_and_the_records_themselves_give_the_same(store: Store, kind: str) -> None:
    asked = frames.to_arrow(store, kind)
    assert asked.schema == frames.to_arrow(SOME, kind).schema == frames.to_arrow(records(kind)).schema
    key = lambda row: row["id"]  # noqa: E731
    assert sorted(asked.to_pylist(), key=key) == sorted(frames.to_arrow(SOME, kind).to_pylist(), key=key)
    flat_ones = [frames.to_arrow(source, kind, flat=True).sort_by("id") for source in (store, SOME)]
    assert flat_ones[0].equals(flat_ones[1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_flat_form_is_that_of_the_csv(kind: str) -> None:
    table = frames.to_arrow(SOME, kind, flat=True)
    assert table.column_names == flat.columns(kind)
    told = [{k: "" if v is None else str(v) for k, v in row.items()} for row in table.to_pylist()]
    assert told == of_csv(kind)
    assert frames.to_pandas(SOME, kind, flat=True).columns.tolist() == table.column_names
    assert frames.to_polars(SOME, kind, flat=True).columns == table.column_names


def test_counts_stay_whole_numbers_where_some_are_missing() -> None:
    told = factories.event("r000000", 9, "RUS", "UKR", magnitude=Magnitude(dead=3, money=1.5))
    report = {SOME[0].report.id: SOME[0].report}
    both = frames.to_pandas([told, factories.event("r000000", 8, "RUS", "UKR")], flat=True, reports=report)
    assert both["dead"].tolist() == [3, pandas.NA] and str(both["dead"].dtype) == "Int64"
    assert str(both["quad"].dtype) == "int64" and str(both["goldstein"].dtype) == "float64"
    # The type hangs on the column, not on what happens to stand in it.
    none = frames.to_pandas([], "events", flat=True)
    assert none.dtypes.to_dict() == both.dtypes.to_dict()


def test_what_looks_like_a_formula_is_left_alone_where_no_spreadsheet_reads_it() -> None:
    coding = factories.coding(1)
    formula = factories.position("r000001", 7, "CHN", "USA", expression="=HYPERLINK(1)")
    table = frames.to_arrow([formula], flat=True, reports={coding.report.id: coding.report})
    assert table.column("expression").to_pylist() == ["=HYPERLINK(1)"]


def test_filters_choose_in_a_store(store: Store) -> None:
    found = frames.to_polars(store, "events", Filters(since="2022-03", until="2022-04"), flat=True)
    assert sorted(found["published"]) == ["2022-03-03", "2022-04-04"]
    with pytest.raises(QueryError, match="have no issue"):
        frames.to_arrow(store, "events", Filters(issue="nato"))
    with pytest.raises(QueryError, match="only when a store is asked"):
        frames.to_arrow(SOME, "events", Filters(actor="RUS"))


def test_reports_and_failures_are_tables_too(store: Store) -> None:
    failed = Failure("a.txt", "reading", "it is empty")
    results = [*SOME, failed]
    for source in (store, results):
        reports = frames.to_pandas(source, "reports", flat=True)
        assert reports["id"].tolist() == [each.report.id for each in SOME]
        assert reports[list(KINDS)].values.tolist() == [[1, 1, 1]] * len(SOME)
    assert frames.to_arrow(results, "reports").column("text").to_pylist() == [each.report.text for each in SOME]
    assert frames.to_pandas(results, "failures").to_dict("records") == [
        {"source": "a.txt", "stage": "reading", "cause": "it is empty", "source_id": ""}
    ]
    assert len(frames.to_pandas(results, "events")) == len(frames.to_pandas(results[::-1], "events")) == len(SOME)


def test_views_of_alignment_are_rows(store: Store) -> None:
    rows = list(dyads(store, Asked(draws=0)))
    for frame in (frames.to_pandas(rows), frames.to_polars(dyads(store, Asked(draws=0))).to_pandas()):
        assert frame["records"].sum() == sum(int(row["records"] or 0) for row in rows) > 0
        assert str(frame["low"].dtype) == "float64"  # not one interval: empty, and still numbers


def test_one_kind_need_not_be_named_and_several_must() -> None:
    assert frames.to_arrow(records("events")).num_rows == len(SOME)
    with pytest.raises(QueryError, match="events, statements"):
        frames.to_arrow([*records("events"), *records("statements")])
    with pytest.raises(QueryError, match="Say which kind"):
        frames.to_arrow(SOME[0])
    with pytest.raises(QueryError, match="Did you mean 'events'"):
        frames.to_arrow(SOME, "event")
    assert frames.to_pandas([]).empty and frames.to_arrow(iter(())).column_names == []
    assert frames.to_arrow([], "positions").schema == frames.to_arrow(SOME, "positions").schema


def test_the_flat_form_of_records_needs_their_reports() -> None:
    with pytest.raises(QueryError, match="reports="):
        frames.to_arrow(records("events"), flat=True)


@pytest.mark.parametrize(("make", "library"), [(frames.to_pandas, "pandas"), (frames.to_polars, "polars")])
def test_a_library_that_is_missing_is_named(make: Any, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(OutputError, match=rf"{library}.*pip install 'communique\[notebook\]'"):
        make(SOME, "events")


def test_tables_are_written_as_parquet_and_read_again(tmp_path: Path) -> None:
    frames.to_polars(SOME, "events").write_parquet(tmp_path / "events.parquet")
    back = polars.read_parquet(tmp_path / "events.parquet").to_arrow()
    assert pa.Table.from_pylist(back.to_pylist(), schema=frames.to_arrow(SOME, "events").schema).equals(
        frames.to_arrow(SOME, "events")
    )
