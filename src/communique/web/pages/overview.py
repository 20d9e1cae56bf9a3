"""The overview: what came in, what changed, who moved, and how one actor stands toward the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from communique.errors import QueryError
from communique.showing.moving import signed
from communique.store import Filters, ReportSummary
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.bounds import among
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, address, dyad, general, here
from communique.web.pages.keeping import kept
from communique.web.pages.names import Named, named_by
from communique.web.pages.reports import ReportLine, line, row
from communique.web.pages.standing import Standing, standing_of
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.alignment.shifts import Shift
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Store, Ties

router = APIRouter()
_NEWEST = 1000  # positions among which changes of stance are looked for
_LATEST, _MOVED, _CHANGED, _CHOICES = 8, 8, 4, 40
_BEFORE = 0.75  # of the records lie before the day that parts before from after, unless the query says which day
_DRAWS = 200
_REFRESH = 3  # seconds after which a browser asks again for what was not there yet
# What is counted, and the page that shows it.
_PAGES: dict[str, tuple[str, ...]] = {
    "reports": ("reports",), "events": ("map",), "statements": (), "positions": ("issues",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """A dyad that moved: names, scores before and after, the change with its interval, whether it is sure."""

    source: str
    target: str
    before: str
    after: str
    change: str
    tone: str
    interval: str
    sure: bool
    records: int
    address: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What the page shows. `split` is the day that parts before from after, `unmoved` says why nothing moved.

    `counts` are those of what the filters let through. `among` says where changes of stance were looked for. While
    `waiting`, what takes longer is not there yet.
    """

    here: Here
    title: str
    counts: tuple[tuple[str, int, str], ...]
    since: str
    until: str
    outlets: int
    lost: int
    latest: tuple[ReportLine, ...]
    split: str
    moved: tuple[Moved, ...]
    unmoved: str
    changed: tuple[Card, ...]
    more_changed: int
    among: str
    actors: tuple[tuple[str, str], ...]
    standing: Standing | None
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]
    waiting: bool = False


def page(store: Store, at: Here, asked: Filters, split: str, named: Named) -> OverviewPage:
    """Return the overview of what the filters let through."""
    every = general(asked)
    first = at_once(store, at, asked)
    ties = store.tie_sums(every)
    busiest = _busiest(ties)
    chosen = (asked.actor or (busiest[0] if busiest else "")).strip().upper()
    there = chosen in ties.actors
    standing = standing_of(store.ties((chosen,), every), chosen, named, at.shared) if there else None
    split = split or _split(ties)
    moved_rows, unmoved = _moves(store, every, split)
    turned = _turned(store, every)
    changed = tuple(_changed(store, turned[: -_CHANGED - 1 : -1], named))
    tables = [
        *first.tables, Table("moves", "Who moved", tuple(moved_rows)),
        Table("changes", "What changed", cards.rows(changed)),
    ]  # fmt: skip
    if standing:
        tables.append(Table("alignments", f"Alignments of {standing.name}", standing.rows))
    return replace(
        first, split=split, moved=tuple(_moved(one, named) for one in moved_rows), unmoved=unmoved, changed=changed,
        more_changed=len(turned) - len(changed),
        among=among(_NEWEST, {name: number for name, number, _ in first.counts}["positions"], "positions"),
        actors=tuple(sorted(((code, named(code)) for code in busiest[:_CHOICES]), key=lambda pair: pair[1])),
        standing=standing, tables=tuple(tables), pictures=(standing.map,) if standing else (), waiting=False,
    )  # fmt: skip


def at_once(store: Store, at: Here, asked: Filters) -> OverviewPage:
    """Return what of the overview is there at once: how much there is, and what came in."""
    every = general(asked)
    days = Filters(since=asked.since, until=asked.until)
    reports = tuple(one for one in store.page("reports", days, limit=_LATEST).items if isinstance(one, ReportSummary))
    number = {kind: store.count(kind, every) for kind in _PAGES}
    counts = tuple((kind, number[kind], address(path, **at.shared) if path else "") for kind, path in _PAGES.items())
    return OverviewPage(
        at, "Overview", counts, *store.covers(), store.lost(), tuple(map(line, reports)), "", (), "", (), 0, "", (),
        None, (Table("reports", "What came in", tuple(map(row, reports))),), (), waiting=True,
    )  # fmt: skip


def _busiest(ties: Ties) -> list[str]:
    """Return the codes of all actors, those with most records first."""
    weight = np.bincount(ties.source, ties.records, len(ties.actors))
    weight += np.bincount(ties.target, ties.records, len(ties.actors))
    return [ties.actors[n] for n in np.argsort(-weight, kind="stable")]


def _split(ties: Ties) -> str:
    """Return the first day of the period that begins with the last quarter of all records."""
    count = np.cumsum(np.bincount(ties.period, ties.records, len(ties.periods)))
    late = [n for n in range(1, len(count)) if count[n - 1] >= _BEFORE * count[-1]]
    return ties.periods[late[0]] if late else ties.periods[-1] if ties.periods else ""


def _moves(store: Store, every: Filters, split: str) -> tuple[list[Row], str]:
    from communique.alignment.views import Asked as Question
    from communique.alignment.views import moved
    from communique.store.filters import first_day

    day = first_day(split or None) or ""
    if not day:
        return [], "No two actors have records both before and after a day."
    try:
        found = [dict(one) for one in moved(store, Question(filters=every, split=day, draws=_DRAWS))]
    except QueryError as error:
        return [], str(error)
    # What stands out first, then what enough reports tell of; of each the farthest. A pair of two records moves far.
    found.sort(key=lambda one: (not one["sure"], one["low"] is None, -abs(float(one["change"] or 0))))
    return found[:_MOVED], "" if found else "No two actors have records both before and after that day."


def _moved(found: Row, named: Named) -> Moved:
    source, target, change = str(found["source"]), str(found["target"]), float(found["change"] or 0)
    low, high = _real(found["low"]), _real(found["high"])
    between = "" if low is None or high is None else f"[{signed(low)}, {signed(high)}]"
    return Moved(
        named(source), named(target), signed(float(found["before"] or 0)), signed(float(found["after"] or 0)),
        signed(change), "for" if change > 0 else "against", between, bool(found["sure"]),
        int(found["records"] or 0), dyad(source, target),
    )  # fmt: skip


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _turned(store: Store, every: Filters) -> list[Shift]:
    """Return the changes of stance among the newest positions, the last at the end."""
    from communique.alignment import dated
    from communique.alignment.shifts import shifts

    return shifts(dated.positions(store, every, _NEWEST))


def _changed(store: Store, found: list[Shift], named: Named) -> Iterator[Card]:
    told = {c.record.id: c for c in cards.cited(store, [r for s in found for r in (s.before, s.after)])}
    for one in found:
        on = ", ".join(filter(None, (named.issue(one.issue), named(one.toward) if one.toward else "")))
        yield cards.change(told[one.before.id], told[one.after.id], named(one.actor), on)


def show(request: Request, store: Opened, asked: Asked, split: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Answer with the overview."""
    at = here(request)
    if getattr(request.state, "at_once", False):
        answer = respond(request, "overview.html", at_once(store, at, asked))
        answer.headers["refresh"] = str(_REFRESH)
        return answer
    named = named_by(knowledge(request))
    made = kept(request, store, ("overview", at), lambda: page(store, at, asked, split, named))
    return respond(request, "overview.html", made)


views(router, "/", show)
