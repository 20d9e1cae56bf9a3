"""A store: a folder that keeps reports with their records, and answers questions about them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, cast, overload

import filelock

from communique.errors import QueryError, StoreError, StoreWarning
from communique.records import Coding, Event, Position, Record, Report, Statement
from communique.store import catalogue as catalogues
from communique.store import damage as damages
from communique.store import summaries
from communique.store.auditing import Auditing
from communique.store.byid import ById
from communique.store.catalogue import Catalogue
from communique.store.corrected import UNCORRECTED
from communique.store.correcting import Correcting
from communique.store.faults import reported
from communique.store.filters import Filters, Vocabulary, parameters
from communique.store.folders import check_store, is_free, no_store
from communique.store.furniture import LearnedFurniture
from communique.store.index import Index
from communique.store.judgements import Judgements
from communique.store.ledger import Damage, LedgerLine, LedgerSum, Outcome, Summary
from communique.store.looking import Moment
from communique.store.merged import MergedEvent, to_merged
from communique.store.paged import Paged
from communique.store.questions import Outdated, Questions, Unreadable
from communique.store.rows import ReportSummary, empty_table, to_records, to_summaries, to_traces
from communique.store.searching import Searching
from communique.store.shapes import KINDS, RECORD_KINDS
from communique.store.streamed import Streamed
from communique.store.tied import Tied
from communique.store.watched import Watched
from communique.store.writer import Writer, acquire, is_held, locked

_ALL, _ANY = Filters(), Vocabulary()


class Store(ById, Tied, Correcting, Paged, Searching, Auditing, Streamed):
    """An open store; use it in a `with` block. Any number may be open for reading while one is open for writing.

    Each question sees the store at one moment: reports are there with all their records or not at all.
    """

    def __init__(
        self, path: Path, catalogue: Catalogue, lock: filelock.BaseFileLock | None = None, *, raw: bool = False
    ) -> None:
        self.path = path
        self.raw = raw
        self._judgements = Judgements(path)
        self._index = Index(path)
        self._now: Moment | None = None  # within a moment
        self._last: Moment | None = None  # the one before: mostly nothing has changed since
        self._catalogue = catalogue
        self._questions = Questions(path / "parts", path / summaries.FOLDER)
        self._lock = lock
        self._broken: dict[str, Damage] = {}  # live parts that turned out to be damaged
        self._writer = Writer(path, catalogue) if lock else None

    @classmethod
    def create(cls, path: Path | str) -> Store:
        """Make an empty store in a new or empty folder and open it for writing.

        Raises StoreError where there is a store already, or anything else.
        """
        path = Path(path)
        if (path / catalogues.NAME).is_file():
            raise StoreError(f"{str(path)!r} is a store already. Open it, or give another folder.")
        if path.exists() and not path.is_dir():
            raise StoreError(f"{str(path)!r} is a file, not a folder. Give the folder of a store, or a new one.")
        with reported(path, "make"):
            if path.is_dir() and not is_free(path):
                raise StoreError(no_store(path))
            (path / "parts").mkdir(parents=True, exist_ok=True)
            with locked(path):
                # Another may have made it while we waited.
                if not (path / catalogues.NAME).is_file():
                    Catalogue.create(path)
        return cls.open(path, write=True)

    @classmethod
    def open(cls, path: Path | str, *, write: bool = False, raw: bool = False) -> Store:
        """Open an existing store; `raw` gives records as they were coded, without the corrections of people.

        For writing, it is brought up to date, what a killed writer left is swept, and parts of which a file is torn or
        missing are set aside.

        Raises StoreError for what is no store, for a store of a newer version, and when another writes to it.
        """
        path = Path(path)
        check_store(path)
        if not write:
            return cls(path, Catalogue.open(path, write=False), raw=raw)
        lock = acquire(path)
        try:
            catalogue = Catalogue.open(path, write=True)
        except BaseException:
            lock.release()
            raise
        store = cls(path, catalogue, lock, raw=raw)
        try:
            store.writer.set_aside()
            store.writer.sweep()
            store.writer.retell()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open_or_create(cls, path: Path | str) -> Store:
        """Open the store for writing, after making it where there is nothing yet. Raises as `open` and `create` do."""
        path = Path(path)
        fresh = not path.exists() or (path.is_dir() and is_free(path))
        return cls.create(path) if fresh else cls.open(path, write=True)

    def close(self) -> None:
        """Close the store and let others write to it. A StoreWarning says if a writer leaves reports that are lost."""
        self._questions.close()
        self._judgements.close()
        self._index.close()
        lost = self._catalogue.lost() if self._lock and self._lock.is_locked else 0
        self._catalogue.close()
        if self._lock:
            self._lock.release()
        if lost:
            _warn(damages.left_behind(self.path, lost))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all questions of the block see the store as it is now, whatever is added meanwhile.

        For blocks of seconds: parts that compaction replaces stay for some minutes only.
        """
        with reported(self.path, "read"):
            self._catalogue.connection.execute("BEGIN")
            catalogue = self._catalogue.changes()  # SQLite takes its picture with the first question
        try:
            with self._index.moment():
                changes = catalogue, self._index.state(), self._judgements.state()
                if self._last is None or self._last.changes != changes:
                    corrected = self._applied() or UNCORRECTED
                    version = self._version_with(corrected.last)
                    self._last = Moment(changes, version, self._is_up_to_date(), corrected)
                self._now = self._last
                yield
        finally:
            self._now = None
            self._catalogue.connection.execute("ROLLBACK")

    @property
    def writer(self) -> Writer:
        """What adds to this store. Raises StoreError when it was opened for reading."""
        if self._writer is None:
            raise StoreError(f"The store {str(self.path)!r} is open for reading only. Open it with write=True.")
        return self._writer

    @property
    def furniture(self) -> LearnedFurniture:
        """The paragraphs that outlets repeat, as they were learned."""
        return LearnedFurniture(self.path, self._catalogue)

    @property
    def watched(self) -> Watched:
        """What `communique watch` follows, and how far it is. Raises StoreError as `writer` does."""
        self.writer  # noqa: B018
        return Watched(self.path, self._catalogue)

    def has(self, report: str) -> bool:
        """Say whether the store holds the report with this id."""
        with reported(self.path, "read"):
            return self._catalogue.has(report)

    def counts(self) -> dict[str, int]:
        """Return the number of reports, events, statements, positions and traces, in this order."""
        with reported(self.path, "read"):
            found = self._catalogue.counts()
        corrected = self._corrected()
        more = corrected.counts if corrected else {}
        return {kind: found.get(kind, 0) + more.get(kind, 0) for kind in KINDS}

    def inputs(self, outcome: Outcome | None = None, *, origin: str = "", stage: str = "") -> list[LedgerLine]:
        """Return what became of each input, or of those with this outcome and stage whose origin begins so."""
        with reported(self.path, "read"):
            return list(self._catalogue.inputs(outcome, origin, stage))

    def last_inputs(self, outcome: Outcome | None = None, *, origin: str = "", most: int = 10) -> list[LedgerLine]:
        """Return the lines of the ledger that were written last, newest first; otherwise as `inputs`."""
        with reported(self.path, "read"):
            return self._catalogue.last_inputs(outcome, origin, most)

    def inputs_of(self, reports: Iterable[str]) -> list[LedgerLine]:
        """Return the inputs that gave these reports, copies of them included."""
        with reported(self.path, "read"):
            return self._catalogue.inputs_of(reports)

    def sums(self, outcome: Outcome | None = None, *, origin: str = "") -> list[LedgerSum]:
        """Return the ledger, or what `inputs` would give of it, summed by outcome, stage and cause."""
        with reported(self.path, "read"):
            return self._catalogue.sums(outcome, origin)

    def summary(self) -> Summary:
        """Return what the store holds, in numbers."""
        with reported(self.path, "read"):
            live, lost = self._catalogue.live(), self._catalogue.lost()
        return Summary(
            self.counts(), *self.covers(), len(live),
            sum(part.size for part in live) + (self.path / catalogues.NAME).stat().st_size, lost, is_held(self.path),
        )  # fmt: skip

    def saved(self, reports: Iterable[str]) -> dict[str, Report]:
        """Return, by id, those of the lost `reports` whose text can still be read in a part that was set aside."""
        wanted = set(reports)
        with reported(self.path, "read"):
            aside = self._catalogue.aside()
        folder = self.path / "parts"
        found: dict[str, Report] = {}
        for part, _, lost in aside:
            if wanted & set(lost) and not damages.cause_of(folder, damages.reports_only(part)):
                table = self._questions.ask("reports_by_id", [part.name], {"ids": sorted(wanted & set(lost))})
                found |= {summary.report.id: summary.report for summary in to_summaries(table)}
        return found

    @overload
    def query(self, kind: Literal["events"], filters: Filters = ..., known: Vocabulary = ...) -> Iterator[Event]: ...
    @overload
    def query(
        self, kind: Literal["statements"], filters: Filters = ..., known: Vocabulary = ...
    ) -> Iterator[Statement]: ...
    @overload
    def query(
        self, kind: Literal["positions"], filters: Filters = ..., known: Vocabulary = ...
    ) -> Iterator[Position]: ...
    @overload
    def query(
        self, kind: Literal["reports"], filters: Filters = ..., known: Vocabulary = ...
    ) -> Iterator[ReportSummary]: ...
    @overload
    def query(
        self, kind: str, filters: Filters = ..., known: Vocabulary = ...
    ) -> Iterator[Record] | Iterator[ReportSummary]: ...

    def query(self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY) -> Iterator[Any]:
        """Yield the records of `kind`, or with kind `reports` reports and their counts, that `filters` let through.

        They come by day of publication and report id, then in text order. `known` says which types and issues there
        are. Raises QueryError at once for one that there is not, and for all else that cannot be asked.
        """
        if filters.report is not None and kind in RECORD_KINDS:
            looked_up = self._records_of_report(kind, filters.report, parameters(kind, filters, known))
            if looked_up is not None:
                return iter(looked_up)
        table = self.to_arrow(kind, filters, known)
        return to_summaries(table) if kind == "reports" else to_records(kind, table)

    def to_arrow(self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY) -> Any:
        """Return the answer to `query` as a pyarrow.Table, with the fields of the records as columns."""
        values = {**parameters(kind, filters, known), **self._on(filters)}
        question = "reports_with_records" if kind == "reports" and filters.about_records else kind
        return self._ask(question, kind, values, None if filters.report is None else [filters.report])

    def merged_events(self, filters: Filters = _ALL, known: Vocabulary = _ANY) -> Iterator[MergedEvent]:
        """Yield what the events that `filters` let through tell of, each once, by day. Raises QueryError as `query`."""
        values = parameters("events", filters, known)
        yield from to_merged(self._ask("merged_events", "merged_events", values))

    def report(self, report: str) -> Report:
        """Return the report with this id. Raises QueryError when there is none."""
        if found := self.reports([report]):
            return found[report]
        raise QueryError(
            f"No report {report!r} in the store {str(self.path)!r}. `communique show reports` gives their ids."
        )

    def reports(self, ids: Iterable[str]) -> dict[str, Report]:
        """Return the reports with these ids, by id; ids that the store has not are left out."""
        wanted = list(dict.fromkeys(ids))
        if (looked_up := self._reports_looked_up(wanted)) is not None:
            return looked_up
        table = self._ask("reports_by_id", "reports", {"ids": wanted}, wanted)
        return {summary.report.id: summary.report for summary in to_summaries(table)}

    def coding(self, report: str) -> Coding:
        """Return the report with this id as it was coded: its records in text order, and their traces.

        Raises QueryError when there is none.
        """
        if (looked_up := self._coding_looked_up(report)) is not None:
            return looked_up
        whole = self.report(report)
        only = {"report": report, "id": None, "on": whole.published}
        by_kind = {kind: self.query(kind, Filters(report=report)) for kind in RECORD_KINDS}
        order = self._ask("kinds_in_text_order", "events", only, [report]).column("kind").to_pylist()
        records = cast(list[Record], [next(by_kind[kind]) for kind in order])
        return Coding(whole, tuple(records), tuple(to_traces(self._ask("traces", "traces", only, [report]))))

    def damage(self, *, thorough: bool = True) -> list[Damage]:
        """Return the parts of which a file is torn or missing, with the reports in them.

        Every file is compared with what was written, unless it is not `thorough`: then size and ends of most.
        """
        with reported(self.path, "read"):
            aside = [
                Damage(part.name, cause, lost, aside=True) for part, cause, lost in self._catalogue.aside() if lost
            ]
            live = self._catalogue.live()
            found = damages.find(self.path / "parts", live, thorough=thorough)
            return aside + [Damage(part.name, cause, self._catalogue.reports_in(part.name)) for part, cause in found]

    def check(self) -> list[str]:
        """Compare every file with what was written; return what is wrong and lost by it, a sentence or two for each."""
        return [damages.sentence(each) for each in self.damage()]

    def _ask(
        self, question: str, kind: str, values: Mapping[str, Any], holding: Sequence[str] | None = None, *,
        raw: bool = False, over: str = "", left_out: Any = None,
    ) -> Any:  # fmt: skip
        """Return the answer to a question that gives rows of `kind`, as an Arrow table.

        `over` names the question of what is kept of the parts (summaries.py) with which it begins, if that is there.
        Only the parts that hold the reports `holding` are read, if given. Compaction may sweep parts between the moment
        at which we learn of them and that at which we open them; then the parts that replaced them are asked. Where
        parts are damaged the answer is that of the others, and a StoreWarning says so.
        """
        corrected = None if raw else self._corrected()
        joined = corrected.tables if corrected else None
        asked: list[str] | None = None
        broken: set[str] = set()
        while True:
            with reported(self.path, "read"):
                lost = self._catalogue.lost()
                live = self._catalogue.live_names() if holding is None else self._catalogue.parts_of(holding)
            live = [name for name in live if name not in broken]
            if lost:
                _warn(damages.left_out(self.path, lost))
            if not live:
                return empty_table(kind)
            try:
                if over and not summaries.keep(self.path / summaries.FOLDER, live, self._questions.rows_of):
                    over = ""
                return self._questions.ask(question, live, values, joined, over=over, left_out=left_out)
            except Outdated as error:
                raise StoreError(
                    f"The store {str(self.path)!r} was written by an earlier version, without what this question needs "
                    f"({error}). Read its reports into a new store."
                ) from error
            except Unreadable as error:
                if over:  # what is kept may be torn: it is made again another time
                    summaries.sweep(self.path / summaries.FOLDER, ())
                    over = ""
                elif live == asked:
                    broken |= self._damaged(live)
                    if broken.isdisjoint(live):
                        raise StoreError(
                            f"The store {str(self.path)!r} cannot be read: {error}. Put the folder back from a backup."
                        ) from error
                asked = live

    def _keep(self) -> bool:
        """Make what is kept of the parts for alignment (summaries.py); return whether it is there."""
        with reported(self.path, "read"):
            live = self._catalogue.live_names()
        try:
            return bool(live) and summaries.keep(self.path / summaries.FOLDER, live, self._questions.rows_of)
        except (Unreadable, Outdated):  # the question says what is wrong
            return False

    def _damaged(self, names: Sequence[str]) -> set[str]:
        """Return which of these live parts are damaged, after a warning that the answer will lack them."""
        if self._broken.keys().isdisjoint(names):  # else they were looked for before
            self._broken |= {each.part: each for each in self.damage() if not each.aside}
        found = [self._broken[name] for name in names if name in self._broken]
        if found:
            lost = sum(len(each.reports) for each in found)
            _warn(damages.left_out(self.path, lost, (each.cause for each in found)))
        return {each.part for each in found}


def _warn(message: str) -> None:
    warnings.warn(message, StoreWarning, stacklevel=4)
