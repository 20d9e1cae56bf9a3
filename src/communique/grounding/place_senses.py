"""Which of the places of a name a report means: the one that the report's other names agree on.

Every name of a report has one sense in it, unless the text itself says otherwise ("Paris, Texas"). Each place that a
name may have starts with what its size and kind weigh; then the names vote for each other, in a few rounds: a place
is supported by a name that lies near it, in the same region, in it or around it, as far as that name itself is
settled. What wins is the weight and the support together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from communique.knowledge.gazetteer import Site
from communique.knowledge.place_names import fold

Floats = npt.NDArray[np.float32]

# Tuned on the first half of places.jsonl (293 texts); see docs/notes/places.md.
MOST = 60
"""Places of one name that are compared; the others are villages that nothing but a name near them could point to."""
SUPPORT, LOCAL_SUPPORT = 3.0, 2.0
"""What full support adds to the weight, and how much more of it in local news."""
SHARPNESS = (0.5, 1.0, 1.6)
"""How soon a name takes sides, round by round: in the first all of its places still have a voice."""
NEAR, CLOSE, FAR = 1.2, 0.6, 0.3
AROUND, WITHIN_REGION, SAME_REGION, WITHIN_COUNTRY, SAME_COUNTRY = 0.9, 0.7, 0.35, 0.3, 0.06
SMALLEST, CAPITAL, OTHER_NAME = 0.15, 0.4, 0.8
TOLD = 1.5
"""What words around a name that point to a state add to the places there: as much as a thirtyfold population."""
_EARTH_KM = 6371.0
_FAMOUS = frozenset({"country", "capital", "territory", "area"})
_FAME = 4.0
_STEPS = tuple((float(np.cos(km / _EARTH_KM)), gain) for km, gain in ((40, NEAR), (100, CLOSE), (200, FAR)))


@dataclass(frozen=True, slots=True)
class Ask:
    """One name to settle: the places that it may have and how much its own settling counts for others.

    `key` is the name as it is looked up: a town that bears it only in another spelling or language weighs less.
    `country` is the state that words around the name point to, where it has several bearers.
    """

    sites: tuple[Site, ...]
    weight: float = 1.0
    key: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A place of a name with what it weighs by itself, what the report adds, and the names that gave most of it."""

    site: Site
    weight: float
    support: float
    helpers: tuple[int, ...]

    @property
    def score(self) -> float:
        return self.weight + self.support


def settle(asks: Sequence[Ask], priors: Mapping[str, float], local: float = 0.0) -> list[tuple[Scored, ...]]:
    """Return for each of `asks` its places, the best first; `priors` adds to the places of a country.

    At most MOST places of a name are weighed. `local`, between 0 and 1, is how much the report is one of local news:
    what is known to the world then weighs less, down to what its size alone gives it.
    """
    if not asks:
        return []
    sites: list[Site] = []
    owner: list[int] = []
    for n, ask in enumerate(asks):
        kept = ask.sites if len(ask.sites) <= MOST else sorted(ask.sites, key=lambda s: -s.weight)[:MOST]
        sites += kept
        owner += [n] * len(kept)
    own = np.array(owner)
    base = np.array(
        [
            _weight(s, local, asks[n].key) + priors.get(s.country, 0.0) + TOLD * (s.country == asks[n].country)
            for s, n in zip(sites, owner, strict=True)
        ],
        dtype=np.float32,
    )
    gains = _gains(sites, own) * _voice(sites, local)
    weights = np.array([a.weight for a in asks], dtype=np.float32)
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    names = own[starts]
    score = base
    for sharpness in SHARPNESS:
        share = _shares(score, starts, sharpness)
        # The best that each name does for each place, weighed by how much of the name's sense it is.
        per_name = np.maximum.reduceat(gains * share, starts, axis=1) * weights[names]
        score = base + (SUPPORT + LOCAL_SUPPORT * local) * _saturated(per_name)
    own_weights, supports, helpers = base.tolist(), (score - base).tolist(), _helpers(per_name, names)
    order: list[tuple[Scored, ...]] = []
    for k, start in enumerate(starts):
        end = starts[k + 1] if k + 1 < len(starts) else len(sites)
        found = [Scored(sites[c], own_weights[c], supports[c], helpers[c]) for c in range(start, end)]
        order.append(tuple(sorted(found, key=lambda s: (-s.score, -s.site.population, s.site.geonameid))))
    return order


