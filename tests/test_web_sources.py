"""What is fetched from the web, and how: against sites of our own on loopback that behave well and badly."""

from __future__ import annotations

import gzip
import io
import json
import socket
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from communique import __version__
from communique.cli.main import app
from communique.errors import FetchError, InputError
from communique.reading.decode import page_text
from communique.records import Failure
from communique.settings import Settings
from communique.sources.addresses import PUBLIC, cleaned, network_of, reach_from
from communique.sources.files import read_path
from communique.sources.fragments import text_of
from communique.sources.item import RawItem
from communique.sources.listing import day_of, parse_listing, stamp_of
from communique.sources.web import Stopped, Validators, Web
from sites import Answer, Asked, Site, serving

TEXT = "On Friday France condemned Iran. Germany met Italy in Rome for talks."
ROBOTS = "/robots.txt"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.say("/page", TEXT)
        yield found


def settings(**changes: object) -> Settings:
    quick = {"web_delay": 0.0, "web_backoff": 0.01, "web_seconds": 5.0, **changes}
    return Settings(**quick)  # type: ignore[arg-type]


def read(path: str | Path, **changes: object) -> tuple[list[RawItem], list[Failure]]:
    found = list(read_path(path, settings(**changes)))
    return [f for f in found if isinstance(f, RawItem)], [f for f in found if isinstance(f, Failure)]


def refused(address: str, **changes: object) -> FetchError:
    with Web(settings(**changes)) as web, pytest.raises(FetchError) as caught:
        web.fetch(address)
    return caught.value


# --- what is fetched, and how politely


def test_an_address_is_read_as_a_file_is(site: Site) -> None:
    site.say("/page?id=7", TEXT, media="text/plain; charset=utf-8")
    (item,), failures = read(f"{site.url}/page?utm_source=feed&id=7#top")
    assert failures == []
    assert (item.origin, item.url, item.content) == (f"{site.url}/page?id=7", f"{site.url}/page?id=7", TEXT.encode())


def test_the_program_says_who_it_is_and_whom_to_write_to(site: Site) -> None:
    with Web(settings(contact="mailto:desk@example.org")) as web:
        web.fetch(f"{site.url}/page")
    assert {a.headers["user-agent"] for a in site.asked} == {f"communique/{__version__} (+mailto:desk@example.org)"}
    assert site.paths(robots=True) == [ROBOTS, "/page"]


def test_robots_txt_is_asked_once_and_obeyed(site: Site) -> None:
    site.say(ROBOTS, "User-agent: *\nDisallow: /\n\nUser-agent: communique\nDisallow: /private\nAllow: /private/open\n")
    site.say("/private/open", TEXT)
    with Web(settings()) as web:
        for path in ("/page", "/private/open"):
            assert web.fetch(site.url + path).content == TEXT.encode()
        with pytest.raises(FetchError, match=r"robots\.txt asks robots to leave .*/private/x alone") as caught:
            web.fetch(f"{site.url}/private/x")
    assert not caught.value.passing
    assert site.paths(robots=True) == [ROBOTS, "/page", "/private/open"]


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (401, True), (500, False), (503, False), (429, False)]
)
def test_robots_txt_that_cannot_be_had(site: Site, status: int, allowed: bool) -> None:
    """RFC 9309: one that is not there allows all, one that its host cannot give forbids all."""
    site.say(ROBOTS, Answer(b"User-agent: *\nDisallow: /", status))
    with Web(settings()) as web:
        if allowed:
            assert web.fetch(f"{site.url}/page").content
        else:
            with pytest.raises(FetchError, match=f"robots.txt cannot be had .it answered {status}") as caught:
                web.fetch(f"{site.url}/page")
            assert caught.value.passing
            assert site.paths() == []


def test_robots_txt_may_be_elsewhere_and_is_read_to_a_limit(site: Site) -> None:
    site.say(ROBOTS, Answer(status=301, headers={"Location": "/rules.txt"}))
    site.say("/rules.txt", b"User-agent: *\nDisallow: /page\n" + b"# padding\n" * 200_000)
    assert "leave" in str(refused(f"{site.url}/page"))


