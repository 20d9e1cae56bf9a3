"""What is no plain text, known by its first bytes; and text that no file could hold."""

from __future__ import annotations

import re

from communique.errors import InputError

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a rar archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
)
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|rss|feed|svg)\b", re.IGNORECASE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return `text` with lone surrogates, which no JSON and no UTF-8 can carry, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def is_markup(head: bytes) -> bool:
    """Return whether `head`, the first bytes of a file, is that of a page of HTML or of a feed."""
    return _MARKUP.match(head[:1000].removeprefix(b"\xef\xbb\xbf")) is not None


def refuse_formats(head: bytes, *, origin: str) -> None:
    """Raise InputError if `head`, the first bytes of a file, is of a format that is not plain text."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise InputError(f"{origin} is {name}, not plain text. Save its text as a .txt file.")
    if is_markup(head):
        raise InputError(f"{origin} is a page of markup, not plain text. Save its text as a .txt file.")
