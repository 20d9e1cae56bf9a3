"""Keeping what was coded: by batches, each whole, also when the user presses Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from communique.cli.text import counted
from communique.errors import InputError
from communique.records import Coding, Failure

if TYPE_CHECKING:
    from communique.pipeline import Coder
    from communique.sources.item import RawItem
    from communique.store.ledger import Input
    from communique.store.store import Store

BATCH = 32  # reports committed at once: little is lost when the power goes, and the store's parts are not tiny
_NOTED = 1000  # inputs that were there already, noted in the ledger at once


@dataclass
class Tally:
    """What became of the inputs so far."""

    kept: int = 0
    there: int = 0
    failures: list[Failure] = field(default_factory=list)

    def line(self) -> str:
        """Return the closing line."""
        return f"{counted(self.kept, 'report')} read, {self.there:,} already there, {len(self.failures):,} failed."


class Keeper:
    """Collects codings and failures and commits them to a store by batches, never half of one."""

    def __init__(self, store: Store) -> None:
        self.tally = Tally()
        self._store = store
        self._codings: list[Coding] = []
        self._failures: list[Failure] = []
        self._inputs: list[Input] = []
        # Of reports that are being coded: their inputs, which the ledger may name only once the report is there.
        self._begun: dict[str, list[Input]] = {}

    def begin(self, item: RawItem, report: str) -> bool:
        """Note that `item` gives the report with this id; return whether it is new and has to be coded."""
        from communique.store.ledger import Input

        source = Input(item.origin, item.source_id, report)
        if report in self._begun:
            self._begun[report].append(source)
        elif self._collected(report) or self._store.has(report):
            self._inputs.append(source)
        else:
            self._begun[report] = [source]
            return True
        self.tally.there += 1
        if len(self._inputs) >= _NOTED:
            self.keep()
        return False

    def add(self, found: Coding | Failure) -> None:
        """Take the result of an input; commit when a batch is full."""
        if isinstance(found, Failure):
            self._failures.append(found)
        else:
            self._codings.append(found)
            self._inputs += self._begun.pop(found.report.id, ())
        if len(self._codings) + len(self._failures) >= BATCH:
            self.keep()

    def keep(self) -> None:
        """Commit what was collected; Ctrl-C waits until that is done. Raises StoreError; then nothing is lost."""
        if not (self._codings or self._failures or self._inputs):
            return
        with shielded():
            added = self._store.writer.add(self._codings, self._failures, inputs=self._inputs)
            self.tally.kept += added.reports
            self.tally.failures += self._failures
            self._codings, self._failures, self._inputs = [], [], []

    def _collected(self, report: str) -> bool:
        return any(coding.report.id == report for coding in self._codings)


def coded(
    coder: Coder, items: Iterable[RawItem | Failure], wanted: Callable[[RawItem], bool] = lambda item: True
) -> Iterator[Coding | Failure]:
    """Yield the coding of each item that is `wanted`, and the failures, also those of `items` and of `wanted`."""
    failed: list[Failure] = []

    def those_wanted() -> Iterator[RawItem]:
        for item in items:
            if isinstance(item, Failure):
                failed.append(item)
                continue
            try:
                if wanted(item):
                    yield item
            except InputError as error:
                failed.append(Failure(item.origin, "reading", str(error), item.source_id))

    for result in coder.stream(those_wanted()):
        yield result
        yield from failed
        failed.clear()
    yield from failed


@contextmanager
def shielded() -> Iterator[None]:
    """Put off Ctrl-C until the block is left."""
    if threading.current_thread() is not threading.main_thread():  # signals come to the main thread only
        yield
        return
    asked: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked and callable(before):  # Python's own raises KeyboardInterrupt
        before(asked[0], None)
