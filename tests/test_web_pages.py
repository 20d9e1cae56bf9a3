"""The pages in a real browser, served by a real server: they show, light up, sort, take corrections; text is data."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import factories
import served
from communique.errors import QueryError
from communique.evaluation import judged
from communique.records import Coding, DateInterval, Evidence, Place, Removed, Report, Trace
from communique.showing import marking
from communique.showing import text as say
from communique.store import Filters, Store
from communique.web.pages import finding, here, proposing, wording
from communique.web.pages.keeping import Kept

CHROMIUM = Path("/usr/bin/chromium")
EVIL = "<script>window.hit=1</script><img src=x onerror='window.hit=1'>"
EVIL_TITLE = f"Talks {EVIL} end"
HOSTILE = "r-hostile"
PAGES = (
    "/", "/reports", "/reports/r000003", f"/reports/{HOSTILE}", "/actors/RUS", "/actors/CHN", "/dyads/RUS/CHN",
    "/dyads/CHN/USA", "/issues", "/issues/sanctions", "/network", "/network?by=year&at=2022-01-01", "/map",
    "/map?place=Beijing%2C+CHN", "/search", "/search?q=talks", "/audit", "/compare",
)  # fmt: skip


def hostile() -> Coding:
    """Return a report whose title, text, names and quotations are HTML."""
    lead = f"By {EVIL}\n\n"
    text = f"{lead}The envoy {EVIL} met ministers in Beijing and said {EVIL} would end the sanctions."
    start = len(lead)
    first = text.index("met")
    said = text.index(EVIL, first)
    when = DateInterval("2022-05-02", "2022-05-02", "day")
    envoy = factories.actor(
        "RUS", name=f"Russia {EVIL}", person=f"Envoy {EVIL}", text=EVIL, span=(start + 10, start + 12)
    )
    evidence = Evidence(
        sentence=((start, len(text)),), trigger=((first, first + 3),), content=((said, said + len(EVIL)),)
    )  # fmt: skip
    place = Place(f"Beijing {EVIL}", country="CHN", lat=39.9, lon=116.4)
    records: list[Any] = []
    for made in (
        factories.event(HOSTILE, 1, "", "CHN", date=when, places=(place,)),
        factories.statement(HOSTILE, 1, "", date=when, confidence=0.9),
        factories.position(HOSTILE, 1, "", "USA", date=when, issue="", expression=EVIL),
    ):
        side = {"event": "actors", "statement": "speakers", "position": "holders"}[made.kind]
        records.append(replace(made, evidence=evidence, **{side: (envoy,)}))
    report = Report(
        HOSTILE, text, title=EVIL_TITLE, url="javascript:alert(1)", outlet=f"Wire {EVIL}", published="2022-05-02",
        removed=(Removed(lead.strip(), f"by-line {EVIL}"),),
    )  # fmt: skip
    traces = tuple(Trace(r.id, EVIL, (start, start + 5), EVIL, EVIL, (EVIL,)) for r in records)
    return Coding(report, tuple(records), traces)


def told(number: int) -> Coding:
    """Return a report whose positions are sure of something."""
    coding = factories.coding(number, paragraphs=2)
    return replace(coding, records=tuple(replace(one, confidence=one.confidence or 0.9) for one in coding.records))


def make(folder: Path) -> Path:
    with Store.create(folder) as store:
        store.writer.add([*(told(n) for n in range(24)), hostile()])
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "store")


@pytest.fixture(scope="module")
def site(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Site]:
    folder = tmp_path_factory.mktemp("pages")
    other = folder / "other"
    with Store.create(other) as store:  # the same reports, one record of each left out
        for n in range(4):
            coding = told(n)
            store.writer.add([Coding(coding.report, coding.records[1:], coding.traces[1:])])
    with served.serving(made, others=(other,)) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.is_file():
        pytest.skip("no Chromium at /usr/bin/chromium: `apt-get install chromium` adds it")
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: `pip install playwright` adds it")
    with playwright.sync_playwright() as play:
        found = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()


class Tab:
    """A page of the browser that remembers what went wrong in it."""

    def __init__(self, browser: Any, site: served.Site, width: int = 1280, **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        self.page = self.context.new_page()
        self.site = site
        self.wrong: list[str] = []
        self.page.on("console", lambda m: self.wrong.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda r: None if self._own(r.url) else self.wrong.append(f"asked for {r.url}"))

    def _own(self, url: str) -> bool:
        return url.startswith((f"{self.site.url}/", "data:"))

    def open(self, address: str) -> Any:
        answer = self.page.goto(self.site.url + address, wait_until="load")
        assert answer.status == 200, (address, answer.status)
        return self.page

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def follow(page: Any, link: Any) -> None:
    """Press what leads to another page, and wait until that page is there: what stood on the old one is no answer."""
    with page.expect_navigation(wait_until="load"):
        link.click()


def comes(found: Any) -> Any:
    """Return what can be said of a place in the page; a moment is given for it to become so."""
    from playwright.sync_api import expect

    return expect(found)


@pytest.mark.parametrize("address", PAGES)
def test_page_is_without_fault(browser: Any, site: served.Site, address: str) -> None:
    """No error, nothing asked of other machines, nothing of a report run, no serious fault of accessibility in light or
    dark, nothing wider than a phone or than a sheet of paper."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with Tab(browser, site) as tab:
        page = tab.open(address)
        assert page.locator("h1").count() == 1
        assert faults(axe, page) == []
        page.emulate_media(color_scheme="dark")
        assert faults(axe, page, runOnly=["color-contrast"]) == []
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 690, "height": 1000})  # an A4 sheet between its margins
        assert page.evaluate("document.documentElement.scrollWidth") <= 690
        assert page.evaluate("window.hit") is None
        assert tab.wrong == []