def test_the_pause_between_two_fetches_from_a_host(site: Site) -> None:
    site.say(ROBOTS, "User-agent: *\nCrawl-delay: 0.3\n")
    with Web(settings(web_delay=0.05)) as web:
        threads = [threading.Thread(target=web.fetch, args=(f"{site.url}/page",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    moments = sorted(a.at for a in site.asked if a.path == "/page")
    assert len(moments) == 4
    assert min(b - a for a, b in pairwise(moments)) >= 0.28
    assert site.most_at_once == 1


def test_a_delay_that_nobody_could_wait_for_is_said(site: Site) -> None:
    site.say(ROBOTS, "User-agent: *\nCrawl-delay: 86400\n")
    assert "asks for 86,400 seconds between two fetches" in str(refused(f"{site.url}/page"))
    assert site.paths() == []


def test_hosts_are_asked_side_by_side_and_order_is_kept(tmp_path: Path) -> None:
    with serving() as one, serving() as two:
        for each in (one, two):
            for number in range(4):
                each.say(f"/{number}", Answer(f"{TEXT} {each.url} {number}".encode(), wait=0.2))
        addresses = [f"{each.url}/{number}" for number in range(4) for each in (one, two)]
        (tmp_path / "list.urls").write_text("\n".join(addresses) + "\n")
        begun = time.monotonic()
        items, failures = read(tmp_path / "list.urls", web_private=True)
        took = time.monotonic() - begun
        assert failures == []
        assert [item.origin for item in items] == addresses
        assert one.most_at_once == two.most_at_once == 1
        assert took < 1.4, "eight fetches of 0.2 seconds each, one host after the other, would take 1.6"


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    def page(asked: Asked) -> Answer:
        tag = {"ETag": '"v1"', "Last-Modified": "Fri, 04 Feb 2022 10:00:00 GMT"}
        return (
            Answer(status=304, headers=tag)
            if asked.headers.get("if-none-match") == '"v1"'
            else Answer(b"x", headers=tag)
        )

    site.say("/page", page)
    with Web(settings()) as web:
        first = web.fetch(f"{site.url}/page")
        again = web.fetch(f"{site.url}/page", known=first.validators)
    assert (first.unchanged, again.unchanged, again.content) == (False, True, b"")
    assert first.validators == Validators('"v1"', "Fri, 04 Feb 2022 10:00:00 GMT")
    assert site.asked[-1].headers["if-modified-since"] == "Fri, 04 Feb 2022 10:00:00 GMT"


def test_a_busy_host_is_asked_again_when_it_says(site: Site) -> None:
    site.say("/page", Answer(status=429, headers={"Retry-After": "1"}), TEXT)
    with Web(settings()) as web:
        assert web.fetch(f"{site.url}/page").content == TEXT.encode()
    first, second = (a.at for a in site.asked if a.path == "/page")
    assert second - first >= 0.98


def test_a_host_that_says_until_when(site: Site) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    site.say("/page", Answer(status=503, headers={"Retry-After": until}), TEXT)
    with Web(settings()) as web:
        web.fetch(f"{site.url}/page")
    first, second = (a.at for a in site.asked if a.path == "/page")
    assert 0.9 <= second - first <= 3


def test_failures_that_pass_and_one_that_does_not(site: Site) -> None:
    site.say("/page", Answer(status=500), Answer(status=502), TEXT)
    with Web(settings()) as web:
        assert web.fetch(f"{site.url}/page").content == TEXT.encode()
    assert site.paths() == ["/page"] * 3

    site.say("/down", Answer(status=500))
    assert refused(f"{site.url}/down").passing
    assert site.paths().count("/down") == 3
    missing = refused(f"{site.url}/missing")
    assert "answered 404" in str(missing) and not missing.passing and not missing.gone
    assert site.paths().count("/missing") == 1
    site.say("/was", Answer(status=410))
    assert refused(f"{site.url}/was").gone


def test_a_host_that_asks_for_a_long_rest_gets_it(site: Site) -> None:
    site.say("/page", Answer(status=429, headers={"Retry-After": "3600"}))
    with Web(settings()) as web:
        with pytest.raises(FetchError) as first:
            web.fetch(f"{site.url}/page")
        with pytest.raises(FetchError, match=r"left alone for 3,\d+ more seconds") as second:
            web.fetch(f"{site.url}/other")
    assert first.value.wait == 3600 and second.value.wait > 3590 and second.value.passing
    assert site.paths() == ["/page"]


# --- hosts that are slow, large or broken


@pytest.mark.parametrize("how", [{"pause": 0.1}, {"pause": 0.1, "slow_head": True}, {"wait": 30.0}])
def test_a_slow_host_is_given_up(site: Site, how: dict[str, object]) -> None:
    site.say("/page", Answer(b"x" * 1000, **how))  # type: ignore[arg-type]
    begun = time.monotonic()
    error = refused(f"{site.url}/page", web_seconds=0.5, web_tries=1)
    assert time.monotonic() - begun < 3
    assert error.passing


def test_a_body_without_a_length_that_is_cut_off_is_no_page(site: Site) -> None:
    site.say(
        "/page", Answer(b"half a sentence " * 100, pause=0.05, headers={"Content-Length": "", "Connection": "close"})
    )
    assert "took longer than 0.4 seconds" in str(refused(f"{site.url}/page", web_seconds=0.4, web_tries=1))


@pytest.mark.parametrize("packing", ["", "gzip", "deflate"])
def test_a_body_that_is_too_large_is_refused(site: Site, packing: str) -> None:
    body = bytes(30_000_000)
    packed = {"": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body)}[packing]
    site.say("/page", Answer(packed, headers={"Content-Encoding": packing}))
    assert "is longer than 1,000,000 bytes" in str(refused(f"{site.url}/page", web_max_bytes=1_000_000))


def test_packed_and_badly_packed(site: Site) -> None:
    packed = gzip.compress(TEXT.encode())
    site.say("/good", Answer(packed, headers={"Content-Encoding": "gzip"}))
    site.say("/cut", Answer(packed[:-12], headers={"Content-Encoding": "gzip"}))
    site.say("/no", Answer(b"not packed", headers={"Content-Encoding": "gzip"}))
    site.say("/br", Answer(b"?", headers={"Content-Encoding": "br"}))
    with Web(settings()) as web:
        assert web.fetch(f"{site.url}/good").content == TEXT.encode()
    for path in ("/cut", "/no"):
        assert "cannot be unpacked" in str(refused(site.url + path))
    assert "packed as 'br'" in str(refused(f"{site.url}/br"))


def test_answers_that_are_no_http() -> None:
    for said in (
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nfew",
    ):
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def answer(listening: socket.socket = listening, said: bytes = said) -> None:
                for number in range(2):
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(4096)
                        connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" if number == 0 else said)

            threading.Thread(target=answer, daemon=True).start()
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
            assert str(refused(address, web_tries=1)).startswith(f"No answer from {address} (")


def test_nobody_listens() -> None:
    with serving() as gone:
        address = f"{gone.url}/page"
    items, (failure,) = read(address)
    assert (items, failure.source, failure.stage) == ([], address, "fetch")
    assert "cannot be had" in failure.cause


def test_a_wait_ends_when_the_program_does(site: Site) -> None:
    site.say("/slow", Answer(TEXT.encode(), wait=30))
    site.say("/busy", Answer(status=429, headers={"Retry-After": "60"}))
    for path in ("/slow", "/busy"):
        web = Web(settings(web_seconds=60))
        threading.Timer(0.4, web.stop).start()
        begun = time.monotonic()
        with pytest.raises(Stopped):
            web.fetch(site.url + path)
        assert time.monotonic() - begun < 3
        with pytest.raises(Stopped):
            web.fetch(f"{site.url}/page")


# --- where an address may lead


def test_redirects_are_followed_to_an_end(site: Site) -> None:
    site.say("/old", Answer(status=301, headers={"Location": "/older"}))
    site.say("/older", Answer(status=308, headers={"Location": f"{site.url}/page"}))
    site.say("/now", Answer(status=302, headers={"Location": "/page"}))
    site.say("/circle", Answer(status=302, headers={"Location": "/circle2"}))
    site.say("/circle2", Answer(status=302, headers={"Location": "/circle"}))
    for number in range(9):
        site.say(f"/chain{number}", Answer(status=307, headers={"Location": f"/chain{number + 1}"}))
    site.say("/nowhere", Answer(status=302))
    with Web(settings()) as web:
        old, now = web.fetch(f"{site.url}/old"), web.fetch(f"{site.url}/now")
    assert (old.url, old.moved, old.address) == (f"{site.url}/page", f"{site.url}/page", f"{site.url}/old")
    assert (now.url, now.moved) == (f"{site.url}/page", "")
    for path in ("/circle", "/chain0"):
        assert "more than 5 times or in a circle" in str(refused(site.url + path))
    assert "does not say where" in str(refused(f"{site.url}/nowhere"))


def test_a_redirect_is_held_against_robots_txt_too(site: Site) -> None:
    with serving() as other:
        other.say(ROBOTS, "User-agent: *\nDisallow: /page\n")
        site.say("/away", Answer(status=302, headers={"Location": f"{other.url}/page"}))
        assert f"{other.url}/robots.txt asks" in str(refused(f"{site.url}/away"))
        assert other.paths() == []


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", "javascript:alert(1)", "http://user:pw@127.0.0.1/"],
)
def test_a_redirect_to_no_web_address_is_refused(site: Site, target: str) -> None:
    site.say("/away", Answer(status=302, headers={"Location": target}))
    message = str(refused(f"{site.url}/away"))
    assert "only http:// and https:// are fetched" in message or "holds a name or password" in message


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://0.0.0.0:1/", "http://[fe80::1]/"])
def test_even_a_local_address_does_not_lead_to_link_local_ones(site: Site, target: str) -> None:
    site.say("/away", Answer(status=302, headers={"Location": target}))
    assert "may not lead to" in str(refused(f"{site.url}/away"))


def test_what_comes_from_outside_reaches_no_local_address(site: Site, tmp_path: Path) -> None:
    """A feed in a file is from outside; each way to write loopback is refused, and nobody connects."""
    port = site.url.rpartition(":")[2]
    hosts = ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0")
    (tmp_path / "links.urls").write_text("".join(f"http://{host}:{port}/page\n" for host in hosts))
    items, failures = read(tmp_path / "links.urls")
    assert items == [] and site.asked == []
    assert len(failures) == len(hosts)
    assert all("may not lead to" in f.cause or "cannot be had" in f.cause or "No answer" in f.cause for f in failures)
    items, failures = read(tmp_path / "links.urls", web_private=True)
    assert items and site.paths()


def test_a_public_host_may_not_send_us_home(site: Site) -> None:
    """A name that is public for who looks first and loopback for who looks again does not get through either."""
    port = site.url.rpartition(":")[2]
    for lookup in (lambda host: [ip_address("127.0.0.1")], lambda host: [ip_address("::ffff:169.254.169.254")]):
        with Web(settings(), lookup=lookup) as web, pytest.raises(FetchError, match=r"^news\.example is an address of"):
            web.fetch(f"http://news.example:{port}/page")
    answers = iter([[ip_address("93.184.215.14")], *[[ip_address("127.0.0.1")]] * 9])
    with (
        Web(settings(), lookup=lambda host: next(answers)) as web,
        pytest.raises(FetchError, match=r"^news\.example is an address of this machine"),
    ):
        web.fetch(f"http://news.example:{port}/page")
    assert site.asked == []


def test_the_name_of_a_host_is_what_it_is_asked_by(site: Site) -> None:
    port = site.url.rpartition(":")[2]
    with Web(settings(web_private=True), lookup=lambda host: [ip_address("127.0.0.1")]) as web:
        web.fetch(f"http://news.example:{port}/page")
    assert {a.headers["host"] for a in site.asked} == {f"news.example:{port}"}


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("93.184.215.14", "public"), ("2606:2800:21f::1", "public"), ("10.1.2.3", "private"),
        ("172.16.9.9", "private"), ("100.64.0.1", "private"), ("fd00::1", "private"), ("127.8.8.8", "loopback"),
        ("::1", "loopback"), ("::ffff:127.0.0.1", "loopback"), ("::ffff:10.0.0.1", "private"),
        ("192.168.0.1", "private"), ("64:ff9b::7f00:1", "loopback"), ("2002:7f00:1::", "loopback"),
        ("169.254.169.254", "other"), ("fe80::1", "other"), ("224.0.0.1", "other"),
        ("0.0.0.0", "other"), ("::", "other"), ("255.255.255.255", "other"), ("240.0.0.1", "other"),
    ],
)  # fmt: skip
def test_networks(ip: str, network: str) -> None:
    assert network_of(ip_address(ip)) == network


