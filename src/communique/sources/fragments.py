"""Text of the bits of HTML that feeds carry. They hold the report and nothing else, so nothing is left out by guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_BLOCKS = frozenset(
    "address article aside blockquote br caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table td th tr ul".split()
)
_UNSAID = frozenset(
    {"head", "script", "style", "template", "noscript", "iframe", "object", "svg", "figcaption", "audio", "video"}
)
_FEED = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32)), " ")  # which no XML may hold
_BREAK = "\n\n"
_CUT = re.compile(
    r"(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.|\b(?:read|continue reading|see) (?:more|on)\W*)\s*$", re.IGNORECASE
)


def text_of(markup: str) -> str:
    """Return the text of a fragment of HTML, its paragraphs set off by an empty line."""
    paragraphs = (" ".join(part.split()) for part in "".join(_pieces(markup)).split(_BREAK))
    return _BREAK.join(filter(None, paragraphs))


def is_cut(text: str) -> bool:
    """Tell whether a text ends as a teaser does: with an ellipsis, with "Read more"."""
    return _CUT.search(text[-200:]) is not None


def feeds_in(page: bytes) -> list[str]:
    """Return the links to feeds that the head of a page names, as they stand."""
    root = _parsed(page.decode("utf-8", errors="replace"))
    links = () if root is None else root.iter("link")
    return [link.get("href", "") for link in links if _FEED.match(link.get("type", "")) and link.get("href")]


def _pieces(markup: str) -> Iterator[str]:
    from lxml import etree

    root = _parsed(markup)
    unsaid = 0
    for event, element in () if root is None else etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            unsaid += tag in _UNSAID
            yield _BREAK if tag in _BLOCKS else ""
            yield "" if unsaid else _flat(element.text)
        else:
            if event == "end":
                unsaid -= tag in _UNSAID
                yield _BREAK if tag in _BLOCKS else ""
            yield "" if unsaid else _flat(element.tail)


def _flat(text: str | None) -> str:
    """White space of the markup is no end of a paragraph."""
    return (text or "").replace("\n", " ")


def _parsed(markup: str) -> Any:
    """Return the root of a piece of HTML, however broken; None if there is nothing in it."""
    import lxml.html
    from lxml import etree

    clean = markup.translate(_FORBIDDEN)
    if not clean.strip():
        return None
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8")  # else a declaration in it would be believed
        return lxml.html.document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # comments and the like alone
        return None
