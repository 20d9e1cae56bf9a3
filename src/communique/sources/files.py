"""What is given on a command line to raw items: a file by its suffix, a folder, a pattern, an address, or `-`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.formats import is_markup, refuse_formats
from communique.sources.item import HTML, RawItem
from communique.sources.jsonl import read_lines
from communique.sources.limits import name_of, page_limit, read_bounded, read_report
from communique.sources.listing import LIST_NAMES
from communique.sources.place import Place, peeked, place_of
from communique.sources.trees import Folder, files_of, find, is_pattern, matching, scheme_of
from communique.sources.unpack import ALIASES, PACKINGS, unpacked

GROUP = "communique.sources"
_LISTS = "communique.sources.pages:read_list"
OWN = {
    "": "communique.sources.text:read_text_file",
    "txt": "communique.sources.text:read_text_file",
    "text": "communique.sources.text:read_text_file",
    "md": "communique.sources.text:read_text_file",
    "html": "communique.sources.documents:read_page",
    "htm": "communique.sources.documents:read_page",
    "xhtml": "communique.sources.documents:read_page",
    "pdf": "communique.sources.documents:read_pdf",
    "jsonl": "communique.sources.jsonl:read_jsonl",
    "ndjson": "communique.sources.jsonl:read_jsonl",
    "json": "communique.sources.jsonl:read_json",
    "csv": "communique.sources.tables:read_csv",
    "tsv": "communique.sources.tables:read_csv",
    "tab": "communique.sources.tables:read_csv",
    "parquet": "communique.sources.parquet:read_parquet",
    "pq": "communique.sources.parquet:read_parquet",
    "warc": "communique.sources.warc:read_warc",
    "warc.gz": "communique.sources.warc:read_warc",
    "zip": "communique.sources.archives:read_zip",
    "tar": "communique.sources.archives:read_tar",
    "rss": _LISTS,
    "atom": _LISTS,
    "xml": _LISTS,
}
# Names that say more than their suffix does, as patterns that are looked for in the name: they go before suffixes.
NAMES = {LIST_NAMES: _LISTS}  # GDELT's tables end in CSV, and are no tables of texts
# Protocols that fsspec is not to open: functions of (address, settings) that read what an address gives.
ADDRESSES = dict.fromkeys(("http", "https"), "communique.sources.pages:read_url")


class Source(Protocol):
    """Reads the reports in one file. Raises InputError if it holds none; a report that fails is yielded as Failure."""

    def __call__(self, path: Place, settings: Settings, /) -> Iterator[RawItem | Failure]: ...


def read_path(path: str | Path, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield what is at `path`: a file, a folder of files (recursive, in the order of their names), an address or `-`.

    `path` may be an address that fsspec opens (`s3://bucket/news`), and a pattern (`news/**/*.html`), which stands for
    the files and folders that fit it. A file is read by its suffix; one whose suffix says nothing is read as text. In
    a folder, hidden files and files of unknown suffix are passed over, and a file that cannot be read becomes a
    Failure; so does what is left of a file that cannot be read to its end.
    Raises InputError, at once or on the first item, if there is nothing at `path` that can be read.
    """
    address = str(path)
    if address == "-":
        return _standard_input(settings)
    if not address.strip():  # `"$FILE"` without a FILE: it would be the folder at hand
        raise InputError("The path is empty. Name a file, a folder or an address; the folder at hand is '.'.")
    if "\0" in address:
        raise InputError(f"There is no file {name_of(Path(address))!r}. Check the path.")
    scheme = scheme_of(address)
    if scheme in ADDRESSES:
        read = cast(Callable[[str, Settings], Iterator[RawItem | Failure]], _imported(ADDRESSES[scheme]))
        return _started(read(address, settings), address)
    found = find(address)
    if found is None and is_pattern(address):
        return _read_pattern(address, settings)
    if isinstance(found, Folder):
        return _read_folder(found, settings)
    place = found or (Place(address, "", partial(_missing, address)) if scheme else place_of(Path(path)))
    return _started((source_of(place) or _text)(place, settings), str(place))


