"""The REST API under /api/v1: one module for each kind of thing that it gives, with a `router`."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of the API."""
    from communique.web.api import alignment, coding, corrections, knowing, records, searching, state

    return (
        records.router,
        knowing.router,
        alignment.router,
        searching.router,
        coding.router,
        corrections.router,
        state.router,
    )
