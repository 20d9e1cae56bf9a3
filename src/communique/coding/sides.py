"""The sides of a deed that its own frame leaves open: from the words around it, or from the deed that it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.hints import hinted, meant
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler, others


def partner(context: SentenceContext, p: Predicate, actors: Filler) -> Filler:
    """ "Flew to Kyiv for talks with A": the other side of the talks is who does what they are the aim of."""
    s = context.sentence
    above = s.heads[p.head]
    if p.kind != "noun" or s.deps[p.head] != "pobj" or s.lemmas[above] != "for":
        return Filler()
    if not all(s.deps[h] == "pobj" and s.lemmas[s.heads[h]] == "with" for h in actors.heads):
        return Filler()
    heads = context.clauses.subject(s.heads[above]) if s.pos[s.heads[above]] in ("VERB", "AUX") else ()
    found = context.roles.actors_of(heads)
    return Filler(tuple(others(found, actors.actors)), heads, "subject")


def of_taken_noun(context: SentenceContext, p: Predicate) -> Filler:
    """ "A's accusations were repeated": whose the deed is that the pattern takes as its passive subject."""
    s = context.sentence
    for t in p.tokens[1:]:
        q = context.hidden.get(t)
        if q is not None and s.deps[t] == "nsubjpass" and q.cls.type == p.cls.type:
            return context.roles.actor(q)
    return Filler()


def within(context: SentenceContext, p: Predicate, actors: Filler, depth: int = 0) -> Filler:
    """Return the other side from the deed that the pattern takes: "rejected B's request", "threats to attack B"."""
    roles = context.roles
    for t in reversed(p.tokens[1:]):
        q = context.hidden.get(t)
        if q is None or q.head == p.head or depth > 2:
            continue
        doers = roles.actor(q)
        for found in (doers, roles.recipient(q, actors)):
            if left := tuple(others(found.actors, actors.actors)):
                return Filler(left, found.heads, f"of {context.sentence.words[t]!r}")
        if inner := within(context, q, actors, depth + 1):
            return inner
    return Filler()


def mode_within(context: SentenceContext, p: Predicate) -> str:
    """ "Repeated its threat to attack": the taken word says the mode that the pattern leaves out."""
    for t in p.tokens[1:]:
        q = context.hidden.get(t)
        if q is not None and q.cls.type == p.cls.type and q.cls.mode:
            return q.cls.mode
    return ""


def named_before(
    context: SentenceContext, done: Mapping[int, Sequence[EventDraft]], p: Predicate, actors: Filler
) -> Filler:
    """ "... demanded X, a demand that B rejected": its owner is who demanded before."""
    s = context.sentence
    roles = context.roles
    nouns = [h for slot in ("object", "chain") for h in roles.heads(p, slot)] + [
        t for t in p.tokens if s.pos[t] == "NOUN"
    ]
    nouns += [a.head for a in p.arguments if a.slot == "object"]
    for noun in nouns:
        q = context.predicates.get(noun) or context.hidden.get(noun)
        if q is None or not q.cls.type or q.head == p.head or roles.actor(q):
            continue
        for head in sorted((h for h in done if h < p.head), reverse=True):
            for draft in done[head]:
                left = tuple(others(draft.actors.actors, actors.actors))
                if draft.type == q.cls.type and left:
                    return Filler(left, draft.actors.heads, f"owner of {s.words[noun]!r}")
    return Filler()


def hinted_side(context: SentenceContext, p: Predicate) -> Filler:
    """The recipient that is meant where the text names only "certain states" and gives a hint."""
    slots = p.cls.noun_recipient if p.kind == "noun" else (*p.cls.recipient, *p.cls.content)
    heads = tuple(h for slot in slots for h in context.roles.heads(p, slot))
    return hinted(context) if meant(context, heads) else Filler()


def joint(p: Predicate, actors: Filler, recipients: Filler) -> Filler:
    """A reciprocal deed is done by all sides together: one event with several actors."""
    if recipients.slot == "place" and len(actors.actors) > 1:
        recipients = Filler()  # "A and B held talks in C": all sides are named, and C is where they met
    together = {(a.code, a.person, a.sector): a for a in actors.actors}
    for actor in others(recipients.actors, actors.actors):
        together.setdefault((actor.code, actor.person, actor.sector), actor)
    if p.cls.mode == "visit" or len(together) < 2:
        return recipients
    heads = tuple(dict.fromkeys((*actors.heads, *recipients.heads)))
    return Filler(tuple(together.values()), heads, "joint")
