"""The one writer of a store: batches become visible whole, and what a killed writer left is swept away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import filelock
import orjson
import pyarrow as pa

from communique.errors import StoreError
from communique.reading.likeness import likeness, told_text
from communique.records import Coding, Failure, Report
from communique.store import damage, summaries
from communique.store import parts as files
from communique.store.catalogue import MENDED, Catalogue, input_line, now
from communique.store.faults import reported
from communique.store.ledger import Input, LedgerLine
from communique.store.parts import Broken, Part
from communique.store.retelling import retell
from communique.store.shapes import KINDS, ORDER, schema
from communique.store.written import Written, write_codings

LOCK = "writer.lock"
_PATIENCE = 0.2  # seconds; who asks whether a writer is at work holds the lock for a moment
# A reader asks for its list of parts and then opens them at once; an hour is far more than that ever takes.
GRACE = timedelta(hours=1)
# Parts grow by merging up to about this size. Larger ones would make merging costly and gain nothing when asking.
PART_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a batch did: reports new in the store, reports that it had or that came twice, inputs that failed."""

    reports: int
    duplicates: int
    failures: int


class Writer:
    """Adds to a store. There is one at a time; it holds the lock until it is closed or its process ends."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._parts = path / files.PARTS
        self._catalogue = catalogue
        self.stories = catalogue.stories()
        self._merged_here: set[str] = set()

    def add(self, batch: Sequence[Coding], failures: Sequence[Failure] = (), *, inputs: Iterable[Input] = ()) -> Added:
        """Add the codings whose reports the store has not, with their records and traces, whole or not at all.

        `inputs` says where the reports came from, for the ledger; it may name reports that the store has, which were
        therefore not coded again. A coding that no file can hold (half a surrogate pair in it) becomes a failure.
        Raises StoreError when the disk is full or fails; the store then stays as it was.
        """
        with reported(self._path, "read"):
            fresh = self._fresh(batch)
        stories = {each.report.id: self.story(each.report) for each in fresh}
        try:
            written = write_codings(self._path, ((each, stories[each.report.id]) for each in fresh))
            added = self.commit([written], failures, inputs=inputs)
        finally:
            self.give_up(stories)  # those that were not added
        return Added(added.reports, len(batch) - len(fresh), added.failures)

    def story(self, report: Report) -> str:
        """Return the story of a report that the store has not; reports are asked for in the order of their commits.

        It is remembered until the report is committed or given up (`give_up`). Raises StoreError.
        """
        with reported(self._path, "read"):
            return self.stories.assign(report.id, report.published, likeness(told_text(report)))

    def give_up(self, reports: Iterable[str]) -> None:
        """Forget the stories of reports that will not be committed."""
        self.stories.forget(reports)

    def commit(
        self, written: Sequence[Written], failures: Sequence[Failure] = (), *, inputs: Iterable[Input] = ()
    ) -> Added:
        """Make parts visible that workers wrote (`write_codings`), and note failures and inputs, in one transaction.

        The store holds none of their reports yet. Raises StoreError; then the parts are removed and the store stays as
        it was.
        """
        inputs = list(inputs)
        unfit = {report: cause for each in written for report, cause in each.unfit.items()}
        skipped = {report: why for each in written for report, why in each.skipped.items()}
        reports = [report for each in written for report in each.reports]
        failures = [*failures, *_as_failures(unfit, inputs)]
        with self._undone(written):
            with reported(self._path, "read"):
                fit = [each for each in inputs if each.report not in unfit]
                ledger = list(self._input_lines(reports, fit, skipped))
            ledger += [
                LedgerLine(f.source, f.source_id, "", "failed", f.stage, f.cause, at=now(), how=self._how_of(f))
                for f in failures
            ]
            if reports or ledger:
                with reported(self._path, "write to"):
                    self._catalogue.commit(written, ledger, self.stories.told(reports))
                self.stories.forget((*reports, *unfit))
        return Added(len(reports), 0, len(failures))

    def commit_parts(
        self, written: Sequence[Written], ledger: Iterable[LedgerLine], *, mended: tuple[str, str] = ("", "")
    ) -> None:
        """Make parts of imported events visible, with lines of the ledger as they are, in one transaction.

        Their reports are no copies of others: nothing tells. `mended` are the file and dataset of which what could not
        be read before is forgotten. Raises StoreError; then see `undone_unless_committed`.
        """
        with reported(self._path, "write to"):
            self._catalogue.commit(written, list(ledger), mended=mended)

    def mended(self, origin: str, dataset: str) -> None:
        """Forget which lines of an imported file could not be read: they are read again. Raises StoreError."""
        with reported(self._path, "write to"):
            self._catalogue.change([(MENDED, [(origin, dataset)])])

    @contextmanager
    def undone_unless_committed(self, written: Sequence[Written]) -> Iterator[None]:
        """Remove parts, which may still become more, if the block that writes and commits them fails."""
        with self._undone(written):
            yield

    def compact(
        self, *, at_least: int = 2, part_bytes: int = PART_BYTES, grace: timedelta = GRACE, busy: bool = False
    ) -> int:
        """Merge small parts into larger ones of about `part_bytes`; return how many parts were merged.

        Nothing happens unless `at_least` parts can be merged into one. A part waits until the smaller ones are together
        half as large, so that reading a little costs the same in a large store. The files of the merged parts stay for
        `grace`, for readers that are about to open them. `busy`: workers are writing, and their parts stay where they
        are; only parts of about one size are merged, so that reading on costs the same however much was read before.
        Raises StoreError as `add` does.
        """
        merged = 0
        small = [part for part in self._catalogue.live() if part.size < part_bytes]
        worth = self._many_alike(small, part_bytes, at_least) if busy else [_worth_merging(small, part_bytes)]
        for group in (group for some in worth for group in _grouped(some, part_bytes)):
            if len(group) >= 2 and (busy or len(group) >= at_least):
                try:
                    self._merge(group)
                except Broken as broken:  # the others are merged another time
                    self._catalogue.set_aside(broken.part, str(broken))
                else:
                    merged += len(group)
        if busy:
            self._remove_superseded(grace)
        else:
            self.sweep(grace)
        return merged

    def _merge(self, group: Sequence[Part]) -> None:
        with reported(self._path, "write to"):
            part = files.write_part(self._parts, {kind: self._merged(group, kind) for kind in KINDS})
            with self._undone([Written(part)]):
                self._catalogue.replace(group, part)
            self._merged_here.add(part.name)

    def _many_alike(self, parts: Sequence[Part], limit: int, at_least: int) -> Iterator[list[Part]]:
        """Yield the parts as batches leave them, if there are `at_least`, and the others, of four times as many.

        So what is read is merged once while reading goes on, and seldom again; the rest is left for the end. Size alone
        does not tell them apart: a part of a few reports is mostly what every part has, and 32 are hardly larger.
        """
        fresh: list[Part] = []
        others: list[Part] = []
        for part in parts:
            left = part.size < limit // 64 and part.name not in self._merged_here
            (fresh if left else others).append(part)
        if len(fresh) >= at_least:
            yield fresh
        if len(others) >= 4 * at_least:
            yield others

    def retell(self) -> None:
        """Find the stories of reports that an earlier version wrote. Raises StoreError as `add` does."""
        with reported(self._path, "bring up to date"):
            retell(self._parts, self._catalogue, self.stories)

    def sweep(self, grace: timedelta = GRACE) -> None:
        """Remove what nobody needs: parts of killed writers, those replaced longer than `grace` ago, and damaged ones
        of which every report was coded again."""
        with reported(self._path, "clean up"):
            named = self._catalogue.names()
            found = set(files.found_parts(self._parts))
            for name in sorted(found - named):
                files.remove_part(self._parts, name)
            # Where a folder is gone its name is not free: its reports, coded again, would be written under the same.
            for name in sorted(named - found):
                (self._parts / name).mkdir(exist_ok=True)
        self._remove_superseded(grace)

    def _remove_superseded(self, grace: timedelta) -> None:
        before = (datetime.now(UTC) - grace).strftime("%Y-%m-%dT%H:%M:%SZ")
        with reported(self._path, "clean up"):
            mended = [part for part, _, lost in self._catalogue.aside() if not lost]
            if old := [*self._catalogue.superseded(before), *mended]:
                self._catalogue.forget(old)
                for part in old:
                    files.remove_part(self._parts, part.name)
            summaries.sweep(self._path / summaries.FOLDER, self._catalogue.names())

    def told(self, **how: object) -> None:
        """Note for the ledger what the readings to come are told beside their inputs; empty values are left out.

        `communique retry` reads an input again as it was read: fields of RawItem (`published`) are filled where the
        input leaves them empty, and `settings`, a mapping of fields of Settings, hold while it is read. The current
        folder, from which relative paths count, is noted with it.
        """
        known = {key: value for key, value in how.items() if value}
        self._catalogue.how = orjson.dumps({"folder": str(Path.cwd()), **known}, option=orjson.OPT_SORT_KEYS).decode()

    def _how_of(self, failure: Failure) -> str:
        """Return what the reading of a failed input is told, with what its source knew of it; "" if it knew nothing."""
        if not failure.known:
            return ""
        told = orjson.loads(self._catalogue.how) if self._catalogue.how else {}
        return orjson.dumps({**told, **dict(failure.known)}, option=orjson.OPT_SORT_KEYS).decode()

    def told_before(self, how: str) -> None:
        """Note for the ledger that what is read now is told what a line of it says (`LedgerLine.how`)."""
        self._catalogue.how = how

    def set_aside(self, *, thorough: bool = False) -> int:
        """Set aside the parts of which a file is torn or missing, so that their reports are coded when they are read
        again, and take back those that are whole after all; return how many were set aside.

        Unless it is `thorough`, only the parts that were written last are compared byte by byte.
        """
        with reported(self._path, "read"):
            for part, _, lost in self._catalogue.aside():
                if len(lost) == damage.reports_of(part) and not damage.cause_of(self._parts, part):
                    self._catalogue.restore(part)
            found = damage.find(self._parts, self._catalogue.live(), thorough=thorough)
            for part, cause in found:
                self._catalogue.set_aside(part, cause)
        return len(found)

    def _fresh(self, batch: Sequence[Coding]) -> list[Coding]:
        """Return the codings of reports that are new; of two codings of one report the first."""
        fresh: dict[str, Coding] = {}
        for coding in batch:
            if coding.report.id not in fresh and not self._catalogue.has(coding.report.id):
                fresh[coding.report.id] = coding
        return list(fresh.values())

    def _input_lines(
        self, reports: Sequence[str], inputs: Sequence[Input], skipped: Mapping[str, str]
    ) -> Iterator[LedgerLine]:
        """Yield the lines for inputs that gave reports: the first input of a new report coded it, others repeat it."""
        new, unclaimed = set(reports), dict.fromkeys(reports)

        def first(source: Input) -> LedgerLine:
            why = skipped.get(source.report, "")
            return input_line(source, "skipped", "language", why) if why else input_line(source, "coded")

        for each in inputs:
            if each.report in unclaimed:
                del unclaimed[each.report]
                yield first(each)
            elif each.report in new or self._catalogue.has(each.report):
                yield input_line(each, "duplicate")
            else:
                raise ValueError(f"The input {each} names a report that is neither in the batch nor in the store.")
        for report in unclaimed:
            yield first(Input("", "", report))

    def _merged(self, group: Sequence[Part], kind: str) -> Any:
        """Return one table of the rows of several parts, in an order that does not depend on how they were batched."""
        tables = [files.read_table(self._parts, part, kind) for part in group]
        whole = pa.concat_tables([pa.Table.from_batches([], schema(kind)), *tables], promote_options="default")
        return whole.select(schema(kind).names).sort_by([(column, "ascending") for column in ORDER[kind]])

    @contextmanager
    def _undone(self, written: Sequence[Written]) -> Iterator[None]:
        """Remove parts again if what should name them fails; on a full disk their space is what is needed most."""
        try:
            yield
        except BaseException:
            names = {each.part.name for each in written if each.part}
            try:
                names -= self._catalogue.names()
            except sqlite3.Error:
                names = set()  # not known: the next writer's sweep will see
            for name in names:
                files.remove_part(self._parts, name)
            raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the writer's lock of the store at `path`; the system gives it back should the process die.

    Raises StoreError when another writer holds it.
    """
    lock = acquire(path)
    try:
        yield
    finally:
        lock.release()


