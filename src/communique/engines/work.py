"""What a worker does with a batch: code its reports, write the part, say what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from communique.engines.batches import Batch, Done, Failed, Task
from communique.records import Coding, Failure
from communique.store.written import write_codings

if TYPE_CHECKING:
    from communique.pipeline import Coder

# What a fault of the program's raises. A report that meets one is set aside and the rest goes on; errors of our own
# kind (weights that are missing, a disk that is full) concern all reports and are none of these.
FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)


def code_batch(
    coder: Coder,
    store: Path,
    batch: Batch,
    *,
    stopped: Callable[[], bool] = lambda: False,
    finish: Callable[[Coding], Coding] = lambda coding: coding,
) -> Done:
    """Code the reports of a batch and write them as one part of the store at `store`, which does not show it yet.

    When `stopped` says so, what is coded by then is written and the rest left. `finish` is applied to each coding.
    Raises StoreError where the part cannot be written, and what the coder raises where it cannot code at all.
    """
    failed: list[Failed] = []

    def coded() -> Iterator[tuple[Coding, str]]:
        for task, found in zip(batch.tasks, _results(coder, batch.tasks), strict=True):
            if isinstance(found, Failed):
                failed.append(found)
            else:
                yield finish(found), task.story
            if stopped():
                return

    written = write_codings(store, coded())
    failed += [Failed(report, "store", cause) for report, cause in written.unfit.items()]
    return Done(batch.number, (replace(written, unfit={}),) if written.part else (), tuple(failed))


def _results(coder: Coder, tasks: tuple[Task, ...]) -> Iterator[Coding | Failed]:
    """Yield what coding each report gives; one that trips over a fault of ours fails alone."""
    documents = [task.document for task in tasks]
    together = coder.stream(documents)
    for number, document in enumerate(documents):
        try:
            found = next(together)
        except FAULTS:
            # Reports are parsed together: which of them it was shows when they are coded one by one.
            for each in documents[number:]:
                yield _alone(coder, Task(each, ""))
            return
        yield found if isinstance(found, Coding) else _failed(document.report.id, found)


def _alone(coder: Coder, task: Task) -> Coding | Failed:
    report = task.document.report.id
    try:
        found = next(coder.stream([task.document]))
    except FAULTS as error:
        if os.environ.get("COMMUNIQUE_DEBUG", "0") not in ("", "0"):
            raise
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return Failed(report, "coding", f"A fault of the program's ({what}). Please report it, with this text.")
    return found if isinstance(found, Coding) else _failed(report, found)


def _failed(report: str, failure: Failure) -> Failed:
    return Failed(report, failure.stage, failure.cause)
