"""Keeping what was said of a record, for pages and API; what is said of nothing is answered with 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.errors import QueryError
from communique.web.problems import Problem

if TYPE_CHECKING:
    from communique.store import Correction, Store


def keep(store: Store, correction: Correction) -> Correction:
    """Keep a correction and return it as `Store.correct` does.

    Raises Problem (404) for a record or a report that the store has not, and what `Store.correct` raises.
    """
    try:
        return store.correct(correction)
    except QueryError:
        if correction.action == "add":
            if correction.becomes is not None and not store.has(correction.becomes.report):
                raise no_report(correction.becomes.report) from None
        elif not _known(store, correction.record):
            raise no_record(correction.record) from None
        raise


def no_record(record: str) -> Problem:
    """Return what is to be said of a record that there is not."""
    return Problem(404, f"No record {record[:80]!r} here. /api/v1/events, statements and positions list the ids.")


def no_report(report: str) -> Problem:
    """Return what is to be said of a report that there is not."""
    return Problem(404, f"No report {report[:80]!r} here. /api/v1/reports lists the ids.")


def _known(store: Store, record: str) -> bool:
    """Return whether somebody coded a record, or said something of it."""
    return bool(store.records([record]) or store.coded([record]) or store.corrections(record=record))
