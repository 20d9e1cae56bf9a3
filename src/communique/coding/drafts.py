"""Event drafts: what is known of an event before it is dated and numbered, which are kept, and which are one deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from communique.coding.context import SentenceContext
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler, key
from communique.records import Actor, Considered, Magnitude, Status

# PLOVER codes these with an unknown doer too ("two civilians were killed by a bomb").
_AGENTLESS = frozenset({"ASSAULT", "COERCE"})
_NEAR = 12  # words between two tellings of one deed, at most
_NO_COUNTS = Magnitude()


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event before it is dated, placed and numbered."""

    context: SentenceContext
    predicate: Predicate
    triggers: tuple[int, ...]
    type: str
    mode: str
    cameo: str
    contexts: tuple[str, ...]
    actors: Filler
    recipients: Filler
    status: Status
    steps: tuple[str, ...]
    considered: tuple[Considered, ...]
    attributed_to: tuple[Actor, ...] = ()
    implicit: bool = False
    deed: Predicate | None = None  # the innermost of what an operator governs: "agreed to MEET on Friday"
    magnitude: Magnitude = _NO_COUNTS
    judged: float | None = None  # how sure the learned judge is of what it decided here


def acceptable(draft: EventDraft) -> bool:
    """Tell whether enough is known of the parties: some types ask for a recipient, we for a known side."""
    actors, recipients = draft.actors.actors, draft.recipients.actors
    if _said_of_nobody(draft) or _private(draft):
        return False
    known = [a for a in (*actors, *recipients) if a.code]
    if not known or (not actors and not _agentless(draft)):
        return False
    if actors and {key(a) for a in actors} == {key(a) for a in recipients}:
        return False
    if "recipient" in draft.predicate.cls.needs and not recipients and len(actors) < 2:
        return False
    type_ = draft.context.knowledge.codebook.types.get(draft.type)
    return not (type_ is not None and type_.requires_recipient and not recipients and len(actors) < 2)


def _said_of_nobody(draft: EventDraft) -> bool:
    """Tell whether all that is known of the parties is a pronoun whose sentence names nobody it could stand for.

    "It could lead to war": what "it" is was said sentences ago, and to whom it is done is not said at all.
    """
    s = draft.context.sentence
    if any(a.code for a in draft.recipients.actors) or len(draft.actors.actors) > 1 or not draft.actors.heads:
        return False
    # "He" and "she" are somebody of the sentence before; "it" and "they" may be anything.
    pronouns = [h for h in draft.actors.heads if s.words[h].lower() in draft.context.words.vague_pronouns]
    if len(pronouns) < len(draft.actors.heads):
        return False
    codes = {a.code for a in draft.actors.actors}
    named = (
        a for i in range(len(s)) if i not in pronouns and s.pos[i] != "PRON" for a in draft.context.actors.at(i).actors
    )
    return not any(a.code in codes for a in named)


# PLOVER's CONSULT is between those who speak for somebody: fighters, refugees and pupils who travel pay no visit.
_PRIVATE = frozenset({"REB", "PRM", "UAF", "CRM", "REF", "CVL", "EDU", "LAB", "AGR"})


def _private(draft: EventDraft) -> bool:
    """Tell whether a visit is paid by nobody who speaks for a state or body, or a talk has one side only."""
    if draft.type != "CONSULT":
        return False
    actors, recipients, p = draft.actors.actors, draft.recipients.actors, draft.predicate
    if draft.mode == "visit":
        return bool(actors) and all(a.sector in _PRIVATE and not a.office for a in actors)
    many = {"igo", "bloc", "group"} & {a.kind for a in actors} or draft.mode == "multilateral"
    return len(actors) == 1 and not recipients and not many and draft.mode != "third-party" and p.kind != "noun"


def _agentless(draft: EventDraft) -> bool:
    """Tell whether a deed may lack a doer: in the passive, or where the weapon is named in the doer's place."""
    p, s = draft.predicate, draft.context.sentence
    if draft.type not in _AGENTLESS or p.kind != "verb":
        return False
    if s.kid(p.head, "auxpass", "nsubjpass") is not None:
        return True
    weapons = draft.context.knowledge.lexicon.any_of("weapon", "missile", "hardware", "attack")
    return any(s.lemmas[a.head].lower() in weapons for a in p.arguments if a.slot == "subject")


