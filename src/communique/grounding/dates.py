"""The expressions of time in a sentence, each with its words and the interval that it means.

Where the day of publication is unknown, an expression that counts from it gives an open interval with its text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from communique.grounding.calendar import Days, Tense, parse_day
from communique.grounding.expressions import Candidate, find_candidates, may_have_date
from communique.grounding.phrases import Before, Phrase, read_phrases
from communique.grounding.setting import Setting
from communique.grounding.tense import tense_of
from communique.grounding.words import MONTHS, TimeWords, builtin_time_words
from communique.language.tree import Sentence
from communique.records import DateInterval, Span

Found = tuple[Span, int, int, DateInterval]
_AHEAD = re.compile(
    r"\b(?:scheduled|planned|slated|set|due|expected|upcoming|forthcoming|postponed|rescheduled|booked|tabled)"
    r"(?: \w+){0,2} (?:for|on|in|to|at|until|by|from)(?: the)? $"
    r"|\b(?:postponed|delayed|deferred|adjourned|suspended|put off|put back|put on hold|pushed back)(?: \w+){0,3} "
    r"(?:until|till|to|for)(?: the| at least)? $"
    r"|\bahead of (?:(?:the|a|its|their) |(?:\w+ ){0,5}(?:on|in|for) )?$|\b(?:upcoming|forthcoming) $"
)


MODIFIER = ("compound", "nummod", "poss", "amod", "nmod", "quantmod", "det", "appos")


@dataclass(frozen=True, slots=True)
class Dated:
    """An expression with its words: `first` to `last`, the topmost of them, and the days it means.

    `reference` is "since", "before" or the like where one of these belongs to it, `kind` the rule that found it.
    """

    first: int
    last: int
    top: int
    interval: DateInterval
    reference: str
    kind: str


def find_dates(sentence: Sentence, published: str, words: TimeWords | None = None) -> tuple[Found, ...]:
    """Return the expressions of time with span, first and last word and interval, in text order.

    `published` is an ISO date or time stamp, or "" if unknown. The tense of the governing verb tells past from future.
    """
    return next(report_dates((sentence,), published, words))


def report_dates(
    sentences: Sequence[Sentence], published: str, words: TimeWords | None = None
) -> Iterator[tuple[Found, ...]]:
    """Yield what `find_dates` finds in each sentence of a report; "two days later" counts from the date before."""
    last: Days | None = None
    for s in sentences:
        found = read_sentence(s, published, words, None, lambda last=last: last)  # type: ignore[misc]
        last = anchor_of(found) or last
        yield tuple((s.cut(d.first, d.last), d.first, d.last, d.interval) for d in found)


def anchor_of(found: Sequence[Dated]) -> Days | None:
    """Return the last of the expressions that another sentence can count from."""
    for d in reversed(found):
        start, end = parse_day(d.interval.start), parse_day(d.interval.end)
        if start and end and not d.reference and d.kind in _ANCHORS:
            return Days(start, end, d.interval.precision)
    return None


_ANCHORS = frozenset(
    """iso date dates dayalone numeric foreign month months year weekday weekdaysago deictic occasion ago nextday
    sameunit range""".split()
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A sentence that may say when, as far as it does not matter in which tense it is read."""

    sentence: Sentence
    words: TimeWords
    original: str
    text: str
    candidates: tuple[Candidate, ...]


def read_sentence(
    s: Sentence, published: str, words: TimeWords | None, given: str | None, before: Before = lambda: None
) -> list[Dated]:
    """Return the expressions of a sentence; `given` is the tense where its words show none, `before` gives the days
    that "the next day" counts from."""
    timed = find_times(s, words or builtin_time_words())
    return read_times(timed, published, given, before) if timed is not None else []


def find_times(s: Sentence, words: TimeWords) -> Timed | None:
    """Return what may be expressions of time in a sentence, None if nothing may."""
    original = _spaced(s)
    text = original.lower()
    if len(text) != len(original):  # a capital whose small letter is two characters
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in original)
    text = text.replace("’", "'")
    candidates = find_candidates(text, original, words) if may_have_date(text, words) else ()
    return Timed(s, words, original, text, candidates) if candidates else None


