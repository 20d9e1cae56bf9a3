"""Who stands with whom, on what, and how that moves: the views of `communique align`."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from communique.store import Filters
from communique.web import paging
from communique.web.api import shapes
from communique.web.asking import Issue, MinConfidence, Since, Until
from communique.web.paging import Form, Fresh
from communique.web.stores import Opened

router = APIRouter(tags=["alignment"], responses=shapes.ERRORS)
_MOST_ACTORS = 60
_YEARS = 366 * 50


class View(StrEnum):
    """What can be worked out; see `communique align --help`."""

    dyads = "dyads"
    series = "series"
    changes = "changes"
    moves = "moves"
    issues = "issues"
    agreement = "agreement"
    blocs = "blocs"
    balance = "balance"
    shifts = "shifts"
    contradictions = "contradictions"
    records = "records"


class Channel(StrEnum):
    deeds = "deeds"
    words = "words"
    positions = "positions"


class Period(StrEnum):
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


@router.get(
    "/alignment/{view}", responses={200: {"model": shapes.Rows, "content": shapes.FORMS}, **shapes.UNCHANGED}
)  # fmt: skip
def alignment(
    store: Opened, form: Form, headers: Fresh,
    view: Annotated[View, Path(description="What is to be worked out.")],
    actors: Annotated[str, Query(max_length=1000, description="Codes, as `RUS,CHN`; all, if none is named.")] = "",
    since: Since = None, until: Until = None,
    channel: Annotated[Channel | None, Query(description="Only deeds, words or positions.")] = None,
    by: Annotated[Period, Query(description="The period, for series and changes.")] = Period.month,
    split: Annotated[str, Query(max_length=40, description="The day that parts before from after, for moves.")] = "",
    within: Annotated[
        int, Query(ge=0, le=_YEARS, description="Days that words and deeds may lie apart, for contradictions.")
    ] = 90,
    issue: Issue = None,
    draws: Annotated[int, Query(ge=0, le=2000, description="Resamples for intervals; 0: none.")] = 1000,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1, description="Seed of the resamples.")] = 0,
    min_confidence: MinConfidence = None,
    limit: Annotated[int, Query(ge=1, le=100_000, description="At most this many rows.")] = 1000,
) -> Response:  # fmt: skip
    """Work out scores of dyads, series, changes, moves, stances, agreement, blocs, balance, shifts, contradictions.

    `records` gives the records on which a score rests. Rows and their order are those of `communique align`.
    """
    from communique.alignment.views import Asked
    from communique.alignment.views import view as view_of
    from communique.errors import QueryError
    from communique.store.filters import first_day

    codes = tuple(code.strip().upper() for code in actors.split(",") if code.strip())
    if len(codes) > _MOST_ACTORS:
        raise QueryError(f"{len(codes)} actors are too many at once. Name {_MOST_ACTORS} at most, or none for all.")
    asked = Asked(
        codes, Filters(since=since or None, until=until or None, min_confidence=min_confidence or None), by.value,
        channel.value if channel else "", first_day(split or None) or "", draws, seed, within, issue or "",
    )  # fmt: skip

    found = islice(view_of(view.value)(store, asked), limit)
    return paging.rows(view.value, [dict(row) for row in found], form, headers)
