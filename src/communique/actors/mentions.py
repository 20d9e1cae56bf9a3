"""Known names and role words in a sentence, and the noun phrases around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.knowledge.actors import ActorBook, Form
from communique.language.tree import Sentence

_PREMODIFIERS = ("amod", "compound", "nmod", "poss", "nummod", "quantmod", "npadvmod", "advmod")
NOMINAL = ("NOUN", "PROPN")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` (included) that a list knows, and what they may mean."""

    first: int
    last: int
    forms: tuple[Form, ...]

    def of(self, *uses: str) -> tuple[Form, ...]:
        if len(self.forms) == 1:  # as most have; asked often
            return self.forms if self.forms[0].use in uses else ()
        return tuple([f for f in self.forms if f.use in uses])


def find_mentions(s: Sentence, book: ActorBook) -> tuple[Mention, ...]:
    """Return the longest known forms in the sentence, from left to right, without overlap."""
    found = book.forms.find_all(s.words)
    return tuple(Mention(first, end - 1, forms) for first, end, forms in found if _nominal(s, first, end, forms))


def _nominal(s: Sentence, first: int, end: int, forms: tuple[Form, ...]) -> bool:
    """A name is never a verb, nor ends in one ("the military trains them"); "US" is not "us"."""
    if end - first > 1:
        return s.pos[end - 1] != "VERB" or s.tags[end - 1] not in ("VBZ", "VBD", "VBP")
    return s.pos[first] not in ("VERB", "AUX", "PRON", "ADP", "ADV", "DET", "CCONJ") or s.tags[first].startswith("NNP")


def core(s: Sentence, head: int) -> tuple[int, int]:
    """Return the first and the last word of the noun phrase at `head`: its premodifiers, without determiners."""
    first = head
    for c in reversed(s.children[head]):
        if c < head and s.deps[c] in _PREMODIFIERS and s.lefts[c] < first:
            first = s.lefts[c]
    while first < head and s.pos[first] in ("DET", "PUNCT", "ADV", "CCONJ"):
        first += 1
    return first, head


def coordinated(s: Sentence, head: int) -> Iterator[int]:
    """Yield `head` and the nominal words joined to it ("Russia, China and others")."""
    seen = {head}
    queue = [head]
    while queue:
        at = queue.pop(0)
        if not _excluded(s, at):
            yield at
        for c in s.children[at]:
            if (
                s.deps[c] == "conj" and c not in seen and s.pos[c] in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET")
            ) or (s.deps[c] == "appos" and c not in seen and _list_item(s, at, c)):
                seen.add(c)
                queue.append(c)


def _excluded(s: Sentence, at: int) -> bool:
    """ "Not A but B": A is left out."""
    return s.kid(at, "neg") is not None and any(s.words[c].lower() == "but" for c in s.kids(at, "cc"))


def _list_item(s: Sentence, at: int, c: int) -> bool:
    """The parser takes the second item of "A, B and C" for an apposition; it is one if a coordination follows it."""
    return (s.pos[at] == s.pos[c] == "PROPN" and s.kid(c, "conj") is not None and s.kid(c, "cc") is None) or (
        s.pos[at] == s.pos[c] == "PROPN" and s.kid(at, "conj") is not None and c < (s.kid(at, "conj") or 0)
    )


def proper_name(s: Sentence, head: int) -> tuple[int, int]:
    """Return the run of proper nouns and particles that ends at `head`: the name of a person whom no list knows."""
    first = head
    while first > 0 and (
        s.pos[first - 1] == "PROPN"
        or (
            s.words[first - 1] in ("-", "bin", "al", "el", "de", "van", "von", "der", "da", "dos", "ibn")
            and first > 1
            and s.pos[first - 2] == "PROPN"
        )
    ):
        first -= 1
    return first, head
