"""Rows that cannot be read: kept in a file of the store with the line that each stands in, why, and its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from communique.store.intake.reading import Rejected

FOLDER = "aside"
_BLOCK = 2**18
_LF = 10
_LONGEST = 20_000  # bytes of a line that are kept


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that was set aside."""

    line: int
    reason: str
    text: str


def found(
    path: Path, header: bool, faults: Mapping[int, str], rejected: Sequence[Rejected], encoding: str
) -> Iterator[Aside]:
    """Yield the rows with faults, by their places among the rows that were read, and the lines that were rejected.

    The lines of the file are counted once more: empty ones are no rows.
    """
    if not faults and not rejected:
        return
    refused = {each.line: each.reason for each in rejected}
    rows, lines = np.array(sorted(faults), np.int64), np.array(sorted(refused), np.int64)
    row, line = 0, 1  # those that come next
    with path.open("rb") as content:
        for block in _blocks(content):
            starts, full = _lines(block)
            if header and line == 1:
                full[0] = False
            odd = _within(lines, line, len(full)) - line
            full[odd] = False
            places = np.flatnonzero(full)
            asked = np.concatenate([odd, places[_within(rows, row, len(places)) - row]])
            for n in np.sort(asked).tolist():
                number = line + n
                reason = refused.get(number) or faults[row + int(np.searchsorted(places, n))]
                yield Aside(number, reason, _shown(block[starts[n] : starts[n + 1]], encoding))
            row, line = row + len(places), line + len(full)
            if (not len(rows) or row > rows[-1]) and (not len(lines) or line > lines[-1]):
                return


def _within(numbers: Any, first: int, count: int) -> Any:
    """Return those of sorted numbers that are among `count` from `first` on."""
    return numbers[np.searchsorted(numbers, first) : np.searchsorted(numbers, first + count)]


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in blocks of whole lines."""
    while block := content.read(_BLOCK):
        yield block if block.endswith(b"\n") else block + content.readline()


def _lines(block: bytes) -> tuple[Any, Any]:
    """Return where each line of a block begins, and the last one ends, and which lines have something in them."""
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LF) + 1
    starts = np.concatenate([[0], ends, [] if block.endswith(b"\n") else [len(block)]]).astype(np.int64)
    sizes = np.diff(starts)
    full = sizes > len(b"\r\n")
    for n in np.flatnonzero(~full).tolist():
        full[n] = block[starts[n] : starts[n + 1]] not in (b"\n", b"\r\n", b"\r")
    return starts, full


def _shown(raw: bytes, encoding: str) -> str:
    return raw[:_LONGEST].decode(encoding, "replace").rstrip("\r\n")


def place(store: Path, origin: str, name: str) -> Path:
    """Return the file of a store in which the rows of `origin` that could not be read as `name` are kept."""
    digest = hashlib.sha256(f"{name} {origin}".encode()).hexdigest()[:12]
    stem = "".join(c if c.isalnum() or c in "._-" else "_" for c in Path(origin).name)[:60]
    return store / FOLDER / f"{stem}-{digest}.tsv"


def keep(path: Path, rows: Sequence[Aside]) -> None:
    """Write rows that were set aside; none removes the file of an earlier time. Raises OSError."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8", newline="") as out:
        out.write("line\treason\ttext\n")
        for each in rows:
            out.write(f"{each.line}\t{each.reason}\t{each.text}\n")
    unfinished.replace(path)
