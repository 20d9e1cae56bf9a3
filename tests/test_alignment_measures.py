"""The measures of alignment: similarity of profiles, changes of level, blocs, structural balance."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from communique.alignment.balance import frustration, triads
from communique.alignment.blocs import Partition, adjusted_rand, blocs, stability
from communique.alignment.changes import change_points
from communique.alignment.similarity import Distance, similarities, similarity
from communique.errors import QueryError

Array = NDArray[np.float64]
NAN = math.nan
SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed: int, actors: int = 6, issues: int = 9) -> Array:
    """Profiles on a coarse scale, so that positions recur, with gaps."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(-4, 5, (actors, issues)) / 4
    rows[rng.random(rows.shape) < 0.3] = NAN
    return rows


def network(seed: int, actors: int, density: float = 0.6) -> Array:
    rng = np.random.default_rng(seed)
    ties = rng.normal(size=(actors, actors))
    ties[rng.random(ties.shape) > density] = NAN
    upper = np.triu(ties, 1)
    return upper + upper.T


def planted(seed: int, actors: int, camps: int, within: float = 0.4, between: float = -0.2) -> tuple[list[int], Array]:
    rng = np.random.default_rng(seed)
    labels = np.arange(actors) % camps
    ties = np.where(labels[:, None] == labels, within, between) + rng.normal(size=(actors, actors)) * 0.5
    ties[rng.random(ties.shape) < 0.4] = NAN
    upper = np.triu(ties, 1)
    return labels.tolist(), upper + upper.T


# --- similarity


def test_two_categories_give_the_kappa_and_the_pi_of_the_literature() -> None:
    # The table of the two: both yes 20, only the first 5, only the second 10, both no 15; n = 50.
    # Observed agreement 35/50 = 0.7. Yes: first 25/50 = 0.5, second 30/50 = 0.6.
    # Cohen: by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5, so kappa = (0.7 - 0.5) / (1 - 0.5) = 0.4.
    # Scott: pooled yes 0.55, by chance 0.55² + 0.45² = 0.505, so pi = (0.7 - 0.505) / 0.495 = 0.39393...
    # S: the mean distance is 15/50 of the whole scale, so 1 - 2 * 0.3 = 0.4.
    first = [1] * 25 + [-1] * 25
    second = [1] * 20 + [-1] * 5 + [1] * 10 + [-1] * 15
    for distance in ("absolute", "squared"):
        found = similarity(first, second, distance=distance)
        assert found.kappa == pytest.approx(0.4)
        assert found.pi == pytest.approx(0.195 / 0.495)
        assert found.s == pytest.approx(0.4)
        assert found.shared == 50


def test_valued_positions_by_hand() -> None:
    # a = 1, 0, -1 and b = 1, 1, 0; a fourth issue is a's alone. Distances 0, 1, 1: observed 2/3.
    # S = 1 - 2 * (2/3) / 2 = 1/3.
    # kappa: of all nine pairs, 1 is 0, 0, 1 from b, 0 is 1, 1, 0 and -1 is 2, 2, 1: expected 8/9;
    # 1 - (6/9)/(8/9) = 1/4.
    # pi: the pool 1, 1, 1, 0, 0, -1; of its 36 pairs 2 * 3 * 2 lie 1 apart (1, 0), 2 * 3 * 1 lie 2 apart (1, -1) and
    # 2 * 2 * 1 lie 1 apart (0, -1): (12 + 12 + 4) / 36 = 7/9; 1 - (6/9)/(7/9) = 1/7.
    found = similarity([1, 0, -1, 0.5], [1, 1, 0, NAN])
    assert found.shared == 3
    assert (found.s, found.kappa, found.pi) == pytest.approx((1 / 3, 1 / 4, 1 / 7))
    # Squared: observed 2/3 of 4: S = 1 - 2 * (2/3) / 4 = 2/3.
    # kappa: means 0 and 2/3, variances 2/3 and 2/9: expected 2/3 + 2/9 + 4/9 = 4/3; 1 - (2/3)/(4/3) = 1/2.
    # pi: twice the variance of the pool, of mean 1/3: 2 * (4/6 - 1/9) = 10/9; 1 - (2/3)/(10/9) = 2/5.
    found = similarity([1, 0, -1, 0.5], [1, 1, 0, NAN], distance="squared")
    assert (found.s, found.kappa, found.pi) == pytest.approx((2 / 3, 1 / 2, 2 / 5))


