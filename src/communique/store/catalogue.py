"""The catalogue: an SQLite file that says which parts are live and what became of each input.

Every change is one transaction. Readers open it read-only and see, in each question, one consistent state of it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from communique.errors import StoreError
from communique.store.faults import reported
from communique.store.ledger import Input, LedgerLine, LedgerSum, Outcome
from communique.store.migrations import APPLICATION_ID, Step, migrate, read_steps, version_of
from communique.store.origins import containers
from communique.store.parts import Part, PartFile, flush_folder
from communique.store.runs import carry_over
from communique.store.shapes import SHAPE
from communique.store.stories import Stories, Told
from communique.store.stories import write as write_stories
from communique.store.written import Written

NAME = "catalogue.sqlite"
_WAIT = 10.0  # seconds that a reader or writer waits for the short moments in which another holds the file
_CACHE = 256 * 1024  # KiB of pages that a writer keeps: it looks at earlier reports in no order

_AT_ONCE = 100  # parts whose reports are inserted by one statement
_LARGE = 20_000  # reports of a part that is inserted alone

_LIVE = "superseded IS NULL AND damaged IS NULL"

# A success stays as it is when the input is read again; only when its report was lost it is coded once more.
_LEDGER = """
    INSERT INTO inputs (origin, source_id, report, outcome, stage, cause, at, reading)
    VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT id FROM readings WHERE how = ?))
    ON CONFLICT (origin, source_id, report) DO UPDATE SET
        outcome = excluded.outcome, stage = excluded.stage, cause = excluded.cause, at = excluded.at,
        reading = excluded.reading, attempts = attempts + 1
    WHERE inputs.outcome = 'failed' OR excluded.outcome IN ('coded', 'skipped')
"""
# A failure of an input, of a file or folder that holds it: once it gives a report, that is over.
_OVERCOME = """
    DELETE FROM inputs WHERE report = '' AND outcome = 'failed' AND origin = ? AND source_id IN ('', ?)
"""
MENDED = """
    DELETE FROM inputs WHERE outcome = 'failed' AND stage = 'import' AND report = ''
        AND substr(origin, 1, length(?1) + 1) = ?1 || ':' AND source_id = ?2
