"""What the store holds, in numbers."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from communique import __version__
from communique.web.access import Asking
from communique.web.api import shapes
from communique.web.paging import Fresh
from communique.web.stores import Opened

router = APIRouter(tags=["status"], responses=shapes.ERRORS)


class State(BaseModel):
    """What the store holds: `state` changes with every change of it, `lost` counts reports whose files are damaged,
    `may_write` says whether who asks may also write."""

    version: str
    state: str
    counts: dict[str, int]
    since: str
    until: str
    outlets: int
    lost: int
    may_write: bool


@router.get("/status", responses={200: {"model": State}, **shapes.UNCHANGED})
def status(request: Request, store: Opened, fresh: Fresh, who: Asking) -> Response:
    """Say what the store holds. To notice new records, ask for it again with `If-None-Match`."""
    since, until, outlets = store.covers()
    body = State(
        version=__version__, state=store.version(), counts=store.counts(), since=since, until=until, outlets=outlets,
        lost=store.lost(), may_write=who.may_write,
    )  # fmt: skip
    return Response(orjson.dumps(body.model_dump()), media_type="application/json", headers=fresh)
