"""How far actors agree on issues: their profiles, and the similarity of each two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from communique.alignment.scores import LEVEL, Rows, distinct_reports, ratio_intervals
from communique.alignment.similarity import Distance, Similarities, similarities
from communique.store.ties import Real, Stances


@dataclass(frozen=True, slots=True)
class Agreement:
    """The profiles of actors (actor by issue, from -1 to 1, NaN where nothing is known) and how similar they are."""

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    profiles: Real
    records: Real
    similarity: Similarities


def profiles(stances: Stances) -> tuple[Real, Real]:
    """Return what each actor holds on each issue, and the number of records on which that rests.

    The first is the mean of the stances (1 support, 0 neutral, -1 oppose), each weighed by its confidence.
    """
    shape = (len(stances.actors), len(stances.issues))
    value, weight, records = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    at = (stances.actor, stances.issue)
    np.add.at(value, at, stances.value)
    np.add.at(weight, at, stances.weight)
    np.add.at(records, at, stances.records)
    held = np.divide(value, weight, out=np.full(shape, np.nan), where=weight > 0)
    return held, records


def profile_intervals(
    stances: Stances, held: Real, draws: int, *, level: float = LEVEL, seed: int = 0
) -> tuple[Real, Real]:
    """Return the bounds of what each actor holds on each issue (`held`, of `profiles`).

    Whole reports are drawn anew, as for the scores of dyads (`communique.alignment.scores`); NaN where there are too
    few. Raises QueryError as `dyad_scores` does.
    """
    shape, cells = held.shape, held.size
    place = stances.actor * shape[1] + stances.issue
    reports = distinct_reports(place, stances.report, cells)
    rows = Rows(place, stances.report, stances.value, stances.weight)
    low, high = ratio_intervals(rows, held.ravel(), reports, draws, level, np.random.default_rng(seed), [seed, 1])
    return low.reshape(shape), high.reshape(shape)


def agreement(stances: Stances, *, distance: Distance = "absolute") -> Agreement:
    """Return profiles and similarities: S (Signorino & Ritter 1999), pi and kappa (Häge 2011)."""
    held, records = profiles(stances)
    return Agreement(stances.actors, stances.issues, held, records, similarities(held, distance=distance))
