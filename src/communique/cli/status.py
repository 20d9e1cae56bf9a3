"""`communique status`: what a store holds, what became of each input, and whether its files are whole."""

from __future__ import annotations

import csv
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.failing import FAILED
from communique.cli.options import Form, Origin, StoreFolder
from communique.errors import QueryError, StoreWarning, unknown
from communique.showing import text as say
from communique.showing.flat import guard

if TYPE_CHECKING:
    from communique.store import Damage, LedgerLine, LedgerSum, Store, Summary

_LAST = 10  # failures that are shown
_COLUMNS = ("origin", "source_id", "report", "outcome", "stage", "cause", "attempts", "at")
_SIZES = ("bytes", "kB", "MB", "GB", "TB")


def status(
    store: StoreFolder,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="OUTCOME", help="Inputs that were coded, duplicate, skipped or failed.")
    ] = "",
    origin: Origin = "",
    check: Annotated[
        bool, typer.Option("--check", help="Compare every file of the store with what was written. Takes a while.")
    ] = False,
    format: Annotated[
        Form, typer.Option("--format", help="For people, for spreadsheets, or one JSON object a line.")
    ] = Form.table,
) -> None:
    """Say what a store holds, what became of each input, and whether the store is whole.

    The table sums the inputs by outcome, stage and cause, and shows the failures that came last. CSV gives each input
    of the ledger a line; JSON lines give the store first, then what is damaged, then each input. The exit status is 1
    where a file of the store is torn or missing.

    Examples:

    - `communique status --store news`

    - `communique status --store news --check`

    - `communique status --store news --outcome failed --format csv > failed.csv`
    """
    from communique.store import Store
    from communique.store.ledger import OUTCOMES

    chosen = next((known for known in OUTCOMES if known == outcome), None)
    if outcome and chosen is None:
        raise QueryError(unknown("outcome", outcome, OUTCOMES))
    with Store.open(store) as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore", StoreWarning)  # what is damaged is said below
        damage = opened.damage(thorough=check)
        if format is Form.table:
            sums = opened.sums(chosen, origin=origin)
            last = opened.last_inputs(chosen or "failed", origin=origin, most=_LAST)
            about = [*_about(opened, damage, check), *_ledger(sums), *_failures(opened, last)]
            render.show(render.console(), Group(*about))
        elif format is Form.csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(_COLUMNS)
            for line in opened.inputs(chosen, origin=origin):
                writer.writerow([guard(getattr(line, column)) for column in _COLUMNS])
        else:
            _print_lines(opened, damage, opened.inputs(chosen, origin=origin))
    if damage:
        raise typer.Exit(FAILED)


def _about(store: Store, damage: Sequence[Damage], checked: bool) -> Iterator[RenderableType]:
    from communique.store.damage import sentence

    summary = store.summary()
    yield Text(_holdings(summary), style="bold")
    yield Text(_records(summary))
    yield Text(f"{say.counted(summary.parts, 'part')}, {_size(summary.size)} on the disk")
    yield Text(_writer(summary.writing))
    yield from (Text(say.clean(sentence(each)), style="bold red") for each in damage)
    if damage:
        yield Text(f"communique retry --store {say.clean(str(store.path))} reads them again.")
    elif checked:
        yield Text("Every file is what was written.")


def _holdings(summary: Summary) -> str:
    reports = say.counted(summary.counts["reports"], "report")
    if not summary.since:
        return reports
    days = f"of {summary.since}" if summary.since == summary.until else f"from {summary.since} to {summary.until}"
    return say.clean(f"{reports} {days}, {say.counted(summary.outlets, 'outlet')}")


def _records(summary: Summary) -> str:
    kinds = (("events", "event"), ("statements", "statement"), ("positions", "position"))
    return ", ".join(say.counted(summary.counts[kind], noun) for kind, noun in kinds)


def _writer(writing: bool | None) -> str:
    if writing is None:
        return "Whether a writer is at work cannot be seen from here."
    return "A writer is at work." if writing else "No writer is at work."


def _ledger(sums: Sequence[LedgerSum]) -> Iterator[RenderableType]:
    yield Text()
    if not sums:
        yield Text("No input fits.")
        return
    table = _table("inputs", "outcome", "stage", "cause")
    table.columns[0].justify = "right"
    for one in sums:
        cells = (f"{one.inputs:,}", one.outcome, one.stage, one.cause)
        table.add_row(*(Text(say.clean(cell)) for cell in cells))
    yield table


def _failures(store: Store, last: Sequence[LedgerLine]) -> Iterator[RenderableType]:
    if not last:
        return
    yield Text()
    table = _table("at", f"last {last[0].outcome}", "cause" if any(line.cause for line in last) else "")
    for line in last:
        origin = f"{line.origin} ({line.source_id})" if line.source_id else line.origin
        cause = ": ".join(filter(None, (line.stage, line.cause)))
        table.add_row(Text(line.at, style="dim"), Text(say.clean(origin)), Text(say.clean(cause)))
    yield table
    if last[0].outcome == "failed":
        yield Text()
        yield Text(f"communique retry --store {say.clean(str(store.path))} reads them again.")


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _print_lines(store: Store, damage: Sequence[Damage], lines: Sequence[LedgerLine]) -> None:
    sys.stdout.flush()
    summary = asdict(store.summary())
    rows: list[dict[str, Any]] = [{"kind": "store", **summary}]
    rows += [{"kind": "damage", **asdict(each)} for each in damage]
    for row in rows:
        sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    for line in lines:
        values = {"kind": "input", **{column: getattr(line, column) for column in _COLUMNS}}
        sys.stdout.buffer.write(orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _size(size: float) -> str:
    """Return a number of bytes for people: `512 bytes`, `3.4 MB`."""
    unit = 0
    while size >= 1000 and unit < len(_SIZES) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:,.0f} {_SIZES[unit]}" if unit == 0 else f"{size:,.1f} {_SIZES[unit]}"
