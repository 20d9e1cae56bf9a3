"""Sitemaps to entries: of pages, of news, and indexes of other sitemaps (sitemaps.org, Google's news extension)."""

from __future__ import annotations

import io
import re
from xml.etree.ElementTree import Element, ParseError, iterparse

from communique.errors import FetchError
from communique.sources.addresses import cleaned, is_address
from communique.sources.formats import clean
from communique.sources.listing import Child, Entry, Listing, day_of, stamp_of

# Sitemaps define no entities of their own. One that does wants something else.
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse_sitemap(content: bytes, address: str) -> Listing:
    """Return the pages and the sitemaps that a sitemap names. The stamp of a page is its `lastmod` or, in a sitemap of
    news, its day of publication, whichever is later; only the latter counts as the day of the report.

    A sitemap that breaks off gives what comes before. Raises FetchError if that is nothing.
    """
    if _DECLARES.search(content[:4000]):
        raise FetchError(f"{address} declares a document type, which no sitemap does; it is not read.")
    entries: dict[str, Entry] = {}
    children: dict[str, Child] = {}
    fault = ""
    try:
        for _, element in iterparse(io.BytesIO(content), events=("end",)):
            if _name(element) in ("url", "sitemap"):
                _collect(element, address, entries, children)
                element.clear()  # what a large sitemap holds is not held twice
    except ParseError as error:
        fault = f"it is not well-formed ({error})"
        if not entries and not children:
            raise FetchError(f"{address} is a broken sitemap: {fault}; nothing in it can be read.") from None
    return Listing("sitemap", tuple(entries.values()), tuple(children.values()), fault)


def _collect(element: Element, address: str, entries: dict[str, Entry], children: dict[str, Child]) -> None:
    values = {_name(e): clean((e.text or "").strip()) for e in element.iter()}
    try:
        link = cleaned(values.get("loc", ""), address if is_address(address) else "")
    except FetchError as error:
        bad = f"{address}#{values.get('loc', '')[:200]}"
        entries.setdefault(bad, Entry(bad, fault=f"The entry leads nowhere: {error}"))
        return
    changed = stamp_of(values.get("lastmod", ""))
    if _name(element) == "sitemap":
        children.setdefault(link, Child(link, changed))
        return
    published = values.get("publication_date", "")
    entry = Entry(
        link, values.get("title", ""), day_of(published), max(changed, stamp_of(published)), values.get("name", ""),
        values.get("language", ""),
    )  # fmt: skip
    entries.setdefault(link, entry)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
