"""Places by name: a large compiled table, and the places that users add.

The table (`data/places/gazetteer.tsv.xz` from GeoNames, built by `tools/build_gazetteer.py`, and `features.tsv`, which
is our own and goes before it) is compiled once into the cache folder and then searched where it lies; see
`gazetteer_table`. Users add places in a `places.csv` or as `[[place]]`; their names come before ours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import Field, field_validator

from communique.knowledge.cache import compiled, key_of, made_by
from communique.knowledge.gazetteer_compile import compile_table
from communique.knowledge.gazetteer_table import DEMONYM, KINDS, TOWNS, Table, lines_of, open_table
from communique.knowledge.place_names import abbreviation, fold, keys_of
from communique.knowledge.tables import BUILTIN, Entry, Tables, split_list, validated

FOLDER = BUILTIN / "places"
FILES = ("features.tsv", "gazetteer.tsv.xz")
# What a kind weighs against a population of ten to that power: "Georgia" is the country, "Moscow" the capital.
_WEIGHT = {
    "country": 9.0, "continent": 9.0, "capital": 8.0, "area": 8.5, "sea": 8.0, "ocean": 8.0, "region": 5.4,
    "district": 3.0,
}  # fmt: skip
_OWN_WEIGHT = 7.0
_GIVEN = "places/gazetteer"
_PLAIN, _MOST_FAME = 25, 1.5
"""So many names in GeoNames a town has without being known to the world; Geneva has 60, Geneva in Illinois 11."""
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
    names: int = 0

    @property
    def fame(self) -> float:
        """How much the world talks of a town beyond its size, by the number of its names in other languages."""
        return min(_MOST_FAME, max(0.0, (self.names - _PLAIN) / _PLAIN))

    @property
    def weight(self) -> float:
        """How much the place is talked about, as far as its kind and population tell."""
        size = math.log10(self.population + 10)
        if self.kind == "city":
            return size + self.fame
        if self.kind == "district":
            return min(size, 5.0) - 1.0
        return max(_WEIGHT.get(self.kind, _OWN_WEIGHT), size)

    @property
    def given(self) -> bool:
        """Tell whether the place is one of GeoNames' that our own files do not describe."""
        return self.where.startswith(_GIVEN)

    @property
    def label(self) -> str:
        """The place as people write it: "Paris, Texas, USA"."""
        parts = (self.name, self.admin1 if self.admin1 != self.name else "", self.country)
        return ", ".join(p for p in parts if p)