def test_an_address_leads_no_nearer_than_it_is() -> None:
    assert reach_from(["public"]) == PUBLIC
    assert reach_from(["private"]) == {"public", "private"}
    assert reach_from(["loopback"]) == {"public", "private", "loopback"}
    assert reach_from(["loopback", "private", "other"], named=True) == {"public", "private"}


@pytest.mark.parametrize(
    ("written", "base", "address"),
    [
        ("HTTP://Example.ORG:80", "", "http://example.org/"), ("//example.org/a", "https://x.org/b", "https://example.org/a"),
        ("../c?utm_medium=rss&q=1#top", "https://x.org/a/b", "https://x.org/c?q=1"),
        ("https://bücher.example/ä b", "", "https://xn--bcher-kva.example/ä%20b"), ("https://[::1]:8/x", "", "https://[::1]:8/x"),
    ],
)  # fmt: skip
def test_addresses_are_written_in_one_way(written: str, base: str, address: str) -> None:
    assert cleaned(written, base) == address
    assert cleaned(address) == address


@given(st.text(max_size=60), st.sampled_from(["", "https://example.org/a/b?c"]))
def test_no_text_makes_another_address_than_one_of_the_web(text: str, base: str) -> None:
    try:
        address = cleaned(text, base)
    except FetchError:
        return
    assert address.startswith(("http://", "https://")) and "@" not in address.partition("//")[2].partition("/")[0]
    assert cleaned(address) == address


