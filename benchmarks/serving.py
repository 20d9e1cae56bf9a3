"""How fast `communique serve` answers many readers over a large store.

usage: python benchmarks/serving.py STORE [--readers 16] [--seconds 60] [--each 24] [--no-browser]

STORE is best one that benchmarks/simulated_store.py made (1,000,000 events in 100,000 reports). The server is started
as a user starts it, and its readers' index made first where it is missing. Each address is asked twice by one reader
alone; then locust lets so many readers ask without a pause, one page or API call after the other, each class equally
often, drawn from `--each` addresses of each class: the actors, dyads and issues of which most is known, reports,
records and searches at random. Those are then asked for the third time at least; beside them the `new` classes ask
what nobody asked before.

Prints for each class the milliseconds of the first and second time alone, the median and the 95th percentile under
load, how the first time compares with the bare DuckDB question behind it, and the memory of the server and of all its
processes at their largest. Exit status 1 where a class takes longer or the server more memory than issue 7 asks.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import httpx

from communique.store import Filters, ReportSummary, Store

_MOST_MS, _MOST_MB, _FIRST_S = 300, 600, 1.0
_WORDS = 'Ukraine,border,tariff,pipeline,"accused Russia",summit OR treaty,harbour -island,ceas*'.split(",")


def addresses(store: Store, each: int) -> dict[str, list[str]]:
    """Return what is asked, by class."""
    rng = random.Random(3)
    actors, issues = store.frequent("actor", each), store.frequent("issue", each)
    pairs = sorted(
        combinations(actors[:12], 2), key=lambda pair: -store.extent(Filters(dyad=pair)).records
    )[:each]  # fmt: skip
    days = [f"{rng.randrange(2019, 2025)}-{rng.randrange(1, 13):02}" for _ in range(each)]
    events = [e for day in days for e in store.page("events", Filters(until=day), limit=2).items]
    reports = sorted({getattr(event, "report", "") for event in events})
    records = [getattr(event, "id", "") for event in events][:each]
    return {
        "page: overview": ["/"],
        "page: reports": ["/reports", *(f"/reports?since={day}&until={day}" for day in days)],
        "page: report": [f"/reports/{name}" for name in reports],
        "page: actor": [f"/actors/{code}" for code in actors],
        "page: dyad": [f"/dyads/{one}/{other}" for one, other in pairs],
        "page: issues": ["/issues"],
        "page: issue": [f"/issues/{name}" for name in issues],
        "page: network": ["/network"],
        "page: map": ["/map"],
        "page: search": [f"/search?q={httpx.QueryParams({'q': word})['q']}" for word in _WORDS],
        "page: audit": ["/audit"],
        "page: table of an actor": [f"/actors/{code}.csv" for code in actors[:4]],
        "api: events": ["/api/v1/events", *(f"/api/v1/events?actor={code}" for code in actors)],
        "api: events of a dyad": [f"/api/v1/events?dyad={one},{other}&type=ACCUSE" for one, other in pairs],
        "api: events of a month": [f"/api/v1/events?since={day}&until={day}" for day in days],
        "api: statements": [f"/api/v1/statements?actor={code}" for code in actors],
        "api: positions": [f"/api/v1/positions?issue={name}" for name in issues],
        "api: reports": ["/api/v1/reports", *(f"/api/v1/reports?actor={code}" for code in actors[:6])],
        "api: report": [f"/api/v1/reports/{name}" for name in reports],
        "api: record": [f"/api/v1/records/{name}" for name in records],
        "api: actor": [f"/api/v1/actors/{code}" for code in actors],
        "api: issues": ["/api/v1/issues"],
        "api: search": [f"/api/v1/search?q={word}" for word in _WORDS],
        "api: status": ["/api/v1/status"],
        "api: scores of a dyad": [f"/api/v1/alignment/dyads?actors={one},{other}" for one, other in pairs],
        "api: series of a dyad": [f"/api/v1/alignment/series?actors={one},{other}" for one, other in pairs],
        "api: stances of an actor": [f"/api/v1/alignment/issues?actors={code}" for code in actors],
        "new: events of an actor in a month": [
            f"/api/v1/events?actor={code}&since={day}&until={day}" for code in actors for day in days
        ],
        "new: reports of a dyad": [f"/reports?dyad={one},{other}" for one, other in combinations(actors, 2)],
        "new: report": [f"/reports/{name}" for name in sorted(_more_reports(store, rng))],
    }


def _more_reports(store: Store, rng: random.Random) -> set[str]:
    """Return some hundred reports of all years, their ids."""
    found: set[str] = set()
    for _ in range(60):
        day = f"{rng.randrange(2019, 2025)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 28):02}"
        page = store.page("reports", Filters(since=day, until=day), limit=40)
        found |= {each.report.id for each in page.items if isinstance(each, ReportSummary)}
    return found


@dataclass
class Memory:
    """The memory of a process and of all below it, in megabytes, at its largest."""

    process: int
    own: float = 0.0
    whole: float = 0.0
    idle: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at it four times a second while the block goes on."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()

    def _watch(self) -> None:
        import psutil

        while not self._over.wait(0.25):
            top = psutil.Process(self.process)
            below = 0.0
            for each in top.children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    below += each.memory_info().rss
            own = top.memory_info().rss
            self.idle = own / 1e6
            self.own, self.whole = max(self.own, own / 1e6), max(self.whole, (own + below) / 1e6)


@contextmanager
def serving(store: Path) -> Iterator[tuple[str, int]]:
    """Start the server as a user does; give its address and its process."""
    command = [sys.executable, "-m", "communique", "serve", "--store", str(store), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline() if process.stderr else ""
        found = re.search(r"http://\S+:\d+", line)
        if not found:
            raise SystemExit(line)
        yield found[0], process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def warm(process: int) -> float:
    """Wait until the server, and the process beside it, have worked out what is likely asked; return the seconds."""
    began, quiet, before = time.monotonic(), 0, _used(process)
    while quiet < 4 and time.monotonic() - began < 600:
        time.sleep(1)
        quiet, before = quiet + 1 if (now := _used(process)) - before < 0.15 else 0, now
    return time.monotonic() - began


def _used(process: int) -> float:
    """Return the seconds of processor time that a process and all below it have used so far."""
    import psutil

    found = 0.0
    top = psutil.Process(process)
    for each in (top, *top.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found += sum(each.cpu_times()[:2])
    return found


def alone(site: str, asked: dict[str, list[str]]) -> dict[str, tuple[float, float]]:
    """Return for each class the median milliseconds of the first and of the second time, for one reader."""
    found = {}
    with httpx.Client(base_url=site, timeout=120) as client:
        for name, some in asked.items():
            times: list[tuple[float, float]] = []
            for address in some if not name.startswith("new: ") else some[:4]:
                pair = []
                for _ in range(2):
                    began = time.perf_counter()
                    client.get(address).raise_for_status()
                    pair.append((time.perf_counter() - began) * 1e3)
                times.append((pair[0], pair[1]))
            found[name] = statistics.median(t for t, _ in times), statistics.median(t for _, t in times)
    return found


def under_load(site: str, asked: dict[str, list[str]], readers: int, seconds: int) -> dict[str, dict[str, str]]:
    """Return locust's statistics by class."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "addresses"
        listed.write_text("\n".join(f"{name}\t{one}" for name, some in asked.items() for one in some), encoding="utf-8")
        command = [
            sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("reader.py")), "--headless",
            "--host", site, "-u", str(readers), "-r", str(readers), "-t", f"{seconds}s",
            "--csv", str(Path(folder) / "out"), "--only-summary", "--exit-code-on-error", "1",
        ]  # fmt: skip
        subprocess.run(
            command, env={**os.environ, "COMMUNIQUE_ADDRESSES": str(listed)}, check=True, capture_output=True, text=True
        )  # fmt: skip
        with (Path(folder) / "out_stats.csv").open(encoding="utf-8", newline="") as rows:
            return {row["Name"]: row for row in csv.DictReader(rows)}


