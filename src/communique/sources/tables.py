"""CSV and TSV: one report a row, under a header that names the columns.

Fields may hold line breaks and be of any length up to that of a report. The sign between fields is the one that
stands most often in the header: comma, semicolon, tab or bar.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.columns import Columns, columns_of, row_item
from communique.sources.formats import refuse_formats
from communique.sources.item import RawItem
from communique.sources.jsonl import decoded, failure, lines_of, object_limit
from communique.sources.limits import opened
from communique.sources.place import Place, peeked
from communique.sources.recoding import marks_utf16, recoded, utf8_of

_SIGNS = ",;\t|"
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line that Excel writes
_QUOTED = re.compile(r'"(?:[^"]|"")*"?')


def read_csv(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of a table, in order, holding one row at a time; the origin is `path:line` of a row's start.

    Raises InputError if the file cannot be opened, is empty, or lacks a column that is needed.
    """
    origin, limit = str(place), object_limit(settings)
    with opened(place) as file:
        lines = _Lines(_unix_utf8(file, origin), limit, origin)
        csv.field_size_limit(max(csv.field_size_limit(), limit + 1))
        rows = csv.reader(lines, delimiter=lines.separator())
        header = [name.strip() for name in next(rows, [])]
        columns = columns_of(header, settings.columns, origin)
        lines.end_row()
        for row in rows:
            where = f"{origin}:{lines.start}"
            if lines.broken:
                yield failure(where, lines.broken)
            elif any(value.strip() for value in row):
                yield _item(dict(zip(header, row, strict=False)), columns, where)
            lines.end_row()


def _item(values: dict[str, str], columns: Columns, where: str) -> RawItem | Failure:
    try:
        return row_item(values, columns, where)
    except InputError as error:
        return failure(where, str(error))


class _Lines:
    """The lines of a table as csv.reader asks for them; a row that never ends is closed and marked as `broken`.

    A second line before `end_row` means that the row goes on within quotes. `start` is the line on which it began.
    """

    def __init__(self, file: BinaryIO, limit: int, origin: str) -> None:
        self.start = 0
        self.broken = ""
        self._lines = lines_of(file, limit, self._count)
        self._limit = limit
        self._origin = origin
        self._size = 0
        self._quotes = 0  # in the line that was read last
        self._first: tuple[int, str] | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = self._next()
        within = self.start > 0  # a quote is open, or the row would have ended
        self.start = self.start or number
        self._size += len(line)
        if self._size <= self._limit and not self.broken:
            return line
        self.broken = self.broken or f"The row is longer than {self._limit:,} bytes. Cut the report into smaller ones."
        if self._quotes % 2 != within:
            self._pass_over()
        return '"\n' if within else "\n"

    def end_row(self) -> None:
        """Say that the row is read."""
        self.start, self._size, self.broken = 0, 0, ""

    def separator(self) -> str:
        """Return the sign between the fields, as the header shows it; a line that only names it is passed over."""
        try:
            number, line = self._next()
        except StopIteration:
            raise InputError(f"{self._origin} is empty. Give a table with a header and rows.") from None
        if named := _SEPARATOR.fullmatch(line):
            return named[1]
        self._first = (number, line)
        bare = _QUOTED.sub("", line)
        return max(_SIGNS, key=bare.count)

    def _next(self) -> tuple[int, str]:
        if self._first is not None:
            found, self._first = self._first, None
            return found
        self._quotes = 0
        number, content = next(self._lines)
        if content is None:
            self.broken = f"Line {number} is longer than {self._limit:,} bytes. Cut the report into smaller ones."
            return number, ""
        self._count(content)
        line = decoded(content) if number == 1 else decoded(content).removeprefix("\ufeff")
        # NUL bytes are what broken exports pad with; a lone carriage return would end a row where none ends.
        return number, line.replace("\0", "").replace("\r\n", "\n").replace("\r", " ")

    def _pass_over(self) -> None:
        """Go on to the end of the line in which the quote is closed that is open."""
        try:
            self._next()
            while self._quotes % 2 == 0:
                self._next()
        except StopIteration:
            self.broken = f"The quote opened in line {self.start} is not closed; the rest was left."

    def _count(self, piece: bytes) -> None:
        self._quotes += piece.count(b'"')


def _unix_utf8(file: BinaryIO, origin: str) -> BinaryIO:
    """Return `file` in UTF-8 if a byte order mark says that it is UTF-16, with line ends that `readline` knows."""
    head, stream = peeked(file)
    if marks_utf16(head):
        return utf8_of(stream)
    refuse_formats(head[:1000], origin=origin)
    if b"\r" in head and b"\n" not in head:
        return recoded(stream, lambda content: content.replace(b"\r", b"\n"))
    return stream
