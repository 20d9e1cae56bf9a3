"""Whatever happens to a reading, the store is in the end exactly what an undisturbed one gives."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import exchange_files
from communique.errors import StoreWarning
from communique.store import Store, catalogue
from communique.store.shapes import KINDS
from factories import coding

KILLS = 50
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked, and killed as Linux does"),
]


class Program:
    """Runs commands in processes that have the language pipeline loaded already; see crashing.py."""

    def __init__(self, folder: Path) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_") or k.endswith("CACHE")}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crashing.py"))], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._answer() == "ready\n"

    def start(self, *arguments: object, kill: str = "start", at: float = 0) -> dict[str, Any]:
        model = [] if arguments[0] == "import" else ["--no-model"]
        asked = {"arguments": [*map(str, arguments), *model], "kill": kill, "at": at}
        self._write(json.dumps(asked))
        answer: dict[str, Any] = json.loads(self._answer())
        return answer

    def run(self, *arguments: object, kill: str = "", at: float = 0) -> dict[str, Any]:
        return self.start(*arguments, kill=kill, at=at)

    def wait(self) -> dict[str, Any]:
        self._write("")
        answer: dict[str, Any] = json.loads(self._answer())
        return answer

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(timeout=30) == 0
        assert self._process.stdout
        self._process.stdout.close()

    def _write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, if there is one: to a process that is killed a disk makes no difference but in time."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("crash")
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def program(here: Path) -> Iterator[Program]:
    started = Program(here)
    yield started
    started.close()


STATES = ("France", "Germany", "Italy", "Spain", "Norway", "Japan", "Canada", "Brazil")
DEEDS = ("condemned", "praised", "threatened", "warned", "thanked")


def line(number: int) -> dict[str, str]:
    one, other = STATES[number % 8], STATES[(number // 8 + number + 1) % 8]
    text = f"{one} {DEEDS[number % 5]} {other} on Friday. {other} said that round {number} of talks had failed."
    return {"id": str(number), "date": f"2022-03-{number % 28 + 1:02}", "text": text, "source": f"Wire {number % 3}"}


def write(path: Path, lines: list[object]) -> None:
    path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), encoding="utf-8")


@pytest.fixture(scope="module")
def archive(here: Path) -> Path:
    """Some sixty inputs with everything that can become of one: files and lines, copies, failures, another language."""
    folder = here / "archive"
    (folder / "notes").mkdir(parents=True)
    lines: list[object] = [line(n) for n in range(40)]
    lines[7] = {"id": "7", "language": "fr", "text": "La France a condamné l’Iran."}
    lines[13] = "no JSON"
    lines[20] = {**line(2), "id": "a copy"}
    lines[33] = {"id": "33"}
    write(folder / "wire.jsonl", lines)
    for number in range(40, 60):
        (folder / "notes" / f"{number}.txt").write_text(line(number)["text"])
    (folder / "notes" / "50.txt").write_text(" ")
    (folder / "notes" / "51.txt").write_text(line(41)["text"])
    return folder


@pytest.fixture(scope="module")
def undisturbed(here: Path, archive: Path, program: Program) -> tuple[Any, int, float]:
    done = program.run("read", archive, "--store", here / "undisturbed")
    assert done["code"] == 1
    closing = "55 reports read (1 not coded: in another language), 2 already there, 3 failed.\n"
    assert done["output"].endswith(closing), done["output"]
    with Store.open(here / "undisturbed", write=True):
        pass
    return state(here / "undisturbed"), done["steps"], done["seconds"]


def state(path: Path) -> tuple[dict[str, list[str]], list[tuple[str, ...]]]:
    """Return all live rows by kind, sorted, and the ledger but for times and attempts; nothing else may be there."""
    assert {each.name for each in path.iterdir()} <= {
        "catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "parts", "writer.lock", "aside",
    }  # fmt: skip
    with Store.open(path) as store:
        assert store.check() == []
        live = store._catalogue.live_names()
        assert {each.name for each in (path / "parts").iterdir()} == store._catalogue.names()
        ledger = [(x.origin, x.source_id, x.report, x.outcome, x.stage, x.cause) for x in store.inputs()]
    rows: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for name in live:
        assert {each.name for each in (path / "parts" / name).iterdir()} == {f"{kind}.parquet" for kind in KINDS}
        for kind in KINDS:
            table = pq.read_table(path / "parts" / name / f"{kind}.parquet", partitioning=None)
            rows[kind] += [json.dumps(row, sort_keys=True, default=str) for row in table.to_pylist()]
    return {kind: sorted(those) for kind, those in rows.items()}, ledger


def whole_so_far(path: Path, wanted: Any, *, damaged: bool = False) -> int:
    """Check that the store holds nothing but what it should, and return how many reports it holds."""
    if not (path / "catalogue.sqlite").exists():
        return 0
    with Store.open(path) as store:
        assert damaged or store.check() == []
        assert {line.report for line in store.inputs("coded")} <= {line[2] for line in wanted[1]}
        counts = store.counts()
        summaries = list(store.query("reports"))
        assert len(summaries) == len({each.report.id for each in summaries})
        assert damaged or len(summaries) == counts["reports"]
        if not damaged:
            assert sum(each.events for each in summaries) == counts["events"] == len(list(store.query("events")))
        return counts["reports"]


def test_killed_at_fifty_moments_it_loses_nothing_and_doubles_nothing(
    here: Path, archive: Path, program: Program, undisturbed: tuple[Any, int, float]
) -> None:
    wanted, steps, seconds = undisturbed
    moments = random.Random(2026)
    kills, rounds = dict.fromkeys(("step", "time", "log"), 0), 0
    while sum(kills.values()) < KILLS:
        rounds += 1
        path, held = here / f"killed-{rounds}", 0
        while True:
            kind = moments.choice(["step", "step", "time", "log"])
            most = {"step": steps / 3, "time": seconds / 2, "log": 12}[kind]
            done = program.run("read", archive, "--store", path, kill=kind, at=moments.uniform(1, most)
                               if kind != "time" else moments.uniform(0, most))  # fmt: skip
            if done["code"] != -signal.SIGKILL:
                break
            kills[kind] += 1
            now = whole_so_far(path, wanted)
            assert now >= held, "what was there stays there"
            held = now
        assert done["code"] == 1, done["output"]
        with Store.open(path, write=True):  # the next start sweeps what the last kill left
            pass
        assert state(path) == wanted
    print(f"{kills} kills in {rounds} rounds; {steps} steps, {seconds:.2f} s undisturbed")
    assert min(kills.values()) > 3
    assert rounds > 2


@pytest.mark.parametrize("command", ["retry", "read"])
def test_killed_while_it_repairs(
    here: Path, archive: Path, program: Program, undisturbed: tuple[Any, int, float], command: str
) -> None:
    wanted, path, moments = undisturbed[0], here / f"torn-{command}", random.Random(5)
    shutil.copytree(here / "undisturbed", path)
    with Store.open(path) as store:
        live = store._catalogue.live_names()
    for name in live:
        file = path / "parts" / name / f"{'reports' if command == 'read' else 'events'}.parquet"
        file.unlink() if command == "read" else os.truncate(file, file.stat().st_size // 2)
    again = ["read", archive] if command == "read" else ["retry"]
    kills = 0
    for step in range(30, 5000, 120):
        done = program.run(*again, "--store", path, kill="step", at=step + moments.random() * 120)
        if done["code"] != -signal.SIGKILL:
            break
        kills += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", StoreWarning)
            whole_so_far(path, wanted, damaged=True)
    assert kills > 1, done
    assert done["code"] == 1, done["output"]
    with Store.open(path, write=True):
        pass
    assert state(path) == wanted


def test_an_import_that_is_killed_is_the_same_in_the_end(here: Path, program: Program) -> None:
    files = [exchange_files.write(here / f"{n}.tab", "icews", n) for n in (300, 450)]
    with files[0].open("a", encoding="latin-1") as file:
        file.write("x\n")
    command = ["import", "--format", "icews", *files, "--store"]
    done = program.run(*command, here / "imported")
    assert done["code"] == 1 and "1 row set aside" in done["output"], done["output"]
    with Store.open(here / "imported", write=True):
        pass
    wanted, moments, kills = state(here / "imported"), random.Random(8), 0
    assert len(wanted[0]["events"]) > 300
    for trial in range(3):
        path = here / f"import-{trial}"
        for kind in ("step", "log" if trial else "time", "step"):
            most = {"step": done["steps"], "time": done["seconds"], "log": 4}[kind]
            again = program.run(*command, path, kill=kind, at=moments.uniform(0 if kind == "time" else 1, most))
            kills += again["code"] == -signal.SIGKILL
            if (path / "catalogue.sqlite").exists():
                with Store.open(path) as store:
                    assert store.check() == [] and store.counts()["events"] in (0, 300, len(wanted[0]["events"]))
        assert program.run(*command, path)["code"] == 1
        with Store.open(path, write=True):
            pass
        assert state(path) == wanted
        kept = [[each.read_bytes() for each in folder.glob("aside/*")] for folder in (path, here / "imported")]
        assert kept[0] == kept[1] != []
    assert kills > 3


def test_a_log_that_was_cut_off_costs_its_last_batches_and_they_are_read_again(
    here: Path, archive: Path, program: Program, undisturbed: tuple[Any, int, float]
) -> None:
    """The machine goes down, and of the catalogue's log (catalogue.sqlite-wal) only a part was on the disk."""
    wanted, steps, _ = undisturbed
    path = here / "cut"
    done = program.run("read", archive, "--store", path, kill="step", at=steps * 0.6)
    assert done["code"] == -signal.SIGKILL
    log = path / "catalogue.sqlite-wal"
    before = whole_so_far(path, wanted)
    os.truncate(log, log.stat().st_size * 2 // 3 + 100)
    (path / "catalogue.sqlite-shm").unlink()
    assert 0 < whole_so_far(path, wanted) < before
    assert program.run("read", archive, "--store", path)["code"] == 1
    with Store.open(path, write=True):
        pass
    assert state(path) == wanted


def test_the_disk_fills_up_while_it_reads(
    tmp_path: Path, archive: Path, program: Program, undisturbed: tuple[Any, int, float]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"mounting a small disk is not permitted here: {mounted.stderr.strip()}")
    try:
        path = disk / "store"
        done = program.run("read", archive, "--store", path)
        assert done["code"] == 1
        assert "the disk is full. The store is as it was before. Free some space" in done["output"]
        assert "Traceback" not in done["output"]
        assert 0 < whole_so_far(path, undisturbed[0]) < 55
        subprocess.run(["mount", "-t", "tmpfs", "-o", "remount,size=50m", "tmpfs", disk], check=True)
        assert program.run("read", archive, "--store", path)["code"] == 1
        assert state(path) == undisturbed[0]
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def finished(program: Program, path: Path, archive: Path, wanted: Any, *, failed: int = 1) -> None:
    done = program.run("read", archive, "--store", path)
    assert done["code"] == failed, done["output"]
    assert state(path) == wanted


def kept(path: Path) -> int:
    """Return how many reports a store holds that is perhaps not yet there."""
    if not (path / "catalogue.sqlite").exists():
        return 0
    with Store.open(path) as store:
        return store.counts()["reports"]


def until(path: Path, least: int) -> None:
    deadline = time.monotonic() + 60
    while kept(path) < least and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_folder_that_disappears_while_it_is_read(
    here: Path, archive: Path, program: Program, undisturbed: tuple[Any, int, float]
) -> None:
    path, away = here / "disappears", here / "away"
    program.start("read", archive, "--store", path)
    until(path, 3)
    archive.rename(away)
    done = program.wait()
    try:
        assert done["code"] == 1
        with Store.open(path) as store:
            gone = [line for line in store.inputs("failed") if "There is no file" in line.cause]
            assert gone, "what was not there any more is named"
            assert {line.stage for line in gone} == {"source"}
        assert "Traceback" not in done["output"]
        retried = program.run("retry", "--store", path)
        assert (retried["code"], "now. Put it there" in retried["output"]) == (1, True)
    finally:
        away.rename(archive)
    assert program.run("retry", "--store", path)["code"] == 1
    assert state(path) == undisturbed[0]


def test_a_source_that_breaks_off_in_the_middle_of_a_line(here: Path, program: Program) -> None:
    """A pipe takes the part of the file: its other end dies, and half a line has come."""
    lines: list[object] = [line(n) for n in range(6)]
    write(here / "six.jsonl", lines)
    program.run("read", here / "six.jsonl", "--store", here / "six")
    wanted = state(here / "six")
    source = here / "six.jsonl"
    content = source.read_bytes()
    source.unlink()
    os.mkfifo(source)
    program.start("read", source, "--store", here / "broken")
    with source.open("wb") as pipe:
        pipe.write(content[: len(content) * 3 // 5])
    done = program.wait()
    assert done["code"] == 1
    assert "six.jsonl:4: source: The line is no JSON object" in done["output"]
    source.unlink()
    source.write_bytes(content)
    assert program.run("retry", "--store", here / "broken")["output"].startswith("1 input tried again: 1 report read")
    finished(program, here / "broken", source, wanted, failed=0)


def test_a_file_that_grows_while_it_is_read(here: Path, program: Program) -> None:
    lines: list[object] = [line(n) for n in range(40)]
    write(here / "grown.jsonl", lines)
    program.run("read", here / "grown.jsonl", "--store", here / "grown")
    wanted = state(here / "grown")
    whole = (here / "grown.jsonl").read_bytes()
    growing = here / "grown.jsonl"
    growing.write_bytes(whole[: len(whole) // 2])
    path = here / "growing"
    program.start("read", growing, "--store", path)
    with growing.open("ab") as file:
        for start in range(len(whole) // 2, len(whole), 100):
            file.write(whole[start : start + 100])
            file.flush()
            time.sleep(0.01)
    done = program.wait()
    assert "Traceback" not in done["output"]
    assert kept(path) > 0
    finished(program, path, growing, wanted, failed=0)


def test_a_clock_that_goes_backwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Times order nothing that matters: what counts is there, merged parts go, the ledger keeps what it says."""
    clock = [datetime(2026, 11, 28, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            clock[0] -= timedelta(days=1)
            return clock[0]

    monkeypatch.setattr(catalogue, "datetime", Clock)
    with Store.create(tmp_path / "store") as store:
        for number in range(12):
            store.writer.add([coding(number)])
        assert store.writer.compact() == 12
    monkeypatch.undo()
    with Store.open(tmp_path / "store", write=True) as store:
        store.writer.sweep()
        assert len(list((tmp_path / "store" / "parts").iterdir())) == 1
        assert [each.report.id for each in store.query("reports")] == sorted(
            (coding(n).report.id for n in range(12)), key=lambda name: coding(int(name[1:])).report.published
        )
        assert len(store.inputs("coded")) == 12


def test_two_readers_see_whole_reports_while_one_writes(
    here: Path, archive: Path, program: Program, undisturbed: tuple[Any, int, float]
) -> None:
    path = here / "watched"
    program.start("read", archive, "--store", path)
    until(path, 1)
    sizes: list[int] = []
    with Store.open(path) as one, Store.open(path) as other:
        deadline = time.monotonic() + 60
        while not (one.summary().writing is False or time.monotonic() > deadline):
            for reader in (one, other):
                found = list(reader.query("reports"))
                records = sum(each.events + each.statements + each.positions for each in found)
                later = sum(len(list(reader.query(kind))) for kind in ("events", "statements", "positions"))
                assert len({each.report.id for each in found}) == len(found)
                assert later >= records
                sizes.append(len(found))
        assert program.wait()["code"] == 1
        assert len(list(one.query("reports"))) == len(list(other.query("reports"))) == 55
    assert sizes == sorted(sizes)
    assert state(path) == undisturbed[0]
