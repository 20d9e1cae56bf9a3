"""The network: who is in which bloc, and what is between them, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from communique.showing import network
from communique.showing.moving import known_as, signed
from communique.store import Filters
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.here import Here, Value, actor, dyad, general, here
from communique.web.pages.keeping import kept
from communique.web.pages.names import Named, named_by
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Store, Ties

router = APIRouter()
_PERIODS = ("month", "quarter", "year")
_STOPS = 60  # periods on the slider


@dataclass(frozen=True, slots=True)
class Stop:
    """A period on the slider: its name, address, number of records, and whether it is the one that is shown."""

    name: str
    address: str
    records: int
    current: bool


@dataclass(frozen=True, slots=True)
class Member:
    """An actor in a bloc."""

    code: str
    name: str
    address: str
    records: int


@dataclass(frozen=True, slots=True)
class Between:
    """What is between two actors, and where its evidence is."""

    one: str
    other: str
    affinity: float
    text: str
    records: int
    address: str


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """What the page shows; `at` is the first day of the period, "" for all of them; `earlier` periods are not named."""

    here: Here
    title: str
    by: str
    periods: tuple[tuple[str, str], ...]
    at: str
    stops: tuple[Stop, ...]
    earlier: int
    every: str
    blocs: tuple[tuple[Member, ...], ...]
    ties: tuple[Between, ...]
    measures: tuple[tuple[str, str], ...]
    hidden: int
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]


def page(store: Store, at: Here, asked: Filters, by: str, period: str, size: int, named: Named) -> NetworkPage:
    """Return the network of the `size` actors with most records, in one period or in all."""
    from communique.alignment.balance import triads
    from communique.alignment.blocs import blocs
    from communique.alignment.scores import affinity

    every = general(asked)
    whole = store.tie_sums(every, by)
    stops = _stops(whole, at, by, period)
    span = _span(whole, by, period)
    filters = Filters(since=span[0], until=span[1], min_confidence=asked.min_confidence) if span else every
    ties = store.tie_sums(filters, by) if span else whole
    chosen, left = _first(ties, size)
    ties = ties.among(chosen) if len(chosen) > 1 else ties
    near = affinity(ties) if len(chosen) > 1 else np.zeros((len(chosen), len(chosen)))
    near = np.nan_to_num(near).round(9)  # sums of numbers in another order differ in their last digits
    labels = blocs(near).labels if len(chosen) > 1 else tuple(range(len(chosen)))
    amount = _pairs(ties)
    query: dict[str, Value] = {"since": filters.since, "until": filters.until, "min_confidence": filters.min_confidence}
    records = [sum(n for pair, n in amount.items() if place in pair) for place in range(len(chosen))]
    nodes = [
        network.Node(code, named(code), labels[n], records[n], actor(code, **query)) for n, code in enumerate(chosen)
    ]
    between = [
        Between(named(chosen[i]), named(chosen[j]), float(near[i, j]), signed(float(near[i, j])), amount.get((i, j), 0),
                dyad(chosen[i], chosen[j], **query))
        for i in range(len(chosen)) for j in range(i + 1, len(chosen)) if abs(near[i, j]) > 1e-9
    ]  # fmt: skip
    drawn = [
        network.Tie(i, j, float(near[i, j]), dyad(chosen[i], chosen[j], **query),
                    f"{named(chosen[i])} and {named(chosen[j])}: {signed(float(near[i, j]))}")
        for i in range(len(chosen)) for j in range(i + 1, len(chosen)) if abs(near[i, j]) > 1e-9
    ]  # fmt: skip
    groups = tuple(
        tuple(Member(node.code, node.name, node.address, node.records) for node in nodes if node.bloc == bloc)
        for bloc in sorted(set(labels))
    )
    when = _name(period, by) if span else "all periods"
    said = "; ".join(
        f"bloc {n}: {', '.join(m.name for m in some)}" for n, some in enumerate(groups, 1) if len(some) > 1
    )
    picture = network.drawn(f"Network, {when}", said or "No blocs of more than one actor.", nodes, drawn)
    three = triads(near) if len(chosen) > 2 else None
    measures = (
        (("triads of friends (+++)", str(three.t3)), ("two against one (+−−)", str(three.t1)),
         ("friends of both foes (++−)", str(three.t2)), ("all hostile (−−−)", str(three.t0)))
        if three else ()
    )  # fmt: skip
    between.sort(key=lambda one: -abs(one.affinity))
    return NetworkPage(
        at, "Network", by, tuple((each, at.url(by=each, at="")) for each in _PERIODS), period if span else "",
        stops[-_STOPS:], max(0, len(stops) - _STOPS), at.url(at=""), groups, tuple(between), measures, left,
        _tables(nodes, between), (picture,) if picture else (),
    )  # fmt: skip


def _tables(nodes: list[network.Node], between: list[Between]) -> tuple[Table, ...]:
    ties: tuple[Row, ...] = tuple(
        {"actor": one.one, "other": one.other, "affinity": round(one.affinity, 4), "records": one.records}
        for one in between
    )
    members: tuple[Row, ...] = tuple(
        {"bloc": node.bloc + 1, "actor": node.code, "name": node.name, "records": node.records}
        for node in sorted(nodes, key=lambda one: (one.bloc, one.code))
    )
    return Table("blocs", "Blocs", members), Table("ties", "Ties", ties)


def _first(ties: Ties, size: int) -> tuple[tuple[str, ...], int]:
    """Return the actors with most records, and how many are left out."""
    weight = np.bincount(ties.source, ties.records, len(ties.actors))
    weight += np.bincount(ties.target, ties.records, len(ties.actors))
    order = [int(n) for n in np.argsort(-weight, kind="stable") if weight[n]]
    return tuple(ties.actors[n] for n in order[:size]), max(0, len(order) - size)


def _pairs(ties: Ties) -> dict[tuple[int, int], int]:
    n = len(ties.actors)
    place = np.minimum(ties.source, ties.target) * n + np.maximum(ties.source, ties.target)
    found = np.bincount(place, ties.records, n * n).astype(int)
    return {(int(pair) // n, int(pair) % n): int(found[pair]) for pair in np.flatnonzero(found)}


def _stops(ties: Ties, at: Here, by: str, current: str) -> tuple[Stop, ...]:
    count = np.bincount(ties.period, ties.records, len(ties.periods)).astype(int)
    found = [
        Stop(_name(day, by), at.url(at=day), int(count[n]), day == current)
        for n, day in enumerate(ties.periods)
        if count[n]
    ]
    return tuple(found)


def _name(day: str, by: str) -> str:
    return f"{day[:4]} Q{(int(day[5:7]) + 2) // 3}" if by == "quarter" else known_as(day, by)


def _span(ties: Ties, by: str, period: str) -> tuple[str, str] | None:
    """Return the first and last day of the period that begins on a day, None for one without records."""
    if period not in ties.periods:
        return None
    first = date.fromisoformat(period)
    months = {"month": 1, "quarter": 3, "year": 12}[by]
    after = first.month - 1 + months
    last = date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return first.isoformat(), last.isoformat()


def show(
    request: Request, store: Opened, asked: Asked, by: Annotated[str, Query(max_length=10)] = "quarter",
    at: Annotated[str, Query(max_length=10)] = "", size: Annotated[int, Query(ge=2, le=60)] = 24,
) -> Response:  # fmt: skip
    """Answer with the network."""
    where, named = here(request), named_by(knowledge(request))
    by = by if by in _PERIODS else "quarter"
    made = kept(request, store, ("network", where), lambda: page(store, where, asked, by, at, size, named))
    return respond(request, "network.html", made)


views(router, "/network", show)
