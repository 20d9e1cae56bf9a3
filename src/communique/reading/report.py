"""A raw item to a document: decoded, cut into paragraphs, its furniture taken out and its metadata read."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from communique.errors import InputError
from communique.knowledge.furniture import FurnitureBook, plain
from communique.knowledge.repeated import outlet_of
from communique.reading.classify import LONGEST_LINE, Part, classify, folded
from communique.reading.day import copyright_year, day_of_year, find_day, parse_day, url_day, urls
from communique.reading.document import Block, Document
from communique.reading.language_of import language_code, language_of
from communique.reading.opened import fetched_day, has_sentence, no_article, opened
from communique.records import Removed, Report
from communique.settings import Settings
from communique.sources.formats import clean
from communique.sources.item import HTML, RawItem
from communique.sources.limits import too_long

_HEAD_LINES = 6  # furniture at the head, where an address is the report's own; further on it leads elsewhere
_MOST_TRIMS = 3  # prefixes or suffixes of one paragraph


def read_item(item: RawItem, *, furniture: FurnitureBook, settings: Settings) -> Document:
    """Return `item` as a document: the report and the paragraphs of it that are to be coded.

    What the source knows (title, day, outlet, language) counts before what the text says. Every word of the text is
    in a block or in `report.removed`. Raises InputError for what is no text, empty, too long, or has no readable date.
    """
    item, text = opened(item, settings)
    if len(text) > settings.max_report_chars:
        raise InputError(too_long(clean(item.origin), settings))
    if not text.strip():
        raise InputError(f"{clean(item.origin)} is empty. Give a report with text in it.")
    published = parse_day(item.published.strip()) if item.published.strip() else ""
    parts = classify(text, furniture, outlet_of(item.outlet, item.url))
    parts, place, dateline = _trimmed(text, _not_only_headings(parts), furniture)
    if item.media == HTML and not has_sentence(text[part.start : part.end] for part in parts if not part.reason):
        raise InputError(no_article(clean(item.origin)))
    report = Report(
        id=report_id(text),
        text=text,
        title=clean(item.title) or _title(text, parts),
        url=clean(item.url),
        outlet=clean(item.outlet),
        published=published or _day_of(text, parts, dateline, clean(item.url)) or fetched_day(item),
        language=_language(text, parts, item.language, settings),
        removed=tuple(Removed(text[part.start : part.end], part.reason) for part in parts if part.reason),
    )
    blocks = tuple(Block(part.start, part.end) for part in parts if not part.reason)
    return Document(report, blocks, place)


def report_id(text: str) -> str:
    """Return the id of a report: `r` and 16 hex digits that depend on its words only, not on white space."""
    folded_text = " ".join(unicodedata.normalize("NFC", text).split())
    return "r" + hashlib.sha256(folded_text.encode("utf-8")).hexdigest()[:16]


def _not_only_headings(parts: list[Part]) -> list[Part]:
    """If headings are all there is, they are the text."""
    if any(not part.reason for part in parts):
        return parts
    return [replace(part, reason="") if part.reason in ("title", "heading") else part for part in parts]


def _trimmed(text: str, parts: Sequence[Part], book: FurnitureBook) -> tuple[list[Part], str, str]:
    """Cut datelines, labels and credits off the ends of paragraphs; return the dateline's place and date too."""
    done: list[Part] = []
    place, date, first = "", "", True
    for part in parts:
        if part.reason:
            done.append(part)
            continue
        before: list[Part] = []
        after: list[Part] = []
        for _ in range(_MOST_TRIMS):
            match = book.prefix(plain(text[part.start : min(part.end, part.start + LONGEST_LINE)]), first=first)
            if match is None or not match.end:
                break
            before.append(_piece(text, part.start, part.start + match.end, match.entry.reason))
            part = _piece(text, part.start + match.end, part.end, "")
            place, date = place or _name(match.place), date or match.date
        for _ in range(_MOST_TRIMS):
            tail = max(part.start, part.end - LONGEST_LINE)
            match = book.suffix(plain(text[tail : part.end]))
            if match is None or match.start == match.end:
                break
            after.insert(0, _piece(text, tail + match.start, part.end, match.entry.reason))
            part = _piece(text, part.start, tail + match.start, "")
        first = first and part.start == part.end
        done.extend(piece for piece in (*before, part, *after) if piece.start < piece.end)
    return done, place, date


def _piece(text: str, start: int, end: int, reason: str) -> Part:
    """Return the part between the offsets without the white space at its ends."""
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    return Part(start, max(start, start + len(body.strip())), reason)


def _title(text: str, parts: Sequence[Part]) -> str:
    return next((folded_title(text[p.start : p.end]) for p in parts if p.reason == "title"), "")


def folded_title(text: str) -> str:
    """Return a title on one line, its quotes as they are."""
    return " ".join(text.split())


def _name(place: str) -> str:
    """Write a dateline's capitals as a name: `KYIV, Ukraine` is Kyiv, Ukraine. `D.C.` stays."""
    words = place.split(" ")
    return " ".join(w if "." in w.rstrip(".,") or not w.isupper() else w.title() for w in words)


def _day_of(text: str, parts: Sequence[Part], dateline: str, url: str) -> str:
    """Return the day that the text gives for itself: as published, else updated, else in by-line or dateline, else in
    its address. A dateline without a year takes that of the copyright line."""
    days = [part.day for part in parts if part.day is not None and part.day.day]
    for later in (False, True):
        if day := next((d.day for d in days if d.later is later), ""):
            return day
    removed = [text[part.start : part.end] for part in parts if part.reason]
    head = [text[part.start : part.end] for part in parts if part.reason == "by-line"]
    found = next((day for day in map(find_day, (*(folded(line) for line in head), dateline)) if day), None)
    if found is not None:
        return found[0]
    own = [a for line in removed[:_HEAD_LINES] for a in urls(line)]
    if day := next((day for day in map(url_day, (url, *own)) if day), ""):
        return day
    years = {year for year in map(copyright_year, removed) if year}
    return day_of_year(dateline, years.pop()) if dateline and len(years) == 1 else ""


def _language(text: str, parts: Sequence[Part], given: str, settings: Settings) -> str:
    """Return the language given, as its code; without one, that of the reporting in the text."""
    if code := language_code(clean(given)):
        return code
    kept = [text[part.start : part.end] for part in parts if not part.reason]
    return language_of(kept or [text], settings.language)
