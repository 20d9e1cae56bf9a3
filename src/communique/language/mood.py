"""Whether a predicate is said to have happened: negation, modality, tense, conditions, questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence

Tense = Literal["past", "present", "future", "none"]
Modality = Literal["", "future", "possible", "necessary", "conditional", "hedged"]


@dataclass(frozen=True, slots=True)
class Mood:
    """What the words around a predicate say of its reality.

    `asked`: it stands in a question. `perfect_past` is the background tense ("had met").
    """

    negated: bool = False
    modality: Modality = ""
    tense: Tense = "none"
    perfect_past: bool = False
    asked: bool = False


def mood_of(s: Sentence, i: int, words: LanguageWords, light: frozenset[str] = frozenset()) -> Mood:
    """Return the mood of the predicate at word `i`.

    An adjective takes that of its verb; a noun only that of a support verb (`light`: "will hold talks"), for what is
    said of a deed under another verb ("could discuss the raid") leaves open whether the deed was done.
    """
    verb = i
    if s.pos[i] not in ("VERB", "AUX"):
        above = s.heads[i]
        close = s.pos[i] == "ADJ" or s.lemmas[above] in light
        verb = above if s.pos[above] in ("VERB", "AUX") and close else i
    negated = _negated(s, i, words) or (verb != i and s.deps[i] != "nsubj" and _negated(s, verb, words))
    auxiliaries = _auxiliaries(s, verb)
    asked = s.words[-1] == "?" and verb == s.heads[verb] and s.pos[verb] in ("VERB", "AUX")
    return Mood(negated, _modality(s, verb, auxiliaries, words), *_tense(s, verb, auxiliaries), asked=asked)


def _auxiliaries(s: Sentence, verb: int) -> list[int]:
    """The auxiliaries of a verb; one in a coordination shares the first one's if it has the form that they ask for."""
    own = s.kids(verb, "aux", "auxpass")
    if (
        not own
        and s.deps[verb] == "conj"
        and s.tags[verb] in ("VB", "VBN", "VBG")
        and s.tags[s.heads[verb]] == s.tags[verb]
    ):
        return _auxiliaries(s, s.heads[verb])
    return own


def raised_by(s: Sentence, verb: int) -> int | None:
    """Return what stands between a subject and its infinitive: "is EXPECTED to", "is UNLIKELY to", "HAS yet to"."""
    above = s.heads[verb]
    if s.deps[verb] != "xcomp" or s.tags[verb] not in ("VB", "VBN"):
        return None
    passive = s.kid(above, "nsubjpass", "auxpass") is not None and s.kid(above, "agent") is None
    yet = s.lemmas[above] == "have" and any(s.words[c].lower() == "yet" for c in s.kids(above, "advmod"))
    be = s.lemmas[above] == "be" and s.tags[verb] == "VB" and s.kid(verb, "nsubj") is None
    return above if passive or yet or be or s.pos[above] == "ADJ" else None


def _negated(s: Sentence, i: int, words: LanguageWords) -> bool:
    raised = raised_by(s, i)
    if raised is not None:
        if s.lemmas[raised] == "have":
            return True  # "has yet to meet"
        told = s.lemmas[raised] in words.expected_passives or s.lemmas[raised] in words.hearsay_passives
        if told and _negated(s, raised, words):
            return True
    subject = s.kid(i, "nsubj", "nsubjpass")
    if subject is not None and any(
        s.words[c].lower() in ("neither", "no") for c in s.kids(subject, "det", "preconj", "cc") if c < subject
    ):
        return s.words[s.lefts[subject]].lower() == "neither"
    if _is_false(s, i, words):
        return True
    for c in s.children[i]:
        lower = s.words[c].lower()
        if lower == "longer" and c > 0 and s.words[c - 1].lower() == "no":
            return True
        if s.deps[c] == "neg" or (
            lower in words.negators and s.deps[c] in ("det", "advmod", "preconj", "cc") and c < i
        ):
            # "not only condemned but also ..." affirms; "no longer supports" denies.
            return not (c + 1 < len(s) and s.words[c + 1].lower() in ("only", "just"))
    return s.deps[i] in ("pcomp", "pobj") and s.words[s.heads[i]].lower() == "without"


def _is_false(s: Sentence, i: int, words: LanguageWords) -> bool:
    """Tell whether a clause is said to be false: "reports that A attacked B are FALSE", "it is UNTRUE that ..."."""
    if s.kid(i, "mark") is None or s.deps[i] not in ("acl", "ccomp", "csubj"):
        return False
    above = s.heads[i]
    if s.deps[i] == "acl":
        if s.deps[above] not in ("nsubj", "nsubjpass"):
            return False
        above = s.heads[above]
    told = above if s.lemmas[above].lower() in words.false_adjectives else s.kid(above, "acomp", "attr", "oprd")
    verb = s.heads[above] if told == above else above
    if told is None or s.lemmas[told].lower() not in words.false_adjectives:
        return False
    return s.kid(verb, "neg") is None and s.kid(told, "neg") is None


