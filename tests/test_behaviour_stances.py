"""The behaviour suite of words and stances: short texts with the exact positions and statements of each.

`tests/behaviour/stances/positions.tsv` and `tests/behaviour/speech/statements.tsv`. A row has the name of its minimal
pair, the text ("¶" ends a paragraph), all its records of that kind ("none": there is none), and in `known_wrong` why
the program does not give them yet; such a row must fail. The expectations were written before the program was
run; a row was changed after that only where it was wrong by what is documented.

A position is written as in test_positions.py, the phrase that it is about in «»:

    HOLDERS stance TOWARD issue [status] [implicit] [@WHO claims it] [«expression»]

several are parted by "; ". "-" is an empty part. The expression stands where neither party nor issue is known, and is
compared only there and without its article. Of two positions the one whose party and issue the other has too says
nothing more and is not asked for ("supports A's demand for B" may be one record, or one on A and B and one on B). A
position after "?" may be there or not: what is documented does not say whether A's own demand is coded there too.

A statement is written

    SPEAKERS[>ADDRESSEES] quote[/form]: content

several are parted by " | ". Addressees are those that have a code, not "reporters". Where content is in pieces they are
joined by " ~ ". Quotation marks and "that" are part of the content, as in test_statements.py.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from coders import DAY, codes, patterns
from communique.records import Coding, Position, Statement
from test_positions import written as written_position

FOLDER = Path(__file__).parent / "behaviour"
MINIMUM = 170
Row = tuple[str, str, list[str], str]  # file and line, text, expected records, why it is known to be wrong


def rows(name: str, between: str) -> list[Row]:
    """Return the rows of the file `name`, whose records `between` parts."""
    found = []
    with (FOLDER / name).open(encoding="utf-8", newline="") as f:
        lines = [(n, line) for n, line in enumerate(f, start=1) if not line.startswith("#")]
    for n, line in lines[1:]:  # the first holds the names of the columns
        pair, text, expected, wrong = next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))
        records = [] if expected == "none" else expected.split(between)
        found.append((f"{pair}:{n}", text.replace(" ¶ ", "\n\n"), records, wrong))
    return found


POSITIONS = rows("stances/positions.tsv", "; ")
STATEMENTS = rows("speech/statements.tsv", " | ")


def cases(found: list[Row]) -> list[object]:
    """Return a case for each row; one that is known to be wrong must fail."""
    return [
        pytest.param(
            text,
            expected,
            id=where,
            marks=[pytest.mark.xfail(strict=True, reason=wrong, raises=AssertionError)] if wrong else [],
        )
        for where, text, expected, wrong in found
    ]


@cache
def by_patterns(text: str) -> Coding:
    return patterns()(text, published=DAY)


def says_more(p: Position, q: Position) -> bool:
    """Tell whether `p` says all that `q` says, and more."""
    if (codes(p.holders), p.stance, p.status, codes(p.attributed_to)) != (
        codes(q.holders), q.stance, q.status, codes(q.attributed_to),
    ):  # fmt: skip
        return False
    more, less = ({*codes(x.toward).split(), x.issue} - {""} for x in (p, q))
    return less < more


def position(p: Position) -> str:
    """Return the short form of `p`, with its expression where it is all that `p` has."""
    bare = re.sub(r"^(?:the|an?|any) ", "", p.expression.strip(" “”\"'‘’,."), flags=re.IGNORECASE)
    return written_position(p) + ("" if p.toward or p.issue else f" «{bare}»")


def positions(text: str) -> list[str]:
    found = by_patterns(text).positions
    return sorted({position(p) for p in found if not any(says_more(q, p) for q in found)})


def statement(s: Statement, text: str) -> str:
    """Return the short form of `s`."""
    known = codes(r for r in s.recipients if r.code)
    to = f">{known}" if known else ""
    form = f"/{s.form}" if s.form else ""
    content = " ~ ".join(text[a:b] for a, b in s.evidence.content)
    return f"{codes(s.speakers)}{to} {s.quote}{form}: {content}"


def statements(text: str) -> list[str]:
    return sorted(statement(s, text).replace("\n\n", " ¶ ") for s in by_patterns(text).statements)


@pytest.mark.parametrize(("text", "expected"), cases(POSITIONS))
def test_positions(text: str, expected: list[str]) -> None:
    maybe = {e[1:] for e in expected if e.startswith("?")}
    asked = [re.sub("«(?:the|an?|any) ", "«", e) for e in expected if not e.startswith("?")]
    assert [p for p in positions(text) if p not in maybe] == sorted(asked)


@pytest.mark.parametrize(("text", "expected"), cases(STATEMENTS))
def test_statements(text: str, expected: list[str]) -> None:
    assert statements(text) == sorted(expected)


def test_no_text_stands_twice_and_there_are_enough() -> None:
    for found in (POSITIONS, STATEMENTS):
        texts = [text.lower() for _, text, _, _ in found]
        assert len(set(texts)) == len(texts)
    assert len(POSITIONS) + len(STATEMENTS) >= MINIMUM


def test_expectations_are_well_formed() -> None:
    """Expected codes, issues and forms are ones that the program has, and contents are words of the text."""
    party = "[A-Z0-9]+(?: [A-Z0-9]+)*"
    stance = re.compile(
        rf"{party} (?:support|oppose|neutral) (?P<toward>{party}|-) (?P<issue>[a-z0-9-]+)"
        rf"(?: (?:planned|hypothetical|denied|historical))?(?: implicit)?(?: @{party})?(?P<phrase> «[^«»]+»)?"
    )
    issues = {"-", *patterns().knowledge.issues.issues}
    for where, text, expected, _ in POSITIONS:
        for e in expected:
            match = stance.fullmatch(e.removeprefix("?"))
            assert match and match["issue"] in issues, (where, e)
            assert bool(match["phrase"]) == (match["toward"] == match["issue"] == "-"), (where, e)
            assert not match["phrase"] or match["phrase"].strip(" «»") in text, (where, e)
    speech = re.compile(rf"{party}(?:>{party})? (?:direct|indirect|mixed)(?:/(?P<form>[a-z-]+))?: (?P<content>.+)")
    forms = {"", *patterns().parser.words.speech_forms.values()}
    for where, text, expected, _ in STATEMENTS:
        for e in expected:
            match = speech.fullmatch(e)
            assert match and (match["form"] or "") in forms, (where, e)
            for piece in match["content"].split(" ~ "):
                assert piece.replace(" ¶ ", "\n\n") in text, (where, piece)


def issue_of(expected: str) -> str:
    """Return the issue in the short form of a position."""
    match = re.search(r" (?:support|oppose|neutral) (?:-|[A-Z0-9 ]+?) ([a-z0-9-]+)", expected)
    return match[1] if match else "-"


def test_at_least_forty_issues_are_asked_for() -> None:
    assert len({issue_of(e) for _, _, expected, _ in POSITIONS for e in expected} - {"-"}) >= 40
