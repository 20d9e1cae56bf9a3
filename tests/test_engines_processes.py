"""Many processes: the same records, workers that die, drivers that are killed, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import engine_runs as runs
from communique.engines import Driver, Tally
from communique.errors import LanguageError
from communique.records import Failure
from communique.settings import Settings
from communique.store import Store

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"), pytest.mark.slow]
NUMBER = 9


@pytest.fixture(scope="module")
def undisturbed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that one process made."""
    path = tmp_path_factory.mktemp("one") / "store"
    tally = runs.run(path, NUMBER, reports=2)
    assert (tally.kept, tally.there, tally.failed) == (NUMBER, 1, 2)
    return path


class Seen:
    """A watcher that counts."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.inputs = 0

    def say(self, doing: str) -> None:
        self.said.append(doing)

    def advance(self, inputs: int) -> None:
        self.inputs += inputs


def test_two_processes_give_what_one_gives(undisturbed: Path, tmp_path: Path) -> None:
    seen = Seen()
    tally = runs.run(tmp_path / "store", NUMBER, jobs=2, reports=2, watcher=seen)
    assert seen.inputs == NUMBER + 3
    assert (seen.said[0], seen.said[-1]) == ("starting 2 workers", "reading")
    assert (tally.kept, tally.there, tally.failed) == (NUMBER, 1, 2)
    expected = runs.rows(undisturbed)
    assert runs.rows(tmp_path / "store") == expected
    assert {kind: bool(found) for kind, found in expected.items()} == dict.fromkeys(expected, True)
    assert runs.ledger(tmp_path / "store") == runs.ledger(undisturbed)
    assert runs.names(tmp_path / "store") == runs.names(undisturbed), "the parts are the same files"
    again = runs.run(tmp_path / "store", NUMBER, jobs=2)
    assert (again.kept, again.there, again.failed) == (0, NUMBER + 1, 2)


def test_workers_that_die_are_replaced_and_reports_that_kill_them_set_aside(site: Path, tmp_path: Path) -> None:
    marks = {1: runs.KILLS_ONCE, 2: runs.KILLS, 4: runs.FAULTY}
    items = [runs.item(n, marks.get(n, "")) for n in range(6)]
    tally = runs.read(tmp_path / "store", [*items, items[2]], jobs=2, reports=3)
    assert (tally.kept, tally.there, tally.failed) == (4, 0, 3)
    causes = {(each.source_id, each.stage): each.cause for each in tally.failures}
    assert set(causes) == {("2", "worker"), ("4", "coding")}
    assert causes["2", "worker"].startswith("Its worker was killed by signal 9 (SIGKILL), each time it was at this")
    assert "ValueError: a fault that nobody foresaw" in causes["4", "coding"]
    outcomes = {line[1]: line[3:] for line in runs.ledger(tmp_path / "store")}
    assert outcomes == {
        "0": ("coded", ""), "1": ("coded", ""), "2": ("failed", "worker"), "3": ("coded", ""),
        "4": ("failed", "coding"), "5": ("coded", ""),
    }  # fmt: skip
    # The others are coded as they are without those.
    runs.read(tmp_path / "others", [each for n, each in enumerate(items) if n not in (2, 4)])
    assert runs.rows(tmp_path / "store") == runs.rows(tmp_path / "others")
    assert runs.names(tmp_path / "store") == runs.named(tmp_path / "store")


def test_a_driver_that_is_killed_and_started_again_makes_the_same_store(site: Path, tmp_path: Path) -> None:
    path = tmp_path / "store"
    with runs.start_driver(site, path, NUMBER, "processes", 2, 2, runs.SLOW) as driver:
        runs.waited_for(lambda: runs.committed(path) or driver.poll() is not None)
        workers = runs.descendants(driver.pid)
        assert len(workers) == 2
        driver.kill()
    runs.waited_for(lambda: not runs.alive(workers), 20)
    assert 0 < runs.committed(path) < NUMBER
    before = runs.committed(path)
    assert runs.run(path, NUMBER, runs.SLOW, reports=2).kept == NUMBER - before
    runs.run(tmp_path / "whole", NUMBER, runs.SLOW, reports=2)
    assert runs.rows(path) == runs.rows(tmp_path / "whole")
    coded = [line for line in runs.ledger(path) if line[3] == "coded"]
    assert coded == [line for line in runs.ledger(tmp_path / "whole") if line[3] == "coded"]
    assert runs.names(path) == runs.names(tmp_path / "whole") == runs.named(path)


@pytest.mark.parametrize("how", [("--jobs", "2"), ("--jobs", "2", "--engine", "dask")], ids=["processes", "dask"])
def test_ctrl_c_keeps_what_was_begun(how: tuple[str, ...], site: Path, tmp_path: Path) -> None:
    wire, store = tmp_path / "wire.jsonl", tmp_path / "store"
    texts = (f"On Friday France condemned Iran. Germany met Italy in Rome for talks number {n}." for n in range(3000))
    wire.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-m", "communique", "read", str(wire), "--store", str(store), *how]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as reading:
        runs.waited_for(lambda: runs.committed(store))
        os.killpg(reading.pid, signal.SIGINT)  # as a terminal does, to all that belongs to the command
        out, err = reading.communicate(timeout=60)
    reports = runs.committed(store)
    assert 0 < reports < 3000
    assert (reading.returncode, out) == (130, "")
    assert err == f"communique: stopped: {reports:,} reports kept; run the same command again to go on.\n"
    assert reports % 32 == 0, "what workers had begun was finished"
    assert runs.names(store) == runs.named(store)


def test_what_a_worker_cannot_load_is_said_in_a_sentence(site: Path, tmp_path: Path) -> None:
    """The driver does not parse, so that a pipeline that does not load shows in the worker only."""
    broken = tmp_path / "site" / "broken_pipeline"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text(
        "import spacy\ndef load(**options):\n    return spacy.blank('en')\n", encoding="utf-8"
    )
    info = tmp_path / "site" / "broken_pipeline-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken_pipeline\nVersion: 1.0\n", encoding="utf-8")
    sys.path.insert(0, str(tmp_path / "site"))
    try:
        with Store.create(tmp_path / "store") as store:
            settings = Settings(pipelines={"en": "broken_pipeline"})
            with pytest.raises(LanguageError, match="has no parser"):
                Driver(store, settings, jobs=2).run([runs.item(1)])
            assert store.counts()["reports"] == 0
    finally:
        sys.path.remove(str(tmp_path / "site"))


def test_an_engine_of_ones_own(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "site" / "extra-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[communique.engines]\nslow = extra_engine:slow\nlossy = extra_engine:lossy\n", encoding="utf-8"
    )
    (tmp_path / "site" / "extra_engine.py").write_text(
        "from communique.engines import Done, code_batch\n"
        "def slow(job, batches, host):\n"
        "    for batch in batches:\n"
        "        yield code_batch(host.coder, job.store, batch)\n"
        "def lossy(job, batches, host):\n"
        "    yield from (Done(batch.number) for batch in batches)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(RuntimeError, match="lost 1 reports of batch 1"):
        runs.read(tmp_path / "store", [runs.item(1)], engine="lossy")
    tally = runs.read(tmp_path / "store", [runs.item(1), Failure("x", "source", "Gone.")], engine="slow")
    assert tally == Tally(1, 0, 1, [Failure("x", "source", "Gone.")])
