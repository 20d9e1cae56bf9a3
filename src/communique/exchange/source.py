"""What an export draws from: the records of a store that filters let through, in their order, never all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from communique.records import Event, Record, Report
from communique.store import Filters, ReportSummary, Store
from communique.store.filters import APPLIES, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALL, _ANY = Filters(), Vocabulary()


@dataclass(frozen=True, slots=True)
class Source:
    """The records of `store` that `filters` let through."""

    store: Store
    filters: Filters = _ALL
    known: Vocabulary = _ANY

    def applies(self, kind: str) -> bool:
        """Say whether all filters that are given can be asked of records of `kind`."""
        given = {name for name in Filters.__dataclass_fields__ if getattr(self.filters, name) is not None}
        return given <= APPLIES[kind]

    def fitting(self, kinds: Sequence[str]) -> list[str]:
        """Return those of `kinds` that the filters can be asked of; all if none, so that asking says what is wrong."""
        return [kind for kind in kinds if self.applies(kind)] or list(kinds)

    def records(self, kind: str) -> Iterator[tuple[Record, Report]]:
        """Yield the records of `kind` with their reports. Raises QueryError for what cannot be asked."""
        return self.store.stream(kind, self.filters, self.known)

    def events(self) -> Iterator[tuple[Event, Report]]:
        """Yield the events with their reports."""
        return cast(Iterator[tuple[Event, Report]], self.records("events"))

    def reports(self) -> Iterator[ReportSummary]:
        """Yield the reports, with the numbers of their records."""
        return self.store.stream_reports(self.filters, self.known)

    def tables(self, kind: str) -> Iterator[Any]:
        """Yield the records as Arrow tables."""
        return self.store.stream_tables(kind, self.filters, self.known)

    def count(self, kind: str) -> int:
        """Return how many records of `kind` there are to export."""
        return self.store.count(kind, self.filters, self.known) if self.applies(kind) else 0

    def by_report(self, kinds: Sequence[str]) -> Iterator[tuple[Report, list[Record]]]:
        """Yield each report that has records with all of them, in text order, by day of publication.

        Reports are held one at a time, but for the records of the kinds that are still to come.
        """
        streams = [
            self.store.stream_placed(kind, replace(self.filters, limit=None), self.known)
            for kind in self.fitting(kinds)
        ]
        heads = [next(stream, None) for stream in streams]
        number = 0
        while any(heads) and number != self.filters.limit:
            report = min((head[1] for head in heads if head), key=lambda r: (r.published, r.id))
            found: list[tuple[int, Record]] = []
            for n, stream in enumerate(streams):
                head = heads[n]
                while head and head[1].id == report.id:
                    found.append((head[2], head[0]))
                    head = next(stream, None)
                heads[n] = head
            yield report, [record for _, record in sorted(found, key=lambda placed: placed[0])]
            number += 1
