"""The map: where events took place."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from communique.records import Event, Place
from communique.showing import text as say
from communique.showing.world import Spot, spotted
from communique.store import Filters
from communique.web.asking import Asked, whole
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, here
from communique.web.pages.keeping import kept
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
_NEWEST, _LISTED, _CARDS = 2000, 60, 40


@dataclass(frozen=True, slots=True)
class Spotted:
    """A place with its events: how many, of which types most, and where they are listed."""

    name: str
    number: int
    friendly: int
    hostile: int
    types: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class MapPage:
    """What the page shows: `read` of the `total` events that the filters let through were looked at, the newest."""

    here: Here
    title: str
    places: tuple[Spotted, ...]
    more: int
    placed: int
    read: int
    total: int
    place: str
    cards: tuple[Card, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]


def page(store: Store, at: Here, asked: Filters, place: str) -> MapPage:
    """Return the map of the newest events that the filters let through, and those of one place."""
    newest = store.page("events", asked, limit=_NEWEST).items
    found = tuple(one for one in newest if isinstance(one, Event))
    by_place: dict[tuple[str, float, float], list[Event]] = defaultdict(list)
    for event in found:
        for where in dict.fromkeys(event.places):
            if _somewhere(where):
                by_place[say.place(where), where.lat, where.lon].append(event)
    ordered = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
    spots, places, rows = [], [], []
    for (name, lat, lon), events in ordered:
        friendly = sum(event.quad in (1, 2) for event in events)
        hostile = sum(event.quad in (3, 4) for event in events)
        tone = "for" if friendly > hostile else "against" if hostile > friendly else "open"
        types = ", ".join(f"{n} {type_}" for type_, n in Counter(e.type for e in events).most_common(3))
        address = f"{at.url(place=name)}#events"
        spots.append(
            Spot(lat, lon, len(events), tone, address, f"{name}: {say.counted(len(events), 'event')}, {types}")
        )
        places.append(Spotted(name, len(events), friendly, hostile, types, address, name == place))
        row: Row = {
            "place": name,
            "lat": lat,
            "lon": lon,
            "events": len(events),
            "friendly": friendly,
            "hostile": hostile,
        }
        rows.append(row)
    there = [event for (name, _, _), events in ordered if name == place for event in events]
    shown = tuple(map(cards.of_cited, cards.cited(store, there[:_CARDS])))
    told = ", ".join(f"{one.name} {one.number}" for one in places[:8]) or "no event has a known place"
    picture = spotted("Where events took place", f"Events by place: {told}.", spots)
    return MapPage(
        at, "Map of events", tuple(places[:_LISTED]), max(0, len(places) - _LISTED),
        len({event.id for events in by_place.values() for event in events}), len(found),
        store.count("events", asked), place, shown,
        (Table("places", "Places", tuple(rows)), Table("events", f"Events in {place}", cards.rows(shown))), (picture,),
    )  # fmt: skip


def _somewhere(place: Place) -> bool:
    return bool(place.lat or place.lon)


def show(request: Request, store: Opened, asked: Asked, place: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Answer with the map."""
    at = here(request)
    asked = replace(whole(store, asked), issue=None, stance=None)
    return respond(request, "map.html", kept(request, store, ("map", at), lambda: page(store, at, asked, place)))


views(router, "/map", show)
