"""Answers as Arrow streams, for programs that work on columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import pyarrow as pa

from communique.records import Record
from communique.store.rows import ReportSummary, empty_table


def stream_of(kind: str, found: Iterable[Record | ReportSummary]) -> bytes:
    """Return records of `kind`, or reports with their counts, as an Arrow IPC stream; columns are those of `query`."""
    return _stream(pa.Table.from_pylist([_plain(one) for one in found], schema=empty_table(kind).schema))


def stream_of_rows(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return flat rows, all with the same names, as an Arrow IPC stream; types are those of the values."""
    return _stream(pa.Table.from_pylist([dict(row) for row in rows]))


def _plain(one: Record | ReportSummary) -> dict[str, Any]:
    values: dict[str, Any] = orjson.loads(orjson.dumps(one))
    if isinstance(one, ReportSummary):
        values = {**values.pop("report"), **values}
    del values["kind"]
    return values


def _stream(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())
