"""The audit: records drawn at random by stratum, judged in the page; how many of all are right, with an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from communique.errors import QueryError
from communique.showing import text as say
from communique.web.access import SentForm, Writing, who
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, address, here
from communique.web.pages.naming import name_of, named_answer
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.evaluation.proportions import Share
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Draw, Store

router = APIRouter()
_PER_PAGE = 50  # records that are shown at once


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those judged are right; `low` and `high` bound the share (None where none is judged)."""

    name: str
    size: int
    judged: int
    right: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A record of the draw: its card as it was coded, its stratum, and what was said of it ("" for nothing yet)."""

    id: str
    card: Card
    stratum: str
    said: str
    back: str


@dataclass(frozen=True, slots=True)
class Made:
    """A draw that was made: its name, and where it is."""

    told: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What the page shows: the draws, and of one of them the records and the rates; `left` are not judged yet."""

    here: Here
    title: str
    draws: tuple[Made, ...]
    draw: str
    drawn: tuple[Drawn, ...]
    number: int
    left: int
    covered: float
    whole: Rate | None
    rates: tuple[Rate, ...]
    next: str
    may_write: bool
    asks_name: bool
    name: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()


def page(request: Request, store: Store, at: Here, start: str, after: int) -> AuditPage:
    """Return the audit with one draw, the last if none is named. Raises QueryError for a draw that there is not."""
    from communique.evaluation.judged import audit

    draws = store.draws()
    chosen = store.drawn(start) if start else draws[-1] if draws else None
    asking = who(request)
    writing = (asking.may_write, not asking.name, name_of(request))
    made = tuple(_made(each, each is chosen or each == chosen) for each in reversed(draws))
    if chosen is None:
        return AuditPage(at, "Audit", made, "", (), 0, 0, 0.0, None, (), "", *writing, ())
    judged = store.judged()
    found = audit(chosen, judged)
    right = {each.record.id: each.right for each in judged}
    shown = chosen.drawn[after : after + _PER_PAGE]
    told = {cited.record.id: cards.of_cited(cited) for cited in cards.cited(store, (one.record for one in shown))}
    records = tuple(
        Drawn(
            one.record.id, told[one.record.id], one.stratum, _said(right.get(one.record.id)),
            address(("audit",), draw=chosen.id, after=after or "") + f"#d-{one.record.id}",
        )
        for one in shown
    )  # fmt: skip
    rates = tuple(_rate(name or "all", share, found.sizes.get(name, 0)) for name, share in found.strata.items())
    whole = _rate("all, by size", found.overall, sum(found.sizes.values()))
    rows: tuple[Row, ...] = tuple({"id": d.id, "stratum": d.stratum, "judged": d.said, **d.card.row} for d in records)
    more = after + _PER_PAGE < len(chosen.drawn)
    return AuditPage(
        at, "Audit", made, chosen.id, records, len(chosen.drawn), len(found.left), found.covered, whole, rates,
        at.url(draw=chosen.id, after=after + _PER_PAGE) if more else "", *writing,
        (Table("rates", "Rates", tuple(map(_row, (whole, *rates)))), Table("draw", "The draw", rows)),
    )  # fmt: skip


def _made(draw: Draw, current: bool) -> Made:
    told = f"{draw.at[:16].replace('T', ' ')}, {say.counted(len(draw.drawn), 'record')}, {say.clean(draw.who)}"
    return Made(told, address(("audit",), draw=draw.id), current)


def _said(right: bool | None) -> str:
    return "" if right is None else "right" if right else "wrong"


def _rate(name: str, share: Share, size: int) -> Rate:
    if not share.number or math.isnan(share.share):
        return Rate(name, size, 0, 0, None, None, None)
    return Rate(name, size, share.number, int(share.right), share.share, share.low, share.high)


def _row(rate: Rate) -> Row:
    return {
        "stratum": rate.name, "records": rate.size, "judged": rate.judged, "right": rate.right, "share": rate.share,
        "low": rate.low, "high": rate.high,
    }  # fmt: skip


def show(
    request: Request, store: Opened, draw: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:  # fmt: skip
    """Answer with the audit."""
    return respond(request, "audit.html", page(request, store, here(request), draw, after))


@router.post("/audit")
def make(request: Request, store: Opened, form: SentForm, asking: Writing) -> Response:
    """Draw records, and lead to them. Raises QueryError for what cannot be drawn."""
    name = (asking.name or str(form.get("who", ""))).strip()[:80]
    number, seed = str(form.get("number", "30")), str(form.get("seed", "0"))
    if not (number.isdecimal() and seed.isdecimal() and len(number) < 7 and len(seed) < 10):
        raise QueryError("How many, and the seed, are whole numbers. Write them in digits.")
    by = tuple(str(value) for value in form.getlist("by")) or ("kind",)
    made = store.draw(int(number), who=name, seed=int(seed), by=cast(Any, by))
    answer = RedirectResponse(address(("audit",), draw=made.id), status_code=303)
    return named_answer(answer, asking.name, name)


views(router, "/audit", show)
