"""Answers in parts and in several forms, and not at all where the asker has them already."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import Depends, Query, Request, Response

from communique import __version__
from communique.records import Record, Report, json_of, to_dict
from communique.showing import flat
from communique.store import ReportSummary, Store
from communique.web.access import who
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.store.paged import Page

Found = Record | ReportSummary


class Format(StrEnum):
    """The forms of an answer."""

    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    arrow = "arrow"


TYPES = {
    Format.json: "application/json",
    Format.jsonl: "application/x-ndjson",
    Format.csv: "text/csv",
    Format.arrow: "application/vnd.apache.arrow.stream",
}
_BY_TYPE = {kind: form for form, kind in TYPES.items()} | {"application/jsonl": Format.jsonl}


def format_of(request: Request, format: Format | None = None) -> Format:
    """Return the form that a request wants: what `format` says, else what Accept likes best, else JSON."""
    if format is not None:
        return format
    best, liked = Format.json, 0.0
    for part in request.headers.get("accept", "").split(",")[:20]:
        kind, *rest = (piece.strip().lower() for piece in part.split(";"))
        weight = next((_weight(piece[2:]) for piece in rest if piece.startswith("q=")), 1.0)
        if kind in _BY_TYPE and weight > liked:
            best, liked = _BY_TYPE[kind], weight
    return best


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


class NotModified(Exception):
    """The asker has the answer already; `etag` is its name."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


async def _form(
    request: Request,
    format: Annotated[
        Format | None, Query(description="The form of the answer; if it is not given, the header Accept says.")
    ] = None,
) -> Format:
    return format_of(request, format)


async def fresh(request: Request, store: Opened) -> dict[str, str]:
    """Return the headers that name an answer: the same as long as neither the store nor the program changes.

    Raises NotModified, before anything is worked out, for who has it already.
    """
    about = (
        store.version(), __version__, request.app.state.started, who(request).name, request.url.path,
        request.url.query, request.headers.get("accept", ""),
    )  # fmt: skip
    etag = f'W/"{hashlib.sha256(repr(about).encode("utf-8", "replace")).hexdigest()[:32]}"'
    given = request.headers.get("if-none-match", "")
    if given.strip() == "*" or etag in (one.strip() for one in given.split(",")):
        raise NotModified(etag)
    return {"etag": etag}


Form = Annotated[Format, Depends(_form)]
Fresh = Annotated[dict[str, str], Depends(fresh, scope="function")]


async def unchanged(request: Request, error: Exception) -> Response:
    """Answer with 304 (the handler of NotModified)."""
    return Response(status_code=304, headers={"etag": error.etag} if isinstance(error, NotModified) else None)


def answer(
    request: Request, store: Store, kind: str, found: Page, form: Format, headers: dict[str, str],
    total: int | None = None,
) -> Response:  # fmt: skip
    """Return a page of records or reports in the form that is wanted.

    Of reports the text is left out of all forms but Arrow and JSON Lines, which lose nothing.
    """
    headers = dict(headers)
    if found.next is not None:
        headers["link"] = f'<{request.url.include_query_params(after=found.next)}>; rel="next"'
    if form is Format.json:
        items = [short(one) for one in found.items]
        body = {"kind": kind, "items": items, "next": found.next, **({} if total is None else {"total": total})}
        return Response(orjson.dumps(body), media_type=TYPES[form], headers=headers)
    return download(kind, encoded(store, kind, found.items, form), form, headers)


def encoded(store: Store, kind: str, items: Sequence[Found], form: Format) -> bytes:
    """Return records or reports as JSON Lines, CSV or Arrow, as the command line prints them."""
    if form is Format.arrow:
        from communique.store.arrow import stream_of

        return stream_of(kind, items)
    if form is Format.csv:
        out = io.StringIO()
        flat.write(out, kind, _flat(store, items))
        return out.getvalue().encode("utf-8", "replace")
    whole = (one.report if isinstance(one, ReportSummary) else one for one in items)
    return b"".join(orjson.dumps(to_dict(one), option=orjson.OPT_APPEND_NEWLINE) for one in whole)


def rows(name: str, found: Sequence[dict[str, Any]], form: Format, headers: dict[str, str]) -> Response:
    """Return flat rows, all with the same names, in the form that is wanted."""
    if form is Format.json:
        return Response(orjson.dumps({"kind": name, "rows": found}), media_type=TYPES[form], headers=headers)
    if form is Format.arrow:
        from communique.store.arrow import stream_of_rows

        return download(name, stream_of_rows(found), form, headers)
    if form is Format.csv:
        out = io.StringIO()
        if found:
            flat.write_rows(out, list(found[0]), found)
        return download(name, out.getvalue().encode("utf-8", "replace"), form, headers)
    lines = (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in found)
    return download(name, b"".join(lines), form, headers)


def download(name: str, body: bytes, form: Format, headers: dict[str, str]) -> Response:
    """Return a file for saving, by a name of ours."""
    saved = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, media_type=TYPES[form], headers={**headers, **saved})


def short(one: Found) -> dict[str, Any] | orjson.Fragment:
    """Return a record as it is, a report without its text and with the numbers of its records."""
    if not isinstance(one, ReportSummary):
        return orjson.Fragment(json_of(one))
    values = to_dict(one.report)
    values["characters"] = len(values.pop("text"))
    values["removed"] = len(values["removed"])
    return {**values, "events": one.events, "statements": one.statements, "positions": one.positions}


def _flat(store: Store, items: Iterable[Found]) -> Iterable[flat.Row]:
    items = list(items)
    reports = store.reports({one.report for one in items if isinstance(one.report, str)})
    for one in items:
        if isinstance(one, ReportSummary):
            counts = {"events": one.events, "statements": one.statements, "positions": one.positions}
            yield flat.report_row(one.report, counts)
        else:
            yield flat.row(one, reports.get(one.report) or Report(id=one.report, text=""))
