"""What reading costs as a file and a store grow: memory and time per report.

usage: python benchmarks/store.py [--megabytes N] [--stored N] [--more N] [--turns N] [--only file|store] [--write]

Both parts run `communique read` as a user would, in a process of its own, and look at that process from outside:

file    A generated JSONL file of N megabytes (--megabytes). Each line has a text of about 2 kB and a field of 58 kB
        that the program has no use for, as exports have. In each 50 lines one report is in English and is coded;
        the others say that they are in a language that no pipeline here reads, so they are read, kept and skipped.
        Measured from the first commit on: processor time by the byte in each tenth of the file, and the resident
        memory above what it was then.
store   N more reports (--more) are read into an empty store and into one that holds --stored simulated reports, in
        turns, each into a fresh copy. Processor time, without that of a run that reads one report.

Processor time, not the clock: what else the machine does would drown what is looked for. It still slows what shares its
caches and cores, so the time of a tenth is divided by that of a yardstick, a fixed piece of work that is done over and
over meanwhile. In a file of a few hundred megabytes a merge of parts falls on one tenth and not on another. Exit
status 1 where memory grows by more than 1.5 GB, the last tenth costs more than 1.1 times the first, or the full store
more than 1.2 times the empty one. --write puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from communique.records import Coding, DateInterval, Event, Report
from communique.store import Input, Store
from speed import PAGE, machine

_HEAD = ("| what | measured | at most |", "| --- | --- | --- |")
GROWTH, TENTHS, LARGE = 1.5e9, 1.10, 1.20  # bytes; times; times
_ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STATES = ("France", "Germany", "Italy", "Spain", "Norway", "Japan", "Canada", "Brazil", "Turkey", "Egypt")
_DEEDS = ("condemned", "praised", "threatened", "warned", "thanked")
_FOREIGN = "Le ministre a dit mardi que les mesures de cette année seraient revues, et que rien n'était décidé. "
_CODED_ONE_IN = 50


@dataclass(frozen=True)
class Watched:
    """A reading seen from outside: processor seconds by the megabyte for each tenth of the file, those of the yardstick
    at the same time, those after the last line, and bytes of memory at the first commit and at most."""

    tenths: tuple[float, ...]
    yards: tuple[float, ...]
    after: float
    loaded: int
    most: int

    @property
    def growth(self) -> float:
        """The last tenth as a multiple of the first, each by its yardstick."""
        return self.tenths[-1] / self.yards[-1] / (self.tenths[0] / self.yards[0])


def english(number: int) -> str:
    """Return a short report that no other number gives, about as long to code as any other."""
    one, other = _STATES[number % 10], _STATES[(number // 10 + number + 1) % 10]
    return (
        f"{one} {_DEEDS[number % 5]} {other} on Friday. Officials of {other} said that round {number} of the talks had "
        f"failed. {one} will send a minister to {other} next month, the foreign ministry said."
    )


def lines(size: int) -> Iterator[bytes]:
    """Yield lines of JSON of `size` bytes in all."""
    rest = "".join(random.Random(1).choices("abcdefghij <>/=", k=58_000))
    written = number = 0
    while written < size:
        row = {"id": str(number), "date": "2024-03-01", "html": rest, "language": "fr"}
        row["text"] = "\n\n".join(f"{_FOREIGN * 4}{number} {n}." for n in range(5))
        if number % _CODED_ONE_IN == 0:
            row |= {"text": english(number), "language": "en"}
        line = json.dumps(row).encode() + b"\n"
        yield line
        written, number = written + len(line), number + 1


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "communique", "read", *map(str, arguments)]


def watch(file: Path, store: Path) -> Watched:
    """Read `file` into `store` in a process of its own, and watch its memory, time and place in the file."""
    size = file.stat().st_size
    marks: list[tuple[int, float]] = []  # place in the file and processor time
    yards: list[list[float]] = [[]]
    loaded = most = 0
    seconds = 0.0
    with subprocess.Popen(command(file, "--store", store), env=_ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
        folder = Path("/proc", str(process.pid))
        while process.poll() is None:
            try:
                place, seconds, memory = place_in(folder, file), seconds_of(folder), memory_of(folder)
                if not marks and any((store / "parts").glob("[0-9a-f]*")):
                    (folder / "clear_refs").write_text("5")  # the peak counts from here on
                    loaded, marks = memory_of(folder), [(place, seconds)]
            except OSError:  # it has just ended, or has not begun
                time.sleep(0.02)
                continue
            if marks and len(marks) <= 10 and place >= size * len(marks) / 10:
                marks.append((place, seconds))
                yards.append([])
            most = max(most, memory)
            yards[-1].append(yardstick())
            time.sleep(0.03)
    if process.returncode or len(marks) < 11:
        raise SystemExit(f"communique read ended with {process.returncode} after {len(marks)} marks.")
    # A small file is read in so few pieces that two marks may be at one place.
    rates = tuple((late - early) / max(there - here, 1) * 1e6 for (here, early), (there, late) in pairwise(marks))
    return Watched(rates, tuple(map(statistics.median, yards[:10])), seconds - marks[-1][1], loaded, most)


def yardstick() -> float:
    """Return the processor seconds that some work takes that is always the same: JSON, a pattern, dictionaries."""
    began = time.process_time()
    text = json.dumps([english(n) for n in range(100)])
    counted = Counter(word for line in json.loads(text) for word in re.findall(r"\w+", line.casefold()))
    sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return time.process_time() - began


def place_in(folder: Path, file: Path) -> int:
    """Return how much of `file` the process has read through the first handle that it holds on it, or all of it."""
    handles = [int(each.name) for each in (folder / "fd").iterdir() if same(each, file)]
    if not handles:
        return file.stat().st_size
    return int((folder / "fdinfo" / str(min(handles))).read_text().split()[1])


def same(handle: Path, file: Path) -> bool:
    try:
        return handle.readlink() == file
    except OSError:
        return False


def seconds_of(folder: Path) -> float:
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(folder: Path) -> int:
    """Return the most resident memory of the process since its peak was last forgotten, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
    return int(found[1]) * 1024 if found else 0


