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
from communique.coding.hints import hinted, meant
from communique.coding.objects import may_be_object, negated_above, takes_a_stand, vague
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler, others
from communique.knowledge.issues import Issue
from communique.records import Actor, Considered, Span, Stance, Status

_OPPOSITE: dict[str, Stance] = {"support": "oppose", "oppose": "support", "neutral": "neutral"}
_UNDOING = frozenset({"refuse", "deny", "fail", "prevent"})
_ENDING = frozenset({"end", "suspend", "cancel"})
_UTTERED = frozenset({"say", "tell", "ask", "claim", "warn", "demand", "hope", "believe"})
_VERBAL = frozenset({"", "ACCUSE", "SUPPORT", "REJECT", "REQUEST"})
_BY_PLACE = ("place", "prep:from")
_DEMANDING = frozenset({"demand", "ask"})
_MAX_DEPTH = 5
_MAX_EXPRESSION = 30  # words; a longer noun phrase is cut, as evidence should stay readable


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
        """Return the positions of the sentence in text order, each once."""
        drafts: list[PositionDraft] = []
        for head in sorted(self._context.predicates):
            p = self._context.predicates[head]
            if not (p.cls.stance or p.cls.speech == "demand") or head in self._turned:
                continue
            if takes_a_stand(p) and not self._undone(p):
                drafts += self._positions(p)
        return self._distinct(drafts)

    def _undone(self, p: Predicate) -> bool:
        """Tell whether another stance governs this one ("refuses to recognise B"): the outer one is the position."""
        for q in self._context.predicates.values():
            if q.head == p.head or q.cls.operator not in _UNDOING or not q.cls.stance:
                continue
            heads = [h for slot in q.cls.content for h in self._context.roles.heads(q, slot)]
            if any(inner.head == p.head for h in heads for inner in self._context.inner(h)):
                return True
        return False

    def _positions(self, p: Predicate) -> Iterator[PositionDraft]:
        roles = self._context.roles
        holders = roles.actor(p) or (roles.clause_subject(p.head) if p.kind == "noun" else Filler())
        if holders.slot in _BY_PLACE:
            return  # "were displaced in A": whose deed it is, is only guessed from where it was done
        holders = Filler(tuple(a for a in holders.actors if a.code), holders.heads, holders.slot)
        if not holders or vague(self._context, holders):
            return
        heads = self._object_heads(p)
        if p.cls.reciprocal and not heads:
            return
        for head in heads or [-1]:
            for found in self._objects(p, head, holders):
                if self._useful(p, found):
                    yield self._draft(p, holders, found)
        if not heads and (each := self._each_other(p, holders)):
            yield from each

    def _each_other(self, p: Predicate, holders: Filler) -> list[PositionDraft]:
        """ "Each backed the other": every holder takes the stance toward the others."""
        s = self._context.sentence
        subject = next((a.head for a in p.arguments if a.slot == "subject"), None)
        if subject is None or s.words[subject].lower() not in ("each", "both") or len(holders.actors) < 2:
            return []
        found = []
        for actor in holders.actors:
            toward = Filler(tuple(others(holders.actors, (actor,))), holders.heads, "each other")
            span = (s.starts[subject], s.ends[subject])
            thing = _Object(_stance_of(p), toward, (), subject, span, ("'each': every one toward the others",))
            found.append(self._draft(p, Filler((actor,), holders.heads, holders.slot), thing))
        return found

    def _object_heads(self, p: Predicate) -> list[int]:
        """Return the words that head what the stance is about: the first slot that is filled."""
        roles = self._context.roles
        slots = p.cls.noun_recipient if p.kind == "noun" else (*p.cls.recipient, *p.cls.content)
        if p.cls.speech in _DEMANDING or p.cls.operator in _DEMANDING:
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
            if p.cls.speech in _DEMANDING or p.cls.operator in _DEMANDING:
                heads = [h for h in heads if slot == "clause" or not self._context.actors.at(h).actors]
            if heads and slot == "owner":
                # "support A's demand for B": the stance is on the demand, which the pattern has taken.
                return [t for t in p.tokens if s.pos[t] == "NOUN" and t != p.head][-1:] or heads
            if heads:
                return heads
        if p.cls.speech in _DEMANDING:  # "call for a solution": the pattern itself takes what is demanded
            return [t for t in p.tokens[1:] if s.pos[t] == "NOUN"][-1:]
        return []

    def _one_preposition(self, heads: list[int]) -> list[int]:
        """ "Support for A in its dispute with B" is on A: of several prepositional phrases the first one counts."""
        s = self._context.sentence
        return [h for h in heads if s.heads[h] == s.heads[heads[0]] or s.heads[h] in heads]

    def _objects(self, p: Predicate, head: int, holders: Filler) -> Iterator[_Object]:
        if head < 0:
            return
        s = self._context.sentence
        seen = set()
        named = bool(self._context.actors.resolve(head))  # which takes in the actors joined to it
        joined = [c for c in s.kids(head, "conj") if s.pos[c] in ("NOUN", "PROPN")]
        for i in [head, *(c for c in joined if not (named and self._context.actors.at(c).actors))]:
            if i not in seen:
                seen.add(i)
                yield from self._about(i, _stance_of(p), holders, p, (), 0)

    def _about(
        self, head: int, stance: Stance, holders: Filler, outer: Predicate, steps: tuple[str, ...], depth: int
    ) -> Iterator[_Object]:
        """Yield what a stance on the phrase at `head` amounts to, opening nested stances and reversals."""
        context = self._context
        s = context.sentence
        q = context.predicates.get(head) or context.hidden.get(head)
        inner = self._object_heads(q) if q is not None and (q.cls.stance or _turns(q)) and depth < _MAX_DEPTH else []
        if q is not None and _turns(q) and inner:
            turned = (*steps, f"{self._word(head)!r} turns the stance ({q.cls.where})")
            for h in inner:
                yield from self._about(h, _OPPOSITE[stance], holders, outer, turned, depth + 1)
            return
        span = self._phrase(head, outer)
        if q is not None and q.cls.stance in ("support", "oppose") and inner and q.kind == "noun":
            toward = self._toward(head, holders)
            if toward:
                issues = self._issues(head, outer)
                yield _Object(
                    stance,
                    toward,
                    issues,
                    head,
                    span,
                    (*steps, f"{self._word(head)!r}: the stance is toward its holder"),
                )
            if q.cls.type and context.knowledge.codebook.quad(q.cls.type) in (2, 4):
                return  # condemning an attack on B is no support for B
            product: Stance = stance if q.cls.stance == "support" else _OPPOSITE[stance]
            for h in inner:
                yield from self._about(
                    h, product, holders, outer, (*steps, f"a {q.cls.stance} that the holder {stance}s"), depth + 1
                )
            return
        toward = self._toward(head, holders)
        if s.pos[head] == "VERB" and self._denies(head):
            stance, steps = _OPPOSITE[stance], (*steps, "a stance on what is not to be")
        implicit = False
        if not toward and meant(context, (head,)):
            implicit = True
            hint = hinted(context)
            toward = Filler(tuple(others(hint.actors, holders.actors)), hint.heads, hint.slot)
            who = ", ".join(a.name for a in toward.actors)
            steps = (*steps, f"not named, but hinted at: {who}" if who else "not named, and no hint is given")
        yield _Object(stance, toward, self._issues(head, outer), head, span, steps, implicit)

    def _denies(self, head: int) -> bool:
        """Tell whether the clause at `head`, or a clause within it, is negated once: "a pledge that B won't expand"."""
        s = self._context.sentence
        return sum(s.deps[i] == "neg" or s.words[i].lower() in ("n't", "not", "never") for i in s.subtree(head)) == 1

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

    def _issues(self, head: int, outer: Predicate) -> tuple[Issue, ...]:
        s = self._context.sentence
        first, last = self._extent(head, outer)
        near = {a.code for i in range(first, last + 1) for a in self._context.actors.at(i).actors if a.code}
        near |= {a.code for a in self._context.actors.holders_of(head)}
        return self._context.knowledge.issues.of_phrase(s.words[first : last + 1], s.lemmas[first : last + 1], near)

    def _extent(self, head: int, outer: Predicate) -> tuple[int, int]:
        """Return first and last word of the phrase: its subtree and a clause that explains it ("the stance that ..."),

        up to the next predicate that has a stance of its own in the same clause.
        """
        s = self._context.sentence
        below = s.subtree(head)
        first, last = max(below.start, outer.head + 1) if outer.head < head else below.start, below.stop - 1
        if last + 1 < len(s) and s.words[last + 1].lower() == "that":
            last = s.rights[s.heads[last + 1]] if s.heads[last + 1] > last else last
        for c in s.kids(head, "conj"):  # each of several things has a position of its own
            if s.pos[c] in ("NOUN", "PROPN") and not self._context.actors.at(c).actors:
                last = min(last, s.lefts[c] - 1)
        for i in range(head + 1, last + 1):
            stop = i in self._context.predicates and self._context.predicates[i].cls.stance in ("support", "oppose")
            if stop and s.deps[i] == "conj":
                last = i - 1
                break
        for i in range(first, last + 1):  # what a relative clause adds is another matter
            if s.deps[i] == "relcl" and s.lefts[i] > head and s.kids(i, "nsubj", "nsubjpass", "dobj", "prep"):
                last = min(last, s.lefts[i] - 1)
        while last > head and s.pos[last] in ("PUNCT", "CCONJ"):
            last -= 1
        return first, min(last, first + _MAX_EXPRESSION) if last - first > _MAX_EXPRESSION else last

    def _phrase(self, head: int, outer: Predicate) -> Span:
        first, last = self._extent(head, outer)
        s = self._context.sentence
        while first < last and s.pos[first] in ("PUNCT", "DET"):
            first += 1
        return s.cut(first, last)

    def _draft(self, p: Predicate, holders: Filler, found: _Object) -> PositionDraft:
        issue = found.issues[0] if found.issues else None
        steps = [
            f"{self._word(p.head)!r} matches the pattern {p.pattern.text!r} of {p.cls.id} ({p.pattern.where})",
            *found.steps,
            *(f"holder in {holders.slot}: {r}" for h in holders.heads if (r := self._context.actors.reason(h))),
        ]  # fmt: skip
        if issue is not None:
            steps.append(f"the phrase names the issue {issue.id} ({issue.where})")
        lost = [Considered(i.id, "issue", "names less of the phrase") for i in found.issues[1:4]]
        return PositionDraft(
            self._context, p, p.tokens, holders, found.stance, found.toward, issue.id if issue else "", found.span,
            self._status_of(p), tuple(steps), tuple(lost), implicit=found.implicit,
        )  # fmt: skip

    def _status_of(self, p: Predicate) -> Status:
        if p.head in self._status:
            return self._status[p.head]
        if p.mood.negated or negated_above(self._context.sentence, p.head):
            return "denied"
        if p.mood.modality in ("possible", "conditional", "hedged"):
            return "hypothetical"
        return "planned" if p.mood.modality == "future" else "actual"

    def _useful(self, p: Predicate, found: _Object) -> bool:
        """Tell whether an object is worth a position: a party or an issue, or, of words spoken, the thing they name.

        A demand, concern or praise that fits no issue is a position still; a deed against something else is none.
        """
        demanding = p.cls.speech in _DEMANDING or p.cls.operator in _DEMANDING
        if demanding and p.cls.stance != "reverse":
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

    def _word(self, i: int) -> str:
        return self._context.sentence.words[i]


def _stance_of(p: Predicate) -> Stance:
    """A reversal with a holder of its own ("A called for an end to B") is opposition."""
    if not p.cls.stance:
        return "support"  # a demand is for what it demands
    return "oppose" if p.cls.stance == "reverse" else cast(Stance, p.cls.stance)


def _turns(q: Predicate) -> bool:
    return q.cls.stance == "reverse" or q.cls.operator in _ENDING


def codes(filler: Filler) -> tuple[str, ...]:
    return tuple(sorted({a.code for a in filler.actors}))
