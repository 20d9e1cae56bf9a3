"""Scores of labels: macro-F1, micro-F1 and the confusion matrix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.evaluation.labels import Pair, confusion, score
from communique.evaluation.relation import LABELS, QUADS, quads

PAIRS: list[Pair] = [("a", "a"), ("a", "b"), ("b", "b"), ("b", None), ("c", "a")]


def test_macro_f1_is_the_mean_over_all_labels() -> None:
    scores = score(PAIRS, "abcd")
    assert {label: round(f1, 3) for label, (_, _, f1, _) in scores.by_label.items()} == {
        "a": 0.5, "b": 0.5, "c": 0.0, "d": 0.0,
    }  # fmt: skip
    assert scores.macro_f1 == pytest.approx(0.25)


def test_no_answer_counts_as_wrong_but_not_as_given() -> None:
    scores = score(PAIRS, "abc")
    assert (scores.right, scores.total) == (2, 5)
    assert scores.micro_f1 == pytest.approx(2 * 2 / (5 + 4))
    assert scores.by_label["b"][:2] == (0.5, 0.5)


def test_nothing_to_score_is_zero() -> None:
    assert score([], "ab").macro_f1 == score([], "ab").micro_f1 == 0.0


def test_the_matrix_has_a_row_for_each_wanted_label() -> None:
    assert confusion(PAIRS, "abc") == [("a", [1, 1, 0, 0]), ("b", [0, 1, 0, 1]), ("c", [1, 0, 0, 0])]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["a", "b", "c", None]))))
def test_the_matrix_holds_every_row_once(pairs: list[Pair]) -> None:
    assert sum(sum(counts) for _, counts in confusion(pairs, "abc")) == len(pairs)
    assert 0.0 <= score(pairs, "abc").macro_f1 <= 1.0


def test_every_label_has_one_quad() -> None:
    assert sorted(LABELS) == sorted(label for labels in QUADS.values() for label in labels)
    assert quads([("AID", "YIELD"), ("AID", None)]) == [
        ("material cooperation", "material cooperation"), ("material cooperation", None),
    ]  # fmt: skip
