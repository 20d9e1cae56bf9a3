"""What a `Store` answers from the readers' index, where that is up to date: a page of records in a few milliseconds.

Where it is not, `None` says so, and the parts are asked instead (paged.py, byid.py), which gives the same answers.
What people corrected stands in the index as it was coded; reports that were corrected are looked through apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from communique.records import Coding, Event, Position, Record, Statement, Trace
from communique.store import lookup
from communique.store.asks import Asks
from communique.store.corrected import UNCORRECTED, Corrected
from communique.store.faults import reported
from communique.store.index import LAST, Index, day_of, first_number, hash_of, ordinal, place_in, report_number
from communique.store.lookup import Wanted
from communique.store.remembering import remembered
from communique.store.rows import ReportSummary, sides_of

if TYPE_CHECKING:
    from pathlib import Path

    from communique.records import Report
    from communique.store.catalogue import Catalogue

Place = tuple[str, str, int]
"""Where something stands: day of publication, report, place in the report."""
_CLASS = {"events": Event, "statements": Statement, "positions": Position}
_FEW = 2000  # reports that people corrected; of more, the parts are asked


@dataclass(frozen=True, slots=True)
class Extent:
    """How many records some filters let through, in how many reports, and the days from which to which these were
    published, as far as known."""

    records: int = 0
    reports: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds within a moment of a store: what it was found from, the store's version, whether the index holds what
    the store holds, and the corrections as they apply."""

    changes: object
    version: str
    indexed: bool
    corrected: Corrected


@dataclass(frozen=True, slots=True)
class _Apart:
    """A record of a report that people corrected, as it stands now."""

    place: Place
    number: int
    record: Record


