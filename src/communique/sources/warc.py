"""Web archives (WARC), as crawlers and Common Crawl's CC-NEWS write them: one report a page that was fetched.

Read are the responses with a page or plain text that succeeded. The origin is `path:offset`, the place in the file at
which the record starts, by which other tools find it too.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.formats import clean
from communique.sources.item import HTML, RawItem
from communique.sources.jsonl import failure
from communique.sources.limits import opened, page_limit
from communique.sources.place import Place, peeked, seekable
from communique.sources.unpack import torn, unpack

_PAGES = ("text/html", "application/xhtml+xml")
_TEXT = "text/plain"
_MEMBER = b"\x1f\x8b\x08"  # how a record of a packed file starts
_RECORD = b"WARC/1."  # and of one that is not
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d{1,15})\s*$")
_CHUNK = 1 << 20
_LONGEST_HEADER = 1 << 16


def read_warc(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the pages of a web archive, packed or not, in order, holding two at a time.

    Where a record is damaged, a Failure says so and reading goes on at the next one that can be found; a file that
    ends within a record gives a Failure for what is missing. Raises InputError if the file holds no record at all.
    """
    with opened(place) as file:
        head, stream = peeked(file) if not file.seekable() else (file.read(len(_MEMBER)), file)
        if not head:
            raise InputError(f"{place} is empty. Give a web archive with records in it.")
        broken: list[str] = []
        with seekable(stream, str(place), broken) as whole:
            packed = head.startswith(_MEMBER)
            if packed and not _packed_by_record(whole):
                whole.seek(0)
                with seekable(unpack(whole, "gz", str(place)), str(place), broken) as plain:
                    yield from _pages(plain, str(place), False, settings)
            else:
                yield from _pages(whole, str(place), packed, settings)
        yield from (failure(str(place), message) for message in broken)


def _pages(file: BinaryIO, origin: str, packed: bool, settings: Settings) -> Iterator[RawItem | Failure]:
    start: int | None = 0
    within = "its packed data" if packed else "a record"
    held: RawItem | Failure | None = None  # the last record is given only when it is known to be whole
    last = -1
    while start is not None:
        try:
            for last, record in _records(file, start):
                if held:
                    yield held
                held = _item(record, f"{origin}:{last}", settings)
            break
        except OSError as error:
            spoilt = held is not None and (_torn_member if packed else _torn_record)(file, last) == last
            given = held is not None and not spoilt
            if held and given:
                yield held
            damaged = start if last < start else last if spoilt else None if packed else _torn_record(file, last)
            held = None
            # Such a header was no header: that it is not looked for within it keeps the time linear.
            passed = _LONGEST_HEADER if "header length" in str(error) and not packed else 1
            start = _next_record(file, max(last, start) + passed, packed)
            if damaged == start:  # what looked torn begins well: the record before it said wrongly where it ends
                damaged = None if given else max(last, 0)
            if last < 0 and start is None:
                raise InputError(f"{origin} is no web archive that can be read ({error}).") from None
            if damaged is not None:
                last = max(last, damaged)
                cause = f"The record is damaged ({error}). Reading went on at the next one."
                yield failure(f"{origin}:{damaged}", cause if start is not None else torn(origin, within))
                if start is None:
                    return
    missing = _torn_member(file, max(last, 0)) if packed else _torn_record(file, max(last, 0))
    if held and missing != last:
        yield held
    if missing is not None:
        yield failure(f"{origin}:{missing}", torn(origin, within))


def _records(file: BinaryIO, start: int) -> Iterator[tuple[int, Any]]:
    """Yield (offset, record) of all records from `start` on. Raises OSError."""
    from fastwarc.warc import ArchiveIterator, any_type

    file.seek(start)
    for record in ArchiveIterator(
        cast(BinaryIO, _From(file)), record_types=any_type, parse_http=False, max_header_len=_LONGEST_HEADER
    ):
        yield start + record.stream_pos, record


