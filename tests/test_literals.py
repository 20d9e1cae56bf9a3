"""What must stand in a text for a pattern to match it: never more than that, and enough to spare most searches."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coders import coder
from communique.knowledge.furniture import plain
from communique.knowledge.literals import folded, holds_one, needed, opener, openers


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        ("(?i:join the debate|have your say)", {"join the debate", "have your say"}),
        (r"\bAll rights reserved\.?", {"all rights reserved"}),
        (r"(?:photo|image) (?:by|of) \w+", {"photo by ", "photo of ", "image by ", "image of "}),
        (r"(?:REUTERS|AFP|AP)/\w+", {"reuters/", "afp/", "ap/"}),
        (r"newsletters?|news", {"news"}),  # where that stands, the longer ones need not be looked for
        (r"(?:photo)? ?courtesy", {"courtesy"}),  # what may be missing is not needed
        (r"(?=.*copyright)\d{4}", {"copyright"}),
        (r"(?!.*killed)editor", {"editor"}),
        (r"(?:Reuters|\d+)", set()),  # one branch needs nothing
        (r"[a-z]{3,20}", set()),
        (r"(?:news)+letter", {"letter"}),
    ],
)
def test_what_a_pattern_needs(pattern: str, strings: set[str]) -> None:
    assert needed(pattern) == strings


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        ("(?i:Join|have)", {"j", "h"}),
        (r"(?:the )?photo", {"t", "p"}),
        (r"\bBy [A-Z]", {"b"}),
        (r"[(\[]?\d{1,2}", {"(", "[", "0"}),
        ("[A-C]", {"a", "b", "c"}),
        (r"(?=.*\d)[Uu]pdated", {"u"}),
        (r"(?>first|last) \w", {"f", "l"}),
        (r"\w+ here", set()),  # any letter
        (r"[^.]{0,20}photo", set()),
        (r".*", set()),
        (r"x*", set()),  # it may take none
        (r"(?:x|\w)y", set()),
    ],
)
def test_what_a_pattern_begins_with(pattern: str, letters: set[str]) -> None:
    assert openers(pattern) == letters


def _patterns() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Return the patterns of the furniture of which it is known what they need."""
    bodies = (p if e.case else f"(?i:{p})" for e in coder().knowledge.furniture.entries for p in e.patterns)
    return [(re.compile(body), strings) for body in bodies if (strings := needed(body))]


PATTERNS = _patterns()
EXAMPLES = [plain(x) for e in coder().knowledge.furniture.entries for x in (*e.examples, *e.counterexamples)]


def _passed_over(text: str) -> list[str]:
    """Return the patterns that match a text without what they are said to need."""
    low = folded(text)
    return [p.pattern for p, strings in PATTERNS if not holds_one(low, strings) and p.search(text)]


@given(st.lists(st.sampled_from(sorted({word for x in EXAMPLES for word in x.split(" ")})), max_size=14).map(" ".join))
@example("CLICK HERE FOR MORE")
@example("ALL R\u0130GHTS RESERVED")
def test_no_match_is_passed_over(text: str) -> None:
    assert _passed_over(text) == []


def test_no_example_of_the_furniture_is_passed_over() -> None:
    assert len(PATTERNS) > 250 and len(EXAMPLES) > 300
    assert [text for text in EXAMPLES if _passed_over(text)] == []


@given(st.lists(st.sampled_from(sorted({word for x in EXAMPLES for word in x.split(" ")})), max_size=9).map(" ".join))
@example("12:45 GMT")
@example("\u0661\u0662 shares")  # Arabic digits
@example("\u0130MAGE CAPTION")
@example("")
def test_each_line_is_tried_for_its_first_letter(text: str) -> None:
    for pattern, letters in LINES:
        assert not pattern.fullmatch(text) or not letters or opener(text) in letters


LINES = [(pattern, openers(pattern.pattern)) for pattern, _ in PATTERNS]


def test_nearly_all_lines_are_known_by_their_first_letter() -> None:
    assert [opener(text) for text in ("Photo", "7 shares", "\u0130mage", "")] == ["p", "0", "i", ""]
    assert sum(1 for _, letters in LINES if letters) > 150
