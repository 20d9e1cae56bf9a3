"""Reading POLECAT: 40 columns with a header, ISO-8859-1; "None" is nothing; some files have a header too many."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.exchange import intake
from communique.exchange.actors import of_country, of_name
from communique.exchange.fields import names
from communique.exchange.formats import Taken
from communique.exchange.polecat import NOTHING, QUADS
from communique.store.intake import Dialect, Rows
from communique.store.intake.events import Made

if TYPE_CHECKING:
    from communique.store import Store

_SIDES = tuple(
    f"{before}{role}{after}"
    for role in ("Actor", "Recipient")
    for before, after in (("", " Name"), ("", " Country"), ("Primary ", " Sector"), ("", " Sectors"), ("", " Title"),
                          ("", " Name Raw"), ("Wikipedia ", " ID"))
)  # fmt: skip
_NEEDED = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", *_SIDES, "Placename",
    "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source",
    "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
)  # fmt: skip
_WANTED = tuple(name for name in _NEEDED if not name.startswith("Story "))
_NONE = (NOTHING, "NA", "nan")
_KOSOVO = "KOS"  # PLOVER's own code


def take_in(store: Store, path: Path, confidence: float, *, origin: str = "") -> Taken:
    """Take the events of a file into the store under the name `polecat`."""
    return intake.take(store, path, confidence, "polecat", _dialect, _make, origin=origin)


def _dialect(path: Path) -> Dialect:
    encoding = intake.encoding_of(path)
    columns = intake.headed(path, encoding, names("polecat"), _NEEDED)
    told = ("Source", "Publication Date", "Story People", "Story Organizations", "Story Locations")
    return Dialect(
        columns, _WANTED, header=True, encoding=encoding, least=columns.index("Language") + 1,
        hashes=(("story", told),),
    )  # fmt: skip


def _make(rows: Rows) -> Made:
    day, bad_day = rows.mapped(intake.iso_day, ["Event Date"], ["text", "text"])
    told, _ = rows.mapped(intake.iso_day, ["Publication Date"], ["text", "text"])
    published = rows.choose(told, day)
    bad_id = rows.lacking("Event ID", intake.NO_ID)
    kind, mode, quad, cameo, goldstein, bad_type = rows.mapped(
        _event, ["Event Type", "Event Mode", "Quad Code"], ["text", "text", "whole", "text", "real", "text"]
    )
    (contexts,) = rows.mapped(_several, [rows.text("Contexts", _NONE)], ["texts"])
    return Made(
        fault=intake.faults(rows, bad_id, bad_day, bad_type), id=rows.glued("polecat:", rows.text("Event ID")),
        report=rows.glued("polecat:", rows.text("story")), day=day, last=day, published=published,
        title=rows.constant("", "text"), url=rows.constant("", "text"), outlet=rows.text("Source", _NONE),
        language=rows.text("Language", _NONE), type=kind, mode=mode, contexts=contexts, quad=quad, cameo=cameo,
        goldstein=goldstein, intensity=rows.number(rows.text("Intensity", _NONE)),
        precision=rows.constant("day", "text"), actors=_side(rows, "Actor"), recipients=_side(rows, "Recipient"),
        places=_place(rows),
    )  # fmt: skip


def _event(type: str, mode: str, quad: str) -> tuple[Any, ...]:
    kind, own, _, follows, cameo, goldstein, _, fault = intake.of_plover(type, mode)
    text = " ".join(quad.upper().split())
    told = int(text) if text in ("1", "2", "3", "4") else QUADS.index(text) if text in QUADS[1:] else follows
    return kind, own, told, cameo, goldstein, fault


def _several(text: str) -> tuple[list[str]]:
    return ([part.strip() for part in re.split("[;,|]", text) if part.strip()],)


def _side(rows: Rows, role: str) -> dict[str, Any]:
    name, country, title = (rows.text(f"{role} {each}", _NONE) for each in ("Name", "Country", "Title"))
    raw = rows.text(f"{role} Name Raw", _NONE)
    code, kind, state = rows.mapped(_country, [country, rows.when_empty(country, name)], ["text", "text", "text"])
    called, person = rows.mapped(_named, [name, code, state, rows.mapped(_yes, [title], ["text"])[0]], ["text", "text"])
    sector = rows.text(f"Primary {role} Sector", _NONE)
    (sectors,) = rows.mapped(_others, [rows.text(f"{role} Sectors", _NONE), sector], ["texts"])
    (wikidata,) = rows.mapped(_wikidata, [f"Wikipedia {role} ID"], ["text"])
    return {
        "code": code, "name": called, "kind": kind, "sector": sector, "sectors": sectors, "person": person,
        "office": title, "wikidata": wikidata, "text": raw, "there": rows.filled(name, country, raw),
    }  # fmt: skip


def _country(country: str, name: str) -> tuple[str, str, str]:
    """Return code, kind and name of the state or body; what is no country may be known by its name."""
    state = of_country("XKX" if country == _KOSOVO else country, "iso3")
    if state:
        return state.code, state.kind, state.name
    known = of_name(name)
    if known and not country:
        return known.code, known.kind, known.name
    return country, "", ""


def _yes(title: str) -> tuple[str]:
    return ("yes" if title else "",)


def _named(name: str, code: str, state: str, titled: str) -> tuple[str, str]:
    """Return the name of state or body, and of the person: who has a title is one."""
    known = of_name(name)
    if not name or (known and known.code == code):
        return state, ""
    return (state, name) if titled else (name, "")


def _others(sectors: str, primary: str) -> tuple[list[str]]:
    found = _several(sectors)[0]
    return ([one for one in dict.fromkeys(found) if one != primary],)


def _wikidata(text: str) -> tuple[str]:
    return (text if re.fullmatch(r"Q\d+", text) else "",)


def _place(rows: Rows) -> dict[str, Any]:
    name, country, admin1, kind = (
        rows.text(each, _NONE) for each in ("Placename", "Country", "Province", "Feature Type")
    )
    (code,) = rows.mapped(_located_in, [country], ["text"])
    lat, lon = (rows.number(rows.text(each, _NONE)) for each in ("Latitude", "Longitude"))
    return {
        "name": rows.choose(name, country), "kind": kind, "country": code, "admin1": admin1,
        "geonameid": rows.whole(rows.text("GeoNames ID", _NONE)), "lat": lat, "lon": lon,
        "text": rows.text("Raw Placename", _NONE), "there": rows.filled(name, country),
    }  # fmt: skip


def _located_in(country: str) -> tuple[str]:
    state = of_country("XKX" if country == _KOSOVO else country, "iso3") or of_name(country)
    return (state.code if state else "",)
