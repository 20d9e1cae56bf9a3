"""Records to rows of the Parquet files and back, without loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson
import pyarrow as pa

from communique.records import (
    Coding,
    Event,
    Position,
    Record,
    Report,
    Statement,
    Trace,
    from_dict,
)
from communique.store.shapes import KINDS, RECORD_KINDS, STORAGE, SUMS, schema

Rows = dict[str, list[dict[str, Any]]]
_TABLE_OF = {"event": "events", "statement": "statements", "position": "positions"}
PLACE = ("published", "report", "seq", "id")
_CLASSES: Mapping[str, Any] = {"events": Event, "statements": Statement, "positions": Position}
_DECODERS: Mapping[str, Any] = {kind: msgspec.json.Decoder(each) for kind, each in _CLASSES.items()}
_KIND_OF = {table: kind for kind, table in _TABLE_OF.items()}


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report and how many records of each kind it gave."""

    report: Report
    events: int = 0
    statements: int = 0
    positions: int = 0


def to_rows(coding: Coding, story: str) -> Rows:
    """Return the rows of one coding by kind of file; `story` is that of its report (stories.py).

    Raises TypeError for what no file in UTF-8 can hold: half of a surrogate pair, a whole number past 64 bits.
    """
    # One pass through JSON gives plain dicts and lists, and is several times faster than dataclasses.asdict.
    plain = orjson.loads(orjson.dumps(coding))
    rows: Rows = {kind: [] for kind in KINDS}
    published = coding.report.published
    for seq, (record, values) in enumerate(zip(coding.records, plain["records"], strict=True)):
        rows[_TABLE_OF[values.pop("kind")]].append(_stored(record, values, seq, published))
    report = plain["report"]
    del report["kind"]
    counts = {kind: len(rows[kind]) for kind in RECORD_KINDS}
    rows["reports"].append({**report, **counts, "story": story})
    for seq, values in enumerate(plain["traces"]):
        rows["traces"].append({**values, "report": coding.report.id, "seq": seq})
    return rows


def row_of(record: Record, seq: int, published: str) -> tuple[str, dict[str, Any]]:
    """Return the kind of file that a record belongs in, and its row; `seq` is its place in its report."""
    values = orjson.loads(orjson.dumps(record))
    return _TABLE_OF[values.pop("kind")], _stored(record, values, seq, published)


def table_of(kind: str, rows: Sequence[dict[str, Any]]) -> Any:
    """Return rows of one kind as an Arrow table. Raises TypeError or ValueError for what is not of the right type."""
    return pa.Table.from_pylist(list(rows), schema=schema(kind))


def _stored(record: Record, values: dict[str, Any], seq: int, published: str) -> dict[str, Any]:
    first, last = _days(values["date"], published)
    return {**values, **dict(zip(STORAGE, (seq, published, sides_of(record), first, last), strict=True))}


def to_tables(rows: Sequence[Rows]) -> dict[str, Any]:
    """Return one Arrow table for each kind of file, in the order of `rows`."""
    return {
        kind: pa.Table.from_pylist([row for each in rows for row in each[kind]], schema=schema(kind)) for kind in KINDS
    }


def empty_table(kind: str) -> Any:
    """Return the answer to a question about rows of `kind` when there are none."""
    if kind in SUMS:
        return pa.schema(list(SUMS[kind].items())).empty_table()
    if kind.endswith("_places"):
        return pa.schema([(name, schema("events").field(name).type) for name in PLACE]).empty_table()
    for whole, table in (("coded_", kind.removeprefix("coded_")), ("_page", kind.removesuffix("_page"))):
        if whole in kind:
            return schema(table).empty_table()
    hidden: tuple[str, ...] = {"reports": ("story",), "traces": ("report", "seq")}.get(kind, STORAGE)
    return schema(kind).empty_table().drop_columns(list(hidden))


def to_records(kind: str, table: Any) -> Iterator[Record]:
    """Yield the records of an Arrow table of `kind`, one of `events`, `statements`, `positions`."""
    for values in _plain(table):
        yield to_record(kind, values)


def to_record(kind: str, values: Mapping[str, Any]) -> Record:
    """Return the record of a row of `kind`; what the row has for asking only is left out."""
    try:
        record: Record = msgspec.convert(values, _CLASSES[kind])
    except msgspec.ValidationError:  # an earlier or a foreign version had other words for something
        plain = from_dict({"kind": _KIND_OF[kind], **{k: v for k, v in values.items() if k not in STORAGE}})
        if isinstance(plain, Report):
            raise
        record = plain
    return record


def record_of(kind: str, told: msgspec.Raw) -> Record:
    """Return the record of a row of `kind` that is told as JSON."""
    try:
        record: Record = _DECODERS[kind].decode(told)
    except msgspec.ValidationError:
        record = to_record(kind, orjson.loads(bytes(told)))
    return record


def to_report(values: Mapping[str, Any]) -> Report:
    """Return the report of the values of its fields."""
    return msgspec.convert(values, Report)


def to_summaries(table: Any) -> Iterator[ReportSummary]:
    """Yield the reports of an Arrow table of reports, with the counts of their records."""
    for values in _plain(table):
        counts = [values.pop(kind) for kind in RECORD_KINDS]
        report = from_dict({"kind": "report", **values})
        if isinstance(report, Report):
            yield ReportSummary(report, *counts)


def to_traces(table: Any) -> Iterator[Trace]:
    """Yield the traces of an Arrow table of traces."""
    yield from map(to_trace, _plain(table))


def to_trace(values: Mapping[str, Any]) -> Trace:
    """Return the trace of a row."""
    return msgspec.convert(values, Trace)


def _plain(table: Any) -> Iterator[dict[str, Any]]:
    """Yield rows as dicts, some at a time: Python objects take far more memory than Arrow's columns."""
    for batch in table.to_batches(max_chunksize=1024):
        yield from batch.to_pylist()


def sides_of(record: Record) -> list[str]:
    """Return the codes of the sides of a record, in upper case. Who a record is attributed to is no side of it."""
    if isinstance(record, Event):
        sides = record.actors + record.recipients
    elif isinstance(record, Statement):
        sides = record.speakers + record.recipients
    else:
        sides = record.holders + record.toward
    return [actor.code.upper() for actor in sides]


def _days(date: Mapping[str, str], published: str) -> tuple[str, str]:
    """Return the first and last day by which a record is found.

    An open end is closed by the other end: what happened at some time up to a day is found on that day. A record
    without any day is found on the day on which its report was published.
    """
    day = published[:10]
    return date["start"] or date["end"] or day, date["end"] or date["start"] or day
