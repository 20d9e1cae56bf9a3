"""How long a store takes to answer what a page asks, warm.

usage: python benchmarks/questions.py STORE [--repeats N]

STORE is best one that benchmarks/simulated_store.py made. Prints the first answer and the median of the next, by the
clock and in processor time (all threads together), in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from communique.store import Filters, Store

Question = Callable[[], object]


def questions(store: Store) -> dict[str, Question]:
    """Return what is asked, by name; actors and issues are those of the simulation."""
    newest = store.page("events", limit=50)
    middle = store.page("events", Filters(until="2022-01"), limit=50).items[10]
    report, record = getattr(middle, "report", ""), getattr(middle, "id", "")
    store.search("Ukraine", limit=1, patience=None)  # the index is made before
    rare, often = ("OMN", "QAT"), ("RUS", "UKR")
    return {
        "open and close": lambda: Store.open(store.path).close(),
        "version and counts": lambda: (store.version(), store.counts()),
        "newest events": lambda: store.page("events", limit=50),
        "events, second page": lambda: store.page("events", limit=50, after=newest.next),
        "newest reports": lambda: store.page("reports", limit=50),
        "events of RUS": lambda: store.page("events", Filters(actor="RUS"), limit=50),
        "events of OMN": lambda: store.page("events", Filters(actor="OMN"), limit=50),
        "events of nobody": lambda: store.page("events", Filters(actor="XXX"), limit=50),
        "events of RUS, number": lambda: store.count("events", Filters(actor="RUS")),
        "events of RUS and UKR": lambda: store.page("events", Filters(dyad=often), limit=50),
        "events of OMN and QAT": lambda: store.page("events", Filters(dyad=rare), limit=50),
        "positions on nato": lambda: store.page("positions", Filters(issue="nato"), limit=50),
        "search, one word": lambda: store.search("Ukraine"),
        "search, a phrase": lambda: store.search('"accused Russia"'),
        "search, begun word": lambda: store.search("pipe*"),
        "a report": lambda: store.report(report),
        "a report with its records": lambda: store.coding(report),
        "a record": lambda: store.record(record),
        "its trace": lambda: store.trace(record),
        "RUS and UKR by month": lambda: store.ties(often),
        "OMN and QAT by month": lambda: store.ties(rare),
        "what RUS holds": lambda: store.stances(("RUS",)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Measure what a page asks of a store.")
    options.add_argument("store", type=Path)
    options.add_argument("--repeats", type=int, default=5)
    chosen = options.parse_args(arguments)
    print("| question | first | then | processor |\n| --- | --- | --- | --- |")
    with Store.open(chosen.store) as store:
        for name, ask in questions(store).items():
            taken = [timed(ask) for _ in range(chosen.repeats + 1)]
            clock, processor = (statistics.median(each[n] for each in taken[1:]) for n in (0, 1))
            print(f"| {name} | {taken[0][0]:.0f} | {clock:.0f} | {processor:.0f} |", flush=True)
    return 0


def timed(ask: Question) -> tuple[float, float]:
    """Return the milliseconds that a question takes, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - clock) * 1e3, (time.process_time() - processor) * 1e3


if __name__ == "__main__":
    sys.exit(main())
