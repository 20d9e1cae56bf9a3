"""What each paragraph of a report is: reporting, heading or furniture.

Every block is judged by itself first, then by its neighbours: short promotional lines beside a newsletter form are
part of it, headlines below "Related articles" lead elsewhere, a short line over a paragraph is its heading.
A block in doubt stays reporting, for a record too many can be seen and a report that lost its text cannot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from communique.knowledge.furniture import FurnitureBook, Zone, plain
from communique.reading.day import DateLine, date_line, find_day
from communique.reading.lines import Stretch, cut_lines, ends_sentence, is_list_item, join_lines

LONGEST_LINE = 420  # characters; a longer block is no single line of furniture
_LONGEST_PROMOTION = 300
_LONGEST_NOTE = 700
_LONGEST_TITLE = 220
_LONGEST_HEADING = 80
_HEADING_WORDS = 10
_TITLE_CASE_WORDS = 15
_REPEATED = "repeated"
_PROMOTIONAL = frozenset({"newsletter", "consent", "share", "comments", "copyright"})

_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s+(?=[A-Z\"'(\[])")
# A bullet within a paragraph is what a list of links or a note on the author leaves when its line breaks are lost.
_BULLETS = "\u2022\u25cf\u25aa\u25a0"
_NOTE_START = re.compile(rf"[.!?][\"')\]]*\s+(?=[A-Z\"'(\[{_BULLETS}])|\s(?=[{_BULLETS}]\s)")
# A sentence without one of these words is not searched for the phrases of forms and consent boxes.
_ADDRESS = re.compile(
    r"\b(?:y?our|you|we|(?:re)?captcha|cookies?|subscri\w+|newsletters?|javascript|inbox|browser|privacy|terms|app"
    r"|unsubscribe|opt|e-?mail|this (?:site|page|website|video|content|audio|article|story))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the report and what it is: `reason` is empty for reporting. `opens`: what follows it."""

    start: int
    end: int
    reason: str = ""
    opens: Zone = ""
    lines: int = 1
    day: DateLine | None = None


def classify(text: str, book: FurnitureBook, outlet: str = "") -> list[Part]:
    """Return the parts of `text` in order; together they hold every character that is not white space.

    `outlet`, as `outlet_of` gives it, says which repeated paragraphs are furniture.
    """
    lines = cut_lines(text)
    known = {line: _judge(text, line, book, outlet) for line in lines if line.end - line.start <= LONGEST_LINE}
    blocks = join_lines(text, lines, lambda line: line in known and known[line].reason != "")
    parts: list[Part] = []
    for block in blocks:
        part = known.get(block) or _judge(text, block, book, outlet)
        parts.extend([part] if part.reason else _without_sentences(text, part, book))
    parts = _in_zones(text, parts, book)
    parts = _beside_furniture(text, parts, book)
    parts = _at_the_end(text, parts, book, outlet)
    return _headings(text, parts, book)


def folded(text: str) -> str:
    """Return `text` with straight quotes and each run of white space as one blank."""
    return " ".join(plain(text).split())


def _judge(text: str, block: Stretch, book: FurnitureBook, outlet: str) -> Part:
    """Judge a line or block by itself."""
    part = Part(block.start, block.end, lines=block.lines)
    if block.end - block.start > LONGEST_LINE:
        return replace(part, reason=_REPEATED if book.repeated.has(outlet, text[block.start : block.end]) else "")
    words = folded(text[block.start : block.end])
    if day := date_line(words):
        return replace(part, reason="date", day=day)
    if match := book.line(words):
        day = DateLine(found[0]) if match.entry.reason == "date" and (found := find_day(words)) else None
        return replace(part, reason=match.entry.reason, opens=match.entry.opens, day=day)
    return replace(part, reason=_REPEATED) if book.repeated.has(outlet, words) else part


