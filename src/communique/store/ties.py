"""Who did, said and held what against whom, as columns of numbers: what alignment reckons with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from communique.errors import QueryError, unknown
from communique.store.filters import Filters, Parameters, parameters

Channel = Literal["deeds", "words", "positions"]
Period = Literal["day", "week", "month", "quarter", "year"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
PERIODS: tuple[Period, ...] = get_args(Period)
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ties:
    """What holds between pairs of actors, one row for each channel, direction, period and report.

    `source` and `target` are places in `actors`, `channel` in `CHANNELS`, `period` in `periods` (their first days, ISO,
    without gaps between the first and the last), `report` in `reports`. `value` is the sum of value times confidence
    over the records of the row, `weight` the sum of confidence, `records` their number.
    """

    actors: tuple[str, ...]
    periods: tuple[str, ...]
    reports: tuple[str, ...]
    channel: Whole
    source: Whole
    target: Whole
    period: Whole
    report: Whole
    value: Real
    weight: Real
    records: Whole

    def __len__(self) -> int:
        return len(self.value)

    def among(self, actors: Sequence[str]) -> Ties:
        """Return the ties between some of the actors, with these in their order."""
        number = np.full(len(self.actors), -1, dtype=np.int64)
        for n, code in enumerate(actors):
            if code in self.actors:
                number[self.actors.index(code)] = n
        source, target = number[self.source], number[self.target]
        kept = (source >= 0) & (target >= 0)
        columns = {
            name: getattr(self, name)[kept] for name in ("channel", "period", "report", "value", "weight", "records")
        }
        return replace(self, actors=tuple(actors), source=source[kept], target=target[kept], **columns)


@dataclass(frozen=True, slots=True)
class TieRecord:
    """What a record counts as between two actors, or for what `source` holds on the issue `target`.

    `channel` is one of `CHANNELS`; `sort` says what it is (`said: ...` for what one says that another did).
    """

    channel: str
    source: str
    target: str
    sort: str
    day: str
    value: float


@dataclass(frozen=True, slots=True)
class Stances:
    """What actors hold on issues: rows as those of `Ties`, with an issue in the place of the target.

    `value` is the sum of stance (1 support, 0 neutral, -1 oppose) times confidence.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    periods: tuple[str, ...]
    reports: tuple[str, ...]
    actor: Whole
    issue: Whole
    period: Whole
    report: Whole
    value: Real
    weight: Real
    records: Whole

    def __len__(self) -> int:
        return len(self.value)


def asked(actors: Sequence[str], filters: Filters, period: str) -> Parameters:
    """Return the parameters of the questions `ties` and `stances`. Raises QueryError for what cannot be asked."""
    if period not in PERIODS:
        raise QueryError(unknown("period", period, PERIODS))
    values = parameters("events", Filters(since=filters.since, until=filters.until, origin=filters.origin,
                                          min_confidence=filters.min_confidence))  # fmt: skip
    codes = [code.strip().upper() for code in actors if code.strip()]
    named = list(dict.fromkeys(codes))
    alone = named[0] if len(named) == 1 else None  # one actor with all others
    return {**values, "actors": named if len(named) > 1 else None, "only": alone, "period": period}


def to_ties(table: Any, period: str, actors: Sequence[str] = ()) -> Ties:
    """Return the answer to the question `ties`; with `actors` in their order, those without any tie included."""
    names = tuple(actors) or _values(table, "source", "target")
    periods, at = _periods(table, period)
    reports, report = _coded(table, "report")
    return Ties(
        names, periods, reports, _places(table, "channel", CHANNELS), _places(table, "source", names),
        _places(table, "target", names), at, report, _numbers(table, "value"), _numbers(table, "weight"),
        _numbers(table, "records").astype(np.int64),
    )  # fmt: skip


def to_sums(table: Any, period: str) -> Ties:
    """Return the answer to the question `tie_sums`: its rows are of all channels and reports together, which are none
    that could be named."""
    names = _values(table, "source", "target")
    periods, at = _periods(table, period)
    none = np.zeros(len(at), dtype=np.int64)
    return Ties(
        names, periods, ("",), none, _places(table, "source", names), _places(table, "target", names), at, none,
        _numbers(table, "value"), _numbers(table, "weight"), _numbers(table, "records").astype(np.int64),
    )  # fmt: skip


def to_stances(table: Any, period: str, actors: Sequence[str] = ()) -> Stances:
    """Return the answer to the question `stances`; with `actors` in their order, those without a stance included."""
    names = tuple(actors) or _values(table, "actor")
    issues = _values(table, "issue")
    periods, at = _periods(table, period)
    reports, report = _coded(table, "report")
    return Stances(
        names, issues, periods, reports, _places(table, "actor", names), _places(table, "issue", issues), at, report,
        _numbers(table, "value"), _numbers(table, "weight"), _numbers(table, "records").astype(np.int64),
    )  # fmt: skip


def _values(table: Any, *columns: str) -> tuple[str, ...]:
    return tuple(sorted({value for column in columns for value in table.column(column).unique().to_pylist()}))


def _places(table: Any, column: str, names: Sequence[str]) -> Whole:
    """Return the place of each value of a column in `names`."""
    place = {name: n for n, name in enumerate(names)}
    own, codes = _coded(table, column)
    return np.array([place[name] for name in own], dtype=np.int64)[codes] if own else codes


def _coded(table: Any, column: str) -> tuple[tuple[str, ...], Whole]:
    """Return the values of a column of text, sorted, and the place of each row's value among them."""
    coded = table.column(column).combine_chunks()
    coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
    coded = coded.combine_chunks() if hasattr(coded, "chunks") else coded
    order = np.asarray(pc.sort_indices(coded.dictionary), dtype=np.int64)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    codes = np.asarray(coded.indices, dtype=np.int64)
    return tuple(coded.dictionary.take(pa.array(order)).to_pylist()), rank[codes] if len(order) else codes


def _numbers(table: Any, column: str) -> Real:
    return np.asarray(table.column(column).to_numpy(), dtype=np.float64)


def _periods(table: Any, period: str) -> tuple[tuple[str, ...], Whole]:
    """Return the first days of all periods from the first row's to the last row's, and the place of each row's."""
    days = np.asarray(table.column("period").to_numpy(), dtype="datetime64[D]")
    if not len(days):
        return (), np.zeros(0, dtype=np.int64)
    if length := {"day": 1, "week": 7}.get(period, 0):
        number = (days - days.min()).astype(np.int64) // length
        first = days.min() + length * np.arange(number.max() + 1)
    else:
        months = {"month": 1, "quarter": 3, "year": 12}[period]
        count = days.astype("datetime64[M]").astype(np.int64) // months
        number = count - count.min()
        first = ((count.min() + np.arange(number.max() + 1)) * months).astype("datetime64[M]").astype("datetime64[D]")
    return tuple(str(day) for day in first), number
