"""The shapes of answers and of what is sent, as OpenAPI tells them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from communique.records import Event, Position, Report, Statement, Trace
from communique.web.problems import ProblemBody

ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ProblemBody, "content": {"application/problem+json": {}}, "description": said}
    for code, said in (
        (400, "What is asked for cannot be asked."), (401, "A token is needed."),
        (422, "A parameter cannot be read."), (429, "Too often."), (503, "The store cannot be read."),
    )
}  # fmt: skip
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "As `If-None-Match` names it; nothing is sent."}}
NOWHERE: dict[int | str, dict[str, Any]] = {
    404: {"model": ProblemBody, "content": {"application/problem+json": {}}, "description": "There is no such thing."}
}
REFUSED: dict[int | str, dict[str, Any]] = {
    code: {"model": ProblemBody, "content": {"application/problem+json": {}}, "description": said}
    for code, said in (
        (403, "This token may not write, or the request comes from another site."), (413, "Too large."),
        (415, "Not JSON."),
    )
}  # fmt: skip
FORMS: dict[str, Any] = {
    "application/x-ndjson": {"schema": {"type": "string"}},
    "text/csv": {"schema": {"type": "string"}},
    "application/vnd.apache.arrow.stream": {"schema": {"type": "string", "format": "binary"}},
}
LINES: dict[str, Any] = {"application/x-ndjson": {"schema": {"type": "string"}}}


class Listed(BaseModel):
    """A page of a list: `next` is the cursor of the one after it, null at the end; `total` is there if asked for."""

    next: str | None
    total: int | None = None


class Events(Listed):
    kind: Literal["events"]
    items: list[Event]


class Statements(Listed):
    kind: Literal["statements"]
    items: list[Statement]


class Positions(Listed):
    kind: Literal["positions"]
    items: list[Position]


class ReportLine(BaseModel):
    """A report without its text: `characters` is its length, `removed` the number of stretches that are not coded."""

    kind: Literal["report"]
    id: str
    title: str
    url: str
    outlet: str
    published: str
    language: str
    characters: int
    removed: int
    events: int
    statements: int
    positions: int


class Reports(Listed):
    kind: Literal["reports"]
    items: list[ReportLine]


class WholeReport(BaseModel):
    """A report with its records in text order, and why each is there; `skipped` says why there are none."""

    report: Report
    records: list[Event | Statement | Position]
    traces: list[Trace]
    skipped: str = ""


class Told(BaseModel):
    """A record, its sentence in the report's words, and why it is there; `trace` is null where that was not kept."""

    record: Event | Statement | Position
    sentence: str
    trace: Trace | None


class Rows(BaseModel):
    """Flat rows, all with the same names."""

    kind: str
    rows: list[dict[str, str | int | float | None]]


class Text(BaseModel):
    """A text to be coded, and what is known of it; `published` is a day (YYYY-MM-DD)."""

    text: str = Field(min_length=1)
    published: str = Field("", max_length=40)
    title: str = Field("", max_length=1000)
    url: str = Field("", max_length=2000)
    outlet: str = Field("", max_length=200)
    min_confidence: float = Field(0.0, ge=0, le=1)
