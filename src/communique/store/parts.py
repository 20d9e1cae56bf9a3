"""Parts: folders of immutable Parquet files below `parts/`, written so that a part is there whole or not at all.

A part is written under a temporary name, each file flushed to the disk, and then renamed. It counts only once the
catalogue names it; what the catalogue does not name is swept by the next writer.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

PARTS = "parts"
_TEMPORARY = ".new-"
# Sweeping touches nothing but what a writer of ours can have left.
_NAME = re.compile(rf"(?:{re.escape(_TEMPORARY)})?[0-9a-f]{{16}}(?:-\d+)?")
_GROUP = 2**14  # rows that stand together in a file, with the first and last value of each column beside them
_GROUPS = {"reports": 2**11}
_GROWN = 2**15  # of a part that grows: it is merged, and its groups made smaller, with the others
# Every row has another one: a dictionary of them would be in vain.
_DISTINCT = frozenset({"id", "report", "seq", "story"})
# Nobody asks for a range of these; the first and last value of each piece of them would cost more than it saves.
_UNSORTED = frozenset(
    {"actors", "recipients", "attributed_to", "places", "magnitude", "evidence", "contexts", "removed"}
)
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY})


# Where the first and last bytes of a file are these, its writing was not cut short.
_MARK = b"PAR1"


class Broken(Exception):
    """A part of which a file is torn or missing; the message says what is wrong with it."""

    def __init__(self, part: Part, cause: str) -> None:
        super().__init__(cause)
        self.part = part


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file of a part: `size` in bytes, `sha256` of the bytes in hexadecimal."""

    kind: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part by name, with its files."""

    name: str
    files: tuple[PartFile, ...]

    @property
    def size(self) -> int:
        """All its files, in bytes."""
        return sum(file.size for file in self.files)


def write_part(folder: Path, tables: Mapping[str, Any]) -> Part:
    """Write a part with one file for each of `tables` below `folder` and return it; on return it is on the disk.

    The name follows from the content, so that the same rows make the same part anywhere; any number of processes may
    write at once, the same rows too. Raises OSError; then, as after any interruption, nothing but a temporary folder
    can be left, and that is removed if possible.
    """
    contents = {kind: _serialised(kind, table) for kind, table in tables.items()}
    return _placed(folder, contents, {kind: table.num_rows for kind, table in tables.items()})


class GrowingPart:
    """A part that is written piece by piece: what came so far is held as bytes of Parquet, far fewer than its rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sinks: dict[str, Any] = {}
        self._writers: dict[str, Any] = {}
        self.rows: dict[str, int] = {}

    def add(self, tables: Mapping[str, Any]) -> None:
        """Add rows, by kind of file; every table of a kind has the same columns."""
        for kind, table in tables.items():
            if kind not in self._writers:
                self._sinks[kind] = pa.BufferOutputStream()
                self._writers[kind] = pq.ParquetWriter(
                    self._sinks[kind], table.schema, compression="snappy", store_schema=not _has_dictionary(table),
                    write_batch_size=_GROWN,
                    use_dictionary=[path for path in _leaves(table.schema) if path not in _DISTINCT],
                    write_statistics=[name for name in table.column_names if name not in _UNSORTED],
                )  # fmt: skip
                self.rows[kind] = 0
            if table.num_rows:
                self._writers[kind].write_table(table, row_group_size=_GROUPS.get(kind, _GROWN))
                self.rows[kind] += table.num_rows

    def finish(self) -> Part:
        """Write the part, as `write_part` does, and return it."""
        for writer in self._writers.values():
            writer.close()
        contents = {kind: bytes(sink.getvalue().to_pybytes()) for kind, sink in self._sinks.items()}
        return _placed(self._folder, contents, self.rows)


