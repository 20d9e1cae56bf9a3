"""The index of stories: what it gives is what was put in, and it costs the same however large it is."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stories as benchmark
import story_texts
from communique.errors import StoreError
from communique.reading.likeness import KEY_BITS, likeness
from communique.records import Coding, Report
from communique.store import Store, runs
from communique.store.catalogue import NAME, Catalogue
from communique.store.migrations import migrate, read_steps

MOST = 3
PINNED = "f6155fa0c1f6b2c4"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    Catalogue.create(tmp_path)
    opened = Catalogue.open(tmp_path, write=True)
    yield opened
    opened.close()


def committed(catalogue: Catalogue, pairs: Sequence[tuple[int, int]]) -> None:
    with catalogue.transaction() as connection:
        runs.add(connection, pairs)


def evenly(number: int) -> int:
    """Return a key; as those of a likeness, they lie evenly."""
    return random.Random(number).getrandbits(KEY_BITS)


def latest(found: dict[int, list[int]], most: int) -> dict[int, list[int]]:
    return {key: sorted(seqs)[-most:] for key, seqs in found.items()}


SIZES = [("_CHUNK", 4), ("_FULL", 3), ("_CARRIED", 7)]


# A commit is a list of reports, a report the numbers of its keys: few, so that many reports have one and the same.
COMMITS = st.lists(st.lists(st.sets(st.integers(0, 40), max_size=5), max_size=12), min_size=1, max_size=25)


@given(commits=COMMITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_gives_the_latest_reports_of_each_key(
    commits: list[list[set[int]]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in SIZES:
        monkeypatch.setattr(runs, name, size)
    folder = tmp_path_factory.mktemp("index")
    Catalogue.create(folder)
    expected: defaultdict[int, list[int]] = defaultdict(list)
    asked = [evenly(n) for n in range(45)]
    seq = 0
    with closing(Catalogue.open(folder, write=True)) as catalogue:
        stays = runs.Runs(catalogue.connection)
        for commit in commits:
            pairs = []
            for keys in commit:
                seq += 1
                pairs += [(evenly(key), seq) for key in keys]
                for key in keys:
                    expected[evenly(key)].append(seq)
            committed(catalogue, pairs)
            assert latest(stays.latest(asked, MOST), MOST) == latest(expected, MOST)
            assert latest(runs.Runs(catalogue.connection).latest(asked, MOST), MOST) == latest(expected, MOST)
        total, chunks = catalogue.ask("SELECT coalesce(sum(pairs), 0), coalesce(sum(chunks), 0) FROM story_runs")[0]
        assert total == sum(map(len, expected.values()))
        assert catalogue.ask("SELECT count(*) FROM story_chunks") == [(chunks,)]  # of merged runs nothing is left


def test_a_key_of_thousands_of_reports_gives_the_latest(catalogue: Catalogue) -> None:
    for start in range(1, 4001, 1000):
        committed(catalogue, [(key, seq) for seq in range(start, start + 1000) for key in (7, evenly(seq))])
    found = runs.Runs(catalogue.connection).latest([7, evenly(1), evenly(4000), evenly(10**6)], 16)
    assert found == {7: list(range(3985, 4001)), evenly(1): [1], evenly(4000): [4000]}
    assert sorted(runs.Runs(catalogue.connection).latest([7], 2000)[7]) == list(range(2001, 4001))


def test_what_is_taken_back_leaves_nothing(catalogue: Catalogue) -> None:
    index = runs.Runs(catalogue.connection)
    committed(catalogue, [(5, 1)])
    assert index.latest([5, 6], 16) == {5: [1]}
    with pytest.raises(RuntimeError), catalogue.transaction() as connection:
        runs.add(connection, [(6, 2)])
        raise RuntimeError
    assert index.latest([5, 6], 16) == {5: [1]}
    committed(catalogue, [(7, 2)])  # has the number that was given to what was taken back
    assert index.latest([5, 6, 7], 16) == {5: [1], 7: [2]}


def test_runs_stay_few_and_pairs_are_seldom_written_again() -> None:
    for size in (1, 11, 11_000, 3_000_000):
        stack: list[int] = []
        written = 0
        for _ in range(4000):
            taken = runs._to_merge(stack[::-1], size)
            stack[len(stack) - taken :] = [sum(stack[len(stack) - taken :]) + size]
            written += stack[-1]
            assert stack[-1] < max(4 * 4**runs._FULL, size + 1)  # in memory while it is made
        assert sum(stack) == 4000 * size
        assert len(stack) <= 3 * runs._FULL + sum(stack) / 4**runs._FULL
        assert written <= 4000 * size * (runs._FULL + 1)


def _asked(catalogue: Catalogue, index: runs.Runs, keys: Sequence[int]) -> int:
    """Return how many statements it takes to look for keys, eleven at once."""
    statements: list[str] = []
    index.latest([0], 16)
    catalogue.connection.set_trace_callback(statements.append)
    for at in range(0, len(keys), 11):
        index.latest(keys[at : at + 11], 16)
    catalogue.connection.set_trace_callback(None)
    return len(statements)


def test_a_report_costs_no_more_in_a_large_store_than_in_a_small_one(catalogue: Catalogue) -> None:
    index, rng = runs.Runs(catalogue.connection), random.Random(1)
    for commit in range(120):  # that many runs, and half a million pairs
        committed(catalogue, [(rng.getrandbits(KEY_BITS), commit) for _ in range(4400)])
    absent = [rng.getrandbits(KEY_BITS) for _ in range(11 * 1000)]
    assert _asked(catalogue, index, absent) < 100  # of a thousand new reports nine in ten ask nothing of the disk
    # 1,100 keys stand in fourteen chunks, each of which is read once; the first may begin in the one before.
    present = _keys_of(catalogue, 1100)
    assert 14 <= _asked(catalogue, index, present) <= 16
    committed(catalogue, [(rng.getrandbits(KEY_BITS), 120)])
    assert 14 <= _asked(catalogue, index, present) <= 16  # after a commit all is looked at anew


def _keys_of(catalogue: Catalogue, number: int) -> list[int]:
    chunks = catalogue.ask("SELECT pairs FROM story_chunks ORDER BY id LIMIT 14")
    return [int(key) for (content,) in chunks for key in runs._unpacked(content)["key"]][:number]


def test_filters_are_the_same_everywhere() -> None:
    # Pinned: stores hold such filters. If they change, stores need a migration that makes them anew.
    made = runs._filter(np.array(sorted(evenly(n) for n in range(101)), dtype=np.int64))
    assert len(made) == 51
    assert sha256(made.tobytes()).hexdigest()[:16] == PINNED


def test_four_chunks_fill_a_page(catalogue: Catalogue) -> None:
    def pages() -> int:
        return int(catalogue.ask("PRAGMA page_count")[0][0]) - int(catalogue.ask("PRAGMA freelist_count")[0][0])

    before = pages()
    committed(catalogue, [(evenly(n), n) for n in range(400 * runs._CHUNK)])
    filter_ = 400 * runs._CHUNK * 4 // 4096
    assert 100 <= pages() - before <= 100 + filter_ + 8


@pytest.mark.parametrize("harm", ["DELETE FROM story_chunks", "UPDATE story_chunks SET pairs = substr(pairs, 2)"])
def test_an_index_that_is_not_whole_is_told(tmp_path: Path, harm: str) -> None:
    text = "\n\n".join(story_texts.report(random.Random(7), "attack"))
    with Store.create(tmp_path / "s") as store:
        store.writer.add([Coding(Report("r1", text))])
    with closing(sqlite3.connect(tmp_path / "s" / NAME)) as inside:
        inside.execute(harm)
        inside.commit()
    with Store.open(tmp_path / "s", write=True) as store:
        with pytest.raises(StoreError, match=r"catalogue.sqlite is damaged. Put the folder back from a backup"):
            store.writer.add([Coding(Report("r2", text + " again"))])
        assert store.counts()["reports"] == 1


# ------------------------------------------------------------------ stores of an earlier version


def _version_5(folder: Path, texts: Sequence[str]) -> list[str]:
    """Make a catalogue of version 5 with the likenesses of texts, each a story of its own, and its index in tables."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, read_steps()[:5])
        for seq, text in enumerate(texts, 1):
            like = likeness(text)
            name = f"r{seq - 1:08}"
            connection.execute("INSERT INTO told VALUES (?, ?, ?, ?, '', ?)", (seq, name, name, seq, like.packed()))
            table = "story_keys" if seq % 3 else "story_keys_new"
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(key, seq) for key in set(like.keys)])
    return [f"r{n:08}" for n in range(len(texts))]


