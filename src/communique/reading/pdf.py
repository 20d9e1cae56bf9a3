"""A PDF document to its text: lines in reading order, joined into paragraphs, without page headers and numbers.

Meant for what ministries publish: statements, communiqués, resolutions. The order is that in which the document writes
its text. A new paragraph begins after a gap, at an indent, or where a line ends early and with a full stop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from communique.errors import InputError
from communique.reading.lines import ends_sentence, is_list_item

_MOST_PAGES = 2_000
_MARGIN_LINES = 3  # at the head and foot of a page, where what every page repeats stands
_LEAST_PAGES = 2  # that repeat a line
_GAP = 1.35  # times the usual distance of lines
_LARGE = 1.15  # times the usual height of lines
_SIZE = 0.15  # of the height of a line, by which lines of one paragraph may differ
_HEADING_GAP = 2.2  # times the height of a heading
_INDENT = 6.0  # points
_SHORT = 0.88  # of the usual width: a line that ends there ends its paragraph, if it ends a sentence
_NUMBER = re.compile(
    r"(?:page|p\.|seite|-|–|—|\[|\()?\s*(?:[0-9]{1,4}|[ivxlc]{1,6})\s*(?:(?:/|of|von|de)\s*[0-9]{1,4})?\s*(?:-|–|—|\]|\))?",
    re.I,
)
_DIGITS = re.compile(r"[0-9]+")
_COMPOUND = re.compile(r"\w+(?:-\w+)+")
_PARTS_WORD = "\u0002\ufffe"  # what PDFium makes of a hyphen at the end of a line, and of that line's end
_LINE_ENDS = "\r\n" + _PARTS_WORD
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, and in points from the left and from the foot of the page where it stands."""

    text: str
    left: float
    right: float
    base: float
    height: float


def pdf_text(content: bytes, *, origin: str, most: int) -> str:
    """Return the text of a PDF document, a blank line between paragraphs, at most a little more than `most` characters.

    Raises InputError, naming `origin`, for what is no PDF, is encrypted, has no text, or far too many pages.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise InputError(_unreadable(origin, str(error))) from None
    try:
        if len(document) > _MOST_PAGES:
            raise InputError(f"{origin} has {len(document):,} pages. Give the pages of one statement.")
        pages: list[list[Line]] = []
        size = 0
        for number in range(len(document)):
            pages.append(_lines(document, number))
            size += sum(len(line.text) for line in pages[-1])
            if size > most:
                break
    except pypdfium2.PdfiumError as error:
        raise InputError(_unreadable(origin, str(error))) from None
    finally:
        document.close()
    text = "\n\n".join(_paragraphs(_without_margins(pages)))
    if not text.strip():
        raise InputError(f"{origin} holds pictures of pages, no text. Run it through text recognition (OCR) first.")
    return text


def _unreadable(origin: str, reason: str) -> str:
    if "password" in reason.lower():
        return f"{origin} is locked with a password. Save it without one."
    return f"{origin} is no PDF document that can be read ({reason.rstrip('.')}). Fetch it again."


def _lines(document: Any, number: int) -> list[Line]:
    """Return the lines of a page in the order in which the document writes them."""
    import pypdfium2.raw as raw

    page = document[number]
    words = page.get_textpage()
    try:
        found: list[Line] = []
        start = 0
        characters = [chr(raw.FPDFText_GetUnicode(words, i)) for i in range(words.count_chars())]
        for end in [i for i, c in enumerate(characters) if c in _LINE_ENDS] + [len(characters)]:
            line = _line(words, characters, start, end)
            start = end + 1
            if line is not None:
                found.append(line)
        return _same_line(found)
    finally:
        words.close()
        page.close()


def _line(words: Any, characters: Sequence[str], start: int, end: int) -> Line | None:
    seen = [i for i in range(start, end) if not characters[i].isspace() and characters[i] != "\0"]
    if not seen:
        return None
    left, base, _, top = words.get_charbox(seen[0], loose=True)
    _, _, right, _ = words.get_charbox(seen[-1], loose=True)
    text = " ".join("".join(c for c in characters[start:end] if c != "\0").split())
    if end < len(characters) and characters[end] in _PARTS_WORD:
        text += "-"
    return Line(text, left, right, base, max(1.0, top - base))


def _same_line(lines: Sequence[Line]) -> list[Line]:
    """Join pieces that stand on one line: a change of font or a wide blank may part them."""
    found: list[Line] = []
    for line in lines:
        last = found[-1] if found else None
        if last and abs(last.base - line.base) < 0.3 * last.height and -1 <= line.left - last.right < 3 * last.height:
            found[-1] = Line(f"{last.text} {line.text}", last.left, line.right, last.base, last.height)
        else:
            found.append(line)
    return found


def _without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Take out page numbers, and what stands at the same place at the head or foot of half of the pages."""
    seen = Counter(key for page in pages for key in {_key(line) for line in _margins(page)})
    least = max(_LEAST_PAGES, (len(pages) + 1) // 2)

    def is_margin(line: Line, outermost: bool) -> bool:
        text, base = _key(line)
        if sum(seen[text, near] for near in (base - 1, base, base + 1)) >= least:
            return True
        return outermost and _NUMBER.fullmatch(line.text) is not None

    kept = []
    for page in pages:
        start, end = 0, len(page)
        while start < min(_MARGIN_LINES, end) and is_margin(page[start], start == 0):
            start += 1
        while end > max(start, len(page) - _MARGIN_LINES) and is_margin(page[end - 1], end == len(page)):
            end -= 1
        kept.append(list(page[start:end]))
    return kept


def _margins(page: Sequence[Line]) -> list[Line]:
    return [*page[:_MARGIN_LINES], *page[-_MARGIN_LINES:]]


def _key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text.casefold()), round(line.base)


