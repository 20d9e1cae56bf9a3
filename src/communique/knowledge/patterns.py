"""The patterns of the lexicon: what codes what, and how they are found by the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Literal

Kind = Literal["verb", "noun", "adjective"]


@dataclass(frozen=True, slots=True)
class VerbClass:
    """A validated `[[class]]`: slots filled with their defaults, word sets opened into lemmas."""

    id: str
    type: str
    mode: str
    cameo: str
    contexts: tuple[str, ...]
    stance: str
    speech: str
    form: str
    operator: str
    reciprocal: bool
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    noun_actor: tuple[str, ...]
    noun_recipient: tuple[str, ...]
    content: tuple[str, ...]
    needs: tuple[str, ...]
    only_with: frozenset[str]
    not_with: frozenset[str]
    intransitive: bool
    to_person: bool
    subjunctive: bool
    doers: frozenset[str]
    not_near: frozenset[str]
    also: tuple[tuple[str, str], ...]
    where: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: `chain` holds the accepted lemmas of the head and then of its dependents, head first."""

    cls: VerbClass
    chain: tuple[frozenset[str], ...]
    kind: Kind
    text: str
    where: str


class HeadPatterns:
    """The patterns that one lemma heads, in the order in which they are to be tried, found by their second word.

    Most patterns of a head ask for a word that does not stand below it, so that few of them need be tried.
    """

    __slots__ = ("_bare", "_bare_places", "_by_second", "all", "speech")

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.all = tuple(patterns)
        self.speech = tuple(p for p in patterns if p.cls.speech and len(p.chain) < 3)
        """Those of speech that ask for no more than one word beside the head."""
        self._bare = tuple(p for p in patterns if len(p.chain) == 1)
        self._bare_places = tuple(n for n, p in enumerate(patterns) if len(p.chain) == 1)
        self._by_second: dict[str, list[int]] = {}
        for n, p in enumerate(patterns):
            for lemma in p.chain[1] if len(p.chain) > 1 else ():
                self._by_second.setdefault(lemma, []).append(n)

    def may_match(self, words: Set[str]) -> bool:
        """Tell whether any pattern may be found in a sentence of these words."""
        return bool(self._bare) or not self._by_second.keys().isdisjoint(words)

    def beside(self, words: Iterable[str]) -> Sequence[Pattern]:
        """Return the patterns that ask for no second word, or for one of `words`."""
        places = [n for word in words for n in self._by_second.get(word, ())]
        return [self.all[n] for n in sorted({*places, *self._bare_places})] if places else self._bare


NO_PATTERNS = HeadPatterns(())
