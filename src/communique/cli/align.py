"""`communique align`: who stands with whom, on what, and how that moves."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.options import DataOrigin, Form, FromDay, Looks, MinConfidence, Raw, StoreFolder, UntilDay
from communique.showing.text import clean, short

if TYPE_CHECKING:
    from communique.alignment.views import Cell, Row

SHOWN = 50  # rows in a table, unless --limit says otherwise
_IDS = ("record", "against", "report")
_SIGNED = ("score", "before", "after", "change", "level", "stance", "S", "pi", "kappa", "value", "low", "high")

_OPENED = {
    "dyads": "`communique align records A B` lists the records of a score",
    "issues": "`communique align records A --issue ID` lists the records of a stance",
    "agreement": "`communique align issues A B` gives what they hold, `align records A --issue ID` its records",
}

What = Annotated[
    str,
    typer.Argument(
        metavar="dyads|series|changes|moves|issues|agreement|blocs|balance|shifts|contradictions|records",
        help="What to work out; see below.",
    ),
]
Actors = Annotated[
    list[str] | None, typer.Argument(metavar="[ACTOR]...", help="Codes of the actors; all, if none is named.")
]
Channel = Annotated[str | None, typer.Option(metavar="CHANNEL", help="deeds, words or positions only.")]
By = Annotated[str, typer.Option(metavar="PERIOD", help="week, month, quarter or year, for series and changes.")]
Split = Annotated[str | None, typer.Option(metavar="DATE", help="The day that parts before from after, for moves.")]
Within = Annotated[
    int, typer.Option(metavar="DAYS", min=0, help="How far apart words and deeds may lie, for contradictions.")
]
Issue = Annotated[str | None, typer.Option(metavar="ID", help="Only this issue, for issues and records.")]
Draws = Annotated[int, typer.Option(metavar="N", min=0, help="Resamples of the reports for intervals; 0: none.")]
Seed = Annotated[int, typer.Option(metavar="N", min=0, help="Seed of the resamples; the same gives the same.")]
Limit = Annotated[
    int | None, typer.Option(metavar="N", min=1, help=f"At most N rows. A table shows {SHOWN} if this is not given.")
]


def align(
    what: What, actors: Actors = None, *, store: StoreFolder, since: FromDay = None, until: UntilDay = None,
    channel: Channel = None, by: By = "month", split: Split = None, within: Within = 90,
    issue: Issue = None, draws: Draws = 1000, seed: Seed = 0, min_confidence: MinConfidence = 0.0, limit: Limit = None,
    origin: DataOrigin = None, raw: Raw = False, format: Looks = Form.table,
) -> None:  # fmt: skip
    """Work out who stands with whom, on what, and how that moves.

    Scores run from -1 (hostile) to 1 (friendly), with a 95 % interval from resampling reports. Deeds, words and
    positions are scored apart; other views take them together unless --channel names one.

    - `dyads`: the directed scores of each two actors. `records`: what a score of two actors rests on, or what one
      actor holds
    - `series`, `changes`: scores by period, and the periods in which their level changed
    - `moves`: who moved toward whom around a day (--split)
    - `issues`, `agreement`: who holds what, and how similar actors are (S, Scott's pi, Cohen's kappa)
    - `blocs`, `balance`: communities of friends, and how far friends of friends are friends
    - `shifts`, `contradictions`: changed stances, and deeds against one's own words, each with both records

    Examples:

    - `communique align dyads RUS CHN USA --store news --since 2022`

    - `communique align moves --store news --split 2022-02-24`

    - `communique align records RUS CHN --store news --channel positions`
    """
    from communique.alignment.views import Asked, view
    from communique.store import Filters, Store
    from communique.store.filters import first_day

    chosen = view(what)
    with Store.open(store, raw=raw) as opened:
        filters = Filters(since=since, until=until, min_confidence=min_confidence or None, origin=origin)
        codes = tuple(code.strip().upper() for code in actors or ())
        day = first_day(split or None) or ""
        asked = Asked(codes, filters, by, channel or "", day, draws, seed, within, issue or "")
        rows = chosen(opened, asked)
        if format is Form.table:
            _print_table(what, rows, SHOWN if limit is None else limit)
        else:
            kept = rows if limit is None else islice(rows, limit)
            (_print_csv if format is Form.csv else _print_lines)(kept)


def _print_lines(rows: Iterable[Row]) -> None:
    for row in rows:
        sys.stdout.write(orjson.dumps(row).decode() + "\n")


def _print_csv(rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is None:
        return
    writer = csv.DictWriter(sys.stdout, list(first), lineterminator="\n")
    writer.writeheader()
    writer.writerows(chain((first,), rows))


def _print_table(what: str, rows: Iterator[Row], most: int) -> None:
    console = render.console()
    found = list(islice(rows, most + 1))
    if not found:
        render.show(console, Text(f"No {what} in what the store holds. Ask with fewer filters, or for more actors."))
        return
    parts: list[RenderableType] = [_table(found[:most])]
    if len(found) > most:
        parts += [
            Text(),
            Text(f"The first {most} are shown. --limit N shows more, --format csv gives all.", style="dim"),
        ]
    if what in _OPENED:
        parts += [Text(), Text(f"{_OPENED[what]}, `communique explain ID` why each is there.", style="dim")]
    render.show(console, Group(*parts))


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, value in rows[0].items():
        table.add_column(name, justify="left" if isinstance(value, str) else "right")
    for row in rows:
        table.add_row(*(_cell(name, value) for name, value in row.items()))
    return table


def _cell(name: str, value: Cell) -> Text:
    if value is None:
        return Text("–", style="dim")
    if isinstance(value, str):
        return Text(short(value) if name in _IDS else clean(value))
    if isinstance(value, int):
        return Text(f"{value:,}")
    if name not in _SIGNED:
        return Text(f"{value:.2f}")
    return Text(f"{value:+.2f}", style="green" if value > 0 else "red" if value < 0 else "")
