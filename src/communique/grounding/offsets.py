"""Expressions that count from a date named after them: "two days before 12 May", "the eve of Ramadan", "the 30th
anniversary of the fall of the Berlin Wall", "the Monday after Easter"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days
from communique.grounding.setting import Core, Count, Setting, count_of
from communique.grounding.spans import rolling, shifted
from communique.grounding.words import NUMBERS, ORDINALS, VAGUE, alternatives

_UNITS = r"(?P<unit>minute|hour|day|week|month|year|decade)"
_OWNERS = r"(?:the |a |an |his |her |its |their |last |this )?"
_COUNTED = re.compile(
    rf"(?<!\w)(?:(?:about|around|almost|nearly|more than|just|barely|only) )?"
    rf"(?:(?:a )?(?P<n>\d{{1,3}}|the|{alternatives([*NUMBERS, *VAGUE])})(?: of)?[ -])?{_UNITS}(?P<many>s?)"
    rf"(?P<half2> and a half)? (?P<dir>before|after|ahead of|following|prior to|from) {_OWNERS}$"
)
_EVE = re.compile(r"(?<!\w)the eve of (?:the )?$")
_ANNIVERSARY = re.compile(
    rf"(?<!\w)(?:the |its |their )?(?:(?P<ord>\d{{1,3}}(?:st|nd|rd|th)|{alternatives(ORDINALS)}) )?"
    r"anniversary of (?:the |his |her |its |their |[\w]+['’]s )?$"
)
_SEVERAL_UNITS = Count(1, 7)  # "days after": up to a week of them


def with_offset(core: Core, text: str, s: Setting) -> Core | None:
    """Return the core with what counts from it, None if nothing does."""
    left, days = text[: core.start], core.days
    if days.start is None or days.end is None:
        return None
    if m := _EVE.search(left):
        return replace(core, start=m.start(), days=cal.day(days.start - timedelta(days=1)), kind="date", bare=False)
    if m := _ANNIVERSARY.search(left):
        return replace(core, start=m.start(), days=_anniversary(m["ord"], days, s), kind="date", bare=False)
    if m := _COUNTED.search(left):
        moved = _counted(m, days)
        return replace(core, start=m.start(), days=moved, kind="date", bare=False) if moved else None
    return None


def _counted(m: re.Match[str], days: Days) -> Days | None:
    """Return the days that lie so many units before or after `days`."""
    back = m["dir"] in ("before", "ahead of", "prior to")
    base = days.start if back else days.end
    assert base is not None
    if m["n"] is None:
        if not m["many"]:
            return None
        count = _SEVERAL_UNITS if m["unit"] in ("day", "minute", "hour") else Count(1, 4)
    else:
        count = Count(1, 1) if m["n"] == "the" else count_of(m)
    if m["unit"] == "year" and days.precision == "year":
        return _years(base.year, count, back)
    if m["n"] is None and m["unit"] not in ("minute", "hour", "day"):
        return rolling(count.high, m["unit"], base, forward=not back)
    return shifted(count, m["unit"], base, -1 if back else 1)


def _years(base: int, count: Count, back: bool) -> Days:
    low, high = int(count.low), int(count.high)
    return cal.years(base - high, base - low) if back else cal.years(base + low, base + high)


def _anniversary(word: str | None, days: Days, s: Setting) -> Days:
    """The day, or year, so many years later; without a number the one that tense and publication make likely."""
    assert days.start is not None and days.end is not None
    if word is not None:
        number = ORDINALS.get(word) or int(re.sub(r"\D", "", word))
        return _years_later(days, number)
    if s.published is None:
        return cal.OPEN
    ages = (s.published.year - days.start.year + shift for shift in (-1, 0, 1))
    return cal.nearest([_years_later(days, age) for age in ages if age > 0], s.tense, s.published) or cal.OPEN


def _years_later(days: Days, number: int) -> Days:
    assert days.start is not None and days.end is not None
    return replace(days, start=cal.shift_months(days.start, 12 * number), end=cal.shift_months(days.end, 12 * number))


def weekday_beside(first: Core, second: Core, text: str) -> Core | None:
    """Return "the Monday after Easter" as one core, None where the two are not so related."""
    m = re.fullmatch(r" (before|after|following) (?:the )?", text[first.end : second.start])
    if m is None or first.kind != "weekday" or not text[first.start :].startswith("the ") or first.days.start is None:
        return None
    if second.days.start is None or second.days.end is None:
        return None
    number = first.days.start.weekday()
    if m[1] == "before":
        d = second.days.start - timedelta(days=(second.days.start.weekday() - number - 1) % 7 + 1)
    else:
        d = second.days.end + timedelta(days=(number - second.days.end.weekday() - 1) % 7 + 1)
    return Core(first.start, second.end, "date", cal.day(d))
