"""The benchmark measures what it says, in one process, and writes it where the documentation shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import alignment
import speed
import store as store_bench
from communique.store import Store


def test_ratios_are_taken_turn_by_turn() -> None:
    seconds = ((1.0, 2.0, 3.0), (2.0, 4.0, 4.0), (10.0, 10.0, 5.0))
    turns = tuple({"parse": parse, "full": full, "program": program} for parse, full, program in seconds)
    result = speed.Result(texts=1, words=1, records=1, failures=0, kept=1.0, turns=turns)
    assert result.ratios("parse") == (0.5, 2.0, 3.0)
    assert result.ratios("full") == (0.5, 1.0, 1.5)


def test_items_come_from_a_file_or_from_the_examples(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    rows = [{"id": n, "date": "2024-01-01", "text": f"Iran condemned Israel for time {n}."} for n in range(3)]
    news.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert [(i.source_id, i.published) for i in speed.load_items(news, 2)] == [("0", "2024-01-01"), ("1", "2024-01-01")]
    assert len(speed.load_items(news, 0)) == 3
    examples = speed.load_items(None, 2)
    assert len({item.content for item in examples}) == len(examples) == 4
    assert {item.published for item in examples} == {"2018-06-13", "2023-03-10"}


def test_it_runs_and_prints_and_fails_above_the_ceiling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n", encoding="utf-8")
    monkeypatch.setattr(speed, "PAGE", page)
    assert speed.main(["--texts", "1", "--repeats", "1", "--write"]) == 0
    printed = capsys.readouterr().out
    assert "0 failures; 1 turns" in printed
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n<!-- speed -->\n")
    assert written.endswith("<!-- /speed -->\nafter\n")
    assert printed.strip() in written
    assert "old" not in written
    assert speed.main(["--texts", "1", "--repeats", "1", "--at-most", "0.001"]) == 1
    assert "is above 0.00" in capsys.readouterr().err


def test_alignment_is_measured_beside_a_group_by(capsys: pytest.CaptureFixture[str]) -> None:
    assert alignment.main(["--events", "4000", "--actors", "10", "--repeats", "1"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^\| weekly alignment \| [\d.]+ \| [\d.]+ \|$", printed, re.MULTILINE)
    assert "4,000 events, 10 actors, 522 weeks, 1 turns" in printed


def test_a_simulated_store_holds_what_it_says(tmp_path: Path) -> None:
    alignment.simulate(tmp_path / "store", 400, 6)
    with Store.open(tmp_path / "store") as store:
        ties = store.ties(period="year")
        assert (store.count("events"), store.count("reports"), len(ties.actors)) == (400, 100, 6)
        assert ties.records.sum() == 400


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fdinfo").is_dir(), reason="a process is watched as Linux shows it")
def test_reading_is_measured_over_a_file_and_a_store(capsys: pytest.CaptureFixture[str]) -> None:
    store_bench.main(["--megabytes", "40", "--stored", "300", "--more", "10", "--turns", "1"])
    printed = capsys.readouterr().out
    assert "One file of 40 MB: 14 reports coded, 648 read and skipped; by tenths " in printed
    assert "Full store: 300 reports, 10 more; 1 turns" in printed
    assert len(re.findall(r"^\| .* \| [\d.,-]+ \| [\d.,]+ \|$", printed, re.MULTILINE)) == 3
