"""Furniture: what a page prints around a report, and how to tell it from reporting.

The entries are regular expressions over text in which curly quotes are straight and every white space is a blank.
A quantifier within a quantified group is refused, because its running time can explode; the other means of keeping
the time linear is that patterns see only short blocks and the ends of long ones (`reading.classify`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import field_validator

from communique.knowledge.literals import Needed, folded, holds_one, needed, opener, openers
from communique.knowledge.repeated import Repeated, load_repeated
from communique.knowledge.tables import Entry, Tables, validated

Kind = Literal["line", "block", "context", "prefix", "suffix", "keep", "speech", "voice"]
_Group = Kind | Literal["last"]  # `last`: the lines that only the end of a report may have
_GROUPS: tuple[_Group, ...] = ("line", "last", "block", "context", "prefix", "suffix", "keep", "speech", "voice")
Zone = Literal["", "headlines", "promotion", "note"]

_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\n": " ",
}  # fmt: skip
_NOT_PLAIN = re.compile(f"[{''.join(_PLAIN)}]")


class FurnitureEntry(Entry):
    """`[[furniture]]`: patterns of one sort of furniture, and the reason that `removed` gives.

    - `line`: the pattern is the whole block or line.
    - `block`: a sentence that contains the pattern is furniture, and the block is if half of its sentences are.
    - `context`: the short block that contains the pattern is furniture if it stands beside furniture.
    - `prefix`, `suffix`: the pattern is furniture at the start or the end of a paragraph, which stays without it.
      The groups `place` and `date` of a prefix are kept as the dateline's.
    - `keep`: a block that contains the pattern is reporting, whatever else it looks like; `line` and `block` overrule.
    - `speech`: a line or sentence that contains the pattern reports what somebody says; entries that are `unspoken` do
      not match it.
    - `voice`: words by which a page speaks of itself and to its readers. They make no furniture by themselves; what is
      learned from repetition is told from background by them.

    `opens` says what follows a line: headlines of other reports, promotion, or one note (on the author).
    `first` limits a prefix to the first paragraph of a report, `last` a line to its end, where nothing but furniture
    follows. Letters match in both cases unless `case` is true.
    """

    id: str
    reason: str = ""
    kind: Kind
    patterns: tuple[str, ...]
    opens: Zone = ""
    case: bool = False
    first: bool = False
    last: bool = False
    unspoken: bool = False
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()

    @field_validator("patterns")
    @classmethod
    def _safe(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
            if nested_quantifier(pattern):
                raise ValueError(f"{pattern!r} repeats a group that repeats; write it without the inner + or *")
        return patterns


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that was found: which entry, and where in the text that it was looked for in."""

    entry: FurnitureEntry
    start: int
    end: int
    place: str = ""
    date: str = ""


