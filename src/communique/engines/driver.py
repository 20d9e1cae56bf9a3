"""The driver: the same for all engines. It reads, decides what is new, hands out batches, and alone commits.

    items -> read -> new? -> batches -> the engine's workers: code, write the part -> in order -> one transaction each

Reading is a hundredth of the work of coding, so one driver keeps many workers busy. Batches are cut by the stream alone
and committed in its order: killed at any moment and started again, a run goes on with the batch after the last one that
was committed, and the store becomes what it would have been.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from communique.engines.batches import Batch, Done, Job
from communique.engines.choose import engine_for
from communique.engines.cutting import REPORTS, Cutter, Notes
from communique.engines.loading import load_coder
from communique.engines.stopping import Stop
from communique.engines.tally import Tally
from communique.records import Failure

if TYPE_CHECKING:
    from communique.knowledge.furniture import FurnitureBook
    from communique.knowledge.repeated import Repeated
    from communique.pipeline import Coder
    from communique.settings import Settings
    from communique.sources.item import RawItem
    from communique.store.ledger import Input
    from communique.store.store import Store

_MERGED = 16  # small parts that a store collects before they are merged into larger ones, at the end of a run
_MERGED_BETWEEN = 16  # and while it goes on: a little often, or a merge of many would be a pause
_LOOKED = 16  # batches after which it is seen how many there are


class Watcher(Protocol):
    """Who is told how a run goes on."""

    def say(self, doing: str) -> None:
        """Hear what is being done now, in a few words."""

    def advance(self, inputs: int) -> None:
        """Hear that so many more inputs are done with."""


class Unwatched:
    """A watcher that watches nothing."""

    def say(self, doing: str) -> None: ...

    def advance(self, inputs: int) -> None: ...


class Driver:
    """Codes streams of inputs into a store that is open for writing, by an engine.

    `jobs` is the number of workers, 0 for one on each core. Without `engine`, one job is done in this process, more in
    processes of their own, and with a `scheduler` (an address) by dask. `tally` counts over all that is run.
    `coder` is one that was loaded with the same settings, if there is one. `repeated` learns what outlets print with
    story after story, before anything is read; it is given the furniture that the knowledge files know.
    Raises EngineError for an engine that there is not.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        engine: str = "",
        jobs: int = 1,
        scheduler: str = "",
        watcher: Watcher | None = None,
        coder: Coder | None = None,
        repeated: Callable[[FurnitureBook], Repeated] | None = None,
        reports: int = REPORTS,
    ) -> None:
        self.tally = Tally()
        self._store = store
        self._watcher = watcher or Unwatched()
        self._loaded = coder
        self._repeated = repeated
        self._engine = engine_for(engine, jobs, scheduler)
        self._job = Job(store.path.absolute(), settings, jobs, scheduler)
        self._reports = reports
        self._stop = Stop()

    def run(self, items: Iterable[RawItem | Failure]) -> Tally:
        """Read, code and keep `items`; return the tally. Memory is bounded, however many there are.

        Ctrl-C (in the main thread) and `stop` end it early: what was begun is finished and kept, and KeyboardInterrupt
        is raised. Raises StoreError and EngineError; what was kept by then stays, and running the same again goes on.
        """
        self._stop = Stop(lambda: self.say("finishing what was begun; Ctrl-C again to stop at once"))
        # Where there is nothing but failures, the coder is not loaded.
        cutter = Cutter(lambda item: self.coder.read(item), self._store.has, self._store.writer.story, self._reports)
        results = self._engine(self._job, self._batches(cutter, items), self)
        with self._stop:
            try:
                for done in results:
                    self._commit(done, cutter)
            finally:
                if isinstance(results, Generator):
                    results.close()
        if self._stop.asked:
            raise KeyboardInterrupt
        if cutter.notes:
            raise RuntimeError(f"The engine returned too early: {len(cutter.notes)} batches are missing.")
        if cutter.broken is not None:
            raise cutter.broken
        self._store.writer.compact(at_least=_MERGED)
        return self.tally

    def stop(self) -> None:
        """Have `run` end as Ctrl-C does; may be called from any thread or signal handler."""
        self._stop.asked = True

    # What an engine asks of its host

    @cached_property
    def coder(self) -> Coder:
        """The coder that reads the reports, and codes them where the engine does that here."""
        coder = self._loaded
        if coder is None:
            self.say("loading the language model")
            coder = load_coder(self._job.settings)
        if self._repeated is not None:
            self.say("looking for what outlets repeat")
            coder = coder.with_repeated(self._repeated(coder.knowledge.furniture))
        return coder

    def stopped(self) -> bool:
        """Whether the user asked to stop."""
        return self._stop.asked

    def say(self, doing: str) -> None:
        """Tell whoever watches what is being done."""
        self._watcher.say(doing)

    def _batches(self, cutter: Cutter, items: Iterable[RawItem | Failure]) -> Iterator[Batch]:
        """Yield batches until the stream ends or the user stops it; what is not yet in a batch is then not begun."""
        batches = cutter.batches(self._read(items))
        while not self._stop.asked:
            try:
                batch = next(batches, None)
            except KeyboardInterrupt:  # while waiting for a source
                self._stop.asked = True
                return
            if batch is None or self._stop.asked:
                return
            yield batch

    def _read(self, items: Iterable[RawItem | Failure]) -> Iterator[RawItem | Failure]:
        source = iter(items)
        while not self._stop.asked:
            with self._stop.waiting():
                item = next(source, None)
            if item is None:
                return
            yield item

    def _commit(self, done: Done, cutter: Cutter) -> None:
        """Make what came of a batch visible, with all that the ledger is to say, in one transaction."""
        if done.number != next(iter(cutter.notes), None):
            raise RuntimeError(f"The engine returned batch {done.number} out of its turn.")
        notes = cutter.forget(done.number)
        cutter.failed.update((each.report, each) for each in done.failed)
        self._store.writer.give_up(each.report for each in done.failed)
        inputs, failures = _sorted_out(notes, done, cutter, self._store)
        if (left := len(notes.new) + len(notes.known) + len(notes.failures) - len(inputs) - len(failures)) and not (
            self._stop.asked
        ):
            raise RuntimeError(f"The engine lost {left} reports of batch {done.number}.")
        with self._stop.whole():
            added = self._store.writer.commit(done.written, failures, inputs=inputs)
            self.tally.kept += added.reports
            self.tally.skipped += sum(len(each.skipped) for each in done.written)
            self.tally.there += len(inputs) - added.reports
            self.tally.fail(failures)
            if done.number % _LOOKED == 0:
                self._store.writer.compact(at_least=_MERGED_BETWEEN, busy=True)
        self._watcher.advance(len(inputs) + len(failures))
        if not self._stop.asked:
            self.say("reading")


def _sorted_out(notes: Notes, done: Done, cutter: Cutter, store: Store) -> tuple[list[Input], list[Failure]]:
    """Return the inputs whose reports will be in the store once `done` is committed, and the failures.

    Inputs that repeat a report that failed, in this batch or an earlier one, fail for the same reason.
    """
    coded = {report for each in done.written for report in each.reports}
    inputs, failures = [], list(notes.failures)
    for each in (*notes.new, *notes.known):
        if failed := cutter.failed.get(each.report):
            failures.append(Failure(each.origin, failed.stage, failed.cause, each.source_id))
        elif each.report in coded or store.has(each.report):
            inputs.append(each)
    return inputs, failures


def run(
    items: Iterable[RawItem | Failure],
    store: Store,
    settings: Settings,
    *,
    engine: str = "",
    jobs: int = 1,
    scheduler: str = "",
) -> Tally:
    """Read, code and keep `items` in a store that is open for writing, and return the tally (see `Driver`)."""
    return Driver(store, settings, engine=engine, jobs=jobs, scheduler=scheduler).run(items)
