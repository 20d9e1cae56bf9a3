"""Records of a store by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from communique.errors import QueryError
from communique.records import Record, Trace
from communique.store.filters import Filters, parameters
from communique.store.looking import Looking
from communique.store.paged import NO_PLACE
from communique.store.rows import to_records, to_traces
from communique.store.shapes import RECORD_KINDS

if TYPE_CHECKING:
    from communique.store.corrections import Correction

_ALL = Filters()


class ById(Looking):
    """The part of a `Store` that gives records, and why they are there, by id."""

    if TYPE_CHECKING:

        def corrections(self, *, report: str | None = None, record: str | None = None) -> list[Correction]: ...

    def record(self, record: str) -> Record:
        """Return the record with this id. Raises QueryError when there is none."""
        if found := self.records([record]):
            return found[record]
        raise QueryError(f"No record {record!r} in the store {str(self.path)!r}. `communique show` gives their ids.")

    def records(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return the records with these ids, by id; ids that the store has not are left out."""
        return self._records(ids, raw=False)

    def coded(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return the records with these ids as they were coded, whatever was corrected; otherwise as `records`."""
        return self._records(ids, raw=True)

    def _records(self, ids: Iterable[str], *, raw: bool) -> dict[str, Record]:
        wanted = list(dict.fromkeys(ids))
        if (looked_up := self._records_looked_up(wanted, raw=raw)) is not None:
            return looked_up
        found: dict[str, Record] = {}
        # The first letter of the coder's ids says the kind; of others all kinds are looked through.
        for kind in sorted(RECORD_KINDS, key=lambda kind: kind[:1] != wanted[0][:1]) if wanted else ():
            if len(found) < len(wanted):
                asked = {**parameters(kind, _ALL), "ids": wanted, "from_day": None, **NO_PLACE}
                days = self._ask(f"{kind}_places", "events_places", asked, raw=raw).column("published").to_pylist()
                if days:
                    table = self._ask(
                        f"{kind}_page", f"{kind}_page", {"each_day": sorted(set(days)), "each_id": wanted}, raw=raw
                    )
                    found |= {record.id: record for record in to_records(kind, table)}
        return found

    def trace(self, record: str) -> Trace:
        """Return why the record with this id is there. Raises QueryError when the store has no such record."""
        if (looked_up := self._trace_looked_up(record)) is not None:
            return looked_up
        for found in to_traces(self._ask("traces", "traces", {"id": record, "report": None})):
            return found
        self.record(record)  # says so when there is no such record
        if any(each.action == "add" for each in self.corrections(record=record)):
            raise QueryError(f"The record {record!r} was added by hand: there is no trace of how it came about.")
        raise QueryError(f"The record {record!r} was stored without its trace. Read its report into a new store.")
