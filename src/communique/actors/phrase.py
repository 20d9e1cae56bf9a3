"""A noun phrase by itself, without a report around it: whom it stands for, and whether it may stand for anybody."""

from __future__ import annotations

from dataclasses import replace

from communique.actors.discourse import as_body
from communique.actors.resolve import SentenceActors
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence
from communique.records import Actor

CARRIER = " arrived."
"""A phrase is read as the subject of a sentence: alone it would be parsed as a headline."""


def phrase_actors(actors: SentenceActors, end: int) -> tuple[Actor, ...]:
    """Return whom the phrase stands for that fills the sentence of `actors` up to the offset `end`.

    A person or body that the phrase names; else what its head says of a sector ("warships"); else somebody of whom
    nothing is known (UNK) in a state that the phrase names ("regions across Indonesia"); else nobody.
    """
    s = actors.sentence
    inside = [i for i in range(len(s)) if s.ends[i] <= end]
    tops = [i for i in inside if s.heads[i] not in inside or s.heads[i] == i]
    read = [found for head in tops if (found := actors.resolve(head))]
    if read:
        # "the Shiite cleric Muqtada al-Sadr" at times has two heads: the one that says more is meant.
        return max(read, key=lambda found: (any(a.person for a in found), any(a.code for a in found)))
    alone = next((a for h in tops if (a := actors.sector_word(h) or actors.thing_of(h)) is not None), None)
    if alone is not None:
        return (alone,)
    below = sorted(set(inside) - set(tops), key=lambda i: (len(list(s.ancestors(i))), -i))
    named = next((found for head in below if (found := actors.resolve(head))), ())
    return tuple(replace(as_body(a), sector="UNK") for a in named)


def may_be_somebody(s: Sentence, words: LanguageWords) -> bool:
    """Tell whether the subject of `s`, in which no known actor was found, may name one: "he", "Jan Novak"."""
    heads = [i for i in range(len(s)) if s.deps[i].startswith("nsubj")]
    people = words.generic_people | words.people_nouns | words.leader_nouns | words.crowd_nouns
    return any(s.pos[i] in ("PROPN", "PRON") or s.lemmas[i].lower() in people for i in heads)
