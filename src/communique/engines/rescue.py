"""A batch whose worker died: done again, and if that kills again, cut down to the reports that do it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from communique.engines.batches import Batch, Done, Failed
from communique.errors import EngineError

_TRIES = 2  # of a whole batch and of a single report: a worker may also die by chance, or by somebody's hand
_IN_A_ROW = 24  # deaths without one batch done in between: it is not the reports then


class WorkerDied(Exception):
    """A worker ended while it was at a batch; the message says how, as "was killed by signal 9 (SIGKILL)"."""


class Rescue:
    """Does batches by a function that may raise WorkerDied. Any number of threads may use one."""

    def __init__(self, attempt: Callable[[Batch], Done]) -> None:
        self._attempt = attempt
        self._deaths = 0
        self._lock = Lock()

    def __call__(self, batch: Batch, deaths: int = 0) -> Done:
        """Return what came of the batch, which has killed `deaths` workers already.

        A report that kills its worker each time is in `Done.failed`, with stage `worker`. Raises EngineError when
        workers die whatever they are given.
        """
        for _ in range(max(1, _TRIES - deaths)):
            try:
                done = self._attempt(batch)
            except WorkerDied as death:
                self._count(death)
                how = str(death)
            else:
                self._deaths = 0
                return done
        if len(batch.tasks) == 1:
            return Done(batch.number, failed=(_set_aside(batch, how),))
        # Halves get one try each while they can still be halved: a report that kills by itself is found in few deaths.
        first, second = batch.halves()
        return self(first, _known(first)) + self(second, _known(second))

    def _count(self, death: WorkerDied) -> None:
        with self._lock:
            self._deaths += 1
            if self._deaths >= _IN_A_ROW:
                raise EngineError(
                    f"{self._deaths} workers died one after the other, and none finished what it was given; the last "
                    f"one {death}. If the machine is short of memory, give fewer --jobs, then do the same again."
                )


def _known(half: Batch) -> int:
    return _TRIES - 1 if len(half.tasks) > 1 else 0


def _set_aside(batch: Batch, how: str) -> Failed:
    cause = (
        f"Its worker {how}, each time it was at this report. Look at its text for what may exhaust the memory, such as "
        "a line without an end; the other reports were coded."
    )
    return Failed(batch.tasks[0].document.report.id, "worker", cause)
