"""The encoder: BERT as Devlin et al. (2019) describe it, in the sizes of MiniLM-L6 (Wang et al. 2020).

Names of the parameters are those of the published weights, so that these load as they are. Written out here, because
the half of a page that is needed exports to a clean graph and trains in bfloat16 without detours.
"""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor, nn

LAYERS, WIDTH, HEADS, INNER, VOCABULARY, POSITIONS = 6, 384, 12, 1536, 30522, 512
EPSILON = 1e-12


class Dropout(nn.Module):
    """Dropout whose masks are cut from a long one at random places: to draw each anew costs a fifth of the training."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, states: Tensor) -> Tensor:
        if not self.training or not self.share:
            return states
        masks = _masks(self.share, states.dtype)
        start = int(torch.randint(len(masks) - states.numel(), ()))
        return states * masks[start : start + states.numel()].view(states.shape)


@cache
def _masks(share: float, kind: torch.dtype) -> Tensor:
    kept = torch.rand(1 << 23, generator=torch.Generator().manual_seed(0)) >= share
    return (kept / (1.0 - share)).to(kind)


class Embeddings(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(VOCABULARY, WIDTH)
        self.position_embeddings = nn.Embedding(POSITIONS, WIDTH)
        self.token_type_embeddings = nn.Embedding(2, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, EPSILON)
        self.dropout = Dropout(dropout)

    def forward(self, ids: Tensor) -> Tensor:
        places = self.position_embeddings.weight[: ids.shape[1]]
        summed = self.word_embeddings(ids) + places + self.token_type_embeddings.weight[0]
        return self.dropout(self.LayerNorm(summed))


class SelfAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = states.shape
        query, key, value = (
            part(states).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS)
        if mask is not None:
            scores = scores + mask
        weights = torch.softmax(scores.float(), dim=-1).to(value.dtype)
        return (weights @ value).transpose(1, 2).reshape(batch, length, WIDTH)


class Output(nn.Module):
    """A projection back to the stream, added and normalised."""

    def __init__(self, inner: int, dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(inner, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, EPSILON)
        self.dropout = Dropout(dropout)

    def forward(self, inner: Tensor, stream: Tensor) -> Tensor:
        return self.LayerNorm(self.dropout(self.dense(inner)) + stream)


class Attention(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.self = SelfAttention()
        self.output = Output(WIDTH, dropout)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        return self.output(self.self(states, mask), states)


class Intermediate(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(WIDTH, INNER)

    def forward(self, states: Tensor) -> Tensor:
        return nn.functional.gelu(self.dense(states))


class Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(dropout)
        self.intermediate = Intermediate()
        self.output = Output(INNER, dropout)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        states = self.attention(states, mask)
        return self.output(self.intermediate(states), states)


class Stack(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))


class Encoder(nn.Module):
    """Token numbers `[batch, length]` -> states `[batch, length, WIDTH]`; `padding` is true where there is no token."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.embeddings = Embeddings(dropout)
        self.encoder = Stack(dropout)

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        states = self.embeddings(ids)
        mask = None
        if padding is not None:
            mask = torch.zeros(padding.shape, dtype=states.dtype).masked_fill(padding, -1e4)[:, None, None, :]
        for layer in self.encoder.layer:
            states = layer(states, mask)
        return states
