"""GDELT 1.0 and 2.0 events: 58 and 61 columns, tab-separated, no header (GDELT Event Codebook 2.0).

A row has one doer and one other side, so that an event of several has several rows. Actors are in CAMEO's codes, places
in those of FIPS 10-4. What GDELT counts over all mentions is 1 here: a record is one mention.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from communique.exchange import told
from communique.exchange.actors import CameoActor, cameo, country_code
from communique.exchange.delimited import tabbed, taken_by
from communique.exchange.formats import Cells, Format, Options, Tally
from communique.exchange.source import Source
from communique.records import Event, Place, Report

if TYPE_CHECKING:
    pass

UNTOLD = "0"  # a tone that was not measured: every row of GDELT has one, and readers ask for it
LOST = (
    "statements and positions", "status and attributed_to", "organisations without a code in CAMEO, but by their name",
    "PLOVER type, mode, contexts and intensity", "offices, Wikidata ids and words of actors", "sectors after the third",
    "the last day of an interval", "places after the first, GeoNames ids", "magnitudes", "evidence", "confidence",
)  # fmt: skip
UNREAD = (
    "ethnic and religious codes", "IsRootEvent, NumMentions, NumSources, NumArticles, AvgTone",
    "the places of the actors", "ADM codes and FeatureID",
)  # fmt: skip


def rows(source: Source, tally: Tally, options: Options, *, fine: bool) -> Iterator[Cells]:
    """Yield the rows, of version 2 if it is to be `fine`."""
    for event, report in told.done(source, tally, options):
        if not event.cameo:
            tally.records["events"] -= 1
            tally.left["events without a CAMEO code"] += 1
            continue
        shared = _event(event, report, tally, fine)
        for n, (one, other) in enumerate(told.pairs(event)):
            yield {
                **shared, "GLOBALEVENTID": str(told.number(event, n)),
                **_actor(1, cameo(one)), **_actor(2, cameo(other)),
            }  # fmt: skip


def quad_class(code: str) -> int:
    """Return GDELT's class of a CAMEO code, which goes by its root: 1 verbal, 2 material cooperation, 3, 4 conflict."""
    root = code[:2]
    if root <= "05":
        return 1
    return 2 if root <= "08" else 3 if root <= "13" else 4


def share_of_year(day: str) -> str:
    """Return a day as GDELT's FractionDate: months of 30 days, of a year of 365."""
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year + min(((month - 1) * 30 + number) / 365, 0.9999):.4f}"


def _event(event: Event, report: Report, tally: Tally, fine: bool) -> dict[str, str]:
    day = told.noted_day(event, report, tally)
    published = report.published[:10] or day
    return {
        "SQLDATE": day.replace("-", ""), "MonthYear": day[:7].replace("-", ""), "Year": day[:4],
        "FractionDate": share_of_year(day), "IsRootEvent": str(int(told.in_lead(event, report))),
        "EventCode": event.cameo, "EventBaseCode": event.cameo[:3], "EventRootCode": event.cameo[:2],
        "QuadClass": str(quad_class(event.cameo)), "GoldsteinScale": repr(float(event.goldstein)),
        "NumMentions": "1", "NumSources": "1", "NumArticles": "1", "AvgTone": UNTOLD,
        "Actor1Geo_Type": "0", "Actor2Geo_Type": "0", **_place(event.places[0] if event.places else None),
        "DATEADDED": published.replace("-", "") + ("000000" if fine else ""), "SOURCEURL": report.url or report.id,
    }  # fmt: skip


def _actor(number: int, actor: CameoActor) -> dict[str, str]:
    types = {f"Actor{number}Type{n}Code": code for n, code in enumerate(actor.types, 1)}
    return {
        f"Actor{number}Code": actor.code, f"Actor{number}Name": actor.name,
        f"Actor{number}CountryCode": actor.country, f"Actor{number}KnownGroupCode": actor.group, **types,
    }  # fmt: skip


def _place(place: Place | None) -> dict[str, str]:
    if place is None:
        return {"ActionGeo_Type": "0"}
    fips = country_code(place.country, "fips") if place.country else ""
    country = country_code(place.country, "name") if place.country else ""
    nation = bool(country) and place.name == country
    whole = [place.name] if nation else [part for part in (place.name, place.admin1, country) if part]
    located = place.lat != 0 or place.lon != 0
    return {
        "ActionGeo_Type": "1" if nation else "4", "ActionGeo_FullName": ", ".join(whole),
        "ActionGeo_CountryCode": fips, "ActionGeo_ADM1Code": fips,
        "ActionGeo_Lat": repr(float(place.lat)) if located else "",
        "ActionGeo_Long": repr(float(place.lon)) if located else "",
        "ActionGeo_FeatureID": fips if nation else "",
    }  # fmt: skip


GDELT1 = Format(
    "gdelt1", "GDELT 1.0 events", tabbed("gdelt1", partial(rows, fine=False), header=False), done=True, lost=LOST,
    read=taken_by("gdelt_in", "gdelt1"), unread=UNREAD,
)  # fmt: skip
GDELT2 = Format(
    "gdelt2", "GDELT 2.0 events", tabbed("gdelt2", partial(rows, fine=True), header=False), done=True, lost=LOST,
    read=taken_by("gdelt_in", "gdelt2"), unread=UNREAD,
)  # fmt: skip
