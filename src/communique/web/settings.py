"""How the page is served: which store, to whom, and within which limits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from communique.settings import Settings
from communique.web.tokens import NONE, Tokens


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What `communique serve` is told. Sizes are in bytes or, of text, in characters; times in seconds.

    `others` are stores that the page compares with this one. `names` are host names under which the page is reached
    besides those of this machine, as behind a reverse proxy; `rate` limits how often one reader may ask, empty for
    no limit; `reading`, `writing` and `coding` are such limits in the form "600/minute". `ahead`: keep the readers'
    index up to date, and work out what is likely asked before it is; `patience`: how long the overview waits for what
    takes longer; `stale`: how long a page that took seconds to make is given once the store has changed. `beside`: of a
    store of more records than that, what takes long is worked out in a process of its own; None: of no store.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    tokens: Tokens = NONE
    coder: Settings = field(default_factory=Settings)
    proxies: tuple[str, ...] = ()
    others: tuple[Path, ...] = ()
    max_body: int = 2_000_000
    max_query: int = 8_000
    max_text: int = 100_000
    reading: str = ""
    writing: str = "240/minute"
    coding: str = "60/minute"
    guesses: str = "10/minute"
    body_seconds: float = 20.0
    answer_seconds: float = 60.0
    code_seconds: float = 60.0
    connections: int = 512
    readers: int = 8
    ahead: bool = False
    patience: float = 0.25
    stale: float = 20.0
    beside: int | None = 50_000

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach the page."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Return whether a host, a name or an address, is this machine and reached from nowhere else."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
