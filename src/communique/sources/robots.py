"""What a host asks of robots in its robots.txt, read as RFC 9309 says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from communique.errors import FetchError
from communique.sources.manners import PRODUCT

MOST_BYTES = 512_000  # the RFC asks for no less; what comes after is not read
_KEPT = 24 * 3600.0  # seconds, as the RFC has it
_KEPT_UNREACHED = 600.0  # a host that did not answer is asked again after this time


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host: `delay` in seconds; `unreached` is why robots.txt could not be had, which forbids all."""

    parser: Any = None
    delay: float = 0.0
    unreached: str = ""

    def check(self, address: str, host: str) -> None:
        """Raise FetchError if `address` may not be fetched."""
        if self.unreached:
            raise FetchError(
                f"{host}/robots.txt cannot be had ({self.unreached}), so nothing is fetched there. Try again later.",
                passing=True,
            )
        if self.parser is not None and not self.parser.can_fetch(address, PRODUCT):
            raise FetchError(f"{host}/robots.txt asks robots to leave {address} alone.")


def parse_rules(content: bytes) -> Rules:
    """Return the rules of a robots.txt; lines that make no sense are passed over."""
    from protego import Protego

    parser = Protego.parse(content[:MOST_BYTES].decode("utf-8-sig", errors="ignore"))
    rate = parser.request_rate(PRODUCT)
    paced = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
    return Rules(parser, max(float(parser.crawl_delay(PRODUCT) or 0.0), paced))


class RobotsBook:
    """The rules of the hosts that were asked, kept for a day. Several threads may ask for those of different hosts."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Rules]] = {}
        self._lock = threading.Lock()

    def rules(self, host: str, ask: Callable[[str], Rules]) -> Rules:
        """Return the rules of a host, `https://example.org`, which `ask` fetches where they are not known."""
        with self._lock:
            known = self._known.get(host)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        found = ask(host)
        with self._lock:
            self._known[host] = (time.monotonic() + (_KEPT_UNREACHED if found.unreached else _KEPT), found)
        return found
