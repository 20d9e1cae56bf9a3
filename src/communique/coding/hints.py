"""Whom a text means but does not name: "attempts by certain states", with the hint that the sentence gives."""

from __future__ import annotations

from communique.coding.context import SentenceContext
from communique.coding.roles import Filler


def unnamed(context: SentenceContext, heads: tuple[int, ...]) -> int | None:
    """Return the word that heads an unnamed party ("some countries") within the phrases at `heads`, or None."""
    s = context.sentence
    for head in heads:
        for i in s.subtree(head):
            nouns = context.words.state_nouns | context.words.unnamed_nouns
            if s.lemmas[i] in nouns and not any(a.code for a in context.actors.at(i).actors):
                modifiers = {s.words[c].lower() for c in s.kids(i, "amod", "det")}
                if modifiers & context.words.unnamed:
                    return i
    return None


def meant(context: SentenceContext, heads: tuple[int, ...]) -> bool:
    """Tell whether what stands at `heads` means somebody whom the text does not name there.

    Either it is an unnamed party ("certain states"), or the sentence says outright that it withholds the name
    ("denounced selfish policies without naming A").
    """
    return unnamed(context, heads) is not None or (bool(heads) and _names_withheld(context))


def _withholds(context: SentenceContext, i: int) -> bool:
    """Tell whether word `i` says that a name is withheld: "without NAMING A"."""
    s = context.sentence
    said = s.lemmas[i].lower() in context.words.hint_verbs
    return said and s.deps[i] == "pcomp" and s.lemmas[s.heads[i]] == "without"


def _names_withheld(context: SentenceContext) -> bool:
    s = context.sentence
    return "without" in s.lemmas and any(_withholds(context, i) and s.kid(i, "dobj") is not None for i in range(len(s)))


def hinted(context: SentenceContext) -> Filler:
    """Return whom the sentence hints at: "without naming A", "an apparent reference to A's ban"."""
    s = context.sentence
    for i in range(len(s)):
        lemma = s.lemmas[i].lower()
        if _withholds(context, i):
            heads = s.kids(i, "dobj")
        elif (lemma in context.words.hint_nouns and s.pos[i] == "NOUN" and s.deps[i] != "dobj") or (
            lemma in context.words.hint_nouns and s.kid(i, "amod")
        ):
            heads = [p for c in s.kids(i, "prep") if s.lemmas[c] in ("to", "at") for p in s.kids(c, "pobj")]
        else:
            continue
        for head in heads:
            if actors := context.actors.resolve(head) or context.actors.holders_of(head):
                return Filler(tuple(a for a in actors if a.code), (head,), "hint")
    return Filler()
