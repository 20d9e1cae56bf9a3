"""What takes long of a large store is worked out in a process of its own: the same answers, whatever becomes of it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from communique.store import Correction, Store
from communique.web.access import COOKIE
from served import READ, Site, make_store, serving

_LONG = (
    "/actors/RUS", "/actors/RUS.csv", "/dyads/RUS/CHN", "/issues", "/network", "/network?at=2022-01-01&by=month",
    "/map.jsonl", "/index.jsonl", "/api/v1/alignment/dyads?format=csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("beside") / "news", 24)


@pytest.fixture(scope="module")
def beside(path: Path) -> Iterator[Site]:
    with serving(path, beside=0) as site:
        yield site


def worker() -> psutil.Process:
    """Return the process that a server in this one has started; there is one at most."""
    (found,) = (
        each for each in psutil.Process().children() if "communique.web.beside_worker" in " ".join(each.cmdline())
    )
    return found


def test_the_answers_are_those_of_the_server_itself(path: Path, beside: Site) -> None:
    with serving(path) as alone, alone.client() as one, beside.client() as other:
        for address in _LONG:
            own, theirs = one.get(address), other.get(address)
            assert own.status_code == theirs.status_code == 200, address
            assert without_token(own.text) == without_token(theirs.text), address
            assert own.headers["content-type"] == theirs.headers["content-type"]
            assert other.get(address, headers={"if-none-match": theirs.headers["etag"]}).status_code == 304
        for address in ("/actors/NOBODY", "/api/v1/alignment/dyads?actors=RUS&since=soon", "/issues/no-such-issue"):
            own, theirs = one.get(address), other.get(address)
            assert own.status_code == theirs.status_code >= 400, address
            assert without_token(own.text) == without_token(theirs.text)
    assert worker().is_running()


def without_token(page: str) -> str:
    return page.partition('name="form_token"')[0]


def test_the_overview_says_at_once_what_it_can(beside: Site) -> None:
    with beside.client() as client:
        first = client.get("/?since=2022-01")
        assert first.headers["refresh"] == "3"
        late = time.monotonic() + 60
        while "refresh" in (whole := client.get("/?since=2022-01")).headers:
            assert time.monotonic() < late
            time.sleep(0.05)
        assert "Alignments of" in whole.text


def test_a_correction_is_seen_beside_too(tmp_path: Path) -> None:
    path = make_store(tmp_path / "news", 6)
    with serving(path, beside=0) as site, site.client() as client:
        before = client.get("/api/v1/alignment/records?actors=RUS,CHN").json()["rows"]
        with Store.open(path) as store:
            store.correct(Correction("reject", before[0]["record"], who="mb"))
        after = client.get("/api/v1/alignment/records?actors=RUS,CHN").json()["rows"]
        assert before[0]["record"] not in {row["record"] for row in after}


def test_where_the_process_is_killed_that_is_said_and_the_next_question_starts_another(beside: Site) -> None:
    with beside.client() as client:
        client.get("/actors/USA")
        gone = worker()
        gone.send_signal(signal.SIGSTOP)  # it has the question, and never answers
        threading.Timer(0.5, gone.kill).start()
        refused = client.get("/actors/USA?since=2021")
        assert refused.status_code == 503
        assert "memory ran out" in refused.json()["detail"]
        assert client.get("/actors/USA?since=2021").status_code == 200
        assert worker().pid != gone.pid


def test_it_ends_with_the_server_and_without_questions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.web.beside._REST", 0.2)
    before = {each.pid for each in psutil.Process().children()}
    with serving(path, beside=0) as site, site.client() as client:
        assert client.get("/actors/RUS").status_code == 200
        late = time.monotonic() + 20
        while {each.pid for each in psutil.Process().children()} - before:
            assert time.monotonic() < late
            time.sleep(0.05)
        assert client.get("/actors/CHN").status_code == 200
    assert not {each.pid for each in psutil.Process().children()} - before


def test_who_asks_with_a_token_is_known_there(path: Path) -> None:
    with serving(path, beside=0, tokens=True) as site, site.client() as client:
        assert client.get("/api/v1/alignment/dyads").status_code == 401
        assert client.get("/api/v1/alignment/dyads", headers={"authorization": f"Bearer {READ}"}).status_code == 200
        assert COOKIE not in client.cookies
