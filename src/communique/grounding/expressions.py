# ruff: noqa: E501 (a regular expression is easier to check on one line)
"""The core expressions of time: for each kind the words that it is made of, and which rule reads them.

A core is a weekday, a date, a month, a year, "last week", "three days ago" ... What stands before it ("early", "since",
"by the end of") and two cores that make a range are put together in `phrases`.
A rule returns None where its words are no date after all ("in 2000 villages").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from communique.grounding import absolute, foreign, named, portions, relative, spans
from communique.grounding.setting import Core, Reading, Rule, Setting
from communique.grounding.words import (
    DECADES,
    MONTHS,
    NUMBERS,
    ORDINALS,
    VAGUE,
    WEEKDAYS,
    TimeWords,
    alternatives,
    words_in,
)

_MON = rf"(?P<mon>{alternatives(MONTHS)})(?!\w)(?:(?<=\b[a-z]{{3}})(?<!\bmay)\.|(?<=\bsept)\.)?"
_MONTH_ORDINALS = alternatives(w for w, n in ORDINALS.items() if 0 < n < 31 and w != "opening")
_WD = rf"(?P<wd>{alternatives(WEEKDAYS)})(?!\w)"
_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:%])"
_DAY2 = r"(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:%])"
_YEAR = r"(?P<y>(?:1[5-9]|20|21)\d\d)(?!\w)"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUM = (
    r"(?:(?:about|around|almost|nearly|roughly|some|just over|over|more than|at least|barely|just) )?"
    rf"(?:a )?(?P<n>\d{{1,3}}(?:\.\d)?|half an?|(?:{_TENS})-(?:one|two|three|four|five|six|seven|eight|nine)"
    rf"|{alternatives([*NUMBERS, *VAGUE])})(?P<half> and a half)?(?: of)?(?: more)?"
)
_UNIT = r"(?P<unit>minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade|century|centurie)s?(?!\w)"
_NUM_UNIT = rf"{_NUM}[ -]{_UNIT}(?P<half2> and a half)?"
_DASH = r" ?[-–—] ?"
_PART = r"(?: (?P<part>morning|afternoon|evening|night|noon|midday|midnight))?"
_REL = r"(?P<rel>last|this past|this coming|this|next|past|coming|current|previous)"
_OY = r"(?:of |in )?(?P<oy>last|this|next) year(?![\w'’])"
_FULL_YEAR = r"(?:19|20)\d\d"

# Rules that count from the expression before.
_ANCHORED = frozenset({"ago", "unitsago", "nextday", "sameunit", "weekday", "relunit"})
SettingFor = Callable[[int, int, bool], Setting]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Characters `start` to `end` that a rule of this kind may read, whatever the tense."""

    start: int
    end: int
    kind: str
    read: Callable[[Setting], Reading]


def find_candidates(text: str, original: str, words: TimeWords) -> tuple[Candidate, ...]:
    """Return what may be core expressions of a sentence, left to right, the longest first where two begin together.

    `text` is the sentence in lower case and `original` as written; both have the same length.
    """
    grammar = grammar_of(words)
    found = [
        (m.start(), -m.end(), order, name, _reader(_RULES[name], m))
        for order, name, pattern in grammar.rules_for(text)
        for m in pattern.finditer(text)
        if _is_capital(m, original) and ("mon" not in m.re.groupindex or m["mon"] is None or _is_month(m, original))
    ]
    guarded: list[tuple[int, int]] = []
    for n in named.find_named(text, words):
        if n.occasion.no_date:
            guarded.append((n.start, n.end))
        else:
            found.append((n.start, -n.end, -1, "deed" if n.occasion.unplanned else "occasion", _named_reader(n)))
    return tuple(
        Candidate(start, -end, name, read)
        for start, end, _, name, read in sorted(found, key=lambda x: x[:3])
        if not any(a < -end and start < b for a, b in guarded)
    )


def read_cores(candidates: Iterable[Candidate], setting: SettingFor) -> Iterator[Core]:
    """Yield the core expressions of a sentence, left to right; the longest wins where two overlap.

    `setting` gives the setting of two offsets, and is told whether the rule asks for the expression before.
    """
    reached = -1
    for c in candidates:
        if c.start >= reached and (reading := c.read(setting(c.start, c.end, c.kind in _ANCHORED))) is not None:
            reached = c.end
            yield Core(c.start, c.end, c.kind, reading[0], reading[1], c.kind == "unit")


