"""What a brief quotes: records with the report that each is from, and the latest of them told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.records import Actor, Event, Position, Record, Report, Statement

if TYPE_CHECKING:
    from communique.store import Filters, Store

RECENT = 400  # records, by publication, among which the latest by their own day are looked for


@dataclass(frozen=True, slots=True)
class Cited:
    """A record and the report that it is from; `told` is the number of reports that tell the same."""

    record: Record
    report: Report
    told: int = 1


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest records of a kind, the newest first, and how many there are in all (`told` twice counts twice)."""

    cited: tuple[Cited, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The last `RECENT` records of a kind that filters let through, by publication, and how many there are."""

    records: tuple[Record, ...] = ()
    total: int = 0


def find(store: Store, kind: str, filters: Filters) -> Found:
    """Return what the store has of `kind` (events, statements, positions)."""
    page = store.page(kind, filters, limit=RECENT)
    records = tuple(each for each in page.items if isinstance(each, Event | Statement | Position))
    return Found(records, store.count(kind, filters) if page.next else len(records))


def latest(found: Found, reports: Mapping[str, Report]) -> Latest:
    """Return the records of `found` by day, the newest first; what several reports tell alike stands once."""
    alike: dict[object, list[Record]] = {}
    for record in found.records:
        alike.setdefault(_told_alike(record, reports[record.report]), []).append(record)
    cited = [
        Cited(best, reports[best.report], len({r.report for r in same}))
        for same in alike.values()
        for best in [min(same, key=lambda r: (-r.confidence, r.id))]
    ]
    cited.sort(key=lambda c: c.record.id)
    cited.sort(key=lambda c: (_day(c.record, c.report), c.report.published), reverse=True)
    return Latest(tuple(cited), found.total)


def _day(record: Record, report: Report) -> str:
    """Return the day by which a record is new: its own, but what is yet to come is as new as its report."""
    day = record.date.start or record.date.end
    return min(day, report.published) if day and report.published else day or report.published


def _told_alike(record: Record, report: Report) -> object:
    """Return what records have in common that tell the same."""
    day = (record.date.start, record.date.end)
    if isinstance(record, Event):
        sides = (_codes(record.actors), _codes(record.recipients), _codes(record.attributed_to))
        return "event", record.type, record.mode, record.status, day, sides
    if isinstance(record, Statement):
        spans = record.evidence.content or record.evidence.sentence
        said = " ".join(report.text[start:end] for start, end in spans)
        return "statement", _codes(record.speakers), " ".join(said.casefold().split())
    return "position", record.id


def _codes(actors: Iterable[Actor]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{a.code} {a.person}" for a in actors))
