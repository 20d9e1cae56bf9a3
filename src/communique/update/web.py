"""Asking a service politely: a name of our own, few tries, the waits that it asks for, one clear error."""

from __future__ import annotations

from typing import Any

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from communique.errors import UpdateError
from communique.sources.manners import Asked, agent, passing

_TRIES = 5
_LONGEST_WAIT = 60.0  # seconds; a service that asks for more is given up


class Web:
    """A client of one run; use it as a context manager."""

    def __init__(self, *, timeout: float = 90.0, patience: float = 1.0) -> None:
        """`timeout` is in seconds for one answer; `patience` scales the waits between tries (tests make it small)."""
        self._client = httpx.Client(
            headers={"User-Agent": agent("event coder; knowledge update")}, timeout=timeout, follow_redirects=True
        )
        self._patience = patience

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def query(self, url: str, sparql: str) -> list[dict[str, str]]:
        """Return the rows that a SPARQL service gives, each a mapping from variable to value.

        Raises UpdateError if it does not answer, or with something else.
        """
        response = self._get(url, params={"query": sparql, "format": "json"})
        try:
            bindings = response.json()["results"]["bindings"]
            return [{name: str(cell["value"]) for name, cell in row.items()} for row in bindings]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UpdateError(
                f"{url} answered with something that is no SPARQL result. Check the address; nothing was changed."
            ) from None

    def download(self, url: str) -> bytes:
        """Return the content of a file; raises UpdateError if it cannot be had."""
        return self._get(url).content

    def _get(self, url: str, **arguments: Any) -> httpx.Response:
        longest = _LONGEST_WAIT * self._patience
        tries = Retrying(
            stop=stop_after_attempt(_TRIES), retry=retry_if_exception(passing),
            wait=Asked(wait_random_exponential(self._patience, longest), longest), reraise=True,
        )  # fmt: skip
        try:
            return tries(self._once, url, **arguments)
        except httpx.HTTPStatusError as error:
            code = error.response.status_code
            raise UpdateError(f"{url} answered {code}. Try again later; nothing was changed.") from None
        except httpx.HTTPError as error:
            what = str(error) or type(error).__name__
            raise UpdateError(f"No answer from {url} ({what}). Is there a network? Nothing was changed.") from None

    def _once(self, url: str, **arguments: Any) -> httpx.Response:
        response = self._client.get(url, **arguments)
        response.raise_for_status()
        return response
