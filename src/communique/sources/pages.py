"""Addresses to raw items: a page, or the pages that a feed, a sitemap or a list of addresses names."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from communique.errors import FetchError, InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.addresses import PUBLIC, Reach, cleaned
from communique.sources.item import RawItem
from communique.sources.jsonl import read_lines
from communique.sources.limits import name_of, opened
from communique.sources.listing import MOST_BYTES, Child, Entry, Listing, parse_listing
from communique.sources.place import Place

if TYPE_CHECKING:
    from communique.sources.web import Page, Web

STAGE = "fetch"
_DEEPEST = 3  # an index of sitemaps names sitemaps; the protocol has no deeper ones
_AHEAD = 2  # pages fetched ahead for each host that may be asked at once
_HTML, _PDF = "text/html", "application/pdf"
_MEDIA = {
    "text/html": _HTML, "application/xhtml+xml": _HTML, "application/pdf": _PDF, "application/x-pdf": _PDF,
    "text/plain": "", "text/markdown": "", "text/x-markdown": "",
}  # fmt: skip
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_LINES = re.compile(r"\.(?:jsonl|ndjson)$", re.IGNORECASE)


def read_url(address: str, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the report at an address of the user's, or those that a feed, sitemap or list there names.

    A page that cannot be had becomes a Failure of the stage `fetch`.
    """
    web = _client(settings)
    try:
        page = web.fetch(address)
        if _LINES.search(urlsplit(page.url).path):
            yield from read_lines(io.BytesIO(page.content), page.address, settings)
            return
        listing = parse_listing(page.content, page.url, page.media)
        if listing is None:
            yield item_of(page)
            return
    except FetchError as error:
        with suppress(FetchError):
            address = cleaned(address)  # the name that its report will have in the ledger
        yield Failure(address, STAGE, str(error))
        return
    yield from _read_listing(listing, address, web, page.reach, settings)


