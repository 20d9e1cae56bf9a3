"""What a deed owes to who does it, to whom, and with what: rules that look at the parties instead of the words.

The rules themselves stand in `composition.toml`, under operators that are no words (`by-government`, `to-media`), and
in the `means-...` sets of `words.toml`; here it is only said when each is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.predicates import Predicate
from communique.coding.roles import others
from communique.records import Actor

ARMED = ("MIL", "REB", "PRM", "UAF")
_FORCE = frozenset({"COP", "MIL"})  # the force of a state
_CIVIL = frozenset({"CVL", "EDU", "AGR", "LAB", "SOC", "REF", "MED", "BUS", "JRN", "REL", "OPP"})
_OF_WORDS = frozenset({"GOV", "LEG", "PTY", "OPP", "JUD", "ELI"})  # those who clash in words
_GOVERNED = ("state", "territory", "igo", "bloc", "group")
_MEANS = "means-"
# Modes that say to what end or on whom violence is done; the means does not change them.
_ENDS = ("abduct", "targeted", "torture", "sexual", "crowd-control", "beat", "destroy")


def operators_of(draft: EventDraft) -> Iterator[str]:
    """Yield the operators without a word under which a rule may change the type of `draft`."""
    actors, recipients = draft.actors.actors, draft.recipients.actors
    if actors and all(_governs(a) for a in actors) and not is_scene(draft):
        yield "by-government"
    elif actors and all(a.sector in ARMED for a in actors):
        yield "by-forces"
    elif actors and all(a.sector in _CIVIL for a in actors):
        yield "by-civilians"
    if actors and _are_of(draft, "peacekeepers", "amod", "compound"):
        yield "by-peacekeepers"
    elif actors and _are_of(draft, "troops"):
        yield "by-units"
    if actors and all(a.sector in _FORCE for a in actors):
        yield "by-police"
    if len(actors) > 1 and all(a.person and a.sector in _OF_WORDS for a in actors):
        yield "by-politicians"
    if recipients and all(a.sector == "JRN" or a.kind == "media" for a in recipients):
        yield "to-media"
    if recipients and {a.code for a in recipients} <= {a.code for a in actors} and all(_fights(a) for a in recipients):
        yield "to-own-forces"
    if len(actors) > 1 and _at_war(draft):
        yield "by-parties"


def _are_of(draft: EventDraft, words: str, *modifiers: str) -> bool:
    """Tell whether a body of troops does it, and not an officer: "soldiers arrived in A", "the general visited A"."""
    s, wanted = draft.context.sentence, draft.context.knowledge.lexicon.any_of(words)
    # With "soldiers" of "hundreds of soldiers".
    heads = [{h, *(o for p in s.kids(h, "prep") for o in s.kids(p, "pobj"))} for h in draft.actors.heads]
    told = [
        {s.lemmas[k].lower() for h in some for k in (h, *(s.kids(h, *modifiers) if modifiers else ()))}
        for some in heads
    ]
    named = all(not wanted.isdisjoint(lemmas) for lemmas in told)
    return named and all(a.sector in ARMED and not a.person for a in draft.actors.actors)


def _fights(actor: Actor) -> bool:
    return bool(actor.code) and actor.sector in ARMED


def is_scene(draft: EventDraft) -> bool:
    """Tell whether a state is the actor only as the place of the deed: the people there in "protests in A"."""
    return draft.actors.slot == "prep:in"


def _governs(actor: Actor) -> bool:
    return actor.kind in _GOVERNED and actor.sector in ("", "GOV")


def _at_war(draft: EventDraft) -> bool:
    """Tell whether the violence of which the words speak is that of the actors: "called for an end to their war"."""
    context = draft.context
    mine = {a.code for a in draft.actors.actors if a.code}
    for t in draft.predicate.tokens[1:]:
        q = context.hidden.get(t)
        if q is None or q.cls.type != "ASSAULT":
            continue
        theirs = {
            a.code for a in (*context.roles.actor(q).actors, *context.roles.recipient(q, draft.recipients).actors)
        }
        if theirs == mine or _of_them(context, q):
            return True
    return False


def _of_them(context: SentenceContext, q: Predicate) -> bool:
    """ "Their war", "the fighting between them"."""
    s = context.sentence
    heads = [a.head for a in q.arguments if a.slot in ("possessor", "prep:between", "prep:among")]
    return any(s.words[h].lower() in ("them", "their", "themselves") for h in heads)


def means_of(context: SentenceContext, p: Predicate) -> str:
    """Return the mode of violence that its means gives: who does it ("a suicide bomber"), or "with drones"."""
    s = context.sentence
    sets = context.knowledge.lexicon.sets(_MEANS)
    slots = ("subject", "possessor", "prep:by", "prep:with", "prep:from", "light")
    heads = [h for slot in slots for h in context.roles.heads(p, slot)]
    for head in heads:
        words = {s.lemmas[h].lower() for h in (head, *s.kids(head, "compound", "conj", "amod"))}
        for mode, lemmas in sets.items():
            if words & lemmas:
                return mode
    return ""


def with_means(draft: EventDraft) -> str:
    """Return the mode of an assault, the means in place of a mode that only guesses at them."""
    if draft.type != "ASSAULT" or draft.mode in _ENDS:
        return draft.mode
    return means_of(draft.context, draft.predicate) or draft.mode


def answered(drafts: Sequence[EventDraft], draft: EventDraft) -> tuple[tuple[Actor, ...], tuple[int, ...]]:
    """Return whom violence without a recipient answers: who attacked its doer in the same sentence."""
    mine = {a.code for a in draft.actors.actors if a.code}
    for other in drafts:
        attacked = {a.code for a in other.recipients.actors}
        if (
            other is not draft
            and other.type == "ASSAULT"
            and other.status == draft.status
            and mine
            and mine <= attacked
        ):
            left = tuple(others(other.actors.actors, draft.actors.actors))
            if left:
                return left, other.actors.heads
    return (), ()
