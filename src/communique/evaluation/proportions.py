"""Shares with intervals: of judged records, and of a population from which strata were drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Z = 1.959963984540054  # 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, and the `right` of `number` judged records that it rests on.

    It is NaN with an interval from 0 to 1 where nothing was judged.
    """

    share: float
    low: float
    high: float
    right: int
    number: int


def wilson(share: float, number: float) -> tuple[float, float]:
    """Return the 95 % interval of Wilson (1927) of a share of `number` trials, which need not be whole."""
    if number <= 0:
        return 0.0, 1.0
    z2 = Z * Z / number
    middle = (share + z2 / 2) / (1 + z2)
    half = Z / (1 + z2) * math.sqrt(share * (1 - share) / number + z2 / (4 * number))
    return max(0.0, middle - half), min(1.0, middle + half)


def share_of(judged: Iterable[bool]) -> Share:
    """Return the share of what is right."""
    answers = list(judged)
    number, right = len(answers), sum(answers)
    share = right / number if number else math.nan
    return Share(share, *wilson(share if number else 0.0, number), right, number)


def stratified(judged: Mapping[str, Iterable[bool]], sizes: Mapping[str, int]) -> tuple[Share, float]:
    """Return the share of what is right in a population of strata with these sizes, and how much of it was looked at.

    Each stratum counts by its size; those in which nothing was judged are left out, and the second number says which
    part of the population the others make up. The interval is Wilson's for as many records drawn from the whole as
    would tell as much (Kish's effective size, 1 / sum(W^2 / n)): it is no narrower than that of the strata's variances,
    and does not shrink to nothing where all that was judged is right.
    """
    found = {name: share_of(answers) for name, answers in judged.items()}
    found = {name: share for name, share in found.items() if share.number and sizes.get(name, 0) > 0}
    size = sum(sizes[name] for name in found)
    whole = sum(sizes.values())
    right, number = sum(s.right for s in found.values()), sum(s.number for s in found.values())
    if not size:
        return Share(math.nan, 0.0, 1.0, right, number), 0.0
    weights = {name: sizes[name] / size for name in found}
    share = min(1.0, sum(weights[name] * each.share for name, each in found.items()))
    effective = 1 / sum(weights[name] ** 2 / each.number for name, each in found.items())
    return Share(share, *wilson(share, effective), right, number), size / whole
