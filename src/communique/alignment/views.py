"""What `communique align` and the page show, as rows: each view takes a store and a question and names its columns.

A score of two actors, and what one holds on an issue, rests on the records that the view `records` lists for the same
days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from communique.alignment import dated
from communique.alignment.agreement import agreement, profile_intervals, profiles
from communique.alignment.balance import frustration, triads
from communique.alignment.blocs import blocs, stability
from communique.alignment.moves import moves, series
from communique.alignment.scores import FEWEST, RESAMPLES, Scores, affinity, dyad_scores, report_weights
from communique.alignment.shifts import WITHIN, contradictions, shifts
from communique.errors import QueryError, unknown
from communique.store import CHANNELS, Filters, Store, Ties

Cell = str | float | int | None
Row = dict[str, Cell]
_POOLED = "all"
_ALL = Filters()
_REDRAWN = 100  # resamples over which blocs are looked for again: each costs as much as the first


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: which actors (all, if none), days and confidence, by which period, and how intervals are drawn.

    `channel` is one of deeds, words and positions, or empty for all of them; `split` an ISO day, for moves; `issue` the
    id of an issue, for issues and records.
    """

    actors: tuple[str, ...] = ()
    filters: Filters = _ALL
    period: str = "month"
    channel: str = ""
    split: str = ""
    draws: int = RESAMPLES
    seed: int = 0
    within: int = WITHIN
    issue: str = ""

    def ties(self, store: Store) -> Ties:
        return store.ties(self.actors, self.filters, self.period, self.channel)


