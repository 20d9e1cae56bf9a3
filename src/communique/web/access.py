"""Who may do what: everything that a request must pass before any of our code answers it.

In this order: the name that it came by (DNS rebinding), how often it comes, its size, where it comes from (cross-site
requests), who sends it. What passes has `request.state.who`; headers that tell browsers what they may do are put on
each answer.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from communique.web.problems import API, Problem, answer, wants_page
from communique.web.tokens import Who

if TYPE_CHECKING:
    from fastapi import Response
    from starlette.datastructures import FormData
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from communique.web.limiting import Limiter
    from communique.web.settings import WebSettings

COOKIE = "communique"
SIGN_IN, SIGN_OUT, STATIC = "/sign-in", "/sign-out", "/static/"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_READERS_POST = (f"{API}v1/code",)  # it works something out and changes nothing
_SIGN_IN_BODY = 8_000
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?")
_FIELDS = 400  # of a form
_HEAD = 32_000  # bytes of all headers; the server's own limit lets pass what comes in one piece
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With no-referrer, browsers would send forms of our own with the origin null.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_OWN = {name.encode(): value.encode() for name, value in _HEADERS.items()}


def who(request: Request) -> Who:
    """Return who asks; where no token is needed, somebody without a name who may write."""
    return cast(Who, getattr(request.state, "who", Who()))


def form_token(request: Request) -> str:
    """Return the value of the hidden field `form_token` that each form of ours has to carry."""
    return cast("WebSettings", request.app.state.settings).tokens.form_token()


async def sent_form(request: Request) -> FormData:
    """Return the form that one of our pages has sent. Raises Problem for a form that is not from one."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORMS:
        raise Problem(415, "This address takes forms. Send it as a page of this site does.")
    form = await request.form(max_files=4, max_fields=_FIELDS)
    tokens = cast("WebSettings", request.app.state.settings).tokens
    if not tokens.is_form_token(str(form.get("form_token", ""))):
        raise Problem(403, "The form is too old, or from another site. Load the page again and send it once more.")
    return form


def writer(request: Request) -> Who:
    """Return who asks. Raises Problem where they may not write."""
    asking = who(request)
    if not asking.may_write:
        raise Problem(403, "This token may read, not write. Ask whoever runs the page for one that may write.")
    return asking


async def _who(request: Request) -> Who:  # not in a thread, which would cost more
    return who(request)


Asking = Annotated[Who, Depends(_who)]
Writing = Annotated[Who, Depends(writer)]
SentForm = Annotated["FormData", Depends(sent_form)]


class Guard:
    """Lets through what may pass, and answers the rest itself (an ASGI middleware)."""

    def __init__(self, app: ASGIApp, settings: WebSettings, limiter: Limiter) -> None:
        self._app, self._settings = app, settings
        self._names = _own_names(settings)
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sending = _with_headers(scope, send)
        request = Request(scope, receive)
        refused = self._refused(request)
        if refused is None and request.method not in _SAFE:
            try:
                receive, refused = await self._whole(request)
            except ClientDisconnect:
                return
        if refused is not None:
            await refused(scope, receive, sending)
            return
        # The server leaves the body of an answer to HEAD out.
        asked = {**scope, "method": "GET"} if request.method == "HEAD" else scope
        await self._app(asked, receive, sending)

    def _refused(self, request: Request) -> Response | None:
        """Return why a request may not pass, as an answer; None if it may."""
        try:
            _check_size(request, self._settings)
            _check_host(request, self._names)
            self._identify(request)
            if request.method not in _SAFE:
                _check_origin(request)
                _check_kind(request)
                if request.url.path not in (SIGN_IN, SIGN_OUT, *_READERS_POST):
                    writer(request)
            self._limiter.check(request, who(request))
        except Problem as problem:
            if problem.status == 401 and wants_page(request.url.path, request.headers.get("accept", "")):
                return _to_sign_in(request)
            return answer(request, problem.status, str(problem), problem.headers)
        return None

    def _identify(self, request: Request) -> None:
        tokens = self._settings.tokens
        if not tokens:
            request.state.who = Who("", may_write=True)
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        found = None
        if scheme:
            self._limiter.may_guess(request)
            found = tokens.of(given.strip()) if scheme.lower() == "bearer" else None
            if found is None:
                self._limiter.guessed(request)
        elif session := request.cookies.get(COOKIE):
            found = tokens.signed_in(session)
        path = request.url.path
        if found is None and path != SIGN_IN and not path.startswith(STATIC):
            raise Problem(401, "This page asks for a token. Send it as `Authorization: Bearer TOKEN`, or sign in with "
                          "it at /sign-in.", {"www-authenticate": 'Bearer realm="communique"'})  # fmt: skip
        request.state.who = found or Who()

    async def _whole(self, request: Request) -> tuple[Receive, Response | None]:
        """Return a `receive` that gives the body, which has come whole; or an answer if it is too large or too slow."""
        most = _SIGN_IN_BODY if request.url.path == SIGN_IN else self._settings.max_body
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                async for chunk in request.stream():
                    size += len(chunk)
                    if size > most:
                        return request.receive, answer(request, 413, _too_large(most), {"connection": "close"})
                    chunks.append(chunk)
        except TimeoutError:
            late = "The request did not come in time. Send it again over a faster line."
            return request.receive, answer(request, 408, late, {"connection": "close"})
        return _given(b"".join(chunks), request.receive), None


