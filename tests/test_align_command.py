"""`communique align`, run for real on a store of simulated reports: every view, every form, every mistake."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import simulated
from communique.alignment.views import VIEWS
from communique.cli.main import app
from communique.records import Coding, DateInterval, Report
from communique.store import Store
from factories import position


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of reports on four states, two and two; S01 and S02 fall out in the second year."""

    def warmth(i: int, j: int, t: int) -> float:
        if {i, j} == {1, 2}:
            return 0.9 if t < 12 else 0.1
        return 0.8 if i % 2 == j % 2 else 0.3

    path = tmp_path_factory.mktemp("stores") / "store"
    with Store.create(path) as opened:
        opened.writer.add(list(simulated.codings(4, 24, warmth, reports=40, days=30, seed=2)))
        for n, (day, stance) in enumerate([("2018-02-01", "support"), ("2019-06-01", "oppose")]):
            when = DateInterval(day, day, "day", day)
            held = [
                position(f"p{n}", 0, "S00", "", issue="aukus", stance=stance, date=when, confidence=0.8),
                position(f"p{n}", 1, "S02", "S01", issue="", stance="support", date=when, confidence=0.8),
                position(f"p{n}", 2, "S02", "", issue="aukus", stance="oppose", date=when, confidence=0.8),
            ]
            opened.writer.add([Coding(Report(f"p{n}", f"Words {n}.", published=day), tuple(held), ())])
    return path


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["align", *map(str, arguments)])


def rows(*arguments: object) -> list[dict[str, str]]:
    result = run(*arguments, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


EXTRA = {"moves": ["--split", "2019"], "records": ["S00", "S01"]}


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_in_every_form(name: str, store: Path) -> None:
    asked = (name, "--store", store, "--draws", 100, *EXTRA.get(name, ()))
    table, lines = run(*asked), run(*asked, "--format", "jsonl")
    assert table.exit_code == lines.exit_code == 0, table.stderr + lines.stderr
    found = rows(*asked)
    assert len(found) == len(lines.stdout.splitlines()) > 0
    assert list(json.loads(lines.stdout.splitlines()[0])) == list(found[0]) == table.stdout.splitlines()[0].split()
    limited = rows(*asked, "--limit", 1)
    assert limited == found[:1]


def test_the_same_question_has_the_same_answer(store: Path) -> None:
    asked = ("dyads", "--store", store, "--draws", 100)
    assert rows(*asked) == rows(*asked) != rows(*asked, "--seed", 1)


def test_dyads_of_some_actors_and_a_channel(store: Path) -> None:
    found = rows("dyads", "s00", "S02", "--store", store, "--channel", "deeds", "--draws", 200)
    assert {(r["channel"], r["source"], r["target"]) for r in found} == {
        ("deeds", "S00", "S02"),
        ("deeds", "S02", "S00"),
    }
    for r in found:
        assert -1 <= float(r["low"]) < float(r["score"]) < float(r["high"]) <= 1
        assert float(r["score"]) > 0


def test_a_score_opens_to_its_records(store: Path) -> None:
    [score] = [r for r in rows("dyads", "S01", "S02", "--store", store, "--channel", "words") if r["source"] == "S01"]
    behind = [r for r in rows("records", "S01", "S02", "--store", store, "--channel", "words") if r["source"] == "S01"]
    assert len(behind) == int(score["records"])
    weights = [float(r["confidence"]) for r in behind]
    mean = sum(w * float(r["value"]) for w, r in zip(weights, behind, strict=True)) / sum(weights)
    assert mean == pytest.approx(float(score["score"]), abs=1e-4)
    with Store.open(store) as opened:
        assert opened.record(behind[0]["record"]).report == behind[0]["report"]


def test_the_planted_change_is_found(store: Path) -> None:
    changed = rows("changes", "S01", "S02", "--store", store)
    assert {r["source"] for r in changed} == {"S01", "S02"}
    assert all("2018-11-01" <= r["period"] <= "2019-02-01" for r in changed)
    first = rows("moves", "--store", store, "--split", "2019-01", "--draws", 200)[0]
    assert {first["source"], first["target"]} == {"S01", "S02"}
    assert first["sure"] == "1"
    assert float(first["change"]) < 0


def test_shifts_and_contradictions_name_both_records(store: Path) -> None:
    [shift] = rows("shifts", "--store", store)
    assert (shift["actor"], shift["issue"], shift["record"], shift["against"]) == ("S00", "aukus", "p0-p0", "p1-p0")
    against = rows("contradictions", "S02", "--store", store, "--within", 30)
    assert {(r["actor"], r["toward"], r["stance"], r["deed"]) for r in against} == {
        ("S02", "S01", "support", "SANCTION")
    }
    assert run("contradictions", "S02", "--store", store, "--until", "2018-01-02").stdout.startswith(
        "No contradictions"
    )


MISTAKES = [
    (["dyad"], "No view 'dyad'."),
    (["dyads", "--channel", "thoughts"], "No channel 'thoughts'."),
    (["series", "--by", "fortnight"], "No period 'fortnight'."),
    (["moves"], "Give --split"),
    (["moves", "--split", "1999"], "does not part"),
    (["moves", "--split", "soon"], "'soon' is no date"),
    (["records", "S00", "S01", "S02"], "Name two"),
    (["dyads", "--draws", "5"], "too few"),
    (["dyads", "--since", "2022", "--until", "2020"], "backwards"),
]


@pytest.mark.parametrize(("arguments", "told"), MISTAKES)
def test_mistakes_are_told_in_a_sentence(arguments: list[str], told: str, store: Path) -> None:
    result = run(*arguments, "--store", store)
    assert result.exit_code != 0
    assert result.stdout == ""
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    result = run("dyads", "--store", tmp_path / "none")
    assert result.exit_code != 0
    assert "No store at" in result.stderr
