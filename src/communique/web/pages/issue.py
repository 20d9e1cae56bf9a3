"""One issue: who supports and opposes it, with the words, who demands what, who changed, and how it went over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from communique.errors import unknown
from communique.records import Position, Record
from communique.showing import stacks
from communique.showing.moving import known_as, signed
from communique.showing.svg import step
from communique.store import Filters
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.bounds import among
from communique.web.pages.cards import Card, Proof
from communique.web.pages.here import Here, actor, general, here, issue
from communique.web.pages.keeping import kept
from communique.web.pages.names import Named, named_by
from communique.web.problems import Problem
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.knowledge import Knowledge
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
_WORDS, _LOOKED, _DRAWS, _NEWEST, _SHOWN = 40, 200, 200, 1000, 25
_DEMANDS = frozenset({"REQUEST", "DEMAND"})
_PERIODS = ("week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Holder:
    """What an actor holds: its mean stance with interval, on how many records, and its newest words."""

    code: str
    name: str
    address: str
    stance: float
    text: str
    step: str
    interval: str
    records: int
    day: str
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class IssuePage:
    """What the page shows; `above` and `below` are the issues next to it in the catalogue, as names and addresses.

    `among_words`, `among_demands` and `among_shifts` say where these were looked for, if not everywhere.
    """

    here: Here
    title: str
    id: str
    support: str
    days: str
    above: tuple[tuple[str, str], ...]
    below: tuple[tuple[str, str], ...]
    by: str
    periods: tuple[tuple[str, str], ...]
    holders: tuple[Holder, ...]
    among_words: str
    words: tuple[Card, ...]
    total: int
    demands: tuple[Card, ...]
    among_demands: str
    shifts: tuple[Card, ...]
    more_shifts: int
    among_shifts: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]


def page(store: Store, at: Here, identifier: str, by: str, asked: Filters, known: Knowledge, named: Named) -> IssuePage:
    """Return the page of an issue. Raises Problem for one of which neither the knowledge nor the store knows."""
    every = general(asked)
    here_only = replace(every, issue=identifier, stance=asked.stance, status=asked.status, actor=asked.actor)
    total = store.count("positions", here_only)
    entry = known.issues.get(identifier)
    if entry is None and not total:
        raise Problem(404, unknown("issue", identifier[:80], [each.id for each in known.issues]))
    found = store.page("positions", here_only, limit=_LOOKED).items
    looked = tuple(one for one in found if isinstance(one, Position))
    newest = looked[:_WORDS]
    told = cards.cited(store, newest)
    holders, rows = _holders(store, identifier, every, looked, named, at)
    picture, counts = _over_time(store, identifier, every, by, named, at)
    turned = _shifts(store, identifier, every, named)
    shifts = tuple(turned[:_SHOWN])
    demands = tuple(map(cards.of_cited, cards.cited(store, _demands(store, newest))))
    words = tuple(cards.of_cited(each, named.issue) for each in told)
    tables = (
        Table("holders", "Who holds what", rows), Table("words", "The words", cards.rows(words)),
        Table("demands", "Demands", cards.rows(demands)), Table("shifts", "Changes of stance", cards.rows(shifts)),
        Table("periods", f"By {by}", counts),
    )  # fmt: skip
    below = tuple((each.name, issue(each.id, **at.shared)) for each in known.issues if each.parent == identifier)
    above = tuple((each.name, issue(each.id, **at.shared)) for each in reversed(known.issues.ancestors(identifier)))
    days = (
        ""
        if entry is None or not entry.since
        else f"since {entry.since}" + (f" to {entry.until}" if entry.until else "")
    )
    return IssuePage(
        at, named.issue(identifier), identifier, entry.support if entry else "", days, above, below, by,
        tuple((each, at.url(by=each)) for each in _PERIODS), holders, among(_LOOKED, total, "positions"), words, total,
        demands, among(_WORDS, total, "positions"), shifts, len(turned) - len(shifts),
        among(_NEWEST, store.count("positions", replace(every, issue=identifier)), "positions"), tables,
        (picture,) if picture else (),
    )  # fmt: skip


def _holders(
    store: Store, identifier: str, every: Filters, looked: tuple[Position, ...], named: Named, at: Here
) -> tuple[tuple[Holder, ...], tuple[Row, ...]]:
    from communique.alignment.views import Asked as Question
    from communique.alignment.views import held

    first: dict[str, Position] = {}
    for position in looked:
        for holder in position.holders:
            first.setdefault(holder.code.upper(), position)
    shown = {one.id: one for one in first.values()}
    told = {each.record.id: cards.of_cited(each) for each in cards.cited(store, shown.values())}
    newest = {code: told[position.id] for code, position in first.items()}
    found = []
    rows: list[Row] = []
    for row in held(store, Question(filters=every, draws=_DRAWS, issue=identifier)):
        code, stance, low, high = str(row["actor"]), float(row["stance"] or 0), row["low"], row["high"]
        between = f"[{signed(float(low))}, {signed(float(high))}]" if low is not None and high is not None else ""
        card = newest.get(code)
        proof = card.proofs[0] if card else None
        records = int(row["records"] or 0)
        found.append(Holder(
            code, named(code), actor(code, **at.shared), stance, signed(stance), step(stance), between, records,
            card.day if card else "", proof,
        ))  # fmt: skip
        rows.append({
            "name": named(code), **row, "day": card.day if card else "", "words": proof.words if proof else "",
            "record": proof.record if proof else "", "report": proof.report if proof else "",
        })  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.stance, -one.records, one.name))), tuple(rows)


def _over_time(
    store: Store, identifier: str, every: Filters, by: str, named: Named, at: Here
) -> tuple[Picture | None, tuple[Row, ...]]:
    """Return how many records support and oppose in each period, as a picture and as rows."""
    stances = store.stances((), every, by, identifier)
    if identifier not in stances.issues:
        return None, ()
    own = stances.issue == stances.issues.index(identifier)
    size = len(stances.periods)
    above = np.bincount(stances.period[own & (stances.value > 0)], stances.records[own & (stances.value > 0)], size)
    below = np.bincount(stances.period[own & (stances.value < 0)], stances.records[own & (stances.value < 0)], size)
    there = np.flatnonzero(above + below)
    if not len(there):
        return None, ()
    drawn: list[stacks.Stack] = []
    rows: list[Row] = []
    for n in range(int(there[0]), int(there[-1]) + 1):
        known = known_as(stances.periods[n], by)
        drawn.append(stacks.Stack(known, int(above[n]), int(below[n]), at.url(since=known, until=known)))
        rows.append({"period": stances.periods[n], "support": int(above[n]), "oppose": int(below[n])})
    sums = f"{int(above.sum())} records support it and {int(below.sum())} oppose it"
    told = f"{sums}, from {drawn[0].name} to {drawn[-1].name}."
    picture = stacks.drawn(f"{named.issue(identifier)} over time", told, drawn, "support", "oppose")
    return picture, tuple(rows)


def _shifts(store: Store, identifier: str, every: Filters, named: Named) -> list[Card]:
    from communique.alignment import dated
    from communique.alignment.shifts import shifts

    found = [
        s for s in shifts(dated.positions(store, replace(every, issue=identifier), _NEWEST)) if s.issue == identifier
    ]
    told = {c.record.id: c for c in cards.cited(store, [r for s in found for r in (s.before, s.after)])}
    on = named.issue(identifier)
    return [
        cards.change(told[s.before.id], told[s.after.id], named(s.actor), named(s.toward) if s.toward else on)
        for s in reversed(found)
    ]


def _demands(store: Store, positions: tuple[Position, ...]) -> list[Record]:
    """Return the demands that stand in the same sentences as these positions, in their order."""
    by_report: dict[str, list[Record]] = {}
    found: dict[str, Record] = {}
    for position in positions:
        if position.report not in by_report:
            events = store.query("events", Filters(report=position.report))
            by_report[position.report] = [event for event in events if event.type in _DEMANDS]
        said = set(position.evidence.sentence)
        for event in by_report[position.report]:
            if said & set(event.evidence.sentence):
                found[event.id] = event
    return list(found.values())


def show(
    request: Request, store: Opened, asked: Asked, id: str, by: Annotated[str, Query(max_length=10)] = "month"
) -> Response:
    """Answer with the page of an issue."""
    at, known = here(request), knowledge(request)
    asked = replace(asked, issue=None)
    make = lambda: page(store, at, id, by, asked, known, named_by(known))  # noqa: E731
    return respond(request, "issue.html", kept(request, store, ("issue", at), make))


views(router, "/issues/{id}", show)
