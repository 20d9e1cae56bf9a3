"""One event in several reports: a row for what several records tell of the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class MergedEvent:
    """What events of the same actors, recipients, type, status and day have in common.

    `actors` and `recipients` are codes, sorted. `reports` is the number of reports that tell of it, `stories` that of
    stories (copies of one story counted once); `outlets` are theirs, by name; `first_report` was published first.
    `records` are the ids of the events, by publication; `confidence` is that of the surest.
    """

    type: str
    status: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    first_day: str
    last_day: str
    reports: int
    stories: int
    outlets: tuple[str, ...]
    first_report: str
    records: tuple[str, ...]
    confidence: float


def to_merged(table: Any) -> Iterator[MergedEvent]:
    """Yield the rows of the answer to the question `merged_events`."""
    names = [field.name for field in fields(MergedEvent)]
    for row in table.to_pylist():
        values: dict[str, Any] = {k: tuple(row[k]) if isinstance(row[k], list) else row[k] for k in names}
        yield MergedEvent(**values)
