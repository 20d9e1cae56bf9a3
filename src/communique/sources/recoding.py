"""Streams in UTF-16, as Excel and PowerShell write them, as streams in UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO

from communique.sources.place import peeked, sparing, streamed

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 16


def in_utf8(file: BinaryIO) -> BinaryIO:
    """Return `file`, in UTF-8 if a byte order mark says that it is UTF-16, else as it is."""
    if file.seekable():
        start = file.tell()
        head = file.read(2)
        file.seek(start)
    else:
        head, file = peeked(file, 2)
    return utf8_of(file) if marks_utf16(head) else file


def marks_utf16(head: bytes) -> bool:
    """Return whether `head`, the first bytes of a file, is the byte order mark of UTF-16."""
    return head.startswith(_UTF16)


def utf8_of(file: BinaryIO) -> BinaryIO:
    """Return a file in UTF-16, which starts with its mark, in UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    return recoded(file, lambda content: decoder.decode(content, final=not content).encode("utf-8", "replace"))


def recoded(file: BinaryIO, change: Callable[[bytes], bytes]) -> BinaryIO:
    """Return `file` with each piece of it changed; the last piece is empty."""
    held = b""
    over = False
    go_on = sparing(file)

    def read(most: int) -> bytes:
        nonlocal held, over
        while not held and not over:
            found = go_on(_CHUNK)
            held, over = change(found), not found
        found, held = held[:most], held[most:]
        return found

    return streamed(read)
