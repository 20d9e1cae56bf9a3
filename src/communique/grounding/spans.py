"""Rules for lengths of time: "three days ago", "over the past two weeks", "within 48 hours", "the following day".

"Two weeks ago" is a calendar week, "two years ago" a calendar year; "the past two weeks" ends with the day of
publication. What is vague gives a wide interval: "a few days ago" is two to five days ago.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days
from communique.grounding.setting import Count, Reading, Setting, count_of

_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200, "centurie": 1200}
_DAYS_IN = {"day": 1, "night": 1, "morning": 1, "evening": 1, "weekend": 7, "week": 7, "fortnight": 14}
_WIDE = 45  # days
# How much "recent weeks", "in the coming months", "years ago" reach back or ahead, in units.
_VAGUE = {"hour": 24, "minute": 60, "day": 7, "night": 7, "week": 4, "month": 3, "year": 5, "decade": 3}


def rolling(count: float, unit: str, p: date, *, forward: bool) -> Days:
    """Return the `count` units up to the day of publication, or from it on."""
    sign = 1 if forward else -1
    if unit in ("minute", "hour"):
        other = p + timedelta(days=sign * (int(count) // 24 if unit == "hour" else 0))
    elif unit in _DAYS_IN:
        other = p + timedelta(days=sign * round(count * _DAYS_IN[unit]))
    else:
        other = cal.shift_months(p, sign * round(count * _MONTHS_IN[unit]))
    return cal.span(min(p, other), max(p, other))


def shifted(count: Count, unit: str, base: date, sign: int) -> Days:
    """Return the calendar unit that lies `count` units off; weeks and years are whole ones, a vague count widens."""
    near, far = (_shifted(n, unit, base, sign) for n in (count.low, count.high))
    return cal.hull(*((near, far) if sign > 0 else (far, near)))


def _shifted(count: float, unit: str, base: date, sign: int) -> Days:
    if unit in ("minute", "hour"):
        return cal.day(base + timedelta(days=sign * (int(count) // 24))) if unit == "hour" else cal.day(base)
    if unit in ("week", "fortnight", "weekend"):
        return cal.week(base + timedelta(days=sign * round(count * _DAYS_IN[unit])))
    if unit in _DAYS_IN:
        return cal.day(base + timedelta(days=sign * round(count)))
    d = cal.shift_months(base.replace(day=1), sign * round(count * _MONTHS_IN[unit]))
    if unit == "month" or (unit == "year" and count < 1):
        return cal.month(d.year, d.month)
    if unit == "quarter":
        return cal.month(d.year, d.month)
    if unit == "year":
        return cal.year(d.year)
    about = int((10 if unit == "decade" else 100) * min(count, 1) / 5) or 1
    return cal.years(d.year - about, d.year + about)


def past_units(m: re.Match[str], s: Setting) -> Reading:
    if s.published is None:
        return cal.OPEN, False
    forward = m["rel"] in ("coming", "next", "following")
    return rolling(count_of(m).high, m["unit"], s.published, forward=forward), False


def recent(m: re.Match[str], s: Setting) -> Reading:
    """ "in recent weeks", "in the months ahead", "within days", "in a matter of hours"."""
    rel = m.groupdict().get("rel") or "coming"
    if m.groupdict().get("rel") is None and s.tense not in ("future", "present"):
        return None
    if s.published is None:
        return cal.OPEN, False
    unit = m["unit"]
    return rolling(_VAGUE.get(unit, 3), unit, s.published, forward=rel in ("coming", "next", "ahead")), False


def ago(m: re.Match[str], s: Setting) -> Reading:
    base = s.published
    later = m["dir"] in ("later", "after", "from now", "hence", "on", "afterwards")
    if m["dir"] not in ("ago", "from now", "hence"):
        if _too_wide(m["unit"], s):
            return cal.OPEN, False
        base = _anchor(s, later=later)
        if base is None and not later:
            base = s.published
    if base is None:
        return cal.OPEN, False
    return shifted(count_of(m), m["unit"], base, 1 if later else -1), False


def _too_wide(unit: str, s: Setting) -> bool:
    """Tell whether the expression before is too wide for days and weeks to be counted from it."""
    if s.anchor is None or s.anchor.start is None or s.anchor.end is None or unit not in (*_DAYS_IN, "hour", "minute"):
        return False
    return (s.anchor.end - s.anchor.start).days > _WIDE


def _anchor(s: Setting, *, later: bool) -> date | None:
    """The day that "two days later" counts from: the end of the days before, or, backwards, their start."""
    if s.anchor is None:
        return None
    return s.anchor.end if later else s.anchor.start


def units_ago(m: re.Match[str], s: Setting) -> Reading:
    """ "days ago", "years later": at least two of them, and not many."""
    unit, later = m["unit"], m["dir"] == "later"
    if later and _too_wide(unit, s):
        return cal.OPEN, False
    base = _anchor(s, later=later) if later else s.published
    if base is None:
        return cal.OPEN, False
    if unit in ("minute", "hour"):
        return cal.day(base), False
    far, near = (rolling(n, unit, base, forward=later) for n in (_VAGUE.get(unit, 3) * 2, 2))
    if later:
        return cal.span(near.end or base, far.end or base), False
    return cal.span(far.start or base, near.start or base), False


def within(m: re.Match[str], s: Setting) -> Reading:
    """ "in three weeks": a date of something that is still to come; otherwise how long it took."""
    if s.tense not in ("future",) or re.search(r"\btime $", s.left):
        return None
    if s.published is None:
        return cal.OPEN, False
    count = count_of(m)
    if m["prep"] == "within" or (m["time"] is None and m["unit"] in ("minute", "hour")):
        return rolling(count.high, m["unit"], s.published, forward=True), False
    return shifted(count, m["unit"], s.published, 1), False


def lasting(m: re.Match[str], s: Setting) -> Reading:
    """ "for three days": up to now where the tense is perfect or present, from now on where it is future."""
    if m["unit"] in ("minute", "hour") or re.search(r"(?:plans?|budget|forecast|first time) $", s.left):
        return None
    if s.published is None:
        return cal.OPEN, False
    if s.tense == "future":
        return Days(s.published, None), False
    if s.perfect or s.tense == "present":
        return rolling(count_of(m).high, m["unit"], s.published, forward=False), False
    return Days(None, s.published), False


def next_day(m: re.Match[str], s: Setting) -> Reading:
    """ "the following day", "the week before": the unit beside the expression before."""
    back = m["dir"] in ("previous", "before")
    base = _anchor(s, later=not back)
    unit = m["unit"]
    if _too_wide(unit, s):
        return cal.OPEN, False
    if base is None:
        if m["dir"] != "previous" or s.published is None:
            return cal.OPEN, False
        base = s.published
    return shifted(Count(1, 1), unit, base, -1 if back else 1), False


def same_unit(m: re.Match[str], s: Setting) -> Reading:
    """ "the same day", "that week", "later that year": the unit in which the expression before lies."""
    unit, when = m["unit"], m["when"]
    if s.anchor is None or s.anchor.start is None or s.anchor.end is None:
        return (cal.OPEN, False) if m["same"] or when else None
    start, end = s.anchor.start, s.anchor.end
    if _too_wide(unit, s):
        return cal.OPEN, False
    whole = {
        "week": cal.hull(cal.week(start), cal.week(end)),
        "month": cal.hull(cal.month(start.year, start.month), cal.month(end.year, end.month)),
        "year": cal.years(start.year, end.year),
    }.get(unit, s.anchor)
    if whole.start is None or whole.end is None or (start, end) == (whole.start, whole.end):
        return whole, False
    if when == "later":
        return cal.span(start, whole.end), False
    return (cal.span(whole.start, end) if when == "earlier" else whole), False
