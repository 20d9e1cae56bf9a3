"""Rules for dates that name their month, year, decade or century.

Where the year is left out, tense chooses: the last one begun in the past, the next one not yet over in the future, else
the nearest to the day of publication.
"""

from __future__ import annotations

import re
from datetime import date

from communique.grounding import calendar as cal
from communique.grounding.named import LAST, NEXT, THIS, YEARS_OFF
from communique.grounding.setting import Reading, Setting
from communique.grounding.words import DECADES, MONTHS, ORDINALS

# What may stand before a month that is also a word ("may", "march"), before a bare year.
_TAKES_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|of|between|during|before|after|early|mid|late|through|on"
    r"|(?:from|between) .{3,20} (?:to|and))[ -]$"
    rf"|\b(?:{'|'.join(MONTHS)})(?: ?[-–] ?| and | to | or )$"
)
_TAKES_YEAR = re.compile(
    r"\b(?:in|since|until|till|by|of|from|during|before|after|early|mid|late|through|to|and|between|around|circa|throughout"
    r"|for|than|the|or|over|back|year|winter|summer|spring|autumn|fall|a|an|fiscal)(?: about| around| at least)?[ -]$"
)
_OPENS_RANGE = re.compile(rf" (?:to|and|or|until|through) (?:{'|'.join(MONTHS)})\b")
_FIRST_SURE, _LAST_SURE = 1900, 2049
# What stands before a number that is no year.
_TAKES_NUMBER = re.compile(
    r"(?:\b(?:resolutions?|vision|agenda|article|act|law|flight|no\.?|number|room|highway|route|pages?|section|boeing|model"
    r"|order|decree|protocol|version|windows|area|channel|unit|at|some|nearly|almost|roughly|exactly|only|just|another"
    r"|least|most|up to|over|under|every|these|those|killed|expo)|[#/]) ?$"
)
# What may stand after a number that counts things and is no year.
_COUNTED = re.compile(
    r" (?:%|percent|per cent|[a-z]{2,}ers\b|people|troops|soldiers|men|women|dollars|euros|km|kilomet|miles|tons|tonnes"
    r"|metres|civilians|hours|gmt|hrs|local time)"
)


def iso(m: re.Match[str], s: Setting) -> Reading:
    d = cal.safe_date(int(m["y"]), int(m["m"]), int(m["d"]))
    return (cal.day(d), False) if d else None


def day_of(text: str) -> int:
    """Return the day of the month that digits or a word ("fifth") give."""
    return int(text) if text.isdigit() else ORDINALS[text]


def month_day(m: re.Match[str], s: Setting) -> Reading:
    month, low = MONTHS[m["mon"]], day_of(m["d"])
    high = day_of(m.groupdict().get("d2") or m["d"])
    if given := m["y"] or m.groupdict().get("y8"):
        return _days(int(given), month, low, high, bare=False)
    if s.published is None:
        return cal.OPEN, True
    off = m.groupdict().get("oy")
    if off:
        return _days(s.published.year + YEARS_OFF.get(off, 0), month, low, high, bare=False)
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


def day_alone(m: re.Match[str], s: Setting) -> Reading:
    """ "on the 27th": that day of the month of publication, or of the one before or after, as tense has it."""
    if s.published is None:
        return cal.OPEN, True
    low, high = int(m["d"]), int(m["d2"] or m["d"])
    months = (cal.shift_months(s.published.replace(day=1), shift) for shift in (-1, 0, 1))
    found = [r[0] for d in months if (r := _days(d.year, d.month, low, high, bare=True))]
    choice = cal.nearest(found, s.tense, s.published)
    return (choice, True) if choice else None


