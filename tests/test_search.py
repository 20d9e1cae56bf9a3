"""Full text: what is found and shown of it, kept up with what comes in, and any text that is asked for."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.errors import QueryError, StoreError, StoreWarning
from communique.records import Coding, Report
from communique.store import Filters, Store
from communique.store.search import expression
from factories import coding

TEXTS = {
    "r1": ("Grain deal holds", "Türkiye and Ukraine signed a grain deal in Istanbul.", "2022-07-22"),
    "r2": ("Talks fail", "The grain talks failed, said an envoy of North Korea.", "2022-08-01"),
    "r3": ("<script>alert(1)</script>", "Ships carried corn. \ue000 \x02 \"so\" <b>grain</b> at sea.", "2022-08-02"),
    "r4": ("A day unknown", "Grain was shipped on no day that is known.", ""),
}  # fmt: skip


def report(name: str) -> Coding:
    title, text, published = TEXTS[name]
    return Coding(Report(name, text, title=title, published=published, outlet="The Wire", language="en"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store.create(tmp_path / "store") as store:
        store.writer.add([report(name) for name in TEXTS])
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grain", ["r3", "r2", "r1", "r4"]),
        ("GRAIN deal", ["r1"]),
        ('"grain deal"', ["r1"]),
        ('"deal grain"', []),
        ("grain -talks", ["r3", "r1", "r4"]),
        ("ship*", ["r3", "r4"]),
        ("corn OR istanbul", ["r3", "r1"]),
        ("turkiye", ["r1"]),
        ("North-Korea", ["r2"]),
        ("script", ["r3"]),
        ("grain AND", ["r1"]),
        ('"unfinished grain', []),
        ('grain"', ["r3", "r2", "r1", "r4"]),
        ("title:grain", []),
        ("grain\0", ["r3", "r2", "r1", "r4"]),
        ("failed)", ["r2"]),
        ("NEAR(grain talks)", []),
        ("OR grain", []),
        ("grain OR", ["r3", "r2", "r1", "r4"]),
        ("'; DROP TABLE reports; --", []),
    ],
)
def test_what_is_found_comes_newest_first(path: Path, query: str, found: list[str]) -> None:
    with Store.open(path) as store:
        assert [each.report for each in store.search(query)] == found
        assert store.count_found(query) == len(found)


def test_a_snippet_says_where_the_words_are(path: Path) -> None:
    with Store.open(path) as store:
        for each in store.search("grain"):
            words = {each.snippet[a:b].lower() for a, b in each.spans} | {
                each.title[a:b].lower() for a, b in each.title_spans
            }
            assert words == {"grain"}
        third = store.search("grain corn")[0]
        assert third.title == TEXTS["r3"][0]
        assert third.snippet == TEXTS["r3"][1]  # as it was published, whatever characters it has
        assert [third.snippet[a:b] for a, b in third.spans] == ["corn", "grain"]


def test_days_and_pages(path: Path) -> None:
    with Store.open(path) as store:
        assert [f.report for f in store.search("grain", filters=Filters(since="2022-08"))] == ["r3", "r2"]
        assert [f.report for f in store.search("grain", filters=Filters(until="2022-07"))] == ["r1", "r4"]
        seen: list[str] = []
        after = None
        while page := store.search("grain", limit=1, after=after):
            seen += [each.report for each in page]
            after = seen[-1]
        assert seen == ["r3", "r2", "r1", "r4"]
        with pytest.raises(QueryError, match="cannot go on after 'r9'"):
            store.search("grain", after="r9")


@pytest.mark.parametrize("query", ["", "   ", "-", "- grain -", "*", '""', "-grain", "…", "\0", "x" * 1001])
def test_a_search_without_words_is_refused(path: Path, query: str) -> None:
    with Store.open(path) as store:
        if query == "- grain -":
            assert store.search(query)
        else:
            with pytest.raises(QueryError):
                store.search(query)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \"'*-+^(){}:,ORNT\0é语_.\\%;\n"), max_size=30) | st.text(max_size=40))
def test_any_text_may_be_searched_for(query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (title, text)")
    connection.execute("INSERT INTO words VALUES ('a b', 'é ORNT 语')")
    try:
        asked = expression(query)
    except QueryError:
        return
    if "\ud800" <= max(query) <= "\udfff":
        return
    connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (asked,)).fetchall()
    connection.close()


def test_the_index_keeps_up_and_survives_compaction(path: Path) -> None:
    with Store.open(path) as reader, Store.open(path, write=True) as store:
        assert len(reader.search("envoys")) == 0
        store.writer.add([coding(n) for n in range(1, 40)])
        assert reader.unindexed() == 39
        assert len(reader.search("envoys", patience=10, limit=100)) == 0
        assert len(reader.search("envoys", limit=100)) == 39
        store.writer.compact()
        store.writer.add([coding(50)])
        assert reader.unindexed() == 1
        assert len(reader.search("envoys", limit=100)) == 40
        assert reader.index() == 0


@pytest.mark.parametrize("harm", ["gone", "torn", "other", "version"])
def test_an_index_that_is_lost_is_made_again(path: Path, harm: str) -> None:
    with Store.open(path) as store:
        before = store.search("grain")
    file = path / "search.sqlite"
    if harm == "gone":
        file.unlink()
    elif harm == "torn":
        file.write_bytes(b"torn " * 1000)
    elif harm == "other":
        file.write_bytes(b"")
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA user_version = 77")
    with Store.open(path) as store:
        assert store.search("grain") == before


def test_a_new_index_takes_in_nothing_of_one_that_was_deleted(path: Path) -> None:
    """Deleted without its log, which SQLite would take for that of the new one."""
    with Store.open(path, write=True) as store:
        store.index()
        held = sqlite3.connect(path / "search.sqlite", isolation_level=None)
        held.execute("BEGIN")
        held.execute("SELECT count(*) FROM reports").fetchone()  # so that the log stays
        store.writer.add([Coding(Report("more", "Grain came again.", published="2023-01-01"))])
        assert store.index() == 1
        before = store.search("grain")
        log = (path / "search.sqlite-wal").read_bytes()
        held.close()
    assert log
    (path / "search.sqlite").unlink()
    (path / "search.sqlite-wal").write_bytes(log)
    with Store.open(path) as store:
        assert store.index() == len(TEXTS) + 1
        assert store.search("grain") == before


def test_an_index_that_is_damaged_within_is_named(path: Path) -> None:
    with Store.open(path) as store:
        store.index()
    with sqlite3.connect(path / "search.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (path / "search.sqlite").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * ((path / "search.sqlite").stat().st_size - 4096))
    said = r"its search\.sqlite is damaged\. Delete that file; `communique index --store .*` makes it anew"
    with Store.open(path) as store, pytest.raises(StoreError, match=said):
        store.search("grain")
    (path / "search.sqlite").unlink()
    with Store.open(path) as store:
        assert len(store.search("grain")) == 4


def test_a_report_that_is_lost_is_not_found(path: Path) -> None:
    with Store.open(path) as store:
        store.search("grain")
    (part,) = (path / "parts").iterdir()
    (part / "reports.parquet").unlink()
    store = Store.open(path, write=True)
    assert store.search("grain") == []
    store.writer.add([dataclasses.replace(report("r2"))])
    assert [each.report for each in store.search("grain")] == ["r2"]
    with pytest.warns(StoreWarning, match="has lost 3 reports"):
        store.close()


def test_several_index_at_once(path: Path) -> None:
    with Store.open(path, write=True) as store:
        store.writer.add([coding(n) for n in range(1, 200)])
    found: list[int] = []

    def look() -> None:
        with Store.open(path) as store:
            found.append(len(store.search("envoys", limit=1000)))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [199] * 4
    with Store.open(path) as store:
        assert store.index() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="killed as POSIX does")
def test_who_is_killed_while_indexing_leaves_what_can_be_gone_on_with(path: Path) -> None:
    with Store.open(path, write=True) as store:
        store.writer.add([coding(n) for n in range(1, 1500)])
    program = (
        "import os, sys, sqlite3\nfrom communique.store import Store\n"
        "from communique.store.search import Index\nadd, calls = Index.add, []\n"
        "def once(self, reports):\n    add(self, reports)\n    os.kill(os.getpid(), 9)\nIndex.add = once\n"
        f"Store.open({str(path)!r}).index()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.returncode == -9
    with Store.open(path) as store:
        assert 0 < store.unindexed() < 1503
        assert len(store.search("envoys", limit=2000)) == 1499
