"""How a dyad moved, in words: its levels with what each rests on, and a line of bars for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from communique.alignment.brief import Brief
from communique.alignment.standing import ADVERSARIES, PARTNERS, PERIODS, Level, Movement
from communique.showing import text as say

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 60  # bars; of a longer series the last are shown


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of one series: its `name`, what became of it, and its bars."""

    name: str
    told: str
    bars: str


def lines(brief: Brief) -> tuple[Line, ...]:
    """Return a line for each series of a brief; one that says so where there is none."""
    if not brief.movements:
        return (Line("", "Nothing to follow: no partners and no adversaries are known.", ""),)
    return tuple(Line(name(brief, m), _told(m), _bars(m.scores) if m.course else "") for m in brief.movements)


def name(brief: Brief, movement: Movement) -> str:
    """Return the name of a series: `Russia → China`, `Russia → first partners`."""
    target = movement.target
    if target in (PARTNERS, ADVERSARIES) and not brief.dyad:
        return f"{say.clean(brief.name(movement.source))} → its {target}"
    return f"{say.clean(brief.name(movement.source))} → {say.clean(brief.name(target))}"


def caption(brief: Brief) -> str:
    """Return what the chart shows."""
    shown = [movement for movement in brief.movements if movement.course]
    if not shown:
        return ""
    period = brief.movements[0].period
    groups = [(group, codes) for group, codes in brief.first if group in {m.target for m in shown}]
    whom = "; ".join(f"{group}: {', '.join(map(say.clean, codes))}" for group, codes in groups)
    mean = f" Means over the first ones ({whom})." if whom else ""
    points = f"Each {period}: the mean of all channels together, larger with more records."
    turned = any(len(movement.levels) > 1 for movement in shown)
    levels = " Thick lines: levels." if any(movement.levels for movement in shown) else ""
    return f"{points}{levels}{' Broken lines: changes of level.' if turned else ''}{mean}"


def signed(number: float) -> str:
    """Return a score with its sign and two digits; what rounds to nothing has none."""
    text = f"{abs(number):.2f}"
    return text if text == "0.00" else f"{'−' if number < 0 else '+'}{text}"


def known_as(day: str, period: str) -> str:
    """Return the period that begins on `day` as precisely as it is one: `2022-02`, `2022`."""
    return day[: {"month": 7, "year": 4}.get(period, 10)]


def _told(movement: Movement) -> str:
    seen = say.counted(movement.seen, movement.period)
    if not movement.seen:
        return "no record to follow."
    told = _course(movement, seen)
    if movement.apart:
        told += f" Left out: {say.counted(movement.apart, 'record')} of other times, too far apart to follow."
    return told


def _course(movement: Movement, seen: str) -> str:
    if not movement.levels:
        return f"records in {seen} only: too few to look for changes ({PERIODS} are needed)."
    first, *rest = movement.levels
    if not rest:
        return f"no change of level found in {seen} with records: {_level(first)}."
    steps = [f"{_level(first)} until {known_as(first.last, movement.period)}"]
    steps += [f"{_level(level)} from {known_as(level.first, movement.period)}" for level in rest]
    return f"{say.counted(len(rest), 'change')} of level in {seen} with records: {'; '.join(steps)}."


def _level(level: Level) -> str:
    return f"{signed(level.score)} ({say.counted(level.records, 'record')}, {say.counted(level.reports, 'report')})"


def _bars(scores: Iterable[float | None]) -> str:
    shown = list(scores)[-_WIDEST:]
    return "".join("·" if s is None else _BARS[min(int((s + 1) / 2 * len(_BARS)), len(_BARS) - 1)] for s in shown)
