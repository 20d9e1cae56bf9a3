"""Who moved toward whom: scores before and after a day, and the levels of a dyad over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from communique.alignment.changes import Change, change_points
from communique.alignment.scores import (
    LEVEL,
    MANY,
    Rows,
    Scores,
    check_draws,
    distinct_reports,
    drawn_score,
    squares_by_report,
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


def moves(
    ties: Ties | Iterable[Ties], split: str, *, draws: int = 1000, level: float = LEVEL, seed: int = 0
) -> Moves:  # fmt: skip
    """Return how the directed dyads moved, all channels together, from the periods before `split` to those from it on.

    `split` is an ISO day, and `ties` were asked for by day; they may come in parts, each with all that some sources
    did, by the codes of these. Dyads without records on both sides are left out. Intervals come from the same bootstrap
    over reports as those of scores; 0 draws give none. Raises QueryError where no day with records lies before the
    split, or none on it or later, and for too few draws.
    """
    if draws:
        check_draws(draws, level)
    found = []
    days: list[str] = []
    for part in (ties,) if isinstance(ties, Ties) else ties:
        found.append(_moved(part, split, draws, level, seed))
        days += [part.periods[0], part.periods[-1]] if part.periods else []
    if not days or not min(days) < split <= max(days):
        span = f" ({min(days)} to {max(days)})" if days else ""
        raise QueryError(f"The day {split} does not part what is known{span}. Give one within it.")
    actors = tuple(sorted({actor for each in found for actor in each.actors})) if len(found) > 1 else found[0].actors
    place = {actor: n for n, actor in enumerate(actors)}
    number = [np.array([place[actor] for actor in each.actors], dtype=np.int64) for each in found]
    source, target, before, after, low, high, records = (
        np.concatenate(columns)
        for columns in zip(
            *((at[m.source], at[m.target], m.before, m.after, m.low, m.high, m.records)
              for m, at in zip(found, number, strict=True)), strict=True,
        )
    )  # fmt: skip
    change = after - before
    sure = _discovered(change, low, high, level)
    order = np.argsort(-np.abs(change), kind="stable")
    return Moves(
        actors, source[order], target[order], before[order], after[order], low[order], high[order], records[order],
        sure[order],
    )  # fmt: skip


def _moved(ties: Ties, split: str, draws: int, level: float, seed: int) -> Moves:
    """Return how dyads moved, by source and target; what is sure among all of them is not said yet."""
    late = np.array([period >= split for period in ties.periods], dtype=np.bool_)
    n = len(ties.actors)
    side = late[ties.period].astype(np.int64)
    place = (side * n + ties.source) * n + ties.target
    size = 2 * n * n

    def summed(values: Real) -> Real:
        return np.bincount(place, values, size).astype(np.float64).reshape(2, n * n)

    value, weight = summed(ties.value), summed(ties.weight)
    there = np.flatnonzero((weight > 0).all(axis=0))
    before, after = value[:, there] / weight[:, there]
    low = high = np.full(len(there), np.nan)
    if draws and len(there):
        reports = distinct_reports(place, ties.report, size)
        unwritten = unwritten_weight(place, ties.value, ties.weight, reports).reshape(2, n * n)[:, there]
        reports = reports.reshape(2, n * n)[:, there]
        rows = Rows(place, ties.report, ties.value, ties.weight).only(np.isin(np.arange(size) % (n * n), there))
        both = _Both(rows, there, n * n, value[:, there], weight[:, there], unwritten)
        low, high = _bounds(both, after - before, reports.min(axis=0), draws, level, seed)
    records = np.bincount(ties.source * n + ties.target, ties.records, n * n).astype(np.int64)[there]
    none = np.zeros(len(there), dtype=np.bool_)
    return Moves(ties.actors, there // n, there % n, before, after, low, high, records, none)


@dataclass(frozen=True, slots=True)
class _Both:
    """What the scores before and after are made of: `rows`, whose places are those of `dyads` of `size`, after them
    those of the later side; sums of value and weight, and weights of what nobody wrote, sides by dyads."""

    rows: Rows
    dyads: Whole
    size: int
    value: Real
    weight: Real
    unwritten: Real


def _bounds(
    both: _Both, change: Real, reports: Whole, draws: int, level: float, seed: int
) -> tuple[Real, Real]:  # fmt: skip
    """Return the bounds of changes, by draws where there are few reports on one side, else reckoned (see scores.py)."""
    many = reports >= MANY
    low, high = np.full(len(change), np.nan), np.full(len(change), np.nan)
    number = np.zeros(both.size, dtype=np.int64)
    number[both.dyads] = np.arange(len(both.dyads))
    side, dyad = both.rows.place // both.size, number[both.rows.place % both.size]
    if many.any():
        kept = many[dyad]
        middle = both.value / (both.weight + 2 * both.unwritten)
        total = both.weight + 2 * both.unwritten
        # A report that tells of both sides moves both: what it adds to one is taken from the other.
        sign = np.where(side[kept] == 1, 1.0, -1.0)
        at = (side[kept], dyad[kept])
        off = sign * (both.rows.value[kept] - middle[at] * both.rows.weight[kept]) / total[at]
        own = squares_by_report(dyad[kept], both.rows.report[kept], off, len(change))
        unwritten = (both.unwritten**2 * (2 + 2 * middle**2) / total**2).sum(axis=0)
        reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(own + unwritten)
        low, high = (
            np.where(many, middle[1] - middle[0] - reach, low),
            np.where(many, middle[1] - middle[0] + reach, high),
        )
    if not many.all():
        few = np.flatnonzero(~many)
        drawn = _drawn(both, side, dyad, few, draws, seed)
        tail = (1 - level) / 2
        low[few], high[few] = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return widened(change, low, high, reports, level, most=2.0)


def _drawn(both: _Both, side: Whole, dyad: Whole, few: Whole, draws: int, seed: int) -> Real:
    """Return the changes of `few` of the dyads in draws of their reports, draws by dyads."""
    place = np.full(len(both.dyads), -1)
    place[few] = np.arange(len(few))
    kept = place[dyad] >= 0
    at = side[kept] * len(few) + place[dyad[kept]]
    there, report = np.unique(both.rows.report[kept], return_inverse=True)
    value, weight = both.rows.value[kept], both.rows.weight[kept]
    rng, more = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    found = np.empty((draws, len(few)))
    for number in range(draws):
        each = rng.standard_exponential(len(there))[report]
        values, sums = (np.bincount(at, column * each, 2 * len(few)).reshape(2, -1) for column in (value, weight))
        early, later = (drawn_score(values[k], sums[k], both.unwritten[k, few], more) for k in (0, 1))
        found[number] = later - early
    return found


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
