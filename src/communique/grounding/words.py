"""The English words of time, and the seasons and occasions of the knowledge files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pydantic import model_validator

from communique.grounding.calendar import Days, easter, islamic, safe_date, shift_months, span
from communique.knowledge.tables import BUILTIN, Entry, Raw, Tables, read_text, validated

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
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "few": 3, "couple": 2, "several": 5, "many": 10, "some": 5, "dozen": 12,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": -1, "last": -1}


class Season(Entry):
    """A part of the year: names, first day (month-day) and length in months."""

    names: tuple[str, ...]
    first: str
    months: int

    def of(self, year: int) -> Days:
        """Return the season that begins in `year`."""
        month, day = map(int, self.first.split("-"))
        start = date(year, month, day)
        return Days(start, shift_months(start, self.months) - timedelta(days=1), "season")


class Occasion(Entry):
    """A day or some days that have a name and come back; exactly one of the rules gives their date."""

    names: tuple[str, ...]
    days: int = 1
    fixed: str = ""
    easter: int | None = None
    orthodox_easter: int | None = None
    islamic: str = ""
    month: int = 0
    weekday: int = 0
    nth: int = 0
    after: int = 0
    dates: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_rule(self) -> Occasion:
        rules = [
            self.fixed,
            self.easter is not None,
            self.orthodox_easter is not None,
            self.islamic,
            self.month,
            self.dates,
        ]
        if sum(map(bool, rules)) != 1:
            raise ValueError("give exactly one of fixed, easter, orthodox_easter, islamic, month, dates")
        return self

    def of(self, year: int) -> list[Days]:
        """Return when the occasion falls in `year`: mostly once, an Islamic one now and then twice."""
        starts = self._starts(year)
        if self.islamic:  # arithmetic may be a day off the sighted moon
            return [span(d - timedelta(days=1), d + timedelta(days=self.days)) for d in starts]
        return [span(d, d + timedelta(days=self.days - 1)) for d in starts]

    def _starts(self, year: int) -> list[date]:
        if self.fixed:
            month, day = map(int, self.fixed.split("-"))
            found = safe_date(year, month, day)
            return [found] if found else []
        if self.easter is not None:
            return [easter(year) + timedelta(days=self.easter)]
        if self.orthodox_easter is not None:
            return [easter(year, orthodox=True) + timedelta(days=self.orthodox_easter)]
        if self.islamic:
            month, day = map(int, self.islamic.split("-"))
            return islamic(year, month, day)
        if self.dates:
            return [date.fromisoformat(d) for d in self.dates if d.startswith(f"{year}-")]
        return [self._nth_weekday(year)]

    def _nth_weekday(self, year: int) -> date:
        if self.nth < 0:
            last = shift_months(date(year, self.month, 1), 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1 + self.after)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Seasons and occasions by lower-case name, with the regular expressions that find them."""

    seasons: Mapping[str, Season]
    occasions: Mapping[str, Occasion]

    @property
    def season_pattern(self) -> str:
        return _alternatives(self.seasons)

    @property
    def occasion_pattern(self) -> str:
        return _alternatives(self.occasions)


def load_time_words(tables: Tables) -> TimeWords:
    """Return the seasons and occasions of the knowledge files; raises KnowledgeError for an invalid one."""
    seasons = validated(tables, "season", Season, key=lambda s: s.names[0])
    occasions = validated(tables, "occasion", Occasion, key=lambda o: o.names[0])
    return TimeWords(
        {n.lower(): s.entry for s in seasons for n in s.entry.names},
        {n.lower(): o.entry for o in occasions for n in o.entry.names},
    )


@cache
def builtin_time_words() -> TimeWords:
    """Return our own seasons and occasions, for callers that loaded no knowledge."""
    path = BUILTIN / "places" / "calendar.toml"
    content = tomllib.loads(read_text(path))
    tables = {t: [Raw(v, path, 1, True) for v in entries] for t, entries in content.items() if t != "file"}
    return load_time_words(tables)


def _alternatives(names: Mapping[str, object]) -> str:
    return "|".join(re.escape(n).replace("'", "['’]") for n in sorted(names, key=len, reverse=True))
