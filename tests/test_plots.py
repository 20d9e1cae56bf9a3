"""Plots of dyads, issues and networks: their numbers are those of alignment, and they draw themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from IPython.core.formatters import DisplayFormatter

import factories
import simulated
from communique import frames, plots
from communique.alignment.views import Asked, changes, held, in_blocs, over_time
from communique.errors import OutputError, QueryError
from communique.records import Coding, DateInterval
from communique.store import Filters, Store
from communique.store.written import write_codings

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>"


def _turning(i: int, j: int, t: int) -> float:
    """Two camps: 0 and 1 against 2 and 3; 0 turns from 2 after the twentieth period."""
    if {i, j} == {0, 2}:
        return 0.85 if t < 20 else 0.1
    return 0.85 if (i < 2) == (j < 2) else 0.15


def _positions() -> Iterator[Coding]:
    for number in range(80):
        day = (date(2018, 1, 10) + timedelta(days=18 * number)).isoformat()
        holder = ("FRA", "RUS", "CHN", EVIL)[number % 4]
        stance = "support" if holder == "FRA" or (holder == "CHN" and number < 40) else "oppose"
        made = factories.coding(1000 + number)
        report = replace(made.report, published=day)
        held_ = factories.position(
            report.id, 0, holder, "", stance=stance, issue="sanctions", confidence=0.9,
            date=DateInterval(day, day, "day", day),
        )  # fmt: skip
        yield Coding(report, (held_,))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("plotted") / "store"
    with Store.create(folder) as made:
        many = [*simulated.codings(4, 40, _turning, reports=24, days=30, seed=7), *_positions()]
        made.writer.commit([write_codings(folder, ((each, each.report.id) for each in many))])
    with Store.open(folder) as opened:
        yield opened


def drawn(plot: plots.Plot) -> ElementTree.Element:
    return ElementTree.fromstring(plot.svg())


def words(plot: plots.Plot) -> str:
    return " ".join("".join(each.itertext()) for each in drawn(plot).iter(f"{SVG}text"))


def test_a_dyad_has_the_scores_intervals_and_changes_of_alignment(store: Store) -> None:
    plot = plots.dyad(store, "S00", "S02", by="month", draws=100)
    asked = Asked(("S00", "S02"), period="month", draws=100)
    assert plot.rows["scores"] == [row for row in over_time(store, asked) if row["channel"] == "all"]
    found = [row for row in changes(store, asked) if row["channel"] == "all"]
    assert {(r["source"], r["period"]) for r in plot.rows["changes"]} == {(r["source"], r["period"]) for r in found}
    assert len(found) == 2  # both sides turned
    text = words(plot)
    assert "S00 → S02" in text and "S02 → S00" in text and str(found[0]["period"])[:7] in text
    assert plot.title == "S00 and S02" and "1 change of level" in plot.description


@pytest.mark.parametrize(("by", "named"), [("", "quarter"), ("year", "year")])
def test_periods_are_chosen_so_that_they_can_be_seen(store: Store, by: str, named: str) -> None:
    plot = plots.dyad(store, "s00", "s02", by=by, draws=0)
    assert f"a {named}" in plot.description
    assert all(row["low"] is None for row in plot.rows["scores"])


def test_filters_leave_out_what_is_not_asked_for(store: Store) -> None:
    plot = plots.dyad(store, "S00", "S02", filters=Filters(since="2020", until="2020-06"), draws=0)
    assert {str(row["period"])[:4] for row in plot.rows["scores"]} == {"2020"}
    with pytest.raises(QueryError, match="since, until and min_confidence"):
        plots.dyad(store, "S00", "S02", filters=Filters(type="AID"))


def test_an_issue_shows_who_stands_where_and_how_that_changed(store: Store) -> None:
    plot = plots.issue(store, "sanctions", by="quarter", draws=100)
    expected = list(held(store, Asked(draws=100, issue="sanctions")))
    assert sorted(plot.rows["actors"], key=str) == sorted(
        ({**row, "name": name["name"]} for row, name in zip(expected, by_actor(plot, expected), strict=True)), key=str
    )
    stances = [row["stance"] for row in plot.rows["actors"]]
    assert stances == sorted(stances, key=lambda each: -float(each or 0))
    assert sum(int(row["support"] or 0) + int(row["oppose"] or 0) for row in plot.rows["periods"]) == 80
    assert len(plot.rows["changes"]) == 1  # China turned half-way
    assert "China" in words(plot) and "script" not in {each.tag for each in drawn(plot).iter()}
    assert EVIL.upper() in words(plot)


def by_actor(plot: plots.Plot, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    own = {row["actor"]: row for row in plot.rows["actors"]}
    return [own[row["actor"]] for row in rows]  # type: ignore[misc]


def test_a_network_has_the_blocs_of_alignment(store: Store) -> None:
    only = Filters(until="2019")
    plot = plots.network(store, size=4, filters=only, draws=5)
    assert {row["actor"] for row in plot.rows["actors"]} == {"S00", "S01", "S02", "S03"}
    asked = Asked(tuple(str(row["actor"]) for row in plot.rows["actors"]), only, draws=5)
    assert {row["actor"]: (row["bloc"], row["stays"]) for row in plot.rows["actors"]} == {
        row["actor"]: (row["bloc"], row["stays"]) for row in in_blocs(store, asked)
    }
    friends = {frozenset((row["actor"], row["other"])) for row in plot.rows["ties"] if float(row["affinity"] or 0) > 0}
    assert frozenset(("S00", "S01")) in friends and frozenset(("S01", "S02")) not in friends
    assert plot.svg() == plots.network(store, size=4, filters=only, draws=5).svg()  # the same every time
    assert plot.title == "Network of 4 actors" and "bloc 1" in plot.description.lower()


def test_a_plot_shows_itself_as_svg_that_runs_and_fetches_nothing(store: Store) -> None:
    plot = plots.network(store, size=4, draws=0)
    data, more = DisplayFormatter().format(plot)
    assert set(data) == {"image/svg+xml", "text/plain"}
    assert data["text/plain"] == more["image/svg+xml"]["alt"] == f"{plot.title}: {plot.description}"
    picture = ElementTree.fromstring(data["image/svg+xml"])
    assert picture.get("role") == "img" and picture[0].text == plot.title and picture[1].text == plot.description
    for each in picture.iter():
        assert each.tag != f"{SVG}script"
        assert not [name for name in each.attrib if name.startswith("on") or name.endswith("href")]


def test_a_plot_is_saved_and_its_numbers_are_a_table(store: Store, tmp_path: Path) -> None:
    plot = plots.issue(store, "sanctions", draws=0)
    for name, begins in (("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.html", b"<!DOCTYPE html>"), ("a.json", b"{")):
        assert plot.save(tmp_path / name).read_bytes().startswith(begins)
    html = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script" not in html and 'alt="' in html
    with pytest.raises(OutputError, match="html, json, png, svg"):
        plot.save(tmp_path / "a.gif")
    with pytest.raises(OutputError, match="cannot be written"):
        plot.save(tmp_path / "no" / "a.svg")
    assert frames.to_pandas(plot.rows["actors"])["records"].sum() == 80


def test_charts_are_altair_to_build_on(store: Store) -> None:
    chart = plots.dyad(store, "S00", "S02", draws=0).chart
    assert chart.properties(title="mine").to_dict()["title"] == "mine"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda store: plots.dyad(store, "S00", "S99"), "'S99'"),
        (lambda store: plots.dyad(store, "S00", "S00"), "given twice"),
        (lambda store: plots.issue(store, "sanction"), "Did you mean 'sanctions'"),
        (lambda store: plots.dyad(store, "S00", "S02", by="decade"), "'decade'"),
        (lambda store: plots.network(store, filters=Filters(since="2031")), "nothing to draw"),
        (lambda store: plots.issue(store, "sanctions", filters=Filters(since="2031")), "nothing to draw"),
        (lambda store: plots.network(store, size=1), "2 or more"),
    ],
)
def test_what_cannot_be_drawn_is_told(store: Store, call: object, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        call(store)  # type: ignore[operator]
