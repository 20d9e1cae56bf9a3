"""Longest match of known phrases over the words of a sentence.

Phrases are cut into words as the language pipelines cut a text: at white space, at hyphens between letters, before a
possessive "'s", around commas and brackets. One table holds phrases of three kinds of case:

- `exact`: a name. It matches as it is written, and in capitals throughout if it has more than three letters.
- `lower`: common words. Case does not matter.
- `lemma`: common words of which the last may be inflected ("foreign ministers").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Case = Literal["exact", "lower", "lemma"]
_ARTICLES = r"(?:[Aa]l|[Ee]l|[Uu]l|[Aa]s|[Aa]sh|[Aa]d|[Aa]r|[Aa]n|[Aa]t|[Aa]z)-[A-Z][^\W\d_]*"
ARTICLE_NAME = re.compile(_ARTICLES)
"""A name with its Arabic article, which is one word: "al-Jubeir"."""
_WORDS = re.compile(
    rf"""
      \b{_ARTICLES}                               # al-Jubeir
    |
      's\b | ’s\b                                 # possessive
    | (?:[^\W\d_]\.){{2,}}                        # U.S.
    | (?:St|Mt|Ft|Dr|Mr|Mrs|Ms|Jr|Sr|Gen|Gov|Sen|Rep|Lt|Col|Sgt|Capt|Adm|Brig|Maj|Prof|Rev|Inc|Corp|Co|Ltd)\.
    | [^\W\d_]\.(?=\s)                           # the initial in "Donald J. Trump"
    | [^\W\d_]+-\d+                               # G-20
    | \d+(?:[.,]\d+)*[^\W_]*
    | [^\W_]+(?:['’](?!s\b)\w+)*                 # d'Ivoire, Sana'a
    | [^\w\s]
    """,
    re.VERBOSE,
)


_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae",
                          "Æ": "Ae", "ð": "d", "þ": "th", "ə": "a", "ʻ": "'", "ʼ": "'", "’": "'", "‘": "'",
                          "œ": "oe"})  # fmt: skip


def without_accents(text: str) -> str:
    """Return `text` in plain letters: "Orbán" -> "Orban"."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c))


def cut_words(phrase: str) -> tuple[str, ...]:
    """Return the words of `phrase` as a language pipeline would cut it."""
    return tuple(_WORDS.findall(phrase))


class _Node(Generic[T]):
    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node[T]] = {}
        self.entries: list[tuple[Case, tuple[str, ...], T]] = []


class PhraseTable(Generic[T]):
    """Phrases with what they stand for; `longest` finds the longest one that starts at a word."""

    def __init__(self, phrases: Iterable[tuple[str, Case, T]] = ()) -> None:
        self._root: _Node[T] = _Node()
        self._size = 0
        for phrase, case, payload in phrases:
            self.add(phrase, case, payload)

    def __len__(self) -> int:
        return self._size

    def add(self, phrase: str, case: Case, payload: T) -> None:
        words = cut_words(phrase)
        if not words:
            return
        node = self._root
        for word in words:
            lower = word.lower()
            following = node.next.get(lower)
            if following is None:
                following = node.next[lower] = _Node()
            node = following
        node.entries.append((case, words, payload))
        self._size += 1

    def longest(self, words: Sequence[str], lemmas: Sequence[str], start: int) -> tuple[int, tuple[T, ...]] | None:
        """Return how many words the longest phrase at `start` takes, with all it may stand for, or None."""
        best: tuple[int, tuple[T, ...]] | None = None
        # A last word may be inflected, so each word is tried as written and as its lemma; the lemma ends the phrase.
        node = self._root
        for i in range(start, len(words)):
            lower = words[i].lower()
            if lemmas and (lemma := lemmas[i].lower()) != lower and (inflected := node.next.get(lemma)) is not None:
                fits = tuple(p for case, _, p in inflected.entries if case == "lemma")
                if fits:
                    best = (i + 1 - start, fits)
            following = node.next.get(lower)
            if following is None:
                break
            node = following
            if node.entries:
                found = words[start : i + 1]
                fits = tuple(p for case, form, p in node.entries if _fits(case, form, found))
                if fits:
                    best = (i + 1 - start, fits)
        return best

    def find_all(self, words: Sequence[str], lemmas: Sequence[str]) -> list[tuple[int, int, tuple[T, ...]]]:
        """Return (first word, word after the last, payloads) of the longest matches, left to right, not overlapping."""
        found = []
        i = 0
        while i < len(words):
            match = self.longest(words, lemmas, i)
            if match:
                found.append((i, i + match[0], match[1]))
                i += match[0]
            else:
                i += 1
        return found


def _fits(case: Case, form: Sequence[str], found: Sequence[str]) -> bool:
    if case != "exact" or tuple(form) == tuple(found):
        return True
    shouted = sum(map(len, found)) > 3 and all(w == w.upper() for w in found)
    return shouted and all(w.lower() == f.lower() for w, f in zip(found, form, strict=True))
