"""`communique evaluate`: score the program against a gold file."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.gold import corrections
from communique.cli.options import Knowledge, Model, settings_of
from communique.cli.scorers import SCORERS, Scored
from communique.errors import InputError
from communique.showing import text as say

_MOST_WRONG = 40


class Task(StrEnum):
    """What is scored."""

    actors = "actors"
    attribution = "attribution"
    corrections = "corrections"
    dates = "dates"
    places = "places"
    relation = "relation"
    stance = "stance"


def evaluate(
    task: Annotated[Task, typer.Argument(help="What is scored.")],
    gold: Annotated[
        Path,
        typer.Argument(metavar="GOLD", help="The gold file: one JSON object a line; dates: CSV; corrections: a store."),
    ],
    predictions: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write what was predicted, one JSON object a line.")
    ] = None,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="List what was wrong; labels: the most confident first.")
    ] = False,
    model: Model = True,
    knowledge: Knowledge = None,
) -> None:
    """Score the program against a gold file.

    Prints the measures of the task (explained in the documentation, under *Benchmarks*), each with its counts.
    `actors`: the share of phrases whose country and sector are right. `places`: recall, accuracy within 161 km of those
    found, and their product. `dates`: the share of phrases whose interval is right. `attribution`: F1 of the characters
    inside what is said, and of attributions. `relation` and `stance`: macro-F1 and micro-F1 of the labels between two
    given parties, with a confusion matrix. `corrections`: of a store, or of a file that `communique correct export`
    wrote, the share of judged records that were right, by kind and type; of a store also what the program gives of it
    by now.

    Examples:

    - `communique evaluate actors phrases.jsonl --wrong`

    - `communique evaluate places places.jsonl --predictions out.jsonl`

    - `communique evaluate relation pairs.jsonl --no-model --wrong`
    """
    from communique.pipeline import load

    if not gold.is_file() and not (gold.is_dir() and task is Task.corrections):
        form = "a CSV table of dates" if task is Task.dates else "a file with one JSON object a line"
        raise InputError(f"No gold file {str(gold)!r}. Give {form}.")
    if predictions is not None and task is Task.dates:
        raise InputError("A table of dates has no predictions to write. Use --wrong.")
    if task is Task.corrections:
        scored = corrections(settings_of(knowledge, model=model), gold)
    else:
        scored = SCORERS[task.value](load(settings=settings_of(knowledge, model=model)), gold)
    if predictions is not None:
        predictions.write_text(
            "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in scored.predicted), encoding="utf-8"
        )
    console = render.console()
    grid = Table.grid(padding=(0, 2))
    for name, value in scored.measures.items():
        grid.add_row(name, value)
    render.show(console, grid)
    if scored.matrix:
        render.show(console, _matrix(scored))
    for line in scored.faults[:_MOST_WRONG] if wrong else ():
        console.print(say.clean(line), markup=False, highlight=False, soft_wrap=True)
    if wrong and len(scored.faults) > _MOST_WRONG:
        where = "" if task is Task.dates else "; --predictions has all that was predicted"
        console.print(f"... and {len(scored.faults) - _MOST_WRONG} more{where}.", style="dim")


def _matrix(scored: Scored) -> Table:
    """Return the confusion matrix: a row for each wanted label, a column for each that was given."""
    table = Table(title="wanted ↓ given →", box=None, padding=(0, 0, 0, 1), title_justify="left", title_style="dim")
    table.add_column("", no_wrap=True)
    for name in (*scored.labels, "-"):
        table.add_column(name[:3], justify="right", no_wrap=True)
    for wanted, counts in scored.matrix:
        cells = [
            Text(str(count or "·"), style="bold" if wanted == given else "")
            for given, count in zip((*scored.labels, ""), counts, strict=True)
        ]
        table.add_row(wanted, *cells)
    return table
