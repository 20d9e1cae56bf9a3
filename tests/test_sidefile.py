"""Files beside the catalogue: who reads one sees when it is changed, replaced or taken away, and never half of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from communique.store import Correction, Store
from communique.store.index import NAME, Index, Indexed
from factories import coding


def some(name: str) -> Indexed:
    return Indexed(name, f"Title of {name}", "Envoys met.", "2022-02-01", "The Wire")


def names(index: Index) -> set[str]:
    return set(index.marks(["a", "b", "c"]))


def test_what_others_add_replace_and_remove_is_seen(tmp_path: Path) -> None:
    reading, writing, other = Index(tmp_path), Index(tmp_path), Index(tmp_path / "other")
    (tmp_path / "other").mkdir()
    other.add([some("c")])
    other.close()
    assert (names(reading), reading.state()) == (set(), None)
    states = []
    writing.add([some("a")])
    assert names(reading) == {"a"}
    states.append(reading.state())
    assert reading.state() == states[0]
    writing.add([some("b")])
    assert names(reading) == {"a", "b"}
    states.append(reading.state())
    writing.discard()
    assert (names(reading), reading.total("reports")) == (set(), 0)
    shutil.copy(tmp_path / "other" / NAME, tmp_path / NAME)
    assert names(reading) == {"c"}
    states.append(reading.state())
    assert len(set(map(repr, states))) == 3
    reading.close()


def test_a_moment_sees_the_file_as_it_was(tmp_path: Path) -> None:
    reading, writing = Index(tmp_path), Index(tmp_path)
    writing.add([some("a")])
    with reading.moment():
        state = reading.state()
        writing.add([some("b")])
        assert names(reading) == {"a"}
        assert reading.state() == state
        writing.discard()
        assert names(reading) == {"a"}
    assert names(reading) == set()
    with reading.moment():  # there is none: made meanwhile, it counts
        writing.add([some("c")])
        assert names(reading) == {"c"}
    reading.close()


@pytest.mark.parametrize("gone", [False, True])
def test_a_store_that_stays_open_goes_on_without_its_index(tmp_path: Path, gone: bool) -> None:
    with Store.create(tmp_path / "news") as store:
        store.writer.add([coding(n) for n in range(4)])
        store.index()
    with Store.open(tmp_path / "news") as store:
        with store.moment():
            before = store.page("events").items
        if gone:
            Index(tmp_path / "news").discard()
        else:
            with Store.open(tmp_path / "news") as other:
                other._index.discard()
                other.index()
        for _ in range(2):
            with store.moment():
                assert store.is_indexed() is not gone
                assert store.page("events").items == before


def test_a_moment_like_the_one_before_still_sees_what_changes(tmp_path: Path) -> None:
    with Store.create(tmp_path / "news") as writing:
        writing.writer.add([coding(n) for n in range(3)])
        with Store.open(tmp_path / "news") as reading:

            def seen() -> tuple[str, int, int]:
                with reading.moment():
                    found = reading.page("events", limit=500).items
                    return reading.version(), len(found), reading.counts()["reports"]

            first = seen()
            assert seen() == first
            record = reading.page("events").items[0]
            reading.correct(Correction("reject", getattr(record, "id", ""), who="mb"))
            second = seen()
            assert (second[1], second[2]) == (first[1] - 1, first[2])
            writing.writer.add([coding(3), coding(4)])
            third = seen()
            assert third[2] == 5 and third[1] > second[1]
            writing.index()
            assert seen() == third
            assert len({first[0], second[0], third[0]}) == 3
        with writing.moment():  # what the writer itself has changed since it looked
            before = writing.version()
        writing.writer.add([coding(5)])
        with writing.moment():
            assert writing.version() != before
            assert writing.counts()["reports"] == 6
