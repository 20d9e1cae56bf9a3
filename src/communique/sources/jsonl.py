"""JSON lines and JSON documents: one report an object, with what else is known of it.

Which keys are known says `columns.py`; others are ignored. What cannot be read becomes a Failure and the rest goes on.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.columns import checked, field_of, item_of
from communique.sources.formats import refuse_formats
from communique.sources.item import RawItem
from communique.sources.limits import BYTES_OF_JSON, ROOM_FOR_METADATA, name_of, opened
from communique.sources.place import Place, sparing
from communique.sources.recoding import in_utf8

_CHUNK = 1 << 20
_BLANKS = re.compile(r"[\s\ufeff]*")
_BETWEEN = re.compile(r"[\s,]*")
_OPENING = '{["-0123456789tfn'  # what a JSON value can start with


def read_jsonl(path: Path | Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of the file `path`, in order, holding one line at a time.

    Raises InputError if the file cannot be opened, has no line, or is one JSON document instead of lines.
    """
    with opened(path) as file:
        yield from read_lines(file, name_of(path), settings)


def read_lines(file: BinaryIO, origin: str, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of an open JSONL stream; see `read_jsonl`."""
    for field in settings.columns:
        checked(field)
    limit = object_limit(settings)
    seen = False
    for number, line in lines_of(in_utf8(file), limit):
        where = f"{origin}:{number}"
        if line is None:
            seen = True
            yield failure(where, f"The line is longer than {limit:,} bytes. Cut the report into smaller ones.")
            continue
        if not line.strip() or (number == 1 and line.strip() == b"\xef\xbb\xbf"):
            continue
        if not seen:
            refuse_formats(line[:1000], origin=origin)
            if line.strip() in (b"[", b"{") or line.lstrip().startswith(b"[{"):
                raise InputError(
                    f"{origin} is one JSON document, not JSON lines. Name it .json, or write one object a line."
                )
        seen = True
        yield _item(line, where, settings)
    if not seen:
        raise InputError(f"{origin} is empty. Give a file with one JSON object a line.")


def read_json(path: Path | Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of a JSON file: an array of objects, or objects one after the other, holding one at a time.

    The origin is `path:number`, the objects counted from 1. After an object that is no JSON nothing can be read: the
    rest is one Failure. Raises InputError if the file cannot be opened or holds no object.
    """
    for field in settings.columns:
        checked(field)
    origin = name_of(path)
    number = 0
    with opened(path) as file:
        for number, value in enumerate(_values(in_utf8(file), object_limit(settings), origin), 1):
            where = f"{origin}:{number}"
            if isinstance(value, str):
                yield failure(where, value)
            elif not isinstance(value, dict):
                yield failure(where, "This is no JSON object. Write an array of objects, one for each report.")
            else:
                yield item_or_failure(value, where, settings)
    if not number:
        raise InputError(f"{origin} is empty. Give a file with an array of JSON objects.")


def object_limit(settings: Settings) -> int:
    """Return how many bytes the object of one report may have."""
    return settings.max_report_chars * BYTES_OF_JSON + ROOM_FOR_METADATA


def item_or_failure(values: dict[str, object], where: str, settings: Settings) -> RawItem | Failure:
    """Return the report of an object, or why it is none."""
    try:
        return item_of(values, where, settings.columns)
    except InputError as error:
        return failure(where, str(error), field_of(values, settings.columns.get("id", "id")))


def failure(where: str, cause: str, source_id: str = "") -> Failure:
    """Return the failure of one report of a file."""
    return Failure(source=where, stage="source", cause=cause, source_id=source_id)


def lines_of(
    file: BinaryIO, limit: int, skipped: Callable[[bytes], object] = len
) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number, line); None for a line over `limit` bytes, of which the pieces are given to `skipped`."""
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if len(line) <= limit:
            yield number, line
            continue
        skipped(line)
        while not line.endswith(b"\n") and (line := file.readline(_CHUNK)):
            skipped(line)
        yield number, None


def decoded(content: bytes) -> str:
    """JSON is UTF-8 (UTF-16 was recoded before); what is not is taken as Windows-1252, as older exports are written."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _item(line: bytes, where: str, settings: Settings) -> RawItem | Failure:
    try:
        values = json.loads(decoded(line), strict=False)
    except (ValueError, RecursionError) as error:
        cause = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or a number too long"
        return failure(where, f"The line is no JSON object ({cause}). Write one object a line.")
    if not isinstance(values, dict):
        return failure(where, "The line is no JSON object. Write one object a line.")
    return item_or_failure(values, where, settings)


def _values(file: BinaryIO, limit: int, origin: str) -> Iterator[object]:
    """Yield the values of an array, or of values one after the other; a string says why the rest cannot be read.

    A value that is not whole yet is decoded anew only when twice as much of it is there: the time stays linear.
    """
    decoder = json.JSONDecoder(strict=False)
    text = _Text(file)
    text.more()
    refuse_formats(text.held[:1000].encode("utf-8", "replace"), origin=origin)
    if text.skip(_BLANKS) == "[":
        text.at += 1
    while (first := text.skip(_BETWEEN)) not in ("", "]"):
        while True:
            try:
                value, end = decoder.raw_decode(text.held, text.at)
                if end < len(text.held) or text.over:  # else `12` may go on as `123`
                    break
                cause = ""
            except json.JSONDecodeError as error:
                cause = error.msg
            except (ValueError, RecursionError):
                cause = "too deep or a number too long"
            left = len(text.held) - text.at
            if text.over or left > limit or first not in _OPENING or cause.startswith("too deep"):
                yield f"From here on this is no JSON that can be read ({cause or 'it is too long'}). The rest was left."
                return
            text.more(max(_CHUNK, left))
        text.at = end
        yield [value] if isinstance(value, str) else value


class _Text:
    """The part of a JSON file that is held: `at` is where it is read on, `over` is true at the end of the file."""

    def __init__(self, file: BinaryIO) -> None:
        self.held = ""
        self.at = 0
        self.over = False
        self._read = sparing(file)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")

    def more(self, size: int = _CHUNK) -> None:
        """Read on, and let go of what is behind."""
        found = self._read(size)
        self.over = not found
        self.held = self.held[self.at :] + self._decoder.decode(found, final=not found)
        self.at = 0

    def skip(self, blanks: re.Pattern[str]) -> str:
        """Go past `blanks`; return the sign that stands there, "" at the end of the file."""
        while True:
            match = blanks.match(self.held, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.held) or self.over:
                return self.held[self.at : self.at + 1]
            self.more()
