"""Pages of HTML and pieces of them: the article, what the page says of it, and pages that are none or a trap."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from archives import FIRST, PAGE, SECOND
from communique.errors import InputError
from communique.reading import Document, read_item
from communique.settings import Settings
from communique.sources.item import HTML, RawItem
from test_reading import BOOK, kept, removed

SETTINGS = Settings()
NO_ARTICLE = r"a: no article text found on the page\. Give"


def read(page: str | bytes, media: str = HTML, **known: str) -> Document:
    return read_item(RawItem(page, "a", media=media, **known), furniture=BOOK, settings=SETTINGS)


def test_the_article_and_what_its_page_says_of_it() -> None:
    document = read(PAGE.encode())
    report = document.report
    assert kept(document) == [FIRST, SECOND, "- Norway: four diplomats", "- Belarus: two diplomats"]
    assert {reason for reason, _ in removed(document)} == {"title", "by-line", "share", "read more", "heading"}
    assert (report.title, report.outlet) == ("Norway closes its embassy in Minsk", "Northern Star")
    assert (report.published, report.language) == ("2022-02-04", "en")
    for word in ("Home", "Most read", "Sweden", "wrong", "rights reserved", "menu", "<", "color"):
        assert word not in report.text


def test_what_the_source_knows_goes_first() -> None:
    known = {
        "title": "Mine",
        "outlet": "Post",
        "published": "2022-02-06",
        "url": "https://a.example/b",
        "language": "en",
    }
    report = read(PAGE, **known).report
    assert {name: getattr(report, name) for name in known} == known


def test_the_same_text_whatever_the_carrier() -> None:
    plain = read(PAGE)
    for content, known in (
        (PAGE.encode(), {}), (PAGE.encode("utf-8-sig"), {}), (PAGE.encode("utf-16"), {}), (PAGE, {"media": ""}),
    ):  # fmt: skip
        assert read(content, **known).report == plain.report


def words(head: str, word: str) -> str:
    body = f"<article><p>{FIRST} {word} said so.</p></article>"
    return f"<html><head>{head}<title>T</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("head", "encoding", "charset", "word"),
    [
        ('<meta charset="windows-1251">', "windows-1251", "", "Новости из Минска и Москвы"),
        ('<meta charset="utf-8">', "windows-1252", "", "Café “Zürich”"),  # a lie
        ('<meta charset="iso-8859-1">', "utf-8", "", "Erdoğan"),  # another
        ("", "utf-8", "ISO-8859-1", "Erdoğan"),  # what servers say of everything
        ("", "windows-1250", "windows-1250", "Wałęsa i Kaczyński"),
        ('<meta charset="windows-1251">', "windows-1251", "ISO-8859-1", "Новости из Минска и Москвы"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
            "gb18030",
            "",
            "外交部长星期一在北京会见了俄罗斯外长",
        ),
        ('<meta charset="nonsense-8">', "utf-8", "also-nonsense", "Erdoğan"),
        ("", "shift_jis", "Shift_JIS", "外務大臣は月曜日に会談した"),
        ('<meta charset="iso-2022-jp">', "iso-2022-jp", "", "外務大臣は月曜日に会談した"),
    ],
)
def test_encodings_and_what_is_said_of_them(head: str, encoding: str, charset: str, word: str) -> None:
    assert word in read(words(head, word).encode(encoding), charset=charset).report.text


def test_a_page_with_stray_bytes() -> None:
    content = words("", "Erdoğan, İmamoğlu and Šefčovič").encode().replace(b"fishing", b"fish\xffi\x00ng")
    assert "Erdoğan" in read(content).report.text


DATA = '{"@type": "NewsArticle", "datePublished": "2021-03-05T23:00:00-05:00"}'


@pytest.mark.parametrize(
    ("head", "body", "known", "day"),
    [
        (f'<script type="application/ld+json">{DATA}</script>', "", {}, "2021-03-05"),
        ("", '<time datetime="2021-03-05T10:00">5 March</time>', {}, "2021-03-05"),
        ("", "<p>Published 5 March 2021</p>", {}, "2021-03-05"),
        ("", "", {"url": "https://a.example/2021/03/05/minsk"}, "2021-03-05"),
        ("", "", {"fetched": "2021-03-06"}, "2021-03-06"),
        ('<meta property="article:published_time" content="2021-03-05">', "", {"fetched": "2021-03-06"}, "2021-03-05"),
        ('<meta property="article:published_time" content="1989-11-10">', "", {}, "1989-11-10"),
        ("", "<p>The treaty of 3 March 1995 was signed by both sides.</p>", {}, ""),  # no guess
    ],
)  # fmt: skip
def test_the_day_of_publication(head: str, body: str, known: dict[str, str], day: str) -> None:
    page = f"<html><head>{head}</head><body><article>{body}<p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    assert read(page, **known).report.published == day


@pytest.mark.parametrize(
    "page",
    [
        "", "<html></html>", "<html><body><nav><a href='/'>Home</a> <a href='/x'>World</a></nav></body></html>",
        "<html><body><script>let x = 1;</script></body></html>",
        "<html><body><p>Share</p><p>Read more</p></body></html>",
        "<!doctype html>", "\0\0\0", "<html><body><img src='a.png'></body></html>", "<" * 500,
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_a_failure(page: str) -> None:
    with pytest.raises(InputError, match=NO_ARTICLE):
        read(page)


# ---------------------------------------------------------------- markup in text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"<p>{FIRST}</p><p>{SECOND}</p>", f"{FIRST}\n\n{SECOND}"),
        (f"{FIRST}<br/><br/>{SECOND}", f"{FIRST}\n\n{SECOND}"),
        (f"<div><b>{FIRST}</b> <a href='x'>Minsk</a></div>", f"{FIRST} Minsk"),
        ("<ul><li>one</li><li><p>two</p></li></ul>", "- one\n\n- two"),
        (f"<p>Caf&eacute; &amp; co</p>\n\n<p>{FIRST}</p><script>x()</script><!-- y -->", f"Café & co\n\n{FIRST}"),
    ],
)
def test_markup_in_a_column_is_taken_out(text: str, wanted: str) -> None:
    assert read(text, media="").report.text == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The ratio was x < y and z > w, he said.", "He wrote <sic> and left.", "a <- b", f"{FIRST} <3",
        "Mail <ida@example.org> for more.", "<Name withheld> said so.",
    ],
)  # fmt: skip
def test_signs_in_a_text_are_no_markup(text: str) -> None:
    assert read(text, media="").report.text == text


def test_plain_files_that_are_pages_are_still_refused() -> None:
    with pytest.raises(InputError, match="is a page of markup, not plain text"):
        read(PAGE.encode(), media="")


def test_a_medium_that_nobody_reads() -> None:
    with pytest.raises(InputError, match="is image/png, which cannot be read"):
        read(b"x", media="image/png")


# ---------------------------------------------------------------- traps

HOSTILE = {
    "deep": "<div>" * 100_000 + FIRST,
    "deep within the limit of elements": "<div>" * 40_000 + FIRST,
    "deep and closed": "<b>" * 24_000 + FIRST + "</b>" * 24_000,
    "tables in tables": "<table><tr><td>" * 15_000 + FIRST,
    "lists in lists": "<ul><li>x" * 20_000 + FIRST,
    "attributes": "<div " + " ".join(f"a{n}='x'" for n in range(200_000)) + f"><p>{FIRST}</p></div>",
    "one attribute": f"<img src='data:{'A' * 5_000_000}'><p>{FIRST}</p>",
    "tags without end": "<p " * 300_000 + FIRST,
    "signs": "<" * 2_000_000 + FIRST,
    "entities": f"<p>{'&amp;' * 300_000}</p>",
    "broken entities": f"<p>{'&#x' * 300_000}{'&' * 300_000}</p>",
    "a script": f"<p>{FIRST}</p><script>{'var x = 1;' * 800_000}</script>",
    "scripts without end": f"<p>{FIRST}</p>" + "<script>" * 100_000,
    "a comment without end": f"<p>{FIRST}</p><!--" + "-" * 3_000_000,
    "data without end": '<script type="application/ld+json">' + '{"a":[' * 30_000 + f"</script><p>{FIRST}</p>",
    "blanks": f"<p>{' ' * 1_900_000}{FIRST}</p>",
    "a text without a break": "<p>" + "x" * 900_000 + "</p>",
    "paragraphs": "<p>x</p>" * 200_000,
    "nested forms of everything": "<font><i><a href=x><table><ul><select><svg><math>" * 5_000 + FIRST,
    "frames": "<frameset>" * 1_000 + "<noframes>" + FIRST,
    "XML bomb": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b;&b;</p>' + FIRST,
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_pages_are_bounded(name: str) -> None:
    started = time.process_time()
    try:
        text = read(f"<html><body>{HOSTILE[name]}</body></html>").report.text
    except InputError as error:
        text = str(error)
    assert text
    assert time.process_time() - started < 12  # seconds; without bounds some of these take hours


def test_a_live_blog_is_no_trap() -> None:
    entries = "".join(
        f"<div class='entry'><h3>10:{n % 60:02d}</h3><p>{FIRST} <a href='/{n}'>Entry {n}</a></p></div>"
        for n in range(400)
    )
    assert len(read(f"<html><body><article>{entries}</article></body></html>").report.text) > 20_000


# ---------------------------------------------------------------- nothing is lost, nothing crashes

PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div>", "</div>", "<h2>", "</h2>", "<li>", "<ul>", "</ul>", "<br>", "<a href='/x'>", "</a>",
        "<b>",
        "<table><tr><td>", "</td></tr></table>", "<!--", "-->", "<script>", "</script>", "&nbsp;", "&lt;", "<article>",
        FIRST, SECOND, "Share this story", "Read more", "Read more: the Minsk file", "By Ida Berg", "\n", " ", "x",
        "\0",
        "<",
        "We use cookies to improve this site.", "OSLO (AFP) –", "“No,” he said.",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40), st.sampled_from([HTML, ""]))
@hypothesis_settings(max_examples=150, deadline=None)
def test_every_word_of_a_page_is_in_a_block_or_removed(pieces: list[str], media: str) -> None:
    page = "".join(pieces)
    try:
        document = read(page, media=media)
    except InputError:
        return
    text = document.report.text
    blocks = sorted((block.start, block.end) for block in document.blocks)
    left = text
    for start, end in blocks:
        assert text[start:end].strip() == text[start:end] != ""
        left = left[:start] + " " * (end - start) + left[end:]
    for part in document.report.removed:
        assert part.span_text in left
        left = left.replace(part.span_text, " " * len(part.span_text), 1)
    assert left.strip() == ""


@given(
    st.binary(max_size=300),
    st.sampled_from([HTML, "application/pdf", ""]),
    st.sampled_from(["", "utf-16", "utf-7", "rot13", "idna", "hz"]),
)
@hypothesis_settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_report_or_a_clear_error(content: bytes, media: str, charset: str) -> None:
    try:
        read(content, media=media, charset=charset)
    except InputError as error:
        assert str(error).startswith("a")
