"""Who stands where on an issue, and how that moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import isnan
from typing import Any

import numpy as np

from communique.alignment.agreement import profile_intervals, profiles
from communique.alignment.changes import change_points
from communique.alignment.moves import steadiness
from communique.alignment.scores import RESAMPLES, distinct_reports
from communique.alignment.views import Asked, held
from communique.errors import QueryError, unknown
from communique.plots.drawing import (
    AGAINST,
    FOR,
    GREY,
    INK,
    LEFT,
    OPEN,
    WIDTH,
    actor_name,
    after,
    changed,
    chosen_period,
    course,
    data,
    finished,
    general,
    issue_name,
    middle,
    time_axis,
)
from communique.plots.plot import Plot, Row, altair_library
from communique.showing import text as say
from communique.showing.moving import signed
from communique.store import Filters, Stances, Store

_TONES = {"supports": FOR, "opposes": AGAINST, "not clear": OPEN}


def issue(
    store: Store, issue: str, *, by: str = "", filters: Filters | None = None, most: int = 24, draws: int = RESAMPLES,
    seed: int = 0,
) -> Plot:  # fmt: skip
    """Return who stands where on the issue with this id, and below it the mean of all over time, with its changes.

    The `most` actors with most records are drawn, each with its interval (from four reports on); the mean is that of
    the records of each period, whoever holds them. Otherwise as `dyad`. Rows: `actors`, `periods`, `changes`.
    Raises QueryError for an issue of which the store knows nothing.
    """
    alt, asked = altair_library(), general(filters)
    every = store.stances((), asked, by or "month")
    if issue not in every.issues:
        there = store.stances((), Filters(), "year").issues
        if issue in there:
            raise QueryError(f"There is nothing to draw: no record on {issue!r} is of that time.")
        raise QueryError(unknown("issue", issue, there, label="In the store"))
    actors: list[Row] = [
        {**row, "name": actor_name(str(row["actor"]))}
        for row in held(store, Asked(filters=asked, draws=draws, seed=seed, issue=issue))
    ]
    first = sorted(actors, key=lambda row: (-float(row["records"] or 0), str(row["actor"])))[:most]
    shown = sorted(first, key=lambda row: (-float(row["stance"] or 0), -float(row["records"] or 0), str(row["actor"])))
    period = chosen_period(len(every.periods), by)
    rows = _periods(every if period == (by or "month") else store.stances((), asked, period), issue, draws, seed)
    title = issue_name(issue)
    notes = ("A point an actor: the mean of its stances, larger with more records; bars: 95 % intervals, from four",
             f"reports on. Below, a point a {period}: the mean of all records, with levels and changes.")  # fmt: skip
    told = f"{_told(shown)} Mean of all records: {changed(rows, period)}."
    if left := len(actors) - len(shown):
        told += f" {say.counted(left, 'actor')} with fewer records not drawn."
    days = [str(row["period"]) for row in rows]
    span = (days[0], after(days[-1], period))
    chart = alt.vconcat(
        _standing(alt, shown),
        course(alt, rows, period, "Mean of all records", "issue", INK, span),
        _counts(alt, rows, period, span),
    ).resolve_scale(color="independent", shape="independent", size="independent")
    turns: list[Row] = [
        {"period": row["period"], "before": before["level"], "after": row["level"]}
        for before, row in pairwise(rows)
        if row["change"]
    ]
    found: dict[str, Sequence[Row]] = {"actors": shown, "periods": rows, "changes": turns}
    return Plot(title, told, found, finished(alt, chart, title, notes))


def _periods(stances: Stances, issue: str, draws: int, seed: int) -> list[Row]:
    """Return the mean stance on the issue in each period that has one, with its interval and level, and the counts."""
    own = stances.issue == stances.issues.index(issue)
    # The mean of a period is reckoned as that of an actor is.
    some = replace(
        stances, actors=stances.periods, issues=(issue,), actor=stances.period[own], issue=stances.issue[own] * 0,
        period=stances.period[own], report=stances.report[own], value=stances.value[own], weight=stances.weight[own],
        records=stances.records[own],
    )  # fmt: skip
    means, _ = profiles(some)
    low = high = np.full(means.shape, np.nan)
    if draws:
        low, high = profile_intervals(some, means, draws, seed=seed)
    size = len(stances.periods)
    reports = distinct_reports(some.period, some.report, size)
    score = means[:, 0]
    turns = {c.at: c for c in change_points(score, weights=steadiness(reports))} if size > 1 else {}
    amounts = {
        name: np.bincount(some.period[side], some.records[side], size)
        for name, side in (("support", some.value > 0), ("oppose", some.value < 0))
    }
    there = ~np.isnan(score)
    level = turns[min(turns)].before if turns else float(np.average(score[there], weights=steadiness(reports)[there]))
    rows: list[Row] = []
    for n, day in enumerate(stances.periods):
        change = turns.get(n)
        level = change.after if change else level
        if there[n]:
            rows.append({
                "period": day, "score": _real(score[n]), "low": _real(low[n, 0]), "high": _real(high[n, 0]),
                "level": _real(level), "change": int(change is not None),
                "records": int(np.sum(some.records[some.period == n])),
                **{name: int(found[n]) for name, found in amounts.items()},
            })  # fmt: skip
    return rows


def _standing(alt: Any, actors: Sequence[Row]) -> Any:
    rows = [{**row, "label": _label(row), "tone": _tone(row)} for row in actors]
    order = [row["label"] for row in rows]
    scale = alt.Scale(domain=[-1.04, 1.04], nice=False, clamp=True)  # room for the points at the ends
    wide = LEFT["issue"]
    axis = alt.Axis(grid=True, domain=False, ticks=False, labelLimit=wide - 8, minExtent=wide, maxExtent=wide)
    y = alt.Y("label:N", sort=order, title=None, axis=axis)
    colour = alt.Color("tone:N", scale=alt.Scale(domain=list(_TONES), range=list(_TONES.values())),
                       legend=alt.Legend(title=None, orient="top"))  # fmt: skip
    shape = alt.Shape("tone:N", scale=alt.Scale(domain=list(_TONES), range=["circle", "square", "diamond"]),
                      legend=alt.Legend(title=None, orient="top"))  # fmt: skip
    size = alt.Size("records:Q", scale=alt.Scale(type="sqrt", range=[40, 260], zero=True), legend=None)
    x = alt.X("stance:Q", scale=scale, title="opposes −1 … supports +1", axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1]))
    sure = [row for row in rows if row["low"] is not None]
    layers = [
        alt.Chart(data(alt, [{"stance": 0}])).mark_rule(color=INK).encode(x=x),
        *([alt.Chart(data(alt, sure)).mark_rule(strokeWidth=2, opacity=0.6).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, color=colour)] if sure else []),
        alt.Chart(data(alt, rows)).mark_point(filled=True, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, size=size
        ),
    ]  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(20), title="Who stands where")


def _counts(alt: Any, rows: Sequence[Row], period: str, span: Sequence[str]) -> Any:
    bars = [
        {"day": middle(str(row["period"]), period), "number": sign * int(row[name] or 0), "side": name}
        for row in rows
        for name, sign in (("support", 1), ("oppose", -1))
    ]
    x = time_axis(alt, span)
    axis = alt.Axis(format="d", tickCount=4, labelExpr="abs(datum.value)", minExtent=LEFT["issue"])
    y = alt.Y("number:Q", title=None, axis=axis)
    colour = alt.Color("side:N", scale=alt.Scale(domain=["support", "oppose"], range=[FOR, AGAINST]), legend=None)
    wide = max(2.0, 0.7 * WIDTH / max(len(rows), 1))
    drawn = (
        alt.Chart(data(alt, bars))
        .mark_bar(size=min(wide, 14), stroke=GREY, strokeWidth=0)
        .encode(x=x, y=y, color=colour)
    )
    return drawn.properties(width=WIDTH, height=70, title="Records that support (up) and oppose (down)")


def _tone(row: Row) -> str:
    low, high = row["low"], row["high"]
    if low is None or high is None or float(low) <= 0 <= float(high):
        return "not clear"
    return "supports" if float(low) > 0 else "opposes"


def _label(row: Row) -> str:
    code = say.clean(str(row["actor"]))
    return code if row["name"] == code else f"{row['name']} · {code}"


def _told(rows: Sequence[Row]) -> str:
    return ", ".join(f"{_label(row)} {signed(float(row['stance'] or 0))}" for row in rows) + "."


def _real(value: float) -> float | None:
    return None if isnan(value) else round(float(value), 4)
