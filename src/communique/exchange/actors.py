"""Actors in the codes of other formats: CAMEO's country, group and types, sectors, names; both ways."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from communique.codes import all_countries, convert, find
from communique.records import Actor

_GENERIC = {"igo": "IGO", "bloc": "IGO", "ngo": "NGO", "company": "MNC", "armed": "IMG"}
_GROUP_KIND = {"IGO": "igo", "NGO": "ngo", "MNC": "company", "IMG": "armed", "ISM": "ngo"}
_TYPES = 3


@dataclass(frozen=True, slots=True)
class Party:
    """An actor as another format has it: code, name and kind of ours, sector and further sectors."""

    code: str = ""
    name: str = ""
    kind: str = ""
    sector: str = ""
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CameoActor:
    """The columns of an actor in GDELT."""

    code: str = ""
    name: str = ""
    country: str = ""
    group: str = ""
    types: tuple[str, ...] = ()


NOBODY = CameoActor()


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a file of `data/`."""
    text = files("communique.exchange").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


@cache
def _written() -> Mapping[str, tuple[str, str, str]]:
    """Return region, group and type of CAMEO by our code."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in rows_of("cameo_groups"):
        found.setdefault(row["ours"], (row["region"], row["group"], row["type"]))
    return found


@cache
def _read() -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Return our codes by CAMEO's group, by region, and by type."""
    rows = list(rows_of("cameo_groups"))
    return (
        {row["group"]: row["ours"] for row in rows if row["group"]},
        {row["region"]: row["ours"] for row in rows if row["region"] and not row["group"]},
        {row["type"]: row["ours"] for row in rows if not row["region"] and not row["group"]},
    )


@cache
def _gdelt() -> tuple[Mapping[tuple[str, str], str], Mapping[str, str]]:
    """Return countries by GDELT's own codes of a system, and the CAMEO codes that it writes by country."""
    rows = list(rows_of("gdelt_codes"))
    return (
        {(row["system"], row["code"]): row["ours"] for row in rows},
        {row["ours"]: row["code"] for row in rows if row["system"] == "cameo" and row["written"]},
    )


@cache
def sector_of(system: str) -> Mapping[str, str]:
    """Return PLOVER's sectors by those of `cameo` or `icews` (in lower case)."""
    found: dict[str, str] = {}
    for row in rows_of("sectors"):
        if row[system]:
            found.setdefault(row[system].lower(), row["plover"])
    return found


@cache
def sector_in(system: str) -> Mapping[str, str]:
    """Return the sectors of `cameo` or `icews` by PLOVER's."""
    found: dict[str, str] = {}
    for row in rows_of("sectors"):
        found.setdefault(row["plover"], row[system])
    return found


def sectors_of(actor: Actor, system: str) -> tuple[str, ...]:
    """Return the sectors of an actor in another system, the first first; those that it has not are left out."""
    known = sector_in(system)
    return tuple(dict.fromkeys(known[one] for one in (actor.sector, *actor.sectors) if known.get(one)))


@cache
def country_code(code: str, system: str, day: str = "") -> str:
    """Return the code of a country in a system on a day; "" for what is no country there."""
    if code.upper() not in all_countries():
        return ""
    return convert(code.upper(), to=system, on=day)


def cameo(actor: Actor | None) -> CameoActor:
    """Return an actor in CAMEO's codes, as GDELT puts them together: `USAGOV`, `IGOUNO`, `MNC`."""
    if actor is None:
        return NOBODY
    types = sectors_of(actor, "cameo")[:_TYPES]
    name = flat_name(actor).upper()
    code = actor.code.upper()
    if country := country_code(code, "cameo"):
        country = _gdelt()[1].get(code, country)
        return CameoActor(country + "".join(types), name, country, "", types)
    if known := _written().get(code):
        region, group, sort = known
        types = tuple(dict.fromkeys((*filter(None, [sort]), *types)))[:_TYPES]
        return CameoActor(f"{sort}{region}{group}{''.join(t for t in types if t != sort)}", name, region, group, types)
    sort = _GENERIC.get(actor.kind, "") if code else ""
    types = tuple(dict.fromkeys((*filter(None, [sort]), *types)))[:_TYPES]
    return CameoActor("".join(types), name, "", "", types)


