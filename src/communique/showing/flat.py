"""Records as flat rows, for spreadsheets and statistics programs.

Lists within a cell are joined by `;`, in the same order in every column of a role. Texts that a spreadsheet would
take for a formula get a leading apostrophe (OWASP, "CSV Injection"); numbers stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO

from communique.records import (
    Actor,
    DateInterval,
    Event,
    Evidence,
    Magnitude,
    Position,
    Record,
    Report,
    Span,
    Statement,
)
from communique.showing.text import words

Cell = str | int | float | None
Row = dict[str, Cell]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def event(record: Event, report: Report) -> Row:
    """Return an event as a row."""
    counts = record.magnitude
    return {
        **_head(record, report), **_date(record.date),
        "type": record.type, "mode": record.mode, "contexts": join(record.contexts), "quad": record.quad,
        "cameo": record.cameo, "goldstein": record.goldstein, "intensity": record.intensity,
        **_who("actor", record.actors), **_who("recipient", record.recipients),
        "status": record.status, "attributed_to": join(who.code for who in record.attributed_to),
        "implicit": int(record.implicit),
        "places": join(where.name for where in record.places),
        "place_countries": join(where.country for where in record.places),
        "dead": counts.dead, "injured": counts.injured, "size": counts.size, "arrested": counts.arrested,
        "money": counts.money, "confidence": record.confidence,
        "trigger": words(report.text, record.evidence.trigger), **_proof(record, report),
    }  # fmt: skip


def statement(record: Statement, report: Report) -> Row:
    """Return a statement as a row."""
    return {
        **_head(record, report), **_date(record.date),
        **_who("speaker", record.speakers), **_who("recipient", record.recipients),
        "quote": record.quote, "form": record.form, "confidence": record.confidence,
        "content": words(report.text, record.evidence.content),
        "cue": words(report.text, record.evidence.cue), **_proof(record, report),
    }  # fmt: skip


def position(record: Position, report: Report) -> Row:
    """Return a position as a row."""
    return {
        **_head(record, report), **_date(record.date),
        **_who("holder", record.holders), "stance": record.stance, **_who("toward", record.toward),
        "issue": record.issue, "expression": " ".join(record.expression.split()), "status": record.status,
        "attributed_to": join(who.code for who in record.attributed_to), "implicit": int(record.implicit),
        "confidence": record.confidence, **_proof(record, report),
    }  # fmt: skip


def report_row(report: Report, counts: Mapping[str, int | None]) -> Row:
    """Return a report as a row, without its text; `counts` are its numbers of events, statements and positions."""
    return {
        "id": report.id, "published": report.published, "outlet": report.outlet, "title": report.title,
        "url": report.url, "language": report.language, "characters": len(report.text),
        "removed": len(report.removed), **counts,
    }  # fmt: skip


def row(record: Record, report: Report) -> Row:
    """Return any record as the row of its kind."""
    if isinstance(record, Event):
        return event(record, report)
    return statement(record, report) if isinstance(record, Statement) else position(record, report)


_NOTHING = Report(id="", text="")
_EMPTY: Mapping[str, Callable[[], Row]] = {
    "events": lambda: event(Event("", "", ""), _NOTHING),
    "statements": lambda: statement(Statement("", ""), _NOTHING),
    "positions": lambda: position(Position("", ""), _NOTHING),
    "reports": lambda: report_row(_NOTHING, dict.fromkeys(("events", "statements", "positions"), 0)),
}

# Rows without an empty cell: they tell the types of all columns.
_PROOF, _COUNTS = Evidence(sentence=((0, 0),)), Magnitude(0, 0, 0, 0, 0.0)
_FULL: Mapping[str, Callable[[], Row]] = {
    **_EMPTY,
    "events": lambda: event(Event("", "", "", magnitude=_COUNTS, evidence=_PROOF), _NOTHING),
    "statements": lambda: statement(Statement("", "", evidence=_PROOF), _NOTHING),
    "positions": lambda: position(Position("", "", evidence=_PROOF), _NOTHING),
}


def types(kind: str) -> dict[str, tuple[type, bool]]:
    """Return, by the name of each column of `kind`, the type of its values and whether one may be missing."""
    empty = _EMPTY[kind]()
    return {name: (type(cell), empty[name] is None) for name, cell in _FULL[kind]().items()}


def columns(kind: str) -> list[str]:
    """Return the names of the columns of `kind` ("events", "reports" ...), in order."""
    return list(_EMPTY[kind]())


def write(out: IO[str], kind: str, rows: Iterable[Row]) -> None:
    """Write a line of column names and then the rows as CSV."""
    write_rows(out, columns(kind), rows)


def write_rows(out: IO[str], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows with columns of these names as CSV."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for values in rows:
        writer.writerow([guard(cell) for cell in values.values()])


def guard(cell: Cell) -> Cell:
    """Return the cell, a text that starts like a formula behind an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _head(record: Record, report: Report) -> Row:
    return {"id": record.id, "report": record.report, "published": report.published, "outlet": report.outlet}


def _date(date: DateInterval) -> Row:
    return {"date_start": date.start, "date_end": date.end, "date_precision": date.precision}


def _who(role: str, who: Sequence[Actor]) -> Row:
    return {
        f"{role}_codes": join(one.code for one in who),
        f"{role}_sectors": join(one.sector for one in who),
        f"{role}_names": join(one.name for one in who),
        f"{role}_persons": join(one.person for one in who),
    }


def join(items: Iterable[str]) -> str:
    """Return texts as one cell."""
    texts = [" ".join(item.split()).replace(";", ",") for item in items]
    return ";".join(texts) if any(texts) else ""


def _proof(record: Record, report: Report) -> Row:
    spans: Sequence[Span] = record.evidence.sentence
    return {
        "sentence": words(report.text, record.evidence.sentence),
        "sentence_start": spans[0][0] if spans else None,
        "sentence_end": spans[-1][1] if spans else None,
    }
