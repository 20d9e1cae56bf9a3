"""Keeping the readers' index up to date with the parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from communique.store.asks import Asks
from communique.store.faults import reported
from communique.store.index import Entry, Index, Indexed
from communique.store.lookup import entry
from communique.store.shapes import RECORD_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from communique.store.catalogue import Catalogue

_SMALL = 4000  # of those that were imported: they have no text and few records
_BATCH = 500  # reports that are added in one transaction; by day, so that their records stand together in the parts


class Indexing(Asks):
    """The part of a `Store` that brings the index up to date."""

    if TYPE_CHECKING:
        path: Path
        _catalogue: Catalogue
        _index: Index

    def unindexed(self) -> int:
        """Return how many reports the index has not yet."""
        known = self._index.parts()
        behind = [part for part in self._live() if part not in known]
        return sum(len(self._missing(self._catalogue.reports_in(part))) for part in behind)

    def index(self, *, batches: int | None = None) -> int:
        """Bring the index up to date, batch by batch, and return how many reports were added; `batches` ends it early.

        It is whole after each batch, and others may search and index meanwhile. A damaged one is made anew, and so is
        one with a report that was coded anew since.
        """
        if not self._index.whole():
            self._index.discard()
        added = 0
        known = self._index.parts()
        for part in self._live():
            if part in known:
                continue
            marks = self._marks(part)
            there = self._index.marks(list(marks))
            if any(marks[report] != mark for report, mark in there.items()):
                self._index.discard()
                return added + self.index(batches=batches)
            missing = [report for report in marks if report not in there]
            size = _SMALL if missing and ":" in missing[0] and ":" in missing[-1] else _BATCH
            for start in range(0, len(missing), size):
                if batches == 0:
                    return added
                some = missing[start : start + size]
                self._index.add(self._read(some, marks))
                added += len(some)
                batches = None if batches is None else batches - 1
            self._index.done([part], self._live())
        return added

    def _missing(self, reports: Sequence[str]) -> list[str]:
        there = self._index.marks(reports)
        return [report for report in reports if report not in there]

    def _live(self) -> list[str]:
        with reported(self.path, "read"):
            return self._catalogue.live_names()

    def _marks(self, part: str) -> dict[str, str]:
        """Return the reports of a part by day of publication, each with a mark of which records it has."""
        with reported(self.path, "read"):
            reports = self._catalogue.reports_in(part)
        if not reports:
            return {}
        table = self._ask("marks", "marks", {}, reports[:1], raw=True)
        mine = set(reports)
        rows = zip(table.column("report").to_pylist(), table.column("mark").to_pylist(), strict=True)
        return {report: mark for report, mark in rows if report in mine}

    def _read(self, reports: Sequence[str], marks: Mapping[str, str]) -> Iterator[Indexed]:
        """Yield what the index keeps of reports that follow each other in one part."""
        asked: dict[str, object] = {"among": list(reports)}
        whole = self._ask("indexed_reports", "indexed_reports", asked, reports, raw=True).to_pylist()
        days = sorted(str(row["published"]) for row in whole) or [""]
        asked |= {"first": days[0], "last": days[-1]}
        entries: dict[str, list[Entry]] = defaultdict(list)
        records: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for kind in RECORD_KINDS:
            for row in self._ask(f"indexed_{kind}", f"indexed_{kind}", asked, reports, raw=True).to_pylist():
                entries[row["report"]].append(entry(kind, row))
                records[row["report"]].append((row["seq"], kind, row["told"]))
        traces: dict[str, list[Any]] = defaultdict(list)
        for row in self._ask("indexed_traces", "indexed_traces", asked, reports, raw=True).to_pylist():
            traces[row["report"]].append(orjson.Fragment(row["told"]))
        for row in whole:
            name = row["id"]
            coded = {
                "about": orjson.Fragment(row["about"]),
                "records": [(kind, seq, orjson.Fragment(told)) for seq, kind, told in sorted(records[name])],
            }
            yield Indexed(
                name, row["title"], row["text"], row["published"], row["outlet"], marks[name], coded, traces[name],
                tuple(sorted(entries[name], key=lambda each: each.seq)),
            )  # fmt: skip
