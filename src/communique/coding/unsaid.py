"""What a cue of speech tells of as not said, or not yet, and to whom a letter was written in which it was."""

from __future__ import annotations

from collections.abc import Sequence

from communique.coding.context import SentenceContext
from communique.knowledge.patterns import Pattern
from communique.language.mood import mood_of

_LETTER = "letter"


def unsaid(context: SentenceContext, i: int, pattern: Pattern, tokens: Sequence[int]) -> bool:
    """Tell whether the words under the cue at `i` are told as not said: denied, refused, asked for, still to come.

    "Neither A nor B said that", "left without saying that", "declined to say whether", "will say that", "had A said
    that, ...", "did A say that?", "asked not to be named".
    """
    s = context.sentence
    mood = mood_of(s, i, context.words)
    auxiliaries = s.kids(i, "aux")
    if mood.negated or mood.modality == "conditional":
        return True
    # "Would" is no such word: it is what was to come when it was told.
    if any(s.tags[c] == "MD" and s.lemmas[c].lower() in context.words.future for c in auxiliaries):
        return True
    if pattern.cls.speech == "promise" and any(s.lemmas[c] == "have" and s.tags[c] == "VB" for c in auxiliaries):
        return True  # "would have agreed"
    if mood.asked and auxiliaries and auxiliaries[0] < min(s.kids(i, "nsubj"), default=-1):
        return True
    wanted = next((c for t in tokens for c in s.kids(t, "xcomp") if c > i), None)
    if wanted is None:
        return False
    unnamed = s.lemmas[wanted] in context.words.hint_verbs and s.kid(wanted, "neg") is not None
    return unnamed or pattern.cls.operator == "refuse"


def written_to(context: SentenceContext, i: int) -> tuple[int, ...]:
    """Return whom the letter was written to in which the speaker of the cue at `i` says so: "in a letter to A"."""
    s = context.sentence
    near = (i, *s.kids(i, "nsubj"))
    letters = (o for h in near for p in s.kids(h, "prep") if s.lemmas[p] == "in" for o in s.kids(p, "pobj"))
    return tuple(
        o
        for letter in letters
        if context.words.speech_forms.get(s.lemmas[letter]) == _LETTER
        for p in s.kids(letter, "prep")
        if s.lemmas[p] == "to"
        for o in s.kids(p, "pobj")
    )
