"""From core expressions to whole ones: "early", "the end of", "since", "by", "from ... to".

`read_phrases` works on plain text; what depends on the sentence's grammar comes in through `setting_at` and `free`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days, Part
from communique.grounding.expressions import Candidate, read_cores
from communique.grounding.offsets import weekday_beside, with_offset
from communique.grounding.ranges import SettingAt, join
from communique.grounding.setting import Core, Setting

_PARTS: dict[str, Part] = {
    "early": "early", "beginning": "early", "start": "early", "outset": "early",
    "mid": "mid", "middle": "mid", "late": "late", "end": "late", "close": "late", "latter part": "late",
}  # fmt: skip
_PART = re.compile(
    r"(?<!\w)(?:the )?(?:very )?(?P<part>early|beginning|start|outset|mid|middle|late|end|close|latter part)"
    r"(?: (?:of|in|on|part of|hours of|days of|weeks of|months of|hours on))?(?: the)?[ -]$"
    r"|(?<!\w)(?P<p2>early|mid|late)[ -]?$"
)
_HOURS = re.compile(
    r"(?<!\w)the (?:early |late |wee |small |pre-?dawn |first |final |morning |evening |night )*"
    r"(?:hours|morning|afternoon|evening|night) of $"
)
_RELATION = re.compile(r"(?<!\w)(?P<rel>earlier|later|rest of|remainder of)(?: in| on| during)?(?: the)? $")
_WRAP = re.compile(
    r"(?<!\w)(?P<wrap>ever since|since|until|till|up to|up until|by|no later than|before|ahead of|prior to|after|"
    r"following|from|as of|starting|beginning|effective|as far back as|as early as|as soon as|dating back to|"
    r"dating to|through|onwards from)"
    r"(?: (?:at least|about|around|as early as|as late as|the|on|in|at))? $"
)
# Where the word is part of a range, or means "throughout".
_UNWRAPPED = {"from": ("range", "dates", "years"), "through": ("decade", "century", "season", "month", "relunit")}
# Expressions that are no time from which "two days later" could count.
_NO_ANCHOR = ("pastunits", "recent", "lasting", "within", "unit", "yearend", "century", "decade")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole expression: its characters and days, `reference` for "since", "before" ..., and the kind of its core."""

    start: int
    end: int
    days: Days
    reference: str = ""
    core_start: int = 0
    kind: str = ""


Before = Callable[[], Days | None]


def read_phrases(
    text: str,
    candidates: Iterable[Candidate],
    setting_at: SettingAt,
    free: Callable[[int, int], bool],
    before: Before = lambda: None,
) -> list[Phrase]:
    """Return the expressions of time in `text`, a sentence in lower case, left to right.

    `candidates` are what `find_candidates` finds in it, `setting_at` gives the setting of the characters from one
    offset to another, `free` tells whether they stand for themselves and do not just modify a noun ("after Friday" but
    not "after Friday's attack"), `before` what sentences before have named last, from which "the next day" counts.
    """
    found: list[Phrase] = []
    cores: list[Core] = []
    anchor: list[Days | None] = [None]

    def setting(start: int, end: int, anchored: bool = False) -> Setting:
        here = setting_at(start, end)
        return replace(here, anchor=anchor[0] or before()) if anchored else here

    for core in read_cores(candidates, setting):
        cores.append(core)
        if core.days.start and core.days.end and core.kind not in _NO_ANCHOR:
            anchor[0] = core.days
    i = 0
    while i < len(cores):
        core, i = cores[i], i + 1
        while i < len(cores) and (
            joined := weekday_beside(core, cores[i], text) or join(core, cores[i], text, setting)
        ):
            core, i = joined, i + 1
        phrase = _finish(core, text, setting(core.start, core.end), free)
        if phrase is not None:
            found.append(phrase)
    return found


def _finish(core: Core, text: str, s: Setting, free: Callable[[int, int], bool]) -> Phrase | None:
    """Apply what stands before a core, from the inside out."""
    start, days, left = core.start, core.days, text[: core.start]
    if part := _part(core, left):
        which = _PARTS[part["part"] or part["p2"]]
        if not (core.kind in _DAYS or (days.start is None and days.end is None)):
            clipped = core.kind == "year"
            days = cal.clip(cal.part(days, which), s.tense, s.published) if clipped else cal.part(days, which)
        start = part.start()
    elif hours := _HOURS.search(left) if core.kind in _DAYS else None:
        start = hours.start()
    elif relation := _RELATION.search(left):
        days = _side(days, relation["rel"], s.published)
        start = relation.start()
    elif core.needs_part:
        return None
    changed = replace(core, start=start, days=days)
    counted = with_offset(changed, text, s)
    core_start = core.start
    if counted is not None:
        start, days, core_start = counted.start, counted.days, counted.start
    wrap = _WRAP.search(text[:start])
    opened = wrap is not None and core.kind in _UNWRAPPED.get(wrap["wrap"], ())
    opened = opened and (start == core.start or (wrap is not None and wrap["wrap"] == "from"))
    if wrap is None or opened or not (counted or free(core.start, core.end)):
        if wrap is None and re.match(r" onwards?\b", text[core.end :]):
            days = _wrapped("from", days, s)
        return Phrase(start, core.end, days, "", core_start, core.kind)
    word = wrap["wrap"]
    return Phrase(wrap.start(), core.end, _wrapped(word, days, s), word, core_start, core.kind)


_DAYS = ("weekday", "deictic", "date", "iso", "dayalone", "numeric", "foreign")


def _part(core: Core, left: str) -> re.Match[str] | None:
    """Return what takes a part of the core; "will end this December" and "started in May" are verbs."""
    part = _PART.search(left)
    if part and part["part"] in ("end", "start", "close") and not part[0].rstrip().endswith(("of", "of the")):
        return None
    return part


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
    if word == "as of" and s.tense != "future":  # a count on that day
        return days
    if word in ("from", "as of", "starting", "beginning", "effective", "as early as", "as soon as", "onwards from"):
        ahead = s.tense == "future" or (start is not None and published is not None and start > published)
        return Days(start, None) if ahead else _between(start, published)
    if word in ("after", "following"):
        return _between(end, published) if s.tense == "past" else Days(end, None)
    limit = start - timedelta(days=1) if word in ("before", "ahead of", "prior to") and start else end
    if published is None or limit is None or limit < published:
        return Days(None, limit)
    if s.tense == "past":
        return Days(None, published)
    return _between(published, limit)


def _between(start: date | None, end: date | None) -> Days:
    if start is None or end is None:
        return Days(start, end)
    return cal.span(start, end) if start <= end else Days(start, None)
