"""Predicates -> positions: who backs or opposes whom and what, through nested stances and reversals.

"Supports A's demand for B" is support toward A and support on B; "opposition to the ban on B" is opposition to what
bans and, by reversal, no word on B; "calls for an end to B" is opposition on B.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from communique.coding.about import Objects, StanceObject, codes
from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.holders import FIRST_PERSON, accuser, holders_of, only_fights
from communique.coding.objects import (
    asks,
    demanding,
    negated_above,
    same_side,
    spoken_within,
    stance_in,
    takes_a_stand,
    undoing,
    undone_below,
)
from communique.coding.predicates import Predicate
from communique.coding.reality import status_of
from communique.coding.roles import Filler, others
from communique.records import Actor, Considered, Span, Stance, Status

_UTTERED = frozenset({"say", "tell", "ask", "claim", "warn", "demand", "hope", "believe"})
_VERBAL = frozenset({"", "ACCUSE", "SUPPORT", "REJECT", "REQUEST"})
_WANTING = frozenset({"intend"})
_NO_STAND = frozenset({"deny", "fail"})  # who fails to back B does not thereby oppose B
_GIVING_UP = "CONCEDE"


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


class PositionCoder:
    """Codes the positions of one sentence."""

    def __init__(self, context: SentenceContext, drafts: Sequence[EventDraft] = ()) -> None:
        """`drafts` are the sentence's events: a position from a deed has the deed's status."""
        self._context = context
        self._about = Objects(context)
        own = [d for d in drafts if d.deed is None]
        self._status = {d.predicate.head: d.status for d in own}
        # What the doer made another deed of ("troops withdrew") shows no stance of the pattern's.
        self._turned = {d.predicate.head for d in own if d.type != d.predicate.cls.type and not self._alike(d)}

    def code(self) -> list[PositionDraft]:
        """Return the positions of the sentence in text order, each once; a question states none."""
        drafts: list[PositionDraft] = []
        if asks(self._context.sentence):
            return drafts
        for head in sorted(self._context.predicates):
            p = self._context.predicates[head]
            taken = spoken_within(self._context, p)
            if taken is not None:
                drafts += self._positions(taken, p if p.cls.type == _GIVING_UP else None)
            elif stance_in(p) and head not in self._turned and takes_a_stand(p) and not undone_below(self._context, p):
                drafts += self._positions(p)
        return self._distinct(drafts)

    def _alike(self, d: EventDraft) -> bool:
        """Tell whether an event keeps the sign of its pattern's stance: a protest that is an accusation by its doer."""
        quad = self._context.knowledge.codebook.quad(d.type)
        return quad in ((1, 2) if d.predicate.cls.stance == "support" else (3, 4))

    def _positions(self, p: Predicate, giver: Predicate | None = None) -> Iterator[PositionDraft]:
        """Yield the positions that `p` tells of; `giver` takes them back ("dropped its opposition")."""
        context = self._context
        holders = holders_of(context, p)
        undoer = giver or undoing(context, p)
        if not (holders or holders.slot == FIRST_PERSON):
            return
        if undoer is not None and not same_side(context, undoer, p):
            if undoer.cls.stance:
                return  # another's stance governs this one, which is the position
            undoer = None
        if undoer is not None and p.cls.stance == "reverse":
            return
        if only_fights(p, holders) or (undoer is None and self._judged(p)):
            return
        heads = self._about.heads(p)
        if p.cls.reciprocal and not heads:
            return
        if not heads and (each := self._each_other(p, holders)):
            yield from each
            return
        for head in heads or [-1]:
            for found in self._about.of(p, head, holders):
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
        heads = [h for slot in slots for h in roles.heads(p, slot) if self._about.another(h)]
        if not heads or len(holders.actors) < 2:
            return []
        found = []
        for actor in holders.actors:
            toward = Filler(tuple(others(holders.actors, (actor,))), holders.heads, "each other")
            span = (s.starts[heads[0]], s.ends[heads[0]])
            thing = StanceObject(self._about.stance(p), toward, (), heads[0], span, ("every one toward the others",))
            found.append(self._draft(p, Filler((actor,), holders.heads, holders.slot), thing, None))
        return found

    def _draft(self, p: Predicate, holders: Filler, found: StanceObject, undoer: Predicate | None) -> PositionDraft:
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
            if stance == "support" and undoer.cls.operator not in _NO_STAND:
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
        if p.mood.negated or negated_above(self._context, p.head):
            return "denied"
        return self._status.get(p.head) or status_of(self._context, p)[0]

    def _useful(self, p: Predicate, found: StanceObject) -> bool:
        """Tell whether an object is worth a position: a party or an issue, or, of words spoken, the thing they name.

        A demand, concern or praise that fits no issue is a position still; a deed against something else is none.
        """
        if (demanding(p) and p.cls.stance in ("", "support")) or p.cls.speech in _WANTING:
            return bool(found.issues)  # what is demanded is not thereby backed: "demanded an inquiry into B"
        if self._at_law(p, found):
            return False
        if p.kind == "noun" and p.cls.type == "SANCTION" and not found.toward:
            return False  # "our sanctions": no word on sanctions
        if found.toward or found.issues:
            return p.cls.stance != "reverse" or bool(found.issues) or p.cls.speech != ""
        spoken = p.cls.speech in _UTTERED and p.cls.type in _VERBAL and p.kind == "verb"
        feared = p.cls.operator == "fear"  # of wolves and storms too
        s = self._context.sentence
        voted = s.lemmas[p.head] in self._context.words.voting_verbs
        return (voted and p.kind == "verb") or (spoken and not feared and s.pos[found.head] == "NOUN")

    def _at_law(self, p: Predicate, found: StanceObject) -> bool:
        """Tell whether a state only goes to law with its own people."""
        mine = {a.code for a in self._context.roles.actor(p).actors}
        return "legal" in p.cls.contexts and {a.code for a in found.toward.actors} <= mine

    def _distinct(self, drafts: Iterable[PositionDraft]) -> list[PositionDraft]:
        kept: dict[tuple[object, ...], PositionDraft] = {}
        for d in drafts:
            key = (d.stance, d.issue, codes(d.holders), codes(d.toward), None if d.issue or d.toward else d.content)
            kept.setdefault(key, d)
        return list(kept.values())

    def _word(self, i: int) -> str:
        return self._context.sentence.words[i]
