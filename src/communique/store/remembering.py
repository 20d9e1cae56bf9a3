"""What this process worked out of a store and may need again, as long as the store stays as it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")
_MOST = 8  # of each name: those who still look at a moment before
_FOUND: dict[tuple[Path, str], dict[str, object]] = {}
_LOCK = threading.Lock()


def remembered(store: Path, name: str, version: str, work_out: Callable[[], T]) -> T:
    """Return what `work_out` gives of the state `version` of a store, or what it gave before."""
    with _LOCK:
        found = _FOUND.setdefault((store.resolve(), name), {})
        if version in found:
            return cast(T, found[version])
    made = work_out()
    with _LOCK:
        found[version] = made
        while len(found) > _MOST:
            del found[next(iter(found))]
    return made
