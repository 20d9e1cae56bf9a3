"""POLECAT events: 40 columns, tab-separated with a header, ISO-8859-1; what is missing is the word "None".

Types, modes, contexts and sectors are PLOVER's, as ours are (Dataverse doi:10.7910/DVN/AJGVIT).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from communique.exchange import told
from communique.exchange.actors import country_code, flat_name
from communique.exchange.delimited import tabbed, taken_by
from communique.exchange.fields import names
from communique.exchange.formats import Cells, Format, Options, Tally
from communique.exchange.source import Source
from communique.records import Actor, Event, Place, Report

if TYPE_CHECKING:
    pass

ENCODING = "iso-8859-1"
NOTHING = "None"
QUADS = ("", "VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")


def rows(source: Source, tally: Tally, options: Options) -> Iterator[Cells]:
    """Yield the rows."""
    columns = names("polecat")
    for event, report in told.done(source, tally, options):
        day = told.noted_day(event, report, tally)
        shared = {**_event(event, report, day), **_place(event.places[0] if event.places else None)}
        sides = told.pairs(event)
        for n, (one, other) in enumerate(sides):
            own = event.id.partition(":")[2] if event.id.startswith("polecat:") else event.id
            number = own if n == 0 else f"{own}-{n + 1}"
            cells = {
                **shared, "Event ID": number, **_actor("Actor", one, day), **_actor("Recipient", other, day),
            }  # fmt: skip
            yield {column: cells.get(column) or NOTHING for column in columns}


def _event(event: Event, report: Report, day: str) -> dict[str, str]:
    from communique import __version__

    return {
        "Event Date": day, "Event Type": event.type, "Event Mode": event.mode,
        "Intensity": repr(float(event.intensity)), "Quad Code": QUADS[event.quad] if 0 <= event.quad <= 4 else "",
        "Contexts": ";".join(event.contexts), "Source": report.outlet, "Publication Date": report.published[:10],
        "Language": report.language, "Version": f"communique-{__version__}",
    }  # fmt: skip


def _actor(role: str, actor: Actor | None, day: str) -> dict[str, str]:
    if actor is None:
        return {}
    return {
        f"{role} Name": flat_name(actor), f"{role} Country": actor.code,
        f"{role} COW": country_code(actor.code, "cow", day), f"Primary {role} Sector": actor.sector,
        f"{role} Sectors": ";".join(filter(None, dict.fromkeys((actor.sector, *actor.sectors)))),
        f"{role} Title": actor.office, f"{role} Name Raw": actor.text, f"Wikipedia {role} ID": actor.wikidata,
    }  # fmt: skip


def _place(place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    located = place.lat != 0 or place.lon != 0
    return {
        "Placename": place.name, "City": place.name if place.kind in ("city", "capital", "town", "village") else "",
        "Province": place.admin1, "Country": place.country, "Latitude": repr(float(place.lat)) if located else "",
        "Longitude": repr(float(place.lon)) if located else "",
        "GeoNames ID": str(place.geonameid) if place.geonameid else "", "Raw Placename": place.text,
        "Feature Type": place.kind,
    }  # fmt: skip


POLECAT = Format(
    "polecat", "POLECAT", tabbed("polecat", rows, header=True, encoding=ENCODING), done=True,
    read=taken_by("polecat_in"),
    lost=(
        "statements and positions", "status and attributed_to", "CAMEO code and Goldstein score",
        "both the person and the state's name (the person goes first)", "the last day of an interval",
        "places after the first", "magnitudes", "evidence", "confidence", "addresses and titles of reports",
    ),
    unread=("COW numbers (they follow from code and day)", "people, organisations and places of the story", "Version"),
)  # fmt: skip
