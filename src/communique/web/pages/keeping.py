"""What was worked out is kept as long as the store stays as it is: who looks at the same page does not wait again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from communique.store import Store
from communique.store.arrow import release_memory

if TYPE_CHECKING:
    from fastapi import Request

T = TypeVar("T")
_LONG = 0.5  # seconds; what takes longer took much memory
_MOST = 48  # whole answers are kept too (web/keeping.py); these are for the downloads of a page


@dataclass(slots=True)
class Kept:
    """Results by what was asked of which state of the store; the ones used least recently go first."""

    most: int = _MOST
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _found: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _making: dict[Hashable, threading.Lock] = field(default_factory=dict)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives for `key`; of several who ask at once, one works and the others wait."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                found: T = self._found[key]
                return found
            own = self._making.setdefault(key, threading.Lock())
        with own:
            with self._lock:
                if key in self._found:
                    return self._found[key]  # type: ignore[no-any-return]
            try:
                began = time.monotonic()
                made = make()
                if time.monotonic() - began > _LONG:
                    release_memory()
                with self._lock:
                    self._found[key] = made
                    while len(self._found) > self.most:
                        self._found.popitem(last=False)
                return made
            finally:
                with self._lock:
                    self._making.pop(key, None)


def kept(request: Request, store: Store, key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` works out from the store, or what it gave before for the same key and state of the store."""
    return _kept_of(request).get((store.version(), key), make)


def _kept_of(request: Request) -> Kept:
    state = request.app.state
    if not hasattr(state, "pages_kept"):
        state.pages_kept = Kept()
    found: Kept = state.pages_kept
    return found
