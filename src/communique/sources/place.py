"""Where a file is: on this machine, in an object store, inside an archive; opened in the same way.

A source is given a Place. It asks for no more than a path gives: `name`, `suffix`, `open()`, `read_bytes()`,
`read_text()`, and `str()` for messages and for the origin of reports.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from communique.errors import InputError
from communique.sources.formats import clean

_MOST_SPOOLED = 4 << 30  # bytes of a file that is copied to disk because its format must be read from its end
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """A file to be read.

    `origin` names it in messages and records and is the same in each run; `name` is the file's own, of which the
    suffix says how it is read; `opener` opens it for reading bytes; `depth` counts the archives around it.
    """

    origin: str
    name: str
    opener: Callable[[], BinaryIO]
    depth: int = 0

    def __str__(self) -> str:
        return self.origin

    @property
    def suffix(self) -> str:
        """The suffix with its dot, as of a path."""
        return PurePosixPath(self.name).suffix

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return PurePosixPath(self.name).stem

    def open(self) -> BinaryIO:
        """Open the file for reading bytes. Raises OSError."""
        return self.opener()

    def read_bytes(self) -> bytes:
        """Return the whole file. Raises OSError."""
        with self.open() as file:
            return file.read()

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return the whole file as text. Raises OSError or UnicodeDecodeError."""
        return self.read_bytes().decode(encoding)


def place_of(path: Path | Place) -> Place:
    """Return the place of a file on this machine; a Place is returned as it is."""
    if isinstance(path, Place):
        return path
    return Place(clean(str(path)), path.name, lambda: path.open("rb"))


@contextmanager
def seekable(file: BinaryIO, origin: str, broken: list[str] | None = None) -> Iterator[BinaryIO]:
    """Give `file`, or a copy of it in a temporary file, for formats that have to be read from their end.

    Raises InputError if it cannot be read to its end, or if there would be more to copy than a temporary file should
    hold; where a list `broken` is given, the message goes there, and what could be copied is given.
    """
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        try:
            _copy(file, copy, origin)
        except InputError as error:
            if broken is None:
                raise
            broken.append(str(error))
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _copy(file: BinaryIO, copy: IO[bytes], origin: str) -> None:
    size = 0
    read = getattr(file, "read1", file.read)  # what comes before an error is not lost then
    while chunk := read(_CHUNK):
        size += len(chunk)
        if size > _MOST_SPOOLED:
            raise InputError(f"{origin} unpacks to more than {_MOST_SPOOLED >> 30} GB. Unpack it, then read it.")
        copy.write(chunk)


class Stream(io.RawIOBase):
    """A readable stream made of a function that returns the next bytes, at most as many as it is asked for."""

    def __init__(self, read: Callable[[int], bytes], close: Callable[[], None] = lambda: None) -> None:
        self._read = read
        self._close = close

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        found = self._read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._close()
        super().close()


def peeked(file: BinaryIO, size: int = 1 << 16) -> tuple[bytes, BinaryIO]:
    """Return the first `size` bytes of `file`, and a stream that gives the whole of it, these bytes included."""
    go_on = sparing(file)
    head = go_on(size)
    held = memoryview(head)

    def read(most: int) -> bytes:
        nonlocal held
        if not held:
            return go_on(most)
        found, held = bytes(held[:most]), held[most:]
        return found

    return head, streamed(read)


def sparing(file: BinaryIO | io.RawIOBase) -> Callable[[int], bytes]:
    """Return a function that reads so many bytes of `file`, less only at its end or before an error.

    What can be read before an error is given, and the error is raised by the next call; `file.read` would lose it.
    """
    step = cast(Callable[[int], bytes], getattr(file, "read1", file.read))
    error: Exception | None = None

    def read(most: int) -> bytes:
        nonlocal error
        if error is not None:
            raise error
        found = bytearray()
        while len(found) < most:
            try:
                piece = step(most - len(found))
            except (InputError, OSError) as raised:
                if not found:
                    raise
                error = raised
                break
            if not piece:
                break
            found += piece
        return bytes(found)

    return read


def streamed(read: Callable[[int], bytes], close: Callable[[], None] = lambda: None) -> BinaryIO:
    """Return a file to be read that gets its bytes from `read`, which is asked for a number of bytes at most."""
    return cast(BinaryIO, io.BufferedReader(Stream(read, close), 1 << 16))
