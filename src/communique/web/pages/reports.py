"""The list of reports, newest first, and what each gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from communique.showing import flat
from communique.showing import text as say
from communique.store import ReportSummary
from communique.web.asking import After, Asked
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.finding import title_of
from communique.web.pages.here import Here, here
from communique.web.pages.here import report as report_address
from communique.web.pages.keeping import kept
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.svg import Picture
    from communique.store import Filters, Store

router = APIRouter()
_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in a list."""

    id: str
    title: str
    outlet: str
    published: str
    events: int
    statements: int
    positions: int
    address: str


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """What the page shows; `total` counts all reports that the filters let through, `next` leads on."""

    here: Here
    title: str
    reports: tuple[ReportLine, ...]
    total: int
    next: str
    first: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()


def line(found: ReportSummary) -> ReportLine:
    """Return a report as a line of a list."""
    report = found.report
    title = title_of(report)
    return ReportLine(
        report.id, title, say.clean(report.outlet), say.clean(report.published), found.events, found.statements,
        found.positions, report_address(report.id),
    )  # fmt: skip


def row(found: ReportSummary) -> flat.Row:
    """Return a report as a row of a table."""
    counts = {"events": found.events, "statements": found.statements, "positions": found.positions}
    return flat.report_row(found.report, counts)


def page(store: Store, at: Here, asked: Filters, limit: int, after: str | None) -> ReportsPage:
    """Return one page of the list."""
    found = store.page("reports", asked, limit=limit, after=after or None)
    items = tuple(one for one in found.items if isinstance(one, ReportSummary))
    return ReportsPage(
        at, "Reports", tuple(map(line, items)), store.count("reports", asked),
        at.url(after=found.next) if found.next else "", at.url(after="") if after else "",
        (Table("reports", "Reports", tuple(map(row, items))),),
    )  # fmt: skip


def show(
    request: Request, store: Opened, asked: Asked, after: After = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = _PER_PAGE,
) -> Response:  # fmt: skip
    """Answer with the list of reports."""
    asked = replace(asked, report=None, limit=None)
    made = kept(
        request,
        store,
        ("reports", here(request), limit, after),
        lambda: page(store, here(request), asked, limit, after),
    )
    return respond(request, "reports.html", made)


views(router, "/reports", show)
