"""Five-fold cross-validation of the relation task: every sentence is judged by a network that has not seen it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from training.data import Coder, Example, swapped
from training.folds import FOLDS, assign
from training.labels import MUTUAL, RELATIONS
from training.model import JudgeModel
from training.train import answers

log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Logits of the sentences while held out; `turned` are the related-logits of those asked from the other side."""

    examples: list[Example]
    folds: list[int]
    relation: Tensor
    related: Tensor
    turned: Tensor


def cross_validate(
    train: Callable[[list[Example], int], JudgeModel], relations: Sequence[Example], coder: Coder,
    only: Sequence[int] = tuple(range(FOLDS)),
) -> HeldOut:  # fmt: skip
    """Return the held-out logits of all sentences; `train(sentences, fold)` gives the network of a fold."""
    fold_of = assign([(e.text, e.relation or "") for e in relations])
    examples: list[Example] = []
    folds: list[int] = []
    relation, related, turned = [], [], []
    for fold in only:
        model = train([e for e in relations if fold_of[e.text] != fold], fold)
        held_out = [e for e in relations if fold_of[e.text] == fold]
        outputs = answers(model, coder(held_out))
        examples += held_out
        folds += [fold] * len(held_out)
        relation += [output[0] for output in outputs]
        related += [output[1] for output in outputs]
        others = [swapped(e) for e in held_out if e.relation not in MUTUAL]
        turned += [output[1] for output in answers(model, coder(others))]
        log.info("up to fold %d: macro-F1 %.4f", fold, macro_f1(examples, torch.stack(relation)))
    return HeldOut(examples, folds, torch.stack(relation), torch.stack(related)[:, 0], torch.stack(turned)[:, 0])


def macro_f1(examples: Sequence[Example], logits: Tensor) -> float:
    """Return the mean over the labels that occur of the F1 of the most likely label."""
    gold = [e.relation for e in examples]
    found = [RELATIONS[i] for i in logits.argmax(-1).tolist()]
    scores = []
    for label in sorted({g for g in gold if g is not None}):
        hits = sum(g == f == label for g, f in zip(gold, found, strict=True))
        scores.append(2 * hits / max(1, gold.count(label) + found.count(label)))
    return sum(scores) / len(scores)


def temperature(logits: Tensor, wanted: Tensor) -> float:
    """Return the number by which to divide logits so that held-out answers are most likely: the best of a fine grid."""
    grid = [0.3 + 0.02 * i for i in range(136)]
    losses = [float(torch.nn.functional.cross_entropy(logits / t, wanted)) for t in grid]
    return round(grid[losses.index(min(losses))], 2)


def write(held_out: HeldOut, path: Path, relation: float, related: float) -> None:
    """Write a line a sentence: its fold, the calibrated probabilities of the labels, and that of no relation."""
    probabilities = (held_out.relation / relation).softmax(-1)
    none = torch.sigmoid(-held_out.related / related)
    with path.open("w", encoding="utf-8") as out:
        for i, example in sorted(enumerate(held_out.examples), key=lambda pair: int(pair[1].id)):
            row = {
                "id": example.id, "fold": held_out.folds[i],
                "probs": {label: round(float(p), 4) for label, p in zip(RELATIONS, probabilities[i], strict=True)},
                "none": round(float(none[i]), 4),
            }  # fmt: skip
            out.write(json.dumps(row) + "\n")
