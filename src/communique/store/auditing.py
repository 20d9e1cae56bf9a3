"""Records drawn at random for people to judge, by stratum and seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from communique.errors import QueryError, unknown
from communique.records import Record
from communique.store.asks import Asks
from communique.store.catalogue import now
from communique.store.filters import Filters, parameters
from communique.store.judgements import Draw, Drawn

if TYPE_CHECKING:
    from communique.store.judgements import Judgements

By = Literal["kind", "type", "confidence"]
BY: tuple[By, ...] = get_args(By)
MOST = 10_000  # records of a draw
_ALL = Filters()


class Auditing(Asks):
    """The part of a `Store` that draws records to be judged."""

    if TYPE_CHECKING:
        _judgements: Judgements

        def coded(self, ids: Iterable[str]) -> dict[str, Record]: ...

    def draw(
        self, number: int, *, who: str, seed: int = 0, by: Sequence[By] = BY, filters: Filters = _ALL
    ) -> Draw:  # fmt: skip
        """Draw `number` records as they were coded, keep the draw, and return it.

        Each stratum (kind, type and band of confidence, or what `by` names of these) gives as many as it has of all
        records, at least one where there are enough; the same seed draws the same of the same records. Of `filters`,
        since, until and min_confidence hold. Raises QueryError where there is nothing to draw, StoreError where it
        cannot be kept.
        """
        if not 1 <= number <= MOST:
            raise QueryError(f"{number} records cannot be drawn. Give a number from 1 to {MOST:,}.")
        if not who.strip():
            raise QueryError("Nobody is named who draws. Give a name or initials, as who.")
        for each in by:
            if each not in BY:
                raise QueryError(unknown("stratum", each, BY))
        values = parameters("events", Filters(since=filters.since, until=filters.until,
                                              min_confidence=filters.min_confidence))  # fmt: skip
        values |= {"kind": int("kind" in by), "type": int("type" in by), "confidence_band": int("confidence" in by)}
        values |= {"seed": f"{seed}|"}
        counted = self._ask("strata", "strata", values, raw=True).to_pylist()
        sizes = {row["stratum"]: row["number"] for row in counted}
        if not sizes:
            raise QueryError("There are no records to draw from. Ask with fewer filters, or read reports first.")
        quotas = shares(number, sizes)
        asked = {**values, "names": list(quotas), "quotas": list(quotas.values())}
        rows = self._ask("drawn", "drawn", asked, raw=True).to_pylist()
        records = self.coded([row["id"] for row in rows])
        drawn = tuple(Drawn(records[row["id"]], row["stratum"]) for row in rows)
        at = now()
        name = hashlib.sha256(f"{at}|{seed}|{who}|{[d.record.id for d in drawn]}".encode()).hexdigest()[:16]
        draw = Draw(f"d{name}", seed, who, at, sizes, drawn)
        self._judgements.keep(draw)
        return draw

    def draws(self) -> list[Draw]:
        """Return the draws that were made, the earliest first."""
        return self._judgements.draws()

    def drawn(self, start: str) -> Draw:
        """Return the draw whose id is, or begins with, `start`. Raises QueryError for none and for several."""
        found = [each for each in self._judgements.draws() if start and each.id.startswith(start)]
        if len(found) != 1:
            many = f"{len(found)} draws have" if found else "No draw has"
            raise QueryError(f"{many} an id that begins with {start!r}. `communique audit list` gives the ids.")
        return found[0]


def shares(number: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many of `number` each stratum gives: by its size, one at least where `number` is enough for that."""
    whole = sum(sizes.values())
    number = min(number, whole)
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))
    wanted = {name: number * sizes[name] / whole for name in largest}
    given = {name: max(int(wanted[name]), int(n < number)) for n, name in enumerate(largest)}
    while (left := number - sum(given.values())) != 0:
        if left > 0:  # who is furthest below its share has one more
            given[max((n for n in largest if given[n] < sizes[n]), key=lambda n: wanted[n] - given[n])] += 1
        else:
            given[min((n for n in largest if given[n] > 1), key=lambda n: wanted[n] - given[n])] -= 1
    return {name: n for name, n in given.items() if n}
