"""A file of another program into a store: rows in pieces, what is there already left out, one commit at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from communique.store import parts as files
from communique.store.catalogue import now
from communique.store.faults import reported
from communique.store.intake import aside
from communique.store.intake.columns import Rows, filled, plain, truth
from communique.store.intake.events import Made, columns, one_piece
from communique.store.intake.lanes import Lanes
from communique.store.intake.reading import Dialect, Piece, Reader
from communique.store.ledger import LedgerLine
from communique.store.written import Written

if TYPE_CHECKING:
    from communique.store.store import Store

STAGE = "import"
NAMED = 1000  # rows set aside that have a line of their own in the ledger; the file has all


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did: rows in it, events that are new and that the store had, rows with the id of an earlier
    one, rows set aside by reason, and the file that keeps these."""

    rows: int
    new: int
    there: int
    repeated: int
    aside: Counter[str] = field(default_factory=Counter)
    aside_file: Path | None = None


@dataclass(slots=True)
class _Load:
    """A loading under way."""

    store: Store
    name: str
    confidence: float
    lost: set[str]  # reports that damaged files of the store held
    rows: int = 0
    new: int = 0
    there: int = 0
    repeated: int = 0
    faults: dict[int, str] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)  # those of earlier pieces
    ids: list[tuple[str, str, Any]] = field(default_factory=list)  # of each piece, with the first and the last
    last: str = ""  # the greatest id so far
    told: Counter[str] = field(default_factory=Counter)  # how often an id came that came more than once


def load(
    store: Store, path: Path, *, name: str, dialect: Dialect, make: Callable[[Rows], Made], confidence: float,
    origin: str = "",
) -> Loaded:  # fmt: skip
    """Load the events of the file at `path`, which `make` makes of its rows, into the open store.

    `name` is that of the dataset, before the colon of all ids. `origin` is the file's name in the ledger, if it is not
    its path. Events that the store has are left out, so that the same file, or one that overlaps it, adds nothing
    twice. All becomes visible in one transaction. Raises InputError for a file that is no table, StoreError
    as a writer does.
    """
    writer = store.writer
    under_way = _Load(store, name, confidence, store.lost_reports(name))
    reader = Reader(path, dialect)
    written: list[Written] = []
    origin = origin or str(path)
    with writer.undone_unless_committed(written):
        with reported(store.path, "write to"), Lanes(store.path / files.PARTS, confidence, written) as lanes:
            for piece in reader.pieces():
                lanes.add(_settled(under_way, piece, make))
            lanes.finish()
            rows = list(aside.found(path, dialect.header, under_way.faults, reader.rejected, dialect.encoding))
            kept = aside.place(store.path, origin, name)
            aside.keep(kept, rows)
        with reported(store.path, "write to"):
            writer.commit_parts(written, _ledger(under_way, origin, rows), mended=(origin, name))
    return Loaded(
        under_way.rows + len(reader.rejected), under_way.new, under_way.there, under_way.repeated,
        Counter(row.reason for row in rows), kept if rows else None,
    )  # fmt: skip


def _settled(load: _Load, piece: Piece, make: Callable[[Rows], Made]) -> Any:
    """Return the rows of a piece that are to be written, as `columns`."""
    made = make(Rows(dict(piece.columns), piece.number))
    faults = dict(piece.faults)
    for place, reason in filled(made.fault):
        faults.setdefault(place, reason)
    numbers = np.arange(load.rows, load.rows + piece.number, dtype=np.int64)
    table = columns(made).drop_columns(["seq"]).append_column("seq", pa.array(numbers))
    if faults:
        good = np.ones(piece.number, dtype=bool)
        good[list(faults)] = False
        kept = pa.array(good)
        # Column by column: Arrow would take a table's rows one by one.
        table = pa.table({name: one_piece(table.column(name)).filter(kept) for name in table.column_names})
        load.faults |= {load.rows + place: reason for place, reason in faults.items()}
    load.rows += piece.number
    if table.num_rows:
        table = _new(load, _once(load, table))
    load.new += table.num_rows
    return _by_day(table)


