"""Codes of countries from one system into another, by day.

    >>> from communique.codes import convert
    >>> convert("RUS", to="cow", on="1985-01-01")
    '365'
    >>> convert("AU", of="fips", to="iso3")
    'AUT'

Our own records write ISO 3166-1 alpha-3 (`iso3`). The numbers of the Correlates of War Project (`cow`) and of Gleditsch
and Ward (`gw`) depend on the day; the other systems do not, but a code that was given twice (`CS`) goes to the country
that there was on the day.
"""

from communique.codes.countries import Country, all_countries, convert, find
from communique.codes.systems import SYSTEMS, System

__all__ = ["SYSTEMS", "Country", "System", "all_countries", "convert", "find"]