# --- pages


@pytest.mark.parametrize(
    ("media", "body", "expected"),
    [
        ("text/html; charset=utf-8", b"<html><body><p>x</p></body></html>", "text/html"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html></html>", "text/html"),
        ("text/plain", b"<!DOCTYPE html><html></html>", "text/html"), ("text/plain", TEXT.encode(), ""),
        ("", b"\n<!-- x --><HTML><p>x", "text/html"), ("", TEXT.encode(), ""),
        ("application/octet-stream", b"%PDF-1.7 ...", "application/pdf"),
        ("application/pdf", b"%PDF-1.4", "application/pdf"),
    ],
)  # fmt: skip
def test_a_page_is_known_by_its_type_or_its_beginning(site: Site, media: str, body: bytes, expected: str) -> None:
    site.say("/page", body, media=media)
    (item,), failures = read(f"{site.url}/page")
    assert failures == []
    assert (item.media, item.content) == (expected, body)


@pytest.mark.parametrize(
    ("media", "body", "cause"),
    [("image/png", b"\x89PNG", "of the type image/png"), ("", b"\x00\x01\x02", "binary data"),
     ("text/html", b" \n", "is empty"), ("application/json", b"[]", "of the type application/json")],
)  # fmt: skip
def test_what_is_no_page_is_a_failure(site: Site, media: str, body: bytes, cause: str) -> None:
    site.say("/page", body, media=media)
    items, (failure,) = read(f"{site.url}/page")
    assert items == [] and failure.stage == "fetch" and cause in failure.cause


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        ("Путин".encode("cp1251"), "windows-1251", "Путин"), ("Путин".encode(), "windows-1251", "Путин".encode()),
        ("café".encode("latin-1"), "iso-8859-1", "café"), ("“x”".encode("cp1252"), "ISO-8859-1", "“x”"),
        ("café".encode("latin-1"), "utf-8", "café".encode("latin-1")), (b"\xe9", "klingon", b"\xe9"),
        (b"\xe9", "", b"\xe9"), (b"\xe9", "base64", b"\xe9"), (b"plain", "utf-16", b"plain"),
        ("東京".encode("shift_jis"), "Shift_JIS", "東京"),
    ],
)  # fmt: skip
def test_the_hosts_word_for_the_character_set_counts_where_it_can_be_true(
    content: bytes, charset: str, expected: bytes | str
) -> None:
    assert page_text(content, charset) == (expected if isinstance(expected, str) else page_text(expected))


