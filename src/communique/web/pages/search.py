"""Search over reports, actors and issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from communique.showing import text as say
from communique.store import Filters
from communique.web.asking import Asked
from communique.web.knowing import knowledge
from communique.web.pages import finding
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.here import Here, actor, here, issue
from communique.web.pages.here import report as report_address
from communique.web.pages.names import Named, named_by
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.knowledge import Knowledge
    from communique.showing.svg import Picture
    from communique.store import Store

router = APIRouter()
_PER_PAGE, _NAMES = 25, 12


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few words around what was found: pieces, each with whether it is what was asked for."""

    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class FoundReport:
    """A report that was found."""

    title: str
    outlet: str
    published: str
    address: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class FoundName:
    """An actor or an issue that was found: name, code or id, what it is, and its page."""

    name: str
    code: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the page shows."""

    here: Here
    title: str
    q: str
    reports: tuple[FoundReport, ...]
    next: str
    missing: int
    actors: tuple[FoundName, ...]
    issues: tuple[FoundName, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()


def page(store: Store, at: Here, q: str, asked: Filters, after: str, known: Knowledge, named: Named) -> SearchPage:
    """Return what is found for `q`."""
    q = q.strip()
    if not q:
        return SearchPage(at, "Search", "", (), "", 0, (), (), ())
    found = finding.reports(store, q, Filters(since=asked.since, until=asked.until), limit=_PER_PAGE, after=after)
    reports = tuple(
        FoundReport(
            say.clean(one.title) or "Untitled", say.clean(one.outlet), say.clean(one.published),
            report_address(one.report), Snippet(tuple((say.clean(words), hit) for words, hit in one.pieces)),
        )
        for one in found.items
    )  # fmt: skip
    actors = _actors(q, known, named)
    issues = tuple(
        FoundName(each.name, each.id, each.support, issue(each.id)) for each in known.issues.search(q)[:_NAMES]
    )
    tables = (
        Table("reports", "Reports", tuple(
            {"report": one.report, "title": one.title, "outlet": one.outlet, "published": one.published,
             "words": "".join(words for words, _ in one.pieces)} for one in found.items)),
        Table("actors", "Actors", tuple({"code": a.code, "name": a.name, "about": a.about} for a in actors)),
        Table("issues", "Issues", tuple({"id": i.code, "name": i.name, "support": i.about} for i in issues)),
    )  # fmt: skip
    return SearchPage(
        at, f"Search: {say.clean(q)}", say.clean(q), reports, at.url(after=found.next) if found.next else "",
        store.unindexed(), actors, issues, tables,
    )  # fmt: skip


def _actors(q: str, known: Knowledge, named: Named) -> tuple[FoundName, ...]:
    """Return the actors of which the knowledge files know under that code or name, each once."""
    found: dict[str, FoundName] = {}
    for row in known.actors.search(q, most=200):
        if row.code and row.code not in found:
            office = f", {row.office.replace('-', ' ')}" if row.office else ""
            about = f"by “{say.clean(row.form)}”{office}" if row.form != named(row.code) else row.kind
            found[row.code] = FoundName(named(row.code), row.code, about, actor(row.code))
    return tuple(found.values())[:_NAMES]


def show(
    request: Request, store: Opened, asked: Asked, q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=400)] = "",
) -> Response:  # fmt: skip
    """Answer with what is found."""
    known = knowledge(request)
    return respond(request, "search.html", page(store, here(request), q, asked, after, known, named_by(known)))


views(router, "/search", show)
