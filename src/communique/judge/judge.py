"""Asking the network: one question at a time, so that an answer depends on nothing but its question.

Batches would need padding, and the order in which a matrix product is summed up changes with its size: the same
question would get slightly different answers in different company. One thread, one question, and four digits of the
result are the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from communique.errors import JudgeError
from communique.judge.answers import RelationAnswer, StanceAnswer
from communique.judge.card import REMEDY, Card, read_card
from communique.judge.encoding import Question, encode, question
from communique.records import Span

DATA = Path(__file__).parent / "data"
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Network:
    card: Card
    tokenizer: Any
    session: Any


class Judge:
    """The learned judge in `folder`; the weights are read at the first question."""

    def __init__(self, folder: Path = DATA) -> None:
        self.folder = folder

    @property
    def version(self) -> str:
        """The version of the weights."""
        return self._network.card.version

    def relation(self, text: str, source: Sequence[Span], target: Sequence[Span]) -> RelationAnswer:
        """Return what `source` does to `target`, both given as `[start, end)` code-point spans of `text`.

        Raises JudgeError for spans that do not lie in the text, and where the weights are missing or broken.
        """
        return self._relation(question(text, source, target))

    def stance(self, text: str, a: Sequence[Span], b: Sequence[Span]) -> StanceAnswer:
        """Return how the parties `a` and `b` stand to each other. Spans and errors are those of `relation`."""
        return self._stance(question(text, a, b))

    def relations(self, questions: Sequence[Question]) -> list[RelationAnswer]:
        """Return the answer to each question; an answer does not depend on the others."""
        return [self._relation(asked) for asked in questions]

    def stances(self, questions: Sequence[Question]) -> list[StanceAnswer]:
        """Return the answer to each question, its source being a and its target b."""
        return [self._stance(asked) for asked in questions]

    def _relation(self, asked: Question) -> RelationAnswer:
        card = self._network.card
        relation, related, status, _ = self._logits(asked)
        none = 1.0 / (1.0 + math.exp(related[0] / card.temperature.related))
        return RelationAnswer(
            _distribution(card.labels.relation, relation, card.temperature.relation), round(none, _DIGITS),
            _distribution(card.labels.status, status, card.temperature.status),
        )  # fmt: skip

    def _stance(self, asked: Question) -> StanceAnswer:
        card = self._network.card
        return StanceAnswer(_distribution(card.labels.stance, self._logits(asked)[3], card.temperature.stance))

    def _logits(self, asked: Question) -> list[list[float]]:
        network = self._network
        tokens = network.tokenizer.encode(asked.text, add_special_tokens=False)
        numbers = encode(asked, tokens, network.card.token_marks())
        outputs = network.session.run(None, {"ids": [numbers]})
        return [output[0].tolist() for output in outputs]

    @cached_property
    def _network(self) -> _Network:
        # Imported here: both cost a noticeable part of a second, and not every run asks.
        import onnxruntime
        from tokenizers import Tokenizer

        card = read_card(self.folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            session = onnxruntime.InferenceSession(
                str(self.folder / "judge.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise JudgeError(f"The judge in {self.folder} cannot be opened: {error}. {REMEDY}") from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return _Network(card, tokenizer, session)


def _distribution(labels: Sequence[str], logits: Sequence[float], temperature: float) -> MappingProxyType[str, float]:
    top = max(logits)
    weights = [math.exp((logit - top) / temperature) for logit in logits]
    total = sum(weights)
    return MappingProxyType({
        label: round(weight / total, _DIGITS) for label, weight in zip(labels, weights, strict=True)
    })  # fmt: skip
