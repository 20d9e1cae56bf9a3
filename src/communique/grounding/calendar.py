"""Intervals of days and their arithmetic; nothing here knows of words.

Weeks are ISO weeks (Monday to Sunday); seasons are those of the data file, "since" and "until" leave one end open.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from communique.records import DateInterval, Precision

Tense = Literal["past", "present", "future", "none"]
Part = Literal["early", "mid", "late"]
FIRST_YEAR, LAST_YEAR = 1500, 2200


@dataclass(frozen=True, slots=True)
class Days:
    """An interval of days, both ends included; None is an open end."""

    start: date | None
    end: date | None
    precision: Precision = "unknown"

    def record(self, text: str) -> DateInterval:
        """Return the public form, with the words that gave it."""
        start = self.start.isoformat() if self.start else ""
        end = self.end.isoformat() if self.end else ""
        return DateInterval(start, end, self.precision, text)


OPEN = Days(None, None)


def parse_day(iso: str) -> date | None:
    """Return the day of an ISO date or time stamp, None for anything else."""
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def day(d: date) -> Days:
    return Days(d, d, "day")


def span(start: date, end: date) -> Days:
    """Return the interval with the precision that its length deserves."""
    length = (end - start).days + 1
    names: tuple[tuple[int, Precision], ...] = ((1, "day"), (13, "days"), (45, "month"), (200, "season"), (400, "year"))
    return Days(start, end, next((name for most, name in names if length <= most), "years"))


def week(d: date, shift: int = 0) -> Days:
    """Return the ISO week of `d`, or the one `shift` weeks later."""
    monday = d - timedelta(days=d.weekday()) + timedelta(weeks=shift)
    return Days(monday, monday + timedelta(days=6), "week")


def weekend(d: date, shift: int = 0) -> Days:
    monday = d - timedelta(days=d.weekday()) + timedelta(weeks=shift)
    return Days(monday + timedelta(days=5), monday + timedelta(days=6), "days")


def month(year: int, number: int) -> Days:
    last = calendar.monthrange(year, number)[1]
    return Days(date(year, number, 1), date(year, number, last), "month")


def year(number: int) -> Days:
    return Days(date(number, 1, 1), date(number, 12, 31), "year")


def years(first: int, last: int) -> Days:
    return Days(date(first, 1, 1), date(last, 12, 31), "years" if last > first else "year")


def shift_months(d: date, count: int) -> date:
    """Return the day `count` months later, the last of that month if it is shorter."""
    total = d.year * 12 + d.month - 1 + count
    number, index = divmod(total, 12)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return d
    return date(number, index + 1, min(d.day, calendar.monthrange(number, index + 1)[1]))


def safe_date(year_: int, month_: int, day_: int) -> date | None:
    """Return the date, or None if the calendar has no such day."""
    try:
        return date(year_, month_, day_)
    except ValueError:
        return None


def part(days: Days, which: Part) -> Days:
    """Return the first, second or last third of an interval ("early 2019", "mid-August", "late this week")."""
    if days.start is None or days.end is None:
        return days
    length = (days.end - days.start).days + 1
    if length < 3:
        return days
    if days.precision == "month":
        first, second = 10, 20
    elif days.precision in ("year", "season") and length > 31:
        third = (days.end.year * 12 + days.end.month - days.start.year * 12 - days.start.month + 1) // 3
        first = (shift_months(days.start, third) - days.start).days
        second = (shift_months(days.start, 2 * third) - days.start).days
    elif days.precision == "years" and length > 99 * 365:  # a century: 33, 33 and 34 years
        first = (shift_months(days.start, 396) - days.start).days
        second = (shift_months(days.start, 792) - days.start).days
    elif days.precision == "years" and 9 * 365 < length < 11 * 366:  # a decade: 0 to 3, 4 to 6, 7 to 9
        first = (shift_months(days.start, 48) - days.start).days
        second = (shift_months(days.start, 84) - days.start).days
    else:
        first, second = length // 3 or 1, length - (length // 3 or 1)
    cuts = {"early": (0, first - 1), "mid": (first, second - 1), "late": (second, length - 1)}
    low, high = cuts[which]
    return span(days.start + timedelta(days=low), days.start + timedelta(days=high))


def clip(days: Days, tense: Tense, published: date | None) -> Days:
    """Cut at the day of publication: what lies ahead off a past interval, what lies behind off a future one."""
    if published is None or days.start is None or days.end is None or not days.start <= published <= days.end:
        return days
    if tense == "past":
        return replace(days, end=published)
    if tense == "future":
        return replace(days, start=published)
    return days


def hull(first: Days, last: Days) -> Days:
    """Return the interval from the start of one to the end of another."""
    if first == last or first.start is None or last.end is None or first.start > last.end:
        return first
    return span(first.start, last.end)


def nearest(candidates: list[Days], tense: Tense, published: date) -> Days | None:
    """Choose among the same days of several years: the last begun (past), the first not over (future), the nearest."""
    known = [c for c in candidates if c.start and c.end]
    if tense == "past":
        begun = [c for c in known if c.start and c.start <= published]
        return max(begun, key=lambda c: c.start or date.min, default=None)
    if tense in ("future", "present"):  # "the summit opens in March"
        coming = [c for c in known if c.end and c.end >= published]
        return min(coming, key=lambda c: c.end or date.max, default=None)
    return min(known, key=lambda c: _distance(c, published), default=None)


def _distance(days: Days, d: date) -> tuple[int, int]:
    """Days between `d` and the interval; at a tie the past is nearer."""
    if days.start is None or days.end is None or days.start <= d <= days.end:
        return (0, 0)
    return ((d - days.end).days, 0) if days.end < d else ((days.start - d).days, 1)


def weekday(number: int, tense: Tense, published: date) -> Days:
    """Return the day meant by a bare weekday (0 = Monday): today counts for both past and future."""
    if tense in ("future", "present"):
        return day(published + timedelta(days=(number - published.weekday()) % 7))
    return day(published - timedelta(days=(published.weekday() - number) % 7))
