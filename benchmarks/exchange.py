"""What an import costs beside DuckDB's own CSV reader on the same file.

usage: python benchmarks/exchange.py [--rows N] [--turns N] [--formats NAME...] [--at-most X] [--write]

For GDELT 1.0, ICEWS and POLECAT a file of `--rows` rows (1,000,000) is generated with the quirks of the format. In
turns DuckDB makes a table of it (`CREATE TABLE ... AS SELECT * FROM read_csv`, told of delimiter, header and encoding,
and to take rows with more or fewer columns as they are), and `communique import` takes it into a new store, in this
process, after the knowledge is loaded. Compared are the clock and the processor's time, medians of the turns; other
programs on the machine disturb the first more. Every row must be there or set aside. Exit status 1 where the median by
the clock is over `--at-most` (3). --write puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

import exchange_files
from communique.exchange import intake
from communique.exchange.registry import format_of
from communique.store import Store
from speed import PAGE, machine

AT_MOST = 3.0
_HEAD = (
    "| format | rows | MB | DuckDB, s | import, s | by the clock | by processor time | at most |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
)


@dataclass(frozen=True)
class Took:
    """Seconds by the clock and of the processor."""

    clock: float
    processor: float


def timed(work: Callable[[], object]) -> Took:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - clock, time.process_time() - processor)


def read_by_duckdb(path: Path, name: str) -> None:
    """Make a table of a file, in memory, as somebody would who knows what it is."""
    header = name != "gdelt1"
    encoding = exchange_files.MAKERS[name][1].replace("iso-8859-1", "latin-1")
    connection = duckdb.connect(":memory:")
    connection.execute(
        f"CREATE TABLE rows AS SELECT * FROM read_csv('{path}', delim = '\t', quote = '', header = {header},"
        f" encoding = '{encoding}', null_padding = true, strict_mode = false)"
    )
    connection.close()


def imported(path: Path, name: str, store: Path) -> None:
    """Take a file into a new store. Raises SystemExit where a row is neither there nor set aside."""
    read = format_of(name).read
    assert read is not None
    with Store.create(store) as opened:
        taken = read(opened, path, 0.5)
        if taken.new + taken.aside != taken.rows:
            raise SystemExit(f"{name}: {taken.rows} rows, but {taken.new} new and {taken.aside} set aside.")


def measure(folder: Path, name: str, rows: int, turns: int) -> tuple[str, float]:
    """Return a row of the table, and the ratio by the clock."""
    path = exchange_files.write(folder / f"{name}.tab", name, rows)
    found: list[tuple[Took, Took]] = []
    for turn in range(turns):
        theirs = timed(lambda: read_by_duckdb(path, name))
        ours = timed(lambda turn=turn: imported(path, name, folder / f"{name}{turn}"))  # type: ignore[misc]
        found.append((theirs, ours))
    clock = statistics.median(b.clock / a.clock for a, b in found)
    processor = statistics.median(b.processor / a.processor for a, b in found)
    seconds = [statistics.median(pair[n].clock for pair in found) for n in (0, 1)]
    size = path.stat().st_size / 1e6
    path.unlink()
    return (
        f"| {name} | {rows:,} | {size:,.0f} | {seconds[0]:.1f} | {seconds[1]:.1f} | {clock:.2f} | {processor:.2f} "
        f"| {AT_MOST:.1f} |"
    ), clock


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Measure what an import costs beside DuckDB's own CSV reader.")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--formats", nargs="+", default=list(exchange_files.MAKERS), choices=exchange_files.MAKERS)
    options.add_argument("--at-most", type=float, default=AT_MOST)
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    intake.codebook()
    lines, over = [], False
    with tempfile.TemporaryDirectory() as temporary:
        for name in chosen.formats:
            line, ratio = measure(Path(temporary).resolve(), name, chosen.rows, chosen.turns)
            print(line, flush=True)
            lines.append(line)
            over |= ratio > chosen.at_most
    content = "\n".join([*_HEAD, *lines, "", f"{chosen.turns} turns, {machine()}, {date.today().isoformat()}."])
    if chosen.write:
        marked = re.compile(r"(<!-- exchange -->\n).*?(<!-- /exchange -->)", re.DOTALL)
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(marked.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", page), encoding="utf-8")
    if over:
        print("An import takes too long beside DuckDB's reader.", file=sys.stderr)
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
