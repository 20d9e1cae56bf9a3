"""Readers on the page and the API while reports are read in: is every answer whole, and how long does it take?

usage: python benchmarks/reading_while.py [--reports N] [--batch N] [--pause S] [--readers N] [--seed N]
                                          [--at-most RATIO]

Serves a store of simulated reports, a tenth of `--reports` (10,000), in a process of its own, and lets another process
add so many, a commit for each `--batch` (50) and a rest of `--pause` seconds (0.2) after it, merging parts as
it goes. Meanwhile `--readers` (4) ask pages and API without pause. It is known what the store holds after each commit,
so each answer is held against that: the counts of one answer are those after one commit, no reader ever sees an earlier
state than before, a report is there with all its records or not at all, one ETag always means one answer, and nothing
is an error. Afterwards the same is asked of the quiet store, whose answers the server has kept; times are given as p95,
and as the ratio of the two. The exit status is 1 if an answer was wrong, or if a ratio is above `--at-most`.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import accumulate
from pathlib import Path

import httpx
import numpy as np

from communique.records import Coding
from communique.store import Input, Store
from communique.store.written import write_codings
from serving import serving
from simulated_store import codings

KINDS = ("reports", "events", "statements", "positions")
EVENTS = 4  # a report, on average
_MERGE = 20  # commits between two merges of parts
_SEEN = re.compile(r"<b>([\d,]+)</b> (reports|events|statements|positions)")
_LINE = re.compile(r'<tr><td class="day">.*?href="/reports/([^"]+)".*?</tr>', re.S)
_NUMBER = re.compile(r'<td class="number">(\d+)</td>')
Counts = tuple[int, ...]


@dataclass(frozen=True)
class Truth:
    """What the store holds: the records of each report, in the order in which reports are added, `batch` at a time.

    `first` reports are there from the beginning.
    """

    first: int
    batch: int
    records: Mapping[str, frozenset[str]]
    counts: Mapping[str, Counts]
    sums: Sequence[Counts]

    @property
    def states(self) -> Mapping[Counts, int]:
        """The number of reports that are there, by the counts of all kinds after a commit."""
        ends = {*range(self.first, len(self.records), self.batch), len(self.records)}
        return {self.sums[n]: n for n in ends}


def truth_of(found: Sequence[Coding], first: int, batch: int) -> Truth:
    """Return what a store holds to which these codings are added."""
    each = [(1, len(one.events), len(one.statements), len(one.positions)) for one in found]
    sums = [(0, 0, 0, 0), *accumulate(each, lambda a, b: tuple(x + y for x, y in zip(a, b, strict=True)))]
    return Truth(
        first, batch, {one.report.id: frozenset(r.id for r in one.records) for one in found},
        {one.report.id: each[n] for n, one in enumerate(found)}, sums,
    )  # fmt: skip


def add(store: Store, found: Sequence[Coding], batch: int, pause: float = 0.0) -> None:
    """Add codings, a commit for each `batch` and a rest of `pause` seconds; merge parts at times, as reading does."""
    for n, start in enumerate(range(0, len(found), batch), 1):
        part = found[start : start + batch]
        written = write_codings(store.path, ((each, each.report.id) for each in part))
        store.writer.commit([written], inputs=[Input("simulated", each.report.id, each.report.id) for each in part])
        if n % _MERGE == 0:
            store.writer.compact()
        time.sleep(pause)


@dataclass
class Seen:
    """What all readers were told: faults, answers by ETag, and how long each kind of question took, in seconds."""

    wrong: list[str] = field(default_factory=list)
    by_etag: dict[str, str] = field(default_factory=dict)
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    states: set[int] = field(default_factory=set)

    @property
    def answers(self) -> int:
        return sum(map(len, list(self.took.values())))


class Reader:
    """Asks a server without pause and holds each answer against the truth."""

    def __init__(self, url: str, truth: Truth, seen: Seen, seed: int) -> None:
        self._client = httpx.Client(base_url=url, timeout=120)
        self._truth, self._seen, self._rng = truth, seen, random.Random(seed)
        self._ids = list(truth.records)
        self._states = truth.states
        self._totals = [{n: max(k for c, k in self._states.items() if c[i] == n) for n in {c[i] for c in self._states}}
                        for i in range(len(KINDS))]  # fmt: skip
        self._at = truth.first  # so many reports were there at least when last asked
        self._etags: dict[str, str] = {}

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def round(self) -> None:
        """Ask everything once."""
        self._counts("/api/v1/status", lambda a: tuple(a.json()["counts"][kind] for kind in KINDS))
        self._counts("/", _overview)
        for place, kind in enumerate(KINDS):
            self._total(f"/api/v1/{kind}", place)
        self._list("/reports?limit=40")
        self._report()
        for path in ("/actors/RUS", "/dyads/RUS/USA", "/issues/trade", "/map", "/search?q=harbour"):
            self._ask(path.split("?")[0], path)

    def _ask(self, name: str, path: str, allowed: Sequence[int] = (200,), **more: str) -> httpx.Response | None:
        known = self._etags.get(path, "") if self._rng.random() < 0.5 else ""
        begun = time.perf_counter()
        answer = self._client.get(path, headers={"if-none-match": known} if known else {}, params=more or None)
        self._seen.took[name].append(time.perf_counter() - begun)
        if answer.status_code == 304 and known:
            return None
        if answer.status_code not in allowed:
            self._wrong(path, f"{answer.status_code}: {answer.text[:200]}")
            return None
        etag = answer.headers.get("etag", "")
        if etag and answer.status_code == 200:
            self._etags[path] = etag
            body = hashlib.sha256(re.sub(rb'name="form_token" value="[^"]*"', b"", answer.content)).hexdigest()
            if self._seen.by_etag.setdefault(f"{path} {etag}", body) != body:
                self._wrong(path, f"two answers have the ETag {etag}")
        return answer

    def _counts(self, path: str, read: object) -> None:
        answer = self._ask(path, path)
        if answer is not None:
            found: Counts = read(answer)  # type: ignore[operator]
            self._forward(path, self._states.get(found), found)

    def _total(self, path: str, place: int) -> None:
        asked = {"limit": "1", "total": "true"}
        if (answer := self._ask("/api/v1/LIST", f"{path}?limit=1&total=true")) is None:
            return
        total = answer.json()["total"]
        at = self._totals[place].get(total)
        if at is None or at < self._at:
            self._wrong(path, f"a total of {total} where {self._at} reports were there before; {asked}")

    def _list(self, path: str) -> None:
        if (answer := self._ask("/reports", path)) is None:
            return
        total = re.search(r"([\d,]+) reports?", answer.text)
        at = int(total[1].replace(",", "")) if total else -1
        self._forward(path, at if at in self._states.values() else None, total and total[0])
        there = set(self._ids[:at])
        lines = _lines(answer)
        if len(lines) != min(40, at):
            self._wrong(path, f"{len(lines)} lines of {at} reports")
        for report, counts in lines.items():
            if report not in there or self._truth.counts[report][1:] != counts:
                self._wrong(path, f"{report} has {counts}, or is not there yet")

    def _report(self) -> None:
        place = self._rng.choice((self._rng.randrange(len(self._ids)), max(0, self._at - 1 - self._rng.randrange(60))))
        report = self._ids[place]
        expected = (200,) if place < self._at else (200, 404)
        answer = self._ask("/api/v1/reports/ID", f"/api/v1/reports/{report}", expected)
        if answer is not None and answer.status_code == 200:
            if {one["id"] for one in answer.json()["records"]} != self._truth.records[report]:
                self._wrong(report, "the report has not all of its records")
            self._page(report)

    def _page(self, report: str) -> None:
        answer = self._ask("/reports/ID", f"/reports/{report}")
        if answer is not None:
            shown = set(re.findall(r'id="r-([^"]+)"', answer.text))
            if shown != self._truth.records[report]:
                self._wrong(report, "the page has not all records of the report")

    def _forward(self, path: str, at: int | None, told: object) -> None:
        if at is None:
            self._wrong(path, f"{told} is the state after no commit")
        elif at < self._at:
            self._wrong(path, f"{told} is an earlier state than one that was shown before")
        else:
            self._at = at
            self._seen.states.add(at)

    def _wrong(self, path: str, what: str) -> None:
        self._seen.wrong.append(f"{path}: {what}")


def _overview(answer: httpx.Response) -> Counts:
    told = {kind: int(number.replace(",", "")) for number, kind in _SEEN.findall(answer.text)}
    return tuple(told.get(kind, -1) for kind in KINDS)


def _lines(answer: httpx.Response) -> dict[str, Counts]:
    """Return events, statements and positions of each report in a list of reports, by id."""
    return {
        unescape(found[1]): tuple(map(int, _NUMBER.findall(found[0])))
        for found in _LINE.finditer(answer.text)
    }  # fmt: skip


def read_until(over: threading.Event, url: str, truth: Truth, readers: int, seen: Seen | None = None) -> Seen:
    """Let so many read until `over`, and once more after it; return what they saw, in `seen` if it is given."""
    seen = seen if seen is not None else Seen()

    def one(number: int) -> None:
        with Reader(url, truth, seen, number) as reader:
            try:
                while True:
                    last = over.is_set()
                    reader.round()
                    if last:
                        return
            except Exception as error:  # noqa: BLE001 - a reader that falls is a fault, whatever it is
                seen.wrong.append(f"reader {number}: {error!r}")

    threads = [threading.Thread(target=one, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _tell(writer: subprocess.Popen[bytes], over: threading.Event) -> None:
    writer.wait()
    over.set()


def _at_once() -> threading.Event:
    over = threading.Event()
    over.set()
    return over


def _p95(times: Sequence[float]) -> float:
    return float(np.percentile(times, 95)) * 1000 if times else float("nan")


def _told(during: Seen, quiet: Seen) -> Iterator[tuple[str, float, float]]:
    for name in during.took:
        yield name, _p95(during.took[name]), _p95(quiet.took.get(name, []))


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Readers while reports are read in.")
    options.add_argument("--reports", type=int, default=10_000)
    options.add_argument("--batch", type=int, default=50)
    options.add_argument("--pause", type=float, default=0.2, help="seconds after a commit")
    options.add_argument("--readers", type=int, default=4)
    options.add_argument("--seed", type=int, default=3)
    options.add_argument("--at-most", type=float, default=0.0, help="p95 while reading to p95 of the quiet store")
    options.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args(arguments)
    first = chosen.reports // 10
    found = list(codings(first + chosen.reports, EVENTS, chosen.seed))
    if chosen.write:
        with Store.open(chosen.write, write=True) as store:
            add(store, found[first:], chosen.batch, chosen.pause)
        return 0
    truth = truth_of(found, first, chosen.batch)
    del found[first:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        with Store.create(path) as store:
            add(store, found, max(first, 1))
        with serving(path) as (url, _):
            read_until(_at_once(), url, truth, 1)  # what is opened with the first question
            over, begun = threading.Event(), time.monotonic()
            given = ["--reports", str(chosen.reports), "--batch", str(chosen.batch), "--seed", str(chosen.seed),
                     "--pause", str(chosen.pause)]  # fmt: skip
            writer = subprocess.Popen([sys.executable, __file__, *given, "--write", str(path)])
            threading.Thread(target=_tell, args=(writer, over), daemon=True).start()
            during = read_until(over, url, truth, chosen.readers)
            seconds = time.monotonic() - begun
            if writer.returncode:
                during.wrong.append(f"the writer ended with {writer.returncode}")
            if len(truth.records) not in during.states:
                during.wrong.append("not all reports were seen at the end")
            done = threading.Event()
            threading.Timer(10, done.set).start()
            quiet = read_until(done, url, truth, chosen.readers)
    wrong = [*during.wrong, *quiet.wrong]
    print(f"{chosen.reports:,} reports added in {seconds:.0f} s; {chosen.readers} readers had "
          f"{during.answers:,} answers meanwhile, of {len(during.states)} states; {len(wrong)} were wrong")  # fmt: skip
    print("\n".join(wrong[:20]))
    slow = False
    print("| asked | p95 while reading, ms | longest | p95 at rest, ms | ratio |\n| --- | ---: | ---: | ---: | ---: |")
    for name, busy, rest in _told(during, quiet):
        longest = max(during.took[name]) * 1000
        print(f"| {name} | {busy:.0f} | {longest:.0f} | {rest:.0f} | {busy / rest:.1f} |")
        slow |= bool(chosen.at_most and busy / rest > chosen.at_most)
    return 1 if wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