"""
_LINE = "origin, source_id, report, outcome, stage, cause, attempts, at, how"
_WANTED = "(?1 IS NULL OR outcome = ?1) AND (?2 = '' OR substr(origin, 1, length(?2)) = ?2) AND (?3 = '' OR stage = ?3)"


class Catalogue:
    """An open catalogue. Closing it twice does no harm."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.how = ""  # what the readings to come are told, for the ledger

    @classmethod
    def create(cls, folder: Path) -> None:
        """Make a new, empty catalogue in `folder`; it has its name only once it is whole."""
        unfinished = folder / f"{NAME}.new"
        for leftover in folder.glob(f"{NAME}.new*"):
            leftover.unlink()
        connection = sqlite3.connect(unfinished, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection, read_steps())
        finally:
            connection.close()
        unfinished.replace(folder / NAME)
        flush_folder(folder)

    @classmethod
    def open(cls, folder: Path, *, write: bool, steps: Sequence[Step] | None = None) -> Catalogue:
        """Open the catalogue of the store `folder`, for writing after bringing its schema up to date.

        Raises StoreError for what is no catalogue and for one of a newer version.
        """
        steps = read_steps() if steps is None else steps
        with reported(folder, "open"):
            connection = connect(folder / NAME, write)
            try:
                _check(connection, folder, len(steps), write)
                if write:
                    connection.execute("PRAGMA synchronous = FULL")
                    connection.execute("PRAGMA foreign_keys = ON")
                    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
                    migrate(connection, steps)
                    carry_over(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection)

    def close(self) -> None:
        self._connection.close()

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows that a question gives; for the modules of the store that keep tables of their own."""
        return self._connection.execute(sql, values).fetchall()

    def change(self, changes: Iterable[tuple[str, Sequence[Sequence[object]]]]) -> None:
        """Run each statement with each of its rows of values, in one transaction."""
        with self._transaction() as connection:
            for sql, rows in changes:
                connection.executemany(sql, rows)

    def changes(self) -> tuple[int, int]:
        """Return what is another one once anything was changed, here or by others. A transaction begins with it."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0]), self._connection.total_changes

    def live(self) -> list[Part]:
        """Return the live parts, oldest first, with their files."""
        return self._parts(_LIVE)

    def live_names(self) -> list[str]:
        """Return the names of the live parts, oldest first: what a question reads. One statement is one snapshot."""
        rows = self._connection.execute(f"SELECT name FROM parts WHERE {_LIVE} ORDER BY added, name")
        return [name for (name,) in rows]

    def older(self, shape: int) -> list[Part]:
        """Return the live parts that were written before the version `shape` of the Parquet files, oldest first."""
        return self._parts("superseded IS NULL AND shape < ?", shape)

    def superseded(self, before: str) -> list[Part]:
        """Return the parts that compaction replaced before the UTC time `before`."""
        return self._parts("superseded < ?", before)

    def names(self) -> set[str]:
        """Return the names of all parts that may not be removed."""
        return {name for (name,) in self._connection.execute("SELECT name FROM parts")}

    def has(self, report: str) -> bool:
        """Say whether the store holds the report with this id."""
        return self._connection.execute("SELECT 1 FROM reports WHERE id = ?", (report,)).fetchone() is not None

    def known(self, dataset: str, reports: Callable[[], list[str]]) -> set[str]:
        """Return those of `reports` that the store has, ids that begin with the name of a dataset and a colon."""
        sql = "SELECT 1 FROM reports WHERE id >= ? AND id < ? LIMIT 1"
        if self._connection.execute(sql, (f"{dataset}:", f"{dataset};")).fetchone() is None:
            return set()
        ids = orjson.dumps(reports()).decode()
        sql = "SELECT id FROM reports WHERE id IN (SELECT value FROM json_each(?))"
        return {report for (report,) in self._connection.execute(sql, (ids,))}

    def parts_of(self, reports: Iterable[str]) -> list[str]:
        """Return the names of the live parts that hold the reports with these ids."""
        ids = orjson.dumps(list(reports)).decode()
        sql = "SELECT DISTINCT part FROM reports WHERE id IN (SELECT value FROM json_each(?)) ORDER BY part"
        return [name for (name,) in self._connection.execute(sql, (ids,))]

    def part_by_report(self, reports: Iterable[str]) -> dict[str, str]:
        """Return the live part that holds each of these reports, those that the store has not left out."""
        ids = orjson.dumps(list(reports)).decode()
        sql = "SELECT id, part FROM reports WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(sql, (ids,)))

    def counts(self) -> dict[str, int]:
        """Return the number of live rows by kind of file; kinds without any are missing."""
        return dict(
            self._connection.execute(
                f"SELECT kind, sum(rows) FROM files JOIN parts ON name = part WHERE {_LIVE} GROUP BY kind"
            )
        )

    def inputs(self, outcome: Outcome | None = None, origin: str = "", stage: str = "") -> Iterator[LedgerLine]:
        """Yield the lines of the ledger, ordered by origin and name: those with this outcome and stage, if given, and
        with an origin that begins so."""
        sql = f"SELECT {_LINE} FROM ledger WHERE {_WANTED} ORDER BY origin, source_id, report"
        yield from (LedgerLine(*row) for row in self._connection.execute(sql, (outcome, origin, stage)))

    def last_inputs(self, outcome: Outcome | None, origin: str, most: int) -> list[LedgerLine]:
        """Return the lines of the ledger that changed last, the last one first, `most` at most."""
        sql = f"SELECT {_LINE} FROM ledger WHERE {_WANTED} ORDER BY at DESC, origin, source_id LIMIT ?4"
        return [LedgerLine(*row) for row in self._connection.execute(sql, (outcome, origin, "", most))]

    def inputs_of(self, reports: Iterable[str]) -> list[LedgerLine]:
        """Return the lines of the ledger for all inputs that gave these reports."""
        ids = orjson.dumps(list(reports)).decode()
        sql = f"SELECT {_LINE} FROM ledger WHERE report IN (SELECT value FROM json_each(?)) ORDER BY origin, source_id"
        return [LedgerLine(*row) for row in self._connection.execute(sql, (ids,))]

    def sums(self, outcome: Outcome | None, origin: str) -> list[LedgerSum]:
        """Return the ledger summed by outcome, stage and cause, the most frequent first within an outcome."""
        sql = (
            "SELECT outcome, stage, replace(cause, origin, '\u2026') AS why, count(*) AS inputs, max(at) FROM ledger"
            f" WHERE {_WANTED} GROUP BY outcome, stage, why ORDER BY outcome, inputs DESC, stage, why"
        )
        return [LedgerSum(*row) for row in self._connection.execute(sql, (outcome, origin, ""))]

    def stories(self) -> Stories:
        """Return what tells of new reports which stories they belong to."""
        return Stories(self._connection)

    def commit(
        self, written: Sequence[Written], ledger: Sequence[LedgerLine], told: Sequence[Told] = (), *,
        mended: tuple[str, str] = ("", ""),
    ) -> None:  # fmt: skip
        """Make parts and their reports live, with their stories, and write lines of the ledger, in one transaction.

        `mended`: a file and its dataset, of which the lines about single rows go first.
        """
        with self._transaction() as connection:
            write_stories(connection, told)
            if mended[0]:
                connection.execute(MENDED, mended)
            for each in written:
                if each.part:
                    self._insert(connection, each.part)
            _insert_reports(connection, written)
            hows = {how for how in (x.how or self.how for x in ledger) if how}
            connection.executemany("INSERT OR IGNORE INTO readings (how) VALUES (?)", [(how,) for how in sorted(hows)])
            # First what is over: the same batch may say that the rest of a file cannot be read.
            connection.executemany(_OVERCOME, _overcome(ledger))
            connection.executemany(
                _LEDGER,
                [
                    (x.origin, x.source_id, x.report, x.outcome, x.stage, x.cause, x.at, x.how or self.how)
                    for x in ledger
                ],
            )

    def replace(self, old: Sequence[Part], new: Part, told: Sequence[Told] = ()) -> None:
        """Put `new` in the place of the parts `old`, whose rows it holds, in one transaction; `told` as for commit."""
        with self._transaction() as connection:
            write_stories(connection, told)
            self._insert(connection, new)
            for part in old:
                connection.execute("UPDATE reports SET part = ? WHERE part = ?", (new.name, part.name))
                connection.execute("UPDATE parts SET superseded = ? WHERE name = ?", (now(), part.name))

    def forget(self, parts: Iterable[Part]) -> None:
        """Drop parts that are not live from the catalogue, so that their files may go."""
        with self._transaction() as connection:
            for part in parts:
                connection.execute(f"DELETE FROM parts WHERE name = ? AND NOT ({_LIVE})", (part.name,))

    def set_aside(self, part: Part, cause: str) -> None:
        """Make a damaged part live no longer; its reports are lost until they are added again. One transaction."""
        with self._transaction() as connection:
            connection.execute(f"UPDATE parts SET damaged = ? WHERE name = ? AND {_LIVE}", (cause, part.name))
            connection.execute("INSERT INTO lost SELECT id, part FROM reports WHERE part = ?", (part.name,))
            connection.execute("DELETE FROM reports WHERE part = ?", (part.name,))

    def restore(self, part: Part) -> None:
        """Make a part live again that was set aside and is whole after all, in one transaction."""
        with self._transaction() as connection:
            connection.execute("UPDATE parts SET damaged = NULL WHERE name = ?", (part.name,))
            connection.execute("INSERT INTO reports SELECT report, part FROM lost WHERE part = ?", (part.name,))
            connection.execute("DELETE FROM lost WHERE part = ?", (part.name,))

    def aside(self) -> list[tuple[Part, str, tuple[str, ...]]]:
        """Return the parts that were set aside, why, and which of their reports are still lost."""
        causes = dict(self._connection.execute("SELECT name, damaged FROM parts WHERE damaged IS NOT NULL"))
        return [(part, causes[part.name], self._lost_in(part.name)) for part in self._parts("damaged IS NOT NULL")]

    def lost(self) -> int:
        """Return how many reports are lost in parts that were set aside."""
        return int(self._connection.execute("SELECT count(*) FROM lost").fetchone()[0])

    def reports_in(self, part: str) -> tuple[str, ...]:
        """Return the ids of the reports in a live part."""
        return tuple(
            r for (r,) in self._connection.execute("SELECT id FROM reports WHERE part = ? ORDER BY id", (part,))
        )

    def _lost_in(self, part: str) -> tuple[str, ...]:
        sql = "SELECT report FROM lost WHERE part = ? ORDER BY report"
        return tuple(report for (report,) in self._connection.execute(sql, (part,)))

    @staticmethod
    def _insert(connection: sqlite3.Connection, part: Part) -> None:
        connection.execute("INSERT INTO parts (name, shape, added) VALUES (?, ?, ?)", (part.name, SHAPE, now()))
        rows = [(part.name, file.kind, file.rows, file.size, file.sha256) for file in part.files]
        connection.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)

    def _parts(self, condition: str, *values: str | int) -> list[Part]:
        """Return parts by a condition, which is ours and never a user's."""
        rows = self._connection.execute(
            f"SELECT name, kind, rows, bytes, sha256 FROM parts JOIN files ON part = name WHERE {condition}"
            " ORDER BY added, name, kind",
            values,
        )
        files: dict[str, list[PartFile]] = {}
        for name, *file in rows:
            files.setdefault(name, []).append(PartFile(*file))
        return [Part(name, tuple(those)) for name, those in files.items()]

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for other modules of the store that ask the catalogue."""
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection, for changes of other modules that are made together or not at all."""
        with self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk can make SQLite roll back by itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def _insert_reports(connection: sqlite3.Connection, written: Sequence[Written]) -> None:
    """Insert the reports of parts, in the order of their ids: a tree grows fastest in its own order."""
    whole = [(each.part.name, each.reports) for each in written if each.part]
    for name, reports in whole:
        if len(reports) >= _LARGE:  # long runs in order already: sorting all together costs more than it saves
            ids = orjson.dumps(sorted(reports)).decode()
            connection.execute("INSERT INTO reports SELECT value, ? FROM json_each(?)", (name, ids))
    parts = [(name, orjson.dumps(reports).decode()) for name, reports in whole if len(reports) < _LARGE]
    for start in range(0, len(parts), _AT_ONCE):
        some = parts[start : start + _AT_ONCE]
        each = " UNION ALL ".join(["SELECT value AS id, ? AS part FROM json_each(?)"] * len(some))
        values = [value for part in some for value in part]
        connection.execute(f"INSERT INTO reports SELECT id, part FROM ({each}) ORDER BY id", values)
    if connection.execute("SELECT 1 FROM lost LIMIT 1").fetchone():
        for _, reports in whole:
            ids = orjson.dumps(reports).decode()
            connection.execute("DELETE FROM lost WHERE report IN (SELECT value FROM json_each(?))", (ids,))


