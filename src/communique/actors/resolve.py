"""Noun phrases -> actors, by the day of the report, the words around them and what the report has said so far.

`SentenceActors` resolves every nominal word of one sentence, from left to right, when it is made; `resolve` then
answers for the head of an argument, coordination included. Each answer carries the reason for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.actors.base import MODIFIERS, NAMES, NOBODY, Resolved
from communique.actors.choose import best_entity
from communique.actors.discourse import Discourse, Heard
from communique.actors.mentions import NOMINAL, Mention
from communique.actors.titles import Titles
from communique.knowledge.actors import ActorBook, Form
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence

__all__ = ["Resolved", "SentenceActors"]
_SILENT = frozenset({"PUNCT", "SPACE", "ADP", "AUX", "PART", "CCONJ", "SCONJ", "VERB", "SYM"})
"""Parts of speech that name nobody, unless a list has the word; most words of a sentence are of these."""
_OPENING = 2.0  # the weight of a body at the head of a sentence, as of a subject
_NAMESAKES = frozenset({"body", "party", "media", "armed", "company", "ngo"})


class SentenceActors(Titles):
    """The actors of one sentence, by the word that heads each noun phrase."""

    def __init__(
        self, s: Sentence, text: str, book: ActorBook, words: LanguageWords, discourse: Discourse, day: str,
        gazetteer: Gazetteer | None = None,
    ) -> None:  # fmt: skip
        """Read the sentence `s` of the report `text`, published on `day` (ISO, or empty if unknown)."""
        super().__init__(s, text, book, words, discourse, day, gazetteer)
        self._weighed = 0
        if s.parsed:
            for i, pos in enumerate(s.pos):
                if pos not in _SILENT or i in self._at:
                    self._weigh_before(i)
                    self._read_once(i)
        self._weigh_before(len(s))

    def _weigh_before(self, i: int) -> None:
        """Count the bodies that are named before word `i` towards what the report is about.

        That asks for words alone, so that it does not matter which sentences of a report are parsed.
        """
        while self._weighed < len(self.mentions) and self.mentions[self._weighed].last < i:
            mention = self.mentions[self._weighed]
            self._weighed += 1
            if all(f.use == "surname" and f.common for f in mention.forms):
                continue  # "in May"
            for actor in self._mention_bodies(mention):
                if actor.kind != "group":
                    self.discourse.weigh(actor, _OPENING if mention.first <= 1 else 1.0)

    def _read(self, i: int) -> None:
        s = self.sentence
        if s.deps[i] in MODIFIERS and s.pos[s.heads[i]] in NOMINAL and s.heads[i] > i:
            mention = self._at.get(i)
            if mention is None or not mention.of("person", "surname") or s.deps[i] == "compound":
                return
        known = self._at.get(i)
        named = known is not None and (s.pos[i] == "ADJ" or bool(known.of("person")))
        if s.pos[i] in NOMINAL or (named and s.deps[i] not in MODIFIERS):
            if self._inside_name(i):
                return
            found = self._nominal(i)
        elif s.words[i].lower() in self._words.pronouns and s.pos[i] in ("PRON", "DET"):
            found = self._pronoun(i)
        elif (
            s.lemmas[i].lower() in self._words.partitives
            and s.kid(i, "prep") is not None
            and s.deps[i] not in MODIFIERS
        ):
            found = self._partitive(i) or NOBODY
        elif s.pos[i] == "NUM" and s.deps[i] in ("nsubj", "nsubjpass", "pobj", "dobj"):
            found = self._counted(i)
        else:
            return
        if not found.actors:
            return
        self._found[i] = found
        if found.indirect or (found.actors[0].kind == "group" and not s.deps[i].startswith("nsubj")):
            return
        if s.words[i].lower() in self._words.pronouns and s.deps[i] not in ("nsubj", "nsubjpass"):
            return
        self._hear(i, found)

    def _inside_name(self, i: int) -> bool:
        """Tell whether word `i` is a part of a name or phrase that another word heads."""
        mention = self._at.get(i)
        s = self.sentence
        if mention is None or mention.first == mention.last:
            return False
        head = next(
            (
                k
                for k in range(mention.last, mention.first - 1, -1)
                if not mention.first <= s.heads[k] <= mention.last or s.heads[k] == k
            ),
            i,
        )
        return i != head

    def _hear(self, i: int, found: Resolved) -> None:
        s = self.sentence
        if len(found.actors) > 1:
            self.discourse.join(found.actors, s.index)
        subject = s.deps[i] in ("nsubj", "nsubjpass") or (
            s.deps[i] == "conj" and s.deps[s.heads[i]].startswith("nsubj")
        )
        self.discourse.hear(Heard(found.actors, s.index, i, subject, found.many))
        if s.deps[i] == "conj" and s.kid(i, "conj") is None:
            first = i
            while s.deps[first] == "conj":
                first = s.heads[first]
            together = self.resolve(first)
            if len(together) > 1:
                self.discourse.hear(Heard(together, s.index, first, s.deps[first].startswith("nsubj"), True))
                self.discourse.join(together, s.index)

    def _nominal(self, i: int) -> Resolved:
        s = self.sentence
        mention = self._at.get(i)
        found = self._known(i, mention) if mention else NOBODY
        if not found.actors and s.pos[i] == "PROPN":
            found = self._unknown_person(i)
        if not found.actors:
            found = (self._by_noun(i) if s.lemmas[i].lower() in self._words.standing_nouns else None) or NOBODY
        return self._with_apposition(i, found)

    def _by_noun(self, i: int) -> Resolved | None:
        """Return whom a common noun stands for that no list of names has."""
        return (
            self._crowd(i)
            or self._group(i)
            or self._back_reference(i)
            or self._voice(i)
            or self._partitive(i)
            or self._relative(i)
            or self._unknown_member(i)
        )

    def _known(self, i: int, mention: Mention) -> Resolved:
        person = self._person(i, mention)
        if person:
            return person
        names = mention.of(*NAMES)
        if names and not self._part_of_person(i, mention) and not self._part_of_name(i):
            return self._named(i, mention, names)
        if self.sentence.lemmas[i] in self._words.counterpart_nouns and (found := self._counterpart(i, mention)):
            return found
        if mention.of("office", "role") and self._surname(i, mention):
            return NOBODY
        if mention.of("office"):
            return self._office(i, mention)
        if mention.of("role"):
            return self._role(i, mention)
        return NOBODY

    def _surname(self, i: int, mention: Mention) -> bool:
        """ "Regina King", "Hal Prince": a title after a given name is a surname."""
        s = self.sentence
        before = mention.first - 1
        return (
            mention.first == mention.last == i and before >= 0 and s.pos[before] == "PROPN" and before not in self._at
            and s.words[i][0].isupper() and bool(self._book.gender(s.words[before]))
        )  # fmt: skip

    def _part_of_name(self, i: int) -> bool:
        """ "Japan" in "the Sea of Japan" and "China" in "the East China Sea" name no state."""
        s = self.sentence
        after = self._at[i].last + 1
        if (
            after < len(s)
            and s.pos[after] == "PROPN"
            and after not in self._at
            and not self._at[i].of("person", "surname")
        ):
            run = after
            while run + 1 < len(s) and s.pos[run + 1] == "PROPN":
                run += 1
            if self._noun_kind(run):
                return True
        head = s.heads[i]
        if s.deps[i] != "pobj" or s.lemmas[head] != "of":
            return False
        head = s.heads[head]
        return s.pos[head] == "PROPN" and self._noun_kind(head) == "thing" and head not in self._at

    def _named(self, i: int, mention: Mention, forms: Sequence[Form]) -> Resolved:
        if self._given_name(mention):
            return NOBODY
        if (reading := self._reading(mention)) is not None:
            return reading
        owners = self._country(i)[0] if any(f.entity and f.entity.kind in _NAMESAKES for f in forms) else ()
        choice = best_entity(forms, self._day, self.discourse.weight, {a.code for a in owners})
        form = choice.chosen
        if form is None or form.entity is None:
            return NOBODY
        entity = form.entity
        if form.use == "capital" and self._elsewhere(mention, entity.code):
            return NOBODY
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        members = self._expanded(entity, i)
        if members:
            return Resolved(
                self._members(members, span, text), f"{text!r}: the members of {entity.name} ({entity.where})", True
            )
        if (
            (entity.kind in ("body", "party", "media") or (form.use == "seat" and entity.sector))
            and (whose := owners or self._country(i)[0])
            and whose[0].code != entity.code
        ):
            # "Canada's House of Commons": the name is known of one state, and said here of another.
            other = replace(whose[0], sector=entity.sector, text=text, span=span)
            return Resolved((other,), f"{text!r}: {entity.name}, but of {whose[0].name}", lost=choice.lost)
        if entity.kind == "ethnic" and not entity.code and (whose := self._country(i)[0]):
            # "Rohingya Muslims", "Iraqi Kurds"
            found = replace(whose[0], sector=entity.sector, text=text, span=span)
            return Resolved((found,), f"{text!r}: {entity.name} of {whose[0].name}", True, lost=choice.lost)
        people = form.use == "inhabitant" and form.plural and not self._definite(i)
        governs = form.use == "seat" or (form.use == "capital" and not self._is_scene(mention))
        sector = "CVL" if people else entity.sector or ("GOV" if governs else "")
        actor = self._entity(entity, span, text, sector)
        return Resolved(
            (actor,),
            f"{text!r}: {form.use} of {entity.name} ({entity.where})",
            form.use == "inhabitant" and form.plural,
            lost=choice.lost,
        )

    def _is_scene(self, mention: Mention) -> bool:
        """Tell whether a capital is where something is, and not who governs from it: "ten people in Kabul"."""
        return mention.first > 0 and self.sentence.words[mention.first - 1].lower() in self._words.locative
