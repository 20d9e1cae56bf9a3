"""Rules for weekdays, "last week" and the like, which count from the day of publication.

Conventions, where English leaves a choice: "last Friday" is the latest Friday before the day of publication, "next
Friday" that of the following ISO week, "this Friday" that of the current one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days
from communique.grounding.named import LAST, NEXT, THIS
from communique.grounding.setting import Reading, Setting, count_of
from communique.grounding.spans import rolling, shifted
from communique.grounding.words import WEEKDAYS

_NOT_BEFORE = re.compile(r"\b(?:every|each|most|black|bloody|super|palm|whit|cyber|ash|easter|good|a) $")


def weekday(m: re.Match[str], s: Setting) -> Reading:
    if not m["wd"].endswith("day") and not (m[0].endswith(".") and s.right.strip()):  # "sat in the sun."
        return None
    if _NOT_BEFORE.search(s.left):
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
    if rel == "following":
        return following_weekday(number, s), False
    if rel in LAST:
        return cal.day(p - timedelta(days=((p.weekday() - number - 1) % 7) + 1)), False
    if rel == "next":
        return cal.day(in_week + timedelta(days=7)), False
    if rel in NEXT:
        return cal.day(p + timedelta(days=((number - p.weekday() - 1) % 7) + 1)), False
    if rel in THIS:
        wrong = (s.tense == "future" and in_week < p) - (s.tense == "past" and in_week > p)
        return cal.day(in_week + timedelta(days=7 * wrong)), False
    return cal.weekday(number, s.tense, p), True


def following_weekday(number: int, s: Setting) -> Days:
    """Return the first such weekday after the expression before; open if there is none."""
    base = s.anchor.end if s.anchor else None
    return cal.day(base + timedelta(days=(number - base.weekday() - 1) % 7 + 1)) if base else cal.OPEN


def weekdays_ago(m: re.Match[str], s: Setting) -> Reading:
    """ "two Fridays ago", and "a week ago Tuesday", which is a week before the last Tuesday."""
    if s.published is None:
        return cal.OPEN, False
    p, number = s.published, WEEKDAYS[m["wd"].removesuffix("s")]
    last = p - timedelta(days=((p.weekday() - number - 1) % 7) + 1)
    weeks = int(count_of(m).low)
    return cal.day(last - timedelta(weeks=weeks if m["after"] else weeks - 1)), False


def deictic(m: re.Match[str], s: Setting) -> Reading:
    if s.published is None:
        return cal.OPEN, False
    p, word = s.published, m["w"]
    if word == "overnight":
        night = (p, p + timedelta(days=1)) if s.tense == "future" else (p - timedelta(days=1), p)
        return cal.span(*night), False
    shift = 0
    if "day before yesterday" in word:
        shift = -2
    elif "day after tomorrow" in word:
        shift = 2
    elif "yesterday" in word or word in ("last night", "last evening"):
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
    the = groups.get("the")
    if the and rel in ("last", "past", "coming"):  # "the last year": the twelve months up to now
        return rolling(1, unit, p, forward=rel == "coming"), False
    if unit == "day":
        return None
    if the and s.anchor and s.anchor.start and (rel == "previous" or (rel == "next" and s.tense == "past")):
        return whole_unit(unit, s.anchor.start, -1 if rel == "previous" else 1), False
    shift = -1 if rel in LAST else 1 if rel in NEXT else 0
    found = _weekend(shift, rel, s, p) if unit == "weekend" else whole_unit(unit, p, shift)
    return (cal.clip(found, s.tense, p) if shift == 0 and groups.get("rel") else found), False


def whole_unit(unit: str, p: date, shift: int) -> Days:
    """Return the calendar unit of `p`, or the one `shift` units later."""
    makers: dict[str, Callable[[], Days]] = {
        "day": lambda: cal.day(p + timedelta(days=shift)),
        "week": lambda: cal.week(p, shift),
        "weekend": lambda: cal.weekend(p, shift),
        "fortnight": lambda: rolling(2, "week", p, forward=shift > 0),
        "month": lambda: _month(p, shift),
        "year": lambda: cal.year(p.year + shift),
        "decade": lambda: cal.years(p.year // 10 * 10 + 10 * shift, p.year // 10 * 10 + 10 * shift + 9),
        "century": lambda: cal.years(
            (p.year - 1) // 100 * 100 + 1 + 100 * shift, (p.year - 1) // 100 * 100 + 100 + 100 * shift
        ),
        "quarter": lambda: _calendar_quarter(p, shift),
    }
    return makers[unit]()


def second_next(m: re.Match[str], s: Setting) -> Reading:
    """ "the week before last", "the month after next"."""
    if s.published is None:
        return cal.OPEN, False
    return whole_unit(m["unit"], s.published, -2 if m["rel"] == "last" else 2), False


def _month(p: date, shift: int) -> Days:
    d = cal.shift_months(p.replace(day=1), shift)
    return cal.month(d.year, d.month)


def _calendar_quarter(p: date, shift: int) -> Days:
    start = cal.shift_months(date(p.year, (p.month - 1) // 3 * 3 + 1, 1), 3 * shift)
    return Days(start, cal.shift_months(start, 3) - timedelta(days=1), "season")


def _weekend(shift: int, rel: str, s: Setting, p: date) -> Days:
    own = cal.weekend(p)
    if rel in LAST:
        return own if own.end and own.end < p else cal.weekend(p, -1)
    if rel in NEXT:
        return cal.weekend(p, 1) if rel == "next" else own
    if s.tense == "past" and own.start and own.start > p:
        own = cal.weekend(p, -1)
    return cal.clip(own, s.tense, p)


def the_weekend(m: re.Match[str], s: Setting) -> Reading:
    return (_weekend(0, "this", s, s.published), False) if s.published else (cal.OPEN, False)


def unit_end(m: re.Match[str], s: Setting) -> Reading:
    """ "year-end", "the week's end": the last third of the current one."""
    if s.published is None:
        return cal.OPEN, False
    return cal.part(whole_unit(m["unit"], s.published, 0), "late"), False


def year_ago_now(m: re.Match[str], s: Setting) -> Reading:
    """ "this day last year", "two years ago this week", "seven years ago today"."""
    if s.published is None:
        return cal.OPEN, False
    years = -int(count_of(m).low) if m["n"] else {"last": -1, "next": 1}[m["oy"]]
    d = cal.shift_months(s.published, 12 * years)
    what = "day" if m["today"] else m["unit2"] or m["unit"]
    return (cal.year(d.year) if what == "time" else whole_unit(what, d, 0)), False


def from_now(m: re.Match[str], s: Setting) -> Reading:
    """ "a month from today", "a week from tomorrow"."""
    if s.published is None:
        return cal.OPEN, False
    base = s.published + timedelta(days=1 if m["base"] == "tomorrow" else 0)
    return shifted(count_of(m), m["unit"], base, 1), False
