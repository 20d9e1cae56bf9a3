"""GeoJSON (RFC 7946): a point for each place of an event, with the event as flat properties."""

from __future__ import annotations

from typing import Any

import orjson

from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Event, Place, Report
from communique.showing import flat


def feature(event: Event, report: Report, place: Place, number: int) -> dict[str, Any]:
    """Return one place of an event as a feature."""
    return {
        "type": "Feature", "id": event.id if number == 0 else f"{event.id}-{number + 1}",
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
        "properties": {**flat.event(event, report), "place": place.name, "place_country": place.country,
                       "place_kind": place.kind, "geonameid": place.geonameid or None},
    }  # fmt: skip


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    with out.binary() as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for event, report in source.events():
            located = [(n, p) for n, p in enumerate(event.places) if _on_earth(p)]
            if not located:
                tally.left["events without a place on the map"] += 1
                continue
            tally.records["events"] += 1
            for n, place in located:
                file.write(b",\n" if tally.rows else b"\n")
                file.write(orjson.dumps(feature(event, report, place, n)))
                tally.rows += 1
        file.write(b"\n]}\n")


def _on_earth(place: Place) -> bool:
    return (place.lat != 0 or place.lon != 0) and -90 <= place.lat <= 90 and -180 <= place.lon <= 180


GEOJSON = Format("geojson", "GeoJSON", _write, lost=("spans and words of actors", "texts of reports"))
