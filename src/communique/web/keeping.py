"""Answers that take long to work out: one at a time, and kept as long as the store stays as it is."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from communique.store import Store
from communique.web.paging import fresh
from communique.web.stores import Stores

_MOST = 32_000_000  # bytes of bodies in all


@dataclass(slots=True)
class Answers:
    """The answers that were asked for last, by their ETags."""

    most: int = _MOST
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _answers: OrderedDict[str, Response] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, etag: str) -> Response | None:
        found = self._answers.get(etag)
        if found is not None:
            self._answers.move_to_end(etag)
        return found

    def put(self, etag: str, answer: Response) -> None:
        """Keep an answer, and let the oldest go where they are too many."""
        if len(answer.body) > self.most // 4 or etag in self._answers:
            return
        self._answers[etag] = answer
        self._size += len(answer.body)
        while self._size > self.most:
            _, gone = self._answers.popitem(last=False)
            self._size -= len(gone.body)


async def worked_out(request: Request, work: Callable[[Store, dict[str, str]], Response]) -> Response:
    """Return what `work` makes of the store, or what it made when that was asked before.

    `work` gets the store and the headers for its answer, which must follow from the address, who asks and the store
    alone. Other questions are answered meanwhile: who waits holds no store. Raises NotModified for who has the answer.
    """
    stores, kept = cast(Stores, request.app.state.stores), cast(Answers, request.app.state.answers)
    async with stores.borrowed() as store:
        headers = await run_in_threadpool(fresh, request, store)
    if (found := kept.get(headers["etag"])) is not None:
        return _again(found)
    async with kept.turn, stores.borrowed() as store:
        headers = await run_in_threadpool(fresh, request, store)
        if (found := kept.get(headers["etag"])) is None:
            found = await run_in_threadpool(work, store, headers)
            kept.put(headers["etag"], found)
        return _again(found)


def _again(answer: Response) -> Response:
    """Return an answer of its own: what is sent gets headers that are for one asker."""
    again = Response(answer.body, answer.status_code, media_type=answer.media_type)
    again.raw_headers = list(answer.raw_headers)
    return again
