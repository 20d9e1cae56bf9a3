"""Answers as Arrow streams, for programs that work on columns."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from communique.records import Record
from communique.store.rows import ReportSummary, empty_table

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # glibc's numbers for mallopt


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


def keep_memory_small() -> None:
    """Let this process have what it frees go back to the system, at the price of asking for it again (glibc)."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL("libc.so.6")
            library.mallopt(_ARENA_MAX, 2)
            library.mallopt(_MMAP_THRESHOLD, 2**20)  # else it grows, and large arrays stay in the heap


def release_memory() -> None:
    """Give memory that a large answer needed back to the system, as far as the libraries let go of it."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def write_parquet(out: IO[bytes], tables: Iterable[Any]) -> int:
    """Write tables with the same columns, at least one, as one Parquet file; return the number of rows."""
    rows = 0
    writer = None
    for table in tables:
        writer = writer or pq.ParquetWriter(out, table.schema, compression="zstd")
        writer.write_table(table)
        rows += table.num_rows
    if writer:
        writer.close()
    return rows


def write_arrow(out: IO[bytes], tables: Iterable[Any]) -> int:
    """Write tables with the same columns, at least one, as one Arrow IPC stream; return the number of rows."""
    rows = 0
    writer = None
    for table in tables:
        writer = writer or pa.ipc.new_stream(out, table.schema)
        writer.write_table(table)
        rows += table.num_rows
    if writer:
        writer.close()
    return rows
