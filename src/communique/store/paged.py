"""Records page by page, newest first, with a cursor that holds whatever comes in; counts; the store's version."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from communique.errors import QueryError
from communique.store.faults import reported
from communique.store.filters import Filters, Vocabulary, parameters
from communique.store.rows import to_records, to_summaries

if TYPE_CHECKING:
    from pathlib import Path

    from communique.records import Record
    from communique.store.catalogue import Catalogue
    from communique.store.judgements import Judgements
    from communique.store.rows import ReportSummary

_ALL, _ANY = Filters(), Vocabulary()
Place = tuple[str, str, int]
"""Where a page ended: day of publication, report, place in the report."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, or reports with their counts; `next` is the cursor of the page that follows, None for the last."""

    items: tuple[Record | ReportSummary, ...]
    next: str | None = None


class Paged:
    """The part of a `Store` that answers page by page."""

    if TYPE_CHECKING:
        path: Path
        raw: bool
        _catalogue: Catalogue
        _judgements: Judgements

        def _ask(
            self,
            question: str,
            kind: str,
            values: Mapping[str, Any],
            holding: Sequence[str] | None = None,
            *,
            raw: bool = False,
        ) -> Any: ...

    def page(
        self, kind: str, filters: Filters = _ALL, *, limit: int = 50, after: str | None = None, known: Vocabulary = _ANY
    ) -> Page:
        """Return at most `limit` records of `kind`, or with `reports` reports with their counts, after a cursor.

        The last published come first; those of one day by report, those of one report in text order. What comes in
        while somebody pages shifts nothing: no record is shown twice, none is passed over. Raises QueryError as
        `query`, and for a cursor that is none.
        """
        if limit < 1:
            raise QueryError(f"A page of {limit} shows nothing. Ask for 1 or more.")
        place = place_of(after) if after is not None else None
        values = parameters(kind, replace(filters, limit=limit + 1), known)
        values |= dict(zip(("day", "from_report", "from_seq"), place or (None, None, None), strict=True))
        holding = None if filters.report is None else [filters.report]
        table = self._ask(f"{_question(kind, filters)}_page", f"{kind}_page", values, holding)
        last = table.slice(limit - 1, 1).to_pylist() if table.num_rows > limit else []
        shown = table.slice(0, limit)
        if kind == "reports":
            items: tuple[Any, ...] = tuple(to_summaries(shown.drop_columns(["story"])))
            ends = [(row["published"], row["id"], 0) for row in last]
        else:
            items = tuple(to_records(kind, shown))
            ends = [(row["published"], row["report"], row["seq"]) for row in last]
        return Page(items, cursor_of(ends[0]) if ends else None)

    def count(self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY) -> int:
        """Return how many records (or reports) `query` would give. Raises QueryError as it does."""
        values = parameters(kind, filters, known)
        holding = None if filters.report is None else [filters.report]
        found = self._ask(f"{_question(kind, filters)}_count", "count", values, holding).column("number").to_pylist()
        return min(found[0] if found else 0, int(values["limit"] or 0))  # type: ignore[arg-type]

    def version(self) -> str:
        """Return a word that changes whenever what the store answers may: with each commit and each correction."""
        with reported(self.path, "read"):
            parts, lost = self._catalogue.live_names(), self._catalogue.lost()
        last = 0 if self.raw else self._judgements.last()
        return hashlib.sha256(f"{' '.join(parts)}|{lost}|{last}|{self.raw}".encode()).hexdigest()[:16]


def _question(kind: str, filters: Filters) -> str:
    return "reports_with_records" if kind == "reports" and filters.about_records else kind


def cursor_of(place: Place) -> str:
    """Return a place as a cursor: text that may stand in an address."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """Return the place that a cursor names. Raises QueryError for what is no cursor of ours."""
    try:
        plain = orjson.loads(
            base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
        day, report, seq = plain
        if isinstance(day, str) and isinstance(report, str) and type(seq) is int and 0 <= seq < 2**62:
            return day, report, seq
    except (ValueError, TypeError, binascii.Error):
        pass
    raise QueryError("The cursor is none of ours. Begin again without it.")