@pytest.mark.parametrize("distance", ["absolute", "squared"])
def test_a_weight_counts_an_issue_as_often(distance: Distance) -> None:
    first, second = [1, 0.5, -1, 0], [0.5, 0.5, 0, -1]
    weighted = similarity(first, second, weights=[3, 1, 2, 0], distance=distance)
    repeated = similarity(
        [1, 1, 1, 0.5, -1, -1], [0.5, 0.5, 0.5, 0.5, 0, 0], distance=distance
    )  # fmt: skip
    assert (weighted.s, weighted.pi, weighted.kappa) == pytest.approx((repeated.s, repeated.pi, repeated.kappa))
    assert weighted.shared == 3


def test_what_is_undefined_is_not_a_number() -> None:
    apart = similarity([1, NAN], [NAN, 1])
    assert apart.shared == 0
    assert all(map(math.isnan, (apart.s, apart.pi, apart.kappa)))
    alike = similarity([0.3, 0.3, 0.3], [0.3, 0.3, 0.3])
    assert alike.s == 1
    assert math.isnan(alike.pi)
    assert math.isnan(alike.kappa)
    against = similarity([1, 1], [-1, -1])
    assert (against.s, against.kappa, against.pi) == pytest.approx((-1, 0, -1))


@given(SEEDS, st.sampled_from(["absolute", "squared"]))
@settings(max_examples=40, deadline=None)
def test_similarity_is_symmetric_within_range_and_follows_its_actors(seed: int, distance: Distance) -> None:
    rows, rng = drawn(seed), np.random.default_rng(seed)
    weights = rng.random(rows.shape[1])
    found = similarities(rows, weights=weights, distance=distance)
    order = rng.permutation(len(rows))
    turned = similarities(rows[order], weights=weights, distance=distance)
    mirrored = similarities(-rows, weights=weights, distance=distance)
    for name in ("s", "pi", "kappa", "shared"):
        matrix = getattr(found, name)
        np.testing.assert_array_equal(matrix, matrix.T)
        np.testing.assert_allclose(getattr(turned, name), matrix[np.ix_(order, order)], atol=1e-9)
        np.testing.assert_allclose(getattr(mirrored, name), matrix, atol=1e-9)
        known = matrix[~np.isnan(matrix)]
        assert name == "shared" or ((known <= 1) & (known >= -1 - 1e-9)).all()
    assert (np.diag(found.s)[np.diag(found.shared) > 0] == 1).all()
    # Draws from the pool differ no more than draws from each one's own, so that pi is never above kappa.
    both = ~np.isnan(found.pi) & ~np.isnan(found.kappa)
    assert (found.pi[both] <= found.kappa[both] + 1e-9).all()
    pair = similarity(rows[0], rows[1], weights=weights, distance=distance)
    np.testing.assert_equal((pair.s, pair.shared), (found.s[0, 1], found.shared[0, 1]))


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_expected_distances_are_those_of_all_pairs(seed: int) -> None:
    one, other = drawn(seed, actors=2)
    weights = np.random.default_rng(seed).random(len(one))
    both = ~np.isnan(one) & ~np.isnan(other)
    if not both.any():
        return
    a, b, w = one[both], other[both], weights[both] / weights[both].sum()
    pool, share = np.concatenate([a, b]), np.concatenate([w, w]) / 2
    own = (np.abs(a[:, None] - b) * np.outer(w, w)).sum()
    pooled = (np.abs(pool[:, None] - pool) * np.outer(share, share)).sum()
    observed = (w * np.abs(a - b)).sum()
    found = similarity(one, other, weights=weights)
    if own > 1e-9:
        assert found.kappa == pytest.approx(1 - observed / own)
    if pooled > 1e-9:
        assert found.pi == pytest.approx(1 - observed / pooled)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: similarity([1, 0], [1]),
        lambda: similarity([2, 0], [1, 0]),
        lambda: similarity([1, 0], [1, 0], weights=[1]),
        lambda: similarity([1, 0], [1, 0], weights=[1, -1]),
        lambda: similarity([1, 0], [1, 0], scale=(1, 1)),
        lambda: similarity([1, 0], [1, 0], distance="cubed"),  # type: ignore[arg-type]
        lambda: similarities([1, 0]),
        lambda: change_points([1, math.inf]),
        lambda: change_points([1, 2], weights=[1]),
        lambda: change_points([1, 2], weights=[1, NAN]),
        lambda: change_points([1, 2], least=1),
        lambda: change_points([1, 2], penalty=0),
        lambda: blocs([[0, 1]]),
        lambda: blocs([[0.0, 1.0], [0.5, 0.0]]),
        lambda: blocs([[0.0, math.inf], [math.inf, 0.0]]),
        lambda: blocs([[0, 1], [1, 0]], starts=0),
        lambda: frustration([[0, 1], [1, 0]], starts=0),
        lambda: adjusted_rand([0, 1], [0]),
        lambda: stability([], Partition((0,), 0.0)),
    ],
)
def test_what_cannot_be_asked_says_what_to_do(ask: Callable[[], object]) -> None:
    with pytest.raises(QueryError, match=r"\. Give |Known: "):
        ask()


