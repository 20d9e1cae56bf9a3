"""What resolving a noun phrase needs: the sentence, its mentions, the memory of the report, and small questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from communique.actors.choose import best_entity, best_reading, cues_in
from communique.actors.discourse import Discourse, as_body
from communique.actors.mentions import NOMINAL, Mention, coordinated, find_mentions
from communique.knowledge.actors import ActorBook, Entity
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence
from communique.records import Actor, Considered, Span

NAMES = ("name", "seat", "capital", "inhabitant")
MODIFIERS = ("amod", "compound", "nmod", "npadvmod")
_SIDES = ("pro", "anti", "counter", "non")
_EXPANDED = 8  # members; a longer list of actors says less than the region's name


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a noun phrase stands for, and why.

    `many`: the phrase is plural. `indirect`: its possessor is meant ("the statement"), so no pronoun stands for it.
    `lost`: what else the words could have meant.
    """

    actors: tuple[Actor, ...]
    reason: str
    many: bool = False
    indirect: bool = False
    lost: tuple[Considered, ...] = ()


NOBODY = Resolved((), "")


class Base:
    """The state of one sentence's resolution; the kinds of noun phrase are in `people`, `references`, `resolve`."""

    def __init__(
        self, s: Sentence, text: str, book: ActorBook, words: LanguageWords, discourse: Discourse, day: str,
        gazetteer: Gazetteer | None = None,
    ) -> None:  # fmt: skip
        """Read the sentence `s` of the report `text`, published on `day` (ISO, or empty if unknown).

        `gazetteer` tells the state of a town ("police in Izmir"); without one only capitals have theirs.
        """
        self.sentence = s
        self._report = text
        self._gazetteer = gazetteer
        self.discourse = discourse
        self._book = book
        self._words = words
        self._day = day
        self.mentions = tuple(self._told_apart(find_mentions(s, book)))
        self._at = {i: m for m in self.mentions for i in range(m.first, m.last + 1)}
        self._found: dict[int, Resolved] = {}
        self._tried: set[int] = set()
        self.senses: dict[str, str] = {}
        """Code of the state that words around a name with several bearers point to, by the name ("Georgia")."""

    def _told_apart(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """Yield the mentions without names that only end another one: the police of New London are police."""
        for mention in mentions:
            if not self._new_town(mention):
                yield mention
                continue
            rest, start = self.sentence.words[mention.first + 1 : mention.last + 1], mention.first + 1
            for first, end, forms in self._book.forms.find_all(rest):
                yield Mention(start + first, start + end - 1, forms)

    def _new_town(self, mention: Mention) -> bool:
        """Tell whether a name only ends that of another town: "NEW London", its police, "FORT Washington"."""
        s, before = self.sentence, mention.first - 1
        if self._gazetteer is None or before < 0 or s.words[before] not in self._words.name_openers:
            return False
        town = " ".join(s.words[before : mention.first + 1])
        return bool(mention.of("capital", "name")) and self._gazetteer.best(town) is not None

    def _read(self, i: int) -> None:
        """Resolve the word at `i`, if it is nominal, and remember it."""
        raise AssertionError("given by SentenceActors")

    def resolve(self, head: int) -> tuple[Actor, ...]:
        """Return the actors that the noun phrase at `head` stands for, those joined to it included."""
        actors: dict[tuple[str, str, str], Actor] = {}
        s = self.sentence
        together = coordinated(s, head)
        for i in together:
            # "A and the minister B" is at times parsed with A as a modifier of B.
            joined = [
                c for c in s.kids(i, "nmod") if s.kid(c, "cc") is not None and any(a.person for a in self.at(c).actors)
            ]
            for k in (*joined, i):
                for actor in self.at(k).actors:
                    actors.setdefault((actor.code, actor.person, actor.sector), actor)
        shared = self._headed(together) if len(together) > 1 else ()
        return tuple(a for k, a in actors.items() if k not in shared)

    def _headed(self, joined: Sequence[int]) -> set[tuple[str, str, str]]:
        """ "Rwandan and Congolese ministers": the noun that nationalities before it share is no further party."""
        s = self.sentence
        return {
            (a.code, a.person, a.sector)
            for i in joined
            if s.pos[i] == "NOUN" and s.deps[i] == "conj" and i - 1 in joined
            for a in self.at(i).actors
            if not a.code and not a.person
        }

    def at(self, head: int) -> Resolved:
        """Return what the one noun phrase at `head` stands for, without those joined to it."""
        return self._found.get(head, NOBODY)

    def holders_of(self, head: int) -> tuple[Actor, ...]:
        """Return to whom the thing at `head` belongs: "China's abuses", "Western sanctions", "attempts by A"."""
        s = self.sentence
        for i in coordinated(s, head):
            for c in s.children[i]:
                if s.deps[c] != "poss":
                    continue
                self._read_all(c)
                if found := self.resolve(c):
                    return found
            for c in s.children[i]:
                # "the Paris accord" and "the Geneva talks" are no city's own.
                if s.deps[c] in MODIFIERS and not self.is_place_modifier(c) and (found := self._modifier_actors(c)):
                    return found
            for c in s.kids(i, "prep"):
                if s.lemmas[c] in ("of", "by", "from"):
                    for p in s.kids(c, "pobj"):
                        self._read_all(p)
                        if found := self.resolve(p) or self.holders_of(p):
                            return found
        return ()

    def words_at(self, span: Span) -> str:
        """Return what stands at a span of the report."""
        return self._text(span)

    def entity(self, code: str) -> Entity | None:
        """Return the entity with this code."""
        return self._book.entity(code)

    def modifier(self, word: int) -> tuple[Actor, ...]:
        """Return the bodies that a modifier names: "Chinese", "U.S.", "Russian and Chinese"."""
        return self._modifier_actors(word)

    def named_beside(self, i: int) -> Resolved:
        """Return what the modifier at `i` names, of a noun that is no actor itself: "Georgia" in "Georgia votes"."""
        mention = self._at.get(i)
        if mention is None or not (actors := tuple(self._mention_bodies(mention))):
            return NOBODY
        reading = self._reading(mention) or NOBODY
        beside = f"beside {self.sentence.words[self.sentence.heads[i]]!r}, which is no actor"
        reason = f"{reading.reason or repr(actors[0].text)} ({beside})"
        return Resolved(actors, reason, lost=reading.lost)

    def is_place_modifier(self, word: int) -> bool:
        """Tell whether a modifier is a city, which says where a thing was rather than whose it is."""
        mention = self._at.get(word)
        return mention is not None and bool(mention.of("capital")) and not mention.of("name", "adjective", "seat")

    def reason(self, head: int) -> str:
        return "; ".join(r for i in coordinated(self.sentence, head) if (r := self.at(i).reason))

    def lost(self, head: int) -> tuple[Considered, ...]:
        """Return what else the words of the noun phrase at `head`, and of those joined to it, could have meant."""
        return tuple(c for i in coordinated(self.sentence, head) for c in self.at(i).lost)

    def _against(self, mention: Mention) -> bool:
        """ "Pro-government", "anti-Chinese": says whom one is for or against, not whose one is."""
        words = self.sentence.words
        first = mention.first
        return first > 1 and words[first - 1] == "-" and words[first - 2].lower() in _SIDES

    def _read_all(self, head: int) -> None:
        """Resolve a phrase and those joined to it, if they stand further right than the reading has come."""
        for k in coordinated(self.sentence, head):
            if self.sentence.pos[k] in (*NOMINAL, "PRON"):
                self._read_once(k)

    def _read_once(self, i: int) -> None:
        """Resolve the word at `i` if that was not tried yet: phrases within phrases would be read again and again."""
        if i not in self._tried:
            self._tried.add(i)
            self._read(i)

    def _modifier_actors(self, c: int) -> tuple[Actor, ...]:
        """Return the bodies that a modifier names: "Chinese", "U.S.", "Russian and Chinese", "U.S.-led".

        Rebels "backed" by a state are not the state's own, so only some participles let its name through.
        """
        s = self.sentence
        found: list[Actor] = []
        for k in coordinated(s, c):
            mention = self._at.get(k)
            if mention is not None:
                found += self._mention_bodies(mention)
            elif s.pos[k] not in ("VERB", "ADJ") or s.lemmas[k] in self._words.own_participles:
                for inner in s.kids(k, "npadvmod", "compound", "amod", "nmod"):
                    mention = self._at.get(inner)
                    if mention is not None and not found:
                        found += self._mention_bodies(mention)
        return tuple(found)

    def _mention_bodies(self, mention: Mention) -> list[Actor]:
        words = self.sentence.words
        if self._against(mention):
            return []
        if mention.of("person", "surname") and not mention.of("adjective", *NAMES):
            return self._state_of_person(mention)
        after = mention.last + 2
        joined = after < len(words) and words[after - 1] == "-" and self.sentence.tags[after] in ("VBN", "VBD")
        if joined and self.sentence.lemmas[after] not in self._words.own_participles:
            return []
        if self._given_name(mention):
            return []
        forms = mention.of("adjective", *NAMES)
        form = best_entity(forms, self._day, self.discourse.weight).chosen if forms else None
        if form is None or form.entity is None:
            return []
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        if (reading := self._reading(mention)) is not None:
            return [replace(a, sector="") for a in reading.actors]
        members = self._expanded(form.entity, self.sentence.heads[mention.last])
        if members:
            return list(self._members(members, span, text))
        return [self._entity(form.entity, span, text, form.entity.sector)]

    def _state_of_person(self, mention: Mention) -> list[Actor]:
        """ "The Assad government": the state of who governs it."""
        raise AssertionError("given by People")

    def _given_name(self, mention: Mention) -> bool:
        """ "Jordan Peele" and "Chad Smith": an unknown capitalised word follows, and it is no thing or body."""
        s = self.sentence
        after = mention.last + 1
        if mention.first != mention.last or after >= len(s):
            return False
        if not (s.pos[after] == "PROPN" if s.parsed else s.words[after][0].isupper()):
            return False
        known = self._at.get(after)
        if known is not None and len(known.of("person", "surname")) < len(known.forms):
            return False
        if s.words[mention.last] not in self._words.given_names or s.starts[after] != s.ends[mention.last] + 1:
            return False
        return not self._noun_kind(after)

    def _reading(self, mention: Mention) -> Resolved | None:
        """Return what a name with several well-known bearers means here ("Georgia"), None for any other name."""
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        homonym = self._book.homonyms.get(text)
        if homonym is None:
            return None
        start, end = self.sentence.span
        reached, far = self.discourse.cues.get(homonym.where, (0, frozenset[str]()))
        if reached < start:  # only what was not looked through yet
            far |= cues_in(self._report[reached:start], homonym)
            self.discourse.cues[homonym.where] = (start, far)
        choice = best_reading(homonym, cues_in(self._report[start:end], homonym), far)
        reading = choice.chosen
        if reading is None or not reading.code:
            return Resolved((), f"{text!r}: {reading.name if reading else 'nothing'} ({choice.why})", lost=choice.lost)
        if choice.told:
            self.senses[text] = reading.code
        entity = self._book.entity(reading.code)
        name, kind = (entity.name, entity.kind) if entity is not None else (reading.name, "state")
        actor = Actor(reading.code, name, kind, reading.sector, text=text, span=span)
        return Resolved((actor,), f"{text!r}: {reading.name} ({choice.why}; {homonym.where})", lost=choice.lost)

    def _bodies(self, actors: Iterable[Actor]) -> tuple[Actor, ...]:
        return tuple({a.code: as_body(a) for a in actors if a.code}.values())

    def _number(self, i: int) -> int:
        s = self.sentence
        for c in s.kids(i, "nummod", "det", "predet", "preconj"):
            if size := self._words.numbers.get(s.words[c].lower(), 0):
                return size
        return 0

    def _definite(self, i: int) -> bool:
        s = self.sentence
        return any(s.words[c].lower() in self._words.definite for c in s.kids(i, "det", "poss", "predet"))

    def _members(self, codes: Iterable[str], span: Span, text: str) -> tuple[Actor, ...]:
        entities = [(code, self._book.entity(code)) for code in codes]
        return tuple(
            Actor(code, e.name if e else code, e.kind if e else "state", text=text, span=span) for code, e in entities
        )

    def _expanded(self, entity: Entity, i: int) -> tuple[str, ...]:
        """A small region stands for its members, a large one only where the phrase counts them ("the 55 nations")."""
        if entity.kind != "group":
            return ()
        members = entity.members_on(self._day)
        return members if len(members) <= _EXPANDED or self._number(i) == len(members) else ()

    def _entity(self, entity: Entity, span: Span, text: str, sector: str) -> Actor:
        sectors = entity.sectors
        return Actor(
            entity.code, entity.name, entity.kind, sector, sectors, wikidata=entity.wikidata, text=text, span=span
        )

    def _text(self, span: Span) -> str:
        return self._report[span[0] : span[1]]

    def _noun_kind(self, i: int) -> str:
        """Return "body" or "thing" if the capitalised phrase at `i` ends in such a noun, else ""."""
        word = self.sentence.words[i].lower()
        for kind, nouns in (("body", self._words.body_nouns), ("thing", self._words.thing_nouns)):
            if word in nouns or (word.endswith("s") and word[:-1] in nouns):
                return kind
        return ""