_Try = tuple[re.Pattern[str], FurnitureEntry, Needed]
"""A pattern, its entry, and strings without one of which it matches no text; none if they are not looked for."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """The patterns of whole lines, by the letter that a line must begin with."""

    by_letter: dict[str, tuple[_Try, ...]]
    others: tuple[_Try, ...]
    """Those for any other letter, which are among those for each letter too."""

    def matches(self, text: str) -> Iterator[tuple[re.Match[str], FurnitureEntry]]:
        """Yield the matches of all of `text`, in the order of the entries."""
        low = folded(text)
        for pattern, entry, needs in self.by_letter.get(opener(text), self.others):
            if (not needs or holds_one(low, needs)) and (match := pattern.fullmatch(text)):
                yield match, entry


@dataclass(frozen=True, slots=True)
class _Any:
    """The patterns of a group in two, so that a text in which none is found costs little: nearly every text is one."""

    always: re.Pattern[str] | None
    """Those that have to be tried."""
    slow: tuple[tuple[re.Pattern[str], Needed], ...]
    """Those that try many places of a text, each with strings without one of which it matches none."""

    def found(self, text: str) -> bool:
        if self.always is not None and self.always.search(text):
            return True
        low = folded(text)
        return any(holds_one(low, needs) and pattern.search(text) for pattern, needs in self.slow)


@dataclass(frozen=True, slots=True)
class FurnitureBook:
    """The furniture entries, compiled, by kind. All methods take text that `plain` has made."""

    entries: tuple[FurnitureEntry, ...]
    _compiled: dict[_Group, tuple[tuple[re.Pattern[str], FurnitureEntry], ...]]
    _any: dict[_Group, _Any]
    _whole: dict[_Group, _Whole]
    repeated: Repeated = field(default_factory=Repeated)

    def with_repeated(self, more: Repeated) -> FurnitureBook:
        """Return the book with the paragraphs `more` added to those that outlets repeat."""
        return replace(self, repeated=self.repeated | more)

    def line(self, text: str, *, last: bool = False) -> Match | None:
        """Return the first entry of kind `line` that is the whole of `text`; `last`: of those for the end only."""
        return self._first(self._whole["last" if last else "line"].matches(text), text)

    def prefix(self, text: str, *, first: bool) -> Match | None:
        """Return the first entry of kind `prefix` at the start of `text`; `first`: it is the first paragraph."""
        for pattern, entry in self._compiled["prefix"]:
            if (first or not entry.first) and (match := pattern.match(text)):
                groups = match.groupdict()
                place, day = groups.get("place") or "", groups.get("date") or ""
                return Match(entry, match.start(), match.end(), place, day)
        return None

    def suffix(self, text: str) -> Match | None:
        """Return the longest match of an entry of kind `suffix` that ends where `text` ends."""
        if not self._any["suffix"].found(text):
            return None
        found = [
            Match(entry, match.start(), match.end())
            for pattern, entry in self._compiled["suffix"]
            if (match := pattern.search(text))
        ]
        return min(found, key=lambda m: m.start, default=None)

    def search(self, kind: Literal["block", "context", "keep", "voice"], text: str) -> Match | None:
        """Return the first entry of `kind` that is found in `text`."""
        if not self._any[kind].found(text):
            return None
        found = ((pattern.search(text), entry) for pattern, entry in self._compiled[kind])
        return self._first(((match, entry) for match, entry in found if match), text)

    def speaks(self, text: str) -> bool:
        """Return whether `text` reports what somebody says."""
        return self._any["speech"].found(text)

    def _first(self, matches: Iterable[tuple[re.Match[str], FurnitureEntry]], text: str) -> Match | None:
        """Return the first of the matches in `text`; of entries that are no speech, only if it reports none."""
        speaks: bool | None = None
        for match, entry in matches:
            if entry.unspoken:
                speaks = self.speaks(text) if speaks is None else speaks
                if speaks:
                    continue
            return Match(entry, match.start(), match.end())
        return None


def plain(text: str) -> str:
    """Return `text` with straight quotes and blanks for all white space; offsets stay."""
    return _NOT_PLAIN.sub(lambda match: _PLAIN[match[0]], text)  # far quicker than str.translate, which asks for each


def load_furniture(tables: Tables) -> FurnitureBook:
    """Return the furniture book of `tables`. Raises KnowledgeError for an entry that does not follow the schema."""
    entries = [found.entry for found in validated(tables, "furniture", FurnitureEntry, key=lambda e: e.id)]
    return book_of(entries).with_repeated(load_repeated(tables))


def book_of(entries: Sequence[FurnitureEntry]) -> FurnitureBook:
    """Compile `entries`; of several that match, the first wins."""
    compiled: dict[_Group, tuple[tuple[re.Pattern[str], FurnitureEntry], ...]] = {}
    union: dict[_Group, _Any] = {}
    whole: dict[_Group, _Whole] = {}
    for group in _GROUPS:
        of_group = [entry for entry in entries if _group(entry) == group]
        mine = [(_written(text, entry), entry) for entry in of_group for text in entry.patterns]
        compiled[group] = tuple((re.compile(text), entry) for text, entry in mine)
        if group in ("line", "last"):
            whole[group] = _by_letter(compiled[group])
        elif group != "prefix":  # each of these is tried by itself
            union[group] = _any([text for text, _ in mine])
    return FurnitureBook(tuple(entries), compiled, union, whole)


def _by_letter(patterns: Sequence[tuple[re.Pattern[str], FurnitureEntry]]) -> _Whole:
    letters = [openers(pattern.pattern) for pattern, _ in patterns]
    # Most patterns fail at the first letters, sooner than a string is found not to stand in the text.
    tries = [(p, e, frozenset() if own else needed(p.pattern)) for (p, e), own in zip(patterns, letters, strict=True)]
    both = list(zip(tries, letters, strict=True))
    return _Whole(
        {
            letter: tuple(t for t, own in both if not own or letter in own)
            for letter in sorted(frozenset().union(*letters))
        },
        tuple(t for t, own in both if not own),
    )


def _any(patterns: Sequence[str]) -> _Any:
    """Return the patterns in two."""
    slow = {p: strings for p in patterns if (strings := needed(p))}
    always = "|".join(p for p in patterns if p not in slow)
    return _Any(re.compile(always) if always else None, tuple((re.compile(p), needs) for p, needs in slow.items()))


def _group(entry: FurnitureEntry) -> _Group:
    return "last" if entry.kind == "line" and entry.last else entry.kind


def _written(pattern: str, entry: FurnitureEntry) -> str:
    body = f"(?:{pattern})" if entry.case else f"(?i:{pattern})"
    return body + r"\s*\Z" if entry.kind == "suffix" else body


def nested_quantifier(pattern: str) -> bool:
    """Return whether an unbounded quantifier stands on a group that holds another one, as in `(a+)+`."""
    groups = [False]  # for each open group: does it hold an unbounded quantifier?
    closed = False  # did the group that was closed just now?
    i = 0
    while i < len(pattern):
        char = pattern[i]
        unbounded = char in "*+" or re.match(r"\{[0-9]*,\}", pattern[i:]) is not None
        if unbounded and closed:
            return True
        groups[-1] = groups[-1] or unbounded or closed
        closed = False
        if char == "\\":
            i += 1
        elif char == "[":
            i = _class_end(pattern, i)
        elif char == "(":
            groups.append(False)
        elif char == ")" and len(groups) > 1:
            closed = groups.pop()
        i += 1
    return False


def _class_end(pattern: str, i: int) -> int:
    """Return where the character class that opens at `i` closes."""
    i += 2 if pattern[i + 1 : i + 2] == "^" else 1
    if pattern[i : i + 1] == "]":
        i += 1
    while i < len(pattern) and pattern[i] != "]":
        i += 2 if pattern[i] == "\\" else 1
    return i
