"""Answers that are kept, what is worked out before it is asked, and an overview that does not keep one waiting."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from communique.store import Correction, Store
from communique.web.keeping import Answers, Kept
from communique.web.working_ahead import likely
from factories import coding
from served import serving


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store.create(tmp_path / "news") as store:
        store.writer.add([coding(n) for n in range(1, 13)])
    return tmp_path / "news"


@pytest.mark.parametrize("address", ["/", "/actors/RUS", "/api/v1/events?limit=3", "/index.csv", "/issues"])
def test_who_has_an_answer_is_told_so_until_the_store_changes(path: Path, address: str) -> None:
    with serving(path) as site, site.client() as client:
        first = client.get(address)
        assert first.status_code == 200
        etag = first.headers["etag"]
        again = client.get(address, headers={"if-none-match": etag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        same = client.get(address)
        assert (same.content, same.headers["etag"], same.headers["content-type"]) == (
            first.content, etag, first.headers["content-type"],
        )  # fmt: skip
        assert "content-security-policy" in same.headers
        with Store.open(path, write=True) as store:
            store.writer.add([coding(20)])
        other = client.get(address, headers={"if-none-match": etag})
        assert other.status_code == 200
        assert other.headers["etag"] != etag


def test_a_correction_is_seen_at_once(path: Path) -> None:
    with serving(path) as site, site.client() as client:
        before = client.get("/api/v1/events?limit=50").json()["items"]
        with Store.open(path) as store:
            store.correct(Correction("reject", before[0]["id"], who="mb"))
        assert [e["id"] for e in client.get("/api/v1/events?limit=50").json()["items"]] == [e["id"] for e in before[1:]]


def test_an_error_is_not_kept(path: Path) -> None:
    with serving(path) as site, site.client() as client:
        assert client.get("/reports/r000099").status_code == 404
        with Store.open(path, write=True) as store:
            store.writer.add([coding(99)])
        assert client.get("/reports/r000099").status_code == 200


def test_the_overview_comes_at_once_and_whole_when_it_is_ready(path: Path) -> None:
    with serving(path, patience=0) as site, site.client() as client:
        first = client.get("/")
        assert first.headers["refresh"] == "3"
        assert "<b>12</b> reports" in first.text
        assert "being worked out" in first.text
        late = time.monotonic() + 60
        while "refresh" in (whole := client.get("/")).headers and time.monotonic() < late:
            time.sleep(0.05)
        assert "being worked out" not in whole.text
        assert "Alignments of" in whole.text
        assert client.get("/index.csv").status_code == 200


def test_the_index_is_kept_up_to_date_beside_the_server(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.web.working_ahead._FIRST_LOOK", 0.1)
    with serving(path, ahead=True) as site, site.client() as client:
        wait_for_index(path)
        assert client.get("/search?q=talks").status_code == 200
        with Store.open(path, write=True) as store:
            store.writer.add([coding(30)])
        assert client.get("/api/v1/events").json()["items"][0]["report"]
        wait_for_index(path)
    with Store.open(path) as store:
        assert {found.report for found in store.search("round", limit=50, patience=0)} >= {"r000030", "r000012"}


def wait_for_index(path: Path) -> None:
    late = time.monotonic() + 90
    with Store.open(path) as store:
        while not store._is_up_to_date():
            assert time.monotonic() < late
            time.sleep(0.1)


def test_what_is_likely_asked_are_those_of_whom_most_is_known(path: Path) -> None:
    with Store.open(path) as store:
        assert list(likely(store)) == []  # without an index nothing is known to be frequent
        store.index()
        assert list(likely(store)) == [
            "/actors/CHN", "/actors/RUS", "/actors/USA", "/dyads/CHN/RUS", "/dyads/CHN/USA", "/issues/sanctions",
        ]  # fmt: skip


def test_answers_that_were_not_asked_for_longest_go_first() -> None:
    answers = Answers(most=100)
    for name in "abcd":
        answers.put(name, Kept("v", 200, [], b"x" * 25, 0.1))
    assert answers.get("a")
    answers.put("e", Kept("v", 200, [], b"x" * 25, 0.1))
    assert [name for name in "abcde" if answers.get(name)] == ["a", "c", "d", "e"]
    answers.put("f", Kept("v", 200, [], b"x" * 26, 0.1))  # a fourth of all at most
    assert answers.get("f") is None
    answers.put("e", Kept("v", 200, [], b"x", 0.1))
    assert answers.size == 76


def test_several_who_ask_the_same_get_one_answer(path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with serving(path) as site, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(httpx.get, f"{site.url}/dyads/RUS/CHN", timeout=60) for _ in range(8)]
        assert len({each.result().content for each in asked}) == 1
