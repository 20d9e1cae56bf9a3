"""Answers are kept as long as the store stays as it is: who asks what was asked before does not wait again.

Between the guard and the app. What takes long is worked out once for all who ask at the same time, a few at a time (of
a large store in a process of its own, beside.py), and those who wait hold neither a thread nor a store; other questions
are answered meanwhile. While reports come in, such an answer is given for some seconds as it was, and made anew for
those who ask next: it is whole, of one moment. The overview says at once what it can, and the rest to who asks again.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from fastapi import Request, Response

from communique import __version__
from communique.errors import CommuniqueError
from communique.store import Store
from communique.web.access import who
from communique.web.paging import format_of
from communique.web.problems import answer
from communique.web.stores import identity_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from communique.web.beside import Beside
    from communique.web.settings import WebSettings

MOST = 64_000_000  # bytes of bodies in all
_AT_ONCE = 1  # long question that is worked on: two would need twice the memory and be ready no sooner
_PAUSE = 1.0  # seconds before the overview of a large store is worked out
_LONG = 1.0  # seconds; what took less is made anew at once
# What follows from more than the address, who asks and the store; or is quick and would only fill the memory.
_NOT_KEPT = ("/static/", "/sign", "/search", "/audit", "/compare", "/corrections", "/api/v1/search", "/api/v1/status",
             "/api/v1/corrections", "/api/v1/openapi.json")  # fmt: skip
_OVERVIEW = "/"
_ARE_LONG = ("/actors/", "/dyads/", "/issues", "/network", "/map", "/index", "/api/v1/alignment/")


@dataclass(slots=True)
class Kept:
    """An answer with the state of the store of which it is, how long it took, and when it was made."""

    version: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    took: float
    at: float = field(default_factory=time.monotonic)

    @property
    def etag(self) -> str:
        return next((value.decode("latin-1") for name, value in self.headers if name == b"etag"), "")


@dataclass(slots=True)
class Answers:
    """The answers that were given last, by what was asked."""

    most: int = MOST
    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, key: str) -> Kept | None:
        """Return what is kept of a question."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: str, answer: Kept) -> None:
        """Keep an answer in the place of the one before, and let those go that were not asked for longest."""
        if (before := self._kept.pop(key, None)) is not None:
            self._size -= len(before.body)
        if len(answer.body) > self.most // 4:
            return
        self._kept[key] = answer
        self._size += len(answer.body)
        while self._size > self.most:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.body)

    @property
    def size(self) -> int:
        """The bytes of all bodies."""
        return self._size


class Versions:
    """Tells which state a store is in, from a connection of its own; for the event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: Store | None = None
        self._identity: object = None
        self._known: tuple[object, str, int] = (None, "", 0)

    def now(self) -> str:
        """Return the store's version. Raises StoreError where there is no store any more."""
        store = self.store()
        changes = store.changes()
        if changes != self._known[0]:
            self._known = changes, store.version(), sum(store.counts().values())
        return self._known[1]

    def records(self) -> int:
        """Return how much the store held when it was looked at last: reports, and what was coded in them."""
        return self._known[2]

    def store(self) -> Store:
        """Return the open store, for questions that take no time. Raises as `now`."""
        identity = identity_of(self._path)
        if self._store is None or identity is None or identity != self._identity:
            self.close()
            self._store, self._identity = Store.open(self._path), identity
        return self._store

    def close(self) -> None:
        self._known = (None, "", 0)
        if self._store is not None:
            self._store.close()
            self._store = None