def _placed(folder: Path, contents: Mapping[str, bytes], rows: Mapping[str, int]) -> Part:
    """Write the files of a part and give it its name."""
    digests = {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}
    wanted = hashlib.sha256("".join(digests.values()).encode()).hexdigest()[:16]
    # A worker that was given up for dead may still be at the same rows, on this machine or another.
    temporary = folder / f"{_TEMPORARY}{wanted}-{secrets.randbits(64)}"
    try:
        temporary.mkdir()
        for kind, content in contents.items():
            _write(temporary / f"{kind}.parquet", content)
        flush_folder(temporary)
        name = _renamed(temporary, wanted)
        flush_folder(folder)
    except BaseException:
        remove_part(folder, temporary.name)
        raise
    files = (PartFile(k, rows[k], len(contents[k]), digests[k]) for k in contents)
    return Part(name, tuple(files))


def read_table(folder: Path, part: Part, kind: str) -> Any:
    """Return the table of `kind` of a part. Raises Broken where the file is not what was written."""
    file = next(file for file in part.files if file.kind == kind)
    if fault := fault_of(folder, part, file):
        raise Broken(part, fault)
    # Not `pq.read_table`: its data sets and threads cost more than a small file, and merging reads hundreds.
    with pq.ParquetFile(folder / part.name / f"{kind}.parquet") as content:
        return content.read(use_threads=False)


def fault_of(folder: Path, part: Part, file: PartFile, *, thorough: bool = True) -> str:
    """Return what is wrong with a file of a part, in a sentence, or nothing.

    Unless it is `thorough`, only what is missing, cut off or blank is found: size, first and last bytes are compared.
    """
    path = folder / part.name / f"{file.kind}.parquet"
    try:
        whole = _is_written(path, file) if thorough else _looks_written(path, file)
    except OSError as error:
        return f"The file {str(path)!r} of the store cannot be read ({error.strerror})."
    return "" if whole else f"The file {str(path)!r} of the store is damaged: it is not what was written."


def _is_written(path: Path, file: PartFile) -> bool:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _looks_written(path: Path, file: PartFile) -> bool:
    if path.stat().st_size != file.size:
        return False
    with path.open("rb") as content:
        first = content.read(len(_MARK))
        content.seek(-len(_MARK), os.SEEK_END)
        return first == content.read() == _MARK


def remove_part(folder: Path, name: str) -> None:
    """Remove a part that the catalogue does not name, or what there is of it."""
    shutil.rmtree(folder / name, ignore_errors=True)


def found_parts(folder: Path) -> Iterator[str]:
    """Yield the names of what writers have left below `folder`, finished or not."""
    for path in sorted(folder.iterdir()):
        if _NAME.fullmatch(path.name):
            yield path.name


def _serialised(kind: str, table: Any) -> bytes:
    """Return the bytes of a Parquet file. The disk then sees plain writes only, whose errors we know.

    Rows stand in groups that are small enough for a page of records to be read from one or two of them.
    """
    sink = pa.BufferOutputStream()
    # Without the schema of Arrow a dictionary is the texts that it stands for, as for any other reader.
    pq.write_table(
        table,
        sink,
        compression="zstd",
        row_group_size=_GROUPS.get(kind, _GROUP),
        store_schema=not _has_dictionary(table),
    )
    return bytes(sink.getvalue().to_pybytes())


def _leaves(fields: Any, before: str = "") -> Iterator[str]:
    """Yield the paths of the columns of a Parquet file."""
    for each in fields:
        path, kind = f"{before}{each.name}", each.type
        while pa.types.is_list(kind):
            path, kind = f"{path}.list.element", kind.value_type
        if pa.types.is_struct(kind):
            yield from _leaves(kind, f"{path}.")
        else:
            yield path


def _has_dictionary(table: Any) -> bool:
    return any("dictionary<" in str(field.type) for field in table.schema)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Make the names within a folder durable (POSIX; Windows does it with the file)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _renamed(temporary: Path, name: str) -> str:
    """Give a finished part its name, or one that nobody has, and return it.

    A name is taken where a writer died after it had written the same rows, or where compaction replaced their part.
    """
    number, free = 1, name
    while True:
        try:
            if not (temporary.parent / free).exists():
                temporary.rename(temporary.parent / free)
                return free
        except OSError as error:  # another was quicker
            if error.errno not in _TAKEN:
                raise
        number, free = number + 1, f"{name}-{number + 1}"