def _without_sentences(text: str, part: Part, book: FurnitureBook) -> list[Part]:
    """Cut the sentences of forms and consent boxes out of `part`; all of it goes if half of its sentences do."""
    sentences = _sentences(text, part.start, part.end)
    marked = [_boilerplate(text[start:end], book) for start, end in sentences]
    if not any(marked):
        return [part]
    if 2 * sum(map(bool, marked)) >= len(marked) and part.end - part.start <= 2 * LONGEST_LINE:
        return [replace(part, reason=next(filter(None, marked)), opens="promotion")]
    cut: list[Part] = []
    for (start, end), reason in zip(sentences, marked, strict=True):
        if cut and cut[-1].reason == reason:
            cut[-1] = replace(cut[-1], end=end)
        else:
            cut.append(replace(part, start=start, end=end, reason=reason))
    return cut


def _boilerplate(sentence: str, book: FurnitureBook) -> str:
    """Return the reason why `sentence` is furniture, or the empty string. What somebody is quoted with never is."""
    if len(sentence) > LONGEST_LINE or not _ADDRESS.search(sentence):
        return ""
    words = folded(sentence)
    match = None if '"' in words else book.search("block", words)
    return match.entry.reason if match else ""


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut roughly at full stops; abbreviations may cut too often, which does no harm here."""
    body = plain(text[start:end])
    cuts = [m.end() for m in _SENTENCE_END.finditer(body)]
    edges = [0, *cuts, len(body)]
    return [(start + a, start + a + len(body[a:b].rstrip())) for a, b in pairwise(edges)]


def _in_zones(text: str, parts: Sequence[Part], book: FurnitureBook) -> list[Part]:
    """Give the lines below "Related articles", "About the author" or a newsletter's heading the reason above them."""
    done: list[Part] = []
    zone, reason = "", ""
    for part in parts:
        if part.reason:
            if part.opens or reason != part.reason:
                zone, reason = (part.opens, part.reason) if part.opens else (zone, reason)
            done.append(part)
            continue
        if _belongs(text[part.start : part.end], zone, book):
            part = replace(part, reason=reason)
            zone = "" if zone == "note" else zone
        else:
            zone = ""
        done.append(part)
    return done


def _belongs(text: str, zone: str, book: FurnitureBook) -> bool:
    if zone == "headlines":
        return not ends_sentence(text.rstrip("?!")) and len(text) <= _LONGEST_TITLE and not _is_kept(text, book)
    if zone == "note":
        return len(text) <= _LONGEST_NOTE
    return zone == "promotion" and _is_promotion(text, book)


def _is_promotion(text: str, book: FurnitureBook) -> bool:
    if len(text) > _LONGEST_PROMOTION:
        return False
    words = folded(text)
    return '"' not in words and book.search("context", words) is not None and not _is_kept(text, book)


def _is_kept(text: str, book: FurnitureBook) -> bool:
    return book.search("keep", folded(text)) is not None


def _beside_furniture(text: str, parts: Sequence[Part], book: FurnitureBook) -> list[Part]:
    """Short promotional lines before or after the furniture of forms are furniture too."""
    done = list(parts)
    for order in (range(len(done)), range(len(done) - 1, -1, -1)):
        step = order.step
        for i in order:
            beside = done[i - step].reason if 0 <= i - step < len(done) else ""
            if not done[i].reason and beside in _PROMOTIONAL and _is_promotion(text[done[i].start : done[i].end], book):
                done[i] = replace(done[i], reason=beside)
    return done


def _at_the_end(text: str, parts: Sequence[Part], book: FurnitureBook, outlet: str) -> list[Part]:
    """Find what is furniture where nothing but furniture follows: notes on the author, disclosures, corrections.

    Where a report has lost its line breaks, such notes are the last sentences of its last paragraph.
    """
    done = list(parts)
    for i in range(len(done) - 1, -1, -1):
        if done[i].reason:
            continue
        whole = _note(text, done[i].start, done[i].end, book, outlet) if i else ""  # a whole text is never a note
        if whole:
            done[i] = replace(done[i], reason=whole)
            continue
        tail: list[Part] = []
        while cut := _last_note(text, done[i], book, outlet):
            done[i], note = cut
            tail.insert(0, note)
        done[i + 1 : i + 1] = tail
        break
    return done


