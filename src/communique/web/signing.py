"""Signing in with a token, and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from communique.web.access import COOKIE, SIGN_IN, SIGN_OUT, SentForm
from communique.web.settings import WebSettings
from communique.web.templating import render
from communique.web.tokens import SESSION

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the page shows: where it leads to after, and whether a wrong token was given."""

    next: str
    wrong: bool = False


@router.get(SIGN_IN)
def ask(request: Request, next: str = "/") -> Response:
    """Show the form."""
    return render(request, "sign_in.html", SignIn(_own_path(next)))


@router.post(SIGN_IN)
def sign_in(request: Request, form: SentForm) -> Response:
    """Let who has a token in, and send them to where they wanted to go."""
    settings = cast(WebSettings, request.app.state.settings)
    token, where = str(form.get("token", "")).strip(), _own_path(str(form.get("next", "/")))
    if settings.tokens and settings.tokens.of(token) is None:
        request.app.state.limiter.guessed(request)
        return render(request, "sign_in.html", SignIn(where, wrong=True), status=403)
    answer = RedirectResponse(where, status_code=303)
    if settings.tokens:
        answer.set_cookie(
            COOKIE, settings.tokens.session(token), max_age=SESSION, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
    return answer


@router.post(SIGN_OUT)
def sign_out(form: SentForm) -> Response:
    """Forget who was signed in in this browser."""
    answer = RedirectResponse(SIGN_IN, status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _own_path(next: str) -> str:
    """Return an address of this site, whatever was given: `//other.example` leads elsewhere."""
    own = next.startswith("/") and not next.startswith("//") and "\\" not in next and next.isprintable()
    return next if own else "/"
