"""Two datasets held against each other: what each covers, how far their counts by dyad and period agree, where they do
not, with events that show it.

A dataset is what a store holds, or what it holds of one origin. Directed dyads count, and deeds and words together:
each day, type and mode of event between two actors once, so that datasets with copies of stories and datasets without
compare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from communique.records import Event
from communique.store import Filters, Store

Real = npt.NDArray[np.float64]
_ALL = Filters()
_EXAMPLES = 2
_FEWEST = 3  # dyad-periods from which a correlation says anything


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is compared: a store, and the filters (origin, days, actor, confidence) that hold there; `name` is shown."""

    name: str
    store: Store
    filters: Filters = _ALL


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a dataset covers: events, distinct ones between two actors, actors, directed dyads and dyad-periods, the
    first and last period."""

    name: str
    events: int
    counted: int
    actors: int
    dyads: int
    dyad_periods: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two datasets agree over the periods that both cover.

    `both`, `only_a`, `only_b`: dyad-periods in which both, or only one, have events; `shared` is the share in both.
    `pearson` is the correlation of log(1 + count), `spearman` that of ranks, over all of these; `tone` that of the mean
    Goldstein scores, over those in both. None where there are too few.
    """

    first: str
    last: str
    both: int
    only_a: int
    only_b: int
    shared: float
    pearson: float | None
    spearman: float | None
    tone: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A dyad-period in which the datasets differ most, given how many events each has in all: counts, how many times as
    many as expected the fuller one has, and events of it."""

    source: str
    target: str
    period: str
    a: int
    b: int
    more_in: str
    times: float
    examples: tuple[Event, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it."""

    period: str
    a: Coverage
    b: Coverage
    agreement: Agreement | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Paired:
    """Counts and mean scores of both datasets for each dyad-period that either has."""

    source: npt.NDArray[Any]
    target: npt.NDArray[Any]
    period: npt.NDArray[Any]
    a: Real
    b: Real
    tone_a: Real
    tone_b: Real


def compare(a: Dataset, b: Dataset, *, period: str = "month", most: int = 10) -> Comparison:
    """Compare two datasets by dyad and period; `most` differences are shown.

    Agreement is looked for between the later of the two first periods and the earlier of the last ones; it is None
    where they do not overlap. Raises QueryError for what cannot be asked.
    """
    counts = [each.store.dyad_counts(each.filters, period) for each in (a, b)]
    covered = [_coverage(each, found) for each, found in zip((a, b), counts, strict=True)]
    if not (covered[0].dyad_periods and covered[1].dyad_periods):
        return Comparison(period, covered[0], covered[1], None, ())
    first, last = max(covered[0].first, covered[1].first), min(covered[0].last, covered[1].last)
    if first > last:
        return Comparison(period, covered[0], covered[1], None, ())
    paired = _paired(*(_within(found, first, last) for found in counts))
    return Comparison(
        period, covered[0], covered[1], _agreement(paired, first, last), tuple(_differences(paired, a, b, period, most))
    )


def _coverage(dataset: Dataset, found: Mapping[str, Any]) -> Coverage:
    days = found["period"].astype("datetime64[D]")
    dyads = set(zip(found["source"].tolist(), found["target"].tolist(), strict=True))
    return Coverage(
        dataset.name, dataset.store.count("events", dataset.filters), int(found["records"].sum()),
        len({code for dyad in dyads for code in dyad}), len(dyads), len(days),
        str(days.min()) if len(days) else "", str(days.max()) if len(days) else "",
    )  # fmt: skip


def _within(found: Mapping[str, Any], first: str, last: str) -> dict[str, Any]:
    days = found["period"].astype("datetime64[D]")
    kept = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    return {**{name: column[kept] for name, column in found.items()}, "period": days[kept]}


def _paired(a: Mapping[str, Any], b: Mapping[str, Any]) -> _Paired:
    names = np.unique(np.concatenate([a["source"], a["target"], b["source"], b["target"]]).astype(str))
    days = np.unique(np.concatenate([a["period"], b["period"]]))
    keys = [_key(found, names, days) for found in (a, b)]
    every = np.unique(np.concatenate(keys))
    places = [np.searchsorted(every, key) for key in keys]
    counts, tones = np.zeros((2, len(every))), np.full((2, len(every)), np.nan)
    for n, found in enumerate((a, b)):
        counts[n, places[n]] = found["records"]
        tones[n, places[n]] = found["value"]
    dyad, period = np.divmod(every, len(days))
    source, target = np.divmod(dyad, len(names))
    return _Paired(names[source], names[target], days[period], counts[0], counts[1], tones[0], tones[1])


