"""Who moved toward whom: scores before and after a day, and the levels of a dyad over time."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from communique.alignment.changes import Change, change_points
from communique.alignment.scores import (
    LEVEL,
    Scores,
    check_draws,
    distinct_reports,
    drawn_score,
    report_weights,
    unwritten_weight,
    widened,
)
from communique.errors import QueryError
from communique.store.ties import Real, Ties, Whole

Sure = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Moves:
    """The change of each directed dyad between two spans of time, those that moved most first.

    `low` and `high` bound the change. It is `sure` where it would stand out among as many dyads that did not move: the
    false discovery rate is held at a twentieth (Benjamini & Hochberg 1995). `records` counts both spans.
    """

    actors: tuple[str, ...]
    source: Whole
    target: Whole
    before: Real
    after: Real
    low: Real
    high: Real
    records: Whole
    sure: Sure

    def __len__(self) -> int:
        return len(self.source)

    @property
    def change(self) -> Real:
        """By how much the score rose; negative where the source turned away from the target."""
        return self.after - self.before


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

    `split` is an ISO day, and `ties` were asked for by day. Dyads without records on both sides are left out. Intervals
    come from the same bootstrap over reports as those of scores; 0 draws give none. Raises QueryError where no day with
    records lies before the split, or none on it or later, and for too few draws.
    """
    late = np.array([period >= split for period in ties.periods])
    if not late.any() or late.all():
        span = f" ({ties.periods[0]} to {ties.periods[-1]})" if ties.periods else ""
        raise QueryError(f"The day {split} does not part what is known{span}. Give one within it.")
    if draws:
        check_draws(draws, level)
    n = len(ties.actors)
    side = late[ties.period].astype(np.int64)
    place = (side * n + ties.source) * n + ties.target
    size = 2 * n * n

    def summed(values: Real) -> Real:
        return np.bincount(place, values, size).astype(np.float64).reshape(2, n * n)

    value, weight = summed(ties.value), summed(ties.weight)
    there = np.flatnonzero((weight > 0).all(axis=0))
    before, after = value[:, there] / weight[:, there]
    change = after - before
    reports = distinct_reports(place, ties.report, size)
    unwritten = unwritten_weight(place, ties.value, ties.weight, reports).reshape(2, n * n)[:, there]
    reports = reports.reshape(2, n * n)[:, there]
    drawn = np.empty((draws, len(there)))
    rng = np.random.default_rng([seed, 1])
    for number, weights in enumerate(report_weights(ties, draws, seed)):
        each = weights[ties.report]
        values, sums = summed(ties.value * each)[:, there], summed(ties.weight * each)[:, there]
        early, later = (drawn_score(values[k], sums[k], unwritten[k], rng) for k in (0, 1))
        drawn[number] = later - early
    nothing = np.full(len(there), np.nan)
    low, high = widened(change, drawn, reports.min(axis=0), level, most=2.0) if draws else (nothing, nothing)
    records = np.bincount(ties.source * n + ties.target, ties.records, n * n).astype(np.int64)
    order = np.argsort(-np.abs(change), kind="stable")
    rows = there[order]
    return Moves(
        ties.actors, rows // n, rows % n, before[order], after[order], low[order], high[order], records[rows],
        _discovered(change, low, high, level)[order],
    )  # fmt: skip


def _discovered(change: Real, low: Real, high: Real, level: float) -> Sure:
    """Tell which changes stand out among all that were looked at, at a false discovery rate of `1 - level`.

    The p of a change is that of a normal distribution whose interval ends where its own does on the side of 0.
    """
    normal, there = NormalDist(), ~np.isnan(low)
    reach = np.where(change > 0, change - low, high - change)
    z = np.divide(np.abs(change), reach, out=np.zeros(change.shape), where=there & (reach > 0))
    p = np.array([2 * (1 - normal.cdf(v * normal.inv_cdf((1 + level) / 2))) for v in z[there]])
    order = np.argsort(p, kind="stable")
    passed = np.flatnonzero(p[order] <= (1 - level) * np.arange(1, len(p) + 1) / max(len(p), 1))
    found = np.zeros(change.shape, dtype=np.bool_)
    if len(passed):
        found[np.flatnonzero(there)[order[: passed[-1] + 1]]] = True
    return found


def series(scores: Scores) -> list[Series]:
    """Return the series of each dyad and channel in `scores`, which were made with `by_period`."""
    found: list[Series] = []
    if not len(scores):
        return found
    keys = np.stack([scores.channel, scores.source, scores.target], axis=1)
    starts = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-9), axis=1))
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        at = scores.period[start:end]
        score, low, high = (np.full(len(scores.periods), np.nan) for _ in range(3))
        score[at], low[at], high[at] = scores.score[start:end], scores.low[start:end], scores.high[start:end]
        records = np.zeros(len(scores.periods), dtype=np.int64)
        records[at] = scores.records[start:end]
        reports = np.zeros(len(scores.periods), dtype=np.int64)
        reports[at] = scores.reports[start:end]
        channel, source, target = (int(k) for k in keys[start])
        found.append(
            Series(
                scores.actors[source], scores.actors[target], channel, scores.periods, score, low, high, records,
                change_points(score, weights=steadiness(reports)) if len(scores.periods) > 1 else (),
            )
        )  # fmt: skip
    return found


def steadiness(reports: Whole) -> Real:
    """Return the weights of periods for change points: their noise is that of so many reports, and a mood of their own.

    The variance of a period of n reports is taken as 1 / n + 1 / 4: however much is written in one week, it may be an
    odd week.
    """
    n = reports.astype(np.float64)
    found: Real = np.divide(1.0, 1.0 / np.maximum(n, 1.0) + 0.25) * (n > 0)
    return found
