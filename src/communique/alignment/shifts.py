"""Who changed its mind, and whose deeds go against its words: two records each, the earlier and the later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from communique.records import Actor, Event, Position

_SIGN = {"support": 1, "oppose": -1}
WITHIN = 90  # days between words and the deed that goes against them
_DEEDS = {2: 1, 4: -1}


@dataclass(frozen=True, slots=True)
class Shift:
    """An actor that held one thing, and then the other: on an issue, or toward another actor."""

    actor: str
    issue: str
    toward: str
    before: Position
    after: Position


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An actor whose deed toward another goes against a position toward it, held at most some days before or after."""

    actor: str
    toward: str
    words: Position
    deed: Event
    order: Literal["words first", "deed first"]


def shifts(positions: Iterable[Position]) -> list[Shift]:
    """Return each change of stance of a holder on an issue, or toward an actor where there is no issue, by day.

    Only what is told as held counts, not what others say of one. Of several positions on one day none counts if they
    are of both signs. The two records are the last of the old stance and the first of the new one.
    """
    held: dict[tuple[str, str, str], dict[str, list[Position]]] = defaultdict(lambda: defaultdict(list))
    for position in positions:
        day = _day(position)
        if not day or not _own(position) or position.stance not in _SIGN:
            continue
        for holder in _codes(position.holders):
            aims = [(position.issue, "")] if position.issue else [("", code) for code in _codes(position.toward)]
            for issue, toward in aims:
                if holder != toward:
                    held[holder, issue, toward][day].append(position)
    found: list[Shift] = []
    for (actor, issue, toward), days in held.items():
        last: Position | None = None
        for day in sorted(days):
            signs = {p.stance for p in days[day]}
            if len(signs) > 1:
                continue
            first = days[day][0]
            if last is not None and last.stance != first.stance:
                found.append(Shift(actor, issue, toward, last, first))
            last = days[day][-1]
    return sorted(found, key=lambda s: (_day(s.after), s.actor, s.issue, s.toward))


def contradictions(
    positions: Sequence[Position], events: Sequence[Event], *, within: int = WITHIN
) -> list[Contradiction]:
    """Return each deed (quad 2 or 4, told as done) with the nearest position of its doer that it goes against.

    A hostile deed goes against support toward who suffers it, cooperation against opposition. Positions count that lie
    at most `within` days before or after the deed.
    """
    toward: dict[tuple[str, str], list[Position]] = defaultdict(list)
    for p in positions:
        if _own(p) and p.stance in _SIGN and _day(p):
            for pair in _pairs(p.holders, p.toward):
                toward[pair].append(p)
    found = []
    for e in events:
        sign, day = _DEEDS.get(e.quad, 0), _day(e)
        if not sign or e.status != "actual" or not day or not _said_by_itself(e):
            continue
        for pair in _pairs(e.actors, e.recipients):
            against = [p for p in toward.get(pair, ()) if _SIGN[p.stance] == -sign and _apart(_day(p), day) <= within]
            if against:
                words = min(against, key=lambda p: (_apart(_day(p), day), p.id))
                order: Literal["words first", "deed first"] = "words first" if _day(words) <= day else "deed first"
                found.append(Contradiction(*pair, words, e, order))
    return sorted(found, key=lambda c: (_day(c.deed), c.actor, c.toward, c.deed.id))


def _own(p: Position) -> bool:
    return p.status == "actual" and (not p.attributed_to or bool({*_codes(p.attributed_to)} & {*_codes(p.holders)}))


def _said_by_itself(e: Event) -> bool:
    return not e.attributed_to or bool({*_codes(e.attributed_to)} & {*_codes(e.actors)})


def _codes(actors: Sequence[Actor]) -> list[str]:
    return list(dict.fromkeys(a.code for a in actors if a.code))


def _pairs(first: Sequence[Actor], second: Sequence[Actor]) -> Iterator[tuple[str, str]]:
    return ((a, b) for a in _codes(first) for b in _codes(second) if a != b)


def _day(record: Position | Event) -> str:
    day = (record.date.start or record.date.end)[:10]
    return day if len(day) == 10 else ""


def _apart(first: str, second: str) -> int:
    return abs((date.fromisoformat(first) - date.fromisoformat(second)).days)
