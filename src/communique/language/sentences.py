"""Cutting a block of words into sentences, before the parse.

Each sentence is parsed by itself. So what a sentence gives depends on nothing that stands beside it, in the report or
in the batch (spaCy's own splitter needs the parse, and its statistical one looks across the border).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.knowledge.language import LanguageWords

_ENDS = frozenset({".", "!", "?", "…", "...", "?!", "!!", "..", "。", "！", "？"})
_CLOSERS = frozenset({")", "]", "}"})


def split(
    words: Sequence[str], spaced: Sequence[bool], language: LanguageWords, most: int
) -> Iterator[tuple[int, int]]:
    """Yield (first word, word after the last) of each sentence; none is longer than `most` words.

    `spaced[i]` tells whether white space follows word `i`.
    """
    start = 0
    i = 0
    while i < len(words):
        if _may_end(words, i, language):
            end = _with_closers(words, spaced, i + 1, language)
            if end >= len(words) or _may_start(words, spaced, i, end, language):
                yield from _cut(words, start, end, most)
                start = i = end
                continue
        i += 1
    if start < len(words):
        yield from _cut(words, start, len(words), most)


def _may_end(words: Sequence[str], i: int, language: LanguageWords) -> bool:
    word = words[i]
    if word in _ENDS:
        return True
    # "in the U.S. The president ...": the abbreviation's full stop also ends the sentence.
    return word.endswith(".") and len(word) > 2 and i + 1 < len(words) and words[i + 1] in language.sentence_starters


def _with_closers(words: Sequence[str], spaced: Sequence[bool], end: int, language: LanguageWords) -> int:
    """Move past further stops, closing quotation marks and brackets that belong to the sentence."""
    while end < len(words) and not spaced[end - 1]:
        word = words[end]
        if word in _ENDS or word in _CLOSERS or word in language.closing_quotes or word in language.straight_quotes:
            end += 1
        else:
            break
    return end


def _may_start(words: Sequence[str], spaced: Sequence[bool], stop: int, end: int, language: LanguageWords) -> bool:
    if not spaced[end - 1]:
        return words[end] in language.opening_quotes
    following = words[end]
    first = following[0]
    if words[stop] in {"...", "…", ".."} and first.islower():
        return False
    if first.islower():
        return False
    quoted = end > stop + 1
    if quoted and words[stop] != ".":
        # “Stop it!” Merkel said: the quotation is the object of what follows.
        ahead = words[end : end + 5]
        comma = next((k for k, w in enumerate(ahead) if w == ","), len(ahead))
        if any(w in language.after_quote for w in ahead[:comma]):
            return False
    return True


def _cut(words: Sequence[str], start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long at a semicolon, a comma or a conjunction, as late as possible."""
    while end - start > most:
        window = range(start + most - 1, start + most // 2, -1)
        at = next((i for marks in ({";", ":"}, {","}, {"and", "or", "but"}) for i in window if words[i] in marks), None)
        middle = start + most if at is None else at + 1
        yield start, middle
        start = middle
    if start < end:
        yield start, end
