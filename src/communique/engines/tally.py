"""What became of the inputs, counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from communique.records import Failure

_NAMED = 1000  # failures that are held in memory; the ledger of the store has them all


@dataclass
class Tally:
    """How many reports were kept, how many were there already, and how many inputs failed.

    `skipped` counts those of the kept that were not coded, as nothing here reads their language. `failures` holds the
    first thousand of those that failed.
    """

    kept: int = 0
    there: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)
    skipped: int = 0

    def fail(self, failures: Iterable[Failure]) -> None:
        """Count failures."""
        for failure in failures:
            self.failed += 1
            if len(self.failures) < _NAMED:
                self.failures.append(failure)
