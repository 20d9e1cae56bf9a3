"""`communique watch` as a process that follows sites of our own on loopback, is stopped, killed and started again."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import InputError
from communique.records import Coding, Failure, Report
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.sources.listing import Entry
from communique.store import Store
from communique.store.again import read_again
from communique.store.ledger import Input
from communique.watching.lists import Source, read_list_file, sources_of
from communique.watching.schedule import backoff, seconds_of
from communique.watching.watcher import Round, Watcher, in_turns
from sites import Answer, Asked, Site, serving

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_") and "proxy" not in k.lower()},
    "PYTHONPATH": os.pathsep.join(sys.path),
    **({"COMMUNIQUE_CACHE": os.environ["COMMUNIQUE_CACHE"]} if "COMMUNIQUE_CACHE" in os.environ else {}),
    "COMMUNIQUE_WEB_DELAY": "0", "COMMUNIQUE_WEB_BACKOFF": "0.01", "COMMUNIQUE_WEB_SECONDS": "5",
}  # fmt: skip
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
CONTENT = "http://purl.org/rss/1.0/modules/content/"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def text(number: int, *, version: int = 1) -> str:
    """Return a report; a thousand characters at least, so that a feed may carry it whole."""
    told = " ".join(f"On day {day} of talks number {number} France condemned Iran." for day in range(30))
    return f"{told} Version {version} of the story ends here."


def rss(site: Site, numbers: Sequence[int], *, whole: bool = False, day: str = "2022-02-04T10:00:00Z") -> str:
    items = "".join(
        f"<item><title>Story {n}</title><link>{site.url}/{n}</link><pubDate>{day}</pubDate>"
        + (f"<content:encoded><![CDATA[<p>{text(n)}</p>]]></content:encoded></item>" if whole else "</item>")
        for n in numbers
    )
    return f'<rss version="2.0" xmlns:content="{CONTENT}"><channel><title>The Wire</title>{items}</channel></rss>'


def publish(site: Site, numbers: Sequence[int]) -> None:
    for number in numbers:
        site.say(f"/{number}", text(number))


# --- the rounds, with a keeper that stores reports without coding them


@dataclass
class Tally:
    kept: int = 0
    there: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass
class Desk:
    """Follows addresses into a store, and notes each round. It keeps the text of a report as the report's id."""

    path: Path
    settings: Settings = field(default_factory=lambda: Settings(web_delay=0, web_backoff=0.01, web_seconds=3))
    rounds: list[Round] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dying: bool = False

    def keep(self, store: Store, items: Iterator[RawItem | Failure]) -> Tally:
        tally = Tally()
        for item in items:
            if isinstance(item, Failure):
                tally.failures.append(item)
                store.writer.add([], [item])
                continue
            words = item.content if isinstance(item.content, str) else item.content.decode()
            report = Report(
                f"r{abs(hash(words)):x}", words, title=item.title, outlet=item.outlet, published=item.published
            )
            new = not store.has(report.id)
            store.writer.add([Coding(report)] if new else [], inputs=[Input(item.origin, item.source_id, report.id)])
            tally.kept, tally.there = tally.kept + new, tally.there + (not new)
            if self.dying:
                raise KeyboardInterrupt
        return tally

    def watch(self, *sources: Source | str, again: bool = False) -> Round:
        """Look once; return what the first round did."""
        before = len(self.rounds)
        watcher = self.watcher(*sources)
        watcher.run(once=True, again=again)
        return self.rounds[before] if len(self.rounds) > before else Round(0)

    def watcher(self, *sources: Source | str) -> Watcher:
        found = [Source(each, 3600) if isinstance(each, str) else each for each in sources]
        return Watcher(
            found, self.settings, open_store=lambda: Store.open_or_create(self.path), keep=self.keep,
            say=self.rounds.append, complain=self.complaints.append,
        )  # fmt: skip

    def titles(self) -> list[str]:
        with Store.open(self.path) as store:
            return sorted(summary.report.title for summary in store.query("reports"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "store")


def test_what_is_new_is_read_and_nothing_else_is_fetched(site: Site, desk: Desk) -> None:
    def feed(asked: Asked) -> Answer:
        tag = f'"{shown[0]}"'
        same = asked.headers.get("if-none-match") == tag
        return Answer(status=304) if same else Answer(rss(site, shown).encode(), headers={"ETag": tag})

    shown = [1, 2]
    publish(site, range(9))
    site.say("/feed", feed)
    first = desk.watch(f"{site.url}/feed")
    assert (first.looked, first.entries, first.kept, first.unchanged) == (1, 2, 2, 0)
    for _ in range(2):
        second = desk.watch(f"{site.url}/feed")
        assert (second.looked, second.entries, second.kept, second.unchanged) == (1, 0, 0, 1)
    shown = [2, 3]
    third = desk.watch(f"{site.url}/feed")
    assert (third.entries, third.kept, third.there) == (1, 1, 0)
    assert desk.titles() == ["Story 1", "Story 2", "Story 3"]
    assert Counter(site.paths()) == {"/feed": 4, "/1": 1, "/2": 1, "/3": 1}


def test_a_story_in_two_feeds_is_fetched_once(site: Site, desk: Desk) -> None:
    publish(site, (1, 2))
    site.say("/a", rss(site, (1, 2)))
    site.say("/b", rss(site, (2, 1), day="2022-02-04T10:00:07Z").replace("/2<", "/2?utm_source=b<"))
    result = desk.watch(f"{site.url}/a", f"{site.url}/b")
    assert (result.looked, result.entries, result.kept) == (2, 2, 2)
    assert Counter(site.paths()) == {"/a": 1, "/b": 1, "/1": 1, "/2": 1}
    assert desk.watch(f"{site.url}/a", f"{site.url}/b").entries == 0


def test_a_story_that_changed_is_read_again_but_not_each_time_that_a_feed_says_so(site: Site, desk: Desk) -> None:
    moment = datetime(2022, 2, 4, 10, tzinfo=UTC)

    def look(hours: float, version: int) -> Round:
        site.say("/1", text(1, version=version))
        site.say("/feed", rss(site, [1], day=(moment + timedelta(hours=hours)).isoformat()))
        return desk.watch(f"{site.url}/feed")

    assert look(0, 1).kept == 1
    assert look(0.5, 2).entries == 0, "within the hour"
    assert (look(1, 2).entries, look(1, 3).entries) == (1, 0)
    assert look(2, 3).entries == 0, "the second time it takes four hours"
    assert look(5, 3).kept == 1
    assert desk.titles() == ["Story 1"] * 3
    assert (again := look(30, 3)).entries == 1 and again.there == 1, "it had not changed after all"


def test_what_a_feed_carries_whole_is_not_fetched_and_changes_by_its_words(site: Site, desk: Desk) -> None:
    site.say("/feed", rss(site, [1], whole=True, day=""))
    assert desk.watch(Source(f"{site.url}/feed", 60, outlet="Mine", language="fr")).kept == 1
    assert desk.watch(f"{site.url}/feed").entries == 0
    site.say("/feed", rss(site, [1], whole=True, day="").replace("Version 1", "Version 2"))
    assert desk.watch(f"{site.url}/feed").kept == 1
    assert set(site.paths()) == {"/feed"}
    with Store.open(desk.path) as store:
        assert sorted(s.report.outlet for s in store.query("reports")) == ["Mine", "The Wire"]


def test_a_page_that_fails_is_tried_again_later_and_given_up_in_the_end(site: Site, desk: Desk) -> None:
    publish(site, [1])
    site.say("/2", Answer(status=503), Answer(status=503), Answer(status=503), text(2))
    site.say("/3", Answer(status=404))
    site.say("/feed", rss(site, (1, 2, 3)))
    result = desk.watch(f"{site.url}/feed")
    assert (result.kept, result.waiting) == (1, 1)
    assert sorted((f.source, f.stage) for f in result.failures) == [
        (f"{site.url}/2", "fetch"),
        (f"{site.url}/3", "fetch"),
    ]
    assert desk.watch(f"{site.url}/feed").kept == 0, "it is left alone for an hour"
    assert site.paths().count("/2") == 3 and site.paths().count("/3") == 1
    with sqlite3.connect(desk.path / "catalogue.sqlite") as catalogue:
        assert catalogue.execute("UPDATE watched_entries SET not_before = '' WHERE pending").rowcount == 1
    assert desk.watch(f"{site.url}/feed").kept == 1
    with Store.open(desk.path) as store:
        assert [(line.origin, line.outcome) for line in store.inputs()] == [
            (f"{site.url}/1", "coded"), (f"{site.url}/2", "coded"), (f"{site.url}/3", "failed"),
        ]  # fmt: skip


def test_an_address_that_fails_is_backed_off_and_one_that_is_gone_is_set_aside(site: Site, desk: Desk) -> None:
    site.say("/down", Answer(status=500))
    site.say("/gone", Answer(status=410))
    site.say("/page", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>')
    publish(site, [1])
    site.say("/feed", rss(site, [1]))
    addresses = [f"{site.url}/{name}" for name in ("down", "gone", "page", "feed")]
    result = desk.watch(*addresses)
    assert (result.looked, result.kept) == (1, 1), "the others do not stop the one that works"
    assert list(result.failed) == [addresses[0], addresses[2]]
    assert f"It names these feeds: {site.url}/feed." in result.failed[addresses[2]]
    assert [note for note in result.notes if "gone for good" in note]
    before = len(site.asked)
    again = desk.watch(*addresses)
    assert (again.looked, again.failed) == (1, {}) and site.paths()[-1] == "/feed" and len(site.asked) <= before + 2
    assert set(again.failing) == {addresses[0], addresses[2]}
    assert "failed once, is tried again after" in again.failing[addresses[0]]
    assert any("was set aside" in note for note in again.notes)
    site.say("/gone", rss(site, [1]))
    assert desk.watch(addresses[1]).looked == 0
    assert desk.watch(addresses[1], again=True).looked == 1


def test_a_host_that_asks_for_rest_gets_it_from_the_next_start_too(site: Site, desk: Desk) -> None:
    site.say("/feed", Answer(status=429, headers={"Retry-After": "7200"}))
    desk.watch(Source(f"{site.url}/feed", 1))
    desk.watch(Source(f"{site.url}/feed", 1))
    assert site.paths() == ["/feed"]
    with Store.open(desk.path, write=True) as store:
        (followed,) = store.watched.follow([f"{site.url}/feed"]).values()
    wait = datetime.fromisoformat(followed.not_before) - datetime.fromisoformat(followed.checked)
    assert timedelta(seconds=7190) < wait < timedelta(seconds=7210)


def test_a_sitemap_is_not_the_archive_of_its_site(site: Site, desk: Desk) -> None:
    """Unless it is said since when: at first only what is of today or yesterday, then whatever is new."""
    today, day = datetime.now(UTC).date(), "<lastmod>{}</lastmod>"

    def sitemap(*pages: tuple[int, str]) -> str:
        return (
            "<urlset>"
            + "".join(f"<url><loc>/{n}</loc>{day.format(d) if d else ''}</url>" for n, d in pages)
            + "</urlset>"
        )

    publish(site, range(9))
    old = [(1, "2020-01-01"), (2, ""), (3, today.isoformat())]
    site.say("/map", sitemap(*old))
    assert (desk.watch(f"{site.url}/map").entries, site.paths()) == (1, ["/map", "/3"])
    site.say("/map", sitemap(*old, (4, "")), sitemap(*old, (4, ""), (1, "2020-06-01")))
    assert (desk.watch(f"{site.url}/map").kept, site.paths()[2:]) == (1, ["/map", "/4"])
    whole = Desk(desk.path.with_name("whole"), desk.settings.model_copy(update={"since": "2020-01-01"}))
    assert whole.watch(f"{site.url}/map").kept == 4


def test_an_index_is_followed_into_what_changed(site: Site, desk: Desk) -> None:
    today = datetime.now(UTC).date().isoformat()

    def index(**stamps: str) -> str:
        inner = "".join(f"<sitemap><loc>/{name}</loc><lastmod>{s}</lastmod></sitemap>" for name, s in stamps.items())
        return f"<sitemapindex>{inner}</sitemapindex>"

    def page(number: int) -> str:
        return f"<urlset><url><loc>/{number}</loc><lastmod>{today}</lastmod></url></urlset>"

    publish(site, range(9))
    site.say("/index", index(a="2022-01-01", b="2022-01-02"))
    site.say("/a", page(1))
    site.say("/b", Answer(status=500))
    first = desk.watch(f"{site.url}/index")
    assert first.kept == 1 and any("/b answered 500" in note for note in first.notes)
    site.say("/b", page(2))
    second = desk.watch(f"{site.url}/index")
    assert (second.kept, site.paths().count("/a")) == (1, 1), (
        "what could not be had is asked for again, the rest is not"
    )
    site.say("/index", index(a="2022-01-05", b="2022-01-02"))
    site.say("/a", page(3))
    assert desk.watch(f"{site.url}/index").kept == 1
    assert (site.paths().count("/a"), site.paths().count("/b")) == (2, 4)
    site.say("/index", index(a="2022-01-05", b="2022-01-02", c="2022-01-02"))
    assert any("/c answered 404" in note for note in desk.watch(f"{site.url}/index").notes)
    assert desk.watch(f"{site.url}/index").notes == [] and site.paths().count("/c") == 1


def test_an_unchanged_index_does_not_hide_what_changed_below_it(site: Site, desk: Desk) -> None:
    today = datetime.now(UTC).date().isoformat()
    publish(site, range(9))
    site.say("/index", lambda asked: Answer(
        b"<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>",
        304 if "if-none-match" in asked.headers else 200, headers={"ETag": '"x"'},
    ))  # fmt: skip
    for number in (1, 2):
        site.say("/a", f"<urlset><url><loc>/{number}</loc><lastmod>{today}</lastmod></url></urlset>")
        assert desk.watch(f"{site.url}/index").kept == 1
    assert desk.titles() == ["", ""]


def test_gdelts_last_update_is_followed(site: Site, desk: Desk) -> None:
    publish(site, (1, 2))
    for number, when in ((1, "20991128120000"), (2, "20991128121500")):
        site.say("/lastupdate.txt", f"9 {'0' * 32} {site.url}/{when}.mentions.CSV.zip\n")
        mention = ["1", when, when, "1", "post.example", f"{site.url}/{number}", *[""] * 10]
        site.say(f"/{when}.mentions.CSV.zip", "\t".join(mention))
        assert desk.watch(f"{site.url}/lastupdate.txt").kept == 1
        assert desk.watch(f"{site.url}/lastupdate.txt").kept == 0
    assert Counter(site.paths())["/20991128120000.mentions.CSV.zip"] == 1


def test_what_a_feed_leads_to_is_no_nearer_than_the_feed(site: Site, desk: Desk) -> None:
    site.say("/feed", rss(site, [1]).replace(f"{site.url}/1", "http://169.254.169.254/latest"))
    (failure,) = desk.watch(f"{site.url}/feed").failures
    assert "may not lead to" in failure.cause
    assert desk.watch(f"{site.url}/feed").failures == (), "it is told once"


def test_what_was_noted_is_read_though_the_feed_shows_it_no_more(site: Site, desk: Desk) -> None:
    """Killed after the first of three reports: the next start reads the rest, and the first is not fetched again."""
    publish(site, range(9))
    site.say("/feed", rss(site, (1, 2, 3)), rss(site, [4]))
    desk.dying = True
    with pytest.raises(KeyboardInterrupt):
        desk.watch(f"{site.url}/feed")
    desk.dying = False
    site.asked.clear()
    result = desk.watch(f"{site.url}/feed")
    assert (result.kept, result.there) == (3, 0)
    assert sorted(site.paths()) == ["/2", "/3", "/4", "/feed"]
    assert desk.titles() == [f"Story {n}" for n in (1, 2, 3, 4)]


def test_a_store_that_another_writes_to_is_waited_for(site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from communique.watching import watcher as module

    monkeypatch.setattr(module, "_STORE_WAIT", 0.1)
    publish(site, range(9))
    site.say("/feed", rss(site, [1]))
    watcher = desk.watcher(Source(f"{site.url}/feed", 1))
    held: list[Store] = []

    def say(done: Round) -> None:
        desk.rounds.append(done)
        if len(desk.rounds) == 2:
            watcher.stop()
        else:
            site.say("/feed", rss(site, [1, 2]))

    def complain(line: str) -> None:
        desk.complaints.append(line)
        held.pop().close()

    opening = watcher._open_store

    def open_store() -> Store:
        if len(desk.rounds) == 1 and not desk.complaints:
            held.append(Store.open(desk.path, write=True))
        return opening()

    watcher._open_store, watcher._say, watcher._complain = open_store, say, complain
    watcher.run()
    assert len(desk.complaints) == 1 and "Another program is writing" in desk.complaints[0]
    assert desk.titles() == ["Story 1", "Story 2"]


def test_hosts_take_turns() -> None:
    addresses = ["http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://c/1", "http://c/2"]
    turns = [entry.address for entry in in_turns([Entry(a) for a in addresses])]
    assert turns == ["http://a/1", "http://b/1", "http://c/1", "http://a/2", "http://c/2", "http://a/3"]


# --- what is followed, and how often


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("45s", 45), ("30m", 1800), ("2 h", 7200), ("1d", 86400), ("5 minutes", 300), ("1hour", 3600)],
)
def test_intervals(written: str, seconds: int) -> None:
    assert seconds_of(written) == seconds


@given(st.text(max_size=8))
def test_no_other_text_is_an_interval(written: str) -> None:
    try:
        assert 0 < seconds_of(written) <= 31 * 86400
    except InputError as error:
        assert "Write a number and s, m, h or d" in str(error)


@given(st.floats(1, 1e6), st.integers(1, 10_000), st.floats(0, 1e6))
def test_back_off_grows_to_a_day(every: float, failures: int, asked: float) -> None:
    pause = backoff(every, failures, asked)
    assert pause >= min(every, 86400) and pause >= asked
    assert pause <= max(asked, every, 86400)
    assert backoff(every, failures + 1) >= backoff(every, failures)


LIST = """
[[source]]
url = "https://example.org/feed.xml"
outlet = "Example  Wire"
every = "15m"

[[source]]
url = "https://EXAMPLE.org:443/map.xml"
language = "en"
"""


def test_a_list_file(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(LIST)
    assert sources_of(["http://a.example"], [path], "1h") == [
        Source("http://a.example/", 3600), Source("https://example.org/feed.xml", 900, "Example Wire"),
        Source("https://example.org/map.xml", 3600, language="en"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[source]]\nurl = 1", "source 1: url is 1. Write it as a text"),
        ("[[source]]\noutlet = 'x'", "There is no url"),
        ("[[source]]\nurl = 'https://a/'\nevry = '1h'", "source 1: No key 'evry'. Known: .* Did you mean 'every'?"),
        ("[[source]]\nurl = 'https://a/'\nevery = 'often'", "'often' is no interval"),
        ("[[source]]\nurl = 'file:///x'", "only http:// and https://"), ("x = 1", "needs tables"), ("", "needs tables"),
        ("source = 3", "needs tables"), ("[[source", "is no TOML"),
        ("[[source]]\nurl = 'https://u:p@a/'", "name or password"),
    ],
)  # fmt: skip
def test_a_list_file_that_is_none(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_list_file(path, 60)


def test_nothing_to_watch_and_twice_the_same(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to watch"):
        sources_of([], [], "1h")
    with pytest.raises(InputError, match="is there twice"):
        sources_of(["https://a.example", "https://a.example/#x"], [], "1h")
    with pytest.raises(InputError, match="There is no list file"):
        sources_of([], [tmp_path / "none.toml"], "1h")


# --- the process


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start `communique watch` as a service manager would: without a terminal, without standard input."""
    command = [sys.executable, "-m", "communique", "watch", *map(str, arguments), "--no-model"]
    return subprocess.Popen(
        command, env={**ENVIRONMENT, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def until(true: Callable[[], object], process: subprocess.Popen[str], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def kept(store: Path) -> int:
    if not (store / "catalogue.sqlite").is_file():
        return 0
    with Store.open(store) as opened:
        return opened.counts()["reports"]


@posix
def test_a_service_goes_round_and_ends_when_it_is_told(site: Site, tmp_path: Path) -> None:
    store = tmp_path / "store"
    publish(site, range(9))
    site.say("/feed", rss(site, (1, 2)))
    process = start(f"{site.url}/feed", "--store", store, "--every", "1s")
    until(lambda: kept(store) == 2, process)
    site.say("/feed", rss(site, (2, 3)))
    until(lambda: kept(store) == 3, process)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert re.fullmatch(r"\d+ rounds: 3 reports read, 0 already there, 0 failed\.\n", out)
    lines = err.splitlines()
    assert all(
        re.match(r"communique: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ round \d+: 1 address looked at", x) for x in lines
    )
    assert sum("1 report read" in x for x in lines) == 1 and "\x1b" not in err
    assert Counter(site.paths())["/2"] == 1


def test_retry_of_a_page_knows_what_the_feed_knew(site: Site, desk: Desk) -> None:
    """The page fails; the feed alone names the outlet, the title and the day, and it is not there any more."""
    site.say("/feed", rss(site, [1]))
    site.say("/1", Answer(404))
    assert desk.watch(f"{site.url}/feed").failures
    site.say("/feed", Answer(410))
    publish(site, [1])
    with Store.open(desk.path, write=True) as store:
        (line,) = store.inputs("failed")
        (item,) = read_again([line], desk.settings.model_copy(update={"web_private": True}))
    assert isinstance(item, RawItem)
    assert (item.outlet, item.title, item.published[:10]) == ("The Wire", "Story 1", "2022-02-04")


@posix
@pytest.mark.slow
def test_ctrl_c_in_the_middle_keeps_what_is_at_hand_and_leaves_the_rest_for_the_next_time(
    site: Site, tmp_path: Path
) -> None:
    store, numbers = tmp_path / "store", range(60)
    for number in numbers:
        site.say(f"/{number}", Answer(text(number).encode(), wait=0.05))
    site.say("/feed", rss(site, numbers))
    process = start(f"{site.url}/feed", "--store", store)
    until(lambda: len(site.paths()) > 20, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    some = kept(store)
    assert 0 < some < 60 and out.startswith(f"1 round: {some} reports read, 0 already there, 0 failed")
    fetched = Counter(site.paths())
    process = start(f"{site.url}/feed", "--store", store, "--once")
    out, err = process.communicate(timeout=90)
    assert (process.returncode, kept(store)) == (0, 60), err
    assert f"{60 - some} reports read, 0 already there" in out
    twice = [path for path, n in Counter(site.paths()).items() if n > 1 and path != "/feed"]
    assert len(twice) <= 60 - some and set(twice) <= set(fetched), "only what was being fetched when it was stopped"


@posix
@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_there_twice(site: Site, tmp_path: Path) -> None:
    """A feed that shows forty stories at a time and goes on, whoever reads it. It is killed once some are in the store
    and others are being fetched."""
    store, moments = tmp_path / "store", random.Random(11)
    shown: set[int] = set()
    now = [0]

    def feed(asked: Asked) -> Answer:
        some = range(now[0], now[0] + 40)
        shown.update(some)
        now[0] = min(now[0] + 20, 80)
        return Answer(rss(site, some).encode(), media="application/rss+xml")

    site.say("/feed", feed)
    for number in range(120):
        # Each fetch gives other words at the end, as pages with a clock do: read twice, it would be there twice.
        site.say(f"/{number}", lambda asked, n=number: Answer(text(n, version=time.monotonic_ns()).encode(), wait=0.02))
    for _ in range(3):
        process = start(f"{site.url}/feed", "--store", store, "--every", "1s", "--no-model")
        had = kept(store)
        until(lambda had=had: kept(store) > had, process)
        time.sleep(moments.uniform(0, 0.1))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    process = start(f"{site.url}/feed", "--store", store, "--once")
    _, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    with Store.open(store) as opened:
        assert opened.check() == []
        addresses = Counter(summary.report.url for summary in opened.query("reports"))
        assert addresses == {f"{site.url}/{number}": 1 for number in shown}
        assert {line.origin for line in opened.inputs("coded")} == set(addresses)


@posix
def test_once_for_cron_says_what_failed_and_ends(site: Site, tmp_path: Path) -> None:
    publish(site, [1])
    site.say("/feed", rss(site, [1]))
    path = tmp_path / "feeds.toml"
    path.write_text(f'[[source]]\nurl = "{site.url}/feed"\n[[source]]\nurl = "{site.url}/none"\n')
    process = start("--list", path, "--store", tmp_path / "store", "--once")
    out, err = process.communicate(timeout=90)
    assert process.returncode == 1
    assert out == f"1 round: 1 report read, 0 already there, 0 failed; 1 address fails: {site.url}/none.\n"
    first, second = err.splitlines()
    assert (
        "1 address looked at, 1 new entry; 1 report read, 0 already there, 0 failed; could not be looked at: " in first
    )
    assert second.startswith(f"communique: {site.url}/none failed once, is tried again after 20") and "404" in second


@posix
def test_ctrl_c_ends_a_reading_that_waits_for_a_host(site: Site, tmp_path: Path) -> None:
    site.say("/list.urls", "".join(f"{site.url}/{number}\n" for number in range(9)))
    for number in range(9):
        site.say(f"/{number}", Answer(text(number).encode(), wait=0.0 if number < 2 else 60.0))
    process = subprocess.Popen(
        [sys.executable, "-m", "communique", "read", f"{site.url}/list.urls", "--store", tmp_path / "store"],
        env={**ENVIRONMENT, "COMMUNIQUE_WEB_SECONDS": "100"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until(lambda: len(site.paths()) >= 4, process)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130 and err.startswith("communique: stopped")


@posix
def test_a_host_that_hangs_does_not_keep_a_service_from_ending(site: Site, tmp_path: Path) -> None:
    site.say("/feed", Answer(b"late", wait=60.0))
    process = start(f"{site.url}/feed", "--store", tmp_path / "store", COMMUNIQUE_WEB_SECONDS="100")
    until(lambda: site.paths(), process)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "0 rounds: 0 reports read, 0 already there, 0 failed.\n"), err


@posix
def test_only_what_is_gone_is_left(site: Site, tmp_path: Path) -> None:
    site.say("/feed", Answer(status=410))
    process = start(f"{site.url}/feed", "--store", tmp_path / "store")
    _, err = process.communicate(timeout=60)
    assert "is gone for good" in err and process.returncode == 0


def test_wrong_arguments_are_one_sentence(tmp_path: Path) -> None:
    for arguments, message in (
        (("file.xml",), "only http:// and https:// are fetched"),
        (("https://a.example", "--every", "x"), "is no interval"),
        (("https://a.example", "--since", "soon"), "is no date"), ((), "nothing to watch"),
    ):  # fmt: skip
        process = start(*arguments, "--store", tmp_path / "store")
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (1, "") and message in err and len(err.splitlines()) == 1
    assert not (tmp_path / "store").exists()
