"""The audit: records drawn at random by stratum, judged in the page; how many of all are right, with an interval."""

from __future__ import annotations

import hashlib
import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from communique.errors import QueryError, unknown
from communique.store import Filters, Store
from communique.web.access import who
from communique.web.asking import Asked
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, general, here
from communique.web.pages.keeping import kept
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.records import Record
    from communique.showing.flat import Row
    from communique.showing.svg import Picture

router = APIRouter()
STRATA = {"events": ("type", "status", "confidence"), "statements": ("quote", "confidence"),
          "positions": ("stance", "issue", "status", "confidence")}  # fmt: skip
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those judged are right: `low` and `high` bound the share (None where none is judged)."""

    name: str
    size: int
    drawn: int
    judged: int
    right: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A record of the draw: its card, its stratum, and what was said of it ("" for nothing yet)."""

    id: str
    card: Card
    stratum: str
    said: str
    back: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What the page shows: the draw, and rates by stratum and over all, weighted by the strata's sizes."""

    here: Here
    title: str
    kind: str
    by: str
    size: int
    seed: int
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    drawn: tuple[Drawn, ...]
    rates: tuple[Rate, ...]
    whole: Rate
    may_write: bool
    asks_name: bool
    name: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """The ids that were drawn with their strata, and how many records each stratum has."""

    ids: tuple[tuple[str, str], ...]
    sizes: tuple[tuple[str, int], ...]


def draw(store: Store, kind: str, by: str, size: int, seed: int, filters: Filters) -> Draw:
    """Return `size` records drawn at random, as many from each stratum as can be; the same seed draws the same.

    `store` gives records as they were coded.
    """
    table = store.to_arrow(kind, filters)
    strata: dict[str, list[str]] = defaultdict(list)
    for id_, value in zip(table.column("id").to_pylist(), table.column(by).to_pylist(), strict=True):
        strata[_band(value) if by == "confidence" else str(value or "none")].append(id_)
    ranked = {
        name: sorted(ids, key=lambda id_: hashlib.sha256(f"{seed} {id_}".encode()).digest())
        for name, ids in strata.items()
    }
    order = sorted(ranked, key=lambda name: (-len(ranked[name]), name))
    chosen: list[tuple[str, str]] = []
    turn = 0
    while len(chosen) < min(size, table.num_rows):
        for name in order:
            if turn < len(ranked[name]) and len(chosen) < size:
                chosen.append((ranked[name][turn], name))
        turn += 1
    random.Random(seed).shuffle(chosen)  # so that who judges does not see strata in a row
    return Draw(tuple(chosen), tuple((name, len(ranked[name])) for name in order))


def rates(drawn: Draw, right: Mapping[str, bool]) -> tuple[tuple[Rate, ...], Rate]:
    """Return the share that is right by stratum (Wilson 1927) and over all strata, weighted by their sizes."""
    found = []
    for name, size in drawn.sizes:
        own = [id_ for id_, stratum in drawn.ids if stratum == name]
        judged = [right[id_] for id_ in own if id_ in right]
        share, low, high = wilson(sum(judged), len(judged))
        found.append(Rate(name, size, len(own), len(judged), sum(judged), share, low, high))
    return tuple(found), _pooled(found)


def wilson(right: int, judged: int) -> tuple[float | None, float | None, float | None]:
    """Return a share with the bounds of its 95 % interval; nothing where nothing is judged."""
    if not judged:
        return None, None, None
    share, square = right / judged, _Z * _Z
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    half = _Z * math.sqrt(share * (1 - share) / judged + square / (4 * judged**2)) / (1 + square / judged)
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _pooled(found: Sequence[Rate]) -> Rate:
    """Return the rate over all strata of which something is judged.

    Each stratum's variance is that of two more right and two more wrong (Agresti & Coull 1998): a stratum without a
    wrong one is not sure either.
    """
    told = [rate for rate in found if rate.judged]
    size, judged, right = sum(r.size for r in told), sum(r.judged for r in told), sum(r.right for r in told)
    every, drawn = sum(r.size for r in found), sum(r.drawn for r in found)
    if not told or not size:
        return Rate("all", every, drawn, 0, 0, None, None, None)
    share = sum(r.size / size * r.right / r.judged for r in told)
    if len(told) == 1:
        _, low, high = wilson(right, judged)
        return Rate("all", every, drawn, judged, right, share, low, high)
    variance = 0.0
    for rate in told:
        near = (rate.right + 2) / (rate.judged + 4)
        variance += (rate.size / size) ** 2 * near * (1 - near) / (rate.judged + 4)
    half = _Z * math.sqrt(variance)
    return Rate("all", every, drawn, judged, right, share, max(0.0, share - half), min(1.0, share + half))


def _band(value: object) -> str:
    low = min(int(float(str(value or 0)) * 10), 9) / 10
    return f"{low:.1f} to {low + 0.1:.1f}"


def page(
    request: Request, store: Store, at: Here, kind: str, by: str, size: int, seed: int, asked: Filters
) -> AuditPage:  # fmt: skip
    """Return the audit. Raises QueryError for kinds and strata that there are not."""
    if kind not in STRATA:
        raise QueryError(unknown("kind", kind[:40], STRATA))
    by = by or STRATA[kind][0]
    if by not in STRATA[kind]:
        raise QueryError(unknown("stratum", by[:40], STRATA[kind]))

    def make() -> tuple[Draw, dict[str, Record]]:
        with Store.open(store.path, raw=True) as raw:
            found = draw(raw, kind, by, size, seed, general(asked))
            return found, raw.records([id_ for id_, _ in found.ids])

    drawn, records = kept(request, store, ("audit", kind, by, size, seed, asked), make)
    judged = {each.record.id: each for each in store.judged()}
    by_rate, whole = rates(drawn, {id_: each.right for id_, each in judged.items()})
    told = {c.record.id: cards.of_cited(c) for c in cards.cited(store, records.values())}
    shown = []
    for id_, stratum in drawn.ids:
        if id_ in told:
            said = "" if id_ not in judged else "right" if judged[id_].right else "wrong"
            shown.append(Drawn(id_, told[id_], stratum, said, f"{at.path}?{_query(at)}#d-{id_}"))
    asking = who(request)
    rows: tuple[Row, ...] = tuple({"id": d.id, "stratum": d.stratum, "judged": d.said, **d.card.row} for d in shown)
    return AuditPage(
        at, "Audit", kind, by, size, seed, tuple(STRATA.items()), tuple(shown), by_rate, whole, asking.may_write,
        not asking.name, request.cookies.get("communique_name", "")[:80],
        (Table("rates", "Rates", tuple(map(_row, (*by_rate, whole)))), Table("draw", "The draw", rows)),
    )  # fmt: skip


def _query(at: Here) -> str:
    return at.url(kind=at.get("kind") or "events").partition("?")[2]


def _row(rate: Rate) -> Row:
    return {
        "stratum": rate.name, "records": rate.size, "drawn": rate.drawn, "judged": rate.judged, "right": rate.right,
        "share": rate.share, "low": rate.low, "high": rate.high,
    }  # fmt: skip


def show(
    request: Request, store: Opened, asked: Asked, kind: Annotated[str, Query(max_length=20)] = "events",
    by: Annotated[str, Query(max_length=20)] = "", n: Annotated[int, Query(ge=1, le=500)] = 30,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 1,
) -> Response:  # fmt: skip
    """Answer with the audit."""
    return respond(request, "audit.html", page(request, store, here(request), kind, by, n, seed, asked))


views(router, "/audit", show)
