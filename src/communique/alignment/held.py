"""What an actor holds on each issue now, since when, and which record shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from communique.alignment.latest import own
from communique.alignment.shifts import Shift
from communique.records import Position
from communique.store.ties import Stances


@dataclass(frozen=True, slots=True)
class Held:
    """What `actor` (a code) holds on `issue` (an id), by what is told as held, now and not only by others of it.

    `stance` and `since` (an ISO day) are empty where there is no such record; then `shown` is marked as what it is: told
    by others, planned, denied. `before` is the last record of the stance that it held before, if it held another.
    `records` and `reports` say on how much it rests, each day and story counted once; `others` counts the records that
    are not told as held.
    """

    actor: str
    issue: str
    stance: str
    since: str
    shown: Position
    before: Position | None = None
    records: int = 0
    reports: int = 0
    others: int = 0


def held(
    positions: Iterable[Position],
    actor: str,
    shifts: Iterable[Shift],
    stances: Stances,
    only: Collection[str] | None = None,
) -> list[Held]:
    """Return what `actor` holds on each issue (of `only`, if given), that on which there is most first.

    `shifts` are its changes of stance, `stances` the counts of the store.
    """
    by_issue: dict[str, list[Position]] = defaultdict(list)
    for position in positions:
        if position.issue and (only is None or position.issue in only):
            if actor in {holder.code.upper() for holder in position.holders}:
                by_issue[position.issue].append(position)
    turned = {shift.issue: shift for shift in shifts if shift.actor.upper() == actor and shift.issue}
    counts = _counts(stances, actor)
    found = [_held(actor, issue, told, turned.get(issue), counts.get(issue, (0, 0))) for issue, told in by_issue.items()]
    return sorted(found, key=lambda h: (not h.stance, -h.reports, -h.records, -h.others, h.issue))


def _held(actor: str, issue: str, told: Sequence[Position], turned: Shift | None, counts: tuple[int, int]) -> Held:
    told = sorted(told, key=lambda p: (_day(p), p.confidence, p.id))
    itself = [p for p in told if p.status == "actual" and own(p, p.holders)]
    others = len(told) - len(itself)
    if not itself:
        return Held(actor, issue, "", "", told[-1], others=others)
    # A neutral record takes nothing back; one is the last word only where there is nothing else.
    signed = [p for p in itself if p.stance != "neutral"] or itself
    stance = turned.after.stance if turned else signed[-1].stance
    same = [p for p in signed if p.stance == stance]
    since = _day(turned.after) if turned else next((day for p in same if (day := _day(p))), "")
    return Held(actor, issue, stance, since, same[-1], turned.before if turned else None, *counts, others)


def _counts(stances: Stances, actor: str) -> Mapping[str, tuple[int, int]]:
    if actor not in stances.actors:
        return {}
    mine = stances.actor == stances.actors.index(actor)
    found = {}
    for number, issue in enumerate(stances.issues):
        rows = mine & (stances.issue == number)
        found[issue] = (int(stances.records[rows].sum()), len(np.unique(stances.report[rows])))
    return found


def _day(position: Position) -> str:
    return position.date.start or position.date.end
