"""What takes long is worked out in a process of its own: there it takes neither the server's memory nor its time.

The process is started with the first such question, and ended some time after the last one; what it needed is then
given back as a whole. It has the server's app without what guards it (beside_worker.py).
"""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import threading
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool

from communique.engines.children import end_of, send, start

if TYPE_CHECKING:
    from starlette.types import Scope

    from communique.web.settings import WebSettings

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""
_REST = 30.0  # seconds without a question after which the process ends
_ASKED = ("type", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path", "headers",
          "client", "server")  # fmt: skip


class Beside:
    """The process, for one event loop. `started` names the server, as its answers do."""

    def __init__(self, settings: WebSettings, started: str) -> None:
        self._settings, self._started = settings, started
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._rest: asyncio.TimerHandle | None = None

    async def ask(self, scope: Scope) -> Answer | None:
        """Return what the app answers to a request that has passed the guard and has no body.

        None where the process ended before it had the answer: memory ran out, or somebody killed it.
        """
        if self._rest is not None:
            self._rest.cancel()
        asked = {name: scope[name] for name in _ASKED} | {"state": {"who": scope["state"]["who"]}}
        try:
            return await run_in_threadpool(self._ask, asked)
        finally:
            self._rest = asyncio.get_running_loop().call_later(_REST, self.close)

    def close(self) -> None:
        """End the process, unless it is at work again."""
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()

    def kill(self) -> None:
        """End the process, whatever it works on."""
        if self._rest is not None:
            self._rest.cancel()
        if (process := self._process) is not None:
            process.kill()
        with self._turn:  # who waits for it has been told
            self._end()

    def _ask(self, asked: Scope) -> Answer | None:
        with self._turn:
            process = self._process
            if process is None or process.poll() is not None:
                self._end()
                process = self._process = start("communique.web.beside_worker")
                send(process, (self._settings, self._started))
            send(process, asked)
            try:
                answer: Answer = pickle.load(process.stdout)  # type: ignore[arg-type] # only what our own process wrote
                return answer
            except (EOFError, OSError, pickle.UnpicklingError):
                self._end()
                return None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            end_of(process)
