"""`communique code`: print what a report says, keep nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli import render
from communique.cli.failing import FAILED, tell
from communique.cli.options import (
    Codebook,
    Knowledge,
    Look,
    Map,
    MinConfidence,
    Model,
    Published,
    day,
    failure_line,
    items_of,
    print_lines,
    settings_of,
)
from communique.records import Coding, Failure

if TYPE_CHECKING:
    from rich.console import Console


def code(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A file of one report or many, a web address, or - for standard input."),
    ],
    published: Published = "",
    map: Map = None,
    format: Annotated[Look, typer.Option("--format", help="For people, or one JSON object a line.")] = Look.table,
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
    min_confidence: MinConfidence = 0.0,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "",
    outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
    url: Annotated[str, typer.Option(help="Where it was published.")] = "",
) -> None:
    """Code a report and print its deeds, words and positions, each with the sentence that proves it.

    Nothing is stored. The table is for reading; `--format jsonl` prints the report and then its records in text
    order, one JSON object a line, for other programs. Give the day of publication where you know it: days such as
    “Friday” are counted from it, and who “the president” is depends on it.

    Examples:

    - `communique code report.txt --published 2022-02-04`

    - `curl -s https://example.org/report.txt | communique code - --outlet "Example"`

    - `communique code report.txt --format jsonl | jq 'select(.kind == "event") | .type'`
    """
    settings = settings_of(knowledge, codebook, model=model, columns=map)
    items = items_of([file], settings, published=day(published), title=title, outlet=outlet, url=url)
    first = next(items, None)  # an input that cannot be read is said before the language model is loaded
    if isinstance(first, Failure) and first.source == file:
        tell(first.cause)
        raise typer.Exit(FAILED)

    from itertools import chain

    from communique.engines.loading import load_coder

    coder = load_coder(settings)
    console = render.console()
    failed = False
    for number, result in enumerate(coder.stream(chain(() if first is None else (first,), items))):
        if isinstance(result, Failure):
            tell(result.cause if result.source in (file, "-") else failure_line(result))
            failed = True
            continue
        result = result.surer(min_confidence)
        if format is Look.jsonl:
            print_lines((result.report, *result.records))
        else:
            _print_table(console, result, number)
    if failed:
        raise typer.Exit(FAILED)


def _print_table(console: Console, result: Coding, number: int) -> None:
    if number:
        console.print("\n" + "═" * min(console.width, 72) + "\n", style="dim")
    render.show(console, render.coding(result, colour=console.color_system is not None))