def _weight(site: Site, local: float, key: str) -> float:
    if site.kind == "city":
        other = OTHER_NAME if key and site.given and fold(site.name) != key else 0.0
        return site.weight - site.fame * local - other
    if local <= 0 or site.kind not in _FAMOUS:
        return site.weight
    return max(site.weight - _FAME * local, min(site.weight, math.log10(site.population + 10)))


def _shares(score: Floats, starts: npt.NDArray[np.int_], sharpness: float) -> Floats:
    """Return how much of its name's sense each place is, between 0 and 1."""
    top = np.maximum.reduceat(score, starts)
    sizes = np.diff(np.r_[starts, len(score)])
    raised = np.exp(sharpness * (score - np.repeat(top, sizes)))
    shares: Floats = (raised / np.repeat(np.add.reduceat(raised, starts), sizes)).astype(np.float32)
    return shares


def _voice(sites: Sequence[Site], local: float) -> Floats:
    """Return how much each place speaks for those around it.

    The White House and the Kremlin are named for what they decide: the towns near them are not meant, and in reports
    that are no local news neither are those around a capital.
    """
    far = CAPITAL + (1.0 - CAPITAL) * local
    kinds = {"facility": 0.0, "capital": far}
    return np.array([kinds.get(s.kind, 1.0) for s in sites], dtype=np.float32)[None, :]


def _saturated(per_name: Floats) -> Floats:
    """Return the support of many names together: each further one counts for less."""
    ordered = -np.sort(-per_name, axis=1)[:, :8]
    steps = np.array([1.0, 0.8, 0.6, 0.45, 0.35, 0.25, 0.2, 0.15], dtype=np.float32)[: ordered.shape[1]]
    return (ordered * steps).sum(axis=1).astype(np.float32)  # type: ignore[no-any-return]


def _gains(sites: Sequence[Site], own: npt.NDArray[np.int_]) -> Floats:
    """Return what each place (column) does for each other (row): nothing for places of the same name."""
    lat = np.radians(np.array([s.lat for s in sites], dtype=np.float32))
    lon = np.radians(np.array([s.lon for s in sites], dtype=np.float32))
    points = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=1)
    codes = {c: n for n, c in enumerate({s.country for s in sites})}
    regions = {r: n for n, r in enumerate({(s.country, s.admin1) for s in sites})}
    country = np.array([codes[s.country] if s.country else -1 - n for n, s in enumerate(sites)])
    region = np.array([regions[s.country, s.admin1] if s.admin1 else -1 - n for n, s in enumerate(sites)])
    is_country = np.array([s.kind == "country" for s in sites])
    is_region = np.array([s.kind == "region" for s in sites])
    # That a country is named says much for its great places and little for each of its thousand villages.
    size = np.clip((np.array([s.weight for s in sites], dtype=np.float32) - 3.0) / 3.0, SMALLEST, 1.0)[:, None]
    same_country = country[:, None] == country[None, :]
    same_region = region[:, None] == region[None, :]
    gains = np.where(same_country, SAME_COUNTRY * size, np.float32(0.0))
    gains = np.where(same_country & (is_country[:, None] | is_country[None, :]), WITHIN_COUNTRY * size, gains)
    gains = np.where(same_region, np.float32(SAME_REGION), gains)
    gains = np.where(same_region & is_region[None, :], np.float32(AROUND), gains)
    gains = np.where(same_region & is_region[:, None], np.float32(WITHIN_REGION), gains)
    cosine = points @ points.T
    large = is_country | is_region
    small = ~(large[:, None] | large[None, :])
    for least, gain in reversed(_STEPS):
        gains = np.where((cosine >= least) & small, np.maximum(gains, np.float32(gain)), gains)
    gains[own[:, None] == own[None, :]] = 0.0
    return gains.astype(np.float32)


def _helpers(per_name: Floats, names: npt.NDArray[np.int_]) -> list[tuple[int, ...]]:
    """Return for each place the names that support it most, at most three."""
    best = np.argsort(-per_name, axis=1)[:, :3]
    gains = np.take_along_axis(per_name, best, axis=1)
    return [
        tuple(name for name, gain in zip(whose, given, strict=True) if gain > 0.1)
        for whose, given in zip(names[best].tolist(), gains.tolist(), strict=True)
    ]
