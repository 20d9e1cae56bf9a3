# ruff: noqa: E501 (a regular expression is easier to check on one line)
"""The core expressions of time: for each kind the words that it is made of, and which rule reads them.

A core is a weekday, a date, a month, a year, "last week", "three days ago" ... What stands before it ("early", "since",
"by the end of") and two cores that make a range are put together in `phrases`.
A rule returns None where its words are no date after all ("in 2000 villages").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from communique.grounding import absolute, relative
from communique.grounding.setting import Core, Rule, Setting
from communique.grounding.words import MONTHS, NUMBERS, WEEKDAYS, TimeWords

_MON = (
    r"(?P<mon>"
    + "|".join(sorted(MONTHS, key=len, reverse=True))
    + r")(?!\w)(?:(?<=\b[a-z]{3})(?<!\bmay)\.|(?<=\bsept)\.)?"
)
_WD = r"(?P<wd>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")(?!\w)"
_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:%])"
_DAY2 = r"(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:%])"
_YEAR = r"(?P<y>(?:1[5-9]|20|21)\d\d)(?!\w)"
_NUM = (
    r"(?:(?:about|around|almost|nearly|roughly|some|just over|over|more than|at least|barely|just) )?"
    r"(?:a )?(?P<n>\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")(?: of| and a half)?(?: more)?"
)
_UNIT = r"(?P<unit>minute|hour|day|night|week|weekend|fortnight|month|year|decade|century|centurie)s?(?!\w)"
_DASH = r" ?[-–—] ?"
_PART = r"(?: (?P<part>morning|afternoon|evening|night|noon|midday))?"
_REL = r"(?P<rel>last|this past|this coming|this|next|past|coming|current|previous)"


def read_cores(text: str, original: str, setting: Callable[[int, int], Setting], words: TimeWords) -> Iterator[Core]:
    """Yield the core expressions of a sentence, left to right; the longest wins where two overlap.

    `text` is the sentence in lower case and `original` as written; both have the same length.
    """
    grammar = grammar_of(words)
    kinds = {m.lastgroup for m in grammar.nuclei.finditer(text)}
    if not kinds:
        return
    matches = [
        (m.start(), -m.end(), order, name, m)
        for order, (name, needs, pattern) in enumerate(grammar.rules)
        if needs in kinds
        for m in pattern.finditer(text)
    ]
    reached = -1
    for start, end, _, name, m in sorted(matches, key=lambda x: x[:3]):
        if start < reached or ("mon" in m.re.groupindex and not _is_month(m, original)):
            continue
        here = setting(start, -end)
        reading = _RULES[name](m, here)
        if reading is not None:
            reached = -end
            yield Core(start, -end, name, reading[0], reading[1], name == "unit")


def _is_month(m: re.Match[str], original: str) -> bool:
    """Months are capitalised; "may", "march" and short forms need more than that."""
    name, at = m["mon"], m.start("mon")
    if not original[at].isupper():
        return False
    if name in ("mar", "jun", "dec", "sep", "jan", "apr", "oct"):
        return original[at + len(name) : at + len(name) + 1] == "."
    return True


_RULES: dict[str, Rule] = {
    "iso": absolute.iso, "dates": absolute.month_day, "date": absolute.month_day, "months": absolute.month_year, "month": absolute.bare_month, "year": absolute.year,
    "years": absolute.year_range, "decade": absolute.decade, "century": absolute.century, "quarter": absolute.quarter, "monthweek": absolute.month_week,
    "weekday": relative.weekday, "deictic": relative.deictic, "relunit": relative.unit, "unit": relative.unit, "yearend": relative.unit_end, "weekend": relative.the_weekend,
    "pastunits": relative.past_units, "recent": relative.recent, "ago": relative.ago, "unitsago": relative.units_ago, "within": relative.within,
    "lasting": relative.lasting, "nextday": relative.next_day, "season": absolute.season, "occasion": absolute.occasion, "numeric": absolute.numeric,
}  # fmt: skip


def _patterns(words: TimeWords) -> Sequence[tuple[str, str, str]]:
    """Rule, kinds of nucleus one of which must be in the sentence, regular expression; earlier wins a tie."""
    oy = r"(?:of |in )?(?P<oy>last|this|next) year"
    return (
        ("iso", "number", r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:t[\d:.+z-]*)?(?![\d-])"),
        ("dates", "month", rf"(?<![\w.,])(?:the )?{_DAY}(?:{_DASH}| (?:to|and|through|until|till|or) )(?:the )?{_DAY2} (?:of )?{_MON}(?:,? {_YEAR})?"),
        ("dates", "month", rf"(?<!\w){_MON} {_DAY}(?:{_DASH}| (?:to|and|through|until|till|or) ){_DAY2}(?:,? {_YEAR})?"),
        ("date", "month", rf"(?<![\w.,])(?:the )?{_DAY} (?:of )?{_MON}(?:,? {_YEAR})?"),
        ("date", "month", rf"(?<!\w){_MON} (?:the )?{_DAY}(?! (?:{'|'.join(MONTHS)})\b)(?:,? {_YEAR})?"),
        ("months", "month", rf"(?<!\w){_MON},? (?:of |in )?{_YEAR}"),
        ("months", "month", rf"(?<!\w){_MON},? {oy}"),
        ("monthweek", "month", rf"(?<!\w)(?:the )?(?P<ord>first|second|third|fourth|last|final) (?P<what>week|weekend|half|day) (?:of|in) (?:{_REL} )?{_MON}(?:,? {_YEAR})?"),
        ("month", "month", rf"(?<!\w)(?:{_REL} )?{_MON}"),
        ("years", "number", rf"(?<![\w$€£.,-])(?P<y>(?:1[5-9]|20|21)\d\d){_DASH}(?P<y2>(?:1[5-9]|20|21)\d\d|\d\d)(?![\w-])"),
        ("years", "number", r"(?<![\w$€£.,-])(?P<y>(?:19|20)\d\d)/(?P<y2>\d\d)(?![\w-])"),
        ("year", "number", rf"(?<![\w$€£.,])(?<!\d[-–]){_YEAR}(?![\d%])(?![.,]\d)"),
        ("decade", "decade", r"(?<!\w)(?:the )?['’]?(?P<dec>(?:1[5-9]|20)\d0|[2-9]0)['’]?s(?!\w)"),
        ("century", "unit", r"(?<!\w)(?:the )?(?P<c>\d\d)(?:st|nd|rd|th)[ -]century(?! (?:bc|b\.c))"),
        ("quarter", "unit", rf"(?<!\w)(?:the )?(?P<ord>first|second|third|fourth|final|last) (?P<q>quarter|half) (?:of )?(?:{_YEAR}|the year|(?P<oy>last|this|next) year)"),
        ("quarter", "quarter", rf"(?<!\w)(?P<ord>(?!))?(?P<q>[qh])(?P<qn>[1-4])(?: of)? (?:{_YEAR}|(?P<oy>last|this|next) year)"),
        ("weekday", "weekday", rf"(?<!\w)(?:the )?(?:{_REL} )?{_WD}{_PART}(?:,? (?:of )?(?P<wk>last week|this week|next week|week(?! of)))?"),
        ("deictic", "deictic", r"(?<!\w)(?P<w>(?:the )?day before yesterday|(?:the )?day after tomorrow|(?:yesterday|tomorrow)(?: (?:morning|afternoon|evening|night))?"
                               r"|today|tonight|overnight|last (?:night|evening)|this (?:morning|afternoon|evening))(?!\w)"),
        ("relunit", "unit", rf"(?<!\w)(?P<the>the )?{_REL} (?P<unit>week|weekend|fortnight|month|year|decade|century|quarter)(?!\w)(?! (?:of|in) (?:{'|'.join(MONTHS)})\b)"),
        ("weekend", "unit", r"(?<!\w)(?:over|at|on|during) the weekend(?!\w)"),
        ("pastunits", "unit", rf"(?<!\w)(?:over |in |during |within |for |through |throughout )?(?:the |these )?(?P<rel>last|past|previous|coming|next|following) {_NUM}[ -]{_UNIT}"),
        ("recent", "unit", r"(?<!\w)(?:over |in |during |within )?(?:the |these )?(?:more )?(?P<rel>recent|coming|past|last|next) (?P<unit>hour|day|week|month|year|decade)s(?!\w)(?! of)"),
        ("recent", "unit", r"(?<!\w)(?:over|in|during|within) the (?P<unit>day|week|month|year)s (?P<rel>coming)(?!\w)"),
        ("ago", "unit", rf"(?<!\w){_NUM}[ -]{_UNIT} (?P<dir>ago|earlier|later|from now|hence|previously|afterwards)(?!\w)(?! than)"),
        ("ago", "unit", rf"(?<!\w){_NUM}[ -]{_UNIT} (?P<dir>before|after|on)(?= ?(?:[.,;]|$))"),
        ("unitsago", "unit", r"(?<!\w)(?P<unit>minute|hour|day|week|month|year|decade)s (?:ago|earlier)(?!\w)"),
        ("within", "unit", rf"(?<!\w)(?P<prep>in|within) {_NUM}[ -]{_UNIT}(?P<time>['’]? time)?(?! (?:ago|earlier))"),
        ("lasting", "unit", rf"(?<!\w)for (?:the )?(?:(?:last|past) )?{_NUM}[ -]{_UNIT}(?! (?:ago|earlier))"),
        ("nextday", "unit", r"(?<!\w)the (?:next|following|previous) (?P<unit>day|week|month|year)(?!\w)"),
        ("nextday", "unit", r"(?<!\w)the (?P<unit>day|week|month|year) (?:before|after)(?= ?(?:[.,;]|$))"),
        ("unit", "unit", r"(?<!\w)the (?P<unit>day|week|month|year|decade|century|quarter)(?!\w)(?! (?:of|before|after))"),
        ("yearend", "unit", r"(?<!\w)(?:the )?(?P<unit>year|month|week)(?:['’]s end| ?-end)(?!\w)"),
        ("season", "season", rf"(?<!\w)(?:the )?(?:{_REL} )?(?P<season>{words.season_pattern})(?!\w)(?:,? (?:of |in )?{_YEAR}|,? {oy})?"),
        ("occasion", "occasion", rf"(?<!\w)(?:{_REL} )?(?P<occ>{words.occasion_pattern})(?!\w)(?:,? (?:of |in )?{_YEAR})?"),
        ("numeric", "number", r"(?<![\w.,/-])(?:\d{1,2}([./])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./])\d{1,2}\2\d{1,2})(?![\w/])"),
        ("numeric", "number", r"(?<![\w.,/-])(?:\d{1,2}(?:er|\.)? (?:de |d['’])?[^\W\d_]{3,10}\.?,? (?:de )?(?:19|20)\d\d)(?![\w/])"),
    )  # fmt: skip


_NUCLEI = (
    ("month", "|".join(MONTHS)),
    ("weekday", "|".join(WEEKDAYS)),
    ("deictic", "today|tonight|yesterday|tomorrow|overnight|last night|last evening|this morning|this afternoon|this evening"),
    ("unit", "(?:minute|hour|day|night|week|weekend|fortnight|month|year|decade|centurie|century|quarter)s?|(?:first|second|final|last) half"),
    ("quarter", "[qh][1-4]"),
    ("decade", r"(?:1[5-9]|20)?\d0['’]?s"),
    ("number", r"(?:1[5-9]|20|21)\d\d"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled rules and the expression that tells which of them can apply at all."""

    nuclei: re.Pattern[str]
    rules: tuple[tuple[str, str, re.Pattern[str]], ...]


_GRAMMARS: dict[int, tuple[TimeWords, Grammar]] = {}


def grammar_of(words: TimeWords) -> Grammar:
    """Return the grammar with these seasons and occasions, compiled once for each."""
    known = _GRAMMARS.get(id(words))
    if known is None or known[0] is not words:
        kinds = [*_NUCLEI, ("season", words.season_pattern), ("occasion", words.occasion_pattern)]
        nuclei = re.compile("|".join(rf"(?<!\w)(?P<{name}>{pattern})(?!\w)" for name, pattern in kinds))
        rules = tuple((name, needs, re.compile(pattern)) for name, needs, pattern in _patterns(words))
        known = _GRAMMARS[id(words)] = (words, Grammar(nuclei, rules))
    return known[1]
