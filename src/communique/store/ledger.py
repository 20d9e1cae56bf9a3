"""The ledger of inputs: what became of each thing that was to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Outcome = Literal["coded", "duplicate", "skipped", "failed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


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
    """What became of an input: `at` is the UTC time of the last attempt, ISO 8601.

    `stage` and `cause` say where and why it failed or was skipped. `how` is what its reading was told (`Writer.told`),
    as JSON, empty if nothing is known. An input that failed has no `report`, unless its report was lost in the store.
    """

    origin: str
    source_id: str
    report: str
    outcome: Outcome
    stage: str = ""
    cause: str = ""
    attempts: int = 1
    at: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """How many inputs had the same outcome at the same stage for the same cause, and when the last of them had it.

    In `cause` the input's own name is written as an ellipsis.
    """

    outcome: Outcome
    stage: str
    cause: str
    inputs: int
    last: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of which a file is torn or missing: why, and the reports that stand in it.

    `aside` says that it was set aside: no question reads it, and its reports are coded again when they are read.
    """

    part: str
    cause: str
    reports: tuple[str, ...]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What a store holds: live rows by kind, days of publication, outlets, and what it takes on the disk in bytes.

    `since` and `until` are empty where no report has a day. `lost` counts reports in parts that were set aside.
    `writing` says whether a writer is at work; None where that cannot be told.
    """

    counts: dict[str, int]
    since: str
    until: str
    outlets: int
    parts: int
    size: int
    lost: int
    writing: bool | None