class Keeping:
    """Answers what is kept, and keeps what the app answers (an ASGI middleware). `made` is told of it."""

    def __init__(
        self, app: ASGIApp, answers: Answers, versions: Versions, started: str, settings: WebSettings, beside: Beside,
        made: Callable[[ASGIApp], None],
    ) -> None:  # fmt: skip
        made(self)
        self._settings, self._beside = settings, beside
        self._app, self._answers, self._versions, self._started = app, answers, versions, started
        self._making: dict[str, asyncio.Future[Kept]] = {}
        self._coming: dict[str, asyncio.Future[Kept]] = {}  # for those who ask next, by what was asked
        self._turn: asyncio.Semaphore | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(_NOT_KEPT):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            version = self._versions.now()
        except (CommuniqueError, OSError):  # the app says what is wrong
            await self._app(scope, receive, send)
            return
        key = self._key(request)
        kept = self._answers.get(key)
        if kept is None or kept.version != version:
            if kept is not None and self._may_be_stale(scope, kept):
                self._later(key, scope)
            elif scope["path"] != _OVERVIEW:
                kept = await self._made(key, version, scope)
            elif (kept := await self._soon(key, version, scope)) is None:
                await self._app({**scope, "state": {**scope["state"], "at_once": True}}, receive, send)
                return
        await self._give(request, kept)(scope, receive, send)

    async def _soon(self, key: str, version: str, scope: Scope) -> Kept | None:
        """Return the overview where it is there within the settings' patience; else it is made for who asks again."""
        # Of a large store it takes seconds: nobody waits for nothing, and what is said at once comes first.
        coming = self._later(key, scope, _PAUSE if self._is_beside() else 0.0)
        await asyncio.wait({coming}, timeout=0 if self._is_beside() else self._settings.patience)
        return coming.result() if coming.done() and coming.result().version == version else None

    def _is_beside(self) -> bool:
        return self._settings.beside is not None and self._versions.records() > self._settings.beside

    def _may_be_stale(self, scope: Scope, kept: Kept) -> bool:
        """Whether an answer of a moment ago is given, and a new one made for those who ask next."""
        stale = self._settings.stale if scope["path"] != _OVERVIEW else 0  # that says at once how much there is
        return bool(stale) and _is_long(scope) and _LONG < kept.took > time.monotonic() - kept.at - stale

    def _key(self, request: Request) -> str:
        asked = (
            who(request).name, who(request).may_write, request.url.path, request.url.query,
            # What a browser and a program say that they accept differs much, and tells the forms of the API apart only.
            format_of(request).value if request.url.path.startswith("/api/") else "",
        )  # fmt: skip
        return hashlib.sha256(repr(asked).encode("utf-8", "replace")).hexdigest()

    def _give(self, request: Request, kept: Kept) -> Response:
        """Return an answer of its own: what is sent gets headers that are for one asker."""
        given = request.headers.get("if-none-match", "")
        if kept.status == 200 and (given.strip() == "*" or kept.etag in (one.strip() for one in given.split(","))):
            return Response(status_code=304, headers={"etag": kept.etag})
        again = Response(kept.body, kept.status)
        again.raw_headers = list(kept.headers)
        return again

    async def _made(self, key: str, version: str, scope: Scope) -> Kept:
        """Return what the app answers; of several who ask at once, one has it worked out."""
        own = f"{key} {version}"
        if (there := self._making.get(own)) is not None:
            return await asyncio.shield(there)
        made = self._making[own] = asyncio.ensure_future(self._ask(key, version, scope))
        made.add_done_callback(lambda _: self._making.pop(own, None))
        return await asyncio.shield(made)  # who goes away does not end it for the others

    async def _ask(self, key: str, version: str, scope: Scope) -> Kept:
        if self._turn is None:  # made within the loop that will use it
            self._turn = asyncio.Semaphore(_AT_ONCE)
        began = time.monotonic()  # who waits for a turn waits for the answer
        # The overview of a small store is made beside what takes long: with each commit it would be in the way again.
        waits = self._is_beside() if scope["path"] == _OVERVIEW else _is_long(scope)
        async with self._turn if waits else nullcontext():
            made = await self._answer(key, version, scope)
        made.took = time.monotonic() - began
        if made.status == 200 and not any(name == b"refresh" for name, _ in made.headers):
            self._answers.put(key, made)
        return made

    async def _answer(self, key: str, version: str, scope: Scope) -> Kept:
        asked = _without_condition(scope)
        if _is_long(scope) and self._is_beside():
            answered = await self._beside.ask(asked) or await asked_of(_ended, asked)
        else:
            answered = await asked_of(self._app, asked)
        status, headers, body = answered
        if status == 200 and not any(name == b"etag" for name, _ in headers):
            about = f"{key} {version} {__version__} {self._started}"
            headers.append((b"etag", f'W/"{hashlib.sha256(about.encode()).hexdigest()[:32]}"'.encode()))
        return Kept(version, status, headers, body, 0.0)

    def _later(self, key: str, scope: Scope, pause: float = 0.0) -> asyncio.Future[Kept]:
        """Have an answer made, after a pause of some seconds, for those who ask next.

        One is made at a time of what is asked, whatever comes in meanwhile: with each commit there would else be one
        more that takes long, and others would wait for all of them.
        """
        if (there := self._coming.get(key)) is not None:
            return there

        async def made() -> Kept:
            await asyncio.sleep(pause)
            return await self._made(key, self._versions.now(), scope)

        def done(making: asyncio.Future[Kept]) -> None:
            self._coming.pop(key, None)
            if not making.cancelled():
                making.exception()  # whoever asks next is told

        making = self._coming[key] = asyncio.ensure_future(made())
        making.add_done_callback(done)
        return making


def _is_long(scope: Scope) -> bool:
    """Whether what is asked may take long to work out."""
    return scope["path"] == _OVERVIEW or bool(scope["path"].startswith(_ARE_LONG))


async def _ended(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer for the process that ended before it had the answer."""
    said = "What this page needs could not be worked out: memory ran out. Ask for fewer days, or try again."
    await answer(Request(scope), 503, said)(scope, receive, send)


async def asked_of(app: ASGIApp, scope: Scope) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, headers and body of what an app answers to a request without a body."""
    status, headers, body = 500, list[tuple[bytes, bytes]](), bytearray()
    sent = False
    never: Callable[[], Awaitable[Message]] = asyncio.Event().wait  # type: ignore[assignment]

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return await never()
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    return status, headers, bytes(body)


def _without_condition(scope: Scope) -> Scope:
    """Return a request for the whole answer, whoever has it already."""
    headers = [each for each in scope["headers"] if each[0] not in (b"if-none-match", b"if-modified-since", b"range")]
    return {**scope, "headers": headers, "state": dict(cast(dict[str, object], scope.get("state", {})))}
