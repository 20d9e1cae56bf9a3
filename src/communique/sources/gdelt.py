"""GDELT's lists of articles, and plain lists of addresses, to entries.

GDELT tells which articles it read in the tables of events, mentions and the knowledge graph (tab-separated, without a
head, every fifteen minutes), in its list of all articles (JSON lines), and in what its search gives (JSON). A "master
list" names the files of tables; of each fifteen minutes the table of mentions is taken, which has every article in
which GDELT found an event. The columns are those of GDELT's codebooks: Event 2.0, GKG 2.1, of events 1.0 too.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from communique.errors import FetchError
from communique.sources.addresses import cleaned, is_address
from communique.sources.formats import clean
from communique.sources.listing import LIST_NAMES, Child, Entry, Listing, stamp_of

_NAMED = re.compile(LIST_NAMES, re.IGNORECASE)
_MASTER = re.compile(r"\d+ [0-9a-f]{32} (https?://\S+)", re.IGNORECASE)
_TAKEN = re.compile(r"/(\d{14})(?:\.translation)?\.mentions\.csv\.zip$|/(\d{14})\.gal\.json(?:\.gz)?$", re.IGNORECASE)
_LISTED = 20  # first lines that are looked at to know a list


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table has what is wanted: columns from 0. Where `web` is a column, it must hold "1", a web page."""

    address: int
    seen: int
    outlet: int | None = None
    web: int | None = None


TABLES = {
    16: Table(address=5, seen=2, outlet=4, web=3),  # mentions
    27: Table(address=4, seen=1, outlet=3, web=2),  # knowledge graph 2.1
    58: Table(address=57, seen=56),  # events 1.0
    61: Table(address=60, seen=59),  # events 2.0
}


def is_list(name: str) -> bool:
    """Tell whether a file or address is named as GDELT's lists are, or as a list of addresses (`.urls`)."""
    return _NAMED.search(name.partition("?")[0]) is not None


def parse_lines(content: bytes, address: str) -> Listing | None:
    """Return the list that `content` is, one article a line or a JSON document; None if it is no such list.

    When an article was seen by GDELT is its stamp, not its day of publication, which the page knows better.
    """
    if content[:1000].lstrip().startswith(b"<"):
        return None
    text = clean(content.decode("utf-8-sig", errors="replace"))
    first = [line for line in text[:200_000].splitlines() if line.strip()][:_LISTED]
    if not first:
        return None
    if _MASTER.fullmatch(first[0].strip()):
        return Listing("list", children=tuple(_children(text)))
    if first[0].lstrip().startswith(("{", "[")):
        entries = _of_json(text)
        return None if entries is None else _listing(entries, address)
    columns = first[0].count("\t") + 1
    if columns in TABLES and is_list(address):
        return _listing(_of_table(text, TABLES[columns]), address)
    if all(is_address(line) and len(line.split()) == 1 for line in first):
        return _listing(({"url": line} for line in text.split()), address)
    if is_list(address) and is_address(first[0]):  # a line that is none fails alone
        return _listing(({"url": line} for line in text.splitlines() if line.strip()), address)
    if is_list(address):
        raise FetchError(
            f"{address} is no list of articles: its first line is neither an address nor a row of GDELT's tables."
        )
    return None


def unzipped(content: bytes, most: int) -> bytes:
    """Return the one file of a zip file. Raises ValueError if there are more, if it is broken or over `most` bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if len(names) != 1:
                raise ValueError(f"it holds {len(names)} files, not one")
            with packed.open(names[0]) as file:
                found = file.read(most + 1)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise ValueError(str(error)) from None
    if len(found) > most:
        raise ValueError(f"longer than {most:,} bytes")
    return found


def _children(text: str) -> Iterator[Child]:
    for line in text.splitlines():
        match = _MASTER.fullmatch(line.strip())
        taken = _TAKEN.search(match[1]) if match else None
        if match and taken:
            yield Child(match[1], stamp_of(taken[1] or taken[2]))


def _of_table(text: str, table: Table) -> Iterator[Mapping[str, Any]]:
    for line in text.split("\n"):
        row = line.rstrip("\r").split("\t")
        if len(row) <= max(table.address, table.seen) or (table.web is not None and row[table.web] != "1"):
            continue
        outlet = row[table.outlet] if table.outlet is not None else ""
        yield {"url": row[table.address], "date": row[table.seen], "outletName": outlet}


def _of_json(text: str) -> list[Mapping[str, Any]] | None:
    """Return the rows of the answer of GDELT's search, or of JSON lines with addresses and no text; None for others."""
    try:
        whole = json.loads(text)
        rows = whole.get("articles") if isinstance(whole, dict) and "articles" in whole else whole
        rows = [rows] if isinstance(rows, dict) else rows
    except (ValueError, RecursionError):
        try:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) and "url" in row for row in rows):
        return None
    return None if any("text" in row for row in rows) else rows


def _listing(rows: Iterable[Mapping[str, Any]], address: str) -> Listing:
    found: dict[str, Entry] = {}
    for row in rows:
        name = str(row.get("url", "")).strip()
        seen = str(row.get("date") or row.get("seendate") or "")
        try:
            link = cleaned(name)
        except FetchError as error:
            bad = f"{address}#{clean(name)[:200]}"
            found.setdefault(bad, Entry(bad, fault=f"The entry leads nowhere: {error}"))
            continue
        outlet = str(row.get("outletName") or row.get("domain") or "")
        entry = Entry(link, str(row.get("title") or ""), "", stamp_of(seen), outlet, _language(row))
        found.setdefault(link, entry)
    return Listing("list", tuple(found.values()))


def _language(row: Mapping[str, Any]) -> str:
    """Return a code of two or three letters; the search writes languages out, which the page knows as well."""
    said = str(row.get("lang") or row.get("language") or "")
    return said.lower() if 2 <= len(said) <= 3 and said.isalpha() else ""
