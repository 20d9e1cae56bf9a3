"""Predicates -> positions: who backs or opposes whom and what, through nested stances and reversals.

"Supports A's demand for B" is support toward A and support on B; "opposition to the ban on B" is opposition to what
bans and, by reversal, no word on B; "calls for an end to B" is opposition on B.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.extents import issues, phrase
from communique.coding.hints import hinted, meant
from communique.coding.holders import FIRST_PERSON, accuser, holders_of
from communique.coding.objects import (
    DEMANDING,
    clear,
    demanding,
    denies,
    may_be_object,
    negated_above,
    same_side,
    takes_a_stand,
    turned_within,
    turns,
    undoing,
    undone_below,
)
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler, others
from communique.knowledge.issues import Issue
from communique.records import Actor, Considered, Span, Stance, Status

_OPPOSITE: dict[str, Stance] = {"support": "oppose", "oppose": "support", "neutral": "neutral"}
_UTTERED = frozenset({"say", "tell", "ask", "claim", "warn", "demand", "hope", "believe"})
_VERBAL = frozenset({"", "ACCUSE", "SUPPORT", "REJECT", "REQUEST"})
_WANTING = frozenset({"intend"})
_MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """A position before it is dated and numbered."""

    context: SentenceContext
    predicate: Predicate
    triggers: tuple[int, ...]
    holders: Filler
    stance: Stance
    toward: Filler
    issue: str
    content: Span | None
    status: Status
    steps: tuple[str, ...]
    considered: tuple[Considered, ...]
    attributed_to: tuple[Actor, ...] = ()
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class _Object:
    """What a stance is about: parties, issues best first, the phrase, and how it was reached."""

    stance: Stance
    toward: Filler
    issues: tuple[Issue, ...]
    head: int
    span: Span
    steps: tuple[str, ...]
    implicit: bool = False


class PositionCoder:
    """Codes the positions of one sentence."""

    def __init__(self, context: SentenceContext, drafts: Sequence[EventDraft] = ()) -> None:
        """`drafts` are the sentence's events: a position from a deed has the deed's status."""
        self._context = context
        self._status = {d.predicate.head: d.status for d in drafts}
        # What the doer made another deed of ("troops withdrew") shows no stance of the pattern's.
        self._turned = {d.predicate.head for d in drafts if d.deed is None and d.type != d.predicate.cls.type}

    def code(self) -> list[PositionDraft]:
        """Return the positions of the sentence in text order, each once; a question states none."""
        drafts: list[PositionDraft] = []
        if self._context.sentence.words[-1] == "?":
            return drafts
        for head in sorted(self._context.predicates):
            p = self._context.predicates[head]
            if not (p.cls.stance or p.cls.speech == "demand") or head in self._turned:
                continue
            if takes_a_stand(p) and not undone_below(self._context, p):
                drafts += self._positions(p)
        return self._distinct(drafts)

    def _positions(self, p: Predicate) -> Iterator[PositionDraft]:
        context = self._context
        holders = holders_of(context, p)
        undoer = undoing(context, p)
        if not (holders or holders.slot == FIRST_PERSON):
            return
        if undoer is not None and not same_side(context, undoer, p):
            if undoer.cls.stance:
                return  # another's stance governs this one, which is the position
            undoer = None
        if self._judged(p):
            return
        heads = self._object_heads(p)
        if p.cls.reciprocal and not heads:
            return
        if not heads and (each := self._each_other(p, holders)):
            yield from each
            return
        for head in heads or [-1]:
            for found in self._objects(p, head, holders):
                if self._useful(p, found):
                    yield self._draft(p, holders, found, undoer)

    def _judged(self, p: Predicate) -> bool:
        """Tell whether a noun for a deed is only what another stance is on: "opposes A's sanctions on B"."""
        if p.kind != "noun" or not p.cls.type or p.cls.speech:
            return False
        for q in self._context.predicates.values():
            if q.cls.stance and q.head != p.head:
                slots = (*q.cls.recipient, *q.cls.content)
                if any(p.head in self._context.roles.heads(q, slot) for slot in slots):
                    return True
        return False

    def _each_other(self, p: Predicate, holders: Filler) -> list[PositionDraft]:
        """ "Each backed the other", "backed one another": every holder takes the stance toward the others."""
        s, roles = self._context.sentence, self._context.roles
        slots = p.cls.noun_recipient if p.kind == "noun" else p.cls.recipient
        heads = [h for slot in slots for h in roles.heads(p, slot) if s.words[h].lower() in ("other", "another")]
        if not heads or len(holders.actors) < 2:
            return []
        found = []
        for actor in holders.actors:
            toward = Filler(tuple(others(holders.actors, (actor,))), holders.heads, "each other")
            span = (s.starts[heads[0]], s.ends[heads[0]])
            thing = _Object(self._stance_of(p), toward, (), heads[0], span, ("every one toward the others",))
            found.append(self._draft(p, Filler((actor,), holders.heads, holders.slot), thing, None))
        return found

    def _object_heads(self, p: Predicate) -> list[int]:
        """Return the words that head what the stance is about: the first slot that is filled."""
        roles = self._context.roles
        slots = p.cls.noun_recipient if p.kind == "noun" else (*p.cls.recipient, *p.cls.content)
        if demanding(p):
            slots = (*p.cls.content, *slots)  # the stance is on what is demanded, not toward the one who is asked
        s = self._context.sentence
        if p.cls.type == "ACCUSE" and p.kind == "verb":
            # "blamed A for the raid": who is blamed goes before what for
            slots = tuple(sorted(slots, key=lambda k: (not roles.actors_of(roles.heads(p, k)), k != "object")))
        for slot in slots:
            heads = self._one_preposition(
                [h for h in roles.heads(p, slot) if s.words[h].lower() not in ("other", "another")]
            )
            heads = [h for h in heads if may_be_object(self._context, p, h)]
            if demanding(p):
                heads = [h for h in heads if slot == "clause" or not self._context.actors.at(h).actors]
            if heads and slot == "owner":
                # "support A's demand for B": the stance is on the demand, which the pattern has taken.
                return [t for t in p.tokens if s.pos[t] == "NOUN" and t != p.head][-1:] or heads
            if heads:
                return heads
        if p.cls.speech in DEMANDING or turns(p):  # "call for a solution": the pattern itself takes what is demanded
            return [t for t in p.tokens[1:] if s.pos[t] in ("NOUN", "PROPN")][-1:]
        return []

    def _one_preposition(self, heads: list[int]) -> list[int]:
        """ "Support for A in its dispute with B" is on A: of several prepositional phrases the first one counts."""
        s = self._context.sentence
        return [h for h in heads if s.heads[h] == s.heads[heads[0]] or s.heads[h] in heads]

    def _objects(self, p: Predicate, head: int, holders: Filler) -> Iterator[_Object]:
        if head < 0:
            return
        s = self._context.sentence
        stance, steps = self._stance_of(p), ()
        turning = turned_within(self._context, p, head) if p.cls.stance in ("", "support") else None
        if turning is not None:
            stance, steps = _OPPOSITE[stance], (f"{self._word(turning)!r} turns the stance",)
        seen = set()
        named = bool(self._context.actors.resolve(head))  # which takes in the actors joined to it
        joined = [c for c in s.kids(head, "conj") if s.pos[c] in ("NOUN", "PROPN")]
        for i in [head, *(c for c in joined if not (named and self._context.actors.at(c).actors))]:
            if i not in seen:
                seen.add(i)
                yield from self._about(i, stance, holders, p, steps, 0)
        if stance == "support" and p.kind == "verb":
            yield from self._second_sides(p, head, holders)

    def _second_sides(self, p: Predicate, head: int, holders: Filler) -> Iterator[_Object]:
        """ "Backed A AGAINST B", "thanked A FOR opposing B": a stance on B too."""
        s = self._context.sentence
        for c in (*s.kids(p.head, "prep"), *s.kids(head, "prep")):
            if s.lemmas[c] == "against":
                for o in s.kids(c, "pobj"):
                    if toward := self._toward(o, holders):
                        yield _Object("oppose", toward, (), o, phrase(self._context, o, p), ("the other side",))
            for o in s.kids(c, "pcomp") if p.cls.operator == "praise" else ():
                q = self._context.predicates.get(o)
                if q is not None and q.cls.stance in ("support", "oppose"):
                    for h in self._object_heads(q):
                        yield from self._about(h, cast(Stance, q.cls.stance), holders, p, ("what is praised",), 1)

    def _about(
        self, head: int, stance: Stance, holders: Filler, outer: Predicate, steps: tuple[str, ...], depth: int
    ) -> Iterator[_Object]:
        """Yield what a stance on the phrase at `head` amounts to, opening nested stances and reversals."""
        context = self._context
        s = context.sentence
        clause = s.pos[head] in ("VERB", "AUX")
        if clause and denies(s, head):
            if outer.cls.type == "ACCUSE" or stance == "oppose":
                # "disappointed that A had not left": against A, whatever A did not do
                if toward := self._toward(head, holders):
                    yield _Object(stance, toward, (), head, phrase(context, head, outer), steps)
                return
            stance, steps = _OPPOSITE[stance], (*steps, "a stance on what is not to be")
        q = context.predicates.get(head) or context.hidden.get(head)
        inner = self._object_heads(q) if q is not None and (q.cls.stance or turns(q)) and depth < _MAX_DEPTH else []
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
    ) -> Iterator[_Object]:  # fmt: skip
        """Yield the stance on what a turning word acts on, and that on whoever acts: "opposes A's ban on B"."""
        if q.kind == "noun" and (toward := self._owner(q, holders)):
            yield _Object(stance, toward, (), q.head, phrase(self._context, q.head, outer), steps)
        if stance == "oppose" and self._hostile(q):
            return  # condemning an attack on B is no support for B
        turned = (*steps, f"{self._word(q.head)!r} turns the stance ({q.cls.where})")
        for h in inner:
            yield from self._about(h, _OPPOSITE[stance], holders, outer, turned, depth + 1)

    def _nested(
        self, q: Predicate, inner: Sequence[int], stance: Stance, holders: Filler, outer: Predicate,
        steps: tuple[str, ...], depth: int,
    ) -> Iterator[_Object]:  # fmt: skip
        """Yield what a stance on somebody's stance amounts to: toward that somebody, and on what theirs is on."""
        product: Stance = stance if q.cls.stance == "support" else _OPPOSITE[stance]
        hostile = self._hostile(q)
        if q.kind == "noun" and ((toward := self._toward(q.head, holders)) or hostile):
            named = issues(self._context, q.head, outer) if product == stance or hostile else ()
            why = f"{self._word(q.head)!r}: the stance is toward its holder"
            yield _Object(stance, toward, named, q.head, phrase(self._context, q.head, outer), (*steps, why))
        if hostile:
            return
        for h in inner:
            why = f"a {q.cls.stance} that the holder {stance}s"
            yield from self._about(h, product, holders, outer, (*steps, why), depth + 1)

    def _hostile(self, q: Predicate) -> bool:
        codebook = self._context.knowledge.codebook
        return bool(q.cls.type) and codebook.quad(q.cls.type) == 4

    def _thing(
        self, head: int, stance: Stance, holders: Filler, outer: Predicate, steps: tuple[str, ...]
    ) -> Iterator[_Object]:
        """Yield the stance on a phrase that holds no other: on whom it names, or means, and on its issue."""
        context = self._context
        toward = self._toward(head, holders)
        if not clear(context, head, {a.code for a in toward.actors}):
            return
        if context.sentence.pos[head] in ("VERB", "AUX") and stance == "support":
            toward = Filler()  # "hopes that A leaves" is for what A is to do
        implicit = False
        if not toward and meant(context, (head,)):
            implicit = True
            hint = hinted(context)
            toward = Filler(tuple(others(hint.actors, holders.actors)), hint.heads, hint.slot)
            who = ", ".join(a.name for a in toward.actors)
            steps = (*steps, f"not named, but hinted at: {who}" if who else "not named, and no hint is given")
        span = phrase(context, head, outer)
        yield _Object(stance, toward, issues(context, head, outer), head, span, steps, implicit)

    def _owner(self, q: Predicate, holders: Filler) -> Filler:
        doers = self._context.roles.actor(q).actors if q.cls.type else self._context.actors.holders_of(q.head)
        left = tuple(a for a in others(doers, holders.actors) if a.code and a.code not in codes(holders))
        return Filler(left, (q.head,), "owner")

    def _toward(self, head: int, holders: Filler) -> Filler:
        """Return the actors that the phrase at `head` names or belongs to; nobody takes a stance on its own demand."""
        context = self._context
        owners = context.actors.holders_of(head)
        deed = context.predicates.get(head) or context.hidden.get(head)
        if deed is not None and deed.kind == "noun" and deed.cls.type:
            owners = context.roles.actor(deed).actors  # against "the isolation of A" is not against A
        named = [context.actors.resolve(head), owners, context.roles.made_by(head)]
        s = context.sentence
        if s.pos[head] in ("VERB", "AUX"):  # "concern about A's doing", "regret that A did": toward the one who does
            own = s.kid(head, "nsubj", "nsubjpass", "poss") is not None
            subjects = context.clauses.subject(head) if own else ()
            named = [f for h in subjects for f in (context.actors.resolve(h), context.actors.holders_of(h))]
        for actors in named:
            left = tuple(a for a in others(actors, holders.actors) if a.code)
            # "Turkish troops and the rebels that Turkey backs": nobody backs itself
            left = tuple(a for a in left if a.code not in codes(holders)) or left
            if left:
                return Filler(left, (head,), "content")
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
        for actors in self._context.discourse.candidates(kind, s.index, pronoun):
            left = tuple(a for a in others(actors, holders.actors) if a.code)
            if left and not any(a.code in {h.code for h in holders.actors} for a in left):
                span = (s.starts[pronoun], s.ends[pronoun])
                text = s.words[pronoun]
                return Filler(tuple(replace(a, text=text, span=span) for a in left), (pronoun,), "pronoun")
        return Filler()

    def _draft(self, p: Predicate, holders: Filler, found: _Object, undoer: Predicate | None) -> PositionDraft:
        issue = found.issues[0] if found.issues else None
        stance, status = found.stance, self._status_of(p)
        steps = [
            f"{self._word(p.head)!r} matches the pattern {p.pattern.text!r} of {p.cls.id} ({p.pattern.where})",
            *found.steps,
            *(f"holder in {holders.slot}: {r}" for h in holders.heads if (r := self._context.actors.reason(h))),
        ]  # fmt: skip
        if undoer is not None:
            # To refuse to back B is to oppose B; not to condemn B is no more than that.
            steps.append(f"{self._word(undoer.head)!r} undoes it ({undoer.cls.where})")
            if stance == "support" and undoer.cls.operator != "deny":
                stance, status = "oppose", self._status_of(undoer)
            else:
                status = "denied"
        if issue is not None:
            steps.append(f"the phrase names the issue {issue.id} ({issue.where})")
        lost = [Considered(i.id, "issue", "names less of the phrase") for i in found.issues[1:4]]
        return PositionDraft(
            self._context, p, p.tokens, holders, stance, found.toward, issue.id if issue else "", found.span,
            status, tuple(steps), tuple(lost), accuser(self._context, p), implicit=found.implicit,
        )  # fmt: skip

    def _status_of(self, p: Predicate) -> Status:
        if p.head in self._status:
            return self._status[p.head]
        if p.mood.negated or negated_above(self._context, p.head):
            return "denied"
        if p.mood.modality in ("possible", "conditional", "hedged"):
            return "hypothetical"
        return "planned" if p.mood.modality == "future" else "actual"

    def _useful(self, p: Predicate, found: _Object) -> bool:
        """Tell whether an object is worth a position: a party or an issue, or, of words spoken, the thing they name.

        A demand, concern or praise that fits no issue is a position still; a deed against something else is none.
        """
        if (demanding(p) and p.cls.stance != "reverse") or p.cls.speech in _WANTING:
            return bool(found.issues)  # what is demanded is not thereby backed: "demanded an inquiry into B"
        if found.toward or found.issues:
            return p.cls.stance != "reverse" or bool(found.issues) or p.cls.speech != ""
        spoken = p.cls.speech in _UTTERED and p.cls.type in _VERBAL and p.kind == "verb"
        return spoken and self._context.sentence.pos[found.head] == "NOUN"

    def _distinct(self, drafts: Iterable[PositionDraft]) -> list[PositionDraft]:
        kept: dict[tuple[object, ...], PositionDraft] = {}
        for d in drafts:
            key = (d.stance, d.issue, codes(d.holders), codes(d.toward), None if d.issue or d.toward else d.content)
            kept.setdefault(key, d)
        return list(kept.values())

    def _stance_of(self, p: Predicate) -> Stance:
        """A demand is for what it demands; a reversal with a holder of its own ("ended B") is opposition."""
        if not p.cls.stance:
            return "support"
        return "oppose" if p.cls.stance == "reverse" else cast(Stance, p.cls.stance)

    def _word(self, i: int) -> str:
        return self._context.sentence.words[i]


def codes(filler: Filler) -> tuple[str, ...]:
    return tuple(sorted({a.code for a in filler.actors}))
