"""The ledger of inputs: what became of each thing that was to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["coded", "duplicate", "failed"]


@dataclass(frozen=True, slots=True)
class Input:
    """Where a report came from: `origin` is a path, an address or `-`, `source_id` its own name within that.

    `report` is the id of the report that reading it gave.
    """

    origin: str
    source_id: str
    report: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What became of an input: `at` is the UTC time of the last attempt, ISO 8601."""

    origin: str
    source_id: str
    report: str
    outcome: Outcome
    stage: str = ""
    cause: str = ""
    attempts: int = 1
    at: str = ""
