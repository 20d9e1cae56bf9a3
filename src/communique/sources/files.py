"""Paths to raw items: a file by its suffix, a folder of files, or standard input."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from itertools import chain
from pathlib import Path
from typing import Protocol, cast

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.formats import refuse_formats
from communique.sources.item import RawItem
from communique.sources.jsonl import read_lines
from communique.sources.limits import name_of, read_report
from communique.sources.text import read_text_file

GROUP = "communique.sources"
OWN = {
    "": "communique.sources.text:read_text_file",
    "txt": "communique.sources.text:read_text_file",
    "text": "communique.sources.text:read_text_file",
    "md": "communique.sources.text:read_text_file",
    "jsonl": "communique.sources.jsonl:read_jsonl",
    "ndjson": "communique.sources.jsonl:read_jsonl",
}


class Source(Protocol):
    """Reads the reports in one file. Raises InputError if it holds none; a report that fails is yielded as Failure."""

    def __call__(self, path: Path, settings: Settings) -> Iterator[RawItem | Failure]: ...


def read_path(path: str | Path, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield what is at `path`: a file, a folder of files (recursive, in the order of their names), or `-`.

    A file is read by its suffix; one whose suffix says nothing is read as text. In a folder, hidden files and files
    of unknown suffix are passed over, and a file that cannot be read becomes a Failure.
    Raises InputError, at once or on the first item, if there is nothing at `path` that can be read.
    """
    if str(path) == "-":
        return _standard_input(settings)
    place = Path(path)
    if "\0" in str(path):
        raise InputError(f"There is no file {name_of(place)!r}. Check the path.")
    try:
        folder = place.is_dir()
    except OSError:  # a name too long for some versions of Python; opening it says so in all
        folder = False
    if folder:
        return _read_folder(place, settings)
    return _started((source_of(place) or read_text_file)(place, settings))


def source_of(path: Path) -> Source | None:
    """Return the source for the suffix of `path`, ours or that of an installed package; None if there is none."""
    suffix = path.suffix.lower().removeprefix(".")
    if suffix in OWN:
        module, _, name = OWN[suffix].partition(":")
        return cast(Source, getattr(import_module(module), name))
    return next((_loaded(point) for point in entry_points(group=GROUP, name=suffix)), None)


def _loaded(point: EntryPoint) -> Source:
    try:
        return cast(Source, point.load())
    except (ImportError, AttributeError) as error:
        package = point.dist.name if point.dist else point.value
        raise InputError(f"The source {point.name!r} of {package} does not load: {error}. Reinstall it.") from None


def _started(items: Iterator[RawItem | Failure]) -> Iterator[RawItem | Failure]:
    """Return `items` with the first already fetched, so that an unreadable file is an error here and now."""
    first = next(items, None)
    return items if first is None else chain((first,), items)


def _standard_input(settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the report on standard input, or the reports if what comes is JSON lines."""
    stream = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer), 65_536)
    try:
        head = stream.peek(1000)[:1000]
        if head.lstrip().startswith(b"{") and b'"' in head and b"\\rtf" not in head:
            yield from read_lines(stream, "-", settings)
        else:
            refuse_formats(head, origin="Standard input")
            yield RawItem(content=read_report(stream, "Standard input", settings), origin="-")
    finally:
        stream.detach()


def _read_folder(folder: Path, settings: Settings) -> Iterator[RawItem | Failure]:
    found = False
    for path in _files(folder):
        if isinstance(path, Failure):
            yield path
            continue
        source = source_of(path)
        if source is None:
            continue
        found = True
        try:
            yield from source(path, settings)
        except InputError as error:
            yield Failure(source=name_of(path), stage="source", cause=str(error))
    if not found:
        raise InputError(
            f"{name_of(folder)} holds no file that can be read. Give a folder of .txt, .md or .jsonl files."
        )


def _files(folder: Path) -> Iterator[Path | Failure]:
    """Yield the regular files below `folder` by name, folder for folder, without hidden ones; links to folders stay
    unfollowed, so that the walk ends."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        yield Failure(name_of(folder), "source", f"The folder cannot be read: {os.strerror(error.errno or 0)}.")
        return
    for path in paths:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():
                yield from _files(path)
        elif path.is_file() or not os.path.lexists(path):  # one that has gone since is missed when it is opened
            yield path
