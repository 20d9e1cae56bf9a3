"""Quotations: the stretches of a report that stand between quotation marks, across sentences and paragraphs.

Marks are read character by character within each paragraph. A quotation that is still open where its paragraph ends
goes on if the next paragraph begins with an opening mark (the printers' convention); else it ends with its paragraph.
An apostrophe opens and closes nothing, and marks within a quotation belong to it: only the outermost one is returned.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from communique.language.tree import Sentence
from communique.records import Span, Spans

# Opening mark -> the marks that may close it. A straight double mark closes a curly one: files mix them.
_CLOSERS = {
    "“": ("”", '"', "“"), "„": ("“", "”", '"'), "«": ("»",), '"': ('"', "”"),
    "''": ("''", '"'), "``": ("''", '"', "``"), "‘": ("’", "'"), "'": ("'", "’"),
}  # fmt: skip
_MARK = re.compile(f"[”{''.join(mark[0] for mark in _CLOSERS)}]")
_RUN_TOGETHER = 600  # characters; a paragraph of a spoken quotation is rarely longer
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")
_CURLY_OPENERS = frozenset("“„«")
_SINGLES = frozenset("'’‘")
_BEFORE = frozenset("([{—–―-/“‘\"'«:…")
_SCARE_WORDS = 5  # a quotation with fewer words and no verb is one of words, not of speech
_MODIFIERS = frozenset({"amod", "compound", "nmod", "npadvmod"})  # "wake-up call"
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD", "VB"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation: `span` with its marks, `contents` the words between them, one span a paragraph.

    `first` and `last` count the sentences (places in the sequence given) that it touches.
    `scare` tells that only a word or two are quoted, without a verb: a term, a title, irony.
    `spoken` tells that it can stand for itself as what someone said: it holds a finite verb or is a whole utterance.
    """

    span: Span
    contents: Spans
    first: int
    last: int
    scare: bool
    spoken: bool


def find_quotations(text: str, sentences: Sequence[Sentence]) -> tuple[Quotation, ...]:
    """Return the outermost quotations of the report `text` in text order; `sentences` say where its paragraphs are."""
    paragraphs = list(_paragraphs(sentences))
    found: list[Quotation] = []
    waiting: list[Span] = []  # the parts of a quotation that goes on into the paragraph at hand
    start = 0
    starts, ends = [s.start for s in sentences], [s.end for s in sentences]
    for n, paragraph in enumerate(paragraphs):
        following = paragraphs[n + 1] if n + 1 < len(paragraphs) else None
        for opened, content, end, closed in _scan(text, paragraph):
            if not waiting:
                start = opened
            waiting.append(content)
            if not closed and following is not None and _reopens(text, opened, following[0]):
                continue
            first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
            scare, spoken = _kind(sentences[first : last + 1], content) if len(waiting) == 1 else (False, True)
            found.append(Quotation((start, end), tuple(waiting), first, max(first, last), scare, spoken))
            waiting = []
    return tuple(found)


def touching(quotations: Sequence[Quotation], span: Span) -> range:
    """Return the places in `quotations`, which stand in text order, of those that share a character with `span`."""
    first = bisect_right(quotations, span[0], key=lambda q: q.span[1])
    return range(first, max(first, bisect_left(quotations, span[1], key=lambda q: q.span[0])))


def _paragraphs(sentences: Sequence[Sentence]) -> Iterator[Span]:
    at = 0
    while at < len(sentences):
        end = at
        while end + 1 < len(sentences) and sentences[end + 1].paragraph == sentences[at].paragraph:
            end += 1
        yield sentences[at].start, sentences[end].end
        at = end + 1


def _scan(text: str, paragraph: Span) -> Iterator[tuple[int, Span, int, bool]]:
    """Yield (place of the opening mark, span of the content, end with marks, whether closed) in a paragraph."""
    at, end = paragraph
    marks = _Marks(text, paragraph)
    while (found := _MARK.search(text, at, end)) is not None:
        at = found.start()
        mark = _opening(text, at, paragraph)
        if not mark:
            at += 1
            continue
        inside = at + len(mark)
        close = marks.closing(mark, inside)
        letter = close - inside == 1 and mark in ("'", "‘")  # "rock 'n' roll"
        if letter or (close < 0 and (mark in ("'", "‘") or inside >= marks.last)):
            at = inside
            continue
        stop, after = (end, end) if close < 0 else (close, close + _width(text, close))
        again = marks.next(mark, inside) if close < 0 and mark in _CURLY_OPENERS else -1
        if again >= 0:
            stop = after = _before_next(text, inside, again)
        if text[inside:stop].strip():
            yield at, _trimmed(text, inside, stop), after, close >= 0 or again >= 0
        at = after


def _before_next(text: str, inside: int, again: int) -> int:
    """Return where a quotation ends that is opened again before it is closed.

    A text whose paragraphs were run together opens a long quotation anew at each of them; over a longer stretch a
    closing mark was lost, and only the first sentence is sure to be quoted.
    """
    if again - inside <= _RUN_TOGETHER:
        return again
    end = _SENTENCE_END.search(text, inside, again)
    return end.end() if end else again


def _trimmed(text: str, start: int, stop: int) -> Span:
    while start < stop and text[start].isspace():
        start += 1
    while start < stop and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _width(text: str, at: int) -> int:
    return 2 if text[at : at + 2] in ("''", "``") else 1


