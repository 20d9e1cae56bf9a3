"""Examples for training: gold sentences and what can be derived from them, and their encoded form."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokenizers import Tokenizer

from communique.judge.encoding import Marks, encode, question
from communique.records import Span
from training.labels import MUTUAL, SWAPPED
from training.model import MARK_TOKENS

_NAME = re.compile(r"\b(?:[A-Z][\w.’'-]*)(?: (?:of the |of |and |al-)?[A-Z][\w.’'-]*)*")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with two parties and what is known of them; None where a task says nothing."""

    id: str
    text: str
    source: tuple[Span, ...]
    target: tuple[Span, ...]
    relation: str | None = None
    related: bool | None = None
    status: str | None = None
    stance: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as the network reads it."""

    ids: list[int]
    example: Example


def read_relations(path: Path) -> list[Example]:
    """Return the sentences of a gold file of the relation task."""
    return [
        Example(str(row["id"]), row["text"], _spans(row["source"]), _spans(row["target"]), row["label"], True)
        for row in _rows(path)
    ]


def read_stances(path: Path) -> list[Example]:
    """Return the sentences of a gold file of the stance task."""
    return [
        Example(str(row["id"]), row["text"], (tuple(row["a"]),), (tuple(row["b"]),), stance=row["label"])
        for row in _rows(path)
    ]


def swapped(example: Example) -> Example:
    """Return the question from the other side: the stance turned, the relation gone unless it may be mutual."""
    turned = replace(example, source=example.target, target=example.source, relation=None, related=None, status=None)
    if example.stance is not None:
        turned = replace(turned, stance=SWAPPED[example.stance])
    if example.relation is not None and example.relation not in MUTUAL:
        turned = replace(turned, related=False)
    return turned


def strangers(example: Example, rng: random.Random) -> Example | None:
    """Return the source with another name of the sentence in the target's place, or None where there is no other.

    That a third name has no part in the deed is a guess; it holds mostly ("..., Reuters reported", places, dates).
    """
    taken = (*example.source, *example.target)
    names = [
        match.span() for match in _NAME.finditer(example.text)
        if match.start() > 0 and all(match.end() <= a or match.start() >= b for a, b in taken)
    ]  # fmt: skip
    if not names:
        return None
    other = (rng.choice(names),)
    if rng.random() < 0.7:
        return replace(example, target=other, relation=None, related=False, weight=0.5)
    return replace(example, source=other, relation=None, related=False, weight=0.5)


class Coder:
    """Encodes examples with the tokenizer of the weights."""

    def __init__(self, tokenizer_file: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        number = self.tokenizer.token_to_id
        self.marks = Marks(
            number("[CLS]"), number("[SEP]"), **{name: number(token) for name, (token, _) in MARK_TOKENS.items()}
        )
        self.signs = {name: number(sign) for name, (_, sign) in MARK_TOKENS.items()}

    def __call__(self, examples: Iterable[Example]) -> list[Encoded]:
        examples = list(examples)
        tokens = self.tokenizer.encode_batch([e.text for e in examples], add_special_tokens=False)
        return [
            Encoded(encode(question(e.text, e.source, e.target), encoding, self.marks), e)
            for e, encoding in zip(examples, tokens, strict=True)
        ]


def batches(items: Sequence[Encoded], size: int, rng: random.Random | None = None) -> Iterator[list[Encoded]]:
    """Yield batches of sentences of about equal length, shuffled if `rng` is given."""
    order = list(items)
    if rng is None:
        order.sort(key=lambda e: len(e.ids))
        yield from (order[i : i + size] for i in range(0, len(order), size))
        return
    rng.shuffle(order)
    pool = size * 40
    found = []
    for i in range(0, len(order), pool):
        part = sorted(order[i : i + pool], key=lambda e: len(e.ids))
        found += [part[j : j + size] for j in range(0, len(part), size)]
    rng.shuffle(found)
    yield from found


def _spans(spans: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in spans)


def _rows(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
