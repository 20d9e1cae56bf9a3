"""A raw item of whatever medium to its plain text, and to what its own page says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from communique.errors import InputError
from communique.reading.day import parse_day
from communique.reading.decode import decode, page_text
from communique.reading.markup import is_fragment, text_of_fragment
from communique.settings import Settings
from communique.sources.formats import clean, is_markup
from communique.sources.item import HTML, PDF, RawItem

_STOPS = ".!?…。！？؟۔।"
_TOLD = ("title", "url", "outlet", "published")  # what a page says of its article
_LONGEST_ENTRY = 100  # characters of an entry of a menu


def opened(item: RawItem, settings: Settings) -> tuple[RawItem, str]:
    """Return `item`, its empty fields filled with what its page says, and the text in it.

    Text that holds markup, as the columns of tables often do, is taken for a page or a piece of one. Raises InputError
    for what is no text, or no medium that can be read.
    """
    origin = clean(item.origin)
    if item.media == PDF and isinstance(item.content, bytes):
        from communique.reading.pdf import pdf_text

        return item, decode(pdf_text(item.content, origin=origin, most=settings.max_report_chars), origin=origin)
    if item.media == HTML:
        content = item.content
        return _page(item, page_text(content, item.charset) if isinstance(content, bytes) else content)
    if item.media:
        raise InputError(f"{origin} is {clean(item.media)}, which cannot be read. Give text, HTML or PDF.")
    if isinstance(item.content, bytes):
        return item, decode(item.content, origin=origin, charset=item.charset)
    if is_markup(item.content[:1000].encode("utf-8", "replace")):
        return _page(item, item.content)
    text = text_of_fragment(item.content, origin) if is_fragment(item.content) else item.content
    return item, decode(text, origin=origin)


def fetched_day(item: RawItem) -> str:
    """Return the day on which `item` was fetched, "" if it is not known."""
    try:
        return parse_day(item.fetched) if item.fetched else ""
    except InputError:
        return ""


def has_sentence(paragraphs: Iterable[str]) -> bool:
    """Return whether one of these can be a sentence: what pages without an article have are menus."""
    return any(len(text) > _LONGEST_ENTRY or any(sign in text for sign in _STOPS) for text in paragraphs)


def no_article(origin: str) -> str:
    """Return the message for a page on which there is no article."""
    return f"{origin}: no article text found on the page. Give the page of one report."


def _page(item: RawItem, html: str) -> tuple[RawItem, str]:
    from communique.reading.page import read_page

    origin = clean(item.origin)
    told = not all(getattr(item, name) for name in _TOLD)
    page = read_page(html.replace("\0", " "), origin=origin, url=item.url, latest=fetched_day(item), told=told)
    if page is None:
        raise InputError(no_article(origin))
    known = {name: found for name in _TOLD if (found := getattr(page, name)) and not getattr(item, name)}
    return replace(item, **known), decode(page.text, origin=origin)
