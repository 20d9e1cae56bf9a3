"""Pages and their downloads: one function makes what a page shows, and the suffix of the address says in which form."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from fastapi import APIRouter, Response

from communique.errors import unknown
from communique.showing import flat
from communique.web.pages.here import SUFFIXES, Here, suffix_of
from communique.web.problems import Problem
from communique.web.templating import render

if TYPE_CHECKING:
    from fastapi import Request

    from communique.showing.flat import Row
    from communique.showing.svg import Picture

_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_SCALE = 2.0  # pixels of a PNG for one of the picture


@dataclass(frozen=True, slots=True)
class Table:
    """What a page shows as rows, all with the same names: `name` is that of the download, `title` for people."""

    name: str
    title: str
    rows: tuple[Row, ...]


class Page(Protocol):
    """What every page has."""

    @property
    def here(self) -> Here: ...
    @property
    def title(self) -> str: ...
    @property
    def tables(self) -> tuple[Table, ...]: ...
    @property
    def pictures(self) -> tuple[Picture, ...]: ...


def views(router: APIRouter, path: str, endpoint: Callable[..., Response]) -> None:
    """Let `endpoint` answer for a page and for its downloads, which have a suffix."""
    for suffix in SUFFIXES:
        router.add_api_route(("/index" if path == "/" else path) + suffix, endpoint, methods=["GET"])
    router.add_api_route(path, endpoint, methods=["GET"])


def respond(request: Request, template: str, page: Page) -> Response:
    """Return a page, or what it shows in the form that the address asks for."""
    suffix = suffix_of(request)
    if not suffix:
        return render(request, template, page)
    name = _NAME.sub("-", page.here.path).strip("-") or "overview"
    wanted = request.query_params.get("table", "")
    if suffix in (".svg", ".png"):
        picture = _chosen("chart", wanted, page.pictures, lambda one: one.id)
        body = picture.file.encode() if suffix == ".svg" else picture.png(_SCALE)
        kind = "image/svg+xml" if suffix == ".svg" else "image/png"
        return _file(body, kind, f"{name}{suffix}")
    if suffix == ".csv":
        table = _chosen("table", wanted, page.tables, lambda one: one.name)
        out = io.StringIO()
        if table.rows:
            flat.write_rows(out, list(table.rows[0]), table.rows)
        return _file(out.getvalue().encode("utf-8", "replace"), "text/csv", f"{name}-{table.name}.csv")
    tables = [_chosen("table", wanted, page.tables, lambda one: one.name)] if wanted else page.tables
    lines = (
        orjson.dumps({"table": table.name, **row}, option=orjson.OPT_APPEND_NEWLINE)
        for table in tables
        for row in table.rows
    )
    return _file(b"".join(lines), "application/x-ndjson", f"{name}.jsonl")


def _chosen(what: str, name: str, there: Sequence[Any], name_of: Callable[[Any], str]) -> Any:
    if not there:
        raise Problem(404, f"This page shows no {what} now. Ask with fewer filters.")
    if not name:
        return there[0]
    for one in there:
        if name_of(one) == name:
            return one
    raise Problem(404, unknown(what, name[:80], [name_of(one) for one in there]))


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
