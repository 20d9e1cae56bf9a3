"""Plain text files: one report each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from communique.records import Failure
from communique.settings import Settings
from communique.sources.formats import refuse_formats
from communique.sources.item import RawItem
from communique.sources.limits import name_of, opened, read_report


def read_text_file(path: Path, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the report in the file `path`, as bytes. Raises InputError if there is none to read."""
    with opened(path) as file:
        content = read_report(file, name_of(path), settings)
    refuse_formats(content[:1000], origin=name_of(path))
    yield RawItem(content=content, origin=name_of(path))