def _key(found: Mapping[str, Any], names: npt.NDArray[Any], days: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return one number for each dyad and period."""
    source, target = (np.searchsorted(names, found[side].astype(str)) for side in ("source", "target"))
    at = np.searchsorted(days, found["period"])
    return cast("npt.NDArray[np.int64]", (source.astype(np.int64) * len(names) + target) * len(days) + at)


def _agreement(paired: _Paired, first: str, last: str) -> Agreement:
    both = (paired.a > 0) & (paired.b > 0)
    tone = _correlation(paired.tone_a[both], paired.tone_b[both])
    return Agreement(
        first, last, int(both.sum()), int(((paired.a > 0) & ~both).sum()), int(((paired.b > 0) & ~both).sum()),
        round(float(both.mean()), 4) if len(both) else 0.0, _correlation(np.log1p(paired.a), np.log1p(paired.b)),
        _correlation(_ranks(paired.a), _ranks(paired.b)), tone,
    )  # fmt: skip


def _correlation(one: Real, other: Real) -> float | None:
    if len(one) < _FEWEST or float(one.std()) == 0.0 or float(other.std()) == 0.0:
        return None
    return round(float(np.corrcoef(one, other)[0, 1]), 4)


def _ranks(values: Real) -> Real:
    """Return the rank of each value, the mean of theirs for equal ones."""
    _, place, number = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(number)
    ranks: Real = (ends - (number - 1) / 2)[place]
    return ranks


def _differences(paired: _Paired, a: Dataset, b: Dataset, period: str, most: int) -> Sequence[Difference]:
    """Return where counts lie farthest from what the datasets' sizes let expect, by Pearson residuals."""
    totals = paired.a.sum(), paired.b.sum()
    share = totals[0] / (totals[0] + totals[1])
    whole = paired.a + paired.b
    residual = (paired.a - whole * share) / np.sqrt(np.maximum(whole * share * (1 - share), 1e-9))
    order = np.lexsort((paired.period, paired.target, paired.source, -np.abs(residual)))[:most]
    found = []
    for n in order:
        more = a if residual[n] > 0 else b
        own, other = (paired.a[n], paired.b[n]) if more is a else (paired.b[n], paired.a[n])
        size = (totals[0] / totals[1]) if more is a else (totals[1] / totals[0])
        expected = max(float(other), 0.5) * float(size)
        dyad, day = (str(paired.source[n]), str(paired.target[n])), str(paired.period[n])
        found.append(
            Difference(
                *dyad, day, int(paired.a[n]), int(paired.b[n]), more.name, round(float(own) / expected, 2),
                _examples(more, dyad, day, period),
            )
        )  # fmt: skip
    return found


def _examples(dataset: Dataset, dyad: tuple[str, str], day: str, period: str) -> tuple[Event, ...]:
    """Return some events of the dyad in the period, in its direction."""
    last = _end(day, period)
    # Not those of the dataset alone: its dyad and days take the place of wider ones.
    own = dataset.filters
    asked = Filters(
        dyad=dyad, since=day, until=last, status="actual", origin=own.origin, min_confidence=own.min_confidence
    )
    found = []
    for event in dataset.store.query("events", asked):
        doers = {who.code.upper() for who in event.actors}
        if dyad[0] in doers and (dyad[1] in {who.code.upper() for who in event.recipients} or not event.recipients):
            found.append(event)
            if len(found) == _EXAMPLES:
                break
    return tuple(found)


def _end(day: str, period: str) -> str:
    """Return the last day of the period that begins on `day`."""
    start = np.datetime64(day, "D")
    if length := {"day": 1, "week": 7}.get(period, 0):
        return str(start + length - 1)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    return str((start.astype("datetime64[M]") + months).astype("datetime64[D]") - 1)


def as_text(number: float | None) -> str:
    """Return a correlation for people."""
    return "–" if number is None or math.isnan(number) else f"{number:+.2f}"
