"""What is kept of each part for alignment: who did, said and held what toward whom, row by row, sorted by who.

Working these rows out of the nested sides of all events takes seconds for a million; read from here, those of one actor
or of two take some hundredths. They follow from the part alone, are made by whoever asks first, and can be thrown away:
where they cannot be written, the parts themselves are asked. What counts of them (copies, corrections, the surest
record of a day) is told when they are asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

FOLDER = "summaries"
VERSION = 1  # of what is kept; files of other versions are not read, and removed
KEPT = ("pairs_by_source", "pairs_by_target", "holds")
ROWS = 2**14  # rows that stand together in a file
Rows = Callable[[str, str, int], Iterator[Any]]
"""The rows of a question over one part, as record batches of so many rows."""


def kept_files(folder: Path, parts: Iterable[str], kind: str) -> list[Path]:
    """Return the files of `kind` that are kept of some parts."""
    return [folder / f"{part}.{kind}.{VERSION}.parquet" for part in parts]


def keep(folder: Path, parts: Sequence[str], rows: Rows) -> bool:
    """Make what is missing of some parts, and return whether all is there."""
    for kind in KEPT:
        for part, path in zip(parts, kept_files(folder, parts, kind), strict=True):
            if not path.is_file():
                try:
                    folder.mkdir(exist_ok=True)
                    _write(path, rows(kind, part, ROWS))
                except OSError:
                    return False
    return True


def sweep(folder: Path, parts: Iterable[str]) -> None:
    """Remove what is kept of other parts than these, and what was left unfinished."""
    wanted = {path.name for kind in KEPT for path in kept_files(folder, parts, kind)}
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in wanted:
                with suppress(OSError):
                    path.unlink()


def _write(path: Path, batches: Iterator[Any]) -> None:
    """Write a file that has its name only once it is whole."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    writer = None
    try:
        for batch in batches:
            writer = writer or pq.ParquetWriter(unfinished, batch.schema, compression="zstd")
            writer.write_batch(batch, row_group_size=ROWS)
        if writer is None:
            raise OSError("nothing to write")
        writer.close()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
