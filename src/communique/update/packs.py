"""Packs on disk: what of an earlier one is kept, how rows are written, how a new one gets its name."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from communique.errors import KnowledgeError
from communique.knowledge.actor_rows import entity_rows, person_rows
from communique.knowledge.gazetteer import PlaceEntry
from communique.knowledge.tables import CSV_TABLES, Raw, Tables, validated
from communique.settings import packs_in

Row = dict[str, str]
PARTS = ("people", "organisations", "places")
CHANGES = "changes.txt"
_COLUMNS = {
    "people": ("person", "code", "office", "start", "end", "wikidata"),
    "organisations": (
        "id", "code", "kind", "sector", "sectors", "name", "names", "adjectives", "inhabitants", "members", "start",
        "end", "wikidata",
    ),
    "places": ("name", "kind", "country", "admin1", "geonameid", "lat", "lon", "population", "aliases"),
}  # fmt: skip
_ORIGINS = {
    "people": ("Wikidata, terms of office", "CC0"),
    "organisations": ("Wikidata, organisations", "CC0"),
    "places": ("GeoNames (https://www.geonames.org)", "CC BY 4.0"),
}


def begin(pack: Path, earlier: Path | None, parts: Iterable[str]) -> None:
    """Make the folder `pack` with all that `earlier` has besides `parts`, which are asked for anew.

    Only the newest pack is read: what is not carried over would be forgotten.
    """
    if earlier is None:
        pack.mkdir(parents=True)
    else:
        asked = (f"{part}.csv" for part in parts)
        shutil.copytree(earlier, pack, ignore=shutil.ignore_patterns(CHANGES, *asked))


def rows_of(pack: Path | None, part: str, tables: Tables) -> list[Row]:
    """Return the rows of a part of `pack` as `tables`, which were read from it too, have them."""
    if pack is None:
        return []
    file = pack / f"{part}.csv"
    return [as_cells(raw.values) for raw in tables.get(CSV_TABLES[part], ()) if raw.path == file]


def organisations(tables: Tables) -> dict[str, Row]:
    """Return the organisations of states as they stand in the files, with all their names, by Wikidata id."""
    found: dict[str, Row] = {}
    for raw in tables.get("organisation", ()):
        entity = entity_rows({"organisation": [raw]})[0].entity
        found[entity.id] = as_cells(raw.values) | {"id": entity.id, "kind": entity.kind}
    return {
        row["wikidata"]: row for row in found.values() if row.get("wikidata") and row["kind"] in ("igo", "bloc")
    }  # fmt: skip


def as_cells(values: Mapping[str, Any]) -> Row:
    """Return the values of an entry as the cells of a CSV file have them: lists separated by `;`."""
    return {
        field: value if isinstance(value, str) else ";".join(map(str, value)) if isinstance(value, list) else str(value)
        for field, value in values.items()
    }


def usable(part: str, rows: Iterable[Row | None], offices: Mapping[str, str]) -> Iterator[Row | None]:
    """Yield the rows as they can be written, None for what the schema of `part` refuses: one row must not fail a pack.

    `offices` gives the sector of each office that is known.
    """
    for row in rows:
        clean = {field: _line(cell) for field, cell in row.items()} if row else None
        yield clean if clean and _follows(part, clean, offices) else None


def _line(cell: str) -> str:
    """Return a cell on one line, without what cannot be seen or written."""
    return "".join(c for c in " ".join(cell.split()) if c.isprintable())


def _follows(part: str, row: Row, offices: Mapping[str, str]) -> bool:
    raw = Raw({field: cell for field, cell in row.items() if cell}, Path(part), 0, builtin=False)
    try:
        if part == "people":
            person_rows({"person": [raw]}, offices)
        elif part == "organisations":
            entity_rows({"organisation": [raw]})
        else:
            validated({"place": [raw]}, "place", PlaceEntry)
    except KnowledgeError:
        return False
    return True


def write(pack: Path, part: str, rows: Iterable[Row], day: str, kept: Iterable[Row] = ()) -> None:
    """Write the file of a part: `rows` as of `day`, and `kept` of the earlier pack with all the columns it has."""
    source, licence = _ORIGINS[part]
    kept = list(kept)
    columns = tuple(dict.fromkeys((*_COLUMNS[part], *(field for row in kept for field in row))))
    unique = {tuple(row.get(column, "") for column in columns): None for row in (*kept, *rows)}
    with (pack / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(f"# version: {day}\n# source: {source}, asked on {day}\n# licence: {licence}\n")
        if kept:
            file.write("# about: some rows are those of the pack before, which were not asked for anew\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(sorted(unique))


def put(pack: Path, target: Path, day: str) -> Path:
    """Give the pack its name in the folder `target` by one rename, and return where it is then.

    The name is the day; a second pack of the day is `DAY.2`. No pack is replaced or removed, so that whatever happens
    in between, either the new one is the newest or the one before is.
    """
    number = max((n for (of, n), _ in packs_in(target) if of == day), default=0)
    while True:
        number += 1
        place = target / (day if number == 1 else f"{day}.{number}")
        try:
            return pack.rename(place)
        except OSError:
            if not place.exists():  # else another update was quicker, and the next name is free
                raise
