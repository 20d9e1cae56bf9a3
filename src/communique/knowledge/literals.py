"""What must stand in a text for a regular expression to match it: looked for first, since that is far quicker.

A search by a pattern like `.{0,400}\\(photo: ...` tries every place of a text; to see that "photo" is not in it takes a
hundredth of that. `needed` works such words out from the pattern as Python itself reads it. `openers` gives the
letters that a match can begin with. Both are on the safe side: where they cannot tell they say so, and the pattern has
to be tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

_SHORTEST = 2  # letters; one stands in nearly every text
_WIDEST = 64  # letters of a range that are written out
_MOST = 6  # strings that a row of parts is written out as: each is looked for in every text
_TAKE_NONE = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
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
    found = _of(import_module("re._parser").parse(pattern))
    return frozenset(text for text in found if not any(other != text and other in text for other in found))


def openers(pattern: str) -> frozenset[str]:
    """Return the letters, `folded`, with one of which every match of `pattern` begins; none if it cannot be told."""
    found, open_ = _first(import_module("re._parser").parse(pattern))
    return frozenset() if open_ else found


def opener(text: str) -> str:
    """Return the first letter of a text as `openers` gives them, "0" for any digit; nothing for an empty one."""
    first = folded(text[:1])[:1]
    return "0" if first.isdecimal() else first


def holds_one(text: str, strings: Iterable[str]) -> bool:
    """Tell whether one of the strings stands in `text`."""
    return any(map(text.__contains__, strings))


def _of(parts: Iterable[Any]) -> Needed:
    """Return what the best of the parts, all of which must match, needs."""
    found: list[Needed] = []
    run = [""]  # what the parts since the last unclear one may be, written out
    for name, value in ((str(op), value) for op, value in parts):
        exact = _exact(name, value)
        if exact and len(run) * len(exact) <= _MOST:
            run = [a + b for a in run for b in exact]
            continue
        found.append(_each(run))
        run = list(exact) if 0 < len(exact) <= _MOST else [""]
        found.append(_needs(name, value))
    return max([*found, _each(run)], key=_worth)


def _exact(name: str, value: Any) -> Sequence[str]:
    """Return all strings that one part matches, none if they are many or cannot be told."""
    if name == "LITERAL":
        return (chr(value),)
    if name == "AT":  # an edge takes no letter
        return ("",)
    if name == "BRANCH":
        rows = [_exact_row(row) for row in value[1]]
        return [text for row in rows for text in row] if all(rows) else ()
    if name == "SUBPATTERN":
        return _exact_row(value[3])
    if name in _REPEATS and value[:2] == (0, 1):
        row = _exact_row(value[2])
        return ["", *row] if row else ()
    return ()


def _exact_row(parts: Iterable[Any]) -> Sequence[str]:
    run = [""]
    for name, value in ((str(op), value) for op, value in parts):
        exact = _exact(name, value)
        run = [a + b for a in run for b in exact]
        if not 0 < len(run) <= _MOST:
            return ()
    return run


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


def _each(run: Iterable[str]) -> Needed:
    texts = frozenset(map(folded, run))
    return texts if min(map(len, texts)) >= _SHORTEST else frozenset()


def _worth(strings: Needed) -> tuple[int, int]:
    """Rank by the length of the shortest, then by how few they are."""
    return (min(map(len, strings), default=0), -len(strings))


def _first(parts: Iterable[Any]) -> tuple[frozenset[str], bool]:
    """Return the letters that a row of parts may begin with; True: or with any other, or with none."""
    found: frozenset[str] = frozenset()
    for name, value in ((str(op), value) for op, value in parts):
        if name in _TAKE_NONE:
            continue
        letters, optional = _begins(name, value)
        if not letters:
            return found, True
        found |= letters
        if not optional:
            return found, False
    return found, True


def _begins(name: str, value: Any) -> tuple[frozenset[str], bool]:
    """Return the letters that one part may begin with, none if it cannot be told, and whether it may take none."""
    if name == "LITERAL":
        return frozenset({opener(chr(value))}), False
    if name == "IN":
        return _of_class(value), False
    if name == "BRANCH":
        rows = [_first(row) for row in value[1]]
        return (frozenset() if any(open_ for _, open_ in rows) else frozenset().union(*[x for x, _ in rows])), False
    if name in _REPEATS or name in ("SUBPATTERN", "ATOMIC_GROUP"):
        letters, open_ = _first(value if name == "ATOMIC_GROUP" else value[-1])
        return (frozenset() if open_ else letters), name in _REPEATS and not value[0]
    return frozenset(), True


def _of_class(members: Iterable[Any]) -> frozenset[str]:
    found: set[str] = set()
    for name, value in ((str(op), value) for op, value in members):
        if name == "LITERAL":
            found.add(opener(chr(value)))
        elif name == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            found.add("0")
        elif name == "RANGE" and value[1] - value[0] < _WIDEST:
            found.update(opener(chr(letter)) for letter in range(value[0], value[1] + 1))
        else:
            return frozenset()
    return frozenset(found)
