"""Texts that are hardly texts: whatever comes, the coder gives a report and records whose spans hold."""

from __future__ import annotations

import pytest

from coders import coder
from communique.errors import InputError
from communique.records import Coding
from spans import check_spans

LONG = "Russia attacked Ukraine, " + ", ".join(["and China, which criticised India, met Japan twice"] * 50)
NESTED = "Iran said that " + "Iraq said that " * 40 + "Syria attacked Turkey."
ODD = {
    "400 words": LONG + ".",
    "400 words without a stop": LONG,
    "nested reports": NESTED,
    "1500 words of one name": "Russia " * 1500,
    "one long word": "Russia" + "a" * 20_000 + " attacked Ukraine.",
    "quotation never closed": "“Russia attacked Ukraine, the minister of France said. Iran agreed.",
    "quotation never opened": "Russia attacked Ukraine,” the minister of France said. Iran agreed.",
    "quotes of all kinds": "\"Russia ‘attacked\" Ukraine“ «said» France' \"\" ”“ Iran.",
    "only quotes": "“ ” \" ' ‘ ’ « »",
    "quotation over paragraphs": "“We met Iran.\n\n“We met Iraq.\n\n“We met Oman,” said Joe Biden.",
    "headline": "RUSSIA ATTACKS UKRAINE; CHINA SILENT",
    "headline without verb": "Russia: talks with China over Iran",
    "list": "- Russia attacked Ukraine\n- China met Iran\n* Peru\n1. Chile praised Cuba\n2) Kenya",
    "table": "Country\tVotes\nRussia\t12\nChina\t13\n",
    "emoji": "🇷🇺 Russia 🤝 China 🇨🇳 held talks 🎉🎉. 👨‍👩‍👧‍👦 Iran met Iraq 😀!",
    "emoji only": "😀🎉👨‍👩‍👧‍👦🇨🇳",
    "right to left": "روسيا والصين عقدتا محادثات. Russia met China. שלום, Iran met Iraq.",
    "direction marks": "\u202bRussia\u202c met \u200fChina\u200e in \u2066Geneva\u2069.",
    "combining": "Pe\u0301ru accused C\u0327had\u0301 of spying. Côte d’Ivoire met E\u0301gypte.",
    "chinese": "俄罗斯和中国举行了会谈。",
    "punctuation": "... !!! ??? ,;:—–- ()[]{} /\\ |",
    "one full stop": ".",
    "one letter": "a",
    "one name": "Russia",
    "digits": "1234 5678 90 12,000.50 3/4 1:2",
    "brackets": "Russia ((attacked [Ukraine) {and} China]] met) Iran (.",
    "no spaces": "Russia,China,Iran;Peru.Cuba/Chile|Kenya-Uganda—Ghana",
    "double spaces": "Russia   attacked  \t Ukraine .   China    met   Iran .",
    "hard spaces": "Russia\u00a0attacked\u00a0Ukraine.\u2003China\u2009met\u202fIran.",
    "form feeds": "Russia attacked\x0cUkraine.\x0bChina met\x1cIran.\x85Peru met Cuba.\u2028Chile met Kenya.",
    "control characters": "Russia attacked\x07 Ukraine.\x1b China met\x08 Iran on Monday, and talked for days.",
    "soft hyphens": "Rus\u00adsia attacked Ukrai\u00adne.",
    "windows line ends": "Russia attacked Ukraine.\r\n\r\nChina met\r\nIran.\r\n",
    "beyond the basic plane": "𝐑𝐮𝐬𝐬𝐢𝐚 attacked 𝐔𝐤𝐫𝐚𝐢𝐧𝐞. 𓀀 Russia met China.",
    "markup": "<p>Russia attacked <b>Ukraine</b>.</p> &amp; [bold]China[/bold] met {Iran} %s %(x)d {0}.",
    "addresses": "https://example.org/russia?attacked=ukraine Russia@example.org #Russia @China $100",
    "pronouns without names": "They met them. It attacked it. He told her that she met him. Both met each other.",
    "possessives": "Russia's ally's neighbour's president's spokesman's statement's wording's critics met.",
    "coordination": ", ".join(["Russia", "China", "Iran", "Peru", "Chad", "Cuba"] * 20) + " and Oman met.",
    "impossible days": "On 31 February 2022 and 99/99/9999, Russia met China. On Friday 0 May it met Iran.",
    "impossible numbers": "Russia killed 1e999 people, minus three soldiers and ∞ billion dollars in China.",
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_no_text_breaks_the_coder(name: str) -> None:
    coding = coder()(ODD[name], published="2022-02-04")
    assert isinstance(coding, Coding)
    check_spans(coding)


@pytest.mark.parametrize("name", ODD)
def test_days_that_are_unknown_break_nothing(name: str) -> None:
    check_spans(coder()(ODD[name]))


@pytest.mark.parametrize("text", ["", " \n\t ", "\ufeff"])
def test_an_empty_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"\S") as caught:
        coder()(text)
    assert "\n" not in str(caught.value)


def test_a_long_sentence_is_coded() -> None:
    coding = coder()(ODD["400 words"], published="2022-02-04")
    named = {(e.type, tuple(a.code for a in e.actors)) for e in coding.events}
    assert {("ACCUSE", ("CHN",)), ("CONSULT", ("CHN", "JPN"))} <= named
    assert len(coding.events) > 20


@pytest.mark.xfail(strict=True)
def test_headlines_in_capitals_are_read() -> None:
    (event,) = coder()("RUSSIA ATTACKS UKRAINE.", published="2022-02-04").events
    assert (event.type, event.actors[0].code, event.recipients[0].code) == ("ASSAULT", "RUS", "UKR")


def test_a_text_with_nul_is_refused() -> None:
    with pytest.raises(InputError, match="binary"):
        coder()("Russia attacked\x00 Ukraine.")


def test_right_to_left_text_shifts_no_offset() -> None:
    text = "The minister said روسيا والصين in Geneva. Then Russia met China and said שלום to the press on Friday."
    coding = coder()(text, published="2022-02-04")
    assert ["Russia", "China"] in [[a.text for a in e.actors] for e in coding.events]
