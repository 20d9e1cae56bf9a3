"""The readers' index: what pages and searches look up, in an SQLite file of its own beside the catalogue.

It is made from the parts and can be thrown away. Reading writes nothing to it: whoever searches or serves brings it up
to date with what has come in since. It holds, for each report, its text with an index of the words (FTS5), its records
and traces as compressed JSON, and for each record what filters ask for, as words of a second index (lookup.py).

A report has a number: its day, and a hash of its id. A record has that of its report and its place there, turned round,
so that the highest number is the first record of the newest report, and what is wanted comes newest first unsorted.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from communique.store.sidefile import SideFile

NAME = "search.sqlite"
VERSION = 3
SEQ, SLOT = 13, 28  # bits of a number for the place in the report, and for the report within its day
PLACES = 8192  # that SEQ bits can tell
LAST = 2**63 - 1
_NONE = zlib.compress(b"[]", 3)
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS reports (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    mark      TEXT NOT NULL,  -- which records it has: one coded anew has others
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    published TEXT NOT NULL,
    outlet    TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS codings (  -- as JSON, by zlib: the rest of a report and its records, and their traces
    number  INTEGER PRIMARY KEY,
    records BLOB NOT NULL,
    traces  BLOB NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    title, text, content = 'reports', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
CREATE VIRTUAL TABLE IF NOT EXISTS records USING fts5 (about, content = '', detail = none, columnsize = 0);
CREATE TABLE IF NOT EXISTS days (number INTEGER PRIMARY KEY, first INTEGER, last INTEGER, confidence REAL NOT NULL);
CREATE TABLE IF NOT EXISTS ids (hash INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY) WITHOUT ROWID;  -- whose reports are all in the index
CREATE TABLE IF NOT EXISTS totals (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it is looked up: its place in the report, its id, the words of it that filters ask for, the first and
    last day by which it is found, and its confidence."""

    seq: int
    id: str
    words: str
    first: int | None
    last: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Indexed:
    """A report as the index keeps it; `coded` holds the rest of it and its records by place, as plain values."""

    id: str
    title: str
    text: str
    published: str
    outlet: str
    mark: str = ""
    coded: Mapping[str, Any] | None = None
    traces: Sequence[Any] = ()
    entries: tuple[Entry, ...] = ()


class Index(SideFile):
    """The index of a store."""

    made_again = True

    def __init__(self, folder: Path) -> None:
        self.remedy = f"Delete that file; `communique index --store {folder}` makes it anew."
        super().__init__(folder, NAME, reading="search", changing="index", synchronous="NORMAL")  # lost: indexed again

    def build(self, connection: sqlite3.Connection) -> None:
        connection.executescript(_SCHEMA)

    def parts(self) -> set[str]:
        """Return the names of the parts whose reports are all in the index."""
        return {name for (name,) in self.ask("SELECT name FROM parts")}

    def total(self, name: str) -> int:
        """Return one of the sums that are kept: `reports`, `records`, or `odd` reports that cannot be looked up."""
        rows = self.ask("SELECT number FROM totals WHERE name = ?", (name,))
        return int(rows[0][0]) if rows else 0

    def marks(self, reports: Sequence[str]) -> dict[str, str]:
        """Return the marks of those of the reports that the index has."""
        there: dict[str, str] = {}
        for start in range(0, len(reports), 500):
            some = reports[start : start + 500]
            marks = ", ".join("?" * len(some))
            there |= dict(self.ask(f"SELECT id, mark FROM reports WHERE id IN ({marks})", some))
        return there

    def add(self, reports: Iterable[Indexed]) -> None:
        """Add reports with their records, all or none; those that are there stay as they are. Raises StoreError."""
        sums = {"reports": 0, "records": 0, "odd": 0}
        with self.transaction() as connection:
            for each in reports:
                if not connection.execute("SELECT 1 FROM reports WHERE id = ?", (each.id,)).fetchone():
                    sums["reports"] += 1
                    sums["records"] += len(each.entries)
                    sums["odd"] += _insert(connection, each)
            for name, number in sums.items():
                connection.execute(
                    "INSERT INTO totals VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number",
                    (name, number),
                )

    def done(self, parts: Iterable[str], live: Iterable[str]) -> None:
        """Note that all reports of these parts are in the index; forget parts that are live no longer."""
        kept = set(live)
        with self.transaction() as connection:
            gone = [(name,) for (name,) in connection.execute("SELECT name FROM parts") if name not in kept]
            connection.executemany("DELETE FROM parts WHERE name = ?", gone)
            connection.executemany("INSERT OR IGNORE INTO parts VALUES (?)", [(name,) for name in parts])

    def number_in(self, report: str) -> int | None:
        """Return the number of a report in the index, None if it is not there."""
        rows = self.ask("SELECT number FROM reports WHERE id = ?", (report,))
        return int(rows[0][0]) if rows else None

    def discard(self) -> None:
        """Throw the index away: the next that is brought up to date is made anew."""
        self.close()
        for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
            with self._reported("index"):
                (self.folder / name).unlink(missing_ok=True)

    def whole(self) -> bool:
        """Say whether the file is an index of this version that can be read; a missing one is whole and empty."""
        try:
            reader = self.reader()
            return reader is None or bool(reader.execute("PRAGMA user_version").fetchone()[0] == VERSION)
        except sqlite3.DatabaseError:
            return False


