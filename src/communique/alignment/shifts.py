"""Who changed its mind, and whose deeds go against its words: two records each, the earlier and the later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from communique.records import Actor, Event, Position

_SIGN = {"support": 1, "oppose": -1}
Order = Literal["words first", "deed first", "same day"]
WITHIN = 90  # days between words and the deed that goes against them
_DEEDS = {2: 1, 4: -1}


@dataclass(frozen=True, slots=True)
class Shift:
    """An actor that held one thing, and then the other: on an issue, toward another actor, or both."""

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
    order: Order


Dated = tuple[str, Position]
"""A position with the day that counts for it: its own first day, or that of publication."""


def shifts(positions: Iterable[Dated]) -> list[Shift]:
    """Return each change of stance of a holder on an issue and toward an actor (either may be empty), by day.

    Only what is told as held counts, and what others say of a holder does not. Of several positions on one day none
    counts if they are of both signs. The two records are the last of the old stance and the first of the new one.
    """
    held: dict[tuple[str, str, str], dict[str, list[Position]]] = defaultdict(lambda: defaultdict(list))
    for day, position in positions:
        if not day or position.status != "actual" or position.stance not in _SIGN:
            continue
        for holder in _codes(position.holders):
            if not own(holder, position.attributed_to):
                continue
            for toward in _codes(position.toward) or [""]:
                if holder != toward and (position.issue or toward):
                    held[holder, position.issue, toward][day].append(position)
    found: list[tuple[str, Shift]] = []
    for (actor, issue, toward), days in held.items():
        last: Position | None = None
        for day in sorted(days):
            if len({p.stance for p in days[day]}) > 1:
                continue
            first = days[day][0]
            if last is not None and last.stance != first.stance:
                found.append((day, Shift(actor, issue, toward, last, first)))
            last = days[day][-1]
    return [s for _, s in sorted(found, key=lambda f: (f[0], f[1].actor, f[1].issue, f[1].toward))]


def contradictions(
    positions: Iterable[Dated], events: Iterable[tuple[str, Event]], *, within: int = WITHIN
) -> list[Contradiction]:
    """Return each deed (quad 2 or 4, told as done) with the position of its doer that it goes against.

    A hostile deed goes against support toward who suffers it, cooperation against opposition. Held against the deed is
    the last position toward that actor at most `within` days before it, or of the same day; where there is none, the
    first one at most as many days after it.
    """
    toward: dict[tuple[str, str], list[Dated]] = defaultdict(list)
    for day, p in positions:
        if day and p.status == "actual" and p.stance in _SIGN:
            for pair in _pairs(p.holders, p.toward):
                if own(pair[0], p.attributed_to):
                    toward[pair].append((day, p))
    found: list[tuple[str, Contradiction]] = []
    for day, e in events:
        sign = _DEEDS.get(e.quad, 0)
        if not sign or e.status != "actual" or not day:
            continue
        for pair in _pairs(e.actors, e.recipients):
            if not own(pair[0], e.attributed_to):
                continue
            near = sorted(
                (d for d in toward.get(pair, ()) if _apart(d[0], day) <= within), key=lambda d: (d[0], d[1].id)
            )
            before, after = [d for d in near if d[0] <= day], [d for d in near if d[0] > day]
            words = before[-1] if before else after[0] if after else None
            if words is not None and _SIGN[words[1].stance] == -sign:
                order: Order = "same day" if words[0] == day else "words first" if before else "deed first"
                found.append((day, Contradiction(*pair, words[1], e, order)))
    return [c for _, c in sorted(found, key=lambda f: (f[0], f[1].actor, f[1].toward, f[1].deed.id))]


def own(who: str, tellers: Sequence[Actor]) -> bool:
    """Tell whether what is said of `who` is its own: said by nobody else, or by itself too."""
    return not tellers or who in _codes(tellers)


def _codes(actors: Sequence[Actor]) -> list[str]:
    return list(dict.fromkeys(a.code for a in actors if a.code))


def _pairs(first: Sequence[Actor], second: Sequence[Actor]) -> Iterator[tuple[str, str]]:
    return ((a, b) for a in _codes(first) for b in _codes(second) if a != b)


def _apart(first: str, second: str) -> int:
    return abs((date.fromisoformat(first) - date.fromisoformat(second)).days)
