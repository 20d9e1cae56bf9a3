"""One process: the reports are coded where they are read."""

from __future__ import annotations

from collections.abc import Iterator

from communique.engines.batches import Batch, Done, Host, Job
from communique.engines.work import code_batch
from communique.errors import EngineError


def local(job: Job, batches: Iterator[Batch], host: Host) -> Iterator[Done]:
    """Code each batch at once, in this process (an `Engine`). Raises EngineError if more than one was asked for."""
    if job.jobs != 1:
        raise EngineError("The engine 'local' works in one process. Leave out --jobs, or give --engine processes.")
    for batch in batches:
        yield code_batch(host.coder, job.store, batch, stopped=host.stopped)
