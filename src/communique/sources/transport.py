"""Connections that reach only where they may and end when their time is up."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from communique.errors import FetchError
from communique.sources.addresses import EVERYWHERE, IPAddress, Network, Reach, network_of


class OutOfReach(FetchError):
    """An address lies in a network that what led to it may not lead to."""


Resolve = Callable[[str], list[IPAddress]]
_NO_POOL = httpx.Limits(max_keepalive_connections=0)  # fetches from one host are seconds apart


def resolve(host: str) -> list[IPAddress]:
    """Return the IP addresses of a host, in the system's order. Raises httpx.ConnectError if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpx.ConnectError(f"no host {host}") from None
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


class Guarded(httpx.BaseTransport):
    """Looks up a host itself, and connects to the very address that it has looked at.

    The reach of a request stands in its extension `reach`. A host that the settings of the system reach through a
    proxy is asked for there, by its name, since often only the proxy can look it up.
    """

    def __init__(self, lookup: Resolve = resolve) -> None:
        self._lookup = lookup
        self._direct = httpx.HTTPTransport(limits=_NO_POOL)
        self._proxies: dict[str, httpx.HTTPTransport] = {}
        self._making = threading.Lock()

    def networks(self, host: str) -> set[Network]:
        """Return the networks of a host's addresses. Raises httpx.ConnectError if it has none."""
        return {network_of(ip) for ip in self._lookup(host)}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reach: Reach = request.extensions.get("reach", EVERYWHERE)
        host = request.url.host
        if (proxy := self._proxy(request.url)) is not None:
            with contextlib.suppress(httpx.ConnectError):
                self._allowed(host, reach)
            return proxy.handle_request(request)
        failed: httpx.ConnectError | None = None
        for ip in self._allowed(host, reach):
            try:
                return self._direct.handle_request(_aimed(request, ip))
            except httpx.ConnectError as error:  # the next of its addresses may listen
                failed = error
        raise failed or httpx.ConnectError(f"no host {host}")

    def close(self) -> None:
        for each in (self._direct, *self._proxies.values()):
            each.close()

    def _allowed(self, host: str, reach: Reach) -> list[IPAddress]:
        found = self._lookup(host)
        allowed = [ip for ip in found if network_of(ip) in reach]
        if found and not allowed:
            raise OutOfReach(
                f"{host} is an address of this machine or of a private network, which what comes from outside may not "
                "lead to. If you want that, set COMMUNIQUE_WEB_PRIVATE=true."
            )
        return allowed

    def _proxy(self, url: httpx.URL) -> httpx.HTTPTransport | None:
        address = urllib.request.getproxies().get(url.scheme)
        if not address or urllib.request.proxy_bypass(url.host):
            return None
        with self._making:
            if address not in self._proxies:
                whole = address if "://" in address else f"http://{address}"
                self._proxies[address] = httpx.HTTPTransport(proxy=whole, limits=_NO_POOL)
            return self._proxies[address]


def _aimed(request: httpx.Request, ip: IPAddress) -> httpx.Request:
    """Return `request` to the address `ip`. The host's name stays in its header, and in what TLS checks."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    return httpx.Request(
        request.method, request.url.copy_with(host=str(ip)), headers=request.headers, stream=request.stream,
        extensions=extensions,
    )  # fmt: skip


class Cutter:
    """Cuts a connection at a moment, which no time limit of one reading does: a host can send a byte now and then."""

    def __init__(self) -> None:
        self.cut_off = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the socket in use; httpx calls this at each step of a request (its extension `trace`)."""
        stream = info.get("return_value") if event.endswith((".connect_tcp.complete", ".start_tls.complete")) else None
        if stream is not None:
            with self._lock:
                self._socket = stream.get_extra_info("socket")
            if self.cut_off:
                self.cut()

    def cut(self) -> None:
        """End the connection now, whatever is being waited for."""
        with self._lock:
            self.cut_off = True
            if self._socket is not None:
                with contextlib.suppress(OSError):  # it has ended already
                    # Not the method of a TLS socket, which would take the layer away under who is reading.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    @contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        """Cut once the block has taken so many seconds."""
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
