"""Ctrl-C, heard in a way that loses nothing: once to stop, twice to stop at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any


class Stop:
    """Whether the user asked to stop. Used as a context, it hears Ctrl-C for as long as that lasts.

    The first Ctrl-C only sets `asked`, so that what is begun can be finished; while the program waits for a source
    (`waiting`), and for every further one, KeyboardInterrupt is raised, but never within `whole`. Where a program has a
    handler of its own for Ctrl-C, that decides, and only `whole` puts it off.
    """

    def __init__(self, heard: Callable[[], None] = lambda: None) -> None:
        self.asked = False
        self._heard = heard
        self._waiting = self._whole = False
        self._late: list[int] = []
        self._before: Any = None

    def __enter__(self) -> Stop:
        main = threading.current_thread() is threading.main_thread()  # signals come to the main thread only
        if main and callable(signal.getsignal(signal.SIGINT)):
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While the block runs, which may take long and holds nothing that counts, Ctrl-C is obeyed at once."""
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Run the block to its end, whatever is pressed."""
        self._whole = True
        try:
            yield
        finally:
            self._whole = False
        late, self._late = self._late, []
        for number in late:
            self._obey(number, None)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._whole:
            self._late.append(number)
        else:
            self._obey(number, frame)

    def _obey(self, number: int, frame: FrameType | None) -> None:
        if self._before is not signal.default_int_handler:
            self._before(number, frame)
            return
        again, self.asked = self.asked, True
        if again or self._waiting:
            raise KeyboardInterrupt
        self._heard()