def test_json_lines_at_an_address(site: Site) -> None:
    site.say("/wire.jsonl", json.dumps({"id": "1", "text": TEXT}) + "\nbroken\n", media="application/octet-stream")
    (item,), (failure,) = read(f"{site.url}/wire.jsonl")
    assert (item.source_id, item.content, item.origin) == ("1", TEXT, f"{site.url}/wire.jsonl:1")
    assert failure.source == f"{site.url}/wire.jsonl:2"


# --- feeds

LONG = " ".join(f"On day {n} France condemned Iran and met Italy." for n in range(40))
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Wire &amp; Post</title><link>{url}/</link>
<item><title>One</title><link>/one?utm_source=rss</link><pubDate>Fri, 04 Feb 2022 23:30:00 -0500</pubDate>
<description>Short. Read more</description></item>
<item><title>Two &lt;b&gt;bold&lt;/b&gt;</title><guid>{url}/two</guid>
<content:encoded><![CDATA[<p>{long}</p><script>x()</script>
<figure><img src="x"><figcaption>A caption.</figcaption></figure><p>The <em>last</em>
paragraph&nbsp;here.</p>]]></content:encoded><pubDate>2022-02-05T01:00:00Z</pubDate></item>
<item><title>One again</title><link>{url}/one#again</link></item>
<item><title>Nowhere</title><link>file:///etc/passwd</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{url}/base/"><title>Atoms</title>
<entry><id>tag:x,2022:1</id><title>First</title><link href="first"/><published>2022-02-04T10:00:00+02:00</published>
<updated>2022-02-06T10:00:00+02:00</updated><summary>short</summary></entry>
<entry><id>tag:x,2022:2</id><title>Plain</title><updated>2022-02-06T10:00:00Z</updated>
<content type="text">{long}</content><link href="second"/><source><title>Other Wire</title></source></entry></feed>"""


def test_an_rss_feed_at_an_address(site: Site) -> None:
    site.say("/feed", RSS.format(url=site.url, long=LONG), media="application/rss+xml")
    site.say("/one", TEXT)
    items, failures = read(f"{site.url}/feed")
    one, two = items
    assert (one.origin, one.title, one.published, one.outlet) == (
        f"{site.url}/one",
        "One",
        "2022-02-04",
        "The Wire & Post",
    )
    assert one.content == TEXT.encode()
    assert (two.origin, two.title, two.published) == (f"{site.url}/two", "Two bold", "2022-02-05")
    assert two.content == f"{LONG}\n\nThe last paragraph here."
    assert site.paths() == ["/feed", "/one"], "what the feed carries in full is not fetched, nothing is fetched twice"
    (failure,) = failures
    assert failure.stage == "fetch" and "only http:// and https:// are fetched" in failure.cause


def test_an_atom_feed_in_a_file(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "news.atom"
    path.write_text(ATOM.format(url=site.url, long=LONG))
    site.say("/base/first", TEXT)
    items, failures = read(path, web_private=True)
    assert failures == []
    first, plain = items
    assert (first.url, first.published, first.outlet) == (f"{site.url}/base/first", "2022-02-04", "Atoms")
    assert (plain.content, plain.media, plain.outlet) == (LONG, "", "Other Wire")
    items, failures = read(path)  # from outside: only what the feed itself carries
    assert [item.title for item in items] == ["Plain"] and "may not lead to" in failures[0].cause


def test_entries_tell_when_they_changed_and_old_ones_are_left_out(site: Site) -> None:
    listing = parse_listing(ATOM.format(url=site.url, long=LONG).encode(), f"{site.url}/feed")
    assert listing is not None
    assert [(e.published, e.stamp) for e in listing.entries] == [
        ("2022-02-04", "2022-02-06T08:00:00Z"), ("2022-02-06", "2022-02-06T10:00:00Z"),
    ]  # fmt: skip
    site.say("/feed", ATOM.format(url=site.url, long=LONG))
    assert read(f"{site.url}/feed", since="2022-02-07") == ([], [])


def test_a_page_is_no_feed_and_a_feed_needs_no_declared_type(site: Site) -> None:
    site.say(
        "/feed",
        "\ufeff\n<!-- made by hand --><rss version='2.0'><channel><item><link>/page</link></item></channel></rss>",
    )
    (item,), _ = read(f"{site.url}/feed")
    assert item.content == TEXT.encode()


def test_a_feed_that_breaks_off_gives_what_it_has(site: Site) -> None:
    whole = RSS.format(url=site.url, long=LONG)
    site.say("/one", TEXT)
    site.say("/feed", whole[: whole.index("<item><title>Nowhere")])
    items, failures = read(f"{site.url}/feed")
    assert [item.title for item in items] == ["One", "Two bold"]
    assert [f.source for f in failures] == [f"{site.url}/feed"] and "breaks off" in failures[0].cause
    site.say("/feed", "<rss><chan")
    items, (failure,) = read(f"{site.url}/feed")
    assert items == [] and "broken feed" in failure.cause


def test_a_feed_reads_no_file_and_grows_no_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    inside = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss version="2.0"><channel><title>&x;</title><item>'
    )
    inside += f"<title>&x;</title><link>https://example.org/</link><description>&x; {LONG}</description></item>"
    inside += "</channel></rss>"
    for content in (inside.encode(), str(secret).encode()):
        try:
            listing = parse_listing(content, "f.xml")
        except FetchError:
            continue
        assert listing is None or "secret words" not in repr(listing)
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{lol}]><rss version="2.0"><channel><title>&l11;</title></channel></rss>'
    begun = time.monotonic()
    with suppress(FetchError):
        parse_listing(bomb.encode(), "f.xml")
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("piece", ["<", "<!--", "<a b='", "<![CDATA[", "&", "<!", "<script>", "<div>", "<p>", "... "])
def test_no_markup_takes_for_ever(piece: str) -> None:
    begun = time.monotonic()
    text_of(piece * (200_000 // len(piece)) + "<p>end</p>")
    with suppress(FetchError):
        parse_listing(b"<rss version='2.0'><channel><item>" + piece.encode() * 10_000, "f.xml")
    with suppress(FetchError):
        parse_listing(b"<urlset>" + piece.encode() * 50_000, "m.xml")
    assert time.monotonic() - begun < 10


def test_a_feed_of_ten_thousand_entries_is_none() -> None:
    with pytest.raises(FetchError, match="more than 10,000 entries"):
        parse_listing(b"<rss><channel>" + b"<item/>" * 10_001, "f.xml")


@given(st.binary(max_size=200) | st.text(alphabet="<>/&;![]rsfeditmchanl \"='x-?", max_size=200).map(str.encode))
def test_no_bytes_break_the_reading_of_lists(content: bytes) -> None:
    for whole in (content, b"<rss version='2.0'><channel>" + content, b"<urlset>" + content, b"<feed>" + content):
        for name in ("x.xml", "x.urls", "20220204.mentions.CSV"):
            try:
                parse_listing(whole, name)
            except FetchError as error:
                assert str(error)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("plain\ntext &amp; more", "plain text & more"), ("<p>a<br>b</p>c<!-- no -->d", "a\n\nb\n\ncd"),
        ("<ul><li>x<li>y</ul>z", "x\n\ny\n\nz"), ("<svg><p>no</p></svg>yes<script>var a</script>.", "yes."),
        ("<html><head><title>no</title></head><body><p>yes", "yes"), ("<head></head>", ""), ("<!-- only -->", ""),
        ("<?xml version='1.0' encoding='latin-1'?><p>“é”</p>", "“é”"), ("a\0b\x1fc", "a b c"),
        ("<i>to</i>gether", "together"), ("", ""),
        ("<script>alert('<p>no</p>')</script><style>p {}</style><p>yes</p>", "yes"),
    ],
)  # fmt: skip
def test_the_text_of_a_fragment(markup: str, expected: str) -> None:
    assert text_of(markup) == expected


@given(st.text(max_size=100))
def test_no_text_breaks_fragments_and_days(text: str) -> None:
    assert text_of(text) == text_of(text).strip()
    assert len(day_of(text)) in (0, 10)
    assert len(stamp_of(text)) in (0, 20)


def test_lists_in_lists_end(site: Site) -> None:
    inner = "<sitemapindex><sitemap><loc>/{}</loc></sitemap></sitemapindex>"
    for number in range(6):
        site.say(f"/{number}", inner.format(number + 1))
    _, (failure,) = read(f"{site.url}/0")
    assert "a list in a list, 3 deep" in failure.cause and site.paths() == ["/0", "/1", "/2"]


# --- sitemaps

MAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{url}/new</loc><lastmod>2022-02-04T23:00:00-05:00</lastmod></url>
<url><loc>{url}/old</loc><lastmod>2021-01-01</lastmod></url>
<url><loc>{url}/undated</loc></url>
<url><loc>ftp://x/</loc></url>
<url><loc>{url}/news</loc><news:news><news:publication><news:name>The Post</news:name><news:language>en</news:language>
</news:publication><news:publication_date>2022-02-05</news:publication_date><news:title>News &amp; more</news:title>
</news:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{url}/map.xml.gz</loc><lastmod>2022-02-05</lastmod></sitemap>
<sitemap><loc>{url}/old.xml</loc><lastmod>2020-02-05</lastmod></sitemap>
<sitemap><loc>{url}/missing.xml</loc></sitemap><sitemap><loc>{url}/index.xml</loc></sitemap></sitemapindex>"""


