"""The cache of compiled knowledge: built once, whole or not at all, built anew when a source changes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from communique.errors import KnowledgeError
from communique.knowledge import cache, load_knowledge
from communique.knowledge.gazetteer import Gazetteer


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


def test_stale_versions_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = cache.compiled("names", "old", write), cache.compiled("names", "new", write)
    other = cache.compiled("places", "old", write)
    past = time.time() - 40 * 24 * 3600
    for target in (old, other):
        os.utime(target, (past, past))
    monkeypatch.setattr(cache, "_opened", set())
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


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
ROOT = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")


@POSIX
def test_a_folder_that_cannot_be_made_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert cache.cache_folder().parent == tmp_path
    assert (cache.compiled("names", "k1", write) / "table").exists()


def lose(target: Path) -> None:
    (target / "table").unlink()


def cut(target: Path) -> None:
    (target / "table").write_text("", "utf-8")


def unseal(target: Path) -> None:
    (target / "complete.json").unlink()


def blank(target: Path) -> None:
    (target / "complete.json").write_bytes(bytes(20))


@pytest.mark.parametrize("harm", [lose, cut, unseal, blank])
def test_a_folder_that_lost_files_is_built_once_more(folder: Path, harm: Callable[[Path], None]) -> None:
    target = cache.compiled("names", "k1", write)
    harm(target)
    assert cache.compiled("names", "k1", write) == target
    assert (target / "table").read_text("utf-8") == "rows"
    assert [p.name for p in folder.iterdir()] == ["names-k1"]


def test_two_that_mend_at_once_keep_what_the_quicker_made(folder: Path) -> None:
    target = cache.compiled("names", "k1", write)
    lose(target)
    barrier = threading.Barrier(4)

    def open_it() -> None:
        barrier.wait()
        cache.compiled("names", "k1", write)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert (target / "table").exists() and [p.name for p in folder.iterdir()] == ["names-k1"]


def test_knowledge_opens_after_its_cache_was_cleaned(folder: Path, shorter: Path) -> None:
    load_knowledge()
    (place,) = folder.glob("knowledge-*")
    for path in place.iterdir():
        path.unlink()
    assert load_knowledge().actors.entity("FRA") is not None


def test_a_source_that_cannot_be_read_is_not_blamed_on_the_cache(folder: Path, tmp_path: Path) -> None:
    def build(target: Path) -> None:
        (tmp_path / "gone.tsv").read_text("utf-8")

    with pytest.raises(FileNotFoundError, match=r"gone\.tsv"):
        cache.compiled("names", "k1", build)
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_the_cache_at_fault(folder: Path) -> None:
    def build(target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(KnowledgeError, match=r"No space left.*COMMUNIQUE_CACHE"):
        cache.compiled("names", "k1", build)


def test_the_eight_opened_last_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        monkeypatch.setattr(cache, "_opened", set())  # each as if by a process of its own
        target = cache.compiled("names", f"k{number}", write)
        os.utime(target, (time.time() - 3000 + number, time.time() - 3000 + number))
    other = cache.compiled("places", "k", write)
    assert {p.name for p in folder.glob("names-*")} == {f"names-k{n}" for n in range(4, 12)} and other.exists()


def test_what_this_process_opened_stays(folder: Path) -> None:
    first = cache.compiled("names", "first", write)
    os.utime(first, (time.time() - 3000, time.time() - 3000))
    for number in range(12):
        cache.compiled("names", f"k{number}", write)
    assert first.exists()


def test_a_folder_of_the_last_resort_goes_with_its_process(tmp_path: Path) -> None:
    code = "from communique.knowledge import cache; cache._usable = lambda folder: False; print(cache.cache_folder())"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "TMP": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_a_folder_that_all_may_write_to_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder.mkdir()
    folder.chmod(0o777)
    assert cache.cache_folder() != folder
    folder.chmod(0o755)
    assert cache.cache_folder() == folder


@POSIX
@ROOT
def test_a_folder_that_a_group_may_write_to_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder.mkdir()
    os.chown(folder, -1, 1)
    folder.chmod(0o775)
    assert cache.cache_folder() != folder


@POSIX
def test_what_is_made_is_for_us_alone(folder: Path) -> None:
    target = cache.compiled("names", "k1", write)
    assert (folder.stat().st_mode & 0o077, target.stat().st_mode & 0o077) == (0, 0)


@POSIX
def test_a_compiled_folder_that_others_can_write_to_is_not_opened(folder: Path) -> None:
    target = cache.compiled("names", "k1", write)
    (target / "table").write_text("evil", "utf-8")  # as long as what was there
    target.chmod(0o777)
    assert (cache.compiled("names", "k1", write) / "table").read_text("utf-8") == "rows"


@POSIX
@ROOT
def test_a_compiled_folder_of_another_user_is_not_opened(folder: Path) -> None:
    target = cache.compiled("names", "k1", write)
    (target / "table").write_text("evil", "utf-8")
    os.chown(target, 12345, 12345)
    assert (cache.compiled("names", "k1", write) / "table").read_text("utf-8") == "rows"


def test_every_compiled_form_hangs_on_what_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[tuple[str, str]] = []

    def note(name: str, key: str, build: object) -> Path:
        keys.append((name, key))
        raise KeyError(name)

    for made_by in ("one", "two"):
        for module in ("communique.knowledge", "communique.knowledge.gazetteer"):
            monkeypatch.setattr(f"{module}.compiled", note)
            monkeypatch.setattr(f"{module}.made_by", lambda told=made_by: told)
        with pytest.raises(KeyError):
            load_knowledge()
        with pytest.raises(KeyError):
            _ = Gazetteer({}).table
    assert [name for name, _ in keys] == ["knowledge", "places"] * 2 and len(set(keys)) == 4


def test_what_made_it_follows_modules_and_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [cache.made_by()]
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"9.{len(name)}")
    cache.made_by.cache_clear()
    told.append(cache.made_by())
    monkeypatch.setattr(cache, "key_of", lambda sources, version: "other")
    cache.made_by.cache_clear()
    told.append(cache.made_by())
    cache.made_by.cache_clear()
    assert len(set(told)) == 3


def test_words_of_the_user_leave_the_actors_as_they_are_compiled(tmp_path: Path) -> None:
    (tmp_path / "issues.toml").write_text(
        '[[issue]]\nid = "moon-base"\nname = "Base on the Moon"\nsupport = "Built"\ncues = ["moon base"]\n', "utf-8"
    )
    ours, before = load_knowledge(), set(cache.cache_folder().glob("knowledge-*"))
    own = load_knowledge([tmp_path])
    assert set(cache.cache_folder().glob("knowledge-*")) == before
    assert {issue.id for issue in own.issues} - {issue.id for issue in ours.issues} == {"moon-base"}
    assert own.actors.entity("FRA") == ours.actors.entity("FRA") is not None
    assert own.codebook.types == ours.codebook.types


def test_a_link_that_leads_nowhere_is_named(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "people.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(KnowledgeError, match=r"mine/people\.csv: No such file"):
        load_knowledge([mine])
