"""Reading ACLED: CSV with a header, of which the API and the website give more or fewer columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.exchange import intake
from communique.exchange.actors import of_country, of_name, rows_of
from communique.exchange.fields import names
from communique.exchange.formats import Taken
from communique.store.intake import Dialect, Rows
from communique.store.intake.events import Made

if TYPE_CHECKING:
    from communique.store import Store

_NEEDED = (
    "event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "inter1", "actor2", "inter2", "country",
    "admin1", "location", "latitude", "longitude", "source", "fatalities",
)  # fmt: skip
_OPTIONAL = ("iso", "time_precision", "geo_precision", "tags")
_NUMBERS = {
    "1": "State forces", "2": "Rebel group", "3": "Political militia", "4": "Identity militia", "5": "Rioters",
    "6": "Protesters", "7": "Civilians", "8": "External/Other forces",
}  # fmt: skip
_SECTORS = {
    "state forces": "GOV", "rebel group": "REB", "rebel forces": "REB", "political militia": "PRM",
    "identity militia": "UAF", "rioters": "OPP", "protesters": "OPP", "civilians": "CVL",
}  # fmt: skip
_HEADS = (
    (re.compile(r"(?:Military Forces|Mutiny of Military Forces) of (.+)"), "MIL"),
    (re.compile(r"Police Forces of (.+)"), "COP"), (re.compile(r"Government of (.+)"), "GOV"),
    (re.compile(r"[^()]+ \((.+)\)"), ""), (re.compile(r"(.+)"), ""),
)  # fmt: skip
_YEARS = re.compile(r"\s*\(\d{4}-(?:\d{4})?\)")
_PRECISION = {"2": "week", "3": "month"}
_DAYS = ("%d %B %Y", "%d/%m/%Y", "%d-%b-%Y")


def take_in(store: Store, path: Path, confidence: float, *, origin: str = "") -> Taken:
    """Take the events of a file into the store under the name `acled`."""
    return intake.take(store, path, confidence, "acled", _dialect, _make, origin=origin)


def _dialect(path: Path) -> Dialect:
    first = intake.first_lines(path, "utf-8")[0]
    delimiter = max(",;\t", key=first.count)
    columns = intake.headed(path, "utf-8", names("acled"), _NEEDED, delimiter)
    wanted = (*_NEEDED, *(name for name in _OPTIONAL if name in columns))
    hashes = (("told", ("source", "event_date")),)
    return Dialect(columns, wanted, header=True, delimiter=delimiter, quote='"', hashes=hashes)


def _make(rows: Rows) -> Made:
    day, bad_day = rows.mapped(_day, ["event_date"], ["text", "text"])
    bad_id = rows.lacking("event_id_cnty", intake.NO_ID)
    kind, mode, contexts, quad, cameo, goldstein, intensity, bad_type = rows.mapped(
        _event, ["event_type", "sub_event_type"], intake.EVENT
    )
    (precision,) = rows.mapped(lambda text: (_PRECISION.get(text, "day"),), [_column(rows, "time_precision")], ["text"])
    return Made(
        fault=intake.faults(rows, bad_id, bad_day, bad_type), id=rows.glued("acled:", rows.text("event_id_cnty")),
        report=rows.glued("acled:", rows.text("told")), day=day, last=day, published=day,
        title=rows.constant("", "text"), url=rows.constant("", "text"), outlet=rows.text("source"),
        language=rows.constant("", "text"), type=kind, mode=mode, contexts=contexts, quad=quad, cameo=cameo,
        goldstein=goldstein, intensity=intensity,
        precision=precision, actors=_side(rows, 1), recipients=_side(rows, 2), places=_place(rows),
        dead=rows.mapped(_counted, ["fatalities"], ["whole"])[0],
        size=rows.mapped(_crowd, [_column(rows, "tags")], ["whole"])[0],
    )  # fmt: skip


def _column(rows: Rows, name: str) -> Any:
    return rows.text(name) if rows.has(name) else rows.constant("", "text")


def _day(text: str) -> tuple[str, str]:
    found = intake.iso_day(text)
    for form in _DAYS if found[1] else ():
        try:
            return datetime.strptime(text.strip(), form).date().isoformat(), ""
        except ValueError:
            continue
    return found


@cache
def _types() -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for row in rows_of("acled_types"):
        found.setdefault(row["sub"].lower(), (row["type"], row["mode"]))
    return found


def _event(event: str, sub: str) -> intake.Event:
    known = _types().get(sub.strip().lower())
    if known is None:
        return "", "", [], 0, "", 0.0, 0.0, f"Its type is none of ACLED's: {event!r}, {sub!r}."
    return intake.of_plover(*known)


def _counted(text: str) -> tuple[int | None]:
    """Return a number of dead; ACLED writes 0 where none is told."""
    return (int(text) if text.isdigit() and int(text) else None,)


def _crowd(tags: str) -> tuple[int | None]:
    found = re.search(r"crowd size=\D*([\d,]+)", tags)
    return (int(found[1].replace(",", "")) if found and found[1].strip(",") else None,)


def _side(rows: Rows, number: int) -> dict[str, Any]:
    columns = [f"actor{number}", f"inter{number}", "country"]
    code, name, kind, sector, there = rows.mapped(_actor, columns, ["text", "text", "text", "text", "truth"])
    return {
        "code": code, "name": name, "kind": kind, "sector": sector, "there": there, "text": rows.text(columns[0]),
    }  # fmt: skip


def _actor(name: str, inter: str, country: str) -> tuple[Any, ...]:
    """Return an actor by its name, in which its country stands; a group belongs to the country of the event."""
    if not name:
        return "", "", "", "", False
    inter = _NUMBERS.get(inter.strip(), inter)
    sector = _SECTORS.get(inter.strip().lower(), "")
    plain = _YEARS.sub("", name).strip()
    for pattern, own in _HEADS:
        found = pattern.fullmatch(plain)
        party = of_name(found[1].split(";")[0]) if found else None
        if party:
            bare = plain.casefold() == party.name.casefold()
            return party.code, party.name, party.kind, own or ("" if bare and sector == "GOV" else sector), True
    here = of_name(country)
    return (here.code if here and inter.lower() != "external/other forces" else ""), plain, "group", sector, True


def _place(rows: Rows) -> dict[str, Any]:
    columns = ["location", "country", _column(rows, "iso"), _column(rows, "geo_precision")]
    name, country, kind, there = rows.mapped(_where, columns, ["text", "text", "text", "truth"])
    return {
        "name": name, "kind": kind, "country": country, "admin1": rows.text("admin1"),
        "lat": rows.number("latitude"), "lon": rows.number("longitude"), "there": there,
    }  # fmt: skip


def _where(location: str, country: str, iso: str, precision: str) -> tuple[Any, ...]:
    state = (of_country(iso, "isonum") if iso.isdigit() else None) or of_name(country)
    kind = "country" if precision == "3" else "region" if precision == "2" else "city"
    return location or country, state.code if state else "", kind, bool(location or country)
