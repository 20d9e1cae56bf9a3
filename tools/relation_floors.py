"""Accuracy between two given parties and of whole records, for tools/check_floors.py.

The judge that ships has learned from all sentences of relation.jsonl, so its figures there would say nothing. What is
measured is the program of today with the judge's answers of held-out folds: evaluation/relation/out_of_fold.jsonl, by
id, written by `training/crossvalidate.py`. The end-to-end list is measured by patterns alone, for the same reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from communique import Coder
from communique.evaluation.endtoend import found, read_list
from communique.evaluation.labels import Pair, score
from communique.evaluation.relation import (
    LABELS,
    QUADS,
    STANCES,
    parse_relation,
    parse_stance,
    quads,
    relations,
    stances,
    with_answers,
)  # fmt: skip
from communique.judge import RelationAnswer
from communique.records import Failure

RELATION = Path(__file__).parent.parent / "evaluation/relation"


def relation_measures(coder: Coder, gold: Path) -> dict[str, int]:
    """Return the F1 scores over labels and quads, by patterns alone and with held-out answers, and end to end."""
    lines = _lines(gold)
    rows = [parse_relation(row, n) for n, row in enumerate(lines)]
    patterns = without_judge(coder)
    answers = {
        row["id"]: RelationAnswer(row["probs"], row["none"], {}) for row in _lines(RELATION / "out_of_fold.jsonl")
    }
    alone = [(row.label, v.label) for row, v in zip(rows, relations(patterns, rows), strict=True)]
    both = [(row.label, v.label) for row, v in zip(rows, with_answers(patterns, rows, answers), strict=True)]
    return {
        "relation_patterns_macro_f1_permille": _macro_f1(alone, LABELS),
        "relation_patterns_quads_permille": _macro_f1(quads(alone), list(QUADS)),
        "relation_held_out_macro_f1_permille": _macro_f1(both, LABELS),
        "relation_held_out_quads_permille": _macro_f1(quads(both), list(QUADS)),
        "endtoend_permille": _endtoend(patterns, {str(row["id"]): row["text"] for row in lines}),
    }


def stance_measures(coder: Coder, gold: Path) -> dict[str, int]:
    """Return macro-F1 and micro-F1 of stances; the judge has not seen this file in training."""
    rows = [parse_stance(row, n) for n, row in enumerate(_lines(gold))]
    scores = score([(row.label, v.label) for row, v in zip(rows, stances(coder, rows), strict=True)], STANCES)
    return {
        "stance_macro_f1_permille": round(1000 * scores.macro_f1),
        "stance_micro_f1_permille": round(1000 * scores.micro_f1),
    }


def without_judge(coder: Coder) -> Coder:
    """Return a coder by patterns alone with the same knowledge and parser."""
    return Coder(coder.knowledge, coder.parser, coder.settings.model_copy(update={"judge": False}))


def _endtoend(coder: Coder, texts: dict[str, str]) -> int:
    wanted = read_list(RELATION / "endtoend.csv")
    codings = coder.stream([{"text": texts[line.id], "id": line.id} for line in wanted])
    events = {line.id: c.events for line, c in zip(wanted, codings, strict=True) if not isinstance(c, Failure)}
    return round(1000 * len(found(wanted, events)) / len(wanted))


def _macro_f1(pairs: Sequence[Pair], labels: Sequence[str]) -> int:
    return round(1000 * score(pairs, labels).macro_f1)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
