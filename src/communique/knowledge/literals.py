"""What must stand in a text for a regular expression to match it: looked for first, since that is far quicker.

A search by a pattern like `.{0,400}\\(photo: ...` tries every place of a text; to see that "photo" is not in it takes a
hundredth of that. `needed` works such words out from the pattern as Python itself reads it. It is on the safe side:
where it cannot tell, it says so, and the pattern has to be tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

_SHORTEST = 2  # letters; one stands in nearly every text
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})

Needed = frozenset[str]
"""Of these strings one must stand in the text, `folded`; empty: nothing is known."""


def folded(text: str) -> str:
    """Return `text` in the letters in which `needed` gives its strings, without distinction of case."""
    # A pattern without distinction takes each of these for the other.
    return text.casefold().replace("ı", "i").replace("i\u0307", "i")


def needed(pattern: str) -> Needed:
    """Return strings of which one stands in every text, `folded`, that `pattern` matches; none if it cannot be told."""
    # The reader of patterns has no public name; `re` has kept it since its beginning.
    return _of(import_module("re._parser").parse(pattern))


def holds_one(text: str, strings: Iterable[str]) -> bool:
    """Tell whether one of the strings stands in `text`."""
    return any(map(text.__contains__, strings))


def _of(parts: Iterable[Any]) -> Needed:
    """Return what the best of the parts, all of which must match, needs."""
    found: list[Needed] = []
    run = ""
    for name, value in ((str(op), value) for op, value in parts):
        if name == "LITERAL":
            run += chr(value)
            continue
        if name == "AT":  # an edge takes no letter
            continue
        found += [_one(run), _needs(name, value)]
        run = ""
    return max([*found, _one(run)], key=_worth)


def _needs(name: str, value: Any) -> Needed:
    if name == "BRANCH":
        return _all_of([_of(part) for part in value[1]])
    if name == "SUBPATTERN":
        return _of(value[3])
    if name in _REPEATS:
        return _of(value[2]) if value[0] else frozenset()
    if name == "ATOMIC_GROUP":
        return _of(value)
    if name == "ASSERT":
        return _of(value[1])
    return frozenset()


def _all_of(branches: Sequence[Needed]) -> Needed:
    return frozenset().union(*branches) if all(branches) else frozenset()


def _one(run: str) -> Needed:
    text = folded(run)
    return frozenset({text}) if len(text) >= _SHORTEST else frozenset()


def _worth(strings: Needed) -> tuple[int, int]:
    """Rank by the length of the shortest, then by how few they are."""
    return (min(map(len, strings), default=0), -len(strings))
