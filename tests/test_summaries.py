"""What is kept of the parts for alignment gives what the parts give, and stands aside where it cannot be."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from communique.alignment.moves import Moves, moves
from communique.records import Coding, Record, Report
from communique.store import Correction, Filters, Store, Ties, summaries
from factories import actor, event, position

CODES = ("RUS", "USA", "CHN", "UKR")
DAYS = ("2022-01-05", "2022-01-06", "2022-02-10")
TEXT = "Envoys met and spoke of what was to be done about all of it."


def some(number: int, rng: random.Random) -> Coding:
    name, day = f"r{number:04}", rng.choice(DAYS)

    def sides() -> tuple[str, str]:
        return " ".join(rng.sample(CODES, rng.randrange(1, 3))), " ".join(rng.sample(CODES, rng.randrange(3)))

    records: list[Record] = []
    for n in range(rng.randrange(4)):
        told = (actor(rng.choice(CODES)),) if rng.random() < 0.3 else ()
        if rng.random() < 0.6:
            kind, quad, score = rng.choice((("AID", 2, 7.0), ("ACCUSE", 3, -2.0), ("ASSAULT", 4, -9.0)))
            made: Record = event(
                name, n, *sides(), type=kind, quad=quad, goldstein=score, attributed_to=told,
                confidence=rng.choice((0.4, 0.8)), status=rng.choice(("actual", "actual", "denied")),
            )  # fmt: skip
        else:
            made = position(
                name, n, *sides(), issue=rng.choice(("nato", "")), stance=rng.choice(("support", "oppose")),
                attributed_to=told, confidence=0.6,
            )  # fmt: skip
        records.append(made)
    return Coding(Report(name, f"{TEXT} {number}", published=day), tuple(records))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = random.Random(3)
    made = [some(number, rng) for number in range(120)]
    with Store.create(tmp_path_factory.mktemp("kept") / "store") as store:
        for start in range(0, 120, 40):
            store.writer.add(made[start : start + 40])
        records = [record for each in made for record in each.records]
        for record in records[::7]:
            store.correct(Correction("reject", record.id, who="a"))
    return store.path


@pytest.fixture
def slow(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store, asked without what is kept."""
    with Store.open(path) as store:
        asked = store._ask
        monkeypatch.setattr(store, "_ask", lambda *args, **named: asked(*args, **{**named, "over": ""}))
        yield store


FILTERS = [
    Filters(), Filters(since="2022-01-06"), Filters(until="2022-01-05"), Filters(min_confidence=0.5),
    Filters(since="2022-02", until="2022-02", min_confidence=0.7),
]  # fmt: skip


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("actors", [(), ("RUS",), ("RUS", "UKR"), ("RUS", "USA", "XXX"), ("XXX",)])
def test_ties_and_stances_are_those_of_the_parts(path: Path, slow: Store, actors: tuple[str, ...], raw: bool) -> None:
    slow.raw = raw
    with Store.open(path, raw=raw) as quick:
        for filters in FILTERS:
            for channel in ("", "deeds", "words", "positions"):
                assert same(quick.ties(actors, filters, "day", channel), slow.ties(actors, filters, "day", channel))
            assert same(quick.stances(actors, filters), slow.stances(actors, filters))
        assert len(list((path / summaries.FOLDER).glob("*.parquet"))) == 3 * len(quick._catalogue.live_names())
        assert list(quick.tie_records("RUS", "UKR")) == list(slow.tie_records("RUS", "UKR"))
        assert list(quick.stance_records(("RUS",))) == list(slow.stance_records(("RUS",)))


