"""SQLite files that stand beside the catalogue of a store, and need not be there: corrections, and the readers' index.

What is read goes through one connection, each change through one of its own. A file is made whole under another name
first; where it is replaced or removed, who reads sees that with the next question.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from communique.store.catalogue import connect
from communique.store.faults import reported
from communique.store.parts import flush_folder

Identity = tuple[int, int] | None
"""What tells a file from one that took its place; None for none."""


class SideFile:
    """One such file of the store in a folder; `reading` and `changing` say what fails where the disk does.

    `remedy` is what to do where the file is damaged. A file that is `made_again` when it is gone must not take in the
    log that the one before left.
    """

    remedy = "Put that file back from a backup."
    made_again = False

    def __init__(self, folder: Path, name: str, *, reading: str, changing: str, synchronous: str) -> None:
        self.folder, self.path = folder, folder / name
        self._reading_is, self._changing_is, self._synchronous = reading, changing, synchronous
        self._reader: sqlite3.Connection | None = None
        self._of: Identity = None
        self._times = 0  # that it was opened: a file may have the number of one that is gone
        self._held = False  # within a moment

    def close(self) -> None:
        reader, self._reader, self._held = self._reader, None, False
        if reader is not None:
            reader.close()

    def ask(self, sql: str, values: Sequence[object] = (), *, first: str = "") -> list[tuple[Any, ...]]:
        """Return the rows that a question gives, once `first` was done; none where there is no file."""
        with self._reported(self._reading_is):
            reader = self.reader()
            if reader is None:
                return []
            if first:
                reader.execute(first)
            return reader.execute(sql, values).fetchall()

    def reader(self) -> sqlite3.Connection | None:
        """Return the connection that is read through, None where there is no file. Raises sqlite3.Error."""
        if self._held:
            return self._reader
        found = self._identity()
        if self._reader is not None and found != self._of:
            self.close()
        if self._reader is None and found is not None:
            reader = connect(self.path, write=False)
            try:
                self.check(reader)
            except BaseException:
                reader.close()
                raise
            self._reader, self._of, self._times = reader, found, self._times + 1
        return self._reader

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that is asked in the block see the file as it is now."""
        with self._reported(self._reading_is):
            reader = self.reader()
            if reader is not None:
                reader.execute("BEGIN")
                reader.execute("PRAGMA data_version").fetchone()  # only then the picture is taken
        self._held = reader is not None
        try:
            yield
        finally:
            self._held = False
            if reader is not None:
                with suppress(sqlite3.Error):
                    reader.execute("ROLLBACK")

    def state(self) -> object:
        """Return what is another one once the file is changed, replaced or removed: quicker than any question."""
        with self._reported(self._reading_is):
            reader = self.reader()
            return None if reader is None else (self._times, reader.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on which all or nothing is changed. Raises StoreError."""
        with self._reported(self._changing_is):
            if not self.path.is_file():
                if self.made_again:
                    for left in ("-wal", "-shm"):
                        self.path.with_name(self.path.name + left).unlink(missing_ok=True)
                _make(self.path, self.build)
            connection = connect(self.path, write=True)
            try:
                self.check(connection)
                connection.execute(f"PRAGMA synchronous = {self._synchronous}")
                self.upgrade(connection)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()  # what was not committed is undone

    def _reported(self, doing: str) -> AbstractContextManager[None]:
        return reported(self.folder, doing, self.path.name, self.remedy)

    def check(self, connection: sqlite3.Connection) -> None:
        """Raise StoreError for a file that this program cannot use."""

    def build(self, connection: sqlite3.Connection) -> None:
        """Make the tables of a new file."""
        raise NotImplementedError

    def upgrade(self, connection: sqlite3.Connection) -> None:
        """Bring a file of an earlier version up to date before it is changed."""

    def _identity(self) -> Identity:
        with suppress(OSError):
            about = self.path.stat()
            return about.st_dev, about.st_ino
        return None


def _make(path: Path, build: Callable[[sqlite3.Connection], None]) -> None:
    """Make a file; it has its name once it is whole, and of several who make it at once one is taken."""
    unfinished = path.with_name(f"{path.name}.new-{secrets.token_hex(8)}")
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        build(connection)
    finally:
        connection.close()
    try:
        with suppress(FileExistsError):
            _named(unfinished, path)
        flush_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _named(unfinished: Path, path: Path) -> None:
    """Give a file its name, unless another has it. Raises FileExistsError."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: two who make it at once may take turns
        if path.exists():
            raise FileExistsError from None
        unfinished.rename(path)