# --- changes


def test_a_plain_step_is_found_with_its_levels() -> None:
    values = np.array([0.1, -0.1] * 10 + [2.1, 1.9] * 10)
    (change,) = change_points(values)
    assert change.at == 20
    assert (change.before, change.after) == pytest.approx((0, 2))
    # The noise left is 0.1 in each of 40 periods, with 38 degrees of freedom.
    assert change.size == pytest.approx(2 / (0.1 * math.sqrt(40 / 38)))


def test_steps_without_noise_are_found_and_one_level_is_none() -> None:
    assert [c.at for c in change_points([0.0] * 20 + [1.0] * 20 + [0.0] * 20)] == [20, 40]
    assert change_points([3.0] * 40) == ()
    assert change_points([]) == ()
    assert change_points([NAN] * 30) == ()
    assert change_points([0, 1] * 4, least=5) == ()


def test_gaps_are_skipped_and_weigh_nothing() -> None:
    rng = np.random.default_rng(4)
    values = np.r_[rng.normal(size=30), np.full(7, NAN), rng.normal(size=30) + 5]
    (change,) = change_points(values)
    assert change.at == 37
    weights = np.r_[np.ones(30), np.zeros(7), np.ones(30)]
    wild = np.where(weights == 0, 99.0, values)
    assert change_points(wild, weights=weights) == (change,)


def test_weights_tell_a_level_from_a_few_poor_periods() -> None:
    rng = np.random.default_rng(5)
    values, weights = rng.normal(size=60), np.full(60, 100.0)
    values[25:31] = rng.normal(size=6) + 8
    assert [c.at for c in change_points(values)] == [25, 31]
    weights[25:31] = 1.0  # then each is ten times as noisy as the rest
    assert change_points(values, weights=weights) == ()
    ten = change_points(values, weights=np.full(60, 10.0))
    assert [c.at for c in ten] == [25, 31]
    assert ten[0].size == pytest.approx(change_points(values)[0].size)


@given(SEEDS, st.floats(0.01, 100), st.floats(-1e4, 1e4))
@settings(max_examples=25, deadline=None)
def test_changes_do_not_depend_on_unit_or_origin(seed: int, unit: float, origin: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=60) + np.repeat(rng.normal(size=3) * 3, 20)
    found, other = change_points(values), change_points(values * unit + origin)
    assert [c.at for c in found] == [c.at for c in other]
    np.testing.assert_allclose([c.size for c in found], [c.size for c in other], rtol=1e-6)
    bounds = [0, *(c.at for c in found), 60]
    assert min(np.diff(bounds)) >= 5
    for change, nxt in itertools.pairwise(found):
        assert change.after == nxt.before


@pytest.mark.parametrize("seed", range(12))
def test_no_other_places_of_as_many_changes_fit_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Levels shorter than the shortest stretch allowed: here a search that prunes too early goes astray.
    y, w = rng.normal(size=14) + np.repeat(rng.normal(size=7) * 6, 2), rng.integers(1, 9, 14).astype(float)
    found = [0, *(c.at for c in change_points(y, weights=w, least=3, penalty=0.5)), 14]
    every = ([0, *cuts, 14] for cuts in itertools.combinations(range(1, 14), len(found) - 2))
    least = min(_squares(y, w, cuts) for cuts in every if min(np.diff(cuts)) >= 3)
    assert _squares(y, w, found) == pytest.approx(least)


