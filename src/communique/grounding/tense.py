"""The time of a verb, as far as dates need it: an infinitive takes it from what governs it."""

from __future__ import annotations

from communique.grounding.calendar import Tense
from communique.language.tree import Sentence

# Governors whose infinitive is still to come ("agreed to meet on Friday"); other infinitives share the governor's time.
AHEAD = frozenset(
    """agree aim announce appeal apply ask authorize authorise call challenge choose command commit consider decide
    demand determine direct due elect encourage expect hope instruct intend invite likely look mean need offer order
    petition plan pledge poise prepare press promise propose ready recommend request require schedule seek set slate
    summon swear tell threaten tip unlikely urge vow wait want warn wish beg implore plead willing try bind destine
    schedule postpone delay bring""".split()
)
# Verbs whose past is written like their present, which the tagger then tells by chance.
UNCHANGED = frozenset(
    "quit hit set put cut let shut cost hurt spread split shed read beat cast burst thrust rid bet broadcast".split()
)
_FUTURE_AUXILIARIES = frozenset(
    {"will", "shall", "'ll", "’ll", "wo", "would", "may", "might", "could", "can", "should", "must", "'d"}
)
_CLAUSAL = frozenset({"xcomp", "advcl", "ccomp", "conj", "acl", "pcomp", "relcl", "csubj", "oprd"})


def governing_verb(s: Sentence, i: int) -> int:
    """Return the nearest verb at or above word `i`, the root if there is none."""
    for j in (i, *s.ancestors(i)):
        if s.pos[j] in ("VERB", "AUX") and s.deps[j] not in ("aux", "auxpass", "amod", "compound"):
            return j
    return i


def tense_of(s: Sentence, i: int, depth: int = 0) -> tuple[Tense, bool]:
    """Return the time of the verb at or above word `i`, and whether it is in a perfect tense."""
    verb = governing_verb(s, i)
    if s.pos[verb] not in ("VERB", "AUX") or depth > 8:
        return "none", False
    # A capital inside the sentence is the month, whatever the parser says: "On 3 May he quit".
    auxiliaries = [a for a in s.kids(verb, "aux", "auxpass") if not (a and s.words[a] == "May")]
    lower = {s.words[a].lower() for a in auxiliaries}
    tag = s.tags[verb]
    if any(s.lemmas[a].lower() == "have" for a in auxiliaries) and not lower & {"will", "shall"}:
        return "past", True
    if lower & _FUTURE_AUXILIARIES:
        return "future", False
    tags = {s.tags[a] for a in auxiliaries}
    if tag == "VBP" and _lemma(s, verb) in UNCHANGED and _singular_subject(s, verb):
        return "past", False
    if tag == "VBD" and s.words[verb].lower() == _lemma(s, verb) and _lemma(s, verb) not in UNCHANGED:
        return "present", False  # "talks run": the past is written in another way
    if tag == "VBD" or "VBD" in tags:
        return "past", False
    if tag in ("VBZ", "VBP") or {"VBZ", "VBP"} & tags:
        return ("future" if _scheduled(s, verb) else "present"), False
    return _inherited(s, verb, tag, lower, depth)


def _inherited(s: Sentence, verb: int, tag: str, auxiliaries: set[str], depth: int) -> tuple[Tense, bool]:
    head = s.heads[verb]
    infinitive = tag == "VB" and "to" in auxiliaries
    if head == verb:
        # A headline: "Cabinet to vote Thursday", "Envoy recalled".
        return "future" if infinitive else "past" if tag == "VBN" else "none", False
    if infinitive and _lemma(s, head) in AHEAD:
        return "future", False
    if infinitive and s.deps[verb] in ("acl", "relcl"):  # "a plan to visit on Friday"
        return "future", False
    if s.deps[verb] == "acl" and tag == "VBN":
        return ("future" if _lemma(s, verb) in ("schedule", "plan", "expect", "set", "slate") else "past"), False
    if s.deps[verb] in _CLAUSAL or tag in ("VB", "VBG", "VBN"):
        return tense_of(s, head, depth + 1)
    return "none", False


def _singular_subject(s: Sentence, verb: int) -> bool:
    """Tell whether the subject is of the third person singular, with which the present would end in -s."""
    subject = s.kid(verb, "nsubj", "nsubjpass")
    if subject is None or s.kid(subject, "conj") is not None:
        return False
    return s.words[subject].lower() in ("he", "she", "it") or s.tags[subject] in ("NN", "NNP")


def _scheduled(s: Sentence, verb: int) -> bool:
    return s.tags[verb] == "VBN" and _lemma(s, verb) in ("schedule", "plan", "expect", "set", "slate")


def _lemma(s: Sentence, i: int) -> str:
    return s.lemmas[i].lower()
