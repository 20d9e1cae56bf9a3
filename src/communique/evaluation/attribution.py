"""Scores for attributions against a gold file in the form of PolNeAR (Newell, Margolin and Ruths 2018).

Two measures: the characters inside any content (precision, recall, F1), and attributions found (F1), where one is
found when its content overlaps a gold content by at least half of the longer of the two and its source overlaps that
gold's source (two empty sources count as overlapping). Each gold attribution is found once, by one prediction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from communique.coding.statements import StatementDraft
from communique.records import Spans


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution as in the gold file: who (`source`), the words that say so (`cue`), what (`content`)."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True, slots=True)
class Score:
    """Counts and what follows from them; a ratio without anything to divide by is 0."""

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.predicted + self.gold
        return 2 * self.right / total if total else 0.0


@dataclass(frozen=True, slots=True)
class AttributionScores:
    """Scores over all texts: `content` counts characters, `attributions` attributions."""

    content: Score
    attributions: Score


def parse_attribution(values: Mapping[str, Any]) -> Attribution:
    """Read one attribution of the gold form: lists of `[start, end]` under `source`, `cue` and `content`."""
    source, cue, content = (tuple((int(a), int(b)) for a, b in values.get(k, ())) for k in ("source", "cue", "content"))
    return Attribution(source, cue, content)


def to_prediction(attribution: Attribution) -> dict[str, list[list[int]]]:
    """Return the gold form of an attribution."""
    parts = {"source": attribution.source, "cue": attribution.cue, "content": attribution.content}
    return {name: [list(span) for span in spans] for name, spans in parts.items()}


def attributions_of(drafts: Iterable[StatementDraft]) -> list[Attribution]:
    """Return the outermost attributions among statements: the gold file marks none inside another."""
    kept: list[tuple[Attribution, frozenset[int]]] = []
    candidates = [(Attribution(d.speaker_spans, d.cue, d.content), _characters(d.content)) for d in drafts]
    for attribution, characters in sorted(candidates, key=lambda c: -len(c[1])):
        if not any(len(characters & other) * 2 > len(characters) for _, other in kept):
            kept.append((attribution, characters))
    return sorted((a for a, _ in kept), key=lambda a: a.content)


def score(pairs: Iterable[tuple[Sequence[Attribution], Sequence[Attribution]]]) -> AttributionScores:
    """Score pairs (gold, predicted), one a text."""
    content = [0, 0, 0]
    found = [0, 0, 0]
    for gold, predicted in pairs:
        wanted = _characters(span for a in gold for span in a.content)
        given = _characters(span for a in predicted for span in a.content)
        for n, value in enumerate((len(wanted & given), len(given), len(wanted))):
            content[n] += value
        for n, value in enumerate((len(match(gold, predicted)), len(predicted), len(gold))):
            found[n] += value
    return AttributionScores(Score(*content), Score(*found))


def match(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> dict[int, int]:
    """Return, for each gold attribution that is found, the prediction that finds it; best overlap first."""
    golds = [_characters(a.content) for a in gold]
    options = []
    for p, prediction in enumerate(predicted):
        characters = _characters(prediction.content)
        for g, wanted in enumerate(golds):
            share = len(characters & wanted) / max(len(characters), len(wanted), 1)
            if share >= 0.5 and _sources_meet(gold[g], prediction):
                options.append((-share, g, p))
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, g, p in sorted(options):
        if g not in pairs and p not in used:
            pairs[g] = p
            used.add(p)
    return pairs


def missed(text: str, gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> list[str]:
    """Return what the gold attributions that no prediction finds say, in the words of `text`."""
    found = match(gold, predicted)
    return [" ".join(text[s:e] for s, e in a.content) for g, a in enumerate(gold) if g not in found]


def _sources_meet(a: Attribution, b: Attribution) -> bool:
    if not a.source and not b.source:
        return True
    return any(s < f and e < t for s, t in a.source for e, f in b.source)


def _characters(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end))
