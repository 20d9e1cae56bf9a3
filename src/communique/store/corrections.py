"""What people say of records: that one is right, is wrong, should read otherwise, or was missed."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import orjson

from communique.errors import InputError, QueryError, unknown
from communique.records import (
    DateInterval,
    Event,
    Position,
    Precision,
    Quote,
    Record,
    Report,
    Span,
    Stance,
    Statement,
    Status,
    from_dict,
    to_dict,
)
from communique.store.rows import row_of, table_of

Action = Literal["accept", "reject", "amend", "add", "withdraw"]
ACTIONS: tuple[Action, ...] = get_args(Action)
_FIELDS = ("id", "action", "record", "report", "who", "at", "coder", "note", "was", "becomes")
_RECORDS = ("was", "becomes")
_PREFIX = {"event": "e", "statement": "s", "position": "p"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What `who` says of a record; of several about one record the last holds.

    `accept`: it is right as it stands. `reject`: it is wrong and left out. `amend`: it should be `becomes`, which keeps
    its id. `add`: `becomes` was missed. `withdraw`: nothing is said of it any more; it is as it was coded. Accepting
    what was rejected brings back what stood there, amended or not.

    `Store.correct` fills what is empty: `was`, the record as it stood; `report`; `at`, the time in UTC; `coder`, the
    version of the program; `id`, the correction's own.
    """

    action: Action
    record: str = ""
    who: str = ""
    becomes: Record | None = None
    note: str = ""
    was: Record | None = None
    report: str = ""
    at: str = ""
    coder: str = ""
    id: str = ""


def to_plain(correction: Correction) -> dict[str, Any]:
    """Return the public form of a correction, `kind` first."""
    values = {name: getattr(correction, name) for name in _FIELDS}
    return {"kind": "correction", **values, **{n: to_dict(values[n]) if values[n] else None for n in _RECORDS}}


def from_plain(values: Mapping[str, Any]) -> Correction:
    """Read the public form back. Raises InputError for what is none."""
    try:
        if values["kind"] != "correction" or values["action"] not in ACTIONS:
            raise InputError(f"{str(values)[:80]!r} is no correction. `communique correct export` writes them.")
        known = {name: values[name] for name in _FIELDS if name in values}
        texts: dict[str, Any] = {name: _text(value) for name, value in known.items() if name not in _RECORDS}
        records: dict[str, Any] = {n: record_of(known[n]) for n in _RECORDS if known.get(n)}
        return Correction(**{**texts, **records})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"A correction cannot be read ({error}). `communique correct export` writes them.") from None


def _text(value: object) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def record_of(values: Mapping[str, Any]) -> Record:
    """Return the record with this public form. Raises KeyError, TypeError or ValueError for what is none."""
    found = from_dict(values)
    if isinstance(found, Report):
        raise TypeError("a report is no record")
    _check_types(found)
    return found


def _check_types(record: Record) -> None:
    """Raise TypeError where a field holds what its files cannot: JSON from outside may have anything anywhere."""
    kind, row = row_of(record, 0, "")
    table_of(kind, [row])  # Arrow knows the types


def named(correction: Correction) -> Correction:
    """Return the correction with an id of its own: a hash of all it says."""
    plain = orjson.dumps(to_plain(dataclasses.replace(correction, id="")), option=orjson.OPT_SORT_KEYS)
    return dataclasses.replace(correction, id="c" + hashlib.sha256(plain).hexdigest()[:16])


def record_name(record: Record) -> str:
    """Return an id for a record that a person wrote, of the form of the coder's."""
    nameless = dataclasses.replace(record, id="")
    digest = hashlib.sha256(orjson.dumps(nameless, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return _PREFIX[record.kind] + digest[:16]


def checked(record: Record, report: Report) -> Record:
    """Return a record that a person wrote, if it can stand in the report. Raises QueryError with what is wrong."""
    if record.report != report.id:
        raise QueryError(
            f"The record is of the report {record.report!r}, not of {report.id!r}. Leave the report as it is."
        )
    if isinstance(record, Event) and not record.type:
        raise QueryError("The event has no type. Give one of the codebook; `communique codebook list` names them.")
    for name, values in (("status", Status), ("stance", Stance), ("quote", Quote)):
        given = getattr(record, name, None)
        if given is not None and given not in get_args(values):
            raise QueryError(unknown(name, given, get_args(values)))
    _check_days(record.date)
    if not 0 <= record.confidence <= 1:
        raise QueryError(f"The confidence {record.confidence} is no share. Give a number from 0 to 1.")
    for start, end in _all_spans(record):
        if not 0 <= start <= end <= len(report.text):
            raise QueryError(
                f"The words from {start} to {end} lie outside the report, which has {len(report.text)} characters."
            )
    return record


def _check_days(days: DateInterval) -> None:
    """Raise QueryError for what is no interval of days."""
    for day in filter(None, (days.start, days.end)):
        try:
            whole = date.fromisoformat(day).isoformat() == day
        except ValueError:
            whole = False
        if not whole:
            raise QueryError(f"{day!r} is no date of a record. Write days as 2022-02-04, an open end as nothing.")
    if days.start and days.end and days.end < days.start:
        raise QueryError(f"The last date, {days.end!r}, is before the first, {days.start!r}. Turn them round.")
    if days.precision not in get_args(Precision):
        raise QueryError(unknown("precision", days.precision, get_args(Precision)))


def _all_spans(record: Record) -> list[Span]:
    evidence = record.evidence
    found = [
        span for name in ("sentence", "trigger", "actors", "recipients", "content", "cue")
        for span in getattr(evidence, name)
    ]  # fmt: skip
    if isinstance(record, Event):
        sides = (*record.actors, *record.recipients, *record.attributed_to)
        found += [place.span for place in record.places]
    elif isinstance(record, Statement):
        sides = (*record.speakers, *record.recipients)
    else:
        sides = (*record.holders, *record.toward, *record.attributed_to)
    return found + [actor.span for actor in sides]


def sort_of(record: Record) -> str:
    """Return the type of an event, the form of quotation of a statement, the stance of a position."""
    if isinstance(record, Event):
        return record.type
    return record.stance if isinstance(record, Position) else record.quote
