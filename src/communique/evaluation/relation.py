"""Relations and stances between two given parties, against gold files in the form of PLV and of DSE.

PLV: Hu et al. 2024; a sentence, the spans of source and target, one of 15 labels. DSE: Park et al. 2021; a sentence,
the spans of two parties, who favours or is against whom. Where these draw their lines elsewhere than PLOVER stands in
`knowledge/data/schemes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from communique.coding.verdict import Verdict, combined
from communique.evaluation.labels import Pair
from communique.judge import RelationAnswer
from communique.records import Span

if TYPE_CHECKING:
    from communique.pipeline import Coder

QUADS = {
    "verbal cooperation": ("AGREE", "CONSULT", "SUPPORT"),
    "material cooperation": ("COOPERATE", "AID", "YIELD"),
    "verbal conflict": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "material conflict": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
"""The four quads of the relation set, SANCTION among material conflict."""
LABELS = tuple(label for labels in QUADS.values() for label in labels)
STANCES = ("neutral", "a+b", "b+a", "a-b", "b-a")


@dataclass(frozen=True, slots=True)
class GoldPair:
    """One row: a text, its two parties, and the label that is wanted."""

    id: str
    text: str
    first: tuple[Span, ...]
    second: tuple[Span, ...]
    label: str


def parse_relation(values: Mapping[str, Any], number: int) -> GoldPair:
    """Read a row of a relation file; raises KeyError, TypeError or ValueError for one that is not in its form."""
    spans = [tuple((int(a), int(b)) for a, b in values[name]) for name in ("source", "target")]
    return _checked(
        GoldPair(str(values.get("id", number)), values["text"], spans[0], spans[1], values["label"]), LABELS
    )


def parse_stance(values: Mapping[str, Any], number: int) -> GoldPair:
    """Read a row of a stance file; raises KeyError, TypeError or ValueError for one that is not in its form."""
    (a, b), (c, d) = values["a"], values["b"]
    row = GoldPair(
        str(values.get("id", number)), values["text"], ((int(a), int(b)),), ((int(c), int(d)),), values["label"]
    )
    return _checked(row, STANCES)


def _checked(row: GoldPair, labels: Sequence[str]) -> GoldPair:
    if row.label not in labels:
        raise ValueError(f"no label {row.label!r}; known: {', '.join(labels)}")
    for start, end in (*row.first, *row.second):
        if not 0 <= start < end <= len(row.text):
            raise ValueError(f"the span [{start}, {end}) does not lie in the text")
    if not row.first or not row.second:
        raise ValueError("a party has no span")
    return row


def relations(coder: Coder, rows: Sequence[GoldPair]) -> list[Verdict]:
    """Return what the coder says of each row of a relation file, in the labels of the set."""
    return coder.relations([(r.text, r.first, r.second) for r in rows], scheme="plv")


def with_answers(coder: Coder, rows: Sequence[GoldPair], answers: Mapping[str, RelationAnswer]) -> list[Verdict]:
    """Return the verdicts of the patterns together with answers of a judge that were written down, by id of the row.

    So the two are measured together with answers of models that had not seen the sentence in training.
    """
    scheme = coder.scheme("plv")
    found = coder.readings([(r.text, r.first, r.second) for r in rows])
    return [
        combined(readings, scheme, partial(answers.__getitem__, row.id), "held-out folds")
        for row, (readings, _) in zip(rows, found, strict=True)
    ]


def stances(coder: Coder, rows: Sequence[GoldPair]) -> list[Verdict]:
    """Return what the coder says of each row of a stance file."""
    return coder.stances([(r.text, r.first, r.second) for r in rows])


def quads(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs with each label replaced by its quad."""
    of = {label: quad for quad, labels in QUADS.items() for label in labels}
    return [(of[gold], of.get(label) if label else None) for gold, label in pairs]
