"""Records one after another with their reports, some days at a time: for what goes through a whole store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from communique.records import Record, Report
from communique.store.asks import Asks
from communique.store.faults import reported
from communique.store.filters import Filters, Vocabulary, parameters
from communique.store.rows import ReportSummary, empty_table, to_records, to_summaries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from communique.store.catalogue import Catalogue

_SLICE = 2**14  # rows that are held at a time, more where one day has more
_ALL, _ANY = Filters(), Vocabulary()
_NO_DAY = ""


class Streamed(Asks):
    """The part of a `Store` that gives all that is asked for without holding it."""

    if TYPE_CHECKING:
        path: Path
        _catalogue: Catalogue

        def _on(self, filters: Filters) -> dict[str, str | None]: ...
        def has(self, report: str) -> bool: ...

    def stream(self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY) -> Iterator[tuple[Record, Report]]:
        """Yield the records of `kind` that `query` would give, in that order, each with its report.

        Some days of publication are held at a time. Raises QueryError as `query`.
        """
        for record, report, _ in self.stream_placed(kind, filters, known):
            yield record, report

    def stream_placed(
        self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY
    ) -> Iterator[tuple[Record, Report, int]]:
        """Yield as `stream` does, with the place of each record in its report, over all kinds."""
        left = filters.limit
        values, slices = self._sliced(kind, replace(filters, limit=None), known)
        for first, last in slices if left != 0 else ():
            asked = {**values, "slice_from": first, "slice_to": last}
            table = self._ask(f"{kind}_slice", kind, asked)
            table = table if left is None else table.slice(0, left)
            wanted = {**asked, "among": table.column("report").unique().to_pylist()}
            found = to_summaries(self._ask("reports_among", "reports", wanted))
            reports = {each.report.id: each.report for each in found}
            places = table.column("seq").to_pylist() if "seq" in table.column_names else [0] * table.num_rows
            for record, place in zip(to_records(kind, table), places, strict=True):
                yield record, reports.get(record.report) or Report(record.report, ""), place or 0
            if left is not None:
                left -= table.num_rows
                if left <= 0:
                    return

    def stream_reports(self, filters: Filters = _ALL, known: Vocabulary = _ANY) -> Iterator[ReportSummary]:
        """Yield the reports that `query` would give, in that order; otherwise as `stream`."""
        left = filters.limit
        question = "reports_with_records" if filters.about_records else "reports"
        values, slices = self._sliced(question, replace(filters, limit=None), known)
        for first, last in slices if left != 0 else ():
            table = self._ask(f"{question}_slice", "reports", {**values, "slice_from": first, "slice_to": last})
            table = table if left is None else table.slice(0, left)
            yield from to_summaries(table)
            if left is not None:
                left -= table.num_rows
                if left <= 0:
                    return

    def stream_tables(self, kind: str, filters: Filters = _ALL, known: Vocabulary = _ANY) -> Iterator[Any]:
        """Yield what `to_arrow` would give as tables of some days each; at least one, which may be empty."""
        left = filters.limit
        question = "reports_with_records" if kind == "reports" and filters.about_records else kind
        values, slices = self._sliced(question, replace(filters, limit=None), known)
        for first, last in slices or [(_NO_DAY, _NO_DAY)]:
            table = self._ask(f"{question}_slice", kind, {**values, "slice_from": first, "slice_to": last})
            table = table.drop_columns([name for name in ("seq",) if name in table.column_names])
            yield table if left is None else table.slice(0, left)
            if left is not None:
                left = max(0, left - table.num_rows)
                if not left:
                    return

    def intake_known(self, dataset: str, reports: Any) -> set[str]:
        """Return those of the ids of reports of an imported dataset, an Arrow array, that the store has."""
        with reported(self.path, "read"):
            return self._catalogue.known(dataset, reports.to_pylist)

    def lost_reports(self, dataset: str = "") -> set[str]:
        """Return the ids of the reports that are lost in damaged files: all, or those of an imported dataset."""
        within, values = ("WHERE report >= ? AND report < ?", (f"{dataset}:", f"{dataset};")) if dataset else ("", ())
        with reported(self.path, "read"):
            return {report for (report,) in self._catalogue.ask(f"SELECT report FROM lost {within}", values)}

    def events_of(self, reports: Sequence[str]) -> Any:
        """Return the ids of the events of some reports as they were coded, as an Arrow array."""
        held = [report for report in reports if self.has(report)]
        if not held:
            return empty_table("ids").column("id").combine_chunks()
        return self._ask("ids_of_events", "ids", {"among": held}, held, raw=True).column("id").combine_chunks()

    def _sliced(
        self, question: str, filters: Filters, known: Vocabulary
    ) -> tuple[Mapping[str, Any], Sequence[tuple[str, str]]]:
        """Return the values of the question and the first and last day of each slice."""
        kind = question.partition("_")[0]
        values = {**parameters(kind, filters, known), **self._on(filters)}
        slices: list[tuple[str, str]] = []
        held = 0
        for row in self._ask(f"{question}_days", "days", values).to_pylist():
            if slices and held + row["number"] <= _SLICE:
                slices[-1] = (slices[-1][0], row["day"])
                held += row["number"]
            else:
                slices.append((row["day"], row["day"]))
                held = row["number"]
        return values, slices
