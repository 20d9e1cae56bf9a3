"""Archives: the files in a zip or tar file, each read as if it lay in a folder. Nothing is unpacked on disk.

A member's origin is `archive.zip!member.html`. Links, devices and paths that lead out of the archive are of no
account: only the bytes of regular members are read, and only its name says how.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.formats import clean
from communique.sources.item import RawItem
from communique.sources.limits import opened
from communique.sources.place import Place, Stream, seekable, sparing, streamed
from communique.sources.unpack import FREELY, RATIO, guard

DEEPEST = 2  # an archive in an archive is read; one in that is not


def read_zip(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports in a zip archive, in the order of its list. Raises InputError if it cannot be read."""
    with opened(place) as file, seekable(file, str(place)) as whole:
        try:
            with zipfile.ZipFile(whole) as archive:
                yield from _members(place, _zipped(archive, place, whole.seek(0, 2)), settings)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise InputError(f"{place} is no zip archive that can be read ({error}). Fetch it again.") from None


def read_tar(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports in a tar archive, in the order in which they lie. Raises InputError if it cannot be read."""
    with opened(place) as file:
        try:
            # Raw, so that members before damage are given: a buffer would lose what it holds when the next piece fails.
            whole = cast(BinaryIO, Stream(sparing(file)))
            with tarfile.open(fileobj=whole, mode="r|", errors="replace", ignore_zeros=False) as archive:
                yield from _members(place, _tarred(archive, place), settings)
        except (tarfile.TarError, ValueError, OverflowError) as error:
            raise InputError(f"{place} is no tar archive that can be read ({error}). Fetch it again.") from None


def _members(place: Place, members: Iterator[Place | Failure], settings: Settings) -> Iterator[RawItem | Failure]:
    from communique.sources.files import read_known, source_of

    if place.depth >= DEEPEST:
        raise InputError(f"{place} lies in an archive that lies in an archive. Unpack the outer one.")
    found = False
    for member in members:
        if isinstance(member, Failure):
            found = True
            yield member
        elif source := source_of(member):
            found = True
            yield from read_known(source, member, settings)
    if not found:
        raise InputError(f"{place} holds no file that can be read. Give an archive of pages, texts or tables.")


def _zipped(archive: zipfile.ZipFile, place: Place, size: int) -> Iterator[Place | Failure]:
    total = _Total(str(place), size)
    named = _Named(place)
    for info in archive.infolist():
        if info.filename[-1:] in ("", "/") or _hidden(info.filename) or stat.S_ISLNK(info.external_attr >> 16):
            continue
        origin = named(info.filename)
        if info.flag_bits & 1:
            yield Failure(origin, "source", f"{origin} is locked with a password. Unpack it, then read it.")
            continue
        yield Place(origin, _name(info.filename), _opener(archive, info, origin, total), place.depth + 1)


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, origin: str, total: _Total) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        try:
            member = cast(zipfile.ZipExtFile, archive.open(info))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
            raise InputError(f"{origin} cannot be unpacked ({error}). Fetch the archive again.") from None

        def read(most: int) -> bytes:
            try:
                return total.add(member.read1(most))
            except (zipfile.BadZipFile, NotImplementedError) as error:
                raise InputError(f"{origin} is damaged ({error}). Fetch the archive again.") from None

        return streamed(guard(origin, read, lambda: info.compress_size), member.close)

    return opener


def _tarred(archive: tarfile.TarFile, place: Place) -> Iterator[Place | Failure]:
    named = _Named(place)
    for info in archive:
        archive.members = []  # type: ignore[attr-defined]  # else each member ever seen is held
        if not info.isreg() or _hidden(info.name):
            continue
        origin = named(info.name)
        yield Place(origin, _name(info.name), _tar_opener(archive, info, origin), place.depth + 1)


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo, origin: str) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        member = cast(Any, archive.extractfile(info))

        def read(most: int) -> bytes:
            try:
                return cast(bytes, member.read(most))
            except tarfile.ReadError:
                raise InputError(f"{origin} is cut off: the archive ends within it. Fetch the archive again.") from None

        return streamed(read, member.close)

    return opener


class _Total:
    """What an archive has unpacked to so far, over all its members, which may share their packed bytes."""

    def __init__(self, origin: str, packed: int) -> None:
        self._origin = origin
        self._packed = packed
        self._size = 0

    def add(self, content: bytes) -> bytes:
        self._size += len(content)
        if self._size > FREELY and self._size > RATIO * self._packed:
            raise InputError(f"{self._origin} unpacks to more than {RATIO} times its size, as no text does.")
        return content


class _Named:
    """Gives each member its origin; a name that comes again is told apart by a number."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen: dict[str, int] = {}

    def __call__(self, member: str) -> str:
        times = self._seen[member] = self._seen.get(member, 0) + 1
        return clean(f"{self._place}!{member}") + (f"#{times}" if times > 1 else "")


def _name(member: str) -> str:
    return PurePosixPath(member.replace("\\", "/")).name


def _hidden(member: str) -> bool:
    parts = [part for part in member.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts)
