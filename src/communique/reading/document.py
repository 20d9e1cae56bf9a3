"""A report that was read, and which stretches of its text are to be coded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from communique.records import Report


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: `[start, end)` code-point offsets into the report's text, white space at the ends not included."""

    start: int
    end: int
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Document:
    """A report with its blocks to be coded, in text order. Every word of the text is in a block or in `removed`.

    `dateline_place` is the place that the dateline names, as a name ("Beijing"), empty if there is none.
    """

    report: Report
    blocks: tuple[Block, ...] = ()
    dateline_place: str = ""
