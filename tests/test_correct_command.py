"""`communique correct`, `communique audit`, `evaluate corrections`: corrections from the command line."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from communique.cli.main import app
from communique.evaluation.judged import audit, judged_of, precision
from communique.evaluation.proportions import stratified, wilson
from communique.store import Correction, Store
from communique.store.auditing import shares
from factories import coding

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def store(tmp_path: Path) -> str:
    with Store.create(tmp_path / "store") as made:
        made.writer.add([coding(n, paragraphs=3) for n in range(1, 41)])
    return str(tmp_path / "store")


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def events(store: str, report: str, *more: str) -> list[dict[str, Any]]:
    printed = run("show", "events", "--store", store, "--report", report, "--format", "jsonl", *more)
    return [json.loads(line) for line in printed.splitlines()]


def test_a_record_is_corrected_and_shown_so(store: str, tmp_path: Path) -> None:
    assert "accepted" in run("correct", "accept", "r000001-e0", "--store", store, "--who", "mb")
    run("correct", "reject", "r000001-e1", "--store", store, "--who", "mb", "--note", "no visit")
    run("correct", "amend", "r000001-e2", "--store", store, "--set", "type=AID", "--set", 'contexts=["legal"]')
    rows = [
        json.loads(line)
        for line in run("show", "events", "--store", store, "--report", "r000001", "--format", "jsonl").splitlines()
    ]
    assert [(row["id"], row["type"], row["quad"]) for row in rows] == [
        ("r000001-e0", "CONSULT", 1),
        ("r000001-e2", "AID", 2),
    ]
    assert (rows[1]["contexts"], rows[1]["mode"]) == (["legal"], "")
    assert [row["type"] for row in events(store, "r000001", "--raw")] == ["CONSULT"] * 3
    listed = run("correct", "list", "--store", store)
    assert "no visit" in listed
    run("correct", "withdraw", "r000001-e1", "--store", store, "--who", "mb")
    assert len(events(store, "r000001")) == 3
    exported = tmp_path / "c.jsonl"
    exported.write_text(run("correct", "export", "--store", store), encoding="utf-8")
    assert run("correct", "import", str(exported), "--store", store).startswith("0 corrections taken over, 4 already")


def test_what_is_missed_is_added_from_a_file(store: str, tmp_path: Path) -> None:
    row = json.loads(
        run("show", "events", "--store", store, "--report", "r000002", "--format", "jsonl").splitlines()[0]
    )
    file = tmp_path / "missed.jsonl"
    file.write_text(json.dumps({**row, "type": "AID", "id": ""}) + "\n")
    assert run("correct", "add", str(file), "--store", store, "--who", "mb").endswith("added.\n")
    assert len(run("show", "events", "--store", store, "--type", "AID", "--format", "jsonl").splitlines()) == 1
    file.write_text('{"kind": "event", "type": 3}\n')
    assert "missed.jsonl:1" in run_fails("correct", "add", str(file), "--store", store)


def run_fails(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code not in (0, None)
    assert "Traceback" not in done.output
    return done.output + (done.stderr if done.stderr_bytes else "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accept", "nobody"), "No record has an id"),
        (("amend", "r000001-e0", "--set", "kind=statement"), "No field 'kind'"),
        (("amend", "r000001-e0", "--set", "type=NOTHING"), "No event type 'NOTHING'"),
        (("amend", "r000001-e0", "--set", "confidence=high"), "--set"),
        (("import", "nowhere.jsonl"), "cannot be read"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(store: str, arguments: tuple[str, ...], says: str) -> None:
    assert says in run_fails("correct", *arguments, "--store", store)


# Audit


def test_a_draw_takes_of_each_stratum_its_share_and_the_same_with_the_same_seed(store: str) -> None:
    with Store.open(store) as opened:
        one, two, three = (opened.draw(60, who="mb", seed=seed) for seed in (5, 5, 6))
        assert [d.record.id for d in one.drawn] == [d.record.id for d in two.drawn]
        assert {d.record.id for d in one.drawn} != {d.record.id for d in three.drawn}
        assert sum(one.strata.values()) == 360
        assert len(one.drawn) == len({d.record.id for d in one.drawn}) == 60
        counts = {name: sum(d.stratum == name for d in one.drawn) for name in one.strata}
        assert counts == {"event CONSULT 0.8-1.0": 20, "position oppose 0.0-0.4": 20, "statement indirect 0.0-0.4": 20}
        assert opened.drawn(one.id[:9]) == one
        kept = opened.draws()
        assert [each.id for each in kept][-1] in {one.id, two.id, three.id}


def test_an_audit_gives_precision_as_far_as_it_was_judged(store: str) -> None:
    run("audit", "draw", "30", "--store", store, "--seed", "3", "--by", "kind", "--who", "mb")
    with Store.open(store) as opened:
        (draw,) = opened.draws()
        for n, each in enumerate(draw.drawn[:20]):
            opened.correct(Correction("reject" if n % 4 == 0 else "accept", each.record.id, "mb"))
        found = audit(draw, opened.judged())
    assert (found.overall.right, found.overall.number, len(found.left)) == (15, 20, 10)
    assert found.overall.low < found.overall.share < found.overall.high
    assert "15" in run("audit", "show", "--store", store)
    assert "10 records left" in run("audit", "show", "--store", store)
    assert "r0000" in run("audit", "next", "--store", store, "--limit", "1") or "Russia" in run(
        "audit", "next", "--store", store
    )
    assert "20 of 30 judged" in run("audit", "list", "--store", store)
    assert "No draw has an id" in run_fails("audit", "show", "dx", "--store", store)
    assert "No stratum 'colour'" in run_fails("audit", "draw", "5", "--store", store, "--by", "colour")


@given(
    st.integers(1, 400),
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 500), min_size=1, max_size=12),
)
def test_shares_add_up_and_follow_the_sizes(number: int, sizes: dict[str, int]) -> None:
    given_ = shares(number, sizes)
    whole = sum(sizes.values())
    assert sum(given_.values()) == min(number, whole)
    assert all(0 < n <= sizes[name] for name, n in given_.items())
    if number >= len(sizes):
        assert set(given_) == set(sizes)


def test_the_interval_of_an_audit_holds_the_truth_as_often_as_it_says() -> None:
    """Strata of unequal size and precision, drawn in proportion: 95 % of the intervals hold the precision of all."""
    rng = random.Random(4)
    sizes, truth = {"a": 6000, "b": 3000, "c": 1000}, {"a": 0.9, "b": 0.7, "c": 0.4}
    precision_ = sum(sizes[s] * truth[s] for s in sizes) / sum(sizes.values())
    held = 0
    for _ in range(600):
        judged = {s: [rng.random() < truth[s] for _ in range(n)] for s, n in shares(100, sizes).items()}
        share, covered = stratified(judged, sizes)
        assert covered == 1.0
        held += share.low <= precision_ <= share.high
    assert 0.93 <= held / 600 <= 0.995


def test_wilson_by_hand() -> None:
    assert wilson(0.9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert wilson(1.0, 20)[1] == pytest.approx(1.0)
    assert wilson(0.0, 0) == (0.0, 1.0)
    share, covered = stratified({"a": [], "b": []}, {"a": 3, "b": 4})
    assert math.isnan(share.share)
    assert covered == 0.0


# As gold


def test_corrections_are_gold(store: str, tmp_path: Path) -> None:
    with Store.open(store) as opened:
        for n in range(1, 9):
            opened.correct(Correction("accept" if n > 2 else "reject", f"r00000{n}-e0", "mb"))
        opened.correct(Correction("reject", "r000001-s0", "mb"))
        found = precision(opened.judged())
        assert (found["all"].right, found["all"].number) == (6, 9)
        assert (found["events"].right, found["event CONSULT"].number, found["statements"].right) == (6, 8, 0)
        by_hand, added = judged_of(opened.corrections())
        assert precision(by_hand) == found
        assert added == []
    exported = tmp_path / "c.jsonl"
    exported.write_text(run("correct", "export", "--store", store), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    printed = run("evaluate", "corrections", str(exported), "--wrong", "--predictions", str(out))
    assert "0.667  (6 of 9" in printed
    assert "judged wrong by mb" in printed
    assert sum(json.loads(line)["right"] for line in out.read_text().splitlines()) == 6
    exported.write_text("{}\n")
    assert "c.jsonl:1" in run_fails("evaluate", "corrections", str(exported))
