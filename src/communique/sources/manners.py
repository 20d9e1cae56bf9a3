"""How the program behaves towards the services that it asks: its name, whom it asks again, and when."""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from tenacity.wait import wait_base

from communique import __version__

PRODUCT = "communique"  # the name that a robots.txt may address
BUSY = frozenset({429, 500, 502, 503, 504})


def agent(about: str) -> str:
    """Return the name by which the program goes, with what a host may want to know of it: whom to write to."""
    return f"{PRODUCT}/{__version__} ({about})" if about else f"{PRODUCT}/{__version__}"


def passing(error: BaseException) -> bool:
    """Tell whether a failure may pass by itself; where nobody listens, waiting does not help."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in BUSY
    return isinstance(error, httpx.TransportError) and not isinstance(
        error, httpx.ConnectError | httpx.UnsupportedProtocol
    )


def asked_wait(response: httpx.Response) -> float | None:
    """Return for how many seconds a host asks to be left alone (Retry-After); None if it does not say."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(min(int(said), 10**9))
    try:
        until = email.utils.parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


class Asked(wait_base):
    """Wait as long as the service asks for, else as `growing` says; never longer than `longest` seconds."""

    def __init__(self, growing: Callable[[Any], float], longest: float) -> None:
        self._growing, self._longest = growing, longest

    def __call__(self, retry_state: Any) -> float:
        error = retry_state.outcome.exception()
        asked = asked_wait(error.response) if isinstance(error, httpx.HTTPStatusError) else None
        return min(float(self._growing(retry_state)) if asked is None else asked, self._longest)
