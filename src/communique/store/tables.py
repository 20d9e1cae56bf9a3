"""Records and rows as Arrow tables, for data frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson
import pyarrow as pa

from communique.records import Record, Report
from communique.store.rows import ReportSummary, empty_table

_AT_ONCE = 10_000  # rows; as Python objects they take far more memory than as columns
_TYPES: Mapping[type, Any] = {str: pa.string(), int: pa.int64(), float: pa.float64()}


def table_of(kind: str, found: Iterable[Record | ReportSummary | Report]) -> Any:
    """Return records of `kind`, or reports with or without their counts, as a pyarrow.Table as `Store.to_arrow` has it.

    Counts that are not known are null.
    """
    return _made(map(_plain, found), empty_table(kind).schema)


def table_of_rows(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return flat rows, all with the same names, as a pyarrow.Table; types are those of the values.

    A column in which nothing is known is one of numbers: texts that say nothing are empty.
    """
    table = pa.Table.from_pylist([dict(row) for row in rows])
    known = [pa.float64() if pa.types.is_null(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, known, strict=True))))


def table_of_columns(columns: Mapping[str, tuple[type, bool]], rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return flat rows as a pyarrow.Table with these columns: for each its type, and whether a value may be missing."""
    fields = [pa.field(name, _TYPES[type_], nullable=missing) for name, (type_, missing) in columns.items()]
    return _made(map(dict, rows), pa.schema(fields))


def nested(table: Any) -> Sequence[bool]:
    """Tell of each column of a pyarrow.Table whether it holds lists or records rather than plain values."""
    return [pa.types.is_nested(field.type) for field in table.schema]


def _plain(one: Record | ReportSummary | Report) -> dict[str, Any]:
    values: dict[str, Any] = orjson.loads(orjson.dumps(one))
    if isinstance(one, ReportSummary):
        values = {**values.pop("report"), **values}
    del values["kind"]
    return values


def _made(rows: Iterable[dict[str, Any]], schema: Any) -> Any:
    left, parts = iter(rows), [schema.empty_table()]
    while some := list(islice(left, _AT_ONCE)):
        parts.append(pa.Table.from_pylist(some, schema=schema))
    return pa.concat_tables(parts)
