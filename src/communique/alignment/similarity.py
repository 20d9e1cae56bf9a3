"""How alike two profiles of positions are: Signorino and Ritter's S, and agreement corrected for chance.

S compares the distance between two actors with the largest that the scale allows, so that it is high wherever most
actors hold the same position on most issues. Pi and kappa compare it with the distance expected of two actors who hold
their positions as often as these do, but on issues drawn by lot; that is what Häge (2011) recommends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from communique.errors import QueryError, unknown

Array = NDArray[np.float64]
Distance = Literal["absolute", "squared"]
# Of the scale's width (or its square): what is nearer to nought than this is a rounding error of sums of shares.
_NOUGHT = 1e-12


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two profiles are: 1 where they are the same, NaN where a measure is undefined.

    `s` runs from -1 to 1. `pi` and `kappa` are 0 where the two agree as often as chance would have it and below 0
    where less often. `shared` is the number of issues that the figures rest on.
    """

    s: float
    pi: float
    kappa: float
    shared: int


@dataclass(frozen=True, slots=True, eq=False)
class Similarities:
    """The same of each pair of n actors, as symmetric n x n matrices; the diagonal compares an actor with itself."""

    s: Array
    pi: Array
    kappa: Array
    shared: NDArray[np.int64]


def similarity(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    distance: Distance = "absolute",
    scale: tuple[float, float] = (-1.0, 1.0),
) -> Similarity:
    """Return how alike two profiles are; each holds one position an issue, NaN where the actor has none.

    Only issues on which both have a position count, each with its weight (1 where no weights are given; an issue of
    weight 0 is left out). With w the weights, d the distance (absolute, or its square) and D the weighted mean:

    - S = 1 - 2 D(observed) / d(ends of the scale): Signorino & Ritter 1999, International Studies Quarterly 43:115-144.
    - kappa = 1 - D(observed) / D(expected), where the positions of the two are drawn each from its own distribution:
      Cohen 1960; pi the same, where both are drawn from the mean of the two distributions: Scott 1955. Both for valued
      positions after Häge 2011, Political Analysis 19:287-305.

    S is NaN where no issue is shared; pi and kappa also where no disagreement is to be expected, because both hold one
    and the same position everywhere. Raises QueryError for profiles or weights that do not fit or leave the scale.
    """
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise QueryError(
            f"Profiles of shape {one.shape} and {other.shape} cannot be compared. Give two of as many issues."
        )
    every = similarities(np.stack([one, other]), weights=weights, distance=distance, scale=scale)
    return Similarity(
        s=float(every.s[0, 1]),
        pi=float(every.pi[0, 1]),
        kappa=float(every.kappa[0, 1]),
        shared=int(every.shared[0, 1]),
    )


def similarities(
    profiles: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    distance: Distance = "absolute",
    scale: tuple[float, float] = (-1.0, 1.0),
) -> Similarities:
    """Return how alike each two of n actors are; `profiles` holds a row an actor and a column an issue.

    Formulas, gaps and errors are those of `similarity`.
    """
    rows = np.asarray(profiles, dtype=np.float64)
    if rows.ndim != 2:
        raise QueryError(f"Profiles of {rows.ndim} dimensions are no table. Give a row an actor and a column an issue.")
    low, high = scale
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise QueryError(f"The scale from {low} to {high} has no width. Give its lower end first.")
    if np.any((rows < low) | (rows > high)):
        raise QueryError(f"A position lies outside the scale from {low} to {high}. Give the scale it was taken on.")
    if distance not in get_args(Distance):
        raise QueryError(unknown("distance", distance, get_args(Distance)))
    heavy = _weights(weights, rows.shape[1])
    count = len(rows)
    s, pi, kappa = (np.full((count, count), np.nan) for _ in range(3))
    shared = np.zeros((count, count), dtype=np.int64)
    for i in range(count):
        # One half is worked out and mirrored, so that the matrices are symmetric to the last bit.
        measures = _against(rows[i], rows[i:], heavy, high - low, distance)
        for matrix, values in zip((s, pi, kappa, shared), measures, strict=True):
            matrix[i, i:] = matrix[i:, i] = values
    return Similarities(s=s, pi=pi, kappa=kappa, shared=shared)


def _weights(weights: ArrayLike | None, issues: int) -> Array:
    if weights is None:
        return np.ones(issues)
    heavy = np.asarray(weights, dtype=np.float64)
    if heavy.shape != (issues,):
        raise QueryError(f"Weights of shape {heavy.shape} do not fit {issues} issues. Give one weight an issue.")
    if not np.all(np.isfinite(heavy) & (heavy >= 0)):
        raise QueryError("A weight of an issue is negative or no number. Give 0 or more.")
    return heavy


def _against(
    first: Array, others: Array, weights: Array, span: float, distance: Distance
) -> tuple[Array, Array, Array, NDArray[np.int64]]:
    """Return S, pi, kappa and the number of shared issues of one profile with each of the others."""
    both = ~np.isnan(first) & ~np.isnan(others) & (weights > 0)
    total = (both * weights).sum(axis=1)
    share = both * weights / np.where(total > 0, total, 1.0)[:, None]
    # What is not shared weighs nothing, so that any number may stand in its place.
    one, other = np.where(both, first, 0.0), np.where(both, others, 0.0)
    gap = np.abs(one - other)
    if distance == "squared":
        gap, span = gap**2, span**2
        own, pooled = _expected_squared(one, other, share)
    else:
        own, pooled = _expected_absolute(one, other, share)
    observed = (share * gap).sum(axis=1)
    nothing = np.flatnonzero(total == 0)
    s = 1.0 - 2.0 * observed / span
    s[nothing] = np.nan
    pi, kappa = (
        1.0 - observed / np.where((expected > _NOUGHT * span) & (total > 0), expected, np.nan)
        for expected in (pooled, own)
    )
    return s, pi, kappa, both.sum(axis=1)


def _expected_squared(one: Array, other: Array, share: Array) -> tuple[Array, Array]:
    """Return the expected squared distances of kappa and of pi, from means and variances: Häge 2011, appendix."""
    mean_one, mean_other = (share * one).sum(axis=1), (share * other).sum(axis=1)
    spread = (share * ((one - mean_one[:, None]) ** 2 + (other - mean_other[:, None]) ** 2)).sum(axis=1)
    apart = (mean_one - mean_other) ** 2
    return spread + apart, spread + apart / 2


def _expected_absolute(one: Array, other: Array, share: Array) -> tuple[Array, Array]:
    """Return the expected absolute distances of kappa and of pi.

    The mean distance of all pairs of positions is the integral of F(1 - G) + G(1 - F) over the scale, with F and G the
    shares that lie below: one sort a pair of actors instead of a table of each position with each other.
    """
    values = np.concatenate([one, other], axis=1)
    order = np.argsort(values, axis=1, kind="stable")
    steps = np.diff(np.take_along_axis(values, order, axis=1), axis=1)
    none = np.zeros_like(share)
    below_one, below_other = (
        np.cumsum(np.take_along_axis(np.concatenate(shares, axis=1), order, axis=1), axis=1)[:, :-1]
        for shares in ((share, none), (none, share))
    )
    own = (steps * (below_one * (1.0 - below_other) + below_other * (1.0 - below_one))).sum(axis=1)
    below = (below_one + below_other) / 2
    return own, (steps * 2.0 * below * (1.0 - below)).sum(axis=1)
