"""Briefs out of real stores: what they say, what they rest on, and that a hostile report stays data."""

from __future__ import annotations

import importlib.util
import io
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from click.testing import Result
from typer.testing import CliRunner

from communique.alignment import brief as briefs
from communique.alignment.brief import Brief
from communique.cli.briefing import chart, pdf
from communique.cli.main import app
from communique.knowledge import load_knowledge
from communique.records import Coding, DateInterval, Event, Evidence, Position, Record, Report, Statement
from communique.showing.entries import web_address
from communique.showing.page import Limits, page
from communique.store import Store
from factories import actor

pytestmark = pytest.mark.usefixtures("settled")
DEEDS = {"AID": (2, 7.0, "sent grain to"), "ASSAULT": (4, -9.0, "shelled"), "SUPPORT": (1, 3.5, "praised"),
         "ACCUSE": (3, -2.0, "accused")}  # fmt: skip
EVIL = "<script>alert('x')</script>"


def day(text: str) -> DateInterval:
    return DateInterval(text, text, "day", text)


def told(name: str, when: str, text: str, *records: Record, url: str = "", outlet: str = "The Wire") -> Coding:
    return Coding(Report(name, text, url=url, outlet=outlet, published=when), records, ())


def did(report: str, number: int, source: str, target: str, sort: str, when: str, **fields: object) -> Event:
    quad, goldstein, words = DEEDS[sort]
    start = len(f"{actor(source).name} ")
    proof = Evidence(sentence=((0, 400),), trigger=((start, start + len(words)),))
    values = {"confidence": 0.8, "evidence": proof, "recipients": (actor(target),), **fields}
    return Event(f"e{report[1:]}{number:02}", report, sort, quad=quad, goldstein=goldstein, actors=(actor(source),),
                 date=day(when), **values)  # type: ignore[arg-type]  # fmt: skip


def held(report: str, number: int, holder: str, stance: str, when: str, issue: str = "", **fields: object) -> Position:
    values = {"confidence": 0.8, "evidence": Evidence(sentence=((0, 400),)), **fields}
    return Position(f"p{report[1:]}{number:02}", report, (actor(holder),), stance, issue=issue, date=day(when),
                    **values)  # type: ignore[arg-type]  # fmt: skip


def three_years() -> Iterator[Coding]:
    """Yield reports of 36 months: China turns from Russia's foe to its friend in 2021-07."""
    rng = random.Random(7)
    for month in range(36):
        when = f"{2020 + month // 12}-{month % 12 + 1:02}"
        for n in range(4):
            name, on = f"r{month:02}{n:02}aaaa", f"{when}-{n * 7 + 1:02}"
            warm = rng.random() < (0.95 if month >= 18 else 0.1)
            sort = rng.choice(["AID", "SUPPORT"] if warm else ["ASSAULT", "ACCUSE"])
            back = rng.choice(["ACCUSE", "ACCUSE", "SUPPORT"])
            yield told(
                name, on, f"China {DEEDS[sort][2]} Russia on day {on}. Later the United States {DEEDS[back][2]} China.",
                did(name, 0, "CHN", "RUS", sort, on), did(name, 1, "USA", "CHN", back, on),
                url=f"https://wire.example/{name}",
            )  # fmt: skip


def view(name: str, when: str, text: str, stance: str, issue: str, **fields: object) -> Coding:
    """Return a report with one position of China's."""
    return told(name, when, text, held(name, 0, "CHN", stance, when, issue, **fields))


def stances() -> list[Coding]:
    says = {"attributed_to": (actor("UKR"),)}
    return [
        view("rs01aaaa", "2021-01-10", "China supports the sanctions, it said.", "support", "sanctions"),
        view("rs02aaaa", "2021-05-10", "China opposes the sanctions now.", "oppose", "sanctions"),
        view("rs03aaaa", "2021-06-10", "China still opposes the sanctions.", "oppose", "sanctions"),
        view(
            "rs04aaaa", "2021-06-11", "Ukraine says that China backs arms for Taiwan.", "support", "taiwan-arms", **says
        ),
        view("rs05aaaa", "2021-06-12", "China is against an independent Taiwan.", "oppose", "taiwan-independence"),
        view("rs06aaaa", "2022-11-20", "China opposes Russia, a minister said.", "oppose", "", toward=(actor("RUS"),)),
    ]


