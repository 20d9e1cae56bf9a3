"""The English words of time, and the seasons and occasions of the knowledge files by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from communique.grounding.occasions import Occasion, Season
from communique.knowledge.tables import BUILTIN, Raw, Tables, read_text, validated

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thur thu", "friday fri", "saturday sat",
         "sunday sun")
    )
    for name in names.split()
}  # fmt: skip
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "dozen": 12,
}  # fmt: skip
# Words that name no number but a range of them: "a few weeks ago" is two to five weeks ago.
VAGUE = {"couple": (2, 3), "few": (2, 5), "several": (3, 7), "some": (3, 7), "many": (5, 20)}
ORDINALS = {
    "first": 1, "opening": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    "fortieth": 40, "fiftieth": 50, "closing": -1, "final": -1, "last": -1,
}  # fmt: skip
DECADES = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990,
}  # fmt: skip
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=8)
def words_in(text: str) -> frozenset[str]:
    """Return the words and numbers of `text`, which several looks at one sentence share."""
    return frozenset(_WORD.findall(text))


def alternatives(names: Iterable[str]) -> str:
    """Return a regular expression for any of `names`, the longest first."""
    return "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Seasons and occasions by lower-case name; `by_first` has the names of occasions by their first word."""

    seasons: Mapping[str, Season]
    occasions: Mapping[str, Occasion]
    by_first: Mapping[str, tuple[str, ...]]

    @property
    def season_pattern(self) -> str:
        return alternatives(self.seasons)

    def may_name(self, text: str) -> bool:
        """Tell whether lower-case `text` has a word that begins the name of an occasion."""
        return not self.by_first.keys().isdisjoint(words_in(text))

    def occasions_in(self, text: str) -> Iterator[tuple[int, int, Occasion]]:
        """Yield the occasions named in lower-case `text` with the offsets of the name; the longest name wins."""
        if not self.may_name(text):
            return
        reached = 0
        for word in _WORD.finditer(text):
            start = word.start()
            for name in self.by_first.get(word[0], ()) if start >= reached else ():
                end = start + len(name)
                if text.startswith(name, start) and not text[end : end + 1].isalnum():
                    reached = end
                    yield start, end, self.occasions[name]
                    break


def load_time_words(tables: Tables) -> TimeWords:
    """Return the seasons and occasions of the knowledge files; raises KnowledgeError for an invalid one."""
    seasons = validated(tables, "season", Season, key=lambda s: s.names[0])
    occasions = validated(tables, "occasion", Occasion, key=lambda o: o.names[0])
    named = {n.lower(): o.entry for o in occasions for n in o.entry.names}
    for o in occasions:
        named.update(dict.fromkeys(_held_names(o.entry), o.entry))
    by_first: dict[str, list[str]] = {}
    for name in sorted(named, key=len, reverse=True):
        by_first.setdefault(_WORD.findall(name)[0], []).append(name)
    return TimeWords(
        {n.lower(): s.entry for s in seasons for n in s.entry.names},
        named,
        {first: tuple(names) for first, names in by_first.items()},
    )


def _held_names(occasion: Occasion) -> Iterator[str]:
    """Yield "nato's madrid summit" for a "NATO summit" that was held in Madrid."""
    for name in occasion.names:
        body, _, kind = name.lower().rpartition(" ")
        if kind == "summit":
            for _, where in occasion.periods():
                yield from (f"{body}'s {place} {kind}" for place in where.split("/") if place)


@cache
def builtin_time_words() -> TimeWords:
    """Return our own seasons and occasions, for callers that loaded no knowledge."""
    tables: Tables = {}
    for path in sorted((BUILTIN / "times").glob("*.toml")):
        for table, entries in tomllib.loads(read_text(path)).items():
            if table != "file":
                tables.setdefault(table, []).extend(Raw(v, path, 1, True) for v in entries)
    return load_time_words(tables)
