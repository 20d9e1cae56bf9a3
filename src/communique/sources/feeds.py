"""RSS and Atom feeds to entries."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator, Mapping
from typing import Any

from communique.errors import FetchError
from communique.sources.addresses import cleaned, is_address
from communique.sources.formats import clean
from communique.sources.fragments import feeds_in, is_cut, text_of
from communique.sources.listing import BY_WORDS, Entry, Listing, day_of, stamp_of

ARTICLE = 1000  # characters; what is shorter is taken for a teaser, and the page is fetched
_LONGEST_TITLE = 500
_HEAD = 200_000  # bytes of a page, in which its head ends
_MOST = 10_000  # entries; feeds hold some dozen, and feedparser takes its time


def parse_feed(content: bytes, address: str, media: str = "") -> Listing:
    """Return the entries of a feed, in its order; of two with one address the first.

    The language that a feed names is left aside: it is that of the program that wrote the feed more often than not.

    Links are relative to what the feed says, or to `address`. Raises FetchError if there is no feed in `content`.
    """
    import feedparser

    if content.count(b"<item") + content.count(b"<entry") > _MOST:
        raise FetchError(f"{address} holds more than {_MOST:,} entries, which no feed does. It is not read.")
    headers = {"content-type": media or "application/xml"}
    if is_address(address):
        headers["content-location"] = address
    # As a stream: feedparser takes bytes for the name of a file where there is one of that name.
    feed = feedparser.parse(io.BytesIO(content), response_headers=headers, sanitize_html=False)
    fault = str(feed.get("bozo_exception", "")).strip() if feed.bozo and not _harmless(feed) else ""
    if not feed.entries and (fault or not feed.version):
        raise FetchError(f"{address} is a broken feed ({fault or 'it has no known form'}); nothing in it can be read.")
    outlet = _line(feed.feed.get("title"))
    found: dict[str, Entry] = {}
    for number, each in enumerate(feed.entries):
        entry = _entry(each, number, address, outlet)
        found.setdefault(entry.address, entry)
    return Listing("feed", tuple(found.values()), fault=f"it is not well-formed ({clean(fault)})" if fault else "")


def feeds_of_page(content: bytes, address: str) -> list[str]:
    """Return the addresses of the feeds that a page names in its head."""
    return list(dict.fromkeys(_joined(feeds_in(content[:_HEAD]), address)))


def _harmless(feed: Any) -> bool:
    """Feeds often name another encoding than they have; feedparser sees and heals that."""
    import feedparser

    return isinstance(feed.get("bozo_exception"), feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)


def _entry(each: Mapping[str, Any], number: int, feed: str, outlet: str) -> Entry:
    text = _full_text(each)
    updated = str(each["updated"] or "") if "updated" in each else ""  # `get` would warn where there is none
    published = str(each.get("published") or each.get("created") or updated)
    changed = updated or published
    stamp = stamp_of(changed)
    if text and not stamp:  # told by its words whether it changed
        stamp = f"{BY_WORDS}{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    fault = ""
    given = str(each.get("link") or _guid_link(each) or "")
    try:
        link = cleaned(given, feed if is_address(feed) else "") if given else ""
    except FetchError as error:
        link, fault = "", f"The entry leads nowhere: {error}"
    if not link:
        link = f"{feed}#{clean(str(each.get('id') or each.get('link') or number + 1))}"
        fault = "" if text else fault or "The entry has neither a link nor the text of a report."
    source = each.get("source") or {}
    return Entry(
        address=link,
        title=_line(each.get("title"))[:_LONGEST_TITLE],
        published=day_of(published),
        stamp=stamp,
        outlet=_line(source.get("title")) or outlet,
        text=text,
        fault=fault,
    )


def _guid_link(each: Mapping[str, Any]) -> str:
    name = str(each.get("id") or "")
    return name if is_address(name) else ""


def _full_text(each: Mapping[str, Any]) -> str:
    """Return the report, if the entry carries it and not only how it begins."""
    parts = [*(each.get("content") or ()), each.get("summary_detail") or {}]
    texts = [t for part in parts if (t := _text(part))]
    longest = max(texts, key=len, default="")
    return longest if len(longest) >= ARTICLE and not is_cut(longest) else ""


def _text(part: Mapping[str, Any]) -> str:
    value = clean(str(part.get("value") or ""))
    return value.strip() if part.get("type") == "text/plain" else text_of(value)


def _line(value: object) -> str:
    """Return a title on one line, without the markup that some feeds put in it."""
    text = clean(str(value or ""))
    return " ".join(text_of(text).split()) if "<" in text or "&" in text else " ".join(text.split())


def _joined(links: list[str], address: str) -> Iterator[str]:
    for link in links:
        with contextlib.suppress(FetchError):
            yield cleaned(link, address)
