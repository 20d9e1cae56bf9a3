"""Coding a text that somebody sends: in a process of its own, which a hostile text may bring to a stop and no more."""

from __future__ import annotations

import pickle
import subprocess
import threading
from typing import Any

from communique.engines.children import end_of, send, start
from communique.errors import CommuniqueError
from communique.records import Coding, Failure
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.web.problems import Problem

_LOADING = 120.0  # seconds that a new process may take before its first answer
_WAITING = 8  # texts that may wait for the one that is being coded


class Coders:
    """One process that codes, started with the first text; the next text starts another if it was ended."""

    def __init__(self, settings: Settings, seconds: float) -> None:
        self._settings, self._seconds = settings, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._waiting = threading.BoundedSemaphore(_WAITING)

    def code(self, item: RawItem) -> Coding:
        """Return what a text gives. Raises Problem for one that cannot be read, takes too long, or comes at a bad time,
        and what `communique.load` raises."""
        if not self._waiting.acquire(blocking=False):
            raise Problem(503, "Too many texts wait to be coded. Send it again in a minute.", {"retry-after": "60"})
        try:
            with self._turn:
                answer = self._ask(item)
        finally:
            self._waiting.release()
        if isinstance(answer, CommuniqueError):
            raise answer
        if isinstance(answer, Failure):
            raise Problem(422, answer.cause)
        if not isinstance(answer, Coding):
            raise Problem(500, "The text could not be coded. Send it with `communique code` to see why.")
        return answer

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            end_of(process)

    def _ask(self, item: RawItem) -> Any:
        process, seconds = self._process, self._seconds
        if process is None or process.poll() is not None:
            process, seconds = start("communique.web.coding_worker"), seconds + _LOADING
            self._process = process
            send(process, self._settings)
        late = threading.Timer(seconds, process.kill)
        late.daemon = True
        late.start()
        try:
            send(process, item)
            return pickle.load(process.stdout)  # type: ignore[arg-type] # only ever what our own process wrote
        except (EOFError, OSError, pickle.UnpicklingError):
            self.close()
            raise Problem(
                503, f"Coding the text took more than {self._seconds:.0f} s, or memory ran out. Send less at once."
            ) from None
        finally:
            late.cancel()