def test_an_index_of_sitemaps(site: Site) -> None:
    site.say("/index.xml", INDEX.format(url=site.url), media="application/xml")
    site.say("/map.xml.gz", gzip.compress(MAP.format(url=site.url).encode()), media="application/gzip")
    for path in ("/new", "/undated", "/news"):
        site.say(path, f"{TEXT} {path}")
    items, failures = read(f"{site.url}/index.xml", since="2022-02-01", web_hosts=1)
    new, undated, news = items
    assert [i.origin for i in items] == [f"{site.url}{p}" for p in ("/new", "/undated", "/news")]
    assert (new.published, undated.published) == ("", ""), "when a page changed is not when it was published"
    assert (news.published, news.title, news.outlet, news.language) == ("2022-02-05", "News & more", "The Post", "en")
    assert "/old" not in site.paths() and "/old.xml" not in site.paths()
    causes = " ".join(f.cause for f in failures)
    assert "missing.xml answered 404" in causes and "only http://" in causes


def test_a_sitemap_in_a_file(site: Site, tmp_path: Path) -> None:
    for name, content in (("map.xml", MAP.encode()), ("map2.xml.gz", gzip.compress(MAP.encode()))):
        (tmp_path / name).write_bytes(content.replace(b"{url}", site.url.encode()) if name == "map.xml" else content)
        if name.endswith("gz"):
            (tmp_path / name).write_bytes(gzip.compress(MAP.format(url=site.url).encode()))
        site.say("/new", TEXT)
        items, _ = read(tmp_path / name, web_private=True)
        assert f"{site.url}/new" in [i.origin for i in items]


