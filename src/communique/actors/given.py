"""Actors of a sentence two of whose parties are given by their spans, whoever they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from communique.actors.base import NOBODY, Resolved
from communique.actors.discourse import Discourse
from communique.actors.mentions import Mention, coordinated
from communique.actors.resolve import SentenceActors
from communique.knowledge.actors import ActorBook
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence
from communique.records import Actor, Span


class GivenActors(SentenceActors):
    """The actors of a sentence, with those of some spans given: a clan, a court or a firm that no list has.

    Words of a given span stand for the given actor. It keeps what the lists know of those words (kind, sector, person),
    since some deeds are others by who does them.
    """

    def __init__(
        self, s: Sentence, text: str, book: ActorBook, words: LanguageWords, discourse: Discourse, day: str,
        gazetteer: Gazetteer | None = None, *, given: Mapping[Span, Actor],
    ) -> None:  # fmt: skip
        """Read sentence `s`; `given` are actors by their span in the report's text."""
        self._given = {
            i: actor
            for i in range(len(s))
            for (start, end), actor in given.items()
            if start < s.ends[i] and s.starts[i] < end
        }
        super().__init__(s, text, book, words, discourse, day, gazetteer)

    def _read(self, i: int) -> None:
        actor = self._given.get(i)
        if actor is None:
            super()._read(i)
            if (found := self._found.get(i)) is not None and (whose := self._owner_given(i)) is not None:
                self._found[i] = replace(found, actors=(self._as(whose, found),))
            return
        super()._read(i)
        known = self._found.get(i, NOBODY)
        self._found[i] = Resolved((self._as(actor, known),), f"{actor.text!r}: given", known.many)
        if not known.actors and self.sentence.deps[i] in ("nsubj", "nsubjpass"):
            self._hear(i, self._found[i])

    def _as(self, actor: Actor, known: Resolved) -> Actor:
        first = known.actors[0] if known.actors else Actor("", "")
        return replace(actor, kind=first.kind, sector=first.sector, person=first.person, office=first.office)

    def _owner_given(self, i: int) -> Actor | None:
        """Return the given party whose somebody is: "the foreign minister of Iran" where "Iran" is given."""
        s = self.sentence
        for c in s.children[i]:
            if s.deps[c] in ("poss", "amod", "compound", "nmod") and c in self._given:
                return self._given[c]
            if s.deps[c] == "prep" and s.lemmas[c] == "of":
                for p in s.kids(c, "pobj"):
                    if p in self._given:
                        return self._given[p]
        return None

    def at(self, head: int) -> Resolved:
        if head in self._given and head not in self._found:
            actor = self._given[head]
            return Resolved((actor,), f"{actor.text!r}: given")
        return super().at(head)

    def is_place_modifier(self, word: int) -> bool:
        return word not in self._given and super().is_place_modifier(word)

    def _modifier_actors(self, c: int) -> tuple[Actor, ...]:
        given = tuple(dict.fromkeys(self._given[k] for k in coordinated(self.sentence, c) if k in self._given))
        return given or super()._modifier_actors(c)

    def _mention_bodies(self, mention: Mention) -> list[Actor]:
        given = next((self._given[i] for i in range(mention.first, mention.last + 1) if i in self._given), None)
        return [given] if given is not None else super()._mention_bodies(mention)
