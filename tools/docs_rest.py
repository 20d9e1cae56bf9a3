"""The reference of the REST API, drawn from the OpenAPI document that the server itself gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docs_types import cell

_RECORDS = frozenset({
    "Actor", "DateInterval", "Event", "Evidence", "Magnitude", "Place", "Position", "Removed", "Report", "Statement",
})  # fmt: skip
"""Shapes that the reference of the record has."""


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of a server over an empty store."""
    from communique.store import Store
    from communique.web.app import create_app
    from communique.web.settings import WebSettings

    with tempfile.TemporaryDirectory() as folder:
        Store.create(Path(folder) / "store").close()
        app = create_app(WebSettings(Path(folder) / "store"))
        return app.openapi()


def operations() -> str:
    """Return one section for each address and way of asking it, with parameters and answers."""
    return "\n\n".join(_operations())


def _operations() -> Iterator[str]:
    asked: dict[str, str] = {}
    for path, ways in document()["paths"].items():
        for way, told in ways.items():
            title = f"{way.upper()} {path.removeprefix('/api/v1')}"
            lines = [f"## `{title}`", "", cell(told.get("description", ""))]
            table = _parameters(told.get("parameters", []))
            if table and (before := asked.get(table)):
                lines += ["", f"Parameters: those of `{before}`."]
            elif table:
                asked[table] = title
                lines += ["", table]
            if "requestBody" in told:
                lines += ["", f"Sent: {_named(_schema(told['requestBody']))}, as JSON."]
            yield "\n".join([*lines, "", _answers(told["responses"])])


def _parameters(given: list[dict[str, Any]]) -> str:
    rows = ["| parameter | type | default | meaning |", "| --- | --- | --- | --- |"]
    for each in given:
        schema = each["schema"]
        default = "required" if each.get("required") else _code(schema.get("default"))
        label = f"`{each['name']}`" + (" in the address" if each["in"] == "path" else "")
        rows.append(f"| {label} | {_type(schema)} | {default} | {cell(each.get('description', ''))} |")
    return "\n".join(rows) if given else ""


def _answers(responses: dict[str, Any]) -> str:
    good = [_named(_schema(r)) for code, r in responses.items() if code.startswith("2")]
    rest = ", ".join(sorted(code for code in responses if not code.startswith("2")))
    return f"Answer: {' or '.join(filter(None, good)) or 'the view, as a table'}. Else: {rest}."


def statuses() -> str:
    """Return the table of the statuses that are no success, with what each says."""
    told: dict[str, str] = {}
    for ways in document()["paths"].values():
        for operation in ways.values():
            told.update((code, r["description"]) for code, r in operation["responses"].items() if code[0] != "2")
    return "\n".join(["| status | |", "| --- | --- |", *(f"| {code} | {cell(told[code])} |" for code in sorted(told))])


def _schema(part: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def shapes() -> str:
    """Return one table for each shape that answers have and the reference of the record does not."""
    parts = []
    for name, schema in document()["components"]["schemas"].items():
        if name in _RECORDS or "properties" not in schema:
            continue
        rows = [
            f"### {name}",
            "",
            cell(schema.get("description", "")),
            "",
            "| field | type | meaning |",
            "| --- | --- | --- |",
        ]
        for field, told in schema["properties"].items():
            rows.append(f"| `{field}` | {_type(told)} | {cell(told.get('description', ''))} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema or "allOf" in schema:
        return _named(schema if "$ref" in schema else schema["allOf"][0])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(_type(each) for each in choices if each.get("type") != "null")) or "null"
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "table"}.get(
        schema.get("type", ""), schema.get("type", "anything")
    )


def _named(schema: dict[str, Any]) -> str:
    if "$ref" not in schema:
        return _type(schema) if schema else ""
    name = schema["$ref"].rpartition("/")[2]
    target = document()["components"]["schemas"][name]
    if "enum" in target:
        return _type(target)
    page = "records.md" if name in _RECORDS else ""
    return f"[{name}]({page}#{name.lower()})"


def _code(value: Any) -> str:
    return "" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"
