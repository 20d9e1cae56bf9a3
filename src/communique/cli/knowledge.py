"""`communique knowledge`: look up what the program knows, and check files of one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.failing import FAILED, guarded, tell
from communique.cli.options import HELP, Codebook, Knowledge, day, settings_of
from communique.showing import text as say

if TYPE_CHECKING:
    from communique.knowledge.actors import ActorRow

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", context_settings=HELP)
Query = Annotated[str, typer.Argument(metavar="QUERY", help="A code, a name or a word.")]
_MOST = 40


class Part(StrEnum):
    """What an update is of."""

    people = "people"
    organisations = "organisations"
    places = "places"


@app.callback()
def _knowledge() -> None:
    """Look up the actors, issues and codes that the program knows, with the file and line that say so.

    All of it is in data files; a folder of your own files, given by `--knowledge`, adds to them or overrides them.
    """


@app.command()
@guarded
def actors(
    query: Query,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Only what holds on this day.")] = "",
    knowledge: Knowledge = None,
) -> None:
    """Look up states, organisations, groups, people, offices and roles by code or by any form of their names.

    People are listed with the offices that they held and the days on which they held them; `--on` keeps those of
    one day.

    Examples:

    - `communique knowledge actors Beijing`

    - `communique knowledge actors "Boris Johnson" --on 2022-02-04`
    """
    from communique.knowledge import load_knowledge

    wanted = day(on)
    rows = load_knowledge(settings_of(knowledge).folders).actors.search(query)
    held = [row for row in rows if not wanted or (row.start or "0") <= wanted <= (row.end or "9")]
    if rows and not held:
        tell(f"Nothing known under {query!r} holds on {wanted}. Leave --on out to see when it does.")
        raise typer.Exit(FAILED)
    _print(query, ((r.form, f"{r.code} {r.sector}".strip(), _describe(r), r.where) for r in held))


def _describe(row: ActorRow) -> str:
    """Return who is meant and as what: `Boris Johnson, head-of-government, 2019-07-24 to 2022-09-06`."""
    use = "" if row.use in ("name", row.kind) or row.use == row.office else row.use
    what = row.office if row.kind == "person" else f"{row.kind} ({use})" if use else row.kind
    name = row.name if row.name != row.form else ""
    when = f"{row.start or '...'} to {row.end or 'today'}" if row.start or row.end else ""
    return ", ".join(filter(None, (name, what, when)))


@app.command()
@guarded
def issues(query: Query, knowledge: Knowledge = None) -> None:
    """Look up the issues that positions are taken on, by id, by name or by a word of their description.

    Each comes with what it means to support it.

    Examples:

    - `communique knowledge issues taiwan`

    - `communique knowledge issues enlargement`
    """
    from communique.knowledge.issues import load_issues
    from communique.knowledge.tables import read_folders

    found = load_issues(read_folders(settings_of(knowledge).folders)).search(query)
    _print(query, ((i.id, "", f"{i.name}. To support it: {i.support}", i.where) for i in found))


@app.command()
@guarded
def codebook(query: Query, knowledge: Knowledge = None, codebook: Codebook = "") -> None:
    """Look up event types, modes, contexts, CAMEO codes, and the word patterns that lead to them.

    A word of the language ("condemn", "sanction") lists the patterns that hold it.

    Examples:

    - `communique knowledge codebook CONSULT`

    - `communique knowledge codebook sanction`

    - `communique knowledge codebook 042`
    """
    from communique.knowledge import read_coding

    settings = settings_of(knowledge, codebook)
    book, lexicon = read_coding(settings.folders, settings.codebook_file)
    rows = (*book.search(query), *lexicon.search(query))
    _print(query, ((r.id, r.kind, r.text, r.where) for r in rows))


@app.command()
@guarded
def update(
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Another folder for packs than the one that is read."),
    ] = None,
    only: Annotated[
        list[Part] | None, typer.Option("--only", help="Only this part; may be given several times.")
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="CODE", help="Only this state (ISO alpha-3); may be given several times."),
    ] = None,
    since: Annotated[int | None, typer.Option(metavar="YEAR", help="Terms of office that began since.")] = None,
    wikidata: Annotated[str, typer.Option(metavar="URL", help="A mirror of the Wikidata Query Service.")] = "",
    geonames: Annotated[str, typer.Option(metavar="URL", help="A mirror of the folder of GeoNames' dumps.")] = "",
    knowledge: Knowledge = None,
) -> None:
    """Bring people, organisations and places up to date from Wikidata and GeoNames, and say what changed.

    Needs a network; nothing else in the program does. Writes a *pack*, a folder of knowledge files with the day in its
    name, beside what is built in; what you do not ask for is carried over from the pack before. The newest pack of your
    own folder, or of the one that COMMUNIQUE_PACKS names, is read from then on; remove it to be without it. A pack that
    `--to` puts elsewhere is read where you name it: `--knowledge DIR/2026-11-28`.

    Examples:

    - `communique knowledge update`

    - `communique knowledge update --only people --state NOR --state SWE`
    """
    from dataclasses import replace

    from communique import update as updating

    settings = settings_of(knowledge)
    usual = updating.Sources()
    sources = replace(
        usual, parts=tuple(part.value for part in only or Part), states=tuple(code.upper() for code in state or ()),
        since=since or usual.since, wikidata=wikidata or usual.wikidata,
        geonames=geonames.rstrip("/") or usual.geonames,
    )  # fmt: skip
    with updating.Web() as web:
        pack, changes = updating.update(sources, to or settings.packs, web=web, folders=settings.knowledge, say=tell)
    lines = list(changes.lines())
    for line in lines[:_MOST]:
        print(say.clean(line))
    if len(lines) > _MOST:
        print(f"... and {len(lines) - _MOST:,} more in {say.clean(str(pack / 'changes.txt'))}")
    print(say.clean(f"{say.counted(len(lines), 'change', 'changes')}; the pack is {pack}"))


@app.command()
@guarded
def check(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of knowledge files.")]) -> None:
    """Check a folder of your own knowledge files and say what is in it, or the first error with file and line.

    Examples:

    - `communique knowledge check my-knowledge`
    """
    from communique.knowledge import check_knowledge
    from communique.knowledge.tables import read_folders

    check_knowledge((folder,))  # nothing is kept: the folder may be another one after the next edit
    tables = read_folders((folder,))
    own = Counter({name: sum(not raw.builtin for raw in rows) for name, rows in tables.items()})
    found = ", ".join(say.counted(n, f"{name} entry", f"{name} entries") for name, n in sorted(own.items()) if n)
    if not found:
        tell(f"{folder} holds no entries. Write them into .toml or .csv files in that folder.")
        raise typer.Exit(FAILED)
    print(say.clean(f"OK: {found}."))


def _print(query: str, rows: Iterable[tuple[str, str, str, str]]) -> None:
    """Print rows of (name, code, what it is, where it stands) as a table, or say that there are none."""
    found = list(dict.fromkeys(rows))
    if not found:
        tell(f"Nothing is known under {query!r}. Try a shorter word or another form of it.")
        raise typer.Exit(FAILED)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="bold", max_width=34, overflow="fold")
    if any(code for _, code, _, _ in found[:_MOST]):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for name, code, text, where in found[:_MOST]:
        about = Text.assemble(say.clean(text), (f"  {say.clean(where)}" if where else "", "dim"))
        cells = [Text(say.clean(name)), Text(say.clean(code)), about]
        table.add_row(*(cells if len(table.columns) == 3 else (cells[0], cells[2])))
    console = render.console()
    render.show(console, table)
    if len(found) > _MOST:
        render.show(console, Text(f"and {len(found) - _MOST:,} more; ask more narrowly to see them.", style="dim"))