def dyads(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield the directed scores with their intervals, those that rest on most records first."""
    found = dyad_scores(asked.ties(store), intervals=asked.draws, seed=asked.seed)
    for n in np.argsort(-found.records, kind="stable"):
        yield {
            "channel": CHANNELS[found.channel[n]], "source": found.actors[found.source[n]],
            "target": found.actors[found.target[n]], "score": _real(found.score[n]), "low": _real(found.low[n]),
            "high": _real(found.high[n]), "records": int(found.records[n]), "reports": int(found.reports[n]),
        }  # fmt: skip


def over_time(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield the score of each dyad and channel in each period; `level` is the mean of the stretch it stands in."""
    for one in series(_by_period(store, asked, asked.draws)):
        starts = {c.at: c for c in one.changes}
        level = one.changes[0].before if one.changes else _mean(one.score, one.records)
        for t, period in enumerate(one.periods):
            change = starts.get(t)
            level = change.after if change else level
            if not math.isnan(one.score[t]):
                yield {
                    "channel": _channel(one.channel), "source": one.source, "target": one.target, "period": period,
                    "score": _real(one.score[t]), "low": _real(one.low[t]), "high": _real(one.high[t]),
                    "level": _real(level), "change": int(change is not None),
                    "records": int(one.records[t]),
                }  # fmt: skip


def changes(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield the periods in which the level of a dyad changed, the largest change first."""
    found = [(change, one) for one in series(_by_period(store, asked)) for change in one.changes]
    for change, one in sorted(found, key=lambda pair: -pair[0].size):
        yield {
            "channel": _channel(one.channel), "source": one.source, "target": one.target,
            "period": one.periods[change.at], "before": _real(change.before), "after": _real(change.after),
            "size": _real(change.size), "records": int(one.records.sum()),
        }  # fmt: skip


def moved(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield who moved toward or away from whom between the days before `split` and those from it on."""
    if not asked.split:
        raise QueryError("Moves need a day that parts before from after. Give --split, such as --split 2022-02-24.")
    one = asked.actors, asked.filters, "day", asked.channel
    ties = store.ties(*one) if asked.actors else store.ties_by_source(*one[1:])
    found = moves(ties, asked.split, draws=asked.draws, seed=asked.seed)
    for n in range(len(found)):
        yield {
            "source": found.actors[found.source[n]], "target": found.actors[found.target[n]],
            "before": _real(found.before[n]), "after": _real(found.after[n]), "change": _real(found.change[n]),
            "low": _real(found.low[n]), "high": _real(found.high[n]), "sure": int(found.sure[n]),
            "records": int(found.records[n]),
        }  # fmt: skip


def agreed(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield how similar each two actors are over the issues on which both hold something, most issues first."""
    found = agreement(store.stances(asked.actors, asked.filters))
    s = found.similarity
    pairs = [(i, j) for i in range(len(found.actors)) for j in range(i + 1, len(found.actors)) if s.shared[i, j]]
    for i, j in sorted(pairs, key=lambda pair: (-s.shared[pair], -s.s[pair])):
        yield {
            "actor": found.actors[i], "other": found.actors[j], "S": _real(s.s[i, j]), "pi": _real(s.pi[i, j]),
            "kappa": _real(s.kappa[i, j]), "issues": int(s.shared[i, j]),
        }  # fmt: skip


def held(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield what each actor holds on each issue, from -1 (oppose) to 1 (support), with its interval."""
    stances = store.stances(asked.actors, asked.filters, issue=asked.issue)
    found, amounts = profiles(stances)
    low = high = np.full(found.shape, math.nan)
    if asked.draws and len(stances):
        low, high = profile_intervals(stances, found, asked.draws, seed=asked.seed)
    for i, actor in enumerate(stances.actors):
        for k in np.argsort(-amounts[i], kind="stable"):
            if amounts[i, k]:
                yield {
                    "actor": actor, "issue": stances.issues[k], "stance": _real(found[i, k]), "low": _real(low[i, k]),
                    "high": _real(high[i, k]), "records": int(amounts[i, k]),
                }  # fmt: skip


def in_blocs(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield the bloc of each actor; `stays` is the share of draws of the reports in which it is in it.

    Empty where an actor's ties rest on fewer reports than an interval needs: nothing varies there.
    """
    ties = asked.ties(store)
    found = blocs(affinity(ties), seed=asked.seed)
    steady = None
    if asked.draws and len(ties):
        redrawn = [affinity(ties, w) for w in report_weights(ties, min(asked.draws, _REDRAWN), asked.seed, counts=True)]
        steady = stability(redrawn, found, seed=asked.seed, starts=3)
    for n in sorted(range(len(ties.actors)), key=lambda n: (found.labels[n], ties.actors[n])):
        own = (ties.source == n) | (ties.target == n)
        reports = len(np.unique(ties.report[own]))
        yield {
            "bloc": found.labels[n] + 1, "actor": ties.actors[n],
            "stays": _real(steady.shares[n]) if steady and reports >= FEWEST else None,
            "records": int(ties.records[own].sum()), "reports": reports,
        }  # fmt: skip


def balanced(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield the measures of structural balance of the actors' ties, both directions and all channels together."""
    matrix = affinity(asked.ties(store))
    three, tension = triads(matrix), frustration(matrix, seed=asked.seed)
    least = "smallest" if tension.exact else "at most"
    yield from (
        {"measure": name, "amount": value}
        for name, value in (
            ("triads, all three friendly (+++)", three.t3), ("triads, two against one (+--)", three.t1),
            ("triads, friends of both foes (++-)", three.t2), ("triads, all three hostile (---)", three.t0),
            ("share of balanced triads", _real(three.share)),
            ("share of balanced triads, weighted", _real(three.weighted_share)),
            (f"frustration: ties to be removed ({least})", tension.ties),
            (f"frustration: weight of such ties ({least})", _real(tension.weight)),
            ("line index of balance", _real(tension.line_index)),
            ("line index of balance, weighted", _real(tension.weighted_line_index)),
        )
    )  # fmt: skip


def shifted(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield each change of an actor's stance, with the last record before it and the first after it."""
    positions = dated.positions(store, asked.filters)
    days = {p.id: day for day, p in positions}
    for found in shifts(positions):
        if _wanted(asked, found.actor):
            yield {
                "actor": found.actor, "issue": found.issue, "toward": found.toward,
                "from": found.before.stance, "until": days[found.before.id], "record": found.before.id,
                "to": found.after.stance, "since": days[found.after.id], "against": found.after.id,
            }  # fmt: skip


def contradicted(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield each deed that goes against its doer's own words, with both records."""
    # Words may lie before the first day that is asked for.
    positions = dated.positions(store, replace(asked.filters, since=None, until=None))
    events = dated.events(store, asked.filters)
    days = {p.id: day for day, p in positions} | {e.id: day for day, e in events}
    for found in contradictions(positions, events, within=asked.within):
        if _wanted(asked, found.actor):
            yield {
                "actor": found.actor, "toward": found.toward, "stance": found.words.stance,
                "said": days[found.words.id], "record": found.words.id, "deed": found.deed.type,
                "done": days[found.deed.id], "against": found.deed.id, "order": found.order,
            }  # fmt: skip


def records(store: Store, asked: Asked) -> Iterator[Row]:
    """Yield the records on which the scores of the first actor toward the second, and back, rest.

    With an issue, and for one actor alone: those on which it rests what the actors hold. `what` begins with "said:"
    where one says that the other did it.
    """
    codes = tuple(dict.fromkeys(code.strip().upper() for code in asked.actors if code.strip()))
    if asked.issue or len(codes) == 1:
        found = store.stance_records(codes, asked.filters, asked.issue)
    elif len(codes) == 2:
        found = store.tie_records(*codes, asked.filters, asked.channel)
    else:
        raise QueryError(
            "A score is between two actors. Name two, such as `align records RUS CHN`, or one for what it holds."
        )
    for told, record in found:
        yield {
            "channel": told.channel, "source": told.source, "target": told.target, "day": told.day,
            "what": told.sort.strip(": "), "value": _real(told.value), "confidence": _real(record.confidence),
            "record": record.id, "report": record.report,
        }  # fmt: skip


View = Callable[[Store, Asked], Iterator[Row]]
VIEWS: Mapping[str, View] = MappingProxyType({
    "dyads": dyads, "series": over_time, "changes": changes, "moves": moved, "issues": held, "agreement": agreed,
    "blocs": in_blocs, "balance": balanced, "shifts": shifted, "contradictions": contradicted, "records": records,
})  # fmt: skip


def view(name: str) -> View:
    """Return the view of that name. Raises QueryError, with the names that there are."""
    if name not in VIEWS:
        raise QueryError(unknown("view", name, VIEWS))
    return VIEWS[name]


def _by_period(store: Store, asked: Asked, draws: int = 0) -> Scores:
    ties = asked.ties(store)
    return dyad_scores(ties, by_period=True, pooled=not asked.channel, intervals=draws, seed=asked.seed)


def _wanted(asked: Asked, actor: str) -> bool:
    codes = {code.strip().upper() for code in asked.actors}
    return not codes or actor.upper() in codes


def _channel(number: int) -> str:
    return _POOLED if number < 0 else CHANNELS[number]


def _mean(score: np.ndarray, records: np.ndarray) -> float:
    there = ~np.isnan(score)
    return float(np.average(score[there], weights=records[there])) if there.any() else math.nan


def _real(value: float) -> float | None:
    """Return a number for people and files: four digits, nothing where it is not known, and no minus before 0."""
    return None if math.isnan(value) else round(float(value), 4) + 0.0