def read_list(path: Path | Place, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the reports that the feed, sitemap or list of addresses in the file `path` names.

    It is taken for one that came from outside, and leads to public addresses only, unless the settings say otherwise.
    Raises InputError if the file cannot be read or is no such list.
    """
    with opened(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(f"{name_of(path)} is longer than {MOST_BYTES:,} bytes. Cut it into smaller lists.")
    listing = parse_listing(content, name_of(path))
    if listing is None:
        raise InputError(f"{name_of(path)} is no feed, no sitemap and no list of addresses. Give one of these.")
    yield from _read_listing(listing, name_of(path), _client(settings), PUBLIC, settings)


def item_of(page: Page, entry: Entry | None = None) -> RawItem:
    """Return the report at an address, with what the list that named it knows of it. FetchError if it is no page."""
    media = _media(page)
    if not page.content.strip():
        raise FetchError(f"{page.address} is empty.")
    known = entry or Entry(page.address)
    return RawItem(
        content=page.content, origin=known.address, published=known.published, title=known.title, url=page.url,
        outlet=known.outlet, language=known.language, media=media, charset=page.charset,
    )  # fmt: skip


def item_of_text(entry: Entry) -> RawItem:
    """Return the report that its list carries."""
    return RawItem(
        content=entry.text, origin=entry.address, published=entry.published, title=entry.title,
        url=entry.address.partition("#")[0], outlet=entry.outlet, language=entry.language,
    )  # fmt: skip


def fetched(
    entries: Iterable[Entry], web: Web, reach: Callable[[Entry], Reach], at_once: int
) -> Iterator[tuple[Entry, RawItem | FetchError]]:
    """Yield each entry, in their order, with the report at its address or why there is none.

    Pages are fetched ahead, some hosts at once. If this generator is left early, `web` fetches nothing more.
    """

    def one(entry: Entry) -> RawItem | FetchError:
        try:
            return item_of(web.fetch(entry.address, reach=reach(entry)), entry)
        except FetchError as error:
            return error

    waiting: deque[tuple[Entry, Future[RawItem | FetchError] | RawItem | FetchError]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="fetch") as pool:
        try:
            for entry in entries:
                if entry.fault:
                    waiting.append((entry, FetchError(entry.fault)))
                elif entry.text:
                    waiting.append((entry, item_of_text(entry)))
                else:
                    waiting.append((entry, pool.submit(one, entry)))
                if len(waiting) >= _AHEAD * at_once:
                    yield _done(*waiting.popleft())
            while waiting:
                yield _done(*waiting.popleft())
        except BaseException:
            web.stop()  # else the pool waits for pages that nobody wants
            raise


def _done(
    entry: Entry, found: Future[RawItem | FetchError] | RawItem | FetchError
) -> tuple[Entry, RawItem | FetchError]:
    return entry, found.result() if isinstance(found, Future) else found


def _read_listing(
    listing: Listing, name: str, web: Web, reach: Reach, settings: Settings
) -> Iterator[RawItem | Failure]:
    problems: list[Failure] = []

    def wanted() -> Iterator[Entry]:
        for found in _entries(listing, name, web, reach, settings.since, {name}):
            if isinstance(found, Failure):
                problems.append(found)
            else:
                yield found

    for entry, found in fetched(wanted(), web, lambda _: reach, settings.web_hosts):
        yield from problems
        problems.clear()
        yield failed(entry, found) if isinstance(found, FetchError) else found
    yield from problems


def failed(entry: Entry, why: FetchError) -> Failure:
    """Return the failure to read an entry of a list, with what the list knows of it."""
    known = [("language", entry.language), ("outlet", entry.outlet), ("published", entry.published),
             ("title", entry.title)]  # fmt: skip
    return Failure(entry.address, STAGE, str(why), known=tuple([(key, value) for key, value in known if value]))


def _entries(
    listing: Listing, name: str, web: Web, reach: Reach, since: str, seen: set[str], depth: int = 1
) -> Iterator[Entry | Failure]:
    """Yield the entries of a list and of the lists that it names, each address once, none of before `since`."""
    if listing.fault:
        yield Failure(name, STAGE, f"{name} breaks off: {listing.fault}. What comes before was read.")
    for entry in listing.entries:
        if wanted_since(entry, since) and entry.address not in seen:
            seen.add(entry.address)
            yield entry
    for child in listing.children:
        if child.address in seen or (since and child.stamp and child.stamp[:10] < since):
            continue
        seen.add(child.address)
        try:
            inner = fetch_child(child, web, reach, depth)
        except FetchError as error:
            yield Failure(child.address, STAGE, str(error))
            continue
        yield from _entries(inner, child.address, web, reach, since, seen, depth + 1)


def fetch_child(child: Child, web: Web, reach: Reach, depth: int) -> Listing:
    """Return the list that a list names. Raises FetchError if it is none, or the lists are nested too deep."""
    if depth >= _DEEPEST:
        raise FetchError(f"{child.address} is a list in a list, {_DEEPEST} deep. It is not read.")
    page = web.fetch(child.address, reach=reach)
    listing = parse_listing(page.content, page.url, page.media)
    if listing is None:
        raise FetchError(f"{child.address} is no list of reports.")
    return listing


def wanted_since(entry: Entry, since: str) -> bool:
    """Tell whether an entry is of the day `since` or later; one without a day is."""
    return not since or not entry.day or entry.day >= since


def _media(page: Page) -> str:
    """Return the media type of a page as RawItem has it. Raises FetchError for what is no text."""
    head = page.content[:2000]
    if page.media in _UNSAID:
        if head.startswith(b"%PDF-"):
            return _PDF
        if _MARKUP.match(head):
            return _HTML
        if page.media != "text/plain" and b"\0" in head:
            raise FetchError(f"{page.address} is no page: it holds binary data.")
        return ""
    if page.media not in _MEDIA:
        raise FetchError(f"{page.address} is of the type {page.media}, not a page, a text or a PDF document.")
    return _MEDIA[page.media]


@dataclass
class _Last:
    """The client of the last settings: the addresses of one command line share their waits and robots.txt."""

    settings: Settings | None = None
    web: Web | None = None


_last = _Last()


def _client(settings: Settings) -> Web:
    from communique.sources.web import Web

    if _last.web is None or _last.settings is not settings or _last.web.stopped:
        _last.settings, _last.web = settings, Web(settings)
    return _last.web
