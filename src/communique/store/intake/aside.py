"""Rows that cannot be read: kept in a file of the store with the line that each stands in, why, and its text."""

from __future__ import annotations

import hashlib
import io
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from communique.store.intake.reading import Rejected

FOLDER = "aside"
_BLOCK = 2**16
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
    wanted = sorted(faults)
    row, line = -1, 0
    with path.open("rb") as content:
        for block in _blocks(content):
            ends = block.count(b"\n")
            near = bisect_left(wanted, row + 1)
            calm = near == len(wanted) or wanted[near] > row + ends
            calm = calm and not any(line < each <= line + ends for each in refused)
            if line and calm and b"\n\n" not in block and b"\n\r\n" not in block and block[:1] not in b"\r\n":
                row, line = row + ends, line + ends
                continue
            for raw in io.BytesIO(block):
                line += 1
                if (header and line == 1) or raw in (b"\n", b"\r\n"):
                    continue
                if line in refused:
                    yield Aside(line, refused[line], _shown(raw, encoding))
                    continue
                row += 1
                if row in faults:
                    yield Aside(line, faults[row], _shown(raw, encoding))


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in blocks of whole lines."""
    rest = b""
    while block := content.read(_BLOCK):
        whole, end, begun = (rest + block).rpartition(b"\n")
        rest = begun
        if end:
            yield whole + end
    if rest:
        yield rest + b"\n"


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
