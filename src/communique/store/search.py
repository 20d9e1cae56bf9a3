"""Full text: what a search means and what it finds in the readers' index (index.py), by SQLite's FTS5."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from communique.errors import QueryError
from communique.records import Span
from communique.store.index import Index, day_range

_TERM = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_WORD = re.compile(r"\w")
_MOST_TERMS, _MOST_CHARACTERS = 32, 1000  # of a query; more is no question
_AROUND = 24  # words of a snippet
_FOUND = """
SELECT words.rowid, r.id, r.title, r.published, r.outlet,
    snippet(words, 1, ?4, ?5, '…', ?6), highlight(words, 0, ?4, ?5)
FROM words
JOIN reports AS r ON r.number = words.rowid
WHERE words MATCH ?1 AND words.rowid >= ?2 AND words.rowid < ?3
ORDER BY words.rowid DESC
LIMIT ?7
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A report that a search found. `snippet` is a stretch of its text, `…` where it is cut; `spans` are the places of
    the words in it, `title_spans` those in the title."""

    report: str
    title: str
    published: str
    outlet: str
    snippet: str
    spans: tuple[Span, ...] = ()
    title_spans: tuple[Span, ...] = ()


def find(index: Index, query: str, since: str, until: str, before: int | None, limit: int) -> list[tuple[int, Found]]:
    """Return reports with the words of a query, newest first, each with its number; those before one, if given.

    `since` and `until` are ISO days, empty for none. Raises QueryError for a query without words.
    """
    opened, closed = (f"\ue000{secrets.token_hex(8)}\ue001" for _ in range(2))  # no text can forge them
    first, last = day_range(since, until)
    last = last if before is None else min(last, before)
    rows = index.ask(_FOUND, (expression(query), first, last, opened, closed, _AROUND, limit))
    return [(row[0], _found(row[1:], opened, closed)) for row in rows]


def number_found(index: Index, query: str, since: str, until: str) -> int:
    """Return how many reports have the words of a query; otherwise as `find`."""
    sql = "SELECT count(*) FROM words WHERE words MATCH ?1 AND rowid >= ?2 AND rowid < ?3"
    rows = index.ask(sql, (expression(query), *day_range(since, until)))
    return int(rows[0][0]) if rows else 0


def expression(query: str) -> str:
    """Return a query in FTS5's language: words and "phrases" that all must stand in it, `-word` not, `word*` as begun,
    and `OR` between two.

    Whatever else is in it is taken as words: each is quoted. Raises QueryError where there is no word to look for.
    """
    if len(query) > _MOST_CHARACTERS:
        raise QueryError(f"The search is longer than {_MOST_CHARACTERS} characters. Search for fewer words.")
    wanted: list[str] = []
    unwanted: list[str] = []
    either = False
    for match in list(_TERM.finditer(query.replace("\0", " ")))[:_MOST_TERMS]:
        minus, phrase, word = match[1], match[2], match[3]
        if word == "OR" and wanted:
            either = True
            continue
        if phrase is None:
            minus, phrase = ("-", word[1:]) if word.startswith("-") else ("", word)
        if not _WORD.search(phrase):
            continue
        quoted = '"' + phrase.rstrip("*").replace('"', '""') + '"' + ("*" if word and phrase.endswith("*") else "")
        if minus:
            unwanted.append(quoted)
        elif either:
            wanted[-1] = f"{wanted[-1]} OR {quoted}"
        else:
            wanted.append(quoted)
        either = False
    if not wanted:
        raise QueryError('There is no word to search for. Give one, or a "phrase in quotation marks".')
    return " AND ".join(f"({each})" for each in wanted) + "".join(f" NOT {each}" for each in unwanted)


def _found(row: Sequence[Any], opened: str, closed: str) -> Found:
    report, title, published, outlet, snippet, marked = row
    text, spans = _unmarked(snippet or "", opened, closed)
    return Found(report, title, published, outlet, text, spans, _unmarked(marked or "", opened, closed)[1])


def _unmarked(marked: str, opened: str, closed: str) -> tuple[str, tuple[Span, ...]]:
    """Return a text without the marks around words, and the spans that they marked."""
    first, *pieces = marked.split(opened)
    text, spans = first, []
    for piece in pieces:
        inside, _, after = piece.partition(closed)
        spans.append((len(text), len(text) + len(inside)))
        text += inside + after
    return text, tuple(spans)
