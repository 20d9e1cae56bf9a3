"""Markup to text, and markup made small enough to be parsed in bounded time.

The time of some steps grows with the square of the number of elements. So scripts, styles and comments go first, tags
of absurd length lose their attributes, and a page with far more elements than any report has is refused.
"""

from __future__ import annotations

import re
from typing import Any

from communique.errors import InputError

MOST_TAGS = 50_000  # opening and closing; long live blogs have 20,000
MOST_CHARACTERS = 2_000_000  # of a page without its scripts
_LONGEST_TAG = 4_000  # characters; longer ones carry pictures or data in their attributes
_LONGEST_DATA = 200_000  # characters of a script that says something of the page
_SAMPLE = 4_000  # characters in which markup shows
_LEAST_TAGS = 2

_OPENS = re.compile(r"<!--|<(script|style|svg|noscript|template|iframe|canvas)\b[^>]{0,2000}>", re.IGNORECASE)
_DATA = re.compile(r"type\s*=\s*[\"']?application/ld\+json", re.IGNORECASE)
_LONG_TAG = re.compile(rf"<(/?[a-zA-Z][a-zA-Z0-9]{{0,20}})\b[^<>]{{{_LONGEST_TAG},}}>")
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|h[1-6]|ul|ol|li|blockquote|img|figure|table|font|body)\b[^<>]{0,2000}>", re.I
)
_BREAKS = re.compile(r"[ \t\r\f]*\n[ \t\r\f]*")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EMPTY = re.compile(r"\n{3,}")
# Elements that are a paragraph of their own: those of HTML and those of trafilatura's result.
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
    " head item quote list row cell code".split()
)
_ITEMS = frozenset({"li", "item"})
_LINES = frozenset({"br", "lb"})
_DROPPED = frozenset("script style noscript template iframe canvas svg object embed audio video button select".split())


def reduced(html: str, origin: str) -> str:
    """Return a page without scripts, styles, comments and overlong attributes; scripts with data on it stay.

    Raises InputError for a page that is still too large, or has too many elements, to be one with a report.
    """
    pieces: list[str] = []
    at = 0
    while match := _OPENS.search(html, at):
        pieces.append(html[at : match.start()])
        name = match[1]
        closing = re.compile(rf"</{name}\s*>" if name else "-->", re.IGNORECASE).search(html, match.end())
        at = closing.end() if closing else len(html)
        if name and name.lower() == "script" and _DATA.search(match[0]) and at - match.start() <= _LONGEST_DATA:
            pieces.append(html[match.start() : at])
    pieces.append(html[at:])
    text = _LONG_TAG.sub(r"<\1>", "".join(pieces))
    if len(text) > MOST_CHARACTERS or text.count("<") > MOST_TAGS:
        raise InputError(f"{origin} is a page with more markup than a report has. Save its text as a .txt file.")
    return text


def is_fragment(text: str) -> bool:
    """Return whether `text` holds markup, as columns of vendors' tables and entries of feeds do."""
    head = text[:_SAMPLE]
    return "<" in head and len(_TAG.findall(head)) >= _LEAST_TAGS


def text_of_fragment(html: str, origin: str) -> str:
    """Return the text of a piece of a page: paragraphs with a blank line between them. Raises InputError."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    try:
        parser = HTMLParser(remove_comments=True, remove_pis=True, recover=True, encoding="utf-8")
        tree = document_fromstring(reduced(html, origin).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        raise InputError(f"{origin} holds markup without text. Give a report with text in it.") from None
    return text_of(tree)


def text_of(tree: Any) -> str:
    """Return the text of a tree of lxml's: a blank line between paragraphs, `- ` before the items of a list."""
    from lxml import etree

    pieces: list[str] = []
    dropped = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        block = tag in _BLOCKS
        if tag in _DROPPED or not isinstance(element.tag, str):
            dropped += 1 if event == "start" else -1
        elif not dropped:
            if block:
                pieces.append("\n\n")
            if event == "start":
                pieces.append("- " if tag in _ITEMS else "\n" if tag in _LINES else "")
                pieces.append(_BLANKS.sub(" ", element.text or ""))
        if event == "end" and not dropped and element is not tree:
            pieces.append(_BLANKS.sub(" ", element.tail or ""))
    text = _BREAKS.sub("\n", "".join(pieces)).replace("\u00a0", " ")
    return _EMPTY.sub("\n\n", re.sub(r"(?m)^- *\n+(?=\S)", "- ", text)).strip()
