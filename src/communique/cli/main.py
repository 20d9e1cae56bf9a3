"""The entry point: `communique`, and `python -m communique`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from communique import __version__
from communique.cli import (
    align,
    audit,
    brief,
    code,
    codebook,
    codes,
    compare,
    correct,
    evaluate,
    explain,
    export,
    furniture,
    importing,
    index,
    knowledge,
    read,
    retry,
    show,
    status,
    watch,
)  # fmt: skip
from communique.cli.failing import STOPPED, guarded, on_bug
from communique.cli.options import HELP
from communique.cli.plugins import Commands

app = typer.Typer(
    name="communique",
    cls=Commands,
    invoke_without_command=True,
    add_completion=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings=HELP,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"communique {__version__}")
        raise typer.Exit


@app.callback()
def _communique(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Read political news; keep who did what to whom, who said what, and who backs or opposes whom and what.

    Each record opens to the sentence that proves it. Start with `communique code FILE`, which prints what a report
    says and keeps nothing; `communique read` keeps it in a store, `communique show` asks the store, and
    `communique explain` says why a record is there.
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


app.command("code")(guarded(code.code))
app.command("read")(guarded(read.read))
app.command("watch")(guarded(watch.watch))
app.command("status")(guarded(status.status))
app.command("retry")(guarded(retry.retry))
app.command("show")(guarded(show.show))
app.command("align")(guarded(align.align))
app.command("brief")(guarded(brief.brief))
app.command("index")(guarded(index.index))
app.command("export")(guarded(export.export))
app.command("import")(guarded(importing.import_))
app.command("compare")(guarded(compare.compare))
app.command("furniture")(guarded(furniture.furniture))
app.command("explain")(guarded(explain.explain))
app.command("evaluate")(guarded(evaluate.evaluate))
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(codebook.app, name="codebook")
app.add_typer(codes.app, name="codes")
app.add_typer(correct.app, name="correct")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line; the exit codes are those of `communique.cli.failing`."""
    sys.excepthook = on_bug
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show a character shows another, and goes on
            stream.reconfigure(errors="replace")
    try:
        # The command itself, not `app()`: that would put typer's own hook in the place of ours.
        typer.main.get_command(app)(prog_name="communique")
    except KeyboardInterrupt:
        raise SystemExit(STOPPED) from None
