"""A brief on a terminal, or as a text file."""

from __future__ import annotations

import io

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.showing.entries import Entry
from communique.showing.page import Cell, Page, Section

_TONES = {"for": "bold blue", "against": "bold red", "open": "bold", "none": "dim"}
_WIDTH = 100  # of a file


def rendered(page: Page) -> RenderableType:
    """Return a page for the console."""
    parts: list[RenderableType] = [Text(page.title, style="bold"), Text(page.kicker, style="dim"), Text(page.basis)]
    parts += [Text(), _rule("Standing")]
    if page.rows:
        parts += [Text(page.corner, style="dim"), _table(page)]
    parts += [Text(note, style="dim") for note in page.standing]
    parts += [Text(), _rule("Over time")]
    for line in page.moving:
        parts.append(Text.assemble((f"{line.name}: " if line.name else "", "bold"), line.told))
        if line.bars:
            parts.append(Padding(Text(line.bars, style="dim", overflow="fold"), (0, 0, 0, 2)))
    parts += [Text(page.caption, style="dim")] * bool(page.caption)
    for section in (*page.left, *page.right):
        parts += [Text(), *_section(section)]
    return Group(*parts, Text(), *(Text(line, style="dim") for line in page.footer))


def as_file(page: Page) -> bytes:
    """Return a page as a text file: no colours, lines of at most 100 characters."""
    console = Console(file=io.StringIO(), width=_WIDTH, no_color=True, markup=False, highlight=False, emoji=False,
                      force_terminal=False, legacy_windows=False)  # fmt: skip
    render.show(console, rendered(page))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().encode("utf-8", "replace")


def _rule(title: str) -> RenderableType:
    return Rule(Text(f"{title} ", style="bold"), align="left", style="dim", characters="─")


def _table(page: Page) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=False)
    table.add_column("", ratio=1, min_width=12)
    for column in page.columns:
        table.add_column(column)
    for row in page.rows:
        name = Text(row.name, style="bold" if row.cells else "dim")
        if row.note:
            name.append(f" {row.note}", "not bold dim")
        table.add_row(name, *map(_cell, row.cells))
    return table


def _cell(cell: Cell) -> Text:
    parts = [(cell.value, _TONES[cell.tone])]
    if cell.interval:
        parts.append((f"\n{cell.interval}", "dim"))
    if cell.basis:
        parts.append((f"\n{cell.basis}", "dim"))
    return Text.assemble(*parts)


def _section(section: Section) -> list[RenderableType]:
    parts: list[RenderableType] = [_rule(section.title)]
    for number, entry in enumerate(section.entries):
        parts += [Text()] * bool(number) + [_entry(entry)]
    parts += [Text(line, style="dim") for line in (*section.notes, section.more) if line]
    return parts


def _entry(entry: Entry) -> RenderableType:
    body: list[RenderableType] = [Text(entry.head, style="bold")]
    line = Text(entry.what, style=_TONES[entry.tone])
    for mark in entry.marks:
        line.append_text(Text.assemble((" · ", "dim"), mark))
    body.append(line)
    for quote in entry.quotes:
        words = f"“{quote.words}”" if quote.words else "(no words kept)"
        body.append(Text(f"{quote.mark}: {words}" if quote.mark else words))
        body.append(Text(f"— {quote.where} · {quote.record}", style="dim"))
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=11, no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(Text(entry.day, style="bold"), Group(*body))
    return grid
