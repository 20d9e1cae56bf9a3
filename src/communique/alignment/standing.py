"""Where an actor stands: its scores by channel with what they rest on, its partners and adversaries, its movements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan

import numpy as np
import numpy.typing as npt

from communique.alignment.moves import series
from communique.alignment.scores import Scores, affinity, dyad_scores
from communique.store.ties import CHANNELS, Ties

FEWEST = 3  # reports below which a score is not said: an interval from two is wider than the scale
GAP = {"month": 24, "year": 3}  # periods without records that end a series
PERIODS = 10  # periods with records below which no change is looked for: two stretches of five
DRAWS = 1000
PARTNERS, ADVERSARIES = "partners", "adversaries"
Rows = npt.NDArray[np.bool_]
_ALL = -1  # the channel of pooled scores


@dataclass(frozen=True, slots=True)
class Score:
    """A score from -1 to 1 with its interval, and on how many records and reports it rests.

    `channel` is deeds, words, positions or all. `score`, `low` and `high` are None where there are fewer than `FEWEST`
    reports: that is too little to say anything. `low` and `high` are so, too, where there are too few for an interval.
    """

    channel: str
    score: float | None = None
    low: float | None = None
    high: float | None = None
    records: int = 0
    reports: int = 0

    @property
    def clear(self) -> bool:
        """Whether the interval leaves no doubt of the sign."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How `source` stands toward `target` (codes): by channel, always in the order of `CHANNELS`, and in all."""

    source: str
    target: str
    channels: tuple[Score, ...]
    overall: Score


@dataclass(frozen=True, slots=True)
class Relation:
    """An actor's relation with `other`: toward it, back from it, and both directions and all channels together."""

    other: str
    toward: Standing
    back: Standing
    both: Score


