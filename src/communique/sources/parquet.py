"""Parquet: one report a row, read by batches of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.columns import columns_of, row_item
from communique.sources.item import RawItem
from communique.sources.jsonl import failure
from communique.sources.limits import opened
from communique.sources.place import Place, seekable

_ROWS = 32  # read at once: small, because a row may hold a long report
_BUFFER = 1 << 20  # bytes of a column read at once, in the place of whole row groups


def read_parquet(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of a Parquet file, in order; the origin is `path:row`, rows counted from 1.

    Raises InputError if the file cannot be opened, is no Parquet, or lacks a column that is needed.
    """
    origin = str(place)
    with opened(place) as file, seekable(file, origin) as whole:
        table, names = _opened(whole, origin)
        columns = columns_of(names, settings.columns, origin)
        wanted = list(dict.fromkeys(name for names in columns.names.values() for name in names))
        for number, values in enumerate(_rows(table, wanted, origin), 1):
            where = f"{origin}:{number}"
            if isinstance(values, Exception):
                yield failure(where, f"The row cannot be read ({_reason(values)}).")
                continue
            try:
                yield row_item(values, columns, where)
            except InputError as error:
                yield failure(where, str(error))


def _opened(file: BinaryIO, origin: str) -> tuple[Any, list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
        return table, table.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(_damaged(origin, error)) from None


def _rows(table: Any, wanted: list[str], origin: str) -> Iterator[dict[str, Any] | Exception]:
    import pyarrow as pa

    try:
        for batch in table.iter_batches(batch_size=_ROWS, columns=wanted, use_threads=False):
            yield from _values(batch)
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
        raise InputError(_damaged(origin, error)) from None


def _values(batch: Any) -> Iterator[dict[str, Any] | Exception]:
    """Yield the rows of a batch; for one with a value that Python has none for (a day of the year 150000) the error."""
    import pyarrow as pa

    try:
        yield from _to_the_microsecond(batch).to_pylist()
        return
    except (pa.ArrowException, OverflowError, ValueError) as error:
        if batch.num_rows == 1:
            yield error
            return
    for row in range(batch.num_rows):
        yield from _values(batch.slice(row, 1))


def _to_the_microsecond(batch: Any) -> Any:
    """Return a batch without nanoseconds, for which Python has no time."""
    import pyarrow as pa

    def coarser(column: Any) -> Any:
        if not pa.types.is_timestamp(column.type) or column.type.unit != "ns":
            return column
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)

    return pa.RecordBatch.from_arrays([coarser(column) for column in batch.columns], names=batch.schema.names)


def _damaged(origin: str, error: Exception) -> str:
    return f"{origin} is no Parquet file that can be read to its end ({_reason(error)}). Fetch or write it again."


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0].strip().rstrip(".")
