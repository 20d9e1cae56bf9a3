"""Whole records of sentences whose parties are not given: is the right one among those that are coded?

The list names sentences of another file by id, with the codes of who did it and to whom and the types that a careful
coder would give; alternatives are separated by `|`, several parties by a space, `-` stands for no code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from communique.records import Actor, Event

_JOINT = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of the list: alternatives of who, to whom, and what."""

    id: str
    actors: tuple[frozenset[str], ...]
    recipients: tuple[frozenset[str], ...]
    types: frozenset[str]


def read_list(path: Path) -> list[Wanted]:
    """Return the lines of the list at `path`; lines that begin with `#` are remarks."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [
        Wanted(row["id"], _sets(row["actor"]), _sets(row["recipient"]), frozenset(row["type"].split("|")))
        for row in csv.DictReader(lines)
    ]


def _sets(cell: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(part.split()) for part in cell.split("|"))


def is_found(wanted: Wanted, events: Iterable[Event]) -> bool:
    """Tell whether one event has the right doer, other side and type; of a joint deed all may stand as doers."""
    return any(
        event.type in wanted.types
        and any(codes <= _codes(event.actors) for codes in wanted.actors)
        and any(codes <= _other_side(event) for codes in wanted.recipients)
        for event in events
    )


def found(wanted: Sequence[Wanted], events: Mapping[str, Iterable[Event]]) -> list[Wanted]:
    """Return the lines whose record is among the events of their sentence, by id."""
    return [line for line in wanted if is_found(line, events.get(line.id, ()))]


def _codes(actors: Iterable[Actor]) -> frozenset[str]:
    return frozenset(a.code or "-" for a in actors) or frozenset("-")


def _other_side(event: Event) -> frozenset[str]:
    return _codes(event.actors) if event.type in _JOINT and not event.recipients else _codes(event.recipients)
