"""Scores of attributions: characters of content, and attributions found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.evaluation.attribution import Attribution, match, parse_attribution, score, to_prediction

GOLD = Attribution(source=((0, 6),), cue=((7, 11),), content=((12, 32),))


def said(source: tuple[int, int] | None, *content: tuple[int, int]) -> Attribution:
    return Attribution((source,) if source else (), (), content)


CASES = [
    ("the same", said((0, 6), (12, 32)), 1),
    ("a part of the source is enough", said((2, 3), (12, 32)), 1),
    ("half of the content is enough", said((0, 6), (12, 22)), 1),
    ("less than half is not", said((0, 6), (12, 21)), 0),
    ("twice the content still is", said((0, 6), (12, 52)), 1),
    ("more than twice is not", said((0, 6), (12, 53)), 0),
    ("in two pieces", said((0, 6), (12, 20), (22, 32)), 1),
    ("another source", said((40, 46), (12, 32)), 0),
    ("no source", said(None, (12, 32)), 0),
]


@pytest.mark.parametrize(("prediction", "found"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_counts_as_found(prediction: Attribution, found: int) -> None:
    assert score([((GOLD,), (prediction,))]).attributions.right == found


def test_two_empty_sources_meet() -> None:
    assert match([said(None, (0, 9))], [said(None, (0, 9))]) == {0: 0}


def test_a_gold_attribution_is_found_once_and_by_the_best() -> None:
    predictions = [said((0, 6), (12, 22)), said((0, 6), (12, 32))]
    assert match([GOLD], predictions) == {0: 1}
    scores = score([([GOLD], predictions)]).attributions
    assert (scores.precision, scores.recall) == (0.5, 1.0)
    assert scores.f1 == pytest.approx(2 / 3)


def test_characters_are_counted_once_over_all_texts() -> None:
    scores = score([([GOLD], [said((0, 6), (12, 22)), said((0, 6), (12, 22))]), ([], [said((0, 1), (0, 10))])])
    assert (scores.content.right, scores.content.predicted, scores.content.gold) == (10, 20, 20)
    assert scores.content.f1 == 0.5


def test_nothing_to_find_and_nothing_found_is_no_error() -> None:
    assert score([([], [])]).content.f1 == 0.0
    assert score([([GOLD], [])]).attributions.f1 == 0.0


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(51, 99)), max_size=3).map(tuple)


@given(st.builds(Attribution, SPANS, SPANS, SPANS))
def test_the_gold_form_reads_back(attribution: Attribution) -> None:
    assert parse_attribution(to_prediction(attribution)) == attribution


@given(st.lists(st.builds(Attribution, SPANS, SPANS, SPANS.filter(bool)), max_size=4))
def test_the_gold_scores_full_marks_against_itself(gold: list[Attribution]) -> None:
    scores = score([(gold, gold)])
    assert scores.attributions.right == len(gold)
    assert scores.content.right == scores.content.gold