def bare(path: Path) -> dict[str, float]:
    """Return the median milliseconds of the bare DuckDB questions over the parts that some classes rest on."""
    with Store.open(path) as store:
        actor, other = store.frequent("actor", 2)
        issue = (store.frequent("issue", 1) or [""])[0]
        record = store.page("events", limit=1).items[0]
        name, number = getattr(record, "report", ""), getattr(record, "id", "")
        store._is_up_to_date = lambda: False  # type: ignore[method-assign] # the parts are asked, not the index
        asked: dict[str, Callable[[], object]] = {
            "api: events": lambda: store.page("events", Filters(actor=actor)),
            "api: events of a dyad": lambda: store.page("events", Filters(dyad=(actor, other), type="ACCUSE")),
            "api: statements": lambda: store.page("statements", Filters(actor=actor)),
            "api: positions": lambda: store.page("positions", Filters(issue=issue)),
            "api: reports": lambda: store.page("reports", Filters(actor=actor)),
            "api: report": lambda: store.coding(name),
            "api: record": lambda: store.record(number),
            "api: scores of a dyad": lambda: store._ask(
                "ties", "ties", {**_ties(store, actor, other)}, left_out=store._left_out()
            ),
        }  # fmt: skip
        found = {}
        for each, ask in asked.items():
            times = []
            for _ in range(4):
                began = time.perf_counter()
                ask()
                times.append((time.perf_counter() - began) * 1e3)
            found[each] = statistics.median(times[1:])
        return found


