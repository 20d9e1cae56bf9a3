"""Compiled knowledge: made once from the data files, kept in the user's cache folder, found again by a key.

Large tables are searched where they lie instead of being read at each start. Their compiled form is a folder
`NAME-KEY`; the key is of the sizes and times of the sources and of what compiles them (`made_by`), so that a changed
source or another version is compiled anew and never mixed up with what was there. The last file of a folder lists the
others with their sizes: a folder that lost some of them is made again. What is kept holds pickles, so nothing is read
from where somebody else can write.
"""

from __future__ import annotations

import atexit
import errno
import json
import os
import shutil
import stat
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import platformdirs

from communique import __version__
from communique.errors import KnowledgeError

VARIABLE = "COMMUNIQUE_CACHE"
_MARK = "complete.json"
_STALE = 30 * 24 * 3600.0
"""Seconds after which what another version compiled is removed; it may be in use until then."""
_MOST = 8
"""Folders of one name that are kept: each edit of a user's file makes another, of some 25 MB."""
_COMPILERS = ("inflect", "marisa-trie", "pydantic")
"""Packages whose version changes what is compiled: plurals, tries and pickled entries."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_opened: set[Path] = set()
"""What this process has opened: it may read some of the files later only."""


def cache_folder() -> Path:
    """Return the folder for compiled knowledge, made if need be.

    It is what the environment variable COMMUNIQUE_CACHE names, else the user's cache folder; where that cannot be
    written to, or others may write to it, the user's folder among the temporary files, and where that is no better, a
    new one that lasts as long as the process.
    """
    wanted = os.environ.get(VARIABLE) or platformdirs.user_cache_dir("communique", appauthor=False)
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    for folder in (Path(wanted).expanduser(), Path(tempfile.gettempdir()) / f"communique-{user}"):
        if _usable(folder):
            return folder
    return _temporary()


@cache
def _temporary() -> Path:
    folder, owner = Path(tempfile.mkdtemp(prefix="communique-")), os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # not at the end of a forked child
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


def _usable(folder: Path) -> bool:
    """Tell whether files can be made in the folder, by us and nobody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(folder.stat()):
            return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _private(facts: os.stat_result) -> bool:
    """Tell whether a folder is ours (or the system's) and nobody else can write to it."""
    if not hasattr(os, "getuid"):
        return True
    if facts.st_uid not in (os.getuid(), 0) or facts.st_mode & stat.S_IWOTH:
        return False
    return not facts.st_mode & stat.S_IWGRP or _alone(facts.st_gid)


def _alone(group: int) -> bool:
    """Tell whether we are the only member of the group: many systems give each user one, and it may write."""
    import grp
    import pwd

    try:
        us, ours = pwd.getpwuid(os.getuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return us.pw_gid == group and us.pw_name == ours.gr_name and set(ours.gr_mem) <= {us.pw_name}


def key_of(sources: Iterable[Path], version: str) -> str:
    """Return a short key of the sources' names, sizes and times and of `version`; no source is read.

    Raises KnowledgeError for a source that is not there, such as a link that leads nowhere.
    """
    parts = [version]
    for source in sources:
        try:
            facts = source.stat()
        except OSError as error:
            raise KnowledgeError(f"{source}: {error.strerror}. Put the file there, or remove the link.") from None
        parts.append(f"{source}|{facts.st_size}|{facts.st_mtime_ns}")
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def made_by() -> str:
    """Return what every compiled form depends on besides its sources, as the `version` of a key.

    That is the version of the program, the modules that compile, Python, and the packages that what is kept comes from.
    """
    modules = sorted(Path(__file__).parent.glob("*.py"))
    packages = [f"{name} {metadata.version(name)}" for name in _COMPILERS]
    return " ".join((__version__, key_of(modules, ""), str(sys.implementation.cache_tag), *packages))


def compiled(name: str, key: str, build: Callable[[Path], None]) -> Path:
    """Return the folder `name`-`key` of the cache, which `build` fills if it is not there yet or not whole any more.

    `build` gets an empty folder beside it, which takes the name in one step when it is complete: a process that dies
    leaves nothing half-made, and of two that build at once one wins and both find the same. Of `name`, what nobody has
    opened for 30 days is removed, and all but the 8 folders opened last. Raises KnowledgeError if the folder cannot be
    written; what `build` raises is passed on.
    """
    folder = cache_folder()
    target, beside = folder / f"{name}-{key}", folder / f".{name}-{key}.{uuid.uuid4().hex}"
    _opened.add(target)
    try:
        if _whole(target) or _mended(target, beside):
            _touch(target)
            return target
        beside.mkdir(mode=0o700)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        build(beside)
        _seal(beside)
        _publish(beside, target)
    except OSError as error:
        if error.errno in _FULL:
            raise _unwritable(folder, error) from error
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _sweep(folder, name)
    return target


def _unwritable(folder: Path, error: OSError) -> KnowledgeError:
    return KnowledgeError(
        f"Compiled knowledge cannot be written to {folder} ({error.strerror or error}); "
        f"name another folder in {VARIABLE}."
    )


def _seal(folder: Path) -> None:
    """Write, last of all, which files the folder has, with their sizes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    (folder / _MARK).write_text(json.dumps(sizes), encoding="utf-8")


def _whole(folder: Path) -> bool:
    """Tell whether the folder is ours alone and has all the files that it was sealed with."""
    try:
        sizes = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        return (
            isinstance(sizes, dict)
            and _private(folder.lstat())
            and all((folder / name).stat().st_size == size for name, size in sizes.items())
        )
    except (OSError, ValueError):  # ValueError: the list itself is broken
        return False


def _mended(target: Path, aside: Path) -> bool:
    """Remove a broken `target` by way of `aside`, and tell whether another process has put a whole one there."""
    try:
        target.replace(aside)  # one step, so that of two processes that mend at once only one has it
    except FileNotFoundError:  # the common case: there was none
        return False
    if _whole(aside):
        with suppress(OSError):  # taken again by a third
            aside.replace(target)
    shutil.rmtree(aside, ignore_errors=True)
    return _whole(target)


def _publish(beside: Path, target: Path) -> None:
    """Give the complete folder its name, unless another process was quicker."""
    try:
        beside.replace(target)
    except OSError as error:
        if not _whole(target):
            raise _unwritable(target.parent, error) from error


def _touch(target: Path) -> None:
    """Note that the folder is in use, at most once an hour: a start should not write."""
    try:
        if time.time() - target.stat().st_mtime > 3600:
            os.utime(target)
    except OSError:
        pass  # it belongs to the system or was just removed; opening it will tell


def _sweep(folder: Path, name: str) -> None:
    """Remove what is old, and of the rest all but the newest; never what this process has opened."""
    oldest = time.time() - _STALE
    by_use = sorted(folder.glob(f"{name}-*"), key=_used, reverse=True)
    unfinished = folder.glob(f".{name}-*")  # by processes that died, or are at work
    old = (path for path in (*by_use[:_MOST], *unfinished) if _used(path) < oldest)
    for path in (*by_use[_MOST:], *old):
        if path not in _opened:
            shutil.rmtree(path, ignore_errors=True)


def _used(path: Path) -> float:
    """Return when the folder was last in use; now, if another process has just removed it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()
