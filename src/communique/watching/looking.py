"""One look at a followed address: what it names, and what the lists that it names name, is noted in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from communique.errors import FetchError
from communique.sources.feeds import feeds_of_page
from communique.sources.listing import Child, Entry, Listing, parse_listing
from communique.sources.pages import wanted_since
from communique.sources.web import Page, Stopped, Validators, Web
from communique.store.watched import Document, Followed, Watched
from communique.watching.lists import Source

_DEEPEST = 3
_RECENT = timedelta(days=1)  # what a sitemap has of before is there already when it is looked at first


@dataclass
class Look:
    """What a look gave: entries to be read, and what went wrong on the way. Nothing in it may be new (`unchanged`)."""

    entries: int = 0
    unchanged: bool = False
    moved: str = ""
    faults: list[str] = field(default_factory=list)


def ask(source: Source, web: Web, document: Document | None) -> Page:
    """Fetch a followed address if it has changed. Raises FetchError. May be called in another thread."""
    known = Validators(document.etag, document.modified) if document else None
    return web.fetch(source.address, known=known)


class Looker:
    """Looks at one address for a store."""

    def __init__(self, source: Source, followed: Followed, watched: Watched, web: Web, since: str) -> None:
        self._source, self._followed, self._watched, self._web, self._since = source, followed, watched, web, since
        self._look = Look()
        self._seen: set[str] = set()

    def note(self, page: Page) -> Look:
        """Note what the page at the address names. Raises FetchError if it is no list, and when the program ends.

        A list is noted as read only once all that it names is, so that what was left out is asked for again.
        """
        whole = self._read(page, Child(self._source.address), parent="", depth=1)
        self._look.unchanged = page.unchanged and not self._look.entries
        self._look.moved = page.moved
        self._watched.looked(self._source.address, [whole] if whole else [])
        return self._look

    def _read(self, page: Page, child: Child, parent: str, depth: int) -> Document | None:
        """Note a document and those that it names; return it as read, None if something in it could not be had."""
        name = child.address
        self._seen.add(name)
        if page.unchanged:
            # Its own lines are noted. The lists that it names may have changed, where it does not say when they did.
            inner = [Child(d.address, d.stamp) for d in self._watched.documents(parent=name).values() if not d.stamp]
            listing = Listing("", children=tuple(inner))
        else:
            listing = self._listing(page, name)
        if listing.fault:
            self._look.faults.append(f"{name} breaks off: {listing.fault}")
        entries = [self._named(e) for e in listing.entries if wanted_since(e, self._since)]
        old, fresh = self._there_before(listing, entries)
        self._watched.note(self._source.address, old, known=True)
        self._look.entries += self._watched.note(self._source.address, fresh)
        done = [self._child(each, name, depth) for each in self._children(listing, name)]
        if not all(done):
            return None
        return Document(name, parent, child.stamp, page.validators.etag, page.validators.modified)

    def _child(self, child: Child, parent: str, depth: int) -> bool:
        try:
            if depth >= _DEEPEST:
                raise FetchError(f"{child.address} is a list in a list, {_DEEPEST} deep. It is not read.")
            known = self._watched.documents([child.address]).get(child.address)
            validators = Validators(known.etag, known.modified) if known else None
            page = self._web.fetch(child.address, reach=self._web.reach_of(self._source.address), known=validators)
            document = self._read(page, child, parent, depth + 1)
        except FetchError as error:
            if self._web.stopped:
                raise Stopped from error
            self._look.faults.append(str(error))
            if error.passing:
                return False
            document = Document(child.address, parent, child.stamp)  # not asked for again until it is said to change
        if document is not None:
            self._watched.looked(self._source.address, [document])
        return document is not None

    def _children(self, listing: Listing, parent: str) -> Iterator[Child]:
        """Yield the lists that are to be read: not those that have not changed, and none of before `since`."""
        known = self._watched.documents(parent=parent)
        for child in listing.children:
            before = known.get(child.address)
            if child.address in self._seen or (before and child.stamp and child.stamp <= before.stamp):
                continue
            if child.stamp and child.stamp[:10] < (
                self._since or self._start() if listing.kind == "list" else self._since
            ):
                continue
            yield child

    def _there_before(self, listing: Listing, entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Part what is only taken note of from what is to be read.

        A feed names what is new, a sitemap may name all that there ever was. Who did not say since when is not meant to
        be read the archive of the site.
        """
        if self._since or self._followed.looked or listing.kind == "feed":
            return [], entries
        start = self._start()
        return [e for e in entries if e.day < start], [e for e in entries if e.day >= start]

    def _start(self) -> str:
        return (date.fromisoformat(self._followed.began[:10]) - _RECENT).isoformat()

    def _named(self, entry: Entry) -> Entry:
        return replace(
            entry, outlet=self._source.outlet or entry.outlet, language=self._source.language or entry.language
        )

    def _listing(self, page: Page, name: str) -> Listing:
        listing = parse_listing(page.content, page.url, page.media)
        if listing is None:
            feeds = feeds_of_page(page.content, page.url)
            named = f" It names these feeds: {', '.join(feeds[:5])}." if feeds else ""
            raise FetchError(f"{name} is no feed, no sitemap and no list of articles.{named}")
        return listing
