"""Two actors: what they did to and said of each other, how that moved, and deeds that go against words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from communique.records import Position
from communique.showing import moving
from communique.showing import page as said
from communique.showing import text as say
from communique.store import Filters
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages import cards, courses
from communique.web.pages.actor import MOST
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.bounds import among
from communique.web.pages.cards import Card
from communique.web.pages.here import Here, actor, dyad, general, here
from communique.web.pages.keeping import kept
from communique.web.pages.names import named_by
from communique.web.pages.standing import DRAWS
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.alignment.brief import Brief
    from communique.knowledge import Knowledge
    from communique.showing.flat import Row
    from communique.showing.moving import Line
    from communique.showing.page import Row as Scores
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
_LATEST, _RESTS, _DRAWS, _SHOWN = 15, 25, 200, 25


@dataclass(frozen=True, slots=True)
class DyadPage:
    """What the page shows; `sides` are names and addresses of the two.

    `among_records` says where contradictions were looked for, `among_positions` where changes of stance.
    """

    here: Here
    title: str
    sides: tuple[tuple[str, str], ...]
    turned: str
    basis: str
    note: str
    columns: tuple[str, ...]
    scores: tuple[Scores, ...]
    too_little: tuple[str, ...]
    lines: tuple[Line, ...]
    caption: str
    deeds: tuple[Card, ...]
    more_deeds: int
    words: tuple[Card, ...]
    more_words: int
    positions: tuple[Card, ...]
    more_positions: int
    contradictions: tuple[Card, ...]
    more_contradictions: int
    among_records: str
    shifts: tuple[Card, ...]
    more_shifts: int
    among_positions: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]


def page(store: Store, at: Here, pair: tuple[str, str], asked: Filters, known: Knowledge) -> DyadPage:
    """Return the page of two actors. Raises QueryError for actors that are not in the store."""
    from communique.alignment.brief import brief
    from communique.alignment.views import Asked as Question
    from communique.alignment.views import over_time

    every = general(asked)
    made = brief(
        store, list(pair), known.issues, since=every.since, until=every.until, min_confidence=every.min_confidence,
        most=MOST, draws=DRAWS,
    )  # fmt: skip
    one, other = (party.code for party in made.actors)
    period = made.movements[0].period if made.movements else "month"
    intervals = courses.intervals_of(over_time(store, Question((one, other), every, period, draws=_DRAWS)))
    chart = courses.of_brief(made, intervals, at.shared, made.deeds.cited)
    deeds = tuple(map(cards.of_cited, made.deeds.cited[:_LATEST]))
    words = tuple(map(cards.of_cited, made.words.cited[:_LATEST]))
    held = store.page("positions", replace(every, dyad=(one, other)), limit=_RESTS).items
    told = cards.cited(store, [one for one in held if isinstance(one, Position)])
    positions = tuple(cards.of_cited(each, named_by(known).issue) for each in told)
    contradictions = tuple(cards.of_contradiction(made, turn) for turn in made.contradictions[: -_SHOWN - 1 : -1])
    turned = [turn for turn in made.shifts if not turn.issue]
    shifts = tuple(cards.of_shift(made, turn) for turn in turned[: -_SHOWN - 1 : -1])
    text = said.page(made)
    tables = (
        Table("scores", "Scores", tuple(_scores(made))),
        Table("series", "Scores over time", tuple(courses.series_rows(made, intervals))),
        Table("deeds", "Deeds", cards.rows(deeds)), Table("words", "Words to each other", cards.rows(words)),
        Table("positions", "What they hold of each other", cards.rows(positions)),
        Table("contradictions", "Deeds against words", cards.rows(contradictions)),
        Table("shifts", "Changes of stance", cards.rows(shifts)),
    )  # fmt: skip
    return DyadPage(
        at, " and ".join(say.clean(party.name) for party in made.actors),
        tuple((say.clean(party.name), actor(party.code, **at.shared)) for party in made.actors),
        dyad(other, one, **at.shared), text.basis, said.NOTE, text.columns, text.rows, text.standing,
        moving.lines(made), moving.caption(made), deeds, made.deeds.total - len(deeds), words,
        made.words.total - len(words), positions, made.counts.positions - len(positions), contradictions,
        len(made.contradictions) - len(contradictions), _among_records(store, made), shifts, len(turned) - len(shifts),
        _among_positions(store, made), tables, (chart,) if chart else (),
    )  # fmt: skip


def _among_records(store: Store, made: Brief) -> str:
    """Return where deeds against words were looked for, "" for everywhere; words of any day count."""
    one, other = (party.code for party in made.actors)
    said = store.count("positions", Filters(dyad=(one, other), min_confidence=made.filters.min_confidence))
    found = among(MOST, said, "positions"), among(MOST, made.counts.events, "deeds between them")
    return " ".join(filter(None, found))


def _among_positions(store: Store, made: Brief) -> str:
    """Return where changes of stance were looked for, "" for everywhere."""
    found = (
        (among(MOST, store.count("positions", replace(made.filters, actor=party.code)), f"positions of {party.name}"))
        for party in made.actors
    )
    return " ".join(filter(None, map(say.clean, found)))


def _scores(made: Brief) -> list[Row]:
    return [
        {
            "source": way.source, "target": way.target, "channel": score.channel, "score": score.score,
            "low": score.low, "high": score.high, "records": score.records, "reports": score.reports,
        }
        for way in made.directions
        for score in (*way.channels, way.overall)
    ]  # fmt: skip


def show(request: Request, store: Opened, asked: Asked, one: str, other: str) -> Response:
    """Answer with the page of two actors."""
    known, at = knowledge(request), here(request)
    made = kept(request, store, ("dyad", at), lambda: page(store, at, (one, other), asked, known))
    return respond(request, "dyad.html", made)


views(router, "/dyads/{one}/{other}", show)
