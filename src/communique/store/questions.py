"""Asking the live parts: the named questions of `questions.sql`, run by DuckDB in memory."""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from communique.store.shapes import KINDS, RECORD_KINDS
from communique.store.summaries import KEPT, kept_files

_FILE = Path(__file__).with_name("questions.sql")
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_AFTER = re.compile(r"^-- after: (\w+)$", re.MULTILINE)
_COMMENT = re.compile(r"--.*")
_EACH = re.compile(r"IN \(\$(each_\w+)\)")
_PARAMETER = re.compile(r"\$(\w+)")
_SOURCE = re.compile(r"read_parquet\(\$(\w+), union_by_name = true, hive_partitioning = false\)")
_RECORDS = "SELECT * FROM {{}} WHERE id NOT IN (FROM corrected_gone) UNION ALL BY NAME SELECT * FROM corrected_{}"
_MORE = ", ".join(f"coalesce(r.{kind}, 0) + coalesce(c.{kind}, 0) AS {kind}" for kind in RECORD_KINDS)
_CORRECTED = {
    **{kind: _RECORDS.format(kind) for kind in (*RECORD_KINDS, "holds")},
    "pairs_by_source": _RECORDS.format("pairs"), "pairs_by_target": _RECORDS.format("pairs"),
    "reports": f"SELECT r.* REPLACE ({_MORE}) FROM {{}} AS r LEFT JOIN corrected_counts AS c ON c.report = r.id",
    "traces": "SELECT * FROM {} WHERE record NOT IN (FROM corrected_rejected)",
}  # fmt: skip
# A question is about facts in files: nothing is fetched, and nothing but the parts can be read.
_CONFIG: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class Unreadable(Exception):
    """A file that a question needs is damaged or not there; compaction may have replaced it meanwhile."""


class Outdated(Exception):
    """The parts lack a column that the question needs: an earlier version wrote them."""


class Questions:
    """The named questions, over parts below one folder. Holds an in-memory DuckDB, opened with the first question.

    `kept` is the folder of what is kept of each part (summaries.py).
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        # DuckDB compares paths as text.
        self._folder, self._kept = folder.resolve(), kept.resolve()
        self._sql = _questions()
        self._connection: Any = None
        self._joined: object = None  # what is registered

    def ask(
        self, name: str, parts: Sequence[str], values: Mapping[str, Any], corrected: Mapping[str, Any] | None = None,
        *, over: str = "", left_out: Any = None,
    ) -> Any:  # fmt: skip
        """Return the answer to the question `name` over the `parts`, as an Arrow table.

        `corrected` are the tables of corrections that apply, by name (corrected.py); `left_out` those of reports that
        do not count, for the questions that ask for it. With `over`, a question that begins the question, that is put
        in the place of its beginning.
        `parts` may not be empty. Of `values`, those that the question has no use for are left out.
        Raises Unreadable when a file is missing or is not what a writer has written.
        """
        with self._asking():
            connection, sql, values = self._prepared(name, parts, values, corrected, over, left_out)
            return connection.sql(sql, params=values).to_arrow_table()

    def rows_of(self, name: str, part: str, rows: int) -> Iterator[Any]:
        """Yield the answer to a question over one part, without filters, as Arrow record batches of so many rows."""
        nothing = dict.fromkeys(_PARAMETER.findall(_COMMENT.sub("", self._sql.of(name))))
        with self._asking():
            connection, sql, values = self._prepared(name, [part], nothing, None, "", None)
            reader = connection.sql(sql, params=values).to_arrow_reader(rows)
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)  # tells the columns where there are no rows
            yield from reader

    def _prepared(
        self, name: str, parts: Sequence[str], values: Mapping[str, Any], corrected: Mapping[str, Any] | None,
        over: str, left_out: Any,
    ) -> tuple[Any, str, dict[str, Any]]:  # fmt: skip
        sql = self._sql.of(name, over)
        connection = self._open()
        if corrected is not None:
            sql = correcting(sql)
            if corrected is not self._joined:
                for each, table in corrected.items():
                    connection.register(each, table)
                for each in ("pairs", "holds"):
                    connection.register(f"corrected_{each}", self._of_corrected(connection, each))
                self._joined = corrected
        if left_out is not None:
            connection.register("left_out", left_out)
        sql, whole = _each(sql, values)
        files = {kind: self._files(parts, kind) for kind in KINDS}
        files |= {kind: [_literal(str(path)) for path in kept_files(self._kept, parts, kind)] for kind in KEPT}
        wanted = set(_PARAMETER.findall(_COMMENT.sub("", sql)))
        return connection, sql, {key: files[key] if key in files else whole[key] for key in wanted}

    def _of_corrected(self, connection: Any, kind: str) -> Any:
        """Return what would be kept of the records that people corrected or added."""
        sql = _SOURCE.sub(
            lambda match: f"corrected_{match[1]}", self._sql.of("pairs_by_source" if kind == "pairs" else kind)
        )
        nothing = dict.fromkeys(_PARAMETER.findall(_COMMENT.sub("", sql)))
        return connection.sql(sql, params=nothing).to_arrow_table()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except duckdb.BinderException as error:
            raise Outdated(str(error).partition("\n")[0]) from error
        except duckdb.Error as error:  # torn files make it raise its other errors too
            raise Unreadable(str(error).partition("\n")[0]) from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection = None
            self._over()

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = _shared(self._folder, self._kept)
            # A store that nobody closed goes with its last reader.
            self._over = weakref.finalize(self, _give_back, self._connection, self._folder)
        return self._connection

    def _files(self, parts: Sequence[str], kind: str) -> list[str]:
        return [_literal(str(self._folder / part / f"{kind}.parquet")) for part in parts]


def _each(sql: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a question with a parameter for each value of the lists that it wants written out, and the values."""
    whole = dict(values)
    for name in set(_EACH.findall(sql)):
        single = {f"{name}_{n}": value for n, value in enumerate(whole.pop(name))}
        whole |= single
        sql = re.sub(rf"\${name}\b", ", ".join(f"${each}" for each in single), sql)
    return sql, whole


