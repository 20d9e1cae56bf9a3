"""Calibration and the figures of the model card, all of them on sentences that the network has not learned from."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.crossvalidate import HeldOut, temperature
from training.data import Coder, Example
from training.labels import RELATIONS, STANCES, STATUSES
from training.model import JudgeModel
from training.synthetic import Generator
from training.train import answers

_EVERY = 20
_QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT"), 1), **dict.fromkeys(("COOPERATE", "AID", "YIELD"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}  # fmt: skip


def held_back(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return (those to learn from, those to calibrate on): one text in twenty, by its hash, is not learned from."""
    kept = [e for e in examples if int(hashlib.sha256(e.text.encode()).hexdigest(), 16) % _EVERY == 0]
    texts = {e.text for e in kept}
    return [e for e in examples if e.text not in texts], kept


def calibrate(
    held_out: HeldOut, model: JudgeModel, coder: Coder, stances: Sequence[Example], generator: Generator
) -> dict[str, float]:
    """Return the temperature of each task.

    Relation: on the sentences of the cross-validation. Related: on those and on them asked from the other side, each
    half counting the same. Stance: on sentences that were held back. Status: on new made-up sentences.
    """
    wanted = torch.tensor([RELATIONS.index(e.relation or "") for e in held_out.examples])
    found = {"relation": temperature(held_out.relation, wanted)}
    both = torch.cat((held_out.related[: len(held_out.turned)], held_out.turned))
    sides = torch.tensor([1] * (len(both) - len(held_out.turned)) + [0] * len(held_out.turned))
    found["related"] = temperature(torch.stack((torch.zeros_like(both), both), dim=-1), sides)
    outputs = answers(model, coder(stances))
    wanted = torch.tensor([STANCES.index(e.stance or "") for e in stances])
    found["stance"] = temperature(torch.stack([o[3] for o in outputs]), wanted)
    made_up = [e for e in generator.examples(2000, random.Random(99)) if e.status is not None]
    outputs = answers(model, coder(made_up))
    wanted = torch.tensor([STATUSES.index(e.status or "") for e in made_up])
    found["status"] = temperature(torch.stack([o[2] for o in outputs]), wanted)
    return found


def figures(
    held_out: HeldOut, model: JudgeModel, coder: Coder, tests: Sequence[Example], seen: set[str],
    temperatures: dict[str, float],
) -> dict[str, Any]:  # fmt: skip
    """Return the figures of the model card; `seen` are the texts of the stance sentences that were learned from."""
    gold = [e.relation or "" for e in held_out.examples]
    probabilities = (held_out.relation / temperatures["relation"]).softmax(-1)
    guessed = [RELATIONS[i] for i in held_out.relation.argmax(-1).tolist()]
    stance = torch.stack([output[3] for output in answers(model, coder(tests))])
    labels = [e.stance or "" for e in tests]
    found = [STANCES[i] for i in stance.argmax(-1).tolist()]
    new = [i for i, e in enumerate(tests) if e.text not in seen]
    return {
        "relation": f1s(gold, guessed),
        "quads": f1s([str(_QUADS[g]) for g in gold], [str(_QUADS[g]) for g in guessed]),
        "relation reliability": reliability(probabilities, [g == f for g, f in zip(gold, guessed, strict=True)]),
        "called related": {
            "gold": _share(held_out.related > 0), "gold from the other side": _share(held_out.turned > 0),
        },
        "stance": f1s(labels, found),
        "stance, texts not seen": f1s([labels[i] for i in new], [found[i] for i in new]),
        "stance reliability": reliability(
            (stance / temperatures["stance"]).softmax(-1), [g == f for g, f in zip(labels, found, strict=True)]
        ),
        "own sentences": judged(model, coder, own_sentences(Path(__file__).parent / "check.tsv")),
        "temperature": temperatures,
    }  # fmt: skip


def own_sentences(path: Path) -> list[Example]:
    """Return the sentences of `check.tsv`: a status and whether the two parties have to do with each other."""
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        label, marked = line.split("\t")
        text, spans = "", {}
        for part in re.split(r"([\[\]{}])", marked):
            if part in ("[", "{"):
                spans[part] = len(text)
            elif part in ("]", "}"):
                opening = "[" if part == "]" else "{"
                spans[part] = spans.pop(opening), len(text)  # type: ignore[assignment]
            else:
                text += part
        related = label != "none"
        examples.append(Example("", text, (spans["]"],), (spans["}"],), related=related,  # type: ignore[arg-type]
                                status=label if related else None))  # fmt: skip
    return examples


def judged(model: JudgeModel, coder: Coder, examples: Sequence[Example]) -> dict[str, Any]:
    """Return how the judge does on sentences of our own: status of those related, and who is called related."""
    outputs = answers(model, coder(examples))
    related = [i for i, e in enumerate(examples) if e.related]
    status = [STATUSES[int(outputs[i][2].argmax())] for i in related]
    return {
        "status": f1s([examples[i].status or "" for i in related], status),
        "called related": {
            "related": _share(torch.stack([outputs[i][1] > 0 for i in related])),
            "unrelated": _share(
                torch.stack([o[1] > 0 for o, e in zip(outputs, examples, strict=True) if not e.related])
            ),
        },
    }


def f1s(gold: Sequence[str], found: Sequence[str]) -> dict[str, Any]:
    """Return macro-F1, the share of right answers (micro-F1), and the F1 of each label."""
    each = {}
    for label in sorted(set(gold)):
        hits = sum(g == f == label for g, f in zip(gold, found, strict=True))
        each[label] = round(2 * hits / (list(gold).count(label) + list(found).count(label)), 4)
    right = sum(g == f for g, f in zip(gold, found, strict=True)) / len(gold)
    return {"macro": round(sum(each.values()) / len(each), 4), "micro": round(right, 4), "sentences": len(gold), **each}


def reliability(probabilities: Tensor, right: Sequence[bool]) -> list[dict[str, float]]:
    """Return, for each band of the highest probability, how many answers lie in it and what share of them is right."""
    tops = probabilities.max(-1).values.tolist()
    rows = []
    for low in (0.0, 0.5, 0.7, 0.8, 0.9, 0.95):
        high = {0.0: 0.5, 0.5: 0.7, 0.7: 0.8, 0.8: 0.9, 0.9: 0.95, 0.95: 1.01}[low]
        band = [i for i, top in enumerate(tops) if low <= top < high]
        if band:
            mean = sum(tops[i] for i in band) / len(band)
            share = sum(right[i] for i in band) / len(band)
            rows.append({"from": low, "answers": len(band), "probability": round(mean, 3), "right": round(share, 3)})
    return rows


def write_stances(model: JudgeModel, coder: Coder, tests: Sequence[Example], temper: float, path: Path) -> None:
    """Write a line a sentence of the stance task: its id and the calibrated probabilities."""
    with path.open("w", encoding="utf-8") as out:
        for example, output in zip(tests, answers(model, coder(tests)), strict=True):
            probabilities = (output[3] / temper).softmax(-1).tolist()
            row = {"id": example.id, "probs": {n: round(p, 4) for n, p in zip(STANCES, probabilities, strict=True)}}
            out.write(json.dumps(row) + "\n")


def _share(flags: Tensor) -> float:
    return round(float(flags.float().mean()), 4)
