"""Files that hold one report each in a form that reading has to open: HTML pages and PDF documents."""

from __future__ import annotations

from collections.abc import Iterator

from communique.records import Failure
from communique.settings import Settings
from communique.sources.item import HTML, PDF, RawItem
from communique.sources.limits import BYTES_OF_PDF, opened, page_limit, read_bounded
from communique.sources.place import Place


def read_page(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the HTML page in the file `place`, as bytes. Raises InputError if there is none to read."""
    with opened(place) as file:
        content = read_bounded(file, page_limit(settings), str(place))
    yield RawItem(content=content, origin=str(place), media=HTML)


def read_pdf(place: Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the PDF document in the file `place`, as bytes. Raises InputError if there is none to read."""
    with opened(place) as file:
        content = read_bounded(file, BYTES_OF_PDF, str(place))
    yield RawItem(content=content, origin=str(place), media=PDF)
