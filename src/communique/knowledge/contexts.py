"""What shows the context of an event: phrases in its clause, the kind of deed, who takes part.

Ours stand in `data/contexts`, after the definitions of the PLOVER codebook; a user's `[[cues]]` add to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from communique.knowledge.phrases import PhraseTable
from communique.knowledge.tables import Entry

_UNTELLING = ""


class CuesEntry(Entry):
    """`[[cues]]`: what shows `context`. An entry without a context holds phrases that show none ("according to").

    The context holds where one of `words` (lemma phrases, in any inflection) stands in the event's
    clause, or where all the conditions hold that the entry makes: `events` (`COERCE/cyber`, or a type with any mode),
    `actors` and `recipients` (one of them has such a sector; "" is a state as such), `between` states (two of them, or
    their governments or organisations, take part). Where a context of `unless` is shown too, it does not hold.
    """

    id: str
    context: str = _UNTELLING
    words: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    between: Literal["", "states"] = ""
    unless: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContextRule:
    """A condition under which an event has a context, whatever the words."""

    context: str
    events: frozenset[str]
    actors: frozenset[str]
    recipients: frozenset[str]
    between: str


Shown = tuple[int, int, tuple[str, ...]]
"""First word, word after the last, and the contexts that a phrase shows."""


@dataclass(frozen=True, slots=True)
class ContextBook:
    """The phrases that show contexts, the rules, and the order in which contexts are named."""

    order: tuple[str, ...]
    rules: tuple[ContextRule, ...]
    unless: Mapping[str, frozenset[str]]
    _phrases: PhraseTable[str]
    _words: Mapping[str, tuple[str, ...]]

    def shown(self, words: Sequence[str], lemmas: Sequence[str]) -> list[Shown]:
        """Return the longest phrases among `words` that show contexts, in the words as written or in their lemmas."""
        found = self._phrases.find_all(words, lemmas)
        inflected = self._phrases.find_all(lemmas, ())
        taken: list[Shown] = []
        for first, end, contexts in sorted([*found, *inflected], key=lambda m: m[0] - m[1]):
            if all(end <= start or stop <= first for start, stop, _ in taken):
                taken.append((first, end, contexts))
        return [(first, end, contexts) for first, end, contexts in taken if _UNTELLING not in contexts]

    def ordered(self, contexts: Iterable[str]) -> tuple[str, ...]:
        """Return contexts in the codebook's order, without those that others make needless."""
        found = set(contexts)
        return tuple(c for c in self.order if c in found and found.isdisjoint(self.unless.get(c, ())))

    def words(self, context: str) -> tuple[str, ...]:
        """Return the phrases that show a context."""
        return self._words.get(context, ())


def load_contexts(entries: Iterable[CuesEntry], order: Sequence[str]) -> ContextBook:
    """Return the contexts book of checked entries; `order` is that of the codebook."""
    phrases: list[tuple[str, str]] = []
    rules: list[ContextRule] = []
    unless: dict[str, frozenset[str]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for e in entries:
        phrases += [(phrase, e.context) for phrase in e.words]
        words[e.context] = tuple(dict.fromkeys((*words.get(e.context, ()), *e.words)))
        if e.unless:
            unless[e.context] = unless.get(e.context, frozenset()) | frozenset(e.unless)
        if e.events or e.actors or e.recipients or e.between:
            rules.append(
                ContextRule(e.context, frozenset(e.events), frozenset(e.actors), frozenset(e.recipients), e.between)
            )
    return ContextBook(tuple(order), tuple(rules), MappingProxyType(unless), PhraseTable(phrases),
                       MappingProxyType(words))  # fmt: skip
