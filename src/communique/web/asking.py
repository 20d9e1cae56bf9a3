"""The filters of a request, by the names that the command line has for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, Field

from communique.errors import QueryError
from communique.showing import finding
from communique.store import Filters
from communique.web.knowing import knowledge

if TYPE_CHECKING:
    from communique.store import Store

MOST = 1000  # records in one answer
_CODE, _DAY, _ID = 40, 40, 120

Actor = Annotated[
    str | None, Query(max_length=_CODE, description="Records in which the actor with this code takes part.")
]
Dyad = Annotated[
    str | None, Query(max_length=2 * _CODE, description="Records between two actors, either way, as `RUS,CHN`.")
]
Type = Annotated[str | None, Query(max_length=_CODE, description="Events of this type of the codebook.")]
Issue = Annotated[str | None, Query(max_length=_ID, description="Positions on this issue.")]
Stance = Annotated[str | None, Query(max_length=_CODE, description="support, oppose or neutral.")]
Status = Annotated[
    str | None, Query(max_length=_CODE, description="actual, planned, hypothetical, denied or historical.")
]
Since = Annotated[str | None, Query(max_length=_DAY, description="From this day, month (2022-02) or year (2022) on.")]
Until = Annotated[str | None, Query(max_length=_DAY, description="Up to this day, month or year, included.")]
OfReport = Annotated[
    str | None, Query(max_length=_ID, description="Of the report with this id; a unique beginning will do.")
]
MinConfidence = Annotated[
    Annotated[float, Field(ge=0, le=1)] | None,
    BeforeValidator(lambda value: None if value == "" else value),  # as forms send what nobody wrote
    Query(description="Records that are right at least this often, from 0 to 1."),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="At most this many in one answer.")]
After = Annotated[str | None, Query(max_length=400, description="The cursor that the answer before gave as `next`.")]


async def filters(  # nothing to wait for: a thread of its own would cost more
    actor: Actor = None, dyad: Dyad = None, type: Type = None, issue: Issue = None, stance: Stance = None,
    status: Status = None, since: Since = None, until: Until = None, report: OfReport = None,
    min_confidence: MinConfidence = None,
) -> Filters:  # fmt: skip
    """Return what a request asks for. Empty values, as forms send them, ask for nothing."""
    return Filters(
        actor=actor or None, dyad=dyad_of(dyad), type=type or None, issue=issue or None, stance=stance or None,
        status=status or None, since=since or None, until=until or None, report=report or None,
        min_confidence=min_confidence or None,
    )  # fmt: skip


Asked = Annotated[Filters, Depends(filters)]


def dyad_of(text: str | None) -> tuple[str, str] | None:
    """Return the two codes of `A,B`, None for nothing. Raises QueryError for anything else."""
    if not text or not text.strip(" ,"):
        return None
    codes = [code.strip() for code in text.split(",")]
    if len(codes) != 2 or not all(codes):
        raise QueryError(f"A dyad is two actors, not {text!r}. Write their codes as dyad=RUS,CHN.")
    return codes[0], codes[1]


def whole(store: Store, asked: Filters) -> Filters:
    """Return filters with the whole id of the report of which they have a beginning. Raises QueryError for no such."""
    if asked.report is None or store.has(asked.report):
        return asked
    return replace(asked, report=finding.report_id(store, asked.report))


def known(request: Request, store: Store, asked: Filters) -> Filters:
    """Return filters that gave nothing, with types and issues written as they are known.

    Raises QueryError where one of them, or an actor, is known neither to the store nor to the knowledge files.
    """
    return finding.known(store, asked, lambda: knowledge(request))
