"""A client of the API that `communique serve` gives.

with Client("http://127.0.0.1:8000") as client:
    for event in client.events(dyad=("RUS", "CHN"), since="2022-02"):
        print(event.type, client.record(event.id).sentence)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import TracebackType
from typing import Any, Literal, TypedDict, Unpack, cast

import httpx
import orjson

from communique.errors import CommuniqueError
from communique.records import (
    Coding,
    Considered,
    Event,
    Position,
    Record,
    Report,
    Span,
    Statement,
    Trace,
    from_dict,
    to_dict,
)

__all__ = ["ApiError", "Client", "Correction", "Filters", "Hit", "ReportLine", "Told"]
Kind = Literal["events", "statements", "positions", "reports"]
Form = Literal["json", "jsonl", "csv", "arrow"]
Action = Literal["accept", "reject", "amend", "add", "withdraw"]
Row = dict[str, str | int | float | None]
_PAGE = 500  # records asked for at once


class ApiError(CommuniqueError):
    """The API said no, or did not answer: `status` is that of HTTP, 0 for no answer; `remedy` says what to do."""

    def __init__(self, message: str, *, status: int = 0, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.status, self.remedy = status, remedy


class Filters(TypedDict, total=False):
    """What is asked for, as `communique show` has it; `dyad` is two codes."""

    actor: str
    dyad: tuple[str, str]
    type: str
    issue: str
    stance: str
    status: str
    since: str
    until: str
    report: str
    min_confidence: float


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report without its text: `characters` is its length, `removed` the number of stretches that are not coded."""

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


@dataclass(frozen=True, slots=True)
class Told:
    """A record, its sentence in the report's words, and why it is there, None where that was not kept."""

    record: Record
    sentence: str
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found; `spans` are the places of the words in `snippet`, `title_spans` those in the title."""

    report: str
    title: str
    published: str
    outlet: str
    snippet: str
    spans: tuple[Span, ...]
    title_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said of a record, as it was kept; `was` is how the record stood, `becomes` how it should be."""

    id: str
    action: Action
    record: str
    report: str
    who: str
    at: str
    coder: str
    note: str
    was: Record | None
    becomes: Record | None


