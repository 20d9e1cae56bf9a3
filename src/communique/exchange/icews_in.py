"""Reading ICEWS: 20 columns with a header, ISO-8859-1. Leading zeros of codes may be lost, ids come more than once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.exchange import intake
from communique.exchange.actors import of_name, sector_of
from communique.exchange.fields import names
from communique.exchange.formats import Taken
from communique.store.intake import Dialect, Rows
from communique.store.intake.events import Made

if TYPE_CHECKING:
    from communique.store import Store

_NEEDED = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "CAMEO Code", "Intensity",
    "Target Name", "Target Sectors", "Target Country", "Story ID", "Publisher", "City", "Province", "Country",
    "Latitude", "Longitude",
)  # fmt: skip
_NOTHING = ("NULL", "None", "NA")


def take_in(store: Store, path: Path, confidence: float, *, origin: str = "") -> Taken:
    """Take the events of a file into the store under the name `icews`."""
    return intake.take(store, path, confidence, "icews", _dialect, _make, origin=origin)


def _dialect(path: Path) -> Dialect:
    encoding = intake.encoding_of(path)
    columns = intake.headed(path, encoding, names("icews"), _NEEDED)
    return Dialect(columns, _NEEDED, header=True, encoding=encoding, least=columns.index("Longitude") + 1)


def _make(rows: Rows) -> Made:
    day, bad_day = rows.mapped(intake.iso_day, ["Event Date"], ["text", "text"])
    short, alone = rows.mapped(_short, [day], ["text", "text"])
    bad_id = rows.lacking("Event ID", intake.NO_ID)
    kind, mode, contexts, quad, cameo, _, intensity, bad_code = rows.mapped(_event, ["CAMEO Code"], intake.EVENT)
    story = rows.text("Story ID")
    report = rows.choose(rows.when_filled(story, rows.glued("icews:", story, "-", short)), alone)
    return Made(
        fault=intake.faults(rows, bad_id, bad_day, bad_code),
        id=rows.glued("icews:", rows.text("Event ID"), "-", short), report=report,
        day=day, last=day, published=day, title=rows.constant("", "text"), url=rows.constant("", "text"),
        outlet=rows.text("Publisher", _NOTHING), language=rows.constant("", "text"), type=kind, mode=mode,
        contexts=contexts, quad=quad, cameo=cameo, goldstein=rows.number("Intensity"), intensity=intensity,
        precision=rows.constant("day", "text"), actors=_side(rows, "Source"), recipients=_side(rows, "Target"),
        places=_place(rows),
    )  # fmt: skip


def _short(day: str) -> tuple[str, str]:
    """Return a day without its hyphens, and the report of what has no story."""
    short = day.replace("-", "")
    return short, f"icews:{short}"


def _event(code: str) -> intake.Event:
    """Return what a code stands for; of two digits, the zero before them may be lost: ICEWS has no roots alone."""
    code = code.strip()
    return intake.of_cameo(f"0{code}" if len(code) == 2 and f"0{code}" in intake.codebook().cameo else code)


def _side(rows: Rows, role: str) -> dict[str, Any]:
    country = rows.text(f"{role} Country", _NOTHING)
    name = rows.text(f"{role} Name", _NOTHING)
    code, called, kind, sector, sectors = rows.mapped(
        _actor, [country, rows.text(f"{role} Sectors", _NOTHING), rows.when_empty(country, name)],
        ["text", "text", "text", "text", "texts"],
    )  # fmt: skip
    return {
        "code": code, "name": called, "kind": kind, "sector": sector, "sectors": sectors, "text": name,
        "there": rows.filled(country, name),
    }  # fmt: skip


def _actor(country: str, sectors: str, name: str) -> tuple[Any, ...]:
    party = of_name(country) or of_name(name)
    known = sector_of("icews")
    found = [known[one] for one in (part.strip().lower() for part in sectors.split(",")) if known.get(one)]
    own = list(dict.fromkeys(found))
    head, rest = (own[0], own[1:]) if own else ("", [])
    if party is None:
        return "", country, "", head, rest
    return party.code, party.name, party.kind, head, rest


def _place(rows: Rows) -> dict[str, Any]:
    names = [rows.text(column, _NOTHING) for column in ("City", "Province", "Country")]
    name, kind, country, admin1, there = rows.mapped(_where, names, ["text", "text", "text", "text", "truth"])
    return {
        "name": name, "kind": kind, "country": country, "admin1": admin1, "there": there,
        "lat": rows.number("Latitude"), "lon": rows.number("Longitude"),
    }  # fmt: skip


def _where(city: str, province: str, country: str) -> tuple[Any, ...]:
    state = of_name(country)
    code = state.code if state else ""
    if city:
        return city, "city", code, province, True
    if province:
        return province, "region", code, province, True
    return (state.name if state else country), "country" if country else "", code, "", bool(country)
