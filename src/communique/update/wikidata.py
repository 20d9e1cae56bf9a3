"""Rows of knowledge from Wikidata: terms of office, members of organisations, bodies of states."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from communique.knowledge.actors import ActorBook, Entity
from communique.update.web import Web

Row = dict[str, str]
_QUERIES = Path(__file__).parent / "queries"
_CLASSES = Path(__file__).parent / "classes.toml"
_ITEM = re.compile(r"Q\d+")  # also what the label service gives where there is no English label
_STATE = re.compile(r"[A-Z]{3}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?=T|$)")
_PRECISIONS = {9: 4, 10: 7}  # wikibase:timePrecision of a year and a month: how much of a day they say
_AT_ONCE = 40  # organisations in one question


@dataclass(frozen=True, slots=True)
class BodyClass:
    """A class of Wikidata with the kind and sector that its members get."""

    id: str
    kind: str
    sector: str


def terms(web: Web, url: str, states: Iterable[str], since: int, book: ActorBook) -> Iterator[Row | None]:
    """Yield rows of `people.csv` for the offices of `states` (ISO alpha-3) that began in the year `since` or later.

    A position counts if its English label is a title that our offices have, with or without the state's name. None
    stands for a term whose days or person make no sense.
    """
    for code in states:
        for found in web.query(url, _query("terms", CODE=code, SINCE=str(since))):
            person, office = found.get("personLabel", ""), office_of(found.get("positionLabel", ""), code, book)
            if not office or not person or _ITEM.fullmatch(person):
                continue
            span, item = _span(found), _item(found.get("person", ""))
            yield (
                {"person": person, "code": code, "office": office, "start": span[0], "end": span[1], "wikidata": item}
                if span and item
                else None
            )


def members(web: Web, url: str, known: Mapping[str, Row]) -> Iterator[Row | None]:
    """Yield rows of `organisations.csv`: those of `known`, by Wikidata id, with the members that they have now.

    All else is written back as it stands, because a row replaces the earlier one of its id as a whole. None stands for
    a member whose days or code make no sense.
    """
    ids = sorted(known)
    for first in range(0, len(ids), _AT_ONCE):
        part = ids[first : first + _AT_ONCE]
        told: dict[str, set[str]] = {}
        for found in web.query(url, _query("members", IDS=" ".join(f"wd:{i}" for i in part))):
            span, item, code = _span(found), _item(found.get("org", "")), found.get("code", "")
            if span and item in known and _STATE.fullmatch(code):
                told.setdefault(item, set()).add(f"{code}:{'/'.join(span)}" if any(span) else code)
            else:
                yield None
        for item, codes in told.items():
            yield {**known[item], "members": ";".join(sorted(codes))}


def bodies(web: Web, url: str, states: Iterable[str]) -> Iterator[Row | None]:
    """Yield rows of `organisations.csv`: parties, armed groups and agencies of `states` (ISO alpha-3).

    None stands for one whose days or class make no sense.
    """
    classes = {c.id: c for c in body_classes()}
    for code in states:
        asked = _query("bodies", CODE=code, CLASSES=" ".join(f"wd:{i}" for i in classes))
        for found in web.query(url, asked):
            name = found.get("orgLabel", "")
            if not name or _ITEM.fullmatch(name):
                continue
            of, span = classes.get(_item(found.get("class", ""))), _span(found)
            if of is None or span is None:
                yield None
                continue
            aliases = [a.strip() for a in found.get("aliases", "").split(";")]
            yield {
                "code": code, "kind": of.kind, "sector": of.sector, "name": name,
                "names": ";".join(a for a in aliases if len(a) > 2 and not a.islower()),
                "start": span[0], "end": span[1], "wikidata": _item(found.get("org", "")),
            }  # fmt: skip


def body_classes() -> tuple[BodyClass, ...]:
    """Return the classes that are asked for."""
    content = tomllib.loads(_CLASSES.read_text(encoding="utf-8"))
    return tuple(BodyClass(**values) for values in content["class"])


def office_of(label: str, code: str, book: ActorBook) -> str:
    """Return the id of the office that a position's label names: "Minister of Defence of Norway"; "" for none."""
    entity = book.entity(code)
    if entity is None:
        return ""
    for text in (label, *_without_state(label, entity, book)):
        for form in book.forms.named(text):
            if form.office is not None:
                return form.office.id
    return ""


def _without_state(label: str, entity: Entity, book: ActorBook) -> Iterator[str]:
    """Yield the label without the state's name behind or before it."""
    words = label.split()
    for i in range(1, len(words)):
        for kept, name in ((words[:i], words[i:]), (words[i:], words[:i])):
            bare = [w for w in name if w.lower() not in ("of", "the")]
            if any(f.entity is not None and f.entity.code == entity.code for f in book.forms.named(" ".join(bare))):
                yield " ".join(kept).removesuffix(" of the").removesuffix(" of")


def _query(name: str, **values: str) -> str:
    return Template((_QUERIES / f"{name}.rq").read_text(encoding="utf-8")).substitute(values)


def _item(uri: str) -> str:
    """Return the id of an item, "" for what is none: Wikidata has nameless nodes for somebody unknown."""
    name = uri.rpartition("/")[2]
    return name if _ITEM.fullmatch(name) else ""


def _span(found: Mapping[str, str]) -> tuple[str, str] | None:
    """Return first and last day of an answer, "" for an open one.

    None if the end lies before the start, or is over and nobody knows since when: it must not pass for lasting.
    """
    start = _day(found.get("start", ""), found.get("startPrecision", ""))
    end = _day(found.get("end", ""), found.get("endPrecision", ""))
    if found.get("end") and not end:
        return None
    shared = min(len(start), len(end))  # a year is not before one of its own days
    return None if start[:shared] > end[:shared] else (start, end)


def _day(value: str, precision: str) -> str:
    """Return a time value as the day, month or year that it is precise to (a day where nothing tells), else "".

    A value that is only a year stands as its first of January, which as an end would be wrong by a year. Unknown
    values are addresses of nodes, and decades and centuries are no days: both give "".
    """
    if precision.isdecimal() and int(precision) < min(_PRECISIONS):
        return ""
    match = _TIME.match(value)
    day = match[0][: _PRECISIONS.get(int(precision), 10) if precision.isdecimal() else 10] if match else ""
    try:
        date.fromisoformat(day + "0001-01-01"[len(day) :])
    except ValueError:
        return ""
    return day
