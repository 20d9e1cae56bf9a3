"""The behaviour suite: short sentences with the exact events that PLOVER's codebook demands of each.

`tests/behaviour/*.tsv` has one file for each type and for each phenomenon. A row is a sentence, its events in the
short form of test_events.py, parted by "; " ("none": there is no event), and, where the codebook decides, a note of
what it says. Rows that stand together are minimal pairs. The expectations were written from the codebook before the
program was run on them; a row is changed only where it was wrong by the codebook.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from coders import DAY, coder, patterns
from communique.knowledge.codebook import Codebook
from test_events import events, written

FOLDER = Path(__file__).parent / "behaviour"
MINIMUM = 400


def rows() -> list[tuple[str, str, list[str]]]:
    """Return (file and line, sentence, expected events) for every row of the suite."""
    found = []
    for path in sorted(FOLDER.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as f:
            lines = ((n, line) for n, line in enumerate(f, start=1) if not line.startswith("#"))
            next(lines)  # the names of the columns
            for n, line in lines:
                sentence, expected, *_ = next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))
                found.append((f"{path.name}:{n}", sentence, [] if expected == "none" else expected.split("; ")))
    return found


ROWS = rows()


@pytest.mark.parametrize(("sentence", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_sentence(sentence: str, expected: list[str]) -> None:
    assert events(sentence) == sorted(expected)


@pytest.mark.parametrize(("sentence", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_sentence_by_patterns_alone(sentence: str, expected: list[str]) -> None:
    assert sorted(map(written, patterns()(sentence, published=DAY).events)) == sorted(expected)


def test_every_type_and_every_mode_has_a_row() -> None:
    codebook: Codebook = coder().knowledge.codebook
    wanted = set(codebook.types) | {f"{t.id}/{mode}" for t in codebook.types.values() for mode in t.modes}
    covered = {e.split()[0] for _, _, expected in ROWS for e in expected}
    assert wanted - covered - {t.split("/")[0] for t in covered} == set()


def test_no_sentence_stands_twice_and_there_are_enough() -> None:
    sentences = [re.sub(r"\W+", " ", s).lower() for _, s, _ in ROWS]
    assert len(set(sentences)) == len(sentences) >= MINIMUM


def test_expectations_are_well_formed() -> None:
    codebook: Codebook = coder().knowledge.codebook
    status = "(?: (?:planned|hypothetical|denied|historical))?"
    shape = re.compile(
        rf"([A-Z]+)(?:/([a-z-]+))? [A-Z0-9]+(?: [A-Z0-9]+)*(?:>[A-Z0-9]+(?: [A-Z0-9]+)*)?{status}(?: @[A-Z]+)?"
    )
    for where, _, expected in ROWS:
        for event in expected:
            match = shape.fullmatch(event)
            assert match, (where, event)
            type_, mode = match.groups()
            assert not mode or mode in codebook.types[type_].modes, (where, event)
