"""What goes to the workers and comes back: batches of documents, and what was written of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from communique.reading import Document
from communique.settings import Settings
from communique.store.written import Written

if TYPE_CHECKING:
    from communique.pipeline import Coder


@dataclass(frozen=True, slots=True)
class Task:
    """A report to be coded. `story` is what it has in common with its copies; the store keeps it beside the report."""

    document: Document
    story: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Reports that are coded by one worker and become visible together. A batch without any only keeps its place."""

    number: int
    tasks: tuple[Task, ...] = ()

    def halves(self) -> tuple[Batch, Batch]:
        """Return the batch in two, in order; the first has one report more where the number is odd."""
        middle = (len(self.tasks) + 1) // 2
        return replace(self, tasks=self.tasks[:middle]), replace(self, tasks=self.tasks[middle:])


@dataclass(frozen=True, slots=True)
class Failed:
    """A report, by id, that could not be coded: at which stage, and why."""

    report: str
    stage: str
    cause: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of the batch `number`: parts on the disk, and the reports that failed. Each report is in one of them;
    those in neither were not begun, because reading was stopped."""

    number: int
    written: tuple[Written, ...] = ()
    failed: tuple[Failed, ...] = ()

    def __add__(self, other: Done) -> Done:
        """Return what came of two pieces of a batch."""
        return Done(self.number, self.written + other.written, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Job:
    """What all batches of a run have in common. It can be pickled.

    `store` is the absolute path of the store's folder. `jobs` is the number of workers that the user asked for, 0 for
    one on each core; `scheduler` the address of those that run already, if the engine has any such thing.
    """

    store: Path
    settings: Settings
    jobs: int = 1
    scheduler: str = ""


class Host(Protocol):
    """What the driver does for an engine."""

    @property
    def coder(self) -> Coder:
        """The coder that reads the reports in this process. It parses nothing, unless an engine codes here too."""

    def stopped(self) -> bool:
        """Whether the user asked to stop: `batches` has ended then, and what is begun may be cut short."""

    def say(self, doing: str) -> None:
        """Tell the user what is being done now, in a few words: "starting workers"."""


class Engine(Protocol):
    """Codes batches somewhere; found by name through the entry points `communique.engines`."""

    def __call__(self, job: Job, batches: Iterator[Batch], host: Host) -> Iterator[Done]:
        """Yield what comes of each batch, in their order, having taken only so many more as its workers need.

        Taking a batch reads its reports, so the number that is taken ahead bounds the memory. Coding is
        `communique.engines.code_batch`, wherever it is called. Errors are those of errors.py; when the generator is
        closed, or fails, workers end.
        """
