"""A parsed sentence as plain data: what the rest of the program sees of the parser.

No spaCy object passes this module, so that coding is testable and a parse can come from elsewhere.
Words are numbered within their sentence from 0. `starts` and `ends` are offsets into the report's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add

from communique.records import Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its dependency tree (ClearNLP labels, Penn tags, as spaCy's English gives them)."""

    index: int
    paragraph: int
    start: int
    end: int
    words: tuple[str, ...]
    lemmas: tuple[str, ...]
    tags: tuple[str, ...]
    pos: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    lefts: tuple[int, ...]
    rights: tuple[int, ...]
    parsed: bool = True
    """False where nothing was asked of the parser: the words stand alone, without tags and relations."""

    def __len__(self) -> int:
        return len(self.words)

    @property
    def span(self) -> Span:
        return (self.start, self.end)

    def subtree(self, i: int) -> range:
        """Return the words from the leftmost to the rightmost below `i`, itself included."""
        return range(self.lefts[i], self.rights[i] + 1)

    def cut(self, first: int, last: int) -> Span:
        """Return the span of text from word `first` to word `last`, both included."""
        return (self.starts[first], self.ends[last])

    def ancestors(self, i: int) -> Iterator[int]:
        """Yield the heads above word `i`, nearest first."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i

    def kids(self, i: int, *deps: str) -> list[int]:
        """Return the dependents of `i` whose relation is one of `deps` (all of them if none is named)."""
        children = self.children[i]
        if not children:  # most words have none, and this is asked of every word
            return []
        relations = self.deps
        return [c for c in children if relations[c] in deps] if deps else list(children)

    def kid(self, i: int, *deps: str) -> int | None:
        """Return the first dependent of `i` with one of the relations, or None."""
        relations = self.deps
        for c in self.children[i]:
            if relations[c] in deps:
                return c
        return None


def unparsed(index: int, paragraph: int, words: tuple[str, ...], starts: tuple[int, ...]) -> Sentence:
    """Return a sentence that was not parsed: it keeps its place in the report, and says nothing else."""
    none, alone, childless = _nothing(len(words))
    ends = ends_of(words, starts)
    return Sentence(
        index, paragraph, starts[0], ends[-1], words, words, none, none, none, alone, starts, ends, childless, alone,
        alone, False,
    )  # fmt: skip


def ends_of(words: Sequence[str], starts: Sequence[int]) -> tuple[int, ...]:
    """Return where words end that begin at `starts`."""
    return tuple(map(add, starts, map(len, words)))


@cache
def _nothing(n: int) -> tuple[tuple[str, ...], tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Return what is said of `n` words that were not parsed: no labels, each its own head, no word below another."""
    return ("",) * n, tuple(range(n)), ((),) * n
