"""A question (a text and its two parties) -> the token numbers that the model reads.

Each span of a party is put between two marks of its own kind: `[source> words <source]`, `[target> words <target]`.
The marks are tokens that the vocabulary holds but no text contains. Training and answering both come through here, so
that the model is asked in the form in which it was taught.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from communique.errors import JudgeError
from communique.records import Span

MOST_TOKENS = 128


class Encoded(Protocol):
    """What a tokenizer returns: numbers of the tokens and their `[start, end)` code-point offsets."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def offsets(self) -> list[tuple[int, int]]: ...


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers of the tokens that frame a question and its parties."""

    begin: int
    end: int
    source_open: int
    source_close: int
    target_open: int
    target_close: int


@dataclass(frozen=True, slots=True)
class Question:
    """Two parties in a text: `[start, end)` code-point spans, one or more a party."""

    text: str
    source: tuple[Span, ...]
    target: tuple[Span, ...]


def question(text: str, source: Sequence[Span], target: Sequence[Span]) -> Question:
    """Return the question, its spans in text order.

    Raises JudgeError for a party without a span, and for a span that is empty or lies outside the text.
    """
    for name, spans in (("source", source), ("target", target)):
        if not spans:
            raise JudgeError(f"The {name} has no span. Give one [start, end) at least.")
        for start, end in spans:
            if not 0 <= start < end <= len(text):
                raise JudgeError(
                    f"The {name}'s span [{start}, {end}) does not lie in the text of {len(text)} characters. "
                    "Give code-point offsets into the text itself."
                )
    return Question(text, tuple(sorted((a, b) for a, b in source)), tuple(sorted((a, b) for a, b in target)))


def encode(asked: Question, tokens: Encoded, marks: Marks, most: int = MOST_TOKENS) -> list[int]:
    """Return the token numbers of a question, at most `most` of them, marks included.

    `tokens` are those of the whole text, without marks. Of a text that is too long the tokens nearest to the starts
    of the parties stay, in their order; of equally near ones the earlier.
    """
    offsets = tokens.offsets
    spans = [(_covered(offsets, span), marks.source_open, marks.source_close) for span in asked.source]
    spans += [(_covered(offsets, span), marks.target_open, marks.target_close) for span in asked.target]
    room = max(most - 2 - 2 * len(spans), 0)
    kept = range(len(offsets))
    if len(kept) > room:
        starts = [first for (first, _), _, _ in spans]
        nearest = sorted(kept, key=lambda i: (min(abs(i - start) for start in starts), i))
        kept = sorted(nearest[:room])  # type: ignore[assignment]
    # At one place a party that ends is closed before another opens; of two that open, the longer opens first.
    events: dict[int, list[tuple[int, int, int]]] = {}
    for (first, last), opening, closing in spans:
        events.setdefault(first, []).append((1, -last, opening))
        events.setdefault(last, []).append((0 if last > first else 2, -first, closing))
    places = sorted(events)
    numbers = [marks.begin]
    at = 0
    for i in (*kept, len(offsets)):
        while at < len(places) and places[at] <= i:
            numbers += [mark for _, _, mark in sorted(events[places[at]])]
            at += 1
        if i < len(offsets):
            numbers.append(tokens.ids[i])
    numbers.append(marks.end)
    return numbers[:most]


def _covered(offsets: Sequence[tuple[int, int]], span: Span) -> tuple[int, int]:
    """Return `[first, last)` of the tokens that share a character with the span; an empty range where none does."""
    first = next((i for i, (_, end) in enumerate(offsets) if end > span[0]), len(offsets))
    last = next((i for i in range(first, len(offsets)) if offsets[i][0] >= span[1]), len(offsets))
    return first, last
