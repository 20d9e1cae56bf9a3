"""Paragraphs that an outlet prints with story after story, known by what is left of them without numbers and dates.

They are learned (`reading.repeated`) or stand in knowledge files as `[[repeated]]`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from communique.knowledge.tables import Entry, Tables, validated

ANY = "*"
LONGEST = 1_000  # characters; what is longer is a story, not furniture
_NUMBERS = re.compile(
    r"(?:\d+|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september"
    r"|october|november|december|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|[ap]\.?m)\b)(?:st|nd|rd|th)?"
)
_RUNS = re.compile(r"0(?:[\s.,:/-]*0)+")
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


class RepeatedEntry(Entry):
    """`[[repeated]]`: a paragraph that an outlet prints with story after story; `communique furniture` writes them.

    `outlet` is the name of the outlet, or the host of its pages where reports have no outlet; `*` stands for all, the
    empty text for reports with neither. Capitals, quotes, numbers and dates in `text` may be others. `stories` says in
    how many it was found.
    """

    outlet: str = ANY
    text: str
    stories: int = 0


def fold(text: str) -> str:
    """Return `text` in small letters with straight quotes and single blanks, numbers, days and months as 0."""
    return _RUNS.sub("0", _NUMBERS.sub("0", " ".join(text.translate(_QUOTES).casefold().split())))


def key_of(text: str) -> int:
    """Return a number below 2**63 for all texts that fold to the same."""
    return int.from_bytes(hashlib.blake2b(fold(text).encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def outlet_of(outlet: str, url: str = "") -> str:
    """Return what an outlet is known by: its name in small letters, else the host of `url` without `www.`, else ""."""
    if name := " ".join(outlet.casefold().split()):
        return name
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Repeated:
    """The keys of repeated paragraphs by outlet (`outlet_of`), `*` for all outlets."""

    keys: Mapping[str, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))

    def has(self, outlet: str, text: str) -> bool:
        """Return whether `text` is a paragraph that `outlet` repeats."""
        mine, every = self.keys.get(outlet), self.keys.get(ANY)
        if not (mine or every) or len(text) > LONGEST:
            return False
        key = key_of(text)
        return bool((mine and key in mine) or (every and key in every))

    def __or__(self, other: Repeated) -> Repeated:
        none: frozenset[int] = frozenset()
        outlets = sorted({*self.keys, *other.keys})
        return Repeated({o: self.keys.get(o, none) | other.keys.get(o, none) for o in outlets})


def repeated_of(pairs: Iterable[tuple[str, int]]) -> Repeated:
    """Return the paragraphs of (outlet, key) pairs."""
    found: dict[str, set[int]] = {}
    for outlet, key in pairs:
        found.setdefault(outlet, set()).add(key)
    return Repeated({outlet: frozenset(keys) for outlet, keys in sorted(found.items())})


def load_repeated(tables: Tables) -> Repeated:
    """Return the repeated paragraphs of `tables`. Raises KnowledgeError for an entry that breaks the schema."""
    entries = [found.entry for found in validated(tables, "repeated", RepeatedEntry)]
    return repeated_of((entry.outlet if entry.outlet == ANY else outlet_of(entry.outlet), key_of(entry.text))
                       for entry in entries)  # fmt: skip
