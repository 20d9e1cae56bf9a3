"""PDF documents of official statements: set with Typst, and broken by hand."""

from __future__ import annotations

import io
from functools import cache

import pytest
import typst
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from communique.errors import InputError
from communique.reading import Document, read_item
from communique.settings import Settings
from communique.sources.item import PDF, RawItem
from test_reading import BOOK, kept

PARAGRAPHS = (
    "Norway condemns the expulsion of its diplomats by Belarus and supports the people of Belarus in their long-term "
    "struggle. International responsibilities and extraordinary circumstances notwithstanding, representatives of both "
    "administrations communicated unconditionally.",
    "The ministers met in Oslo. They underlined that the long-term cooperation of their countries, which the "
    "unprecedented deterioration of transatlantic communication had interrupted, would be re-established.",
    "Belarus rejects interference. The governments of both countries will nevertheless continue consultations on "
    "humanitarian questions, notwithstanding disagreements about responsibilities and jurisdictions.",
)
# As different as nine paragraphs of a statement are: what several pages repeat is taken for their heads.
LONG = tuple(
    text.replace("Norway", a).replace("humanitarian", b).replace("disagreements", c).replace("Belarus", d)
    for a, b, c, d in (
        ("Norway", "humanitarian", "disagreements", "Belarus"),
        ("Sweden", "maritime and commercial", "a dispute", "Iran"),
        ("Denmark", "other", "the long-standing quarrel of their parliaments", "Syria"),
    )
    for text in PARAGRAPHS
)
HEADING = "Statement on the closure of the embassy in Minsk"


@cache
def pdf(settings: str = "", paragraphs: tuple[str, ...] = LONG) -> bytes:
    source = (
        "#set page(width: 11cm, height: 9cm, header: [Ministry of Foreign Affairs #h(1fr) 4 May 2023])\n"
        '#set page(numbering: "1 / 1")\n'
        f'#set text(hyphenate: true, lang: "en", size: 10pt)\n#set par(justify: true)\n{settings}\n= {HEADING}\n\n'
    )
    return bytes(typst.compile((source + "\n\n".join(paragraphs)).encode(), format="pdf"))


def read(content: bytes, most: int = 1_000_000) -> Document:
    item = RawItem(content, "a.pdf", media=PDF)
    return read_item(item, furniture=BOOK, settings=Settings(max_report_chars=most))


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "#set par(first-line-indent: 1.5em, spacing: 0.65em)",
        "#set page(columns: 2, width: 18cm)",
        "#set par(justify: false)",
        '#set text(font: "New Computer Modern", size: 12pt)\n#set par(leading: 1.2em, spacing: 2.4em)',
    ],
)
def test_paragraphs_are_whole_again(settings: str) -> None:
    document = read(pdf(settings))
    assert kept(document) == list(LONG)
    assert document.report.title == HEADING
    assert "Ministry" not in document.report.text
    assert document.report.language == "en"


def test_lists_stay_lists() -> None:
    document = read(
        pdf(paragraphs=(PARAGRAPHS[0], "- Norway: four diplomats\n- Belarus: two diplomats", PARAGRAPHS[1]))
    )
    assert kept(document) == [PARAGRAPHS[0], "• Norway: four diplomats", "• Belarus: two diplomats", PARAGRAPHS[1]]


def test_a_locked_document() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(InputError, match=r"^a\.pdf is locked with a password\. Save it without one\.$"):
        read(out.getvalue())


def test_a_document_of_pictures() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(InputError, match="holds pictures of pages, no text"):
        read(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no PDF", pdf()[: len(pdf()) // 3]])
def test_what_is_no_document(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^a\.pdf is no PDF document that can be read"):
        read(content)


def test_a_document_that_is_too_long_is_not_read_to_its_end() -> None:
    with pytest.raises(InputError, match="is longer than 500 characters"):
        read(pdf(), most=500)


@given(st.data())
@hypothesis_settings(max_examples=40, deadline=None)
def test_a_document_with_any_bytes_changed_gives_a_report_or_a_clear_error(data: st.DataObject) -> None:
    content = bytearray(pdf())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=30)):
        content[at] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content))
    except InputError as error:
        assert str(error).startswith("a.pdf")
