"""The map of the world: outlines from Natural Earth, in the Equal Earth projection (Šavrič, Patterson & Jenny 2018).

`data/world-110m.json` holds the outlines, already projected, and names its source; `tools/world_map.py` makes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from communique.showing.svg import KEYS, Picture, key, link, number, step, tag, text, words

WIDTH, HEIGHT = 960, 450
_FILE = Path(__file__).parent / "data" / "world-110m.json"
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_SCALE = 175.0  # pixels of a unit of the projection
_TONES = (("for", "co-operation"), ("against", "conflict"), ("open", "both alike"))
_TOP = 1.35  # the projection's y at the upper edge; Antarctica is left out


@dataclass(frozen=True, slots=True)
class Shade:
    """How a country is coloured: its score, where a click leads, and what is said of it."""

    score: float | None
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Spot:
    """What lies at a place: how much, which tone (for, against, open), where a click leads, what is said of it."""

    lat: float
    lon: float
    number: int
    tone: str
    address: str
    label: str


def project(lat: float, lon: float) -> tuple[float, float]:
    """Return the place in the picture of a latitude and longitude in degrees."""
    angle = math.asin(_M * math.sin(math.radians(lat)))
    square = angle * angle
    sixth = square**3
    a, b, c, d = _A
    x = math.radians(lon) * math.cos(angle) / (_M * (a + 3 * b * square + sixth * (7 * c + 9 * d * square)))
    y = angle * (a + b * square + sixth * (c + d * square))
    return WIDTH / 2 + _SCALE * x, _SCALE * (_TOP - y)


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, tuple[str, str]]:
    """Return name and outline (the `d` of a path) of each country, by code; those without one by their name."""
    countries = json.loads(_FILE.read_text(encoding="utf-8"))["countries"]
    return {code: (found["name"], found["path"]) for code, found in countries.items()}


def shaded(title: str, description: str, shades: Mapping[str, Shade], own: str = "") -> Picture:
    """Return the world with countries in the colours of their scores, `own` in black."""
    parts = [_sea()]
    for code, (name, outline) in outlines().items():
        shade = shades.get(code)
        if shade is None:
            parts.append(
                tag("path", f"<title>{text(name)}</title>", d=outline, class_="own" if code == own else "land")
            )
            continue
        class_ = "land" if shade.score is None else f"land {step(shade.score)}"
        parts.append(link(shade.address, tag("path", d=outline, class_=class_), shade.label))
    parts.append(key(12, HEIGHT - 20))
    return Picture(WIDTH, HEIGHT, title, description, "".join(parts), "map", KEYS)


def spotted(title: str, description: str, spots: Iterable[Spot]) -> Picture:
    """Return the world with circles whose areas go with numbers, the largest below."""
    parts = [_sea(), *(tag("path", d=outline, class_="land") for _, outline in outlines().values())]
    for spot in sorted(spots, key=lambda one: (-one.number, one.label)):
        x, y = project(spot.lat, spot.lon)
        radius = min(2.5 + 1.7 * math.sqrt(spot.number), 28.0)
        circle = tag("circle", cx=x, cy=y, r=radius, class_=f"spot {spot.tone}")
        parts.append(link(spot.address, circle, spot.label))
    parts.append(_tones(12, HEIGHT - 20))
    return Picture(WIDTH, HEIGHT, title, description, "".join(parts), "map", _TONES)


def _sea() -> str:
    right = [project(lat, 180) for lat in range(-60, 91, 5)]
    left = [(WIDTH - x, y) for x, y in reversed(right)]
    outline = "L".join(f"{number(x)},{number(y)}" for x, y in (*right, *left))
    return tag("path", d=f"M{outline}Z", class_="sea")


def _tones(x: float, y: float) -> str:
    parts = []
    for n, (tone, said) in enumerate(_TONES):
        parts.append(tag("circle", cx=x + 5 + 100 * n, cy=y + 5, r=5, class_=f"spot {tone}"))
        parts.append(words(said, x + 15 + 100 * n, y + 9))
    return tag("g", "".join(parts), class_="key")
