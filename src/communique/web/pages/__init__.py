"""The pages: one module each, with a `router` and a typed frozen object that its template gets."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of all pages."""
    return ()
