"""The parts of the reference that are drawn from the code: commands with their options, settings, fields of records.

A page holds `<!-- table: NAME -->` and `<!-- /table -->`; what stands between them is written by `fill`. Some tables
are of one thing, which is named after them: `<!-- table: examples ASSAULT -->`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import docs_codebook
import docs_data
import docs_knowledge
import docs_measured
import docs_provenance
import docs_rest
from communique import records
from communique.settings import Settings
from docs_types import cell, name_of_type

_MARKED = re.compile(r"(<!-- table: ([a-z-]+)(?: ([\w-]+))? -->\n).*?(<!-- /table -->)", re.DOTALL)


def fill(text: str) -> str:
    """Return `text` with every marked table as the code has it now. Raises KeyError for an unknown table."""
    return _MARKED.sub(lambda m: f"{m[1]}\n{_drawn(m[2], m[3]).strip()}\n\n{m[4]}", text)


def _drawn(name: str, of: str | None) -> str:
    return TABLES[name]() if of is None else OF_ONE[name](of)


def settings() -> str:
    rows = ["| field | environment variable | default | meaning |", "| --- | --- | --- | --- |"]
    for name, info in Settings.model_fields.items():
        # A default that is made depends on the machine.
        default = "" if info.default_factory else f"`{info.get_default()!r}`"
        rows.append(f"| `{name}` | `COMMUNIQUE_{name.upper()}` | {default} | {cell(info.description or '')} |")
    return "\n".join(rows)


def commands() -> str:
    """Return one section for each command: what it does, its arguments and options."""
    return "\n\n".join(_commands())


def _commands() -> Iterator[str]:
    import typer

    from communique.cli.main import app

    yield from _command(typer.main.get_command(app), "communique")


def _command(command: Any, path: str) -> Iterator[str]:
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            child = command.get_command(None, name)
            if not child.hidden:
                yield from _command(child, f"{path} {name}")
        return
    rows = [f"## `{path}`", "", _first_paragraph(command.help or ""), ""]
    rows += ["| argument or option | default | meaning |", "| --- | --- | --- |"]
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or parameter.name == "help":
            continue
        option = parameter.param_type_name == "option"
        label = (
            ", ".join(parameter.opts + parameter.secondary_opts)
            if option
            else (parameter.metavar or parameter.name.upper())
        )
        plain = parameter.default in (None, (), [], False, "") or "Sentinel" in repr(parameter.default)
        default = "" if plain else f"`{parameter.default}`"
        rows.append(f"| `{cell(label)}` | {default} | {cell(getattr(parameter, 'help', '') or '')} |")
    yield "\n".join(rows)


def _first_paragraph(text: str) -> str:
    return " ".join(re.split(r"\n\s*\n|\b\x08", text.strip())[0].split())


def fields() -> str:
    """Return one table for each class of the record, with the names and types of its fields."""
    shapes: list[type[Any]] = [
        records.Report, records.Event, records.Statement, records.Position, records.Actor, records.DateInterval,
        records.Place, records.Magnitude, records.Evidence, records.Removed, records.Failure,
    ]  # fmt: skip
    return "\n\n".join(_fields(shape) for shape in shapes)


def _fields(shape: type[Any]) -> str:
    hints = get_type_hints(shape)
    rows = [
        f"### {shape.__name__}",
        "",
        " ".join((shape.__doc__ or "").split()),
        "",
        "| field | type |",
        "| --- | --- |",
    ]
    for each in dataclasses.fields(shape):
        rows.append(f"| `{each.name}` | {cell(name_of_type(hints[each.name]))} |")
    return "\n".join(rows)


def formats() -> str:
    """Return one section for each format: its columns, and what it cannot carry."""
    from communique.exchange import registry
    from communique.exchange.fields import fields as columns_of

    return "\n\n".join(_format(name, registry, columns_of) for name in registry.OWN)


def _format(name: str, registry: Any, columns_of: Any) -> str:
    one = registry.format_of(name)
    way = "written and read" if one.read else "written"
    rows = [f"## `{name}`", "", f"{one.title}; {way}."]
    if one.done:
        rows[-1] += " Only events that took place."
    if one.lost:
        rows += ["", f"No place for: {'; '.join(one.lost)}."]
    if one.unread:
        rows += ["", f"Not kept when read: {'; '.join(one.unread)}."]
    try:
        columns = columns_of(name)
    except FileNotFoundError:  # not a table, or with the fields of our records
        return "\n".join(rows)
    rows += ["", "| field | ours | note |", "| --- | --- | --- |"]
    rows += [f"| `{each.name}` | {cell(each.ours)} | {cell(each.note)} |" for each in columns]
    return "\n".join(rows)


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "commands": commands,
    "fields": fields,
    "formats": formats,
    "knowledge": docs_knowledge.knowledge,
    "provenance": docs_provenance.provenance,
    "types": docs_codebook.types,
    "contexts": docs_codebook.contexts,
    "issues": docs_codebook.issues,
    "cameo": docs_codebook.roots,
    "coverage": docs_data.coverage,
    "rest": docs_rest.operations,
    "shapes": docs_rest.shapes,
    "statuses": docs_rest.statuses,
    "evaluation": docs_data.evaluation,
}
OF_ONE: dict[str, Callable[[str], str]] = {
    "type": docs_codebook.type_facts,
    "examples": docs_codebook.type_examples,
    "others": docs_codebook.type_others,
    "patterns": docs_codebook.type_patterns,
    "behaviour": docs_codebook.composed,
    "measured": docs_measured.measured,
    "judged": docs_measured.judged,
    "wrong": docs_measured.wrong,
    "failing": docs_measured.failing,
    "data": docs_data.files,
}
