"""Engines: the same pipeline over many reports, in one process, in many, or on a cluster.

with Store.open_or_create("archive") as store:
    tally = run(items, store, Settings(), jobs=4)

An engine of your own is a function like `Engine`, named in the entry points `communique.engines` of your package.
"""

from communique.engines.batches import Batch, Done, Engine, Failed, Host, Job, Task
from communique.engines.driver import Driver, Watcher, run
from communique.engines.tally import Tally
from communique.engines.work import code_batch

__all__ = [
    "Batch",
    "Done",
    "Driver",
    "Engine",
    "Failed",
    "Host",
    "Job",
    "Tally",
    "Task",
    "Watcher",
    "code_batch",
    "run",
]
