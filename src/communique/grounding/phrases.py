"""From core expressions to whole ones: "early", "the end of", "since", "by", "from ... to".

`read_phrases` works on plain text; what depends on the sentence's grammar comes in through `setting_at` and `free`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days, Part
from communique.grounding.expressions import read_cores
from communique.grounding.setting import Core, Setting
from communique.grounding.words import TimeWords

_PARTS: dict[str, Part] = {
    "early": "early", "beginning": "early", "start": "early", "outset": "early",
    "mid": "mid", "middle": "mid", "late": "late", "end": "late", "close": "late", "latter part": "late",
}  # fmt: skip
_PART = re.compile(
    r"(?<!\w)(?:the )?(?:very )?(?P<part>early|beginning|start|outset|mid|middle|late|end|close|latter part)"
    r"(?: (?:of|in|on|part of|hours of|days of|weeks of|months of|hours on))?(?: the)?[ -]$"
    r"|(?<!\w)(?P<p2>early|mid|late)[ -]?$"
)
_RELATION = re.compile(r"(?<!\w)(?P<rel>earlier|later|rest of|remainder of)(?: in| on| during)?(?: the)? $")
_WRAP = re.compile(
    r"(?<!\w)(?P<wrap>ever since|since|until|till|up to|up until|by|no later than|before|ahead of|prior to|after|"
    r"following|from|as of|starting|beginning|effective|as far back as|as early as|dating back to|"
    r"dating to|through|onwards from)"
    r"(?: (?:at least|about|around|as early as|as late as|the|on|in|at))? $"
)
_RANGES = ("range", "dates", "years")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole expression: its characters, the days, and `reference` for "since", "before", "after", "until", "by"."""

    start: int
    end: int
    days: Days
    reference: str = ""
    core_start: int = 0


SettingAt = Callable[[int, int], Setting]


def read_phrases(
    text: str, original: str, setting_at: SettingAt, free: Callable[[int, int], bool], words: TimeWords
) -> list[Phrase]:
    """Return the expressions of time in `text` (the lower case of `original`), left to right.

    `setting_at` gives the setting of the characters from one offset to another, `free` tells whether they stand for
    themselves and do not just modify a noun ("after Friday" but not "after Friday's attack").
    """
    found: list[Phrase] = []
    cores: list[Core] = []
    anchor: list[date | None] = [None]

    def setting(start: int, end: int) -> Setting:
        return replace(setting_at(start, end), left=text[:start], right=text[end:], anchor=anchor[0])

    for core in read_cores(text, original, setting, words):
        cores.append(core)
        if core.days.end and core.kind not in ("nextday",):
            anchor[0] = core.days.end
    i = 0
    while i < len(cores):
        core, i = cores[i], i + 1
        while i < len(cores) and (joined := _join(core, cores[i], text, setting)):
            core, i = joined, i + 1
        phrase = _finish(core, text, setting(core.start, core.end), free)
        if phrase is not None:
            found.append(phrase)
    return found


def _join(first: Core, second: Core, text: str, setting: SettingAt) -> Core | None:
    """Make one core of "Friday, 4 February", of "from May 3 to June 5" and of "Thursday and Friday"."""
    between = text[first.end : second.start]
    a, b = first.days, second.days
    if first.kind == "weekday" and second.kind in ("date", "iso") and re.fullmatch(r",? (?:the )?", between):
        return replace(second, start=first.start, days=_with_weekday(first, second, setting))
    if (
        first.kind in ("date", "deictic")
        and second.kind == "weekday"
        and re.fullmatch(r",? ", between)
        and a.start
        and b.start
    ):
        return replace(first, end=second.end)
    if not re.fullmatch(r" ?[-–—] ?| (?:to|through|until|till|into|and|or)(?: (?:early|late))? (?:the )?", between):
        return None
    opened = re.search(r"(?<!\w)(?:from|between)(?: the)?(?: (?:early|mid|late))?[ -]$", text[: first.start])
    loose = re.search(r" (?:and|or) ", between)
    if a.start is None or a.end is None or b.start is None or b.end is None or first.needs_part or second.needs_part:
        return None
    if loose and not opened and not (first.kind == second.kind and _adjacent(first, second)):
        return None
    if not loose and not opened and first.kind != second.kind:
        return None
    if first.bare and not second.bare and first.kind in ("month", "date") and second.kind in ("months", "date"):
        first = _same_year(first, second)
        a = first.days
    if a.start is None or b.end is None:
        return None
    if b.end < a.start:
        first, second = _in_order(first, second, setting)
        a, b = first.days, second.days
    if a.start is None or b.end is None or b.end < a.start:
        return None
    years = a.precision in ("year", "years") and b.precision in ("year", "years")
    days = Days(a.start, b.end, "years") if years else cal.span(a.start, b.end)
    return Core(first.start, second.end, "range", days, first.bare and second.bare)


