"""Two expressions that make one: "Friday, 4 February", "from May 3 to June 5", "Thursday and Friday"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days, Part
from communique.grounding.setting import Core, Setting

SettingAt = Callable[[int, int], Setting]

_DATES = ("date", "iso", "numeric", "dayalone", "foreign")
_BETWEEN = re.compile(
    r" ?[-–—] ?| (?:to|through|until|till|into|and|or)(?: (?:on|the))?(?: (?P<part>early|mid|late))?[ -](?:the )?"
)
_RELATIVE = ("ago", "unitsago", "nextday", "sameunit", "weekdaysago", "deictic")
_BESIDE = re.compile(r", (?:on )?(?:the )?| on (?:the )?")
_PART_OF_FIRST = re.compile(r"(?<!\w)(early|mid|late)[ -]$")
_OPENED = re.compile(r"(?<!\w)(?:from|between)(?: the)?(?: (?:early|mid|late))?[ -]$")
_MOST_APART = {"month": 31, "season": 31, "year": 1}


def join(first: Core, second: Core, text: str, setting: SettingAt) -> Core | None:
    """Return the one core that two neighbours make, None if they stay two."""
    between = text[first.end : second.start]
    if first.kind in _RELATIVE and second.kind in _DATES and _BESIDE.fullmatch(between):
        return replace(second, start=first.start)  # "two days earlier, on 29 August"
    if first.kind == "weekday" and second.kind in _DATES:
        if re.fullmatch(r",? (?:the )?", between):
            return replace(second, start=first.start, days=_with_weekday(first, second, setting))
        if between == " (" and text[second.end : second.end + 1] == ")":
            days = _with_weekday(first, second, setting)
            return replace(second, start=first.start, end=second.end + 1, days=days)
    if first.days.start is None or first.days.end is None or second.days.start is None or second.days.end is None:
        return None
    if first.kind in ("date", "deictic") and second.kind == "weekday":
        if re.fullmatch(r",? ", between) and text[first.start : first.end] != "overnight":
            return replace(first, end=second.end)
        if night := re.fullmatch(r" (?:(into|to|through) |on )?", between):
            d = second.days.start - timedelta(days=1 if night[1] else 0)
            return replace(second, start=first.start, days=cal.span(d, d + timedelta(days=1)))
    return _range(first, second, text, setting)


def _range(first: Core, second: Core, text: str, setting: SettingAt) -> Core | None:
    between = text[first.end : second.start]
    link = _BETWEEN.fullmatch(between)
    if link is None or first.needs_part or second.needs_part:
        return None
    opened = _OPENED.search(text[: first.start])
    loose = re.search(r" (?:and|or) ", between)
    if first.bare and not second.bare and (first.kind, second.kind) in _SHARED_YEAR:
        first = _same_year(first, second)
    same = first.kind == second.kind or (first.kind, second.kind) == ("month", "months")
    if not opened and not (same and (not loose or _adjacent(first, second))):
        return None
    if first.days.start and second.days.end and second.days.end < first.days.start:
        first, second = _in_order(first, second, setting)
    a, b, start = first.days, second.days, first.start
    if first.kind not in ("weekday", "deictic", *_DATES):  # "the late 1970s and early 80s"
        if before := _PART_OF_FIRST.search(text[: first.start]):
            a, start = cal.part(a, _PARTS[before[1]]), before.start()
        b = cal.part(b, _PARTS[link["part"]]) if link["part"] else b
    if a.start is None or b.end is None or b.end < a.start:
        return None
    years = a.precision in ("year", "years") and b.precision in ("year", "years")
    days = Days(a.start, b.end, "years") if years else cal.span(a.start, b.end)
    return Core(start, second.end, "range", days, first.bare and second.bare)


_PARTS: dict[str, Part] = {"early": "early", "mid": "mid", "late": "late"}
_SHARED_YEAR = (("month", "months"), ("month", "date"), ("date", "date"), ("date", "months"), ("season", "season"))


def _same_year(first: Core, second: Core) -> Core:
    """Give the first end of a range the year of the second, or the one before ("from November to June 2016")."""
    a, b = first.days, second.days
    if a.start is None or a.end is None or b.start is None:
        return first
    months = 12 * (b.start.year - a.start.year)
    if cal.shift_months(a.start, months) > b.start:
        months -= 12
    start = cal.shift_months(a.start, months)
    if a.precision == "month":  # the clipped end of a month that is not over
        return replace(first, days=cal.month(start.year, start.month))
    return replace(first, days=replace(a, start=start, end=cal.shift_months(a.end, months)))


def _adjacent(first: Core, second: Core) -> bool:
    if first.kind == "weekday":
        return True
    if first.days.end is None or second.days.start is None:
        return False
    return abs((second.days.start - first.days.end).days) <= _MOST_APART.get(first.kind, 2)


def _in_order(first: Core, second: Core, setting: SettingAt) -> tuple[Core, Core]:
    """Move the end whose week or year was a guess, so that a range does not run backwards."""
    tense = setting(first.start, second.end).tense
    move_first = first.bare and (tense not in ("future", "present") or not second.bare)
    core, sign = (first, -1) if move_first else (second, 1)
    if not core.bare or core.days.start is None or core.days.end is None:
        return first, second
    if core.kind == "weekday":
        days = Days(core.days.start + timedelta(days=7 * sign), core.days.end + timedelta(days=7 * sign), "day")
    else:
        months = 12 * sign
        start, end = cal.shift_months(core.days.start, months), cal.shift_months(core.days.end, months)
        days = replace(core.days, start=start, end=end)
    moved = replace(core, days=days)
    return (moved, second) if move_first else (first, moved)


def _with_weekday(first: Core, second: Core, setting: SettingAt) -> Days:
    """Let the weekday choose the year where the date names none ("Friday, 4 February")."""
    days, published = second.days, setting(second.start, second.end).published
    if not second.bare or days.start is None or days.end is None or published is None or first.days.start is None:
        return days
    wanted = first.days.start.weekday()
    years = sorted(range(-6, 7), key=lambda y: (abs(y), y))
    for y in years:
        other = cal.safe_date(days.start.year + y, days.start.month, days.start.day)
        if other is not None and other.weekday() == wanted:
            return cal.day(other)
    return days