def now() -> str:
    """Return the time as the catalogue writes it: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def input_line(source: Input, outcome: Outcome, stage: str = "", cause: str = "") -> LedgerLine:
    """Return the line of the ledger for an input that gave a report."""
    return LedgerLine(source.origin, source.source_id, source.report, outcome, stage, cause, at=now())


def _overcome(ledger: Iterable[LedgerLine]) -> list[tuple[str, str]]:
    """Return what can have failed no longer, as origin and own name: inputs that gave a report, and what holds them."""
    read = [line for line in ledger if line.report and line.origin]
    over = dict.fromkeys((line.origin, line.source_id) for line in read)
    over |= dict.fromkeys((holder, "") for origin in {line.origin for line in read} for holder in containers(origin))
    failed = {(line.origin, line.source_id) for line in ledger if not line.report}
    return [key for key in over if key not in failed]


def connect(path: Path, write: bool) -> sqlite3.Connection:
    """Open an SQLite file of a store; whoever writes waits a while for another that does. Raises sqlite3.Error."""
    uri = path.absolute().as_uri()
    # Readers are lent from one thread to another, one at a time; SQLite itself has nothing against it.
    connection = sqlite3.connect(
        f"{uri}?mode={'rw' if write else 'ro'}", uri=True, isolation_level=None, timeout=_WAIT, check_same_thread=write
    )
    if write or os.access(path.parent, os.W_OK):
        return connection
    # SQLite reads a WAL file through a file beside it, which it cannot make on a medium that is read-only.
    try:
        version_of(connection)
    except sqlite3.OperationalError:
        connection.close()
        return sqlite3.connect(
            f"{uri}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
        )  # fmt: skip
    return connection


def _check(connection: sqlite3.Connection, folder: Path, newest: int, write: bool) -> None:
    name = repr(str(folder))
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise
        application = 0
    if application != APPLICATION_ID:
        raise StoreError(f"{name} is no store: its {NAME} is not ours. Give the folder of a store, or a new one.")
    version = version_of(connection)
    if version > newest:
        raise StoreError(
            f"The store {name} was made by a newer version of communique (its version is {version}, this program "
            f"knows {newest}). Upgrade with `pip install --upgrade communique`."
        )
    if version < newest and not write:
        raise StoreError(
            f"The store {name} was made by an older version of communique (its version is {version}, now it is "
            f"{newest}). Read something into it with `communique read`, which brings it up to date."
        )