def acquire(path: Path) -> filelock.BaseFileLock:
    """Take the writer's lock of the store at `path` and return it. Raises StoreError when another writer holds it."""
    lock = filelock.FileLock(path / LOCK, thread_local=False)
    with reported(path, "write to"):
        try:
            lock.acquire(timeout=_PATIENCE, poll_interval=_PATIENCE / 5)
        except filelock.Timeout:
            raise StoreError(
                f"Another program is writing to the store {str(path)!r}. Wait until it is done, then try again; "
                "reading is possible meanwhile."
            ) from None
    return lock


def is_held(path: Path) -> bool | None:
    """Say whether a writer is at work in the store at `path`; None where we may not know."""
    lock = filelock.FileLock(path / LOCK, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        return True
    except OSError:
        return None
    lock.release()
    return False


def _as_failures(unfit: dict[str, str], inputs: Sequence[Input]) -> Iterator[Failure]:
    origins = {each.report: each for each in inputs}
    for report, cause in unfit.items():
        origin = origins.get(report, Input("", report, report))
        yield Failure(origin.origin, "store", cause, origin.source_id)


def _worth_merging(parts: Sequence[Part], limit: int) -> list[Part]:
    """Return the smallest of the `parts`, in their order, each at most twice as large as the smaller ones together.

    So no row is written again but into a part that is half as large again at least. Parts of a 64th of `limit` are
    always worth it.
    """
    size = most = 0
    for each in sorted(part.size for part in parts):
        if size and each > max(2 * size, limit // 64):
            break
        size, most = size + each, each
    return [part for part in parts if part.size <= most]


def _grouped(parts: Sequence[Part], limit: int) -> Iterator[list[Part]]:
    """Yield runs of parts whose sizes add up to `limit` bytes at most, or to one part more than that."""
    group: list[Part] = []
    size = 0
    for part in parts:
        group.append(part)
        size += part.size
        if size >= limit:
            yield group
            group, size = [], 0
    if group:
        yield group
