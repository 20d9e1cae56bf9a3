"""Rows of knowledge from GeoNames: towns that are new, moved, or grew or shrank since our table was made."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping

from communique.errors import UpdateError
from communique.knowledge.gazetteer import Gazetteer, Site
from communique.update.web import Web

Row = dict[str, str]
_FIELDS = (
    "geonameid", "name", "asciiname", "alternatenames", "lat", "lon", "class", "kind", "iso2", "cc2", "admin1",
    "admin2", "admin3", "admin4", "population", "elevation", "dem", "timezone", "modified",
)  # fmt: skip
_DUMP, _REGIONS = "cities1000.zip", "admin1CodesASCII.txt"
_MOVED = 0.2  # degrees; less is a correction that no report can tell
_GREW = 0.25


def places(web: Web, url: str, gazetteer: Gazetteer, states: Mapping[str, str]) -> Iterator[tuple[str, Row]]:
    """Yield ("new" or "changed", row of `places.csv`) for what differs from `gazetteer`.

    `states` gives the ISO alpha-3 code of each alpha-2 code. Raises UpdateError if the files are not those of GeoNames.
    """
    regions = dict(_regions(web.download(f"{url}/{_REGIONS}").decode("utf-8")))
    for line in _lines(web.download(f"{url}/{_DUMP}"), f"{url}/{_DUMP}"):
        row = dict(zip(_FIELDS, line, strict=False))
        try:
            kind = "capital" if row["kind"] == "PPLC" else "city"
            lat, lon, population = float(row["lat"]), float(row["lon"]), int(row["population"] or 0)
            number, country = int(row["geonameid"]), states.get(row["iso2"], "")
        except (KeyError, ValueError):
            raise UpdateError(f"{url}/{_DUMP} has a line that is none of GeoNames' own. Nothing was changed.") from None
        known = next((s for s in gazetteer.sites(row["name"]) if s.geonameid == number), None)
        if known is not None and not _differs(known, lat, lon, population):
            continue
        yield "new" if known is None else "changed", {
            "name": row["name"], "kind": kind, "country": country,
            "admin1": regions.get(f"{row['iso2']}.{row['admin1']}", ""), "geonameid": str(number), "lat": str(lat),
            "lon": str(lon), "population": str(population),
            "aliases": row["asciiname"] if row["asciiname"] != row["name"] else "",
        }  # fmt: skip


def _differs(known: Site, lat: float, lon: float, population: int) -> bool:
    grew = abs(population - known.population) > _GREW * max(known.population, 1000)
    return abs(known.lat - lat) > _MOVED or abs(known.lon - lon) > _MOVED or grew


def _regions(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        code, _, rest = line.partition("\t")
        yield code, rest.split("\t")[0]


def _lines(content: bytes, url: str) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(archive.namelist()[0]) as file:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            yield from csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError):
        raise UpdateError(f"{url} is no archive of GeoNames. Check the address; nothing was changed.") from None