def _modality(s: Sentence, verb: int, auxiliaries: list[int], words: LanguageWords) -> Modality:
    mark = s.kid(verb, "mark")
    opens = bool(auxiliaries) and s.words[auxiliaries[0]].lower() in words.inverted_auxiliaries
    if opens and auxiliaries[0] == s.lefts[verb] and s.words[-1] != "?":
        return "conditional"  # "Had A attacked, ..."
    if (
        mark is not None
        and s.lemmas[mark].lower() in words.conditional_marks
        and s.deps[verb] in ("advcl", "ccomp", "acl", "pcomp")
    ):
        return "conditional"
    if mark is not None and s.lemmas[mark].lower() in words.future_marks and s.tags[verb] in ("VBZ", "VBP"):
        return "future"
    if _when_to_come(s, verb, words):
        return "future"
    raised = raised_by(s, verb)
    if raised is not None:
        if s.lemmas[raised] in words.hearsay_passives and s.pos[raised] == "VERB":
            return "hedged"
        to_come = s.lemmas[raised] == "be" and s.lemmas[verb] not in words.passive_infinitives  # "is to blame"
        if to_come or s.lemmas[raised] in words.expected_passives:
            return "future"
        if s.lemmas[raised] in words.possible_adjectives:
            return "possible"
    above = s.heads[verb]
    headline = above == verb or (s.deps[verb] == "relcl" and s.heads[above] == above and s.pos[above] == "PROPN")
    if headline and s.tags[verb] == "VB" and [s.words[a].lower() for a in auxiliaries] == ["to"]:
        return "future"  # "A to free prisoners", "A, B to resume flights"
    lemmas = {s.words[a].lower() for a in auxiliaries} | {s.lemmas[a].lower() for a in auxiliaries}
    if lemmas & words.future or _going_to(s, verb):
        return "future"
    if lemmas & words.possible:
        # "said it would meet": the future seen from the past; "would meet if": a possibility.
        said = s.deps[verb] in ("ccomp", "conj", "relcl") or verb == s.heads[verb]
        conditions = [c for c in s.kids(verb, "advcl") if _has_mark(s, c, words)]
        return "future" if "would" in lemmas and said and not conditions and "have" not in lemmas else "possible"
    if lemmas & words.necessary:
        return "necessary"
    if any(s.lemmas[c].lower() in words.hedges for c in s.kids(verb, "advmod")):
        return "hedged"
    if s.words[-1] == "?" and verb == s.heads[verb]:
        return "possible"
    return ""


def _when_to_come(s: Sentence, verb: int, words: LanguageWords) -> bool:
    """Tell whether a present tense says when something will be: "will retaliate WHEN A STRIKES"."""
    if s.deps[verb] != "advcl" or s.tags[verb] not in ("VBZ", "VBP"):
        return False
    if not any(s.words[c].lower() in words.when_words for c in s.kids(verb, "advmod")):
        return False
    above = s.heads[verb]
    asked = s.words[-1] == "?" and above == s.heads[above]
    return asked or _modality(s, above, _auxiliaries(s, above), words) in ("future", "necessary")


def _going_to(s: Sentence, verb: int) -> bool:
    head = s.heads[verb]
    return s.deps[verb] == "xcomp" and s.words[head].lower() == "going" and s.tags[verb] == "VB"


def _has_mark(s: Sentence, i: int, words: LanguageWords) -> bool:
    mark = s.kid(i, "mark")
    return mark is not None and s.lemmas[mark].lower() in words.conditional_marks


def _tense(s: Sentence, verb: int, auxiliaries: list[int]) -> tuple[Tense, bool]:
    tags = [s.tags[verb], *(s.tags[a] for a in auxiliaries)]
    have = next((a for a in auxiliaries if s.lemmas[a] == "have"), None)
    if have is not None and s.tags[verb] in ("VBN", "VBD"):
        return "past", s.tags[have] == "VBD"
    if "MD" in tags:
        return "future", False
    if "VBD" in tags or (s.tags[verb] == "VBN" and s.deps[verb] in ("acl", "amod", "advcl")):
        return "past", False
    if {"VBZ", "VBP"} & set(tags):
        return "present", False
    if s.tags[verb] in ("VBG", "VB", "VBN") and s.heads[verb] != verb and s.pos[s.heads[verb]] in ("VERB", "AUX"):
        return _tense(s, s.heads[verb], _auxiliaries(s, s.heads[verb]))
    return "none", False
