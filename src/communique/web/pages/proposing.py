"""What a form says that a record should be, made into a record; and what a form says of a record at first."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from communique.errors import QueryError
from communique.records import (
    Actor,
    DateInterval,
    Event,
    Evidence,
    Place,
    Position,
    Record,
    Report,
    Span,
    Spans,
    Statement,
)
from communique.showing import text as say
from communique.store.filters import first_day
from communique.web.pages import wording

if TYPE_CHECKING:
    from communique.knowledge import Knowledge

Form = Mapping[str, str]
SIDES = {"event": ("actors", "recipients"), "statement": ("speakers", "recipients"), "position": ("holders", "toward")}
# The words that a form asks for first, and those that it asks for besides ("" for none).
PARTS = {"event": ("trigger", ""), "statement": ("content", "cue"), "position": ("trigger", "content")}
_MOST = 30  # actors or places
_WHOLE = {4: "year", 7: "month"}  # by the length of what is written


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form says of a record before anything is changed in it, all as text."""

    first: str = ""
    second: str = ""
    since: str = ""
    until: str = ""
    places: str = ""
    words: str = ""
    more: str = ""


def draft(record: Record, report: Report) -> Draft:
    """Return what stands in the form for a record of a report."""
    first, second = SIDES[record.kind]
    main, more = PARTS[record.kind]
    since, until = _days(record.date)
    places = "; ".join(dict.fromkeys(map(say.place, record.places))) if isinstance(record, Event) else ""
    return Draft(
        _codes(getattr(record, first)), _codes(getattr(record, second)), since, until, places,
        say.words(report.text, getattr(record.evidence, main)),
        say.words(report.text, getattr(record.evidence, more)) if more else "",
    )  # fmt: skip


def amended(record: Record, report: Report, form: Form, known: Knowledge, sentences: Iterable[Span] = ()) -> Record:
    """Return the record with what the form says in the place of what it said; what the form leaves out stays.

    `sentences` are those that are known of the report. Raises QueryError for unknown words, names and days, and where
    nothing is changed.
    """
    was = draft(record, report)
    changes: dict[str, Any] = {}
    evidence = _evidence(record, report, form, was, tuple(sentences))
    for field, name, part in zip(SIDES[record.kind], ("first", "second"), ("actors", "recipients"), strict=True):
        if name in form and _same(form[name]) != _same(getattr(was, name)):
            found = actors(form[name], known, getattr(record, field), report.text, evidence.sentence)
            changes[field], evidence = found, replace(evidence, **{part: _spans(found)})
    if _asks(form, was, "since", "until"):
        changes["date"] = interval(form.get("since", was.since), form.get("until", was.until))
    if isinstance(record, Event):
        type_ = form.get("type", record.type).strip() or record.type
        changes |= typed(type_, known) if type_ != record.type else {}
        if _asks(form, was, "places"):
            changes["places"] = places(form["places"], known, record.places, report.text, evidence.sentence)
    elif isinstance(record, Position):
        changes |= {
            "stance": form.get("stance", record.stance),
            "issue": _issue(form.get("issue", record.issue), known),
        }
        if evidence.content != record.evidence.content:
            changes["expression"] = say.words(report.text, evidence.content)
    else:
        changes["quote"] = form.get("quote", record.quote)
    if not isinstance(record, Statement):
        changes["status"] = form.get("status", record.status)
    made = replace(record, **changes, evidence=evidence)
    if made == record:
        raise QueryError("Nothing is changed in the record. Change what is wrong in it, or say that it is right.")
    return made


