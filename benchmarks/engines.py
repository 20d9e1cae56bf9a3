"""What more workers bring: `--jobs 2` and `--engine dask` with two workers beside `--jobs 1`, over the same reports.

usage: python benchmarks/engines.py [--news FILE.jsonl] [--texts N] [--repeats N] [--write]

Each way reads the same file into an empty store, in a process of its own; they take turns, `--repeats` times. Start-up
(importing, loading the coder in each worker, starting and ending a cluster) is measured by itself: the same over as
many short reports as there are workers, one a batch. What is left of the whole is the time of the reading.

rate        reports a second of the clock, start-up taken off; the median of the turns, and as a multiple of one job's
start-up    seconds
work        processor time of all processes together a report, start-up taken off, as a multiple of one job's: what the
            machine's load does not change
driver      the share of it that the driver takes: what no further worker can take off it
identical   whether all rows of all five kinds of files are the same, byte for byte, once sorted

Exit status 1 where two jobs have less than 1.7 times the rate of one, dask less than 1.4 times, or rows differ.
--write puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from communique.engines import Driver
from communique.settings import Settings
from communique.sources.files import read_path
from communique.sources.item import RawItem
from communique.store import Store
from communique.store.parts import read_table
from communique.store.shapes import KINDS
from speed import PAGE, load_items, machine

WORKERS = 2
WAYS = {"one job": ("local", 1), "two jobs": ("processes", WORKERS), "dask, two workers": ("dask", WORKERS)}
AT_LEAST = {"two jobs": 1.7, "dask, two workers": 1.4}
_MARKED = re.compile(r"(<!-- engines -->\n).*?(<!-- /engines -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds: of the clock, of the driver's processor time, and of its workers'; and how many reports were read."""

    wall: float
    driver: float
    workers: float
    reports: int = 0

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.wall - other.wall, self.driver - other.driver, self.workers - other.workers,
            self.reports - other.reports,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Of one way: the cost of starting and of the rest, in each turn, and a digest of the rows."""

    starting: list[Cost]
    reading: list[Cost]
    rows: str

    @property
    def rate(self) -> float:
        return statistics.median(each.reports / each.wall for each in self.reading)

    @property
    def work(self) -> float:
        """Seconds of processor time a report."""
        return statistics.median((each.driver + each.workers) / each.reports for each in self.reading)

    @property
    def driver(self) -> float:
        return statistics.median(each.driver / (each.driver + each.workers) for each in self.reading)


def run(file: Path, engine: str, jobs: int, store: Path, reports: int = 32) -> Cost:
    """Read a file into a store, in a process of its own, and return what it cost."""
    began = time.perf_counter()
    command = [sys.executable, __file__, "--child", str(file), engine, str(jobs), str(store), str(reports)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    wall = time.perf_counter() - began
    return Cost(wall, *json.loads(done.stdout.splitlines()[-1]))


def child(file: str, engine: str, jobs: str, store: str, reports: str) -> None:
    """Do what `run` asks for, and print the processor time of this process, of its children, and the reports kept."""
    settings = Settings()
    with Store.create(store) as opened:
        driver = Driver(opened, settings, engine=engine, jobs=int(jobs), reports=int(reports))
        tally = driver.run(read_path(file, settings))
    costs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own, workers = (each.ru_utime + each.ru_stime for each in costs)
    print(json.dumps([own, workers, tally.kept]))


def digest(path: Path) -> str:
    """Return a digest of all rows of a store, sorted, kind by kind."""
    found = hashlib.sha256()
    with Store.open(path) as store:
        parts = store._catalogue.live()
    for kind in KINDS:
        rows = (repr(row) for part in parts for row in read_table(path / "parts", part, kind).to_pylist())
        for row in sorted(rows):
            found.update(f"{kind} {row}\n".encode())
    return found.hexdigest()


def measure(items: Sequence[RawItem], repeats: int) -> dict[str, Found]:
    """Return what each way costs; each turn begins with another."""
    found = {name: Found([], [], "") for name in WAYS}
    with tempfile.TemporaryDirectory(prefix="communique-engines-") as scratch:
        folder = Path(scratch)
        whole = _written(folder / "whole.jsonl", items)
        short = [RawItem(f"Iran condemned Israel for time {n}.", "x", str(n)) for n in range(WORKERS)]
        few = {jobs: _written(folder / f"{jobs}.jsonl", short[:jobs]) for jobs in (1, WORKERS)}
        for turn in range(repeats):
            names = [*WAYS][turn % len(WAYS) :] + [*WAYS][: turn % len(WAYS)]
            for name in names:
                engine, jobs = WAYS[name]
                store = folder / f"{name} {turn}"
                start = run(few[jobs], engine, jobs, folder / f"{name} {turn} start", reports=1)
                cost = run(whole, engine, jobs, store)
                one = found[name]
                found[name] = Found([*one.starting, start], [*one.reading, cost - start], digest(store))
                print(f"turn {turn + 1}, {name}: {cost}, start-up {start}", file=sys.stderr)
    return found


def _written(path: Path, items: Sequence[RawItem]) -> Path:
    rows = ({"id": i.source_id, "text": i.content, "date": i.published, "title": i.title} for i in items)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def table(found: dict[str, Found], texts: int, turns: int) -> str:
    """Return the Markdown that docs/benchmarks.md shows."""
    one = found["one job"]
    rows = [f"| | {' | '.join(found)} |", f"|{' --- |' * (len(found) + 1)}"]

    def row(name: str, shown: Sequence[str]) -> None:
        rows.append(f"| {name} | {' | '.join(shown)} |")

    row("reports a second", [f"{each.rate:.1f}" for each in found.values()])
    row("as a multiple", [f"{each.rate / one.rate:.2f}" for each in found.values()])
    row("at least", [f"{AT_LEAST[name]:.1f}" if name in AT_LEAST else "" for name in found])
    starts = [statistics.median(cost.wall for cost in each.starting) for each in found.values()]
    row("start-up, seconds", [f"{start:.1f}" for start in starts])
    row("processor time a report, as a multiple", [f"{each.work / one.work:.2f}" for each in found.values()])
    row("of it the driver", ["" if each is one else f"{each.driver:.1%}" for each in found.values()])
    row("rows identical", ["" if each is one else "yes" if each.rows == one.rows else "no" for each in found.values()])
    rows += ["", f"{texts} reports, {turns} turns. {os.cpu_count()} cores ({machine()}), {date.today().isoformat()}."]
    return "\n".join(rows)


def faults(found: dict[str, Found]) -> list[str]:
    """Return what is not as it should be, a sentence each."""
    one = found["one job"]
    slow = [
        f"{name}: {found[name].rate / one.rate:.2f} times the rate of one job, less than {least:.1f}."
        for name, least in AT_LEAST.items()
        if found[name].rate < least * one.rate
    ]
    return [
        *slow,
        *(f"{name}: its rows differ from those of one job." for name in found if found[name].rows != one.rows),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Time one job, two, and two dask workers over the same reports.")
    options.add_argument("--news", type=Path, help="JSONL with id, date and text; default: the example reports")
    options.add_argument("--texts", type=int, default=0, help="use only the first N texts (0: all)")
    options.add_argument("--repeats", type=int, default=1)
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    options.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    chosen = options.parse_args(arguments)
    if chosen.child:
        child(*chosen.child)
        return 0
    items = load_items(chosen.news, chosen.texts)
    found = measure(items, chosen.repeats)
    content = table(found, len(items), chosen.repeats)
    print(content)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", page), encoding="utf-8")
    wrong = faults(found)
    for fault in wrong:
        print(fault, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
