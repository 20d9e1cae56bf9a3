"""Corrections: forms of the pages say that a record is right, wrong, should read otherwise, or was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from communique.errors import QueryError
from communique.store import Correction
from communique.web.access import SentForm, Writing
from communique.web.correcting import keep, no_record, no_report
from communique.web.knowing import knowledge
from communique.web.pages import proposing
from communique.web.pages.here import report as report_address
from communique.web.pages.naming import named_answer
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.knowledge import Knowledge
    from communique.records import Coding, Span
    from communique.store import Store

router = APIRouter()
_OWN = ("/audit?", "/reports/")


@router.post("/corrections")
def correct(request: Request, store: Opened, form: SentForm, who: Writing) -> Response:
    """Keep a correction and lead back to where it was made. Raises QueryError for what cannot stand."""
    said = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    name = (who.name or said.get("who", "")).strip()[:80]
    if not name:
        raise QueryError("Nobody is named who says so. Write your name or initials into the form.")
    kept = keep(store, _made(store, said, name, knowledge(request)))
    action = kept.action
    where = report_address(kept.report, "" if action in ("reject", "withdraw") else kept.record)
    back = said.get("back", "")
    own = back.startswith(_OWN) and back.isprintable() and "\\" not in back
    answer = RedirectResponse(back if own else where, status_code=303)
    return named_answer(answer, who.name, name)


def _made(store: Store, said: dict[str, str], name: str, known: Knowledge) -> Correction:
    action, note, record = said.get("action", ""), said.get("note", "").strip()[:2000], said.get("record", "")
    if action == "add":
        coding = _coding(store, said.get("report", ""))
        becomes = proposing.missed(coding.report, said, known, _sentences(coding))
        return Correction("add", who=name, note=note, becomes=becomes)
    if action == "amend":
        was = store.records([record]).get(record)
        if was is None:
            raise no_record(record)
        coding = _coding(store, was.report)
        becomes = proposing.amended(was, coding.report, said, known, _sentences(coding))
        return Correction("amend", record, name, becomes, note)
    if action in ("accept", "reject", "withdraw"):
        return Correction(action, record, name, note=note)  # type: ignore[arg-type]
    raise QueryError(f"The action {action[:40]!r} is none. Use the buttons of the page.")


def _coding(store: Store, report: str) -> Coding:
    if not store.has(report):
        raise no_report(report)
    return store.coding(report)


def _sentences(coding: Coding) -> list[Span]:
    return [span for record in coding.records for span in record.evidence.sentence]