class Looking(Asks):
    """The part of a `Store` that looks up."""

    if TYPE_CHECKING:
        path: Path
        _catalogue: Catalogue
        _index: Index
        _now: Moment | None

        def _corrected(self) -> Corrected | None: ...

        def version(self) -> str: ...

    def is_indexed(self) -> bool:
        """Whether the readers' index holds what the store holds; an empty store needs none."""
        with reported(self.path, "read"):
            live, lost = self._catalogue.live_names(), self._catalogue.lost()
        return not live or bool(lost) or self._index.parts().issuperset(live)

    def frequent(self, what: Literal["actor", "issue"], most: int) -> list[str]:
        """Return the codes of actors, or the issues, of which most records speak; none where there is no index."""
        with self._up_to_date_index() as index:
            return [] if index is None else lookup.frequent(index, what, most)

    @contextmanager
    def _up_to_date_index(self) -> Iterator[Index | None]:
        """Give the index as it is at one moment, or None where it does not hold what the store holds."""
        if self._now is not None:  # within a moment
            yield self._index if self._now.indexed else None
            return
        with self._index.moment():
            yield self._index if self._is_up_to_date() else None

    def _is_up_to_date(self) -> bool:
        with reported(self.path, "read"):
            live, lost = self._catalogue.live_names(), self._catalogue.lost()
            if lost or not live or not self._index.whole() or not self._index.parts().issuperset(live):
                return False
            there = self._catalogue.counts().get("reports", 0)
        return self._index.total("reports") == there and not self._index.total("odd")

    def _page_looked_up(
        self, kind: str, values: Mapping[str, Any], about_records: bool, place: Place | None, limit: int
    ) -> list[tuple[Place, Any]] | None:
        """Return the first `limit` records, or reports with counts, after a place; None if the index cannot tell."""
        with self._up_to_date_index() as index:
            if index is None or values["report"] is not None or values["ids"] is not None:
                return None
            apart = self._apart()
            if apart is None:
                return None
            what = lookup.wanted(kind, values)
            if kind == "reports":
                if values["origin"] and not about_records:
                    return None
                return self._report_page(index, what, about_records, place, limit)
            end = LAST if place is None else first_number(ordinal(place[0]) + 1)
            found: list[tuple[Place, int]] = []
            step = limit
            while True:
                some = lookup.day_and_more(index, what, step, end)
                found += self._placed(index, (n for n in some if report_number(n) not in apart), place)
                if len(some) < step or len(found) >= limit:
                    break
                end, step = some[-1], step * 2
            own: dict[Place, Record] = {}
            for each in self._fitting(apart, kind, values):
                if place is None or _order(each.place) > _order(place):
                    own[each.place] = each.record
            places = sorted([*(p for p, _ in found), *own], key=_order)[:limit]
            at = dict(found)
            told = lookup.coded(index, {report_number(at[p]) for p in places if p in at})
            return [(p, own[p] if p in own else lookup.record_at(told, at[p])) for p in places]

    def _report_page(
        self, index: Index, what: Wanted, about_records: bool, place: Place | None, limit: int
    ) -> list[tuple[Place, Any]] | None:
        corrected = self._corrected()
        end = what.end if place is None else min(what.end, first_number(ordinal(place[0]) + 1))
        wanted = limit if place is None else limit + 200  # of the day of the place, some stand before it
        if not about_records:
            some = lookup.newest_reports(index, what.first, end, wanted)
        elif corrected and not corrected.changes_nothing:
            return None  # a report may have come or gone with its records
        else:
            some = lookup.reports_with(index, what, wanted, end)
        named = lookup.names(index, some)
        places = [((named[n][1], named[n][0], 0), n) for n in some]
        places.sort(key=lambda each: _order(each[0]))
        chosen = [each for each in places if place is None or _order(each[0])[:2] > _order(place)[:2]][:limit]
        if len(chosen) < limit and len(some) >= wanted:
            return None  # more than two hundred came before the place: the parts can tell
        told = lookup.summaries(index, [n for _, n in chosen])
        return [(p, _more(told[n], corrected)) for p, n in chosen]

    def _count_looked_up(self, kind: str, values: Mapping[str, Any], about_records: bool) -> int | None:
        with self._up_to_date_index() as index:
            if index is None or values["report"] is not None or values["ids"] is not None:
                return None
            apart = self._apart()
            if apart is None or (apart and kind == "reports"):
                return None
            what = lookup.wanted(kind, values)
            if kind == "reports":
                return lookup.count_reports(index, what) if about_records else None
            number = lookup.count(index, what)
            if apart:
                number -= sum(report_number(n) in apart for n in lookup.numbers(index, what))
                number += sum(1 for _ in self._fitting(apart, kind, values))
            return number

    def _extent_looked_up(self, kinds: Sequence[str], values: Mapping[str, Any]) -> Extent | None:
        """Return the extent of the records of some kinds; None if that cannot be told."""
        with self._up_to_date_index() as index:
            apart = self._apart() if index is not None else None
            if index is None or apart is None:
                return None
            if not apart and len(kinds) in (1, len(_CLASS)):
                what = lookup.wanted("records", values)
                records = sum(lookup.count(index, lookup.wanted(kind, values)) for kind in kinds)
                if len(kinds) == 1:
                    what = lookup.wanted(kinds[0], values)
                reports, span = lookup.count_reports(index, what), lookup.ends(index, what)
            else:
                records, every = 0, set[int]()
                for kind in kinds:
                    found = lookup.numbers(index, lookup.wanted(kind, values))
                    numbers = [report_number(n) for n in found if report_number(n) not in apart]
                    numbers += [each.number for each in self._fitting(apart, kind, values)]
                    records += len(numbers)
                    every.update(numbers)
                dated = [number for number in every if day_of(number)]
                reports, span = len(every), (min(dated, default=0), max(dated, default=0))
            told = lookup.names(index, map(report_number, span))
            days = [told[report_number(n)][1] if n else "" for n in span]
            return Extent(records, reports, *days)

    def _coding_looked_up(self, report: str) -> Coding | None:
        with self._up_to_date_index() as index:
            if index is None or not (found := lookup.kept_by_id(index, [report])):
                return None
            kept = found[report]
            corrected = self._corrected()
            records, traces = kept.coded.all_records(), lookup.traces(index, kept.number)
            if corrected and (settled := corrected.reports.get(report)):
                own = [(one.seq, one.record) for one in settled.placed]
                records = sorted([*((s, r) for s, r in records if r.id not in settled.gone), *own], key=lambda e: e[0])
                traces = [each for each in traces if each.record not in settled.rejected]
            return Coding(kept.report, tuple(record for _, record in records), tuple(traces))

    def _records_of_report(self, kind: str, report: str, values: Mapping[str, Any]) -> list[Record] | None:
        """Return the records of a kind in a report that the filters let through, in text order."""
        coding = self._coding_looked_up(report)
        if coding is None:
            return None
        published = coding.report.published
        found = [r for r in coding.records if isinstance(r, _CLASS[kind]) and _fits(r, published, values)]
        return found[: values["limit"]]

    def _reports_looked_up(self, ids: Sequence[str]) -> dict[str, Report] | None:
        with self._up_to_date_index() as index:
            if index is None:
                return None
            found = lookup.kept_by_id(index, ids)
            return {name: found[name].report for name in ids if name in found}

    def _records_looked_up(self, ids: Sequence[str], *, raw: bool) -> dict[str, Record] | None:
        with self._up_to_date_index() as index:
            apart = self._apart() if index is not None else None
            if index is None or apart is None:
                return None
            own: dict[str, Record] = {} if raw else {e.record.id: e.record for some in apart.values() for e in some}
            at = lookup.found_by_id(index, {hash_of(each): each for each in ids})
            told = lookup.coded(index, {report_number(n) for n in at.values()})
            found: dict[str, Record] = {}
            for each in ids:
                if each in own:
                    found[each] = own[each]
                elif each in at and (raw or report_number(at[each]) not in apart):
                    record = lookup.record_at(told, at[each])
                    if record.id == each:
                        found[each] = record
            return found

    def _trace_looked_up(self, record: str) -> Trace | None:
        """Return why a record is there; None where the index cannot tell."""
        with self._up_to_date_index() as index:
            if index is None or self._apart():
                return None
            at = lookup.found_by_id(index, {hash_of(record): record})
            for number in at.values():
                return next((t for t in lookup.traces(index, report_number(number)) if t.record == record), None)
            return None

    def _placed(self, index: Index, numbers: Iterable[int], place: Place | None) -> list[tuple[Place, int]]:
        wanted = list(numbers)
        told = lookup.names(index, {report_number(n) for n in wanted})
        found = []
        for number in wanted:
            name, published = told[report_number(number)]
            here = (published, name, place_in(number))
            if place is None or _order(here) > _order(place):
                found.append((here, number))
        return found

    def _apart(self) -> dict[int, list[_Apart]] | None:
        """Return the records of the reports that people corrected, by their numbers; None if these are too many."""
        corrected = self._corrected() or UNCORRECTED
        changed = [name for name, each in corrected.reports.items() if each.gone or each.placed]
        if len(changed) > _FEW:
            return None
        if not changed:
            return {}
        return remembered(self.path, "apart", self.version(), lambda: self._read_apart(corrected, changed))

    def _read_apart(self, corrected: Corrected, changed: Iterable[str]) -> dict[int, list[_Apart]]:
        found: dict[int, list[_Apart]] = {}
        for name, kept in lookup.kept_by_id(self._index, changed).items():
            settled = corrected.reports[name]
            own = [(seq, record) for seq, record in kept.coded.all_records() if record.id not in settled.gone]
            own += [(one.seq, one.record) for one in settled.placed]
            found[kept.number] = [
                _Apart((kept.report.published, name, seq), kept.number, record) for seq, record in own
            ]
        return found

    def _fitting(self, apart: Mapping[int, list[_Apart]], kind: str, values: Mapping[str, Any]) -> Iterator[_Apart]:
        for some in apart.values():
            for each in some:
                if isinstance(each.record, _CLASS[kind]) and _fits(each.record, each.place[0], values):
                    yield each


