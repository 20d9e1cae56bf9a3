"""The file `corrections.sqlite` of a store: what people said of its records, line by line, and what was drawn.

It stands beside the catalogue, so that who corrects needs no writer's lock: each change is one SQLite transaction of
its own. A store that nobody corrected has no such file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from communique.errors import StoreError
from communique.records import Record, to_dict
from communique.store.corrections import Correction, record_of
from communique.store.migrations import FOLDER, migrate, read_steps, version_of
from communique.store.sidefile import SideFile

NAME = "corrections.sqlite"
_STEPS = FOLDER / "corrections"
_COLUMNS = "id, action, record, report, who, at, coder, note, was, becomes"
_MANY = 500  # values of one statement


@dataclass(frozen=True, slots=True)
class Drawn:
    """A record that was drawn, as it stood then, and its stratum."""

    record: Record
    stratum: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Records drawn at random, in the order in which they are judged; `strata`: how many records each has in all."""

    id: str
    seed: int
    who: str
    at: str
    strata: Mapping[str, int]
    drawn: tuple[Drawn, ...] = ()


class Judgements(SideFile):
    """The corrections and draws of a store."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, NAME, reading="read", changing="correct", synchronous="FULL")

    def check(self, connection: sqlite3.Connection) -> None:
        if version_of(connection) > len(read_steps(_STEPS)):
            raise StoreError(
                f"The corrections of the store {str(self.folder)!r} were made by a newer version of communique. "
                "Upgrade with `pip install --upgrade communique`."
            )

    def build(self, connection: sqlite3.Connection) -> None:
        migrate(connection, read_steps(_STEPS))

    def upgrade(self, connection: sqlite3.Connection) -> None:
        migrate(connection, read_steps(_STEPS))

    def last(self) -> int:
        """Return the number of the line that came last, 0 where there is none: it grows with each correction."""
        rows = self.ask("SELECT max(seq) FROM corrections")
        return rows[0][0] or 0 if rows else 0

    def corrections(self, reports: Sequence[str] | None = None, record: str | None = None) -> list[Correction]:
        """Return the corrections of these reports, or of all, or of one record, in the order in which they came."""
        wanted, values = "1", ()  # type: str, tuple[object, ...]
        if record is not None:
            wanted, values = "record = ?", (record,)
        elif reports is not None:
            wanted, values = "report IN (SELECT value FROM json_each(?))", (orjson.dumps(list(reports)).decode(),)
        return [
            _correction(row)
            for row in self.ask(f"SELECT {_COLUMNS} FROM corrections WHERE {wanted} ORDER BY seq", values)
        ]

    def page(self, limit: int, before: int | None) -> list[tuple[int, Correction]]:
        """Return the last corrections, the last one first, each with its number; `before`: those that came earlier."""
        sql = f"SELECT seq, {_COLUMNS} FROM corrections WHERE (?1 IS NULL OR seq < ?1) ORDER BY seq DESC LIMIT ?2"
        return [(row[0], _correction(row[1:])) for row in self.ask(sql, (before, limit))]

    def number(self) -> int:
        """Return how many corrections there are."""
        rows = self.ask("SELECT count(*) FROM corrections")
        return int(rows[0][0]) if rows else 0

    def add(self, corrections: Iterable[Correction]) -> int:
        """Write corrections, all or none of them, and return how many are new. Raises StoreError."""
        rows = [_row(each) for each in corrections]
        sql = f"INSERT OR IGNORE INTO corrections ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        with self.transaction() as connection:
            before = connection.total_changes
            connection.executemany(sql, rows)
            return connection.total_changes - before

    def draws(self, only: str | None = None) -> list[Draw]:
        """Return the draws, in the order in which they were made, or that with this id."""
        found = []
        for name, seed, who, at in self.ask(
            "SELECT id, seed, who, at FROM draws WHERE ?1 IS NULL OR id = ?1 ORDER BY at, id", (only,)
        ):
            strata = dict(self.ask("SELECT name, size FROM strata WHERE draw = ? ORDER BY name", (name,)))
            rows = self.ask("SELECT was, stratum FROM drawn WHERE draw = ? ORDER BY place", (name,))
            drawn = tuple(Drawn(record_of(orjson.loads(was)), stratum) for was, stratum in rows)
            found.append(Draw(name, seed, who, at, strata, drawn))
        return found

    def keep(self, draw: Draw) -> None:
        """Write a draw. Raises StoreError."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO draws VALUES (?, ?, ?, ?)", (draw.id, draw.seed, draw.who, draw.at)
            )
            connection.executemany(
                "INSERT OR REPLACE INTO strata VALUES (?, ?, ?)", [(draw.id, *each) for each in draw.strata.items()]
            )
            connection.executemany(
                "INSERT OR REPLACE INTO drawn VALUES (?, ?, ?, ?, ?)",
                [(draw.id, n, d.stratum, d.record.id, _json(d.record)) for n, d in enumerate(draw.drawn)],
            )


def _row(correction: Correction) -> tuple[object, ...]:
    c = correction
    was, becomes = (_json(record) if record else None for record in (c.was, c.becomes))
    return c.id, c.action, c.record, c.report, c.who, c.at, c.coder, c.note, was, becomes


def _correction(row: Sequence[Any]) -> Correction:
    identifier, action, record, report, who, at, coder, note, was, becomes = row
    return Correction(
        action, record, who, record_of(orjson.loads(becomes)) if becomes else None, note,
        record_of(orjson.loads(was)) if was else None, report, at, coder, identifier,
    )  # fmt: skip


def _json(record: Record) -> str:
    return orjson.dumps(to_dict(record)).decode()
