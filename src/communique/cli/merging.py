"""`communique show events --merged`: what several reports tell of, once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, cast

from rich.console import Group, RenderableType
from rich.text import Text

from communique.cli import render
from communique.cli.options import Form, settings_of
from communique.records import Event
from communique.showing import finding, flat
from communique.showing.text import clean, counted

if TYPE_CHECKING:
    from communique.store import Filters, MergedEvent, Store

_OUTLETS = 6  # named in a table


def show(store: Store, filters: Filters, format: Form, most: int) -> None:
    """Print the merged events that `filters` let through; a table shows `most` of them."""
    finding.matching(store, "events", replace(filters, limit=1), settings_of(()))  # says what there is none of
    found = list(store.merged_events(filters))
    if format is Form.table:
        _print_table(store, found, most)
    elif format is Form.csv:
        flat.write_rows(sys.stdout, COLUMNS, (_row(each) for each in found))
    else:
        _print_lines(found)


COLUMNS = (
    "type", "status", "first_day", "last_day", "actor_codes", "recipient_codes", "reports", "stories", "outlets",
    "first_report", "records", "confidence",
)  # fmt: skip


def _row(each: MergedEvent) -> flat.Row:
    return {
        "type": each.type, "status": each.status, "first_day": each.first_day, "last_day": each.last_day,
        "actor_codes": flat.join(each.actors), "recipient_codes": flat.join(each.recipients), "reports": each.reports,
        "stories": each.stories, "outlets": flat.join(each.outlets), "first_report": each.first_report,
        "records": flat.join(each.records), "confidence": each.confidence,
    }  # fmt: skip


def _print_lines(found: Sequence[MergedEvent]) -> None:
    import orjson

    sys.stdout.flush()
    for each in found:
        sys.stdout.buffer.write(orjson.dumps({"kind": "merged", **asdict(each)}) + b"\n")
    sys.stdout.buffer.flush()


def _print_table(store: Store, found: Sequence[MergedEvent], most: int) -> None:
    console = render.console()
    if not found:
        render.show(console, Text("No events fit."))
        return
    shown = found[:most]
    records = store.records(each.records[0] for each in shown)
    reports = store.reports(record.report for record in records.values())
    parts: list[RenderableType] = []
    for each in shown:
        record = cast(Event, records[each.records[0]])
        parts += [Text()] * bool(parts) + [render.card(record, reports[record.report], origin=True), _told(each)]
    if len(found) > most:
        note = f"The first {most} are shown. --limit N shows more, --format csv gives all."
        parts += [Text(), Text(note, style="dim")]
    render.show(console, Group(*parts))


def _told(each: MergedEvent) -> Text:
    """Return in how many reports and stories an event is told, and by whom."""
    outlets = ", ".join(clean(name) for name in each.outlets[:_OUTLETS])
    more = f" and {len(each.outlets) - _OUTLETS} more" if len(each.outlets) > _OUTLETS else ""
    line = f"told in {counted(each.reports, 'report')}, {counted(each.stories, 'story', 'stories')}"
    named = f": {outlets}{more}" if outlets else ""
    return Text(f"{' ' * render.INDENT}{line}{named}", style="bold" if each.reports > 1 else "dim")
