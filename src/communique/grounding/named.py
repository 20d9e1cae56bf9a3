"""Rules for the seasons and the named occasions of the knowledge files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from communique.grounding import calendar as cal
from communique.grounding.calendar import Days
from communique.grounding.occasions import Occasion
from communique.grounding.setting import Reading, Setting
from communique.grounding.words import TimeWords

LAST = ("last", "this past", "past", "previous")
NEXT = ("next", "this coming", "coming")
THIS = ("this", "current")
YEARS_OFF = {"last": -1, "next": 1}

_TAKES_SEASON = re.compile(
    r"\b(?:in|during|over|since|until|by|of|for|through|throughout|before|after|from|early|late|mid|next|to|and|or|the)"
    r"(?: the)?[ -]$"
)
# What stands before the name of a body or a deed where it dates something ("at the summit", "since the war").
_TAKES_NAME = re.compile(
    r"\b(?:at|during|before|after|since|until|till|by|for|from|of|following|over|throughout|in|to|between|than|"
    r"attend\w*|host\w*|held|hold\w*|skip\w*|boycott\w*|join\w*)(?: (?:both|all))?"
    r" (?:the |a |an |its |their |his |her |this |last |next |upcoming |recent |annual |virtual |\w+'s |[\w-]+ ){0,3}$"
)
_PLACE_BEFORE = re.compile(r"(?<!\w)(?P<place>[a-z][\w.’'-]*(?: [a-z][\w.’'-]*){0,2}) $")
_PLACE_AFTER = re.compile(r",? (?:in|at) (?:the [\w ]{3,20} (?:city|resort|town|capital)(?: of)? )?")
_YEAR_AFTER = re.compile(r",? (?:of |in )?(?:((?:19|20)\d\d)(?!\w)|(last|this|next) year(?![\w'’]))")
_YEAR_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<oy>last|this|next) year['’]s|(?P<y>(?:19|20)\d\d)"
    r"|(?P<rel>last|this past|this coming|this|next|past|coming|previous)) $"
)
_NOT_AFTER = re.compile(r" (?:agreement|accords?|island|islander|market|party|tree|card|story|committee|commission)")


@dataclass(frozen=True, slots=True)
class Named:
    """An occasion found in a text with what stands beside it."""

    start: int
    end: int
    occasion: Occasion
    relation: str = ""
    year: int | None = None
    year_off: int | None = None
    place: str = ""


def find_named(text: str, words: TimeWords) -> Iterator[Named]:
    """Yield the occasions named in lower-case `text`, with year and place where they are given beside the name."""
    for start, end, occasion in words.occasions_in(text):
        if occasion.no_date:
            yield Named(start, end, occasion)
        elif not (occasion.at and not _TAKES_NAME.search(text[:start])):
            yield _with_neighbours(text, start, end, occasion)


def _with_neighbours(text: str, start: int, end: int, occasion: Occasion) -> Named:
    places = {p for _, where in occasion.periods() for p in where.split("/") if p}
    place, year, off, relation = "", None, None, ""
    if places:
        before = _PLACE_BEFORE.search(text[:start])
        candidates = before["place"].split(" ") if before else []
        for i in range(len(candidates)):
            name = " ".join(candidates[i:])
            if name in places:
                place, start = name, start - len(name) - 1
                break
        place = place or next((p for p in places if f" {p} " in text[start:end]), "")
        if not place and (m := _PLACE_AFTER.match(text, end)):
            place = max((p for p in places if text.startswith(p, m.end())), key=len, default="")
            end = m.end() + len(place) if place else end
    if m := _YEAR_AFTER.match(text, end):
        year, off = int(m[1]) if m[1] else None, _off(m[2])
        end = m.end()
    if m := _YEAR_BEFORE.search(text[:start]):
        year, off, relation = int(m["y"]) if m["y"] else year, _off(m["oy"]) if m["oy"] else off, m["rel"] or ""
        start = m.start()
    start -= 4 if re.search(r"(?<!\w)the $", text[:start]) else 0
    return Named(start, end, occasion, relation, year, off, place)


def _off(word: str | None) -> int | None:
    return YEARS_OFF.get(word, 0) if word else None


def occasion(n: Named, s: Setting) -> Reading:
    """Return the days of an occasion; where no year is given, tense chooses among those that the files know."""
    if _NOT_AFTER.match(s.right):
        return None
    p = s.published
    if n.year is not None:
        return (found[0], False) if (found := n.occasion.of(n.year, n.place)) else None
    if p is None:
        known = n.occasion.around(0, n.place) if n.occasion.dates else []
        return (known[0] if len(known) == 1 else cal.OPEN), True
    if n.year_off is not None:
        return (found[0], False) if (found := n.occasion.of(p.year + n.year_off, n.place)) else None
    every = n.occasion.around(p.year, n.place)
    if n.occasion.unplanned:
        every = [d for d in every if d.start and d.start <= p]
        return (every[-1], False) if every else None
    return _chosen(every, n.relation, s, narrow=True)


def season(m: re.Match[str], s: Setting) -> Reading:
    """A season; with "to" or "the" before it, only where it is no verb and no fall of something else."""
    season, groups = s.words.seasons[m["season"]], m.groupdict()
    if groups.get("y"):
        return season.of(int(groups["y"])), False
    if groups.get("y1"):  # "the winter of 2015-16"
        return season.of(int(groups["y1"])), False
    rel, p = groups.get("rel") or "", s.published
    if not rel and not groups.get("oy") and not _TAKES_SEASON.search(s.left) and not m[0].startswith("the "):
        return None
    if s.verbal or re.match(r" (?:of(?! \d)|from|out|apart)\b", s.right):
        return None
    if p is None:
        return cal.OPEN, True
    if groups.get("oy"):
        return season.of(p.year + YEARS_OFF.get(groups["oy"], 0)), False
    every = [season.of(p.year + y) for y in (-2, -1, 0, 1)]
    if rel in THIS:
        own = next((d for d in every if d.start and d.end and d.start <= p <= d.end), None) or season.of(p.year)
        return cal.clip(own, s.tense, p), False
    return _chosen(every, rel, s)


def _chosen(every: list[Days], rel: str, s: Setting, *, narrow: bool = False) -> Reading:
    p = s.published
    assert p is not None
    if rel in LAST:
        every = [d for d in every if d.end and d.end < p]
        return (every[-1], False) if every else None
    if rel in NEXT:
        every = [d for d in every if d.start and d.start > p]
        return (every[0], False) if every else None
    if rel in THIS:
        every = [d for d in every if d.start and d.start.year == p.year]
        return (every[0], False) if every else None
    choice = cal.nearest(every, s.tense, p)
    if choice is None:
        return None
    clipped = cal.clip(choice, s.tense, p)
    if narrow and clipped.start and clipped.end and clipped.start == clipped.end:
        clipped = cal.day(clipped.start)
    return clipped, True
