"""Places by name: our own table of regions, waters and islands, and a large one of countries, regions and cities.

The large one (`data/places/cities.tsv`, from GeoNames, built by `tools/build_gazetteer.py`) is read at the first
look-up: a dictionary from name to line numbers; a line is taken apart only when it is asked for. It is not a CSV table
of the knowledge files because validating tens of thousands of rows at each start would cost more than all the rest.
Users add places in a `places.csv` or as `[[place]]`; their names come before ours.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator

from communique.knowledge.tables import BUILTIN, Entry, Tables, read_text, split_list, validated

CITIES = BUILTIN / "places" / "cities.tsv"
GUARDED = BUILTIN / "places" / "guarded.txt"
LARGEST_NAME = 6
KINDS = frozenset(
    "country territory region capital city continent area sea ocean strait gulf bay canal river lake island islands "
    "peninsula mountains desert border facility".split()
)
# What a kind weighs against a population of ten to that power: "Georgia" is the country, "Moscow" the capital.
_WEIGHT = {
    "country": 9.0,
    "continent": 9.0,
    "capital": 8.0,
    "area": 7.5,
    "sea": 8.0,
    "ocean": 8.0,
    "region": 5.4,
    "city": 4.0,
}
_OWN_WEIGHT = 7.0
_SEAT = 10_000
"""A city of so many inhabitants takes the name from the region around it that is called after it."""


class PlaceEntry(Entry):
    """A place of the knowledge files; coordinates in degrees (WGS 84), `country` ISO 3166-1 alpha-3 or empty."""

    name: str = Field(min_length=1)
    kind: str
    country: str = ""
    admin1: str = ""
    geonameid: int = 0
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    population: int = Field(default=0, ge=0)
    aliases: tuple[str, ...] = ()

    @field_validator("aliases", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return split_list(value) if isinstance(value, str) else value

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"use one of {', '.join(sorted(KINDS))}")
        return value


@dataclass(frozen=True, slots=True)
class Site:
    """One place that a name may mean; `where` is the file and line that it comes from."""

    name: str
    kind: str
    country: str
    admin1: str
    geonameid: int
    lat: float
    lon: float
    population: int
    where: str

    @property
    def weight(self) -> float:
        """How much the place is talked about, as far as its kind and population tell."""
        size = math.log10(self.population + 10)
        if self.kind == "city":
            return size
        return max(_WEIGHT.get(self.kind, _OWN_WEIGHT), size)


@dataclass(frozen=True)
class Gazetteer:
    """Places by name. `own` holds the places of the knowledge files, `cities` is the file of the large table."""

    own: Mapping[str, tuple[Site, ...]]
    cities: Path = CITIES
    guarded_file: Path = GUARDED
    _sites: dict[int, Site] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _lines(self) -> list[str]:
        return read_text(self.cities).split("\n")

    @cached_property
    def _index(self) -> dict[str, int | tuple[int, ...]]:
        index: dict[str, int | tuple[int, ...]] = {}
        for number, line in enumerate(self._lines):
            if not line or line[0] == "#":
                continue
            name, others, _ = line.split("\t", 2)
            for form in (name, *others.split(";")) if others else (name,):
                known = index.get(form)
                if known is None:
                    index[form] = number
                else:
                    index[form] = (*((known,) if isinstance(known, int) else known), number)
        return index

    @cached_property
    def guarded(self) -> frozenset[str]:
        """Names of places that are also words or names of people: they need a preposition of place before them."""
        lines = read_text(self.guarded_file).split("\n")
        return frozenset(name for line in lines if not line.startswith("#") for name in line.split())

    def sites(self, name: str) -> tuple[Site, ...]:
        """Return all places of that name, our own first; a name in capitals is also looked up as a usual one."""
        found = self._named(name)
        if not found and name.isupper() and len(name) > 3:
            found = self._named(name.title())
        return found

    def best(
        self, name: str, countries: Collection[str] = (), within: Iterable[Site] = (), *, region: bool = False
    ) -> Site | None:
        """Return the place that `name` means best, a region rather than its seat of the same name if `region`.

        `countries` are those of the report's other places and actors: they add as much as a hundredfold population.
        `within` are the places that the text names as its surroundings ("Paris, Texas"): if any fits, it decides.
        """
        found = self.sites(name)
        around = tuple(within)
        inside = [s for s in found if any(_lies_in(s, a) for a in around)]
        if inside:
            found = tuple(inside)
        if not found:
            return None
        # "Aleppo" is the city unless "province" follows; "Texas" has no city to be taken for.
        seats = {(s.country, s.admin1) for s in found if s.kind in ("city", "capital") and s.population >= _SEAT}
        wanted = (
            [s for s in found if (s.kind == "region") == region]
            if region
            else [s for s in found if s.kind != "region" or not _has_seat(s, seats)]
        )
        return max(
            wanted or found,
            key=lambda s: (s.weight + (2.0 if s.country in countries else 0.0), s.population, -s.geonameid),
        )

    def _named(self, name: str) -> tuple[Site, ...]:
        own = self.own.get(name, ())
        numbers = self._index.get(name, ())
        others = (self._site(n) for n in ((numbers,) if isinstance(numbers, int) else numbers))
        if not own:
            return tuple(others)
        return (*own, *(o for o in others if not any(_same(o, x) for x in own)))

    def _site(self, number: int) -> Site:
        if number not in self._sites:
            name, _, kind, country, admin1, geonameid, lat, lon, population = self._lines[number].split("\t")
            where = f"places/{self.cities.name}:{number + 1}"
            self._sites[number] = Site(
                name, kind, country, admin1, int(geonameid), float(lat), float(lon), int(population), where
            )
        return self._sites[number]


def _same(other: Site, own: Site) -> bool:
    """Tell whether a place of the large table is one that the knowledge files describe too."""
    towns = ("city", "capital")
    alike = (
        other.kind == own.kind
        or (other.kind in towns and own.kind in towns)
        or (other.kind == "region" and own.kind == "area")
    )
    return alike and other.country == own.country and abs(other.lat - own.lat) < 3 and abs(other.lon - own.lon) < 5


def _has_seat(region: Site, seats: Collection[tuple[str, str]]) -> bool:
    return (region.country, region.admin1) in seats or (region.country, "") in seats


def _lies_in(site: Site, around: Site) -> bool:
    if around.kind in ("country", "territory"):
        return site.country == around.country and site.geonameid != around.geonameid
    return (
        bool(around.admin1) and site.country == around.country and site.admin1 == around.admin1 and site is not around
    )


def load_gazetteer(tables: Tables) -> Gazetteer:
    """Return the gazetteer with the places of the knowledge files; the large table is read when it is first needed."""
    own: dict[str, list[Site]] = {}
    for located in validated(tables, "place", PlaceEntry, key=lambda e: f"{e.name}|{e.kind}|{e.country}"):
        e = located.entry
        site = Site(e.name, e.kind, e.country, e.admin1, e.geonameid, e.lat, e.lon, e.population, located.where)
        for form in dict.fromkeys((e.name, *e.aliases)):
            own.setdefault(form, []).append(site)
    return Gazetteer({name: tuple(sites) for name, sites in own.items()})