class Client:
    """Asks one server; use it in a `with` block. Everything raises ApiError where the server says no."""

    def __init__(self, url: str = "http://127.0.0.1:8000", token: str = "", *, timeout: float = 120.0) -> None:
        """Connect with nothing yet; `token` is one that the server knows, `timeout` in seconds."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=f"{url.rstrip('/')}/api/v1", headers=headers, timeout=timeout)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def status(self) -> dict[str, Any]:
        """Return what the store holds, in numbers; `state` in it changes whenever the store does."""
        return cast(dict[str, Any], self._get("/status"))

    def events(self, *, limit: int | None = None, **filters: Unpack[Filters]) -> Iterator[Event]:
        """Yield events, the latest published first; pages are fetched as they are needed."""
        return (cast(Event, from_dict(item)) for item in self._items("events", limit, filters))

    def statements(self, *, limit: int | None = None, **filters: Unpack[Filters]) -> Iterator[Statement]:
        """Yield statements, as `events`."""
        return (cast(Statement, from_dict(item)) for item in self._items("statements", limit, filters))

    def positions(self, *, limit: int | None = None, **filters: Unpack[Filters]) -> Iterator[Position]:
        """Yield positions, as `events`."""
        return (cast(Position, from_dict(item)) for item in self._items("positions", limit, filters))

    def reports(self, *, limit: int | None = None, **filters: Unpack[Filters]) -> Iterator[ReportLine]:
        """Yield reports without their texts, the latest first; filters find those with a record that fits."""
        names = [field.name for field in fields(ReportLine)]
        return (ReportLine(**{name: item[name] for name in names}) for item in self._items("reports", limit, filters))

    def files(self, kind: Kind, form: Form, **filters: Unpack[Filters]) -> Iterator[bytes]:
        """Yield what `filters` let through as files of up to 1,000 records: CSV, JSON Lines, Arrow streams."""
        asked: dict[str, str] | None = {**_parameters(filters), "format": form, "limit": "1000"}
        while asked is not None:
            answer = self._ask("GET", f"/{kind}", params=asked)
            yield answer.content
            after = httpx.URL(answer.links["next"]["url"]).params.get("after") if "next" in answer.links else None
            asked = None if after is None else {**asked, "after": after}

    def count(self, kind: Kind, **filters: Unpack[Filters]) -> int:
        """Return how many records or reports there are."""
        return int(self._get(f"/{kind}", {**_parameters(filters), "limit": "1", "total": "true"})["total"])

    def report(self, id: str) -> Coding:
        """Return a report with its text, its records in text order, and why each is there."""
        return _coding(self._get(f"/reports/{_part(id)}"))

    def record(self, id: str) -> Told:
        """Return a record with its sentence and why it is there."""
        found = self._get(f"/records/{_part(id)}")
        trace = _trace(found["trace"]) if found["trace"] else None
        return Told(cast(Record, from_dict(found["record"])), found["sentence"], trace)

    def actor(self, code: str, on: str = "") -> dict[str, Any]:
        """Return who an actor is, who held its offices (those of the day `on`), and how many records it is in."""
        return cast(dict[str, Any], self._get(f"/actors/{_part(code)}", {"on": on} if on else {}))

    def actors(self, query: str, limit: int = 100) -> list[Row]:
        """Return whom the knowledge files know under a code or a name."""
        return cast(list[Row], self._get("/actors", {"q": query, "limit": str(limit)})["rows"])

    def issues(self, query: str = "") -> list[Row]:
        """Return the issues of the catalogue, all or those about something."""
        return cast(list[Row], self._get("/issues", {"q": query})["rows"])

    def align(self, view: str, *actors: str, **asked: str | int | float) -> list[Row]:
        """Return the rows of a view of `communique align`; `asked` are its options: since, until, channel, by, split,
        within, issue, draws, seed, min_confidence, limit."""
        parameters = {"actors": ",".join(actors), **{name: str(value) for name, value in asked.items()}}
        return cast(list[Row], self._get(f"/alignment/{_part(view)}", parameters)["rows"])

    def code(
        self, text: str, *, published: str = "", title: str = "", url: str = "", outlet: str = "",
        min_confidence: float = 0.0,
    ) -> Coding:  # fmt: skip
        """Return what a text gives; nothing is kept."""
        return _coding(self._post("/code", {
            "text": text, "published": published, "title": title, "url": url, "outlet": outlet,
            "min_confidence": min_confidence,
        }))  # fmt: skip

    def search(self, query: str, *, limit: int = 100, since: str = "", until: str = "") -> Iterator[Hit]:
        """Yield reports with these words in title or text, the last published first: `"a phrase"`, `-without`, `begun*`
        and `one OR other` mean what they look like."""
        asked = {"q": query, "since": since, "until": until}
        while limit > 0:
            page = self._get("/search", {**asked, "limit": str(min(limit, 200))})
            for item in page["items"]:
                spans = {name: tuple(map(tuple, item[name])) for name in ("spans", "title_spans")}
                yield Hit(**{**item, **spans})
            if page["next"] is None:
                return
            asked["after"] = page["next"]
            limit -= len(page["items"])

    def correct(
        self, action: Action, record: str = "", *, becomes: Record | None = None, note: str = "", who: str = ""
    ) -> Correction:
        """Accept, reject, amend or add a record, or withdraw what was said of it; return that as it was kept.

        `becomes` is the record as it should be, for amend and add. `who` counts where the page asks for no token.
        """
        plain = None if becomes is None else to_dict(becomes)
        sent = {"action": action, "record": record, "becomes": plain, "note": note, "who": who}
        return _correction(self._post("/corrections", sent))

    def corrections(self, *, report: str = "", record: str = "") -> Iterator[Correction]:
        """Yield the corrections in the order in which they came, of one report or record if it is named."""
        asked = {"report": report, "record": record, "limit": str(_PAGE)}
        while True:
            page = self._get("/corrections", asked)
            yield from map(_correction, page["items"])
            if page["next"] is None:
                return
            asked["after"] = page["next"]

    def _items(self, kind: Kind, limit: int | None, filters: Filters) -> Iterator[dict[str, Any]]:
        asked, left = _parameters(filters), limit
        while left is None or left > 0:
            page = self._get(f"/{kind}", {**asked, "limit": str(_PAGE if left is None else min(left, _PAGE))})
            yield from page["items"]
            if page["next"] is None:
                return
            asked = {**asked, "after": page["next"]}
            left = None if left is None else left - len(page["items"])

    def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        return orjson.loads(self._ask("GET", path, params=dict(parameters or {})).content)

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        json = {"content-type": "application/json"}
        return orjson.loads(self._ask("POST", path, content=orjson.dumps(body), headers=json).content)

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise ApiError(f"No answer from {self._http.base_url.host}: {said}.", remedy="Is it running?") from error
        if answer.is_success:
            return answer
        try:
            problem: Any = orjson.loads(answer.content)
            said, remedy = str(problem["detail"]), str(problem.get("remedy", ""))
        except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):  # something between us and the server
            said, remedy = f"The server answered {answer.status_code} {answer.reason_phrase}.", ""
        raise ApiError(said, status=answer.status_code, remedy=remedy)


def _parameters(filters: Filters) -> dict[str, str]:
    given = {name: value for name, value in filters.items() if value is not None}
    return {name: ",".join(v) if isinstance(v, tuple | list) else str(v) for name, v in given.items()}


def _part(text: str) -> str:
    """Return a text as one part of a path, whatever stands in it."""
    from urllib.parse import quote

    return quote(text, safe="")


def _coding(values: Mapping[str, Any]) -> Coding:
    records = tuple(cast(Record, from_dict(each)) for each in values["records"])
    traces = tuple(_trace(each) for each in values["traces"])
    return Coding(cast(Report, from_dict(values["report"])), records, traces, values["skipped"])


def _correction(values: Mapping[str, Any]) -> Correction:
    records = {n: cast(Record, from_dict(values[n])) if values[n] else None for n in ("was", "becomes")}
    return Correction(**{field.name: values[field.name] for field in fields(Correction)} | records)


def _trace(values: Mapping[str, Any]) -> Trace:
    return Trace(
        values["record"], values["clause"], (values["clause_span"][0], values["clause_span"][1]), values["pattern"],
        values["source"], tuple(values["steps"]), tuple(Considered(**each) for each in values["considered"]),
    )  # fmt: skip
