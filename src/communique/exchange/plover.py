"""PLOVER JSONL: one object a line (PLOVER manual, draft 0.8, chapter "Data Fields").

PLOVER's own fields say what they can. The whole record stands beside them under the key `communique`, in the form that
`communique code --format jsonl` prints, so that it comes back as it was; other programs pass over that key. Each report
has a line of its own before its records, with `has_event` false, as has each statement and position.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from communique.exchange import told
from communique.exchange.delimited import taken_by
from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Event, Place, Record, Report, to_dict

if TYPE_CHECKING:
    pass

KINDS = ("events", "statements", "positions")
_KIND_OF = {"event": "events", "statement": "statements", "position": "positions"}


def lines(source: Source, tally: Tally) -> Iterator[dict[str, Any]]:
    """Yield reports, each with its records after it."""
    for report, records in source.by_report(KINDS):
        tally.records["reports"] += 1
        yield report_line(report)
        for record in records:
            tally.records[_KIND_OF[record.kind]] += 1
            yield record_line(record, report)


def report_line(report: Report) -> dict[str, Any]:
    """Return a report as a line: no event, its text whole."""
    values = to_dict(report)
    text = values.pop("text")
    return {
        "id": report.id, "has_event": False, "date": report.published[:10], "actor": [], "event": [],
        "text_info": {"text_story": [text]}, "cite_info": _cited(report), "communique": values,
    }  # fmt: skip


def record_line(record: Record, report: Report) -> dict[str, Any]:
    """Return a record as a line: an event in PLOVER's fields, whatever it is in our own."""
    if not isinstance(record, Event):
        day = record.date.start or record.date.end or report.published[:10]
        head = {"id": record.id, "has_event": False, "date": day, "actor": [], "event": []}
        return {**head, "cite_info": _cited(report), "communique": to_dict(record)}
    return {**_event(record, report), "communique": to_dict(record)}


def _event(event: Event, report: Report) -> dict[str, Any]:
    spans = event.evidence.sentence
    counts = event.magnitude
    sized = {"dead": counts.dead, "injured": counts.injured, "arrested": counts.arrested, "size": counts.size}
    return _filled({
        "id": event.id, "has_event": True, "date": told.day(event, report),
        "enddate": event.date.end if event.date.end != event.date.start else "",
        "actor": [_entity(who) for who in event.actors], "recipient": [_entity(who) for who in event.recipients],
        "event": [event.type], "mode": [event.mode] if event.mode else [], "context": list(event.contexts),
        "quad_code": event.quad, "event_scale": event.intensity,
        "event_loc": _location(event.places[0]) if event.places else {},
        "event_text": [report.text[start:end] for start, end in event.evidence.trigger],
        "size": {name: number for name, number in sized.items() if number is not None},
        "text": told.sentence(event, report),
        "text_info": {"start": spans[0][0], "end": spans[-1][1]} if spans else {}, "cite_info": _cited(report),
    })  # fmt: skip


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    required = ("id", "has_event", "date", "actor", "event", "quad_code", "event_scale")
    return {name: value for name, value in values.items() if name in required or value not in ("", [], {})}


def _entity(actor: Actor) -> dict[str, str]:
    values = {
        "code": actor.code, "sector": actor.sector, "entity_text": actor.text, "identifier_id": actor.wikidata,
        "identifier_text": actor.person or actor.name, "office": actor.office,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value or name == "code"}


def _location(place: Place) -> dict[str, Any]:
    located = {"lat": place.lat, "lon": place.lon} if place.lat or place.lon else {}
    values = {
        "extracted_place": place.text, "resolved_place": place.name, "geonameid": place.geonameid or "",
        "province": place.admin1, "country_code": place.country,
    }  # fmt: skip
    return {**{name: value for name, value in values.items() if value}, **located}


def _cited(report: Report) -> dict[str, str]:
    from communique import __version__

    values = {
        "url": report.url, "title": report.title, "language": report.language, "publication": report.outlet,
        "coder": f"communique {__version__}", "codebook": "plover-0.8",
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    with out.binary() as file:
        for line in lines(source, tally):
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            tally.rows += 1


PLOVER = Format(
    "plover", "PLOVER JSONL", _write, kinds=KINDS, lost=("traces (`communique explain`)", "corrections as such"),
    read=taken_by("plover_in"),
    unread=("religion, ethnicity, gender and age of entities", "link, times of day, licence of the text"),
)  # fmt: skip
