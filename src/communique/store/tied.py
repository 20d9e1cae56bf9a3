"""What a store answers for alignment: who did, said and held what toward whom, and the records that this rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from communique.errors import QueryError, StoreError, unknown
from communique.records import Event, Position
from communique.store import summaries
from communique.store.asks import Asks
from communique.store.filters import Filters, parameters
from communique.store.remembering import remembered
from communique.store.ties import CHANNELS, PERIODS, Stances, TieRecord, Ties, asked, to_stances, to_sums, to_ties

if TYPE_CHECKING:
    from pathlib import Path

    from communique.records import Record

_ALL = Filters()
_FEW = 4  # actors that are looked at together
_ROWS = 120_000  # that are looked at together
_AFTER_ALL = "\U0010ffff"


class Tied(Asks):
    """The part of a `Store` that answers for alignment."""

    if TYPE_CHECKING:
        path: Path

        def records(self, ids: Iterable[str]) -> dict[str, Record]: ...

        def version(self) -> str: ...

        def _keep(self) -> bool: ...

    def ties(
        self, actors: Sequence[str] = (), filters: Filters = _ALL, period: str = "month", channel: str = ""
    ) -> Ties:
        """Return what `actors` (all, if none is named) did, said and held toward each other, summed by period.

        `period` is week, month, quarter or year; `channel` deeds, words or positions, or all of them. Of `filters`,
        since, until, origin and min_confidence hold. Copies of a story count once. Raises QueryError for what
        cannot be asked.
        """
        values = {**asked(actors, filters, period), "channel": _channel(channel)}
        return to_ties(self._ask_pairs("ties", values), period, cast(list[str], values["actors"] or []))

    def tie_sums(self, filters: Filters = _ALL, period: str = "month") -> Ties:
        """Return what all actors did, said and held toward each other, summed by period over channels and reports: for
        what asks for neither, a small part of the memory that `ties` would need. Otherwise as that."""
        values = {**asked((), filters, period), "channel": None}
        return to_sums(pa.concat_tables(self._every_pair("tie_sums", values)), period)

    def ties_by_source(self, filters: Filters = _ALL, period: str = "month", channel: str = "") -> Iterator[Ties]:
        """Yield what `ties` returns for all actors, some sources at a time in the order of their codes, so that not
        all is held at once. Actors, periods and reports of each are its own."""
        values = {**asked((), filters, period), "channel": _channel(channel)}
        for table in self._every_pair("ties", values):
            yield to_ties(table, period)

    def tie_records(
        self, one: str, other: str, filters: Filters = _ALL, channel: str = ""
    ) -> Iterator[tuple[TieRecord, Event | Position]]:
        """Yield the records on which the scores of `one` toward `other` rest, by day, then those of the way back.

        Filters, channel and errors are those of `ties`.
        """
        values = {**asked((one, other), filters, "month"), "channel": _channel(channel)}
        rows = self._ask_pairs("tie_records", values).to_pylist()
        first = cast(list[str], values["actors"] or [])[:1]
        rows.sort(key=lambda row: [row["source"]] != first)
        told = [TieRecord(r["channel"], r["source"], r["target"], r["sort"], r["day"], r["value"]) for r in rows]
        yield from self._told(told, [row["id"] for row in rows])

    def stance_records(
        self, actors: Sequence[str], filters: Filters = _ALL, issue: str = ""
    ) -> Iterator[tuple[TieRecord, Event | Position]]:
        """Yield the records on which it rests what `actors` hold on `issue` (on each, if none is named), by day.

        Filters and errors are those of `ties`.
        """
        values = {**asked(actors, filters, "month"), "issue": issue or None}
        rows = self._ask_holds("stance_records", values).to_pylist()
        told = [TieRecord("positions", r["actor"], r["issue"], r["sort"], r["day"], r["value"]) for r in rows]
        yield from self._told(told, [row["id"] for row in rows])

    def _told(self, told: Sequence[TieRecord], ids: Sequence[str]) -> Iterator[tuple[TieRecord, Event | Position]]:
        found = self.records(ids)
        for each, record in zip(told, ids, strict=True):
            yield each, cast(Event | Position, found[record])

    def dyad_counts(self, filters: Filters = _ALL, period: str = "month") -> Mapping[str, Any]:
        """Return how often each actor did something to each other one in each period, as columns of numpy arrays.

        `source`, `target` (codes), `period` (its first day), `records` and `value` (mean Goldstein score). Of filters,
        actor, origin, since, until and min_confidence hold. Raises QueryError for what cannot be asked.
        """
        if period not in PERIODS:
            raise QueryError(unknown("period", period, PERIODS))
        wanted = Filters(
            actor=filters.actor, origin=filters.origin, since=filters.since, until=filters.until,
            min_confidence=filters.min_confidence,
        )  # fmt: skip
        values = {**parameters("events", wanted), "period": period}
        table = self._ask("dyad_counts", "dyad_counts", values)
        return {name: table.column(name).to_numpy() for name in table.column_names}

    def types(self) -> list[str]:
        """Return the types of the store's events, of whatever codebook."""
        return list(self._ask("types", "types", {}).column("type").to_pylist())

    def first_told(self) -> dict[str, str]:
        """Return the reports that are no copies of an earlier one, each with its day of publication ("" if unknown)."""

        def told() -> dict[str, str]:
            rows = self._ask("first_told", "first_told", {}).to_pylist()
            return {row["report"]: row["day"] or "" for row in rows}

        return remembered(self.path, "first_told", self.version(), told)

    def keep_summaries(self) -> None:
        """Make what is kept of the parts for alignment, where it is missing (summaries.py)."""
        self._ask_pairs("tie_records", {**asked(("-", "."), _ALL, "month"), "channel": None})

    def _ask_pairs(self, question: str, values: Mapping[str, Any]) -> Any:
        """Return the answer to a question over pairs of actors, from what is kept of the parts where that is there."""
        if not values["actors"] and not values["only"]:
            found = [_encoded(table) for table in self._every_pair(question, values)]
            return pa.concat_tables(found).unify_dictionaries()
        actors = values["actors"] or [""]
        if values["only"]:
            return self._ask_kept(question, values, "kept_pairs_of", 2 * self._rows_from().get(values["only"], 0))
        some = [actors] if len(actors) <= _FEW or not self._keep() else [[code] for code in actors]
        return pa.concat_tables(
            self._ask_kept(question, {**values, "each_source": each, "each_target": actors}, "kept_pairs_among")
            for each in some
        )

    def _every_pair(self, question: str, values: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the answer for all pairs, of some sources at a time: memory for a million events would else be a
        gigabyte."""
        if not self._keep():
            yield self._ask(question, question, values, left_out=self._left_out())
            return
        spans, first, rows = [], "", 0
        for source, number in self._rows_from().items():
            if rows and rows + number > _ROWS:
                spans.append((first, source, rows))
                first, rows = source, 0
            rows += number
        for start, end, number in [*spans, (first, _AFTER_ALL, rows)]:
            yield self._ask_kept(
                question, {**values, "from_source": start, "to_source": end}, "kept_pairs_from", number
            )  # fmt: skip

    def _ask_kept(self, question: str, values: Mapping[str, Any], over: str, rows: int = 0) -> Any:
        """Return the answer over some of the rows that are kept; of more than are held at once, channel by channel."""
        whole = values["channel"] is not None or rows <= _ROWS
        return pa.concat_tables(
            self._ask(question, question, {**values, "channel": each}, over=over, left_out=self._left_out())
            for each in ((values["channel"],) if whole else CHANNELS)
        )

    def _rows_from(self) -> Mapping[str, int]:
        """Return how many rows are kept of each source, by its code, in their order; none where none are kept."""

        def told() -> Mapping[str, int]:
            try:
                table = self._ask("sources", "sources", {}, raw=True)
            except StoreError:  # what is kept may be torn: it is made again
                summaries.sweep(self.path / summaries.FOLDER, ())
                if not self._keep():
                    return {}
                table = self._ask("sources", "sources", {}, raw=True)
            return dict(zip(table.column("source").to_pylist(), table.column("number").to_pylist(), strict=True))

        return remembered(self.path, "sources", self.version(), told) if self._keep() else {}

    def _ask_holds(self, question: str, values: Mapping[str, Any]) -> Any:
        return self._ask(question, question, values, over="kept_holds", left_out=self._left_out())

    def _left_out(self) -> Any:
        """Return the reports that are copies and do not count, as a table."""
        return remembered(self.path, "left_out", self.version(), lambda: self._ask("left_out", "left_out", {}))

    def stances(
        self, actors: Sequence[str] = (), filters: Filters = _ALL, period: str = "month", issue: str = ""
    ) -> Stances:
        """Return what `actors` (all, if none is named) hold on issues, or on one, summed by period; otherwise as
        `ties`."""
        values = {**asked(actors, filters, period), "issue": issue or None}
        return to_stances(self._ask_holds("stances", values), period, cast(list[str], values["actors"] or []))


def _encoded(table: Any) -> Any:
    """Return a table with each text once: what is the same in most rows takes a fourth of the memory."""
    for number, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(number, field.name, table.column(number).dictionary_encode())
    return table


def _channel(channel: str) -> str | None:
    if channel and channel not in CHANNELS:
        raise QueryError(unknown("channel", channel, CHANNELS))
    return channel or None
