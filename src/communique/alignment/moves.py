"""Who moved toward whom: scores before and after a day, and the levels of a dyad over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from communique.alignment.changes import Change, change_points
from communique.alignment.scores import LEVEL, Real, Scores, report_weights, widened
from communique.errors import QueryError
from communique.store.ties import Ties, Whole


@dataclass(frozen=True, slots=True)
class Moves:
    """The change of each directed dyad between two spans of time, those that moved most first.

    `low` and `high` bound the change; it is `sure` where 0 is not between them. `records` counts both spans.
    """

    actors: tuple[str, ...]
    source: Whole
    target: Whole
    before: Real
    after: Real
    low: Real
    high: Real
    records: Whole

    def __len__(self) -> int:
        return len(self.source)

    @property
    def change(self) -> Real:
        """By how much the score rose; negative where the source turned away from the target."""
        return self.after - self.before

    def sure(self, row: int) -> bool:
        """Tell whether the interval of a row leaves no doubt of the direction."""
        return bool(self.low[row] > 0 or self.high[row] < 0)


@dataclass(frozen=True, slots=True)
class Series:
    """The scores of one directed dyad, one a period (NaN where there is no record), and the changes of their level."""

    source: str
    target: str
    channel: int
    periods: tuple[str, ...]
    score: Real
    low: Real
    high: Real
    records: Whole
    changes: tuple[Change, ...]


def moves(ties: Ties, split: str, *, draws: int = 1000, level: float = LEVEL, seed: int = 0) -> Moves:
    """Return how the directed dyads moved, all channels together, from the periods before `split` to those from it on.

    `split` is an ISO day. Dyads without records on both sides are left out. Intervals come from the same bootstrap over
    reports as those of scores. Raises QueryError where no period begins before the day, or none on it or later.
    """
    late = np.array([period >= split for period in ties.periods])
    if not late.any() or late.all():
        span = f" ({ties.periods[0]} to {ties.periods[-1]})" if ties.periods else ""
        raise QueryError(f"The day {split} does not part what is known{span}. Give one within it.")
    n = len(ties.actors)
    side = late[ties.period].astype(np.int64)
    place = (side * n + ties.source) * n + ties.target
    size = 2 * n * n

    def scored(each: Real) -> Real:
        value = np.bincount(place, ties.value * each, size)
        weight = np.bincount(place, ties.weight * each, size)
        found: Real = np.divide(value, weight, out=np.full(size, np.nan), where=weight > 0).reshape(2, n * n)
        return found

    before, after = scored(np.ones(len(ties)))
    there = np.flatnonzero(~np.isnan(before) & ~np.isnan(after))
    drawn = np.array([np.diff(scored(w[ties.report])[:, there], axis=0)[0] for w in report_weights(ties, draws, seed)])
    change = (after - before)[there]
    few = np.array([_fewest(ties, side, *divmod(int(pair), n)) for pair in there], dtype=np.int64)
    low, high = widened(change, drawn, few, level)
    records = np.bincount(ties.source * n + ties.target, ties.records, n * n).astype(np.int64)
    order = np.argsort(-np.abs(change), kind="stable")
    rows = there[order]
    return Moves(
        ties.actors, rows // n, rows % n, before[rows], after[rows], low[order], high[order], records[rows]
    )  # fmt: skip


def series(scores: Scores) -> list[Series]:
    """Return the series of each dyad and channel in `scores`, which were made with `by_period`."""
    found: list[Series] = []
    keys = np.stack([scores.channel, scores.source, scores.target], axis=1)
    starts = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-9), axis=1)) if len(keys) else np.zeros(0, int)
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        at = scores.period[start:end]
        score, low, high = (np.full(len(scores.periods), np.nan) for _ in range(3))
        score[at], low[at], high[at] = scores.score[start:end], scores.low[start:end], scores.high[start:end]
        records = np.zeros(len(scores.periods), dtype=np.int64)
        records[at] = scores.records[start:end]
        channel, source, target = (int(k) for k in keys[start])
        found.append(
            Series(
                scores.actors[source], scores.actors[target], channel, scores.periods, score, low, high, records,
                change_points(score, weights=records) if len(scores.periods) > 1 else (),
            )
        )  # fmt: skip
    return found


def _fewest(ties: Ties, side: Whole, source: int, target: int) -> int:
    """Return the number of reports of a dyad on the side of the day where it has fewer."""
    own = (ties.source == source) & (ties.target == target)
    return min(len(np.unique(ties.report[own & (side == each)])) for each in (0, 1))