def faults(axe: Any, page: Any, **options: Any) -> list[tuple[str, list[str]]]:
    """Return what axe-core finds that is serious or worse."""
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"][:3]])
        for one in axe.run(page, options=options).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


LIT = """own => { const lit = [...document.querySelectorAll('.ev.lit')];
  return lit.length && lit.every(one => one.dataset.records.split(' ').includes(own)); }"""
"""Words are lit, and they are those of a record."""


def test_words_light_their_records_and_records_their_words(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/reports/r000003")
        piece = page.locator(".ev[data-records]").first
        name = piece.get_attribute("data-records").split()[0]
        piece.click()
        page.wait_for_url(f"**#r-{name}")
        comes(page.locator(f"[id='r-{name}']")).to_have_class(re.compile(r"\blit\b"))
        last = page.locator(".record").last
        last.focus()
        page.wait_for_function(LIT, arg=last.get_attribute("data-record"))


def test_records_and_words_find_each_other_without_a_script(browser: Any, site: served.Site) -> None:
    with Tab(browser, site, java_script_enabled=False) as tab:
        page = tab.open("/reports/r000003")
        for link in page.locator("a.ev, a.to-words").all():
            target = link.get_attribute("href")[1:]
            assert page.locator(f"[id='{target}']").count() == 1
        plain = page.locator(".record").first.evaluate("one => getComputedStyle(one).backgroundColor")
        page.locator("a.ev").first.click()
        lit = page.locator(".record:target").evaluate("one => getComputedStyle(one).backgroundColor")
        assert lit != plain


def test_report_says_why_each_record_is_there_and_what_was_left_out(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open(f"/reports/{HOSTILE}")
        assert "left out: by-line" in page.locator(".body .out").first.inner_text()
        page.locator(".record summary").first.click()
        assert EVIL in page.locator(".record dl").first.inner_text()
        # The text is whole, and nothing of it is an element.
        shown = " ".join(page.locator(".body").inner_text().split())
        assert f"The envoy {EVIL} met ministers" in shown
        assert page.locator("script").count() == 1
        assert page.locator("a[href^='javascript']").count() == 0
        assert page.evaluate("window.hit") is None


def test_matrix_sorts_by_column_with_the_keyboard(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/reports")
        button = page.locator("table.sortable thead button").first
        button.focus()
        days = page.locator("tbody td.day").all_inner_texts()
        assert len(set(days)) > 1
        page.keyboard.press("Enter")
        comes(page.locator("tbody td.day")).to_have_text(sorted(days, reverse=True))
        page.keyboard.press("Enter")
        comes(page.locator("tbody td.day")).to_have_text(sorted(days))
        comes(page.locator("th[aria-sort='ascending']")).to_have_count(1)


def test_the_slider_leads_through_the_periods(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/network?by=month&at=2022-04-01")
        slide = page.get_by_label("Period", exact=False).locator("visible=true").first
        assert slide.get_attribute("aria-valuetext") == "2022-04"
        slide.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**at=2022-05-01*", wait_until="load")
        page.keyboard.press("ArrowRight")  # the focus stays where it was
        page.wait_for_url("**at=2022-06-01*", wait_until="load")
        assert tab.wrong == []


def test_everything_is_reached_by_keyboard(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/")
        page.keyboard.press("Tab")
        comes(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        comes(page.locator("#content")).to_be_focused()


def test_filters_stay_in_the_address(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/reports")
        page.locator(".filters summary").click()
        page.get_by_label("From").fill("2022-05")
        page.get_by_label("To", exact=True).fill("2022-05")
        page.locator(".filters button").click()
        page.wait_for_url("**since=2022-05*", wait_until="load")
        days = page.locator("tbody td.day").all_inner_texts()
        assert days and all(day.startswith("2022-05") for day in days)


def test_downloads_hold_what_the_page_shows(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/issues")
        names = page.locator("tbody th").all_inner_texts()
        addresses = [link.get_attribute("href") for link in page.locator(".downloads a").all()]
    with site.client() as client:
        rows = list(csv.DictReader(io.StringIO(client.get(addresses[0]).text)))
        assert {row["name"] for row in rows} == set(names)
        lines = [json.loads(line) for line in client.get(addresses[1]).text.splitlines()]
        assert [line["actor"] for line in lines] == [row["actor"] for row in rows]


@pytest.mark.parametrize(
    "address", ["/map", "/network", "/actors/CHN", "/dyads/RUS/CHN", "/issues/sanctions", "/index"]
)
def test_pictures_are_files_of_their_own(site: served.Site, address: str) -> None:
    with site.client() as client:
        drawn = client.get(f"{address}.svg")
        assert drawn.headers["content-type"] == "image/svg+xml"
        tree = ElementTree.fromstring(drawn.text)
        assert tree.tag == "{http://www.w3.org/2000/svg}svg"
        names = {element.tag.partition("}")[2] for element in tree.iter()}
        assert names <= {"svg", "title", "desc", "style", "rect", "path", "line", "circle", "text", "a", "g"}
        assert client.get(f"{address}.png").content.startswith(b"\x89PNG")


def test_a_download_that_there_is_not_says_so(site: served.Site) -> None:
    with site.client() as client:
        answer = client.get("/issues.csv?table=nothing")
        assert answer.status_code == 404 and "issues" in answer.text
        assert client.get("/reports.png").status_code == 404
        assert client.get("/reports/nowhere").status_code == 404
        assert client.get("/actors/XYZ").status_code == 400
        assert client.get("/issues/no-such-issue").status_code == 404


def test_csv_has_no_formulas_for_spreadsheets(site: served.Site) -> None:
    with site.client() as client:
        for row in csv.reader(io.StringIO(client.get(f"/reports/{HOSTILE}.csv?table=words").text)):
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Iterator[served.Site]:
    """A site of its own for what changes the store."""
    with served.serving(Path(shutil.copytree(made, tmp_path / "store"))) as running:
        yield running


def test_correcting_in_the_page(browser: Any, own: served.Site) -> None:
    with Tab(browser, own) as tab:
        page = tab.open("/reports/r000003")
        card = page.locator("[id='r-r000003-e0']")
        card.locator("details.correct summary").click()
        card.get_by_label("Your name").fill("Ana")
        follow(page, card.get_by_role("button", name="Right"))
        assert "found right by Ana" in page.locator("[id='r-r000003-e0']").inner_text()

        card = page.locator("[id='r-r000003-e0']")
        card.locator("details.correct summary").click()
        card.get_by_label("Type").fill("AID")
        card.get_by_label("Recipients").fill("CHN, USA")
        follow(page, card.get_by_role("button", name="Amend"))
        assert "AID" in page.locator("[id='r-r000003-e0']").inner_text()
        assert "United States" in page.locator("[id='r-r000003-e0'] h3").inner_text()

        card = page.locator("[id='r-r000003-e1']")
        card.locator("details.correct summary").click()
        follow(page, card.get_by_role("button", name="Wrong"))
        assert page.locator("[id='r-r000003-e1']").count() == 0
        assert "reject" in page.locator("#done + ul").inner_text()
        follow(page, page.get_by_role("button", name=re.compile("Take back: reject")))
        assert page.locator("[id='r-r000003-e1']").count() == 1
        assert tab.wrong == []
    with Store.open(own.settings.store) as store:
        assert [each.action for each in store.corrections()] == ["accept", "amend", "reject", "withdraw"]
        assert {each.who for each in store.corrections()} == {"Ana"}
        assert store.record("r000003-e0").type == "AID"  # type: ignore[union-attr]


MARK = """([words, nth]) => { const body = document.querySelector('.body');
const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
let node, number = 0; while ((node = walk.nextNode())) { let at = -1;
  while ((at = node.data.indexOf(words, at + 1)) >= 0) { number += 1; if (number === nth) {
    const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + words.length);
    const marked = getSelection(); marked.removeAllRanges(); marked.addRange(range); return; } } } }"""
"""Marks words of the report as a mouse would."""


def mark(page: Any, words: str, nth: int, field: str, which: str) -> None:
    page.evaluate(MARK, [words, nth])
    page.wait_for_function(f"document.getElementById('{field}').value !== ''")
    page.wait_for_function(f"document.getElementById('{which}').value === '{nth if nth > 1 else ''}'")


def test_amending_day_place_and_words(browser: Any, own: served.Site) -> None:
    """All that a record says of itself can be set right in the page: by marking words, and by keyboard alone."""
    with Tab(browser, own) as tab:
        page = tab.open("/reports/r000007")
        card = page.locator("[id='r-r000007-e0']")
        card.locator("details.correct summary").press("Enter")
        card.get_by_label("Words of the deed").fill("")
        mark(page, "Chinese", 2, "words-r000007-e0", "which-r000007-e0")
        card.get_by_label("Your name").fill("Ana")
        card.get_by_label("Places").fill("Geneva, CHE; Paris, Texas, USA")
        card.get_by_label("From").fill("2022-02-04")
        card.get_by_label("To, if").fill("2022-02-06")
        card.get_by_label("Status").select_option("planned")
        follow(page, card.get_by_role("button", name="Amend"))
        assert "Geneva" in page.locator("[id='r-r000007-e0']").inner_text()
        assert "(status, date, places, words)" in page.locator("#done + ul").inner_text().replace(", evidence", "")

        card = page.locator("[id='r-r000007-p1']")
        card.locator("details.correct summary").press("Enter")
        card.get_by_label("Words of the stance").focus()
        for typed in ("round 7", "2", "of … item"):
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        card.get_by_label("Holders").fill("RUS, CHN")
        card.get_by_label("From").fill("2022-03")
        card.get_by_label("Note").press("Enter")
        page.wait_for_url("**#r-r000007-p1")
        assert tab.wrong == []
    with Store.open(own.settings.store) as store:
        event, position = store.record("r000007-e0"), store.record("r000007-p1")
        text = store.report("r000007").text
    assert event.date == DateInterval("2022-02-04", "2022-02-06", "days")
    assert [(p.name, p.country, p.admin1) for p in event.places] == [
        ("Geneva", "CHE", "Geneva"), ("Paris", "USA", "Texas"),
    ]  # fmt: skip
    assert event.status == "planned"
    ((start, end),) = event.evidence.trigger
    assert (text[start:end], text[:start].count("Chinese")) == ("Chinese", 1)
    assert text[slice(*event.evidence.sentence[0])].endswith("item 1.")
    assert [one.code for one in position.holders] == ["RUS", "CHN"]
    assert position.date == DateInterval("2022-03-01", "2022-03-31", "month")
    assert [text[slice(*one)] for one in position.evidence.content] == ["of", "item"]
    assert position.expression == "of … item"
    ((start, end),) = position.evidence.trigger
    assert (text[start:end], text[:start].count("round 7")) == ("round 7", 1)
    ((start, end),) = position.evidence.actors
    assert text[start:end] == "Russia"


def test_adding_a_record_by_marking_its_words(browser: Any, own: served.Site) -> None:
    with Tab(browser, own) as tab:
        page = tab.open("/reports/r000005")
        mark(page, "ound 5 of talk", 2, "words-missed", "which-missed")
        assert page.locator("#words-missed").input_value() == "round 5 of talks"  # whole words
        form = page.locator("section[aria-labelledby='missed']")
        assert not form.get_by_label("Issue, of a position").is_visible()
        form.get_by_label("Type, of an event").fill("AGREE")
        form.get_by_label("Who (codes)").fill("RUS")
        form.get_by_label("To whom (codes)").fill("CHN")
        form.get_by_label("From").fill("2022-02-04")
        form.get_by_label("Places").fill("Vienna")
        form.get_by_label("Your name").fill("Ben")
        follow(page, form.get_by_role("button", name="Add"))
        assert page.locator(".record:target h3").inner_text().endswith("Russia → China")
        assert "AGREE" in page.locator(".record:target").inner_text()
    with Store.open(own.settings.store) as store:
        (said,) = store.corrections()
        text = store.report("r000005").text
    assert said.becomes is not None and said.action == "add"
    ((start, end),) = said.becomes.evidence.trigger
    assert (text[start:end], text[:start].count("round 5")) == ("round 5 of talks", 1)
    assert said.becomes.date == DateInterval("2022-02-04", "2022-02-04", "day")
    assert [place.geonameid for place in said.becomes.places] == [2761369]


def test_adding_by_keyboard_says_which_words(own: served.Site) -> None:
    with own.client(headers={"accept": "text/html"}) as client:
        token = re.search(r'name="form_token" value="([^"]+)"', client.get("/reports/r000003").text)
        assert token
        form = {"form_token": token[1], "who": "Ana", "action": "add", "report": "r000003", "kind": "statement",
                "first": "RUS", "quote": "direct"}  # fmt: skip
        refused = client.post("/corrections", data={**form, "words": "talks"})
        assert refused.status_code == 400 and "2 times" in refused.text
        added = client.post("/corrections", data={**form, "words": "talks", "which": "2", "more": "met"})
        assert added.status_code == 303
        assert client.post("/corrections", data={**form, "report": "none"}).status_code == 404
        gone = {"form_token": token[1], "who": "Ana", "action": "accept", "record": "e000"}
        assert client.post("/corrections", data=gone).status_code == 404
    with Store.open(own.settings.store) as store:
        (said,) = store.corrections()
        text = store.report("r000003").text
    assert said.becomes is not None
    assert said.becomes.quote == "direct"  # type: ignore[union-attr]
    assert text[: said.becomes.evidence.content[0][0]].count("talks") == 1
    assert said.becomes.evidence.cue[0][0] > 60  # the nearer of the two


def test_a_correction_that_cannot_stand_is_refused_with_a_remedy(own: served.Site) -> None:
    with own.client(headers={"accept": "text/html"}) as client:
        token = re.search(r'name="form_token" value="([^"]+)"', client.get("/reports/r000003").text)
        assert token
        form = {"form_token": token[1], "who": "Ana", "record": "r000003-e0", "action": "amend", "type": "DANCE"}
        answer = client.post("/corrections", data=form)
        assert answer.status_code == 400 and "no type" in answer.text
        same = {"form_token": token[1], "who": "Ana", "record": "r000003-e0", "action": "amend", "first": "RUS"}
        assert "Nothing is changed" in client.post("/corrections", data=same).text
        missed = {"form_token": token[1], "who": "Ana", "action": "add", "report": "r000003", "words": "not there"}
        assert "does not stand in the report" in client.post("/corrections", data=missed).text
        assert client.post("/corrections", data={**form, "form_token": "forged"}).status_code == 403
        assert client.post("/corrections", data={**form, "who": " "}).status_code == 400
        for field, value in (("places", "Nowhereville"), ("since", "soon"), ("status", "odd"), ("which", "x")):
            wrong = client.post("/corrections", data={**form, "type": "AID", "words": "talks", field: value})
            assert (wrong.status_code, "<h1>" in wrong.text) == (400, True), field
        away = {**form, "action": "accept", "back": "https://elsewhere.example/"}
        back = client.post("/corrections", data=away, follow_redirects=False)
        assert back.headers["location"].startswith("/reports/")
    with Store.open(own.settings.store) as store:
        assert [each.action for each in store.corrections()] == ["accept"]


def test_auditing_in_the_page(browser: Any, own: served.Site) -> None:
    with Tab(browser, own) as tab:
        page = tab.open("/audit")
        page.get_by_label("Draw", exact=True).fill("6")
        page.get_by_label("type").uncheck()
        page.get_by_label("Your name").fill("Ana")
        follow(page, page.get_by_role("button", name="Draw"))
        assert page.locator(".drawn").count() == 6
        for n in range(3):
            box = page.locator(".drawn").nth(n)
            assert box.get_by_label("Your name").input_value() == "Ana"
            follow(page, box.get_by_role("button", name="Wrong" if n == 2 else "Right"))
        with Store.open(own.settings.store) as store:
            known = judged.audit(store.draws()[-1], store.judged()).overall
        assert known.number == 3 and known.right == 2
        assert f"{100 * known.share:.0f} % [" in page.locator("section[aria-labelledby='rates'] > p b").inner_text()
        assert page.locator(".drawn").count() == 6  # one found wrong stays in the draw
        assert "3 of 6 records are left" in page.locator("section[aria-labelledby='rates']").inner_text()
        assert tab.wrong == []


def test_comparing_two_codings(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/compare")
        rows = [row.split("\t") for row in page.locator("section[aria-labelledby='sums'] tbody tr").all_inner_texts()]
        assert {row[0]: row[1:] for row in rows}["events"][2] == "4"
        follow(page, page.locator("section[aria-labelledby='reports'] tbody a").first)
        assert "nothing" in page.locator(".sides").inner_text()


def test_comparison_goes_on_by_pages_within_its_filters(browser: Any, site: served.Site) -> None:
    with Tab(browser, site) as tab:
        page = tab.open("/compare?limit=10")
        assert "10 of the 25 reports here, newest first" in page.locator("main").inner_text()
        seen: list[str] = []
        while True:
            seen += page.locator("section[aria-labelledby='reports'] tbody a").all_inner_texts()
            older = page.get_by_role("link", name="Older")
            if not older.count():
                break
            follow(page, older)
        assert sorted(seen) == [f"Round {n}" for n in range(4)]
        page.locator(".filters summary").click()
        page.get_by_label("To", exact=True).fill("2022-02")
        page.locator(".filters button").click()
        page.wait_for_url("**until=2022-02*", wait_until="load")
        assert page.locator("section[aria-labelledby='reports'] tbody a").all_inner_texts() == ["Round 0", "Round 1"]
        assert "that fit the filters" in page.locator("main").inner_text()
        assert tab.wrong == []
    with site.client() as client:
        rows = csv.DictReader(io.StringIO(client.get("/compare.csv?table=reports&until=2022-02").text))
        assert [row["report"] for row in rows] == ["r000000", "r000001"]
        assert "not in both" in client.get("/compare?report=r000009").text
        pairs = list(csv.DictReader(io.StringIO(client.get("/compare.csv?table=pairs&report=r000001").text)))
        assert [(row["pair"], row["side"], row["kind"]) for row in pairs] == [("1", "here", "event")]


def test_new_records_are_announced(browser: Any, own: served.Site) -> None:
    with Tab(browser, own) as tab:
        page = tab.context.new_page()
        page.clock.install()
        page.goto(own.url + "/reports")
        before = page.locator("tbody tr").count()
        page.wait_for_load_state("networkidle")
        with Store.open(own.settings.store, write=True) as store:
            store.writer.add([factories.coding(900)])
        page.clock.run_for(31_000)
        follow(page, page.locator(".news a"))
        assert page.locator("tbody tr").count() == before + 1


def test_pages_say_where_they_looked_at_the_newest_only(own: served.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (
        ("actor.MOST", 7), ("dyad.MOST", 7), ("issue._NEWEST", 9), ("issue._LOOKED", 8), ("issue._WORDS", 6),
        ("overview._NEWEST", 10), ("map._NEWEST", 11), ("network._STOPS", 3),
    ):  # fmt: skip
        monkeypatch.setattr(f"communique.web.pages.{name}", most)
    with Store.open(own.settings.store) as store:
        held, events, by_china = (
            store.count("positions", Filters()), store.count("events", Filters()),
            store.count("positions", Filters(actor="CHN")),
        )  # fmt: skip
        sanctions = store.count("positions", Filters(issue="sanctions"))
    wanted = {
        "/": [f"newest 10 of {held} positions"], "/actors/CHN": [f"newest 7 of {by_china} positions"] * 2,
        "/issues/sanctions": [f"newest {n} of {sanctions} positions" for n in (8, 6, 9)],
        "/dyads/RUS/CHN": [f"newest 7 of {by_china} positions of China"],
        "/network?by=month": ["newest 3 of 12 periods"], "/map": [f"the newest 11 of {events} events"],
    }  # fmt: skip
    with own.client() as client:
        for address, lines in wanted.items():
            text = " ".join(client.get(address).text.split()).replace("The newest", "newest")
            for line in set(lines):
                assert text.count(line) == lines.count(line), (address, line)


def test_on_paper_all_is_there_and_nothing_to_click(browser: Any, site: served.Site) -> None:
    """Printed on A4: the text, each record, the numbers with their grounds; no navigation, forms or downloads."""
    import pypdfium2

    with Tab(browser, site) as tab:
        for address, wanted in (
            ("/reports/r000003", ["Round 3", "Deeds 2", "Words 2", "confidence 0.80"]),
            ("/issues?until=2022-12", ["until: 2022-12", "Who holds what", "−1.00"]), ("/map", ["Beijing, CHN"]),
            ("/dyads/RUS/CHN", ["Scores", "Deeds against words"]),
        ):  # fmt: skip
            page = tab.open(address)
            with pypdfium2.PdfDocument(page.pdf(format="A4")) as sheets:
                told = " ".join(" ".join(sheet.get_textpage().get_text_bounded() for sheet in sheets).split())
            for words in wanted:
                assert words in told, (address, words)
            for words in ("CSV", "JSONL", "Network", "Why this record", "Filters", "Correct ", "Search"):
                assert words not in told, (address, words)
        tab.open("/reports/r000003")
        page.emulate_media(media="print")
        look = "one => { const s = getComputedStyle(one); return [s.backgroundColor, s.printColorAdjust]; }"
        assert page.locator(".ev.word").first.evaluate(look) == ["rgb(220, 220, 220)", "exact"]


def test_a_report_without_title_is_named_by_its_first_words() -> None:
    words = "word " * 40
    assert finding.title_of(Report("r", words)) == f"{('word ' * 20).strip()} …"
    assert finding.title_of(Report("r", f"xx{words}")) == f"xx{('word ' * 19).strip()} …"
    assert finding.title_of(Report("r", "Short.")) == "Short."
    assert finding.title_of(Report("r", "y" * 300)) == f"{'y' * 100} …"


def test_pieces_put_together_are_the_text() -> None:
    coding = hostile()
    found = marking.paragraphs(coding.report, coding.records)
    told = "".join(piece.text for paragraph in found for piece in paragraph.pieces)
    assert " ".join(told.split()) == " ".join(coding.report.text.split())
    begun = [name for paragraph in found for piece in paragraph.pieces for name in piece.begins]
    assert sorted(begun) == sorted(record.id for record in coding.records)


def test_words_are_found_where_they_stand() -> None:
    text = "He came. Russia met China in Geneva,\nand met it again. They left a metal box."
    ((start, end),) = wording.spans_of(text, "met \n China")
    assert text[start:end] == "met China"
    assert [text[slice(*one)] for one in wording.sentences_of(text, ((start, end),))] == ["Russia met China in Geneva,"]
    assert wording.sentences_of(text, ((start, end),), [(9, 54)]) == ((9, 54),)
    with pytest.raises(QueryError, match="2 times"):
        wording.spans_of(text, "met")
    assert wording.spans_of(text, "met", which=2) == wording.spans_of(text, "met", near=60) == ((41, 44),)
    assert wording.spans_of(text, "Russia … again") == ((9, 15), (48, 53))
    for words, which in (("again … Russia", 0), ("nowhere", 0), (" ", 0), ("met", 3)):
        with pytest.raises(QueryError):
            wording.spans_of(text, words, which=which)


@given(st.data())
def test_words_that_are_shown_lead_back_to_their_spans(data: st.DataObject) -> None:
    """What stands in the form for some spans of whole words means these spans, given where they are."""
    text = " ".join(data.draw(st.lists(st.sampled_from("met Russia … China, box. left".split()), min_size=4)))
    words = [match.span() for match in re.finditer(r"\w+", text)]
    first = data.draw(st.integers(0, len(words) - 1)) if words else None
    if first is None:
        return
    span = (words[first][0], words[data.draw(st.integers(first, len(words) - 1))][1])
    shown = say.words(text, (span,))
    assert wording.spans_of(text, shown, near=span[0]) == (span,)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2022-02-04", "", DateInterval("2022-02-04", "2022-02-04", "day")),
        ("2022-02", "", DateInterval("2022-02-01", "2022-02-28", "month")),
        ("2022", "", DateInterval("2022-01-01", "2022-12-31", "year")),
        ("2022-02-04", "2022-03", DateInterval("2022-02-04", "2022-03-31", "days")),
        ("", "2022-02-04", DateInterval("", "2022-02-04")), ("", "", DateInterval()),
    ],
)  # fmt: skip
def test_days_are_read_as_they_are_shown(since: str, until: str, found: DateInterval) -> None:
    assert proposing.interval(since, until) == found
    event = factories.event("r", 0, "RUS", "CHN", date=found)
    shown = proposing.draft(event, Report("r", "Russia met China in Geneva on a day of that year."))
    assert proposing.interval(shown.since, shown.until) == found


def test_days_that_are_none_are_refused() -> None:
    for since, until in (("2022-02-30", ""), ("2022-05", "2022-04"), ("soon", "")):
        with pytest.raises(QueryError):
            proposing.interval(since, until)


def test_addresses_carry_what_is_asked() -> None:
    assert here.actor("A/B?", since="2022") == "/actors/A%2FB%3F?since=2022"
    at = here.Here("/issues", (("since", "2022"), ("by", "year")))
    assert at.url(".csv", table="x", by="") == "/issues.csv?since=2022&table=x"


def test_what_is_kept_is_made_once_and_forgotten_in_turn() -> None:
    kept, made = Kept(most=2), []

    def make_it(name: str) -> str:
        return kept.get(name, lambda: made.append(name) or name)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        assert make_it(name) == name
    assert made == ["a", "b", "c", "b"]
    with suppress(ZeroDivisionError):
        kept.get("bad", lambda: 1 // 0)
    assert kept.get("bad", lambda: 2) == 2
