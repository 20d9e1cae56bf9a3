"""Fit the weights of coding/confidence.py, and say how well they foretell on sentences that were left out.

usage: python tools/calibrate.py SHARED

Examples: events of sentences drawn from SHARED/data/news.jsonl that were judged by hand (evaluation/events/judged.csv),
and events of SHARED/data/relation.jsonl whose words name the two given parties: right where the type is the gold one.
The hand-judged ones, which are what a report gives, count as much in all as the others. Folds are by sentence, seeded.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import communique
from communique.coding.confidence import NAMES, Features, features
from communique.coding.drafts import EventDraft
from communique.coding.pairs import Reading, Tie
from communique.pipeline import Coder, as_item
from communique.settings import Settings
from drawing import reports

JUDGED = Path(__file__).parent.parent / "evaluation/events/judged.csv"
FOLDS, STEPS, RATE, RIDGE = 5, 4000, 0.5, 0.01


@dataclass(frozen=True)
class Example:
    """The features of one event, whether it is right, and the sentence that it is of."""

    values: Features
    right: bool
    sentence: str
    judged: bool


def from_news(coder: Coder, news: Path) -> Iterator[Example]:
    verdicts: dict[int, dict[tuple[int, str], bool]] = {}
    with JUDGED.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            verdicts.setdefault(int(row["seed"]), {})[int(row["number"]), row["type"]] = row["right"] == "1"
    drawn: list[tuple[str, list[EventDraft]]] = []
    for n, (_, document, sentences) in enumerate(reports(coder, news)):
        drafts = list(coder.drafts(document))
        drawn += [(f"{n} {s.start}", [d for d in drafts if d.context.sentence.span == s.span]) for s in sentences]
    for seed, rows in verdicts.items():
        sample = random.Random(seed).sample(drawn, SIZES[seed])
        for number, (sentence, drafts) in enumerate(sample, 1):
            for d in drafts:
                if (number, d.type) in rows:
                    yield Example(features(d), rows[number, d.type], sentence, True)


SIZES = {2028: 100, 2029: 200, 2030: 100}


def from_relations(coder: Coder, gold: Path) -> Iterator[Example]:
    scheme = coder.scheme("plv")
    for n, line in enumerate(gold.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        for d in coder.drafts(coder.read(as_item({"text": row["text"]}, n))):
            if _names(d.actors.actors, row["source"]) and _names(
                (*d.recipients.actors, *d.actors.actors), row["target"]
            ):
                label = scheme.label(Reading(d, Tie.linked, False, 0, 0).deed)
                yield Example(features(d), label == row["label"], f"r{n}", False)


def _names(actors: object, spans: list[list[int]]) -> bool:
    return any(a.span[0] < end and start < a.span[1] for a in actors for start, end in spans)  # type: ignore[attr-defined]


def fit(examples: list[Example]) -> np.ndarray:
    """Return the weights of a logistic regression with a small ridge, by gradient descent from zero."""
    x = np.array([e.values for e in examples])
    y = np.array([float(e.right) for e in examples])
    judged = np.array([e.judged for e in examples])
    share = np.where(judged, 0.5 / max(judged.sum(), 1), 0.5 / max((~judged).sum(), 1))
    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        w -= RATE * (x.T @ (share * (p - y)) + RIDGE * w / 10)
    return w


def main() -> None:
    shared = Path(sys.argv[1])
    coder = communique.load(settings=Settings(judge=False))
    examples = [*from_news(coder, shared / "data/news.jsonl"), *from_relations(coder, shared / "data/relation.jsonl")]
    sentences = sorted({e.sentence for e in examples})
    random.Random(4).shuffle(sentences)
    fold = {s: i % FOLDS for i, s in enumerate(sentences)}
    told: list[tuple[float, Example]] = []
    for held in range(FOLDS):
        w = fit([e for e in examples if fold[e.sentence] != held])
        told += [(float(1 / (1 + np.exp(-np.dot(w, e.values)))), e) for e in examples if fold[e.sentence] == held]
    for name, judged in (("drawn from news, judged by hand", True), ("relation set", False)):
        print(f"\n{name}\n\n| told | events | mean told | right |\n| --- | --- | --- | --- |")
        for low, high in ((0, 0.3), (0.3, 0.45), (0.45, 0.6), (0.6, 0.75), (0.75, 0.9), (0.9, 1.01)):
            some = [(p, e) for p, e in told if low <= p < high and e.judged is judged]
            if some:
                print(f"| {low:.2f} to {min(high, 1):.2f} | {len(some)} | {np.mean([p for p, _ in some]):.2f} "
                      f"| {np.mean([e.right for _, e in some]):.2f} |")  # fmt: skip
    weights = fit(examples)
    print("\nWEIGHTS: Features = (" + ", ".join(f"{w:.2f}" for w in weights) + ")")
    for name, w in zip(NAMES, weights, strict=True):
        print(f"  {w:+.2f}  {name}")


if __name__ == "__main__":
    main()
