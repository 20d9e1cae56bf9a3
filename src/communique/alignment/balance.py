"""Structural balance of a signed network: whether friends of friends are friends, and how far two camps explain it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from communique.alignment.blocs import signed_ties
from communique.errors import QueryError

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
# All 2**(n - 1) divisions of n actors are tried up to this many: 16 MiB of numbers, a fifth of a second.
EXHAUSTIVE = 22
_STEPS = 10  # of the search, for each actor
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Triads:
    """The triads of a signed network, three actors with a tie between each two.

    `t3`, `t2`, `t1` and `t0` count those with that many positive ties: +++ and +-- are balanced (t3, t1), ++- and
    --- are not (t2, t0). `share` is that of the balanced, `weighted_share` the same with each triad weighed by the
    cube root of the product of its absolute ties; `actors` and `weighted_actors` the same of the triads that each
    actor is part of. A share is NaN where there is no triad.
    """

    t3: int
    t2: int
    t1: int
    t0: int
    share: float
    weighted_share: float
    actors: tuple[float, ...]
    weighted_actors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Frustration:
    """What stands between a signed network and two camps, friends within and foes between.

    `ties` is the smallest number of ties, `weight` the smallest sum of absolute ties, to remove or to flip; the two
    may ask for different camps. `line_index` is 1 - 2 ties / all ties, 1 where all is balanced and never below 0,
    `weighted_line_index` the same of weights; both NaN where there are no ties. `camps` and `weighted_camps` give the
    camp of each actor, 0 or 1, and -1 for an actor without ties; which camp is 0 is set anew for each part of the
    network that has no tie with the rest. Where `exact` is False, the numbers are upper bounds and the indices lower
    ones.
    """

    ties: int
    weight: float
    line_index: float
    weighted_line_index: float
    camps: tuple[int, ...]
    weighted_camps: tuple[int, ...]
    exact: bool


def triads(matrix: ArrayLike) -> Triads:
    """Return the triads of a symmetric matrix of signed ties (NaN or 0: no tie) and how many are balanced.

    Cartwright & Harary 1956, Psychological Review 63:277-293; numbers of triads as traces of powers of the matrix:
    Terzi & Winkler 2011. Raises QueryError for a matrix that is not square, finite and symmetric.
    """
    ties = signed_ties(matrix)
    signs = np.sign(ties)
    positive, negative = (signs > 0).astype(np.float64), (signs < 0).astype(np.float64)
    t3, t0 = (float(((part @ part) * part).sum()) / 6 for part in (positive, negative))
    t2 = float(((positive @ positive) * negative).sum()) / 2
    t1 = float(((negative @ negative) * positive).sum()) / 2
    share, actors = _shares(signs)
    weighted_share, weighted_actors = _shares(np.cbrt(ties))
    return Triads(round(t3), round(t2), round(t1), round(t0), share, weighted_share, actors, weighted_actors)


def frustration(matrix: ArrayLike, *, seed: int = 0, starts: int = 20) -> Frustration:
    """Return how far a symmetric matrix of signed ties (NaN or 0: no tie) is from two camps.

    The frustration or line index of Harary 1959, normalised after Aref & Wilson 2018 (Journal of Complex Networks
    6:566-595). Actors of one tie are left out, since they never stand in the way, and each connected part is solved
    by itself: by trying all divisions where it has up to EXHAUSTIVE actors, else by a tabu search from `starts`
    divisions (one spectral, the rest by lot). The same seed gives the same result. Raises QueryError for a matrix that
    is not square, finite and symmetric, and for less than one start.
    """
    if starts < 1:
        raise QueryError(f"{starts} starts find nothing. Give 1 or more.")
    ties = signed_ties(matrix)
    signs = np.sign(ties)
    rng = np.random.Generator(np.random.PCG64(seed))
    by_number, number_exact = _camps(signs, rng, starts)
    # What counts as a rounding error is measured against the largest tie.
    by_weight, weight_exact = _camps(ties / (np.abs(ties).max(initial=0.0) or 1.0), rng, starts)
    number, weight = _frustrated(signs, by_number), _frustrated(ties, by_weight)
    # A division that suits the weights better by the number too, or the reverse, is not thrown away.
    if (other := _frustrated(signs, by_weight)) < number:
        by_number, number = by_weight, other
    if (other := _frustrated(ties, by_number)) < weight:
        by_weight, weight = by_number, other
    return Frustration(
        ties=round(number),
        weight=weight,
        line_index=_line_index(number, signs),
        weighted_line_index=_line_index(weight, ties),
        camps=_named(by_number, ties),
        weighted_camps=_named(by_weight, ties),
        exact=number_exact and weight_exact,
    )


def _shares(ties: Array) -> tuple[float, tuple[float, ...]]:
    """Return the share of the balanced among all triads and among those of each actor.

    A triad is balanced where the product of its ties is positive: the walks of three steps back to an actor count its
    triads twice, as balanced less unbalanced with signs, and as both together without.
    """
    signed, every = ((m @ m * m).sum(axis=1) for m in (ties, np.abs(ties)))
    signed, every = np.append(signed, signed.sum()), np.append(every, every.sum())
    shares = 0.5 + signed / np.where(every > 0, every, np.nan) / 2
    *actors, whole = np.clip(shares, 0.0, 1.0).tolist()  # sums of cube roots may be off by a rounding error
    return whole, tuple(actors)


def _frustrated(ties: Array, camps: Array) -> float:
    """Return the sum of the absolute ties that are positive between the camps or negative within one."""
    return float(np.maximum(-ties * np.outer(camps, camps), 0.0).sum()) / 2


def _line_index(amount: float, ties: Array) -> float:
    total = float(np.abs(ties).sum()) / 2
    return 1.0 - 2.0 * amount / total if total else float("nan")


def _named(camps: Array, ties: Array) -> tuple[int, ...]:
    """Return camps of 1 and -1 as 0 and 1, the first of each connected part in 0, and -1 for the untied."""
    named = np.full(len(camps), -1, dtype=np.int64)
    for part in _parts(ties, np.flatnonzero(ties.any(axis=1))):
        named[part] = camps[part] != camps[part[0]]
    return tuple(named.tolist())


def _camps(ties: Array, rng: np.random.Generator, starts: int) -> tuple[Array, bool]:
    """Return for each actor 1 or -1, and whether no other camps leave fewer ties (or less weight) frustrated."""
    camps, exact = np.ones(len(ties)), True
    core, leaves = _stripped(ties)
    for part in _parts(ties, core):
        inner = ties[np.ix_(part, part)]
        if len(part) <= EXHAUSTIVE:
            camps[part] = _best_of_all(inner)
        else:
            camps[part] = _searched(inner, rng, starts)
            exact &= _frustrated(inner, camps[part]) == 0
    for leaf, neighbour in reversed(leaves):
        camps[leaf] = camps[neighbour] * np.sign(ties[leaf, neighbour])
    return camps, exact


def _stripped(ties: Array) -> tuple[Indices, list[tuple[int, int]]]:
    """Return the actors left after taking off again and again those of one tie, and these, each with its neighbour."""
    there = ties != 0
    degrees = there.sum(axis=1)
    leaves: list[tuple[int, int]] = []
    while len(ends := np.flatnonzero(degrees == 1)):
        leaf = int(ends[0])
        neighbour = int(np.argmax(there[leaf]))
        leaves.append((leaf, neighbour))
        there[leaf, neighbour] = there[neighbour, leaf] = False
        degrees[leaf], degrees[neighbour] = 0, degrees[neighbour] - 1
    return np.flatnonzero(degrees > 0), leaves


def _parts(ties: Array, actors: Indices) -> list[Indices]:
    """Return the connected parts among the actors, each in order of index."""
    parts: list[Indices] = []
    left = set(actors.tolist())
    while left:
        part, edge = set[int](), {min(left)}
        while edge:
            part |= edge
            left -= edge
            edge = {int(j) for i in edge for j in np.flatnonzero(ties[i])} & left
        parts.append(np.array(sorted(part), dtype=np.int64))
    return parts


def _best_of_all(ties: Array) -> Array:
    """Return the best of all divisions, the first actor's camp being set: the sums double with each actor added."""
    agreement = np.zeros(1)
    for actor in range(1, len(ties)):
        pull = np.array([ties[actor, 0]])
        for tie in ties[actor, 1:actor].tolist():
            pull = np.concatenate([pull + tie, pull - tie])
        agreement = np.concatenate([agreement + pull, agreement - pull])
    best = int(np.argmax(agreement >= agreement.max() - _SAME))
    return np.array([1.0, *(-1.0 if best >> bit & 1 else 1.0 for bit in range(len(ties) - 1))])


