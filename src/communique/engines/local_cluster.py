"""A dask cluster on this machine, in a process of its own: it tells where it is, and ends when its input ends.

It is no part of the driver's process, whose script dask would run again in each worker, and which would spend its time
on the heartbeats of the cluster.
"""

from __future__ import annotations

import importlib.util
import pickle
import sys
from typing import Any

from communique.engines.children import own_pipes

_CONFIG = {
    # A worker is not restarted because it is large: what is too large the rescue finds out, report by report.
    "distributed.worker.memory.target": False, "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False, "distributed.worker.memory.terminate": False,
    "distributed.scheduler.allowed-failures": 1, "distributed.worker.profile.enabled": False,
    # So long after each death dask looks, once, whether the worker is there, and if it is just then being started again
    # gives it up for good: where a report kills worker after worker, none was left in the end.
    "distributed.deploy.lost-worker-timeout": "365 days",
    "logging": {"distributed": "critical", "bokeh": "critical", "tornado": "critical", "asyncio": "critical"},
}  # fmt: skip


def main() -> None:
    """Start as many workers as the argument says, answer with the address and its certificates, and wait."""
    asked, answers = own_pipes()
    from dask import config
    from distributed import LocalCluster

    start: Any = LocalCluster
    security = _security()
    how = {"threads_per_worker": 1, "processes": True, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with (
        config.set(_CONFIG),
        start(n_workers=int(sys.argv[1]), security=security, silence_logs="CRITICAL", memory_limit=0, **how) as cluster,
    ):
        pickle.dump((cluster.scheduler_address, security), answers)
        answers.flush()
        asked.read()


def _security() -> Any:
    """Return certificates for one run, so that no other user of this machine can give our workers work.

    None where the package cryptography is not installed: the ports are then open to whoever is on this machine.
    """
    from distributed import Security

    made: Any = Security.temporary
    return made() if importlib.util.find_spec("cryptography") else None


if __name__ == "__main__":
    main()