class Gazetteer:
    """Places by name, and what is known of names that are other words too."""

    def __init__(self, own: Mapping[str, tuple[Site, ...]], folder: Path = FOLDER) -> None:
        """`own` holds the users' places by the keys of their names; `folder` the files of the large table."""
        self._own = own
        self._firsts = frozenset(key.partition(" ")[0] for key in own)
        self._folder = folder
        self._find = lru_cache(maxsize=8192)(self._look_up)

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[Mapping[str, tuple[Site, ...]], Path]]:
        """Compiled knowledge keeps the users' places only: the table is opened where it is used."""
        return type(self), (self._own, self._folder)

    @cached_property
    def table(self) -> Table:
        """The compiled table, compiled at the first use after an installation."""
        places = [self._folder / name for name in FILES]
        demonyms, guards = self._folder / "demonyms.tsv", self._folder / "guards.tsv"

        def build(target: Path) -> None:
            compile_table(places, demonyms, guards, target)

        return open_table(compiled("places", key_of([*places, demonyms, guards], made_by()), build))

    @cached_property
    def abbreviations(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        """A pattern that finds "Ga." and ", GA" (group 1 or 2), and the names that these stand for."""
        names: dict[str, str] = {}
        alone: list[str] = []
        after: list[str] = []
        for line in lines_of(self._folder / "abbreviations.tsv"):
            name, one, two = line.split("\t")
            for forms, found in ((one, alone), (two, after)):
                for form in filter(None, forms.split(";")):
                    names[form] = name
                    found.append(re.escape(form))
        pattern = rf"(?<![\w.])({'|'.join(alone)})(?!\w)|(?<=\w, )({'|'.join(after)})(?!\w)"
        return re.compile(pattern), names

    @cached_property
    def words(self) -> Mapping[str, frozenset[str]]:
        """Classes of words that stand beside names of places (`words.tsv` says what each tells)."""
        rows = (line.split("\t") for line in lines_of(self._folder / "words.tsv"))
        return {kind: frozenset(words.split()) for kind, words in rows}

    @cached_property
    def voices(self) -> Mapping[str, tuple[str, ...]]:
        """Words of the public life of a country, each with the countries whose local papers write it."""
        found: dict[str, tuple[str, ...]] = {}
        for line in lines_of(self._folder / "voices.tsv"):
            country, _, words = line.partition("\t")
            for word in words.split():
                found[word] = (*found.get(word, ()), country)
        return found

    @cached_property
    def voice_heads(self) -> frozenset[str]:
        """The first words of the voices that are two words."""
        return frozenset(word.partition("_")[0] for word in self.voices if "_" in word)

    @cached_property
    def area_codes(self) -> Mapping[str, str]:
        """North American telephone area codes, each with its state or province."""
        rows = (line.split("\t") for line in lines_of(self._folder / "area_codes.tsv"))
        return {code: name for name, codes in rows for code in codes.split()}

    def sites(self, name: str) -> tuple[Site, ...]:
        """Return all places of that name, users' first, in any spelling that differs by case or diacritics only."""
        found: tuple[Site, ...] = ()
        for key in dict.fromkeys((*keys_of(name), fold(name))):
            found += tuple(s for s in self._find(key) if s not in found)
        return found

    def is_word(self, name: str) -> bool:
        """Tell whether a name of one word is a word of the language too ("Southern", "Federal"), which alone names no
        place."""
        key = fold(name)
        return " " not in key and (self.named_also(key, "never") or self.named_also(key, "word"))

    def demonym(self, word: str) -> tuple[Site, ...]:
        """Return the places that a word like "Georgian" is of."""
        return self._find(DEMONYM + fold(word))

    def prefixes(self, text: str, raw: str = "") -> list[str]:
        """Return the names that the folded `text` begins with, the longest last; `raw` is its first word as written."""
        found = self.table.prefixes(text)
        if self._own and text.partition(" ")[0].strip(",") in self._firsts:
            found += [key for key in self._own if text.startswith(key)]
            found.sort(key=len)
        short = abbreviation(raw)
        if short and self._find(short):
            found.append(short)
        return found

    def known(self, key: str) -> bool:
        """Tell whether a place has the folded name `key`."""
        return key in self._own or key in self.table.names

    def named_also(self, key: str, what: str) -> bool:
        """Tell whether the folded name `key` is a "word", a "surname" or a "given" name too."""
        return f"{what}:{key}" in self.table.names

    def at(self, key: str) -> tuple[Site, ...]:
        """Return the places under a key that `prefixes` gave."""
        return self._find(key)

    def best(
        self, name: str, countries: Collection[str] = (), within: Iterable[Site] = (), *, region: bool = False
    ) -> Site | None:
        """Return the place that `name` means best by itself, a region rather than its seat if `region`.

        `countries` are those of the report's other places and actors: they add as much as a hundredfold population.
        `within` are the places that the text names as its surroundings ("Paris, Texas"): if any fits, it decides.
        """
        found = self.sites(name)
        around = tuple(within)
        inside = [s for s in found if any(lies_in(s, a) for a in around)]
        if inside:
            found = tuple(inside)
        if not found:
            return None
        wanted = [s for s in found if s.kind in ("region", "district")] if region else without_seated(found)
        return max(
            wanted or found,
            key=lambda s: (s.weight + (2.0 if s.country in countries else 0.0), s.population, -s.geonameid),
        )

    def _look_up(self, key: str) -> tuple[Site, ...]:
        own = self._own.get(key, ())
        others = [self._site(n) for n in self.table.find(key)]
        return (*own, *(o for o in others if not any(_same(o, x) for x in own)))

    def _site(self, number: int) -> Site:
        lat, lon, population, geonameid, text, line, region, kind, source, names = self.table.row(number)
        name, country = self.table.text(text)
        admin1 = self.table.text(self.table.row(region - 1)[4])[0] if region else ""
        where = f"places/{FILES[source]}:{line}"
        return Site(
            name, KINDS[kind], country, admin1, geonameid, round(lat, 3), round(lon, 3), population, where, names
        )


def without_seated(sites: Iterable[Site]) -> list[Site]:
    """Leave out regions that share a name with their seat: "Aleppo" is the city unless "province" follows.

    A city state or the seat of a region counts if it is no village: "Texas" has no city to be taken for.
    """
    found = tuple(sites)
    seats = {(s.country, s.admin1) for s in found if s.kind in TOWNS and s.population >= _SEAT}
    return [
        s for s in found
        if s.kind not in ("region", "district")
        or not ((s.country, s.admin1) in seats or (s.kind == "region" and (s.country, "") in seats))
    ]  # fmt: skip


def lies_in(site: Site, around: Site) -> bool:
    """Tell whether a place lies in a country or a region, as far as the table says."""
    if around.kind in ("country", "territory"):
        return site.country == around.country and site.geonameid != around.geonameid
    return (
        bool(around.admin1)
        and around.kind in ("region", "area")
        and site.country == around.country
        and site.admin1 == around.admin1
        and site is not around
    )


def _same(other: Site, own: Site) -> bool:
    """Tell whether a place of the large table is one that the knowledge files describe too."""
    alike = (
        other.kind == own.kind
        or (other.kind in TOWNS and own.kind in TOWNS)
        or (other.kind == "region" and own.kind == "area")
    )
    return alike and other.country == own.country and abs(other.lat - own.lat) < 3 and abs(other.lon - own.lon) < 5


def load_gazetteer(tables: Tables) -> Gazetteer:
    """Return the gazetteer with the places of the knowledge files; the large table is opened when first needed."""
    own: dict[str, list[Site]] = {}
    for located in validated(tables, "place", PlaceEntry, key=lambda e: f"{e.name}|{e.kind}|{e.country}"):
        e = located.entry
        site = Site(e.name, e.kind, e.country, e.admin1, e.geonameid, e.lat, e.lon, e.population, located.where)
        for key in dict.fromkeys(key for form in (e.name, *e.aliases) for key in keys_of(form)):
            own.setdefault(key, []).append(site)
    return Gazetteer({name: tuple(sites) for name, sites in own.items()})
