"""What the store is asked until its own functions are there (branch webstore)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from communique.errors import QueryError
from communique.store import Filters, Store


@dataclass(frozen=True, slots=True)
class Page:
    items: tuple[Any, ...]
    next: str | None = None


def version(store: Store) -> str:
    return hashlib.sha256("\n".join(store._catalogue.live_names()).encode()).hexdigest()[:16]


def page(store: Store, kind: str, filters: Filters, *, limit: int, after: str | None) -> Page:
    found: list[Any] = list(store.query(kind, filters))[::-1]
    ids = [one.report.id if kind == "reports" else one.id for one in found]
    if after is not None and after not in ids:
        raise QueryError("The cursor is none of this list. Begin again without `after`.")
    start = ids.index(after) + 1 if after is not None else 0
    there = found[start : start + limit]
    return Page(tuple(there), ids[start + limit - 1] if start + limit < len(found) else None)


def count(store: Store, kind: str, filters: Filters) -> int:
    return sum(1 for _ in store.query(kind, filters))