def _searched(ties: Array, rng: np.random.Generator, starts: int) -> Array:
    """Return the best division of a tabu search (Glover 1989): each step moves the actor who loses least by it.

    All starts go on side by side, as rows of one table. An actor who moved stays for some steps, by lot.
    """
    size = len(ties)
    camps = np.where(rng.random((starts, size)) < 0.5, -1.0, 1.0)
    camps[0] = np.where(np.linalg.eigh(ties)[1][:, -1] < 0, -1.0, 1.0)
    content = camps * (camps @ ties)  # of each actor: its ties that suit its camp less those that do not
    until = np.zeros((starts, size), dtype=np.int64)
    best: Array = camps.copy()
    reached, rows = content.sum(axis=1), np.arange(starts)
    for step in range(_STEPS * size):
        movers = np.argmin(np.where(until > step, np.inf, content), axis=1)
        content -= 2.0 * ties[movers] * camps * camps[rows, movers][:, None]
        content[rows, movers] *= -1.0
        camps[rows, movers] *= -1.0
        until[rows, movers] = step + 1 + size // 20 + rng.integers(1, 10, starts)
        better = (now := content.sum(axis=1)) > reached + _SAME
        best[better], reached[better] = camps[better], now[better]
    winner: Array = best[int(np.argmax(reached >= reached.max() - _SAME))]
    return winner