def _opening(text: str, at: int, paragraph: Span) -> str:
    """Return the opening mark at this place, or nothing."""
    char = text[at]
    if char in _CURLY_OPENERS:
        return char
    mark = text[at : at + 2] if text[at : at + 2] in ("''", "``") else char
    if mark not in _CLOSERS:
        # “wrong way round”: a closing mark at the head of a paragraph opens.
        return "“" if char == "”" and at == paragraph[0] else ""
    before = text[at - 1] if at > paragraph[0] else " "
    after = text[at + len(mark)] if at + len(mark) < paragraph[1] else " "
    if after.isspace() or not (before.isspace() or before in _BEFORE):
        return ""
    if mark in ("'", "‘") and (not (after.isalnum() or after in '"“[($…') or after.isdigit()):
        return ""  # "the '90s"
    return mark


class _Marks:
    """Where marks stand in a paragraph. Each is looked for once: were it for each opening mark, a megabyte of marks
    that nothing closes would take hours. `last` is where the last word of the paragraph ends."""

    def __init__(self, text: str, paragraph: Span) -> None:
        self._text = text
        self._paragraph = paragraph
        self._all: dict[str, list[int]] = {}
        self._closing: dict[str, list[int]] = {}
        self._singles: tuple[list[int], list[int]] | None = None
        start, end = paragraph
        self.last = start + len(text[start:end].rstrip())

    def next(self, mark: str, at: int) -> int:
        """Return the first place of `mark` from `at` on, or -1."""
        return _first(self._places(mark), at)

    def closing(self, mark: str, at: int) -> int:
        """Return the place of what closes a quotation that `mark` opens before `at`, or -1; the proper one first."""
        if mark in ("'", "‘"):
            surely, perhaps = self._single_closers()
            here = _first(surely, at)
            return here if here >= 0 else _first(perhaps, at)
        for closer in _CLOSERS[mark]:
            here = _first(self._closers(closer), at)
            again = self.next(mark, at) if mark in _CURLY_OPENERS and closer != mark else -1
            if here >= 0 and not 0 <= again < here:
                return here
        return -1

    def _places(self, mark: str) -> list[int]:
        if mark not in self._all:
            found = re.compile(f"(?={re.escape(mark)})").finditer(self._text, *self._paragraph)
            self._all[mark] = [match.start() for match in found]
        return self._all[mark]

    def _closers(self, mark: str) -> list[int]:
        if mark not in self._closing:
            text, end = self._text, self._paragraph[1]
            self._closing[mark] = [at for at in self._places(mark) if _closes(text, mark, at, end)]
        return self._closing[mark]

    def _single_closers(self) -> tuple[list[int], list[int]]:
        if self._singles is None:
            kinds = [(at, _single_close(self._text, at, self._paragraph[1]))
                     for at in sorted(at for mark in _SINGLES for at in self._places(mark))]  # fmt: skip
            self._singles = [at for at, kind in kinds if kind == 2], [at for at, kind in kinds if kind == 1]
        return self._singles


def _first(places: list[int], at: int) -> int:
    """Return the first of `places`, which are in order, that is `at` or later, or -1."""
    found = bisect_left(places, at)
    return places[found] if found < len(places) else -1


def _single_close(text: str, at: int, end: int) -> int:
    """Return 2 for a single mark that closes, 1 for one that may (as in "states' rights"), 0 for an apostrophe."""
    before = text[at - 1]
    after = text[at + 1] if at + 1 < end else " "
    if before.isspace() or after.isalnum() or text[at] == "‘":
        return 0
    return 1 if before in "sS" and after == " " and at + 2 < end and text[at + 2].islower() else 2


def _closes(text: str, mark: str, at: int, end: int) -> bool:
    """Tell whether a mark that could open as well closes here."""
    if mark in ("”", "»", "’"):
        return True
    before = text[at - 1]
    after = text[at + len(mark)] if at + len(mark) < end else " "
    if mark == "“":
        return not before.isspace() and not after.isalnum()  # „German“, or a file that knows but one mark
    return not (before.isspace() and after.isalnum())


def _reopens(text: str, opened: int, start: int) -> bool:
    """Tell whether the paragraph at `start` begins with an opening mark of the kind that stands at `opened`."""
    return text[start] == text[opened] or (text[start] in '“"' and text[opened] in '“"”')


def _kind(sentences: Sequence[Sentence], content: Span) -> tuple[bool, bool]:
    """Return (scare, spoken) for a quotation of one piece."""
    inside = [
        (s, i) for s in sentences for i in range(bisect_left(s.starts, content[0]), bisect_right(s.ends, content[1]))
        if s.words[i][0].isalnum()
    ]  # fmt: skip
    if not inside:
        return True, False
    if any(not s.parsed for s, _ in inside):
        return False, True  # left unparsed only where the whole sentence is quoted
    if any(s.tags[i] in _FINITE and s.pos[i] in ("VERB", "AUX") and s.deps[i] not in _MODIFIERS for s, i in inside):
        return False, True
    # “No comment,” the minister said: a whole utterance, which the comma or stop before the mark shows.
    s, first = inside[0]
    whole = all(not word[0].isalnum() for word in s.words[:first]) and _ends_utterance(sentences, content)
    return len(inside) < _SCARE_WORDS and not whole, whole


def _ends_utterance(sentences: Sequence[Sentence], content: Span) -> bool:
    stops = (",", ".", "!", "?", "…", "...", "?!")
    return any(s.ends[i] == content[1] and s.words[i] in stops for s in sentences for i in range(len(s)))
