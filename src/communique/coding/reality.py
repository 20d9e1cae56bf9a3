"""The status of a deed: told as done, planned, possible or denied, by its grammar and by rules of composition."""

from __future__ import annotations

from communique.coding.context import SentenceContext
from communique.coding.predicates import Predicate
from communique.language.mood import Mood, mood_of
from communique.records import Status

_IN_PUBLIC = frozenset({"ACCUSE", "SUPPORT", "REJECT", "REQUEST", "THREATEN", "PROTEST"})
_ORDER: tuple[Status, ...] = ("denied", "hypothetical", "planned", "historical", "actual")


def status_of(context: SentenceContext, p: Predicate) -> tuple[Status, tuple[str, ...]]:
    """Return the status that grammar gives, and the reason in words."""
    s = context.sentence
    light = context.knowledge.lexicon.words.get("light", frozenset())
    if told := _by_mood(p.mood, s.words[p.head]):
        return told
    if p.kind == "verb" and s.tags[p.head] == "VB" and _is_purpose(context, p.head):
        above = _staged_by(context, p)
        if above is None:
            return "planned", (f"'to {s.words[p.head]}' is an aim",)
        if told := _by_mood(mood_of(s, above, context.words), s.words[above]):
            return told
    above = s.heads[p.head]
    if p.kind == "noun" and s.tags[above] == "VB" and s.lemmas[above] in light and _is_purpose(context, above):
        return "planned", (f"'to {s.words[above]}' is an aim",)
    condition = _under_condition(context, p.head)
    return ("hypothetical", (condition,)) if condition else ("actual", ())


def _by_mood(mood: Mood, word: str) -> tuple[Status, tuple[str, ...]] | None:
    """Return the status of what `word` says in this mood, or None where it is told as a plain fact."""
    if mood.negated:
        return "denied", (f"{word!r} is negated",)
    if mood.modality in ("possible", "conditional", "hedged"):
        return "hypothetical", (f"{word!r} is {mood.modality}",)
    if mood.modality in ("future", "necessary"):
        return "planned", (f"{word!r} is {mood.modality}",)
    return None


def _staged_by(context: SentenceContext, p: Predicate) -> int | None:
    """Return the verb by which the stage was taken for `p`, if it is done in public by words or presence: who "went on
    television to denounce" somebody has done so."""
    s, head = context.sentence, p.head
    while s.deps[head] == "conj":
        head = s.heads[head]
    above = s.heads[head]
    staged = s.deps[head] in ("advcl", "xcomp") and s.lemmas[above] in context.words.staging_verbs
    staged = staged and all(s.lemmas[o] in context.words.speech_forms for o in s.kids(above, "dobj"))
    return above if staged and s.tags[above] != "VB" and p.cls.type in _IN_PUBLIC else None


def _is_purpose(context: SentenceContext, head: int) -> bool:
    s, words = context.sentence, context.words
    while s.deps[head] == "conj":
        head = s.heads[head]
    if s.deps[head] in ("advcl", "acl", "relcl"):
        return s.kid(head, "aux") is not None
    if s.lemmas[head] in words.passive_infinitives and s.lemmas[s.heads[head]] == "be":
        return False  # "was to blame"
    # "wants to meet": a governor that no pattern knows leaves it open whether it came to be.
    return s.deps[head] == "xcomp" and s.lemmas[s.heads[head]] not in words.implicative_verbs


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
