"""The engines by name: ours and those of installed packages, through the same door."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from communique.engines.batches import Engine
from communique.errors import EngineError, unknown

GROUP = "communique.engines"
# As in pyproject.toml, for a source tree whose installation is older than it.
OWN = {
    "local": "communique.engines.local:local",
    "processes": "communique.engines.processes:processes",
    "dask": "communique.engines.cluster:dask",
}


def engine_for(name: str, jobs: int = 1, scheduler: str = "") -> Engine:
    """Return the engine with this name or, where none is named, the one for so many jobs or for a scheduler.

    Raises EngineError, with the known ones, for a name that no engine has, and for an engine that does not load.
    """
    name = name or _default(jobs, scheduler)
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


def _loaded(point: EntryPoint) -> Engine:
    try:
        return cast(Engine, point.load())
    except (ImportError, AttributeError) as error:
        package = point.dist.name if point.dist else point.value
        raise EngineError(f"The engine {point.name!r} of {package} does not load: {error}. Reinstall it.") from None
