"""Coding a text that is sent; nothing is kept."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request, Response

from communique.reading.day import parse_day
from communique.sources.item import RawItem
from communique.web.api import shapes
from communique.web.api.records import coding_json
from communique.web.coding import Coders
from communique.web.problems import Problem
from communique.web.settings import WebSettings

router = APIRouter(tags=["coding"], responses=shapes.ERRORS | shapes.REFUSED)


@router.post("/code", responses={200: {"model": shapes.WholeReport}})
def code(request: Request, sent: shapes.Text) -> Response:
    """Code a text: give the report, its records and why each is there. A token that may read is enough."""
    settings = cast(WebSettings, request.app.state.settings)
    if len(sent.text) > settings.max_text:
        raise Problem(
            413, f"The text has more than {settings.max_text:,} characters. Send less, or use `communique code`."
        )
    item = RawItem(
        sent.text, "text", published=parse_day(sent.published) if sent.published else "", title=sent.title,
        url=sent.url, outlet=sent.outlet,
    )  # fmt: skip
    coding = cast(Coders, request.app.state.coders).code(item)
    return Response(coding_json(coding.surer(sent.min_confidence)), media_type="application/json")
