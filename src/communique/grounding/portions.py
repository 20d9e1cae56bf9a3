"""Rules for counted parts of a month or a year: quarters, "the first week of May", "the last two months of 2018"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.absolute import month_year
from communique.grounding.calendar import Days
from communique.grounding.named import YEARS_OFF
from communique.grounding.setting import Reading, Setting, count_of
from communique.grounding.words import MONTHS, ORDINALS, WEEKDAYS

_VAGUE_DAYS = 7  # "the final days of 2018"


def quarter(m: re.Match[str], s: Setting) -> Reading:
    """A quarter or half of a year, given or chosen by tense; "the first half" alone may be one of anything."""
    groups = m.groupdict()
    half = "h" in (groups.get("q") or "")
    size = 6 if half else 3
    number = ORDINALS[m["ord"]] if groups.get("ord") else int(m["qn"])
    number = 12 // size if number < 0 else number
    if number * size > 12:
        return None
    if given := groups.get("y") or groups.get("y9"):
        return _quarter(int(given), number, size), False
    if s.published is None:
        return cal.OPEN, True
    if groups.get("oy") or groups.get("theyear"):
        return _quarter(s.published.year + YEARS_OFF.get(groups.get("oy") or "", 0), number, size), False
    every = [_quarter(s.published.year + shift, number, size) for shift in (-1, 0, 1)]
    choice = cal.nearest(every, s.tense, s.published)
    return (choice, True) if choice else None


def _quarter(year: int, number: int, size: int) -> Days:
    start = date(year, (number - 1) * size + 1, 1)
    return Days(start, cal.shift_months(start, size) - timedelta(days=1), "season")


def portion(m: re.Match[str], s: Setting) -> Reading:
    """The first or last days, weeks, months of a month or year; weekends and weekdays of a month are counted out."""
    whole = _whole(m, s)
    if whole is None or whole.start is None or whole.end is None:
        return (whole, False) if whole else None
    number, what = ORDINALS[m["ord"]], m["what"].removesuffix("s")
    if what in WEEKDAYS or what == "weekend":
        return _counted_out(whole, number, WEEKDAYS.get(what, 5), 2 if what == "weekend" else 1)
    if what == "half":
        middle = whole.start + timedelta(days=15)
        if whole.precision == "year":
            middle = cal.shift_months(whole.start, 6)
        return cal.span(*((whole.start, middle - timedelta(days=1)) if number == 1 else (middle, whole.end))), False
    many = int(count_of(m).high) if m["n"] else 1
    if what == "day" and not m["n"] and m["what"].endswith("s"):
        many = _VAGUE_DAYS
    if what == "month":
        start = cal.shift_months(whole.start, many * (number - 1)) if number > 0 else None
        start = start or cal.shift_months(whole.end + timedelta(days=1), -many)
        end = cal.shift_months(start, many) - timedelta(days=1)
    else:
        length = many * (7 if what == "week" else 1)
        ahead = whole.start + timedelta(days=length * (number - 1))
        start = ahead if number > 0 else whole.end - timedelta(days=length - 1)
        end = start + timedelta(days=length - 1)
    if start > whole.end:
        return None
    if what == "month" and not m["n"]:
        return cal.month(start.year, start.month), False
    return cal.span(start, min(end, whole.end)), False


def _counted_out(whole: Days, number: int, weekday: int, length: int) -> Reading:
    assert whole.start is not None and whole.end is not None
    if whole.precision == "year":
        return None
    days = (whole.start + timedelta(days=i) for i in range((whole.end - whole.start).days + 1))
    found = [d for d in days if d.weekday() == weekday]
    if number > len(found):
        return None
    start = found[number - 1 if number > 0 else -1]
    return cal.span(start, start + timedelta(days=length - 1)), False


def _whole(m: re.Match[str], s: Setting) -> Days | None:
    """Return the month or year of which a portion is meant, uncut."""
    groups = m.groupdict()
    if groups["mon"]:
        if groups["oy1"] and s.published:
            return cal.month(s.published.year + YEARS_OFF.get(groups["oy1"], 0), MONTHS[groups["mon"]])
        reading = month_year(m, s)
        if reading is None or reading[0].start is None:
            return reading[0] if reading else None
        return cal.month(reading[0].start.year, reading[0].start.month)
    if groups["y9"]:
        return cal.year(int(groups["y9"]))
    if s.published is None:
        return cal.OPEN
    p = s.published
    shift = YEARS_OFF.get(groups["oy"] or "", 0)
    if (groups["unit"] or groups["unit9"]) == "month":
        d = cal.shift_months(p.replace(day=1), shift)
        return cal.month(d.year, d.month)
    return cal.year(p.year + shift)
