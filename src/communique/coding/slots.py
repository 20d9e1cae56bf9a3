"""The slots of a pattern -> the words that head what stands in them, and the actors of those words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache

from communique.actors.resolve import SentenceActors
from communique.coding.answerable import answerable, answerable_for
from communique.coding.predicates import Predicate, chain_objects
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.lexicon import Lexicon
from communique.language.clauses import Clauses
from communique.language.tree import Sentence
from communique.records import Actor

_MEANS = ("weapon", "missile", "hardware", "attack", "warplane")  # word sets of what a deed of force is done with


@dataclass(frozen=True, slots=True)
class Filler:
    """The actors that fill a role, the words that head them, and the slot in which they stand."""

    actors: tuple[Actor, ...] = ()
    heads: tuple[int, ...] = ()
    slot: str = ""

    def __bool__(self) -> bool:
        return bool(self.actors)


class Slots:
    """Answers what stands in a slot of a predicate of one sentence."""

    def __init__(self, clauses: Clauses, actors: SentenceActors, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self.clauses = clauses
        self._gazetteer = gazetteer
        self.actors = actors
        self._light = lexicon.any_of("light")
        self._answerable = lexicon.any_of("answerable")
        self._means = lexicon.any_of(*_MEANS)
        self._uttering = lexicon.any_of("light", "voice")
        self._heads: dict[tuple[Predicate, str], tuple[int, ...]] = {}
        self._doers: dict[Predicate, Filler] = {}
        self._lemmas = frozenset(clauses.sentence.lemmas)

    @property
    def sentence(self) -> Sentence:
        return self.clauses.sentence

    def first(self, p: Predicate, slots: Iterable[str]) -> Filler:
        """Return the filler of the first slot that holds an actor."""
        for slot in slots:
            heads = self.heads(p, slot)
            if heads and (found := self.actors_of(heads)):
                return Filler(found, heads, slot)
        return Filler()

    def heads(self, p: Predicate, slot: str) -> tuple[int, ...]:
        """Return the words that head what stands in `slot` of the predicate; asked often, so worked out once."""
        found = self._heads.get((p, slot))
        if found is None:
            found = self._heads[p, slot] = self._in_slot(p, slot)
        return found

    def _in_slot(self, p: Predicate, slot: str) -> tuple[int, ...]:
        s = self.sentence
        if slot == "chain":
            return chain_objects(s, p.tokens) or self._of_last_verb(p, {"object"})
        if slot == "owner":
            return self._owners(p)
        if slot == "light":
            return self._light_subject(p.head).heads
        if slot.startswith("prep:"):
            prepositions, names = _prepositions(slot)
            if prepositions.isdisjoint(self._lemmas):
                return ()
            own = tuple(dict.fromkeys(a.head for a in p.arguments if a.slot in names))
            if found := own or self._of_last_verb(p, names):
                return found
            return () if p.cls.operator and p.kind == "verb" else self._loose_preposition(p, names)
        # What the pattern itself takes ("voice SUPPORT for") fills no role.
        own = tuple(dict.fromkeys(a.head for a in p.arguments if a.slot == slot and a.head not in p.tokens))
        if slot == "clause" and not own:
            own = self._clause_of_noun(p)
        return own or (self._of_last_verb(p, {slot}) if slot != "subject" else ())

    def _of_last_verb(self, p: Predicate, slots: Set[str]) -> tuple[int, ...]:
        """In "refuse to meet A" the pattern's last verb has the object."""
        if len(p.tokens) == 1:
            return ()
        verbs = [t for t in p.tokens[1:] if self.sentence.pos[t] == "VERB"]
        found = (a.head for v in verbs[-1:] for a in self.clauses.arguments(v, "verb") if a.slot in slots)
        return tuple(dict.fromkeys(h for h in found if h not in p.tokens))

    def _clause_of_noun(self, p: Predicate) -> tuple[int, ...]:
        """ "Expressed readiness TO SEND", "rejected reports THAT IT HAD": the clause hangs on the pattern's noun."""
        s = self.sentence
        nouns = [t for t in p.tokens[1:] if s.pos[t] == "NOUN"]
        return tuple(
            c
            for noun in nouns[-1:]
            for c in s.kids(noun, "acl", "ccomp")
            if c not in p.tokens and (s.tags[c] == "VB" or s.kid(c, "mark") is not None)
        )

    def clause_subject(self, i: int) -> Filler:
        """Return the subject of the verb under which the noun at `i` is uttered or held: "voiced ..., and opposition".

        The noun hangs on a support verb or a verb of utterance, if need be through a coordination or as an adverbial
        ("in opposition to"); under any other verb its holder is not said.
        """
        s = self.sentence
        if s.deps[i] == "pobj" and s.lemmas[s.heads[i]] in ("in", "with"):
            verb = s.heads[s.heads[i]]
            heads = self.clauses.subject(verb) if s.pos[verb] in ("VERB", "AUX") else ()
            return Filler(self.actors_of(heads), heads, "subject")
        for h in s.ancestors(i):
            if s.pos[h] == "VERB" and s.lemmas[h] in self._uttering:
                heads = tuple(a.head for a in self.clauses.arguments(h, "verb") if a.slot == "subject")
                return Filler(self.actors_of(heads), heads, "subject")
        return Filler()

    def _merged(self, p: Predicate, slots: Iterable[str]) -> Filler:
        """Return all who do a thing together, over all slots ("A's talks with B", "talks between A and B")."""
        actors: dict[tuple[str, str, str], Actor] = {}
        heads: list[int] = []
        for slot in slots:
            here = self.heads(p, slot)
            found = self.actors_of(here)
            for actor in found:
                actors.setdefault(key(actor), actor)
            heads += here if found else ()
        return Filler(tuple(actors.values()), tuple(dict.fromkeys(heads)), "joint")

    def actors_of(self, heads: Iterable[int]) -> tuple[Actor, ...]:
        actors: dict[tuple[str, str, str], Actor] = {}
        for head in heads:
            for actor in self._one(head):
                actors.setdefault(key(actor), actor)
        return tuple(actors.values())

    def _one(self, head: int) -> tuple[Actor, ...]:
        s = self.sentence
        if s.deps[head] in ("amod", "compound", "nmod", "npadvmod"):
            # "the Paris attacks" and "the Geneva talks" were there, not by the city.
            return () if self.actors.is_place_modifier(head) else self.actors.modifier(head)
        if any(s.words[c].lower() == "other" and s.kid(c, "det") is not None for c in s.kids(head, "poss")):
            return ()  # "each other's envoys"
        return self.actors.resolve(head) or self._predicated(head)

    def _predicated(self, head: int) -> tuple[Actor, ...]:
        """ "A and B were among the dignitaries who arrived": the noun stands for the subject of the "be" above it."""
        s = self.sentence
        at = head
        while s.deps[at] in ("pobj", "prep") and s.heads[at] != at:
            at = s.heads[at]
            if s.deps[at] == "prep" and s.lemmas[at] not in ("among", "of"):
                return ()
        verb = s.heads[at] if at == head else at
        if s.lemmas[verb] == "be" and s.deps[head] in ("attr", "pobj"):
            return self.actors_of(h for h in self.clauses.subject(verb) if h != head)
        return ()

    def _owners(self, p: Predicate) -> tuple[int, ...]:
        s = self.sentence
        nouns = [t for t in p.tokens if s.pos[t] == "NOUN"] or [a.head for a in p.arguments if a.slot == "object"]
        return tuple(
            c if s.deps[c] != "prep" else o
            for noun in nouns[-1:]
            for c in s.children[noun]
            if s.deps[c] in ("poss", "amod", "compound", "nmod")
            or (s.deps[c] == "prep" and s.lemmas[c] in ("of", "from", "by"))
            for o in (s.kids(c, "pobj") if s.deps[c] == "prep" else [c])
        )

    def _loose_preposition(self, p: Predicate, names: Set[str]) -> tuple[int, ...]:
        """A preposition that the parser hung on the object, or in the chain ("held talks on A with B")."""
        s = self.sentence
        near = [*p.tokens[1:], *(a.head for a in p.arguments if a.slot in ("object", "indirect", "attribute"))]
        above = s.heads[p.head]
        if p.kind == "noun":
            near += chain_objects(s, p.tokens)  # "the extradition of a suspect TO A"
            if s.pos[above] in ("VERB", "AUX") and (
                s.deps[p.head] in ("dobj", "nsubjpass", "attr")
                or (s.deps[p.head] == "nsubj" and s.lemmas[above] in self.clauses.words.occurrence_verbs)
            ):
                near.append(above)
        return tuple(
            o
            for n in dict.fromkeys(near)
            for c in s.kids(n, "prep")
            if "prep:" + s.lemmas[c] in names
            for o in s.kids(c, "pobj")
        )

    def _light_subject(self, noun: int) -> Filler:
        """ "Launched an attack": the subject of a support verb does it, as who is "responsible for" it has done."""
        s = self.sentence
        if (word := answerable_for(s, noun, self._answerable)) is not None:
            heads = answerable(self.clauses, word)
            return Filler(self.actors_of(heads), heads, "light")
        while s.deps[noun] in ("conj", "pobj", "prep") and s.pos[s.heads[noun]] in ("NOUN", "ADP"):
            if s.pos[s.heads[noun]] == "ADP" and s.lemmas[s.heads[noun]] != "of":
                return Filler()
            noun = s.heads[noun]
        verb = s.heads[noun]
        if s.pos[verb] != "VERB" or s.lemmas[verb] not in self._light:
            return Filler()
        if s.deps[noun] not in ("dobj", "nsubjpass", "attr"):
            return Filler()
        heads = tuple(a.head for a in self.clauses.arguments(verb, "verb") if a.slot == "subject")
        return Filler(self.actors_of(heads), heads, "light")


@cache
def _prepositions(slot: str) -> tuple[Set[str], Set[str]]:
    """Return the prepositions that a slot like `prep:on|against` allows, and the slots of arguments that they open."""
    prepositions = frozenset(slot.removeprefix("prep:").split("|"))
    return prepositions, frozenset(f"prep:{word}" for word in prepositions)


def key(actor: Actor) -> tuple[str, str, str]:
    """Return what makes two mentions the same actor."""
    return (actor.code, actor.person, actor.sector)


def others(actors: Iterable[Actor], than: Iterable[Actor]) -> Iterator[Actor]:
    """Yield the actors that are not among `than`; a state and its government or leader are the same party."""
    taken = {key(a) for a in than}
    bodies = {a.code for a in than if a.code and a.sector in ("", "GOV")}
    for actor in actors:
        if key(actor) in taken or (actor.code in bodies and actor.sector in ("", "GOV")):
            continue
        yield actor
