"""The app: pages, API and static files over one store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from communique import __version__
from communique.store import Store
from communique.web import api, pages, problems, signing
from communique.web.access import Guard
from communique.web.beside import Beside
from communique.web.coding import Coders
from communique.web.keeping import Answers, Keeping, Versions
from communique.web.limiting import Limiter
from communique.web.paging import NotModified, unchanged
from communique.web.settings import WebSettings
from communique.web.stores import Opened, Stores, opened
from communique.web.working_ahead import Ahead

__all__ = ["Opened", "WebSettings", "create_app", "opened"]
_STATIC = Path(__file__).parent / "static"


def create_app(settings: WebSettings, *, started: str = "", guarded: bool = True) -> FastAPI:
    """Return the app. Raises StoreError where there is no store that can be read.

    `started` tells servers apart, for the names of their answers. Without the guard it is for requests that passed one.
    """
    Store.open(settings.store).close()
    app = FastAPI(
        title="communique", version=__version__, lifespan=_living, docs_url=None, redoc_url=None,
        openapi_url="/api/v1/openapi.json", redirect_slashes=False,
        description="Events, statements and positions of a store, each with the words that prove it.",
    )  # fmt: skip
    app.state.settings, app.state.store_path = settings, settings.store
    app.state.stores = Stores(settings.store, settings.readers)
    app.state.limiter = Limiter(settings)
    app.state.started, app.state.knowledge = started or str(time.time_ns()), None
    app.state.versions = Versions(settings.store)
    app.state.coders = Coders(settings.coder, settings.code_seconds)
    app.state.ahead = Ahead(app, settings.store)
    app.state.beside = Beside(settings, app.state.started)
    if guarded:
        app.add_middleware(
            Keeping, answers=Answers(), versions=app.state.versions, started=app.state.started, settings=settings,
            beside=app.state.beside, made=app.state.ahead.behind_guard,
        )  # fmt: skip
        app.add_middleware(Guard, settings=settings, limiter=app.state.limiter)
    problems.install(app)
    app.add_exception_handler(NotModified, unchanged)
    for router in api.routers():
        app.include_router(router, prefix="/api/v1")
    for router in (signing.router, *pages.routers()):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    ahead = asyncio.ensure_future(app.state.ahead.run()) if app.state.settings.ahead else None
    yield
    if ahead is not None:
        ahead.cancel()
        with suppress(asyncio.CancelledError):
            await ahead
    app.state.stores.close()
    app.state.versions.close()
    app.state.coders.close()
    app.state.beside.kill()
