"""The pages: one module each, with a `router` and a typed frozen object that its template gets."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of all pages."""
    from communique.web.pages import (
        actor,
        audit,
        compare,
        corrections,
        dyad,
        issue,
        issues,
        map,
        network,
        overview,
        report,
        reports,
        search,
    )

    modules = (overview, reports, report, actor, dyad, issues, issue, network, map, search, corrections, audit, compare)
    return tuple(module.router for module in modules)
