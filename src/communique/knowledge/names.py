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
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Generic, Literal, TypeVar

import marisa_trie

from communique.knowledge.phrases import cut_words, without_accents

T = TypeVar("T")
_Word = tuple[str, dict[str, int]]
NameCase = Literal["exact", "lower"]
_EXACT, _LOWER = b"x", b"l"
_REMEMBERED = 50_000  # entries of a cache; a few megabytes


def write_names(path: Path, phrases: Iterable[tuple[str, NameCase, bytes]]) -> None:
    """Compile (phrase, case, payload) into the file `path`; equal entries are kept once."""
    entries = set()
    for phrase, case, payload in phrases:
        words = cut_words(phrase)
        if words:
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
        # Words come back again and again: what was once looked up need not be asked of the trie again.
        self._words: dict[str, _Word] = {}
        self._begins: dict[str, dict[str, int]] = {}
        self._known: dict[tuple[str, str], tuple[T, ...]] = {}

    def __len__(self) -> int:
        return len(self._trie)

    def find_all(self, words: Sequence[str]) -> list[tuple[int, int, tuple[T, ...]]]:
        """Return (first word, word after the last, meanings) of the longest matches, left to right, not overlapping."""
        known, found, reached = [self._words.get(word) or self._word(word) for word in words], [], 0
        for start, (_, begins) in enumerate(known):
            if begins and start >= reached:  # most words begin no name
                second = known[start + 1][0] if start + 1 < len(known) else ""
                longest = min(begins.get(second, begins[""]), len(known) - start)
                for end in range(start + longest, start, -1):
                    key = " ".join([folded for folded, _ in known[start:end]])
                    if fits := self._fitting(key, " ".join(words[start:end])):
                        found.append((start, end, fits))
                        reached = end
                        break
        return found

    def _word(self, word: str) -> _Word:
        """Return a word folded, and how long the phrases that begin with it may be."""
        folded = _folded(word)
        begins = self._begins.get(folded)
        if begins is None:
            begins = self._look_up(folded)
        if len(self._words) > _REMEMBERED:
            self._words.clear()
        found = self._words[word] = (folded, begins)
        return found

    def _look_up(self, first: str) -> dict[str, int]:
        """Return how long the phrases that begin with a word may be, by their second word; "" for none that fits."""
        longest: dict[str, int] = {}
        for key in self._trie.iterkeys(f"{first} "):
            parts = key.split()
            longest.setdefault("", 0)
            second = parts[1] if len(parts) > 1 else ""
            longest[second] = max(longest.get(second, 0), len(parts))
        if len(self._begins) > _REMEMBERED:
            self._begins.clear()
        self._begins[first] = longest
        return longest

    def named(self, phrase: str) -> tuple[T, ...]:
        """Return what `phrase`, taken whole, may stand for."""
        words = cut_words(phrase)
        return self._fitting(" ".join(map(_folded, words)), " ".join(words)) if words else ()

    def folded(self, phrase: str) -> list[tuple[str, T]]:
        """Return (phrase as written, meaning) for every entry that is `phrase` in any case, with or without accents."""
        key = _key(cut_words(phrase))
        values = sorted(self._trie.get(key) or ()) if key and "\0" not in key else []
        return [(spelling.decode() or key.rstrip(), self._decode(payload)) for payload, spelling in map(_parts, values)]

    @cached_property
    def _keys(self) -> str:
        """All phrases, folded, a line each: a long text is searched much faster than a trie is walked."""
        return "\n" + "".join(f"{key}\n" for key in dict.fromkeys(self._trie.keys()))

    def containing(self, part: str) -> Iterator[tuple[str, T]]:
        """Yield (phrase as written, meaning) for every entry in which `part` stands, in any case."""
        keys, at, part = self._keys, 0, part.replace("\n", " ").replace("\0", " ")
        while part and (at := keys.find(part, at)) >= 0:
            key = keys[keys.rfind("\n", 0, at) + 1 : keys.index("\n", at)]
            at = keys.index("\n", at)
            for value in sorted(self._trie.get(key) or ()):
                payload, spelling = _parts(value)
                yield spelling.decode() or key.rstrip(), self._decode(payload)

    def items(self) -> Iterator[tuple[str, bytes, T]]:
        """Yield (phrase as written, payload, meaning) for every entry; for look-ups by people, not for coding."""
        for key, value in self._trie.iteritems():
            payload, spelling = _parts(value)
            yield spelling.decode() or key.rstrip(), payload, self._decode(payload)

    def _fitting(self, key: str, written: str) -> tuple[T, ...]:
        known = self._known.get((key, written))
        if known is not None:
            return known
        plain = without_accents(written)
        fits: dict[bytes, T] = {}
        for value in sorted(self._trie.get(f"{key} ") or ()):  # in the order of the files
            payload, spelling = _parts(value)
            if value[:1] == _LOWER or spelling.decode() == plain or _shouted(plain):
                fits[payload] = self._decode(payload)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        found = self._known[key, written] = tuple(fits.values())
        return found


@lru_cache(maxsize=_REMEMBERED)
def _folded(word: str) -> str:
    return without_accents(word).lower()


def _parts(value: bytes) -> tuple[bytes, bytes]:
    size = value[1]
    return value[2 : 2 + size], value[2 + size :]


def _shouted(written: str) -> bool:
    return len(written.replace(" ", "")) > 3 and written == written.upper()
