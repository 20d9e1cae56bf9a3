"""Searching titles and texts of reports."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from communique.store import Filters
from communique.web import paging
from communique.web.api import shapes
from communique.web.asking import After, Since, Until
from communique.web.paging import TYPES, Form, Format
from communique.web.stores import Opened

router = APIRouter(tags=["search"], responses=shapes.ERRORS)


class Hit(BaseModel):
    """A report that was found: a stretch of its text, the places of the words in it, and those in its title."""

    report: str
    title: str
    published: str
    outlet: str
    snippet: str
    spans: list[tuple[int, int]]
    title_spans: list[tuple[int, int]]


class Hits(BaseModel):
    """Reports that were found, the last published first; `unindexed`: how many came in lately and are not searched."""

    kind: str
    items: list[Hit]
    next: str | None
    unindexed: int


@router.get("/search", responses={200: {"model": Hits, "content": shapes.FORMS}})
def search(
    request: Request, store: Opened, form: Form,
    q: Annotated[str, Query(max_length=1000, description='Words, "a phrase", -without, begun*, one OR other.')],
    since: Since = None, until: Until = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most this many in one answer.")] = 20,
    after: After = None,
) -> Response:  # fmt: skip
    """Find reports by the words of their titles and texts."""
    asked = Filters(since=since or None, until=until or None)
    found = store.search(q, limit=limit + 1, after=after or None, filters=asked)
    page = found[:limit]
    following = page[-1].report if len(found) > limit else None
    headers: dict[str, str] = {}
    if following is not None:
        headers["link"] = f'<{request.url.include_query_params(after=following)}>; rel="next"'
    if form is Format.json:
        body = {"kind": "search", "items": [asdict(hit) for hit in page], "next": following,
                "unindexed": store.unindexed()}  # fmt: skip
        return Response(orjson.dumps(body), media_type=TYPES[form], headers=headers)
    return paging.rows("search", [{**asdict(hit), "spans": _cell(hit.spans), "title_spans": _cell(hit.title_spans)}
                                  for hit in page], form, headers)  # fmt: skip


def _cell(spans: tuple[tuple[int, int], ...]) -> str:
    return ";".join(f"{start}-{end}" for start, end in spans)
