"""What the knowledge files say of seasons and occasions, and when they fall."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pydantic import field_validator, model_validator

from communique.grounding import feasts
from communique.grounding.calendar import Days, safe_date, shift_months, span
from communique.knowledge.tables import Entry

_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?(?: (.+))?")


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
    """A day or some days that have a name; exactly one of the rules gives their date.

    `dates` are periods `2022-06-28/2022-06-30 Madrid`, the end and the place may be left out. `at` is set where the
    name is one of a body or a deed too, so that it stands for a date only after "at", "since" and the like.
    `unplanned`: it cannot be meant before it happened.
    `no_date` says that the names look like dates and are none ("Sunday Times").
    """

    names: tuple[str, ...]
    days: int = 1
    fixed: str = ""
    easter: int | None = None
    orthodox_easter: int | None = None
    islamic: str = ""
    hebrew: str = ""
    month: int = 0
    weekday: int = 0
    nth: int = 0
    after: int = 0
    dates: tuple[str, ...] = ()
    at: bool = False
    no_date: bool = False
    unplanned: bool = False

    @model_validator(mode="after")
    def _one_rule(self) -> Occasion:
        movable = (self.easter is not None, self.orthodox_easter is not None, self.islamic, self.hebrew)
        rules = (self.fixed, *movable, self.month, self.dates, self.no_date)
        if sum(map(bool, rules)) != 1:
            raise ValueError(
                "give exactly one of fixed, easter, orthodox_easter, islamic, hebrew, month, dates, no_date"
            )
        return self

    @field_validator("dates")
    @classmethod
    def _periods(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            match = _PERIOD.fullmatch(value)
            if match is None or (match[2] or match[1]) < match[1]:
                raise ValueError("write each period as 2022-06-28/2022-06-30 Place, without what does not apply")
            date.fromisoformat(match[1])
            date.fromisoformat(match[2] or match[1])
        return values

    def of(self, year: int, place: str = "") -> list[Days]:
        """Return when the occasion falls in `year`: mostly once, an Islamic one now and then twice.

        With `place` only what was held there.
        """
        if self.dates:
            return [d for d, where in self.periods() if d.start and d.start.year == year and _held(where, place)]
        if place:
            return []
        # The Umm al-Qura calendar is the first to begin a month; elsewhere it begins a day later.
        slack = 1 if self.islamic else 0
        return [span(d, d + timedelta(days=self.days - 1 + slack)) for d in self._starts(year)]

    def around(self, year: int, place: str = "") -> list[Days]:
        """Return all that `dates` gives, or else what the rule gives in the years beside `year`."""
        if self.dates:
            return [d for d, where in self.periods() if _held(where, place)]
        return [d for y in range(year - 2, year + 3) for d in self.of(y, place)]

    def periods(self) -> list[tuple[Days, str]]:
        """Return the periods of `dates` with their places."""
        found = []
        for text in self.dates:
            match = _PERIOD.fullmatch(text)
            assert match is not None
            start = date.fromisoformat(match[1])
            found.append((span(start, date.fromisoformat(match[2] or match[1])), (match[3] or "").lower()))
        return found

    def _starts(self, year: int) -> list[date]:
        if self.easter is not None:
            return [feasts.easter(year) + timedelta(days=self.easter)]
        if self.orthodox_easter is not None:
            return [feasts.easter(year, orthodox=True) + timedelta(days=self.orthodox_easter)]
        if self.month:
            return [self._nth_weekday(year)]
        month, day = map(int, (self.fixed or self.islamic or self.hebrew).split("-"))
        if self.islamic:
            return feasts.islamic(year, month, day)
        if self.hebrew:
            return feasts.hebrew(year, month, day)
        found = safe_date(year, month, day)
        return [found] if found else []

    def _nth_weekday(self, year: int) -> date:
        if self.nth < 0:
            last = shift_months(date(year, self.month, 1), 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1 + self.after)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))


def _held(where: str, place: str) -> bool:
    return not place or place in where.split("/")
