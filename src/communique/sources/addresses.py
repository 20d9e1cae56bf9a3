"""Web addresses: which are ones, how they are written, and which networks one may lead to.

A feed, a redirect or a list comes from outside. Were its addresses fetched as they stand, it could make this program
read files, or ask services on this machine or behind a firewall that trust whoever reaches them. So what an address
leads to may be no nearer than the address that the user gave.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from communique.errors import FetchError

Network = Literal["public", "private", "loopback", "other"]
Reach = frozenset[Network]
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PUBLIC: Reach = frozenset({"public"})
EVERYWHERE: Reach = frozenset({"public", "private", "loopback", "other"})
_LONGEST = 2000  # characters; longer addresses are traps
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_BREAKS = re.compile(r"[\t\r\n]+")  # feeds break long addresses
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f]")
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COUNTERS = ("utm_",)  # parameters that tell a page through which feed it was found, and nothing else


def is_address(text: str) -> bool:
    """Tell whether `text` is meant as a web address."""
    return _ADDRESS.match(text.lstrip()) is not None


def cleaned(address: str, base: str = "") -> str:
    """Return `address`, which may be relative to `base`, as it is fetched and kept: without fragment and counters.

    Raises FetchError for one that is no address of the web: another scheme, no host, a password in it, control
    characters, too long.
    """
    written = _BREAKS.sub("", address.strip()).replace(" ", "%20")
    whole = urljoin(base, written) if base else written
    shown = repr(whole if len(whole) <= 100 else f"{whole[:100]}...")
    try:
        parts = urlsplit(whole)
        host, port = (parts.hostname or "").encode("idna").decode() if parts.hostname else "", parts.port
    except ValueError:  # includes a host that no name can be, and a port that is none
        raise FetchError(f"{shown} is no web address. Check how it is written.") from None
    if parts.scheme not in _PORTS or not host:
        raise FetchError(f"{shown} is no web address: only http:// and https:// are fetched.")
    if "@" in parts.netloc:
        raise FetchError(f"An address of {host} holds a name or password, which would be kept. Leave it out.")
    if len(whole) > _LONGEST or _FORBIDDEN.search(whole):
        raise FetchError(
            f"{shown} is no web address: it is too long or holds control characters. Check how it is written."
        )
    netloc = f"[{host}]" if ":" in host else host.lower()
    if port and port != _PORTS[parts.scheme]:
        netloc += f":{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", _query(parts.query), ""))


def host_of(address: str) -> str:
    """Return scheme, host and port of a cleaned address: what has a robots.txt of its own."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def network_of(ip: IPAddress) -> Network:
    """Return the kind of network that an IP address is of; one that wraps another is of the kind of that one."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return network_of(inner)
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return "other"
    return "public" if ip.is_global else "private"


def is_local_name(host: str) -> bool:
    """Tell whether a host is written so that who wrote it knows in which network it is: an IP address, localhost."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return True


def reach_from(networks: Iterable[Network], *, named: bool = False) -> Reach:
    """Return where an address that the user gave may lead, by the networks that it is of itself.

    A feed on an intranet may lead into the intranet and a feed on this machine to both; none leads to link-local
    addresses, where cloud machines keep their keys, unless it is there itself. A host that is `named` is on this
    machine or link-local only if its owner has made the name mean that, which the user can not have meant.
    """
    found = set(networks) - ({"loopback", "other"} if named else set())
    if "loopback" in found:
        found.add("private")
    return frozenset(found | PUBLIC)


def _query(query: str) -> str:
    if not any(counter in query for counter in _COUNTERS):
        return query
    return urlencode([(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not k.startswith(_COUNTERS)])
