"""Who is said to be answerable for a deed: "A is RESPONSIBLE for the raid", "A, GUILTY of", "A was BEHIND it"."""

from __future__ import annotations

from collections.abc import Set

from communique.language.clauses import Clauses
from communique.language.tree import Sentence


def answerable_for(s: Sentence, deed: int, lemmas: Set[str]) -> int | None:
    """Return the word of `lemmas` that makes somebody answerable for the deed at word `deed`, or None."""
    if s.deps[deed] != "pobj":
        return None
    preposition = s.heads[deed]
    return next((i for i in (preposition, s.heads[preposition]) if s.lemmas[i] in lemmas), None)


def copula_of(s: Sentence, word: int) -> int | None:
    """Return the verb "be" by which somebody is said to be what `word` says, or None."""
    above = s.heads[word]
    return above if s.lemmas[above] == "be" and s.deps[word] in ("acomp", "prep") else None


def answerable(clauses: Clauses, word: int) -> tuple[int, ...]:
    """Return the words that head who is said to be answerable by `word`."""
    s, above = clauses.sentence, clauses.sentence.heads[word]
    if s.pos[above] in ("NOUN", "PROPN") and s.deps[word] in ("amod", "acl", "relcl", "appos"):
        return (above,)
    verb = copula_of(s, word)
    return clauses.subject(verb) if verb is not None else ()