def _squares(y: Array, w: Array, bounds: list[int]) -> float:
    parts = [slice(a, b) for a, b in itertools.pairwise(bounds)]
    return sum(float((w[p] * (y[p] - np.average(y[p], weights=w[p])) ** 2).sum()) for p in parts)


def test_noise_is_left_alone_and_plain_changes_are_found_where_they_are() -> None:
    rng = np.random.default_rng(6)
    alarms = sum(bool(change_points(rng.normal(size=120))) for _ in range(300))
    assert alarms <= 15
    level = np.repeat([0.0, 3.0, 0.0, 3.0, 0.0, 3.0], 20)
    hits = 0
    for _ in range(60):
        found = [c.at for c in change_points(level + rng.normal(size=120))]
        hits += sum(any(abs(at - place) <= 1 for at in found) for place in range(20, 120, 20))
    assert hits >= 0.95 * 300


# --- blocs


def partitions(items: list[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    for rest in partitions(items[1:]):
        yield [[items[0]], *rest]
        for i, group in enumerate(rest):
            yield [*rest[:i], [items[0], *group], *rest[i + 1 :]]


def modularity(ties: Array, groups: list[list[int]]) -> float:
    """Signed modularity word by word after Gómez, Jensen & Arenas 2009, equation 9."""
    known = np.nan_to_num(ties)
    plus, minus = np.maximum(known, 0), np.maximum(-known, 0)
    two_plus, two_minus = plus.sum(), minus.sum()
    total = 0.0
    for group in groups:
        for i, j in itertools.product(group, repeat=2):
            total += known[i, j]
            total -= plus[i].sum() * plus[j].sum() / two_plus if two_plus else 0
            total += minus[i].sum() * minus[j].sum() / two_minus if two_minus else 0
    return float(total / (two_plus + two_minus))


@pytest.mark.parametrize("seed", range(8))
def test_blocs_are_the_best_of_all_partitions_of_seven(seed: int) -> None:
    ties = network(seed, 7, density=0.8)
    best = max(modularity(ties, groups) for groups in partitions(list(range(7))))
    found = blocs(ties)
    assert found.quality == pytest.approx(best)
    assert found.quality == pytest.approx(modularity(ties, [list(m) for m in found.members]))


@pytest.mark.parametrize("size", range(2, 8))
def test_the_search_finds_what_trying_all_finds(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    ties = network(size, size, density=0.8)
    tried = blocs(ties)
    monkeypatch.setattr("communique.alignment.blocs._EVERY", 0)
    assert blocs(ties).quality == pytest.approx(tried.quality)


def test_two_cliques_by_hand() -> None:
    # Two triangles of ties of 1: half of all strength lies in each, so the modularity is 2 * (1/2 - 1/4) = 1/2.
    clique = np.ones((3, 3))
    ties = np.block([[clique, np.zeros((3, 3))], [np.zeros((3, 3)), clique]])
    assert blocs(ties) == Partition((0, 0, 0, 1, 1, 1), 0.5)
    ties[:3, 3:] = ties[3:, :3] = -1
    # Each of 6 friendly ties is inside (12 of 30 of the sum of both directions), as are 12 * (1/4 + 1/4) of 12 by the
    # friendly strengths and 18 / 2 of 18 by the hostile ones: (12 - 6 + 9) / 30 = 1/2.
    assert blocs(ties) == Partition((0, 0, 0, 1, 1, 1), 0.5)


def test_actors_without_ties_and_foes_only_are_blocs_of_one() -> None:
    assert blocs(np.full((3, 3), NAN)) == Partition((0, 1, 2), 0.0)
    assert blocs(np.zeros((0, 0))) == Partition((), 0.0)
    ties = np.zeros((5, 5))
    ties[1, 3] = ties[3, 1] = 0.7
    assert blocs(ties).labels == (1, 0, 2, 0, 3)
    assert blocs([[0.0, -1.0], [-1.0, 0.0]]).labels == (0, 1)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_blocs_are_deterministic_numbered_and_follow_their_actors(seed: int) -> None:
    ties, rng = network(seed, 9), np.random.default_rng(seed)
    found = blocs(ties)
    assert found == blocs(ties)
    assert found.quality == pytest.approx(blocs(ties * 7.5).quality)
    keys = [(-len(m), m[0]) for m in found.members]
    assert keys == sorted(keys)
    order = rng.permutation(9)
    # Which of equally good partitions is found may depend on the order, how good it is hardly: the search is no proof.
    assert blocs(ties[np.ix_(order, order)]).quality == pytest.approx(found.quality, abs=0.01)


def test_planted_blocs_are_found_again_and_how_stable_they_are_is_told() -> None:
    rand = []
    for seed in range(12):
        labels, ties = planted(seed, 40, 2)
        rand.append(adjusted_rand(labels, blocs(ties, starts=4).labels))
    assert np.mean(rand) >= 0.95
    labels, ties = planted(1, 100, 5, within=0.8)
    found = blocs(ties, starts=4)
    assert adjusted_rand(labels, found.labels) == 1
    resamples = [planted(seed, 100, 5, within=0.8)[1] for seed in range(2, 6)]
    told = stability(resamples, found, starts=3)
    assert told.rand == pytest.approx(1)
    assert told.shares == (1.0,) * 100


def test_stability_counts_who_leaves_the_bloc() -> None:
    def groups(labels: list[int]) -> Array:
        return np.where(np.equal.outer(labels, labels), 1.0, -1.0)

    partition = blocs(groups([0, 0, 0, 1, 1, 2]))
    moved = groups([0, 0, 1, 1, 1, 1])
    told = stability([groups([0, 0, 0, 1, 1, 2]), moved], partition)
    # In the second resample actor 2 has left the other two of its bloc, and actor 5 is no longer alone.
    assert told.shares == (1, 1, 0.5, 1, 1, 0.5)
    assert told.rand == pytest.approx((1 + adjusted_rand([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 1])) / 2)


def test_adjusted_rand_by_hand() -> None:
    # Groups {1, 2, 3}, {4, 5, 6} against {1, 2}, {3, 4}, {5, 6}: pairs together in both 2 (12 and 56), in the first 6,
    # in the second 3, of 15; by chance 6 * 3 / 15 = 1.2; (2 - 1.2) / (4.5 - 1.2) = 8 / 33.
    assert adjusted_rand([0, 0, 0, 1, 1, 1], [5, 5, 3, 3, 9, 9]) == pytest.approx(8 / 33)
    assert adjusted_rand([0, 1, 2], [2, 0, 1]) == 1
    assert adjusted_rand([0, 0, 0], [1, 1, 1]) == 1
    assert adjusted_rand([0, 0, 0], [0, 1, 2]) == 0
    assert adjusted_rand([], []) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12))
def test_adjusted_rand_is_symmetric_and_blind_to_names(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    value = adjusted_rand(first, second)
    assert value == pytest.approx(adjusted_rand(second, first))
    assert value == pytest.approx(adjusted_rand([7 - a for a in first], second))
    assert value <= 1
    assert adjusted_rand(first, first) == 1


# --- balance


def symmetric(size: int, **ties: float) -> Array:
    """A matrix of ties named by their two actors, as in `t01`."""
    matrix = np.full((size, size), NAN)
    for name, value in ties.items():
        i, j = int(name[1]), int(name[2])
        matrix[i, j] = matrix[j, i] = value
    return matrix


def test_triads_by_hand() -> None:
    # 012 is +++ of cube root of 1 * 1 * 8 = 2, 013 is ++- of 1 * 1 * 1 = 1; no tie between 2 and 3.
    found = triads(symmetric(5, t01=1, t02=1, t12=8, t03=1, t13=-1))
    assert (found.t3, found.t2, found.t1, found.t0) == (1, 1, 0, 0)
    assert found.share == 0.5
    assert found.weighted_share == pytest.approx(2 / 3)
    np.testing.assert_allclose(found.actors, [0.5, 0.5, 1, 0, NAN])
    np.testing.assert_allclose(found.weighted_actors, [2 / 3, 2 / 3, 1, 0, NAN])
    assert math.isnan(triads(symmetric(3, t01=1)).share)


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_triads_are_those_that_are_counted_one_by_one(seed: int) -> None:
    ties = network(seed, 8)
    known = np.nan_to_num(ties)
    kinds, weights = [0, 0, 0, 0], [0.0, 0.0]
    for i, j, k in itertools.combinations(range(8), 3):
        three = [known[i, j], known[j, k], known[i, k]]
        if all(three):
            positive = sum(t > 0 for t in three)
            kinds[positive] += 1
            weights[positive % 2] += abs(math.prod(three)) ** (1 / 3)
    found = triads(ties)
    assert [found.t0, found.t1, found.t2, found.t3] == kinds
    if sum(kinds):
        assert found.share == pytest.approx((kinds[1] + kinds[3]) / sum(kinds))
        assert found.weighted_share == pytest.approx(weights[1] / sum(weights))
    assert triads(ties * 3).weighted_share == pytest.approx(found.weighted_share, nan_ok=True)


def test_frustration_by_hand() -> None:
    # A triangle of foes asks for one tie, the cheapest.
    foes = frustration(symmetric(5, t01=-1, t12=-2, t02=-0.5, t23=-3))
    assert (foes.ties, foes.weight, foes.exact) == (1, 0.5, True)
    assert foes.line_index == pytest.approx(1 - 2 * 1 / 4)
    assert foes.weighted_line_index == pytest.approx(1 - 2 * 0.5 / 6.5)
    assert foes.weighted_camps == (0, 1, 0, 1, -1)
    none = frustration(np.zeros((3, 3)))
    assert (none.ties, none.weight, none.camps, none.exact) == (0, 0, (-1, -1, -1), True)
    assert math.isnan(none.line_index)
    assert frustration(symmetric(4, t01=-1, t23=1)).camps == (0, 1, 0, 0)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_frustration_is_the_least_of_all_divisions_and_follows_switching(seed: int) -> None:
    ties, rng = network(seed, 8, density=0.5), np.random.default_rng(seed)
    known = np.nan_to_num(ties)
    least = [math.inf, math.inf]
    for bits in itertools.product((1, -1), repeat=8):
        wrong = np.triu(known * np.outer(bits, bits) < 0)
        least = [min(least[0], int(wrong.sum())), min(least[1], float(np.abs(known[wrong]).sum()))]
    found = frustration(ties)
    assert found.exact
    assert (found.ties, found.weight) == pytest.approx((least[0], least[1]))
    # Turning all ties of some actors round changes nothing (Zaslavsky 1982), nor does another order.
    switch, order = rng.choice([-1.0, 1.0], 8), rng.permutation(8)
    turned = frustration((ties * np.outer(switch, switch))[np.ix_(order, order)])
    assert (turned.ties, turned.weight) == pytest.approx((found.ties, found.weight))


def test_large_networks_get_a_bound_and_balanced_ones_the_truth() -> None:
    ties = network(3, 40)
    found = frustration(ties)
    assert found == frustration(ties)
    assert not found.exact
    camps = np.array(found.camps)
    known = np.sign(np.nan_to_num(ties))
    assert found.ties == np.triu(known * np.where(np.equal.outer(camps, camps), 1, -1) < 0).sum()
    assert 0 <= found.line_index <= 1
    sides = np.random.default_rng(1).choice([-1.0, 1.0], 40)
    balanced = frustration(np.abs(ties) * np.outer(sides, sides))
    assert (balanced.ties, balanced.weight, balanced.exact, balanced.line_index) == (0, 0, True, 1)


def test_the_search_of_large_networks_reaches_the_least_where_it_is_known() -> None:
    """Two networks of 20, each solved exactly by itself, joined by one tie that takes nothing away from the least."""
    for seed in range(6):
        one, other = network(seed, 20), network(seed + 50, 20)
        parts = [frustration(m) for m in (one, other)]
        assert all(p.exact for p in parts)
        joined = np.full((40, 40), NAN)
        joined[:20, :20], joined[20:, 20:] = one, other
        joined[19, 20] = joined[20, 19] = 1.0
        found = frustration(joined, seed=seed)
        assert not found.exact
        assert found.ties == sum(p.ties for p in parts)
        assert found.weight == pytest.approx(sum(p.weight for p in parts))
