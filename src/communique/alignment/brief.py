"""A dossier on one actor or on a dyad, drawn from a store: what is known, and on how much each part of it rests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from communique.alignment import dated, parties, standing
from communique.alignment.held import Held, held
from communique.alignment.latest import Cited, Found, Latest, find, latest
from communique.alignment.parties import Party
from communique.alignment.shifts import Contradiction, Shift, contradictions, shifts
from communique.alignment.standing import ADVERSARIES, PARTNERS, Movement, Relation, Relations, Standing
from communique.errors import QueryError, unknown
from communique.records import Position, Record, Report
from communique.store.filters import Filters

if TYPE_CHECKING:
    from communique.knowledge.issues import IssueBook
    from communique.store import Store
    from communique.store.looking import Extent

MONTHS = 120  # a longer series is given by years
_FIRST = 5  # partners, and adversaries, over whom the mean is taken that is shown over time
_KINDS = ("events", "statements", "positions")


@dataclass(frozen=True, slots=True)
class Counts:
    """On what a brief rests: numbers of records and reports, and the days of the first and last report."""

    events: int
    statements: int
    positions: int
    reports: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of stance, or a deed against words: the earlier and the later record. `actor` and `toward` are codes."""

    actor: str
    toward: str
    issue: str
    earlier: Cited
    later: Cited


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a brief says. Actors are codes, whose names are in `names`; issues are ids, with names in `issues`.

    One actor: `relations`, and `movements` toward the first partners and adversaries. Two: `directions`, `movements`
    of both, and `contradictions`. `shifts` are changes of stance of either actor on issues, and between the two.
    `first` are the codes of the partners and adversaries whose mean the movements are of.
    """

    actors: tuple[Party, ...]
    store: str
    filters: Filters
    issue: str
    counts: Counts
    relations: Relations
    directions: tuple[Standing, ...]
    movements: tuple[Movement, ...]
    first: tuple[tuple[str, tuple[str, ...]], ...]
    deeds: Latest
    words: Latest
    stances: tuple[tuple[Held, Cited], ...]
    shifts: tuple[Turn, ...]
    contradictions: tuple[Turn, ...]
    names: tuple[Party, ...]
    issues: tuple[tuple[str, str], ...]

    @property
    def dyad(self) -> bool:
        return len(self.actors) == 2

    def name(self, code: str) -> str:
        """Return the name of an actor, or its code where the store gives none."""
        return next((party.name for party in self.names if party.code == code.upper()), code)

    def issue_name(self, issue: str) -> str:
        """Return the name of an issue, or its id where the knowledge files do not have it."""
        return dict(self.issues).get(issue, issue)


def brief(
    store: Store,
    actors: Sequence[str],
    book: IssueBook,
    *,
    issue: str = "",
    since: str | None = None,
    until: str | None = None,
    min_confidence: float | None = None,
    most: int | None = None,
    draws: int = standing.DRAWS,
) -> Brief:
    """Return the brief on one actor or two, given by code; with `issue` only stances on it and on those below it.

    With `most`, stances, their changes and contradictions are looked for among so many records of a kind, those that
    were published last; `draws` are the resamples for intervals.
    Raises QueryError for an actor that is not in the store, for a store without records, an unknown issue, a day that
    is none.
    """
    codes = parties.check(store, actors)
    every = Filters(since=since, until=until, min_confidence=min_confidence)
    only = _below(book, store, issue) if issue else None
    sides = (codes[0], codes[1]) if len(codes) == 2 else None
    there = replace(every, dyad=sides) if sides else replace(every, actor=codes[0])
    found = {kind: find(store, kind, there) for kind in _KINDS}
    held_by = {
        code: list(dated.newest(store, "positions", replace(every, actor=code), most, Position)) for code in codes
    }
    stances = store.stances(codes, every)
    turned = [
        s
        for code in codes
        for s in shifts(dated.positions(store, replace(every, actor=code), most))
        if s.actor.upper() == code and _about(s, codes, only)
    ]
    on = [h for code in codes for h in held(held_by[code], code, turned, stances, only)]
    against = _contradictions(store, codes, replace(every, dyad=sides), most) if sides else []

    quoted: list[Record] = [h.shown for h in on]
    quoted += [record for s in turned for record in (s.before, s.after)]
    quoted += [record for c in against for record in (c.words, c.deed)]
    recent = [record for kind in _KINDS for record in found[kind].records]
    reports = store.reports(r.report for r in (*quoted, *recent))

    related, movements, first = _standing(store, codes, every, draws)
    directions = _directions(store, codes, every, draws) if sides else ()
    shown = [r.other for r in (*related.partners, *related.adversaries)]
    others = [code for t in turned for code in [t.toward.upper()] if code]
    named = parties.names(store, list(dict.fromkeys([*codes, *shown, *others])), [*recent, *quoted])
    counts = _counts(found, store.extent(there))
    return Brief(
        tuple(named[code] for code in codes), str(store.path), every, issue, counts, related, directions, movements,
        first, latest(found["events"], reports), latest(found["statements"], reports),
        tuple((h, Cited(h.shown, reports[h.shown.report])) for h in on),
        tuple(_turn(s, reports) for s in turned),
        tuple(_turn(c, reports) for c in against),
        tuple(named.values()), _issue_names(book, on, turned, issue),
    )  # fmt: skip


def _standing(
    store: Store, codes: Sequence[str], every: Filters, draws: int
) -> tuple[Relations, tuple[Movement, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return partners and adversaries of one actor, the series to show, and whose mean they are of."""
    wanted = codes
    ties = store.ties(wanted, every, "month")
    pairs, related, groups = [(codes[0], codes[-1]), (codes[-1], codes[0])], Relations(), {}
    if len(codes) == 1:
        related = standing.relations(ties, codes[0], draws)
        groups = {
            name: _first(some) for name, some in ((PARTNERS, related.partners), (ADVERSARIES, related.adversaries))
        }
        pairs = [(codes[0], name) for name, some in groups.items() if some]
    period = "month"
    ties = standing.grouped(ties, codes[0], groups) if groups else ties
    if len(standing.followed(ties, period).periods) > MONTHS:
        period = "year"
        ties = store.ties(wanted, every, "year")
        ties = standing.grouped(ties, codes[0], groups) if groups else ties
    return related, tuple(standing.movements(ties, pairs, period)), tuple(groups.items())


