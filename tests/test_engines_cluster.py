"""A dask cluster: the same records, workers that die, stores that a worker does not see, drivers that are killed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import communique
import engine_runs as runs
from communique.engines import Driver
from communique.errors import EngineError
from communique.sources.item import RawItem
from communique.store import Store

pytest.importorskip("distributed")
pytestmark = [pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"), pytest.mark.slow]
NUMBER = 5


@pytest.fixture(scope="module")
def scheduler(site: Path) -> Iterator[str]:
    """The address of a scheduler with two workers, as somebody else would have started it."""
    import dask
    from distributed import LocalCluster

    start: Any = LocalCluster
    path = os.pathsep.join(p for p in sys.path if p)
    # What is left of a dead worker's tasks is given up at once, to keep the tests short.
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.comm.retry.count": 0}),
        start(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1", memory_limit=0,
            env={"PYTHONPATH": path}, silence_logs="CRITICAL",
        ) as cluster,
    ):  # fmt: skip
        yield cluster.scheduler_address


def test_a_cluster_that_the_command_starts_gives_what_one_process_gives(site: Path, tmp_path: Path) -> None:
    (site / runs.DEADLY / "died").unlink(missing_ok=True)
    with runs.start_driver(site, tmp_path / "dask", NUMBER, "dask", 2, 2, runs.KILLS_ONCE) as driver:
        out, err = driver.communicate(timeout=240)
    assert (driver.returncode, err) == (0, ""), "a worker that dies is no matter for whoever reads along"
    assert out.startswith(f"Tally(kept={NUMBER}, there=1, failed=2,")
    assert (site / runs.DEADLY / "died").exists(), "a worker died"
    runs.run(tmp_path / "local", NUMBER, runs.KILLS_ONCE, reports=2)
    assert runs.rows(tmp_path / "dask") == runs.rows(tmp_path / "local")
    assert runs.ledger(tmp_path / "dask") == runs.ledger(tmp_path / "local")
    assert runs.named(tmp_path / "dask") <= runs.names(tmp_path / "dask")


def test_a_report_that_kills_its_workers_is_set_aside(scheduler: str, tmp_path: Path) -> None:
    items = [runs.item(n, runs.KILLS if n == 1 else "") for n in range(4)]
    tally = runs.read(tmp_path / "store", [*items, items[1]], scheduler=scheduler, reports=2)
    assert (tally.kept, tally.there, tally.failed) == (3, 0, 2)
    assert {(each.source_id, each.stage) for each in tally.failures} == {("1", "worker")}
    assert "died, each time it was at this report" in tally.failures[0].cause
    runs.read(tmp_path / "others", [each for n, each in enumerate(items) if n != 1])
    assert runs.rows(tmp_path / "store") == runs.rows(tmp_path / "others")


def test_knowledge_of_ones_own_reaches_the_workers(scheduler: str, tmp_path: Path) -> None:
    """They unpack what they are sent into another folder, which shows in no record."""
    own = tmp_path / "trade.toml"
    shutil.copy(Path(__file__).parent / "trade.toml", own)
    items = [RawItem(f"China raised tariffs on American cars in round {n}.", "wire", str(n)) for n in range(2)]
    settings = runs.settings().model_copy(update={"codebook": str(own)})
    for name, how in (("dask", {"scheduler": scheduler}), ("local", {})):
        with Store.create(tmp_path / name) as store:
            assert Driver(store, settings, **how).run(items).kept == 2
    found = runs.rows(tmp_path / "dask")
    assert "trade.toml" in found["traces"][0]
    assert "RAISE" in found["events"][0]
    assert found == runs.rows(tmp_path / "local")


def test_a_driver_that_is_killed_leaves_no_worker_and_no_harm(site: Path, tmp_path: Path) -> None:
    path = tmp_path / "store"
    with runs.start_driver(site, path, NUMBER, "dask", 2, 2, runs.SLOW) as driver:
        runs.waited_for(lambda: runs.committed(path) or driver.poll() is not None)
        workers = runs.descendants(driver.pid)
        assert len(workers) >= 3, "a cluster and two workers"
        driver.kill()
    runs.waited_for(lambda: not runs.alive(workers))
    runs.run(path, NUMBER, runs.SLOW, reports=2)
    runs.run(tmp_path / "whole", NUMBER, runs.SLOW, reports=2)
    assert runs.rows(path) == runs.rows(tmp_path / "whole")
    assert runs.names(path) == runs.named(path)


def test_another_program_on_the_workers_is_refused(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(communique, "__version__", "9.9")
    with pytest.raises(EngineError, match=r"has communique .*; here it is communique 9\.9.*install there what is here"):
        runs.read(tmp_path / "store", [runs.item(1)], scheduler=scheduler)
    assert list((tmp_path / "store").glob(".communique-*")) == []


def test_a_scheduler_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr("communique.engines.cluster._CONNECT", 1.0)
    for asked in (address, "nonsense://x"):
        with pytest.raises(EngineError, match=r"No dask scheduler answers at .* Check the address, or leave out"):
            runs.read(tmp_path / "store", [runs.item(1)], scheduler=asked)


def test_a_worker_that_does_not_see_the_store_is_refused(site: Path, tmp_path: Path) -> None:
    """A worker on "another machine": in a name space of its own, in which the store's disk is not mounted."""
    from distributed import LocalCluster

    hidden = tmp_path / "disk"
    hidden.mkdir()
    if not shutil.which("unshare") or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("name spaces are not permitted here")
    start: Any = LocalCluster
    path = os.pathsep.join(p for p in sys.path if p)
    with start(
        n_workers=0,
        dashboard_address="127.0.0.1:0",
        silence_logs="CRITICAL",
        host="127.0.0.1",
    ) as cluster:
        worker = f"exec {sys.executable} -m distributed.cli.dask_worker {cluster.scheduler_address} --no-dashboard"
        command = ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs tmpfs {hidden} && {worker} --nworkers 1"]
        with subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                with pytest.raises(
                    EngineError, match=r"does not see the store's folder .* on a disk that all machines"
                ):
                    runs.read(hidden / "store", [runs.item(1)], scheduler=cluster.scheduler_address)
            finally:
                process.terminate()
