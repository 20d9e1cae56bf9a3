"""What telling copies from reports of their own costs, over a million short reports: memory, and time as it goes on.

usage: python benchmarks/stories.py [--reports N] [--write]

Seeded reports of 60 words, one in five a near copy of an earlier one (words changed, cut at both ends), go through
`likeness` and the stories of a store's catalogue in a temporary folder, committed a thousand at once. Nothing but that
is timed. The time of the last tenth of the reports is held against that of the first: in processor time, which what
else the machine does touches less, and by the clock, which counts waiting for the disk as well.

Exit status 1 where the last tenth takes more than 1.15 times the first in processor time, or the process 2 GB.
--write puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path

from communique.reading.likeness import likeness
from communique.store.catalogue import NAME, Catalogue
from speed import PAGE, machine

AT_MOST_GROWTH, AT_MOST_GIGABYTES = 1.15, 2.0
_BATCH = 1000
_WORDS, _VOCABULARY = 60, 50_000
_MARKED = re.compile(r"(<!-- stories -->\n).*?(<!-- /stories -->)", re.DOTALL)
_SYLLABLES = "ka lo mi ren tu sha bel dor vin pas qui ter zan gol fe nir hu wex ost arl".split()


class Reports:
    """Reports by number, each made anew when it is asked for: nothing is kept."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        rng = random.Random(seed)
        self._words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(_VOCABULARY)]
        self._odds = list(accumulate(1 / (rank + 10) for rank in range(_VOCABULARY)))  # as words of a language fall

    def origin(self, number: int) -> int:
        """Return the report of which this one is a copy; itself, if it is none."""
        while number:
            rng = random.Random(self._seed * 2**40 + number)
            if rng.random() >= 0.2:
                break
            number = rng.randrange(number)
        return number

    def text(self, number: int) -> str:
        """Return the text of a report."""
        words = self._told(origin := self.origin(number))
        if origin != number:
            rng = random.Random(-number)
            for _ in range(rng.randint(0, 4)):
                words[rng.randrange(len(words))] = rng.choice(self._words)
            words = words[rng.randint(0, 5) : len(words) - rng.randint(0, 15)]
        return " ".join(words)

    def _told(self, number: int) -> list[str]:
        rng = random.Random(number * 2**20 + self._seed)
        words = rng.choices(self._words, cum_weights=self._odds, k=_WORDS)
        for at in rng.sample(range(1, _WORDS), 8):
            words[at] = str(rng.randint(2, 9999)) if at % 3 == 0 else words[at].capitalize()
        return words


@dataclass(frozen=True)
class Result:
    """Seconds of each tenth by processor and clock; what was found; peak memory and size on disk in bytes."""

    processor: list[float]
    clock: list[float]
    copies: int
    found: int
    wrong: int
    memory: int
    disk: int

    def growth(self, seconds: Sequence[float]) -> float:
        return seconds[-1] / seconds[0]


def run(folder: Path, reports: int) -> Result:
    """Tell the stories of so many reports in a new catalogue."""
    made = Reports()
    Catalogue.create(folder)
    catalogue = Catalogue.open(folder, write=True)
    stories = catalogue.stories()
    processor, clock = [0.0] * 10, [0.0] * 10
    copies = found = wrong = 0
    for numbers in _batches(reports):
        texts = [(f"r{n:08}", made.text(n)) for n in numbers]
        began = time.process_time(), time.perf_counter()
        told = [stories.assign(name, "2024-01-01", likeness(text)) for name, text in texts]
        names = [name for name, _ in texts]
        catalogue.commit([], [], stories.told(names))
        stories.forget(names)
        tenth = numbers[0] * 10 // reports
        processor[tenth] += time.process_time() - began[0]
        clock[tenth] += time.perf_counter() - began[1]
        for number, story in zip(numbers, told, strict=True):
            origin = made.origin(number)
            copies += origin != number
            found += origin != number and story == f"r{origin:08}"
            wrong += story not in (f"r{number:08}", f"r{origin:08}")
        if numbers[0] * 20 // reports != (numbers[-1] + 1) * 20 // reports:
            rate = len(numbers) / (time.perf_counter() - began[1])
            print(f"{numbers[-1] + 1:,} reports, {rate:,.0f} a second", file=sys.stderr)
    catalogue.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Result(processor, clock, copies, found, wrong, memory, (folder / NAME).stat().st_size)


def _batches(reports: int) -> Iterator[range]:
    size = min(_BATCH, max(1, reports // 10))
    for start in range(0, reports, size):
        yield range(start, min(start + size, reports))


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Tell copies among a million short reports.")
    options.add_argument("--reports", type=int, default=1_000_000)
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), chosen.reports)
    growth, gigabytes = result.growth(result.processor), result.memory / 2**30
    tenths = ", ".join(f"{seconds * 1e7 / chosen.reports:.0f}" for seconds in result.processor)
    rows = [
        "| what | measured | at most |", "| --- | --- | --- |",
        f"| last tenth of the reports over the first, processor time | {growth:.2f} | {AT_MOST_GROWTH} |",
        f"| the same by the clock | {result.growth(result.clock):.2f} | |",
        f"| peak memory of the process, GB | {gigabytes:.2f} | {AT_MOST_GIGABYTES:.0f} |",
        f"| size of the catalogue, bytes a report | {result.disk / chosen.reports:,.0f} | |",
        f"| reports a second | {chosen.reports / sum(result.clock):,.0f} | |",
        f"| copies put with what they copy | {result.found / max(1, result.copies):.4f} | |",
        f"| reports put with what they do not copy | {result.wrong} | |", "",
        f"Microseconds of processor time a report, tenth by tenth: {tenths}.", "",
        f"{chosen.reports:,} reports of {_WORDS} words, one in five a near copy. "
        f"{machine()}, {date.today().isoformat()}.",
    ]  # fmt: skip
    content = "\n".join(rows)
    print(content)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", page), encoding="utf-8")
    failed = growth > AT_MOST_GROWTH or gigabytes > AT_MOST_GIGABYTES
    if failed:
        print(f"Above the limits: {growth:.2f} times, {gigabytes:.2f} GB.", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
