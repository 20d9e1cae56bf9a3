"""What must stand in a text for a pattern to match it: never more than that, and enough to spare most searches."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coders import coder
from communique.knowledge.furniture import plain
from communique.knowledge.literals import folded, holds_one, needed


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        ("(?i:join the debate|have your say)", {"join the debate", "have your say"}),
        (r"\bAll rights reserved\.?", {"all rights reserved"}),
        (r"(?:photo|image) (?:by|of) \w+", {"photo", "image"}),
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
