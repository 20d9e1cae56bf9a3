"""Predicates -> events: roles, status, and what operators make of the events that they govern.

The rules of composition stand in `knowledge/data/composition.toml`, each with the place of the PLOVER manual that it
follows. What grammar says of a deed (denied, planned, conditional) is kept as its status.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft, acceptable, merge
from communique.coding.parties import answered, is_scene, operators_of, with_means
from communique.coding.predicates import Predicate
from communique.coding.reality import combined, ruled, status_of
from communique.coding.roles import Filler, others
from communique.coding.saying import blamed, obliged, spoken_as
from communique.coding.sides import (
    hinted_side,
    joint,
    mode_within,
    named_before,
    of_taken_noun,
    partner,
    within,
)
from communique.knowledge.lexicon import Composition
from communique.records import Actor, Considered

_MAX_DEPTH = 6
_REPORTING = frozenset({"report", "warn"})
_CLAIMING = frozenset({"accuse", "warn", "deny", "fear"})
# What an operator over a cooperative deed that no pattern codes amounts to: "offered to help", "helped A to rebuild".
_OF_COOPERATION = {
    "promise": ("AGREE", "030"), "offer": ("AGREE", "030"), "ready": ("AGREE", "030"), "help": ("AID", "070"),
}  # fmt: skip
# What these say of a deed is said to its parties; who judges a deed says nothing to who suffered it.
_TO_PARTIES = frozenset({"REJECT", "REQUEST", "THREATEN", "CONCEDE", "SANCTION", "AGREE"})
_OF_FORCE = frozenset({"ASSAULT", "COERCE"})
_OF_OTHERS = frozenset({"fear", "hope", "expect"})
_VERBAL = frozenset({"REQUEST", "ACCUSE", "THREATEN", "AGREE", "REJECT"})  # said, whatever came of it
_JUDGING = frozenset({"accuse", "condemn", "praise", "support", "investigate"})


class EventCoder:
    """Codes the events of one sentence."""

    def __init__(self, context: SentenceContext) -> None:
        self._context = context
        self._done: dict[int, list[EventDraft]] = {}
        self._governed: set[int] = set()

    def code(self) -> list[EventDraft]:
        """Return the events of the sentence in text order; two patterns for one deed give one event."""
        drafts = [self._answering(d) for d in map(self._aimed, self.drafts()) if d.type and not d.predicate.mood.asked]
        kept = [d for d in merge(drafts) if acceptable(d)]
        for draft in kept:
            parties = (*draft.actors.actors, *draft.recipients.actors)
            # Somebody and whom he killed or caught are not "the two men" of the next sentence; two states may be.
            if draft.type not in _OF_FORCE or not any(a.person for a in parties):
                self._context.discourse.join(parties, self._context.sentence.index)
        return kept

    def drafts(self, *, governed: bool = False) -> list[EventDraft]:
        """Return all readings of the sentence's predicates, whatever is known of their parties.

        `governed`: with the deeds that an operator above them has made into something else.
        """
        for head in sorted(self._context.predicates):
            self._interpret(self._context.predicates[head], 0)
        taken = [q for p in self._context.predicates.values() for q in self._untold(p)]
        for q in taken:
            self._interpret(q, 0)
        return [
            draft
            for head in sorted({*self._context.predicates, *(q.head for q in taken)})
            if governed or head not in self._governed
            for draft in self._done.get(head, [])
        ]

    def _untold(self, p: Predicate) -> Iterator[Predicate]:
        """Yield the deed that a passive without agent takes, if it tells of none itself: "A's demand was ignored"."""
        s = self._context.sentence
        if p.kind != "verb" or not p.cls.type or any(d.actors for d in self._done.get(p.head, [])):
            return
        for t in p.tokens[1:]:
            q = self._context.hidden.get(t)
            if q is not None and q.kind == "noun" and s.deps[t] == "nsubjpass" and q.cls.type in _VERBAL:
                yield q

    def _aimed(self, draft: EventDraft) -> EventDraft:
        """Give a cut of relations that names no other side the one at which the last was aimed."""
        discourse, at = self._context.discourse, self._context.sentence.index
        if draft.type != "SANCTION":
            return draft
        if draft.recipients:
            discourse.aim(draft.type, draft.recipients.actors, at)
            return draft
        before = tuple(others(discourse.aimed(draft.type, at), draft.actors.actors))
        if not before or len(draft.actors.actors) > 1:
            return draft
        step = f"no other side is named: that of the last {draft.type}"
        return replace(draft, recipients=Filler(before, (), "before"), steps=(*draft.steps, step))

    def _answering(self, draft: EventDraft) -> EventDraft:
        """Violence that names no other side is aimed at who attacked the doer: "fired back after A attacked"."""
        if draft.type != "ASSAULT" or draft.recipients or draft.predicate.kind != "verb":
            return draft
        left, heads = answered([d for ds in self._done.values() for d in ds], draft)
        return replace(draft, recipients=Filler(left, heads, "answer")) if left else draft

    def _interpret(self, p: Predicate, depth: int) -> list[EventDraft]:
        if p.head in self._done:
            return self._done[p.head]
        if p.cls.operator in _CLAIMING and self._context.sentence.deps[p.head] == "amod":
            return self._done.setdefault(p.head, [])  # "the SUSPECTED attack": nobody accuses here
        if p.cls.operator == "agree" and any(map(self._is_past, self._contents(p))):
            return self._done.setdefault(p.head, [])  # "agreed it was clear that A had attacked B": a view, not a plan
        self._done[p.head] = []  # a cycle in a broken tree ends here
        drafts: list[EventDraft] = []
        # Who is to blame for a deed has done it; only who says so accuses.
        if (p.cls.operator or p.cls.speech) and p.cls.operator != "blame" and depth < _MAX_DEPTH:
            for inner in self._contents(p):
                for draft in self._interpret(inner, depth + 1):
                    if p.cls.operator:
                        drafts += self._compose(p, inner, draft, p.cls.operator)
                    if spoken := spoken_as(self._context, p, inner, draft):
                        drafts += self._compose(p, inner, draft, spoken)
                drafts += blamed(self._context, p, inner)
            drafts += self._ceased(p, depth)
        if not drafts and p.kind == "verb" and p.cls.speech == "say":
            drafts += obliged(self._context, p)
        if not p.cls.type and not drafts and p.cls.operator in _OF_COOPERATION and self._offers(p):
            drafts.append(self._plain(p, _OF_COOPERATION[p.cls.operator]))
        if p.cls.operator and not drafts and p.instead is not None and any(a.slot == "object" for a in p.arguments):
            # "backed A in the dispute": there is no deed for an operator to act on.
            pattern, tokens = p.instead
            drafts.append(self._plain(replace(p, pattern=pattern, tokens=tokens)))
        if (p.cls.to_person and not self._to_person(p)) or not self._by_whom_it_may(p):
            self._done[p.head] = drafts
            return drafts
        if p.cls.type and not any(d.predicate.head == p.head and d.type for d in drafts):
            drafts.append(self._plain(p))
            drafts += [self._also(drafts[-1], *more) for more in p.cls.also]
            drafts += self._told_within(p)
        self._done[p.head] = drafts
        return drafts

    def _is_past(self, p: Predicate) -> bool:
        """Tell whether a finite verb says that something was done."""
        s = self._context.sentence
        finite = s.tags[p.head] == "VBD" or any(s.tags[a] == "VBD" for a in s.kids(p.head, "aux", "auxpass"))
        return p.kind == "verb" and finite and not p.mood.modality

    def _by_whom_it_may(self, p: Predicate) -> bool:
        """Tell whether the doers are such as the class asks for: forces that leave, organisations that suspend."""
        doers = self._context.roles.actor(p).actors if p.cls.doers else ()
        return not p.cls.doers or (bool(doers) and all(a.sector in p.cls.doers or a.kind in p.cls.doers for a in doers))

    def _to_person(self, p: Predicate) -> bool:
        """Tell whether the recipient is a person, by name, office or role."""
        recipient = self._context.roles.recipient(p, self._context.roles.actor(p))
        return bool(recipient) and all(a.person or a.office for a in recipient.actors)

    def _ceased(self, p: Predicate, depth: int) -> Iterator[EventDraft]:
        """Yield the violence that ended by itself: "fighting between A and B ceased"."""
        s = self._context.sentence
        if (
            p.kind != "verb"
            or p.cls.operator not in ("end", "suspend")
            or s.lemmas[p.head] not in self._context.words.ending_verbs
        ):
            return
        if s.kid(p.head, "dobj", "nsubjpass") is not None:
            return
        for head in self._context.clauses.subject(p.head):
            inner = self._context.predicates.get(head)
            if inner is not None and inner.kind == "noun":
                for draft in self._interpret(inner, depth + 1):
                    yield from self._compose(p, inner, draft, "cease")

    def _also(self, draft: EventDraft, type_: str, mode: str) -> EventDraft:
        """Return the further event that the same words code: who is sentenced to prison is arrested too."""
        cameo = self._context.knowledge.codebook.default_cameo(type_, mode)
        return replace(draft, type=type_, mode=mode, cameo=cameo)

    def _claimed(self, p: Predicate, draft: EventDraft, by: Filler) -> EventDraft:
        """A deed of which one is accused is the accuser's claim, and no more than alleged if nobody says whose."""
        if p.cls.operator not in _CLAIMING:
            return draft
        if by.actors:
            return replace(draft, attributed_to=by.actors)
        step = f"{self._word(p.head)!r}: alleged by nobody who is known"
        return replace(draft, status=combined(draft.status, "hypothetical"), steps=(*draft.steps, step))

    def _offers(self, p: Predicate) -> bool:
        """Tell whether what is promised is cooperative, though no pattern codes it: "offered to help"."""
        s, known = self._context.sentence, self._context.knowledge
        wanted = known.lexicon.words.get("cooperative", frozenset())
        return (
            "AGREE" in known.codebook.types
            and p.kind == "verb"
            and any(s.lemmas[h] in wanted for h in self._context.roles.heads(p, "clause"))
        )

    def _told_within(self, p: Predicate) -> Iterator[EventDraft]:
        """Yield the deed that the pattern itself takes, if it is told as one: "accused A of arming B"."""
        for t in p.tokens[1:]:
            q = self._context.hidden.get(t)
            if p.cls.operator and q is not None and q.kind == "verb" and q.cls.type:
                draft = self._plain(q)
                rule = self._rule(p.cls.operator, draft, Filler())
                if rule is not None and rule.keep:
                    yield self._claimed(p, draft, self._context.roles.actor(p))

    def _contents(self, p: Predicate) -> Iterator[Predicate]:
        """Yield the predicates that an operator governs: its clause, its object, what its last preposition governs."""
        seen = {p.head}
        for slot in p.cls.content:
            for head in self._context.roles.heads(p, slot):
                found = self._context.inner(head)
                taken = self._context.hidden.get(head)
                if not found and taken is not None and slot == "clause" and not {head} & set(p.tokens):
                    found = [taken]  # "kept its promise to RELEASE": taken by the noun that the pattern takes itself
                for inner in found:
                    if inner.head not in seen:
                        seen.add(inner.head)
                        yield inner
                        if inner.cls.operator == "blame" and p.cls.operator in _CLAIMING:
                            # "accused A of being behind the RAID"
                            yield from self._contents(inner)

    def _plain(self, p: Predicate, otherwise: tuple[str, str] = ("", "")) -> EventDraft:
        """Return the event of the pattern itself, with the type and CAMEO code of its class or else `otherwise`."""
        roles = self._context.roles
        actors = roles.located(p, roles.actor(p))
        if not actors and p.kind == "verb":
            actors = of_taken_noun(self._context, p)
        recipients = roles.located(p, roles.recipient(p, actors))
        if not recipients and p.cls.type in _TO_PARTIES:
            recipients = within(self._context, p, actors)
        if self._accident(p):
            actors = Filler()
        if p.cls.reciprocal and actors:
            recipients = joint(p, actors, recipients or partner(self._context, p, actors))
            if recipients.slot == "joint":
                actors, recipients = recipients, Filler()
        implicit = False
        recipients = recipients or named_before(self._context, self._done, p, actors)
        if not recipients and (hint := hinted_side(self._context, p)):
            recipients, implicit = Filler(tuple(others(hint.actors, actors.actors)), hint.heads, hint.slot), True
        status, why = status_of(self._context, p)
        steps = [
            f"{self._word(p.head)!r} matches the pattern {p.pattern.text!r} of {p.cls.id} ({p.pattern.where})",
            *self._told("actor", actors), *self._told("recipient", recipients), *why,
        ]  # fmt: skip
        draft = EventDraft(
            self._context, p, p.tokens, p.cls.type or otherwise[0], p.cls.mode or mode_within(self._context, p),
            p.cls.cameo or otherwise[1], p.cls.contexts, actors, recipients, status, tuple(steps), tuple(self._lost(p)),
            implicit=implicit and bool(recipients),
        )  # fmt: skip
        if draft.type == "ASSAULT":
            draft = replace(draft, mode=with_means(draft))
        return self._future(self._by_parties(draft))

    def _accident(self, p: Predicate) -> bool:
        """Tell whether the deed is what an accident did: "crashed, killing six"."""
        s = self._context.sentence
        above = s.heads[p.head]
        return s.deps[p.head] in ("advcl", "conj") and s.lemmas[above] in self._context.words.accident_verbs

    def _by_parties(self, draft: EventDraft) -> EventDraft:
        """Some deeds are others by who does them: a government's protest is diplomatic, forces that leave retreat."""
        if draft.type == "PROTEST" and is_scene(draft):
            if len(draft.actors.heads) > 1:  # "protests over the war in A were held IN B"
                last = max(draft.actors.heads)
                here = Filler(self._context.roles.actors_of((last,)), (last,), draft.actors.slot)
                draft = replace(draft, actors=here or draft.actors)
            people = tuple(replace(a, sector="CVL") if a.sector in ("", "GOV") else a for a in draft.actors.actors)
            draft = replace(draft, actors=replace(draft.actors, actors=people))
        for operator in operators_of(draft):
            rule = self._rule(operator, draft, draft.actors)
            if rule is not None:
                why = f"{operator}: {draft.type} becomes {rule.type} ({rule.where})"
                cameo = self._cameo(rule, draft)
                return replace(draft, type=rule.type, mode=rule.mode, cameo=cameo, steps=(*draft.steps, why))
        return draft

    def _future(self, draft: EventDraft) -> EventDraft:
        """Cooperation to come is an intention (PLOVER: AGREE); conflict to come is planned."""
        if draft.predicate.mood.modality != "future" or draft.status == "denied":
            return draft
        rule = self._rule("future", draft, draft.actors)
        if rule is None or not rule.type or rule.type == draft.type:
            return draft
        return replace(
            draft, type=rule.type, mode=rule.mode, cameo=self._cameo(rule, draft),
            status=ruled(rule.status, draft.status),
            steps=(*draft.steps, f"in the future: {draft.type} becomes {rule.type} ({rule.where})"),
        )  # fmt: skip

    def _compose(self, p: Predicate, inner: Predicate, draft: EventDraft, operator: str) -> list[EventDraft]:
        """Return what `p`, taken as `operator`, makes of the event `draft` that it governs."""
        outer = self._plain_parties(p)
        rule = self._rule(operator, draft, outer[0])
        if rule is None:
            return []
        self._governed.add(inner.head)
        told = [self._claimed(p, draft, outer[0])] if rule.keep else []
        status, why = status_of(self._context, p)
        if rule.parties == "inner":
            # Who fears, hopes or foretells a deed does not do it.
            foreign = operator in _OF_OTHERS or self._of_outsiders(inner)
            actors = draft.actors or (Filler() if foreign else outer[0])
            recipients = draft.recipients
            final = combined(ruled(rule.status, draft.status), status)
        else:
            # Who planned a raid is not who accuses somebody of it, when it is not said who does.
            actors = outer[0] or (Filler() if operator in _CLAIMING else draft.actors)
            recipients = self._other_side(outer, draft, operator)
            final = ruled(rule.status, status)
        type_ = rule.type or draft.type
        mode = rule.mode if rule.type else draft.mode
        composed = EventDraft(
            self._context, p, (*p.tokens, *draft.triggers), type_, mode, self._cameo(rule, draft),
            tuple(dict.fromkeys((*p.cls.contexts, *draft.contexts))), actors, recipients, final,
            (
                f"{self._word(p.head)!r} matches the pattern {p.pattern.text!r} of {p.cls.id} ({p.pattern.where})",
                *draft.steps,
                f"{operator} + {draft.type} gives {type_}{'/' + mode if mode else ''} ({rule.where})",
                *self._told("actor", actors), *self._told("recipient", recipients), *why,
            ),
            (*self._lost(p), *draft.considered), deed=draft.deed or draft.predicate,
            attributed_to=draft.attributed_to or self._reporters(operator, inner, outer[0], actors),
        )  # fmt: skip
        if p.cls.operator == "accuse" and rule.parties == "inner":
            composed = self._claimed(p, composed, outer[0])
        return [composed, *told]

    def _of_outsiders(self, inner: Predicate) -> bool:
        """ "Rejected FOREIGN interference": whose deed it is was left open; it is not that of who rejects it."""
        s, words = self._context.sentence, self._context.words
        return inner.kind == "noun" and any(s.lemmas[c].lower() in words.outsiders for c in s.kids(inner.head, "amod"))

    def _reporters(self, operator: str, inner: Predicate, by: Filler, actors: Filler) -> tuple[Actor, ...]:
        """Return whose claim it is: "A reported that B had attacked"; what one announces of oneself is a deed."""
        own = {a.code for a in by.actors} & {a.code for a in actors.actors}
        return by.actors if operator in _REPORTING and inner.kind == "verb" and not own else ()

    def _plain_parties(self, p: Predicate) -> tuple[Filler, Filler]:
        actors = self._context.roles.actor(p)
        recipients = self._context.roles.recipient(p, actors)
        content = {h for slot in p.cls.content for h in self._context.roles.heads(p, slot)}
        if (
            recipients
            and set(recipients.heads) <= content
            and any(h in self._context.predicates for h in recipients.heads)
        ):
            recipients = Filler()  # the content itself ("urged an end to") is no party
        return actors, recipients

    def _other_side(self, outer: tuple[Filler, Filler], draft: EventDraft, operator: str) -> Filler:
        """The recipient of the operator, else the other party of what it governs: its doer first.

        Who suffered a deed is not the one whom its judge condemns or backs.
        """
        if outer[1]:
            return outer[1]
        for filler in (draft.actors,) if operator in _JUDGING else (draft.actors, draft.recipients):
            left = tuple(others(filler.actors, outer[0].actors))
            if left and (outer[0] or filler is draft.recipients):
                return Filler(left, filler.heads, "inner")
        return Filler()

    def _rule(self, operator: str, draft: EventDraft, outer: Filler) -> Composition | None:
        """Return the rule for `operator` over the event; some hold only if the operator's actor is the event's own."""
        quad = self._context.knowledge.codebook.quad(draft.type)
        mine = {a.code for a in outer.actors}
        own = not draft.actors or any(a.code in mine for a in draft.actors.actors)
        return self._context.knowledge.lexicon.compose(operator, draft.type, quad, draft.mode, draft.cameo, own)

    def _cameo(self, rule: Composition, draft: EventDraft) -> str:
        codebook = self._context.knowledge.codebook
        return rule.code(draft.cameo) or codebook.default_cameo(rule.type or draft.type, rule.mode)

    def _lost(self, p: Predicate) -> Iterator[Considered]:
        for other in p.others:
            result = other.cls.type or other.cls.stance or other.cls.speech or other.cls.operator
            why = "fewer words fit" if len(other.chain) < len(p.pattern.chain) else "it stands later in the lexicon"
            yield Considered(f"{other.text} ({other.cls.id}, {other.where})", result, why)

    def _told(self, role: str, filler: Filler) -> list[str]:
        reasons = [r for h in filler.heads if (r := self._context.actors.reason(h))]
        return [f"{role} in {filler.slot}: {reason}" for reason in reasons]

    def _word(self, i: int) -> str:
        return self._context.sentence.words[i]
