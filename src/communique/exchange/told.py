"""Which events go out as done, between whom, and where in the report they are told: what all event formats ask."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import combinations, product

from communique.exchange.formats import Options, Tally
from communique.exchange.source import Source
from communique.records import Actor, Event, Report

Pair = tuple[Actor | None, Actor | None]
_ENDS = re.compile(r"[.!?][\"'”’)]*\s+|\n\s*\n")
_UNDATED = "0001-01-01"


def done(source: Source, tally: Tally, options: Options) -> Iterator[tuple[Event, Report]]:
    """Yield the events that took place, as far as the report itself says so, and count the others.

    Planned, denied and hypothetical events would read as done; past ones are told as background. They are left out,
    unless past ones are asked for by the filter of status. So is what one says that another did, unless `options` let
    it through.
    """
    asked = source.filters.status
    for event, report in source.events():
        if event.status != "actual" and not (asked == "historical" and event.status == "historical"):
            tally.left[f"{event.status} events"] += 1
        elif not options.attributed and not _own(event):
            tally.left["events that somebody else tells of (--attributed lets them through)"] += 1
        elif not (event.actors or event.recipients):
            tally.left["events without any actor"] += 1
        else:
            tally.records["events"] += 1
            yield event, report


def _own(event: Event) -> bool:
    """Whether an event is told by the report itself, or by one of those who did it."""
    tellers = {who.code.upper() for who in event.attributed_to}
    return not event.attributed_to or any(who.code and who.code.upper() in tellers for who in event.actors)


def pairs(event: Event) -> list[Pair]:
    """Return who did it to whom, each two of them: formats with one doer and one other side have a row for each.

    Who does something friendly together, without another side, did it to each other, once for each two.
    """
    if event.actors and event.recipients:
        return list(product(event.actors, event.recipients))
    if event.recipients:
        return [(None, who) for who in event.recipients]
    if len(event.actors) > 1 and event.quad in (1, 2):
        return list(combinations(event.actors, 2))
    return [(who, None) for who in event.actors]


def number(event: Event, pair: int = 0) -> int:
    """Return a number of at most 15 digits (exact in any program) for a row: the same for the same event anywhere.

    An imported event has the number that it came with.
    """
    origin, _, own = event.id.partition(":")
    if own and pair == 0 and origin in ("gdelt1", "gdelt2", "icews"):
        first = own.partition("-")[0]
        if first.isdigit():
            return int(first)
    digest = hashlib.sha256(f"{event.id}#{pair}".encode()).digest()
    return 10**14 + int.from_bytes(digest[:8], "big") % (9 * 10**14)


def day(event: Event, report: Report) -> str:
    """Return the ISO day of an event: its first, else its last, else that of publication; "" where none is known."""
    return event.date.start or event.date.end or report.published[:10]


def noted_day(event: Event, report: Report, tally: Tally) -> str:
    """Return `day`, and count where it says more, or less, than the record."""
    if not (event.date.start or event.date.end):
        tally.changed["days of events without one, for which that of publication stands"] += 1
    elif not (event.date.start and event.date.end):
        tally.changed["days up to which, or from which, an event is told, written as its day"] += 1
    elif event.date.start != event.date.end:
        tally.changed["days that stand for the first of several"] += 1
    found = day(event, report)
    if not found:
        tally.changed["days that are not known, written as 0001-01-01"] += 1
    return found or _UNDATED


def sentence(event: Event, report: Report) -> str:
    """Return the sentence that an event stands in, on one line."""
    spans = event.evidence.sentence
    return " ".join(" ".join(report.text[start:end] for start, end in spans).split())


def sentence_number(event: Event, report: Report) -> int:
    """Return which sentence of the report an event stands in, from 1: sentences are counted by their ends."""
    spans = event.evidence.sentence
    if not spans:
        return 1
    return 1 + sum(1 for found in _ENDS.finditer(report.text[: spans[0][0]]))


def in_lead(event: Event, report: Report) -> bool:
    """Say whether an event is told in the first paragraph."""
    spans = event.evidence.sentence
    first = report.text.lstrip().find("\n\n")
    return bool(spans) and (first < 0 or spans[0][0] < first + len(report.text) - len(report.text.lstrip()))


def flat(text: object) -> str:
    """Return a value as one cell of a tab-separated line."""
    return " ".join(str(text).split()) if text not in (None, "") else ""
