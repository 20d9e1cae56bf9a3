"""Commands that other distributions, or parts of ours that not everybody wants, add to the command line.

An entry point of the group `communique.commands` names a function that typer can read. It is looked for only when it is
asked for, or when commands are listed.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperGroup

from communique.cli.failing import guarded, tell
from communique.cli.options import HELP

GROUP = "communique.commands"


class Commands(TyperGroup):
    """The commands of the program, those of entry points after our own; ours cannot be replaced."""

    def list_commands(self, ctx: Any) -> list[str]:
        own = super().list_commands(ctx)
        return [*own, *sorted(set(_found()) - set(own))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        entry = _found().get(cmd_name)
        return None if entry is None else _loaded(entry)


def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _loaded(entry: EntryPoint) -> Any:
    """Return the command of an entry point; None, after a line that says so, for one that cannot be loaded."""
    try:
        function = entry.load()
    except (ImportError, AttributeError) as error:
        tell(f"the command {entry.name!r} of {entry.value!r} cannot be loaded: {error}. Install it anew, or remove it.")
        return None
    app = typer.Typer(add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False,
                      context_settings=HELP)  # fmt: skip
    app.command(entry.name)(guarded(function))
    return typer.main.get_command(app)
