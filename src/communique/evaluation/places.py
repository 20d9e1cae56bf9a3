"""Scores for places against a gold file in the form of LGL (Lieberman, Samet and Sankaranarayanan 2010).

Recall is the share of gold places whose span overlaps that of a place found; accuracy@161km the share of those found
that lie within 161 kilometres (a hundred miles) of the gold point, as Gritta, Pilehvar and Collier (2019) count it.
Their product is what both give together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communique.errors import InputError
from communique.pipeline import Coder
from communique.records import Place, Span

NEAR_KM = 161.0
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place named in a text: its span, where it lies (degrees), and what it is called there if that is known."""

    span: Span
    lat: float
    lon: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class GoldText:
    """One text of a gold file; `published` is an ISO day or empty."""

    id: str
    text: str
    published: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PlaceScores:
    """Counts over all texts, and what follows from them; a ratio without anything to divide by is 0."""

    gold: int
    found: int
    near: int
    predicted: int

    @property
    def recall(self) -> float:
        return self.found / self.gold if self.gold else 0.0

    @property
    def accuracy(self) -> float:
        return self.near / self.found if self.found else 0.0

    @property
    def product(self) -> float:
        return self.recall * self.accuracy


def evaluate_places(gold: Path, coder: Coder, predictions: Path | None = None) -> PlaceScores:
    """Find the places of each text of the gold file `gold` and score them.

    `predictions` is written in the gold's own form, an object a line: `{"id", "prediction": [{"start", "end", "lat",
    "lon"}]}`. Raises InputError for a file that is not of the form.
    """
    texts = list(read_gold(gold))
    found = [points_of(coder.places(t.text, t.published)) for t in texts]
    if predictions is not None:
        lines = (
            json.dumps({"id": t.id, "prediction": to_prediction(p)}, ensure_ascii=False) + "\n"
            for t, p in zip(texts, found, strict=True)
        )
        predictions.write_text("".join(lines), encoding="utf-8")
    return score((t.points, p) for t, p in zip(texts, found, strict=True))


def read_gold(path: Path) -> Iterator[GoldText]:
    """Yield the texts of a gold file; raises InputError with the line that is not of the form."""
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            yield GoldText(
                str(values.get("id", number)),
                _text(values["text"]),
                str(values.get("date") or ""),
                tuple(_point(p) for p in values["places"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}:{number}: a line wants `text` and `places` with `start`, `end`, `lat` and `lon` ({error})."
            ) from error


def points_of(places: Iterable[Place]) -> tuple[Point, ...]:
    """Return where the places of a text stand and lie."""
    return tuple(Point(p.span, p.lat, p.lon, p.name) for p in places)


def to_prediction(points: Iterable[Point]) -> list[dict[str, float]]:
    """Return the gold form of the places of a text."""
    return [{"start": p.span[0], "end": p.span[1], "lat": p.lat, "lon": p.lon} for p in points]


def score(pairs: Iterable[tuple[Sequence[Point], Sequence[Point]]]) -> PlaceScores:
    """Score pairs (gold, predicted), one a text."""
    gold = found = near = predicted = 0
    for wanted, given in pairs:
        gold += len(wanted)
        predicted += len(given)
        for point in wanted:
            match = best_match(point, given)
            if match is not None:
                found += 1
                near += distance_km(point, match) <= NEAR_KM
    return PlaceScores(gold, found, near, predicted)


def misses(gold: Sequence[Point], given: Sequence[Point]) -> list[tuple[Point, Point | None]]:
    """Return the gold places of a text that were put too far away, with where, and those not found, with None."""
    pairs = [(point, best_match(point, given)) for point in gold]
    return [(point, put) for point, put in pairs if put is None or distance_km(point, put) > NEAR_KM]


def best_match(point: Point, given: Iterable[Point]) -> Point | None:
    """Return the predicted place whose span overlaps that of `point` most, None if none does."""
    overlaps = [(min(point.span[1], p.span[1]) - max(point.span[0], p.span[0]), p) for p in given]
    best = max(overlaps, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def distance_km(a: Point, b: Point) -> float:
    """Return the great-circle distance of two places in kilometres."""
    one, two = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("`text` is no text")
    return value


def _point(values: Mapping[str, Any]) -> Point:
    return Point((int(values["start"]), int(values["end"])), float(values["lat"]), float(values["lon"]))
