"""The status of a deed: told as done, planned, possible or denied, by its grammar and by rules of composition."""

from __future__ import annotations

from communique.coding.context import SentenceContext
from communique.coding.predicates import Predicate
from communique.records import Status

_ORDER: tuple[Status, ...] = ("denied", "hypothetical", "planned", "historical", "actual")


def status_of(context: SentenceContext, p: Predicate) -> tuple[Status, tuple[str, ...]]:
    """Return the status that grammar gives, and the reason in words."""
    mood = p.mood
    s = context.sentence
    light = context.knowledge.lexicon.words.get("light", frozenset())
    if mood.negated:
        return "denied", (f"{s.words[p.head]!r} is negated",)
    if mood.modality in ("possible", "conditional", "hedged"):
        return "hypothetical", (f"{s.words[p.head]!r} is {mood.modality}",)
    if mood.modality in ("future", "necessary"):
        return "planned", (f"{s.words[p.head]!r} is {mood.modality}",)
    if p.kind == "verb" and s.tags[p.head] == "VB" and _is_purpose(context, p.head):
        return "planned", (f"'to {s.words[p.head]}' is an aim",)
    above = s.heads[p.head]
    if p.kind == "noun" and s.tags[above] == "VB" and s.lemmas[above] in light and _is_purpose(context, above):
        return "planned", (f"'to {s.words[above]}' is an aim",)
    condition = _under_condition(context, p.head)
    return ("hypothetical", (condition,)) if condition else ("actual", ())


def _is_purpose(context: SentenceContext, head: int) -> bool:
    s = context.sentence
    while s.deps[head] == "conj":
        head = s.heads[head]
    if s.deps[head] in ("advcl", "acl", "relcl"):
        return s.kid(head, "aux") is not None
    # "wants to meet": a governor that no pattern knows leaves it open whether it came to be.
    known = context.words.implicative_verbs
    return s.deps[head] == "xcomp" and s.lemmas[s.heads[head]] not in known


def _under_condition(context: SentenceContext, head: int) -> str:
    s = context.sentence
    for h in (head, *s.ancestors(head)):
        mark = s.kid(h, "mark")
        if mark is not None and s.lemmas[mark].lower() in context.words.conditional_marks and s.deps[h] == "advcl":
            return f"after {s.words[mark]!r}: a condition"
    return ""


def combined(inner: Status, outer: Status) -> Status:
    """A plan that is denied is denied; a denied deed that is planned is denied too."""
    return min(inner, outer, key=_ORDER.index)


def ruled(given: str, otherwise: Status) -> Status:
    """Return the status that a rule of composition gives, or the other where it gives none."""
    return next((s for s in _ORDER if s == given), otherwise)
