"""What the judge answers. Probabilities are calibrated on held-out sentences and rounded to four digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelationAnswer:
    """What the source does to the target.

    probabilities: of each type, given that there is an event between the two; they add up to 1.
    none: how likely it is that there is none.
    status: of `actual`, `planned`, `hypothetical`, `denied`, given that there is one.
    """

    probabilities: Mapping[str, float]
    none: float
    status: Mapping[str, float]

    @property
    def label(self) -> str:
        """The most likely type; of equally likely ones the first in the order of the model."""
        return max(self.probabilities, key=self.probabilities.__getitem__)


@dataclass(frozen=True, slots=True)
class StanceAnswer:
    """How the parties a and b stand to each other: of `neutral`, `a+b` (a favours b), `b+a`, `a-b`, `b-a`."""

    probabilities: Mapping[str, float]

    @property
    def label(self) -> str:
        """The most likely stance; of equally likely ones the first in the order of the model."""
        return max(self.probabilities, key=self.probabilities.__getitem__)
