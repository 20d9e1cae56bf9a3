"""Lines to paragraphs: which line breaks end a paragraph and which only wrap it.

A break was made by wrapping if the first word of the next line had no room on this one. That is asked only of texts
whose line breaks mostly are of that kind; in others a break ends a paragraph unless the sentence plainly goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_WIDEST = 132  # characters; no printer and no mail program wraps later
_WRAPPED_SHARE = 0.6  # of the breaks between neighbouring lines, for a text to count as hard-wrapped
_LEAST_BREAKS = 3
_RAGGED = 0.85  # of the width; text from PDF files is wrapped by the width of letters, not by their number

_STOP = re.compile(r"[.!?\u2026:;][\"'\u201d\u2019)\]\u00bb]*$")
_GOES_ON = re.compile(
    r"(?:[,\u2013\u2014-]|\b(?:an?|the|of|to|in|on|at|by|for|with|from|and|or|but|that|which|who|whose|as|than|into"
    r"|between|against|his|her|its|their|our|your|is|are|was|were|be|been|has|have|had|will|would|not))$",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"(?:[-*\u2022\u00b7\u25aa\u25cf\u2013\u2014\u2043]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text `[start, end)` without white space at its ends; `group` counts the blank lines before it."""

    start: int
    end: int
    group: int
    indent: int = 0
    lines: int = 1


def cut_lines(text: str) -> list[Stretch]:
    """Return the lines of `text` that are not blank, in order."""
    lines: list[Stretch] = []
    group, start = 0, 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            lines.append(Stretch(start + indent, start + indent + len(stripped), group, indent))
        else:
            group += 1
        start += len(raw) + 1
    return lines


def join_lines(text: str, lines: Sequence[Stretch], alone: Callable[[Stretch], bool]) -> list[Stretch]:
    """Return the paragraphs of `text`: neighbouring lines joined where a break only wraps.

    `alone` says of a line that it is furniture, which is joined to nothing unless the sentence runs into it.
    """
    width = _wrap_width(text, [line for line in lines if not alone(line)])
    joined: list[Stretch] = []
    last: Stretch | None = None  # the last line of the paragraph so far
    for line in lines:
        whole = joined[-1] if joined else line
        if last is not None and _joins(text, last, line, width, alone, running=whole.lines > 1):
            joined[-1] = Stretch(whole.start, line.end, whole.group, whole.indent, whole.lines + 1)
        else:
            joined.append(line)
        last = line
    return joined


def is_list_item(text: str) -> bool:
    """Return whether `text` starts with a bullet, a dash or a number as items of lists do."""
    return _LIST_ITEM.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends with the punctuation of a sentence, closing quotes and brackets aside."""
    return _STOP.search(text[-6:]) is not None


def _wrap_width(text: str, lines: Sequence[Stretch]) -> int:
    """Return the width at which `text` is hard-wrapped, 0 if it is not."""
    lengths = sorted(line.end - line.start for line in lines if " " in text[line.start : line.end])
    breaks = [(a, b) for a, b in pairwise(lines) if a.group == b.group]
    if len(breaks) < _LEAST_BREAKS or not lengths:
        return 0
    width = lengths[-1] if len(lengths) < 20 else lengths[int(0.97 * (len(lengths) - 1))]
    full = sum(_is_full(text, a, b, width) for a, b in breaks)
    return width if width <= _WIDEST and full >= _WRAPPED_SHARE * len(breaks) else 0


def _is_full(text: str, line: Stretch, following: Stretch, width: int) -> bool:
    word = text[following.start : following.end].split(None, 1)[0]
    return line.end - line.start + 1 + len(word) > width


def _joins(text: str, a: Stretch, b: Stretch, width: int, alone: Callable[[Stretch], bool], *, running: bool) -> bool:
    """Return whether line `b` goes on where `a` stops; `running`: `a` itself was joined to a line before."""
    if a.group != b.group or is_list_item(text[b.start : b.end]):
        return False
    before = text[a.start : a.end]
    small = text[b.start].islower() and not ends_sentence(before)
    if alone(a) and not (running and small):
        return False
    if alone(b):
        return small
    if small or _is_open(before):
        return True
    if not width or b.indent >= a.indent + 2:
        return False
    ragged = not ends_sentence(before) and a.end - a.start >= _RAGGED * width
    return ragged or _is_full(text, a, b, width)


def _is_open(line: str) -> bool:
    """Return whether a sentence cannot end where `line` does: within brackets, after a comma or a small word."""
    bracket = max(line.rfind("("), line.rfind("["))
    if bracket > max(line.rfind(")"), line.rfind("]")) and len(line) - bracket < _WIDEST:
        return True
    return not ends_sentence(line) and _GOES_ON.search(line) is not None
