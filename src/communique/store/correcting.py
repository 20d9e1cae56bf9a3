"""What a store keeps of what people say of its records, and how that is applied."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique import __version__
from communique.errors import QueryError, unknown
from communique.records import Record, Report
from communique.store.asks import Asks
from communique.store.catalogue import now
from communique.store.corrected import Corrected, correct, known_of
from communique.store.corrections import ACTIONS, Correction, checked, named, record_name
from communique.store.faults import reported
from communique.store.settling import Judged, Standing

if TYPE_CHECKING:
    from communique.store.catalogue import Catalogue
    from communique.store.judgements import Judgements
    from communique.store.looking import Moment

_BY_HAND = 1.0  # confidence of a record that a person wrote


class Correcting(Asks):
    """The part of a `Store` that keeps and applies corrections. They need no writer's lock."""

    if TYPE_CHECKING:
        path: Path
        raw: bool
        _catalogue: Catalogue
        _judgements: Judgements
        _now: Moment | None

        def has(self, report: str) -> bool: ...

        def report(self, report: str) -> Report: ...

        def records(self, ids: Iterable[str]) -> dict[str, Record]: ...

        def coded(self, ids: Iterable[str]) -> dict[str, Record]: ...

    def correct(self, correction: Correction) -> Correction:
        """Keep a correction, whole or not at all, and return it with what it left empty.

        Wanted are `action`, `who`, `record` (but for `add`), and `becomes` for `add` and `amend`. It holds from then on
        for all who ask. Raises QueryError for a record or report that the store has not and for what cannot stand in
        the report, StoreError where it cannot be written.
        """
        whole = self._filled(correction)
        self._judgements.add([whole])
        return whole

    def import_corrections(self, corrections: Iterable[Correction]) -> int:
        """Keep corrections that were made elsewhere, all or none, and return how many are new here.

        Those that the store has already stay once. Of reports that it has not they wait until these are read.
        """
        return self._judgements.add([each if each.id else named(each) for each in corrections])

    def corrections(self, *, report: str | None = None, record: str | None = None) -> list[Correction]:
        """Return the corrections, in the order in which they came; of one report or record, if it is named."""
        return self._judgements.corrections(None if report is None else [report], record)

    def standings(self) -> list[Standing]:
        """Return how each correction stands towards the records as they are coded now, in their order."""
        found = self._applied()
        return list(found.standings) if found else []

    def judged(self) -> list[Judged]:
        """Return the coded records of which somebody said whether they are right, but for those of unread reports."""
        found = self._applied()
        return [judged for each in found.reports.values() for judged in each.judged] if found else []

    def added(self) -> list[Record]:
        """Return the records that were missed and added by hand, and that the coder does not find by now."""
        found = self._applied()
        return [record for each in found.reports.values() for record in each.added] if found else []

    def _corrected(self) -> Corrected | None:
        """Return what questions are to apply; None where that is nothing."""
        if self.raw:
            return None
        found = self._applied()
        return None if found is None or found.changes_nothing else found

    def _applied(self) -> Corrected | None:
        """Return how the corrections apply now, or None where there are none."""
        if self._now is not None:
            return self._now.corrected
        last = self._judgements.last()
        if not last:
            return None
        state = f"{last} {self._parts_state()}"
        return correct(known_of(self.path), state, self._judgements.corrections, self._parts_by_report, self._coded)

    def _last_correction(self) -> int:
        """Return the number of the last correction that is seen."""
        return self._judgements.last()

    def _parts_state(self) -> str:
        with reported(self.path, "read"):
            return " ".join(self._catalogue.live_names())

    def _parts_by_report(self, reports: Iterable[str]) -> dict[str, str]:
        with reported(self.path, "read"):
            return self._catalogue.part_by_report(reports)

    def _coded(self, question: str, reports: Sequence[str]) -> Any:
        return self._ask(question, question, {"among": list(reports)}, reports, raw=True)

    def _filled(self, correction: Correction) -> Correction:
        if correction.action not in ACTIONS:
            raise QueryError(unknown("action", correction.action, ACTIONS))
        if not correction.who.strip():
            raise QueryError("Nobody is named who says so. Give a name or initials, as who.")
        if (correction.becomes is not None) != (correction.action in ("add", "amend")):
            wanted = "needs the record as it should be" if correction.becomes is None else "takes no record"
            raise QueryError(f"The action {correction.action} {wanted}.")
        about = self._missed(correction) if correction.action == "add" else self._said(correction)
        fresh = {"at": correction.at or now(), "coder": correction.coder or __version__, "id": ""}
        return named(dataclasses.replace(about, **fresh))  # type: ignore[arg-type]

    def _said(self, correction: Correction) -> Correction:
        """Return what is said of a record that is there, with the record as it stands."""
        was = self._standing(correction.record)
        becomes = correction.becomes
        if becomes is not None:
            if becomes.kind != was.kind:
                raise QueryError(
                    f"The record {was.id!r} is of the kind {was.kind}, not {becomes.kind}. Reject it, and add another."
                )
            certain = _BY_HAND if becomes.confidence == was.confidence else becomes.confidence
            becomes = checked(dataclasses.replace(becomes, id=was.id, confidence=certain), self.report(was.report))
        return dataclasses.replace(correction, was=was, becomes=becomes, record=was.id, report=was.report)

    def _standing(self, record: str) -> Record:
        """Return the record with this id as readers see it, or one that was rejected as it stood before."""
        if found := self.records([record]) or self.coded([record]):
            before = [each.was for each in self._judgements.corrections(record=record) if each.action == "reject"]
            return before[-1] if before and before[-1] and record not in self.records([record]) else found[record]
        before = [each.was for each in self._judgements.corrections(record=record) if each.was]
        if before and before[-1]:
            return before[-1]
        raise QueryError(f"No record {record!r} in the store {str(self.path)!r}. `communique show` gives the ids.")

    def _missed(self, correction: Correction) -> Correction:
        """Return what is said of a record that was missed, with an id for it."""
        becomes = correction.becomes
        assert becomes is not None
        if not self.has(becomes.report):
            raise QueryError(
                f"No report {becomes.report!r} in the store {str(self.path)!r}, for the record to be added to."
            )
        whole = checked(becomes, self.report(becomes.report))
        if not whole.evidence.sentence and not whole.evidence.trigger and not whole.evidence.content:
            raise QueryError(
                "The record names no words of the report. Give `evidence` with spans of a sentence or trigger."
            )
        whole = dataclasses.replace(whole, confidence=whole.confidence or _BY_HAND)
        whole = dataclasses.replace(whole, id=record_name(whole))
        if self.records([whole.id]):
            raise QueryError(f"The record is there already, as {whole.id!r}.")
        return dataclasses.replace(correction, record=whole.id, becomes=whole, report=whole.report, was=None)
