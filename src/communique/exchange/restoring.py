"""Taking in imported files again of which the store has lost reports in damaged files."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from communique.errors import CommuniqueError, InputError, StoreWarning
from communique.exchange.registry import format_of
from communique.records import Failure

if TYPE_CHECKING:
    from communique.exchange.formats import Read
    from communique.store import LedgerLine, Store

_STAGE = "import"
_CONFIDENCE = 0.5  # of what was imported before the ledger noted it


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was imported: its format, its name in the ledger, and how it was read."""

    format: str
    origin: str
    folder: str
    confidence: float


@dataclass(slots=True)
class Restored:
    """What taking in files again did: how many were read, how many lost reports are back, what is lost still."""

    files: int = 0
    reports: int = 0
    failures: list[Failure] = field(default_factory=list)


def is_import(line: LedgerLine) -> bool:
    """Say whether a line of the ledger is about an imported file."""
    return line.stage == _STAGE or bool(line.how and orjson.loads(line.how).get("format"))


def restore(store: Store, origin: str = "") -> Restored:
    """Take in again the files that were imported and can have given what the store has lost.

    `origin`: only files whose names begin so. What is back stands under the ids that it had. A file that is there no
    more is a failure that says what to do.
    """
    done = Restored()
    lost = store.lost_reports()
    if not lost:
        return done
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StoreWarning)  # that reports are lost is why we are here
        _restore(store, lost, origin, done)
    return done


def _restore(store: Store, lost: set[str], origin: str, done: Restored) -> None:
    files = list(dict.fromkeys(_imported(store, lost, origin)))
    for format in dict.fromkeys(file.format for file in files):
        before = _left(store, format, files)
        absent = []
        for file in (each for each in files if each.format == format):
            if not _left(store, format, files):
                break
            if path := _place(file):
                done.files += 1
                done.failures += _again(store, file, path)
            else:
                absent.append(file)
        left = _left(store, format, files)
        done.reports += len(before) - len(left)
        if left:
            done.failures += _missing(format, len(left), absent)


def _imported(store: Store, lost: set[str], origin: str) -> Iterator[_File]:
    """Yield the files that can have given lost reports: of some the ledger knows it, of others only their dataset."""
    for line in store.inputs("failed", origin=origin):
        if line.report in lost and is_import(line):
            yield _file(line, line.source_id)
    datasets = {report.partition(":")[0] for report in lost if ":" in report}
    for line in store.inputs("coded", origin=origin, stage=_STAGE):
        if line.source_id in datasets:
            yield _file(line, line.source_id)


def _file(line: LedgerLine, dataset: str) -> _File:
    how = orjson.loads(line.how) if line.how else {}
    name = line.origin if Path(how.get("folder", ""), line.origin).exists() else line.origin.partition("!")[0]
    return _File(how.get("format", dataset), name, how.get("folder", ""), float(how.get("confidence", _CONFIDENCE)))


def _left(store: Store, format: str, files: Iterable[_File]) -> set[str]:
    """Return the lost reports of a format: those with its name, and those that its files gave under their own ids."""
    found = store.lost_reports(format)
    names = {file.origin for file in files if file.format == format}
    lost = store.lost_reports()
    for name in names:
        found |= {
            line.report for line in store.inputs("failed", origin=name) if line.report in lost and is_import(line)
        }
    return found


def _place(file: _File) -> Path | None:
    for base in dict.fromkeys((file.folder, "")):
        path = Path(base, file.origin)
        if path.is_file():
            return path
    return None


def _again(store: Store, file: _File, path: Path) -> list[Failure]:
    store.writer.told(format=file.format, confidence=file.confidence, folder=file.folder)
    try:
        read = format_of(file.format).read
        if read is None:
            raise InputError(f"The format {file.format!r} is written only.")
        _read(read, store, path, file)
    except CommuniqueError as error:
        return [Failure(file.origin, _STAGE, str(error), file.format)]
    return []


def _read(read: Read, store: Store, path: Path, file: _File) -> None:
    if str(path) == file.origin:
        read(store, path, file.confidence)
    else:
        read(store, path, file.confidence, origin=file.origin)


def _missing(format: str, number: int, absent: list[_File]) -> Iterator[Failure]:
    what = "a report" if number == 1 else f"{number:,} reports"
    command = f"`communique import --format {format}`"
    if not absent:
        cause = f"The files that were imported no longer give {what} of it: import the file that did with {command}."
        yield Failure(format, "store", f"The store has lost {what} in damaged files. {cause}", format)
    for file in absent:
        cause = f"It is not there, and may hold {what} that the store has lost: put it there and try again, or import"
        yield Failure(file.origin, "store", f"{cause} it from where it is with {command}.", format)