def flat_name(actor: Actor) -> str:
    """Return what an actor is called: the person, else the state or body, else the report's words."""
    return " ".join((actor.person or actor.name or actor.text).split())


@cache
def of_country(code: str, system: str) -> Party | None:
    """Return the state that a code of a system means, a territory as the state that it is counted to."""
    if not code:
        return None
    country = find(code, of=system) or all_countries().get(_gdelt()[0].get((system, code.upper()), ""))
    if country is None and system == "cameo":
        country = find(code, of="iso3")
    if country is None:
        return None
    state = all_countries().get(country.state, country) if country.state else country
    return Party(state.code, state.name, "state")


@cache
def of_name(name: str) -> Party | None:
    """Return the country, organisation, bloc or region that has this name, in any case."""
    wanted = " ".join(name.split()).casefold()
    if not wanted:
        return None
    return _named().get(wanted)


@cache
def _named() -> Mapping[str, Party]:
    found: dict[str, Party] = {}
    for row in rows_of("icews_names"):
        found[row["name"].casefold()] = Party(row["code"], all_countries()[row["code"]].name, "state")
    for country in all_countries().values():
        state = all_countries().get(country.state, country) if country.state else country
        for one in (country.name, *country.names):
            found.setdefault(one.casefold(), Party(state.code, state.name, "state"))
    for name, code, kind, own in _bodies():
        found.setdefault(name.casefold(), Party(code, own, kind))
    return found


def _bodies() -> Iterator[tuple[str, str, str, str]]:
    """Yield names of organisations, blocs and regions that are no part of a country, with code, kind and own name."""
    countries = all_countries()
    for table in ("organisations", "groups"):
        text = files("communique.knowledge").joinpath(f"data/actors/{table}.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
            if row["code"] and row["code"] not in countries and row["kind"] != "ethnic":
                for name in filter(None, (row["name"], *(row["names"] or "").split(";"))):
                    yield name, row["code"], row["kind"], row["name"]


@cache
def org_name(code: str) -> str:
    """Return the name of the organisation, bloc or region that has a code as its own; "" if none has."""
    if code in _GROUP_KIND:  # shared by many
        return ""
    return next((own for _, known, _, own in _bodies() if known == code), "")


@cache
def of_cameo(country: str, group: str, types: tuple[str, ...]) -> Party | None:
    """Return who is meant by CAMEO's country (or region), group and types; None where they say nothing."""
    if not (country or group or any(types)):
        return None
    groups, regions, sorts = _read()
    known = sector_of("cameo")
    state = of_country(country, "cameo")
    sectors = tuple(dict.fromkeys(known[t.lower()] for t in types if known.get(t.lower())))
    if group in groups:
        sectors = tuple(s for s, t in ((known.get(t.lower(), ""), t) for t in types) if s and t not in sorts)
        return _party(groups[group], sectors)
    if state:
        return Party(state.code, state.name, state.kind, *_split(sectors))
    if country in regions:
        return _party(regions[country], sectors)
    for sort in types:
        if sort in sorts:
            rest = tuple(known[t.lower()] for t in types if t != sort and known.get(t.lower()))
            return _party(sorts[sort], rest)
    return Party("", "", "", *_split(sectors))


def _party(code: str, sectors: tuple[str, ...]) -> Party:
    kind = _GROUP_KIND.get(_written()[code][2] or "", "group")
    return Party(code, org_name(code), kind, *_split(sectors))


def _split(sectors: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return (sectors[0], sectors[1:]) if sectors else ("", ())
