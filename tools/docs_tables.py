"""The parts of the reference that are drawn from the code: commands with their options, settings, fields of records.

A page holds `<!-- table: NAME -->` and `<!-- /table -->`; what stands between them is written by `fill`.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import communique.knowledge
from communique import records
from communique.knowledge.tables import Entry
from communique.settings import Settings

_MARKED = re.compile(r"(<!-- table: ([a-z]+) -->\n).*?(<!-- /table -->)", re.DOTALL)


def fill(text: str) -> str:
    """Return `text` with every marked table as the code has it now. Raises KeyError for an unknown table."""
    return _MARKED.sub(lambda m: f"{m[1]}\n{TABLES[m[2]]().strip()}\n\n{m[3]}", text)


def settings() -> str:
    rows = ["| field | environment variable | default | meaning |", "| --- | --- | --- | --- |"]
    for name, info in Settings.model_fields.items():
        default = info.get_default(call_default_factory=True)
        rows.append(f"| `{name}` | `COMMUNIQUE_{name.upper()}` | `{default!r}` | {_cell(info.description or '')} |")
    return "\n".join(rows)


def commands() -> str:
    """Return one section for each command: what it does, its arguments and options."""
    return "\n\n".join(_commands())


def _commands() -> Iterator[str]:
    import typer

    from communique.cli.main import app

    yield from _command(typer.main.get_command(app), "communique")


def _command(command: Any, path: str) -> Iterator[str]:
    children = getattr(command, "commands", None)
    if children:
        for name, child in children.items():
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
        rows.append(f"| `{_cell(label)}` | {default} | {_cell(getattr(parameter, 'help', '') or '')} |")
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
        rows.append(f"| `{each.name}` | {_cell(_type(hints[each.name]))} |")
    return "\n".join(rows)


def _type(hint: Any) -> str:
    """Say a type in the words of JSON rather than Python's."""
    text = str(hint)
    literal = re.findall(r"'([^']*)'", text)
    if "Literal" in text:
        words = ", ".join(f"`{value}`" for value in literal if value)
        return (
            f"list of {words}"
            if text.startswith("tuple[")
            else f"one of {words}" + (", or nothing" if "" in literal else "")
        )
    if hint == tuple[int, int]:
        return "span `[start, end]`"
    if "tuple[tuple[int, int]" in text:
        return "list of spans"
    if text.startswith("dict["):
        return "table"
    if text.startswith("tuple["):
        inner = text.removeprefix("tuple[").split(",")[0].rstrip("]")
        return f"list of {_name(inner)}"
    return " or ".join(_name(part) for part in re.sub(r"<class '(.*)'>", r"\1", text).split(" | "))


def _name(part: str) -> str:
    plain = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "None": "null"}
    return plain.get(part, part.rpartition(".")[2])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def knowledge() -> str:
    """Return one section for each table of the knowledge files, with the fields of its schema."""
    return "\n\n".join(_schema(table, schema) for table, schema in sorted(schemas().items()))


def schemas() -> dict[str, type[Entry]]:
    """Return the schema of each table: the class that the code gives to `validated` together with the table's name."""
    found: dict[str, type[Entry]] = {}
    for info in pkgutil.iter_modules(communique.knowledge.__path__, "communique.knowledge."):
        module = importlib.import_module(info.name)
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "validated":
                table, schema = node.args[1], node.args[2]
                if isinstance(table, ast.Constant) and isinstance(schema, ast.Name):
                    found[str(table.value)] = getattr(module, schema.id)
    return found


def _schema(table: str, schema: type[Entry]) -> str:
    about = " ".join(inspect.cleandoc(schema.__doc__ or "").split())
    rows = [f"### `[[{table}]]`", "", about.removeprefix(f"`[[{table}]]`: "), ""]
    described = any(info.description for info in schema.model_fields.values())
    rows += ["| field | type | default |" + (" meaning |" if described else "")]
    rows += ["| --- | --- | --- |" + (" --- |" if described else "")]
    for name, info in schema.model_fields.items():
        default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True))
        meaning = f" {_cell(info.description or '')} |" if described else ""
        rows.append(f"| `{name}` | {_cell(_type(info.annotation))} | {default} |{meaning}")
    return "\n".join(rows)


def _default(value: Any) -> str:
    return "" if value in ("", None, (), {}, []) else f"`{value!r}`"


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "commands": commands,
    "fields": fields,
    "knowledge": knowledge,
}
