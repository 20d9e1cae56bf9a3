"""What the corrections of a store make of its records: rows to leave out and rows to put in, when it is asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from communique.store.corrections import Correction
from communique.store.rows import row_of, table_of, to_records
from communique.store.settling import Placed, Settled, Standing, settle
from communique.store.shapes import RECORD_KINDS

Ask = Callable[[str, Sequence[str]], Any]
"""A question about some reports, over the records as they were coded."""


@dataclass(frozen=True)
class Corrected:
    """Corrections as they apply at one moment, by report; `tables` is what the questions join, by name.

    `counts` says by how many records of each kind the store holds more, or fewer, than were coded.
    """

    state: str
    reports: Mapping[str, Settled]
    tables: Mapping[str, Any]
    counts: Mapping[str, int]
    standings: tuple[Standing, ...]
    by_report: Mapping[str, dict[str, int]] = field(default_factory=dict)

    def more(self, report: str) -> dict[str, int]:
        """Return by how many records of each kind a report has more, or fewer, than were coded in it."""
        return self.by_report.get(report, dict.fromkeys(RECORD_KINDS, 0))

    @property
    def last(self) -> int:
        """The number of the last correction that is among them, 0 for none."""
        return int(self.state.partition(" ")[0] or 0)

    @property
    def changes_nothing(self) -> bool:
        """Whether all records read as they were coded: none is rejected, amended or added."""
        return not any(each.gone or each.placed for each in self.reports.values())


UNCORRECTED = Corrected("", {}, {}, {}, ())


@dataclass(frozen=True, slots=True)
class _Coded:
    """The records of a report as they were coded, the part in which that stands, and its day of publication."""

    part: str
    published: str
    placed: tuple[Placed, ...]


@dataclass
class Known:
    """What this process knows of the corrected reports of a store, so that it is not read again with each question."""

    coded: dict[str, _Coded] = field(default_factory=dict)
    last: Corrected | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_KNOWN: dict[Path, Known] = {}


def known_of(store: Path) -> Known:
    """Return what this process knows of the store in the folder `store`."""
    return _KNOWN.setdefault(store.resolve(), Known())


def correct(
    known: Known, state: str, corrections: Callable[[], Sequence[Correction]],
    parts: Callable[[Iterable[str]], dict[str, str]], ask: Ask,
) -> Corrected:  # fmt: skip
    """Return how the `corrections` apply now. `state` names what they are made of: the same gives the same.

    `parts` gives the part that holds each of some reports, those that the store has not left out.
    """
    with known.lock:
        if known.last is None or known.last.state != state:
            by_report: dict[str, list[Correction]] = {}
            lines = corrections()
            for each in lines:
                by_report.setdefault(each.report, []).append(each)
            held = parts(by_report)
            _read(known, held, ask)
            known.last = _corrected(state, by_report, lines, {r: known.coded[r] for r in held if r in known.coded})
        return known.last


def _read(known: Known, held: Mapping[str, str], ask: Ask) -> None:
    """Read the coded records of the reports that are not known yet, or stand in another part by now."""
    wanted = [r for r, part in held.items() if r not in known.coded or known.coded[r].part != part]
    if not wanted:
        return
    placed: dict[str, list[Placed]] = {}
    for kind in RECORD_KINDS:
        table = ask(f"coded_{kind}", wanted)
        places = table.column("seq").to_pylist()
        for record, seq in zip(to_records(kind, table), places, strict=True):
            placed.setdefault(record.report, []).append(Placed(record, seq))
    table = ask("coded_reports", wanted)
    for report, published in zip(table.column("id").to_pylist(), table.column("published").to_pylist(), strict=True):
        known.coded[report] = _Coded(held[report], published or "", tuple(placed.get(report, ())))


def _corrected(
    state: str, by_report: Mapping[str, Sequence[Correction]], lines: Sequence[Correction], coded: Mapping[str, _Coded]
) -> Corrected:
    settled = {report: settle(by_report[report], about.placed) for report, about in coded.items()}
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in RECORD_KINDS}
    more: Counter[tuple[str, str]] = Counter()
    for report, each in settled.items():
        for one in each.placed:
            kind, row = row_of(one.record, one.seq, coded[report].published)
            rows[kind].append(row)
            more[report, kind] += 1
        for one in coded[report].placed:
            if one.record.id in each.gone:
                more[report, f"{one.record.kind}s"] -= 1
    standings = {s.correction.id: s for each in settled.values() for s in each.standings}
    tables = {f"corrected_{kind}": table_of(kind, rows[kind]) for kind in RECORD_KINDS}
    tables["corrected_gone"] = _ids(settled, "gone")
    tables["corrected_rejected"] = _ids(settled, "rejected")
    tables["corrected_counts"] = _counts(more)
    return Corrected(
        state, settled, tables, {kind: sum(n for (_, k), n in more.items() if k == kind) for kind in RECORD_KINDS},
        tuple(standings.get(each.id) or Standing(each, "unread") for each in lines),
        {report: {kind: more.get((report, kind), 0) for kind in RECORD_KINDS} for report in {r for r, _ in more}},
    )  # fmt: skip


def _ids(settled: Mapping[str, Settled], which: str) -> Any:
    ids = sorted(record for each in settled.values() for record in getattr(each, which))
    return pa.table({"id": pa.array(ids, pa.string())})


def _counts(more: Mapping[tuple[str, str], int]) -> Any:
    reports = sorted({report for report, _ in more})
    columns = {kind: pa.array([more.get((report, kind), 0) for report in reports], pa.int64()) for kind in RECORD_KINDS}
    return pa.table({"report": pa.array(reports, pa.string()), **columns})