def _tables(catalogue: Catalogue) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'story%' ORDER BY name"
    return [name for (name,) in catalogue.ask(sql)]


def test_the_index_of_an_earlier_version_is_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_CARRIED", 7)
    made = benchmark.Reports(seed=5)
    texts = [made.text(n) for n in range(60) if made.origin(n) == n]
    names = _version_5(tmp_path / "s", texts)
    for _ in range(2):  # the second time nothing is left to do
        with closing(Catalogue.open(tmp_path / "s", write=True)) as catalogue:
            assert _tables(catalogue) == ["story_chunks", "story_runs"]
            stories = catalogue.stories()
            assert [stories.assign(f"x{n}", "", likeness(text)) for n, text in enumerate(texts)] == names
            assert catalogue.ask("SELECT sum(pairs) FROM story_runs") == [
                (sum(len(set(likeness(t).keys)) for t in texts),)
            ]


_KILLED = """
import os, signal, sys
from pathlib import Path
from communique.store import runs
from communique.store.catalogue import Catalogue
runs._CARRIED, left, add = 7, [3], runs._add
def killed(*arguments):
    add(*arguments)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
runs._add = killed
Catalogue.open(Path(sys.argv[1]), write=True)
"""


def test_killed_while_it_is_carried_over_the_next_writer_does_it(tmp_path: Path) -> None:
    made = benchmark.Reports(seed=5)
    texts = [made.text(n) for n in range(60) if made.origin(n) == n]
    names = _version_5(tmp_path / "s", texts)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path / "s")], check=False)
    assert done.returncode == -signal.SIGKILL
    with closing(Catalogue.open(tmp_path / "s", write=False)) as catalogue:
        assert "story_keys" in _tables(catalogue)
        assert catalogue.ask("SELECT count(*) FROM story_runs") == [(0,)]
    with closing(Catalogue.open(tmp_path / "s", write=True)) as catalogue:
        stories = catalogue.stories()
        assert [stories.assign(f"x{n}", "", likeness(text)) for n, text in enumerate(texts)] == names


def test_a_copy_is_found_over_all_that_was_read(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in SIZES:
        monkeypatch.setattr(runs, name, size)
    made, stories = benchmark.Reports(seed=5), catalogue.stories()
    found = []
    for n in range(120):
        name = f"r{n:03}"
        found.append(stories.assign(name, "2024-01-01", likeness(made.text(n))))
        catalogue.commit([], [], stories.told([name]))
        stories.forget([name])
    assert found == [f"r{made.origin(n):03}" for n in range(120)]