def _reader(rule: Rule, m: re.Match[str]) -> Callable[[Setting], Reading]:
    return lambda s: rule(m, s)


def _named_reader(n: named.Named) -> Callable[[Setting], Reading]:
    return lambda s: named.occasion(n, s)


def _is_capital(m: re.Match[str], original: str) -> bool:
    """Tell whether a weekday is capitalised, as "they wed." is not."""
    return "wd" not in m.re.groupindex or original[m.start("wd")].isupper()


def _is_month(m: re.Match[str], original: str) -> bool:
    """Months are capitalised; "may", "march" and short forms need more than that."""
    name, at = m["mon"], m.start("mon")
    if not original[at].isupper():
        return False
    if name in ("mar", "jun", "dec", "sep", "jan", "apr", "oct"):
        return original[at + len(name) : at + len(name) + 1] == "." or bool(m.groupdict().get("d"))
    return True


_RULES: dict[str, Rule] = {
    "iso": absolute.iso, "dates": absolute.month_day, "date": absolute.month_day, "months": absolute.month_year, "month": absolute.bare_month, "year": absolute.year,
    "years": absolute.year_range, "decade": absolute.decade, "century": absolute.century, "turn": absolute.turn, "fiscal": absolute.fiscal_year,
    "dayalone": absolute.day_alone, "quarter": portions.quarter, "portion": portions.portion,
    "weekday": relative.weekday, "weekdaysago": relative.weekdays_ago, "deictic": relative.deictic, "relunit": relative.unit, "unit": relative.unit,
    "yearend": relative.unit_end, "weekend": relative.the_weekend, "secondnext": relative.second_next, "yearagonow": relative.year_ago_now, "fromnow": relative.from_now,
    "pastunits": spans.past_units, "recent": spans.recent, "ago": spans.ago, "unitsago": spans.units_ago, "within": spans.within,
    "lasting": spans.lasting, "nextday": spans.next_day, "sameunit": spans.same_unit,
    "season": named.season, "numeric": foreign.numeric, "foreign": foreign.foreign,
}  # fmt: skip


