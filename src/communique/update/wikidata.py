"""Rows of knowledge from Wikidata: terms of office, members of organisations, bodies of states."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from communique.knowledge.actors import ActorBook, Entity
from communique.update.web import Web

Row = dict[str, str]
_QUERIES = Path(__file__).parent / "queries"
_CLASSES = Path(__file__).parent / "classes.toml"
_NO_LABEL = re.compile(r"Q\d+")  # what the label service gives where there is no English label
_AT_ONCE = 40  # organisations in one question


@dataclass(frozen=True, slots=True)
class BodyClass:
    """A class of Wikidata with the kind and sector that its members get."""

    id: str
    kind: str
    sector: str


def terms(web: Web, url: str, states: Iterable[str], since: int, book: ActorBook) -> Iterator[Row]:
    """Yield rows of `people.csv` for the offices of `states` (ISO alpha-3) that began in the year `since` or later.

    A position counts if its English label is a title that our offices have, with or without the state's name.
    """
    for code in states:
        for found in web.query(url, _query("terms", CODE=code, SINCE=str(since))):
            person, office = found.get("personLabel", ""), office_of(found.get("positionLabel", ""), code, book)
            if office and person and not _NO_LABEL.fullmatch(person):
                yield {
                    "person": person, "code": code, "office": office, "start": _day(found.get("start", "")),
                    "end": _day(found.get("end", "")), "wikidata": _item(found["person"]),
                }  # fmt: skip


def members(web: Web, url: str, organisations: Sequence[Entity]) -> Iterator[Row]:
    """Yield rows of `organisations.csv`: the organisations of states that have a Wikidata id, with their members."""
    known = {entity.wikidata: entity for entity in organisations if entity.wikidata and entity.kind in ("igo", "bloc")}
    ids = sorted(known)
    for first in range(0, len(ids), _AT_ONCE):
        part = ids[first : first + _AT_ONCE]
        told: dict[str, list[str]] = {}
        for found in web.query(url, _query("members", IDS=" ".join(f"wd:{i}" for i in part))):
            start, end = _day(found.get("start", "")), _day(found.get("end", ""))
            span = f":{start}/{end}" if start or end else ""
            told.setdefault(_item(found["org"]), []).append(found["code"] + span)
        for item, codes in told.items():
            entity = known[item]
            yield {
                "id": entity.id, "code": entity.code, "kind": entity.kind, "sector": entity.sector, "name": entity.name,
                "members": ";".join(sorted(set(codes))), "start": entity.start, "end": entity.end, "wikidata": item,
            }  # fmt: skip


def bodies(web: Web, url: str, states: Iterable[str]) -> Iterator[Row]:
    """Yield rows of `organisations.csv`: parties, armed groups and agencies of `states` (ISO alpha-3)."""
    classes = {c.id: c for c in body_classes()}
    for code in states:
        asked = _query("bodies", CODE=code, CLASSES=" ".join(f"wd:{i}" for i in classes))
        for found in web.query(url, asked):
            name = found.get("orgLabel", "")
            if not name or _NO_LABEL.fullmatch(name):
                continue
            of = classes[_item(found["class"])]
            aliases = [a.strip() for a in found.get("aliases", "").split(";")]
            yield {
                "code": code, "kind": of.kind, "sector": of.sector, "name": name,
                "names": ";".join(a for a in aliases if len(a) > 2 and not a.islower()),
                "start": _day(found.get("start", "")), "end": _day(found.get("end", "")),
                "wikidata": _item(found["org"]),
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
    return uri.rpartition("/")[2]


def _day(value: str) -> str:
    """Return the day of a time value; the first of January stands for the year alone, as Wikidata has it."""
    day = value[:10]
    return day[:4] if day.endswith("-01-01") else day
