"""What a stance may be about: which predicates take a stand at all, and which phrases can be its object."""

from __future__ import annotations

from communique.coding.context import SentenceContext
from communique.coding.drafts import VAGUE
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler
from communique.language.tree import Sentence

_WORDS = frozenset({"ACCUSE", "SUPPORT", "REJECT", "REQUEST", "AGREE"})  # types that are done with words
_DEMANDING = frozenset({"demand", "ask"})
_ENDING = frozenset({"end", "suspend", "cancel"})
_DUTY = frozenset({"should", "must", "ought", "shall", "need"})


def takes_a_stand(p: Predicate) -> bool:
    """Tell whether the doer of `p` shows a stance by it.

    Who fails at something does not oppose it; a deed that was not done ("did not remove the mines") shows nothing,
    while words that are denied ("does not support") are a position that is denied.
    """
    if p.cls.operator == "fail":
        return False
    spoken = p.cls.type in _WORDS or (not p.cls.type and p.cls.stance != "reverse")
    return spoken or not p.mood.negated


def may_be_object(context: SentenceContext, p: Predicate, head: int) -> bool:
    """Tell whether a stance of `p` may be about what stands at `head`.

    A threat to do something takes no stand on what would be done. What is demanded is a clause of duty ("insisted that
    A leave", "that A should leave"), not one that asserts ("insisted that it had left"). Only things are ended: after
    "concluded that ..." follows a finding.
    """
    s = context.sentence
    if s.pos[head] not in ("VERB", "AUX"):
        return True
    if p.cls.type == "THREATEN":
        return False
    if p.cls.speech in _DEMANDING or p.cls.operator in _DEMANDING:
        return not _asserts(s, head)
    return not (p.cls.operator in _ENDING and _finite(s, head))


def _finite(s: Sentence, i: int) -> bool:
    forms = {s.tags[i], *(s.tags[c] for c in s.kids(i, "aux", "auxpass"))}
    return bool(forms & {"VBD", "VBZ", "VBP", "MD"})


def _asserts(s: Sentence, i: int) -> bool:
    """Tell whether clause `i` says what is: it is finite, and neither duty nor what must not be ("cannot go on")."""
    auxiliaries = s.kids(i, "aux", "auxpass")
    if any(s.lemmas[c].lower() in _DUTY or s.words[c].lower() in _DUTY for c in auxiliaries):
        return False
    if s.kid(i, "neg") is not None and any(s.lemmas[c].lower() in ("can", "could", "may") for c in auxiliaries):
        return False
    # "that A do it": the parser often tags the subjunctive of "they" as a present tense
    return _finite(s, i) and not (s.tags[i] == "VBP" and not auxiliaries)


def negated_above(s: Sentence, i: int) -> bool:
    """Tell whether what governs the infinitive at `i` is negated: "is NOT willing to back", "NEITHER is A ready to"."""
    while s.deps[i] == "xcomp" and s.heads[i] != i:
        i = s.heads[i]
        above = s.heads[i] if s.deps[i] == "acomp" else i
        for h in {i, above}:
            if any(s.deps[c] == "neg" or s.lemmas[c].lower() in ("neither", "nor") for c in s.children[h]):
                return True
    return False


def vague(context: SentenceContext, holders: Filler) -> bool:
    """Tell whether all that is known of the holders is an "it" or "they" that the sentence does not explain."""
    s = context.sentence
    pronouns = [h for h in holders.heads if s.words[h].lower() in VAGUE]
    if not holders.heads or len(pronouns) < len(holders.heads):
        return False
    wanted = {a.code for a in holders.actors}
    named = (a for i in range(len(s)) if s.pos[i] != "PRON" for a in context.actors.at(i).actors)
    return not any(a.code in wanted for a in named)
