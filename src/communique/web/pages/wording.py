"""Words that somebody marked or wrote, and where they stand in a report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from communique.errors import QueryError
from communique.records import Span, Spans
from communique.showing import text as say

GAP = "…"  # between words that do not touch, as `say.words` sets it
_MOST = 10_000  # places where the same words are looked for in a report
_END = re.compile(r"[.!?]['\"”’)]*\s+|\n")


def spans_of(text: str, words: str, *, which: int = 0, near: int | None = None) -> Spans:
    """Return where words stand in a text, however they are broken into lines.

    Parts set off by an ellipsis follow each other with something between. Of words that stand there more than once,
    `which` says which are meant (1: the first), or else those nearest to the offset `near`. Raises QueryError for words
    that do not stand there, and where it is open which are meant.
    """
    text = say.clean(text)
    parts = [words] if _places(text, words) else [part for part in words.split(GAP) if part.strip()]
    if not parts:
        raise QueryError("No words are marked. Mark words of the report, or write them as they stand there.")
    there = _places(text, parts[0])
    told = repr(" ".join(words.split())[:80])
    if not there:
        raise QueryError(f"{told} does not stand in the report. Mark words of it, or write them as they stand there.")
    if which > len(there):
        raise QueryError(f"{told} stands {len(there)} times in the report. Give a number up to that.")
    if which:
        found = [there[which - 1]]
    elif near is not None:
        found = [min(there, key=lambda span: abs(span[0] - near))]
    elif len(there) > 1:
        raise QueryError(f"{told} stands {len(there)} times in the report. Mark the words, or say by a number which.")
    else:
        found = [there[0]]
    for part in parts[1:]:
        after = next((span for span in _places(text, part) if span[0] >= found[-1][1]), None)
        if after is None:
            raise QueryError(f"{told} does not stand in the report in this order. Mark the words anew.")
        found.append(after)
    return tuple(found)


def sentences_of(text: str, spans: Spans, known: Iterable[Span] = ()) -> Spans:
    """Return the sentences around spans: those that are `known` to be one, else as full stops bound them."""
    known = list(known)
    found = []
    for span in spans:
        around = [one for one in known if one[0] <= span[0] and span[1] <= one[1]]
        found.append(min(around, key=lambda one: one[1] - one[0]) if around else sentence_of(text, span))
    return tuple(sorted(dict.fromkeys(found)))


def sentence_of(text: str, span: Span) -> Span:
    """Return the sentence around a span, as its full stops bound it."""
    ends = [match.end() for match in _END.finditer(text)]
    start = max((end for end in ends if end <= span[0]), default=0)
    stop = min((end for end in ends if end >= span[1]), default=len(text))
    while stop > span[1] and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def within(text: str, spans: Spans, name: str) -> Span:
    """Return where a name stands first within spans of a text, (0, 0) where it does not."""
    for start, end in spans:
        for place in _places(say.clean(text[start:end]), name):
            return start + place[0], start + place[1]
    return 0, 0


def _places(text: str, words: str) -> list[Span]:
    """Return where words stand as whole words, or else as parts of words; places may overlap (page.js counts so)."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    pattern = r"\s+".join(parts)
    for each in (rf"(?<!\w)(?=({pattern})(?!\w))", rf"(?=({pattern}))"):
        if found := [match.span(1) for match in islice(re.finditer(each, text), _MOST)]:
            return found
    return []
