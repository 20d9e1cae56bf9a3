"""How one actor stands toward all others: as rows, and as a map of the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.showing import page as said
from communique.showing.svg import Picture
from communique.showing.world import Shade, outlines, shaded
from communique.web.pages.here import Value, actor, dyad

if TYPE_CHECKING:
    from communique.alignment.standing import Relation, Relations
    from communique.showing.flat import Row
    from communique.showing.page import Cell
    from communique.store import Ties
    from communique.web.pages.names import Named


@dataclass(frozen=True, slots=True)
class Line:
    """An other actor: its name, where the relation is shown, and its scores as `cells` (see `COLUMNS`)."""

    code: str
    name: str
    address: str
    clear: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Partners and adversaries of an actor, the strongest first, and the map; of `unknown` too little is known."""

    code: str
    name: str
    address: str
    partners: tuple[Line, ...]
    adversaries: tuple[Line, ...]
    unknown: int
    rows: tuple[Row, ...]
    map: Picture


DRAWS = 200  # resamples for intervals: a page is to be there at once
COLUMNS = ("deeds toward", "words toward", "positions toward", "back from it", "both ways")


def standing_of(ties: Ties, code: str, named: Named, query: Mapping[str, Value]) -> Standing:
    """Return how the actor stands by its ties with all others."""
    from communique.alignment.standing import relations

    return standing_by(relations(ties, code, DRAWS), code, named, query)


def standing_by(found: Relations, code: str, named: Named, query: Mapping[str, Value]) -> Standing:
    """Return partners and adversaries as lines, rows and a map."""
    both = (*found.partners, *found.adversaries)
    shades = {
        relation.other: Shade(relation.both.score, dyad(code, relation.other, **query), _label(relation, named))
        for relation in both
        if relation.other in outlines()
    }
    strongest = ", ".join(_label(relation, named) for relation in both[:6]) or "no other actor with enough records"
    picture = shaded(
        f"Alignments of {named(code)}", f"The world coloured from hostile to friendly: {strongest}.", shades, code
    )  # fmt: skip
    return Standing(
        code, named(code), actor(code, **query),
        tuple(_line(one, code, named, query) for one in found.partners),
        tuple(_line(one, code, named, query) for one in found.adversaries), found.unknown,
        tuple(_row(one, code, named) for one in both), picture,
    )  # fmt: skip


def _line(relation: Relation, code: str, named: Named, query: Mapping[str, Value]) -> Line:
    scores = (*relation.toward.channels, relation.back.overall, relation.both)
    return Line(
        relation.other, named(relation.other), dyad(code, relation.other, **query), relation.both.clear,
        tuple(map(said.score, scores)),
    )  # fmt: skip


def _row(relation: Relation, code: str, named: Named) -> Row:
    row: Row = {"actor": code, "other": relation.other, "name": named(relation.other)}
    scores = (*relation.toward.channels, relation.back.overall, relation.both)
    for name, score in zip(("deeds", "words", "positions", "back", "both"), scores, strict=True):
        row |= {
            name: score.score, f"{name}_low": score.low, f"{name}_high": score.high, f"{name}_records": score.records,
            f"{name}_reports": score.reports,
        }  # fmt: skip
    return row


def _label(relation: Relation, named: Named) -> str:
    score = relation.both.score
    return f"{named(relation.other)} {score:+.2f}" if score is not None else named(relation.other)
