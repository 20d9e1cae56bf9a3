"""ACLED events: 31 columns of CSV with a header (ACLED Codebook). Only violence, protests and some strategic moves.

ACLED has one row for an event, with further actors of a side beside the first. What it has no type for is left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from communique.exchange import told
from communique.exchange.actors import country_code, flat_name, rows_of
from communique.exchange.delimited import taken_by
from communique.exchange.fields import names
from communique.exchange.formats import Cells, Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Event, Place, Report

INTER = {
    "GOV": "State forces", "MIL": "State forces", "COP": "State forces", "SPY": "State forces", "JUD": "State forces",
    "LEG": "State forces", "REB": "Rebel group", "PRM": "Political militia", "UAF": "Identity militia",
    "PTY": "Political militia", "CRM": "Political militia", "OPP": "Protesters", "CVL": "Civilians",
}  # fmt: skip
_OTHER = "External/Other forces"
_PRECISION = {"day": "1", "days": "2", "week": "2", "month": "3"}


def rows(source: Source, tally: Tally, options: Options) -> Iterator[Cells]:
    """Yield the rows."""
    for event, report in told.done(source, tally, options):
        kind = type_of(event.type, event.mode)
        if kind is None:
            tally.records["events"] -= 1
            tally.left["events of types that ACLED does not collect"] += 1
            continue
        yield _row(event, report, kind, told.noted_day(event, report, tally))


@cache
def _types() -> Mapping[tuple[str, str], tuple[str, str, str]]:
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row in rows_of("acled_types"):
        found.setdefault((row["type"], row["mode"]), (row["disorder"], row["event"], row["sub"]))
    return found


def type_of(type: str, mode: str) -> tuple[str, str, str] | None:
    """Return ACLED's disorder, event and sub-event type of a PLOVER type and mode; None where it has none."""
    return _types().get((type, mode)) or _types().get((type, ""))


@cache
def _regions() -> Mapping[str, str]:
    return {code: row["region"] for row in rows_of("acled_regions") for code in row["countries"].split()}


def _row(event: Event, report: Report, kind: tuple[str, str, str], day: str) -> dict[str, str]:
    disorder, sort, sub = kind
    place = event.places[0] if event.places else None
    country = _country(event, place)
    inter = [_inter(side) for side in (event.actors, event.recipients)]
    published = report.published[:10] or day
    name, size = country_code(country, "name"), event.magnitude.size
    return {
        "event_id_cnty": _id(event, country), "event_date": day, "year": day[:4],
        "time_precision": _PRECISION.get(event.date.precision, "1" if event.date.start == event.date.end else "3"),
        "disorder_type": disorder, "event_type": sort, "sub_event_type": sub,
        **_side(1, event.actors, inter[0]), **_side(2, event.recipients, inter[1]),
        "interaction": f"{inter[0] or 'Unknown'}-{inter[1]}" if inter[1] else f"{inter[0] or 'Unknown'} only",
        "civilian_targeting": "Civilian targeting" if inter[1] == "Civilians" and disorder != "Demonstrations" else "",
        "iso": country_code(country, "isonum").lstrip("0"), "region": _regions().get(country, ""), "country": name,
        "admin1": place.admin1 if place else "", "location": place.name if place else name,
        "latitude": repr(float(place.lat)) if place and _located(place) else "",
        "longitude": repr(float(place.lon)) if place and _located(place) else "",
        "geo_precision": "3" if place is None or place.name == name else "2" if place.kind == "region" else "1",
        "source": report.outlet, "notes": told.sentence(event, report), "fatalities": str(event.magnitude.dead or 0),
        "tags": f"crowd size={size}" if size is not None else "",
        "timestamp": str((date.fromisoformat(published) - date(1970, 1, 1)).days * 86_400),
    }  # fmt: skip


def _id(event: Event, country: str) -> str:
    origin, _, own = event.id.partition(":")
    return own if origin == "acled" else f"{country or 'XXX'}{told.number(event)}"


def _country(event: Event, place: Place | None) -> str:
    """Return where it happened: the country of the place, else that of the other side, else of the doer."""
    if place and place.country:
        return place.country.upper()
    sides = [who.code.upper() for who in (*event.recipients, *event.actors)]
    return next((code for code in sides if country_code(code, "name")), "")


def _located(place: Place) -> bool:
    return place.lat != 0 or place.lon != 0


def _inter(side: Sequence[Actor]) -> str:
    if not side:
        return ""
    return INTER.get(side[0].sector, "State forces" if side[0].kind == "state" and not side[0].sector else _OTHER)


def _side(number: int, side: Sequence[Actor], inter: str) -> dict[str, str]:
    named = [acled_name(who) for who in side]
    return {
        f"actor{number}": named[0] if named else "", f"assoc_actor_{number}": "; ".join(named[1:]),
        f"inter{number}": inter,
    }  # fmt: skip


def acled_name(actor: Actor) -> str:
    """Return an actor as ACLED names it: what it is, and its country in brackets."""
    country = country_code(actor.code, "name") if actor.code else ""
    if actor.person or not country or actor.kind not in ("state", "", "territory"):
        return flat_name(actor)
    word = {"MIL": "Military Forces of", "COP": "Police Forces of", "GOV": "Government of"}.get(actor.sector)
    if word:
        return f"{word} {country}"
    return f"Civilians ({country})" if actor.sector == "CVL" else country


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    columns = names("acled")
    with out.text() as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows(source, tally, options):
            writer.writerow([row.get(name, "") for name in columns])
            tally.rows += 1


ACLED = Format(
    "acled", "ACLED", _write, done=True, read=taken_by("acled_in"),
    lost=(
        "statements and positions", "status and attributed_to", "types other than ASSAULT and PROTEST, but for a few",
        "CAMEO code, scores and contexts", "actors' codes, offices and Wikidata ids",
        "the injured, the arrested, money",
        "places after the first", "evidence but for the sentence", "confidence", "addresses and titles of reports",
    ),
    unread=("associated actors",
            "admin2, admin3, source_scale, tags but for the size of a crowd, timestamp", "interaction codes"),
)  # fmt: skip