def _given(body: bytes, after: Receive) -> Receive:
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return left.pop() if left else await after()

    return receive


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [each for each in message.get("headers", ()) if each[0] not in _OWN]
            message["headers"] = [*own, *_OWN.items()]
            headers = MutableHeaders(scope=message)
            headers.setdefault("cache-control", "private, no-cache")
            headers.add_vary_header("Accept, Authorization, Cookie")
        await send(message)

    return sending


def _check_size(request: Request, settings: WebSettings) -> None:
    if len(request.scope["query_string"]) > settings.max_query or len(request.scope["path"]) > settings.max_query:
        raise Problem(414, "The address is too long. Ask with fewer filters.")
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise Problem(400, "The address holds a character that no text has (U+0000). Leave it out.")
    if sum(len(name) + len(value) for name, value in request.scope["headers"]) > _HEAD:
        raise Problem(431, "The request has too much in its headers. Send fewer, or shorter ones.")
    length = request.headers.get("content-length", "0")
    if not length.isdecimal():
        raise Problem(400, "The length of the request is no number. Send it with a right Content-Length.")
    if len(length) > 15 or int(length) > settings.max_body:
        raise Problem(413, _too_large(settings.max_body), {"connection": "close"})


def _too_large(most: int) -> str:
    return f"The request holds more than {most:,} bytes. Send less at once."


def _check_host(request: Request, names: frozenset[str]) -> None:
    """A site whose name was made to lead here must not be answered: its scripts would read what we say."""
    hosts = Headers(scope=request.scope).getlist("host")
    name = _name_of(hosts[0]) if len(hosts) == 1 else ""
    if name not in names and not _is_address(name):
        raise Problem(421, f"This page has not the name {name[:80]!r}. Start it with --name to give it that one.")


def _check_origin(request: Request) -> None:
    """A page of another site may not change anything here, whatever the browser would send along."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    own = origin is None or origin.partition("://")[2].lower() == request.headers.get("host", "").lower()
    if site not in ("same-origin", "none") or not own:
        raise Problem(403, "This comes from another site. Use the pages of this one, or send it without a browser.")


def _check_kind(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.url.path.startswith(API) and kind != "application/json":
        raise Problem(415, "The API takes JSON. Send it with `Content-Type: application/json`.")


def _own_names(settings: WebSettings) -> frozenset[str]:
    import socket

    host = settings.host.strip("[]").lower()
    found = {"localhost", host, *(name.strip().lower() for name in settings.names)}
    if not settings.is_local:
        found |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    return frozenset(found - {""})


def _name_of(host: str) -> str:
    """Return the name or address of a Host header, without its port; nothing for what is no such header."""
    found = _HOST.fullmatch(host.strip().lower())
    return (found[1] or found[2]).removesuffix(".") if found else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _to_sign_in(request: Request) -> Response:
    from urllib.parse import urlencode

    from fastapi.responses import RedirectResponse

    query = f"?{request.url.query}" if request.url.query else ""
    back = f"{request.url.path}{query}" if request.method in _SAFE else "/"
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': back})}", status_code=303)
