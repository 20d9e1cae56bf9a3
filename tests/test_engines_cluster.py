"""A dask cluster: the same records, workers that die, stores that a worker does not see, drivers that are killed."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import communique
import engine_runs as runs
from communique.engines import Driver
from communique.errors import EngineError, EngineWarning
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


def test_a_worker_that_dies_again_while_it_is_started_again_is_not_given_up(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask looks for it once, some time after its death: here at once, when it cannot be there yet."""
    (site / runs.DEADLY / "died").unlink(missing_ok=True)
    monkeypatch.setenv("DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT", "10ms")
    with runs.start_driver(site, tmp_path / "dask", 2, "dask", 1, 1, runs.KILLS_ONCE) as driver:
        try:
            out, _ = driver.communicate(timeout=120)
        finally:
            driver.kill()
    assert out.startswith("Tally(kept=2,")


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
    with pytest.raises(EngineError, match=r"No dask scheduler answers at .* Check the address, or leave out"):
        runs.read(tmp_path / "store", [runs.item(1)], scheduler=address)


@pytest.mark.parametrize("address", ["nonsense://x", "nonsense", "tcp://", "http://127.0.0.1:8786", "/tmp/scheduler"])
def test_what_is_no_address_is_refused_at_once(address: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A client of dask's that was given one printed a traceback, half a minute later."""
    began = time.monotonic()
    with pytest.raises(EngineError, match=r"is no address of a dask scheduler .* such as tcp://host:8786"):
        runs.read(tmp_path / "store", [runs.item(1)], scheduler=address)
    gc.collect()
    assert "Traceback" not in capfd.readouterr().err
    assert time.monotonic() - began < 20


def test_a_scheduler_that_asks_for_certificates(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"asks for certificates\. Name them in Dask's configuration"):
        runs.read(tmp_path / "store", [runs.item(1)], scheduler="tls://127.0.0.1:8786")


def test_a_scheduler_without_workers_is_waited_for_in_so_many_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log of a batch system shows no progress bar."""
    from distributed import LocalCluster

    monkeypatch.setattr("communique.engines.cluster._PATIENCE", 0.0)
    start: Any = LocalCluster
    with (
        start(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL", host="127.0.0.1") as cluster,
        Store.create(tmp_path / "store") as store,
    ):
        driver = Driver(store, runs.settings(), scheduler=cluster.scheduler_address)
        with pytest.warns(EngineWarning, match="has no worker yet"), pytest.raises(KeyboardInterrupt):
            threading.Timer(6.0, driver.stop).start()
            driver.run([runs.item(1)])


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
