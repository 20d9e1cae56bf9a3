"""The formats by name: ours and those of installed packages, through the same door."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from communique.errors import QueryError, unknown
from communique.exchange.formats import Format

GROUP = "communique.formats"
# As in pyproject.toml, for a source tree whose installation is older than it.
OWN = {
    "gdelt1": "communique.exchange.gdelt:GDELT1",
    "gdelt2": "communique.exchange.gdelt:GDELT2",
    "gdelt2-mentions": "communique.exchange.mentions:MENTIONS",
    "icews": "communique.exchange.icews:ICEWS",
    "polecat": "communique.exchange.polecat:POLECAT",
    "plover": "communique.exchange.plover:PLOVER",
    "acled": "communique.exchange.acled:ACLED",
    "ngec": "communique.exchange.ngec:NGEC",
    "csv": "communique.exchange.tables:CSV",
    "parquet": "communique.exchange.tables:PARQUET",
    "arrow": "communique.exchange.tables:ARROW",
    "sqlite": "communique.exchange.sqlite:SQLITE",
    "graphml": "communique.exchange.graphs:GRAPHML",
    "gexf": "communique.exchange.graphs:GEXF",
    "geojson": "communique.exchange.geojson:GEOJSON",
    "brat": "communique.exchange.brat:BRAT",
    "conll": "communique.exchange.conll:CONLL",
}


def names() -> list[str]:
    """Return the names of all formats, ours first."""
    return [*OWN, *sorted({point.name for point in entry_points(group=GROUP)} - set(OWN))]


def format_of(name: str) -> Format:
    """Return the format with this name. Raises QueryError, with those that there are, where there is none."""
    wanted = name.strip().lower()
    points = {point.name: point for point in entry_points(group=GROUP)}
    if wanted in OWN:  # ours cannot be replaced
        module, _, attribute = OWN[wanted].partition(":")
        return cast(Format, getattr(import_module(module), attribute))
    if wanted in points:
        return _loaded(points[wanted])
    raise QueryError(unknown("format", name, names(), most=30))


def readable() -> list[str]:
    """Return the names of the formats that can be imported."""
    return [name for name in names() if format_of(name).read]


def _loaded(point: EntryPoint) -> Format:
    try:
        return cast(Format, point.load())
    except (ImportError, AttributeError) as error:
        package = point.dist.name if point.dist else point.value
        raise QueryError(f"The format {point.name!r} of {package} does not load: {error}. Reinstall it.") from None
