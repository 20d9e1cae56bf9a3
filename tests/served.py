"""A real server on loopback, in a thread of the tests, over a store of made-up reports."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

import factories
from communique.store import Store
from communique.web.server import bind, server
from communique.web.settings import WebSettings
from communique.web.tokens import read_tokens

READ, WRITE = "reading-" + "r" * 24, "writing-" + "w" * 24
REPORTS = 60


@dataclass(frozen=True, slots=True)
class Site:
    """A server that runs: where it is, and what it was told."""

    url: str
    port: int
    settings: WebSettings

    def client(self, **more: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, **more)  # type: ignore[arg-type]


def make_store(folder: Path, reports: int = REPORTS) -> Path:
    """Make a store of that many reports and return its folder."""
    with Store.create(folder) as store:
        store.writer.add([factories.coding(n) for n in range(reports)])
    return folder


class _Faults(logging.Handler):
    """Keeps what a server complains of as an error: an exception that nobody caught."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(logging.Formatter().format(record))


@contextlib.contextmanager
def serving(store: Path, *, tokens: bool = False, **changes: object) -> Iterator[Site]:
    """Serve a store at a free port until the block ends."""
    known = read_tokens(None, {"COMMUNIQUE_READ_TOKEN": READ, "COMMUNIQUE_WRITE_TOKEN": WRITE} if tokens else {})
    settings = replace(WebSettings(store, port=0, tokens=known, patience=60, stale=0), **changes)  # type: ignore[arg-type]
    listening = bind(settings)
    port = listening.getsockname()[1]
    running = server(settings)
    said = _Faults()
    logging.getLogger("uvicorn.error").addHandler(said)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not running.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield Site(f"http://127.0.0.1:{port}", port, settings)
    finally:
        running.should_exit = True
        thread.join(20)
        listening.close()
        logging.getLogger("uvicorn.error").removeHandler(said)
        assert said.told == []
        assert not thread.is_alive(), "the server did not end"
