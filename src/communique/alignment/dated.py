"""Records of a store with the day that counts for each, copies of a story left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from communique.records import Event, Position
from communique.store import Filters, Store

R = TypeVar("R", Event, Position)


def positions(store: Store, filters: Filters, most: int | None = None) -> list[tuple[str, Position]]:
    """Return the positions that the filters let through, each with its first day, or else that of publication.

    With `most`, only so many: those published last.
    """
    return _dated(store, newest(store, "positions", filters, most, Position))


def events(store: Store, filters: Filters, most: int | None = None) -> list[tuple[str, Event]]:
    """Return the events that the filters let through, as `positions` does."""
    return _dated(store, newest(store, "events", filters, most, Event))


def newest(store: Store, kind: str, filters: Filters, most: int | None, of: type[R]) -> Iterator[R]:
    """Yield the records of a kind by day of publication; with `most`, only so many: those published last."""
    found = store.query(kind, filters) if most is None else reversed(store.page(kind, filters, limit=most).items)
    yield from (record for record in found if isinstance(record, of))


def _dated(store: Store, records: Iterator[R]) -> list[tuple[str, R]]:
    days = store.first_told()
    found = (r for r in records if r.report in days)
    return [((r.date.start or r.date.end or days[r.report])[:10], r) for r in found]