def _order(place: Place) -> tuple[int, str, int]:
    """Return what the last published come first by, then reports by their ids, then records in text order."""
    return -ordinal(place[0]), place[1], place[2]


def _more(summary: ReportSummary, corrected: Corrected | None) -> ReportSummary:
    """Return a report with the numbers of its records as people corrected them."""
    if corrected is None or summary.report.id not in corrected.reports:
        return summary
    counts = corrected.more(summary.report.id)
    return ReportSummary(
        summary.report, summary.events + counts["events"], summary.statements + counts["statements"],
        summary.positions + counts["positions"],
    )  # fmt: skip


def _fits(record: Record, published: str, values: Mapping[str, Any]) -> bool:
    """Whether the filters let a record through: what `fitting_events` and the like say in SQL."""
    sides = sides_of(record)
    one, other = values["one"], values["other"]
    if values["actor"] is not None and values["actor"] not in sides:
        return False
    if one is not None and (sides.count(one) < 2 if one == other else not (one in sides and other in sides)):
        return False
    if values["origin"] is not None and values["origin"] != lookup.origin_of(record.report):
        return False
    for name in ("type", "status", "issue", "stance"):
        if values[name] is not None and getattr(record, name, None) != values[name]:
            return False
    if values["confidence"] is not None and record.confidence < values["confidence"]:
        return False
    first = record.date.start or record.date.end or published
    last = record.date.end or record.date.start or published
    if values["since"] is not None and last < values["since"]:
        return False
    return values["until"] is None or bool(first and first <= values["until"])
