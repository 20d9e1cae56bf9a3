"""What a stance is about: the parties and issues that its object comes to, through nested stances and reversals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from communique.coding.context import SentenceContext
from communique.coding.extents import issues, one_name, phrase
from communique.coding.hints import hinted, meant
from communique.coding.holders import named
from communique.coding.objects import clear, demanding, denies, may_be_object, stance_in, turned_within, turns
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler, others
from communique.knowledge.issues import Issue
from communique.records import Span, Stance

_OPPOSITE: dict[str, Stance] = {"support": "oppose", "oppose": "support", "neutral": "neutral"}
# Who wants one of these done to a thing is for the thing.
_KEEPING = frozenset({
    "begin", "resume", "continue", "increase", "allow", "help", "approve", "fulfil", "support", "praise",
})  # fmt: skip
_CLAIMING = frozenset({"warn", "fear", "deny", "accuse", "threaten"})
_MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class StanceObject:
    """What a stance is about: parties, issues best first, the phrase, and how it was reached."""

    stance: Stance
    toward: Filler
    issues: tuple[Issue, ...]
    head: int
    span: Span
    steps: tuple[str, ...]
    implicit: bool = False


class Objects:
    """Answers, for one sentence, what the stances of its predicates are about."""

    def __init__(self, context: SentenceContext) -> None:
        self._context = context

    def stance(self, p: Predicate) -> Stance:
        """A reversal with a holder of its own ("ended B") is opposition."""
        return "oppose" if p.cls.stance == "reverse" else cast(Stance, stance_in(p))

    def another(self, h: int) -> bool:
        s = self._context.sentence
        return "another" in (s.words[h].lower(), *(s.words[c].lower() for c in s.kids(h, "det"))) or (
            s.words[h].lower() == "other"
        )

    def heads(self, p: Predicate) -> list[int]:
        """Return the words that head what the stance is about: the first slot that is filled."""
        roles, s = self._context.roles, self._context.sentence
        slots = p.cls.noun_recipient if p.kind == "noun" else (*p.cls.recipient, *p.cls.content)
        if p.kind == "noun" and s.pos[p.tokens[-1]] == "ADP":
            slots = ("chain", *slots)  # "support in parliament FOR the plan"
        slots = tuple(slot for slot in slots if slot not in p.cls.actor or slot in p.cls.recipient)
        asking = demanding(p) and p.cls.stance != "oppose"
        nouns = [t for t in p.tokens if s.pos[t] in ("NOUN", "PROPN") and t != p.head and s.lemmas[s.heads[t]] != "as"]
        if nouns and p.kind == "noun" and not asking and (p.cls.stance != "reverse" or not p.cls.operator):
            return nouns[-1:]  # "rejection of A's CLAIM to B", "lifting of the EMBARGO on B"
        if asking:
            # The stance is on what is demanded, which the pattern may take, not toward the one who is asked.
            slots = p.cls.content if nouns else (*p.cls.content, *slots)
        if p.cls.type == "ACCUSE" and p.kind == "verb":
            # "blamed A for the raid": who is blamed goes before what for
            slots = tuple(sorted(slots, key=lambda k: (not roles.actors_of(roles.heads(p, k)), k != "object")))
            if s.lemmas[p.tokens[-1]] in self._context.words.cause_prepositions:
                # "held A responsible for the raid": the parser makes A the subject of "responsible"
                small = [h for t in p.tokens[1:] for h in s.kids(t, "nsubj")]
                if blamed := list(roles.heads(p, "object")) or small:
                    return blamed
        for slot in slots:
            heads = self._one_preposition([h for h in roles.heads(p, slot) if not self.another(h)])
            heads = [h for h in heads if may_be_object(self._context, p, h)]
            if asking:
                heads = [h for h in heads if slot == "clause" or not self._context.actors.at(h).actors]
            if slot == "owner":
                # "support A's demand for B": the stance is on the demand, which the pattern has taken.
                if heads and nouns:
                    return nouns[-1:]
                continue
            if heads:
                return heads
        return nouns[-1:] if asking or turns(p) else []  # "call for a solution"

    def _one_preposition(self, heads: list[int]) -> list[int]:
        """ "Support for A in its dispute with B" is on A: of several prepositional phrases the first one counts."""
        s = self._context.sentence
        return [h for h in heads if s.heads[h] == s.heads[heads[0]] or s.heads[h] in heads]

    def of(self, p: Predicate, head: int, holders: Filler) -> Iterator[StanceObject]:
        if head < 0:
            return
        s = self._context.sentence
        stance = self.stance(p)
        steps: tuple[str, ...] = ()
        if (turning := turned_within(self._context, p, head)) is not None:
            stance, steps = _OPPOSITE[stance], (f"{self._word(turning)!r} turns the stance",)
        if self._own_deed(p, head) and (named := issues(self._context, head, p)):
            # who joins "the BOYCOTT of the games", an issue of its own, is for it
            steps = (*steps, f"{self._word(head)!r} is the deed itself")
            yield StanceObject(_OPPOSITE[stance], Filler(), named, head, phrase(self._context, head, p), steps)
            return
        seen = set()
        whole = bool(self._context.actors.resolve(head))  # which takes in the actors joined to it
        joined = [c for c in s.kids(head, "conj") if s.pos[c] in ("NOUN", "PROPN") and not one_name(s, head, c)]
        for i in [head, *(c for c in joined if not (whole and self._context.actors.at(c).actors))]:
            if i not in seen:
                seen.add(i)
                yield from self._about(i, stance, holders, p, steps, 0)
        if stance == "support" and p.kind == "verb":
            yield from self._second_sides(p, head, holders)

    def _own_deed(self, p: Predicate, head: int) -> bool:
        """Tell whether the object of a hostile verb is the noun for the same deed: "joined the boycott"."""
        q = self._context.predicates.get(head) or self._context.hidden.get(head)
        return q is not None and q.kind == "noun" and q.cls is p.cls and p.kind == "verb" and self._hostile(p)

    def _second_sides(self, p: Predicate, head: int, holders: Filler) -> Iterator[StanceObject]:
        """ "Backed A AGAINST B", "thanked A FOR opposing B": a stance on B too."""
        s = self._context.sentence
        for c in (*s.kids(p.head, "prep"), *s.kids(head, "prep")):
            if s.lemmas[c] == "against":
                for o in s.kids(c, "pobj"):
                    toward, found = self._toward(o, holders), issues(self._context, o, p)
                    if toward or found:
                        span = phrase(self._context, o, p)
                        against = StanceObject("oppose", toward, found, o, span, ("what it is against",))
                        yield from self._signed(against)
            for o in s.kids(c, "pcomp") if p.cls.operator == "praise" else ():
                q = self._context.predicates.get(o)
                if q is not None and q.cls.stance in ("support", "oppose"):
                    for h in self.heads(q):
                        yield from self._about(h, cast(Stance, q.cls.stance), holders, p, ("what is praised",), 1)

    def _about(
        self, head: int, stance: Stance, holders: Filler, outer: Predicate, steps: tuple[str, ...], depth: int
    ) -> Iterator[StanceObject]:
        """Yield what a stance on the phrase at `head` amounts to, opening nested stances and reversals."""
        context = self._context
        s = context.sentence
        clause = s.pos[head] in ("VERB", "AUX")
        if clause and denies(s, head, context.words):
            if outer.cls.type == "ACCUSE" or stance == "oppose":
                # "disappointed that A had not left": against A, whatever A did not do
                if toward := self._toward(head, holders):
                    yield StanceObject(stance, toward, (), head, phrase(context, head, outer), steps)
                return
            stance, steps = _OPPOSITE[stance], (*steps, "a stance on what is not to be")
        q = context.predicates.get(head) or context.hidden.get(head)
        inner = self.heads(q) if q is not None and (q.cls.stance or turns(q)) and depth < _MAX_DEPTH else []
        if q is not None and turns(q) and inner:
            yield from self._turned_about(q, inner, stance, holders, outer, steps, depth)
        elif (
            q is not None
            and q.cls.stance in ("support", "oppose")
            and inner
            and (q.kind == "noun" or (clause and stance == "support"))
        ):
            yield from self._nested(q, inner, stance, holders, outer, steps, depth)
        else:
            yield from self._thing(head, stance, holders, outer, steps)

    def _turned_about(
        self, q: Predicate, inner: Sequence[int], stance: Stance, holders: Filler, outer: Predicate,
        steps: tuple[str, ...], depth: int,
    ) -> Iterator[StanceObject]:  # fmt: skip
        """Yield the stance on what a turning word acts on, and that on whoever acts: "opposes A's ban on B"."""
        s = self._context.sentence
        whole = issues(self._context, q.head, outer)[:1]
        if whole and q.kind == "noun" and not any(whole[0] in issues(self._context, h, outer) for h in inner):
            # "backs the WITHDRAWAL from A", an issue of its own: it is not against A
            yield StanceObject(stance, Filler(), whole, q.head, phrase(self._context, q.head, outer), steps)
            return
        acts = not self._context.roles.actors_of(inner) or s.deps[inner[0]] != "poss"  # not "A's removal"
        if q.kind == "noun" and acts and (toward := self._owner(q, holders)):
            yield StanceObject(stance, toward, (), q.head, phrase(self._context, q.head, outer), steps)
        turned = (*steps, f"{self._word(q.head)!r} turns the stance ({q.cls.where})")
        for h in inner:
            for found in self._about(h, _OPPOSITE[stance], holders, outer, turned, depth + 1):
                if stance == "support":
                    yield found
                elif found.issues:
                    yield replace(found, toward=Filler())  # who fears the fall of B does not thereby back B

    def _nested(
        self, q: Predicate, inner: Sequence[int], stance: Stance, holders: Filler, outer: Predicate,
        steps: tuple[str, ...], depth: int,
    ) -> Iterator[StanceObject]:  # fmt: skip
        """Yield what a stance on somebody's stance amounts to: toward that somebody, and on what theirs is on."""
        product: Stance = stance if stance_in(q) == "support" else _OPPOSITE[stance]
        hostile = self._hostile(q)
        if q.kind == "noun" and ((toward := self._owner(q, holders) or self._toward(q.head, holders)) or hostile):
            about = issues(self._context, q.head, outer) if product == stance or hostile else ()
            why = f"{self._word(q.head)!r}: the stance is toward its holder"
            yield StanceObject(stance, toward, about, q.head, phrase(self._context, q.head, outer), (*steps, why))
        if hostile:
            return
        for h in inner:
            why = f"a {stance_in(q)} that the holder {stance}s"
            turned = turned_within(self._context, q, h) is not None
            of = _OPPOSITE[product] if turned else product
            yield from self._about(h, of, holders, outer, (*steps, why), depth + 1)

    def _hostile(self, q: Predicate) -> bool:
        codebook = self._context.knowledge.codebook
        return bool(q.cls.type) and codebook.quad(q.cls.type) == 4

    def _thing(
        self, head: int, stance: Stance, holders: Filler, outer: Predicate, steps: tuple[str, ...]
    ) -> Iterator[StanceObject]:
        """Yield the stance on a phrase that holds no other: on whom it names, or means, and on its issue."""
        context, s = self._context, self._context.sentence
        toward = self._toward(head, holders)
        if not clear(context, head, {a.code for a in toward.actors}):
            if s.lemmas[outer.head] not in context.words.voting_verbs:
                return
            toward = Filler()  # what is voted on is known to be a thing, be it only "it"
        if s.pos[head] in ("VERB", "AUX") and stance == "support":
            toward = Filler()  # "hopes that A leaves" is for what A is to do
        implicit = False
        if not toward and meant(context, (head,)):
            implicit = True
            hint = hinted(context)
            toward = Filler(tuple(others(hint.actors, holders.actors)), hint.heads, hint.slot)
            who = ", ".join(a.name for a in toward.actors)
            steps = (*steps, f"not named, but hinted at: {who}" if who else "not named, and no hint is given")
        span, found = phrase(context, head, outer), self._issues_of(head, stance, outer)
        about = s.lemmas[head] in context.words.matters and s.kid(head, "poss") is None
        if about or _of_its_territory(toward, found):
            toward = Filler()  # the war in A, the deal with A: no word on A
        yield from self._signed(StanceObject(stance, toward, found, head, span, steps, implicit))

    def _signed(self, found: StanceObject) -> Iterator[StanceObject]:
        """Yield it with the sign that it has for its issue: who is against what the issue is against supports it."""
        s, words = self._context.sentence, self._context.words
        best, head = found.issues[:1], found.head
        # "a deal ON climate change"
        topic = s.deps[head] == "pobj" and s.lemmas[s.heads[head]] in words.topic_prepositions
        if topic or not best or not self._context.knowledge.issues.is_against(best[0], s.words, s.lemmas, head):
            yield found
            return
        if found.toward:  # "opposes A's spread of nuclear weapons": against A, and for the issue
            yield replace(found, issues=())
        why = f"the issue is against it ({best[0].where})"
        yield replace(found, stance=_OPPOSITE[found.stance], toward=Filler(), issues=best, steps=(*found.steps, why))

    def _issues_of(self, head: int, stance: Stance, outer: Predicate) -> tuple[Issue, ...]:
        """Return the issues that the phrase names, where the stance on the phrase is one on them.

        Who asks that something be done about a thing is for that thing only if it is to be begun, kept or given.
        """
        s, context = self._context.sentence, self._context
        found = issues(context, head, outer)
        if s.lemmas[head] in context.words.held_nouns:
            return ()  # what somebody is suspected of or held for is no matter of the stance
        if stance == "support" and any(s.lemmas[c] == "against" for c in s.kids(head, "prep")):
            return ()  # "backed strikes against B": B is another matter, see below
        near = [context.hidden.get(i) or context.predicates.get(i) for i in (*outer.tokens[1:], head)]
        if any(q is not None and q.cls.operator == "investigate" for q in near):
            return tuple(i for i in found if "investigated" in i.support)
        q = context.predicates.get(head) or context.hidden.get(head)
        kind = q.cls if q is not None else None
        if stance == "support" and kind is not None and kind.operator in _CLAIMING:
            return ()  # who backs a warning of B is not for B
        if s.pos[head] not in ("VERB", "AUX") or stance == "oppose":
            return found
        keeps = kind is not None and (
            (kind.type not in ("", "RETREAT") and context.knowledge.codebook.quad(kind.type) in (1, 2))
            or kind.operator in _KEEPING
        )
        upheld = s.lemmas[head] in context.words.upholding_verbs and s.kid(head, "ccomp") is None
        return found if keeps or upheld else ()

    def _owner(self, q: Predicate, holders: Filler) -> Filler:
        doers = self._context.roles.actor(q).actors if q.cls.type else self._context.actors.holders_of(q.head)
        left = tuple(a for a in others(doers, holders.actors) if a.code and a.code not in codes(holders))
        return Filler(left, (q.head,), "owner")

    def _toward(self, head: int, holders: Filler) -> Filler:
        """Return the actors that the phrase at `head` names or belongs to; nobody takes a stance on its own demand."""
        context = self._context
        owners = context.actors.holders_of(head)
        deed = context.predicates.get(head) or context.hidden.get(head)
        if deed is not None and deed.kind == "noun" and deed.cls.type and not deed.cls.reciprocal:
            doer = context.roles.actor(deed)  # against "the isolation of A" is not against A
            owners = doer.actors if not doer.slot.startswith("prep:in") else ()
            if not owners and context.knowledge.codebook.quad(deed.cls.type) == 2:  # "the sale of A's arms to B"
                of = [o for c in context.sentence.kids(head, "prep") for o in context.sentence.kids(c, "pobj")[:1]]
                owners = context.actors.holders_of(of[0]) if of else ()
        options = [context.actors.resolve(head), owners, context.roles.made_by(head)]
        s = context.sentence
        if s.pos[head] == "NOUN" and s.kid(head, "conj") is not None and not context.actors.at(head).actors:
            options = [owners, *options]  # "A's invasion and B": not B alone
        relation = s.lemmas[head] in context.words.relational_nouns - context.words.counterpart_nouns
        if relation and s.kid(head, "appos") is None and s.kid(head, "poss") is not None:
            return Filler()  # "its NATO ally" is not NATO, "A's neighbours" are not A
        if s.pos[head] in ("VERB", "AUX"):  # "concern about A's doing", "regret that A did": toward the one who does
            own = s.kid(head, "nsubj", "nsubjpass", "poss") is not None
            subjects = context.clauses.subject(head) if own else ()
            options = [f for h in subjects for f in (context.actors.resolve(h), context.actors.holders_of(h))]
        for actors in options:
            left = tuple(a for a in others(actors, holders.actors) if a.code)
            # "Turkish troops and the rebels that Turkey backs": nobody backs itself
            left = tuple(a for a in left if a.code not in codes(holders)) or left
            if left:
                return Filler(left, (head,), "content") if named(context, head, {a.code for a in left}) else Filler()
        if context.actors.holders_of(head):
            return self._other_than_holder(head, holders)
        return Filler()

    def _other_than_holder(self, head: int, holders: Filler) -> Filler:
        """ "A joined B and supported its demand": "its" cannot be A's own, so it is B's."""
        s = self._context.sentence
        pronoun = next((c for c in s.kids(head, "poss") if s.words[c].lower() in self._context.words.pronouns), None)
        if pronoun is None:
            return Filler()
        kind = self._context.words.pronouns[s.words[pronoun].lower()]
        here = {a.code for i in range(pronoun) for a in self._context.actors.at(i).actors}
        for actors in self._context.discourse.candidates(kind, s.index, pronoun):
            if not here.issuperset(a.code for a in actors):
                return Filler()
            left = tuple(a for a in others(actors, holders.actors) if a.code)
            if left and not any(a.code in {h.code for h in holders.actors} for a in left):
                span = (s.starts[pronoun], s.ends[pronoun])
                text = s.words[pronoun]
                return Filler(tuple(replace(a, text=text, span=span) for a in left), (pronoun,), "pronoun")
        return Filler()

    def _word(self, i: int) -> str:
        return self._context.sentence.words[i]


def _of_its_territory(toward: Filler, found: Sequence[Issue]) -> bool:
    """Tell whether the only party is the state to which a territory belongs that is the issue itself."""
    return bool(found) and all(a.kind == "territory" and a.name not in a.text for a in toward.actors)


def codes(filler: Filler) -> tuple[str, ...]:
    return tuple(sorted({a.code for a in filler.actors}))