def missed(report: Report, form: Form, known: Knowledge, sentences: Iterable[Span] = ()) -> Record:
    """Return a record that was missed, on the words that were marked. Raises QueryError if they are not there."""
    kind = form.get("kind", "event")
    if kind not in PARTS:
        raise QueryError(f"There is no kind {kind[:40]!r} of record. Choose event, statement or position.")
    main, more = PARTS[kind]
    told = {main: wording.spans_of(report.text, form.get("words", ""), which=_which(form, "which"))}
    if more and form.get("more", "").strip():
        near = told[main][0][0]
        told[more] = wording.spans_of(report.text, form["more"], which=_which(form, "which_more"), near=near)
    elif kind == "position":
        told[more] = told[main]
    around = wording.sentences_of(report.text, told[main] + told.get(more, ()), sentences)
    first, second = (actors(form.get(name, ""), known, (), report.text, around) for name in ("first", "second"))
    if not first:
        raise QueryError("Nobody is named who did, said or holds it. Give a code such as RUS.")
    evidence = Evidence(sentence=around, actors=_spans(first), recipients=_spans(second), **told)
    since, until = form.get("since", ""), form.get("until", "")
    date = interval(since, until) if since.strip() or until.strip() else DateInterval(end=report.published[:10])
    status = cast(Any, form.get("status", "actual"))
    if kind == "statement":
        quote = cast(Any, form.get("quote", "indirect"))
        return Statement("", report.id, first, second, quote, date=date, evidence=evidence)
    if kind == "position":
        return Position(
            "", report.id, first, cast(Any, form.get("stance", "support")), second,
            _issue(form.get("issue", ""), known), say.words(report.text, told["content"]), status, date=date,
            evidence=evidence,
        )  # fmt: skip
    where = places(form.get("places", ""), known, (), report.text, around)
    made = Event("", report.id, "", actors=first, recipients=second, date=date, places=where, evidence=evidence)
    return replace(made, status=status, **typed(form.get("type", "").strip(), known))


def actors(
    text: str, known: Knowledge, there: Iterable[Actor] = (), report: str = "", around: Spans = ()
) -> tuple[Actor, ...]:
    """Return the actors of codes such as `RUS, CHN MIL`; those of `there` that fit stay as they are.

    Others stand where their names are found in the sentences `around` of the text of the report.
    """
    there = list(there)
    found: list[Actor] = []
    for named in (part for part in text.upper().split(",") if part.strip()):
        code, _, sector = (part.strip() for part in named.strip().partition(" "))
        same = [one for one in there if one.code.upper() == code and (not sector or one.sector == sector)]
        if same:
            found += [one for one in same if one not in found]
            continue
        entity = known.actors.entity(code)
        if entity is None:
            raise QueryError(f"No actor has the code {code[:40]!r}. Search finds codes by name.")
        span = wording.within(report, around, entity.name)
        words = report[slice(*span)]
        found.append(Actor(entity.code, entity.name, entity.kind, sector or entity.sector, text=words, span=span))
    return _few(found, "actors on one side")


def places(
    text: str, known: Knowledge, there: Iterable[Place] = (), report: str = "", around: Spans = ()
) -> tuple[Place, ...]:
    """Return the places of names such as `Geneva; Paris, Texas, USA`; those of `there` that fit stay as they are.

    Raises QueryError for a place that the gazetteer has not.
    """
    as_said = {_same(say.place(one)): one for one in there}
    found = []
    for named in (part for part in text.split(";") if part.strip(" ,")):
        if _same(named) in as_said:
            found.append(as_said[_same(named)])
            continue
        name, *inside = (part.strip() for part in named.split(",") if part.strip())
        wanted = [s for s in known.gazetteer.sites(name) if all(_lies(s, part, known) for part in inside)]
        best = known.gazetteer.best(name)
        site = best if best in wanted else max(wanted, key=lambda s: (s.weight, s.population), default=None)
        if site is None:
            raise QueryError(f"No place {named.strip()[:80]!r} is known. Write it as Geneva, or Paris, Texas, USA.")
        span = wording.within(report, around, name)
        found.append(Place(
            site.name, site.kind, site.country, site.admin1, site.geonameid, site.lat, site.lon,
            report[slice(*span)], span,
        ))  # fmt: skip
    return _few(found, "places")


def interval(since: str, until: str) -> DateInterval:
    """Return the days from the first of `since` to the last of `until`, each a day, month or year, or open if empty.

    Without `until` it is all of what `since` says. Raises QueryError for what is no date, and for an end before its
    start.
    """
    since, until = since.strip(), until.strip()
    start = first_day(since) if since else ""
    end = _last(until or since)
    if start and end and end < start:
        raise QueryError(f"{until!r} is before {since!r}. Write the first day first.")
    if not start:
        return DateInterval("", end)
    known = "day" if start == end else "days" if until else _WHOLE.get(len(since), "days")
    return DateInterval(start, end, cast(Any, known))


