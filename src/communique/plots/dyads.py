"""How two actors stand toward each other over time."""

from __future__ import annotations

from communique.alignment import parties
from communique.alignment.scores import RESAMPLES
from communique.alignment.views import Asked, changes, over_time
from communique.errors import QueryError
from communique.plots.drawing import (
    AGAINST,
    FOR,
    actor_name,
    after,
    changed,
    chosen_period,
    course,
    finished,
    general,
)
from communique.plots.plot import Plot, altair_library
from communique.store import Filters, Store


def dyad(
    store: Store, one: str, other: str, *, by: str = "", channel: str = "", filters: Filters | None = None,
    draws: int = RESAMPLES, seed: int = 0,
) -> Plot:  # fmt: skip
    """Return how `one` stands toward `other` (codes) over time, and `other` toward `one`, each in a panel.

    A point a period with its interval (from four reports on), thick lines for the levels, broken ones where a level
    changed; see `communique.alignment.changes`. `by` is day, week, month, quarter or year, or chosen by how much time
    there is; `channel` one of deeds, words and positions, or all of them; `filters` may have since, until and
    min_confidence; `draws` are the resamples for intervals, 0 for none. Rows: `scores`, `changes`.
    Raises QueryError for actors that are not in the store and for what cannot be asked.
    """
    alt, asked = altair_library(), general(filters)
    codes = parties.check(store, (one, other))
    period = chosen_period(len(store.ties(codes, asked, by or "month", channel).periods), by)
    question = Asked(codes, asked, period, channel, draws=draws, seed=seed)
    rows = [row for row in over_time(store, question) if row["channel"] == (channel or "all")]
    if not rows:
        raise QueryError(f"There is nothing to draw: no record between {codes[0]} and {codes[1]} is of that time.")
    names = dict(zip(codes, map(actor_name, codes), strict=True))
    days = sorted(str(row["period"]) for row in rows)
    span = (days[0], after(days[-1], period))
    panels, told = [], []
    for n, (source, target) in enumerate((codes, codes[::-1])):
        own = [row for row in rows if row["source"] == source]
        if own:
            name = f"{names[source]} → {names[target]}"
            panels.append(course(alt, own, period, name, "dyad", (FOR, AGAINST)[n], span))
            told.append(f"{name}: {changed(own, period)}")
    what = channel or "deeds, words and positions together"
    notes = (f"A point a {period}: {what}, larger with more records; bars: 95 % intervals, from four reports on.",
             "Thick lines: levels. Broken lines: changes of level.")  # fmt: skip
    title = f"{names[codes[0]]} and {names[codes[1]]}"
    found = {
        "scores": rows,
        "changes": [row for row in changes(store, question) if row["channel"] == (channel or "all")],
    }
    return Plot(title, f"{notes[0]} {'; '.join(told)}.", found, finished(alt, alt.vconcat(*panels), title, notes))