def _first(some: Sequence[Relation]) -> tuple[str, ...]:
    """Return the codes of the first of `some`; those of whom it is not clear what they are only if all are so."""
    clear = [relation.other for relation in some if relation.both.clear]
    return tuple((clear or [relation.other for relation in some])[:_FIRST])


def _directions(store: Store, codes: Sequence[str], every: Filters, draws: int) -> tuple[Standing, ...]:
    ties = store.ties(codes, every)
    return tuple(standing.standings(ties, [(codes[0], codes[1]), (codes[1], codes[0])], draws))


def _contradictions(store: Store, codes: Sequence[str], between: Filters, most: int | None) -> list[Contradiction]:
    # Words may lie before the first day that is asked for.
    words = dated.positions(store, replace(between, since=None, until=None), most)
    found = contradictions(words, dated.events(store, between, most))
    return [c for c in found if {c.actor.upper(), c.toward.upper()} == set(codes)]


def _about(shift: Shift, codes: Sequence[str], only: Collection[str] | None) -> bool:
    """Whether a shift belongs into the brief: on an issue that is asked for, or toward the other of the two."""
    if shift.issue:
        return only is None or shift.issue in only
    return only is None and (len(codes) == 1 or shift.toward.upper() in codes)


def _turn(change: Shift | Contradiction, reports: dict[str, Report]) -> Turn:
    if isinstance(change, Shift):
        pair: tuple[Record, Record] = (change.before, change.after)
    else:
        pair = (change.words, change.deed) if change.order == "words first" else (change.deed, change.words)
    earlier, later = (Cited(record, reports[record.report]) for record in pair)
    return Turn(change.actor, change.toward, change.issue if isinstance(change, Shift) else "", earlier, later)


def _counts(found: dict[str, Found], extent: Extent) -> Counts:
    events, statements, positions = (found[kind].total for kind in _KINDS)
    return Counts(events, statements, positions, extent.reports, extent.first, extent.last)


def _below(book: IssueBook, store: Store, issue: str) -> set[str]:
    """Return the issue and all below it. Raises QueryError for one that neither the knowledge nor the store has."""
    below = {i.id for i in book if issue in (i.id, *(above.id for above in book.ancestors(i.id)))}
    if below:
        return below
    in_store = {name for name in store.to_arrow("positions").column("issue").unique().to_pylist() if name}
    if issue in in_store:
        return {issue}
    raise QueryError(unknown("issue", issue, {*(i.id for i in book), *in_store}))


def _issue_names(
    book: IssueBook, on: Iterable[Held], turned: Iterable[Shift], issue: str
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    ids = {h.issue for h in on} | {s.issue for s in turned if s.issue} | ({issue} if issue else set())
    return tuple((i, known.name) for i in sorted(ids) if (known := book.get(i)))
