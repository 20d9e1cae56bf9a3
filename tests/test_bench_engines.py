"""The benchmark of the engines: what it makes of its measures."""

from __future__ import annotations

from pathlib import Path

import pytest

import engines as bench
from coders import coder
from communique.engines import Driver
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.store import Store


def found(wall: float, driver: float = 1.0, workers: float = 9.0, rows: str = "a") -> bench.Found:
    return bench.Found([bench.Cost(2.0, 1.0, 1.0, 1)], [bench.Cost(wall, driver, workers, 100)], rows)


def test_a_cost_is_that_of_the_reading_alone() -> None:
    assert bench.Cost(12.0, 3.0, 9.0, 11) - bench.Cost(2.0, 1.0, 4.0, 1) == bench.Cost(10.0, 2.0, 5.0, 10)
    one = found(10.0)
    assert (one.rate, one.work, one.driver) == (10.0, 0.1, 0.1)


def test_what_is_too_slow_or_differs_is_named() -> None:
    names = [*bench.WAYS]
    good = dict(zip(names, (found(10.0), found(5.5), found(7.0)), strict=True))
    assert bench.faults(good) == []
    bad = dict(zip(names, (found(10.0), found(6.5), found(7.0, rows="b")), strict=True))
    assert bench.faults(bad) == [
        "two jobs: 1.54 times the rate of one job, less than 1.7.",
        "dask, two workers: its rows differ from those of one job.",
    ]
    shown = bench.table(bad, 100, 1)
    assert "| as a multiple | 1.00 | 1.54 | 1.43 |" in shown
    assert "| rows identical |  | yes | no |" in shown


def test_the_digest_is_of_the_rows_not_of_the_parts(tmp_path: Path) -> None:
    items = [RawItem(f"Iran condemned Israel for time {n}.", "x", str(n)) for n in range(3)]
    digests = []
    for reports, given in ((1, items), (3, items), (3, items[:2])):
        with Store.create(tmp_path / f"{len(digests)}") as store:
            driver = Driver(store, Settings(), reports=reports)
            driver.coder = coder()
            driver.run(given)
        digests.append(bench.digest(tmp_path / f"{len(digests)}"))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.slow
def test_a_run_costs_something(tmp_path: Path) -> None:
    file = bench._written(tmp_path / "in.jsonl", [RawItem("Iran condemned Israel.", "x", "1")])
    cost = bench.run(file, "local", 1, tmp_path / "store")
    assert cost.reports == 1
    assert 0 < cost.driver < cost.wall * 2
    assert cost.workers < 0.1