def _patterns(words: TimeWords) -> Sequence[tuple[str, str, str]]:
    """Rule, kinds of nucleus one of which must be in the sentence, regular expression; earlier wins a tie."""
    to = rf"(?:{_DASH}| (?:to|and|through|until|till|or) )(?:the )?"
    of_whole = rf"(?:of|in) (?:(?:{_REL} )?{_MON}(?:,? {_YEAR}|,? (?:of )?(?P<oy1>last|this|next) year)?|{_YEAR.replace('<y>', '<y9>')}|the (?P<unit>year|month)(?!\w)|(?P<oy>last|this|next) (?P<unit9>year|month)(?!\w))"
    return (
        ("iso", "number", r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:t[\d:.+z-]*)?(?![\d-])"),
        ("dates", "month", rf"(?<![\w.,])(?:the )?{_DAY}{to}{_DAY2} (?:of )?{_MON}(?:,? {_YEAR})?"),
        ("dates", "month", rf"(?<!\w){_MON} (?:the )?{_DAY}{to}{_DAY2}(?! (?:{alternatives(MONTHS)})\b)(?! (?:of )?(?:people|troops|soldiers))(?:,? {_YEAR})?"),
        ("date", "month", rf"(?<![\w.,])(?:the )?{_DAY}(?: (?:of )?|-){_MON}(?:,? {_YEAR}|-{_YEAR.replace('<y>', '<y8>')}|,? {_OY})?"),
        ("date", "month", rf"(?<!\w)(?:the )?(?P<d>{_MONTH_ORDINALS}) (?:of |day of ){_MON}(?:,? {_YEAR})?"),
        ("date", "month", rf"(?<!\w){_MON} (?:the )?{_DAY}(?! (?:{alternatives(MONTHS)})\b)(?:,? {_YEAR}|,? {_OY})?"),
        ("months", "month", rf"(?<!\w){_MON},? (?:of |in )?{_YEAR}"),
        ("months", "month", rf"(?<!\w){_MON},? {_OY}"),
        ("portion", "month number unit", rf"(?<!\w)(?:the )?(?P<ord>first|second|third|fourth|fifth|opening|closing|last|final) (?:(?P<n>\d{{1,2}}|{alternatives([*NUMBERS, *VAGUE])}) )?(?P<what>(?:day|week|weekend|month)s?|half|{alternatives(w for w in WEEKDAYS if w.endswith('day'))}) {of_whole}"),
        ("month", "month", rf"(?<!\w)(?:{_REL} )?{_MON}"),
        ("dayalone", "ordinal", r"(?:(?<=\bon )|(?<=\bby )|(?<=\bfrom )|(?<=\buntil )|(?<=\bsince )|(?<=\bbefore )|(?<=\bafter )|(?<=\bnight of ))the (?P<d>[0-3]?\d)(?:st|nd|rd|th)(?: (?:and|to|until|through) (?:the )?(?P<d2>[0-3]?\d)(?:st|nd|rd|th))?(?= ?(?:[.,;:)]|$)| (?:and|to|but|when|with|at|in|after|before|for)\b)"),
        ("years", "number", rf"(?<![\w$€£.,-])(?P<y>(?:1[5-9]|20|21)\d\d){_DASH}(?P<y2>(?:1[5-9]|20|21)\d\d|\d\d)(?![\w-])"),
        ("years", "number", rf"(?<![\w$€£.,/-])(?P<y>{_FULL_YEAR})/(?P<y2>\d\d)(?![\w/-])"),
        ("fiscal", "fiscal", rf"(?<!\w)(?:the )?(?:fy ?|(?:fiscal|financial) (?:year )?)['’]?(?P<y>{_FULL_YEAR}|\d\d)(?:[-/](?P<y2>\d\d(?:\d\d)?))?(?!\w)"),
        ("year", "number", rf"(?<![\w$€£.,/])(?<!\d[-–]){_YEAR}(?![\d%])(?![.,]\d)"),
        ("decade", "decade", rf"(?<!\w)(?:the )?(?:['’]?(?P<dec>(?:1[5-9]|20)\d0|[2-9]0)['’]?s|(?<=the )(?P<dec2>{alternatives(DECADES)}))(?!\w)"),
        ("century", "unit", r"(?<!\w)(?:the )?(?P<c>\d\d)(?:st|nd|rd|th)[ -]century(?! (?:bc|b\.c))"),
        ("turn", "unit turn", r"(?<!\w)the turn of the (?P<what>century|millennium|year)(?!\w)"),
        ("quarter", "unit", rf"(?<!\w)(?:the )?(?P<ord>first|second|third|fourth|final|last) (?P<q>quarter|half) (?:of )?(?:{_YEAR}|(?P<theyear>the year)|(?P<oy>last|this|next) year)"),
        ("quarter", "unit", r"(?<!\w)the (?P<ord>first|second|third|fourth) (?P<q>quarter)(?!\w)(?! of)"),
        ("quarter", "quarter", rf"(?<!\w)(?:{_YEAR} )?(?P<q>[qh])(?P<qn>[1-4])(?!\w)(?:,? (?:of )?(?:(?P<y9>{_FULL_YEAR})(?!\w)|(?P<oy>last|this|next) year))?"),
        ("weekdaysago", "weekday", rf"(?<!\w){_NUM} (?P<wd>(?:mon|tues|wednes|thurs|fri|satur|sun)days) ago(?P<after>(?!))?"),
        ("weekdaysago", "weekday", r"(?<!\w)(?P<n>a|one|two|three) weeks? (?P<after>ago) (?:on |this )?(?P<wd>(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?!\w)"),
        ("weekday", "weekday", rf"(?<!\w)(?:the )?(?:{_REL.replace('previous', 'previous|following')} )?{_WD}(?:(?<=\b[a-z]{{3}})\.|(?<=\b[a-z]{{4}})\.|(?<=\bthurs)\.)?{_PART}(?:,? (?:of )?(?P<wk>last week|this week|next week|week(?! of)))?"),
        ("yearagonow", "unit", r"(?<!\w)(?:(?:this|the same|same) (?P<unit>day|week|month|time) (?P<oy>last|next) year|(?P<n>\d{1,3}|a|one|two|three|four|five|six|seven|eight|nine|ten|twenty) years? ago (?:this (?P<unit2>week|month)|(?P<today>today)))(?!\w)"),
        ("deictic", "deictic", r"(?<!\w)(?P<w>(?:the )?day before yesterday|(?:the )?day after tomorrow|(?:yesterday|tomorrow)(?: (?:morning|afternoon|evening|night))?"
                               r"|today|tonight|overnight|last (?:night|evening)|this (?:morning|afternoon|evening))(?!\w)"),
        ("secondnext", "unit", r"(?<!\w)(?:the )?(?P<unit>week|weekend|month|year) (?:before (?P<rel>last)|after next)(?!\w)"),
        ("relunit", "unit", rf"(?<!\w)(?P<the>the )?{_REL} (?P<unit>day|week|weekend|fortnight|month|year|decade|century|quarter)(?!\w)(?! (?:of|in) (?:{alternatives(MONTHS)})\b)"),
        ("weekend", "unit", r"(?<!\w)(?:over|at|on|in|during) the weekend(?!\w)"),
        ("pastunits", "unit", rf"(?<!\w)(?:over |in |during |within |for |through |throughout )?(?:the |these )?(?P<rel>last|past|previous|coming|next|following) {_NUM_UNIT}(?! of (?:the year|last|next|\d|{alternatives(MONTHS)}))"),
        ("recent", "unit", r"(?<!\w)(?:over |in |during |within )?(?:the |these )?(?:more )?(?P<rel>recent|coming|past|last|next) (?P<unit>hour|day|week|month|year|decade)s(?!\w)(?! of)"),
        ("recent", "unit", r"(?<!\w)(?:over|in|during|within) the (?P<unit>hour|day|week|month|year)s (?P<rel>coming|ahead)(?!\w)"),
        ("recent", "unit", r"(?<!\w)(?:within|in) (?:a matter of )?(?P<unit>day|week|month)s(?!\w)(?! (?:of|ago|before|after))"),
        ("ago", "unit", rf"(?<!\w){_NUM_UNIT} (?P<dir>ago|earlier|later|from now|hence|previously|afterwards)(?!\w)(?! than)"),
        ("ago", "unit", rf"(?<!\w){_NUM_UNIT} (?P<dir>before|after|on)(?= ?(?:[.,;]|$))"),
        ("fromnow", "unit", rf"(?<!\w){_NUM_UNIT} from (?P<base>today|tomorrow)(?!\w)"),
        ("unitsago", "unit", r"(?<!\w)(?P<unit>minute|hour|day|week|month|year|decade)s (?P<dir>ago|earlier|later)(?!\w)"),
        ("within", "unit", rf"(?<!\w)(?P<prep>in|within) {_NUM_UNIT}(?P<time>['’]? time)?(?! (?:ago|earlier))"),
        ("lasting", "unit", rf"(?<!\w)for (?:the )?(?:(?:last|past) )?{_NUM_UNIT}(?! (?:ago|earlier))"),
        ("nextday", "unit", r"(?<!\w)the (?:very )?(?P<dir>next|following|previous) (?P<unit>day|morning|evening|night|week|month|year)(?!\w)"),
        ("nextday", "unit", r"(?<!\w)the (?P<unit>day|night|week|month|year) (?P<dir>before|after)(?= ?(?:[.,;]|$))"),
        ("sameunit", "unit", r"(?<!\w)(?:(?P<when>earlier|later)(?: on)? )?(?:(?P<same>(?:the|that|this) same)|that) (?P<unit>day|evening|night|afternoon|morning|week|month|year)(?!\w)"),
        ("unit", "unit", r"(?<!\w)the (?P<unit>day|week|month|year|decade|century|quarter)(?!\w)(?! (?:of|before|after))"),
        ("yearend", "unit", r"(?<!\w)(?:the )?(?P<unit>year|month|week)(?:['’]s end| ?-end)(?!\w)"),
        ("season", "season", rf"(?<!\w)(?:the )?(?:{_REL} )?(?P<season>{words.season_pattern})(?!\w)(?:,? (?:of |in )?(?:(?P<y1>{_FULL_YEAR})[-–/]\d\d(?!\w)|{_YEAR})|,? {_OY})?"),
        ("numeric", "number", rf"(?<![\w.,/-])(?:(?P<y0>{_FULL_YEAR})(?P<sep0>[./])(?P<a>\d{{1,2}})(?P=sep0)(?P<b>\d{{1,2}})|(?P<a0>\d{{1,2}})(?P<sep1>[./])(?P<b0>\d{{1,2}})(?P=sep1)(?P<y1>{_FULL_YEAR}))(?![\w/])"),
        ("numeric", "slashes", r"(?<![\w.,/-])(?P<y0>(?!))?(?P<a0>\d{1,2})(?P<sep1>/)(?P<b0>\d{1,2})/(?P<y1>\d\d)(?![\w/])"),
        ("foreign", "foreign", rf"(?<![\w.,/-])(?P<d>[0-3]?\d)(?:er|\.)? (?:de |d['’])?(?P<fmon>{alternatives(foreign.FOREIGN_MONTHS)})(?:,? (?:de )?)? ?(?P<y>{_FULL_YEAR})(?!\w)"),
    )  # fmt: skip


