"""A report: its text as published, the words that prove each record, and why each record is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from communique.alignment.latest import Cited
from communique.records import Event, Position, Record, Report, Statement, Trace, to_dict
from communique.showing import flat
from communique.showing import text as say
from communique.showing.entries import web_address
from communique.showing.marking import Paragraph, paragraphs
from communique.web.access import who
from communique.web.knowing import knowledge
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.cards import Card
from communique.web.pages.finding import title_of
from communique.web.pages.here import Here, actor, here, issue
from communique.web.pages.names import Named, named_by
from communique.web.pages.naming import name_of
from communique.web.pages.proposing import SIDES, Draft, draft
from communique.web.problems import Problem
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.svg import Picture
    from communique.store import Correction, Store

router = APIRouter()
_KINDS = (("Deeds", Event), ("Words", Statement), ("Positions", Position))
_DONE = {"accept": "found right", "amend": "amended", "add": "added"}
_OWN = frozenset({"id", "report", "kind", "confidence", "quad", "goldstein", "mode", "cameo"})  # no words for people
_SAID = {"evidence": "words"}
STATUSES = ("actual", "planned", "hypothetical", "denied", "historical")
STANCES = ("support", "oppose", "neutral")
QUOTES = ("direct", "indirect", "mixed")


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
    judged: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a record; `last` of those about the same record holds. `changed` names what is amended."""

    action: str
    changed: str
    record: str
    what: str
    who: str
    at: str
    note: str
    last: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the name, if the token does not say it, and what they may do."""

    may_write: bool = False
    asks_name: bool = True
    name: str = ""


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
    asks_name: bool
    name: str
    types: tuple[str, ...]
    corrections: tuple[Said, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()
    statuses: tuple[str, ...] = STATUSES
    stances: tuple[str, ...] = STANCES
    quotes: tuple[str, ...] = QUOTES


def page(
    store: Store, at: Here, identifier: str, reader: Reader, named: Named, types: tuple[str, ...] = ()
) -> ReportPage:
    """Return the page of a report. Raises Problem for one that the store has not."""
    if not store.has(identifier):
        raise Problem(
            404, f"No report {identifier[:80]!r} in this store. The list of reports has those that there are."
        )
    coding = store.coding(identifier)
    report = coding.report
    traces = {trace.record: trace for trace in coding.traces}
    said = store.corrections(report=identifier)
    judged = {each.record: each for each in said}
    shown = [_shown(one, report, traces.get(one.id), judged.get(one.id), named) for one in coding.records]
    groups = tuple(
        (title, some) for title, kind in _KINDS if (some := tuple(s for s in shown if isinstance(s.record, kind)))
    )  # fmt: skip
    tables = tuple(
        Table(title.lower(), title, tuple(flat.row(one.record, report) for one in some)) for title, some in groups
    )
    title = title_of(report)
    return ReportPage(
        at,
        title,
        report,
        web_address(report.url),
        paragraphs(report, coding.records),
        groups,
        reader.may_write,
        reader.asks_name,
        reader.name,
        types,
        _said(said, report),
        tables,
    )


def _shown(
    record: Record, report: Report, trace: Trace | None, judged: Correction | None, named: Named
) -> Shown:  # fmt: skip
    card = cards.of_cited(Cited(record, report), named.issue)
    where = ""
    if isinstance(record, Event):
        where = ", ".join(dict.fromkeys(map(say.place, record.places)))
    told = f"{_DONE[judged.action]} by {say.clean(judged.who)}" if judged and judged.action in _DONE else ""
    drawn = draft(record, report)
    return Shown(record.id, record.kind, card, record, tuple(_links(record, named)), where, trace, told, drawn)


def _said(all_of_them: list[Correction], report: Report) -> tuple[Said, ...]:
    last = {each.record: each.id for each in all_of_them}
    found = []
    for each in reversed(all_of_them):
        record = each.becomes or each.was
        entry = cards.of_cited(Cited(record, report)) if record else None
        what = f"{entry.head}: {entry.what}" if entry else say.clean(each.record)
        found.append(Said(
            each.action, _changed(each), each.record, what,
            say.clean(each.who), each.at[:16].replace("T", " "), say.clean(each.note), last[each.record] == each.id,
        ))  # fmt: skip
    return tuple(found)


def _changed(each: Correction) -> str:
    """Return the names of the fields in which an amended record differs from what it was."""
    was, becomes = each.was, each.becomes
    if was is None or becomes is None or was.kind != becomes.kind:
        return ""
    names = [f.name for f in fields(was) if f.name not in _OWN and getattr(was, f.name) != getattr(becomes, f.name)]
    return ", ".join(_SAID.get(name, name) for name in names)


def _links(record: Record, named: Named) -> Iterable[Linked]:
    seen = set()
    for side in (one for name in SIDES[record.kind] for one in getattr(record, name)):
        if side.code and side.code not in seen:
            seen.add(side.code)
            yield Linked(say.clean(side.name or side.code), actor(side.code))
    if isinstance(record, Position) and record.issue:
        yield Linked(named.issue(record.issue), issue(record.issue))


def show(request: Request, store: Opened, id: str) -> Response:
    """Answer with a report."""
    asking = who(request)
    reader = Reader(asking.may_write, not asking.name, name_of(request))
    types = tuple(knowledge(request).codebook.types) if asking.may_write else ()
    made = page(store, here(request), id, reader, named_by(knowledge(request)), types)
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