@dataclass(frozen=True, slots=True)
class Relations:
    """Relations, the strongest first; `unknown` counts the actors of whom there is too little to tell."""

    partners: tuple[Relation, ...] = ()
    adversaries: tuple[Relation, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of time, from the first day of a period to that of another (included), on one level."""

    first: str
    last: str
    score: float
    records: int
    reports: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A series over time, all channels together: one score a period, None where there is no record.

    `levels` are the stretches between the changes; there is one where no change was found, none where fewer than
    `PERIODS` periods have records. `target` is a code, or `PARTNERS` or `ADVERSARIES` for a mean over those. `apart`
    counts the records that lie too far from the others in time to be part of the series.
    """

    source: str
    target: str
    period: str
    periods: tuple[str, ...]
    scores: tuple[float | None, ...]
    records: tuple[int, ...]
    levels: tuple[Level, ...] = ()
    reports: int = 0
    apart: int = 0

    @property
    def seen(self) -> int:
        """The number of periods with records."""
        return sum(score is not None for score in self.scores)

    @property
    def course(self) -> bool:
        """Whether there is enough to show as a course of things."""
        return self.seen > 1 and self.reports >= FEWEST


def standings(ties: Ties, pairs: Iterable[tuple[str, str]], draws: int = DRAWS) -> list[Standing]:
    """Return the standing of each pair (source, target), also of those without any tie."""
    by_pair = _said(dyad_scores(ties, intervals=draws))
    pooled = _said(dyad_scores(ties, pooled=True, intervals=draws))
    return [_standing(pair, by_pair, pooled) for pair in pairs]


def relations(ties: Ties, actor: str, draws: int = DRAWS) -> Relations:
    """Return the partners and adversaries of `actor`, by the ties of it with all others.

    Those come first whose interval leaves no doubt, then by affinity, in which what rests on little counts less.
    """
    own = _about(ties, actor)
    if not len(own):
        return Relations()
    place = own.actors.index(actor)
    # Both directions as one: whatever passes between the two is a tie of `actor` to the other.
    other = np.where(own.source == place, own.target, own.source)
    both = dyad_scores(replace(own, source=np.full(len(own), place), target=other), pooled=True, intervals=draws)
    known = {pair[1]: scores[_ALL] for pair, scores in _said(both).items()}
    near = dict(zip(own.actors, affinity(own)[place].tolist(), strict=True))
    told = [code for code, score in known.items() if score.score is not None]
    order = sorted(told, key=lambda code: (not known[code].clear, -abs(near[code]), code))
    chosen = [code for code in order if near[code]]
    toward = standings(own, [(actor, code) for code in chosen], draws)
    back = standings(own, [(code, actor) for code in chosen], draws)
    found = [Relation(code, to, by, known[code]) for code, to, by in zip(chosen, toward, back, strict=True)]
    return Relations(
        tuple(r for r in found if near[r.other] > 0),
        tuple(r for r in found if near[r.other] < 0),
        len(known) - len(told),
    )


def grouped(ties: Ties, actor: str, groups: Mapping[str, Sequence[str]]) -> Ties:
    """Return the ties of `actor` to groups of others, each group taken for one target under its name."""
    names = (actor, *groups)
    group_of = {code: place for place, codes in enumerate(groups.values(), 1) for code in codes}
    target = np.array([group_of.get(code, 0) for code in ties.actors], dtype=np.int64)[ties.target]
    source = ties.actors.index(actor) if actor in ties.actors else -1
    rows = (ties.source == source) & (target > 0)
    kept = _rows(replace(ties, target=target), rows)
    return replace(kept, actors=names, source=np.zeros(len(kept), dtype=np.int64))


def followed(ties: Ties, period: str) -> Ties:
    """Return the ties of the stretch of time that has most records and no gap longer than `GAP` periods.

    A report of today tells of things long past too; a series that began with them would be empty for decades.
    """
    seen = np.unique(ties.period)
    if not len(seen):
        return ties
    stretches = np.split(seen, np.flatnonzero(np.diff(seen) > GAP[period]) + 1)
    per_period = np.bincount(ties.period, ties.records)
    chosen = max(stretches, key=lambda stretch: (per_period[stretch].sum(), stretch[0]))
    first, last = int(chosen[0]), int(chosen[-1])
    kept = _rows(ties, (ties.period >= first) & (ties.period <= last))
    return replace(kept, period=kept.period - first, periods=ties.periods[first : last + 1])


def movements(ties: Ties, pairs: Iterable[tuple[str, str]], period: str) -> list[Movement]:
    """Return the series of each pair with the changes of its level; that of a pair without ties is empty."""
    every, ties = ties, followed(ties, period)
    scored = series(dyad_scores(ties, by_period=True, pooled=True)) if len(ties) else []
    found = {(s.source, s.target): s for s in scored}
    made = []
    for pair in pairs:
        if (own := found.get(pair)) is None:
            made.append(Movement(*pair, period, (), (), ()))
            continue
        scores = tuple(None if np.isnan(score) else _round(score) for score in own.score)
        records = tuple(own.records.tolist())
        apart = int(every.records[_of(every, pair)].sum()) - sum(records)
        reports = len(np.unique(ties.report[_of(ties, pair)]))
        movement = Movement(*pair, period, own.periods, scores, records, reports=reports, apart=apart)
        bounds = [0, *(change.at for change in own.changes), len(own.periods)]
        if movement.seen >= PERIODS:
            levels = tuple(_level(ties, movement, start, end) for start, end in pairwise(bounds))
            movement = replace(movement, levels=levels)
        made.append(movement)
    return made


def _level(ties: Ties, movement: Movement, start: int, end: int) -> Level:
    rows = _of(ties, (movement.source, movement.target))
    own = _rows(ties, rows & (ties.period >= start) & (ties.period < end))
    periods = own.periods
    score = _round(own.value.sum() / own.weight.sum())
    last = int(own.period.max())
    return Level(periods[start], periods[last], score, int(own.records.sum()), len(np.unique(own.report)))


def _of(ties: Ties, pair: tuple[str, str]) -> Rows:
    source, target = (ties.actors.index(code) for code in pair)
    rows: Rows = (ties.source == source) & (ties.target == target)
    return rows


def _about(ties: Ties, actor: str) -> Ties:
    """Return the ties of which `actor` is one side; the others are those who have such ties."""
    place = ties.actors.index(actor) if actor in ties.actors else -1
    own = _rows(ties, (ties.source == place) | (ties.target == place))
    there = np.unique(np.concatenate([own.source, own.target]))
    number = np.zeros(len(ties.actors), dtype=np.int64)
    number[there] = np.arange(len(there))
    names = tuple(ties.actors[n] for n in there)
    return replace(own, actors=names, source=number[own.source], target=number[own.target])


def _rows(ties: Ties, rows: Rows) -> Ties:
    columns = ("channel", "source", "target", "period", "report", "value", "weight", "records")
    return replace(ties, **{name: getattr(ties, name)[rows] for name in columns})


def _said(scores: Scores) -> dict[tuple[str, str], dict[int, Score]]:
    """Return the scores of each pair by channel (`_ALL` for pooled ones), without numbers where there is too little."""
    found: dict[tuple[str, str], dict[int, Score]] = {}
    for row in range(len(scores)):
        channel, source, target = (int(each[row]) for each in (scores.channel, scores.source, scores.target))
        records, reports = int(scores.records[row]), int(scores.reports[row])
        name = CHANNELS[channel] if channel >= 0 else "all"
        score = Score(name, None, None, None, records, reports)
        if reports >= FEWEST:
            low, high = _round(scores.low[row]), _round(scores.high[row])
            known = not (isnan(low) or isnan(high))
            score = Score(
                name, _round(scores.score[row]), low if known else None, high if known else None, records, reports
            )
        found.setdefault((scores.actors[source], scores.actors[target]), {})[channel] = score
    return found


def _round(number: float) -> float:
    """Return a score without its last digits, which are what reckoning leaves over, and no minus before 0."""
    return round(float(number), 9) + 0.0


def _standing(
    pair: tuple[str, str],
    by_pair: Mapping[tuple[str, str], Mapping[int, Score]],
    pooled: Mapping[tuple[str, str], Mapping[int, Score]],
) -> Standing:
    own = by_pair.get(pair, {})
    channels = tuple(own.get(number, Score(name)) for number, name in enumerate(CHANNELS))
    return Standing(*pair, channels, pooled.get(pair, {}).get(_ALL, Score("all")))