def fill(path: Path, reports: int) -> None:
    """Make a store of simulated reports through the store's own writer, as a long reading would have left it."""
    with Store.create(path) as store:
        for start in range(0, reports, 1000):
            codings = [simulated(n) for n in range(start, min(start + 1000, reports))]
            inputs = [Input(f"archive/{c.report.id[:4]}.jsonl:{n}", str(n), c.report.id) for n, c in enumerate(codings)]
            store.writer.add(codings, inputs=inputs)
        store.writer.compact()
    print(
        f"{path.name}: {reports:,} reports, {sum(f.stat().st_size for f in path.rglob('*.*')):,} bytes", file=sys.stderr
    )


def simulated(number: int) -> Coding:
    name = f"r{random.Random(number).getrandbits(64):016x}"
    day = date.fromordinal(730_000 + number % 8000).isoformat()
    text = f"{english(number)} " * 4
    events = tuple(
        Event(f"e{name}{n}", name, "CONSULT", cameo="040", goldstein=1.0, date=DateInterval(day, day, "day"))
        for n in range(3)
    )
    return Coding(Report(name, text, published=day, outlet=f"Outlet {number % 50}", language="en"), events)


def cost(source: Path, store: Path) -> float:
    """Return the processor seconds of reading `source` into `store`."""
    before = os.times()
    subprocess.run(command(source, "--store", store), env=_ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def compare(folder: Path, stored: int, more: int, turns: int) -> tuple[list[float], list[float]]:
    """Return what reading `more` reports costs in an empty store and in one of `stored` reports, turn by turn."""
    fill(folder / "full", stored)
    fill(folder / "empty", 0)
    many, one = folder / "many.jsonl", folder / "one.jsonl"
    for path, numbers in ((many, range(1, more + 1)), (one, range(1))):
        path.write_text("".join(json.dumps({"id": str(n), "text": english(n)}) + "\n" for n in numbers))
    found: dict[str, list[float]] = {"empty": [], "full": []}
    for turn in range(turns):
        for kind in ("empty", "full") if turn % 2 else ("full", "empty"):
            work = folder / "work"
            shutil.copytree(folder / kind, work)
            start = cost(one, work)
            found[kind].append(cost(many, work) - start)
            shutil.rmtree(work)
        print(f"turn {turn + 1}: empty {found['empty'][-1]:.1f} s, full {found['full'][-1]:.1f} s", file=sys.stderr)
    return found["empty"], found["full"]


def of_file(folder: Path, megabytes: int) -> tuple[list[str], str, list[str]]:
    """Return rows of the table, what was measured, and what is over its limit."""
    file = folder / "wire.jsonl"
    with file.open("wb") as out:
        out.writelines(lines(megabytes * 10**6))
    seen = watch(file, folder / "store")
    with Store.open(folder / "store") as store:
        outcomes = {each.outcome: each.inputs for each in store.sums()}
    file.unlink()
    grown, tenths = seen.most - seen.loaded, seen.growth
    rows = [
        f"| memory above that at the first commit, MB | {grown / 1e6:,.0f} | {GROWTH / 1e6:,.0f} |",
        f"| time of the last tenth of a file, as a multiple of the first | {tenths:.2f} | {TENTHS:.2f} |",
    ]
    note = (
        f"One file of {megabytes:,} MB: {outcomes['coded']:,} reports coded, {outcomes['skipped']:,} read and skipped; "
        f"by tenths {', '.join(f'{1000 * x:.0f}' for x in seen.tenths)} ms of processor time for each megabyte "
        f"(the yardstick: {', '.join(f'{1000 * x:.1f}' for x in seen.yards)} ms), "
        f"{seen.after:.1f} s after the last line for merging parts; {seen.loaded / 1e6:,.0f} MB at the first commit."
    )
    over = ["Memory grows too much."] * (grown > GROWTH)
    return rows, note, over + ["The last tenth of the file costs more than the first."] * (tenths > TENTHS)


def of_store(folder: Path, stored: int, more: int, turns: int) -> tuple[list[str], str, list[str]]:
    """Return rows of the table, what was measured, and what is over its limit."""
    empty, full = compare(folder, stored, more, turns)
    larger = statistics.median(b / a for a, b in zip(empty, full, strict=True))
    rows = [f"| reading into a full store, as a multiple of an empty one | {larger:.2f} | {LARGE:.2f} |"]
    note = (
        f"Full store: {stored:,} reports, {more:,} more; {turns} turns, full and empty "
        f"{', '.join(f'{b:.1f} and {a:.1f}' for a, b in zip(empty, full, strict=True))} s."
    )
    return rows, note, ["Reading into a full store costs too much."] * (larger > LARGE)


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Measure what reading costs as a file and a store grow.")
    options.add_argument("--megabytes", type=int, default=1000, help="size of the one file")
    options.add_argument("--stored", type=int, default=100_000, help="reports in the full store")
    options.add_argument("--more", type=int, default=1000, help="reports that are read into it")
    options.add_argument("--turns", type=int, default=2)
    options.add_argument("--only", choices=("file", "store"), help="measure one of the two")
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    over: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        for name in ("file", "store"):
            if chosen.only in (None, name):
                sizes = [chosen.megabytes] if name == "file" else [chosen.stored, chosen.more, chosen.turns]
                rows, note, missed = (of_file if name == "file" else of_store)(folder, *sizes)
                content = "\n".join([*_HEAD, *rows, "", f"{note} {machine()}, {date.today().isoformat()}."])
                print(content, flush=True)
                over += missed
                if chosen.write:
                    write(name, content)
    for what in over:
        print(what, file=sys.stderr)
    return int(bool(over))


def write(name: str, content: str) -> None:
    """Put a table between its marks in docs/benchmarks.md."""
    marked = re.compile(rf"(<!-- large {name} -->\n).*?(<!-- /large {name} -->)", re.DOTALL)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(marked.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
