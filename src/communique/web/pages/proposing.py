"""What a form says that a record should be, made into a record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from communique.errors import QueryError
from communique.records import (
    Actor,
    DateInterval,
    Event,
    Evidence,
    Position,
    Record,
    Report,
    Span,
    Statement,
)

if TYPE_CHECKING:
    from communique.knowledge import Knowledge

Form = Mapping[str, str]
_SIDES = {"event": ("actors", "recipients"), "statement": ("speakers", "recipients"), "position": ("holders", "toward")}
_END = re.compile(r"[.!?]['\"”’)]*\s+|\n")
_MOST = 30  # actors on a side


def amended(record: Record, form: Form, known: Knowledge) -> Record:
    """Return the record with what the form says in the place of what it said. Raises QueryError for unknown words."""
    first, second = _SIDES[record.kind]
    changes: dict[str, Any] = {}
    for field, name in ((first, "first"), (second, "second")):
        if name in form:
            changes[field] = actors(form[name], known, getattr(record, field))
    if isinstance(record, Event):
        type_ = form.get("type", record.type).strip() or record.type
        if type_ != record.type:
            changes |= _typed(type_, known)
        changes["status"] = form.get("status", record.status)
    elif isinstance(record, Position):
        changes |= {
            "stance": form.get("stance", record.stance),
            "issue": _issue(form.get("issue", record.issue), known),
        }
    return replace(record, **changes)


def missed(report: Report, form: Form, known: Knowledge) -> Record:
    """Return a record that was missed, on the words that were marked. Raises QueryError if they are not there."""
    said = span_of(report.text, form.get("words", ""))
    evidence = Evidence(sentence=(sentence_of(report.text, said),))
    first, second = actors(form.get("first", ""), known), actors(form.get("second", ""), known)
    date = DateInterval(end=report.published[:10])
    kind = form.get("kind", "event")
    if not first:
        raise QueryError("Nobody is named who did, said or holds it. Give a code such as RUS.")
    if kind == "statement":
        return Statement(
            "", report.id, first, second, "indirect", date=date, evidence=replace(evidence, content=(said,))
        )  # fmt: skip
    if kind == "position":
        return Position(
            "", report.id, first, cast(Any, form.get("stance", "support")), second,
            _issue(form.get("issue", ""), known),
            report.text[slice(*said)], date=date,
            evidence=replace(evidence, trigger=(said,), content=(said,)),
        )  # fmt: skip
    told = replace(evidence, trigger=(said,))
    made = Event("", report.id, "", actors=first, recipients=second, date=date, evidence=told)
    status, typed = cast(Any, form.get("status", "actual")), _typed(form.get("type", "").strip(), known)
    return replace(made, status=status, **typed)


def actors(text: str, known: Knowledge, there: Sequence[Actor] = ()) -> tuple[Actor, ...]:
    """Return the actors of codes such as `RUS, CHN MIL`; those of `there` that fit stay as they are."""
    found = []
    for named in (part for part in text.upper().split(",") if part.strip()):
        code, _, sector = named.strip().partition(" ")
        same = [one for one in there if one.code.upper() == code and (not sector or one.sector == sector.strip())]
        if same:
            found += [one for one in same if one not in found]
            continue
        entity = known.actors.entity(code)
        if entity is None:
            raise QueryError(f"No actor has the code {code[:40]!r}. Search finds codes by name.")
        found.append(Actor(entity.code, entity.name, entity.kind, sector.strip() or entity.sector))
    if len(found) > _MOST:
        raise QueryError(f"{len(found)} actors are too many on one side. Name {_MOST} at most.")
    return tuple(found)


def span_of(text: str, words: str) -> Span:
    """Return where words stand in a text, however they are broken into lines. Raises QueryError where they do not."""
    parts = [re.escape(part) for part in words.split()]
    found = re.search(r"\s+".join(parts), text) if parts else None
    if found is None:
        what = f"{words[:80]!r} does not stand in the report" if parts else "No words are marked"
        raise QueryError(f"{what}. Mark words of the report, or write them as they stand there.")
    return found.span()


def sentence_of(text: str, span: Span) -> Span:
    """Return the sentence around a span, as its full stops bound it."""
    ends = [match.end() for match in _END.finditer(text)]
    start = max((end for end in ends if end <= span[0]), default=0)
    stop = min((end for end in ends if end >= span[1]), default=len(text))
    while stop > span[1] and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _typed(name: str, known: Knowledge) -> dict[str, Any]:
    """Return the fields of an event that go with its type."""
    for type_ in known.codebook.types:
        if type_.lower() == name.lower():
            book = known.codebook
            return {"type": type_, "mode": "", "quad": book.quad(type_), "goldstein": book.score(type_)}
    raise QueryError(f"The codebook has no type {name[:40]!r}. It has {', '.join(known.codebook.types)}.")


def _issue(identifier: str, known: Knowledge) -> str:
    identifier = identifier.strip()
    if identifier and known.issues.get(identifier) is None:
        raise QueryError(f"No issue {identifier[:80]!r} in the catalogue. Search finds the ids by name.")
    return identifier
