"""Scores over time, as alignment gives them, made into pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from communique.records import Event
from communique.showing import moving
from communique.showing import text as say
from communique.showing.svg import Picture
from communique.showing.timeline import Course, Point, Stretch, Tick, drawn
from communique.web.pages.here import Value, dyad
from communique.web.pages.here import report as report_address

if TYPE_CHECKING:
    from communique.alignment.brief import Brief
    from communique.alignment.latest import Cited
    from communique.alignment.standing import Movement
    from communique.alignment.views import Row

Interval = tuple[float | None, float | None]


def of_brief(
    brief: Brief,
    intervals: Mapping[tuple[str, str, str], Interval],
    query: Mapping[str, Value],
    deeds: Iterable[Cited] = (),
) -> Picture | None:
    """Return the movements of a brief as a picture, with the `intervals` by source, target and period, and deeds.

    None where there is nothing to draw.
    """
    ticks = [_tick(cited) for cited in deeds]
    courses = [
        _course(
            brief, movement, intervals, query, [tick for source, tick in ticks if tick and source == movement.source]
        )
        for movement in brief.movements
        if movement.seen
    ]
    if not courses:
        return None
    who = " and ".join(say.clean(party.name) for party in brief.actors)
    told = " ".join(f"{line.name}: {line.told}" for line in moving.lines(brief))
    return drawn(f"Scores over time: {who}", told, courses)


def intervals_of(rows: Iterable[Row]) -> dict[tuple[str, str, str], Interval]:
    """Return the intervals of a series (the view `series` without channel) by source, target and period."""
    return {
        (str(row["source"]), str(row["target"]), str(row["period"])): (_real(row["low"]), _real(row["high"]))
        for row in rows
        if row["channel"] == "all"
    }


def series_rows(
    brief: Brief, intervals: Mapping[tuple[str, str, str], Interval]
) -> list[dict[str, str | float | int | None]]:
    """Return the series of a brief as rows: what the picture shows."""
    found: list[dict[str, str | float | int | None]] = []
    for movement in brief.movements:
        for day, score, records in zip(movement.periods, movement.scores, movement.records, strict=True):
            if score is None:
                continue
            level = next((one for one in movement.levels if one.first <= day <= one.last), None)
            low, high = intervals.get((movement.source, movement.target, day), (None, None))
            found.append({
                "source": movement.source, "target": movement.target, "period": day, "score": round(score, 4),
                "low": low, "high": high, "level": round(level.score, 4) if level else None,
                "change": int(level is not None and level is not movement.levels[0] and level.first == day),
                "records": records,
            })  # fmt: skip
    return found


def _course(
    brief: Brief, movement: Movement, intervals: Mapping[tuple[str, str, str], Interval], query: Mapping[str, Value],
    ticks: Sequence[Tick],
) -> Course:  # fmt: skip
    points = []
    for day, score, records in zip(movement.periods, movement.scores, movement.records, strict=True):
        if score is not None:
            low, high = intervals.get((movement.source, movement.target, day), (None, None))
            where = (
                dyad(movement.source, movement.target, **{**query, **_span(day, movement.period)}) if brief.dyad else ""
            )
            points.append(Point(day, score, low, high, records, where))
    levels = tuple(Stretch(each.first, _after(each.last, movement.period), each.score) for each in movement.levels)
    return Course(moving.name(brief, movement), tuple(points), levels, tuple(ticks))


def _tick(cited: Cited) -> tuple[str, Tick | None]:
    """Return who did it and the tick of a deed, none for one without a day."""
    event = cited.record
    day = (event.date.start or event.date.end or cited.report.published)[:10]
    if not isinstance(event, Event) or not event.actors or not day:
        return "", None
    tone = "for" if event.quad in (1, 2) else "against"
    label = f"{day}: {say.actors(event.actors)} {event.type} {say.actors(event.recipients)}"
    return event.actors[0].code.upper(), Tick(day, tone, report_address(event.report, event.id), label)


def _span(day: str, period: str) -> dict[str, Value]:
    known = moving.known_as(day, period)
    return {"since": known, "until": known}


def _after(day: str, period: str) -> str:
    first = date.fromisoformat(day)
    if period == "year":
        return first.replace(year=first.year + 1).isoformat()
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1).isoformat()


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None
