"""Alignment over stores: what counts once, whose it is, and that planted blocs, changes and means are found."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import simulated
from communique.alignment import moves as movements
from communique.alignment import scores
from communique.alignment.agreement import agreement, profile_intervals, profiles
from communique.alignment.blocs import adjusted_rand, blocs
from communique.alignment.held import held
from communique.alignment.moves import moves, series
from communique.alignment.scores import affinity, dyad_scores
from communique.alignment.shifts import contradictions, shifts
from communique.alignment.views import VIEWS, Asked, over_time, shifted, view
from communique.errors import QueryError, StoreError
from communique.records import Coding, DateInterval, Event, Position, Report
from communique.store import CHANNELS, Filters, Stances, Store, Ties
from factories import actor, event, position


def dated(day: str) -> DateInterval:
    return DateInterval(day, day, "day", day)


def made(path: Path, reports: Sequence[Coding]) -> Store:
    store = Store.create(path)
    store.writer.add(list(reports))
    return store


def report(name: str, day: str, *records: Event | Position, text: str = "") -> Coding:
    found = tuple(replace(r, date=r.date if r.date.start else dated(day)) for r in records)
    return Coding(Report(name, text or f"Report {name}.", published=day), found, ())


def scored(store: Store) -> dict[tuple[str, str, str], float]:
    """Return the scores as {(channel, source, target): score}, rounded."""
    found = dyad_scores(store.ties())
    return {
        (CHANNELS[c], found.actors[s], found.actors[t]): round(float(score), 3)
        for c, s, t, score in zip(found.channel, found.source, found.target, found.score, strict=True)
    }


_MARCH = [f"2022-03-{n:02}" for n in range(1, 29)]
AID = {"type": "AID", "quad": 2, "goldstein": 7.0}
ASSAULT = {"type": "ASSAULT", "quad": 4, "goldstein": -9.0}
ACCUSE = {"type": "ACCUSE", "quad": 3, "goldstein": -2.0}

# What a report holds, and the scores that come of it.
COUNTED = [
    ([event("r", 0, "RUS", "CHN", **AID)], {("deeds", "RUS", "CHN"): 0.7}),
    ([event("r", 0, "RUS", "CHN", **ACCUSE)], {("words", "RUS", "CHN"): -0.2}),
    # the mean is weighed by confidence
    (
        [event("r", 0, "RUS", "CHN", **AID, confidence=0.9), event("r", 1, "RUS", "CHN", **ASSAULT, confidence=0.3)],
        {("deeds", "RUS", "CHN"): 0.3},
    ),
    # who did it together, did it to each other; who did it to a third, did not
    ([event("r", 0, "RUS CHN", "")], {("words", "RUS", "CHN"): 0.19, ("words", "CHN", "RUS"): 0.19}),
    ([event("r", 0, "RUS CHN", "USA", **ACCUSE)], {("words", "RUS", "USA"): -0.2, ("words", "CHN", "USA"): -0.2}),
    # ... who condemned or punished together did not do it to each other
    ([event("r", 0, "SAU EGY", "", **ACCUSE)], {}),
    ([event("r", 0, "DEU FRA", "", **{**ASSAULT, "type": "SANCTION"})], {}),
    # what was not done does not count
    *[
        ([event("r", 0, "RUS", "CHN", **AID, status=status)], {})
        for status in ("planned", "hypothetical", "denied", "historical")
    ],
    # "Russia said Ukraine attacked the United States": Russia's word of Ukraine, and nobody's deed
    (
        [event("r", 0, "UKR", "USA", **ASSAULT, attributed_to=(actor("RUS"),))],
        {("words", "RUS", "UKR"): -0.45},
    ),
    # ... unless it is the doer that tells it
    ([event("r", 0, "UKR", "USA", **ASSAULT, attributed_to=(actor("UKR"),))], {("deeds", "UKR", "USA"): -0.9}),
    # ... and of joint doers only the one that tells it; of the other it is a claim
    (
        [event("r", 0, "RUS CHN", "UKR", **ASSAULT, attributed_to=(actor("RUS"),))],
        {("deeds", "RUS", "UKR"): -0.9, ("words", "RUS", "CHN"): -0.45},
    ),
    # what somebody says that another did or said in peace is no word for it or against it
    ([event("r", 0, "USA", "UKR", **AID, attributed_to=(actor("RUS"),))], {}),
    ([event("r", 0, "CHN", "USA", **ACCUSE, attributed_to=(actor("RUS"),))], {}),
    ([position("r", 0, "RUS CHN", "USA", attributed_to=(actor("RUS"),))], {("positions", "RUS", "USA"): -1.0}),
    ([position("r", 0, "CHN", "USA")], {("positions", "CHN", "USA"): -1.0}),
    ([position("r", 0, "CHN RUS", "USA", stance="support")],
     {("positions", "CHN", "USA"): 1.0, ("positions", "RUS", "USA"): 1.0}),
    # what another says that one holds is not held
    ([position("r", 0, "CHN", "USA", attributed_to=(actor("UKR"),))], {}),
    ([position("r", 0, "CHN", "CHN")], {}),
    # of one day and sort the surest counts, once
    (
        [event("r", 0, "RUS", "CHN", **AID, confidence=0.4), event("r", 1, "RUS", "CHN", **{**AID, "goldstein": 6.0})],
        {("deeds", "RUS", "CHN"): 0.6},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), COUNTED)
def test_what_counts_and_whose_it_is(
    records: list[Event | Position], expected: dict[tuple[str, str, str], float], tmp_path: Path
) -> None:
    confident = [r if r.confidence else replace(r, confidence=0.5) for r in records]
    with made(tmp_path / "s", [report("r", "2022-02-04", *confident)]) as store:
        assert scored(store) == expected


def test_a_story_copied_a_hundred_times_moves_no_score(tmp_path: Path) -> None:
    told = [
        report("a", "2022-02-04", event("a", 0, "RUS", "CHN", **AID), text="Russia sent China food."),
        report("b", "2022-02-09", event("b", 0, "RUS", "CHN", **ASSAULT), text="Russian ships fired at a Chinese one."),
    ]
    # The same words in another case and spacing, published on later days, with no day of the event's own.
    copies = [
        report(f"c{n}", _MARCH[n % 28], event(f"c{n}", 0, "RUS", "CHN", **AID), text="RUSSIA sent  CHINA food.")
        for n in range(100)
    ]  # fmt: skip
    with made(tmp_path / "once", told) as once, made(tmp_path / "often", told + copies) as often:
        assert scored(often) == scored(once) == {("deeds", "RUS", "CHN"): -0.1}
        both = [dyad_scores(s.ties(), intervals=200) for s in (once, often)]
        np.testing.assert_array_equal(both[0].low, both[1].low)
        assert both[0].reports.tolist() == both[1].reports.tolist() == [2]


_SENT = """Russia sent two hundred lorries of wheat and medicine to the Chinese province of Sichuan on Friday, a week \
after the earthquake that left Chengdu without power.

