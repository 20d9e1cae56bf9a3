"""`communique codebook`: which codebooks there are, what is in one, and whether a file of one's own is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.failing import guarded
from communique.cli.options import HELP, Knowledge, settings_of
from communique.showing import text as say

if TYPE_CHECKING:
    from communique.knowledge.codebook import Codebook
    from communique.knowledge.lexicon import Lexicon

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", context_settings=HELP)
Named = Annotated[str, typer.Argument(metavar="NAME|FILE", help="The name of a codebook, or its file.")]


@app.callback()
def _codebook() -> None:
    """List codebooks, show what one codes, check one of your own.

    A codebook says which types of events there are and by which words they are told. PLOVER is built in; another one
    is a TOML file, given by `--codebook FILE` or put into the folder of the setting `codebooks` to go by its name.
    """


@app.command("list")
@guarded
def list_() -> None:
    """List the codebooks that go by name.

    Examples:

    - `communique codebook list`
    """
    from communique.knowledge.own_codebook import read_codebook_head

    settings = settings_of(())
    table = _table()
    for name, path in settings.installed_codebooks.items():
        title = "PLOVER, draft 0.8, with CAMEO codes" if path is None else read_codebook_head(path).name
        table.add_row(Text(say.clean(name)), _about(title, "built in" if path is None else str(path)))
    render.show(render.console(), table)


@app.command()
@guarded
def show(name: Named, knowledge: Knowledge = None) -> None:
    """Show the types, modes and contexts of a codebook, with the number of patterns that tell each type.

    Examples:

    - `communique codebook show plover`

    - `communique codebook show trade.toml`
    """
    book, lexicon = _read(name, knowledge)
    patterns: dict[str, int] = {}
    for pattern in lexicon:
        patterns[pattern.cls.type] = patterns.get(pattern.cls.type, 0) + 1
    table = _table()
    for type_ in book.types.values():
        composed = sum(rule.type == type_.id for rule in lexicon.compositions)
        told = (say.counted(patterns.get(type_.id, 0), "pattern"), say.counted(composed, "composition"))
        number = ", ".join(said for said in told if not said.startswith("0 "))
        table.add_row(Text(say.clean(type_.id)), _about(f"{type_.name}. {type_.meaning}", number))
        for mode in type_.modes.values():
            table.add_row(Text(say.clean(f"  {mode.id}"), style="not bold"), Text(say.clean(mode.meaning)))
    if book.contexts:
        table.add_row(Text("contexts"), Text(say.clean(", ".join(book.contexts))))
    render.show(render.console(), table)


@app.command()
@guarded
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A codebook file.")]) -> None:
    """Check a codebook of your own and say what is in it, or the first error with file, line and remedy.

    Examples:

    - `communique codebook check trade.toml`
    """
    from tempfile import TemporaryDirectory

    from communique.knowledge import compile_knowledge
    from communique.knowledge.own_codebook import OF_CODEBOOK, read_codebook_head
    from communique.knowledge.tables import read_file

    head = read_codebook_head(file)
    if set(read_file(file)) - OF_CODEBOOK:  # actors, issues, places, which only compiling checks
        with TemporaryDirectory() as compiled:
            compile_knowledge((), Path(compiled), file)
    book, lexicon = _read(str(file), None)
    coding = {pattern.cls.id for pattern in lexicon if pattern.cls.type}
    silent = [t for t in book.types if t not in {p.cls.type for p in lexicon} | {c.type for c in lexicon.compositions}]
    said = [
        say.counted(len(book.types), "type"), say.counted(len(book.contexts), "context"),
        say.counted(len(coding), "class of patterns", "classes of patterns"),
        say.counted(sum(c.where.startswith(str(file)) for c in lexicon.compositions), "composition"),
    ]  # fmt: skip
    print(say.clean(f"OK: {head.id}: {', '.join(said)}."))
    if silent:
        print(say.clean(f"No pattern or composition gives {', '.join(silent)}."))


def _read(name: str, knowledge: list[Path] | None) -> tuple[Codebook, Lexicon]:
    from communique.knowledge import read_coding

    settings = settings_of(knowledge, name)
    return read_coding(settings.folders, settings.codebook_file)


def _table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1)
    return table


def _about(text: str, note: str) -> Text:
    return Text.assemble(say.clean(text), (f"  {say.clean(note)}", "dim"))
