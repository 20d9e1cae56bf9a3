"""What is followed: addresses given one by one, and list files.

A list file is TOML, a table for each address:

    [[source]]
    url = "https://example.org/feed.xml"
    outlet = "Example Wire"   # optional, as are those below
    language = "en"
    every = "15m"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communique.errors import FetchError, InputError, unknown
from communique.sources.addresses import cleaned
from communique.watching.schedule import seconds_of

_KEYS = ("url", "outlet", "language", "every")


@dataclass(frozen=True, slots=True)
class Source:
    """A followed address; `every` in seconds. `outlet` and `language` count before what it says of itself."""

    address: str
    every: float
    outlet: str = ""
    language: str = ""


def sources_of(urls: Iterable[str], files: Iterable[Path], every: str) -> list[Source]:
    """Return what is to be followed, in order. Raises InputError for what is none, and if there is nothing or twice the
    same."""
    usual = seconds_of(every)
    found = [_source({"url": url}, "", usual) for url in urls]
    for path in files:
        found += read_list_file(path, usual)
    if not found:
        raise InputError("There is nothing to watch. Give the address of a feed or sitemap, or --list FILE.")
    seen: set[str] = set()
    for source in found:
        if source.address in seen:
            raise InputError(f"{source.address} is there twice. Take one away.")
        seen.add(source.address)
    return found


def read_list_file(path: Path, usual: float) -> list[Source]:
    """Return the sources of a list file; `usual` is the interval of one that names none. Raises InputError."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"There is no list file {str(path)!r}. Check the path.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no TOML: {error}. Write a table [[source]] with a url for each address.") from None
    tables = values.pop("source", None)
    if values or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError(f"{path} is no list file: it needs tables [[source]], each with a url, and nothing else.")
    return [_source(table, f"{path}, source {number}: ", usual) for number, table in enumerate(tables, 1)]


def _source(values: Mapping[str, Any], where: str, usual: float) -> Source:
    for key, value in values.items():
        if key not in _KEYS:
            raise InputError(f"{where}{unknown('key', key, _KEYS)}")
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{where}{key} is {value!r}. Write it as a text in quotes.")
    if "url" not in values:
        raise InputError(f"{where}There is no url. Give the address of a feed or sitemap.")
    try:
        return Source(
            cleaned(values["url"]), seconds_of(values["every"]) if "every" in values else usual,
            " ".join(values.get("outlet", "").split()), values.get("language", "").strip(),
        )  # fmt: skip
    except (FetchError, InputError) as error:
        raise InputError(f"{where}{error}") from None
