"""The catalogue's schema, as numbered SQL files in `schema/`, and bringing a catalogue up to date with them.

`0001_first.sql` makes version 1 out of nothing, `0002_...sql` version 2 out of version 1. A file that was released
is never edited. SQLite's `user_version` holds the version of a catalogue.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "schema"
APPLICATION_ID = 0x434D5151  # "CMQQ": tells `file` and us that an SQLite file is a catalogue of communique
_NAME = re.compile(r"(\d{4})_\w+\.sql")


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: the version that it leads to, and its SQL."""

    version: int
    sql: str


def read_steps(folder: Path = FOLDER) -> tuple[Step, ...]:
    """Return the migrations of `folder` in order. Raises ValueError where the numbers do not run 1, 2, 3 ..."""
    found = [(match, path) for path in sorted(folder.iterdir()) if (match := _NAME.fullmatch(path.name))]
    steps = tuple(Step(int(match[1]), path.read_text(encoding="utf-8")) for match, path in found)
    if [step.version for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"The migrations in {folder} are not numbered 0001, 0002, ... without a gap.")
    return steps


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the schema of an open catalogue, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
    """Bring the catalogue to the last version of `steps`, each step whole or not at all; return that version."""
    for step in steps:
        if step.version <= version_of(connection):
            continue
        # executescript runs the script as it stands: the transaction has to be part of it.
        script = f"BEGIN IMMEDIATE;\n{step.sql}\nPRAGMA application_id = {APPLICATION_ID};\n"
        try:
            connection.executescript(f"{script}PRAGMA user_version = {step.version};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise
    return version_of(connection)
