"""Flat CSV for spreadsheets, and Parquet and Arrow with the fields of our records as columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from communique.errors import QueryError, unknown
from communique.exchange.formats import KINDS, Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.showing import flat
from communique.store.arrow import write_arrow, write_parquet


def _rows(source: Source, kind: str) -> Iterator[flat.Row]:
    if kind == "reports":
        for each in source.reports():
            counts = {"events": each.events, "statements": each.statements, "positions": each.positions}
            yield flat.report_row(each.report, counts)
    else:
        for record, report in source.records(kind):
            yield flat.row(record, report)


def _kind(options: Options) -> str:
    if options.kind not in KINDS:
        raise QueryError(unknown("kind of record", options.kind, KINDS))
    return options.kind


def _write_csv(source: Source, out: Out, tally: Tally, options: Options) -> None:
    kind = _kind(options)
    with out.text() as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(flat.columns(kind))
        for row in _rows(source, kind):
            writer.writerow([flat.guard(cell) for cell in row.values()])
            tally.rows += 1
            tally.records[kind] += 1


def _write_parquet(source: Source, out: Out, tally: Tally, options: Options) -> None:
    kind = _kind(options)
    with out.binary() as file:
        tally.rows = tally.records[kind] = write_parquet(file, source.tables(kind))


def _write_arrow(source: Source, out: Out, tally: Tally, options: Options) -> None:
    kind = _kind(options)
    with out.binary() as file:
        tally.rows = tally.records[kind] = write_arrow(file, source.tables(kind))


CSV = Format(
    "csv", "CSV", _write_csv, kinds=(),
    lost=("texts of reports but for the sentences", "spans but for the sentence's", "words and offices of actors"),
)  # fmt: skip
PARQUET = Format("parquet", "Parquet", _write_parquet, kinds=(), binary=True, lost=("traces",))
ARROW = Format("arrow", "Arrow IPC stream", _write_arrow, kinds=(), lost=("traces",))
