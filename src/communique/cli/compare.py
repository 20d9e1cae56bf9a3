"""`communique compare`: two datasets, in one store or two, held against each other."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.options import Form, FromDay, Looks, MinConfidence, UntilDay
from communique.errors import QueryError
from communique.records import Event
from communique.showing.flat import guard
from communique.showing.text import clean

if TYPE_CHECKING:
    from communique.alignment.datasets import Agreement, Comparison, Coverage, Dataset, Difference
    from communique.store import Store

_COLUMNS = ("source", "target", "period", "a", "b", "more_in", "times")


def compare(
    stores: Annotated[list[Path], typer.Argument(metavar="DIR [DIR]", help="One store, or two.")],
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="NAME",
                     help="A dataset: communique, or a format that was imported. Twice: of the first and the second."),
    ] = None,
    by: Annotated[str, typer.Option(metavar="PERIOD", help="day, week, month, quarter or year.")] = "month",
    actor: Annotated[str | None, typer.Option(metavar="CODE", help="Events in which this actor takes part.")] = None,
    since: FromDay = None,
    until: UntilDay = None,
    min_confidence: MinConfidence = 0.0,
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="So many differences.")] = 10,
    format: Looks = Form.table,
) -> None:  # fmt: skip
    """Hold two datasets against each other: coverage, agreement, and where they differ most.

    The datasets are two stores, or two origins in one store. Events count by directed dyad and period, what is told of
    one day, type and mode once. Agreement is worked out over the periods that both cover: the share of dyad-periods in
    which both have events, correlations of the counts, and of the mean Goldstein scores. Differences are those that
    the sizes of the datasets do not explain, with events that show them.

    Examples:

    - `communique compare news --origin communique --origin icews`

    - `communique compare news other-store --since 2018 --by quarter --format jsonl`
    """
    from communique.alignment.datasets import compare as compared

    with ExitStack() as open_ones:
        a, b = _datasets(open_ones, stores, origin or [], actor, since, until, min_confidence)
        found = compared(a, b, period=by, most=limit)
        if format is Form.table:
            render.show(render.console(), Group(*_shown(found)))
        elif format is Form.csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(_COLUMNS)
            for each in found.differences:
                writer.writerow([guard(getattr(each, column)) for column in _COLUMNS])
        else:
            for line in _lines(found):
                print(orjson.dumps(line).decode())


def _datasets(
    open_ones: ExitStack, stores: list[Path], origins: list[str], actor: str | None, since: str | None,
    until: str | None, min_confidence: float,
) -> tuple[Dataset, Dataset]:  # fmt: skip
    """Return the two datasets that are meant. Raises QueryError where it is not two."""
    from communique.alignment.datasets import Dataset
    from communique.store import Filters, Store

    if len(stores) > 2 or len(origins) > 2 or (len(stores) == 1 and len(origins) != 2):
        raise QueryError(
            "Two datasets are compared: give two stores, or one store and --origin twice, as in "
            "`communique compare news --origin communique --origin icews`."
        )
    opened: list[Store] = [open_ones.enter_context(Store.open(path)) for path in stores]
    names = origins * 2 if len(origins) == 1 else origins or [""] * 2
    found = []
    for n in range(2):
        filters = Filters(
            actor=actor, since=since, until=until, min_confidence=min_confidence or None, origin=names[n] or None
        )
        where = str(stores[n % len(stores)])
        name = names[n] if len(stores) == 1 else f"{where}:{names[n]}" if names[n] else where
        found.append(Dataset(name, opened[n % len(opened)], filters))
    return found[0], found[1]


def _shown(found: Comparison) -> Iterator[RenderableType]:
    yield _coverage(found.a, found.b, found.period)
    yield Text()
    if found.agreement is None:
        yield Text("No period is covered by both, so that nothing can be compared.")
        return
    yield from _agreement(found.agreement, found)
    if found.differences:
        yield Text()
        yield Text("Where they differ most, given their sizes:", style="bold")
        yield from _differences(found)


def _coverage(a: Coverage, b: Coverage, period: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    for each in (a, b):
        table.add_column(clean(each.name), justify="right")
    rows = (("events", "events"), ("between two actors, once a day and sort", "counted"), ("actors", "actors"),
            ("directed dyads", "dyads"), (f"dyad-{period}s", "dyad_periods"))  # fmt: skip
    for label, name in rows:
        table.add_row(label, f"{getattr(a, name):,}", f"{getattr(b, name):,}")
    for label, name in ((f"first {period}", "first"), (f"last {period}", "last")):
        table.add_row(label, getattr(a, name), getattr(b, name))
    return table


def _agreement(found: Agreement, whole: Comparison) -> Iterator[RenderableType]:
    from communique.alignment.datasets import as_text

    span = f"{found.first} to {found.last}"
    yield Text(f"Agreement over the {whole.period}s that both cover ({span})", style="bold")
    total = found.both + found.only_a + found.only_b
    a, b = clean(whole.a.name), clean(whole.b.name)
    yield Text(
        f"{found.both:,} of {total:,} dyad-{whole.period}s are in both ({found.shared:.0%}), "
        f"{found.only_a:,} only in {a}, {found.only_b:,} only in {b}."
    )
    yield Text(
        f"Counts correlate at {as_text(found.pearson)} (of their logarithms; ranks {as_text(found.spearman)}), "
        f"mean Goldstein scores at {as_text(found.tone)}."
    )


def _differences(found: Comparison) -> Iterator[RenderableType]:
    a, b = clean(found.a.name), clean(found.b.name)
    for each in found.differences:
        yield Text(
            f"{each.source} → {each.target}  {each.period}  {a} {each.a:,}, {b} {each.b:,}: "
            f"{each.times:g} times as many in {clean(each.more_in)} as expected"
        )
        for event in each.examples:
            yield Text(f"    {_example(event)}", style="dim")


def _example(event: Event) -> str:
    who = ", ".join(actor.person or actor.name or actor.text for actor in event.actors)
    whom = ", ".join(actor.person or actor.name or actor.text for actor in event.recipients)
    kind = f"{event.type or event.cameo} {event.mode}".strip()
    return clean(f"{event.date.start or event.date.end} {kind}: {who}{f' → {whom}' if whom else ''} ({event.id})")


def _lines(found: Comparison) -> Iterator[dict[str, Any]]:
    for side, coverage in (("a", found.a), ("b", found.b)):
        yield {"kind": "coverage", "dataset": side, "period": found.period, **asdict(coverage)}
    if found.agreement:
        yield {"kind": "agreement", **asdict(found.agreement)}
    for each in found.differences:
        yield _difference(each)


def _difference(found: Difference) -> dict[str, Any]:
    plain = {column: getattr(found, column) for column in _COLUMNS}
    return {"kind": "difference", **plain, "examples": [event.id for event in found.examples]}
