"""What the charts have in common: scores over time with intervals, levels and changes; colours; names; periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from communique.errors import QueryError
from communique.plots.plot import Row
from communique.showing import text as say
from communique.showing.moving import known_as
from communique.store import Filters

WIDTH = 640
# Told apart by those who do not see red or green, in grey, and by shape (Okabe & Ito 2008).
FOR, AGAINST, OPEN = "#0b5c97", "#c2571a", "#6b6b6b"
INK, GREY = "#444444", "#d4d4d4"
_OF_RECORDS = ("actor", "dyad", "type", "issue", "stance", "status", "report", "limit")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_MOST_MONTHS, _MOST_QUARTERS = 36, 60  # periods that can be told apart in a picture
_MARKS = (-1, -0.5, 0, 0.5, 1)
LEFT = {"dyad": 65, "issue": 160}  # pixels for the labels on the left, so that panels stand below each other
_ENDS = {"dyad": ("friendly +1", "hostile −1"), "issue": ("support +1", "oppose −1")}


def general(filters: Filters | None) -> Filters:
    """Return the filters. Raises QueryError for those that a score over many records cannot have."""
    asked = filters or Filters()
    if any(getattr(asked, name) is not None for name in _OF_RECORDS):
        raise QueryError("A plot takes the filters since, until and min_confidence. Leave the others out.")
    return asked


def chosen_period(months: int, by: str) -> str:
    """Return the period by which so many months are drawn, `by` if it is given."""
    if by:
        return by
    if months <= _MOST_MONTHS:
        return "month"
    return "quarter" if months <= 3 * _MOST_QUARTERS else "year"


def after(day: str, period: str) -> str:
    """Return the first day after the period that begins on `day` (both ISO)."""
    first = date.fromisoformat(day)
    if period in ("day", "week"):
        return (first + timedelta(days=7 if period == "week" else 1)).isoformat()
    month = first.month - 1 + _MONTHS[period]
    return first.replace(year=first.year + month // 12, month=month % 12 + 1).isoformat()


def middle(day: str, period: str) -> str:
    """Return the middle day of the period that begins on `day`."""
    first = date.fromisoformat(day)
    return (first + (date.fromisoformat(after(day, period)) - first) / 2).isoformat()


def period_name(day: str, period: str) -> str:
    """Return a period for people: `2022-03`, `2022 Q1`, `2022`."""
    return f"{day[:4]} Q{(int(day[5:7]) + 2) // 3}" if period == "quarter" else known_as(day, period)


@lru_cache(maxsize=1)
def _known() -> Any:
    from communique.knowledge import load_knowledge

    return load_knowledge()


def actor_name(code: str) -> str:
    """Return the name that the knowledge files have for a code, or the code."""
    found = _known().actors.entity(code.upper()) if code else None
    return say.clean(found.name if found else code)


def issue_name(issue: str) -> str:
    """Return the name of an issue, or its id."""
    found = _known().issues.get(issue)
    return say.clean(found.name if found else issue)


def levels(rows: Sequence[Row], period: str) -> list[dict[str, object]]:
    """Return the stretches of one level in the rows of one series, with the days where they begin and end."""
    found: list[dict[str, object]] = []
    for row in rows:
        day = str(row["period"])
        if not found or row["change"]:
            if found:
                found[-1]["end"] = day
            found.append({"day": day, "level": row["level"], "end": ""})
        found[-1]["end"] = after(day, period)
    return found


def course(alt: Any, rows: Sequence[Row], period: str, title: str, kind: str, colour: str, span: Sequence[str]) -> Any:
    """Return a chart of one series: points with intervals, levels, and the changes between them.

    `rows` have period, score, low, high, level, change and records; `span` is the first and last day of the axis.
    """
    points = [
        {"day": middle(str(row["period"]), period), "score": row["score"], "low": row["low"], "high": row["high"],
         "records": row["records"]}
        for row in rows
    ]  # fmt: skip
    stretches = levels(rows, period)
    turns = [{"day": one["day"], "label": period_name(str(one["day"]), period), "top": 1} for one in stretches[1:]]
    high, low = _ENDS[kind]
    said = f"datum.value == 1 ? '{high}' : datum.value == -1 ? '{low}' : datum.value == 0 ? '0' : ''"
    x = time_axis(alt, span)
    scale = alt.Scale(domain=[-1, 1], clamp=True)
    y = alt.Y("score:Q", title=None, scale=scale,
              axis=alt.Axis(values=list(_MARKS), labelExpr=said, minExtent=LEFT[kind]))  # fmt: skip
    size = alt.Size("records:Q", scale=alt.Scale(type="sqrt", range=[16, 120], zero=True), legend=None)
    with_interval = [one for one in points if one["low"] is not None]
    layers = [
        alt.Chart(data(alt, [{"score": 0}])).mark_rule(color=INK, strokeWidth=0.8).encode(y=y),
        alt.Chart(data(alt, points)).mark_line(strokeWidth=0.7, opacity=0.4, color=colour).encode(x=x, y=y),
        alt.Chart(data(alt, with_interval)).mark_rule(color=colour, opacity=0.45).encode(
            x=x, y=alt.Y("low:Q", scale=scale, title=None), y2="high:Q"
        ),
        alt.Chart(data(alt, points)).mark_circle(color=colour, opacity=0.75).encode(x=x, y=y, size=size),
        alt.Chart(data(alt, stretches)).mark_rule(color=colour, strokeWidth=3).encode(
            x=x, x2="end:T", y=alt.Y("level:Q", scale=scale, title=None)
        ),
        alt.Chart(data(alt, turns)).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x),
        alt.Chart(data(alt, turns)).mark_text(align="left", baseline="top", dx=4, color=INK).encode(
            x=x, y=alt.Y("top:Q", scale=scale, title=None), text="label:N"
        ),
    ]  # fmt: skip
    rests_on = (True, points, with_interval, points, stretches, turns, turns)
    shown = [layer for layer, some in zip(layers, rests_on, strict=True) if some]
    return alt.layer(*shown).properties(width=WIDTH, height=130, title=title)


def time_axis(alt: Any, span: Sequence[str]) -> Any:
    """Return the axis of time from one day to another."""
    years = (date.fromisoformat(span[1]) - date.fromisoformat(span[0])).days / 365.25
    every = {"interval": "year", "step": 1} if years > 4 else 8
    axis = alt.Axis(grid=False, format="%Y" if years > 4 else "%Y-%m", tickCount=every, labelOverlap=True)
    return alt.X("day:T", title=None, scale=alt.Scale(type="utc", domain=list(span), nice=False, padding=0), axis=axis)


def changed(rows: Iterable[Row], period: str) -> str:
    """Return in words how the level of one series changed."""
    turns = [row for row in rows if row["change"]]
    if not turns:
        return "no change of level"
    days = ", ".join(period_name(str(turn["period"]), period) for turn in turns)
    return f"{say.counted(len(turns), 'change')} of level ({days})"


def data(alt: Any, rows: Iterable[Mapping[str, object]]) -> Any:
    """Return rows as data of a chart."""
    return alt.Data(values=[dict(row) for row in rows])


def finished(alt: Any, chart: Any, title: str, notes: Sequence[str]) -> Any:
    """Return a chart with its title, what has to be known to read it, and the look that all have."""
    head = alt.TitleParams(title, subtitle=list(notes), anchor="start", fontSize=15, subtitleColor=INK, offset=10)
    return (
        chart.properties(title=head, background="#ffffff", padding=10)
        .configure_view(stroke=None)
        .configure_title(anchor="start", fontSize=12)
        .configure_axis(labelColor=INK, gridColor=GREY, domainColor=INK, tickColor=INK)
    )
