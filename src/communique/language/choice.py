"""What is parsed of a report and what is not: the shapes in which the parser asks and is told.

Who decides knows actors and cues (`communique.coding.gate`); the parser knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from communique.records import Span


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence before it is parsed: its words, and where they begin in the report."""

    paragraph: int
    words: tuple[str, ...]
    starts: tuple[int, ...]
    spaced: tuple[bool, ...]
    keys: tuple[int, ...]
    """The numbers of the words in the vocabulary of the pipeline."""

    @property
    def span(self) -> Span:
        """Where it stands in the report."""
        return self.starts[0], self.starts[-1] + len(self.words[-1])


Forms = Callable[[str], frozenset[str]]
"""A word -> itself in small letters, and every lemma that the pipeline may give it."""


class Choice(Protocol):
    """What is to be parsed of one report, told in two steps."""

    @property
    def tagged(self) -> Collection[int]:
        """The places of the sentences whose tags are needed to decide; they are tagged first."""
        ...

    def parsed(self, tags: Mapping[int, Sequence[str]]) -> Collection[int]:
        """Return the places of the sentences to parse; `tags` are those of the words of each sentence of `tagged`."""
        ...


Gate = Callable[[Sequence[Cut], Forms], Choice | None]
"""The sentences of one report -> what to parse of it; None: all."""
