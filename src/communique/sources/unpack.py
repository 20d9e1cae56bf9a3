"""Packed files: `wire.jsonl.gz` is read as `wire.jsonl`, without ever being unpacked on disk.

What unpacks to far more than a text can is a trap or a mistake, and is left. Packed data that end before their end
mark are torn: what comes before is read, and the rest is said to be missing.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from communique.errors import InputError
from communique.sources.place import Place, streamed

ALIASES = {"tgz": "tar.gz", "tbz": "tar.bz2", "tbz2": "tar.bz2", "txz": "tar.xz", "tzst": "tar.zst"}
FREELY = 200_000_000  # bytes that anything may unpack to
RATIO = 200  # beyond that, bytes for each packed byte; text packs by 3 to 10, tables by 50 at most


def unpacked(place: Place, name: str, packing: str) -> Place:
    """Return what is packed in the file `place` by one of `PACKINGS`, under the name that it has without."""
    return Place(place.origin, name, lambda: unpack(place.open(), packing, place.origin), place.depth)


def unpack(file: BinaryIO, packing: str, origin: str) -> BinaryIO:
    """Return what is packed in an open file. Reading it raises InputError for damaged data and for traps."""
    counted = _Counted(file)
    inner = PACKINGS[packing](counted)
    # `read` would lose what it has unpacked already when it comes upon damage.
    read = getattr(inner, "read1", inner.read)
    return streamed(guard(origin, read, lambda: counted.size), file.close)


def guard(origin: str, read: Callable[[int], bytes], packed: Callable[[], int]) -> Callable[[int], bytes]:
    """Return `read` with a limit: InputError once far more has come out than `packed` bytes can hold as text.

    What the libraries raise for data that are damaged or torn becomes an InputError too.
    """
    size = 0

    def guarded(most: int) -> bytes:
        nonlocal size
        try:
            found = read(most)
        except EOFError:
            raise InputError(torn(origin)) from None
        except (zlib.error, lzma.LZMAError, OSError) as error:
            if "incomplete frame" in str(error):
                raise InputError(torn(origin)) from None
            raise InputError(f"{origin} is damaged ({error}). Fetch it again.") from None
        size += len(found)
        if size > FREELY and size > RATIO * packed():
            raise InputError(
                f"{origin} unpacks to more than {RATIO} times its size, as no text does. "
                "If it is what you want to read, unpack it first."
            )
        return found

    return guarded


def torn(origin: str, within: str = "its packed data") -> str:
    """Return the message for packed data, or a record, without an end."""
    return f"{origin} is cut off: it ends in the middle of {within}. Fetch it again."


class _Counted:
    """A file that counts what is read from it; no more of a file than the unpackers ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = 0

    def read(self, most: int = -1) -> bytes:
        found = self._file.read(most)
        self.size += len(found)
        return found

    def tell(self) -> int:
        return self.size


def _gzip(file: _Counted) -> Any:
    import gzip

    return gzip.GzipFile(fileobj=cast(BinaryIO, file), mode="rb")


def _bzip2(file: _Counted) -> Any:
    import bz2

    return bz2.BZ2File(cast(BinaryIO, file))


def _xz(file: _Counted) -> Any:
    return lzma.LZMAFile(cast(BinaryIO, file))


def _zstandard(file: _Counted) -> Any:
    from fastwarc.stream_io import ZstdReader

    return ZstdReader(cast(BinaryIO, file))


PACKINGS: dict[str, Callable[[_Counted], Any]] = {"gz": _gzip, "bz2": _bzip2, "xz": _xz, "zst": _zstandard}
