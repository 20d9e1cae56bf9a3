"""Reading PLOVER JSONL: our own lines as the records that they were, those of others from PLOVER's fields.

Lines are read one after another into parts of some thousand reports; what belongs to one report comes together in our
files, and in others each event is read on its own.
"""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

from communique.errors import InputError
from communique.exchange import intake
from communique.exchange.formats import Taken
from communique.records import (
    Actor,
    Coding,
    DateInterval,
    Event,
    Failure,
    Magnitude,
    Place,
    Record,
    Report,
    from_dict,
)  # fmt: skip

if TYPE_CHECKING:
    from communique.store import Store

NAME = "plover"
_BATCH = 2000  # reports
# The older gold files of PLOVER.
_OLD = {"source": "actor", "target": "recipient", "actorText": "entity_text", "eventText": "event_text"}


class _Bad(Exception):
    """A line that is no record; the message says why."""


def take_in(store: Store, path: Path, confidence: float, *, origin: str = "") -> Taken:
    """Take the records of a file into the store: ours under their own ids, others under the name `plover`."""
    from communique.store import Input
    from communique.store.intake.aside import Aside, keep, place

    rows = new = there = 0
    name = origin or str(path)
    store.writer.mended(name, NAME)
    aside: list[Aside] = []
    batch: dict[str, tuple[Report, list[Record]]] = {}

    def write() -> None:
        nonlocal new, there
        codings = [Coding(report, tuple(records)) for report, records in batch.values()]
        known = {coding.report.id for coding in codings if store.has(coding.report.id)}
        failures = [Failure(f"{name}:{each.line}", "import", each.reason, NAME) for each in aside[written_aside:]]
        inputs = [Input(name, NAME, coding.report.id) for coding in codings]
        store.writer.add(codings, failures, inputs=inputs)
        new += sum(len(coding.records) for coding in codings if coding.report.id not in known)
        there += sum(len(coding.records) for coding in codings if coding.report.id in known)
        batch.clear()

    written_aside = 0
    for number, line in _lines(path):
        rows += 1
        try:
            report, record = _read(line, confidence)
        except _Bad as error:
            aside.append(Aside(number, str(error), line[:20_000].decode("utf-8", "replace").rstrip("\r\n")))
            continue
        if report.id not in batch and len(batch) >= _BATCH:
            write()
            written_aside = len(aside)
        held, records = batch.get(report.id, (report, []))
        batch[report.id] = (report if report.text else held, records)
        if record is not None:
            records.append(record)
    write()
    kept = place(store.path, name, NAME)
    keep(kept, aside)
    return Taken(rows, new, there, len(aside), kept if aside else None)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, with their numbers; an array of objects as lines. Raises InputError."""
    with intake.unpacked(path) as tables:
        for _, table in tables:
            yield from _lines_of(path, table)


def _lines_of(path: Path, table: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with table.open("rb") as file:
            first = file.read(1)
            file.seek(0)
            if first == b"[":
                found = orjson.loads(file.read())
                yield from ((n, orjson.dumps(each)) for n, each in enumerate(found, 1))
                return
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.removeprefix(BOM_UTF8) if number == 1 else line
    except orjson.JSONDecodeError as error:
        raise InputError(f"{str(path)!r} is no JSON: {error}.") from error


def _read(line: bytes, confidence: float) -> tuple[Report, Record | None]:
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _Bad(f"It is no JSON: {error}.") from None
    if not isinstance(values, dict):
        raise _Bad("It is no object.")
    try:
        if isinstance(values.get("communique"), dict):
            return _ours(values)
        return _theirs({_OLD.get(str(name), str(name)): value for name, value in values.items()}, confidence)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _Bad(f"It does not have the form of PLOVER: {type(error).__name__}: {error}.") from None


def _ours(values: Mapping[str, Any]) -> tuple[Report, Record | None]:
    own = dict(values["communique"])
    if own.get("kind") == "report":
        own["text"] = values["text_info"]["text_story"][0]
        return cast(Report, from_dict(own)), None
    record = from_dict(own)
    if isinstance(record, Report):
        raise _Bad("It is no record.")
    return Report(record.report, ""), record


def _theirs(values: Mapping[str, Any], confidence: float) -> tuple[Report, Record | None]:
    cited = values.get("cite_info") or {}
    day, fault = intake.iso_day(str(values["date"]))
    kinds = _list(values.get("event"))
    if fault or not kinds:
        raise _Bad(fault or "It has no event.")
    mode = str(next(iter(_list(values.get("mode"))), ""))
    kind, own, _, quad, cameo, goldstein, score, bad = intake.of_plover(str(kinds[0]), mode)
    if bad:
        raise _Bad(bad)
    key = f"{cited.get('url') or cited.get('citation') or values['id']}|{day}"
    report_id = f"{NAME}:{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    sizes, location = values.get("size") or {}, values.get("event_loc") or {}
    last, _ = intake.iso_day(str(values.get("enddate") or day))
    event = Event(
        f"{NAME}:{values['id']}", report_id, kind, mode=own or mode,
        contexts=tuple(str(each) for each in _list(values.get("context"))), quad=int(values.get("quad_code") or quad),
        cameo=cameo, goldstein=goldstein, intensity=float(values.get("event_scale", score)),
        actors=_entities(values.get("actor")), recipients=_entities(values.get("recipient")),
        date=DateInterval(day, last or day, "day" if (last or day) == day else "days"),
        places=(_place(location),) if location else (),
        magnitude=Magnitude(*(_whole(sizes.get(name)) for name in ("dead", "injured", "size", "arrested"))),
        confidence=confidence,
    )  # fmt: skip
    report = Report(
        report_id, "", str(cited.get("title") or ""), str(cited.get("url") or ""), str(cited.get("publication") or ""),
        day, str(cited.get("language") or ""),
    )  # fmt: skip
    return report, event


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value in (None, "") else [value]


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) or str(value).isdigit() else None


def _entities(value: Any) -> tuple[Actor, ...]:
    found = []
    for each in _list(value):
        given = {_OLD.get(name, name): part for name, part in each.items()}
        code = str(given.get("code") or "")
        party = intake_party(code)
        named = str(given.get("identifier_text") or "")
        sector = str(given.get("sector") or "")
        found.append(
            Actor(
                code, party or named, "state" if party else "", sector[:3], (sector[3:6],) if sector[3:6] else (),
                named if party and named != party else "", str(given.get("office") or ""),
                str(given.get("identifier_id") or ""), str(given.get("entity_text") or ""),
            )
        )  # fmt: skip
    return tuple(found)


def intake_party(code: str) -> str:
    """Return the name of the country that has a code; "" for none."""
    from communique.exchange.actors import of_country

    party = of_country(code, "iso3")
    return party.name if party else ""


def _place(values: Mapping[str, Any]) -> Place:
    name = str(values.get("resolved_place") or values.get("extracted_place") or values.get("country") or "")
    return Place(
        name, str(values.get("feature_code") or ""), str(values.get("country_code") or ""),
        str(values.get("province") or ""), int(values.get("geonameid") or 0), float(values.get("lat") or 0.0),
        float(values.get("lon") or 0.0), str(values.get("extracted_place") or ""),
    )  # fmt: skip
