"""Actors and issues: what the knowledge files say of them, and what the store holds of them."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from communique.knowledge.actors import ActorRow
from communique.knowledge.issues import Issue
from communique.reading.day import parse_day
from communique.store import Filters, Store
from communique.web import paging
from communique.web.api import shapes
from communique.web.asking import Limit
from communique.web.knowing import knowledge
from communique.web.paging import Form, Fresh
from communique.web.problems import Problem
from communique.web.stores import Opened

router = APIRouter(tags=["actors and issues"], responses=shapes.ERRORS)
_KINDS = ("events", "statements", "positions")
_PEOPLE, _BODIES = 60, 60  # in one answer


class Named(BaseModel):
    """Of whom the knowledge files know under a code or a name."""

    kind: str
    rows: list[ActorRow]


class ActorFound(BaseModel):
    """An actor: bodies with this code, who held its offices, and how many records of each kind it takes part in."""

    code: str
    name: str
    bodies: list[dict[str, Any]]
    people: list[dict[str, Any]]
    records: dict[str, int]


class IssueLine(BaseModel):
    """An issue of the catalogue: `support` says what a holder who supports it wants."""

    id: str
    name: str
    support: str
    parent: str
    depth: int
    since: str
    until: str
    actors: list[str]


class IssueFound(IssueLine):
    """An issue with those below it, and how many positions there are on it."""

    below: list[str]
    positions: int


@router.get("/actors", responses={200: {"model": Named, "content": shapes.FORMS}})
def actors(
    request: Request, form: Form,
    q: Annotated[str, Query(min_length=1, max_length=200, description="A code, a name or a part of one.")],
    limit: Limit = 100,
) -> Response:  # fmt: skip
    """Look up states, organisations, people and offices by code or by any form of their names."""
    found = knowledge(request).actors.search(q, most=limit)
    return paging.rows("actors", [dataclasses.asdict(row) for row in found], form, {})


@router.get("/actors/{code}", responses={200: {"model": ActorFound}, **shapes.UNCHANGED, **shapes.NOWHERE})
def actor(
    request: Request, store: Opened, fresh: Fresh,
    code: Annotated[str, Path(max_length=40, description="The actor's code, as RUS.")],
    on: Annotated[str, Query(max_length=40, description="Only what holds on this day.")] = "",
) -> Response:  # fmt: skip
    """Say who an actor is, who held its offices on which days, and how many records it takes part in."""
    code = code.strip().upper()
    book, day = knowledge(request).actors, parse_day(on) if on else ""
    if not code:
        raise Problem(404, "An actor's code is empty. Give one such as RUS.")
    bodies = [e for e in book.bodies(code) if not day or e.exists_on(day)]
    people = [h for h in book.people(code) if not day or h.standing(day) == "holder"]
    counts = {kind: store.count(kind, Filters(actor=code)) for kind in _KINDS}
    if not bodies and not people and not any(counts.values()):
        raise Problem(404, f"No actor has the code {code!r}. /api/v1/actors?q=NAME finds codes.")
    entity = book.entity(code)
    body = ActorFound(
        code=code, name=entity.name if entity else code, bodies=[dataclasses.asdict(e) for e in bodies[:_BODIES]],
        people=[dataclasses.asdict(h) for h in people[:_PEOPLE]], records=counts,
    )  # fmt: skip
    return Response(orjson.dumps(body.model_dump()), media_type="application/json", headers=fresh)


@router.get("/issues", responses={200: {"model": shapes.Rows, "content": shapes.FORMS}})
def issues(
    request: Request, form: Form,
    q: Annotated[str, Query(max_length=200, description="Only those that are about this.")] = "",
) -> Response:  # fmt: skip
    """List the issues of the catalogue."""
    book = knowledge(request).issues
    found = book.search(q, most=200) if q.strip() else tuple(book)
    rows = [{**_line(issue).model_dump(), "actors": ";".join(issue.actors)} for issue in found]
    return paging.rows("issues", rows, form, {})


@router.get("/issues/{id}", responses={200: {"model": IssueFound}, **shapes.UNCHANGED, **shapes.NOWHERE})
def issue(
    request: Request, store: Opened, fresh: Fresh,
    id: Annotated[str, Path(max_length=120, description="The issue's id in the catalogue.")],
) -> Response:  # fmt: skip
    """Say what an issue is and how many positions there are on it; `/alignment/issues?issue=ID` has the stances."""
    book = knowledge(request).issues
    found, number = book.get(id), _number(store, id)
    if found is None and not number:
        raise Problem(404, f"No issue {id[:80]!r}. /api/v1/issues lists them.")
    line = _line(found) if found else IssueLine(id=id, name=id, support="", parent="", depth=0, since="", until="",
                                                actors=[])  # fmt: skip
    below = [other.id for other in book if other.parent == id]
    body = IssueFound(**line.model_dump(), below=below, positions=number)
    return Response(orjson.dumps(body.model_dump()), media_type="application/json", headers=fresh)


def _number(store: Store, id: str) -> int:
    return store.count("positions", Filters(issue=id))


def _line(issue: Issue) -> IssueLine:
    return IssueLine(
        id=issue.id, name=issue.name, support=issue.support, parent=issue.parent, depth=issue.depth,
        since=issue.since, until=issue.until, actors=list(issue.actors),
    )  # fmt: skip
