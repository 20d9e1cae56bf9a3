"""Filters of a question: which records, said in values; checked, and bound as parameters of the SQL."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from typing import get_args

from communique.errors import QueryError, unknown
from communique.records import Stance, Status

Parameters = dict[str, str | int | float | list[str] | None]
_STANCES, _STATUSES = get_args(Stance), get_args(Status)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_EVERYTHING = 2**62  # rows; SQL has no limit that stands for none
_COMMON = {"actor", "dyad", "since", "until", "report", "limit", "origin"}
APPLIES = {
    "events": _COMMON | {"type", "status", "min_confidence"},
    "statements": _COMMON | {"min_confidence"},
    "positions": _COMMON | {"issue", "stance", "status", "min_confidence"},
    "reports": _COMMON | {"type", "issue", "stance", "status", "min_confidence"},
}
_ABOUT_RECORDS = ("actor", "dyad", "type", "issue", "stance", "status", "min_confidence")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records are asked for; a filter that is None lets all through, several hold together.

    `actor` and the two codes of `dyad` are looked for among the sides of a record (actors, recipients, speakers,
    holders, toward), in any order, not among those it is attributed to; a dyad of one code twice asks for that code
    on two sides. `since` and `until` are days, or months or years (`2022-02`), both included: a record is found when
    its date overlaps them (its report's day of publication where it has no date), a report by its day of publication.
    `origin`: records of one dataset: `communique` for those that were coded here, or the name of the format that others
    were imported from (`icews`). `min_confidence`: records whose confidence is this or more. Of reports, the
    filters that concern records find those with a record that all of them hold for.
    """

    actor: str | None = None
    dyad: tuple[str, str] | None = None
    type: str | None = None
    issue: str | None = None
    stance: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    report: str | None = None
    limit: int | None = None
    min_confidence: float | None = None
    origin: str | None = None

    @property
    def about_records(self) -> bool:
        """Whether any filter concerns records rather than reports."""
        return any(getattr(self, name) is not None for name in _ABOUT_RECORDS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The event types of the codebook and the ids of the issue catalogue; where there are none, any is accepted."""

    types: Collection[str] = ()
    issues: Collection[str] = ()


def parameters(kind: str, filters: Filters, known: Vocabulary = Vocabulary()) -> Parameters:
    """Return the parameters of the question for `kind`.

    Raises QueryError for a kind, type, issue, stance, status or day that there is none of, and for a filter that
    does not apply to the kind.
    """
    if kind not in APPLIES:
        raise QueryError(unknown("kind of record", kind, APPLIES))
    for field in fields(filters):
        if getattr(filters, field.name) is not None and field.name not in APPLIES[kind]:
            kinds = " or ".join(k for k in APPLIES if field.name in APPLIES[k])
            raise QueryError(f"{kind.capitalize()} have no {field.name}. Ask for {kinds}, or leave that filter out.")
    since, until = first_day(filters.since), _last_day(filters.until)
    if since and until and since > until:
        raise QueryError(f"The days from {since} to {until} run backwards. Give the earlier one as the first.")
    if filters.limit is not None and filters.limit < 0:
        raise QueryError(f"The limit {filters.limit} is less than none. Give 0 or more.")
    if filters.min_confidence is not None and not 0 <= filters.min_confidence <= 1:
        raise QueryError(f"The confidence {filters.min_confidence} is no share. Give a number from 0 to 1.")
    first, second = filters.dyad or (None, None)
    return {
        "actor": _code(filters.actor),
        "one": _code(first),
        "other": _code(second),
        "type": known_name("event type", filters.type, known.types),
        "issue": known_name("issue", filters.issue, known.issues),
        "stance": known_name("stance", filters.stance, _STANCES),
        "status": known_name("status", filters.status, _STATUSES),
        "since": since,
        "until": until,
        "report": filters.report,
        "origin": filters.origin.strip().lower() if filters.origin else None,
        "confidence": filters.min_confidence,
        "limit": _EVERYTHING if filters.limit is None else min(filters.limit, _EVERYTHING),
        "ids": None,
        "on": None,  # the day on which the report was published, where that is known
    }


def _code(code: str | None) -> str | None:
    if code is None:
        return None
    if not code.strip():
        raise QueryError("An actor's code is empty. Give one such as RUS, or leave that filter out.")
    return code.strip().upper()


def known_name(what: str, name: str | None, known: Collection[str]) -> str | None:
    """Return the known name that `name` is but for upper and lower case; None for None, and any where none is known.

    Raises QueryError for another, with those that there are.
    """
    if name is None or not known:
        return name
    for candidate in known:
        if candidate.lower() == name.strip().lower():
            return candidate
    raise QueryError(unknown(what, name, known, most=20))


def first_day(text: str | None) -> str | None:
    """Return the first day of a day, month (2022-02) or year; None for None. Raises QueryError with what to write."""
    if text is None:
        return None
    year, month, day = _numbers(text)
    return _day(text, year, month or 1, day or 1)


def _last_day(text: str | None) -> str | None:
    if text is None:
        return None
    year, month, day = _numbers(text)
    month = month or 12
    last = monthrange(year, month)[1] if 1 <= month <= 12 and year else 31
    return _day(text, year, month, day or last)


def _numbers(text: str) -> tuple[int, int | None, int | None]:
    match = _DAY.fullmatch(text.strip())
    if not match:
        raise QueryError(_no_day(text))
    year, month, day = (None if number is None else int(number) for number in match.groups())
    return year or 0, month, day


def _day(text: str, year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise QueryError(_no_day(text)) from None


def _no_day(text: str) -> str:
    return f"{text!r} is no date. Write a day as 2022-02-04, a month as 2022-02 or a year as 2022."
