"""Which names are those of people, so that a town of the same name is not taken for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from communique.grounding.place_names import Named
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.place_names import fold_word
from communique.language.tree import Sentence

_NAME_TAGS = ("NNP", "NNPS")
_PARTICLES = frozenset("al bin ibn de da dos van von der el la di du abu ben".split())


@dataclass(frozen=True, slots=True)
class People:
    """The surnames of the people whom a report names in full, and where (sentence, word) their names stand."""

    surnames: frozenset[str]
    words: frozenset[tuple[int, int]]


def find_people(sentences: Iterable[Sentence], gazetteer: Gazetteer, words: Mapping[str, frozenset[str]]) -> People:
    """Return the people of a report whom their given names or titles give away."""
    surnames: set[str] = set()
    found: set[tuple[int, int]] = set()
    for number, s in enumerate(sentences):
        i, count = 0, len(s.words)
        while i < count:
            if not s.words[i][0].isupper():
                i += 1
                continue
            end = _run(s, i)
            if end > i:
                person = _person(s, i, end, gazetteer, words)
                if person is not None:
                    found |= {(number, j) for j in range(person, end)}
                    surnames.add(fold_word(s.words[end - 1]))
            i = max(end, i + 1)
    return People(frozenset(surnames), frozenset(found))


def _run(s: Sentence, i: int) -> int:
    """Return the end of the run of capitalised words that begins at word `i`; initials and particles belong to it."""
    end = i
    count = len(s.words)
    while end < count and (
        (s.words[end][0].isupper() and (s.tags[end] in _NAME_TAGS or end > i))
        or (end > i and s.words[end] in (".", "-") and end + 1 < len(s) and s.words[end + 1][0].isupper()
            and len(s.words[end - 1]) == 1)
        or (end > i and s.words[end].lower() in _PARTICLES and end + 1 < len(s) and s.words[end + 1][0].isupper())
    ):  # fmt: skip
        end += 1
    return end


def _person(s: Sentence, first: int, end: int, gazetteer: Gazetteer, words: Mapping[str, frozenset[str]]) -> int | None:
    """Return where the person's name in the run of words begins, None if it names no person."""
    low = [w.lower() for w in s.words[first:end]]
    # "Arlington Mayor Robert Cluck": the name begins after the last title.
    title = max((k for k, w in enumerate(low[:-1]) if w in words["title"]), default=-1)
    begin = first + title + 1
    rest = [fold_word(w) for w in s.words[begin:end]]
    if not rest or any(w in words["body"] and w not in ("hall", "park", "field", "young") for w in rest):
        return None
    if title >= 0:
        return begin if len(rest) <= 4 else None
    if not 2 <= len(rest) <= 4:
        return None
    if first > 0 and s.words[first - 1].lower() in words["title"] and s.words[first - 1][0].islower():
        return begin
    if not gazetteer.named_also(rest[0], "given") or s.words[begin].isupper() != s.words[end - 1].isupper():
        return None
    if gazetteer.known(" ".join(rest)) or (len(rest) > 2 and gazetteer.known(" ".join(rest[:2]))):
        return None
    before = s.words[first - 1].lower() if first > 0 else ""
    if before in words["static"] and gazetteer.known(rest[0]):
        return None
    return begin


def beside_person(s: Sentence, n: Named, gazetteer: Gazetteer, words: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether the words beside a name make it part of a person's: "Mr. Lincoln", "J. Paris", "Lebanon Jr."."""
    before, after = n.first - 1, n.last + 1
    if after < len(s) and s.words[after].lower() in words["apart"] and s.words[after][0].isupper():
        return True
    if before < 0 or s.starts[n.first] > s.ends[before] + 1:
        return False
    word = s.words[before]
    low = word.lower()
    if low in words["title"] and word[0].isupper() and n.form == "name":
        return not (low in ("saint", "general", "attorney", "chief", "deputy", "director") or n.last > n.first)
    if len(word) <= 2 and word[0].isupper() and (word.endswith(".") or len(word) == 1) and word not in ("A", "I"):
        return True
    return (
        word[0].isupper()
        and s.tags[before] in _NAME_TAGS
        and gazetteer.named_also(fold_word(word), "given")
        and s.deps[before] == "compound"
        and not gazetteer.known(fold_word(word))
    )
