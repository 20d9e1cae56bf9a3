"""Records page by page, newest first, with a cursor that holds whatever comes in; counts; the store's version."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from communique.errors import QueryError
from communique.store.faults import reported
from communique.store.filters import Filters, Vocabulary, parameters
from communique.store.looking import Extent, Looking, Place
from communique.store.parts import PARTS
from communique.store.remembering import remembered
from communique.store.rows import to_records, to_summaries
from communique.store.shapes import RECORD_KINDS

if TYPE_CHECKING:
    from communique.records import Record
    from communique.store.judgements import Judgements
    from communique.store.looking import Moment
    from communique.store.rows import ReportSummary

_STEP, _LONGER = 2**14, 8  # rows that are looked through first, and how many times as many then
_ALL, _ANY = Filters(), Vocabulary()
NO_PLACE = {"day": None, "from_report": None, "from_seq": None}


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, or reports with their counts; `next` is the cursor of the page that follows, None for the last."""

    items: tuple[Record | ReportSummary, ...]
    next: str | None = None


class Paged(Looking):
    """The part of a `Store` that answers page by page."""

    if TYPE_CHECKING:
        raw: bool
        _judgements: Judgements
        _now: Moment | None

        def _last_correction(self) -> int: ...

        def counts(self) -> dict[str, int]: ...

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
        values = {**parameters(kind, replace(filters, limit=limit + 1), known), **self._on(filters)}
        place = place_of(after) if after is not None else None
        if (looked_up := self._page_looked_up(kind, values, filters.about_records, place, limit + 1)) is not None:
            shown, more = looked_up[:limit], len(looked_up) > limit
            return Page(tuple(item for _, item in shown), cursor_of(shown[-1][0]) if more else None)
        values |= dict(zip(("day", "from_report", "from_seq"), place or (None, None, None), strict=True))
        holding = None if filters.report is None else [filters.report]
        places = self._places(kind, filters, values, holding, limit + 1)
        chosen = places[:limit]
        if not chosen:
            return Page(())
        asked = {"each_day": sorted({each["published"] for each in chosen}), "each_id": [each["id"] for each in chosen]}
        table = self._ask(f"{kind}_page", f"{kind}_page", asked, holding)
        items: tuple[Any, ...] = tuple(
            to_summaries(table.drop_columns(["story"])) if kind == "reports" else to_records(kind, table)
        )
        last = chosen[-1]
        ends = cursor_of((last["published"], last["report"], last["seq"])) if len(places) > limit else None
        return Page(items, ends)

    def _places(
        self, kind: str, filters: Filters, values: Mapping[str, Any], holding: Sequence[str] | None, wanted: int
    ) -> list[dict[str, Any]]:
        """Return the places of the records of a page: looked for among the last days first, then further back.

        Parts are sorted by day and say of each group of rows which days it has, so that only few groups are read.
        """
        question = f"{_question(kind, filters)}_places"
        until = values["day"]
        rows: list[dict[str, Any]] = []
        for first in (*self._steps_back(kind, until), None) if holding is None else (None,):
            rows = self._ask(question, "events_places", {**values, "from_day": first}, holding).to_pylist()
            if len(rows) >= wanted:
                break
        return rows

    def _steps_back(self, kind: str, until: str | None) -> list[str]:
        """Return days to begin a search at, each with some times as many rows behind it as the one before."""
        with reported(self.path, "read"):
            parts = self._catalogue.live_names()
        groups = sorted(
            (group for part in parts for group in day_groups(self.path / PARTS / part / f"{kind}.parquet")),
            reverse=True,
        )
        if until is not None:
            groups = [group for group in groups if group.first <= until]
        steps, rows, wanted = [], 0, _STEP
        for group in groups:
            rows += group.rows
            if rows >= wanted:
                steps.append(group.first)
                wanted *= _LONGER
        return [day for day in dict.fromkeys(steps) if day]

    def _on(self, filters: Filters) -> dict[str, str | None]:
        """Return the day on which the report that is asked for was published: its records are found by that."""
        if filters.report is None:
            return {"on": None}
        table = self._ask("coded_reports", "coded_reports", {"among": [filters.report]}, [filters.report], raw=True)
        days = table.column("published").to_pylist()
        return {"on": days[0] if days else None}

    def count(self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY) -> int:
        """Return how many records (or reports) `query` would give. Raises QueryError as it does."""
        if filters == _ALL:
            parameters(kind, filters, known)
            return self.counts()[kind]
        values = {**parameters(kind, filters, known), **self._on(filters)}
        looked_up = self._count_looked_up(kind, values, filters.about_records)
        if looked_up is not None:
            return min(looked_up, int(values["limit"] or 0))  # type: ignore[arg-type]
        holding = None if filters.report is None else [filters.report]
        found = self._ask(f"{_question(kind, filters)}_count", "count", values, holding).column("number").to_pylist()
        return min(found[0] if found else 0, int(values["limit"] or 0))  # type: ignore[arg-type]

    def extent(self, filters: Filters = _ALL, kinds: Sequence[str] = RECORD_KINDS) -> Extent:
        """Return how many records of some kinds the filters let through, and in which reports.

        Raises QueryError as `query`, for each of the kinds.
        """
        values = [parameters(kind, filters) for kind in kinds]
        if (looked_up := self._extent_looked_up(kinds, values[0])) is not None:
            return looked_up
        days: dict[str, str] = {}
        records = 0
        for kind, asked in zip(kinds, values, strict=True):
            table = self._ask(f"{kind}_places", "events_places", {**asked, **NO_PLACE, "from_day": None})
            records += table.num_rows
            days |= zip(table.column("report").to_pylist(), table.column("published").to_pylist(), strict=True)
        known = [day for day in days.values() if day]
        return Extent(records, len(days), min(known, default=""), max(known, default=""))

    def covers(self) -> tuple[str, str, int]:
        """Return the first and the last day of publication ("" where none is known), and the number of outlets."""
        known = remembered(
            self.path, "overview", self.version(), lambda: self._ask("overview", "overview", {}).to_pylist()
        )
        return (known[0]["since"] or "", known[0]["until"] or "", known[0]["outlets"]) if known else ("", "", 0)

    def lost(self) -> int:
        """Return how many reports are lost in damaged files."""
        with reported(self.path, "read"):
            return self._catalogue.lost()

    def version(self) -> str:
        """Return a word that changes whenever what the store answers may: with each commit and each correction."""
        return self._now.version if self._now is not None else self._version_with(self._last_correction())

    def _version_with(self, last: int) -> str:
        """Return the version with the corrections up to that of a number."""
        with reported(self.path, "read"):
            parts, lost = self._catalogue.live_names(), self._catalogue.lost()
        last = 0 if self.raw else last
        return hashlib.sha256(f"{' '.join(parts)}|{lost}|{last}|{self.raw}".encode()).hexdigest()[:16]

    def changes(self) -> object:
        """Return what is another one once `version` may be: it is there in no time, and of this open store only."""
        with reported(self.path, "read"):
            return self._catalogue.changes(), self._judgements.state()


@dataclass(frozen=True, slots=True, order=True)
class _Group:
    """A group of rows of a part: its first day of publication, and how many rows it has."""

    first: str
    rows: int


@lru_cache(maxsize=4096)
def day_groups(path: Path) -> tuple[_Group, ...]:
    """Return the groups of rows of a file of a part; none where it cannot be read, as a question will say better."""
    try:
        about = pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return ()
    column = next(n for n in range(about.num_columns) if about.schema.column(n).path == "published")
    found = []
    for number in range(about.num_row_groups):
        group = about.row_group(number)
        days = group.column(column).statistics
        found.append(_Group(days.min if days and days.has_min_max else "", group.num_rows))
    return tuple(found)


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
