"""A stream of inputs to batches: read, told new from known, cut where the stream says and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from communique.engines.batches import Batch, Failed, Task
from communique.errors import CommuniqueError, InputError
from communique.records import Failure
from communique.store.ledger import Input
from communique.store.rows import story_of

if TYPE_CHECKING:
    from communique.reading import Document
    from communique.sources.item import RawItem

REPORTS = 32  # of a batch: little is lost when the power goes, and the store's parts are not tiny
# Long reports make smaller batches: the last ones of a run then end at about the same time on all workers, and what
# is in flight takes little memory.
CHARACTERS = 100_000
_NOTED = 1000  # inputs that need no coding, noted in the ledger at once


@dataclass
class Notes:
    """What the ledger is to be told with a batch: where reports came from, and what failed before it was coded.

    `new` are the inputs of the reports in the batch, `known` those of reports that are in the store or in a batch that
    went before.
    """

    new: list[Input] = field(default_factory=list)
    known: list[Input] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.known) + len(self.failures) >= _NOTED


class Cutter:
    """Makes batches of a stream. Which report is in which batch depends on the stream and on what the store has."""

    def __init__(
        self, read: Callable[[RawItem], Document], known: Callable[[str], bool], reports: int = REPORTS
    ) -> None:
        self.notes: dict[int, Notes] = {}
        """Of each batch that was made and not yet forgotten."""
        self.failed: dict[str, Failed] = {}
        """Reports that could not be coded, by id: the same text is not tried again in this run."""
        self.broken: Exception | None = None
        """What ended the stream before its end."""
        self._read = read
        self._known = known
        self._reports = reports
        self._pending: set[str] = set()
        self._number = 0

    def batches(self, items: Iterable[RawItem | Failure]) -> Iterator[Batch]:
        """Yield the batches of a stream; `notes` has what else there is to say."""
        notes, tasks, characters = Notes(), list[Task](), 0
        for item in self._unbroken(items):
            if task := self._taken(item, notes):
                tasks.append(task)
                characters += len(task.document.report.text)
            if len(tasks) >= self._reports or characters >= CHARACTERS or notes.full:
                yield self._cut(notes, tasks)
                notes, tasks, characters = Notes(), [], 0
        if tasks or notes.known or notes.failures:
            yield self._cut(notes, tasks)

    def forget(self, number: int) -> Notes:
        """Return the notes of a batch of which all is known now, and forget them."""
        notes = self.notes.pop(number)
        self._pending.difference_update(each.report for each in notes.new)
        return notes

    def _cut(self, notes: Notes, tasks: list[Task]) -> Batch:
        self._number += 1
        self.notes[self._number] = notes
        return Batch(self._number, tuple(tasks))

    def _unbroken(self, items: Iterable[RawItem | Failure]) -> Iterator[RawItem | Failure]:
        """Yield the items; where their source fails, what came before is still coded and kept."""
        try:
            yield from items
        except (CommuniqueError, OSError) as error:
            self.broken = error

    def _taken(self, item: RawItem | Failure, notes: Notes) -> Task | None:
        """Note an item; return the task that it gives if it has to be coded."""
        if isinstance(item, Failure):
            notes.failures.append(item)
            return None
        try:
            document = self._read(item)
        except InputError as error:
            notes.failures.append(Failure(item.origin, "reading", str(error), item.source_id))
            return None
        report = document.report.id
        source = Input(item.origin, item.source_id, report)
        if before := self.failed.get(report):
            notes.failures.append(Failure(item.origin, before.stage, before.cause, item.source_id))
            return None
        if report in self._pending or self._known(report):
            notes.known.append(source)
            return None
        self._pending.add(report)
        notes.new.append(source)
        return Task(document, story_of(document.report.text))
