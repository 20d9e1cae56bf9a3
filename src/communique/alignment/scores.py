"""How one actor stands toward another: directed scores from deeds, words and positions, with intervals.

The score of a dyad in a channel is the mean of the values of its records, each weighed by its confidence:

    score = sum(confidence * value) / sum(confidence),   from -1 to 1

A value is a tenth of the Goldstein score of an event (Goldstein 1992), or 1, 0 or -1 for a stance. What is counted
once, and what is whose, is said in the question `ties` of the store.

Intervals come from a bootstrap over reports (Cameron, Gelbach & Miller 2008): records of one report are not
independent, so whole reports are drawn. A draw gives every report a weight from an exponential distribution with mean
1 (the Bayesian bootstrap, Rubin 1981), in which no dyad of few reports ever loses all of them. With few reports such
intervals are too narrow; they are widened by the ratio of Student's t to the normal distribution with one degree of
freedom less than there are reports, and by the root of n / (n - 1). And where all reports say the same, nothing varies:
each draw has besides two reports that nobody wrote, one at 1 and one at -1, of `PSEUDO` times the mean weight of a
report (as Agresti & Coull 1998 add to a proportion), and of the whole mean weight where all reports say the same: for
stances that gives the exact bound of Clopper & Pearson (1934). Below `FEWEST` reports no interval is given.

From `MANY` reports on nothing is drawn: what the draws would give is reckoned, by the variance of a ratio of sums over
whole reports (linearised, as in Cochran 1977), with the same two reports that nobody wrote and the same widening.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from communique.errors import QueryError
from communique.store.ties import Real, Ties, Whole

Sure = npt.NDArray[np.bool_]
RESAMPLES = 1000
LEVEL = 0.95
PSEUDO = 0.4  # set on simulated stances and Goldstein scores, 4 to 40 reports (docs/notes/alignment.md)
FEWEST = 4
MANY = 100  # the two ways differ by less than draws with another seed do (docs/notes/alignment.md)
_SAME = 1e-9
_INSIDE = 1 - 1e-9
_MOST = 50_000_000  # possible groups that are numbered one by one
_DRAWN = 200_000_000  # numbers that a bootstrap may hold


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of dyads, one row each, by channel, source, target and period, in this order.

    `period` is -1 where all periods are taken together. `low` and `high` bound the interval, NaN where none was asked
    for or the dyad has fewer than `FEWEST` reports. `records` and `reports` say on how many the score rests.
    """

    actors: tuple[str, ...]
    periods: tuple[str, ...]
    channel: Whole
    source: Whole
    target: Whole
    period: Whole
    score: Real
    low: Real
    high: Real
    records: Whole
    reports: Whole

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True, slots=True)
class _Groups:
    """The scores that rows of ties belong to: the place of each row among them, and what each score is of."""

    place: Whole
    channel: Whole
    source: Whole
    target: Whole
    period: Whole

    @property
    def count(self) -> int:
        return len(self.source)


def dyad_scores(
    ties: Ties,
    *,
    by_period: bool = False,
    pooled: bool = False,
    intervals: int = 0,
    level: float = LEVEL,
    seed: int = 0,
) -> Scores:
    """Return the scores of all dyads that have ties, by channel.

    `by_period`: one for each period. `pooled`: all channels in one (channel -1). `intervals`: the number of bootstrap
    draws, 0 for none. The same ties and seed give the same intervals.
    Raises QueryError for a level that is no share, and for fewer draws than an interval needs.
    """
    groups = _grouped(ties, by_period, pooled)
    value = _sums(groups.place, ties.value, groups.count)
    weight = _sums(groups.place, ties.weight, groups.count)
    # A row of ties is of one report already.
    whole = by_period and not pooled
    reports = (
        np.bincount(groups.place, minlength=groups.count)
        if whole
        else distinct_reports(groups.place, ties.report, groups.count)
    )
    score = _ratio(value, weight)
    low = high = np.full(groups.count, np.nan)
    if intervals:
        low, high = _intervals(ties, groups, score, reports, intervals, level, seed)
    return Scores(
        ties.actors, ties.periods, groups.channel, groups.source, groups.target, groups.period, score, low, high,
        _sums(groups.place, ties.records, groups.count).astype(np.int64), reports,
    )  # fmt: skip


def affinity(ties: Ties, report_weight: Real | None = None, *, damping: float = 2.0) -> Real:
    """Return how much each two actors are with or against each other, both directions and all channels together.

    A symmetric matrix from -1 to 1, NaN where two have no ties. A score that rests on little confidence is drawn
    toward 0: it is multiplied by w / (w + damping), w being the sum of confidence. `report_weight` weighs reports.
    """
    n = len(ties.actors)
    each = np.ones(len(ties)) if report_weight is None else report_weight[ties.report]
    place = np.minimum(ties.source, ties.target) * n + np.maximum(ties.source, ties.target)
    value = _sums(place, ties.value * each, n * n).reshape(n, n)
    weight = _sums(place, ties.weight * each, n * n).reshape(n, n)
    upper = np.where(weight > 0, _ratio(value, weight) * weight / (weight + damping), np.nan)
    both: Real = np.where(np.isnan(upper), upper.T, upper)
    return both


