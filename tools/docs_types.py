"""How the reference says types: in the words of JSON and TOML rather than Python's."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}


def name_of_type(hint: Any) -> str:
    """Return the type of a field in plain words.

    >>> name_of_type(tuple[str, ...]), name_of_type(Literal["", "a", "b"])
    ('list of text', 'one of `a`, `b`, or nothing')
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        words = ", ".join(f"`{value}`" for value in inner if value != "")
        return f"one of {words}" + (", or nothing" if "" in inner else "")
    if hint == tuple[int, int]:
        return "span `[start, end]`"
    if origin in (tuple, frozenset, list):
        item = name_of_type(inner[0])
        return "list of " + ("spans" if item.startswith("span ") else item.removeprefix("one of "))
    if origin in (dict, Mapping):
        return f"table of {name_of_type(inner[1])}"
    if origin in (Union, types.UnionType):
        return " or ".join(name_of_type(part) for part in inner)
    return _PLAIN.get(hint, getattr(hint, "__name__", str(hint)))


def cell(text: str) -> str:
    """Return `text` as it may stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
