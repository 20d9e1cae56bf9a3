"""The REST API under /api/v1: one module for each kind of thing that it gives, with a `router`."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of the API."""
    from communique.web.api import alignment, coding, knowing, records, state

    return records.router, knowing.router, alignment.router, coding.router, state.router