def read_times(timed: Timed, published: str, given: str | None, before: Before) -> list[Dated]:
    """Return the expressions of a sentence, as `read_sentence` does."""
    s, text, words = timed.sentence, timed.text, timed.words
    offset, day = s.starts[0], parse_day(published)

    def words_of(start: int, end: int) -> tuple[int, int]:
        """The words that the characters from one offset to another lie in."""
        first, last = bisect_right(s.starts, offset + start) - 1, bisect_left(s.ends, offset + end)
        return max(first, 0), min(last, len(s) - 1)

    def setting_at(start: int, end: int) -> Setting:
        first, last = words_of(start, end)
        tense, perfect = _time_at(s, _top(s, first, last), text[:start], given)
        verbal = any(s.pos[i] == "VERB" for i in range(first, last + 1))
        return Setting(day, tense, perfect, text[:start], text[end:], words, verbal)

    def free(start: int, end: int) -> bool:
        return s.deps[_top(s, *words_of(start, end))] not in MODIFIER or s.words[-1] == s.words[words_of(start, end)[1]]

    phrases = read_phrases(text, timed.candidates, setting_at, free, before)
    found = [_dated(s, p, words_of(p.start, p.end), timed.original) for p in phrases]
    return [
        d
        for d in found
        if not (d.last - d.first < 2 and d.kind not in ("occasion", "deed") and _no_date(s, d.last, words))
    ]


def _no_date(s: Sentence, i: int, words: TimeWords) -> bool:
    """Tell whether what looks like a month, season or year is a name ("Theresa May", "the Winter Games") or a count."""
    word, head = s.words[i], s.heads[i]
    if word.isdigit():
        counted = s.deps[i] == "nummod" and s.tags[head] == "NNS" and head > i
        return counted and not any(s.deps[c] in ("det", "poss") and c < i for c in s.children[head])
    if word.lower() not in MONTHS and (word.lower() not in words.seasons or not word[0].isupper()):
        return False
    named = [
        c for c in s.children[i] if s.deps[c] == "compound" and s.tags[c] == "NNP" and s.starts[i] == s.ends[c] + 1
    ]
    if not named and i and s.words[i - 1].lower() in ("in", "since", "until", "by", "during", "last", "next", "of"):
        return False  # "In September Turkey agreed", whatever the parser joins
    return bool(named) or (
        s.deps[i] == "compound" and s.tags[head] in ("NNP", "NNPS") and s.tags[i + 1] in ("NNP", "NNPS")
    )


def _spaced(s: Sentence) -> str:
    """Return the words with single blanks where the text has any white space, so that offsets stay right."""
    reached = s.starts[0] if len(s) else 0
    parts = []
    for word, start, end in zip(s.words, s.starts, s.ends, strict=True):
        if start > reached:
            parts.append(" " * (start - reached))
        parts.append(word)
        reached = end
    return "".join(parts)


def _dated(s: Sentence, p: Phrase, at: tuple[int, int], original: str) -> Dated:
    first, last = at
    text = re.sub(r"\s+", " ", original[p.start : p.end]).strip()
    return Dated(first, last, _top(s, first, last), p.days.record(text), p.reference, p.kind)


def _top(s: Sentence, first: int, last: int) -> int:
    """Return the word of the expression whose head is outside it, a noun or number rather than a word before it."""
    tops = [i for i in range(first, last + 1) if not first <= s.heads[i] <= last or s.heads[i] == i]
    return tops[-1] if tops else first


def _time_at(s: Sentence, top: int, left: str, given: str | None) -> tuple[Tense, bool]:
    """The tense that an expression is read in; one that modifies a noun is past unless its verb is future."""
    if _AHEAD.search(left):
        return "future", False
    tense, perfect = tense_of(s, top)
    if s.deps[top] in ("poss", "compound", "nmod", "amod", "nummod"):
        return ("future" if tense == "future" else "past"), perfect
    if tense == "none" and given in ("past", "present", "future"):
        return _AS_TENSE[given], perfect
    if tense == "present" and not _adverbial(s, top):
        return "none", perfect  # "the attack in March is the worst so far"
    return tense if tense != "none" else "past", perfect


def _adverbial(s: Sentence, top: int) -> bool:
    """Tell whether what the expression hangs on is a verb and no noun."""
    above = next((j for j in s.ancestors(top) if s.pos[j] not in ("ADP", "SCONJ")), top)
    return s.pos[above] in ("VERB", "AUX") and s.deps[top] != "appos"


_AS_TENSE: dict[str, Tense] = {"past": "past", "present": "present", "future": "future"}
