"""Corrections: forms of the pages say that a record is right, wrong, should read otherwise, or was missed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from communique.errors import QueryError
from communique.store import Correction
from communique.web.access import SentForm, Writing
from communique.web.knowing import knowledge
from communique.web.pages import proposing
from communique.web.pages.here import report as report_address
from communique.web.pages.naming import named_answer
from communique.web.stores import Opened

router = APIRouter()
_OWN = ("/audit?", "/reports/")


@router.post("/corrections")
def correct(request: Request, store: Opened, form: SentForm, who: Writing) -> Response:
    """Keep a correction and lead back to where it was made. Raises QueryError for what cannot stand."""
    said = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    name = (who.name or said.get("who", "")).strip()[:80]
    if not name:
        raise QueryError("Nobody is named who says so. Write your name or initials into the form.")
    action, note = said.get("action", ""), said.get("note", "").strip()[:2000]
    record = said.get("record", "")
    if action == "add":
        report = store.report(said.get("report", ""))
        made = Correction("add", who=name, note=note, becomes=proposing.missed(report, said, knowledge(request)))
    elif action == "amend":
        becomes = proposing.amended(store.record(record), said, knowledge(request))
        made = Correction("amend", record, name, becomes, note)
    elif action in ("accept", "reject", "withdraw"):
        made = Correction(action, record, name, note=note)  # type: ignore[arg-type]
    else:
        raise QueryError(f"The action {action[:40]!r} is none. Use the buttons of the page.")
    kept = store.correct(made)
    where = report_address(kept.report, "" if action in ("reject", "withdraw") else kept.record)
    back = said.get("back", "")
    own = back.startswith(_OWN) and back.isprintable() and "\\" not in back
    answer = RedirectResponse(back if own else where, status_code=303)
    return named_answer(answer, who.name, name)
