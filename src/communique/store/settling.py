"""Corrections held against the records of a report: which records they mean, and what stands in the end.

A correction means the record with its id. Where a newer version of the program gave the records other ids, it means the
one of the same kind that says the same of the same words: `says` and `overlap`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from communique.records import Actor, Event, Record, Spans, Statement
from communique.store.corrections import Correction

State = Literal["holds", "found", "gone", "superseded", "unread"]
ADDED = 2**20  # what was added stands behind what was coded, in order


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and its place in its report, from 0, over all kinds."""

    record: Record
    seq: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a correction stands: `record` is the id of the record that it is about now, empty if there is none.

    `holds`: it is applied. `found`: it was to be added, and the coder finds it now. `gone`: the program does not give
    that record any more. `superseded`: a later one about the same record holds. `unread`: the store has not its report.
    """

    correction: Correction
    state: State
    record: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A record as it was coded, whether it was right (neither rejected nor amended), and what it should be."""

    record: Record
    right: bool
    becomes: Record | None
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What corrections make of a report: records to leave out, records to put in, and how each correction stands.

    `gone` holds the coded records that are left out or replaced; `rejected` those that are only left out.
    """

    gone: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    placed: tuple[Placed, ...] = ()
    standings: tuple[Standing, ...] = ()
    judged: tuple[Judged, ...] = ()
    added: tuple[Record, ...] = ()


@dataclass(slots=True)
class _Case:
    """What is said of one record: `base` as the coder gives it now, `written` as a person did."""

    base: Placed | None
    first: Correction
    last: Correction
    verdict: str = ""
    written: Record | None = None
    all: list[Correction] = field(default_factory=list)


def says(record: Record) -> tuple[object, ...]:
    """Return what a record says: what a person judges of it, whatever the program adds (mode, date, confidence)."""
    if isinstance(record, Event):
        return "event", record.type, record.status, _who(record.actors), _who(record.recipients)
    if isinstance(record, Statement):
        return "statement", _who(record.speakers)
    return "position", record.stance, record.issue, record.status, _who(record.holders), _who(record.toward)


def _who(actors: Iterable[Actor]) -> frozenset[str]:
    return frozenset(actor.code.upper() or actor.text.lower() for actor in actors)


def overlap(one: Record, other: Record) -> int:
    """Return how many characters of the telling words two records of one report share.

    Those are the trigger, else what is said, else the sentence: the first that both have.
    """
    for name in ("content", "trigger", "sentence") if one.kind == "statement" else ("trigger", "content", "sentence"):
        first: Spans = getattr(one.evidence, name)
        second: Spans = getattr(other.evidence, name)
        if first and second:
            return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in first for b in second)
    return 0


def same_of(record: Record, among: Iterable[Placed], taken: Collection[str] = ()) -> Placed | None:
    """Return the one that says the same as `record` of the same words, that which shares most of them; None if none."""
    said = says(record)
    found = [each for each in among if each.record.id not in taken and says(each.record) == said]
    best = max(found, key=lambda each: overlap(record, each.record), default=None)
    return best if best and overlap(record, best.record) else None


def settle(corrections: Sequence[Correction], coded: Sequence[Placed]) -> Settled:
    """Return what the corrections of a report, in their order, make of its records as they are coded."""
    cases = _cases(corrections, coded)
    gone: set[str] = set()
    rejected: set[str] = set()
    placed: list[Placed] = []
    standings: dict[str, Standing] = {}
    added: list[Record] = []
    for case in cases.values():
        identifier = case.base.record.id if case.base else ""
        if case.base and case.verdict == "rejected":
            gone.add(identifier)
            rejected.add(identifier)
        elif case.written is not None and case.verdict not in ("", "rejected"):
            if case.base:
                gone.add(identifier)
                placed.append(Placed(replace(case.written, id=identifier), case.base.seq))
            elif same_of(case.written, coded) is None:  # else the program says it by now
                identifier = case.written.id
                placed.append(Placed(case.written, ADDED + len(placed)))
            if case.first.action == "add":
                added.append(case.written)
        for correction in case.all:
            standings[correction.id] = Standing(correction, _state(correction, case, identifier), identifier)
    return Settled(
        frozenset(gone), frozenset(rejected), tuple(placed), tuple(standings[each.id] for each in corrections),
        tuple(_judged(case) for case in cases.values() if case.first.was and case.verdict), tuple(added),
    )  # fmt: skip


def _state(correction: Correction, case: _Case, identifier: str) -> State:
    if correction is not case.last:
        return "superseded"
    if case.base:
        return "found" if case.first.action == "add" else "holds"
    if case.first.action == "add":
        return "holds" if identifier or case.verdict in ("", "rejected") else "found"
    return "gone"


def _judged(case: _Case) -> Judged:
    assert case.first.was is not None
    right = case.verdict == "accepted" and case.written is None
    return Judged(case.first.was, right, case.written, case.last.who, case.last.at)


def _cases(corrections: Sequence[Correction], coded: Sequence[Placed]) -> Mapping[str, _Case]:
    """Return what is said of each record, by the id that it has now, or had if it is gone."""
    by_id = {each.record.id: each for each in coded}
    taken = {each.record for each in corrections if each.record in by_id}
    names: dict[str, str] = {}  # ids of corrections -> ids of now
    cases: dict[str, _Case] = {}
    for each in corrections:
        if each.record not in names:
            anchor = each.becomes if each.action == "add" else each.was
            base = by_id.get(each.record) or (same_of(anchor, coded, taken) if anchor else None)
            names[each.record] = base.record.id if base else each.record
            taken.add(names[each.record])
        name = names[each.record]
        case = cases.get(name)
        if case is None:
            case = cases[name] = _Case(by_id.get(name), each, each)
        case.all.append(each)
        case.last = each
        _apply(case, each)
    return cases


def _apply(case: _Case, correction: Correction) -> None:
    if correction.action == "withdraw":
        case.verdict, case.written = "", None
    elif correction.action == "accept":
        case.verdict = "accepted"
    elif correction.action == "reject":
        case.verdict = "rejected"
    elif correction.action == "amend":
        case.verdict, case.written = "amended", correction.becomes
    elif case.base is None:
        case.verdict, case.written = "added", correction.becomes
    else:  # what was missed is found by now
        case.verdict = "accepted"
