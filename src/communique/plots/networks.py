"""Who is with or against whom, in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from communique.alignment.scores import affinity
from communique.alignment.views import Asked, in_blocs
from communique.errors import QueryError
from communique.plots.drawing import AGAINST, FOR, INK, actor_name, data, finished, general
from communique.plots.plot import Plot, Row, altair_library
from communique.showing.network import HEIGHT, WIDTH, Node, Tie, places
from communique.store import Filters, Store, Ties

_DRAWS, _SURE = 100, 0.8
_BLOCS = ("#dfe9f2", "#f6e3d7", "#e4eedd", "#efe2f0", "#f4eecb")
_SIDES = {"with each other": FOR, "against each other": AGAINST}


def network(
    store: Store, *, size: int = 24, channel: str = "", filters: Filters | None = None, draws: int = _DRAWS,
    seed: int = 0,
) -> Plot:  # fmt: skip
    """Return the network of the `size` actors with most records: who is with whom, and who against whom.

    Lines are affinities, from -1 to 1, both directions and all channels together (or `channel` alone), thicker the
    stronger; friends stand near each other. Actors have the colours of their blocs; the ring is broken where it is not
    sure that the bloc is right: found again in fewer than four of five `draws` of the reports, or too few reports to
    tell. `filters` may have since, until and min_confidence. Rows: `actors`, `ties`.
    Raises QueryError where fewer than two actors have ties.
    """
    if size < 2:
        raise QueryError(f"A network of {size} is none. Give 2 or more as its size.")
    alt, asked = altair_library(), general(filters)
    chosen, left = _first(store.ties((), asked, "year", channel), size)
    if len(chosen) < 2:
        raise QueryError("There is nothing to draw: no two actors have records with each other in that time.")
    question = Asked(chosen, asked, "year", channel, draws=draws, seed=seed)
    near = np.nan_to_num(affinity(question.ties(store)))
    members = {str(row["actor"]): row for row in in_blocs(store, question)}
    actors: list[Row] = [
        {"actor": code, "name": actor_name(code), **{k: v for k, v in members[code].items() if k != "actor"}}
        for code in chosen
    ]
    pairs = [(i, j) for i in range(len(chosen)) for j in range(i + 1, len(chosen)) if abs(near[i, j]) > 1e-9]
    ties: list[Row] = [
        {"actor": chosen[i], "other": chosen[j], "affinity": round(float(near[i, j]), 4)}
        for i, j in sorted(pairs, key=lambda pair: -abs(near[pair]))
    ]
    title = f"Network of {len(chosen)} actors"
    told = f"{_blocs(actors)}{f' {left:,} more actors are not drawn.' if left else ''}"
    notes = ("Lines: with (full) or against (broken) each other, thicker the stronger. Circles: larger with more",
             "records, in the colours of blocs; the ring is broken where the bloc is not sure.")  # fmt: skip
    return Plot(title, told, {"actors": actors, "ties": ties}, finished(alt, _chart(alt, actors, ties), title, notes))


def _first(ties: Ties, size: int) -> tuple[tuple[str, ...], int]:
    """Return the actors with most records, and how many are left out."""
    count = len(ties.actors)
    weight = np.bincount(ties.source, ties.records, count) + np.bincount(ties.target, ties.records, count)
    order = [int(n) for n in np.argsort(-weight, kind="stable") if weight[n]]
    return tuple(ties.actors[n] for n in order[:size]), max(0, len(order) - size)


def _blocs(actors: Sequence[Row]) -> str:
    found = sorted({int(row["bloc"] or 0) for row in actors})
    parts = [f"bloc {bloc}: {', '.join(str(row['name']) for row in actors if row['bloc'] == bloc)}" for bloc in found]
    return "; ".join(parts) + "."


def _chart(alt: Any, actors: Sequence[Row], ties: Sequence[Row]) -> Any:
    place = {str(row["actor"]): n for n, row in enumerate(actors)}
    nodes = [Node(str(r["actor"]), "", int(r["bloc"] or 1) - 1, int(r["records"] or 0), "") for r in actors]
    between = [Tie(place[str(r["actor"])], place[str(r["other"])], float(r["affinity"] or 0), "", "") for r in ties]
    at = places(nodes, between).round(1).tolist()
    lines = [
        {
            "x": at[one.one][0], "y": at[one.one][1], "x2": at[one.other][0], "y2": at[one.other][1],
            "side": "with each other" if one.affinity > 0 else "against each other",
            "wide": 0.6 + 4 * abs(one.affinity), "seen": 0.25 + 0.6 * abs(one.affinity),
        }
        for one in reversed(between)
    ]  # fmt: skip
    circles = [
        {"x": x, "y": y, "code": str(row["actor"])[:6], "bloc": f"bloc {row['bloc']}", "records": row["records"],
         "sure": "sure" if float(row["stays"] or 0) >= _SURE else "not sure"}
        for row, (x, y) in zip(actors, at, strict=True)
    ]  # fmt: skip
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[HEIGHT, 0]))
    blocs = sorted({str(one["bloc"]) for one in circles}, key=lambda name: int(name.split()[1]))
    sides = list(_SIDES)
    areas = alt.Scale(type="sqrt", range=[420, 1400], zero=True)
    rings = alt.Scale(domain=["sure", "not sure"], range=[[1, 0], [3, 2]])
    drawn = [
        alt.Chart(data(alt, lines)).mark_rule().encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q",
            color=alt.Color("side:N", scale=alt.Scale(domain=sides, range=list(_SIDES.values())),
                            legend=alt.Legend(title=None, symbolType="stroke", orient="top")),
            strokeDash=alt.StrokeDash("side:N", scale=alt.Scale(domain=sides, range=[[1, 0], [5, 3]]), legend=None),
            strokeWidth=alt.StrokeWidth("wide:Q", scale=None), opacity=alt.Opacity("seen:Q", scale=None),
        ) if lines else None,
        alt.Chart(data(alt, circles)).mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=1.5).encode(
            x=x, y=y, size=alt.Size("records:Q", scale=areas, legend=None),
            fill=alt.Fill("bloc:N", sort=blocs, legend=alt.Legend(title=None, orient="top"),
                          scale=alt.Scale(domain=blocs, range=[_BLOCS[n % len(_BLOCS)] for n in range(len(blocs))])),
            strokeDash=alt.StrokeDash("sure:N", scale=rings, legend=None),
        ),
        alt.Chart(data(alt, circles)).mark_text(fontSize=11, fontWeight=600, color="#161616").encode(
            x=x, y=y, text="code:N"
        ),
    ]  # fmt: skip
    layered = alt.layer(*[layer for layer in drawn if layer is not None])
    return layered.resolve_scale(strokeDash="independent").properties(width=WIDTH, height=HEIGHT)
