"""Full text: an index over titles and texts of reports, by SQLite's FTS5, in a file of its own beside the catalogue.

The index is made from the parts and can be thrown away. Reading writes nothing to it: whoever searches brings it up to
date first with what has come in since. A report's number in it is its day and a hash of its id, so that hits come
newest first without sorting, and an index that is made anew gives the same cursors.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from communique.errors import QueryError
from communique.records import Span
from communique.store.catalogue import connect
from communique.store.faults import reported

NAME = "search.sqlite"
VERSION = 1
_TERM = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_WORD = re.compile(r"\w")
_MOST_TERMS, _MOST_CHARACTERS = 32, 1000  # of a query; more is no question
_AROUND = 24  # words of a snippet
_LOW = 40  # bits of a report's number that come from its id
_LAST = 2**63 - 1
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS reports (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    published TEXT NOT NULL,
    outlet    TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    title, text, content = 'reports', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY) WITHOUT ROWID;  -- whose reports are all in the index
PRAGMA user_version = {VERSION};
COMMIT;
"""
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
class Indexed:
    """A report as the index keeps it."""

    id: str
    title: str
    text: str
    published: str
    outlet: str


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


class Index:
    """The index of a store. Reads through one connection, writes each batch through its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._reading: sqlite3.Connection | None = None

    def close(self) -> None:
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def parts(self) -> set[str]:
        """Return the names of the parts whose reports are all in the index."""
        return {name for (name,) in self._ask("SELECT name FROM parts")}

    def missing(self, reports: Sequence[str]) -> list[str]:
        """Return those of the reports that the index has not."""
        there: set[str] = set()
        for start in range(0, len(reports), 500):
            some = reports[start : start + 500]
            marks = ", ".join("?" * len(some))
            there |= {name for (name,) in self._ask(f"SELECT id FROM reports WHERE id IN ({marks})", some)}
        return [name for name in reports if name not in there]

    def add(self, reports: Iterable[Indexed]) -> None:
        """Add reports, all or none; those that are there stay as they are. Raises StoreError."""
        with self._transaction() as connection:
            for each in reports:
                if not connection.execute("SELECT 1 FROM reports WHERE id = ?", (each.id,)).fetchone():
                    row = (
                        _free(connection, number_of(each)),
                        each.title,
                        each.text,
                        each.id,
                        each.published,
                        each.outlet,
                    )
                    connection.execute(
                        "INSERT INTO reports (number, title, text, id, published, outlet) VALUES (?, ?, ?, ?, ?, ?)",
                        row,
                    )
                    connection.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", row[:3])

    def done(self, parts: Iterable[str], live: Iterable[str]) -> None:
        """Note that all reports of these parts are in the index; forget parts that are live no longer."""
        kept = set(live)
        with self._transaction() as connection:
            gone = [(name,) for (name,) in connection.execute("SELECT name FROM parts") if name not in kept]
            connection.executemany("DELETE FROM parts WHERE name = ?", gone)
            connection.executemany("INSERT OR IGNORE INTO parts VALUES (?)", [(name,) for name in parts])

    def find(self, query: str, since: str, until: str, before: int | None, limit: int) -> list[tuple[int, Found]]:
        """Return reports with the words of a query, newest first, each with its number; those before one, if given.

        `since` and `until` are ISO days, empty for none. Raises QueryError for a query without words.
        """
        opened, closed = (f"\ue000{secrets.token_hex(8)}\ue001" for _ in range(2))  # no text can forge them
        first, last = _range(since, until)
        last = last if before is None else min(last, before)
        rows = self._ask(_FOUND, (expression(query), first, last, opened, closed, _AROUND, limit))
        return [(row[0], _found(row[1:], opened, closed)) for row in rows]

    def number_found(self, query: str, since: str, until: str) -> int:
        """Return how many reports have the words of a query; otherwise as `find`."""
        sql = "SELECT count(*) FROM words WHERE words MATCH ?1 AND rowid >= ?2 AND rowid < ?3"
        rows = self._ask(sql, (expression(query), *_range(since, until)))
        return int(rows[0][0]) if rows else 0

    def number_in(self, report: str) -> int | None:
        """Return the number of a report in the index, None if it is not there."""
        rows = self._ask("SELECT number FROM reports WHERE id = ?", (report,))
        return int(rows[0][0]) if rows else None

    def discard(self) -> None:
        """Throw the index away: the next that is brought up to date is made anew."""
        self.close()
        for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
            with reported(self._folder, "index"):
                (self._folder / name).unlink(missing_ok=True)

    def whole(self) -> bool:
        """Say whether the file is an index of this version that can be read; a missing one is whole and empty."""
        try:
            rows = self._reader().execute("PRAGMA user_version").fetchone() if self._path.is_file() else (VERSION,)
            return bool(rows[0] == VERSION)
        except sqlite3.DatabaseError:
            return False

    def _ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if self._reading is None and not self._path.is_file():
            return []
        with reported(self._folder, "search"):
            return self._reader().execute(sql, values).fetchall()

    def _reader(self) -> sqlite3.Connection:
        if self._reading is None:
            self._reading = connect(self._path, write=False)
        return self._reading

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with reported(self._folder, "index"):
            if not self._path.is_file():
                self._path.touch()
            connection = connect(self._path, write=True)
            try:
                if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.executescript(_SCHEMA)
                connection.execute("PRAGMA synchronous = NORMAL")  # what a crash takes is indexed again
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()


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


def number_of(report: Indexed) -> int:
    """Return the number by which a report stands in the index: later days have higher ones."""
    low = int.from_bytes(hashlib.sha256(report.id.encode()).digest()[:5], "big")
    return (_ordinal(report.published) << _LOW) | low


def _ordinal(day: str) -> int:
    with suppress(ValueError):
        return date.fromisoformat(day[:10]).toordinal()
    return 0  # without a day: after all that have one


def _range(since: str, until: str) -> tuple[int, int]:
    """Return the first number that is looked at and the first that is not."""
    return (_ordinal(since) << _LOW if since else 0), ((_ordinal(until) + 1) << _LOW if until else _LAST)


def _free(connection: sqlite3.Connection, number: int) -> int:
    while connection.execute("SELECT 1 FROM reports WHERE number = ?", (number,)).fetchone():
        number += 1
    return number


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
