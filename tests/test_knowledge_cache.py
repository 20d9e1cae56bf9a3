"""The cache of compiled knowledge: built once, whole or not at all, built anew when a source changes."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from communique.errors import KnowledgeError
from communique.knowledge import cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def write(target: Path) -> None:
    (target / "table").write_text("rows", "utf-8")


def test_builds_once(folder: Path) -> None:
    built: list[Path] = []

    def build(target: Path) -> None:
        built.append(target)
        write(target)

    first = cache.compiled("names", "k1", build)
    assert cache.compiled("names", "k1", build) == first == folder / "names-k1"
    assert len(built) == 1 and (first / "table").read_text("utf-8") == "rows"
    assert [p.name for p in folder.iterdir()] == ["names-k1"]


def test_a_build_that_fails_leaves_nothing(folder: Path) -> None:
    def build(target: Path) -> None:
        write(target)
        raise KnowledgeError("no such column")

    with pytest.raises(KnowledgeError, match="no such column"):
        cache.compiled("names", "k1", build)
    assert list(folder.iterdir()) == []


def test_two_at_once(folder: Path) -> None:
    barrier = threading.Barrier(4)
    found: list[Path] = []

    def build(target: Path) -> None:
        barrier.wait()
        write(target)

    threads = [threading.Thread(target=lambda: found.append(cache.compiled("names", "k1", build))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == [folder / "names-k1"] * 4
    assert [p.name for p in folder.iterdir()] == ["names-k1"]


def test_stale_versions_go(folder: Path) -> None:
    old, new = cache.compiled("names", "old", write), cache.compiled("names", "new", write)
    other = cache.compiled("places", "old", write)
    past = time.time() - 40 * 24 * 3600
    for target in (old, other):
        os.utime(target, (past, past))
    cache.compiled("names", "k3", write)
    assert not old.exists() and new.exists() and other.exists()


def test_use_keeps_a_version(folder: Path) -> None:
    old = cache.compiled("names", "old", write)
    past = time.time() - 40 * 24 * 3600
    os.utime(old, (past, past))
    cache.compiled("names", "old", write)
    cache.compiled("names", "new", write)
    assert old.exists()


def test_key_follows_the_sources(tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("x", "utf-8")
    first = cache.key_of([source], "1")
    assert first == cache.key_of([source], "1") != cache.key_of([source], "2")
    source.write_text("xy", "utf-8")
    assert cache.key_of([source], "1") != first


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
def test_a_folder_that_cannot_be_made_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert cache.cache_folder().parent == tmp_path
    assert (cache.compiled("names", "k1", write) / "table").exists()
