"""The chart of a brief: scores over time with their levels and changes, as SVG, made without a browser or a network."""

from __future__ import annotations

import importlib.util
from datetime import date
from typing import Any

from communique.alignment.brief import Brief
from communique.alignment.standing import Movement
from communique.showing import moving

WIDTH, HEIGHT = 660, 110  # of the drawing without its axes, in pixels
FONT = "Libertinus Serif, Georgia, Times New Roman, serif"
# Told apart by those who do not see red or green, in grey, and by shape (Okabe & Ito 2008).
_COLOURS, _SHAPES = ("#0b5c97", "#c2571a"), ("circle", "triangle-up")
_GREY, _INK = "#d4d4d4", "#444444"
_TOPS = (1.0, -1.0)  # where the labels of changes stand: those of the second series below
_MARKS = (-1, -0.5, 0, 0.5, 1)
_LABELS = "datum.value == 1 ? 'friendly +1' : datum.value == -1 ? 'hostile −1' : datum.value == 0 ? '0' : ''"
_VEGA_LITE = "6.4"


def installed() -> bool:
    """Whether the libraries that draw are there."""
    return all(importlib.util.find_spec(name) is not None for name in ("altair", "vl_convert"))


def drawable(brief: Brief) -> bool:
    """Whether there is anything to draw."""
    return any(movement.course for movement in brief.movements)


def svg(brief: Brief) -> str:
    """Return the chart of a brief as SVG. Needs the extra `brief`; see `installed` and `drawable`."""
    import vl_convert

    found: str = vl_convert.vegalite_to_svg(_chart(brief).to_json(), vl_version=_VEGA_LITE)
    return found


def _chart(brief: Brief) -> Any:
    import altair as alt

    shown = [m for m in brief.movements if m.course]
    names = [moving.name(brief, m) for m in shown]
    time = alt.Scale(type="utc")  # days have no time zone: the same picture everywhere
    form = "%Y" if shown[0].period == "year" else "%Y-%m"
    x = alt.X("day:T", title=None, scale=time, axis=alt.Axis(grid=False, format=form, tickCount=8, labelOverlap=True))
    y = alt.Y("score:Q", title=None, scale=alt.Scale(domain=[-1, 1]), axis=alt.Axis(values=_MARKS, labelExpr=_LABELS))
    colour = alt.Color(
        "series:N", sort=names, scale=alt.Scale(domain=names, range=list(_COLOURS[: len(names)])),
        legend=alt.Legend(title=None, orient="top", symbolSize=45, labelLimit=300),
    )  # fmt: skip
    shape = alt.Shape("series:N", sort=names, scale=alt.Scale(domain=names, range=list(_SHAPES[: len(names)])))
    size = alt.Size("records:Q", scale=alt.Scale(type="sqrt", range=[14, 110], zero=True), legend=None)
    points = _data(alt, [row for m, name in zip(shown, names, strict=True) for row in _points(m, name)])
    levels = _data(alt, [row for m, name in zip(shown, names, strict=True) for row in _levels(m, name)])
    turns = _data(alt, [row for n, m in enumerate(shown) for row in _turns(m, names[n], _TOPS[n])])
    layers = [
        alt.Chart(_data(alt, [{"score": 0}])).mark_rule(color=_INK, strokeWidth=0.8).encode(y=y),
        alt.Chart(points).mark_line(strokeWidth=0.7, opacity=0.45).encode(x=x, y=y, color=colour),
        alt.Chart(points).mark_point(filled=True, opacity=0.55).encode(x=x, y=y, color=colour, shape=shape, size=size),
        alt.Chart(levels).mark_rule(strokeWidth=2.4).encode(x=x, x2="end:T", y=y, color=colour),
        alt.Chart(turns).mark_rule(strokeDash=[4, 3], strokeWidth=1).encode(x=x, color=colour),
        alt.Chart(turns).mark_text(align="left", dx=3, fontSize=9).encode(x=x, y=y, text="label:N", color=colour),
    ]
    return (
        alt.layer(*layers)
        .properties(width=WIDTH, height=HEIGHT, background="transparent", padding=2)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=9, labelColor=_INK, gridColor=_GREY, domainColor=_INK, tickColor=_INK)
        .configure_legend(labelFontSize=10, labelColor="#111111")
    )


def _data(alt: Any, rows: list[dict[str, object]]) -> Any:
    return alt.Data(values=rows)


def _points(movement: Movement, name: str) -> list[dict[str, object]]:
    triples = zip(movement.periods, movement.scores, movement.records, strict=True)
    return [
        {"series": name, "day": day, "score": round(score, 4), "records": records}
        for day, score, records in triples
        if score is not None
    ]


def _levels(movement: Movement, name: str) -> list[dict[str, object]]:
    return [
        {"series": name, "day": level.first, "end": _after(level.last, movement.period), "score": round(level.score, 4)}
        for level in movement.levels
    ]


def _turns(movement: Movement, name: str, top: float) -> list[dict[str, object]]:
    return [
        {"series": name, "day": level.first, "score": top, "label": moving.known_as(level.first, movement.period)}
        for level in movement.levels[1:]
    ]


def _after(day: str, period: str) -> str:
    """Return the first day after the period that begins on `day`."""
    first = date.fromisoformat(day)
    if period == "year":
        return first.replace(year=first.year + 1).isoformat()
    return (first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)).isoformat()
