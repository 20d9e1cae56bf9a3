"""What a source gives to reading: the bytes or text of one report and what else is known of it."""

from __future__ import annotations

from dataclasses import dataclass

HTML = "text/html"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class RawItem:
    """One report as a source gives it, nothing decoded or cleaned yet.

    `origin` says where it came from: a path, `path:line` for a line of a file of many, or `-` for standard input.
    `published` is a day in any form that `reading.day.parse_day` knows, or empty. `language` is a language code.
    `media` is the media type of `content` (`text/html`, `application/pdf`); empty for plain text.
    `charset` is the encoding that the carrier of `content` gives (a web server's header), which may be wrong.
    `fetched` is the day on which a page was fetched, in the forms of `published`: no report on it is younger, and it
    counts as the day of publication where nothing else tells one.
    """

    content: str | bytes
    origin: str
    source_id: str = ""
    published: str = ""
    title: str = ""
    url: str = ""
    outlet: str = ""
    language: str = ""
    media: str = ""
    charset: str = ""
    fetched: str = ""
