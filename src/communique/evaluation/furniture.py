"""Scores for furniture against a table of lines: what a page prints around a report, and reporting that looks like it.

A table is a CSV file with the columns `part`, `label`, `kind`, `place` and `text`. Each text is put into a report of
three paragraphs at its `place` (`top`, `middle`, `end`), once with blank lines between the paragraphs and once
without, and read as a whole.

- `furniture` is right if none of its words is left to be coded, in both; `own` counts those for which the reason is
  one of furniture, not `title` or `heading`.
- `report` is right if all of its words are left to be coded, datelines aside, in both.
- `heading` (of a section of a report) is right if its reason, if it has one, is `title` or `heading`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from communique.errors import InputError
from communique.knowledge.furniture import FurnitureBook
from communique.reading import read_item
from communique.settings import Settings
from communique.sources.item import RawItem

_COLUMNS = ("part", "label", "kind", "place", "text")
_PLACES = ("top", "middle", "end")
_LABELS = ("furniture", "report", "heading")
_HEADINGS = frozenset({"title", "heading"})
_FIRST = (
    "Norway and Finland agreed on Thursday to patrol their common border together from May, and told Russia so in a "
    "note that both ambassadors delivered in Moscow."
)
_SECOND = (
    "The Russian foreign ministry called the step unfriendly and promised an answer. Diplomats in Oslo said that the "
    "patrols had been planned since the autumn and would be unarmed."
)
_THIRD = (
    "The two governments will report to their parliaments in the spring. Sweden, which was asked to join, has not yet "
    "decided, a member of its government said."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table. `part` tells rows that may be studied (`tuned`) from those held out (`held`)."""

    part: str
    label: str
    kind: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A row that was not right, with the reason that its words have, each followed by a blank ("" for reporting)."""

    line: Line
    reasons: tuple[str, ...]


class FurnitureScores(NamedTuple):
    """Rows of furniture: all, left out, left out for a reason of furniture; rows of reports: all, kept; wrong rows."""

    furniture: int
    out: int
    own: int
    report: int
    kept: int
    wrong: tuple[WrongLine, ...]


def furniture_scores(lines: Iterable[Line], book: FurnitureBook) -> FurnitureScores:
    """Return how many of `lines` are right with `book`."""
    furniture = out = own = report = kept = 0
    wrong: list[WrongLine] = []
    for line in lines:
        reasons = sorted({reason for gap in ("\n\n", "\n") for reason in reasons_of(line, book, gap)})
        left = "" in reasons
        if line.label == "furniture":
            furniture += 1
            out += not left
            right = not left and not _HEADINGS & set(reasons)
            own += right
        else:
            report += 1
            allowed = {"", "dateline"} if line.label == "report" else {"", *_HEADINGS}
            right = set(reasons) <= allowed and (left or line.label == "heading")
            kept += right
        if not right:
            wrong.append(WrongLine(line, tuple(reasons)))
    return FurnitureScores(furniture, out, own, report, kept, tuple(wrong))


def reasons_of(line: Line, book: FurnitureBook, gap: str) -> set[str]:
    """Return the reasons that the words of `line` have in a report with `gap` between paragraphs; "" for reporting."""
    paragraphs = [_FIRST, _SECOND, _THIRD]
    paragraphs.insert({"top": 0, "middle": 1, "end": 3}[line.place], line.text)
    text = gap.join(["Norway and Finland to patrol border", *paragraphs])
    start = text.index(gap + line.text) + len(gap)
    end = start + len(line.text)
    document = read_item(RawItem(text, "line"), furniture=book, settings=Settings())
    blocks = [(max(b.start, start), min(b.end, end)) for b in document.blocks if b.start < end and b.end > start]
    reasons = {"" for a, b in blocks if text[a:b].strip()}
    at = 0
    for removed in document.report.removed:
        at = text.index(removed.span_text, at)
        if at < end and at + len(removed.span_text) > start:
            reasons.add(removed.reason)
        at += len(removed.span_text)
    return reasons


def read_lines(path: Path, part: str = "") -> list[Line]:
    """Return the rows of the table at `path`, or those of one part. Raises InputError for what is no such table."""
    return [line for line in _rows(path) if not part or line.part == part]


def _rows(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise InputError(f"{path} has no column {missing[0]!r}. It needs {', '.join(_COLUMNS)}.")
        for row in rows:
            line = Line(*(row[name] or "" for name in _COLUMNS))
            if line.label not in _LABELS or line.place not in _PLACES or not line.text.strip():
                raise InputError(
                    f"{path}:{rows.line_num}: the row needs a text, a label ({', '.join(_LABELS)}) and a place "
                    f"({', '.join(_PLACES)})."
                )
            yield line
