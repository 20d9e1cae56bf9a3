"""Simulated reports with planted relations, for tests of alignment: seeded, and as the coder would give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np

from communique.records import Coding, DateInterval, Event, Report
from factories import actor

# Goldstein scores of a deed and of words, kind and unkind: what a mean of -1 to 1 is mixed from.
_DEEDS = {True: ("AID", 2, 7.0), False: ("SANCTION", 4, -7.0)}
_WORDS = {True: ("SUPPORT", 1, 3.5), False: ("ACCUSE", 3, -3.5)}
Warmth = Callable[[int, int, int], float]
"""How likely a record of source i toward target j in period t is to be kind, from 0 to 1."""


def codings(
    actors: int, periods: int, warmth: Warmth, *, reports: int, events: int = 2, days: int = 7, seed: int = 0,
    words: float = 0.5,
) -> Iterator[Coding]:  # fmt: skip
    """Yield `reports` reports a period, each with up to `events` events of one dyad, on days of the period."""
    rng = np.random.default_rng(seed)
    start = date(2018, 1, 1)  # a Monday
    for t in range(periods):
        for r in range(reports):
            i = int(rng.integers(actors))
            j = (i + int(rng.integers(1, actors))) % actors
            day = (start + timedelta(days=days * t + int(rng.integers(days)))).isoformat()
            yield coding(f"r{t:04}-{r:04}", day, [
                (i, j, bool(rng.random() < warmth(i, j, t)), bool(rng.random() < words))
                for _ in range(1 + int(rng.integers(events)))
            ])  # fmt: skip


def coding(name: str, day: str, deeds: list[tuple[int, int, bool, bool]], text: str = "") -> Coding:
    """Return a report with events given as (source, target, kind or not, words or not)."""
    report = Report(name, text or f"Report {name}.", published=day, language="en")
    found = []
    for n, (i, j, kind, spoken) in enumerate(deeds):
        sort, quad, goldstein = (_WORDS if spoken else _DEEDS)[kind]
        found.append(Event(
            f"{name}-{n}", name, sort, quad=quad, goldstein=goldstein, actors=(actor(code(i)),),
            recipients=(actor(code(j)),), date=DateInterval(day, day, "day", day), confidence=0.8,
        ))  # fmt: skip
    return Coding(report, tuple(found), ())


def code(number: int) -> str:
    return f"S{number:02}"