def test_sitemaps_that_are_broken_or_declare_things() -> None:
    whole = MAP.format(url="https://example.org").encode()
    cut = parse_listing(whole[: whole.index(b"/undated")], "m.xml")
    assert cut is not None and len(cut.entries) == 2 and "not well-formed" in cut.fault
    for content in (b"<urlset><url>", b"<urlset><loc>&x;", b'<!DOCTYPE x [<!ENTITY a "b">]><urlset></urlset>'):
        with pytest.raises(FetchError, match=r"broken sitemap|declares"):
            parse_listing(content, "m.xml")
    with pytest.raises(FetchError, match="cannot be unpacked"):
        parse_listing(gzip.compress(whole)[:-20], "m.xml.gz")
    with pytest.raises(FetchError, match="cannot be unpacked"):
        parse_listing(gzip.compress(bytes(80_000_000)), "m.xml.gz")


def test_other_xml_is_neither(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text("<catalogue><book/></catalogue>")
    with pytest.raises(InputError, match="no feed, no sitemap and no list"):
        read(tmp_path / "x.xml")


# --- lists of articles


def row(columns: int, **cells: str) -> str:
    values = [""] * columns
    for place, value in cells.items():
        values[int(place[1:])] = value
    return "\t".join(values)


def zipped(name: str, text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(name, text)
    return packed.getvalue()


WHEN = "20220204121500"


def tables(url: str) -> dict[str, str]:
    """Tables as GDELT writes them, each with the page /page, once more, and with a row that is no web page."""
    mention = row(16, _0="1", _1=WHEN, _2=WHEN, _3="1", _4="post.example", _5=f"{url}/page", _6="2")
    return {
        "20220204121500.mentions.CSV": "\n".join([mention, mention, row(16, _2=WHEN, _3="2", _5="BBC Monitoring/x")]),
        "20220204121500.gkg.csv": "\n".join([row(27, _1=WHEN, _2="1", _3="post.example", _4=f"{url}/page"), "broken"]),
        "20220204121500.export.CSV": row(61, _0="1", _26="043", _59=WHEN, _60=f"{url}/page"),
        "20220204.export.CSV": row(58, _0="1", _26="043", _56="20220204", _57=f"{url}/page"),
        "20220204121500.gal.json": json.dumps(
            {"date": "2022-02-04T12:15:00Z", "url": f"{url}/page", "title": "A", "outletName": "Post", "lang": "en"}
        ),
        "articles.urls": f"\ufeff{url}/page\r\n{url}/page\n",
    }


@pytest.mark.parametrize("name", list(tables("")))
def test_lists_of_articles_as_files(site: Site, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(tables(site.url)[name])
    (item,), failures = read(tmp_path / name, web_private=True)
    assert failures == []
    assert (item.origin, item.content, item.published) == (f"{site.url}/page", TEXT.encode(), "")
    assert item.outlet == ("post.example" if "mentions" in name or "gkg" in name else "Post" if "gal" in name else "")
    if "urls" not in name:
        assert read(tmp_path / name, web_private=True, since="2022-02-05") == ([], [])
    if name.endswith(("CSV", "csv")):
        (tmp_path / f"{name}.zip").write_bytes(zipped(name, tables(site.url)[name]))
        (again,), _ = read(tmp_path / f"{name}.zip", web_private=True)
        assert again == item


def test_the_master_list_leads_to_the_tables_of_mentions(site: Site) -> None:
    names = [
        f"{day}121500.{kind}.CSV.zip" for day in ("20220203", "20220204") for kind in ("export", "mentions", "gkg")
    ]
    lines = "".join(f"123 {'0' * 32} {site.url}/gdeltv2/{name}\n" for name in names)
    site.say("/gdeltv2/masterfilelist.txt", lines)
    table = tables(site.url)["20220204121500.mentions.CSV"]
    site.say("/gdeltv2/20220204121500.mentions.CSV.zip", zipped("x.mentions.CSV", table), media="application/zip")
    (item,), failures = read(f"{site.url}/gdeltv2/masterfilelist.txt", since="2022-02-04")
    assert failures == [] and item.outlet == "post.example"
    assert site.paths() == ["/gdeltv2/masterfilelist.txt", "/gdeltv2/20220204121500.mentions.CSV.zip", "/page"]


def test_the_answer_of_gdelts_search(site: Site) -> None:
    articles = [{"url": f"{site.url}/page", "title": "T", "seendate": "20220204T121500Z", "domain": "post.example",
                 "language": "English", "sourcecountry": "France"}]  # fmt: skip
    site.say("/doc?format=json", json.dumps({"articles": articles}), media="application/json")
    (item,), failures = read(f"{site.url}/doc?format=json")
    assert failures == [] and (item.title, item.outlet, item.language) == ("T", "post.example", "")


def test_a_bad_line_does_not_stop_a_list(site: Site, tmp_path: Path) -> None:
    (tmp_path / "x.urls").write_text(f"{site.url}/page\nnot an address\n\nftp://a.example/x\n")
    (item,), failures = read(tmp_path / "x.urls", web_private=True)
    assert item.origin == f"{site.url}/page"
    assert ["leads nowhere" in failure.cause for failure in failures] == [True, True]


def test_a_list_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.urls").write_text("not an address\n")
    with pytest.raises(InputError, match="is no list of articles"):
        read(tmp_path / "x.urls")
    (tmp_path / "y.mentions.CSV.zip").write_bytes(zipped("a", "x")[:-10])
    with pytest.raises(InputError, match="cannot be unpacked"):
        read(tmp_path / "y.mentions.CSV.zip")


# --- the command line


def test_code_and_read_take_addresses(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_WEB_DELAY", "0.2")
    site.say("/two", f"{TEXT} Canada thanked Japan.")
    run = CliRunner().invoke(app, ["code", f"{site.url}/page", "--format", "jsonl", "--published", "2022-02-05"])
    assert run.exit_code == 0, run.output
    report = json.loads(run.stdout.splitlines()[0])
    assert (report["url"], report["text"]) == (f"{site.url}/page", TEXT)

    addresses = [f"{site.url}/{p}" for p in ("page", "two", "missing")]
    run = CliRunner().invoke(app, ["read", *addresses, "--store", str(tmp_path / "store")])
    assert run.exit_code == 1
    assert "2 reports read, 0 already there, 1 failed." in run.stdout
    assert f"{addresses[2]}: fetch: {addresses[2]} answered 404 Not Found." in run.stderr
    moments = [a.at for a in site.asked if a.path != ROBOTS][1:]
    assert min(b - a for a, b in pairwise(moments)) >= 0.18, "one host, one pause"
    assert site.paths(robots=True).count(ROBOTS) == 2

    refused = CliRunner().invoke(app, ["code", f"{site.url}/missing"])
    assert refused.exit_code == 1 and refused.stderr == f"communique: {addresses[2]} answered 404 Not Found.\n"


def test_nothing_is_fetched_that_nobody_gave(site: Site, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(f"{TEXT} See {site.url}/page for more.")
    list(read_path(tmp_path / "report.txt", settings()))
    assert site.asked == []


def test_a_proxy_of_the_system_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy is asked for the whole address."""
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.setenv("no_proxy", "")
    site.routes["http://news.example/page"] = [Answer(TEXT.encode())]
    with Web(settings(), lookup=lambda host: []) as web:
        page = web.fetch("http://news.example/page")
    assert page.content == TEXT.encode()
