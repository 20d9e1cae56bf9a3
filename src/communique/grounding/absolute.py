"""Rules for dates that name their month, year, decade or century, and for the named days and seasons of the year.

Where the year is left out, tense chooses: the last one begun in the past, the next one not yet over in the future, else
the nearest to the day of publication.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days
from communique.grounding.foreign import read_foreign
from communique.grounding.setting import Reading, Setting
from communique.grounding.words import MONTHS, ORDINALS

# What may stand before a month that is also a word ("may", "march"), before a bare year, before a bare season.
_TAKES_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|of|from|to|and|or|between|during|before|after|early|mid|late|through|for|on)[ -]$"
)
_TAKES_YEAR = re.compile(
    r"\b(?:in|since|until|till|by|of|from|during|before|after|early|mid|late|through|to|and|between|around|circa|throughout"
    r"|for|than|the|or|over|back|year|winter|summer|spring|autumn|fall)(?: about| around)?[ -]$"
)
_TAKES_SEASON = re.compile(
    r"\b(?:in|during|over|since|until|by|of|for|through|throughout|before|after|from|early|late|mid|next|to|the)"
    r"(?: the)?[ -]$"
)
# What may stand after a number that counts things and is no year.
_COUNTED = re.compile(
    r" (?:%|percent|per cent|[a-z]{2,}ers\b|people|troops|soldiers|men|women|dollars|euros|km|kilomet|miles|tons|tonnes"
    r"|metres|civilians)"
)


def iso(m: re.Match[str], s: Setting) -> Reading:
    d = cal.safe_date(int(m["y"]), int(m["m"]), int(m["d"]))
    return (cal.day(d), False) if d else None


def month_day(m: re.Match[str], s: Setting) -> Reading:
    month, low = MONTHS[m["mon"]], int(m["d"])
    high = int(m.groupdict().get("d2") or low)
    if m["y"]:
        return _days(int(m["y"]), month, low, high, bare=False)
    if s.published is None:
        return cal.OPEN, True
    found = [
        r[0]
        for y in range(-4 if low == 29 else -1, 5 if low == 29 else 2)
        if (r := _days(s.published.year + y, month, low, high, bare=True))
    ]
    choice = cal.nearest(found, s.tense, s.published)
    return (choice, True) if choice else None


def _days(year: int, month: int, low: int, high: int, *, bare: bool) -> Reading:
    start, end = cal.safe_date(year, month, low), cal.safe_date(year, month, high)
    return (cal.span(start, end), bare) if start and end and start <= end else None


def month_year(m: re.Match[str], s: Setting) -> Reading:
    number, groups = MONTHS[m["mon"]], m.groupdict()
    if groups.get("y"):
        return cal.month(int(groups["y"]), number), False
    if s.published is None:
        return cal.OPEN, True
    year, rel, of_year = s.published.year, groups.get("rel") or "", groups.get("oy") or ""
    if of_year:
        return cal.month(year + {"last": -1, "next": 1}.get(of_year, 0), number), False
    if rel in ("last", "this past", "past", "previous"):
        over = [y for y in (year - 1, year) if (cal.month(y, number).end or date.max) < s.published]
        return cal.month(over[-1], number), False
    if rel in ("next", "this coming", "coming"):
        ahead = [y for y in (year, year + 1) if (cal.month(y, number).start or date.min) > s.published]
        return cal.month(ahead[0], number), False
    if rel in ("this", "current"):
        return cal.clip(cal.month(year, number), s.tense, s.published), False
    choice = cal.nearest([cal.month(y, number) for y in (year - 1, year, year + 1)], s.tense, s.published)
    return (cal.clip(choice, s.tense, s.published), True) if choice else None


def bare_month(m: re.Match[str], s: Setting) -> Reading:
    """A month alone; "may" and "march" only after a word that takes a month."""
    if m["mon"] in ("may", "march") and not m["rel"]:
        if not _TAKES_MONTH.search(s.left):
            return None
        if re.match(r"['’]s\b", s.right):
            return None
    return month_year(m, s)


def year(m: re.Match[str], s: Setting) -> Reading:
    y = int(m["y"])
    taken = _TAKES_YEAR.search(s.left) or re.search(r"[(,] ?$", s.left) or re.match(r" ?[),]|['’]s\b", s.right)
    if not taken and s.left.strip():
        return None
    if _COUNTED.match(s.right):
        return None
    about = re.search(r"\b(?:than|about|around) $", s.left) and not re.search(r"\b(?:in|since|of|by) \w+ $", s.left)
    if about or re.search(r"[$€£]$", s.left):
        return None
    return cal.clip(cal.year(y), s.tense, s.published), False


def year_range(m: re.Match[str], s: Setting) -> Reading:
    first = int(m["y"])
    last = int(m["y2"]) if len(m["y2"]) == 4 else first // 100 * 100 + int(m["y2"])
    return (cal.years(first, last), False) if first < last <= first + 200 else None


def decade(m: re.Match[str], s: Setting) -> Reading:
    text = m["dec"]
    first = int(text) if len(text) == 4 else 1900 + int(text)
    return cal.years(first, first + 9), False


def century(m: re.Match[str], s: Setting) -> Reading:
    number = int(m["c"])
    return (cal.years(number * 100 - 99, number * 100), False) if 15 < number < 23 else None


def quarter(m: re.Match[str], s: Setting) -> Reading:
    year = _named_year(m, s)
    if year is None:
        return (cal.OPEN, True) if s.published is None else None
    half = m["q"].startswith("h") or (m["ord"] is not None and m["q"].endswith("half"))
    size = 6 if half else 3
    number = ORDINALS[m["ord"]] if m["ord"] else int(m["qn"])
    number = 12 // size if number < 0 else number
    if number * size > 12:
        return None
    start = date(year, (number - 1) * size + 1, 1)
    return Days(start, cal.shift_months(start, size) - timedelta(days=1), "season"), False


def _named_year(m: re.Match[str], s: Setting) -> int | None:
    groups = m.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    if s.published is None:
        return None
    return s.published.year + {"last": -1, "next": 1}.get(groups.get("oy") or "", 0)


def month_week(m: re.Match[str], s: Setting) -> Reading:
    reading = month_year(m, s)
    if reading is None or reading[0].start is None or reading[0].end is None:
        return reading
    whole = cal.month(reading[0].start.year, reading[0].start.month)
    assert whole.start is not None and whole.end is not None
    number = ORDINALS[m["ord"]]
    length = 14 if m["what"] == "half" else {"weekend": 2, "day": 1}.get(m["what"], 7)
    if m["what"] == "weekend":
        firsts = [whole.start + timedelta(days=i) for i in range((whole.end - whole.start).days + 1)]
        firsts = [d for d in firsts if d.weekday() == 5]
        start = firsts[number - 1 if number > 0 else -1]
    elif m["what"] == "half":
        start = whole.start if number == 1 else whole.start + timedelta(days=15)
        return cal.span(start, whole.end if number != 1 else start + timedelta(days=14)), False
    else:
        start = (
            whole.start + timedelta(days=length * (number - 1))
            if number > 0
            else whole.end - timedelta(days=length - 1)
        )
    return cal.span(start, min(start + timedelta(days=length - 1), whole.end)), False


def season(m: re.Match[str], s: Setting) -> Reading:
    season, groups = s.words.seasons[m["season"]], m.groupdict()
    if groups.get("y"):
        return season.of(int(groups["y"])), False
    rel, p = groups.get("rel") or "", s.published
    if not rel and not groups.get("oy") and not _TAKES_SEASON.search(s.left):
        return None
    if re.search(r"\b(?:arab|prague) (?:the )?$", s.left):
        return None
    if p is None:
        return cal.OPEN, True
    every = [season.of(p.year + y) for y in (-2, -1, 0, 1)]
    if groups.get("oy"):
        return season.of(p.year + {"last": -1, "next": 1}.get(groups["oy"], 0)), False
    if rel in ("last", "this past", "past", "previous"):
        return [d for d in every if d.end and d.end < p][-1], False
    if rel in ("next", "this coming", "coming"):
        return next(d for d in every if d.start and d.start > p), False
    if rel in ("this", "current"):
        own = next((d for d in every if d.start and d.end and d.start <= p <= d.end), None) or season.of(p.year)
        return cal.clip(own, s.tense, p), False
    choice = cal.nearest(every, s.tense, p)
    return (cal.clip(choice, s.tense, p), True) if choice else None


def occasion(m: re.Match[str], s: Setting) -> Reading:
    occasion = s.words.occasions[m["occ"].replace("’", "'")]
    if m["y"]:
        return (found[0], False) if (found := occasion.of(int(m["y"]))) else None
    if re.match(r" (?:agreement|accords?|island|islander|market|party|eve|tree|card|story)", s.right):
        return None
    p, rel = s.published, m["rel"] or ""
    if p is None:
        return cal.OPEN, True
    every = [d for y in (-2, -1, 0, 1, 2) for d in occasion.of(p.year + y)]
    if rel in ("last", "this past", "past", "previous"):
        every = [d for d in every if d.end and d.end < p]
        return (every[-1], False) if every else None
    if rel in ("next", "this coming", "coming"):
        every = [d for d in every if d.start and d.start > p]
        return (every[0], False) if every else None
    if rel in ("this", "current"):
        every = [d for d in every if d.start and d.start.year == p.year]
        return (every[0], False) if every else None
    choice = cal.nearest(every, s.tense, p)
    return (cal.clip(choice, s.tense, p), True) if choice else None


def numeric(m: re.Match[str], s: Setting) -> Reading:
    d = read_foreign(m[0])
    return (cal.day(d), False) if d else None
