"""ICEWS coded events: 20 columns, tab-separated with a header, ISO-8859-1 (Dataverse doi:10.7910/DVN/28075).

Countries and sectors are names. A row has one source and one target.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from communique.codes import all_countries
from communique.exchange import told
from communique.exchange.actors import flat_name, rows_of, sectors_of
from communique.exchange.delimited import tabbed, taken_by
from communique.exchange.formats import Cells, Format, Options, Tally
from communique.exchange.source import Source
from communique.records import Actor, Event, Report

if TYPE_CHECKING:
    pass

ENCODING = "iso-8859-1"


def rows(source: Source, tally: Tally, options: Options) -> Iterator[Cells]:
    """Yield the rows."""
    for event, report in told.done(source, tally, options):
        if not event.cameo:
            tally.records["events"] -= 1
            tally.left["events without a CAMEO code"] += 1
            continue
        shared = _event(event, report, tally)
        for n, (one, other) in enumerate(told.pairs(event)):
            yield {
                **shared, "Event ID": str(told.number(event, n)),
                **_actor("Source", one, report), **_actor("Target", other, report),
            }  # fmt: skip


@cache
def country_name(code: str) -> str:
    """Return the name of a country as ICEWS has it; "" for what is no country."""
    special = {row["code"]: row["name"] for row in rows_of("icews_names")}
    country = all_countries().get(code.upper())
    return special.get(code.upper()) or (country.name if country else "")


@cache
def _texts() -> dict[str, str]:
    from communique.knowledge import load_knowledge

    return {code.code: code.name for code in load_knowledge().codebook.cameo.values()}


def _event(event: Event, report: Report, tally: Tally) -> dict[str, str]:
    place = event.places[0] if event.places else None
    located = place is not None and (place.lat != 0 or place.lon != 0)
    country = country_name(place.country) if place else ""
    return {
        "Event Date": told.noted_day(event, report, tally), "Event Text": _texts().get(event.cameo, ""),
        "CAMEO Code": event.cameo, "Intensity": repr(float(event.goldstein)), "Story ID": story_number(report.id),
        "Sentence Number": str(told.sentence_number(event, report)), "Publisher": report.outlet,
        "City": place.name if place and place.name != country else "", "Province": place.admin1 if place else "",
        "Country": country, "Latitude": repr(float(place.lat)) if place and located else "",
        "Longitude": repr(float(place.lon)) if place and located else "",
    }  # fmt: skip


def story_number(report: str) -> str:
    """Return a number for a report, that which it came with if it was imported."""
    origin, _, own = report.partition(":")
    first = own.partition("-")[0]
    if origin == "icews" and first.isdigit():
        return first
    return str(10**14 + int(hashlib.sha256(report.encode()).hexdigest()[:15], 16) % (9 * 10**14))


def _actor(role: str, actor: Actor | None, report: Report) -> dict[str, str]:
    if actor is None:
        return {}
    sectors = sectors_of(actor, "icews")
    country = country_name(actor.code)
    return {
        f"{role} Name": _name(actor, country, sectors, imported=":" in report.id),
        f"{role} Sectors": ",".join(sectors), f"{role} Country": country,
    }  # fmt: skip


def _name(actor: Actor, country: str, sectors: tuple[str, ...], *, imported: bool) -> str:
    if imported and actor.text:
        return actor.text
    if actor.person:
        return " ".join(actor.person.split())
    if country and sectors and actor.kind == "state":
        return f"{sectors[0]} ({country})"
    return country if country and actor.kind == "state" else flat_name(actor)


ICEWS = Format(
    "icews", "ICEWS", tabbed("icews", rows, header=True, encoding=ENCODING), done=True, read=taken_by("icews_in"),
    lost=(
        "statements and positions", "status and attributed_to", "codes of organisations, but by their name",
        "PLOVER type, mode, contexts and intensity", "offices, Wikidata ids and words of actors",
        "the last day of an interval", "places after the first, GeoNames ids", "magnitudes", "evidence", "confidence",
        "addresses of reports",
    ),
    unread=("District", "Sentence Number"),
)  # fmt: skip
