"""brat standoff: a folder with a text and an annotation file for each report, and `annotation.conf`.

Actors, places, triggers, cues and contents are text-bound annotations (T); events, statements and positions are events
(E) with their sides as arguments and their fields as attributes and notes. Characters are counted as brat does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Event, Position, Record, Report, Span, Spans, Statement

_KINDS = ("events", "statements", "positions")
_ARGUMENTS = {
    "actors": "Actor", "recipients": "Recipient", "speakers": "Speaker", "holders": "Holder", "toward": "Toward",
    "attributed_to": "Teller",
}  # fmt: skip
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")
_STATUS = ("actual", "planned", "hypothetical", "denied", "historical")


class _Annotations:
    """The lines of one annotation file."""

    def __init__(self, text: str) -> None:
        self.lines: list[str] = []
        self.unplaced = 0
        self._text = text
        self._bound: dict[tuple[str, Spans], str] = {}
        self._events = self._attributes = self._notes = 0

    def bind(self, label: str, spans: Spans) -> str:
        """Return the id of a text-bound annotation; "" for words that stand nowhere."""
        pieces = [piece for span in spans for piece in _lines_of(self._text, span)]
        if not pieces:
            return ""
        key = (label, tuple(pieces))
        if key not in self._bound:
            self._bound[key] = f"T{len(self._bound) + 1}"
            where = ";".join(f"{start} {end}" for start, end in pieces)
            words = " ".join(self._text[start:end] for start, end in pieces)
            self.lines.append(f"{self._bound[key]}\t{label} {where}\t{words}")
        return self._bound[key]

    def record(self, record: Record) -> bool:
        """Add a record; return whether it has words that carry it."""
        assert isinstance(record, Event | Statement | Position)
        label = record.type if isinstance(record, Event) else record.kind.capitalize()
        label = _UNFIT.sub("_", label) or "Event"
        trigger = self.bind(label, _carrier(record))
        if not trigger:
            return False
        self._events += 1
        name, arguments = f"E{self._events}", []
        for role, argument in _ARGUMENTS.items():
            those: Sequence[Actor] = getattr(record, role, ())
            bound = [self.bind("Party", (who.span,)) for who in those if who.span != (0, 0)]
            arguments += [f"{argument}{n or ''}:{each}" for n, each in _numbered(bound)]
        if isinstance(record, Event):
            bound = [self.bind("Place", (where.span,)) for where in record.places if where.span != (0, 0)]
            arguments += [f"Place{n or ''}:{each}" for n, each in _numbered(bound)]
        self.lines.append(f"{name}\t{' '.join([f'{label}:{trigger}', *arguments])}")
        status = getattr(record, "status", "")
        if status:
            self._attributes += 1
            self.lines.append(f"A{self._attributes}\tStatus {name} {status}")
        self._notes += 1
        self.lines.append(f"#{self._notes}\tAnnotatorNotes {name}\t{_note(record)}")
        return True


def _numbered(bound: Sequence[str]) -> list[tuple[int, str]]:
    """Return ids that are bound, numbered as brat does: Actor, Actor2, Actor3."""
    return [(n + 1 if n else 0, each) for n, each in enumerate(dict.fromkeys(filter(None, bound)))]


def _lines_of(text: str, span: Span) -> list[Span]:
    """Return a span without its line ends, which brat cannot have in one: a piece for each line."""
    start, end = span
    pieces = []
    for found in re.finditer(r"[^\n]+", text[start:end]):
        piece = found.group().strip()
        if piece:
            first = start + found.start() + len(found.group()) - len(found.group().lstrip())
            pieces.append((first, first + len(piece)))
    return pieces


def _carrier(record: Event | Statement | Position) -> Spans:
    """Return the words that carry a record, the most exact that there are."""
    proof = record.evidence
    order = (proof.trigger, proof.cue, proof.content, proof.sentence)
    return next((spans for spans in order if spans), ())


def _note(record: Event | Statement | Position) -> str:
    codes = ",".join(who.code for role in _ARGUMENTS for who in getattr(record, role, ()))
    if isinstance(record, Event):
        said = f"cameo={record.cameo} mode={record.mode} quad={record.quad}"
    elif isinstance(record, Statement):
        said = f"quote={record.quote} form={record.form}"
    else:
        said = f"stance={record.stance} issue={record.issue}"
    days = f"date={record.date.start}/{record.date.end}"
    return " ".join(f"id={record.id} {said} {days} codes={codes} confidence={record.confidence:.2f}".split())


def annotated(report: Report, records: Sequence[Record]) -> tuple[str, list[Record]]:
    """Return the lines of a report's annotation file, and the records that no words carry."""
    made = _Annotations(report.text)
    unplaced = [record for record in records if not made.record(record)]
    return "".join(f"{line}\n" for line in made.lines), unplaced


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    labels: set[str] = set()
    with out.whole(folder=True) as folder:
        for report, records in source.by_report(_KINDS):
            if not report.text:
                tally.left["records of reports without a text"] += len(records)
                continue
            content, unplaced = annotated(report, records)
            name = _UNFIT.sub("_", report.id)
            # As bytes: a line end of two characters would move all that follows.
            (folder / f"{name}.txt").write_bytes(report.text.encode())
            (folder / f"{name}.ann").write_bytes(content.encode())
            tally.rows += 1
            tally.left["records that no words carry"] += len(unplaced)
            for record in records:
                if record not in unplaced:
                    tally.records[f"{record.kind}s"] += 1
                    labels.add(_UNFIT.sub("_", record.type) if isinstance(record, Event) else record.kind.capitalize())
        tally.left = +tally.left
        _configure(folder, labels)


def _configure(folder: Path, labels: set[str]) -> None:
    arguments = ", ".join(f"{name}*:Party" for name in _ARGUMENTS.values())
    lines = [
        "[entities]", "Party", "Place", "", "[relations]", "", "[events]",
        *(f"{label}\t{arguments}, Place*:Place" for label in sorted(labels)), "", "[attributes]",
        f"Status\tArg:<EVENT>, Value:{'|'.join(_STATUS)}", "",
    ]  # fmt: skip
    (folder / "annotation.conf").write_text("\n".join(lines), encoding="utf-8")


BRAT = Format(
    "brat", "brat standoff", _write, kinds=_KINDS, folder=True,
    lost=("names, kinds and offices of actors", "scores, contexts, magnitudes", "titles and addresses of reports"),
)  # fmt: skip
