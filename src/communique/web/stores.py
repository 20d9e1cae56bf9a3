"""Open stores that requests borrow: opening one costs more than most questions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from communique.errors import StoreError
from communique.store import Store


@dataclass(slots=True)
class Stores:
    """Up to `most` stores, open for reading, of one folder; a request has one for itself while it asks.

    Who waits for one waits in the event loop and holds no thread, so that those who have one can go on.
    """

    path: Path
    most: int
    _idle: list[tuple[Store, object]] = field(default_factory=list)
    _slots: asyncio.Semaphore | None = None

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[Store]:
        """Give a store that sees one moment: all that is asked in the block fits together."""
        if self._slots is None:  # made within the loop that will use it
            self._slots = asyncio.Semaphore(self.most)
        async with self._slots:
            found = identity_of(self.path)
            while self._idle and self._idle[-1][1] != found:  # the folder is another one by now
                self._idle.pop()[0].close()
            store = self._idle.pop()[0] if self._idle else await run_in_threadpool(Store.open, self.path)
            good = False
            try:
                with store.moment():
                    yield store
                good = True
            except StoreError:
                raise
            except BaseException:
                good = True  # a question that could not be asked harms no store
                raise
            finally:
                if good:
                    self._idle.append((store, found))
                else:
                    store.close()

    def close(self) -> None:
        """Close all that are not lent."""
        while self._idle:
            self._idle.pop()[0].close()


def identity_of(store: Path) -> object:
    """Return what tells a store from one that took its place, None where there is none."""
    with suppress(OSError):
        about = (store / "catalogue.sqlite").stat()
        return about.st_dev, about.st_ino
    return None


async def opened(request: Request) -> AsyncIterator[Store]:
    """Lend an endpoint a store, open for reading, until it has made its answer; it sees one moment of the store."""
    stores: Stores = request.app.state.stores
    async with stores.borrowed() as store:
        yield store


# Given back before the answer is sent: who reads it slowly keeps nobody waiting.
Opened = Annotated[Store, Depends(opened, scope="function")]