def _once(load: _Load, table: Any) -> Any:
    """Give rows that have the id of an earlier one an id of their own: `ID-2` for the second."""
    ids = plain(one_piece(table.column("id")))
    # Ids mostly grow: only those that are not beyond all earlier ones can have come before.
    late = truth(pc.less_equal(ids, load.last)) if load.last else np.zeros(len(ids), np.bool_)
    lowest, highest = load.last, _greatest(ids)
    again = np.zeros(len(ids), np.bool_)
    if late.any():
        again[~late] = _repeats(ids.filter(pa.array(~late)))
        old = ids.filter(pa.array(late))
        lowest, oldest = pc.min(old).as_py(), pc.max(old).as_py()
        came = _repeats(old)
        for first_id, last_id, earlier in load.ids:
            if first_id <= oldest and lowest <= last_id:
                # The table that is built is that of the fewer.
                met = pc.unique(earlier.filter(pc.is_in(earlier, value_set=old)))
                came |= truth(pc.is_in(old, value_set=met))
        again[late] = came
    else:
        again = _repeats(ids)
    load.ids.append((lowest, highest, ids))
    load.last = max(load.last, highest)
    if not again.any():
        return table
    named = []
    for known in ids.filter(pa.array(again)).to_pylist():
        load.told[known] += 1
        named.append(f"{known}-{load.told[known] + 1}")
    load.repeated += len(named)
    own = pc.replace_with_mask(ids, pa.array(again), pa.array(named, pa.string()))
    return table.set_column(table.column_names.index("id"), "id", own)


def _repeats(ids: Any) -> Any:
    """Return of each text whether an earlier one is the same."""
    again = np.zeros(len(ids), np.bool_)
    after, before = ids.slice(1), ids.slice(0, max(len(ids) - 1, 0))
    if pc.all(pc.greater_equal(after, before)).as_py() is not False:
        again[1:] = truth(pc.equal(after, before))
        return again
    coded = ids.dictionary_encode()
    places = np.asarray(coded.indices)
    first = np.empty(len(coded.dictionary), dtype=np.int64)
    first[places[::-1]] = np.arange(len(places))[::-1]
    return np.asarray(first[places] != np.arange(len(places)))


def _greatest(ids: Any) -> str:
    """Return the greatest of some texts, which is mostly the last: to see that is far quicker than to look for it."""
    last: str = ids[-1].as_py()
    grow = pc.all(pc.less_equal(ids, last)).as_py()
    return last if grow else str(pc.max(ids).as_py())


def _new(load: _Load, table: Any) -> Any:
    """Return the rows whose events the store has not. Those of reports that it has come under an id of their own.

    What the store has lost comes back under the id that it had.
    """
    ids = pc.unique(plain(one_piece(table.column("report"))))
    known = load.store.intake_known(load.name, ids)
    came = ids.to_pylist()
    known |= load.reports.intersection(came) | load.lost.intersection(came)
    if not known:
        load.reports.update(came)
        return table
    names: dict[str, str] = {}
    asked: list[str] = []
    for report in known:
        names[report], held = _free(load, report)
        asked += held
    there = load.store.events_of(asked)
    kept = table.filter(pc.invert(pc.is_in(table.column("id"), value_set=there))) if len(there) else table
    load.there += table.num_rows - kept.num_rows
    reports = plain(one_piece(kept.column("report")))
    load.reports.update(came if kept is table else pc.unique(reports).to_pylist())
    those = pc.is_in(reports, value_set=pa.array(list(names), pa.string()))
    own = [names[report] for report in reports.filter(those).to_pylist()]
    load.reports.update(own)
    renamed = pc.replace_with_mask(reports, those, pa.array(own, pa.string()))
    return kept.set_column(kept.column_names.index("report"), "report", renamed)


def _free(load: _Load, report: str) -> tuple[str, list[str]]:
    """Return the id under which rows of a report go in, and those under which it has some already."""
    number, name, free = 1, report, ""
    held: list[str] = []
    while True:
        if name in load.reports or load.store.has(name):
            held.append(name)
        elif name in load.lost:
            free = free or name
        else:
            return free or name, held
        number, name = number + 1, f"{report}-{number + 1}"


def _by_day(table: Any) -> Any:
    """Return rows sorted by day of publication, as they mostly are: a question about some days then reads few."""
    days = plain(one_piece(table.column("published")))
    if bool(pc.all(pc.greater_equal(days.slice(1), days.slice(0, max(len(days) - 1, 0)))).as_py() is not False):
        return table
    keys = pa.table({"published": days, "report": plain(one_piece(table.column("report"))), "seq": table.column("seq")})
    return table.take(pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names]))


def _ledger(load: _Load, origin: str, rows: Sequence[aside.Aside]) -> Iterable[LedgerLine]:
    at = now()
    read = load.rows - len(load.faults)
    yield LedgerLine(origin, load.name, "", "coded", STAGE, f"{read:,} events of {load.name}", at=at)
    for row in rows[:NAMED]:
        yield LedgerLine(f"{origin}:{row.line}", load.name, "", "failed", STAGE, row.reason, at=at)
    if len(rows) > NAMED:
        more = f"{len(rows) - NAMED:,} more rows; the folder {aside.FOLDER} of the store has all."
        yield LedgerLine(f"{origin}:", load.name, "", "failed", STAGE, more, at=at)