def month_year(m: re.Match[str], s: Setting) -> Reading:
    number, groups = MONTHS[m["mon"]], m.groupdict()
    if groups.get("y"):
        return cal.month(int(groups["y"]), number), False
    if s.published is None:
        return cal.OPEN, True
    year, rel, of_year = s.published.year, groups.get("rel") or "", groups.get("oy") or ""
    if of_year:
        return cal.month(year + YEARS_OFF.get(of_year, 0), number), False
    if rel in LAST:
        over = [y for y in (year - 1, year) if (cal.month(y, number).end or date.max) < s.published]
        return cal.month(over[-1], number), False
    if rel in NEXT:
        ahead = [y for y in (year, year + 1) if (cal.month(y, number).start or date.min) > s.published]
        return cal.month(ahead[0], number), False
    if rel in THIS:
        return cal.clip(cal.month(year, number), s.tense, s.published), False
    choice = cal.nearest([cal.month(y, number) for y in (year - 1, year, year + 1)], s.tense, s.published)
    return (cal.clip(choice, s.tense, s.published), True) if choice else None


def bare_month(m: re.Match[str], s: Setting) -> Reading:
    """A month alone; "may" and "march" only after a word that takes a month."""
    if m["mon"] in ("may", "march") and not m["rel"]:
        opens = re.search(r"\b(?:from|for|and|or) $", s.left) and _OPENS_RANGE.match(s.right)
        if not opens and not _TAKES_MONTH.search(s.left):
            return None
        if re.match(r"['’]s\b", s.right):
            return None
    return month_year(m, s)


def year(m: re.Match[str], s: Setting) -> Reading:
    """A bare year. Counts of thousands are written with a comma, so that from 1900 on only some words speak against
    one; older years need a word that takes a year."""
    y = int(m["y"])
    taken = _TAKES_YEAR.search(s.left) or re.search(r"[(,] ?$", s.left) or re.match(r" ?[),]|['’]s\b", s.right)
    if not taken and s.left.strip() and (not _FIRST_SURE <= y <= _LAST_SURE or _TAKES_NUMBER.search(s.left)):
        return None
    if _COUNTED.match(s.right):
        return None
    about = re.search(r"\b(?:than|about|around) $", s.left) and not re.search(r"\b(?:in|since|of|by) \w+ $", s.left)
    if about or re.search(r"[$€£]$", s.left):
        return None
    return cal.clip(cal.year(y), s.tense, s.published), False


def fiscal_year(m: re.Match[str], s: Setting) -> Reading:
    """A fiscal year counts as the calendar year whose number it has: where it begins differs by country."""
    first = int(m["y"]) if len(m["y"]) == 4 else 2000 + int(m["y"])
    last = m["y2"]
    return cal.years(first, first // 100 * 100 + int(last[-2:]) if last else first), False


def year_range(m: re.Match[str], s: Setting) -> Reading:
    first = int(m["y"])
    last = int(m["y2"]) if len(m["y2"]) == 4 else first // 100 * 100 + int(m["y2"])
    return (cal.years(first, last), False) if first < last <= first + 200 else None


def decade(m: re.Match[str], s: Setting) -> Reading:
    text = m["dec"] or m["dec2"]
    if re.search(r"\b(?:my|your|his|her|its|our|their)(?: (?:early|mid|late))?[ -]$", s.left):  # an age
        return None
    first = DECADES[text] if text in DECADES else int(text) if len(text) == 4 else 1900 + int(text)
    if text in DECADES and not re.search(r"\b(?:in|since|during|until|through|of|from|by|late|early|mid)[ -]$", s.left):
        return None
    return cal.years(first, first + 9), False


def century(m: re.Match[str], s: Setting) -> Reading:
    number = int(m["c"])
    return (cal.years(number * 100 - 99, number * 100), False) if 15 < number < 23 else None


def turn(m: re.Match[str], s: Setting) -> Reading:
    """ "the turn of the century": the years beside the one that began before the day of publication."""
    if s.published is None:
        return cal.OPEN, False
    if m["what"] == "year":
        start = date(s.published.year + (s.tense in ("future", "present")), 1, 1)
        return cal.span(cal.safe_date(start.year - 1, 12, 25) or start, start.replace(day=7)), False
    first = s.published.year // 100 * 100 if m["what"] == "century" else 2000
    return cal.years(first - 1, first + 1), False
