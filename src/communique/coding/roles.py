"""Who fills a role: the slots of a pattern -> actors, with the words that name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from communique.coding.predicates import Predicate
from communique.coding.slots import Filler, Slots, key, others
from communique.language.tree import Sentence
from communique.records import Actor

__all__ = ["Filler", "Roles", "key", "others"]

_NATIONAL = ("GOV", "LEG", "JUD", "SPY", "UNK")  # these may act in another state than their own
# Types whose recipient, where none is named, is the state in which the deed is done.
_FELT_WHERE_DONE = frozenset({"ASSAULT", "AID", "MOBILIZE", "RETREAT", "COERCE"})
_BY_THE_STATE = frozenset({"arrest", "convict"})  # modes of what only the authorities of a place do
_OF_ANOTHER = ("demand", "urge", "accuse", "help")  # the subject of their clause is asked, accused, helped
_KNOWN_PLACE = 5.0  # the weight of a city of 100,000; smaller ones share their names with too much else


class Roles(Slots):
    """Fills the roles of the predicates of one sentence."""

    def actor(self, p: Predicate) -> Filler:
        """Return who does it. A noun without an actor of its own takes the subject of the clause that it stands in."""
        found = self._doers.get(p)
        if found is None:  # asked by every rule that looks at a predicate, so worked out once
            found = self._doers[p] = self._find_actor(p)
        return found

    def _find_actor(self, p: Predicate) -> Filler:
        slots = p.cls.noun_actor if p.kind == "noun" else p.cls.actor
        found = self._merged(p, slots) if p.cls.reciprocal else self.first(p, slots)
        if not found and p.kind == "noun":
            found = self._light_subject(p.head)
        if not found and p.kind == "verb" and p.cls.type == "ASSAULT":
            # "A French airstrike killed two": whose weapon or attack it was.
            heads = tuple(h for h in self.heads(p, "subject") if self.sentence.lemmas[h].lower() in self._means)
            found = Filler(tuple(a for h in heads for a in self.actors.holders_of(h)), heads, "owner")
        if not found and p.kind == "verb" and self._agentless(p):
            if p.cls.mode in ("expel", "deport"):
                found = self.first(p, ("prep:from",))  # "were expelled from Mali": by whom but Mali
            elif p.cls.mode in _BY_THE_STATE:
                found = self._where(p)  # "was arrested in Niger": by whom but its authorities
        return found

    def _agentless(self, p: Predicate) -> bool:
        s = self.sentence
        return s.kid(p.head, "auxpass") is not None and s.kid(p.head, "agent") is None

    def located(self, p: Predicate, filler: Filler) -> Filler:
        """Give people without a country that of the place where they act: "thousands protested in Caracas"."""
        if not filler or any(a.sector in _NATIONAL for a in filler.actors if not a.code):
            return filler
        if all(a.code for a in filler.actors):
            return filler
        known = {a.code: a for a in filler.actors if a.code}
        # "The army and Sudan's rebels": one state, if one is named.
        place = next(iter(known.values())) if len(known) == 1 else None
        if p.cls.type == "PROTEST":
            place = place or self._state_of_gathering(p)
        place = place or self._state_of_place(p)
        if place is None:
            return filler
        there = tuple(
            a if a.code else replace(a, code=place.code, name=place.name, kind=place.kind) for a in filler.actors
        )
        return replace(filler, actors=there)

    def _state_of_gathering(self, p: Predicate) -> Actor | None:
        """Return where they came together who do something: "thousands gathered IN CARACAS to protest"."""
        s = self.sentence
        above = s.heads[p.head]
        streets = (t for t in p.tokens[1:] if s.lemmas[t] in self.clauses.words.place_nouns)
        if own := next(filter(None, map(self._state_at, streets)), None):
            return own  # "took to the streets OF CARACAS"
        gathered = s.deps[p.head] in ("advcl", "xcomp") and s.pos[above] == "VERB"
        there = s.subtree(above if gathered else p.head)
        words = (above,) if gathered else (p.head,)
        at = (h for k in there if s.heads[k] in words and self._is_locative(k) for h in s.kids(k, "pobj"))
        return next(filter(None, map(self._state_at, at)), None)

    def _state_of_place(self, p: Predicate, under: Sequence[int] = ()) -> Actor | None:
        """Return the state in which the clause says that something was done, be it in a phrase within a phrase.

        With `under`, only phrases that hang on these words count.
        """
        s = self.sentence
        for k in s.subtree(p.head):
            if under and s.heads[k] not in under:
                continue
            for head in s.kids(k, "pobj") if self._is_locative(k) else ():
                if state := self._state_by_name(head):
                    return state
        return None

    def _is_locative(self, preposition: int) -> bool:
        s = self.sentence
        return s.pos[preposition] == "ADP" and s.lemmas[preposition].lower() in self.clauses.words.locative

    def _state_by_name(self, head: int) -> Actor | None:
        for actor in self.actors.resolve(head):
            if actor.code and actor.kind in ("state", "territory") and not actor.sector.strip("GOV"):
                return actor
        named = self._state_named(head)
        return named[0] if named else None

    def _state_at(self, head: int) -> Actor | None:
        """Return the state of a place: by its name, as a part of one ("the streets OF TBILISI"), or by what is there:
        an embassy is in the state of the town that is named beside it, if any."""
        s = self.sentence
        parts = ("in", "of") if s.lemmas[head] in self.clauses.words.place_nouns else ("in",)
        inside = [o for c in s.kids(head, "prep") if s.lemmas[c] in parts for o in s.kids(c, "pobj")]
        places = (*inside, head) if s.pos[head] == "NOUN" else (head,)
        return next(filter(None, map(self._state_by_name, places)), None)

    def recipient(self, p: Predicate, actor: Filler) -> Filler:
        """Return to whom it is done, the actor itself left out: who stands in a slot, else who owns what stands there

        ("condemned A's raid"), else who stands beside it ("massed troops on its border with A").
        """
        for found in self._candidates(p):
            left = self._without(found, actor)
            if left and not self._at_home(p, left, actor):
                return left
        return Filler()

    def _candidates(self, p: Predicate) -> Iterator[Filler]:
        """Yield who may be the recipient of `p`, the likeliest first."""
        slots = p.cls.noun_recipient if p.kind == "noun" else p.cls.recipient
        yield self._addressee(p)
        yield from (self.first(p, (slot,)) for slot in slots)
        yield from self._behind(p, slots)
        if p.kind == "verb":
            yield self._taken(p)
        if p.kind == "noun" and self.sentence.deps[p.head] == "nsubj":  # "the request reached A"
            verb = self.sentence.heads[p.head]
            yield self._all(
                self.sentence.kids(verb, "dobj") if self.sentence.lemmas[verb] == "reach" else (), "reached"
            )
        if p.cls.operator in _OF_ANOTHER:  # "insisted that A leave", "alleged that A lied"
            yield self._all((h for v in self.heads(p, "clause") for h in self.clauses.subject(v)), "clause")
        if p.kind == "verb" and "object" in slots:
            # "offered Jordan a loan" parsed as "a Jordan loan": the owner of the pattern's own noun.
            yield self._all(self._owners(p), "owner")
        if p.cls.type == "AID" and p.kind == "verb":
            yield self._helped(p)
        if p.cls.type in _FELT_WHERE_DONE and self.actor(p):
            yield self._where(p)

    def _behind(self, p: Predicate, slots: Sequence[str]) -> Iterator[Filler]:
        """Yield who owns, borders on, made or suffers what stands in the slots: "condemned A's raid"."""
        searches = (
            self.actors.holders_of, self._nationality, self._beside, self.made_by, self._under, self._inside,
        )  # fmt: skip
        things = [(slot, heads) for slot in slots if (heads := self._things(p, slot))]
        for search in searches:
            for slot, heads in things:
                where = "place" if search == self._inside else slot
                yield Filler(tuple(a for h in heads for a in search(h)), heads, where)

    def _taken(self, p: Predicate) -> Filler:
        """ "Killed PEOPLE in", "expelled INSPECTORS", "quit the ORGANIZATION": the pattern takes victims, or a name."""
        wanted = ("NOUN", "PROPN") if p.cls.type == "ASSAULT" or p.cls.mode == "expel" else ("PROPN",)
        return self._all((t for t in p.tokens[1:] if self.sentence.pos[t] in wanted), "pattern")

    def _all(self, heads: Iterable[int], slot: str) -> Filler:
        heads = tuple(heads)
        return Filler(self.actors_of(heads), heads, slot)

    def _at_home(self, p: Predicate, found: Filler, actor: Filler) -> bool:
        """Tell whether `found` is only where, or by whose own, the doers do it.

        "Teachers demonstrated IN their CAPITAL", "massed ITS fighters", "gathered fighters NEAR a town of theirs".
        """
        s = self.sentence
        if not {a.code for a in found.actors} - {""} <= {a.code for a in actor.actors}:
            return False
        if found.slot == "place" or (found.heads and all(self._locative(h) or self._part(h) for h in found.heads)):
            return p.cls.type not in ("ASSAULT", "COERCE")
        things = [h for h in found.heads if p.cls.type == "MOBILIZE" or not self.actors.resolve(h)]
        own = [c for h in things if s.lemmas[s.heads[h]] != "against" for c in s.kids(h, "poss") if s.tags[c] == "PRP$"]
        return bool(own)

    def _where(self, p: Predicate) -> Filler:
        """Return the state in which a deed is done: who bombs, feeds or garrisons a place deals with its state."""
        state = self._state_of_place(p, (p.head, *p.tokens[1:]))
        return Filler((state,), (), "place") if state is not None else Filler()

    def _helped(self, p: Predicate) -> Filler:
        """Return whom aid is given to help: "provided medicine to treat A's wounded"."""
        s = self.sentence
        aims = [c for t in p.tokens for c in s.kids(t, "advcl", "acl", "xcomp", "relcl") if s.tags[c] == "VB"]
        heads = tuple(a.head for c in aims for a in self.clauses.arguments(c, "verb") if a.slot == "object")
        return Filler(
            tuple(a for h in heads for a in self.actors.resolve(h) or self.actors.holders_of(h)), heads, "aim"
        )

    def _things(self, p: Predicate, slot: str) -> tuple[int, ...]:
        """Return the words in a slot whose owner may be the one to whom the deed is done."""
        # Whose place it is says nothing of who suffered there: "killed in the Korean War".
        heads = tuple(h for h in self.heads(p, slot) if slot == "object" or not self._locative(h))
        if slot in ("object", "chain"):  # "lift SANCTIONS imposed on A": the pattern's own noun
            heads += tuple(t for t in p.tokens[1:] if p.kind == "verb" and self.sentence.pos[t] == "NOUN")
        return heads

    def _locative(self, head: int) -> bool:
        s = self.sentence
        return s.deps[head] == "pobj" and s.lemmas[s.heads[head]].lower() in self.clauses.words.locative

    def _part(self, head: int) -> bool:
        """ "The STREETS of Caracas", "the streets of CARACAS" """
        s, places = self.sentence, self.clauses.words.place_nouns
        of = s.deps[head] == "pobj" and s.lemmas[s.heads[head]] == "of"
        return s.lemmas[s.heads[s.heads[head]] if of else head] in places

    def _addressee(self, p: Predicate) -> Filler:
        """In "urge A to end", "call on A to end" and "demand that A end", it is A, not what stands after "end"."""
        s = self.sentence
        verbs = [t for t in p.tokens[1:] if s.pos[t] == "VERB"]
        if not verbs or p.kind != "verb":
            return Filler()
        objects = [a.head for a in p.arguments if a.slot in ("object", "indirect") and a.head not in p.tokens]
        on = [o for t in p.tokens[1:] if s.pos[t] == "ADP" and s.heads[t] == p.head for o in s.kids(t, "pobj")]
        doers = self.clauses.subject(p.head)  # "gathered to protest": it is they who protest
        subject = tuple(h for h in self.clauses.subject(verbs[-1]) if h not in p.tokens and h not in doers)
        for heads in (tuple(objects), tuple(o for o in on if o not in p.tokens), subject):
            if found := self.actors_of(heads):
                return Filler(found, heads, "addressee")
        return Filler()

    def _without(self, found: Filler, actor: Filler) -> Filler:
        return Filler(tuple(others(found.actors, actor.actors)), found.heads, found.slot) if found.actors else found

    def _nationality(self, head: int) -> tuple[Actor, ...]:
        """ "Gave it back to its GREEK owner": the owner's own nationality, where "its" is the doer."""
        s = self.sentence
        return tuple(
            a
            for c in s.kids(head, "amod", "compound")
            if not self.actors.is_place_modifier(c)
            for a in self.actors.modifier(c)
        )

    def _beside(self, head: int) -> tuple[Actor, ...]:
        s = self.sentence
        if s.lemmas[head] not in self.clauses.words.border_nouns:
            return ()
        near = [c for c in s.kids(head, "prep") if s.lemmas[c] in ("with", "near", "to")]
        return tuple(a for c in near for o in s.kids(c, "pobj") for a in self.actors.resolve(o))

    def made_by(self, head: int) -> tuple[Actor, ...]:
        """Return whose a thing is by its participle: "an appeal lodged BY A", "a request made by A's lawyers"."""
        s = self.sentence
        agents = [o for c in s.kids(head, "acl") for k in s.kids(c, "agent") for o in s.kids(k, "pobj")]
        return tuple(a for o in agents for a in self.actors.resolve(o) or self.actors.holders_of(o))

    def _under(self, head: int) -> tuple[Actor, ...]:
        """Return on whom a thing weighs by its participle: "sanctions imposed ON IRAN", "tariffs levied on A"."""
        s = self.sentence
        return tuple(
            a
            for c in s.kids(head, "acl")
            if s.tags[c] == "VBN"
            for k in s.kids(c, "prep")
            if s.lemmas[k] in ("on", "upon", "against")
            for o in s.kids(k, "pobj")
            for a in self.actors.resolve(o)
        )

    def _inside(self, head: int) -> tuple[Actor, ...]:
        """Return the state in which a thing or somebody without a state is: "positions IN A'S province"

        (or "people living IN A'S camps").
        """
        s = self.sentence
        below = [k for c in s.kids(head, "acl") if s.tags[c] in ("VBG", "VBN") for k in s.kids(c, "prep")]
        for c in (*s.kids(head, "prep"), *below):
            if s.lemmas[c].lower() not in self.clauses.words.locative:
                continue
            for o in s.kids(c, "pobj"):
                for found in (self.actors.resolve(o), self.actors.holders_of(o), self._state_named(o)):
                    states = tuple(a for a in found if a.code and a.kind in ("state", "territory"))
                    if states:
                        return states
        return ()

    def _state_named(self, head: int) -> tuple[Actor, ...]:
        """Return the state of the place that a name at `head` is of."""
        s = self.sentence
        if s.pos[head] != "PROPN":
            return ()
        first = _first_of_name(s, head)
        site = self._gazetteer.best(" ".join(s.words[first : head + 1]))
        entity = self.actors.entity(site.country) if site is not None and site.weight >= _KNOWN_PLACE else None
        if entity is None:
            return ()
        span = s.cut(first, head)
        return (Actor(entity.code, entity.name, entity.kind, text=self.actors.words_at(span), span=span),)


def _first_of_name(s: Sentence, head: int) -> int:
    """Return the first word of the run of proper nouns that ends at `head`."""
    first = head
    while first > 0 and s.pos[first - 1] == "PROPN":
        first -= 1
    return first
