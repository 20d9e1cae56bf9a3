"""What a store holds, by the beginning of an id and by filters; with hints where nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from communique.errors import QueryError, unknown
from communique.records import Record, Report

if TYPE_CHECKING:
    from communique.knowledge import Knowledge
    from communique.settings import Settings
    from communique.store import Filters, ReportSummary, Store

_RECORDS = ("events", "statements", "positions")
_LISTED = 5
_LONGEST = 5  # characters of a code that is written by hand


def record_id(store: Store, start: str) -> str:
    """Return the id of the one record whose id begins with `start`. Raises QueryError if it is not one."""
    return one_id(start, _ids(store, _RECORDS), "record")


def report_id(store: Store, start: str) -> str:
    """Return the id of the one report whose id begins with `start`. Raises QueryError if it is not one."""
    return one_id(start, _ids(store, ("reports",)), "report")


def _ids(store: Store, kinds: Collection[str]) -> Iterator[str]:
    for kind in kinds:
        yield from store.to_arrow(kind).column("id").to_pylist()


def one_id(start: str, ids: Iterator[str] | Collection[str], what: str) -> str:
    """Return the one of `ids` that is or begins with `start`. Raises QueryError for none and for several."""
    start = start.strip().lower()
    found = sorted({i for i in ids if i.startswith(start)}) if start else []
    if start in found or len(found) == 1:
        return start if start in found else found[0]
    if not found:
        where = "show reports" if what == "report" else "show"
        raise QueryError(f"No {what} has an id that begins with {start!r}. `communique {where}` prints the ids.")
    some = ", ".join(found[:_LISTED]) + (" and more" if len(found) > _LISTED else "")
    raise QueryError(f"{len(found)} {what}s have an id that begins with {start!r}: {some}. Give more of it.")


def matching(store: Store, kind: str, filters: Filters, settings: Settings) -> list[Record | ReportSummary]:
    """Return what `filters` let through. Where that is nothing, what is asked for is looked up.

    Raises QueryError for a type, issue or actor of which neither the store nor the knowledge files know.
    """
    found: list[Record | ReportSummary] = list(store.query(kind, filters))
    if found or filters.limit == 0:
        return found
    from communique.knowledge import load_knowledge

    meant = known(store, filters, lambda: load_knowledge(settings.folders, settings.codebook_file))
    return found if meant == filters else list(store.query(kind, meant))


def known(store: Store, filters: Filters, open_knowledge: Callable[[], Knowledge]) -> Filters:
    """Return filters that found nothing with type and issue as they are known, in upper and lower case.

    `open_knowledge` gives the knowledge files, which are opened only where they are asked.

    Raises QueryError for a type, issue or actor of which neither the store nor the knowledge files know.
    """
    from communique.store.filters import known_name

    meant = filters
    if filters.type or filters.issue:
        book = open_knowledge()
        types = {*book.codebook.types, *store.types()}  # those of another codebook too
        meant = replace(
            filters, type=known_name("event type", filters.type, types),
            issue=known_name("issue", filters.issue, tuple(book.issues.issues)),
        )  # fmt: skip
    if meant == filters:  # else it may be found now
        for code in dict.fromkeys(filter(None, (filters.actor, *(filters.dyad or ())))):
            _check_actor(store, code, open_knowledge)
    return meant


def report_of(found: Record | ReportSummary, reports: dict[str, Report]) -> Report:
    """Return the report that a record is from; a record without its report is shown with an empty one."""
    identifier = found.report if isinstance(found.report, str) else found.report.id
    return reports.get(identifier) or Report(id=identifier, text="")


def _check_actor(store: Store, code: str, open_knowledge: Callable[[], Knowledge]) -> None:
    """Raise QueryError if no record of the store has the actor and no knowledge file knows the code."""
    from communique.store import Filters

    upper = code.strip().upper()
    if any(next(iter(store.query(kind, Filters(actor=upper, limit=1))), None) for kind in _RECORDS):
        return
    book = open_knowledge().actors
    if book.bodies(upper):
        return
    named = next((row for row in book.called(code) if row.code), None)
    if named:
        raise QueryError(f"No actor has the code {code!r}. Did you mean {named.code!r} ({named.name})?")
    # Thousands of codes: only what begins alike is likely to be meant.
    codes = {entity.code for entity in book.entities if entity.code[:1] == upper[:1] and len(entity.code) <= _LONGEST}
    raise QueryError(f"{unknown('actor', code, codes)} `communique knowledge actors NAME` finds codes.")
