"""The record: a report and what was found in it, and nothing else.

Every span is a pair `(start, end)` of code-point offsets into `Report.text`, end not included.
`to_dict` and `to_json` give the public form, in which `kind` comes first; `from_dict` reads it back.
The field names and their meaning follow the PLOVER codebook (draft 0.8) where it has them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

Span = tuple[int, int]
Spans = tuple[Span, ...]

Status = Literal["actual", "planned", "hypothetical", "denied", "historical"]
Stance = Literal["support", "oppose", "neutral"]
Quote = Literal["direct", "indirect", "mixed"]
Precision = Literal["day", "days", "week", "month", "season", "year", "years", "unknown"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A party to a record: who it is (`code`, `sector`, `person`) and the words that name it.

    `code` is ISO 3166-1 alpha-3 for whatever belongs to a country, else an organisation's or bloc's code.
    `name` is that of the state or body; `person` the full name where one is meant.
    `text` is what stands at `span`; an actor that the text leaves to be understood keeps the span that implies it.
    """

    code: str
    name: str
    kind: str = "state"
    sector: str = ""
    sectors: tuple[str, ...] = ()
    person: str = ""
    office: str = ""
    wikidata: str = ""
    text: str = ""
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class DateInterval:
    """An interval of days, ISO dates, both ends included; an open end is the empty string."""

    start: str = ""
    end: str = ""
    precision: Precision = "unknown"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place by name; `lat` and `lon` in degrees (WGS 84), `geonameid` 0 where GeoNames has none."""

    name: str
    kind: str = ""
    country: str = ""
    admin1: str = ""
    geonameid: int = 0
    lat: float = 0.0
    lon: float = 0.0
    text: str = ""
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Magnitude:
    """Counts of people (`dead`, `injured`, `size`, `arrested`) and `money` in units of the currency named."""

    dead: int | None = None
    injured: int | None = None
    size: int | None = None
    arrested: int | None = None
    money: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry a record, each part as spans into the report's text."""

    sentence: Spans = ()
    trigger: Spans = ()
    actors: Spans = ()
    recipients: Spans = ()
    content: Spans = ()
    cue: Spans = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """A stretch of the report that is no part of what it reports, and why it was taken out of coding."""

    span_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report as published. `text` is kept whole; what is in `removed` is not coded."""

    id: str
    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    published: str = ""
    language: str = ""
    removed: tuple[Removed, ...] = ()
    kind: Literal["report"] = field(default="report", init=False)


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom: a PLOVER event with its CAMEO code, Goldstein score and status."""

    id: str
    report: str
    type: str
    mode: str = ""
    contexts: tuple[str, ...] = ()
    quad: int = 0
    cameo: str = ""
    goldstein: float = 0.0
    intensity: float = 0.0
    actors: tuple[Actor, ...] = ()
    recipients: tuple[Actor, ...] = ()
    status: Status = "actual"
    attributed_to: tuple[Actor, ...] = ()
    implicit: bool = False
    date: DateInterval = DateInterval()
    places: tuple[Place, ...] = ()
    magnitude: Magnitude = Magnitude()
    evidence: Evidence = Evidence()
    confidence: float = 0.0
    kind: Literal["event"] = field(default="event", init=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said something: the words are `evidence.content`, the verb or phrase of speech `evidence.cue`."""

    id: str
    report: str
    speakers: tuple[Actor, ...] = ()
    recipients: tuple[Actor, ...] = ()
    quote: Quote = "indirect"
    form: str = ""
    date: DateInterval = DateInterval()
    evidence: Evidence = Evidence()
    confidence: float = 0.0
    kind: Literal["statement"] = field(default="statement", init=False)


@dataclass(frozen=True, slots=True)
class Position:
    """Who backs or opposes whom (`toward`) or what (`issue`, an id of the issue catalogue).

    `expression` is the noun phrase that the stance is about, in the report's words.
    """

    id: str
    report: str
    holders: tuple[Actor, ...] = ()
    stance: Stance = "neutral"
    toward: tuple[Actor, ...] = ()
    issue: str = ""
    expression: str = ""
    status: Status = "actual"
    attributed_to: tuple[Actor, ...] = ()
    implicit: bool = False
    date: DateInterval = DateInterval()
    evidence: Evidence = Evidence()
    confidence: float = 0.0
    kind: Literal["position"] = field(default="position", init=False)


Record = Event | Statement | Position


@dataclass(frozen=True, slots=True)
class Considered:
    """A reading that lost: which pattern, what it would have given, why it was not taken."""

    pattern: str
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a record is there: the clause, the pattern with file and line, the steps, what lost.

    `steps` are sentences for people, in the order in which they were decided.
    """

    record: str
    clause: str
    clause_span: Span
    pattern: str
    source: str
    steps: tuple[str, ...] = ()
    considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words of a report were taken for, as actor and as place, why, and what else they could have meant.

    `reason` and `considered` speak of the actors, `place_reason` and `place_considered` of the place; a side that is
    empty says that the words name none.
    """

    words: str
    span: Span
    sentence: Span
    actors: tuple[Actor, ...] = ()
    reason: str = ""
    considered: tuple[Considered, ...] = ()
    place: Place | None = None
    place_reason: str = ""
    place_considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    """What coding one report gives: the report, its records in text order, and a trace for each.

    `skipped` says why the report was not coded: it is in a language that no pipeline here reads.
    """

    report: Report
    records: tuple[Record, ...] = ()
    traces: tuple[Trace, ...] = ()
    skipped: str = ""

    def surer(self, least: float) -> Coding:
        """Return the coding with the records of confidence `least` or more; 0 keeps all."""
        kept = {r.id for r in self.records if r.confidence >= least}
        return dataclasses.replace(
            self, records=tuple(r for r in self.records if r.id in kept),
            traces=tuple(t for t in self.traces if t.record in kept),
        )  # fmt: skip

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows, or None where nothing draws it.

        How a coding looks is not for this module to know: the entry point `coding` of `communique.displays` says it.
        """
        from importlib.metadata import entry_points

        for door in entry_points(group="communique.displays", name="coding"):
            shown: str = door.load()(self)
            return shown
        return None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Tell IPython in one line what this is: all of it fills many screens."""
        printer.text(
            f"Coding of report {self.report.id}: {len(self.events)} events, {len(self.statements)} statements, "
            f"{len(self.positions)} positions"
        )

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(r for r in self.records if isinstance(r, Event))

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(r for r in self.records if isinstance(r, Statement))

    @property
    def positions(self) -> tuple[Position, ...]:
        return tuple(r for r in self.records if isinstance(r, Position))


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be coded: where it came from, at which stage it failed, and why.

    `known` is what its source knows of it beside its content (`outlet`, `title`), for when it is read again; it is no
    part of the public form.
    """

    source: str
    stage: str
    cause: str
    source_id: str = ""
    known: tuple[tuple[str, str], ...] = ()
    kind: Literal["failure"] = field(default="failure", init=False)


def to_dict(record: Report | Record | Failure) -> dict[str, Any]:
    """Return the public form of `record` as plain dicts and lists, `kind` first."""
    values: dict[str, Any] = orjson.loads(orjson.dumps(record))
    if isinstance(record, Failure):
        del values["known"]
    return {"kind": values.pop("kind"), **values}


def json_of(record: Record) -> bytes:
    """Return the public form of an event, a statement or a position as JSON; `kind`, its last field, comes first."""
    last = b',"kind":"%s"}' % record.kind.encode()
    return b'{"kind":"%s",%s}' % (record.kind.encode(), orjson.dumps(record)[1:].removesuffix(last))


def to_json(record: Report | Record | Failure) -> str:
    """Return the public form of `record` as one line of JSON, without the line's end."""
    return orjson.dumps(to_dict(record)).decode("utf-8")


_PARTS: dict[str, Any] = {
    "actors": Actor, "recipients": Actor, "speakers": Actor, "holders": Actor, "toward": Actor,
    "attributed_to": Actor, "places": Place, "removed": Removed,
    "date": DateInterval, "magnitude": Magnitude, "evidence": Evidence,
}  # fmt: skip
_KINDS: dict[str, Any] = {"report": Report, "event": Event, "statement": Statement, "position": Position}


def from_dict(values: Mapping[str, Any]) -> Report | Record:
    """Read the public form back into a frozen record.

    Raises KeyError for an unknown `kind` and TypeError for a field that the record does not have.
    """
    kind = _KINDS[values["kind"]]
    return kind(**{k: _part(k, v) for k, v in values.items() if k != "kind"})  # type: ignore[no-any-return]


def _part(name: str, value: Any) -> Any:
    shape = _PARTS.get(name)
    if isinstance(value, list):
        return tuple(_build(shape, v) if shape else _tuple(v) for v in value)
    return _build(shape, value) if shape else value


def _build(shape: Any, values: Mapping[str, Any]) -> Any:
    known = {f.name for f in dataclasses.fields(shape)}
    if unknown := set(values) - known:
        raise TypeError(f"{shape.__name__} has no field {sorted(unknown)[0]!r}")
    return shape(**{k: _tuple(v) for k, v in values.items()})


def _tuple(value: Any) -> Any:
    return tuple(_tuple(v) for v in value) if isinstance(value, list) else value
