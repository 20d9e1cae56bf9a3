"""`communique audit`: draw records at random, judge them, and see how often the store is right."""

from __future__ import annotations

import getpass
import math
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.failing import guarded
from communique.cli.options import HELP, FromDay, MinConfidence, StoreFolder, UntilDay
from communique.showing import finding
from communique.showing.text import clean, counted

if TYPE_CHECKING:
    from communique.evaluation.proportions import Share
    from communique.store import Draw, Store

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", context_settings=HELP)
DrawId = Annotated[
    str, typer.Argument(metavar="[DRAW]", help="The id of a draw, or its beginning; the last one if not given.")
]
_SHOWN = 10


@app.callback()
def _audit() -> None:
    """Draw records at random, judge them, and see how often the store is right.

    A draw takes so many records of each stratum (kind, type, band of confidence) as it has of all, and is kept. The
    judgements are those of `communique correct`: a record that is accepted was right, one that is rejected or amended
    was not.
    """


@app.command()
@guarded
def draw(
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="How many records.")],
    store: StoreFolder,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed draws the same of the same records.")] = 0,
    by: Annotated[
        str, typer.Option(metavar="NAMES", help="What makes a stratum: some of kind, type, confidence.")
    ] = "kind,type,confidence",
    who: Annotated[str, typer.Option(metavar="NAME", help="Who draws; if not given, who is logged in.")] = "",
    since: FromDay = None,
    until: UntilDay = None,
    min_confidence: MinConfidence = 0.0,
) -> None:
    """Draw records at random, by stratum.

    Examples:

    - `communique audit draw 200 --store news --seed 7`

    - `communique audit draw 50 --store news --by kind --since 2022`
    """
    from communique.store import Filters, Store

    names = tuple(name.strip() for name in by.split(",") if name.strip())
    filters = Filters(since=since, until=until, min_confidence=min_confidence or None)
    with Store.open(store) as opened:
        made = opened.draw(number, who=who or getpass.getuser(), seed=seed, by=names, filters=filters)  # type: ignore[arg-type]
    print(
        f"{made.id}: {counted(len(made.drawn), 'record')} drawn from {counted(len(made.strata), 'stratum', 'strata')}."
    )


@app.command("list")
@guarded
def list_(store: StoreFolder) -> None:
    """List the draws of a store.

    Examples:

    - `communique audit list --store news`
    """
    from communique.evaluation.judged import audit
    from communique.store import Store

    with Store.open(store) as opened:
        judged = opened.judged()
        for each in opened.draws():
            done = len(each.drawn) - len(audit(each, judged).left)
            print(f"{each.id}  {each.at[:10]}  {clean(each.who)}  seed {each.seed}  {done} of {len(each.drawn)} judged")


@app.command("next")
@guarded
def next_(
    store: StoreFolder,
    which: DrawId = "",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most N.")] = _SHOWN,
) -> None:
    """Show the records of a draw that nobody has judged yet, as they were coded.

    Examples:

    - `communique audit next --store news`
    """
    from communique.evaluation.judged import audit
    from communique.store import Store

    with Store.open(store) as opened:
        left = audit(_chosen(opened, which), opened.judged()).left[:limit]
        reports = opened.reports(record.report for record in left)
    parts: list[RenderableType] = []
    for record in left:
        parts += [Text()] * bool(parts)
        parts.append(render.card(record, finding.report_of(record, reports), origin=True))
    if not parts:
        parts.append(Text("All are judged. `communique audit show` gives the precision."))
    render.show(render.console(), Group(*parts))


@app.command()
@guarded
def show(store: StoreFolder, which: DrawId = "") -> None:
    """Show how often the records of a draw are right: of all, with the strata by their sizes, and by stratum.

    Examples:

    - `communique audit show --store news`
    """
    from communique.evaluation.judged import audit
    from communique.store import Store

    with Store.open(store) as opened:
        found = audit(_chosen(opened, which), opened.judged())
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("stratum", "precision", "95 %", "right", "judged", "records"):
        table.add_column(name, justify="left" if name == "stratum" else "right")
    _add(table, "all, by size", found.overall, sum(found.sizes.values()))
    for name, share in found.strata.items():
        if share.number:
            _add(table, name or "all", share, found.sizes.get(name, 0))
    notes = []
    if found.left:
        notes.append(f"{counted(len(found.left), 'record')} left to judge; `communique audit next` shows them.")
    if 0 < found.covered < 1:
        notes.append(f"The strata with a judgement make up {found.covered:.0%} of all records.")
    render.show(render.console(), Group(table, *(Text(note, style="dim") for note in notes)))


def _add(table: Table, name: str, share: Share, size: int) -> None:
    value = "–" if math.isnan(share.share) else f"{share.share:.3f}"
    table.add_row(
        Text(clean(name)), value, f"{share.low:.3f}-{share.high:.3f}", f"{share.right:,}", f"{share.number:,}",
        f"{size:,}",
    )  # fmt: skip


def _chosen(store: Store, which: str) -> Draw:
    from communique.errors import QueryError

    if which:
        return store.drawn(which)
    if draws := store.draws():
        return draws[-1]
    raise QueryError("Nothing was drawn yet. `communique audit draw N` draws records.")