def _ties(store: Store, actor: str, other: str) -> dict[str, object]:
    from communique.store.ties import asked

    return {**asked((actor, other), Filters(), "month"), "channel": None}


def first_page(site: str) -> float | None:
    """Return the seconds until the overview is there in a browser that was not open before the question.

    None where the machine has no Chromium.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        print("No Chromium here: the first page is not timed in a browser.", file=sys.stderr)
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(site, wait_until="load")
        taken = time.perf_counter() - began
        browser.close()
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Measure communique serve under many readers.")
    options.add_argument("store", type=Path)
    options.add_argument("--readers", type=int, default=16)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--each", type=int, default=24)
    options.add_argument("--no-browser", action="store_true")
    chosen = options.parse_args(arguments)
    subprocess.run([sys.executable, "-m", "communique", "index", "--store", str(chosen.store)], check=True)
    with Store.open(chosen.store) as store:
        asked = addresses(store, chosen.each)
        counts = store.counts()
    questions = bare(chosen.store)
    with serving(chosen.store) as (site, process):
        memory = Memory(process)
        with memory.watched():
            shown = None if chosen.no_browser else first_page(site)
            ahead = warm(process)
            single = alone(site, asked)
            found = under_load(site, asked, chosen.readers, chosen.seconds)
    held = f"{counts['events']:,} events, {counts['reports']:,} reports"
    print(f"{held}; {chosen.readers} readers for {chosen.seconds} s.\n")
    print("| asked | first | again | median, all | p95, all | requests | bare DuckDB | first / bare |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in asked:
        row = found.get(name, {})
        one, again = single[name]
        under = questions.get(name)
        ratio = f"{one / under:.2f}" if under else ""
        print(
            f"| {name} | {one:.0f} | {again:.0f} | {row.get('50%', '')} | {row.get('95%', '')} | "
            f"{row.get('Request Count', '')} | {f'{under:.0f}' if under else ''} | {ratio} |"
        )  # fmt: skip
    whole = found["Aggregated"]
    worst = max(float(found[name]["95%"]) for name in asked if name in found)
    rate = float(whole["Requests/s"])
    print(
        f"\nAll: median {whole['50%']} ms, p95 {whole['95%']} ms, {rate:.0f} requests a second, "
        f"{whole['Failure Count']} failures; the worst class p95 {worst:.0f} ms (asked: {_MOST_MS})."
    )
    print(
        f"Memory: server {memory.own:.0f} MB (asked: {_MOST_MB}), with the processes beside it {memory.whole:.0f} MB; "
        f"{memory.idle:.0f} MB once it was quiet. Working ahead took {ahead:.0f} s."
    )
    if shown is not None:
        print(f"First page in a browser: {shown:.2f} s (asked: {_FIRST_S}).")
    return int(worst > _MOST_MS or memory.own > _MOST_MB or (shown or 0) > _FIRST_S)


if __name__ == "__main__":
    sys.exit(main())
