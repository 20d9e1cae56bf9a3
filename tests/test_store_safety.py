"""What can befall a store: killed writers, full disks, two writers, readers beside a writer, media without writing."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from communique.errors import StoreError
from communique.records import Record, Report
from communique.store import ReportSummary, Store
from factories import coding

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1] / "src"), str(Path(__file__).parent)]),
}
REPORTS = 60

# Adds reports 0 to REPORTS in batches of three, as a reader of an archive would, and merges parts now and then.
WRITING = """
import sys
from datetime import timedelta
from factories import coding
from communique.store import Store
path, reports, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
import time
with Store.open_or_create(path) as store:
    print("ready", flush=True)
    for start in range(0, reports, 3):
        store.writer.add([coding(n, paragraphs=4) for n in range(start, start + 3)])
        if start % 12 == 9:
            store.writer.compact(grace=timedelta(seconds=-1))
        time.sleep(pause)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)


Content = tuple[Report, tuple[Record, ...]]


def wanted(reports: int) -> dict[str, Content]:
    """Return what the store is to hold after so many reports: each report and its records, kind by kind."""
    made = (coding(n, paragraphs=4) for n in range(reports))
    return {each.report.id: (each.report, (*each.events, *each.statements, *each.positions)) for each in made}


def contents(store: Store) -> dict[str, Content]:
    """Return all that a store holds; no report may be there twice, no record without its report."""
    reports = [each.report for each in store.query("reports")]
    records: dict[str, list[Record]] = {report.id: [] for report in reports}
    assert len(records) == len(reports)
    for kind in ("events", "statements", "positions"):
        for record in store.query(kind):
            assert not isinstance(record, ReportSummary)
            records[record.report].append(record)
    return {report.id: (report, tuple(records[report.id])) for report in reports}


def assert_whole(store: Store) -> None:
    """Every report is there with all its records and traces, once; the catalogue and the files agree."""
    found = contents(store)
    assert found == {name: each for name, each in wanted(REPORTS).items() if name in found}
    assert all(store.has(name) for name in found)
    rows = len(found)
    assert store.counts() == {
        "reports": rows, "events": 4 * rows, "statements": 4 * rows, "positions": 4 * rows, "traces": 12 * rows,
    }  # fmt: skip
    assert store.check() == []


def test_a_writer_killed_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    moments = random.Random(7)
    path = tmp_path / "store"
    seen = 0
    for _ in range(8):
        with start(WRITING, path, REPORTS, 0.01) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.5))
            process.kill()
        with Store.open(path) as store:
            assert_whole(store)
            # What was there stays there.
            assert store.counts()["reports"] >= seen
            seen = store.counts()["reports"]
    with start(WRITING, path, REPORTS, 0) as process:
        assert process.wait(timeout=60) == 0
    with Store.open(path, write=True) as store:
        assert_whole(store)
        assert contents(store) == wanted(REPORTS)
        live = {part.name for part in store._catalogue.live()}
        superseded = {part.name for part in store._catalogue.superseded("9999")}
    assert {each.name for each in (path / "parts").iterdir()} == live | superseded


def test_readers_see_whole_reports_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "store"
    Store.create(path).close()
    sizes = []
    # Merged parts are swept at once here, which is the worst case for readers.
    with start(WRITING, path, REPORTS, 0.02) as process, Store.open(path) as store:
        while process.poll() is None:
            records = Counter(each.report for kind in ("events", "statements") for each in store.query(kind))
            later = {each.report.id for each in store.query("reports")}
            assert set(records.values()) <= {4, 8}  # 4 of reports that became visible between the two questions
            assert set(records) <= later
            counts = store.counts()
            assert counts["traces"] == 12 * counts["reports"]
            sizes.append(len(later))
        assert process.returncode == 0
        assert contents(store) == wanted(REPORTS)
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 2, "the reader saw the store grow"


def test_there_is_one_writer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "store"
    message = "Another program is writing to the store .* Wait until it is done"
    with Store.create(path) as first:
        for opening in (Store.open_or_create, lambda path: Store.open(path, write=True)):
            with pytest.raises(StoreError, match=message):
                opening(path)
        trying = "import sys\nfrom communique.store import Store\nStore.open(sys.argv[1], write=True)"
        done = subprocess.run(
            [sys.executable, "-c", trying, path], env=ENVIRONMENT, capture_output=True, text=True, timeout=60
        )
        assert "Another program is writing to the store" in done.stderr
        first.writer.add([coding(1)])
        with Store.open(path) as reader:
            assert reader.has("r000001")
    with Store.open(path, write=True) as second:
        second.writer.add([coding(2)])