def _paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[str]:
    """Yield the paragraphs, over the ends of pages."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    width = sorted(line.right for line in lines)[int(0.9 * (len(lines) - 1))]
    steps = sorted(a.base - b.base for page in pages for a, b in pairwise(page) if a.base > b.base)
    step = steps[len(steps) // 3] if steps else 0.0
    usual = sorted(line.height for line in lines)[len(lines) // 2]
    compounds = frozenset(word.casefold() for line in lines for word in _COMPOUND.findall(line.text))
    text = lines[0].text
    for last, line in pairwise(lines):
        if _is_heading(last, line, usual) or _goes_on(last, line, step, width):
            text = _joined(text, line.text, compounds)
        else:
            yield text
            text = line.text
    yield text


def _is_heading(last: Line, line: Line, usual: float) -> bool:
    """Return whether both are lines of one heading: larger than the text, and set apart as headings are."""
    large = min(last.height, line.height) > _LARGE * usual and abs(last.height - line.height) < 1
    return large and 0 < last.base - line.base < _HEADING_GAP * line.height and not ends_sentence(last.text)


def _goes_on(last: Line, line: Line, step: float, width: float) -> bool:
    if is_list_item(line.text) or abs(last.height - line.height) > _SIZE * last.height:
        return False
    distance = last.base - line.base
    over_page = distance < 0
    ended = ends_sentence(last.text)
    if over_page:
        return not ended or line.text[0].islower()
    if distance > _GAP * max(step, last.height):
        return False
    if line.left > last.left + _INDENT and ended:
        return False
    return not (ended and last.right < _SHORT * width)


def _joined(text: str, line: str, compounds: frozenset[str]) -> str:
    """Join two lines; a hyphen that only parts a word at the end of a line goes.

    One that belongs to the word stays: the document writes the word with it elsewhere.
    """
    if not _HYPHEN.search(text) or not line[0].islower():
        return f"{text} {line}"
    first, second = text[:-1].rpartition(" ")[2], line.partition(" ")[0].rstrip(".,;:!?)”\"'")
    whole = f"{first}-{second}".casefold().lstrip("(“\"'")
    return f"{text[:-1]}-{line}" if whole in compounds else text[:-1] + line
