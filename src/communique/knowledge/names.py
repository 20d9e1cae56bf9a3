"""Compiled table of names: the longest known phrase at a word, looked up where it lies on disk.

Hundreds of thousands of names would take seconds and hundreds of megabytes as Python objects, so they are compiled into
a trie of bytes (marisa-trie), which is mapped into memory and searched there. A key is the phrase in small letters
without accents, each word followed by a blank; a value says how the phrase must be written and what it stands for (the
payload, which belongs to the caller). A phrase is one of two kinds of case:

- `exact`: a name. It matches as it is written, and in capitals throughout if it has more than three letters.
- `lower`: common words. Case does not matter. Plurals are phrases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Generic, Literal, TypeVar

import marisa_trie

from communique.knowledge.phrases import cut_words, without_accents

T = TypeVar("T")
NameCase = Literal["exact", "lower"]
_FARTHEST = 14  # words; no name in the files has more
_EXACT, _LOWER = b"x", b"l"


def write_names(path: Path, phrases: Iterable[tuple[str, NameCase, bytes]]) -> None:
    """Compile (phrase, case, payload) into the file `path`; equal entries are kept once."""
    entries = set()
    for phrase, case, payload in phrases:
        words = cut_words(phrase)
        if words and len(words) <= _FARTHEST:
            spelling = without_accents(" ".join(words)).encode() if case == "exact" else b""
            kind = _EXACT if case == "exact" else _LOWER
            entries.add((_key(words), kind + len(payload).to_bytes(1, "little") + payload + spelling))
    marisa_trie.BytesTrie(sorted(entries)).save(str(path))


def _key(words: Sequence[str]) -> str:
    return without_accents("".join(f"{word} " for word in words)).lower()


class NameTable(Generic[T]):
    """Phrases with what they stand for; read-only, cheap to open, shared between processes by the system."""

    def __init__(self, path: Path, decode: Callable[[bytes], T]) -> None:
        """Open the file that `write_names` made; `decode` turns a payload into what the caller works with."""
        self._trie = marisa_trie.BytesTrie().mmap(str(path))
        self._decode = decode

    def __len__(self) -> int:
        return len(self._trie)

    def longest(self, words: Sequence[str], start: int = 0) -> tuple[int, tuple[T, ...]] | None:
        """Return how many words the longest phrase at `start` takes, with all it may stand for, or None."""
        first = _key(words[start : start + 1])
        if next(self._trie.iterkeys(first), None) is None:
            return None
        reach = words[start : start + _FARTHEST]
        for key in reversed(self._trie.prefixes(first + _key(reach[1:]))):
            size = key.count(" ")
            if fits := self._fitting(key, reach[:size]):
                return size, fits
        return None

    def find_all(self, words: Sequence[str]) -> list[tuple[int, int, tuple[T, ...]]]:
        """Return (first word, word after the last, meanings) of the longest matches, left to right, not overlapping."""
        found = []
        i = 0
        while i < len(words):
            match = self.longest(words, i)
            if match:
                found.append((i, i + match[0], match[1]))
                i += match[0]
            else:
                i += 1
        return found

    def named(self, phrase: str) -> tuple[T, ...]:
        """Return what `phrase`, taken whole, may stand for."""
        words = cut_words(phrase)
        return self._fitting(_key(words), words) if words else ()

    def items(self) -> Iterator[tuple[str, bytes, T]]:
        """Yield (phrase as written, payload, meaning) for every entry; for look-ups by people, not for coding."""
        for key, value in self._trie.iteritems():
            payload, spelling = _parts(value)
            yield spelling.decode() or key.rstrip(), payload, self._decode(payload)

    def _fitting(self, key: str, found: Sequence[str]) -> tuple[T, ...]:
        written = without_accents(" ".join(found))
        fits: dict[bytes, T] = {}
        for value in self._trie.get(key) or ():
            payload, spelling = _parts(value)
            if value[:1] == _LOWER or spelling.decode() == written or _shouted(written):
                fits[payload] = self._decode(payload)
        return tuple(fits.values())


def _parts(value: bytes) -> tuple[bytes, bytes]:
    size = value[1]
    return value[2 : 2 + size], value[2 + size :]


def _shouted(written: str) -> bool:
    return len(written.replace(" ", "")) > 3 and written == written.upper()
