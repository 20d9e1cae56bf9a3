"""Make the outlines of the world map from world-atlas (npm), which has them from Natural Earth.

    npm pack world-atlas && tar xf world-atlas-*.tgz
    python tools/world_map.py package/countries-110m.json

The file that this writes holds a path for each country, projected, under the code that the knowledge files give it.
Antarctica is left out; rings that cross the 180th meridian are cut there.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from communique.showing.world import project

ROOT = Path(__file__).parent.parent / "src" / "communique"
TARGET = ROOT / "showing" / "data" / "world-110m.json"
STATES = ROOT / "knowledge" / "data" / "actors" / "states.csv"
Ring = list[tuple[float, float]]
_NAMED = {"Kosovo": "XKX"}


def rings(atlas: dict, arcs: list[list[Ring]], geometry: dict) -> Iterator[Ring]:
    """Yield the outer and inner rings of a geometry, longitude without jumps."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        for ring in polygon:
            found: Ring = []
            for arc in ring:
                points = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
                found += points[1:] if found else points
            whole: Ring = [found[0]]
            shift = 0.0
            for (before, _), (lon, lat) in itertools.pairwise(found):
                shift += -360 if lon - before > 180 else 360 if before - lon > 180 else 0
                whole.append((lon + shift, lat))
            yield whole


def cut(ring: Ring, at: float, right: bool) -> Ring:
    """Return the part of a ring on one side of a meridian (Sutherland & Hodgman 1974)."""
    kept: Ring = []
    for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True):
        inside, next_inside = (x >= at, u >= at) if right else (x <= at, u <= at)
        if inside:
            kept.append((x, y))
        if inside != next_inside:
            kept.append((at, y + (v - y) * (at - x) / (u - x)))
    return kept


def outline(ring: Ring) -> str:
    pieces = [cut(cut(ring, 180, False), -180, True)]
    pieces.append([(x - 360, y) for x, y in cut(ring, 180, True)])
    pieces.append([(x + 360, y) for x, y in cut(ring, -180, False)])
    drawn = ""
    for piece in pieces:
        points = [project(lat, lon) for lon, lat in piece]
        if len(points) > 2:
            short = list(dict.fromkeys(f"{x:.1f},{y:.1f}" for x, y in points))
            if len(short) > 2:
                drawn += "M" + "L".join(short) + "Z"
    return drawn


def main(source: str) -> None:
    atlas = json.loads(Path(source).read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for arc in atlas["arcs"]:
        x = y = 0
        points: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    lines = (line for line in STATES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    codes = {row["isonum"]: row["code"] for row in csv.DictReader(lines) if row["isonum"]}
    countries = {}
    for geometry in atlas["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = codes.get(geometry.get("id", ""), _NAMED.get(name, name))
        path = "".join(outline(ring) for ring in rings(atlas, arcs, geometry))
        if name != "Antarctica" and path:
            countries[code] = {"name": name, "path": path}
    made = {
        "source": "Natural Earth 1:110m Admin 0, through the npm package world-atlas 2.0.2",
        "licence": "Natural Earth: public domain; world-atlas: ISC, Copyright 2013-2019 Michael Bostock",
        "about": "Equal Earth projection, made by tools/world_map.py",
        "countries": dict(sorted(countries.items())),
    }
    TARGET.write_text(json.dumps(made, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(len(countries), TARGET.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1])