def report_weights(ties: Ties, draws: int, seed: int = 0, *, counts: bool = False) -> Iterator[Real]:
    """Yield `draws` sets of weights of the reports, for whatever is to be worked out over resamples.

    Exponential weights; with `counts`, how often each report is drawn (Poisson), so that some are not drawn at all.
    """
    rng = np.random.default_rng(seed)
    n = len(ties.reports)
    for _ in range(draws):
        yield rng.poisson(1.0, n).astype(np.float64) if counts else rng.standard_exponential(n)


def _grouped(ties: Ties, by_period: bool, pooled: bool) -> _Groups:
    """Return the groups in the order of channel, source, target and period.

    Every possible group has a number, so that counting takes the place of sorting; there are seldom more than some
    millions of them (40 actors over ten years of weeks: 2.5 million).
    """
    n, periods = len(ties.actors), max(len(ties.periods), 1) if by_period else 1
    key = ties.source * n + ties.target if pooled else (ties.channel * n + ties.source) * n + ties.target
    key = key * periods + ties.period if by_period else key
    if len(key) and int(key.max()) > _MOST:
        there, place = np.unique(key, return_inverse=True)
    else:
        there = np.flatnonzero(np.bincount(key)) if len(key) else np.zeros(0, dtype=np.int64)
        number = np.zeros(int(there[-1]) + 1 if len(there) else 0, dtype=np.int64)
        number[there] = np.arange(len(there))
        place = number[key]
    period = there % periods if by_period else np.full(len(there), -1)
    pair = there // periods
    channel = np.full(len(there), -1) if pooled else pair // (n * n)
    return _Groups(place.reshape(-1), channel, pair // n % n, pair % n, period)


def distinct_reports(place: Whole, report: Whole, count: int) -> Whole:
    """Return the number of different reports in each of `count` groups; `place` is the group of each row."""
    if not len(report):
        return np.zeros(count, dtype=np.int64)
    most = int(report.max()) + 1
    key = np.sort(place * most + report)  # many times as fast as np.unique
    first = np.flatnonzero(np.diff(key, prepend=-1))
    found: Whole = np.bincount(key[first] // most, minlength=count)
    return found


def _intervals(
    ties: Ties, groups: _Groups, score: Real, reports: Whole, draws: int, level: float, seed: int
) -> tuple[Real, Real]:
    many = reports >= MANY
    if draws * int((~many).sum()) > _DRAWN:
        raise QueryError(
            f"Intervals of {groups.count:,} scores from {draws:,} draws are too many. Ask for fewer actors or longer "
            "periods, for fewer draws, or for none (0)."
        )
    rows = Rows(groups.place, ties.report, ties.value, ties.weight)
    return ratio_intervals(rows, score, reports, draws, level, np.random.default_rng(seed), [seed, 1])


@dataclass(frozen=True, slots=True)
class Rows:
    """What scores are made of: the score that each row belongs to (`place`), its report, value and weight."""

    place: Whole
    report: Whole
    value: Real
    weight: Real

    def only(self, wanted: Sure) -> Rows:
        """Return the rows of some of the scores."""
        kept = wanted[self.place]
        return Rows(self.place[kept], self.report[kept], self.value[kept], self.weight[kept])


def ratio_intervals(
    rows: Rows, score: Real, reports: Whole, draws: int, level: float, rng: np.random.Generator, more: list[int]
) -> tuple[Real, Real]:
    """Return the bounds of scores that are ratios of sums, by draws where there are few reports, else reckoned.

    `reports` is the number of reports of each score; `rng` draws their weights, and one of the seed `more` those that
    nobody wrote. Raises QueryError as `check_draws`.
    """
    check_draws(draws, level)
    count = len(score)
    unwritten = unwritten_weight(rows.place, rows.value, rows.weight, reports)
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    many = reports >= MANY
    if many.any():
        value, weight = (_sums(rows.place, each, count) for each in (rows.value, rows.weight))
        middle = _ratio(value, weight + 2 * unwritten)
        spread = np.sqrt(ratio_variance(rows.only(many), middle, weight, unwritten))
        # On the scale of Fisher's z, where near the ends of the scale the interval is as lopsided as the draws are.
        inside = np.clip(middle, -_INSIDE, _INSIDE)
        reach = NormalDist().inv_cdf((1 + level) / 2) * spread / (1 - inside**2)
        low = np.where(many, np.tanh(np.arctanh(inside) - reach), low)
        high = np.where(many, np.tanh(np.arctanh(inside) + reach), high)
    if not many.all():
        few = np.flatnonzero(~many)
        own = rows.only(~many) if many.any() else rows
        drawn = _drawn(own, few, count, unwritten, draws, rng, np.random.default_rng(more))
        tail = (1 - level) / 2
        low[few], high[few] = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return widened(score, low, high, reports, level)


def _drawn(
    rows: Rows, few: Whole, count: int, unwritten: Real, draws: int, rng: np.random.Generator,
    unwritten_rng: np.random.Generator,
) -> Real:  # fmt: skip
    """Return the scores `few` of draws of the reports of `rows`, draws by scores."""
    number = np.zeros(count, dtype=np.int64)
    number[few] = np.arange(len(few))
    place = number[rows.place]
    there, report = np.unique(rows.report, return_inverse=True)
    found = np.empty((draws, len(few)))
    for each in range(draws):
        weights = rng.standard_exponential(len(there))[report]
        value, weight = (_sums(place, column * weights, len(few)) for column in (rows.value, rows.weight))
        found[each] = drawn_score(value, weight, unwritten[few], unwritten_rng)
    return found


def ratio_variance(rows: Rows, middle: Real, weight: Real, unwritten: Real) -> Real:
    """Return the variance of ratios of sums over whole reports, 0 for those without rows.

    `middle` are the ratios, `weight` their sums of weights, `unwritten` the weights of the reports that nobody wrote.
    """
    count = len(middle)
    total = weight + 2 * unwritten
    square = unwritten**2 * (2 + 2 * middle**2)
    off = _ratio(rows.value - middle[rows.place] * rows.weight, total[rows.place])
    found: Real = squares_by_report(rows.place, rows.report, off, count)
    return found + np.divide(square, total**2, out=np.zeros(count), where=total > 0)


def squares_by_report(place: Whole, report: Whole, off: Real, count: int) -> Real:
    """Return, for each of `count` groups, the sum of the squares of what its reports add up to in `off`."""
    most = int(report.max(initial=0)) + 1
    key = place * most + report
    order = np.argsort(key)
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    whole = np.add.reduceat(off[order], first) if len(first) else off
    return _sums(key[order][first] // most, whole**2, count)


def check_draws(draws: int, level: float) -> None:
    """Raise QueryError for a level that is no share, and for fewer draws than an interval of that level needs."""
    if not 0 < level < 1:
        raise QueryError(f"The level {level} is no share. Give a number between 0 and 1, such as {LEVEL}.")
    if draws < 2 / (1 - level):
        raise QueryError(f"{draws} draws are too few for intervals of {level}. Give {round(20 / (1 - level))} or more.")


def unwritten_weight(place: Whole, value: Real, weight: Real, reports: Whole) -> Real:
    """Return the mean weight of each of the two reports that nobody wrote, by group.

    `place` is the group of each row of `value` and `weight`, `reports` the number of reports of each group.
    """
    count = len(reports)
    told = _ratio(value, weight)
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    np.fmin.at(least, place, told)
    np.fmax.at(most, place, told)
    share = np.where(most - least < _SAME, 1.0, PSEUDO)
    found: Real = share * _sums(place, weight, count) / np.maximum(reports, 1)
    return found


def drawn_score(value: Real, weight: Real, unwritten: Real, rng: np.random.Generator) -> Real:
    """Return scores of one draw, with the two reports that nobody wrote, of the mean weight `unwritten` each."""
    up, down = rng.standard_exponential((2, len(value))) * unwritten
    return _ratio(value + up - down, weight + up + down)


def widened(
    score: Real, low: Real, high: Real, reports: Whole, level: float, most: float = 1.0
) -> tuple[Real, Real]:  # fmt: skip
    """Return the bounds of intervals of scores, widened for few reports.

    NaN where there are fewer than `FEWEST`; elsewhere within the scale, -1 to 1 (a change: -2 to 2).
    """
    wider = _wider(reports, (1 + level) / 2)
    low = np.where(low < score, score - (score - low) * wider, low)
    high = np.where(high > score, score + (high - score) * wider, high)
    few = reports < FEWEST
    return np.where(few, np.nan, np.maximum(low, -most)), np.where(few, np.nan, np.minimum(high, most))


def _wider(reports: Whole, share: float) -> Real:
    """Return by what to widen intervals from so many reports: t over z (Hill's expansion), times a root."""
    n = np.maximum(reports, 2).astype(np.float64)
    z, df = NormalDist().inv_cdf(share), n - 1
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    t = z + g1 / df + g2 / df**2 + g3 / df**3
    found: Real = np.where(reports < 2, 1.0, t / z * np.sqrt(n / df))
    return found


def _sums(place: Whole, values: Real | Whole, count: int) -> Real:
    found: Real = np.bincount(place, values, count).astype(np.float64)
    return found


def _ratio(value: Real, weight: Real) -> Real:
    found: Real = np.divide(value, weight, out=np.full(value.shape, np.nan), where=weight > 0)
    return found
