"""Compiled knowledge: made once from the data files, kept in the user's cache folder, found again by a key.

Large tables are searched where they lie instead of being read at each start. Their compiled form is a folder
`NAME-KEY`; the key is of the sizes and times of the sources and the version of the program, so that a changed source
or another version is compiled anew and never mixed up with what was there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import platformdirs

from communique.errors import KnowledgeError

VARIABLE = "COMMUNIQUE_CACHE"
_STALE = 30 * 24 * 3600.0
"""Seconds after which what another version compiled is removed; it may be in use until then."""


def cache_folder() -> Path:
    """Return the folder for compiled knowledge, made if need be.

    It is what the environment variable COMMUNIQUE_CACHE names, else the user's cache folder, else, where that cannot
    be written to, one folder for temporary files that lasts as long as the system keeps it.
    """
    return _writable(os.environ.get(VARIABLE) or platformdirs.user_cache_dir("communique", appauthor=False))


@cache
def _writable(wanted: str) -> Path:
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    for folder in (Path(wanted).expanduser(), Path(tempfile.gettempdir()) / f"communique-{user}"):
        if _usable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="communique-"))


def _usable(folder: Path) -> bool:
    """Tell whether files can be made in the folder, and nobody else owns it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if hasattr(os, "getuid") and folder.stat().st_uid not in (os.getuid(), 0):
            return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def key_of(sources: Iterable[Path], version: str) -> str:
    """Return a short key of the sources' names, sizes and times and of `version`; no source is read."""
    parts = [version]
    for source in sources:
        facts = source.stat()
        parts.append(f"{source}|{facts.st_size}|{facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def compiled(name: str, key: str, build: Callable[[Path], None]) -> Path:
    """Return the folder `name`-`key` of the cache, which `build` fills if it is not there yet.

    `build` gets an empty folder beside it, which takes the name in one step when it is complete: a process that dies
    leaves nothing half-made, and of two that build at once one wins and both find the same. Versions of `name` that
    nobody has opened for 30 days are removed. Raises KnowledgeError if the folder cannot be written.
    """
    folder = cache_folder()
    target = folder / f"{name}-{key}"
    if target.is_dir():
        _touch(target)
        return target
    beside = folder / f".{name}-{key}.{uuid.uuid4().hex}"
    try:
        beside.mkdir()
        build(beside)
        beside.replace(target)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        if not target.is_dir():  # nobody else was quicker: the folder itself is at fault
            raise KnowledgeError(
                f"Compiled knowledge cannot be written to {folder} ({error.strerror or error}); "
                f"name another folder in {VARIABLE}."
            ) from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _sweep(folder, name, target)
    return target


def _touch(target: Path) -> None:
    """Note that the folder is in use, at most once a day: a start should not write."""
    try:
        if time.time() - target.stat().st_mtime > 24 * 3600:
            os.utime(target)
    except OSError:
        pass  # it belongs to somebody else or was just removed; opening it will tell


def _sweep(folder: Path, name: str, keep: Path) -> None:
    oldest = time.time() - _STALE
    for other in (*folder.glob(f"{name}-*"), *folder.glob(f".{name}-*")):
        try:
            if other != keep and other.stat().st_mtime < oldest:
                shutil.rmtree(other, ignore_errors=True)
        except OSError:
            continue  # another process removed it first
