"""What a format made of its rows, as tables of events and reports in the shape of the parts (shapes.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from communique.store.intake.columns import plain, same
from communique.store.shapes import KINDS, RECORD_KINDS, schema

SIDE = ("code", "name", "kind", "sector", "sectors", "person", "office", "wikidata", "text")
PLACE = ("name", "kind", "country", "admin1", "geonameid", "lat", "lon", "text")


@dataclass(frozen=True, slots=True)
class Made:
    """Columns of events, one value a row, as a format made them of its `Rows`.

    `fault` says why a row cannot be read, empty if it can. `day` and `last` are the first and last day, ISO; `report`
    the id of the report, of which `published`, `title`, `url`, `outlet` and `language` are those of its first row. A
    side, or a place, is columns by the names of the record's fields, those that are missing empty, and under `there`
    whether the row has it.
    """

    fault: Any
    id: Any
    report: Any
    day: Any
    last: Any
    published: Any
    title: Any
    url: Any
    outlet: Any
    language: Any
    type: Any
    mode: Any
    contexts: Any
    quad: Any
    cameo: Any
    goldstein: Any
    intensity: Any
    precision: Any
    actors: Mapping[str, Any]
    recipients: Mapping[str, Any]
    places: Mapping[str, Any]
    dead: Any = None
    size: Any = None
    seq: Any = field(default=None)


def columns(made: Made) -> Any:
    """Return what was made as one table, so that rows can be chosen; `events` takes it apart again."""
    plain = {
        name: getattr(made, name) for name in Made.__slots__ if name not in ("actors", "recipients", "places", "fault")
    }
    number = len(made.id)
    nested = {
        f"{role}.{name}": column
        for role in ("actors", "recipients", "places")
        for name, column in getattr(made, role).items()
    }
    empty = pa.nulls(number, pa.int64())
    return pa.table({**{name: empty if column is None else column for name, column in plain.items()}, **nested})


def events(table: Any, confidence: float) -> Any:
    """Return the rows of `columns` as a table of events."""
    number = table.num_rows
    get = {name: one_piece(table.column(name)) for name in table.column_names}
    actors, recipients = (_people(get, role, number) for role in ("actors", "recipients"))
    nobody = _lists(_empty(schema("events").field("attributed_to").type.value_type), np.zeros(number + 1, np.int32))
    blank = same("", number)
    spans = schema("events").field("evidence").type
    none = [_lists(_empty(each.type.value_type), np.zeros(number + 1, np.int32)) for each in spans]
    magnitude = schema("events").field("magnitude").type
    counts = {"dead": get["dead"], "size": get["size"]}
    built = {
        **{name: get[name] for name in ("id", "report", "type", "mode", "contexts", "quad", "cameo", "goldstein")},
        "intensity": get["intensity"], "actors": actors, "recipients": recipients,
        "status": same("actual", number), "attributed_to": nobody,
        "implicit": pa.repeat(pa.scalar(False), number),
        "date": pa.StructArray.from_arrays(
            [get["day"], get["last"], get["precision"], blank], ["start", "end", "precision", "text"]
        ),
        "places": _structs(get, "places", PLACE, schema("events").field("places").type.value_type, number),
        "magnitude": pa.StructArray.from_arrays(
            [counts.get(each.name, pa.nulls(number, each.type)) for each in magnitude], fields=list(magnitude)
        ),
        "evidence": pa.StructArray.from_arrays(none, fields=list(spans)),
        "confidence": pa.repeat(pa.scalar(confidence, pa.float64()), number), "seq": get["seq"],
        "published": get["published"], "parties": _parties(get, number), "first_day": get["day"],
        "last_day": get["last"],
    }  # fmt: skip
    return pa.table({name: built[name] for name in schema("events").names})


def in_reports(table: Any) -> tuple[Any, Any]:
    """Return the reports of the rows of `columns`, each once, as a dictionary array, and the place of each row in its
    report, from 0."""
    coded = plain(one_piece(table.column("report"))).dictionary_encode()
    of = np.asarray(coded.indices)
    order = np.argsort(of, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(coded.dictionary)))])
    places = np.empty(len(of), np.int64)
    places[order] = np.arange(len(of)) - starts[of[order]]
    return coded, pa.array(places)


def reports(table: Any, coded: Any) -> Any:
    """Return the reports of the rows of `columns` as a table, in the order of their first rows."""
    places = np.asarray(coded.indices)
    number = len(coded.dictionary)
    first = np.empty(number, dtype=np.int64)
    first[places[::-1]] = np.arange(len(places))[::-1]
    order = pa.array(first)
    blank = pa.repeat(pa.scalar("", pa.string()), number)
    none = pa.repeat(pa.scalar(0, pa.int64()), number)
    removed = _lists(_empty(schema("reports").field("removed").type.value_type), np.zeros(number + 1, np.int32))
    head = {
        name: one_piece(table.column(name)).take(order) for name in ("title", "url", "outlet", "published", "language")
    }
    built = {
        **head, "id": coded.dictionary, "text": blank, "removed": removed, "statements": none, "positions": none,
        "events": pa.array(np.bincount(places, minlength=number), pa.int64()), "story": coded.dictionary,
    }  # fmt: skip
    return pa.table({name: built[name] for name in schema("reports").names})


def part_tables(table: Any, confidence: float) -> dict[str, Any]:
    """Return the rows of `columns` as the tables of a part."""
    others = {kind: schema(kind).empty_table() for kind in KINDS if kind in RECORD_KINDS[1:] or kind == "traces"}
    coded, places = in_reports(table)
    table = table.set_column(table.column_names.index("seq"), "seq", places)
    return {"reports": reports(table, coded), "events": events(table, confidence), **others}


def _people(get: Mapping[str, Any], role: str, number: int) -> Any:
    return _structs(get, role, SIDE, schema("events").field(role).type.value_type, number)


def _structs(get: Mapping[str, Any], role: str, names: tuple[str, ...], shape: Any, number: int) -> Any:
    """Return a list of one struct, or none, for each row."""
    there = get[f"{role}.there"]
    offsets = np.zeros(number + 1, np.int32)
    np.cumsum(np.asarray(there.to_numpy(zero_copy_only=False), dtype=np.int32), out=offsets[1:])
    kept = int(offsets[-1])
    children = []
    for each in shape:
        if each.name == "span":
            children.append(_spans(kept))
        elif f"{role}.{each.name}" in get:
            column = get[f"{role}.{each.name}"]
            children.append(column if kept == number else column.filter(there))
        else:
            children.append(_nothing(each.type, kept))
    # Names of columns that have few values stay dictionaries: the file has the same texts, and is written sooner.
    return _lists(pa.StructArray.from_arrays(children, names=[each.name for each in shape]), offsets)


def _nothing(kind: Any, number: int) -> Any:
    """Return a column of nothing: an empty text, no items, 0."""
    if pa.types.is_list(kind):
        return _lists(_empty(kind.value_type), np.zeros(number + 1, np.int32))
    return same("", number) if pa.types.is_string(kind) else pa.repeat(pa.scalar(0, kind), number)


def _spans(number: int) -> Any:
    offsets = pa.array(np.arange(number + 1, dtype=np.int32) * 2)
    return pa.ListArray.from_arrays(offsets, pa.array(np.zeros(2 * number, np.int64)))


def _parties(get: Mapping[str, Any], number: int) -> Any:
    """Return the codes of doer and other side of each row, upper case."""
    masks = [np.asarray(get[f"{role}.there"].to_numpy(zero_copy_only=False)) for role in ("actors", "recipients")]
    places = np.empty(2 * number, dtype=np.int64)
    places[0::2], places[1::2] = np.arange(number), number + np.arange(number)
    kept = np.empty(2 * number, dtype=bool)
    kept[0::2], kept[1::2] = masks
    codes = pa.concat_arrays([plain(get["actors.code"]), plain(get["recipients.code"])])
    offsets = np.zeros(number + 1, np.int32)
    np.cumsum(masks[0].astype(np.int32) + masks[1], out=offsets[1:])
    return _lists(pc.utf8_upper(codes.take(pa.array(places[kept]))), offsets)


def _lists(values: Any, offsets: Any) -> Any:
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _empty(kind: Any) -> Any:
    return pa.array([], kind)


def one_piece(column: Any) -> Any:
    """Return a column of a table as one array."""
    if column.num_chunks == 1:  # combining would copy it
        return column.chunk(0)
    whole = column.combine_chunks()
    if isinstance(whole, pa.Array):
        return whole
    return pa.concat_arrays([plain(chunk) for chunk in whole.chunks])
