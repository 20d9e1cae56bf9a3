"""Scores of labels: macro-F1, micro-F1, the confusion matrix, for relations and stances alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str | None]
"""The wanted label and the given one; None for no answer, which counts as wrong."""


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Scores over all rows; `by_label` holds precision, recall, F1 and the number of gold rows of each label."""

    macro_f1: float
    micro_f1: float
    right: int
    total: int
    by_label: Mapping[str, tuple[float, float, float, int]]


def score(pairs: Sequence[Pair], labels: Sequence[str]) -> LabelScores:
    """Score `pairs` over `labels`: macro-F1 is the mean over all of them, those that no row has included.

    Micro-F1 counts all rows together; with one answer a row it is the share of right ones.
    """
    wanted = Counter(gold for gold, _ in pairs)
    given = Counter(label for _, label in pairs if label is not None)
    hits = Counter(gold for gold, label in pairs if gold == label)
    by_label = {}
    for label in labels:
        both = wanted[label] + given[label]
        by_label[label] = (
            hits[label] / given[label] if given[label] else 0.0,
            hits[label] / wanted[label] if wanted[label] else 0.0,
            2 * hits[label] / both if both else 0.0,
            wanted[label],
        )
    right = sum(hits.values())
    answered = sum(given.values())
    total = len(pairs)
    return LabelScores(
        macro_f1=sum(f1 for _, _, f1, _ in by_label.values()) / len(labels) if labels else 0.0,
        micro_f1=2 * right / (total + answered) if total + answered else 0.0,
        right=right, total=total, by_label=by_label,
    )  # fmt: skip


def confusion(pairs: Sequence[Pair], labels: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Return, for each wanted label, how often each label was given; the last column counts rows without an answer."""
    counts = Counter(pairs)
    return [(gold, [*(counts[gold, label] for label in labels), counts[gold, None]]) for gold in labels]