class _From:
    """A file from where it stands, as fastwarc reads it; what it is told of positions starts at 0."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = file.tell()

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell() - self._start


def _item(record: Any, where: str, settings: Settings) -> RawItem | Failure | None:
    """Return the page in a record, None if it holds none."""
    from fastwarc.warc import WarcRecordType

    if record.record_type != WarcRecordType.response or not record.is_http:
        return None
    try:
        record.parse_http(auto_decode="all")
        kind = str(record.http_content_type or "").lower()
        if record.http_headers is None or record.http_headers.status_code != 200 or kind not in (*_PAGES, _TEXT):
            return None
        content = record.reader.read(page_limit(settings) + 1)
    except (OSError, ValueError) as error:
        return failure(where, f"The record is damaged ({error}). It was left.")
    if len(content) > page_limit(settings):
        return failure(where, f"The page is larger than {page_limit(settings):,} bytes. It was left.")
    return RawItem(
        content=content,
        origin=where,
        url=clean(str(record.headers.get("WARC-Target-URI") or "").strip("<> ")),
        media=HTML if kind in _PAGES else "",
        charset=record.http_charset or "",
        fetched=record.record_date.date().isoformat() if record.record_date else "",
    )


def _packed_by_record(file: BinaryIO) -> bool:
    """Return whether each record is packed by itself, as the standard asks, and not the file as a whole."""
    file.seek(0)
    unpacker = zlib.decompressobj(wbits=31)
    head, size, wanted = b"", 0, 0
    while not unpacker.eof and (chunk := unpacker.unconsumed_tail or file.read(_CHUNK)):
        try:
            found = unpacker.decompress(chunk, _CHUNK)
        except zlib.error:
            return True  # what is wrong with it is said when it is read
        size += len(found)
        if not wanted:
            head += found
            wanted = sum(_measure(head)) if _HEAD_END in head or len(head) > _LONGEST_HEADER else 0
        if wanted and size > wanted + len(_HEAD_END):
            return False
    return True


def _next_record(file: BinaryIO, start: int, packed: bool) -> int | None:
    """Return the offset of the first record that begins at `start` or later, None if there is none."""
    mark = _MEMBER if packed else _RECORD
    file.seek(start)
    held, base = b"", start
    while chunk := file.read(_CHUNK):
        held += chunk
        at = held.find(mark)
        while at >= 0:
            if not packed or _opens_record(file, base + at):
                return base + at
            at = held.find(mark, at + 1)
        base += len(held) - len(mark)
        held = held[-len(mark) :]
        file.seek(base + len(held))
    return None


def _opens_record(file: BinaryIO, at: int) -> bool:
    """Return whether the packed bytes at `at` are those of a record."""
    file.seek(at)
    try:
        return zlib.decompressobj(wbits=31).decompress(file.read(512), 8).startswith(b"WARC/")
    except zlib.error:
        return False


def _torn_member(file: BinaryIO, at: int) -> int | None:
    """Return the offset from `at` on of packed data that have no end, None if all have.

    Both libraries for web archives take the end of a file for the end of its data, so the end is looked at here.
    """
    file.seek(at)
    held = b""
    while True:
        unpacker = zlib.decompressobj(wbits=31)
        seen = 0
        while not unpacker.eof:
            held = held or file.read(_CHUNK)
            if not held:
                return at if seen else None
            try:
                unpacker.decompress(held, _CHUNK)
            except zlib.error:
                return at
            left = unpacker.unconsumed_tail or unpacker.unused_data
            seen += len(held) - len(left)
            held = left
        at += seen


def _torn_record(file: BinaryIO, at: int) -> int | None:
    """Return the offset from `at` on of what is no whole record, None if all is well."""
    file.seek(at)
    head, length = _measure(file.read(_LONGEST_HEADER))
    end = at + head + length
    if length < 0 or file.seek(0, 2) < end:
        return at
    file.seek(end)
    rest = file.read(_LONGEST_HEADER)
    return end + len(rest) - len(rest.lstrip()) if rest.strip() else None


def _measure(content: bytes) -> tuple[int, int]:
    """Return how long the header of a record is and how long it says that the rest is, -1 if it does not."""
    head, end, _ = content.partition(_HEAD_END)
    length = _LENGTH.search(head)
    return len(head) + len(end), int(length[1]) if length else -1
