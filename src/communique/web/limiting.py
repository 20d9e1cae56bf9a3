"""How often somebody may ask: by name where tokens are needed, else by address."""

from __future__ import annotations

import ipaddress
import math
import time
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from communique.web.problems import Problem

if TYPE_CHECKING:
    from fastapi import Request

    from communique.web.settings import WebSettings
    from communique.web.tokens import Who

_CODING = "/api/v1/code"


class Limiter:
    """Counts requests over sliding windows, in memory."""

    def __init__(self, settings: WebSettings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._reading = parse(settings.reading) if settings.reading else None
        self._writing, self._coding = parse(settings.writing), parse(settings.coding)
        self._guesses = parse(settings.guesses)

    def check(self, request: Request, who: Who) -> None:
        """Count a request. Raises Problem (429), which says when to come again, for one too many."""
        key = who.name or _address(request)
        if request.method in ("GET", "HEAD", "OPTIONS"):
            self._hit(self._reading, "read", key)
        elif request.url.path == "/sign-in":
            self.may_guess(request)
        else:
            coding = request.url.path == _CODING
            self._hit(self._coding if coding else self._writing, "code" if coding else "write", key)

    def may_guess(self, request: Request) -> None:
        """Raises Problem for an address from which too many wrong tokens came."""
        if not self._limiter.test(self._guesses, "guess", _address(request)):
            raise self._too_often(self._guesses, "guess", _address(request))

    def guessed(self, request: Request) -> None:
        """Count a wrong token."""
        self._limiter.hit(self._guesses, "guess", _address(request))

    def _hit(self, limit: RateLimitItem | None, what: str, key: str) -> None:
        if limit is not None and not self._limiter.hit(limit, what, key):
            raise self._too_often(limit, what, key)

    def _too_often(self, limit: RateLimitItem, what: str, key: str) -> Problem:
        until = self._limiter.get_window_stats(limit, what, key).reset_time
        wait = max(1, math.ceil(until - time.time()))
        return Problem(429, f"That is more than {limit}. Ask again in {wait} s.", {"retry-after": str(wait)})


def _address(request: Request) -> str:
    """Return what counts as one place on the net: an address of IPv4, a network of IPv6."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
