"""A delimited file in pieces, by DuckDB's reader: no row is dropped in silence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from communique.errors import InputError

PIECE = 2**16  # rows at a time: as many as stay in the processor's caches, and no memory has to be asked for anew
_STRAY = 8  # further columns that are looked for
_MORE = "more\x07"  # names no column of a file
_BLANK = " \t\r\x0b\x0c\xa0"
_NEVER = "\x07"  # what is empty stays text, so that null says that a column is missing


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: the names of its columns in order, whether its first line has them, its encoding
    (`utf-8`, `latin-1`), what divides and quotes cells. `wanted` are the columns that are looked at, `least` how many a
    row must have at least. `hashes` are further columns: 16 hexadecimal digits of some of the `columns`, the same for
    the same on any machine."""

    columns: tuple[str, ...]
    wanted: tuple[str, ...]
    header: bool = False
    encoding: str = "utf-8"
    delimiter: str = "\t"
    quote: str = ""
    least: int = 0
    hashes: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows: their columns, and by the place of a row why it cannot be read."""

    columns: Mapping[str, Any]
    number: int
    faults: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that DuckDB's reader could not split: its number, from 1, and why."""

    line: int
    reason: str


class Reader:
    """Reads one file; `rejected` is known once all its pieces have been taken."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        self._path = path
        self._dialect = dialect
        self.rejected: list[Rejected] = []

    def pieces(self) -> Iterator[Piece]:
        """Yield the rows of the file, `PIECE` at a time. Raises InputError where it cannot be read at all."""
        connection: Any = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        try:
            batches: Any = connection.sql(self._sql()).to_arrow_reader(PIECE)
            for batch in batches:
                if batch.num_rows:
                    yield self._piece(pa.Table.from_batches([batch]))
            found = connection.execute(
                "SELECT DISTINCT line, error_message FROM reject_errors ORDER BY line"
            ).fetchall()
            once: dict[int, str] = {}
            for line, reason in found:
                once.setdefault(int(line), str(reason).partition("\n")[0])
            self.rejected = [Rejected(line, reason) for line, reason in once.items()]
        except (duckdb.Error, pa.ArrowException) as error:
            cause = str(error).partition("\n")[0]
            raise InputError(f"{str(self._path)!r} cannot be read as a table: {cause}") from error
        finally:
            connection.close()

    def _sql(self) -> str:
        how = self._dialect
        columns = [*how.columns, *(f"stray{n}" for n in range(_STRAY))]
        spec = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in columns)
        last = how.columns[(how.least or len(how.columns)) - 1]
        wanted = dict.fromkeys((*how.wanted, last))
        stray = ", ".join(map(_named, columns[-_STRAY:]))
        chosen = ", ".join(
            [
                *map(_named, wanted),
                f"trim(concat({stray}), {_quoted(_BLANK)}) <> '' AS {_named(_MORE)}",
                *(
                    f"left(md5(concat_ws('|', {', '.join(map(_named, of))})), 16) AS {_named(name)}"
                    for name, of in how.hashes
                ),
            ]
        )
        return (
            f"SELECT {chosen} FROM read_csv({_quoted(_literal(self._path))}, delim = {_quoted(how.delimiter)},"
            f" quote = {_quoted(how.quote)}, escape = {_quoted(how.quote)}, header = false, skip = {int(how.header)},"
            f" auto_detect = false, encoding = {_quoted(how.encoding)}, columns = {{{spec}}}, null_padding = true,"
            f" strict_mode = false, nullstr = {_quoted(_NEVER)}, store_rejects = true, rejects_limit = 0"
            f"{', parallel = false' if how.quote else ''})"
        )

    def _piece(self, table: Any) -> Piece:
        how = self._dialect
        faults: dict[int, str] = {}
        last = table.column(how.columns[(how.least or len(how.columns)) - 1])
        if last.null_count:
            few = f"It has fewer than {how.least or len(how.columns)} columns."
            faults |= dict.fromkeys(_places(pc.is_null(last)), few)
        more = table.column(_MORE)
        if pc.any(more).as_py():
            faults |= dict.fromkeys(_places(more), f"It has more than {len(how.columns)} columns.")
        names = (*how.wanted, *(name for name, _ in how.hashes))
        columns = {name: _plain(table.column(name)) for name in names}
        return Piece(columns, table.num_rows, faults)


def _plain(column: Any) -> Any:
    """Return a column of text in one piece, without null."""
    whole = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
    whole = whole.cast(pa.string()) if whole.type != pa.string() else whole
    return whole.fill_null("") if whole.null_count else whole


def _places(truth: Any) -> list[int]:
    found: list[int] = pc.indices_nonzero(truth).to_pylist()
    return found


def _named(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _literal(path: Path) -> str:
    """Return a path so that DuckDB takes `*`, `?` and `[` in it as they are."""
    name = str(path.resolve())
    return name if os.name == "nt" else re.sub(r"([*?\[])", r"[\1]", name)