def test_the_lock_of_a_dead_writer_is_free(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with start(WRITING, path, REPORTS, 5) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(StoreError, match=r"Another program"):
            Store.open(path, write=True)
        process.kill()
    with Store.open(path, write=True) as store:
        store.writer.add([coding(999)])


def test_an_interrupted_batch_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C between two files of a part: what was added before stays, the batch is not there, and no rubbish is."""
    program = """
import os, signal, sys
from factories import coding
from communique.store import Store, parts
flush, calls = os.fsync, []
def interrupted(handle):
    flush(handle)
    calls.append(handle)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGINT)
with Store.create(sys.argv[1]) as store:
    store.writer.add([coding(0, paragraphs=4)])
    os.fsync = interrupted
    try:
        store.writer.add([coding(1, paragraphs=4)])
    except KeyboardInterrupt:
        print("interrupted", store.has("r000001"), len(os.listdir(sys.argv[1] + "/parts")))
"""
    path = tmp_path / "store"
    with start(program, path) as process:
        output, _ = process.communicate(timeout=60)
    assert output == "interrupted False 1\n"
    with Store.open(path) as store:
        assert_whole(store)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a file system in memory; the function that is given sets its options (again)."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        if not shutil.which("mount"):
            pytest.skip("no mount command here, so no small disk can be made")
        how = f"remount,{options}" if mounted else options
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", disk], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"mounting a small disk is not permitted here: {done.stderr.strip()}")
        mounted[:] = [disk]
        return disk

    yield mount
    if mounted:
        subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("kilobytes", [300, 420, 600])
def test_a_full_disk_leaves_the_store_as_it_was(small_disk: Callable[[str], Path], kilobytes: int) -> None:
    path = small_disk(f"size={kilobytes}k") / "store"
    added = 0
    with Store.create(path) as store:
        with pytest.raises(StoreError, match=r"the disk is full. The store is as it was before. Free some space"):
            for number in range(REPORTS):
                store.writer.add([coding(number, paragraphs=4)])
                added += 1
        assert 0 < added < REPORTS
        assert contents(store) == wanted(added)
        assert len(list((path / "parts").iterdir())) == added, "what was written of the batch is removed"
    with Store.open(path) as reader:
        assert_whole(reader)
    small_disk("size=20m")
    with Store.open(path, write=True) as store:
        for number in range(added + 3):
            store.writer.add([coding(number, paragraphs=4)])
        assert contents(store) == wanted(added + 3)


def test_a_disk_too_small_for_any_store(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("size=16k")
    with pytest.raises(StoreError, match=r"Cannot make the store .*: the disk is full"):
        Store.create(disk / "store")
    small_disk("size=20m")
    with Store.open_or_create(disk / "store") as store:
        store.writer.add([coding(1)])


def test_a_medium_without_writing_can_be_read(small_disk: Callable[[str], Path]) -> None:
    path = small_disk("size=20m") / "store"
    with Store.create(path) as store:
        store.writer.add([coding(1, paragraphs=4)])
    small_disk("ro")
    try:
        with Store.open(path) as store:
            assert_whole(store)
        with pytest.raises(StoreError, match=r"Cannot write to the store .*: writing is not permitted there"):
            Store.open(path, write=True)
    finally:
        small_disk("rw")


LIMITED = """
import random, resource, sys
from factories import coding
from communique.errors import StoreError
from communique.records import Coding, Report
from communique.store import Store
limit, noise = int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
added = 0
try:
    with Store.create(sys.argv[1]) as store:
        for number in range(60):
            store.writer.add([coding(number, paragraphs=4)])
            added += 1
            if noise:
                store.writer.add([Coding(Report("noise", random.Random(1).randbytes(noise).hex()))])
except StoreError as error:
    print(added, error, sep="\\n")
"""


@pytest.mark.skipif(os.name == "nt", reason="limits of this kind are POSIX's")
@pytest.mark.parametrize(
    ("limit", "noise", "cause"),
    [(4_000, 0, "disk I/O error"), (60_000, 0, "disk I/O error"), (200_000, 0, "disk I/O error"),
     (400_000, 800_000, "File too large")],
)  # fmt: skip
def test_any_error_of_the_disk_leaves_the_store_as_it_was(tmp_path: Path, limit: int, noise: int, cause: str) -> None:
    """A limit on the size of files stops the catalogue's log, which grows, or the Parquet file of a large report."""
    path = tmp_path / "store"
    with start(LIMITED, path, limit, noise) as process:
        output, _ = process.communicate(timeout=60)
    number, message = output.splitlines()
    assert message.startswith(("Cannot write to the store", "Cannot make the store"))
    assert f": {cause}. The store is as it was before." in message
    added = int(number)
    assert added < 60
    with Store.open_or_create(path) as store:
        assert contents(store) == wanted(added)
        assert len(list((path / "parts").iterdir())) == added
        store.writer.add([coding(number, paragraphs=4) for number in range(60)])
        assert contents(store) == wanted(60)
