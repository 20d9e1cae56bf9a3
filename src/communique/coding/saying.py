"""What saying something amounts to: "A said B must go" demands, "A said it would strike" threatens, "A said B was to
blame" accuses."""

from __future__ import annotations

from collections.abc import Iterator

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.predicates import Predicate
from communique.coding.reality import status_of
from communique.coding.roles import Filler, others
from communique.language.mood import mood_of

_ASSERTING = frozenset({"say", "claim", "believe", "tell"})


def spoken_as(context: SentenceContext, p: Predicate, inner: Predicate, draft: EventDraft) -> str:
    """Return the operator that `p` is, a verb of speech, over the deed `draft` that it tells of; "" for none.

    "A said B must withdraw" demands, "A said it would strike" announces.
    """
    if p.cls.speech != "say" or p.kind != "verb" or draft.predicate.head != inner.head:
        return ""
    if inner.mood.modality == "necessary":
        speaker = {a.code for a in context.roles.actor(p).actors}
        return "" if any(a.code in speaker for a in draft.actors.actors) else "say-duty"
    announced = inner.mood.modality == "future" or inner.cls.operator == "ready"
    return "say-future" if announced and not inner.mood.negated else ""


def obliged(context: SentenceContext, p: Predicate) -> Iterator[EventDraft]:
    """Yield the demand in "A said B must DO something", where no pattern knows what is to be done."""
    s, roles = context.sentence, context.roles
    for head in roles.heads(p, "clause"):
        if s.pos[head] not in ("VERB", "AUX") or mood_of(s, head, context.words).modality != "necessary":
            continue
        heads = context.clauses.subject(head)
        other = Filler(roles.actors_of(heads), heads, "clause")
        yield from _said_of(context, p, (head,), other, "say-duty")


def blamed(context: SentenceContext, p: Predicate, inner: Predicate) -> Iterator[EventDraft]:
    """Yield the accusation in "A said B was responsible for the raid", "A said B was to blame"."""
    s, roles, words = context.sentence, context.roles, context.words
    if p.kind != "verb" or p.cls.speech not in _ASSERTING or p.cls.operator or p.cls.type:
        return
    if inner.mood.negated or inner.mood.modality or inner.mood.asked or status_of(context, inner)[1]:
        return
    if inner.cls.operator == "blame":
        yield from _said_of(context, p, inner.tokens, roles.actor(inner), "blame")
    elif s.lemmas[inner.head] in words.passive_infinitives and not mood_of(s, s.heads[inner.head], words).modality:
        accused = roles.recipient(inner, Filler())  # "was to blame"
        yield from _said_of(context, p, inner.tokens, Filler(accused.actors, accused.heads, "clause"), "blame")


def _said_of(
    context: SentenceContext, p: Predicate, words: tuple[int, ...], of: Filler, operator: str
) -> Iterator[EventDraft]:
    """Yield what the speaker of `p` does to another by saying `words` of it, by the rule for `operator`."""
    speaker = context.roles.actor(p)
    other = tuple(others(of.actors, speaker.actors))
    rule = context.knowledge.lexicon.compose(operator, "", 0, own=False)
    if not speaker or not other or rule is None:
        return
    s = context.sentence
    step = f"{s.words[p.head]!r} + {s.words[words[0]]!r} as {operator}: {rule.type} ({rule.where})"
    yield EventDraft(
        context, p, (p.head, *words), rule.type, rule.mode, rule.cameo, (), speaker,
        Filler(other, of.heads, of.slot), status_of(context, p)[0], (step,), (),
    )  # fmt: skip
