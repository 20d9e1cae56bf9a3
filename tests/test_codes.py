"""Codes of countries: both ways, by day."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from communique.cli.main import app
from communique.codes import SYSTEMS, all_countries, convert, find
from communique.errors import QueryError


@pytest.mark.parametrize(
    ("code", "of", "to", "on", "wanted"),
    [
        ("RUS", "iso3", "cow", "1985-01-01", "365"),  # the number of the state before it
        ("365", "cow", "iso3", "1985-01-01", "SUN"),
        ("365", "cow", "iso3", "", "RUS"),
        ("260", "cow", "iso3", "1980-01-01", "DEU"),
        ("255", "cow", "iso3", "", "DEU"),
        ("DEU", "iso3", "cow", "1980-01-01", "260"),
        ("UKR", "iso3", "cow", "1980-01-01", ""),  # no state of its own then
        ("YEM", "iso3", "gw", "", "678"),
        ("YEM", "iso3", "cow", "", "679"),
        ("AU", "fips", "iso3", "", "AUT"),
        ("AU", "iso2", "iso3", "", "AUS"),
        ("ROM", "cameo", "iso3", "", "ROU"),
        ("CS", "iso2", "iso3", "1980-01-01", "CSK"),
        ("276", "isonum", "fips", "", "GM"),
        ("4", "isonum", "iso3", "", "AFG"),
        ("russian federation", "name", "iso2", "", "RU"),
        ("GRL", "iso3", "fips", "", "GL"),
    ],
)
def test_codes_go_both_ways_by_day(code: str, of: str, to: str, on: str, wanted: str) -> None:
    assert convert(code, of=of, to=to, on=on) == wanted


@pytest.mark.parametrize("system", [s for s in SYSTEMS if s not in ("cow", "gw")])
def test_every_code_leads_back_to_its_country(system: str) -> None:
    for code, country in all_countries().items():
        other = convert(code, to=system, on=country.end)
        assert not other or convert(other, of=system, to="iso3", on=country.end) == code


@pytest.mark.parametrize(("system", "place"), [("cow", 2), ("gw", 3)])
def test_every_number_leads_back_to_its_state_on_its_first_and_last_day(system: str, place: int) -> None:
    for code, country in all_countries().items():
        for times in country.numbers:
            if times[place]:
                for day in filter(None, times[:2]):
                    assert convert(code, to=system, on=day) == times[place]
                    assert convert(times[place], of=system, to="iso3", on=day) == code


def test_territories_know_their_state() -> None:
    greenland = find("GL", of="fips")
    assert greenland is not None
    assert (greenland.code, greenland.state) == ("GRL", "DNK")


@pytest.mark.parametrize(
    "asked", [{"code": "ZZZ", "to": "cow"}, {"code": "RUS", "to": "kow"}, {"code": "RUS", "to": "cow", "on": "1985"}]
)
def test_what_there_is_not_is_said(asked: dict[str, str]) -> None:
    with pytest.raises(QueryError):
        convert(asked.pop("code"), **asked)


def test_the_command_prints_and_lists() -> None:
    run = CliRunner().invoke(app, ["codes", "convert", "AU", "GM", "--of", "fips", "--to", "iso3"])
    assert run.stdout == "AUT\nDEU\n"
    listed = CliRunner().invoke(app, ["codes", "list", "--on", "1985-01-01", "--format", "jsonl"])
    rows = {row["iso3"]: row for row in map(json.loads, listed.stdout.splitlines())}
    assert rows["DDR"]["cow"] == "265" and "SSD" not in rows and "GRL" not in rows
