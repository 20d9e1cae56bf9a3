"""What an actor holds on each issue now, since when, and which record shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from communique.alignment.shifts import Shift, own
from communique.records import Position
from communique.store.ties import Stances

Counted = tuple[float, int, int]  # mean, records, reports
_LEAST = 1e-9  # in the place of no confidence at all


@dataclass(frozen=True, slots=True)
class Held:
    """What `actor` (a code) holds on `issue` (an id), by what is told as held, now and not only by others of it.

    `began` is the first record of the present stance, `shown` the newest, `before` the last of another stance that it
    held until then. Where nothing is told as held, `stance` is empty, `began` None, and `shown` is what there is else:
    planned, denied, or told by others.
    `records` and `reports` say how much there is on the issue, each day and story counted once; `mean` is that of it
    all (1 support, -1 oppose), weighed by confidence. `others` counts the records that are not told as held.
    """

    actor: str
    issue: str
    stance: str
    shown: Position
    began: Position | None = None
    before: Position | None = None
    mean: float = 0.0
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
        asked = bool(position.issue) and (only is None or position.issue in only)
        if asked and actor in {holder.code.upper() for holder in position.holders}:
            by_issue[position.issue].append(position)
    turned = {shift.issue: shift for shift in shifts if shift.actor.upper() == actor and shift.issue}
    counts = _counts(stances, actor)
    found = [
        _held(actor, issue, told, turned.get(issue), counts.get(issue, (0.0, 0, 0))) for issue, told in by_issue.items()
    ]
    return sorted(found, key=lambda h: (not h.stance, -h.reports, -h.records, -h.others, h.issue))


def _held(actor: str, issue: str, told: Sequence[Position], turned: Shift | None, counts: Counted) -> Held:
    told = sorted(told, key=lambda p: (_day(p), p.confidence, p.id))
    itself = [p for p in told if p.status == "actual" and own(actor, p.attributed_to)]
    others = len(told) - len(itself)
    if not itself:
        return Held(actor, issue, "", told[-1], others=others)
    # A neutral record takes nothing back; one is the last word only where there is nothing else.
    signed = [p for p in itself if p.stance != "neutral"] or itself
    stance = turned.after.stance if turned else signed[-1].stance
    same = [p for p in signed if p.stance == stance]
    began = turned.after if turned else next((p for p in same if _day(p)), same[0])
    return Held(actor, issue, stance, same[-1], began, turned.before if turned else None, *counts, others)


def _counts(stances: Stances, actor: str) -> Mapping[str, Counted]:
    if actor not in stances.actors:
        return {}
    mine = stances.actor == stances.actors.index(actor)
    found = {}
    for number, issue in enumerate(stances.issues):
        rows = mine & (stances.issue == number)
        if rows.any():
            # The last digits are what reckoning leaves over, as may be a minus before 0.
            mean = round(float(stances.value[rows].sum() / max(stances.weight[rows].sum(), _LEAST)), 9) + 0.0
            found[issue] = (mean, int(stances.records[rows].sum()), len(np.unique(stances.report[rows])))
    return found


def _day(position: Position) -> str:
    return position.date.start or position.date.end
