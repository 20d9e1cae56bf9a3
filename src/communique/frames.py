"""Results as tables: Arrow, pandas and polars, nested as the record is or flat as `show --format csv` gives it.

frames.to_pandas(coding, "events")
frames.to_polars(store, "positions", Filters(issue="taiwan"), flat=True)
frames.to_arrow(dyads(store, Asked(("RUS", "UKR"))))
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from communique.errors import OutputError, QueryError, unknown
from communique.records import Coding, Event, Failure, Position, Record, Report, Statement, to_dict
from communique.store.rows import ReportSummary

if TYPE_CHECKING:
    import pandas
    import polars

    from communique.store import Filters, Store

Found = Coding | Record | Report | ReportSummary | Failure
RECORD_KINDS = ("events", "statements", "positions")
KINDS = (*RECORD_KINDS, "reports", "failures")
_PAGE = 500  # records whose reports are fetched at once
_KIND_OF = {Event: "events", Statement: "statements", Position: "positions", Report: "reports",
            ReportSummary: "reports", Failure: "failures"}  # fmt: skip


def to_arrow(
    found: Store | Coding | Iterable[Found | Mapping[str, Any]], kind: str = "", filters: Filters | None = None, *,
    flat: bool = False, reports: Mapping[str, Report] | None = None,
) -> Any:  # fmt: skip
    """Return what is found as a pyarrow.Table, in the order in which it comes.

    `found` is a store, which is asked for what `filters` let through; a coding, or codings and failures as
    `Coder.stream` gives them; records of one kind; or rows, such as views of alignment give. `kind` is one of `KINDS`;
    of a store and of codings it must be named, and of nothing at all there are no columns without it. Columns are the
    fields of the record, or those of `communique show --format csv` with `flat`, which takes the words from the
    reports of the codings or the store, or from `reports`, by id. Raises QueryError for what does not go together.
    """
    from communique.store import Store

    if kind and kind not in KINDS:
        raise QueryError(unknown("kind of result", kind, KINDS))
    if isinstance(found, Store):
        return _of_store(found, _named(kind), filters, flat)
    if filters is not None:
        raise QueryError("Filters choose only when a store is asked. Leave them out, or give the store.")
    if isinstance(found, Coding):
        found = [found]
    first, rest = _peeked(found)
    if isinstance(first, Mapping) or (first is None and not kind):
        from communique.store.tables import table_of_rows

        return table_of_rows(_rows(rest))
    if isinstance(first, Coding | Failure) or kind == "failures":
        return _of_results(rest, _named(kind), flat)
    return _of_records(rest, kind or _named(_KIND_OF.get(type(first), "")), flat, reports or {})


def to_pandas(
    found: Store | Coding | Iterable[Found | Mapping[str, Any]], kind: str = "", filters: Filters | None = None, *,
    flat: bool = False, reports: Mapping[str, Report] | None = None,
) -> pandas.DataFrame:  # fmt: skip
    """Return what is found as a pandas.DataFrame; otherwise as `to_arrow`.

    What is nested are lists and dicts. In the flat form whole numbers that may be missing have the type `Int64`.
    Raises OutputError where pandas is not installed.
    """
    from communique.store.tables import nested

    made = _library("pandas")
    table = to_arrow(found, kind, filters, flat=flat, reports=reports)
    frame = {}
    for field, column, deep in zip(table.schema, table.columns, nested(table), strict=True):
        if deep:
            frame[field.name] = made.Series(column.to_pylist(), dtype=object)
        elif flat and field.nullable and str(field.type) == "int64":
            frame[field.name] = made.Series(column.to_pylist(), dtype="Int64")
        else:
            frame[field.name] = column.to_pandas()
    return made.DataFrame(frame, columns=table.column_names)


def to_polars(
    found: Store | Coding | Iterable[Found | Mapping[str, Any]], kind: str = "", filters: Filters | None = None, *,
    flat: bool = False, reports: Mapping[str, Report] | None = None,
) -> polars.DataFrame:  # fmt: skip
    """Return what is found as a polars.DataFrame; otherwise as `to_arrow`.

    Raises OutputError where polars is not installed.
    """
    made = _library("polars")
    whole: polars.DataFrame = made.DataFrame(to_arrow(found, kind, filters, flat=flat, reports=reports))
    return whole


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise OutputError(
            f"A table for {name} needs {name}, which is not installed. `pip install 'communique[notebook]'` adds it; "
            "`to_arrow` works without it."
        ) from None


def _of_store(store: Store, kind: str, filters: Filters | None, flat: bool) -> Any:
    from communique.store import Filters

    if kind == "failures":
        raise QueryError("A store keeps failures in its ledger: `store.inputs('failed')` lists them.")
    asked = filters or Filters()
    if not flat:
        return store.to_arrow(kind, asked)
    return _flat(kind, _pages(store, store.query(kind, asked)))


def _pages(store: Store, found: Iterator[Any]) -> Iterator[tuple[Any, Report]]:
    """Yield each record with its report, and reports with themselves; reports are fetched by pages."""
    while page := list(islice(found, _PAGE)):
        if isinstance(page[0], ReportSummary):
            yield from ((each, each.report) for each in page)
            continue
        there = store.reports(dict.fromkeys(each.report for each in page))
        yield from ((each, there.get(each.report) or Report(each.report, "")) for each in page)


def _of_results(results: Iterable[Any], kind: str, flat: bool) -> Any:
    from communique.store.tables import table_of, table_of_columns

    if kind == "failures":
        failed = (to_dict(each) for each in results if isinstance(each, Failure))
        names = ("source", "stage", "cause", "source_id")
        return table_of_columns(dict.fromkeys(names, (str, False)), ({n: one[n] for n in names} for one in failed))
    codings = (each for each in results if isinstance(each, Coding))
    if kind == "reports":
        found: Iterator[Any] = ((_summary(each), each.report) for each in codings)
    else:
        found = ((record, each.report) for each in codings for record in getattr(each, kind))
    return _flat(kind, found) if flat else table_of(kind, (record for record, _ in found))


def _summary(coding: Coding) -> ReportSummary:
    return ReportSummary(coding.report, *(len(getattr(coding, kind)) for kind in RECORD_KINDS))


def _of_records(found: Iterable[Any], kind: str, flat: bool, reports: Mapping[str, Report]) -> Any:
    from communique.store.tables import table_of

    checked = _of_kind(found, kind)
    return _flat(kind, ((each, _its_report(each, reports)) for each in checked)) if flat else table_of(kind, checked)


def _of_kind(found: Iterable[Any], kind: str) -> Iterator[Any]:
    """Yield what is found. Raises QueryError for what is of another kind than the rest."""
    for each in found:
        own = _KIND_OF.get(type(each))
        if own != kind:
            what = own or f"a {type(each).__name__}"
            raise QueryError(f"A table has one kind of rows, and here are {kind}, {what}. Make one of each kind.")
        yield each


def _its_report(found: Any, reports: Mapping[str, Report]) -> Report:
    if isinstance(found, Report | ReportSummary):
        return found if isinstance(found, Report) else found.report
    if found.report not in reports:
        raise QueryError(
            f"The flat form has words of the report {found.report!r}, which is not given. Give the coding or the store "
            "instead of the records, or reports={id: report}."
        )
    return reports[found.report]


def _flat(kind: str, found: Iterable[tuple[Any, Report]]) -> Any:
    from communique.showing import flat
    from communique.store.tables import table_of_columns

    def row(record: Any, report: Report) -> flat.Row:
        if kind != "reports":
            return flat.row(record, report)
        counts = {each: getattr(record, each, None) for each in RECORD_KINDS}
        return flat.report_row(report, counts)  # null where they are not known

    return table_of_columns(flat.types(kind), (row(record, report) for record, report in found))


def _named(kind: str) -> str:
    if not kind:
        raise QueryError(f"Say which kind of rows the table is to have: {', '.join(KINDS)}.")
    return kind


def _peeked(found: Iterable[Any]) -> tuple[Any, Iterator[Any]]:
    """Return the first of what is found, None where there is nothing, and all of it."""
    left = iter(found)
    first = next(left, None)
    return first, iter(()) if first is None else chain([first], left)


def _rows(found: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for each in found:
        if not isinstance(each, Mapping):
            raise QueryError(f"A table has one kind of rows, and here are rows and a {type(each).__name__}.")
        yield each
