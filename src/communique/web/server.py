"""Running the app: uvicorn, with patience that ends for those who keep a connection and say nothing."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import socket
import sys
from typing import TYPE_CHECKING, cast

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from communique.errors import InputError
from communique.store.arrow import keep_memory_small
from communique.web.app import create_app
from communique.web.knowing import open_early
from communique.web.templating import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from communique.web.settings import WebSettings

_HEAD_SECONDS = 10.0  # until the head of a request is there, from the first byte, or from the connection
_IDLE_SECONDS = 15  # between two requests
_HEAD_BYTES = 32 * 1024
_BACKLOG = 128
_SWITCH = 0.0005  # seconds


class _Patient(H11Protocol):
    """HTTP/1.1 that drops who sends the head of a request too slowly, or reads an answer too slowly."""

    answer_seconds = 60.0
    _late: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._expect_head()
        elif self._late is not None:
            self._late.cancel()
            self._late = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._late, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(_HEAD_SECONDS, self.transport.abort)


def bind(settings: WebSettings) -> socket.socket:
    """Return a socket that listens. Raises InputError where that cannot be: the port is taken, the host is none."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Head and body of an answer are sent apart; without this the body waits 40 ms for the asker to have had the head.
    # Connections have it from here: asyncio sets it only on sockets that say that they are TCP.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((settings.host.strip("[]"), settings.port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise InputError(_why(settings, error)) from None
    return listening


def _why(settings: WebSettings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (f"The port {settings.port} is taken by another program, or another `communique serve`. "
                "Give another one with --port; --port 0 takes a free one.")  # fmt: skip
    if error.errno == errno.EACCES:
        return f"The port {settings.port} is not for ordinary users. Give one above 1023 with --port."
    return f"Cannot listen at {settings.host}: {error.strerror or error}. Give an address of this machine with --host."


def server(settings: WebSettings) -> uvicorn.Server:
    """Return a server for the store. Raises StoreError where there is none."""
    protocol = cast(type[asyncio.Protocol], type("Patient", (_Patient,), {"answer_seconds": settings.answer_seconds}))
    return uvicorn.Server(uvicorn.Config(
        create_app(settings), http=protocol, ws="none", loop="asyncio", lifespan="on", log_level="warning",
        access_log=False, server_header=False, date_header=True, timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=5, limit_concurrency=settings.connections,
        h11_max_incomplete_event_size=_HEAD_BYTES, proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
    ))  # fmt: skip


def _share_time() -> None:
    """Let threads take turns more often: what one waits for in SQLite is there in less than the usual turn of 5 ms."""
    sys.setswitchinterval(_SWITCH)


def _spare_the_collector() -> None:
    """Let the garbage collector look seldom, and not at what stays: pages are many small objects without cycles."""
    keep_memory_small()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def run(settings: WebSettings, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once the app is there. Raises StoreError where there is none."""
    with contextlib.closing(listening), contextlib.suppress(KeyboardInterrupt):
        running = server(settings)
        prepare()
        _spare_the_collector()
        _share_time()
        open_early(cast(FastAPI, running.config.app))
        ready()
        running.run(sockets=[listening])
