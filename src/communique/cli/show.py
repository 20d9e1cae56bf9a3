"""`communique show`: ask a store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from communique.cli import merging, render
from communique.cli.options import (
    DataOrigin,
    Form,
    FromDay,
    Kind,
    Looks,
    MinConfidence,
    Raw,
    StoreFolder,
    UntilDay,
    print_lines,
    settings_of,
)  # fmt: skip
from communique.errors import QueryError
from communique.records import Event, Position, Record, Report, Statement
from communique.showing import finding, flat

if TYPE_CHECKING:
    from communique.store import ReportSummary, Store

    Found = Record | ReportSummary

SHOWN = 50  # records in a table, unless --limit says otherwise
_PAGE = 500  # records whose reports are fetched at once
Limit = Annotated[
    int | None, typer.Option(metavar="N", min=1, help=f"At most N. A table shows {SHOWN} if this is not given.")
]
Merged = Annotated[
    bool,
    typer.Option("--merged", help="What several reports tell of once: with how many reports, and stories, say so."),
]


def show(
    kind: Annotated[Kind, typer.Argument(metavar="events|statements|positions|reports", help="What to show.")],
    store: StoreFolder,
    actor: Annotated[str | None, typer.Option(metavar="CODE", help="Records in which this actor takes part.")] = None,
    dyad: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Records between these two actors, either way.")
    ] = None,
    type: Annotated[str | None, typer.Option(metavar="TYPE", help="Events of this type of the codebook.")] = None,
    issue: Annotated[str | None, typer.Option(metavar="ID", help="Positions on this issue.")] = None,
    stance: Annotated[str | None, typer.Option(metavar="STANCE", help="support, oppose or neutral.")] = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="actual, planned, hypothetical, denied or historical.")
    ] = None,
    origin: DataOrigin = None,
    since: FromDay = None,
    until: UntilDay = None,
    report: Annotated[
        str | None, typer.Option(metavar="ID", help="Of this report; a unique beginning will do.")
    ] = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = None,
    merged: Merged = False,
    raw: Raw = False,
    format: Looks = Form.table,
) -> None:
    """Show what a store holds: events, statements, positions or reports, by day of publication.

    Filters that are given together must all hold. Actors go by code (`communique knowledge actors NAME` gives it)
    and are looked for on either side of a record. Of reports, the filters find those with a record that fits.

    Examples:

    - `communique show events --store news --dyad RUS UKR --since 2022-02`

    - `communique show positions --store news --issue taiwan --stance support`

    - `communique show events --store news --merged --actor UKR --type ASSAULT`

    - `communique show statements --store news --actor CHN --format csv > china.csv`
    """
    from communique.store import Filters, Store

    if merged and kind is not Kind.events:
        raise QueryError(f"Only events are merged, not {kind.value}. Ask for `show events --merged`, or leave it out.")
    with Store.open(store, raw=raw) as opened:
        filters = Filters(
            actor=actor, dyad=dyad, type=type, issue=issue, stance=stance, status=status, since=since, until=until,
            report=finding.report_id(opened, report) if report is not None else None, limit=limit,
            min_confidence=min_confidence or None, origin=origin,
        )  # fmt: skip
        if format is Form.table and limit is None:
            filters = replace(filters, limit=SHOWN + 1)
        if merged:
            merging.show(opened, filters, format, SHOWN if limit is None else limit)
            return
        found = finding.matching(opened, kind.value, filters, settings_of(()))
        _print(opened, kind, found, format, SHOWN if limit is None else limit)


def _print(store: Store, kind: Kind, found: Sequence[Found], format: Form, most: int) -> None:
    if format is Form.table:
        _print_table(store, kind, found, most)
    elif format is Form.csv:
        flat.write(sys.stdout, kind.value, (_row(one, report) for one, report in _with_reports(store, found)))
    else:
        print_lines(one if isinstance(one, Event | Statement | Position) else one.report for one in found)


def _with_reports(store: Store, found: Sequence[Found]) -> Iterator[tuple[Found, Report]]:
    """Yield each record with its report; reports are fetched by pages."""
    for start in range(0, len(found), _PAGE):
        page = found[start : start + _PAGE]
        wanted = dict.fromkeys(one.report for one in page if isinstance(one.report, str))
        reports = store.reports(wanted) if wanted else {}
        for one in page:
            yield one, finding.report_of(one, reports)


def _row(found: Found, report: Report) -> flat.Row:
    if isinstance(found, Event | Statement | Position):
        return flat.row(found, report)
    counts = {"events": found.events, "statements": found.statements, "positions": found.positions}
    return flat.report_row(found.report, counts)


def _print_table(store: Store, kind: Kind, found: Sequence[Found], most: int) -> None:
    console = render.console()
    if not found:
        render.show(console, Text(f"No {kind.value} fit."))
        return
    shown = found[:most]
    parts: list[RenderableType] = []
    if kind is Kind.reports:
        parts.append(render.reports([one for one in shown if not isinstance(one, Event | Statement | Position)]))
    else:
        for one, report in _with_reports(store, shown):
            if isinstance(one, Event | Statement | Position):
                parts += [Text()] * bool(parts) + [render.card(one, report, origin=True)]
    if len(found) > most:
        note = f"The first {most} are shown. --limit N shows more, --format csv gives all."
        parts += [Text(), Text(note, style="dim")]
    render.show(console, Group(*parts))
