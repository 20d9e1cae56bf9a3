"""Records of a store with the day that counts for each, copies of a story left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from communique.records import Event, Position
from communique.store import Filters, Store

R = TypeVar("R", Event, Position)


def positions(store: Store, filters: Filters) -> list[tuple[str, Position]]:
    """Return the positions that the filters let through, each with its first day, or else that of publication."""
    return _dated(store, store.query("positions", filters))


def events(store: Store, filters: Filters) -> list[tuple[str, Event]]:
    """Return the events that the filters let through, each with its first day, or else that of publication."""
    return _dated(store, store.query("events", filters))


def _dated(store: Store, records: Iterator[R]) -> list[tuple[str, R]]:
    days = store.first_told()
    found = (r for r in records if r.report in days)
    return [((r.date.start or r.date.end or days[r.report])[:10], r) for r in found]
