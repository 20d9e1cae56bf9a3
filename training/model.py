"""The judge as a network: the encoder, and for each task a layer over the states of the marks of both parties."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from communique.judge.encoding import Marks
from training.encoder import WIDTH, Encoder
from training.labels import RELATIONS, STANCES, STATUSES

SIZES = (len(RELATIONS), 1, len(STATUSES), len(STANCES))
# Tokens of the vocabulary that no text contains, and the signs whose meaning they start from.
MARK_TOKENS = {
    "source_open": ("[unused1]", "<"), "source_close": ("[unused2]", ">"),
    "target_open": ("[unused3]", "{"), "target_close": ("[unused4]", "}"),
}  # fmt: skip


class Head(nn.Module):
    def __init__(self, sizes: tuple[int, ...], dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(3 * WIDTH, WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.answers = nn.ModuleList(nn.Linear(WIDTH, size) for size in sizes)

    def forward(self, features: Tensor) -> list[Tensor]:
        hidden = self.dropout(nn.functional.gelu(self.dense(self.dropout(features))))
        return [answer(hidden) for answer in self.answers]


class JudgeModel(nn.Module):
    """Token numbers -> logits: relation (15), related or not (1), status (4), stance (5)."""

    def __init__(self, marks: Marks, dropout: float = 0.1) -> None:
        super().__init__()
        self.marks = marks
        self.encoder = Encoder(dropout)
        self.relation = Head(SIZES[:3], dropout)
        self.stance = Head(SIZES[3:], dropout)

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        states = self.encoder(ids, padding).float()
        source = _mean(states, ids == self.marks.source_open)
        target = _mean(states, ids == self.marks.target_open)
        features = torch.cat((states[:, 0], source, target), dim=-1)
        relation, related, status = self.relation(features)
        (stance,) = self.stance(features)
        return relation, related, status, stance


def _mean(states: Tensor, where: Tensor) -> Tensor:
    weights = where.to(states.dtype)
    return (states * weights[:, :, None]).sum(1) / weights.sum(1, keepdim=True).clamp(min=1.0)


def load_base(weights: Path, marks: Marks, signs: dict[str, int], dropout: float = 0.1) -> JudgeModel:
    """Return a judge with the encoder of the file `weights` and new heads; marks start as `signs` (name: number)."""
    model = JudgeModel(marks, dropout)
    tensors = load_file(weights)
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith("pooler.") and "_ids" not in name}
    model.encoder.load_state_dict(kept)
    words = model.encoder.embeddings.word_embeddings.weight.data
    for name, number in signs.items():
        words[getattr(marks, name)] = words[number]
    return model
