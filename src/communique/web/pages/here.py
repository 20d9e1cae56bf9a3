"""Addresses of pages: each view has one, with its filters in the query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from communique.store import Filters

if TYPE_CHECKING:
    from fastapi import Request

Value = str | int | float | None
SUFFIXES = (".csv", ".jsonl", ".svg", ".png")
_SHARED = ("since", "until", "min_confidence")


def address(path: Iterable[str], **query: Value) -> str:
    """Return the address of a page: parts of its path as they are, and its query without what is empty."""
    whole = "/" + "/".join(quote(part, safe="") for part in path)
    asked = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return f"{whole}?{asked}" if asked else whole


def report(identifier: str, record: str = "") -> str:
    """Return the address of a report, or of a record in it."""
    return address(("reports", identifier)) + (f"#r-{quote(record, safe='')}" if record else "")


def actor(code: str, **query: Value) -> str:
    """Return the address of an actor's page."""
    return address(("actors", code), **query)


def dyad(one: str, other: str, **query: Value) -> str:
    """Return the address of the page of two actors."""
    return address(("dyads", one, other), **query)


def issue(identifier: str, **query: Value) -> str:
    """Return the address of an issue's page."""
    return address(("issues", identifier), **query)


@dataclass(frozen=True, slots=True)
class Here:
    """Where a page is: its path, without the suffix of a download, and its query."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return what the query says of `name`, "" for nothing."""
        return dict(self.query).get(name, "")

    def url(self, suffix: str = "", **changes: Value) -> str:
        """Return the address of this page with changes to its query; an empty value takes one out."""
        query = dict(self.query) | {name: str(value or "") for name, value in changes.items()}
        asked = urlencode({name: value for name, value in query.items() if value})
        path = "/index" if suffix and self.path == "/" else self.path
        return f"{path}{suffix}?{asked}" if asked else f"{path}{suffix}"

    @property
    def shared(self) -> dict[str, Value]:
        """The filters that hold on every page, for links to other pages."""
        return {name: value for name in _SHARED if (value := self.get(name))}

    @property
    def names(self) -> tuple[str, ...]:
        """What the query speaks of."""
        return tuple(name for name, value in self.query if value)

    def without(self, names: Iterable[str]) -> str:
        """Return the address of this page with these taken out of its query."""
        return self.url(**dict.fromkeys(names, ""))

    @property
    def filtered(self) -> bool:
        """Whether the query asks for less than everything."""
        return any(value for _, value in self.query)


def here(request: Request) -> Here:
    """Return where a request leads."""
    path = request.url.path
    suffix = suffix_of(request)
    path = path[: len(path) - len(suffix)] if suffix else path
    path = "/" if path == "/index" else "/" + "/".join(quote(part, safe="") for part in path.split("/")[1:])
    query = tuple((name, value) for name, value in request.query_params.items() if name != "table" and value)
    return Here(path, query)


def suffix_of(request: Request) -> str:
    """Return the suffix of the download that a request asks for, "" for the page itself."""
    route: str = getattr(request.scope.get("route"), "path", "")
    return next((suffix for suffix in SUFFIXES if route.endswith(suffix)), "")


def general(asked: Filters) -> Filters:
    """Return those filters that hold for whatever is worked out: days and confidence."""
    return Filters(since=asked.since, until=asked.until, min_confidence=asked.min_confidence)
