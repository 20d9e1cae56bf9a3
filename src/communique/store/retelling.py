"""Stories for the reports of a store that was written before copies were found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from communique.reading.likeness import likeness, told_text
from communique.records import Removed, Report
from communique.store import parts as files
from communique.store.catalogue import Catalogue
from communique.store.parts import Broken, Part
from communique.store.shapes import KINDS, schema
from communique.store.stories import Stories

_SINCE = 2  # the version of the Parquet files from which on `story` is what stories.py says


def retell(folder: Path, catalogue: Catalogue, stories: Stories) -> int:
    """Write the parts of earlier versions anew, their reports with their stories; return how many reports that were.

    Each part is replaced in one transaction: stopped at any moment, the rest is done at the next start. A part whose
    files are damaged is left as it is. Raises OSError, sqlite3.Error.
    """
    done = 0
    for part in catalogue.older(_SINCE):
        try:
            tables = {kind: _current(files.read_table(folder, part, kind), kind) for kind in KINDS}
        except Broken:
            continue  # it is set aside when it is next looked at
        done += _replaced(folder, catalogue, stories, part, tables)
    return done


def _replaced(folder: Path, catalogue: Catalogue, stories: Stories, part: Part, tables: dict[str, Any]) -> int:
    reports = tables["reports"]
    names: list[str] = reports.column("id").to_pylist()
    told: list[str] = []
    try:
        for values in reports.select(["id", "published", "text", "removed"]).to_pylist():
            removed = tuple(Removed(**each) for each in values["removed"] or ())
            report = Report(values["id"], values["text"] or "", published=values["published"] or "", removed=removed)
            told.append(stories.assign(report.id, report.published, likeness(told_text(report))))
        column = reports.schema.get_field_index("story")
        tables["reports"] = reports.set_column(column, "story", pa.array(told, pa.string()))
        new = files.write_part(folder, tables)
        catalogue.replace([part], new, stories.told(names))
    finally:
        stories.forget(names)
    return len(names)


def _current(table: Any, kind: str) -> Any:
    """Return a table of an earlier version with the columns of today."""
    whole = pa.concat_tables([pa.Table.from_batches([], schema(kind)), table], promote_options="default")
    return whole.select(schema(kind).names)