# Words without which the rules of a kind cannot apply.
_NUCLEI = {
    "month": [*MONTHS],
    "weekday": [*WEEKDAYS, *(f"{w}s" for w in WEEKDAYS if w.endswith("day"))],
    "deictic": "today tonight yesterday tomorrow overnight night evening morning afternoon".split(),
    "turn": ["turn"],
    "unit": """minute hour day night morning evening afternoon week weekend fortnight month year decade centurie century
        quarter minutes hours days nights mornings evenings weeks weekends fortnights months years decades centuries
        quarters half time""".split(),
    "quarter": [f"{letter}{n}" for letter in "qh" for n in "1234"],
    "fiscal": ["fy", "fiscal", "financial"],
    "decade": [*DECADES],
    "foreign": [*foreign.FOREIGN_MONTHS],
}
_WORD = re.compile(r"\w+")
_NUMERIC = (
    ("number", re.compile(r"(?:1[5-9]|20|21)\d\d(?:t\d\d)?")),
    ("decade", re.compile(r"(?:1[5-9]|20)?\d0s?")),
    ("ordinal", re.compile(r"[0-3]?\d(?:st|nd|rd|th)")),
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled rules, and the words that tell which of them can apply at all."""

    kinds: Mapping[str, frozenset[str]]
    rules: tuple[tuple[int, str, frozenset[str], re.Pattern[str]], ...]
    memo: dict[frozenset[str], tuple[tuple[int, str, re.Pattern[str]], ...]]

    def rules_for(self, text: str) -> tuple[tuple[int, str, re.Pattern[str]], ...]:
        """Return the rules that the words of lower-case `text` give a chance, with their order."""
        found: set[str] = set()
        for word in words_in(text):
            if word in self.kinds:
                found |= self.kinds[word]
            elif word[0].isdigit():
                found.update(kind for kind, pattern in _NUMERIC if pattern.fullmatch(word))
            elif word.startswith("fy") and word[2:].isdigit():
                found.add("fiscal")
        if "/" in text:
            found.add("slashes")
        key = frozenset(found)
        if key not in self.memo:
            self.memo[key] = tuple((o, n, p) for o, n, needs, p in self.rules if not needs.isdisjoint(key))
        return self.memo[key]


_GRAMMARS: dict[int, tuple[TimeWords, Grammar]] = {}


def grammar_of(words: TimeWords) -> Grammar:
    """Return the grammar with these seasons, compiled once for each."""
    known = _GRAMMARS.get(id(words))
    if known is None or known[0] is not words:
        kinds: dict[str, set[str]] = {}
        nuclei = {**_NUCLEI, "season": [_WORD.findall(name)[0] for name in words.seasons]}
        for kind, names in nuclei.items():
            for name in names:
                kinds.setdefault(name, set()).add(kind)
        rules = tuple(
            (order, name, frozenset(needs.split()), re.compile(pattern))
            for order, (name, needs, pattern) in enumerate(_patterns(words))
        )
        known = (words, Grammar({word: frozenset(of) for word, of in kinds.items()}, rules, {}))
        _GRAMMARS[id(words)] = known
    return known[1]


def may_have_date(text: str, words: TimeWords) -> bool:
    """Tell, at little cost, whether lower-case `text` may hold an expression of time."""
    return bool(grammar_of(words).rules_for(text)) or words.may_name(text)
