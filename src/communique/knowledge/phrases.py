"""Longest match of known phrases over the words of a sentence.

Phrases are cut into words as the language pipelines cut a text: at white space, at hyphens between letters, before a
possessive "'s", around commas and brackets. A `PhraseTable` holds common words, of which case does not matter and the
last may be inflected ("foreign ministers"); names stand in `names`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
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


Match = tuple[int, tuple[T, ...]]
"""How many words a phrase takes, with all it may stand for."""


class _Node(Generic[T]):
    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node[T]] = {}
        self.entries: list[T] = []


class PhraseTable(Generic[T]):
    """Phrases with what they stand for; `longest` finds the longest one that starts at a word."""

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        self._root: _Node[T] = _Node()
        for phrase, payload in phrases:
            self._add(cut_words(phrase), payload)

    def _add(self, words: Sequence[str], payload: T) -> None:
        if not words:
            return
        node = self._root
        for word in words:
            node = node.next.setdefault(word.lower(), _Node())
        node.entries.append(payload)

    def longest(self, words: Sequence[str], lemmas: Sequence[str], start: int) -> Match[T] | None:
        """Return how many words the longest phrase at `start` takes, with all it may stand for, or None.

        Both are in small letters.
        """
        best: Match[T] | None = None
        # A last word may be inflected, so each word is tried as written and as its lemma; the lemma ends the phrase.
        node = self._root
        for i in range(start, len(words)):
            lower, lemma = words[i], lemmas[i]
            inflected = node.next.get(lemma) if lemma != lower else None
            if inflected is not None and inflected.entries:
                best = (i + 1 - start, tuple(inflected.entries))
            following = node.next.get(lower)
            if following is None:
                break
            node = following
            if node.entries:
                best = (i + 1 - start, tuple(node.entries))
        return best

    def find_all(self, words: Sequence[str], lemmas: Sequence[str]) -> list[tuple[int, int, tuple[T, ...]]]:
        """Return (first word, word after the last, payloads) of the longest matches, left to right, not overlapping."""
        low = [word.lower() for word in words]
        stems = [lemma.lower() for lemma in lemmas] if lemmas else low
        first, found, reached = self._root.next, [], 0
        for i, word in enumerate(low):  # most words begin no phrase
            if (word in first or stems[i] in first) and i >= reached and (match := self.longest(low, stems, i)):
                reached = i + match[0]
                found.append((i, reached, match[1]))
        return found
