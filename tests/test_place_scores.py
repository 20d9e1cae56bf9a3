"""Scores of places: overlap of spans, 161 kilometres, the gold's own form of a prediction."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import communique
from communique.errors import InputError
from communique.evaluation.places import (
    PlaceScores,
    Point,
    best_match,
    distance_km,
    evaluate_places,
    read_gold,
    score,
)
from communique.pipeline import Coder


@cache
def coder() -> Coder:
    return communique.load()


def test_found_by_overlap_and_near_by_distance() -> None:
    gold = [Point((0, 5), 48.85, 2.35), Point((10, 16), 51.5, -0.12), Point((20, 26), 40.0, 0.0)]
    given = [Point((0, 11), 48.9, 2.3), Point((12, 14), 42.98, -81.25), Point((26, 30), 40.0, 0.0)]
    scores = score([(gold, given)])
    assert scores == PlaceScores(gold=3, found=2, near=1, predicted=3)
    assert (scores.recall, scores.accuracy, scores.product) == (2 / 3, 1 / 2, 1 / 3)


def test_the_longest_overlap_counts() -> None:
    wanted = Point((10, 20), 0, 0)
    short, long = Point((8, 12), 1, 1), Point((12, 20), 2, 2)
    assert best_match(wanted, [short, long]) is long
    assert best_match(wanted, [Point((0, 10), 0, 0), Point((20, 25), 0, 0)]) is None


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        ((0, 0), (0, 0), 0),
        ((51.5, -0.13), (48.86, 2.35), 343),
        ((0, 179.5), (0, -179.5), 111),
        ((90, 0), (-90, 0), 20015),
    ],
)
def test_distance(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    assert distance_km(Point((0, 1), *a), Point((0, 1), *b)) == pytest.approx(km, abs=2)


def test_nothing_to_find() -> None:
    scores = score([((), ())])
    assert (scores.recall, scores.accuracy, scores.product) == (0.0, 0.0, 0.0)


def test_a_whole_file(tmp_path: Path) -> None:
    text = "Ministers met in Oslo.\u2028 They go to Lima next."
    rows = [{"id": 7, "date": "2024-05-01", "text": text, "places": [
        {"start": 17, "end": 21, "phrase": "Oslo", "lat": 59.91, "lon": 10.75, "geonameid": "3143244"},
        {"start": 35, "end": 39, "phrase": "Lima", "lat": 40.74, "lon": -84.1, "geonameid": "4517009"},
    ]}]  # fmt: skip
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    assert evaluate_places(gold, coder(), out) == PlaceScores(gold=2, found=2, near=1, predicted=2)
    (line,) = (json.loads(s) for s in out.read_text("utf-8").splitlines())
    assert line["id"] == "7" and [p["start"] for p in line["prediction"]] == [17, 35]
    assert set(line["prediction"][0]) == {"start", "end", "lat", "lon"}


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "x"}', '{"text": "x", "places": [{"start": 1}]}'])
def test_a_file_of_another_form_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"gold.jsonl:1: a line wants `text` and `places`"):
        list(read_gold(path))
