"""Reports by their words: what the store's full text finds, in pieces for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.showing import text as say

if TYPE_CHECKING:
    from communique.records import Report, Span
    from communique.store import Filters, Store

_FIRST = 100  # characters of a text that stand for its title
Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found; `pieces` are words around what was asked for, each with whether it is that."""

    report: str
    title: str
    outlet: str
    published: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Hits:
    """Reports, the last published first, and the cursor that leads on ("" at the end)."""

    items: tuple[Hit, ...]
    next: str = ""


def reports(store: Store, q: str, filters: Filters, *, limit: int, after: str) -> Hits:
    """Return the reports that hold the words of `q`. Raises QueryError for a query without words."""
    found = store.search(q, limit=limit + 1, after=after or None, filters=filters)
    untitled = store.reports(one.report for one in found[:limit] if not one.title)
    hits = tuple(
        Hit(
            one.report,
            one.title or title_of(untitled.get(one.report)),
            one.outlet,
            one.published,
            pieces(one.snippet, one.spans),
        )
        for one in found[:limit]
    )
    return Hits(hits, hits[-1].report if len(found) > limit else "")


def title_of(report: Report | None) -> str:
    """Return what stands for a report in a list: its title, else its first words."""
    if report is None:
        return "Untitled"
    if title := say.clean(report.title):
        return title
    whole = report.text.strip()
    first = say.words(whole, ((0, _FIRST),))
    if len(whole) <= _FIRST:
        return first or "Untitled"
    if not any(map(str.isspace, whole[_FIRST - 1 : _FIRST + 1])) and " " in first[_FIRST // 2 :]:  # a word is cut
        first = first.rpartition(" ")[0]
    return f"{first} …"


def pieces(text: str, spans: tuple[Span, ...]) -> Pieces:
    """Return a text cut at spans, each piece with whether it is one of them."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(spans):
        if at <= start < end:
            cut += [(text[at:start], False), (text[start:end], True)]
            at = end
    return (*cut, (text[at:], False))
