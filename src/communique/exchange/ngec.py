"""NGEC JSONL, as NGEC writes it (`events_processed.jsonl`): one event a line with its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from communique.exchange import told
from communique.exchange.actors import country_code
from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Event, Place, Report, Span


def lines(source: Source, tally: Tally, options: Options) -> Iterator[dict[str, Any]]:
    """Yield the events."""
    for event, report in told.done(source, tally, options):
        yield _event(event, report, told.noted_day(event, report, tally))


def _event(event: Event, report: Report, day: str) -> dict[str, Any]:
    from communique import __version__

    spans = event.evidence.sentence
    start, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    place = event.places[0] if event.places else None
    return {
        "id": event.id, "date": day, "event_type": [event.type], "event_mode": [event.mode] if event.mode else [],
        "contexts": list(event.contexts), "event_text": report.text[start:end], "story_id": report.id,
        "publisher": report.outlet, "headline": report.title, "pub_date": report.published[:10],
        "version": f"communique-{__version__}",
        "attributes": {
            "ACTOR": [_actor(who, start, end, event.confidence) for who in event.actors],
            "RECIP": [_actor(who, start, end, event.confidence) for who in event.recipients],
            "LOC": [_words(at.text or at.name, at.span, start, end, event.confidence) for at in event.places],
            "DATE": [{"text": event.date.text, "qa_score": event.confidence}] if event.date.text else [],
        },
        "event_geolocation": _located(place), "geolocated_ents": [_geo(where) for where in event.places],
        "date_resolved": day, "date_raw": event.date.text, "story_people": [], "story_orgs": [], "story_locs": [],
    }  # fmt: skip


def _words(text: str, span: Span, start: int, end: int, score: float) -> dict[str, Any]:
    """Return words with their place in the sentence, -1 where they stand elsewhere."""
    inside = span != (0, 0) and start <= span[0] and span[1] <= end
    where = (span[0] - start, span[1] - start) if inside else (-1, -1)
    return {"text": text, "qa_score": score, "qa_start_char": where[0], "qa_end_char": where[1], "score": score}


def _actor(actor: Actor, start: int, end: int, score: float) -> dict[str, Any]:
    nation = country_code(actor.code, "name") if actor.code else ""
    return {
        **_words(actor.text, actor.span, start, end, score), "wiki": actor.wikidata,
        "country": actor.code, "country_name": nation, "code_1": actor.sector,
        "code_2": actor.sectors[0] if actor.sectors else "",
    }  # fmt: skip


def _located(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"reason": "No place is told.", "geo": None}
    return {"reason": "The place that the report tells for the event.", "geo": _geo(place)}


def _geo(place: Place) -> dict[str, Any]:
    return {
        "geonameid": str(place.geonameid) if place.geonameid else "", "name": place.name, "lat": place.lat,
        "lon": place.lon, "country_code3": place.country, "admin1_name": place.admin1, "feature_code": place.kind,
        "search_name": place.text,
    }  # fmt: skip


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    with out.binary() as file:
        for line in lines(source, tally, options):
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            tally.rows += 1


NGEC = Format(
    "ngec", "NGEC JSONL", _write, done=True,
    lost=(
        "statements and positions", "status and attributed_to", "CAMEO code, quad and scores", "offices and persons",
        "sectors after the second", "the last day of an interval", "magnitudes", "evidence but for the sentence",
    ),
)  # fmt: skip
