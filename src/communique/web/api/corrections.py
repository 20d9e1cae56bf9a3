"""What people say of records: that one is right, wrong, should read otherwise, or was missed."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from communique.errors import QueryError
from communique.store.corrections import Action, Correction, record_of, to_plain
from communique.web.access import Writing
from communique.web.api import shapes
from communique.web.correcting import keep
from communique.web.paging import TYPES, Form, Format, Fresh, download
from communique.web.problems import Problem
from communique.web.stores import Opened

router = APIRouter(tags=["corrections"], responses=shapes.ERRORS)
_MOST = 1000


class Sent(BaseModel):
    """What is said of a record. `becomes`, for amend and add, is the record as it should be, in its public form.

    `who` is for pages without tokens; where there are tokens, the name of the token counts.
    """

    action: Action
    record: str = Field("", max_length=120)
    becomes: dict[str, Any] | None = None
    note: str = Field("", max_length=4000)
    who: str = Field("", max_length=120)


class Kept(BaseModel):
    """A correction as it was kept: who said it, when (UTC), of which coding, and how the record stood before."""

    kind: str
    id: str
    action: Action
    record: str
    report: str
    who: str
    at: str
    coder: str
    note: str
    was: dict[str, Any] | None
    becomes: dict[str, Any] | None


class Corrections(BaseModel):
    """Corrections in the order in which they came; `next` is the place of the page that follows, null at the end."""

    kind: str
    items: list[Kept]
    next: str | None


@router.post("/corrections", status_code=201, responses={201: {"model": Kept}, **shapes.REFUSED, **shapes.NOWHERE})
def correct(store: Opened, who: Writing, sent: Sent) -> Response:
    """Accept, reject, amend or add a record, or withdraw what was said of one. It holds at once, for all who ask."""
    said = Correction(sent.action, sent.record, who.name or sent.who, _record(sent.becomes), sent.note)
    kept = keep(store, said)
    return Response(orjson.dumps(to_plain(kept)), status_code=201, media_type="application/json")


@router.get("/corrections", responses={200: {"model": Corrections, "content": shapes.LINES}, **shapes.UNCHANGED})
def corrections(
    store: Opened, fresh: Fresh, form: Form,
    report: Annotated[str | None, Query(max_length=120, description="Of the report with this id.")] = None,
    record: Annotated[str | None, Query(max_length=120, description="Of the record with this id.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="At most this many.")] = 100,
    after: Annotated[str | None, Query(max_length=40, description="The place that the answer before gave.")] = None,
) -> Response:  # fmt: skip
    """List the corrections, or those of one report or record; as JSON, or as JSON Lines for `communique correct`."""
    if form not in (Format.json, Format.jsonl):
        raise Problem(400, "Corrections are given as JSON or JSON Lines. Ask with format=jsonl.")
    found = store.corrections(report=report or None, record=record or None)
    start = 0
    if after:
        start = next((n for n, each in enumerate(found, 1) if each.id == after), 0)
        if not start:
            raise QueryError("The cursor is none of ours. Begin again without it.")
    page = [to_plain(each) for each in found[start : start + limit]]
    following = str(page[-1]["id"]) if start + limit < len(found) else None
    if form is Format.jsonl:
        lines = (orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in page)
        return download("corrections", b"".join(lines), form, fresh)
    body = {"kind": "corrections", "items": page, "next": following}
    return Response(orjson.dumps(body), media_type=TYPES[form], headers=fresh)


def _record(values: dict[str, Any] | None) -> Any:
    if values is None:
        return None
    try:
        return record_of(values)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        said = str(error)[:200]
        raise Problem(
            422, f"What the record should be cannot be read ({said}). Send it as /api/v1/records/ID gives it."
        ) from None
