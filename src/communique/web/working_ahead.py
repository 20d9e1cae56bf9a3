"""Work before somebody asks: the readers' index is kept up to date, and what is likely asked is worked out."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fastapi.concurrency import run_in_threadpool

from communique.errors import CommuniqueError
from communique.store import Filters, Store
from communique.web.keeping import Versions, asked_of
from communique.web.pages.here import actor, dyad, issue
from communique.web.tokens import Who

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.types import ASGIApp

_FIRST_LOOK = 4.0  # seconds after the start: the first page comes first
_LOOK = 1.0  # between two looks at the store
_AGAIN = 30.0  # seconds that the store must be as it is before what changed is worked out again
_FIRST = ("/", "/reports", "/network", "/issues", "/map")
_ACTORS, _DYADS, _ISSUES = 24, 24, 24


class Ahead:
    """Does so for one app, as long as it runs."""

    def __init__(self, app: FastAPI, store: Path) -> None:
        self._app, self._path = app, store
        self._asked: ASGIApp | None = None
        self._indexing: subprocess.Popen[bytes] | None = None
        self._given_up = ""  # the state of the store in which no index could be made

    def behind_guard(self, asked: ASGIApp) -> None:
        """Hear which part of the app answers what nobody asked, and keeps it."""
        self._asked = asked

    async def run(self) -> None:
        """Look after the store until it is cancelled."""
        try:
            await asyncio.sleep(_FIRST_LOOK)
            worked_out = ""
            seen, since = "", 0.0
            while True:
                with suppress(CommuniqueError, OSError):
                    version, behind = self._look()
                    now = asyncio.get_running_loop().time()
                    if version != seen:
                        seen, since = version, now
                    if behind:
                        self._index()
                    elif version != worked_out and (not worked_out or now - since > _AGAIN):
                        await self._work_out(version)
                        worked_out = version
                await asyncio.sleep(_LOOK)
        finally:
            self.close()

    def close(self) -> None:
        """End what works beside us; what it has done stays."""
        process, self._indexing = self._indexing, None
        if process is not None:
            process.kill()
            process.wait()

    def _look(self) -> tuple[str, bool]:
        """Return the store's state, and whether its index is behind and may still be brought up to date."""
        versions: Versions = self._app.state.versions
        version = versions.now()
        if self._indexing is not None:
            if (status := self._indexing.poll()) is None:
                return version, True
            self._indexing = None
            if status:
                self._given_up = version
        return version, not versions.store().is_indexed() and version != self._given_up

    def _index(self) -> None:
        """Have the index brought up to date in a process of its own: it is work for minutes where much came in."""
        if self._indexing is None:
            self._indexing = subprocess.Popen(
                [sys.executable, "-P", "-m", "communique", "index", "--store", str(self._path), "--quiet"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    async def _work_out(self, version: str) -> None:
        for address in (*_FIRST, *await run_in_threadpool(self._likely)):
            if self._app.state.versions.now() != version:
                return
            if self._asked is not None:
                with suppress(Exception):  # whoever asks is told what is wrong
                    await asked_of(self._asked, self._request(address))

    def _likely(self) -> list[str]:
        with Store.open(self._path) as store:
            return list(likely(store))

    def _request(self, address: str) -> dict[str, object]:
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": unquote(address), "raw_path": address.encode(), "query_string": b"", "root_path": "",
            "app": self._app,
            "headers": [(b"host", b"localhost"), (b"accept", b"text/html")], "client": ("127.0.0.1", 0),
            "server": ("localhost", 80), "state": {"who": Who("", may_write=True)},
        }  # fmt: skip


def likely(store: Store) -> Iterator[str]:
    """Yield the addresses of the actors, pairs of actors and issues of which a store has most records."""
    actors = store.frequent("actor", _ACTORS)
    yield from map(actor, actors)
    pairs = [(store.extent(Filters(dyad=pair)).records, pair) for pair in combinations(actors[: _DYADS // 2], 2)]
    pairs.sort(key=lambda each: -each[0])
    for number, (one, other) in pairs[:_DYADS]:
        if number:
            yield dyad(one, other)
    yield from map(issue, store.frequent("issue", _ISSUES))
