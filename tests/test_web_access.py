"""Who gets in, and what hostile callers can do to the page and its API: nothing."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from typer.testing import CliRunner

from communique.cli.main import app
from communique.errors import InputError
from communique.store import Store
from communique.web.tokens import SESSION, Tokens, read_tokens
from served import READ, REPORTS, WRITE, Site, make_store, serving

EVENTS = "/api/v1/events"
POLICY = "script-src 'self'"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("access") / "news")


@pytest.fixture(scope="module")
def site(store: Path) -> Iterator[Site]:
    with serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(store: Path) -> Iterator[Site]:
    with serving(store, tokens=True, guesses="1000/minute") as running:
        yield running


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


# Names: a site whose name was made to lead to this machine.


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a b", "[::1"]
)
def test_another_name_is_refused(site: Site, host: str) -> None:
    with site.client() as client:
        answer = client.get(EVENTS, headers={"host": host})
    assert answer.status_code in (400, 421)
    assert "items" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:1", "[::1]:80", "LOCALHOST"])
def test_own_names_are_answered(site: Site, host: str) -> None:
    with site.client() as client:
        assert client.get(EVENTS, headers={"host": host}).status_code == 200


def test_two_hosts_are_refused(site: Site) -> None:
    request = f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
    assert raw(site, request.encode()).split(b" ")[1] in (b"400", b"421")


def test_a_name_that_was_given_is_answered(store: Path) -> None:
    with serving(store, names=("desk.example.org",)) as site, site.client() as client:
        assert client.get(EVENTS, headers={"host": "desk.example.org"}).status_code == 200
        assert client.get(EVENTS, headers={"host": "other.example.org"}).status_code == 421


# Tokens.


def test_without_a_token_nothing_is_shown(guarded: Site) -> None:
    with guarded.client() as client:
        answer = client.get(EVENTS)
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert answer.json()["remedy"].startswith("Send it as")
        assert client.get("/api/v1/openapi.json").status_code == 401
        page = client.get("/reports?actor=RUS", headers={"accept": "text/html"})
        assert page.status_code == 303
        assert page.headers["location"] == "/sign-in?next=%2Freports%3Factor%3DRUS"


@pytest.mark.parametrize(
    "header",
    ["Bearer", f"Basic {READ}", f"Bearer {READ}x", f"Bearer {READ[:-1]}", "Bearer " + "x" * 5000, "Bearer ü",
     f"Bearer {READ}, Bearer {READ}"],
)  # fmt: skip
def test_wrong_tokens_open_nothing(guarded: Site, header: str) -> None:
    with guarded.client() as client:
        assert client.get(EVENTS, headers={"authorization": header.encode()}).status_code == 401


def test_right_tokens_open(guarded: Site) -> None:
    with guarded.client() as client:
        assert client.get(EVENTS, headers=bearer(READ)).status_code == 200
        assert client.get("/api/v1/status", headers=bearer(WRITE)).json()["may_write"] is True
        assert client.get("/api/v1/status", headers=bearer(READ)).json()["may_write"] is False


def test_a_reader_writes_nothing_but_may_have_a_text_coded(guarded: Site) -> None:
    with guarded.client(headers=bearer(READ)) as client:
        refused = client.post("/api/v1/corrections", json={})
        assert refused.status_code == 403
        assert "may write" in refused.json()["remedy"]
        assert client.post("/api/v1/code", json={"text": ""}).status_code == 422  # it got as far as the endpoint


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(guarded: Site) -> None:
    with guarded.client() as client:
        answer = sign_in(client, READ, "/api/v1/status")
        assert (answer.status_code, answer.headers["location"]) == (303, "/api/v1/status")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert READ not in cookie
        assert client.get("/api/v1/status").json()["may_write"] is False
        token = form_token(client)
        assert client.post("/sign-out", data={"form_token": token}).status_code == 303
        assert client.get("/api/v1/status").status_code == 401


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\nx"]
)
def test_signing_in_leads_nowhere_else(guarded: Site, where: str) -> None:
    with guarded.client() as client:
        assert sign_in(client, READ, where).headers["location"] == "/"


def test_a_wrong_token_does_not_sign_in(guarded: Site) -> None:
    with guarded.client() as client:
        answer = sign_in(client, "x" * 40, "/")
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert 'role="alert"' in answer.text


def test_guessing_is_slowed_down(store: Path) -> None:
    with serving(store, tokens=True) as site, site.client() as client:
        codes = [client.get(EVENTS, headers=bearer(f"guess {n}")).status_code for n in range(12)]
        assert codes == [401] * 10 + [429] * 2
        last = client.get(EVENTS, headers=bearer(READ))
        assert last.status_code == 429  # right or not, which would tell
        assert int(last.headers["retry-after"]) > 0
        assert sign_in_raw(client, READ).status_code == 429


def test_forged_sessions_open_nothing() -> None:
    tokens = read_tokens(None, {"COMMUNIQUE_READ_TOKEN": READ, "COMMUNIQUE_WRITE_TOKEN": WRITE})
    session = tokens.session(READ, now=1000.0)
    until, start, signature = session.split(".")
    assert tokens.signed_in(session, now=1000.0 + SESSION) is not None
    assert tokens.signed_in(session, now=1001.0 + SESSION) is None
    other = tokens.session(WRITE, now=1000.0).split(".")[1]
    for forged in (
        f"{until}9.{start}.{signature}", f"{until}.{other}.{signature}", f"{until}.{start}.", "", "..", "a.b.c",
        f"{until}.{start}.{'0' * 64}", "ü.ü.ü",
    ):  # fmt: skip
        assert tokens.signed_in(forged, now=1000.0) is None
    assert Tokens().signed_in(session, now=1000.0) is None
    without = read_tokens(None, {"COMMUNIQUE_WRITE_TOKEN": WRITE})
    assert without.signed_in(session, now=1000.0) is None  # the token was taken away


def test_token_files_are_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "tokens.txt"
    path.write_text(f"# who\nread anna {READ}\n\nwrite   ben {WRITE}  # editor\n", encoding="utf-8")
    tokens = read_tokens(path, {})
    assert [tokens.of(READ), tokens.of(WRITE), tokens.of("")] == [
        tokens.tokens[0].who, tokens.tokens[1].who, None,
    ]  # fmt: skip
    assert (tokens.tokens[1].who.name, tokens.tokens[1].who.may_write) == ("ben", True)
    assert READ not in repr(tokens)
    for line, said in (
        ("read short", "less than"),
        ("own x " + READ, "is no token"),
        (f"read {READ}\nwrite {READ}", "twice"),
    ):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(InputError, match=said):
            read_tokens(path, {})
    with pytest.raises(InputError, match="Cannot read"):
        read_tokens(tmp_path / "none.txt", {})


# Other sites.


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
     {"sec-fetch-site": "same-site"}, {"origin": "http://localhost:1"}],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/v1/code", "/sign-out", "/sign-in", "/api/v1/corrections"])
def test_other_sites_change_nothing(site: Site, headers: dict[str, str], path: str) -> None:
    with site.client(headers=headers) as client:
        answer = client.post(path, json={"text": "Russia met China."})
    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_of_another_site_could_send_is_no_json(site: Site, kind: str) -> None:
    with site.client() as client:
        answer = client.post("/api/v1/code", content=b'{"text": "Russia met China."}', headers={"content-type": kind})
    assert answer.status_code == 415


def test_forms_need_the_token_of_our_pages(site: Site) -> None:
    with site.client() as client:
        assert client.post("/sign-out", data={"form_token": "0" * 64}).status_code == 403
        assert client.post("/sign-out", data={"other": "x"}).status_code == 403
        assert client.post("/sign-out", data={"form_token": form_token(client)}).status_code == 303


def test_no_other_site_may_read(site: Site) -> None:
    with site.client(headers={"origin": "https://evil.example"}) as client:
        answer = client.get(EVENTS)
        asked = client.options(EVENTS, headers={"access-control-request-method": "POST"})
    for each in (answer, asked):
        assert not [name for name in each.headers if name.startswith("access-control")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", [EVENTS, "/api/v1/nothing", "/nothing", "/sign-in", "/static/style.css", f"{EVENTS}?since=x"]
)
def test_every_answer_tells_browsers_what_they_may_do(site: Site, path: str) -> None:
    with site.client() as client:
        headers = client.get(path, headers={"accept": "text/html"}).headers
    assert POLICY in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "cookie" in headers["vary"].lower()


# Sizes, numbers and time.


def test_large_requests_are_refused(store: Path) -> None:
    with serving(store, max_body=10_000, max_text=500) as site, site.client() as client:
        large = client.post("/api/v1/code", json={"text": "x" * 20_000})
        assert (large.status_code, large.json()["remedy"]) == (413, "Send less at once.")
        chunked = client.post("/api/v1/code", content=iter([b'{"text": "'] + [b"x" * 5000] * 5),
                              headers={"content-type": "application/json"})  # fmt: skip
        assert chunked.status_code == 413
        assert client.post("/api/v1/code", json={"text": "x" * 501}).status_code == 413
        assert client.get(f"{EVENTS}?actor={'x' * 9000}").status_code == 414
        assert client.get(EVENTS).status_code == 200


@pytest.mark.parametrize("length", ["-1", "99999999999999999999", "abc", "1e3", "10, 11"])
def test_lengths_that_are_none_are_refused(site: Site, length: str) -> None:
    request = f"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
    assert raw(site, request.encode()).split(b" ")[1] in (b"400", b"413")


def test_asking_too_often_is_told_when_to_come_again(store: Path) -> None:
    with serving(store, reading="5/minute") as site, site.client() as client:
        codes = [client.get(EVENTS).status_code for _ in range(7)]
        assert codes == [200] * 5 + [429] * 2
        assert 0 < int(client.get(EVENTS).headers["retry-after"]) <= 61


def test_a_small_answer_comes_at_once(site: Site) -> None:
    """Head and body of an answer go out apart; the body is not held back until the head has been acknowledged."""
    took = []
    with site.client() as client:
        for _ in range(30):
            begun = time.monotonic()
            assert client.get(f"{EVENTS}?limit=1&after=x").status_code == 400
            took.append(time.monotonic() - begun)
    assert min(took[20:]) < 0.03, took  # an acknowledgement comes after 40 ms


def test_slow_clients_are_dropped_and_others_served(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.web.server._HEAD_SECONDS", 1.0)
    with serving(store, body_seconds=1.0, readers=2) as site, site.client() as client:
        heads = [connect(site) for _ in range(20)]
        bodies = [connect(site) for _ in range(20)]
        for each in heads:
            each.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: loc")
        for each in bodies:
            each.sendall(b"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         b"Content-Length: 1000\r\n\r\n{")  # fmt: skip
        assert client.get(EVENTS).status_code == 200
        assert [ended(each) for each in heads] == [b""] * 20
        assert {ended(each)[9:12] for each in bodies} == {b"408"}
        assert client.get(EVENTS).status_code == 200


def test_who_reads_slowly_holds_no_store(store: Path) -> None:
    with serving(store, readers=1, answer_seconds=1.0) as site, site.client() as client:
        slow = [connect(site, window=2048) for _ in range(5)]
        for each in slow:
            each.sendall(b"GET /api/v1/reports?limit=1000&format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40)
        begun = time.monotonic()
        assert client.get(EVENTS).status_code == 200
        assert time.monotonic() - begun < 20


def test_many_at_once_are_all_answered(site: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    paths = ["/api/v1/events", "/api/v1/reports/r000003", "/api/v1/status", "/api/v1/positions?format=csv"] * 15

    def ask(path: str) -> int:
        return httpx.get(site.url + path, timeout=60).status_code

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(ask, paths)) == {200}


# What comes in parameters.

HOSTILE = [
    "'; DROP TABLE reports; --", '" OR 1=1 --', "1) UNION SELECT * FROM read_text('/etc/passwd')--",
    "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "%00", "\x00", "\ud83d",
    "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "$events", "*", "%", "'", '"', "\\", "\r\nX-Evil: 1", "𝔸" * 30,
    "read_csv('/etc/passwd')", "-1", "9" * 40, "NaN", "1e999", "null", "[]", "{}",
]  # fmt: skip
PARAMETERS = [
    "actor", "dyad", "type", "issue", "stance", "status", "since", "until", "report", "after", "limit", "format",
    "min_confidence", "total",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_parameter_reaches_the_system(site: Site, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    with site.client() as client:
        for name in PARAMETERS:
            check(client.get(EVENTS, params={name: text}))
        for path in ("reports", "records", "actors", "issues", "alignment"):
            check(client.get(f"/api/v1/{path}/{quote(text, safe='')}"))
        for name in ("actors", "since", "channel", "by", "split", "issue", "seed", "draws"):
            check(client.get("/api/v1/alignment/issues", params={"draws": "0", name: text}))
        for path in ("/api/v1/actors", "/api/v1/issues", "/sign-in", "/nothing"):
            check(client.get(path, params={"q": text, "next": text}, headers={"accept": "text/html"}))
        check(client.post("/api/v1/code", json={"text": 1, "published": text, "url": text}))
        assert client.get("/api/v1/status").json()["counts"]["reports"] == REPORTS


def check(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert "root:" not in answer.text
    assert "<script>alert" not in answer.text or "json" in answer.headers["content-type"]
    assert "x-evil" not in answer.headers
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/..%5capp.py", "/static//etc/passwd",
     "/static/%00", "/../../etc/passwd", "//etc/passwd", "/static/", "/static/%2e%2e%2f%2e%2e%2fweb%2fapp.py"],
)  # fmt: skip
def test_no_path_leads_out_of_the_static_files(site: Site, path: str) -> None:
    answer = raw(site, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in (b"400", b"404", b"405")
    assert b"create_app" not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "request_",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/x\r\n\r\n", b"GARBAGE\r\n\r\n", b"\x00" * 500,
     b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
     b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_http_is_refused_and_the_next_is_served(site: Site, request_: bytes) -> None:
    answer = raw(site, request_)
    assert answer == b"" or answer.split(b" ")[1] in (b"400", b"405", b"413", b"414", b"415", b"422", b"431"), answer[
        :80
    ]
    with site.client() as client:
        assert client.get("/api/v1/status").status_code == 200


def test_websockets_are_refused(site: Site) -> None:
    with site.client() as client:
        answer = client.get("/", headers={"connection": "upgrade", "upgrade": "websocket"})
    assert answer.status_code in (200, 404)


def test_errors_do_not_tell_where_the_store_is(store: Path, tmp_path: Path) -> None:
    copy = make_store(tmp_path / "gone", 3)
    with serving(copy) as site, site.client() as client:
        for part in (copy / "parts").iterdir():
            for file in part.iterdir():
                file.write_bytes(b"torn")
        (copy / "catalogue.sqlite").rename(copy / "elsewhere")
        (copy / "catalogue.sqlite").write_bytes(b"no catalogue " * 1000)
        answer = client.get(EVENTS)
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text
        assert "Traceback" not in answer.text
        page = client.get("/reports", headers={"accept": "text/html"})
        assert str(tmp_path) not in page.text


AMENDED = b'{"action": "amend", "record": "r000001-e0", "who": "a", "becomes": %s}'
WRONG = b'{"kind": "event", "id": "x", "report": "r000001", "type": "AID", %s}'


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b'{"action": "drop"}', b'{"action": "accept"}', b'{"action": "add"}',
        AMENDED % b"{}", AMENDED % b'{"kind": "report", "id": "x", "text": ""}',
        AMENDED % b'{"kind": "event", "id": 1, "report": [], "type": {}}',
        AMENDED % (WRONG % b'"evidence": {"sentence": [[0, 99999999999999999999]]}'),
        AMENDED % (WRONG % b'"evidence": {"sentence": [[0, 999999]]}'),
        AMENDED % (WRONG % b'"evidence": {"sentence": [["x"]]}'), AMENDED % (WRONG % b'"evidence": 7, "actors": "RUS"'),
        AMENDED % (WRONG % b'"actors": [{"code": "\\ud83d", "name": "x"}]'), AMENDED % (WRONG % b'"date": []'),
        AMENDED % (WRONG % b'"confidence": 1e400'), AMENDED % (WRONG % b'"magnitude": {"dead": 1e30}'),
        b'{"action": "accept", "record": "r000001-e0", "who": "\\ud83d"}',
        b'{"action": "accept", "record": "\\u0000", "who": "a"}',
        b'{"action": "accept", "record": "\' OR 1=1 --", "who": "a"}',
        b'{"action": "accept", "record": "../../etc/passwd", "who": "a"}',
        b'{"action": "accept", "record": "r000001-e0", "who": "' + b"x" * 5000 + b'"}',
        b"[" * 100_000, b'{"action": "add", "who": "a", "becomes": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    ],
    ids=range(25),
)  # fmt: skip
def test_corrections_that_are_none_change_nothing(site: Site, body: bytes) -> None:
    with site.client() as client:
        answer = client.post("/api/v1/corrections", content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500, answer.text
        assert client.get("/api/v1/corrections").json()["items"] == []
        assert client.get(f"{EVENTS}?total=true").json()["total"] == REPORTS


@pytest.mark.slow
def test_a_server_that_is_killed_keeps_what_it_said_it_kept(tmp_path: Path) -> None:
    path = make_store(tmp_path / "news", 40)
    kept: list[str] = []
    for turn in range(2):
        process, url = started(path)
        timer = threading.Timer(0.3 + 0.2 * turn, process.kill)
        with httpx.Client(base_url=url, timeout=20) as client:
            client.get("/api/v1/status")
            for n in range(10_000):
                sent = {"action": ("accept", "reject")[n % 2], "record": f"r{n % 40:06}-e0", "who": f"{turn}.{n}"}
                try:
                    answer = client.post("/api/v1/corrections", json=sent)
                except httpx.TransportError:
                    break
                assert answer.status_code == 201, answer.text
                kept.append(answer.json()["id"])
                if n == 2:  # on a busy machine, more may take longer than any time that is given
                    timer.start()
        process.wait()
        if process.stderr:
            process.stderr.close()
    with Store.open(path) as opened:
        there = [each.id for each in opened.corrections()]
        assert set(kept) <= set(there)
        assert len(there) <= len(kept) + 2  # one that was written and not yet answered, each time
        assert sum(1 for _ in opened.query("events")) <= 40
    assert kept


# The command.


def refused(*arguments: str) -> str:
    """Return what the command says, in a line, that ends at once with status 1."""
    done = CliRunner().invoke(app, ["serve", *arguments])
    assert done.exit_code == 1, done.output
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_other_hosts_need_tokens(store: Path, settled: None, host: str) -> None:
    assert "Give --tokens FILE" in refused("--store", str(store), "--host", host, "--port", "0")


def test_a_port_that_is_taken_is_said(store: Path, site: Site, settled: None) -> None:
    said = refused("--store", str(store), "--port", str(site.port))
    assert f"The port {site.port} is taken" in said
    assert "--port 0" in said


def test_a_store_that_is_not_there_is_said(tmp_path: Path, settled: None) -> None:
    assert "No store at" in refused("--store", str(tmp_path / "none"))


def test_rates_that_are_none_are_said(store: Path, settled: None) -> None:
    assert "is no rate" in refused("--store", str(store), "--rate", "often")


def test_a_missing_extra_is_said(store: Path, tmp_path: Path) -> None:
    (tmp_path / "fastapi.py").write_text("raise ModuleNotFoundError(\"No module named 'fastapi'\", name='fastapi')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "communique", "serve", "--store", str(store)], env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip install 'communique[serve]'" in done.stderr


def started(store: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the command and return it with its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "communique", "serve", "--store", str(store), "--port", "0"], stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stderr is not None
    return process, process.stderr.readline().split(" is open at ")[1].split("/ until")[0]


def test_it_says_where_it_is_and_ends_when_told(store: Path) -> None:
    process, url = started(store)
    try:
        assert process.stderr is not None
        assert httpx.get(f"{url}/api/v1/status", timeout=30).json()["counts"]["reports"] == REPORTS
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


# Helpers.


def form_token(client: httpx.Client) -> str:
    text = client.get("/sign-in").text
    return text.split('name="form_token" value="')[1].split('"')[0]


def sign_in(client: httpx.Client, token: str, where: str) -> httpx.Response:
    return client.post("/sign-in", data={"form_token": form_token(client), "token": token, "next": where})


def sign_in_raw(client: httpx.Client, token: str) -> httpx.Response:
    return client.post("/sign-in", data={"token": token})


def connect(site: Site, window: int = 0) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if window:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    made.settimeout(15)
    made.connect(("127.0.0.1", site.port))
    return made


def ended(made: socket.socket) -> bytes:
    """Return what comes until the other side ends the connection."""
    chunks = []
    with made:
        try:
            while chunk := made.recv(65536):
                chunks.append(chunk)
        except ConnectionResetError:
            pass
    return b"".join(chunks)


def raw(site: Site, request: bytes, *, ends: bool = False) -> bytes:
    """Return the answer to bytes that need not be HTTP, its body cut; `ends`: nothing more is sent."""
    with connect(site) as made:
        try:
            made.sendall(request)
            if ends:
                made.shutdown(socket.SHUT_WR)
            return made.recv(65536)
        except (ConnectionResetError, BrokenPipeError, http.client.HTTPException):
            return b""