def merge(drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """One deed is one event: of drafts with the same type and parties in a sentence the fullest stays.

    What only the other knows, who it was done to and by what means, is taken over.
    """
    kept: list[EventDraft] = []
    for draft in drafts:
        for n, other in enumerate(kept):
            if same_deed(draft, other):
                kept[n] = joined(draft, other) if weight(draft) > weight(other) else joined(other, draft)
                break
            if _only_says_why(draft, other) or _only_says_why(other, draft):
                kept[n] = other if _only_says_why(draft, other) else draft
                break
        else:
            kept.append(draft)
    return kept


def _only_says_why(a: EventDraft, b: EventDraft) -> bool:
    """Tell whether `a` names nobody but the sides of `b`, to whose end it is: "called in the envoy TO PROTEST"."""
    if a.type != b.type or not _aim_of(a, b):
        return False
    sides = ((a.actors, b.actors), (a.recipients, b.recipients))
    return all({x.code for x in mine.actors} <= {x.code for x in theirs.actors} for mine, theirs in sides)


def _apart(a: EventDraft, b: EventDraft) -> bool:
    """Tell whether two verbs joined by "and" say two deeds: "arrested the crew and seized the ship"."""
    s = a.context.sentence
    first, second = a.predicate.head, b.predicate.head
    joined = s.heads[first] == second or s.heads[second] == first
    later = max(first, second)
    return bool(
        a.mode and b.mode and a.mode != b.mode and joined and s.deps[later] == "conj" and s.pos[later] == "VERB"
    )


def same_deed(a: EventDraft, b: EventDraft) -> bool:
    if a.type != b.type or _apart(a, b) or (a.status != b.status and not _aim_of(a, b) and not _aim_of(b, a)):
        return False
    if a.type == "CONSULT" and _together(a) == _together(b):
        return abs(a.predicate.head - b.predicate.head) < _NEAR
    if a.actors and b.actors and {x.code for x in a.actors.actors} != {x.code for x in b.actors.actors}:
        return False
    sides = [frozenset(x.code for x in d.recipients.actors if x.code) for d in (a, b)]
    if sides[0] and sides[1] and sides[0] != sides[1]:
        return False
    return abs(a.predicate.head - b.predicate.head) < _NEAR


def _together(draft: EventDraft) -> frozenset[str]:
    """Return all who take part: who visits and who talks are the same people."""
    return frozenset(x.code for x in (*draft.actors.actors, *draft.recipients.actors))


def _aim_of(a: EventDraft, b: EventDraft) -> bool:
    """Tell whether `a` is what `b`, which was done, was done for: "sent food TO HELP the refugees"."""
    s = a.context.sentence
    aims = s.deps[a.predicate.head] in ("advcl", "xcomp", "acl", "relcl") and s.tags[a.predicate.head] == "VB"
    return aims and a.status == "planned" and b.status == "actual" and b.predicate.head in s.ancestors(a.predicate.head)


def joined(full: EventDraft, other: EventDraft) -> EventDraft:
    """Return the fuller of two readings of one deed with what it lacks: "an AIRSTRIKE killed two people"."""
    changes: dict[str, Any] = {}
    tells = bool(other.actors or other.recipients) or full.type == "ASSAULT"
    if other.mode and not full.mode and tells:
        changes |= {"mode": other.mode, "cameo": other.cameo}
    if other.actors and not full.actors:
        changes["actors"] = other.actors
    if other.recipients and not any(x.code for x in full.recipients.actors):
        changes["recipients"] = other.recipients
    if other.status == "actual" != full.status:
        changes |= {"status": "actual", "predicate": other.predicate, "deed": other.deed}
    if not changes:
        return full
    triggers = tuple(dict.fromkeys((*full.triggers, *other.triggers)))
    return replace(full, triggers=triggers, steps=tuple(dict.fromkeys((*full.steps, *other.steps))), **changes)


def weight(draft: EventDraft) -> int:
    return 2 * len(draft.recipients.actors) + len(draft.actors.actors) + len(draft.triggers) + 2 * bool(draft.mode)
