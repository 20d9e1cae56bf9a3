"""A report: its text as published, the words that prove each record, and why each record is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from communique.alignment.latest import Cited
from communique.records import Event, Position, Record, Report, Statement, Trace, to_dict
from communique.showing import flat
from communique.showing import text as say
from communique.showing.entries import web_address
from communique.web.access import who
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, actor, here, issue
from communique.web.pages.marking import Paragraph, paragraphs
from communique.web.problems import Problem
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
_KINDS = (("Deeds", Event), ("Words", Statement), ("Positions", Position))
STATUSES = ("actual", "planned", "hypothetical", "denied", "historical")
STANCES = ("support", "oppose", "neutral")


@dataclass(frozen=True, slots=True)
class Linked:
    """A name with the address that it leads to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A record of the report: its card, what it leads to, and how it came about (`trace` is None if unknown)."""

    id: str
    kind: str
    card: Card
    record: Record
    links: tuple[Linked, ...]
    where: str
    trace: Trace | None
    judged: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page shows."""

    here: Here
    title: str
    report: Report
    link: str
    paragraphs: tuple[Paragraph, ...]
    groups: tuple[tuple[str, tuple[Shown, ...]], ...]
    may_write: bool
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()
    statuses: tuple[str, ...] = STATUSES
    stances: tuple[str, ...] = STANCES


def page(store: Store, at: Here, identifier: str, may_write: bool) -> ReportPage:
    """Return the page of a report. Raises Problem for one that the store has not."""
    if not store.has(identifier):
        raise Problem(
            404, f"No report {identifier[:80]!r} in this store. The list of reports has those that there are."
        )
    coding = store.coding(identifier)
    report = coding.report
    traces = {trace.record: trace for trace in coding.traces}
    shown = [_shown(record, report, traces.get(record.id)) for record in coding.records]
    groups = tuple(
        (title, some) for title, kind in _KINDS if (some := tuple(s for s in shown if isinstance(s.record, kind)))
    )  # fmt: skip
    tables = tuple(
        Table(title.lower(), title, tuple(flat.row(one.record, report) for one in some)) for title, some in groups
    )
    title = say.clean(report.title) or f"{say.words(report.text[:90], ((0, 90),))} …"
    return ReportPage(
        at, title, report, web_address(report.url), paragraphs(report, coding.records), groups, may_write, tables
    )


def _shown(record: Record, report: Report, trace: Trace | None) -> Shown:
    card = cards.of_cited(Cited(record, report))
    where = ""
    if isinstance(record, Event):
        where = ", ".join(dict.fromkeys(map(say.place, record.places)))
    return Shown(record.id, record.kind, card, record, tuple(_links(record)), where, trace)


def _links(record: Record) -> Iterable[Linked]:
    if isinstance(record, Event):
        sides = record.actors + record.recipients
    elif isinstance(record, Statement):
        sides = record.speakers + record.recipients
    else:
        sides = record.holders + record.toward
    seen = set()
    for side in sides:
        if side.code and side.code not in seen:
            seen.add(side.code)
            yield Linked(say.clean(side.name or side.code), actor(side.code))
    if isinstance(record, Position) and record.issue:
        yield Linked(say.clean(record.issue), issue(record.issue))


def show(request: Request, store: Opened, id: str) -> Response:
    """Answer with a report."""
    made = page(store, here(request), id, who(request).may_write)
    if request.url.path.endswith(".jsonl") and made.here.path != request.url.path:
        return _lines(store, id)
    return respond(request, "report.html", made)


def _lines(store: Store, identifier: str) -> Response:
    """Return the report with its records as `communique code` prints them: nothing is lost."""
    import orjson

    coding = store.coding(identifier)
    lines = (orjson.dumps(to_dict(one), option=orjson.OPT_APPEND_NEWLINE) for one in (coding.report, *coding.records))
    return Response(
        b"".join(lines), media_type="application/x-ndjson",
        headers={"content-disposition": 'attachment; filename="report.jsonl"'},
    )  # fmt: skip


views(router, "/reports/{id}", show)
