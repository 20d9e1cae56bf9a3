"""Reading: text out of bytes, paragraphs out of lines, furniture out of the report."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import InputError
from communique.knowledge.furniture import FurnitureEntry, book_of
from communique.knowledge.tables import BUILTIN
from communique.reading import Document, read_item
from communique.reading.day import date_line, parse_day
from communique.reading.decode import decode
from communique.reading.report import report_id
from communique.records import to_json
from communique.settings import Settings
from communique.sources.item import RawItem

BOOK = book_of(
    [
        FurnitureEntry.model_validate(values)
        for values in tomllib.loads((BUILTIN / "furniture.toml").read_text(encoding="utf-8"))["furniture"]
    ]
)
SETTINGS = Settings()


def read(text: str | bytes, **known: str) -> Document:
    return read_item(RawItem(text, "a.txt", **known), furniture=BOOK, settings=SETTINGS)


def kept(document: Document) -> list[str]:
    return [document.report.text[block.start : block.end] for block in document.blocks]


def removed(document: Document) -> list[tuple[str, str]]:
    return [(part.reason, part.span_text) for part in document.report.removed]


# ---------------------------------------------------------------- furniture and reporting, in a report

HEAD = "Norway closes its embassy in Minsk"
FIRST = "Norway closed its embassy in Minsk on Monday after a row over fishing rights."
SECOND = "Belarus said it would answer in kind, and called home its own envoy."

FURNITURE = (
    "Share", "Share this story", "Share on Facebook", "Tweet", "Spread the word", "Sharing is caring",
    "Print this article", "Email this story to a friend", "Facebook Twitter WhatsApp Telegram",
    "Facebook | X | LinkedIn", "348 shares", "2.4k views", "Liked this report? Share it!", "Follow us on Telegram",
    "Follow @northernstar on Twitter", "Stay connected", "Read more", "READ MORE: Oslo's new course in the Arctic",
    "Read also: Who fishes where", "Continue reading", "Show more", "Click here to read the full story",
    "See also: The Minsk file", "Article continues below", "Watch: The envoy leaves Minsk", "Related stories",
    "Most read", "Trending", "Tags: Norway, Belarus, fish", "You might also like", "Editors' picks", "Advertisement",
    "ADVERTISEMENT", "- Advertisement -", "Story continues below advertisement", "Sponsored",
    "Sign up for our free weekly newsletter", "The Northern Star Newsletter", "Subscribe",
    "Subscribe to our newsletter!", "You can unsubscribe whenever you like and you may change your preferences.",
    "Get the day's news in your inbox.", "By subscribing you agree to our terms.",
    "This form is protected by reCAPTCHA.", "We use cookies to improve this site.", "Accept all cookies",
    "Privacy Policy | Terms of Use | Contact us", "Cookie policy", "FILE PHOTO: The embassy of Norway in Minsk.",
    "The embassy on a rainy day. Photograph: Ida Berg/AFP/Getty Images",
    "Guards outside the embassy [Ida Berg/Reuters]", "Photo: Ida Berg", "Getty Images",
    "© 2023 Northern Star. All rights reserved.", "This article was first published in the Evening Post.",
    "Leave a comment", "17 comments", "Join the conversation", "What do you think? Tell us in the comments below.",
    "(Reporting by Ida Berg in Oslo; Editing by Per Lund)", "Additional reporting by Ida Berg", "Source: AFP",
    "With inputs from agencies", "Ida Berg is a reporter for the Northern Star in Oslo.", "Back to top",
    "Home > World > Europe", "4 min read", "* * *", "https://news.example.org/2023/minsk",
    "Last updated 4 May 2023, 10:31 GMT",
)  # fmt: skip

REPORTING = (
    "Share prices in Oslo fell by two per cent.", "Twitter took the ministry's account down.",
    "“We will not go back.”", "“We will not go back”", "- Norway: four diplomats", "• Poland: two diplomats",
    "1. Norway leaves the mission.", "The two sides gave these reasons:",
    "Read aloud in parliament, the letter caused laughter.", "He left.",
    "The minister signed up to the plan on Friday.", "Norway's privacy policy angered the firm.",
    "Who gains from the row?", "By Monday evening all staff had gone.", "By contrast, Sweden stayed.",
    "By closing the embassy, Norway broke with its partners.",
    "Subscribers of the party's paper got the letter first.",
    "“Sign up for our newsletter,” the banner of the protesters said.",
    "The army used cookies and sweets to calm the children.", "More from the same list will be expelled.",
    "Watch towers were built along the border.", "Related charges against the envoy were dropped.",
    "Print media wrote of a scandal.", "The video shows guards beating a man.",
    "A photo of the envoy went round the world.", "Reuters reported the closure first.",
    "The report was first published by the ministry.", "Comments by the envoy made it worse.",
    "Copyright was not the issue.", "Advertising by Norwegian firms stopped.",
    "Home secretary Per Lund called the row childish.", "World leaders called for calm.",
    "Join us, the rebels told the guards.", "The author of the letter was arrested.",
    "Support for the government grew this week.", "Keep your distance, Norway told Russia.",
    "Get out, the crowd shouted at the envoy.", "Sanctions followed on 4 May 2023.",
    "The pact was signed on 3 March 2020", "He told reporters that the row was over",
    "The ministry, which had been warned of the plan a week before, gave no reason for what it did",
    "Ida Berg was arrested by the police in Minsk.", "Follow the money, the opposition said.",
)  # fmt: skip


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_removed_at_the_end_and_in_between(line: str) -> None:
    for text in (f"{HEAD}\n\n{FIRST}\n\n{SECOND}\n\n{line}", f"{HEAD}\n\n{FIRST}\n\n{line}\n\n{SECOND}\n"):
        document = read(text)
        assert kept(document) == [FIRST, SECOND]
        assert line in {span for _, span in removed(document)}
        assert document.report.text == text


@pytest.mark.parametrize("line", REPORTING)
def test_reporting_stays(line: str) -> None:
    for text, wanted in (
        (f"{HEAD}\n\n{FIRST}\n\n{line}\n\n{SECOND}", [FIRST, line, SECOND]),
        (f"{HEAD}\n\n{FIRST}\n\n{SECOND}\n\n{line}", [FIRST, SECOND, line]),
        (f"{HEAD}\n{FIRST}\n{line}\n{SECOND}\nAdvertisement\nShare", [FIRST, line, SECOND]),
    ):
        assert kept(read(text)) == wanted


def test_a_newsletter_goes_with_its_lines() -> None:
    text = (
        f"{HEAD}\n\nSharing is caring\n\n{FIRST}\n\n{SECOND}\n\nThe Northern Star Newsletter\n\n"
        "Stay on top of what happens in Norway,\nits seas and the wide world.\n\nEmail address\n\n"
        "We will never share it.\nYou may opt out any time. By joining you accept our Terms of Service.\n"
    )
    document = read(text)
    assert kept(document) == [FIRST, SECOND]
    assert document.report.title == HEAD
    assert ("newsletter", "Stay on top of what happens in Norway,\nits seas and the wide world.") in removed(document)


def test_headlines_of_other_reports_go_until_reporting_starts_again() -> None:
    text = f"{HEAD}\n\n{FIRST}\n\nRelated articles\n\nSweden expels envoy\nPoland shuts border\n\n{SECOND}"
    document = read(text)
    assert kept(document) == [FIRST, SECOND]
    assert removed(document)[1:] == [
        ("related", "Related articles"), ("related", "Sweden expels envoy"), ("related", "Poland shuts border"),
    ]  # fmt: skip


def test_promotion_needs_a_form_beside_it() -> None:
    line = "Keep up with events in our region this week."
    assert line in kept(read(f"{FIRST}\n\n{line}\n\n{SECOND}"))
    assert line not in kept(read(f"{FIRST}\n\n{SECOND}\n\nNewsletter\n\n{line}"))


def test_a_report_on_one_line_loses_sentences_only() -> None:
    document = read(f"{FIRST} Sign up to our daily newsletter for more. {SECOND} (Reporting by Ida Berg)")
    assert kept(document) == [FIRST, SECOND]
    assert [reason for reason, _ in removed(document)] == ["newsletter", "agency credit"]


# ---------------------------------------------------------------- lines and paragraphs


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    first = (
        "Norway closed its embassy in Minsk on Monday after a long row over the right\n"
        "to fish in the Barents Sea, which both the Norwegian government and its ally\n"
        "Iceland claim. The foreign minister, Per Lund, told reporters in Oslo that no\n"
        "date had been set for talks"
    )
    second = "Belarus called home its own envoy. A spokesman in Minsk said that Norway had\nshown bad faith."
    assert kept(read(f"{HEAD}\n\nBy Ida Berg\n\n{first}\n\n{second}")) == [first, second]
    assert kept(read(f"{first}\n\n{second}\n")) == [first, second]


def test_indented_paragraphs_and_one_paragraph_a_line() -> None:
    wrapped = (
        "   Norway closed its embassy in Minsk on Monday after a long row over fish,\n"
        "which both the government in Oslo and that of Iceland claim as their own.\n"
        "   Belarus called home its own envoy. A spokesman in Minsk said that Norway\n"
        "had shown bad faith in the talks.\n"
    )
    assert [block.split()[0] for block in kept(read(wrapped))] == ["Norway", "Belarus"]
    assert kept(read(f"{FIRST}\n{SECOND}\n{FIRST}")) == [FIRST, SECOND, FIRST]


def test_one_line_is_one_paragraph_with_or_without_a_stop() -> None:
    for text in (FIRST, FIRST.rstrip("."), f"{FIRST} {SECOND}", "Norway closes embassy"):
        assert kept(read(text)) == [text]


def test_text_without_stops_keeps_all_but_its_first_line() -> None:
    lines = [
        f"Envoys {n} met again and did not agree on what the fishing limits should be in the far north"
        for n in range(4)
    ]
    assert kept(read("\n\n".join(lines))) == lines[1:]
    assert kept(read("Envoys meet\nNorway closes embassy")) == ["Norway closes embassy"]


def test_headings_are_not_coded() -> None:
    document = read(f"{HEAD}\n\n{FIRST}\n\nA bitter row\n\n{SECOND}\n\nWhy Fish Matter to the Far North\n\n{SECOND}")
    assert kept(document) == [FIRST, SECOND, SECOND]
    assert removed(document) == [
        ("title", HEAD), ("heading", "A bitter row"), ("heading", "Why Fish Matter to the Far North"),
    ]  # fmt: skip


def test_a_paragraph_is_no_title() -> None:
    for first in (FIRST, "OSLO (Reuters) - Norway closed its embassy", "“We will not go back.” He left"):
        document = read(f"{first}\n\n{SECOND}")
        assert document.report.title == ""
        assert len(document.blocks) == 2


# ---------------------------------------------------------------- metadata


@pytest.mark.parametrize(
    ("line", "place", "published", "prefix"),
    [
        ("OSLO, Feb 4 (Reuters) - ", "Oslo", "", "OSLO, Feb 4 (Reuters) -"),
        ("MINSK (AP) — ", "Minsk", "", "MINSK (AP) —"),
        ("KYIV, Ukraine (AP) — ", "Kyiv, Ukraine", "", "KYIV, Ukraine (AP) —"),
        ("NEW DELHI, Feb. 4, 2022 (Xinhua) -- ", "New Delhi", "2022-02-04", "NEW DELHI, Feb. 4, 2022 (Xinhua) --"),
        ("Geneva, 4 February 2022 (AFP) – ", "Geneva", "2022-02-04", "Geneva, 4 February 2022 (AFP) –"),
        ("MOSCOW, February 4. /TASS/. ", "Moscow", "", "MOSCOW, February 4. /TASS/."),
        ("WASHINGTON, D.C. – ", "Washington, D.C.", "", "WASHINGTON, D.C. –"),
        ("LONDON — ", "London", "", "LONDON —"),
        ("ISLAMABAD: ", "Islamabad", "", "ISLAMABAD:"),
        ("(Reuters) - ", "", "", "(Reuters) -"),
        ("EXCLUSIVE: PARIS (AFP) - ", "Paris", "", "EXCLUSIVE:"),
    ],
)
def test_datelines(line: str, place: str, published: str, prefix: str) -> None:
    document = read(f"{HEAD}\n\n{line}{FIRST}\n\n{SECOND}")
    assert kept(document) == [FIRST, SECOND]
    assert removed(document)[1][1] == prefix
    assert (document.dateline_place, document.report.published) == (place, published)


@pytest.mark.parametrize(
    "start", ["NATO – the alliance – was not asked. ", "Per Lund: a life in dates. ", "US: no comment. "]
)
def test_no_datelines(start: str) -> None:
    document = read(f"{HEAD}\n\n{start}{FIRST}")
    assert kept(document) == [start + FIRST]
    assert document.dateline_place == ""


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("Published: 4 February 2022", "2022-02-04"),
        ("Updated 5 Feb 2022 10.30 GMT\n\nPublished on February 4, 2022 at 9:15 am", "2022-02-04"),
        ("Last updated: 2022-02-05T10:00:00Z", "2022-02-05"),
        ("By Ida Berg\nFriday, 4 February 2022", "2022-02-04"),
        ("Published 04/02/2022", ""),
        ("Published 14/02/2022", "2022-02-14"),
        ("Published 2/14/2022", "2022-02-14"),
        ("Published 04/04/2022", "2022-04-04"),
        ("Published 04.02.2022", "2022-02-04"),
    ],
)
def test_the_day_is_read_from_header_lines(head: str, published: str) -> None:
    document = read(f"{HEAD}\n\n{head}\n\n{FIRST}\n\n{SECOND}")
    assert kept(document) == [FIRST, SECOND]
    assert document.report.published == published
    assert read(f"{head}\n\n{FIRST}", published="1 March 2023").report.published == "2023-03-01"


@pytest.mark.parametrize(
    ("url", "published"),
    [
        ("https://example.org/world/2022/02/04/embassy-closed", "2022-02-04"),
        ("https://example.org/world/2022/feb/04/embassy-closed", "2022-02-04"),
        ("https://example.org/2022-02-04/embassy", "2022-02-04"),
        ("https://example.org/world/embassy-closed-20220204.html", "2022-02-04"),
        ("https://example.org/a?date=2022-02-04", "2022-02-04"),
        ("https://example.org/world/2022/02/embassy-closed", ""),
        ("https://example.org/world/2022/13/44/embassy-closed", ""),
        ("https://example.org/world/embassy-closed-120220204567", ""),
    ],
)
def test_the_day_is_read_from_the_address(url: str, published: str) -> None:
    assert read(f"{HEAD}\n\n{FIRST}\n\n{SECOND}", url=url).report.published == published
    assert read(f"{url}\n\n{HEAD}\n\n{FIRST}\n\n{SECOND}").report.published == published
    assert read(f"{HEAD}\n\nPublished 1 March 2022\n\n{FIRST}", url=url).report.published == "2022-03-01"


def test_a_dateline_without_a_year_takes_that_of_the_copyright_line() -> None:
    line = f"OSLO, Feb. 4 (Reuters) - {FIRST}\n\n{SECOND}"
    assert read(f"{HEAD}\n\n{line}").report.published == ""
    assert read(f"{HEAD}\n\n{line}\n\n© 2022 Northern Star. All rights reserved.").report.published == "2022-02-04"
    assert read(f"{HEAD}\n\n{line}\n\n© 1999-2022 Northern Star").report.published == "2022-02-04"


def test_what_the_source_knows_counts_first() -> None:
    known = read(f"{HEAD}\n\n{FIRST}", title="Other", url="u", outlet="Post", language="EN-gb").report
    assert (known.title, known.url, known.outlet, known.language) == ("Other", "u", "Post", "en")
    assert read(FIRST).report.language == "en"
    assert read("Норвегия закрыла посольство в Минске.").report.language == "ru"


def test_the_id_depends_on_the_words_alone() -> None:
    report = read(f"{HEAD}\n\n{FIRST}").report
    assert (
        report.id == read(f"{HEAD}\r\n \r\n{FIRST}  \n".encode("utf-16"), title="x", published="2020-01-01").report.id
    )
    assert report.id != read(f"{HEAD}\n\n{SECOND}").report.id
    assert report_id("caf\u00e9") == report_id("cafe\u0301")
    assert len(report.id) == 17
    assert report.id[0] == "r"


DAYS = {
    "2022-02-04": "2022-02-04", "2022-02-04T23:59:00Z": "2022-02-04", "2022-02-04 10:00:00.12+03:00": "2022-02-04",
    "20220204": "2022-02-04", "20220204103000": "2022-02-04", "2022/2/4": "2022-02-04",
    "4 February 2022": "2022-02-04", "4th of February, 2022": "2022-02-04", "Feb. 4, 2022": "2022-02-04",
    "Friday, February 4, 2022": "2022-02-04", "Fri, 04 Feb 2022 10:00:00 +0000": "2022-02-04",
    "Fri, 04 Feb 2022 10:00:00 GMT": "2022-02-04", "4-Sep-2021": "2021-09-04", "29 February 2020": "2020-02-29",
    "Fri Feb 04 18:00:00 +0000 2022": "2022-02-04", "Fri Feb  4 18:00:00 2022": "2022-02-04",
    "Fri Feb 04 2022 18:00:00 GMT+0100 (Central European Standard Time)": "2022-02-04", "14-02-2022": "2022-02-14",
    "2022-02-04T18:00:00+01:00[Europe/Oslo]": "2022-02-04", "2022-02-04\xa018:00": "2022-02-04",
}  # fmt: skip
NO_DAYS = (
    "", "soon", "2022", "February 2022", "2022-02-30", "29 Feb 2021", "2022-13-01", "2022-02-04-05",
    "20221301", "1643932800", "2022-02-04 2022-02-05", "about 4 February 2022", "2022-02-04T25:99", "４ February 2022",
    "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_days(text: str, day: str) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_no_days(text: str) -> None:
    with pytest.raises(InputError, match=r"is no date\. Write it as YYYY-MM-DD\.$"):
        parse_day(text)
    if text:
        with pytest.raises(InputError, match="is no date"):
            read(FIRST, published=text)


@pytest.mark.parametrize("text", ["04/02/2022", "4-2-2022 10:00", "12/11/2022"])
def test_day_and_month_that_may_be_either(text: str) -> None:
    with pytest.raises(InputError, match=r"is no date whose day and month can be told apart\. Write it as YYYY-MM-DD"):
        parse_day(text)


def test_a_sentence_with_a_date_is_no_date_line() -> None:
    assert date_line("On 4 February 2022 the embassy closed") is None
    assert date_line("4 February 2022 was a Friday") is None


# ---------------------------------------------------------------- encodings

FOREIGN = "Erdoğan said: “Müller’s café — naïve?” Łódź, Кремль."
WESTERN = "The minister’s “naïve” plan — Müller called it a café debate – cost £5m."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_unicode_encodings(encoding: str) -> None:
    text = f"{FIRST} {FOREIGN} {SECOND}" if "-le" in encoding or "-be" in encoding else FOREIGN
    assert decode(text.encode(encoding)) == text


def test_bytes_of_older_encodings() -> None:
    for text in (WESTERN, "He said “no”.", "£5m – €6m"):
        assert decode(text.encode("cp1252")) == text
    assert decode(f"{FIRST} {WESTERN}".encode("mac_roman")) == f"{FIRST} {WESTERN}"
    russian = "Норвегия закрыла посольство в Минске в понедельник после долгого спора о рыбе. " * 3
    for encoding in ("cp1251", "koi8_r"):
        assert decode(russian.encode(encoding)) == russian
    assert decode("Ein Gespräch über Fische in Åre".encode("latin-1")) == "Ein Gespräch über Fische in Åre"


def test_damaged_text_is_still_read() -> None:
    broken = (FOREIGN * 3).encode()[:-2] + b"\xff."
    assert decode(broken).startswith(FOREIGN * 2)
    assert decode("\ufeffa\r\nb\rc\u2028d\x0ce\x07f\u200bg\ud800h") == "a\nb\nc\nd\ne f g\ufffdh"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text\0with NUL", "a.txt is binary, not text. Give a plain text file."),
        (bytes(range(1, 32)) * 9, "a.txt is binary"),
        (b"\x89PNG\r\n\x1a\n rest", "a.txt is an image, not plain text."),
        (b"%PDF-1.7", "a.txt is a PDF document"),
        (b"", "a.txt is empty. Give a report with text in it."),
        (" \n\u00a0\n", "a.txt is empty"),
        ("x" * 1_000_001, "a.txt is longer than 1,000,000 characters"),
    ],
)
def test_what_cannot_be_read(content: bytes | str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert str(caught.value).startswith(message)


# ---------------------------------------------------------------- invariants

LINES = st.lists(
    st.one_of(
        st.sampled_from([HEAD, FIRST, SECOND, "", "By Ida Berg", "OSLO (AP) - " + FIRST, *FURNITURE, *REPORTING]),
        st.text(),
    ),
    max_size=12,
).map("\n".join)


@given(LINES)
def test_every_word_is_in_a_block_or_removed(text: str) -> None:
    try:
        document = read(text)
    except InputError:
        return
    text = document.report.text
    pieces: list[tuple[int, int]] = [(block.start, block.end) for block in document.blocks]
    assert pieces == sorted(pieces)
    at = 0
    left = text
    for start, end in pieces:
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        left = left[:start] + " " * (end - start) + left[end:]
        at = end
    at = 0
    for part in document.report.removed:
        found = left.find(part.span_text, at)
        assert found >= at
        left = left[:found] + " " * len(part.span_text) + left[found + len(part.span_text) :]
        at = found
    assert left.strip() == ""
    assert json.loads(to_json(document.report))["text"] == text
    assert read(text) == document


@given(st.binary(max_size=300))
def test_decode_gives_text_or_an_input_error(content: bytes) -> None:
    try:
        text = decode(content)
    except InputError:
        return
    assert "\r" not in text
    assert "\0" not in text
    text.encode("utf-8")


@given(st.text(max_size=120))
def test_days_are_total(text: str) -> None:
    date_line(text)
    try:
        day = parse_day(text)
    except InputError:
        return
    assert parse_day(day) == day
