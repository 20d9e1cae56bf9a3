"""The engines by name: ours and those of installed packages, through the same door."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from communique.engines.batches import Engine
from communique.errors import EngineError, unknown

GROUP = "communique.engines"
_EACH = 430_000_000  # bytes that a worker holds, as measured (docs/howto/many-cores.md)
# As in pyproject.toml, for a source tree whose installation is older than it.
OWN = {
    "local": "communique.engines.local:local",
    "processes": "communique.engines.processes:processes",
    "dask": "communique.engines.cluster:dask",
}


def engine_for(name: str, jobs: int = 1, scheduler: str = "") -> Engine:
    """Return the engine with this name or, where none is named, the one for so many jobs or for a scheduler.

    Raises EngineError, with the known ones, for a name that no engine has, for an engine that does not load, and for
    jobs or a scheduler that the engine can do nothing with.
    """
    name = name or _default(jobs, scheduler)
    if name in OWN:  # what others make of them is their affair
        _refuse_unfit(name, jobs, scheduler)
    points = {point.name: point for point in entry_points(group=GROUP)}
    if name in points:
        return _loaded(points[name])
    if name not in OWN:
        raise EngineError(unknown("engine", name, {*OWN, *points}))
    module, _, attribute = OWN[name].partition(":")
    return cast(Engine, getattr(import_module(module), attribute))


def _default(jobs: int, scheduler: str) -> str:
    if scheduler:
        return "dask"
    return "local" if jobs == 1 else "processes"


def _refuse_unfit(name: str, jobs: int, scheduler: str) -> None:
    if scheduler and name != "dask":
        raise EngineError(f"The engine {name!r} asks no scheduler. Leave out --scheduler, or give --engine dask.")
    if jobs < 0:
        raise EngineError(f"There are no {jobs} jobs. Give how many processes are to code, or 0 for one on each core.")
    memory = _memory()
    if not scheduler and memory and jobs > max(1, most := memory // _EACH):
        raise EngineError(
            f"{jobs:,} jobs need some {jobs * _EACH / 1e9:,.0f} GB of memory, and this machine has "
            f"{memory / 1e9:,.0f}. Give at most {max(1, most):,} --jobs, or 0 for one on each core."
        )


def _memory() -> int:
    """Return how many bytes of memory this machine has, 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


def _loaded(point: EntryPoint) -> Engine:
    try:
        return cast(Engine, point.load())
    except (ImportError, AttributeError) as error:
        package = point.dist.name if point.dist else point.value
        raise EngineError(f"The engine {point.name!r} of {package} does not load: {error}. Reinstall it.") from None
