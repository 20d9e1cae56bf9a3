"""Origins: what holds what. `archive.zip!wire.jsonl:12` is a line of a member of an archive."""

from __future__ import annotations

import re
from pathlib import PurePath

_COUNTED = re.compile(r"(?P<holder>.+):\d+")  # a line, a row, an offset in bytes
_MEMBER = "!"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def files_of(origin: str) -> tuple[str, ...]:
    """Return what may be the file that holds `origin`, the longest first, `origin` itself included.

    A name may have a colon or an exclamation mark in it, so only the disk can say which it is.
    """
    found = [origin]
    if match := _COUNTED.fullmatch(origin):
        found.append(match["holder"])
    while _MEMBER in found[-1]:
        found.append(found[-1].rpartition(_MEMBER)[0])
    return tuple(each for each in found if each)


def containers(origin: str) -> tuple[str, ...]:
    """Return all that may hold `origin`: the member, the file, and on a disk the folders above it."""
    holders = files_of(origin)[1:]
    if is_address(origin):
        return holders
    folders = PurePath(holders[-1] if holders else origin).parents
    return (*holders, *(str(folder) for folder in folders if str(folder) not in (".", "/")))


def is_address(origin: str) -> bool:
    """Say whether `origin` is an address (`https://...`, `s3://...`) and no path."""
    return _ADDRESS.match(origin) is not None