Drivers from Omsk said that they had crossed the border at Zabaikalsk before dawn. Chinese officers met them with \
bread and tea, and showed them the road to the camps near Mianyang.

Deputy minister Pavel Sorin called the convoy the largest since 2008. A second one of 150 lorries is to leave Irkutsk \
on 12 February, he told reporters in Moscow, if the pass above Ulan-Ude stays open.

The regional party chief, Li Wenhua, thanked the drivers and said that 40,000 people still slept in tents."""


def _near_copy(number: int) -> str:
    """The same report under another headline and by-line, its tail cut off, a word changed here and there."""
    rng = random.Random(number)
    words = _SENT.replace("before dawn", rng.choice(["at dawn", "by night", "before dawn"])).split(" ")
    kept = " ".join(words[: len(words) - rng.randint(0, 40)])
    headline = f"{rng.choice(['Help', 'Wheat', 'Lorries'])} from the north, day {number}"
    return f"{headline}\n\nBy Anna {rng.choice('KLM')}oss\n\n{kept}"


def test_near_copies_move_no_score_either(tmp_path: Path) -> None:
    told = [
        report("a", "2022-02-04", event("a", 0, "RUS", "CHN", **AID), text=_SENT),
        report("b", "2022-02-09", event("b", 0, "RUS", "CHN", **ASSAULT), text="Russian ships fired at a Chinese one."),
    ]
    copies = [
        report(f"c{n}", _MARCH[n % 28], event(f"c{n}", 0, "RUS", "CHN", **AID), text=_near_copy(n)) for n in range(100)
    ]
    with made(tmp_path / "once", told) as once, made(tmp_path / "often", told + copies) as often:
        assert set(often.first_told()) == {"a", "b"}
        assert scored(often) == scored(once) == {("deeds", "RUS", "CHN"): -0.1}
        both = [dyad_scores(s.ties(period="week"), intervals=200, by_period=True) for s in (once, often)]
        np.testing.assert_array_equal(both[0].score, both[1].score)
        np.testing.assert_array_equal(both[0].low, both[1].low)
        assert both[0].reports.tolist() == both[1].reports.tolist()


def test_a_copy_cut_short_that_came_first_does_not_stand_for_the_whole(tmp_path: Path) -> None:
    whole = [event("whole", n, "RUS", "CHN", **AID, mode=f"m{n}") for n in range(4)]
    brief = report("brief", "2022-02-04", event("brief", 0, "RUS", "CHN", **AID), text=_SENT[:430])
    with made(tmp_path / "s", [brief, report("whole", "2022-02-05", *whole, text=_SENT)]) as store:
        assert store.first_told() == {"whole": "2022-02-04"}
        assert store.ties().records.tolist() == [4]


def test_what_several_reports_tell_of_one_day_counts_once(tmp_path: Path) -> None:
    reports = [report(f"r{n}", "2022-02-04", event(f"r{n}", 0, "RUS", "CHN", **AID)) for n in range(5)]
    with made(tmp_path / "s", reports) as store:
        ties = store.ties()
        assert ties.records.tolist() == [1]
        [(told, record)] = store.tie_records("rus", "CHN")
        assert (told.source, told.target) == ("RUS", "CHN")
        assert (told.channel, told.sort, told.day, told.value) == ("deeds", "AID/visit", "2022-02-04", 0.7)
        assert isinstance(record, Event)


def test_filters_of_ties(tmp_path: Path) -> None:
    reports = [
        report("a", "2021-05-01", event("a", 0, "RUS", "CHN", **AID)),
        report(
            "b", "2022-05-01", event("b", 0, "RUS", "CHN", **ASSAULT), position("b", 1, "RUS", "USA", confidence=0.9)
        ),
        report("c", "2022-05-02", event("c", 0, "FRA", "CHN", **AID)),
    ]
    with made(tmp_path / "s", reports) as store:
        assert set(store.ties(("rus", "CHN")).actors) == {"RUS", "CHN"}
        assert len(store.ties(("RUS", "CHN"))) == 2
        assert len(store.ties(filters=Filters(since="2022"))) == 3
        assert len(store.ties(channel="positions")) == 1
        assert len(store.ties(filters=Filters(min_confidence=0.85))) == 1
        assert store.ties(period="month").periods == ("2021-05-01", *(f"2021-{m:02}-01" for m in range(6, 13)),
                                                      *(f"2022-{m:02}-01" for m in range(1, 6)))  # fmt: skip
        assert store.ties(period="week").periods[0] == "2021-04-26"  # a Monday
        assert store.ties(period="year").periods == ("2021-01-01", "2022-01-01")
        for wrong in ({"period": "fortnight"}, {"channel": "thoughts"}):
            with pytest.raises(QueryError, match=r"Known|There are|Did you|: "):
                store.ties(**wrong)  # type: ignore[arg-type]


def test_sums_are_the_same_in_whatever_order_they_are_added_up(tmp_path: Path) -> None:
    # 0.1 + 0.2 + 0.3 is 0.6 or a little more, as they are added; seven times as much good as bad may be -0.0 or 0.0.
    deeds = [("AGREE", 7.0, 0.1), ("AID", 7.0, 0.2), ("ASSAULT", -7.0, 0.3)]
    found = []
    for n, order in enumerate(itertools.permutations(deeds)):
        told = [
            event(f"r{n}", m, "RUS", "CHN", type=sort, goldstein=scale, confidence=sure)
            for m, (sort, scale, sure) in enumerate(order)
        ]
        found.append(report(f"r{n}", f"2022-03-{n + 1:02}", *told))
    with made(tmp_path / "store", found) as store:
        for ties in (store.ties(period="year"), store.ties(("RUS", "CHN"), period="year"), store.tie_sums()):
            assert set(ties.weight.tolist()) == {0.6 if len(ties.reports) > 1 else 3.6}
            assert {str(value) for value in ties.value.tolist()} == {"0.0"}
            keys = list(zip(ties.channel, ties.source, ties.target, ties.period, ties.report, strict=True))
            assert keys == sorted(keys)
        [line] = over_time(store, Asked(draws=0))
        assert str(line["score"]) == "0.0"


def test_an_empty_store_has_no_ties(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s") as store:
        assert len(store.ties()) == len(store.stances()) == 0
        assert len(dyad_scores(store.ties(), intervals=100)) == 0


def planted(tmp_path: Path, labels: Sequence[int], seed: int) -> Ties:
    """Return the ties of two years of reports on states whose relations go by their blocs."""

    def warmth(i: int, j: int, t: int) -> float:
        return 0.75 if labels[i] == labels[j] else 0.3

    reports = simulated.codings(len(labels), 24, warmth, reports=140, seed=seed)
    with made(tmp_path / f"s{seed}", list(reports)) as store:
        return store.ties()


def test_planted_blocs_are_found(tmp_path: Path) -> None:
    found = []
    for seed, sizes in enumerate([(8, 8), (6, 6, 6), (12, 6), (5, 5, 5, 5)]):
        labels = [bloc for bloc, size in enumerate(sizes) for _ in range(size)]
        ties = planted(tmp_path, labels, seed)
        places = [int(name[1:]) for name in ties.actors]
        found.append(adjusted_rand([labels[p] for p in places], blocs(affinity(ties), seed=seed).labels))
    assert np.mean(found) >= 0.95, found


def test_a_planted_change_is_found_within_a_period(tmp_path: Path) -> None:
    right = 0
    for seed in range(8):
        at = 14 + 3 * seed

        def warmth(i: int, j: int, t: int, at: int = at) -> float:
            return 0.85 if t < at else 0.15

        reports = simulated.codings(2, 52, warmth, reports=20, seed=seed)
        with made(tmp_path / f"s{seed}", list(reports)) as store:
            ties = store.ties(period="week")
        levels = [s for s in series(dyad_scores(ties, by_period=True, pooled=True)) if s.source == "S00"]
        assert len(levels) == 1
        right += [abs(c.at - at) <= 1 for c in levels[0].changes] == [True]
    assert right == 8


def clustered(rng: np.random.Generator, reports: int) -> Ties:
    """Return ties of one dyad: reports of one to four records that lean the same way."""
    sizes = rng.integers(1, 5, reports)
    lean = rng.normal(0.2, 0.3, reports)
    value = np.array([np.clip(rng.normal(m, 0.3, n), -1, 1).sum() for m, n in zip(lean, sizes, strict=True)])
    zero = np.zeros(reports, dtype=np.int64)
    return Ties(
        ("A", "B"), ("2022-01-01",), tuple(f"r{n:03}" for n in range(reports)), zero, zero, zero + 1, zero,
        np.arange(reports), value, sizes.astype(float), sizes.astype(np.int64),
    )  # fmt: skip


@pytest.mark.parametrize("reports", [12, 40, 150])
def test_intervals_cover_at_their_rate(reports: int) -> None:
    rng = np.random.default_rng(reports)
    means = clustered(rng, 200_000)
    truth = means.value.sum() / means.weight.sum()
    covered = 0
    for seed in range(1000):
        found = dyad_scores(clustered(rng, reports), intervals=400, seed=seed)
        covered += found.low[0] <= truth <= found.high[0]
    assert 920 <= covered <= 980


def test_what_is_reckoned_for_many_reports_is_what_draws_give(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    ties = [clustered(rng, 150) for _ in range(12)]
    reckoned = [dyad_scores(each, intervals=40) for each in ties]
    monkeypatch.setattr(scores, "MANY", 10**9)
    for each, found in zip(ties, reckoned, strict=True):
        drawn = dyad_scores(each, intervals=4000, seed=1)
        width = drawn.high[0] - drawn.low[0]
        assert found.low[0] == pytest.approx(drawn.low[0], abs=0.06 * width)
        assert found.high[0] == pytest.approx(drawn.high[0], abs=0.06 * width)


def test_moves_of_many_reports_are_reckoned_as_draws_give_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    one, other = clustered(rng, 130), clustered(rng, 140)
    two = np.concatenate([one.source, other.source])
    ties = Ties(
        ("A", "B"), ("2022-01-01", "2022-01-02"), tuple(map(str, range(250))), two, two, two + 1,
        np.concatenate([one.period, other.period + 1]),
        np.concatenate([one.report, other.report + 110]),  # twenty reports tell of both days
        *(np.concatenate([getattr(one, name), getattr(other, name)]) for name in ("value", "weight", "records")),
    )  # fmt: skip
    found = moves(ties, "2022-01-02", draws=40)
    monkeypatch.setattr(movements, "MANY", 10**9)
    drawn = moves(ties, "2022-01-02", draws=4000)
    width = drawn.high[0] - drawn.low[0]
    assert found.change[0] == drawn.change[0]
    assert found.low[0] == pytest.approx(drawn.low[0], abs=0.06 * width)
    assert found.high[0] == pytest.approx(drawn.high[0], abs=0.06 * width)


def unanimous(rng: np.random.Generator, reports: int, share: float) -> Ties:
    """Return ties of one dyad whose reports hold one stance each, so many of them support."""
    zero, one = np.zeros(reports, dtype=np.int64), np.ones(reports)
    return Ties(
        ("A", "B"), ("2022-01-01",), tuple(f"r{n:03}" for n in range(reports)), zero + 2, zero, zero + 1, zero,
        np.arange(reports), np.where(rng.random(reports) < share, 1.0, -1.0), one, zero + 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "reports"),
    [(0.8, 5), (0.9, 8), (0.95, 12), (0.9, 20), (0.9, 40), (0.95, 40), (0.97, 80), (0.97, 120), (0.99, 200)],
)
def test_intervals_of_stances_that_hardly_differ_cover_too(share: float, reports: int) -> None:
    rng = np.random.default_rng(reports)
    found = [dyad_scores(unanimous(rng, reports, share), intervals=200, seed=seed) for seed in range(400)]
    assert sum(f.low[0] <= 2 * share - 1 <= f.high[0] for f in found) >= 0.92 * 400
    # that all say the same is no certainty, and no bound leaves the scale
    assert all(-1 <= f.low[0] < f.high[0] <= 1 for f in found)


def test_what_is_held_on_an_issue_has_an_interval_and_opens_to_its_records(tmp_path: Path) -> None:
    told = [
        report(f"r{n}", f"2022-02-{n:02}", position(f"r{n}", 0, "CHN", "USA", issue="aukus", confidence=0.5))
        for n in range(1, 8)
    ]
    told += [report("x", "2022-03-01", position("x", 0, "CHN", "USA", issue="aukus", stance="support", confidence=0.5))]
    told += [
        report("y", "2022-03-01", position("y", 0, "CHN", "RUS", issue="climate", stance="support", confidence=0.5))
    ]
    with made(tmp_path / "s", told) as store:
        asked = Asked(("CHN",), draws=400)
        aukus, climate = view("issues")(store, asked)
        assert (aukus["issue"], aukus["records"], aukus["stance"]) == ("aukus", 8, pytest.approx(-0.75))
        assert -1 <= aukus["low"] < -0.75 < aukus["high"] < 0.5
        assert (climate["issue"], climate["low"], climate["high"]) == (
            "climate",
            None,
            None,
        )  # one report tells nothing
        only = list(view("records")(store, replace(asked, issue="aukus")))
        assert len(only) == 8
        assert {row["target"] for row in only} == {"aukus"}
        assert sum(row["value"] for row in only) / 8 == pytest.approx(-0.75)
        assert isinstance(store.record(str(only[0]["record"])), Position)
        assert len(list(view("records")(store, asked))) == 9
        assert [row["issue"] for row in view("issues")(store, replace(asked, issue="climate"))] == ["climate"]


@pytest.mark.parametrize("reports", [8, 30])
def test_intervals_of_stances_on_an_issue_cover_at_their_rate(reports: int) -> None:
    rng, covered = np.random.default_rng(reports), 0
    for seed in range(400):
        value = np.where(rng.random(reports) < 0.7, 1.0, -1.0)
        zero, one = np.zeros(reports, dtype=np.int64), np.ones(reports)
        names = tuple(f"r{n:03}" for n in range(reports))
        stances = Stances(
            ("A",), ("i",), ("2022-01-01",), names, zero, zero, zero, np.arange(reports), value, one, zero + 1
        )
        held, _ = profiles(stances)
        low, high = profile_intervals(stances, held, 200, seed=seed)
        covered += bool(low[0, 0] <= 0.4 <= high[0, 0])
    assert covered >= 0.92 * 400


def test_three_reports_give_no_interval(tmp_path: Path) -> None:
    told = [report(f"r{n}", f"2022-02-0{n}", event(f"r{n}", 0, "RUS", "CHN", **AID)) for n in (1, 2, 3, 4)]
    with made(tmp_path / "s", told[:3]) as store:
        found = dyad_scores(store.ties(), intervals=100)
        assert np.isnan(found.low[0])
        assert found.score[0] == pytest.approx(0.7)
        store.writer.add(told[3:])
        assert dyad_scores(store.ties(), intervals=100).low[0] < 0.7
    with pytest.raises(QueryError, match="too few"):
        dyad_scores(store_ties := planted_one(), intervals=10)
    with pytest.raises(QueryError, match="no share"):
        dyad_scores(store_ties, intervals=100, level=95)


def planted_one() -> Ties:
    return clustered(np.random.default_rng(1), 5)


def test_who_moved_toward_whom(tmp_path: Path) -> None:
    def warmth(i: int, j: int, t: int) -> float:
        return 0.9 if (i, j) == (0, 1) and t >= 26 else 0.2 if (i, j) == (0, 1) else 0.5

    reports = simulated.codings(4, 52, warmth, reports=30, seed=3)
    with made(tmp_path / "s", list(reports)) as store:
        found = moves(store.ties(period="day"), "2018-07-02", draws=300)
        assert np.isnan(moves(store.ties(period="day"), "2018-07-02", draws=0).low).all()
        with pytest.raises(QueryError, match="too few"):
            moves(store.ties(period="day"), "2018-07-02", draws=1)
    first = (found.actors[found.source[0]], found.actors[found.target[0]])
    assert first == ("S00", "S01")
    assert found.sure[0]
    assert found.change[0] > 0.3
    assert sum(found.sure[n] for n in range(len(found))) <= 2  # of twelve, one moved
    with pytest.raises(QueryError, match="does not part"):
        moves(planted_one(), "2030-01-01")


def test_of_many_that_did_not_move_none_is_sure(tmp_path: Path) -> None:
    surely, apart = 0, 0
    for seed in range(6):
        reports = simulated.codings(8, 20, lambda i, j, t: 0.5, reports=60, seed=seed)
        with made(tmp_path / f"s{seed}", list(reports)) as store:
            found = moves(store.ties(period="day"), "2018-03-12", draws=200)
        surely += bool(found.sure.any())
        apart += int(np.sum((found.low > 0) | (found.high < 0)))
    assert apart >= 4  # of 56 dyads each, some intervals leave 0 out by chance
    assert surely <= 1


def test_a_move_is_reckoned_from_the_day_itself(tmp_path: Path) -> None:
    told = [report(f"a{n}", f"2022-02-2{n}", event(f"a{n}", 0, "RUS", "UKR", **AID)) for n in (1, 2, 3)]
    told += [report(f"b{n}", f"2022-02-2{n}", event(f"b{n}", 0, "RUS", "UKR", **ASSAULT)) for n in (4, 5, 6)]
    with made(tmp_path / "s", told) as store:
        found = moves(store.ties(period="day"), "2022-02-24", draws=0)
    assert (found.before[0], found.after[0]) == (pytest.approx(0.7), pytest.approx(-0.9))


def test_one_actor_is_asked_about_with_all_others(tmp_path: Path) -> None:
    told = [report("a", "2022-02-01", event("a", 0, "RUS", "CHN", **AID), event("a", 1, "FRA", "USA", **AID)),
            report("b", "2022-02-02", event("b", 0, "IND", "RUS", **AID))]  # fmt: skip
    with made(tmp_path / "s", told) as store:
        ties = store.ties(["rus"])
    assert ties.actors == ("CHN", "IND", "RUS")
    assert len(ties) == 2


def test_a_copy_without_a_day_hides_nothing(tmp_path: Path) -> None:
    told = [
        report(name, day, event(name, 0, "RUS", "CHN", **AID), text="Russia sent China food.")
        for name, day in (("a", ""), ("b", "2022-02-04"))
    ]
    empty = [replace(report(f"e{n}", f"2022-03-0{n}", event(f"e{n}", 0, "RUS", "USA", **AID)), report=Report(
        f"e{n}", "", published=f"2022-03-0{n}")) for n in (1, 2)]  # fmt: skip
    with made(tmp_path / "s", told + empty) as store:
        assert scored(store) == {("deeds", "RUS", "CHN"): 0.7, ("deeds", "RUS", "USA"): 0.7}
        assert sum(store.ties().records) == 3  # reports without words are not copies of each other


def test_a_record_of_a_long_time_counts_on_its_first_day(tmp_path: Path) -> None:
    war = event("a", 0, "RUS", "UKR", **ASSAULT, date=DateInterval("2014-03-01", "2022-12-31", "year", "since 2014"))
    with made(tmp_path / "s", [report("a", "2022-12-31", war)]) as store:
        assert store.ties(period="year").periods == ("2014-01-01",)
        assert len(store.ties(filters=Filters(since="2022"))) == 0


def test_stances_count_once_as_held_by_the_holder(tmp_path: Path) -> None:
    def held(name: str, n: int, holder: str, **fields: object) -> Position:
        return position(name, n, holder, "", **{"issue": "aukus", "stance": "oppose", "confidence": 0.5, **fields})

    told = [
        report("a", "2022-02-04", held("a", 0, "CHN RUS", attributed_to=(actor("CHN"),)),
               held("a", 1, "USA", status="planned"),
               text="China said it and Russia oppose AUKUS."),
        report("b", "2022-02-04", held("b", 0, "CHN")),
        report("c", "2022-03-01", held("c", 0, "CHN RUS"), text="China said  it and Russia oppose AUKUS."),
    ]  # fmt: skip
    with made(tmp_path / "s", told) as store:
        found = store.stances()
    assert found.actors == ("CHN",)
    assert found.records.tolist() == [1]


def test_a_brief_gives_joint_words_to_the_one_who_tells_them(tmp_path: Path) -> None:
    told = position("a", 0, "CHN RUS", "", issue="aukus", attributed_to=(actor("CHN"),), date=dated("2022-02-04"))
    with made(tmp_path / "s", [report("a", "2022-02-04", told)]) as store:
        [china], [russia] = (held([told], code, [], store.stances(["CHN", "RUS"]), None) for code in ("CHN", "RUS"))
    assert (china.stance, china.others) == ("oppose", 0)
    assert (russia.stance, russia.others) == ("", 1)


def test_friends_of_one_report_are_weak_ties(tmp_path: Path) -> None:
    with made(tmp_path / "s", [report("a", "2022-02-04", event("a", 0, "RUS", "CHN", **AID, confidence=0.8))]) as store:
        assert affinity(store.ties())[0, 1] == pytest.approx(0.7 * 0.8 / 2.8)


def test_levels_change_in_the_series(tmp_path: Path) -> None:
    reports = simulated.codings(2, 40, lambda i, j, t: 0.9 if t < 20 else 0.1, reports=10, seed=5)
    with made(tmp_path / "s", list(reports)) as store:
        rows = list(over_time(store, Asked(("S00", "S01"), period="week", draws=100)))
    levels = [row["level"] for row in rows if row["source"] == "S00"]
    assert len(set(levels)) == 2
    assert float(str(levels[0])) > 0.2 > -0.2 > float(str(levels[-1]))
    assert any(row["low"] is not None for row in rows)


def test_agreement_on_issues(tmp_path: Path) -> None:
    def held(name: str, n: int, holder: str, issue: str, stance: str) -> Position:
        return position(name, n, holder, "", issue=issue, stance=stance, confidence=0.5)

    reports = [
        report("a", "2022-02-04", held("a", 0, "RUS", "aukus", "oppose"), held("a", 1, "CHN", "aukus", "oppose")),
        report("b", "2022-02-05", held("b", 0, "RUS", "nato-enlargement", "oppose"),
               held("b", 1, "CHN", "nato-enlargement", "oppose"), held("b", 2, "USA", "nato-enlargement", "support")),
        report("c", "2022-02-06", held("c", 0, "RUS", "sanctions", "support"),
               held("c", 1, "CHN", "sanctions", "support"), held("c", 2, "USA", "aukus", "support")),
    ]  # fmt: skip
    with made(tmp_path / "s", reports) as store:
        found = agreement(store.stances())
    chn, rus, usa = (found.actors.index(code) for code in ("CHN", "RUS", "USA"))
    assert found.profiles[rus, found.issues.index("aukus")] == -1
    assert np.isnan(found.profiles[usa, found.issues.index("sanctions")])
    assert found.similarity.s[chn, rus] == 1
    assert found.similarity.kappa[chn, rus] == 1
    assert found.similarity.s[rus, usa] == -1
    assert found.similarity.shared[rus, usa] == 2


def test_shifts_and_contradictions() -> None:
    def held(day: str, stance: str, toward: str = "", issue: str = "aukus", **fields: object) -> Position:
        return position(day, 0, "AUS", toward, stance=stance, issue=issue, date=dated(day), **fields)

    first, again, turned = held("2020-01-01", "support"), held("2020-02-01", "support"), held("2021-01-01", "oppose")
    told = held("2020-06-01", "oppose", attributed_to=(actor("CHN"),))
    both = [held("2020-03-01", "oppose"), replace(held("2020-03-01", "support"), id="other")]
    [shift] = shifts([(p.date.start, p) for p in (turned, told, again, first, *both)])
    assert (shift.actor, shift.issue, shift.before, shift.after) == ("AUS", "aukus", again, turned)
    friendly = held("2022-01-10", "support", toward="FRA", issue="")
    deed = event("d", 0, "AUS", "FRA", **ASSAULT, date=dated("2022-02-01"))
    angry, later = (
        held("2022-01-20", "oppose", toward="FRA", issue=""),
        held("2022-02-10", "support", toward="FRA", issue=""),
    )
    late = event("e", 0, "AUS", "FRA", **ASSAULT, date=dated("2022-09-01"))
    planned = event("f", 0, "AUS", "FRA", **ASSAULT, status="planned", date=dated("2022-02-01"))
    deeds = [(e.date.start, e) for e in (deed, late, planned, event("g", 0, "AUS", "FRA", **AID))]
    [found] = contradictions([("2022-01-10", friendly), ("2020-01-01", first)], deeds)
    assert (found.actor, found.toward, found.words, found.deed, found.order) == (
        "AUS", "FRA", friendly, deed, "words first",
    )  # fmt: skip
    # words that were taken back are not held against a deed; those after it are, if there were none before
    assert contradictions([("2022-01-10", friendly), ("2022-01-20", angry)], deeds) == []
    [found] = contradictions([("2022-02-10", later)], deeds)
    assert found.order == "deed first"
    [found] = contradictions([("2022-02-01", friendly)], deeds)
    assert found.order == "same day"
    other = replace(deed, attributed_to=(actor("FRA"),))
    assert contradictions([("2022-01-10", friendly)], [("2022-02-01", other)]) == []
    said = replace(friendly, attributed_to=(actor("FRA"),))
    assert contradictions([("2022-01-10", said)], deeds) == []


def test_copies_make_no_shift(tmp_path: Path) -> None:
    def told(name: str, day: str, stance: str, text: str) -> Coding:
        return Coding(
            Report(name, text, published=day), (position(name, 0, "AUS", "", stance=stance, issue="aukus"),), ()
        )

    first, second = "Australia backs the pact.", "Australia opposes the pact."
    reports = [told("a", "2022-01-01", "support", first), told("b", "2022-02-01", "oppose", second)]
    reports += [told("c", "2022-03-01", "support", first), told("d", "2022-04-01", "oppose", second)]
    with made(tmp_path / "s", reports) as store:
        [row] = shifted(store, Asked())
    assert (row["until"], row["since"]) == ("2022-01-01", "2022-02-01")


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_of_little_or_nothing(name: str, tmp_path: Path) -> None:
    asked = Asked(("RUS", "ZZZ"), split="2022-02-04", draws=0)
    with Store.create(tmp_path / "none") as empty:
        if name == "moves":
            with pytest.raises(QueryError, match="does not part"):
                list(VIEWS[name](empty, asked))
        elif name != "balance":
            assert [row for row in VIEWS[name](empty, asked) if row.get("records")] == []
    with made(tmp_path / "one", [report("a", "2022-02-03", event("a", 0, "RUS CHN", "", **AID))]) as one:
        if name not in ("moves", "records"):
            list(VIEWS[name](one, replace(asked, actors=())))


def test_nobody_is_steady_on_one_report(tmp_path: Path) -> None:
    with made(tmp_path / "s", [report("a", "2022-02-03", event("a", 0, "RUS CHN IND", "", **AID))]) as store:
        assert [row["stays"] for row in VIEWS["blocs"](store, Asked(draws=100))] == [None, None, None]


def test_a_store_without_stories_is_told_so(tmp_path: Path) -> None:
    with made(tmp_path / "s", [report("a", "2022-02-03", event("a", 0, "RUS", "CHN", **AID))]) as store:
        [file] = (tmp_path / "s" / "parts").glob("*/reports.parquet")
        table = pq.read_table(file, partitioning=None)
        pq.write_table(table.drop_columns(["story"]), file)
        with pytest.raises(StoreError, match="earlier version"):
            store.ties()
