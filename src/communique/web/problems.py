"""Errors as answers: problem+json (RFC 9457) for programs, a page for people; both say what to do next."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from communique.errors import CommuniqueError, InputError, QueryError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

API = "/api/"
_OPTION = re.compile(r"--([a-z][a-z-]+)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`/])")


class Problem(CommuniqueError):
    """An error with the status that HTTP has for it; the message is written for people, as of all our errors."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}


class ProblemBody(BaseModel):
    """What an error says: `title` and `status` are HTTP's, `detail` what is wrong, `remedy` what to do about it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    remedy: str = ""
    instance: str = ""


_REMEDIES = {
    404: "There is nothing at this address. /api/v1/openapi.json lists what the API has, / leads to all pages.",
    405: "This address is not asked in that way. /api/v1/openapi.json says which ways there are.",
}


def install(app: FastAPI) -> None:
    """Let every error of the app become an answer."""
    app.add_exception_handler(CommuniqueError, _of_ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(Exception, _of_bug)


def status_of(error: CommuniqueError) -> int:
    """Return the status for an error of ours."""
    if isinstance(error, Problem):
        return error.status
    if isinstance(error, QueryError):
        return 400
    return 422 if isinstance(error, InputError) else 503


def body_of(status: int, message: str, instance: str = "") -> ProblemBody:
    """Return a problem; of the message, what comes after its first sentence is the remedy."""
    first, *rest = _SENTENCE.split(" ".join(message.split()))
    return ProblemBody(
        title=HTTPStatus(status).phrase, status=status, detail=first, remedy=" ".join(rest), instance=instance
    )


def wants_page(path: str, accept: str) -> bool:
    """Return whether an error is to be told to a person in a browser."""
    return not path.startswith(API) and "text/html" in accept


def answer(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return a problem in the form that suits who asked."""
    body = body_of(status, message, request.url.path)
    if wants_page(request.url.path, request.headers.get("accept", "")):
        from communique.web.templating import render

        return render(request, "error.html", body, status=status, headers=headers)
    return JSONResponse(
        body.model_dump(), status_code=status, headers=headers, media_type="application/problem+json"
    )  # fmt: skip


async def _of_ours(request: Request, error: Exception) -> Response:
    if isinstance(error, Problem):
        return answer(request, error.status, str(error), error.headers)
    status = status_of(error) if isinstance(error, CommuniqueError) else 500
    return answer(request, status, _for_the_web(str(error), request.app.state.store_path))


def _for_the_web(message: str, store: Path) -> str:
    """Return a message that was written for the command line without its dashes, and without paths of the server."""
    for name in {str(store), str(store.absolute())}:
        message = message.replace(f"the store {name!r}", "the store").replace(repr(name), "the store")
        message = message.replace(name, "the store") if len(name) > 3 else message
    return _OPTION.sub(r"\1", message)


async def _of_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = _REMEDIES.get(status) or (str(error.detail) if isinstance(error, HTTPException) else "")
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return answer(request, status, said, headers)


async def _of_request(request: Request, error: Exception) -> Response:
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    return answer(request, 422, " ".join(map(_said, wrong[:5])))


async def _of_bug(request: Request, error: Exception) -> Response:
    # Nothing that may itself be at fault is asked here, and the guard, which puts headers on answers, is passed by.
    body = body_of(500, "This is a fault of communique's. What went wrong stands in what the server printed.")
    headers = {"content-security-policy": "default-src 'none'", "x-content-type-options": "nosniff"}
    return JSONResponse(body.model_dump(), 500, headers, "application/problem+json")


def _said(error: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0])
    return f"{where[:80]!r} cannot be read: {str(error['msg'])[:200]}."
