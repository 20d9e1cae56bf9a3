"""What stands in a dask worker: the coder, loaded once, and a lock, as one coder codes one batch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import distributed

from communique.engines.batches import Batch, Done
from communique.engines.identity import identity, refuse_other
from communique.engines.loading import load_coder
from communique.engines.sending import Received, Sent, unpacked
from communique.engines.work import code_batch
from communique.errors import CommuniqueError, EngineError

if TYPE_CHECKING:
    from communique.pipeline import Coder


@dataclass(frozen=True)
class Order:
    """What a worker has to know: settings and knowledge, the store, and what it is checked by.

    `probe` is the name of a file in the store's folder that holds `token`; `identity` is that of the driver.
    """

    sent: Sent
    store: Path
    probe: str
    token: str
    identity: dict[str, str]


class Workshop(distributed.WorkerPlugin):
    """Goes to every worker, also to those that come later, and does nothing there until the first batch."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self._worker = ""

    def setup(self, worker: Any) -> None:
        """Called by dask when the worker gets this."""
        self._worker = worker.address
        self._lock = Lock()

    def code(self, batch: Batch) -> Done:
        """Code a batch and write its part. Raises EngineError where this worker is not fit for it."""
        with self._lock:
            received, coder = self._tools
            return code_batch(coder, self.order.store, batch, finish=received.as_sent)

    def check(self) -> None:
        """Raise EngineError unless this worker is the same program and sees the store."""
        refuse_other(self.order.identity, identity(self.order.sent.settings), self._worker)
        try:
            seen = (self.order.store / self.order.probe).read_text(encoding="ascii")
        except OSError:
            seen = ""
        if seen != self.order.token:
            raise EngineError(
                f"The worker {self._worker} does not see the store's folder {str(self.order.store)!r}. Workers write "
                "into it: put the store on a disk that all machines share, under the same path on each."
            )

    @cached_property
    def _tools(self) -> tuple[Received, Coder]:
        self.check()
        received = unpacked(self.order.sent)
        return received, load_coder(received.settings)


def work(name: str, batch: Batch) -> Done | CommuniqueError:
    """Code a batch in the workshop `name` of the worker that runs this. An error of our own kind is returned: dask
    would print what is raised."""
    workshop = cast(Workshop, distributed.get_worker().plugins[name])
    try:
        return workshop.code(batch)
    except CommuniqueError as error:
        return error


def check(name: str, dask_worker: Any) -> CommuniqueError | None:
    """Return what is wrong with the worker that runs this, nothing if it may work."""
    try:
        dask_worker.plugins[name].check()
    except CommuniqueError as error:
        return error
    return None
