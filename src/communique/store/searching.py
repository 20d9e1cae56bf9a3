"""What a store finds in the texts of its reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.errors import QueryError, StoreError, unknown
from communique.store.filters import Filters, parameters
from communique.store.indexing import Indexing
from communique.store.search import Found, find, number_found

_PATIENCE = 5_000  # reports that a search adds to the index before it answers: some seconds
_ALL = Filters()


class Searching(Indexing):
    """The part of a `Store` that searches."""

    if TYPE_CHECKING:

        def has(self, report: str) -> bool: ...

    def search(
        self,
        query: str,
        *,
        kind: str = "reports",
        limit: int = 20,
        after: str | None = None,
        filters: Filters = _ALL,
        patience: int | None = _PATIENCE,
    ) -> list[Found]:
        """Return the reports whose title or text has the words of `query`, the last published first.

        All words must be there; `"a phrase"`, `-without`, `begun*` and `one OR other` mean what they look like, and
        nothing else means anything. `after` is the id of the report after which it goes on. Of `filters`, since and
        until hold.
        What has come in since the last search is added to the index first, unless that is more than `patience` reports
        (None: however many): then what is indexed is searched, and `unindexed` says how much is missing.
        Raises QueryError for a query without words, StoreError where the index cannot be made.
        """
        if kind != "reports":
            raise QueryError(unknown("kind to search", kind, ("reports",)))
        if limit < 1:
            raise QueryError(f"A page of {limit} shows nothing. Ask for 1 or more.")
        since, until = _days(filters)
        self._up_to_date(patience)
        before = self._index.number_in(after) if after is not None else None
        if after is not None and before is None:
            raise QueryError(f"The search cannot go on after {after!r}: it is no report that was found.")
        found: list[Found] = []
        while True:
            rows = find(self._index, query, since, until, before, limit)
            found += [each for _, each in rows if self.has(each.report)]  # a damaged part takes reports with it
            if len(found) >= limit or len(rows) < limit:
                return found[:limit]
            before = rows[-1][0]

    def count_found(self, query: str, filters: Filters = _ALL) -> int:
        """Return how many reports a search finds in what is indexed. Raises QueryError as `search`."""
        return number_found(self._index, query, *_days(filters))

    def _up_to_date(self, patience: int | None) -> None:
        if not self._index.whole():
            self._index.discard()
        if self._index.parts() >= set(self._live()):
            return
        if patience is None or self.unindexed() <= patience:
            try:
                self.index()
            except StoreError:
                if not self._index.parts():  # a folder that may not be written to is searched as far as it is indexed
                    raise


def _days(filters: Filters) -> tuple[str, str]:
    values = parameters("reports", Filters(since=filters.since, until=filters.until))
    return str(values["since"] or ""), str(values["until"] or "")