def typed(name: str, known: Knowledge) -> dict[str, Any]:
    """Return the fields of an event that go with its type. Raises QueryError for a type that the codebook has not."""
    for type_ in known.codebook.types:
        if type_.lower() == name.lower():
            book = known.codebook
            return {"type": type_, "mode": "", "quad": book.quad(type_), "goldstein": book.score(type_)}
    raise QueryError(f"The codebook has no type {name[:40]!r}. It has {', '.join(known.codebook.types)}.")


def _evidence(record: Record, report: Report, form: Form, was: Draft, sentences: Spans) -> Evidence:
    told: dict[str, Spans] = {}
    for part, name, number in zip(PARTS[record.kind], ("words", "more"), ("which", "which_more"), strict=True):
        which = _which(form, number)
        if not part or not (_asks(form, was, name) or (which and name in form)):
            continue
        old = getattr(record.evidence, part) or record.evidence.sentence
        if part != PARTS[record.kind][0] and not form[name].strip():
            told[part] = ()
        else:
            told[part] = wording.spans_of(report.text, form[name], which=which, near=old[0][0] if old else 0)
    if not told:
        return record.evidence
    every = {part: told.get(part, getattr(record.evidence, part)) for part in PARTS[record.kind] if part}
    around = wording.sentences_of(report.text, sum(every.values(), ()), (*record.evidence.sentence, *sentences))
    return replace(record.evidence, sentence=around, **told)


def _which(form: Form, name: str) -> int:
    text = form.get(name, "").strip()
    if not text:
        return 0
    if not (text.isdecimal() and len(text) < 7 and int(text)):
        raise QueryError(f"{text[:20]!r} does not say which of the words are meant. Give a number from 1.")
    return int(text)


def _asks(form: Form, was: Draft, *names: str) -> bool:
    """Return whether the form says anything else than it did at first."""
    return any(name in form and _same(form[name]) != _same(getattr(was, name)) for name in names)


def _same(text: str) -> str:
    return " ".join(text.split()).strip(" ,;")


def _few(found: list[Any], what: str) -> tuple[Any, ...]:
    if len(found) > _MOST:
        raise QueryError(f"{len(found)} {what} are too many. Name {_MOST} at most.")
    return tuple(found)


def _lies(site: Any, inside: str, known: Knowledge) -> bool:
    country = known.actors.entity(site.country) if site.country else None
    return inside.lower() in {site.admin1.lower(), site.country.lower(), country.name.lower() if country else ""}


def _days(date: DateInterval) -> tuple[str, str]:
    """Return the two days as they are written in a form: the second only where the first does not say it."""
    since = date.start[: {"month": 7, "year": 4}.get(date.precision, 10)]
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", since) and date.end == _last(since):
        return since, ""
    return since, date.end


def _last(text: str) -> str:
    """Return the last day of a day, a month or a year, "" for nothing. Raises QueryError for what is no date."""
    first = first_day(text) if text else ""
    if not first or len(text) not in _WHOLE:
        return first or ""
    year, month = int(first[:4]), 12 if len(text) == 4 else int(first[5:7])
    return f"{year:04}-{month:02}-{monthrange(year, month)[1]:02}"


def _spans(side: Iterable[Actor]) -> Spans:
    return tuple(dict.fromkeys(one.span for one in side if one.span[1] > one.span[0]))


def _codes(side: Iterable[Actor]) -> str:
    return ", ".join(dict.fromkeys(f"{one.code} {one.sector}".strip() for one in side if one.code))


def _issue(identifier: str, known: Knowledge) -> str:
    identifier = identifier.strip()
    if identifier and known.issues.get(identifier) is None:
        raise QueryError(f"No issue {identifier[:80]!r} in the catalogue. Search finds the ids by name.")
    return identifier
