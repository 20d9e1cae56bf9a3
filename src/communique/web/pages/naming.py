"""The name of who corrects, where no token says it: kept in a cookie so that it need not be written again.

It is no secret, and no right hangs on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from fastapi import Request, Response

_COOKIE, _LONGEST = "communique_name", 80


def name_of(request: Request) -> str:
    """Return the name that was written last, "" for none."""
    return unquote(request.cookies.get(_COOKIE, ""))[:_LONGEST]


def named_answer(answer: Response, known: str, written: str) -> Response:
    """Return the answer, which keeps the name that was written if no token says one (`known`)."""
    if not known and written:
        answer.set_cookie(_COOKIE, quote(written[:_LONGEST], safe=""), samesite="strict", httponly=True)
    return answer
