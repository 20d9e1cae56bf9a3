"""Taking in files: packed or not, one table each, into an open store."""

from __future__ import annotations

import codecs
import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.errors import InputError
from communique.exchange.formats import Taken
from communique.store.intake import Dialect, Rows, load

if TYPE_CHECKING:
    from communique.knowledge.codebook import Codebook
    from communique.store import Store
    from communique.store.intake.events import Made

_START = 2**16  # bytes in which the first lines are looked for
_SEEN = 2**20  # bytes by which an encoding is told
_MARK = b"\xef\xbb\xbf"
NO_ID = "It has no id."
_NO_DATE = "Its date is none: {!r}."
Event = tuple[str, str, list[str], int, str, float, float, str]
"""What a CAMEO code stands for: type, mode, contexts, quad, code, Goldstein score, PLOVER score, what is wrong."""
EVENT = ("text", "text", "texts", "whole", "text", "real", "real", "text")


@contextmanager
def unpacked(path: Path, origin: str = "") -> Iterator[list[tuple[str, Path]]]:
    """Give the tables in a file with their names in the ledger: itself, what is packed in it, or a zip's members.

    `origin` is the name of the file there, if it is not its path. Raises InputError for what cannot be read or
    unpacked.
    """
    name = origin or str(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read ({error.strerror}). Give the path of a file.") from error
    if start == b"PK\x05\x06":
        raise InputError(f"{str(path)!r} is a zip file with nothing in it. Download it again.")
    if start[:2] != b"\x1f\x8b" and start != b"PK\x03\x04":
        yield [(name, path)]
        return
    with tempfile.TemporaryDirectory(prefix="communique-") as folder:
        try:
            unpack = _gzipped if start[:2] == b"\x1f\x8b" else _zipped
            found = list(unpack(path, name, Path(folder)))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise InputError(f"{str(path)!r} cannot be unpacked: {error}. Download it again.") from error
        yield found


def _gzipped(path: Path, name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    target = folder / "table"
    with gzip.open(path) as content, target.open("wb") as out:
        shutil.copyfileobj(content, out, 2**20)
    yield name, target


def _zipped(path: Path, name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    with zipfile.ZipFile(path) as archive:
        for n, member in enumerate(info for info in archive.infolist() if not info.is_dir()):
            target = folder / f"table{n}"
            with archive.open(member) as content, target.open("wb") as out:
                shutil.copyfileobj(content, out, 2**20)
            yield f"{name}!{member.filename}", target


def take(
    store: Store, path: Path, confidence: float, name: str, dialect_of: Callable[[Path], Dialect],
    make: Callable[[Rows], Made], *, origin: str = "",
) -> Taken:  # fmt: skip
    """Take the tables in a file into the store, and return what that did, all together.

    `origin` is the name of the file in the ledger, if it is not its path.
    """
    rows = new = there = repeated = aside = 0
    kept: Path | None = None
    with unpacked(path, origin) as tables:
        for known, table in tables:
            try:
                done = load(
                    store, table, name=name, dialect=dialect_of(table), make=make, confidence=confidence, origin=known
                )
            except InputError as error:  # what was unpacked has no name that says anything
                raise InputError(str(error).replace(repr(str(table)), repr(known))) from error
            rows, new, there = rows + done.rows, new + done.new, there + done.there
            repeated, aside, kept = repeated + done.repeated, aside + done.aside.total(), done.aside_file or kept
    return Taken(rows, new, there, aside, kept, {"rows with the id of an earlier one": repeated} if repeated else {})


def encoding_of(path: Path) -> str:
    """Return `latin-1`, which some formats are in, or `utf-8` for a file that somebody has converted: it says so by its
    first bytes, or has what only UTF-8 has among its first ones."""
    with path.open("rb") as file:
        start = file.read(_SEEN)
    if start.startswith(_MARK):
        return "utf-8"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "latin-1"
    return "latin-1" if start.isascii() else "utf-8"


def first_lines(path: Path, encoding: str) -> list[str]:
    """Return the first two lines that are not empty. Raises InputError for a file without any."""
    with path.open("rb") as file:
        start = file.read(_START)
    lines = [line for line in start.decode(encoding, "replace").splitlines() if line.strip()][:2]
    if not lines:
        raise InputError(f"{str(path)!r} is empty.")
    return lines


def headed(
    path: Path, encoding: str, known: Sequence[str], needed: Sequence[str], delimiter: str = "\t"
) -> tuple[str, ...]:
    """Return the columns of a file with a header, as its rows have them.

    Some have a `Headline` in the header that no row has. Raises InputError where a column that is `needed` is missing.
    """
    lines = first_lines(path, encoding)
    names = [name.strip().strip('"') for name in lines[0].lstrip("\ufeff").split(delimiter)]
    while names and not names[-1]:
        names.pop()
    cells = len(lines[1].rstrip("\r\n\t").split(delimiter)) if len(lines) > 1 else len(names)
    if "Headline" in names and "Headline" not in known and cells < len(names):
        names.remove("Headline")
    if missing := [name for name in needed if name not in names]:
        raise InputError(
            f"{str(path)!r} has no column {missing[0]!r} in its first line. Is it of another format? Its columns are: "
            f"{', '.join(names[:8])} ..."
        )
    once: list[str] = []
    for n, name in enumerate(names):
        once.append(name if name and name not in once else f"{name or 'column'} {n + 1}")
    return tuple(once)


@cache
def codebook() -> Codebook:
    """Return the codebook that imported events are read with: PLOVER and CAMEO."""
    from communique.knowledge import load_knowledge

    return load_knowledge().codebook


def of_cameo(code: str) -> Event:
    """Return what a CAMEO code stands for. A spreadsheet may have taken its leading zero."""
    book = codebook()
    wanted = code.strip()
    if wanted not in book.cameo and f"0{wanted}" in book.cameo:
        wanted = f"0{wanted}"
    known = book.cameo.get(wanted)
    if known is None:
        return "", "", [], 0, wanted, 0.0, 0.0, f"Its code is none of CAMEO: {code!r}."
    if not known.type:
        from communique.exchange.gdelt import quad_class

        return "", "", [], quad_class(wanted), wanted, known.goldstein, 0.0, ""
    score = book.score(known.type, known.mode)
    return known.type, known.mode, list(known.contexts), book.quad(known.type), wanted, known.goldstein, score, ""


def of_plover(type: str, mode: str) -> Event:
    """Return what a PLOVER type and mode stand for, in any case."""
    book = codebook()
    wanted = type.strip().upper()
    if wanted not in book.types:
        return "", "", [], 0, "", 0.0, 0.0, f"Its type is none of PLOVER: {type!r}."
    own = mode.strip().lower()
    own = own if own in book.types[wanted].modes else ""
    told = book.follows(wanted, own)
    return (
        wanted,
        own,
        [],
        book.quad(wanted),
        str(told["cameo"]),
        float(told["goldstein"]),
        float(told["intensity"]),
        "",
    )


def compact_day(text: str) -> tuple[str, str]:
    """Return the ISO day of YYYYMMDD, with or without hours, and what is wrong with it."""
    try:
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:8]}").isoformat(), ""
    except ValueError:
        return "", _NO_DATE.format(text)


def iso_day(text: str) -> tuple[str, str]:
    """Return the ISO day of a text that begins with one, and what is wrong with it."""
    try:
        return date.fromisoformat(text[:10]).isoformat(), ""
    except ValueError:
        return "", _NO_DATE.format(text)


def faults(rows: Rows, *columns: Any) -> Any:
    """Return the first fault of each row."""
    found = columns[0]
    for column in columns[1:]:
        found = rows.choose(found, column)
    return found
