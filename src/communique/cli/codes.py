"""`communique codes`: codes of countries from one system into another."""

from __future__ import annotations

import csv
import sys
from typing import Annotated

import orjson
import typer
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.failing import guarded
from communique.cli.options import HELP, Form, Looks, day
from communique.showing.flat import guard

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", context_settings=HELP)
_SYSTEMS = "iso3|iso2|isonum|cow|gw|cameo|fips|name"
On = Annotated[str, typer.Option("--on", metavar="DATE", help="As of this day (YYYY-MM-DD); today, if not given.")]


@app.callback()
def _codes() -> None:
    """Codes of countries, both ways, by day: ISO 3166, Correlates of War, Gleditsch and Ward, CAMEO, FIPS, names."""


@app.command()
@guarded
def convert(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...", help="Codes, or names with --of name.")],
    to: Annotated[str, typer.Option("--to", metavar=_SYSTEMS, help="The system to write.")],
    of: Annotated[str, typer.Option("--of", metavar=_SYSTEMS, help="The system of the codes that are given.")] = "iso3",
    on: On = "",
) -> None:
    """Print the codes of countries in another system, one a line; an empty line where there is none.

    Examples:

    - `communique codes convert RUS --to cow --on 1985-01-01`

    - `communique codes convert AU GM --of fips --to iso3`
    """
    from communique.codes import convert as converted

    when = day(on)
    for found in [converted(code, to=to, of=of, on=when) for code in codes]:
        print(found)


@app.command("list")
@guarded
def list_(
    on: On = "",
    all: Annotated[bool, typer.Option("--all", help="Also countries that are no more, and territories.")] = False,
    format: Looks = Form.table,
) -> None:
    """List the countries with their codes in every system.

    Examples:

    - `communique codes list --on 1985-01-01 --format csv > codes-1985.csv`
    """
    from communique.codes import SYSTEMS, all_countries
    from communique.codes import convert as converted

    when = day(on)
    shown = [c for c in all_countries().values() if all or (c.exists_on(when or "9") and not c.state)]
    rows = [{system: converted(c.code, to=system, on=when) for system in SYSTEMS} for c in shown]
    if format is Form.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(SYSTEMS)
        writer.writerows([guard(cell) for cell in row.values()] for row in rows)
    elif format is Form.jsonl:
        for row in rows:
            print(orjson.dumps(row).decode())
    else:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for system in SYSTEMS:
            table.add_column(system)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row.values()))
        render.show(render.console(), table)
