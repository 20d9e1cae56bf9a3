"""Rules for dates that count from the day of publication.

Conventions, where English leaves a choice: "last Friday" is the latest Friday before the day of publication, "next
Friday" that of the following ISO week, "this Friday" that of the current one; "two weeks ago" is a calendar week, "two
years ago" a calendar year; "the past two weeks" ends with the day of publication.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days
from communique.grounding.setting import Reading, Setting, count_of
from communique.grounding.words import WEEKDAYS


def weekday(m: re.Match[str], s: Setting) -> Reading:
    if len(m["wd"]) < 5 and not m["wd"].endswith("day") and not s.right.startswith("."):
        return None
    if re.search(r"\b(?:every|each|most|black|bloody|super|palm|whit|cyber|ash|easter|good|a) $", s.left):
        return None
    if s.published is None:
        return cal.OPEN, True
    p, number, rel, wk = s.published, WEEKDAYS[m["wd"]], m["rel"] or "", m["wk"] or ""
    in_week = p - timedelta(days=p.weekday()) + timedelta(days=number)
    if wk:
        shift = {"last week": -7, "next week": 7}.get(wk, 0)
        if wk == "week":  # British: "Friday week"
            return cal.day((cal.weekday(number, "future", p).start or p) + timedelta(days=7)), False
        return cal.day(in_week + timedelta(days=shift)), False
    if rel in ("last", "this past", "past", "previous"):
        return cal.day(p - timedelta(days=((p.weekday() - number - 1) % 7) + 1)), False
    if rel == "next":
        return cal.day(in_week + timedelta(days=7)), False
    if rel in ("this coming", "coming"):
        return cal.day(p + timedelta(days=((number - p.weekday() - 1) % 7) + 1)), False
    if rel in ("this", "current"):
        wrong = (s.tense == "future" and in_week < p) - (s.tense == "past" and in_week > p)
        return cal.day(in_week + timedelta(days=7 * wrong)), False
    return cal.weekday(number, s.tense, p), True


def deictic(m: re.Match[str], s: Setting) -> Reading:
    if s.published is None:
        return cal.OPEN, False
    p, word = s.published, m["w"]
    if word == "overnight":
        return (
            cal.span(p, p + timedelta(days=1)) if s.tense == "future" else cal.span(p - timedelta(days=1), p)
        ), False
    shift = 0
    if "day before yesterday" in word:
        shift = -2
    elif "day after tomorrow" in word:
        shift = 2
    elif "yesterday" in word or word == "last night" or word == "last evening":
        shift = -1
    elif "tomorrow" in word:
        shift = 1
    return cal.day(p + timedelta(days=shift)), False


def unit(m: re.Match[str], s: Setting) -> Reading:
    """ "last week", "this year"; "the week" alone, which is a date only after "the end of"."""
    if s.published is None:
        return cal.OPEN, False
    groups = m.groupdict()
    rel, unit, p = groups.get("rel") or "this", m["unit"], s.published
    if groups.get("the") and rel in ("last", "past", "coming"):  # "the last year": the twelve months up to now
        return _rolling(1, unit, p, forward=rel == "coming"), False
    shift = (
        -1 if rel in ("last", "this past", "past", "previous") else 1 if rel in ("next", "this coming", "coming") else 0
    )
    found = {
        "day": lambda: cal.day(p + timedelta(days=shift)),
        "week": lambda: cal.week(p, shift),
        "weekend": lambda: _weekend(shift, rel, s, p),
        "fortnight": lambda: _rolling(2, "week", p, forward=shift > 0),
        "month": lambda: cal.month(*_month_number(p, shift)),
        "year": lambda: cal.year(p.year + shift),
        "decade": lambda: cal.years(p.year // 10 * 10 + 10 * shift, p.year // 10 * 10 + 10 * shift + 9),
        "century": lambda: cal.years(
            (p.year - 1) // 100 * 100 + 1 + 100 * shift, (p.year - 1) // 100 * 100 + 100 + 100 * shift
        ),
        "quarter": lambda: _calendar_quarter(p, shift),
    }[unit]()
    return (cal.clip(found, s.tense, p) if shift == 0 and m.groupdict().get("rel") else found), False


def _month_number(p: date, shift: int) -> tuple[int, int]:
    d = cal.shift_months(p.replace(day=1), shift)
    return d.year, d.month


def _calendar_quarter(p: date, shift: int) -> Days:
    start = cal.shift_months(date(p.year, (p.month - 1) // 3 * 3 + 1, 1), 3 * shift)
    return Days(start, cal.shift_months(start, 3) - timedelta(days=1), "season")


def _weekend(shift: int, rel: str, s: Setting, p: date) -> Days:
    if rel in ("last", "this past", "past", "previous"):
        own = cal.weekend(p)
        return own if own.end and own.end < p else cal.weekend(p, -1)
    if rel in ("next", "this coming", "coming"):
        return cal.weekend(p, 1) if rel == "next" else cal.weekend(p)
    own = cal.weekend(p)
    if s.tense == "past" and own.start and own.start > p:
        own = cal.weekend(p, -1)
    return cal.clip(own, s.tense, p)


def the_weekend(m: re.Match[str], s: Setting) -> Reading:
    return (_weekend(0, "this", s, s.published), False) if s.published else (cal.OPEN, False)


def _rolling(count: int, unit: str, p: date, *, forward: bool) -> Days:
    """Return the `count` units up to the day of publication, or from it on."""
    if unit in ("minute", "hour"):
        other = p + timedelta(days=max(0, count // 24) * (1 if forward else -1))
    elif unit in ("day", "night"):
        other = p + timedelta(days=count if forward else -count)
    elif unit in ("week", "fortnight", "weekend"):
        other = p + timedelta(weeks=(count if forward else -count) * (2 if unit == "fortnight" else 1))
    else:
        months = count * {"month": 1, "year": 12, "decade": 120, "century": 1200, "centurie": 1200}[unit]
        other = cal.shift_months(p, months if forward else -months)
    return cal.span(min(p, other), max(p, other))


def past_units(m: re.Match[str], s: Setting) -> Reading:
    if s.published is None:
        return cal.OPEN, False
    return _rolling(
        count_of(m["n"]), m["unit"], s.published, forward=m["rel"] in ("coming", "next", "following")
    ), False


_VAGUE = {"hour": 24, "minute": 60, "day": 7, "night": 7, "week": 4, "month": 3, "year": 5, "decade": 3}


def recent(m: re.Match[str], s: Setting) -> Reading:
    if s.published is None:
        return cal.OPEN, False
    unit = m["unit"]
    return _rolling(_VAGUE.get(unit, 3), unit, s.published, forward=m["rel"] in ("coming", "next")), False


def ago(m: re.Match[str], s: Setting) -> Reading:
    base = s.published
    later = m["dir"] in ("later", "after", "from now", "hence", "on", "afterwards")
    if m["dir"] not in ("ago", "from now", "hence"):
        base = s.anchor
        if base is None and not later:
            base = s.published
        if base is None:
            return cal.OPEN, False
    if base is None:
        return cal.OPEN, False
    return _shifted(count_of(m["n"]), m["unit"], base, 1 if later else -1), False


def _shifted(count: int, unit: str, base: date, sign: int) -> Days:
    """Return the calendar unit that lies `count` units off; weeks and years are whole ones."""
    if unit in ("minute", "hour"):
        return cal.day(base + timedelta(days=sign * (count // 24))) if unit == "hour" else cal.day(base)
    if unit in ("day", "night"):
        return cal.day(base + timedelta(days=sign * count))
    if unit in ("week", "fortnight", "weekend"):
        return cal.week(base, sign * count * (2 if unit == "fortnight" else 1))
    if unit == "month":
        return cal.month(*_month_number(base, sign * count))
    if unit == "year":
        return cal.year(base.year + sign * count)
    size = 10 if unit == "decade" else 100
    middle = base.year + sign * count * size
    return cal.years(middle - size // 5, middle + size // 5)


def units_ago(m: re.Match[str], s: Setting) -> Reading:
    """ "days ago", "years ago": at least two of them, and not many."""
    if s.published is None:
        return cal.OPEN, False
    unit = m["unit"]
    if unit in ("minute", "hour"):
        return cal.day(s.published), False
    far, near = (
        _rolling(_VAGUE.get(unit, 3) * 2, unit, s.published, forward=False),
        _rolling(2, unit, s.published, forward=False),
    )
    return cal.span(far.start or s.published, near.start or s.published), False


def within(m: re.Match[str], s: Setting) -> Reading:
    """ "in three weeks": a date of something that is still to come; otherwise how long it took."""
    if s.tense not in ("future",) or re.search(r"\btime $", s.left):
        return None
    if s.published is None:
        return cal.OPEN, False
    if m["prep"] == "within" or (m["time"] is None and m["unit"] in ("minute", "hour")):
        return _rolling(count_of(m["n"]), m["unit"], s.published, forward=True), False
    return _shifted(count_of(m["n"]), m["unit"], s.published, 1), False


def lasting(m: re.Match[str], s: Setting) -> Reading:
    """ "for three days": up to now where the tense is perfect or present, from now on where it is future."""
    if m["unit"] in ("minute", "hour") or re.search(r"(?:plans?|budget|forecast|first time) $", s.left):
        return None
    if s.published is None:
        return cal.OPEN, False
    if s.tense == "future":
        return Days(s.published, None), False
    if s.perfect or s.tense == "present":
        return _rolling(count_of(m["n"]), m["unit"], s.published, forward=False), False
    return Days(None, s.published), False


def next_day(m: re.Match[str], s: Setting) -> Reading:
    if s.anchor is None:
        return cal.OPEN, False
    if ("night" in m[0] and "before" in m[0]) or "previous" in m[0] or "before" in m[0]:
        return cal.day(s.anchor - timedelta(days=1)), False
    return _shifted(1, m["unit"], s.anchor, 1), False


def unit_end(m: re.Match[str], s: Setting) -> Reading:
    """ "year-end", "the week's end": the last third of the current one."""
    if s.published is None:
        return cal.OPEN, False
    unit, p = m["unit"], s.published
    whole = {"week": cal.week(p), "month": cal.month(p.year, p.month), "year": cal.year(p.year)}[unit]
    return cal.part(whole, "late"), False