def source_of(path: Path | Place) -> Source | None:
    """Return the source for the suffix of `path`, ours or that of an installed package; None if there is none.

    What is packed (`.gz`, `.bz2`, `.xz`, `.zst`) is read by the suffix before.
    """
    for pattern, target in NAMES.items():
        if re.search(pattern, path.name, re.IGNORECASE):
            return _imported(target)
    *_, before, last = ("", "", *path.name.lower().split(".")) if "." in path.name.lstrip(".") else ("", "", "", "")
    for suffix in (f"{before}.{last}", last):
        if suffix in OWN:
            return _imported(OWN[suffix])
        if point := _points(tuple(sys.path)).get(suffix):
            return _loaded(point)
    name, packing = path.name[: -len(last) - 1], last
    if last in ALIASES:
        name, _, packing = f"{name}.{ALIASES[last]}".rpartition(".")
    if packing not in PACKINGS:
        return None
    inner = source_of(Path(name or "_"))
    return partial(_read_packed, inner, name, packing) if inner else None


def read_known(source: Source, place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield what `source` finds at `place`; if it cannot be read, or not to its end, a Failure says so."""
    try:
        yield from source(place, settings)
    except InputError as error:
        yield Failure(source=name_of(place), stage="source", cause=str(error))


def _read_packed(
    inner: Source, name: str, packing: str, path: Place, settings: Settings
) -> Iterator[RawItem | Failure]:
    yield from inner(unpacked(place_of(path), name, packing), settings)


def _imported(target: str) -> Source:
    module, _, name = target.partition(":")
    return cast(Source, getattr(import_module(module), name))


@lru_cache
def _points(path: tuple[str, ...]) -> dict[str, EntryPoint]:
    """Return the entry points by their suffix, of two the first.

    Looking them up takes milliseconds, and a folder or an archive may hold very many files, each of another suffix
    (`17.jpg` of `news.17.jpg`): so they are looked up once.
    """
    return {point.name: point for point in reversed(tuple(entry_points(group=GROUP)))}


def _loaded(point: EntryPoint) -> Source:
    try:
        return cast(Source, point.load())
    except (ImportError, AttributeError) as error:
        package = point.dist.name if point.dist else point.value
        raise InputError(f"The source {point.name!r} of {package} does not load: {error}. Reinstall it.") from None


def _text(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    return _imported(OWN["txt"])(place, settings)


def _started(items: Iterator[RawItem | Failure], origin: str) -> Iterator[RawItem | Failure]:
    """Return `items` with the first already fetched, so that an unreadable file is an error here and now."""
    first = next(items, None)
    return items if first is None else chain((first,), _to_the_end(items, origin))


def _to_the_end(items: Iterable[RawItem | Failure], origin: str) -> Iterator[RawItem | Failure]:
    """Yield `items`; if the rest cannot be read, a Failure stands for it."""
    try:
        yield from items
    except InputError as error:
        yield Failure(source=origin, stage="source", cause=str(error))


def _missing(address: str) -> BinaryIO:
    raise FileNotFoundError(address)


def _standard_input(settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the report on standard input, text or a page, or the reports if what comes is JSON lines."""
    head, stream = peeked(sys.stdin.buffer, 1000)
    if head.lstrip().startswith(b"{") and b'"' in head and b"\\rtf" not in head:
        yield from read_lines(stream, "-", settings)
    elif is_markup(head):
        yield RawItem(content=read_bounded(stream, page_limit(settings), "Standard input"), origin="-", media=HTML)
    else:
        refuse_formats(head, origin="Standard input")
        yield RawItem(content=read_report(stream, "Standard input", settings), origin="-")


def _read_folder(folder: Folder, settings: Settings) -> Iterator[RawItem | Failure]:
    found = False
    for place in files_of(folder):
        if isinstance(place, Failure):
            yield place
        elif source := source_of(place):
            found = True
            yield from read_known(source, place, settings)
    if not found:
        raise InputError(
            f"{folder.origin} holds no file that can be read. Give a folder of texts, pages, tables or archives."
        )


def _read_pattern(pattern: str, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield what is in the files and folders that fit `pattern`, as if each had been named."""
    found = False
    for entry in matching(pattern):
        found = True
        if isinstance(entry, Failure):
            yield entry
        elif isinstance(entry, Folder):
            yield from _to_the_end(_read_folder(entry, settings), entry.origin)
        else:
            yield from read_known(source_of(entry) or _text, entry, settings)
    if not found:
        raise InputError(f"There is no file that fits {pattern!r}. Check the pattern.")
