"""What a notebook shows of a coded report: all of it, readable without colours, and nothing in it is ever markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from IPython.core.formatters import DisplayFormatter

import factories
from communique.records import Coding, Evidence, Removed, Report
from communique.showing import coded
from communique.showing import text as say

EVIL = '<script>alert(1)</script> <img src=x onerror=alert(2)> " onmouseover="alert(3) $x^2$ \\(y\\) & </div></table>'
TAGS = set("div p b u mark i sup span br a table caption thead tbody tr th td".split())
ATTRIBUTES = {"style", "title", "lang", "role", "aria-label", "class", "href", "rel", "scope"}


class Page(HTMLParser):
    """What a reader of HTML sees."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[tuple[str, list[tuple[str, dict[str, str]]]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag != "br":
            self.open.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.pieces.append((data, list(self.open)))

    @property
    def text(self) -> str:
        return "".join(data for data, _ in self.pieces)


def check(html: str) -> Page:
    """Return the page, after a look that nothing in it runs, leads away, or is taken for a formula."""
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= TAGS
    for _, attributes in page.tags:
        assert attributes.keys() <= ATTRIBUTES
        assert attributes.get("class", "") in ("", "tex2jax_ignore")
        assert attributes.get("href", "https://").startswith(("http://", "https://"))
        assert "url(" not in attributes.get("style", "") and "expression" not in attributes.get("style", "")
    # MathJax pairs signs within one stretch of text only.
    assert all(data in ("$", "\\") or not set("$\\") & set(data) for data, _ in page.pieces)
    return page


@pytest.fixture(scope="module")
def talks() -> Coding:
    return factories.coding(3, paragraphs=2)


def test_ipython_shows_a_coding_by_itself(talks: Coding) -> None:
    data, _ = DisplayFormatter().format(talks)
    assert data["text/html"] == coded.html(talks)
    assert data["text/plain"] == "Coding of report r000003: 2 events, 2 statements, 2 positions"
    check(data["text/html"])


def test_every_record_is_in_the_text_and_in_the_list(talks: Coding) -> None:
    page = check(coded.html(talks))
    labels = " ".join(data for data, inside in page.pieces if inside and inside[-1][0] == "sup")
    assert set(labels.split()) == {"D1", "D2", "W1", "W2", "P1", "P2"}
    for label in ("D1", "D2", "W1", "W2", "P1", "P2"):
        assert [data for data, inside in page.pieces if data == label and inside[-1][0] == "th"] == [label]
    assert talks.report.title in page.text and talks.report.id[:9] in page.text
    for paragraph in talks.report.text.split("\n\n"):
        without = "".join(d for d, inside in page.pieces if not inside or inside[-1][0] != "sup")
        assert paragraph in without


def test_kinds_are_told_apart_without_colours_or_styles(talks: Coding) -> None:
    plain = re.sub(r' style="[^"]*"', "", coded.html(talks))
    marked = {tag for tag, _ in Page(plain).tags}
    assert {"b", "mark", "u"} <= marked
    assert "2 deeds" in Page(plain).text and "2 statements" in Page(plain).text and "2 positions" in Page(plain).text


def test_a_hostile_report_is_text() -> None:
    report = Report(
        "r<b>", EVIL, title=EVIL, url="javascript:alert(4)", outlet=EVIL, published=EVIL, language='"><script>',
        removed=(Removed("alert(2)", EVIL),),
    )  # fmt: skip
    event = factories.event("r", 1, "RUS", "CHN", type=EVIL, mode=EVIL)
    position = factories.position("r", 1, "RUS", "", expression=EVIL, issue="")
    page = check(coded.html(Coding(report, (event, position))))
    assert page.text.count("<script>alert(1)</script>") >= 4
    assert "javascript:" not in coded.html(Coding(report))
    assert 'lang=""' in coded.html(Coding(report))


def test_a_link_leads_to_the_report(talks: Coding) -> None:
    report = Report("r", "Text.", url='https://news.example/a?b=1&c="2"')
    (link,) = [a for tag, a in check(coded.html(Coding(report))).tags if tag == "a"]
    assert link["href"] == 'https://news.example/a?b=1&c="2"' and "noopener" in link["rel"]


@given(factories.codings())
@settings(max_examples=40, deadline=None)
def test_any_coding_can_be_shown(coding: Coding) -> None:
    page = check(coded.html(coding))
    shown = iter(page.text)  # labels and reasons stand between the characters of the text, all of which are there
    assert all(char in shown for char in "".join(say.clean(coding.report.text).split()))


def test_a_coding_without_records_says_why() -> None:
    report = Report("r", "Bonjour.", language="fr")
    assert "no pipeline here reads French" in coded.html(Coding(report, skipped="no pipeline here reads French"))
    assert "Nothing" in coded.html(Coding(report))


def test_what_is_long_is_counted_not_hidden() -> None:
    long = factories.coding(1, paragraphs=3000)
    html = coded.html(long)
    assert len(html) < 600_000
    left = int(re.search(r"([\d,]+) more characters", html)[1].replace(",", ""))  # type: ignore[index]
    assert left == len(long.report.text) - coded.MOST_TEXT
    assert f"{3000 - coded.MOST_RECORDS:,} more" in html


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_everything_can_be_read_by_weak_eyes() -> None:
    report = Report("r", "Envoys met officials here today and said so. By-line.", url="https://a.example",
                    removed=(Removed("By-line.", "by-line"),))  # fmt: skip
    spans = Evidence(sentence=((0, 30),), trigger=((0, 12),), content=((0, 30),))
    records = (
        factories.event("r", 1, "RUS", "CHN", status="planned"), factories.statement("r", 1, "RUS"),
        factories.position("r", 1, "RUS", "CHN"),
    )  # fmt: skip
    page = check(coded.html(Coding(report, records)))
    assert spans.trigger
    worst = 21.0
    for data, inside in page.pieces:
        if data.strip():
            ground, ink = "", ""
            for _, attributes in inside:
                style = dict(part.split(":", 1) for part in attributes.get("style", "").split(";") if ":" in part)
                ground = style.get("background", ground)
                ink = style.get("color", ink)
            light, dark = sorted((_luminance(ground), _luminance(ink)), reverse=True)
            worst = min(worst, (light + 0.05) / (dark + 0.05))
    assert worst >= 4.5  # WCAG 2.2, level AA