def last_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the last sentences, three at most, of a paragraph that has several, roughly cut."""
    starts = _note_starts(text, start, end)[-3:]
    return [(a, a + len(text[a:b].rstrip())) for a, b in pairwise([*starts, end])]


def _note_starts(text: str, start: int, end: int) -> list[int]:
    begin = max(start, end - LONGEST_LINE)
    return [begin + match.end() for match in _NOTE_START.finditer(plain(text[begin:end]))]


def _last_note(text: str, part: Part, book: FurnitureBook, outlet: str) -> tuple[Part, Part] | None:
    """Return `part` without the sentence at its end that is furniture, and that sentence; None if it has none."""
    starts = _note_starts(text, part.start, part.end)
    for start in starts[-1:] + [at for at in starts[-3:-1] if text[at] in _BULLETS]:
        reason = _note(text, start, part.end, book, outlet)
        end = part.start + len(text[part.start : start].rstrip())
        if reason and end > part.start:
            return replace(part, end=end), Part(start, part.end, reason)
    return None


def _note(text: str, start: int, end: int, book: FurnitureBook, outlet: str) -> str:
    """Return the reason why a line or sentence at the end of a text is furniture, or the empty string."""
    words = folded(text[start:end]).lstrip(_BULLETS + " ")
    if not words or len(words) > LONGEST_LINE or date_line(words):
        return ""
    if match := book.line(words) or book.line(words, last=True):
        return match.entry.reason
    return _REPEATED if book.repeated.has(outlet, text[start:end].rstrip()) else ""


def _headings(text: str, parts: Sequence[Part], book: FurnitureBook) -> list[Part]:
    """Find the title and the headings among what is left.

    If most of the text has no final punctuation, the lack of it says nothing, and only the first line is a heading;
    if nothing but headings is left, they are the text.
    """
    left = [i for i, part in enumerate(parts) if not part.reason]
    bare = [i for i in left if not ends_sentence(text[parts[i].start : parts[i].end])]
    size = {i: parts[i].end - parts[i].start for i in left}
    unpunctuated = 2 * sum(size[i] for i in bare if size[i] > _LONGEST_HEADING) > sum(size.values())
    done = list(parts)
    titled = False
    body = False
    for i in left[:-1]:
        words = folded(text[parts[i].start : min(parts[i].end, parts[i].start + LONGEST_LINE)])
        if _has_dateline(words, book):
            body = True
        elif not titled and not body and parts[i].lines <= 3 and _is_title(words):
            done[i] = replace(done[i], reason="title")
            titled = True
        elif not unpunctuated and parts[i].lines <= 2 and _is_heading(words, book, standfirst=not body):
            done[i] = replace(done[i], reason="heading")
        else:
            body = True
    return done


def _is_title(words: str) -> bool:
    """A title has no final stop, but may ask a question; more than one sentence is a paragraph."""
    if len(words) > _LONGEST_TITLE or is_list_item(words):
        return False
    asks = words.endswith(("?", "!")) and len(words) <= 0.6 * _LONGEST_TITLE
    return (asks or not ends_sentence(words)) and not words.endswith(",") and not _SENTENCE_END.search(words)


def _has_dateline(words: str, book: FurnitureBook) -> bool:
    match = book.prefix(words, first=True)
    return match is not None and bool(match.place)


def _is_heading(words: str, book: FurnitureBook, *, standfirst: bool) -> bool:
    if is_list_item(words) or words.endswith(",") or words[0] == '"' or words[0].islower() or _is_kept(words, book):
        return False
    if standfirst:
        return _is_title(words)
    if ends_sentence(words):
        return False
    tokens = words.split()
    capital = sum(token[0].isupper() for token in tokens)
    return (len(words) <= _LONGEST_HEADING and len(tokens) <= _HEADING_WORDS) or (
        len(tokens) <= _TITLE_CASE_WORDS and capital >= 0.7 * len(tokens)
    )
