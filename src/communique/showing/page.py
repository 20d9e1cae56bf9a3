"""The words of a brief: every line as it will be read, the same in text, HTML and PDF.

Whatever comes from a report is cleaned of control characters here, and is data for whoever renders it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from communique.alignment.brief import Brief
from communique.alignment.latest import Latest
from communique.alignment.standing import FEWEST, Relation, Score
from communique.showing import entries, moving
from communique.showing import text as say
from communique.showing.entries import Entry
from communique.store.ties import CHANNELS

NOTE = (
    "Scores run from −1 (hostile) to +1 (friendly): the mean of the records, weighed by their confidence. Events count "
    "a tenth of their Goldstein score, positions ±1. In brackets the 95% interval; with 0 in it, the sign is unclear. "
    f"With fewer than {FEWEST} reports no score is given. What several reports tell alike counts once. "
    "≤ is on or before that day."
)
CORNER = "score [95%], records/reports"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a brief is shown; the rest is counted. `quote` is in characters."""

    relations: int = 5
    items: int = 5
    stances: int = 8
    turns: int = 3
    quote: int = 220


@dataclass(frozen=True, slots=True)
class Cell:
    """A score: `value` with its `interval`, and the number of records and reports. `tone`: for, against, open, none."""

    value: str
    interval: str = ""
    basis: str = ""
    tone: str = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of scores, `note` beside its name; a line without cells is a heading."""

    name: str
    cells: tuple[Cell, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its entries, how many more there are, and what is said besides or where there are none."""

    title: str
    entries: tuple[Entry, ...] = ()
    more: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A brief in words, in the order in which it is read."""

    title: str
    kicker: str
    basis: str
    columns: tuple[str, ...]
    corner: str
    rows: tuple[Row, ...]
    standing: tuple[str, ...]
    moving: tuple[moving.Line, ...]
    caption: str
    left: tuple[Section, ...]
    right: tuple[Section, ...]
    footer: tuple[str, ...]


def page(brief: Brief, limits: Limits = Limits()) -> Page:
    """Return the words of `brief`, long parts cut to `limits`."""
    columns, rows, standing = _dyad(brief) if brief.dyad else _relations(brief, limits)
    left = [
        _latest("Latest deeds", brief.deeds, "event", limits),
        _latest("Latest words", brief.words, "statement", limits),
    ]
    if brief.dyad:
        left.append(_contradictions(brief, limits))
    right = (_stances(brief, limits), _turns(brief, limits))
    return Page(
        " and ".join(say.clean(party.name) for party in brief.actors),
        f"Brief on {'a dyad' if brief.dyad else 'an actor'} · {' · '.join(say.clean(p.code) for p in brief.actors)}",
        _basis(brief), columns, CORNER, rows, standing, moving.lines(brief), moving.caption(brief), tuple(left), right,
        (NOTE, _opening(brief)),
    )  # fmt: skip


def score(one: Score) -> Cell:
    """Return a score with interval and counts; without numbers where there is too little, or nothing."""
    if not one.records:
        return Cell("—")
    basis = f"{one.records}/{one.reports}"
    if one.score is None:
        return Cell("too little", "", basis)
    if one.low is None or one.high is None:
        return Cell(moving.signed(one.score), "", basis, "open")
    tone = ("for" if one.score > 0 else "against") if one.clear else "open"
    # An interval widened for few reports may pass the ends of the scale; the score cannot.
    low, high = max(one.low, -1.0), min(one.high, 1.0)
    return Cell(moving.signed(one.score), f"[{moving.signed(low)}, {moving.signed(high)}]", basis, tone)


def _basis(brief: Brief) -> str:
    counts, asked = brief.counts, brief.filters
    who = "both" if brief.dyad else say.clean(brief.actors[0].name)
    rests = (
        f"{say.counted(counts.events, 'event')}, {say.counted(counts.statements, 'statement')} and "
        f"{say.counted(counts.positions, 'position')} that name {who}, in {say.counted(counts.reports, 'report')}"
    )  # fmt: skip
    if counts.first:
        rests += f" published {counts.first}" + (f" to {counts.last}" if counts.last > counts.first else "")
    only = [f"from {asked.since}" if asked.since else "", f"until {asked.until}" if asked.until else "",
            f"confidence {asked.min_confidence:g} or more" if asked.min_confidence else ""]  # fmt: skip
    limited = ", ".join(filter(None, only))
    if not counts.reports:
        return f"The store has no record that names {who}{f' {limited}' if limited else ''}."
    return f"Rests on {rests}." + (f" Asked for: {limited}." if limited else "")


def _relations(brief: Brief, limits: Limits) -> tuple[tuple[str, ...], tuple[Row, ...], tuple[str, ...]]:
    actor = brief.actors[0]
    code = say.clean(actor.code)
    columns = (*(f"{code} → it: {channel}" for channel in CHANNELS), f"it → {code}: all", "both ways: all")
    rows: list[Row] = []
    for title, some in (("Partners", brief.relations.partners), ("Adversaries", brief.relations.adversaries)):
        if some:
            rows += [Row(title), *(_relation(brief, r) for r in some[: limits.relations])]
        if len(some) > limits.relations:
            rows.append(Row(f"… and {say.counted(len(some) - limits.relations, 'more', 'more')}"))
    unknown = brief.relations.unknown
    notes = []
    if not rows:
        notes.append(f"Too little to name partners or adversaries: with no other actor are there {FEWEST} reports.")
    if unknown:
        others = say.counted(unknown, "other actor")
        notes.append(f"With {others} there are fewer than {FEWEST} reports each: too little to tell.")
    return columns, tuple(rows), tuple(notes)


def _relation(brief: Brief, relation: Relation) -> Row:
    cells = (*map(score, relation.toward.channels), score(relation.back.overall), score(relation.both))
    note = say.clean(relation.other) + ("" if relation.both.clear else ", unclear")
    return Row(say.clean(brief.name(relation.other)), cells, note)


def _dyad(brief: Brief) -> tuple[tuple[str, ...], tuple[Row, ...], tuple[str, ...]]:
    rows = tuple(
        Row(
            f"{say.clean(brief.name(d.source))} → {say.clean(brief.name(d.target))}",
            (*map(score, d.channels), score(d.overall)),
        )
        for d in brief.directions
    )
    least = [d for d in brief.directions if d.overall.reports < FEWEST]
    notes = [f"There is too little for scores: they need {FEWEST} reports."] if len(least) == 2 else []
    return (*CHANNELS, "all"), rows, tuple(notes)


def _latest(title: str, found: Latest, noun: str, limits: Limits) -> Section:
    shown = tuple(entries.entry(cited, limits.quote) for cited in found.cited[: limits.items])
    if not shown:
        return Section(title, notes=(f"The store has no {noun} here.",))
    rest = found.total - sum(cited.told for cited in found.cited[: limits.items])
    return Section(title, shown, _more(rest, noun))


def _stances(brief: Brief, limits: Limits) -> Section:
    title = "Stances by issue"
    if brief.issue:
        title = f"Stances on {say.clean(brief.issue_name(brief.issue))} and below"
    shown = tuple(entries.stance(brief, held, cited, limits.quote) for held, cited in brief.stances[: limits.stances])
    if not shown:
        return Section(title, notes=("The store has no position on an issue here.",))
    return Section(title, shown, _more(len(brief.stances) - limits.stances, "stance"))


def _turns(brief: Brief, limits: Limits) -> Section:
    # The latest first, as elsewhere on the page.
    shown = [entries.shift(brief, turn, limits.quote) for turn in brief.shifts[::-1][: limits.turns]]
    return _or_none("Changes of stance", shown, len(brief.shifts) - limits.turns, "change")


def _contradictions(brief: Brief, limits: Limits) -> Section:
    shown = [entries.contradiction(brief, turn, limits.quote) for turn in brief.contradictions[::-1][: limits.turns]]
    return _or_none("Deeds against words", shown, len(brief.contradictions) - limits.turns, "contradiction")


def _or_none(title: str, shown: Sequence[Entry], rest: int, noun: str) -> Section:
    return Section(title, tuple(shown), _more(rest, noun)) if shown else Section(title, notes=("None found.",))


def _more(rest: int, noun: str) -> str:
    return f"… and {rest:,} more {noun if rest == 1 else noun + 's'}" if rest > 0 else ""


def _opening(brief: Brief) -> str:
    store = shlex.quote(say.clean(brief.store))
    return (
        f"Open a record: communique explain ID --store {store}. All of a report: communique show events "
        f"--store {store} --report ID."
    )