def _same_year(first: Core, second: Core) -> Core:
    """Give the first end of a range the year of the second, or the one before ("from November to June 2016")."""
    a, b = first.days, second.days
    if a.start is None or a.end is None or b.start is None:
        return first
    months = 12 * (b.start.year - a.start.year)
    if cal.shift_months(a.start, months) > b.start:
        months -= 12
    return replace(first, days=replace(a, start=cal.shift_months(a.start, months), end=cal.shift_months(a.end, months)))


def _adjacent(first: Core, second: Core) -> bool:
    if first.kind == "weekday":
        return True
    if first.days.end is None or second.days.start is None:
        return False
    return abs((second.days.start - first.days.end).days) <= (
        31 if first.kind == "month" else 2 if first.kind != "year" else 1
    )


def _in_order(first: Core, second: Core, setting: SettingAt) -> tuple[Core, Core]:
    """Move the end whose week or year was a guess, so that a range does not run backwards."""
    tense = setting(first.start, second.end).tense
    move_first = first.bare and (tense != "future" or not second.bare)
    core, sign = (first, -1) if move_first else (second, 1)
    if not core.bare or core.days.start is None or core.days.end is None:
        return first, second
    if core.kind == "weekday":
        days = Days(core.days.start + timedelta(days=7 * sign), core.days.end + timedelta(days=7 * sign), "day")
    else:
        days = replace(
            core.days,
            start=cal.shift_months(core.days.start, 12 * sign),
            end=cal.shift_months(core.days.end, 12 * sign),
        )
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


def _finish(core: Core, text: str, s: Setting, free: Callable[[int, int], bool]) -> Phrase | None:
    """Apply what stands before a core, from the inside out."""
    start, days, left = core.start, core.days, text[: core.start]
    changed = False
    if part := _PART.search(left):
        which = _PARTS[part["part"] or part["p2"]]
        if not (core.kind in ("weekday", "deictic", "date", "iso") or (days.start is None and days.end is None)):
            days = (
                cal.clip(cal.part(days, which), s.tense, s.published) if core.kind == "year" else cal.part(days, which)
            )
        start, left, changed = part.start(), text[: part.start()], True
    elif relation := _RELATION.search(left):
        days = _side(days, relation["rel"], s.published)
        start, left, changed = relation.start(), text[: relation.start()], True
    if core.needs_part and not changed:
        return None
    wrap = _WRAP.search(left)
    opened = wrap is not None and wrap["wrap"] == "from" and core.kind in _RANGES
    if wrap is None or opened or not free(core.start, core.end):
        return Phrase(start, core.end, days, "", core.start)
    word = wrap["wrap"]
    return Phrase(wrap.start(), core.end, _wrapped(word, days, s), word, core.start)


def _side(days: Days, relation: str, published: date | None) -> Days:
    """ "earlier this month" ends with the day of publication, "later this month" begins with it."""
    if published is None or days.start is None or days.end is None or not days.start <= published <= days.end:
        return days
    return cal.span(days.start, published) if relation == "earlier" else cal.span(published, days.end)


def _wrapped(word: str, days: Days, s: Setting) -> Days:
    if days.start is None and days.end is None:
        return days
    published, start, end = s.published, days.start, days.end
    if word in ("since", "ever since", "as far back as", "dating back to", "dating to"):
        return _between(start, published)
    if word in ("from", "as of", "starting", "beginning", "effective", "as early as", "onwards from"):
        ahead = s.tense == "future" or (start is not None and published is not None and start > published)
        return Days(start, None) if ahead else _between(start, published)
    if word in ("after", "following"):
        return _between(end, published) if s.tense == "past" else Days(end, None)
    limit = start - timedelta(days=1) if word in ("before", "ahead of", "prior to") and start else end
    if published is None or limit is None or limit < published or s.tense == "past":
        return Days(None, limit)
    return _between(published, limit)


def _between(start: date | None, end: date | None) -> Days:
    if start is None or end is None:
        return Days(start, end)
    return cal.span(start, end) if start <= end else Days(start, None)
