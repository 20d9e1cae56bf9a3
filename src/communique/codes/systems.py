"""The systems of country codes that there are."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, get_args

System = Literal["iso3", "iso2", "isonum", "cow", "gw", "cameo", "fips", "name"]
NAMES: tuple[System, ...] = get_args(System)
SYSTEMS = MappingProxyType({
    "iso3": "ISO 3166-1 alpha-3, ISO 3166-3 for what is no more; what records write",
    "iso2": "ISO 3166-1 alpha-2",
    "isonum": "ISO 3166-1 numeric, three digits (ACLED)",
    "cow": "Correlates of War, by day (POLECAT)",
    "gw": "Gleditsch and Ward, by day",
    "cameo": "CAMEO (actors of GDELT)",
    "fips": "FIPS 10-4 (places of GDELT)",
    "name": "short English name; as input any name that the knowledge files have (ICEWS)",
})  # fmt: skip
