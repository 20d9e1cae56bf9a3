"""Folders and patterns, on this machine and, through fsspec, wherever files are kept.

Entries come in the order of their names, so that the same folder gives the same stream in each run. Hidden files are
passed over, and links to folders are not followed, so that the walk ends.
"""

from __future__ import annotations

import fnmatch
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from communique.errors import InputError, unknown
from communique.records import Failure
from communique.sources.formats import clean
from communique.sources.place import Place, place_of

SCHEME = "://"
_WILD = "*?["


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: `entries` lists what is in it, in the order of names. Raises OSError."""

    origin: str
    name: str
    entries: Callable[[], list[Folder | Place]]


def scheme_of(address: str) -> str:
    """Return the protocol of an address (`s3` of `s3://bucket/news`), "" for a path on this machine."""
    scheme, sign, _ = address.partition(SCHEME)
    return scheme.rpartition("::")[2].lower() if sign and scheme.replace("::", "").replace("+", "").isalnum() else ""


def find(address: str) -> Folder | Place | None:
    """Return what is at `address`, a path or an address that fsspec opens; None if nothing seems to be there.

    Raises InputError if the package for the protocol is not installed or the store cannot be asked.
    """
    if not scheme_of(address) or address.startswith("file://"):
        return _local(Path(address.removeprefix("file://")))
    return _remote(address)


def matching(pattern: str) -> Iterator[Folder | Place | Failure]:
    """Yield what fits a pattern with `*`, `?`, `[...]` and, for folders at any depth, `**`."""
    head, tail = _split(pattern)
    start = find(head)
    seen: set[str] = set()
    for found in _fitting(start, tail) if isinstance(start, Folder) else ():
        origin = found.source if isinstance(found, Failure) else found.origin
        if pattern.count("**") > 1 and origin in seen:
            continue
        seen.add(origin)
        yield found


def is_pattern(address: str) -> bool:
    """Return whether `address` has a sign that stands for many names."""
    return any(sign in address for sign in _WILD)


def files_of(folder: Folder) -> Iterator[Place | Failure]:
    """Yield the files below `folder`, folder for folder; one that cannot be listed becomes a Failure."""
    for entry in _entries(folder):
        if isinstance(entry, Folder):
            yield from files_of(entry)
        else:
            yield entry


def _entries(folder: Folder) -> list[Folder | Place] | list[Failure]:
    try:
        return folder.entries()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        return [Failure(folder.origin, "source", f"The folder cannot be read: {reason}.")]


def _split(pattern: str) -> tuple[str, list[str]]:
    """Return the part of a pattern without signs, and the names after it."""
    parts = pattern.split("/")
    first = next(i for i, part in enumerate(parts) if is_pattern(part))
    head = "/".join(parts[:first]) or ("/" if pattern.startswith("/") else ".")
    return (head + "//" if head.endswith(":/") else head), [part for part in parts[first:] if part]


def _fitting(folder: Folder, parts: list[str]) -> Iterator[Folder | Place | Failure]:
    first, rest = parts[0], parts[1:]
    if first == "**" and rest:
        yield from _fitting(folder, rest)
    for entry in _entries(folder):
        if isinstance(entry, Failure) or (first == "**" and not rest):
            yield entry
        elif first == "**":
            if isinstance(entry, Folder):
                yield from _fitting(entry, parts)
        elif fnmatch.fnmatchcase(entry.name, first):
            if not rest:
                yield entry
            elif isinstance(entry, Folder):
                yield from _fitting(entry, rest)


def _local(path: Path) -> Folder | Place | None:
    try:
        if path.is_dir():
            return Folder(clean(str(path)), path.name, partial(_local_entries, path))
        return place_of(path) if path.exists() else None
    except OSError:  # a name too long for some versions of Python; opening it says so in all
        return None


def _local_entries(folder: Path) -> list[Folder | Place]:
    found: list[Folder | Place] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():
                found.append(Folder(clean(str(path)), path.name, partial(_local_entries, path)))
        elif path.is_file() or (path.is_symlink() and not path.exists()):  # a link to nothing is a file that is missing
            found.append(place_of(path))
    return found


def _remote(address: str) -> Folder | Place | None:
    from fsspec.core import url_to_fs

    scheme = scheme_of(address)
    try:
        system, path = url_to_fs(address)
    except ImportError as error:
        raise InputError(f"{address}: the package for {scheme}{SCHEME} is not installed ({error}).") from None
    except ValueError as error:
        from fsspec.registry import known_implementations

        if scheme in known_implementations:
            raise InputError(f"{address} cannot be opened: {error}.") from None
        raise InputError(f"{address}: {unknown('protocol', scheme, known_implementations)}") from None
    except Exception as error:  # whatever a store's own library raises
        raise _unanswered(address, error) from error
    try:
        information = system.info(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except Exception as error:
        raise _unanswered(address, error) from error
    head, sign, chained = address.partition("::")
    name = _Naming(head.partition(SCHEME)[0], sign + chained)
    return _entry(system, path, str(information["type"]), name)


@dataclass(frozen=True, slots=True)
class _Naming:
    """How the files of a store are called: `zip://NAME::s3://...`."""

    scheme: str
    chained: str

    def __call__(self, path: str) -> str:
        return clean(f"{self.scheme}{SCHEME}{path.lstrip('/')}{self.chained}")


def _entry(system: Any, path: str, kind: str, name: _Naming) -> Folder | Place:
    last = path.rstrip("/").rpartition("/")[2]
    if kind == "directory":
        return Folder(name(path), last, partial(_remote_entries, system, path, name))
    return Place(name(path), last, partial(_open, system, path))


def _remote_entries(system: Any, folder: str, name: _Naming) -> list[Folder | Place]:
    try:
        listed = system.ls(folder, detail=True)
    except OSError:
        raise
    except Exception as error:
        raise OSError(str(error)) from error
    found = sorted((str(entry["name"]).rstrip("/"), str(entry["type"])) for entry in listed)
    here = folder.rstrip("/")
    return [
        _entry(system, path, kind, name)
        for path, kind in found
        if path != here and not path.rpartition("/")[2].startswith(".")
    ]


def _open(system: Any, path: str) -> BinaryIO:
    try:
        file = system.open(path, "rb")
    except OSError:
        raise
    except Exception as error:
        raise OSError(str(error) or type(error).__name__) from error
    # Its own `readline` knows no limit.
    return cast(BinaryIO, io.BufferedReader(file, 1 << 16))


def _unanswered(address: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return InputError(f"{address} cannot be reached: {reason}.")