@pytest.mark.parametrize("raw", [False, True])
def test_some_at_a_time_they_are_the_same(path: Path, raw: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [((), Filters()), (("RUS",), Filters(since="2022-01-06")), (("RUS", "USA", "UKR"), FILTERS[3])]
    with Store.open(path, raw=raw) as store:
        whole = [rows(store.ties(actors, filters, "day")) for actors, filters in asked]
        ties = store.ties(period="day")
        at_once = moves(ties, "2022-01-06", draws=0)
        for held in (1, 60, 10**6):
            monkeypatch.setattr("communique.store.tied._ROWS", held)
            assert [rows(store.ties(actors, filters, "day")) for actors, filters in asked] == whole
            parts = list(store.ties_by_source(period="day"))
            assert sum(len(part) for part in parts) == len(ties)
            assert said(moves(parts, "2022-01-06", draws=0)) == said(at_once)
            for filters in FILTERS:
                assert summed(store.tie_sums(filters)) == summed(store.ties((), filters))
        assert len(at_once)


def summed(ties: Ties) -> dict[tuple[str, str, str], tuple[float, float, int]]:
    found: dict[tuple[str, str, str], tuple[float, float, int]] = {}
    for n in range(len(ties)):
        key = ties.actors[ties.source[n]], ties.actors[ties.target[n]], ties.periods[ties.period[n]]
        value, weight, records = found.get(key, (0.0, 0.0, 0))
        found[key] = value + ties.value[n], weight + ties.weight[n], records + int(ties.records[n])
    return {key: (round(value, 9), round(weight, 9), records) for key, (value, weight, records) in found.items()}


def said(moved: Moves) -> list[tuple[object, ...]]:
    return sorted(
        (moved.actors[moved.source[n]], moved.actors[moved.target[n]], round(moved.change[n], 9), int(moved.records[n]))
        for n in range(len(moved))
    )


def same(one: object, other: object) -> bool:
    """Whether two answers have the same rows; they come in no order, and sums differ in their last digits."""
    return rows(one) == rows(other)


def rows(told: object) -> list[tuple[object, ...]]:
    names = ("channel", "source", "target", "actor", "issue", "period", "report", "value", "weight", "records")
    columns = [np.round(getattr(told, name), 9).tolist() for name in names if hasattr(told, name)]
    labels = (told.actors, told.periods, told.reports) if isinstance(told, Ties) else ()
    return [*sorted(zip(*columns, strict=True)), labels]


def test_what_is_torn_or_cannot_be_kept_is_worked_out_again(path: Path, slow: Store) -> None:
    wanted = rows(slow.ties(("RUS", "UKR")))
    with Store.open(path) as store:
        assert rows(store.ties(("RUS", "UKR"))) == wanted
        for file in (path / summaries.FOLDER).iterdir():
            file.write_bytes(b"PAR1 no such thing PAR1")
        assert rows(store.ties(("RUS", "UKR"))) == wanted
        assert rows(store.ties(("RUS", "UKR"))) == wanted
        summaries.sweep(path / summaries.FOLDER, ())
        (path / summaries.FOLDER).rmdir()
        (path / summaries.FOLDER).write_text("in the way")
        assert rows(store.ties(("RUS", "UKR"))) == wanted
        (path / summaries.FOLDER).unlink()


def test_what_is_torn_is_made_again_by_a_program_that_remembers_nothing(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        wanted = rows(store.ties())
    other = shutil.copytree(path, tmp_path / "copy")
    for file in (other / summaries.FOLDER).iterdir():
        file.write_bytes(b"PAR1")
    with Store.open(other) as store:
        assert rows(store.ties()) == wanted


def test_what_is_kept_of_parts_that_are_gone_is_swept(tmp_path: Path) -> None:
    rng = random.Random(4)
    with Store.create(tmp_path / "store") as store:
        for number in range(3):
            store.writer.add([some(number + 1, rng)])
        before = rows(store.ties())
        store.writer.compact()
        assert rows(store.ties()) == before
        store.writer.compact(grace=-store_grace())
        kept = {path.name.split(".")[0] for path in (tmp_path / "store" / summaries.FOLDER).iterdir()}
        assert kept == set(store._catalogue.live_names())


def store_grace():  # type: ignore[no-untyped-def]
    from communique.store.writer import GRACE

    return GRACE
