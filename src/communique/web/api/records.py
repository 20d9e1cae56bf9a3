"""Lists of events, statements, positions and reports, and one record or report with why it is there."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from communique.errors import QueryError
from communique.records import Coding, Trace, to_dict
from communique.showing.text import words
from communique.store import Filters, Store
from communique.web import asking, paging
from communique.web.api import shapes
from communique.web.asking import After, Asked, Limit
from communique.web.correcting import no_record, no_report
from communique.web.paging import Form, Format, Fresh
from communique.web.stores import Opened

router = APIRouter(tags=["records"], responses=shapes.ERRORS)
Total = Annotated[bool, Query(description="Say how many there are in all.")]
Id = Annotated[str, Path(max_length=120, description="An id as the lists give it.")]


def _listing(model: type[shapes.Listed]) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "content": shapes.FORMS}, **shapes.UNCHANGED}


@router.get("/events", responses=_listing(shapes.Events))
def events(
    request: Request, store: Opened, fresh: Fresh, asked: Asked, form: Form, limit: Limit = 100, after: After = None,
    total: Total = False,
) -> Response:  # fmt: skip
    """List events, the latest published first."""
    return _list(request, store, "events", asked, form, fresh, limit, after, total)


@router.get("/statements", responses=_listing(shapes.Statements))
def statements(
    request: Request, store: Opened, fresh: Fresh, asked: Asked, form: Form, limit: Limit = 100, after: After = None,
    total: Total = False,
) -> Response:  # fmt: skip
    """List statements, the latest published first."""
    return _list(request, store, "statements", asked, form, fresh, limit, after, total)


@router.get("/positions", responses=_listing(shapes.Positions))
def positions(
    request: Request, store: Opened, fresh: Fresh, asked: Asked, form: Form, limit: Limit = 100, after: After = None,
    total: Total = False,
) -> Response:  # fmt: skip
    """List positions, the latest published first."""
    return _list(request, store, "positions", asked, form, fresh, limit, after, total)


@router.get("/reports", responses=_listing(shapes.Reports))
def reports(
    request: Request, store: Opened, fresh: Fresh, asked: Asked, form: Form, limit: Limit = 100, after: After = None,
    total: Total = False,
) -> Response:  # fmt: skip
    """List reports, the latest first; filters that concern records find reports with a record that fits."""
    return _list(request, store, "reports", asked, form, fresh, limit, after, total)


@router.get("/reports/{id}", responses={200: {"model": shapes.WholeReport}, **shapes.UNCHANGED, **shapes.NOWHERE})
def report(store: Opened, fresh: Fresh, id: Id) -> Response:
    """Give a report with its text, its records in text order, and why each is there."""
    if not store.has(id):
        raise no_report(id)
    return Response(coding_json(store.coding(id)), media_type="application/json", headers=fresh)


@router.get("/records/{id}", responses={200: {"model": shapes.Told}, **shapes.UNCHANGED, **shapes.NOWHERE})
def record(store: Opened, fresh: Fresh, id: Id) -> Response:
    """Give an event, a statement or a position with its sentence and why it is there."""
    found = store.records([id]).get(id)
    if found is None:
        raise no_record(id)
    text = next((one.text for one in store.reports([found.report]).values()), "")
    trace = _trace(store, id)
    body = {
        "record": to_dict(found), "sentence": words(text, found.evidence.sentence),
        "trace": dataclasses.asdict(trace) if trace else None,
    }  # fmt: skip
    return Response(orjson.dumps(body), media_type="application/json", headers=fresh)


def coding_json(coding: Coding) -> bytes:
    """Return a coding as JSON: report, records, traces, and why there are none."""
    return orjson.dumps({
        "report": to_dict(coding.report), "records": [to_dict(one) for one in coding.records],
        "traces": [dataclasses.asdict(one) for one in coding.traces], "skipped": coding.skipped,
    })  # fmt: skip


def _trace(store: Store, id: str) -> Trace | None:
    try:
        return store.trace(id)
    except QueryError:  # stored by a program that keeps no traces
        return None


def _list(
    request: Request, store: Store, kind: str, asked: Filters, form: Format, headers: dict[str, str], limit: int,
    after: str | None, total: bool,
) -> Response:  # fmt: skip
    asked = asking.whole(store, asked)
    found = store.page(kind, asked, limit=limit, after=after)
    if not found.items and after is None:
        meant = asking.known(request, store, asked)
        if meant != asked:
            asked, found = meant, store.page(kind, meant, limit=limit, after=after)
    number = store.count(kind, asked) if total else None
    return paging.answer(request, store, kind, found, form, headers, number)
