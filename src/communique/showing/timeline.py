"""Scores over time as a picture: points with intervals, levels with the changes between them, deeds as ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from communique.showing.svg import Picture, link, path, tag, words

WIDTH = 760
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 14, 24, 24
_PANEL, _GAP, _STRIP = 120, 30, 18
_COLOURS = ("for", "against")
_TICKS = 8


@dataclass(frozen=True, slots=True)
class Point:
    """The score of a period that begins on `day` (ISO), its interval (None where there is none) and its records."""

    day: str
    score: float
    low: float | None = None
    high: float | None = None
    records: int = 1
    address: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A level from one day to another (not included)."""

    first: str
    end: str
    score: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A deed on a day: its tone (for, against, open), where a click leads, what is said of it."""

    day: str
    tone: str
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Course:
    """One series: its name, points and levels, and the ticks below it."""

    name: str
    points: tuple[Point, ...]
    levels: tuple[Stretch, ...] = ()
    ticks: tuple[Tick, ...] = ()


def drawn(title: str, description: str, courses: Sequence[Course]) -> Picture | None:
    """Return the courses, a panel each, over one axis of time; None where there is nothing to draw."""
    days = [point.day for course in courses for point in course.points]
    days = days or [tick.day for course in courses for tick in course.ticks]
    days += [level.end for course in courses for level in course.levels]
    days = [day for day in days if _is_day(day)]
    if not days:
        return None
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    # A report of today tells of things long past, too: deeds outside the time that is followed are left to the list.
    courses = [replace(each, ticks=tuple(t for t in each.ticks if min(days) <= t.day <= max(days))) for each in courses]
    span = max((last - first).days, 1)

    def across(day: str) -> float:
        return _LEFT + (date.fromisoformat(day) - first).days / span * (WIDTH - _LEFT - _RIGHT)

    panel = _PANEL + _GAP + (_STRIP if any(course.ticks for course in courses) else 0)
    height = _TOP + panel * len(courses) + _BOTTOM
    parts = [
        tag("line", x1=x, x2=x, y1=_TOP, y2=height - _BOTTOM, class_="grid") for x, _ in _marks(first, span, across)
    ]
    for n, course in enumerate(courses):
        parts += _panel(course, _TOP + n * panel, across, _COLOURS[n % 2])
    parts += [words(said, x, height - 8, text_anchor="middle") for x, said in _marks(first, span, across)]
    return Picture(WIDTH, height, title, description, "".join(parts), "timeline")


def _panel(course: Course, top: float, across: Callable[[str], float], colour: str) -> Iterator[str]:
    def up(score: float) -> float:
        return top + 8 + (1 - max(-1.0, min(1.0, score))) / 2 * _PANEL

    yield words(course.name, _LEFT, top, class_="strong")
    for score, said in ((1, "friendly +1"), (0, "0"), (-1, "hostile −1")):
        yield tag(
            "line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=up(score), y2=up(score), class_="axis" if not score else "grid"
        )
        yield words(said, _LEFT - 6, up(score) + 4, text_anchor="end")
    points = [point for point in course.points if _is_day(point.day)]
    if len(points) > 1:
        yield tag("path", d=path((across(p.day), up(p.score)) for p in points), class_="line")
    for point in points:
        x = across(point.day)
        if point.low is not None and point.high is not None:
            yield tag("line", x1=x, x2=x, y1=up(point.low), y2=up(point.high), class_=f"bar {colour}-line")
    for level in course.levels:
        ends = ((across(level.first), up(level.score)), (across(level.end), up(level.score)))
        yield tag("path", d=path(ends), class_=f"level {colour}-line")
    for level in course.levels[1:]:
        x = across(level.first)
        yield tag("path", d=path(((x, top + 4), (x, top + 8 + _PANEL))), class_=f"turn {colour}-line")
        yield words(level.first[:7], x + 3, top + 14, class_="strong")
    radius = _radius(points, across)
    for point in points:
        circle = tag("circle", cx=across(point.day), cy=up(point.score), r=radius(point), class_=colour)
        said = f"{point.day}: {point.score:+.2f}, {point.records} record{'s' if point.records != 1 else ''}"
        yield link(point.address, circle, said) if point.address else circle
    base = top + 8 + _PANEL + 6
    for tick in course.ticks:
        if _is_day(tick.day):
            bar = tag("rect", x=across(tick.day) - 1.5, y=base, width=3, height=_STRIP - 6, class_=tick.tone)
            yield link(tick.address, bar, tick.label)


def _radius(points: Sequence[Point], across: Callable[[str], float]) -> Callable[[Point], float]:
    """Return how large the points are: by their records, and so that neighbours do not hide each other."""
    room = (across(points[-1].day) - across(points[0].day)) / (len(points) - 1) if len(points) > 1 else 16.0
    largest = max(2.5, min(8.0, 0.45 * room))
    most = max((point.records for point in points), default=1)
    scale = min(1.0, (largest - 2.0) / max(most, 1) ** 0.5)
    return lambda point: 2.0 + scale * point.records**0.5


def _marks(first: date, span: int, across: Callable[[str], float]) -> list[tuple[float, str]]:
    """Return where the axis of time is marked, and how."""
    if span < 60:
        every = max(span // _TICKS, 1)
        days = [first + timedelta(days=n) for n in range(0, span + 1, every)]
        return [(across(day.isoformat()), f"{day.day} {day:%b}") for day in days]
    months = [
        date(year, month, 1) for year in range(first.year, first.year + span // 365 + 3) for month in range(1, 13)
    ]
    inside = [day for day in months if first <= day <= first + timedelta(days=span)]
    if len(inside) > _TICKS * 3:
        inside = [day for day in inside if day.month == 1]
    every = max(-(-len(inside) // _TICKS), 1)
    form = "%Y" if all(day.month == 1 for day in inside[::every]) else "%Y-%m"
    return [(across(day.isoformat()), format(day, form)) for day in inside[::every]]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
