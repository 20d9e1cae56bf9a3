"""An actor: who it is on which dates, what it did and said, with whom it stands, what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from communique.showing import moving
from communique.showing import page as said
from communique.showing import text as say
from communique.store import Filters
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages import cards, courses
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.bounds import among
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, here, issue
from communique.web.pages.here import actor as actor_address
from communique.web.pages.keeping import kept
from communique.web.pages.names import Named, named_by
from communique.web.pages.standing import DRAWS, Standing, standing_by
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.alignment.brief import Brief
    from communique.knowledge import Knowledge
    from communique.showing.moving import Line
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
MOST = 500  # records of a kind, the newest, among which stances, their changes and contradictions are looked for
_SHOWN = 25
_LATEST, _PEOPLE, _MEMBERS = 12, 12, 60
_OFFICES = frozenset({
    "president", "prime-minister", "chancellor", "king", "supreme-leader", "secretary-general", "foreign-minister",
    "general-secretary", "defence-minister",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A body with the actor's code: its name, what it is, on which days, and where the knowledge files say so.

    Of its members the first are named, and `more` not.
    """

    name: str
    kind: str
    days: str
    where: str
    members: tuple[tuple[str, str, str], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who held an office, from when to when."""

    person: str
    office: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Stance:
    """What the actor holds on an issue: the card, and the address of the issue."""

    card: Card
    issue: str
    address: str


@dataclass(frozen=True, slots=True)
class ActorPage:
    """What the page shows; `basis` says on what it rests, `among` where stances and their changes were looked for."""

    here: Here
    title: str
    code: str
    basis: str
    note: str
    bodies: tuple[Body, ...]
    tenures: tuple[Tenure, ...]
    more_tenures: int
    standing: Standing
    lines: tuple[Line, ...]
    caption: str
    deeds: tuple[Card, ...]
    more_deeds: int
    words: tuple[Card, ...]
    more_words: int
    stances: tuple[Stance, ...]
    more_stances: int
    shifts: tuple[Card, ...]
    more_shifts: int
    among: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]


def page(store: Store, at: Here, code: str, asked: Filters, known: Knowledge, named: Named) -> ActorPage:
    """Return the page of an actor. Raises QueryError for one that is not in the store."""
    from communique.alignment.brief import brief

    made = brief(
        store, [code], known.issues, issue=asked.issue or "", since=asked.since, until=asked.until,
        min_confidence=asked.min_confidence, most=MOST, draws=DRAWS,
    )  # fmt: skip
    code = made.actors[0].code
    standing = standing_by(made.relations, code, Named(known, {p.code: p.name for p in made.names}), at.shared)
    deeds = tuple(map(cards.of_cited, made.deeds.cited[:_LATEST]))
    words = tuple(map(cards.of_cited, made.words.cited[:_LATEST]))
    stances = tuple(
        Stance(cards.of_held(made, held, cited), held.issue, issue(held.issue, **at.shared))
        for held, cited in made.stances[:_SHOWN]
    )  # fmt: skip
    shifts = tuple(cards.of_shift(made, turn) for turn in made.shifts[: -_SHOWN - 1 : -1])
    chart = courses.of_brief(made, {}, at.shared)
    tenures = _tenures(known, code, made)
    tables = (
        Table("alignments", "Partners and adversaries", standing.rows),
        Table("deeds", "Latest deeds", cards.rows(deeds)),
        Table("words", "Latest words", cards.rows(words)),
        Table("stances", "Stances by issue", tuple({"issue": one.issue, **one.card.row} for one in stances)),
        Table("shifts", "Changes of stance", cards.rows(shifts)),
        Table("series", "Scores over time", tuple(courses.series_rows(made, {}))),
    )  # fmt: skip
    text = said.page(made)
    return ActorPage(
        at, say.clean(made.actors[0].name), code, text.basis, said.NOTE, _bodies(known, code), tenures[:_PEOPLE],
        max(0, len(tenures) - _PEOPLE), standing, moving.lines(made), moving.caption(made), deeds,
        made.deeds.total - len(deeds), words, made.words.total - len(words), stances, len(made.stances) - len(stances),
        shifts, len(made.shifts) - len(shifts), among(MOST, made.counts.positions, "positions"), tables,
        tuple(picture for picture in (chart, standing.map) if picture),
    )  # fmt: skip


def _bodies(known: Knowledge, code: str) -> tuple[Body, ...]:
    entity = known.actors.entity(code)
    if entity is None:
        return ()
    named = named_by(known)
    members = tuple(
        (named(member.code), actor_address(member.code), _days(member.start, member.end))
        for member in entity.members[:_MEMBERS]
    )  # fmt: skip
    return (Body(say.clean(entity.name), entity.kind, _days(entity.start, entity.end), entity.where, members,
                 max(0, len(entity.members) - len(members))),)  # fmt: skip


def _tenures(known: Knowledge, code: str, made: Brief) -> tuple[Tenure, ...]:
    """Return who held the highest offices within the time of the reports, the latest first."""
    first, last = made.counts.first[:10], made.counts.last[:10]
    found = {
        (h.person, h.office, h.start, h.end)
        for h in known.actors.holders
        if h.code == code and (h.leader or h.office in _OFFICES) and (not h.end or h.end >= first)
        and (not h.start or not last or h.start <= last)
    }  # fmt: skip
    ordered = sorted(found, key=lambda one: (one[2] or "0", one[0]), reverse=True)
    return tuple(Tenure(say.clean(p), say.clean(o.replace("-", " ")), s, e) for p, o, s, e in ordered)


def _days(start: str, end: str) -> str:
    if start and end:
        return f"{start} to {end}"
    return f"since {start}" if start else f"until {end}" if end else ""


def show(request: Request, store: Opened, asked: Asked, code: str) -> Response:
    """Answer with the page of an actor."""
    known, at = knowledge(request), here(request)
    made = kept(request, store, ("actor", at), lambda: page(store, at, code, asked, known, named_by(known)))
    return respond(request, "actor.html", made)


views(router, "/actors/{code}", show)
