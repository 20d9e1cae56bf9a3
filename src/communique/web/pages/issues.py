"""All issues: who holds what on which, as a matrix."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from communique.showing.moving import signed
from communique.showing.svg import step
from communique.store import Filters
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.here import Here, actor, general, here, issue
from communique.web.pages.keeping import kept
from communique.web.pages.names import Named, named_by
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
_LEAN = 0.05  # of the scale: a stance nearer to nought is neither for nor against


@dataclass(frozen=True, slots=True)
class Cell:
    """What an actor holds on an issue: the stance from -1 to 1, as text and as a class of colour, and its records."""

    stance: float
    text: str
    step: str
    records: int


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue: its address, what to support it means, how many actors are for and against, and on how many records."""

    id: str
    name: str
    support: str
    address: str
    supporters: int
    opponents: int
    records: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class IssuesPage:
    """What the page shows: a line for each issue, a column for each of the actors with most records."""

    here: Here
    title: str
    actors: tuple[tuple[str, str, str], ...]
    lines: tuple[IssueLine, ...]
    rest: int
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()


def page(store: Store, at: Here, asked: Filters, columns: int, named: Named) -> IssuesPage:
    """Return the matrix of stances."""
    from communique.alignment.views import Asked as Question
    from communique.alignment.views import held

    rows = [dict(row) for row in held(store, Question(filters=general(asked), draws=0))]
    amount: Counter[str] = Counter()
    by_issue: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        amount[str(row["actor"])] += int(row["records"] or 0)
        by_issue[str(row["issue"])][str(row["actor"])] = row
    shown = [code for code, _ in sorted(amount.items(), key=lambda pair: (-pair[1], pair[0]))[:columns]]
    lines = [_line(id_, told, shown, named, at) for id_, told in by_issue.items()]
    lines.sort(key=lambda line: (-line.records, line.name))
    table = tuple({"issue": row["issue"], "name": named.issue(str(row["issue"])), **row} for row in rows)
    return IssuesPage(
        at, "Issues", tuple((code, named(code), actor(code, **at.shared)) for code in shown), tuple(lines),
        max(0, len(amount) - len(shown)), (Table("issues", "Who holds what", table),),
    )  # fmt: skip


def _line(identifier: str, told: dict[str, Row], shown: Sequence[str], named: Named, at: Here) -> IssueLine:
    stances = [float(row["stance"] or 0) for row in told.values()]
    known = named.known.issues.get(identifier)
    return IssueLine(
        identifier, named.issue(identifier), known.support if known else "", issue(identifier, **at.shared),
        sum(stance > _LEAN for stance in stances), sum(stance < -_LEAN for stance in stances),
        sum(int(row["records"] or 0) for row in told.values()),
        tuple(_cell(told[code]) if code in told else None for code in shown),
    )  # fmt: skip


def _cell(row: Row) -> Cell:
    stance = float(row["stance"] or 0)
    return Cell(stance, signed(stance), step(stance), int(row["records"] or 0))


def show(request: Request, store: Opened, asked: Asked, columns: Annotated[int, Query(ge=1, le=40)] = 8) -> Response:
    """Answer with all issues."""
    at, named = here(request), named_by(knowledge(request))
    made = kept(request, store, ("issues", at), lambda: page(store, at, asked, columns, named))
    return respond(request, "issues.html", made)


views(router, "/issues", show)
