"""Text of the bits of HTML that feeds carry. They hold the report and nothing else, so nothing is left out by guess."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "address article aside blockquote br caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table td th tr ul".split()
)
_UNSAID = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "figcaption", "form", "audio", "video"}
)
_BREAK = "\n\n"
_CUT = re.compile(
    r"(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.|\b(?:read|continue reading|see) (?:more|on)\W*)\s*$", re.IGNORECASE
)


def text_of(markup: str) -> str:
    """Return the text of a fragment of HTML, its paragraphs set off by an empty line."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    paragraphs = (" ".join(part.split()) for part in "".join(reader.pieces).split(_BREAK))
    return _BREAK.join(filter(None, paragraphs))


def is_cut(text: str) -> bool:
    """Tell whether a text ends as a teaser does: with an ellipsis, with "Read more"."""
    return _CUT.search(text[-200:]) is not None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unsaid: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSAID:
            self._unsaid.append(tag)
        elif tag in _BLOCKS:
            self.pieces.append(_BREAK)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.pieces.append(_BREAK)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unsaid:  # closes what was left open inside it too
            del self._unsaid[self._unsaid.index(tag) :]
        elif tag in _BLOCKS:
            self.pieces.append(_BREAK)

    def handle_data(self, data: str) -> None:
        if not self._unsaid:
            # White space of the markup is no end of a paragraph.
            self.pieces.append(" ".join(data.split("\n")))
