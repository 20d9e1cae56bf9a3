"""Asking the live parts: the named questions of `questions.sql`, run by DuckDB in memory."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from communique.store.shapes import KINDS, RECORD_KINDS

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
    **{kind: _RECORDS.format(kind) for kind in RECORD_KINDS},
    "reports": f"SELECT r.* REPLACE ({_MORE}) FROM {{}} AS r LEFT JOIN corrected_counts AS c ON c.report = r.id",
    "traces": "SELECT * FROM {} WHERE record NOT IN (FROM corrected_rejected)",
}
# A question is about facts in files: nothing is fetched, and nothing but the parts can be read.
_CONFIG: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class Unreadable(Exception):
    """A file that a question needs is damaged or not there; compaction may have replaced it meanwhile."""


class Outdated(Exception):
    """The parts lack a column that the question needs: an earlier version wrote them."""


class Questions:
    """The named questions, over parts below one folder. Holds an in-memory DuckDB, opened with the first question."""

    def __init__(self, folder: Path) -> None:
        # DuckDB compares paths as text.
        self._folder = folder.resolve()
        self._sql = read_questions(_FILE.read_text(encoding="utf-8"))
        self._connection: Any = None
        self._joined: object = None  # what is registered

    def ask(
        self, name: str, parts: Sequence[str], values: Mapping[str, Any], corrected: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the answer to the question `name` over the `parts`, as an Arrow table.

        `corrected` are the tables of corrections that apply, by name (corrected.py).
        `parts` may not be empty. Of `values`, those that the question has no use for are left out.
        Raises Unreadable when a file is missing or is not what a writer has written.
        """
        sql = self._sql[name] if corrected is None else correcting(self._sql[name])
        sql, values = _each(sql, values)
        everything = {**values, **{kind: self._files(parts, kind) for kind in KINDS}}
        wanted = set(_PARAMETER.findall(_COMMENT.sub("", sql)))
        try:
            connection = self._open()
            if corrected is not None and corrected is not self._joined:
                for each, table in corrected.items():
                    connection.register(each, table)
                self._joined = corrected
            relation = connection.sql(sql, params={key: everything[key] for key in wanted})
            return relation.to_arrow_table()
        except duckdb.BinderException as error:
            raise Outdated(str(error).partition("\n")[0]) from error
        except duckdb.Error as error:  # torn files make it raise its other errors too
            raise Unreadable(str(error).partition("\n")[0]) from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> Any:
        if self._connection is None:
            connection: Any = duckdb.connect(":memory:", config=_CONFIG)
            # Both ways of writing the folder: what is asked for is checked before and after wildcards are resolved.
            folders = [str(self._folder), _literal(str(self._folder))]
            connection.execute("SET allowed_directories = $folders", {"folders": folders})
            connection.execute("SET parquet_metadata_cache = true")  # parts never change
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            self._connection = connection
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


def read_questions(text: str) -> dict[str, str]:
    """Return the SQL of each question of a file by its name."""
    _, *pieces = _NAME.split(text)
    own = dict(zip(pieces[::2], pieces[1::2], strict=True))
    before = {name: found[1] for name, sql in own.items() if (found := _AFTER.search(sql))}

    def whole(name: str) -> str:
        return (whole(before[name]) if name in before else "") + own[name]

    return {name: whole(name) for name in own}


def _literal(path: str) -> str:
    """Return `path` so that DuckDB takes `*`, `?` and `[` in it as they are, not as wildcards."""
    if os.name == "nt":
        return path
    return re.sub(r"([*?\[])", r"[\1]", path)
