"""The columns of the formats, from `data/fields/`: in order, each with what of our record stands in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or field, of a format. `ours`: what of our record stands in it, empty where it stays empty."""

    name: str
    ours: str
    note: str


@cache
def fields(name: str) -> tuple[Field, ...]:
    """Return the columns of the format `name` (the name of a file in `data/fields/`), in order."""
    text = files("communique.exchange").joinpath(f"data/fields/{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(Field(row["field"], row["ours"], row["note"]) for row in rows)


@cache
def names(name: str) -> tuple[str, ...]:
    """Return the names of the columns of the format `name`, in order."""
    return tuple(field.name for field in fields(name))