def _insert(connection: sqlite3.Connection, report: Indexed) -> bool:
    """Insert a report and its records; return whether it is one that cannot be looked up, only searched."""
    number = _free(connection, number_of(report))
    connection.execute(
        "INSERT INTO reports (number, id, mark, title, text, published, outlet) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, report.id, report.mark, report.title, report.text, report.published, report.outlet),
    )
    coded = zlib.compress(orjson.dumps(report.coded or {}), 3)
    traces = zlib.compress(orjson.dumps(report.traces), 3) if report.traces else _NONE
    connection.execute("INSERT INTO codings VALUES (?, ?, ?)", (number, coded, traces))
    connection.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, report.title, report.text))
    if any(each.seq >= 2**SEQ for each in report.entries) or not (
        report.published == "" or (len(report.published) == 10 and ordinal(report.published))
    ):
        return True
    places = [(record_number(number, each.seq), each) for each in report.entries]
    connection.executemany("INSERT INTO records (rowid, about) VALUES (?, ?)", [(n, each.words) for n, each in places])
    connection.executemany(
        "INSERT INTO days VALUES (?, ?, ?, ?)", [(n, each.first, each.last, each.confidence) for n, each in places]
    )
    connection.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", [(hash_of(each.id), n) for n, each in places])
    return False


def number_of(report: Indexed) -> int:
    """Return the number by which a report stands in the index: later days have higher ones."""
    slot = int.from_bytes(hashlib.sha256(report.id.encode()).digest()[:4], "big") >> (32 - SLOT)
    return (ordinal(report.published) << (SLOT + SEQ)) | (slot << SEQ)


def record_number(report: int, seq: int) -> int:
    """Return the number of the record at place `seq` of the report with a number."""
    return report + PLACES - 1 - seq


def report_number(record: int) -> int:
    """Return the number of the report of the record with a number."""
    return record >> SEQ << SEQ


def place_in(record: int) -> int:
    """Return the place in its report of the record with a number."""
    return PLACES - 1 - record % PLACES


def first_number(day: int) -> int:
    """Return the first number of a day (`ordinal`); that of the next day comes after all numbers of it."""
    return day << (SLOT + SEQ)


def day_of(number: int) -> int:
    """Return the ordinal of the day of a number, 0 for none."""
    return int(number) >> (SLOT + SEQ)


def hash_of(record: str) -> int:
    """Return the number under which a record is found by its id."""
    return int.from_bytes(hashlib.blake2b(record.encode(), digest_size=8).digest(), "big", signed=True)


def ordinal(day: str) -> int:
    """Return a day as a number; 0, before all others, for none."""
    with suppress(ValueError):
        return date.fromisoformat(day[:10]).toordinal()
    return 0


def day_range(since: str, until: str) -> tuple[int, int]:
    """Return the first number of some days and the first after them; an empty day leaves that end open."""
    return (first_number(ordinal(since)) if since else 0), (first_number(ordinal(until) + 1) if until else LAST)


def _free(connection: sqlite3.Connection, number: int) -> int:
    while connection.execute("SELECT 1 FROM reports WHERE number = ?", (number,)).fetchone():
        number += 2**SEQ
    return number
