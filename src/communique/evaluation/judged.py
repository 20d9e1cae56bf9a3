"""Corrections as gold: how often what people judged was right, and what the program makes of it by now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from communique.evaluation.proportions import Share, share_of, stratified
from communique.records import Coding, Record, Report
from communique.store import Correction, Draw, Judged
from communique.store.corrections import sort_of
from communique.store.settling import Placed, same_of, settle


@dataclass(frozen=True, slots=True)
class Audit:
    """Precision as far as a draw was judged: overall, with strata by their sizes, and in each stratum.

    `covered` is the part of all records whose stratum has a judgement; `left` are the drawn records without one.
    """

    overall: Share
    covered: float
    strata: Mapping[str, Share]
    sizes: Mapping[str, int]
    left: tuple[Record, ...]


@dataclass(slots=True)
class Again:
    """How the program codes by now what people judged: of what is right how much it gives, of what is wrong too."""

    right: list[bool] = field(default_factory=list)
    wrong: list[bool] = field(default_factory=list)
    missed: list[Record] = field(default_factory=list)
    repeated: list[Record] = field(default_factory=list)


def audit(draw: Draw, judged: Iterable[Judged]) -> Audit:
    """Return what is known of a draw's precision. A record that was amended was not right as it was coded."""
    answers = {each.record.id: each.right for each in judged}
    by_stratum: dict[str, list[bool]] = {name: [] for name in draw.strata}
    for each in draw.drawn:
        if each.record.id in answers:
            by_stratum.setdefault(each.stratum, []).append(answers[each.record.id])
    overall, covered = stratified(by_stratum, draw.strata)
    left = tuple(each.record for each in draw.drawn if each.record.id not in answers)
    return Audit(overall, covered, {name: share_of(a) for name, a in by_stratum.items()}, draw.strata, left)


def precision(judged: Iterable[Judged]) -> dict[str, Share]:
    """Return the share of judged records that were right: of all, of each kind, and of each type of a kind."""
    answers: dict[str, list[bool]] = {"all": []}
    for each in sorted(judged, key=lambda j: (j.record.kind, sort_of(j.record))):
        for name in ("all", f"{each.record.kind}s", f"{each.record.kind} {sort_of(each.record)}"):
            answers.setdefault(name, []).append(each.right)
    return {name: share_of(those) for name, those in answers.items()}


def judged_of(corrections: Sequence[Correction]) -> tuple[list[Judged], list[Record]]:
    """Return what corrections say of records as they were when they were judged, and what they add."""
    by_report: dict[str, list[Correction]] = {}
    for each in corrections:
        by_report.setdefault(each.report, []).append(each)
    judged: list[Judged] = []
    added: list[Record] = []
    for those in by_report.values():
        coded: dict[str, Placed] = {}
        written = {each.record for each in those if each.action == "add"}
        for each in those:
            if each.was is not None and each.record not in written:
                coded.setdefault(each.record, Placed(each.was, len(coded)))
        settled = settle(those, tuple(coded.values()))
        judged += settled.judged
        added += settled.added
    return judged, added


def again(
    judged: Sequence[Judged], added: Sequence[Record], reports: Mapping[str, Report], code: Callable[[Report], Coding]
) -> Again:
    """Code the reports of what was judged once more, and compare. Reports that are not at hand are left out."""
    right = [(j.record if j.right else j.becomes) for j in judged if j.right or j.becomes] + list(added)
    wrong = [j.record for j in judged if not j.right]
    found = Again()
    for name in dict.fromkeys(r.report for r in (*(r for r in right if r), *wrong)):
        if name in reports:
            placed = [Placed(record, n) for n, record in enumerate(code(reports[name]).records)]
            for record in (r for r in right if r and r.report == name):
                there = same_of(record, placed) is not None
                found.right.append(there)
                found.missed += [] if there else [record]
            for record in (r for r in wrong if r.report == name):
                there = same_of(record, placed) is not None
                found.wrong.append(there)
                found.repeated += [record] if there else []
    return found