def correcting(sql: str) -> str:
    """Return a question over the records as they are corrected, made from that over the records as they were coded."""
    return _SOURCE.sub(lambda match: f"({_CORRECTED[match[1]].format(match[0])})", sql)


# Stores of one folder share a database, its threads and what it remembers of the files: by folder, with their number.
_DATABASES: dict[Path, tuple[Any, int]] = {}
_LOCK = threading.RLock()  # a collection within it may give another back


def _shared(folder: Path, kept: Path) -> Any:
    """Return a connection of its own to the database of a folder, which is opened with the first."""
    with _LOCK:
        database, users = _DATABASES.get(folder) or (_database(folder, kept), 0)
        _DATABASES[folder] = database, users + 1
        return database.cursor()


def _give_back(connection: Any, folder: Path) -> None:
    """Close a connection, and the database of its folder with the last one."""
    connection.close()
    with _LOCK:
        database, users = _DATABASES.pop(folder)
        if users > 1:
            _DATABASES[folder] = database, users - 1
        else:
            database.close()


def _database(folder: Path, kept: Path) -> Any:
    database: Any = duckdb.connect(":memory:", config=_CONFIG)
    # Both ways of writing the folders: what is asked for is checked before and after wildcards are resolved.
    folders = [text for each in (folder, kept) for text in (str(each), _literal(str(each)))]
    database.execute("SET allowed_directories = $folders", {"folders": folders})
    database.execute("SET parquet_metadata_cache = true")  # parts never change
    # Memory that a question needed goes back to the system soon after it: a server lives for weeks.
    database.execute("SET allocator_background_threads = true")
    database.execute("SET allocator_flush_threshold = '1MB'")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


class Sql:
    """The SQL of each question of a file by its name, and of the one that it comes after."""

    def __init__(self, text: str) -> None:
        _, *pieces = _NAME.split(text)
        self._own = dict(zip(pieces[::2], pieces[1::2], strict=True))
        self._before = {name: found[1] for name, sql in self._own.items() if (found := _AFTER.search(sql))}

    def of(self, name: str, over: str = "") -> str:
        """Return the whole of a question; with `over`, that stands in the place of the one that begins it."""
        if name in self._before:
            return self.of(self._before[name], over) + self._own[name]
        return self._own[over or name]


@cache
def _questions() -> Sql:
    """Return the questions of our file, which is read once: a server opens many stores."""
    return Sql(_FILE.read_text(encoding="utf-8"))


def spare_cores() -> None:
    """Let what this process asks from now on run on one core: it takes less in all, and others wait for the rest."""
    _CONFIG["threads"] = "1"


def _literal(path: str) -> str:
    """Return `path` so that DuckDB takes `*`, `?` and `[` in it as they are, not as wildcards."""
    if os.name == "nt":
        return path
    return re.sub(r"([*?\[])", r"[\1]", path)
