"""Reports by their words: what the store's full text finds, in pieces for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.store import Store

_AROUND = 90


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found; `pieces` are words around the first place, each with whether it was asked for."""

    report: str
    title: str
    outlet: str
    published: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """Reports, the best first, and the cursor that leads on ("" at the end)."""

    items: tuple[Hit, ...]
    next: str = ""


def reports(store: Store, q: str, *, limit: int, after: str) -> Hits:
    """Return the reports in which all words of `q` stand."""
    words = [word.casefold() for word in q.split()]
    found = []
    for one in store.query("reports"):
        text = one.report.text
        low = text.casefold() + " " + one.report.title.casefold()
        if all(word in low for word in words):
            found.append(
                Hit(one.report.id, one.report.title, one.report.outlet, one.report.published, _pieces(text, words))
            )
    found.reverse()
    start = int(after) if after.isdecimal() else 0
    return Hits(tuple(found[start : start + limit]), str(start + limit) if start + limit < len(found) else "")


def _pieces(text: str, words: list[str]) -> tuple[tuple[str, bool], ...]:
    low = text.casefold()
    at = min((place for word in words if (place := low.find(word)) >= 0), default=0)
    start = max(0, text.rfind(" ", 0, max(0, at - _AROUND)) + 1)
    end = min(len(text), at + 2 * _AROUND)
    spans = sorted((n, n + len(word)) for word in words if (n := low.find(word, start)) >= 0 and n + len(word) <= end)
    pieces: list[tuple[str, bool]] = []
    here = start
    for first, last in spans:
        if first >= here:
            pieces += [(text[here:first], False), (text[first:last], True)]
            here = last
    return (*pieces, (text[here:end], False))
