"""What goes wrong on a disk, said in a sentence that tells what to do."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from communique.errors import StoreError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_LITTLE = 64 * 2**10  # bytes; SQLite's shared memory takes half of that


@contextmanager
def reported(
    path: Path,
    doing: str,
    file: str = "catalogue.sqlite",
    remedy: str = "Put the folder back from a backup, or read all into a new store.",
) -> Iterator[None]:
    """Turn the errors of the disk and of SQLite into StoreError; `doing` completes "Cannot ... the store".

    `file` is what SQLite reads, and `remedy` what to do where that is damaged.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _explain(error, path, doing, f"its {file} is damaged. {remedy}") from error


def _explain(error: OSError | sqlite3.Error, path: Path, doing: str, damaged: str) -> StoreError:
    what = f"Cannot {doing} the store {str(path)!r}"
    as_before = "The store is as it was before."
    if _is_full(error, path):
        return StoreError(f"{what}: the disk is full. {as_before} Free some space, then do the same again.")
    if (isinstance(error, OSError) and error.errno in _FORBIDDEN) or _code(error) == sqlite3.SQLITE_READONLY:
        return StoreError(f"{what}: writing is not permitted there. {as_before} Change its permissions or use another.")
    if _code(error) == sqlite3.SQLITE_BUSY:
        return StoreError(f"{what}: another program holds its catalogue. {as_before} Wait for it, then try again.")
    if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(f"{what}: {damaged}")
    detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StoreError(f"{what}: {detail}. {as_before} Check the disk that holds it, then try again.")


def _is_full(error: OSError | sqlite3.Error, path: Path) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    # For its shared memory SQLite says no more than "disk I/O error".
    return _code(error) == sqlite3.SQLITE_FULL or (_code(error) == sqlite3.SQLITE_IOERR and _free(path) < _LITTLE)


def _free(path: Path) -> int:
    """Return the free space in bytes on the disk that holds `path`."""
    existing = next((each for each in (path, *path.absolute().parents) if each.exists()), Path.cwd())
    return shutil.disk_usage(existing).free


def _code(error: OSError | sqlite3.Error) -> int | None:
    """Return SQLite's primary result code; the upper bytes of an extended code only refine it."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
