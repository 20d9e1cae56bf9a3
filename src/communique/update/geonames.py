"""Rows of knowledge from GeoNames: towns that are new, moved, or grew or shrank since our table was made."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from communique.errors import UpdateError
from communique.knowledge.gazetteer import Gazetteer
from communique.update.web import Web

Row = dict[str, str]
_FIELDS = (
    "geonameid", "name", "asciiname", "alternatenames", "lat", "lon", "class", "kind", "iso2", "cc2", "admin1",
    "admin2", "admin3", "admin4", "population", "elevation", "dem", "timezone", "modified",
)  # fmt: skip
_DUMP, _REGIONS = "cities1000.zip", "admin1CodesASCII.txt"
_MOVED = 0.2  # degrees; less is a correction that no report can tell
_GREW = 0.25


def places(web: Web, url: str, gazetteer: Gazetteer, states: Mapping[str, str]) -> Iterator[Row | None]:
    """Yield a row of `places.csv` for each town that differs from `gazetteer`; None for a line that makes no sense.

    `states` gives the ISO alpha-3 code of each alpha-2 code. Raises UpdateError if the files are not those of GeoNames.
    """
    regions = dict(_regions(web.download(f"{url}/{_REGIONS}").decode("utf-8", "replace")))
    understood = False
    for line in _lines(web.download(f"{url}/{_DUMP}"), f"{url}/{_DUMP}"):
        cells = dict(zip(_FIELDS, line, strict=False))
        try:
            row = _row(cells, regions, states)
        except (KeyError, ValueError):
            yield None
            continue
        understood = True
        if difference(row, gazetteer):
            yield row
    if not understood:
        raise UpdateError(f"{url}/{_DUMP} has no line that is GeoNames' own. Nothing was changed.")


def difference(row: Row, gazetteer: Gazetteer) -> str:
    """Return whether the town of a row of `places.csv` is "new" to `gazetteer` or "changed", "" if it is neither."""
    known = next((s for s in gazetteer.sites(row["name"]) if s.geonameid == int(row["geonameid"])), None)
    if known is None:
        return "new"
    grew = abs(int(row["population"]) - known.population) > _GREW * max(known.population, 1000)
    moved = abs(float(row["lat"]) - known.lat) > _MOVED or abs(float(row["lon"]) - known.lon) > _MOVED
    return "changed" if moved or grew else ""


def _row(cells: Mapping[str, str], regions: Mapping[str, str], states: Mapping[str, str]) -> Row:
    """Raises KeyError or ValueError for a line that is none of GeoNames' own."""
    name, other = cells["name"], cells["asciiname"]
    if "\ufffd" in name:
        raise ValueError(name)
    kind, state = "capital" if cells["kind"] == "PPLC" else "city", cells["iso2"]
    return {
        "name": name, "kind": kind, "country": states.get(state, ""),
        "admin1": regions.get(f"{state}.{cells['admin1']}", ""), "geonameid": str(int(cells["geonameid"])),
        "lat": str(float(cells["lat"])), "lon": str(float(cells["lon"])),
        "population": str(int(cells["population"] or 0)), "aliases": other if other != name else "",
    }  # fmt: skip


def _regions(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        code, _, rest = line.partition("\t")
        yield code, rest.split("\t")[0]


def _lines(content: bytes, url: str) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(archive.namelist()[0]) as file:
            for line in io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="\n"):
                yield line.rstrip("\r\n").split("\t")
    except (zipfile.BadZipFile, zlib.error, EOFError, IndexError):
        raise UpdateError(f"{url} is no archive of GeoNames. Check the address; nothing was changed.") from None
