"""JSON lines: one report a line, with what else is known of it.

Known keys are `text` (needed), `id`, `date` or `published`, `title`, `source` or `outlet`, `url`, `language`; others
are ignored. A line that cannot be read becomes a Failure and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.formats import clean, refuse_formats
from communique.sources.item import RawItem
from communique.sources.limits import BYTES_OF_JSON, ROOM_FOR_METADATA, name_of, opened

_CHUNK = 1 << 20


def read_jsonl(path: Path, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of the file `path`, in order, holding one line at a time.

    Raises InputError if the file cannot be opened, has no line, or is one JSON document instead of lines.
    """
    with opened(path) as file:
        yield from read_lines(file, name_of(path), settings)


def read_lines(file: BinaryIO, origin: str, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports of an open JSONL stream; see `read_jsonl`."""
    limit = settings.max_report_chars * BYTES_OF_JSON + ROOM_FOR_METADATA
    seen = False
    for number, line in _lines(file, limit):
        where = f"{origin}:{number}"
        if line is None:
            seen = True
            yield _failure(where, f"The line is longer than {limit:,} bytes. Cut the report into smaller ones.")
            continue
        if not line.strip() or (number == 1 and line.strip() == b"\xef\xbb\xbf"):
            continue
        if not seen:
            refuse_formats(line[:1000], origin=origin)
            if line.strip() in (b"[", b"{") or line.lstrip().startswith(b"[{"):
                raise InputError(f"{origin} is one JSON document, not JSON lines. Write one object a line.")
        seen = True
        yield _item(line, where)
    if not seen:
        raise InputError(f"{origin} is empty. Give a file with one JSON object a line.")


def item_of(values: Mapping[str, Any], origin: str) -> RawItem:
    """Return the raw item that `values` describes. Raises InputError if there is no text."""
    text = values.get("text")
    if text is None:
        raise InputError("There is no 'text'. Give each report its text under the key 'text'.")
    if not isinstance(text, str):
        raise InputError(f"'text' is a {type(text).__name__}, not a string. Give the report's text as a string.")
    return RawItem(
        content=text,
        origin=origin,
        source_id=_field(values, "id"),
        published=_field(values, "date", "published"),
        title=_field(values, "title"),
        url=_field(values, "url"),
        outlet=_field(values, "source", "outlet"),
        language=_field(values, "language"),
    )


def _item(line: bytes, where: str) -> RawItem | Failure:
    try:
        values = json.loads(_decoded(line), strict=False)
    except (ValueError, RecursionError) as error:
        cause = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or a number too long"
        return _failure(where, f"The line is no JSON object ({cause}). Write one object a line.")
    if not isinstance(values, dict):
        return _failure(where, "The line is no JSON object. Write one object a line.")
    try:
        return item_of(values, where)
    except InputError as error:
        return _failure(where, str(error), _field(values, "id"))


def _decoded(line: bytes) -> str:
    """JSON is UTF-8; what is not is taken as Windows-1252, which older exports are written in."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _failure(where: str, cause: str, source_id: str = "") -> Failure:
    return Failure(source=where, stage="source", cause=cause, source_id=source_id)


def _field(values: Mapping[str, Any], *names: str) -> str:
    """Return the first of the fields that says something, as text; numbers are written out, other shapes ignored."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return clean(str(value).strip())
    return ""


def _lines(file: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number, line); None for a line over `limit` bytes, which is skipped to its end."""
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if len(line) <= limit:
            yield number, line
            continue
        while not line.endswith(b"\n") and (line := file.readline(_CHUNK)):
            pass
        yield number, None
