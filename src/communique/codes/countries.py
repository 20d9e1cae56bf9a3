"""Countries and territories with their codes, from the knowledge files and `data/territories.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from communique.codes.systems import NAMES
from communique.errors import QueryError, unknown

_TODAY = "today"
# CAMEO followed ISO 3166 as it was; datasets have both forms.
_CAMEO_TOO = {"ROM": "ROU", "TLS": "TLS", "XKX": "XKX", "ZAR": "COD"}


@dataclass(frozen=True, slots=True)
class Country:
    """A state, or a territory under the state `state`. Codes that it has not are empty.

    `names` are its other names; `start` and `end` its first and last day as such, ISO, open ends empty. `numbers` are
    its times in the system of states: first day, last day, COW number, Gleditsch and Ward number.
    """

    code: str
    iso2: str
    isonum: str
    fips: str
    cameo: str
    name: str
    names: tuple[str, ...] = ()
    state: str = ""
    start: str = ""
    end: str = ""
    numbers: tuple[tuple[str, str, str, str], ...] = ()

    def exists_on(self, day: str) -> bool:
        return _covers(self.start, self.end, day)


def convert(code: str, *, to: str, of: str = "iso3", on: str = "") -> str:
    """Return the code of a country in the system `to`, given in the system `of`, as of the day `on` (ISO; "" is today).

    Empty where the country has no code there, or, in `cow` and `gw`, was no member of the system of states on that day.
    A state goes on under the number of the one before it: RUS has 365 before 1991 too. Raises QueryError for a system
    that there is not, a code that `of` has not, and what is no day.
    """
    day = _day(on)
    _check(to)
    country = find(code, of=of, on=on)
    if country is None:
        raise QueryError(
            f"No country has the code {code!r} in {of}. `communique codes list` shows those that there are."
        )
    if to == "iso3":
        return country.code
    if to in ("cow", "gw"):
        return _number(country, to, day)
    found: str = getattr(country, to)
    return found


def find(code: str, *, of: str = "iso3", on: str = "") -> Country | None:
    """Return the country that has the code in the system `of` on the day `on`, in any case; None if there is none.

    Of several that had a code the one of the day is meant, else the one that had it last.
    """
    day = _day(on)
    _check(of)
    wanted = code.strip().casefold()
    if of in ("isonum", "cow", "gw") and wanted.isdigit():
        wanted = str(int(wanted))
    found = _by(of).get(wanted, ())
    if of in ("cow", "gw"):
        return next((c for c in found if _own_number(c, of, day).lstrip("0") == wanted), found[0] if found else None)
    return next((country for country in found if country.exists_on(day)), found[0] if found else None)


@cache
def all_countries() -> Mapping[str, Country]:
    """Return all countries and territories by ISO 3166 alpha-3 code, states first."""
    numbers: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in _rows("communique.knowledge", "data/actors/membership.csv"):
        numbers.setdefault(row["code"], []).append((row["start"], row["end"], row["cow"], row["gw"]))
    found = {}
    for row in _rows("communique.knowledge", "data/actors/states.csv"):
        if not row["id"]:
            found[row["code"]] = Country(
                row["code"], row["iso2"], row["isonum"], row["fips"], row["cameo"], row["name"],
                tuple(filter(None, row["names"].split(";"))), "", row["start"] or "", row["end"] or "",
                tuple(numbers.get(row["code"], ())),
            )  # fmt: skip
    for code, times in numbers.items():  # states of the nineteenth century that only these lists have
        found.setdefault(code, Country(code, "", "", "", "", code, numbers=tuple(times), end=times[-1][1]))
    for row in _rows("communique.codes", "data/territories.csv"):
        found.setdefault(
            row["code"],
            Country(row["code"], row["iso2"], row["isonum"], row["fips"], "", row["name"], (), row["state"]),
        )
    return MappingProxyType(found)


def _rows(package: str, path: str) -> Iterator[dict[str, str]]:
    text = files(package).joinpath(path).read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


@cache
def _by(system: str) -> Mapping[str, tuple[Country, ...]]:
    """Return the countries by code in a system, in lower case, numbers without leading zeros; the last ones first."""
    found: dict[str, list[Country]] = {}
    countries = sorted(all_countries().values(), key=lambda c: c.end or "9", reverse=True)
    for country in countries:
        for key in _keys(country, system):
            found.setdefault(key.casefold(), []).append(country)
    if system == "cameo":
        for other, code in _CAMEO_TOO.items():
            found.setdefault(other.casefold(), [all_countries()[code]])
    if system in ("cow", "gw"):  # who has the number now goes first
        for those in found.values():
            those.sort(key=lambda c: max(end or "9" for _, end, *_ in c.numbers), reverse=True)
    return MappingProxyType({key: tuple(those) for key, those in found.items()})


def _keys(country: Country, system: str) -> list[str]:
    if system == "iso3":
        return [country.code]
    if system == "name":
        return [country.name, *country.names, country.code] if len(country.code) > 3 else [country.name, *country.names]
    if system in ("cow", "gw"):
        place = 2 if system == "cow" else 3
        return list(dict.fromkeys(each[place] for each in country.numbers if each[place]))
    value: str = getattr(country, system)
    return [value.lstrip("0") if system == "isonum" else value] if value else []


def _own_number(country: Country, system: str, day: str) -> str:
    place = 2 if system == "cow" else 3
    return next((t[place] for t in country.numbers if t[place] and _covers(t[0], t[1], day)), "")


def _number(country: Country, system: str, day: str) -> str:
    """Return the number of a state on a day, or of the one that had its number then."""
    if own := _own_number(country, system, day):
        return own
    place = 2 if system == "cow" else 3
    for number in dict.fromkeys(t[place] for t in country.numbers if t[place]):
        others = _by(system).get(number, ())
        if any(_own_number(other, system, day) == number for other in others):
            return number
    return ""


def _covers(start: str, end: str, day: str) -> bool:
    return (not start or start <= day) and (not end or day <= end)


def _day(on: str) -> str:
    if not on or on == _TODAY:
        return _now()
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        raise QueryError(f"{on!r} is no day. Write it as 1985-01-01.") from None


def _now() -> str:
    return datetime.now(UTC).date().isoformat()


def _check(system: str) -> None:
    if system not in NAMES:
        raise QueryError(unknown("system of codes", system, NAMES))
