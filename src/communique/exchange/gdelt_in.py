"""Reading GDELT events: 57 columns (back files, without addresses), 58 (1.0) and 61 (2.0), no header."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.errors import InputError
from communique.exchange import intake
from communique.exchange.actors import of_cameo, of_country, of_name
from communique.exchange.fields import names
from communique.exchange.formats import Taken
from communique.store.intake import Dialect, Rows
from communique.store.intake.events import Made

if TYPE_CHECKING:
    from communique.store import Store

_ACTOR = ("CountryCode", "KnownGroupCode", "Type1Code", "Type2Code", "Type3Code", "Name")
_PLACE = tuple(f"ActionGeo_{name}" for name in ("Type", "FullName", "CountryCode", "Lat", "Long"))
_WANTED = (
    "GLOBALEVENTID", "SQLDATE", "EventCode", "GoldsteinScale", "DATEADDED",
    *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR), *_PLACE,
)  # fmt: skip
_KINDS = {"1": "country", "2": "region", "3": "city", "4": "city", "5": "region"}
_HOST = r"^[a-zA-Z][a-zA-Z0-9+.-]*://(?:www\.)?(?P<it>[^/:?#]+)"


def take_in(store: Store, path: Path, confidence: float, name: str, *, origin: str = "") -> Taken:
    """Take the events of a file into the store under the name `gdelt1` or `gdelt2`."""
    return intake.take(store, path, confidence, name, lambda table: _dialect(table, name), _maker(name), origin=origin)


def _dialect(path: Path, name: str) -> Dialect:
    columns = names(name)
    width = len(intake.first_lines(path, "utf-8")[0].split("\t"))
    expected = (57, 58) if name == "gdelt1" else (61,)
    if width not in expected and width in (57, 58, 61):
        other = "gdelt2" if name == "gdelt1" else "gdelt1"
        raise InputError(f"{str(path)!r} has {width} columns. That is the format {other}.")
    # Without addresses in the files from before April 2013.
    wanted = (*_WANTED, *(() if width == 57 else ("SOURCEURL",)))
    hashes = (("address", ("SOURCEURL", "DATEADDED")),) if width > 57 else ()
    return Dialect(columns[:-1] if width == 57 else columns, wanted, hashes=hashes)


def _maker(name: str) -> Callable[[Rows], Made]:
    def make(rows: Rows) -> Made:
        day, bad_day = rows.mapped(intake.compact_day, ["SQLDATE"], ["text", "text"])
        added, _ = rows.mapped(intake.compact_day, ["DATEADDED"], ["text", "text"])
        published = rows.choose(added, day)
        bad_id = rows.lacking("GLOBALEVENTID", intake.NO_ID)
        kind, mode, contexts, quad, cameo, _, intensity, bad_code = rows.mapped(
            intake.of_cameo, ["EventCode"], intake.EVENT
        )
        url = rows.text("SOURCEURL") if rows.has("SOURCEURL") else rows.constant("", "text")
        # What has no address is a report of its day.
        key = rows.choose(rows.when_filled(url, rows.text("address")), published) if rows.has("address") else published
        return Made(
            fault=intake.faults(rows, bad_id, bad_day, bad_code), id=rows.glued(f"{name}:", rows.text("GLOBALEVENTID")),
            report=rows.glued(f"{name}:", key), day=day, last=day, published=published,
            title=rows.constant("", "text"), url=url, outlet=rows.matched(url, _HOST),
            language=rows.constant("", "text"), type=kind, mode=mode, contexts=contexts, quad=quad, cameo=cameo,
            goldstein=rows.number("GoldsteinScale"), intensity=intensity, precision=rows.constant("day", "text"),
            actors=_side(rows, 1), recipients=_side(rows, 2), places=_place(rows),
        )  # fmt: skip

    return make


def _side(rows: Rows, number: int) -> dict[str, Any]:
    columns = [f"Actor{number}{name}" for name in _ACTOR]
    code, name, kind, sector, sectors, there = rows.mapped(
        _actor, columns, ["text", "text", "text", "text", "texts", "truth"]
    )
    return {
        "code": code, "name": name, "kind": kind, "sector": sector, "sectors": sectors, "there": there,
        "text": rows.text(columns[-1]),
    }  # fmt: skip


def _actor(country: str, group: str, type1: str, type2: str, type3: str, name: str) -> tuple[Any, ...]:
    party = of_cameo(country, group, tuple(filter(None, (type1, type2, type3))))
    if name and (party is None or (not country and not group)):
        known = of_name(name)
        if known:
            sector, sectors = (party.sector, party.sectors) if party else ("", ())
            return known.code, known.name, known.kind, sector, list(sectors), True
    if party is None:
        return "", "", "", "", [], bool(name)
    return party.code, party.name, party.kind, party.sector, list(party.sectors), True


def _place(rows: Rows) -> dict[str, Any]:
    kind, full, fips, lat, lon = _PLACE
    name, sort, country, admin1, there = rows.mapped(
        _where, [kind, full, fips], ["text", "text", "text", "text", "truth"]
    )
    return {
        "name": name, "kind": sort, "country": country, "admin1": admin1, "there": there,
        "lat": rows.number(lat), "lon": rows.number(lon),
    }  # fmt: skip


def _where(kind: str, full: str, fips: str) -> tuple[Any, ...]:
    if kind in ("", "0") or not full:
        return "", "", "", "", False
    state = of_country(fips, "fips")
    parts = full.split(", ")
    admin1 = parts[-2] if len(parts) > 2 and kind != "1" else ""
    name = full if kind == "1" else ", ".join(parts[:-2]) if len(parts) > 2 else parts[0]
    return name, _KINDS.get(kind, ""), state.code if state else "", admin1, True
