"""A report's text in pieces: which words prove which records, and which stretches were left out of coding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from communique.records import Event, Record, Report, Spans, Statement
from communique.showing import text as say

_LAYERS = {"event": "deed", "statement": "word", "position": "position"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a report that belong together: `records` are the ids of those that they prove.

    `layers` are deed, word, position; `begins` the records whose first words these are; `left_out` says why the words
    were not coded, and `reason` is the same on the first piece of such a stretch only. `start` is the offset in the
    report's text.
    """

    start: int
    text: str
    records: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    left_out: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the report."""

    pieces: tuple[Piece, ...]


def proof(record: Record) -> Spans:
    """Return the words that show a record: of a deed who did what to whom, of words what was said, else the stance."""
    told = record.evidence
    if isinstance(record, Event):
        return told.trigger or told.sentence
    if isinstance(record, Statement):
        return told.content or told.sentence
    return _together(told.trigger + told.content) or told.sentence


def paragraphs(report: Report, records: Sequence[Record]) -> tuple[Paragraph, ...]:
    """Return the text of a report in paragraphs of pieces, nothing left out and nothing added but line ends."""
    length = len(report.text)
    spans = [(max(0, s), min(e, length), r) for r in records for s, e in proof(r) if 0 <= s < e <= length]
    out = _left_out(report)
    lines = _lines(report.text)
    cuts = sorted({0, length, *(at for s, e, _ in spans for at in (s, e)), *(at for s, e, _ in out for at in (s, e)),
                   *(at for line in lines for at in line)})  # fmt: skip
    begun: set[str] = set()
    told: set[int] = set()
    covering = _covering(cuts, spans)
    pieces: list[Piece] = []
    for start, end, there in covering:
        begins = tuple(dict.fromkeys(r.id for r in there if r.id not in begun))
        begun.update(begins)
        why, reason = "", ""
        for n, (s, e, because) in enumerate(out):
            if s <= start < e:
                why, reason = because, "" if n in told else because
                told.add(n)
        layers = tuple(dict.fromkeys(_LAYERS[r.kind] for r in there))
        ids = tuple(dict.fromkeys(r.id for r in there))
        pieces.append(Piece(start, say.clean(report.text[start:end]), ids, layers, begins, why, reason))
    found = []
    for first, last in lines:
        inside = tuple(piece for piece in pieces if first <= piece.start < last)
        if any(piece.text.strip() for piece in inside):
            found.append(Paragraph(inside))
    return tuple(found)


def _covering(
    cuts: Sequence[int], spans: Sequence[tuple[int, int, Record]]
) -> list[tuple[int, int, tuple[Record, ...]]]:
    """Return each stretch between two cuts with the records whose spans cover it."""
    starts: dict[int, list[tuple[int, int, Record]]] = {}
    for span in spans:
        starts.setdefault(span[0], []).append(span)
    open_now: list[tuple[int, int, Record]] = []
    found = []
    for start, end in pairwise(cuts):
        open_now = [span for span in open_now if span[1] > start] + starts.get(start, [])
        found.append((start, end, tuple(span[2] for span in open_now)))
    return found


def _left_out(report: Report) -> list[tuple[int, int, str]]:
    """Return where the stretches stand that were taken out of coding, and why."""
    found = []
    at = 0
    for removed in report.removed:
        start = report.text.find(removed.span_text, at)
        if start < 0:
            start = report.text.find(removed.span_text)
        if start >= 0 and removed.span_text:
            found.append((start, start + len(removed.span_text), removed.reason))
            at = start + len(removed.span_text)
    return found


def _lines(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the lines of a text, ends of lines included."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        found.append((at, at + len(line)))
        at += len(line)
    return found


def _together(spans: Spans) -> Spans:
    return tuple(sorted(dict.fromkeys(spans)))