def latest() -> list[Coding]:
    said = "China will “never” leave Russia alone, its minister said."
    wang, proof = actor("CHN", person="Wang Yi"), Evidence(sentence=((0, 400),), content=((0, 38),))
    words = Statement("s01", "rw01aaaa", (wang,), (actor("RUS"),), "mixed", "say", day("2022-12-30"), proof, 0.9)
    hostile = f"China shelled {EVIL} & “Russia”\x1b[2J \u202ethere."
    evil = {"recipients": (actor("RUS", name=f"Russia {EVIL}"),), "status": "denied", "implicit": True}
    copy, planned = "Russia says that China plans to shell it.", {"status": "planned", "attributed_to": (actor("RUS"),)}
    last, before = "2022-12-31", "2022-12-29"
    return [
        told("rw01aaaa", "2022-12-30", said, words),
        told("rw02aaaa", last, hostile, did("rw02aaaa", 0, "CHN", "RUS", "ASSAULT", last, **evil),
             url="javascript:alert(1)", outlet=""),
        told("rw03aaaa", before, copy, did("rw03aaaa", 0, "CHN", "RUS", "ASSAULT", before, **planned)),
        told("rw04aaaa", before, copy.upper(), did("rw04aaaa", 0, "CHN", "RUS", "ASSAULT", before, **planned)),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stores") / "store"
    with Store.create(path) as made:
        made.writer.add([*three_years(), *stances(), *latest()])
    return path


@pytest.fixture(scope="module")
def dyad(store: Path) -> Brief:
    return drawn(store, "CHN", "RUS")


def drawn(store: Path, *actors: str, **asked: str) -> Brief:
    with Store.open(store) as opened:
        return briefs.brief(opened, actors, load_knowledge().issues, **asked)  # type: ignore[arg-type]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["brief", *map(str, arguments)], catch_exceptions=False)


def printed(*arguments: object) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    return str(line).removeprefix("communique: ")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_dyad_has_scores_both_ways_with_what_they_rest_on(dyad: Brief) -> None:
    there, back = dyad.directions
    deeds, words, positions = there.channels
    assert (there.source, there.target, deeds.channel) == ("CHN", "RUS", "deeds")
    assert deeds.records + words.records == 144  # one a report, and neither what is denied nor what is planned
    assert deeds.low is not None and deeds.score is not None and deeds.low < deeds.score
    assert (positions.score, positions.records, positions.reports) == (None, 1, 1)  # too little
    assert back.overall.records == 0
    [level_before, level_after] = dyad.movements[0].levels
    assert (level_before.last, level_after.first) == ("2021-06-01", "2021-07-01")
    assert level_before.score < -0.3 < 0.3 < level_after.score
    assert (level_before.records, level_before.reports) == (72, 72)
    assert dyad.movements[1].seen == 0


def test_stances_say_since_when_and_what_others_say_is_marked(dyad: Brief) -> None:
    by_issue = {held.issue: held for held, _ in dyad.stances}
    sanctions = by_issue["sanctions"]
    assert (sanctions.stance, sanctions.records, sanctions.reports) == ("oppose", 3, 3)
    assert sanctions.began is not None and sanctions.began.date.start == "2021-05-10"
    assert sanctions.before is not None and sanctions.before.stance == "support"
    assert by_issue["taiwan-arms"].stance == ""
    assert [(turn.issue, turn.later.record.date.start) for turn in dyad.shifts] == [("sanctions", "2021-05-10")]
    pairs = [{turn.earlier.record.id, turn.later.record.id} for turn in dyad.contradictions]
    assert pairs and all("ps06aaaa00" in pair for pair in pairs)


def test_a_story_told_twice_is_shown_once(dyad: Brief) -> None:
    planned = [cited for cited in dyad.deeds.cited if cited.record.report in ("rw03aaaa", "rw04aaaa")]
    assert [(cited.told, cited.report.id) for cited in planned] == [(2, "rw03aaaa")]
    assert dyad.deeds.total == 147
    days = [cited.record.date.start for cited in dyad.deeds.cited]
    assert days == sorted(days, reverse=True)


DYAD = [
    "Rests on 147 events, 1 statement and 1 position that name both, in 149 reports published 2020-01-01 to",
    "China → Russia: 1 change of level in 36 months with records: −0.45 (72 records, 72 reports) until 2021-06; +0.47",
    "Russia → China: no record to follow.",
    "too little 1/1",
    "ASSAULT · “shelled” · denied · implied",
    "planned · according to Russia · in 2 reports",
    "2022-12-22 China → Russia AID · “sent grain to” “China sent grain to Russia on day 2022-12-22.",
    "— The Wire, 2022-12-22, r3503aaaa · e3503aaaa",
    "2022-12-30 Wang Yi (China) → Russia mixed quotation “China will “never” leave Russia alone,”",
    "Sanctions — China opposes since 2021-05-10 · mean −0.33 of 3 records in 3 reports · before: support (last on",
    "Arms for Taiwan — China support, but not told as held · 1 record · according to Ukraine",
    "opposes it, then AID",
    "… and 141 more events",
    "communique explain ID --store",
]


def test_text_of_a_dyad(store: Path) -> None:
    text = printed("chn", "rus", "--store", store)
    # The numbers of a column stand below each other.
    assert [words for words in DYAD if words not in flat(text) and words != "too little 1/1"] == []
    assert "\x1b" not in text and "\u202e" not in text
    assert all(line == line.rstrip() and len(line) <= 100 for line in text.splitlines())


def test_html_of_a_dyad(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "dyad.html"
    assert printed("CHN", "RUS", "--store", store, "--out", out) == ""
    html = out.read_text(encoding="utf-8")
    words = flat(re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))
    for part in ("opposes since 2021-05-10", "according to Russia", "in 2 reports", "r3503aaaa", "too little 1/1"):
        assert part in words
    assert 'href="https://wire.example/r3503aaaa"' in html
    assert html.count("data:image/svg+xml;base64,") == 1


def test_a_hostile_report_is_data(tmp_path: Path) -> None:
    evil = actor("EVL", name=EVIL)
    with Store.create(tmp_path / "s") as made:
        made.writer.add([
            told(f"rx{n}aaaaa", f"2022-01-1{n}", f"{EVIL} #panic() $x$ *b* [red]y[/red] {{{{ 1 }}}} \\u{{41}}",
                 did(f"rx{n}aaaaa", 0, "RUS", "CHN", "AID", f"2022-01-1{n}", recipients=(evil,)),
                 url="javascript:alert(1)", outlet=f'"><img src=x onerror=alert(1)>{EVIL}')
            for n in range(4)
        ])  # fmt: skip
    for codes in (["EVL"], ["RUS", "EVL"]):
        assert printed(*codes, "--store", tmp_path / "s", "--out", tmp_path / "x.html") == ""
        html = (tmp_path / "x.html").read_text(encoding="utf-8")
        assert "<script" not in html and "<img src=x" not in html and "javascript:" not in html.split("<body>")[0]
        assert html.count("<img") <= 1 and "href=" not in html
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in html
        assert printed(*codes, "--store", tmp_path / "s", "--out", tmp_path / "x.pdf") == ""
        (only,) = pypdf.PdfReader(tmp_path / "x.pdf").pages
        assert "#panic() $x$ *b* [red]y[/red] {{ 1 }}" in flat(only.extract_text())
        assert "/Annots" not in only  # no link
        assert "[red]y[/red]" in printed(*codes, "--store", tmp_path / "s")


def test_names_in_other_scripts_reach_the_page(tmp_path: Path) -> None:
    names = "Łódź, Владимир Путин, Ελλάδα, Erdoğan, São Tomé"
    with Store.create(tmp_path / "s") as made:
        made.writer.add([told("ru01aaaa", "2022-01-01", names, did("ru01aaaa", 0, "CHN", "RUS", "AID", "2022-01-01"))])
    printed("CHN", "--store", tmp_path / "s", "--out", tmp_path / "x.pdf")
    assert names in flat(pypdf.PdfReader(tmp_path / "x.pdf").pages[0].extract_text())


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
        ("http://a.example/b c\n", "http://a.example/b%20c%20"),
        ("javascript:alert(1)", ""),
        (" javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://[::1", ""),
        ("//a.example", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, link: str) -> None:
    assert web_address(url) == link


@pytest.mark.parametrize("actors", [("CHN", "RUS"), ("CHN",), ("RUS", "USA")])
def test_pdf_is_one_page_and_holds_the_words(store: Path, actors: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "brief.pdf"
    printed(*actors, "--store", store, "--out", out)
    reader = pypdf.PdfReader(out)
    (only,) = reader.pages
    assert [round(float(side)) for side in only.mediabox[2:]] == [595, 842]
    text = flat(only.extract_text())
    for words in ("Standing", "Over time", "Latest deeds", "Stances by issue", "communique explain ID"):
        assert words in text
    if actors == ("CHN", "RUS"):
        for words in ("China and Russia", "145/145", "until 2021-06", "according to Russia", "friendly +1", "The Wire"):
            assert words in text


def test_a_page_stays_one_however_much_there_is(tmp_path: Path) -> None:
    long = "Ministers " + "deliberated at great length and without any haste " * 40
    proof = Evidence(sentence=((0, 2000),))

    def report(n: int, issue: str) -> Coding:
        name, when = f"r{n:03}aaaaa", f"2022-01-{n % 28 + 1:02}"
        deed = did(name, 0, "CHN", "RUS", "AID", when, evidence=proof)
        stance = held(name, 1, "CHN", "support", when, issue, evidence=proof)
        return told(name, when, f"{n} {long}", deed, stance, outlet="The Outlet of a Very Long Name " * 3)

    with Store.create(tmp_path / "s") as made:
        made.writer.add([report(n, issue.id) for n, issue in enumerate([*load_knowledge().issues][:60])])
    printed("CHN", "--store", tmp_path / "s", "--out", tmp_path / "x.pdf")
    (only,) = pypdf.PdfReader(tmp_path / "x.pdf").pages
    assert "more stances" in only.extract_text() and "more events" in only.extract_text()


def test_the_same_store_gives_the_same_bytes(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, set[bytes]] = {"txt": set(), "html": set(), "pdf": set()}
    for zone in ("UTC", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        for suffix, seen in found.items():
            out = tmp_path / f"{zone[:3]}.{suffix}"
            printed("CHN", "RUS", "--store", store, "-o", out)
            seen.add(out.read_bytes())
    assert {suffix: len(seen) for suffix, seen in found.items()} == {"txt": 1, "html": 1, "pdf": 1}


def test_one_actor_has_partners_and_adversaries(store: Path) -> None:
    found = drawn(store, "CHN", since="2021-07")
    assert [relation.other for relation in found.relations.partners] == ["RUS"]
    assert found.relations.partners[0].both.clear
    text = flat(printed("CHN", "--store", store, "--since", "2021-07"))
    assert "China → its partners: no change of level found in 18 months with records: +0.47" in text
    assert "Asked for: from 2021-07." in text
    assert "Means over the first ones (partners: RUS)." in text


def test_an_issue_narrows_stances_to_it_and_those_below(store: Path) -> None:
    found = drawn(store, "CHN", issue="taiwan")
    assert sorted(held.issue for held, _ in found.stances) == ["taiwan-arms", "taiwan-independence"]
    assert "Stances on Taiwan and below" in printed("CHN", "--store", store, "--issue", "taiwan")
    assert drawn(store, "CHN", issue="aukus").stances == ()


def test_too_little_is_said_and_no_number_given(store: Path) -> None:
    text = flat(printed("RUS", "USA", "--store", store))
    for words in ("The store has no record that names both.", "There is too little for scores", "no record to follow",
                  "The store has no event here.", "The store has no position on an issue here."):  # fmt: skip
        assert words in text
    assert not re.search(r"[+−]\d\.\d\d", text.partition("Scores run")[0])
    assert "The store has no record that names China from 2030." in flat(
        printed("CHN", "--store", store, "--since", "2030")
    )


def test_what_lies_decades_back_does_not_stretch_the_series(tmp_path: Path) -> None:
    old = told(
        "rz00aaaa",
        "2021-01-05",
        "China shelled Russia in 1969.",
        did("rz00aaaa", 0, "CHN", "RUS", "ASSAULT", "1969-03-02"),
    )
    with Store.create(tmp_path / "s") as made:
        made.writer.add([*three_years(), old])
    movement = drawn(tmp_path / "s", "CHN", "RUS").movements[0]
    assert (movement.period, movement.periods[0], movement.apart) == ("month", "2020-01-01", 1)
    assert "Left out: 1 record of other times" in flat(printed("CHN", "RUS", "--store", tmp_path / "s"))


def test_a_long_series_is_given_by_years(tmp_path: Path) -> None:
    rng = random.Random(1)

    def report(n: int) -> Coding:
        name, when = f"r{n:03}aaaaa", f"{1990 + n // 4}-0{n % 4 * 2 + 1}-02"
        warm = rng.random() < (0.1 if n < 60 else 0.9)
        return told(name, when, f"Report {n}.", did(name, 0, "CHN", "RUS", "AID" if warm else "ASSAULT", when))

    with Store.create(tmp_path / "s") as made:
        made.writer.add([report(n) for n in range(120)])
    movement = drawn(tmp_path / "s", "CHN", "RUS").movements[0]
    assert (movement.period, len(movement.periods), movement.levels[1].first) == ("year", 30, "2005-01-01")


ERRORS = [
    (["CNH"], "has the actor 'CNH'. Did you mean CHN (China)?"),
    (["CHN", "Rusia"], "has the actor 'RUSIA'. Did you mean RUS (Russia) or"),
    (["CHN", "QQQQQQ"], "There are 3, the most frequent CHN (China), RUS (Russia), USA (United States)."),
    (["CHN", "chn"], "'CHN' is given twice. Give one actor, or two different ones."),
    (["CHN", "--issue", "sanktions"], "Did you mean 'sanctions'?"),
    (["CHN", "--since", "soon"], "'soon' is no date."),
    (["CHN", "--out", "no/such/folder.html"], "Cannot write 'no/such/folder.html': No such file or directory. Give"),
    (["CHN", "--format", "pdf", "--out", "."], "Cannot write '.': Is a directory."),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), ERRORS)
def test_errors_are_one_sentence_with_a_remedy(arguments: list[str], message: str, store: Path) -> None:
    assert message in refused(*arguments, "--store", store)


def test_stores_that_say_nothing(tmp_path: Path) -> None:
    Store.create(tmp_path / "s").close()
    assert "holds no records. `communique read PATH" in refused("CHN", "--store", tmp_path / "s")
    assert "No store at" in refused("CHN", "--store", tmp_path / "none")


def test_pages_are_not_thrown_at_a_terminal(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    from communique.cli.brief import Shape, brief
    from communique.errors import OutputError

    for shape in (Shape.html, Shape.pdf):
        with pytest.raises(OutputError, match=rf"nothing for a terminal. Give a file: --out brief\.{shape}"):
            brief("CHN", store=store, format=shape)


def test_without_the_extra_there_is_text_and_html_and_a_clear_word_for_the_rest(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> object:
        return None if name in ("altair", "vl_convert", "typst") else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    assert (pdf.installed(), chart.installed()) == (False, False)
    said = refused("CHN", "--store", store, "--out", tmp_path / "x.pdf")
    assert said == "A PDF needs the extra `brief`: `pip install 'communique[brief]'` adds it. Or ask for --format html."
    result = run("CHN", "--store", store, "--out", tmp_path / "x.html")
    assert result.exit_code == 0
    assert "the chart is left out: it needs the extra `brief`" in result.stderr
    assert "<img" not in (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "its partners" in printed("CHN", "--store", store)


def test_html_and_pdf_go_to_a_pipe(store: Path) -> None:
    assert run("CHN", "--store", store, "--format", "html").stdout_bytes.startswith(b"<!DOCTYPE html>")
    assert run("CHN", "--store", store, "--format", "pdf").stdout_bytes.startswith(b"%PDF-")


def test_limits_count_what_they_cut(dyad: Brief) -> None:
    short = page(dyad, Limits(items=1, stances=1, turns=1, quote=20))
    sections = {section.title: section for section in (*short.left, *short.right)}
    assert {title: (len(section.entries), section.more) for title, section in sections.items()} == {
        "Latest deeds": (1, "… and 146 more events"),
        "Latest words": (1, ""),
        "Deeds against words": (1, "… and 8 more contradictions"),
        "Stances by issue": (1, "… and 2 more stances"),
        "Changes of stance": (1, ""),
    }
    assert all(len(quote.words) <= 22 for s in sections.values() for entry in s.entries for quote in entry.quotes)
