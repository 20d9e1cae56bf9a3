"""Fitting the network to examples, and asking it."""

from __future__ import annotations

import logging
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from training.data import Encoded, batches
from training.encoder import LAYERS
from training.labels import RELATIONS, STANCES, STATUSES
from training.model import JudgeModel

log = logging.getLogger("training")
_STEP = 16  # lengths are rounded up to this: a new shape costs the matrix library a compilation


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fit. Rates are those of the top; each layer below learns at `decay` times the rate of the one above."""

    epochs: int
    rate: float
    decay: float = 0.9
    head_rate: float = 5e-4
    batch: int = 32
    warmup: float = 0.08
    smoothing: float = 0.1
    balance: float = 0.5  # weight of a type: its count to the power of minus this
    stance_balance: float = 0.3  # the same for stances
    consistency: float = 0.0  # weight of R-drop (Liang et al. 2021): two passes with other dropouts shall agree
    relation: float = 1.0
    related: float = 0.3
    status: float = 0.3
    stance: float = 1.0


def label_weights(labels: Sequence[str], names: Sequence[str], power: float) -> Tensor:
    """Return a weight for each name, on average 1 over the examples."""
    counts = Counter(labels)
    raw = torch.tensor([max(counts[name], 1) ** -power for name in names])
    present = torch.tensor([float(counts[name]) for name in names])
    return raw * present.sum().clamp(min=1) / (raw * present).sum().clamp(min=1e-9)


def fit(
    model: JudgeModel, draw: Callable[[int, random.Random], list[Encoded]], plan: Plan, seed: int, name: str = ""
) -> None:
    """Fit `model` in place to what `draw(epoch, rng)` gives for each epoch. Epochs are to be of about equal size."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    first = draw(0, rng)
    weights = {
        "relation": label_weights([e.example.relation for e in first if e.example.relation], RELATIONS, plan.balance),
        "stance": label_weights([e.example.stance for e in first if e.example.stance], STANCES, plan.stance_balance),
    }
    steps = plan.epochs * math.ceil(len(first) / plan.batch)
    optimiser = torch.optim.AdamW(_groups(model, plan), fused=True)
    rises = max(1, int(steps * plan.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rises, max(0.0, (steps - step) / max(1, steps - rises)))
    )
    model.train()
    for epoch in range(plan.epochs):
        begun, total, count = time.monotonic(), 0.0, 0
        for batch in batches(draw(epoch, rng) if epoch else first, plan.batch, rng):
            loss = _loss(model, batch, plan, weights)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            schedule.step()
            total, count = total + loss.item(), count + 1
        log.info("%s epoch %d: loss %.4f, %d batches, %.0f s", name, epoch, total / count, count,
                 time.monotonic() - begun)  # fmt: skip


@torch.no_grad()
def answers(model: JudgeModel, items: Sequence[Encoded]) -> list[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Return the logits of each item, in the order of `items`."""
    model.eval()
    place = {id(item): i for i, item in enumerate(items)}
    found: list = [None] * len(items)
    for batch in batches(items, 64):
        outputs = model(*_padded(batch))
        for i, item in enumerate(batch):
            found[place[id(item)]] = tuple(output[i] for output in outputs)
    return found


def _groups(model: JudgeModel, plan: Plan) -> list[dict]:
    groups: dict[tuple[float, float], list] = {}
    for name, parameter in model.named_parameters():
        if not name.startswith("encoder."):
            rate = plan.head_rate
        elif ".layer." in name:
            rate = plan.rate * plan.decay ** (LAYERS - 1 - int(name.split(".layer.")[1].split(".")[0]))
        else:
            rate = plan.rate * plan.decay**LAYERS
        penalty = 0.01 if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, penalty), []).append(parameter)
    return [{"params": p, "lr": rate, "weight_decay": penalty} for (rate, penalty), p in groups.items()]


def _padded(batch: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
    length = math.ceil(max(len(item.ids) for item in batch) / _STEP) * _STEP
    ids = torch.zeros((len(batch), length), dtype=torch.long)
    padding = torch.ones((len(batch), length), dtype=torch.bool)
    for i, item in enumerate(batch):
        ids[i, : len(item.ids)] = torch.tensor(item.ids)
        padding[i, : len(item.ids)] = False
    return ids, padding


def _loss(model: JudgeModel, batch: Sequence[Encoded], plan: Plan, weights: dict[str, Tensor]) -> Tensor:
    ids, padding = _padded(batch)
    times = 2 if plan.consistency else 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = [output.float() for output in model(ids.repeat(times, 1), padding.repeat(times, 1))]
    relation, related, status, stance = outputs
    examples = [item.example for item in batch] * times
    loss = plan.relation * _classes(relation, [e.relation for e in examples], RELATIONS, examples, plan.smoothing,
                                    weights["relation"])  # fmt: skip
    loss = loss + plan.stance * _classes(stance, [e.stance for e in examples], STANCES, examples, plan.smoothing / 2,
                                         weights["stance"])  # fmt: skip
    loss = loss + plan.status * _classes(status, [e.status for e in examples], STATUSES, examples, plan.smoothing, None)
    known = [i for i, e in enumerate(examples) if e.related is not None]
    if known:
        wanted = torch.tensor([0.95 if examples[i].related else 0.05 for i in known])
        importance = torch.tensor([examples[i].weight for i in known])
        each = F.binary_cross_entropy_with_logits(related[known, 0], wanted, importance, reduction="sum")
        loss = loss + plan.related * each / len(examples)
    if plan.consistency:
        half = len(batch)
        for logits, kind in ((relation, "relation"), (stance, "stance")):
            rows = [i for i in range(half) if getattr(examples[i], kind) is not None]
            if rows:
                one, two = (logits[:half][rows].log_softmax(-1), logits[half:][rows].log_softmax(-1))
                gap = (one.exp() - two.exp()) * (one - two)
                loss = loss + plan.consistency * gap.sum() / half
    return loss


def _classes(
    logits: Tensor, labels: Sequence[str | None], names: Sequence[str], examples: Sequence, smoothing: float,
    weights: Tensor | None,
) -> Tensor:  # fmt: skip
    rows = [i for i, label in enumerate(labels) if label is not None]
    if not rows:
        return logits.sum() * 0.0
    wanted = torch.tensor([names.index(labels[i]) for i in rows])
    each = F.cross_entropy(logits[rows], wanted, label_smoothing=smoothing, reduction="none")
    importance = torch.tensor([examples[i].weight for i in rows])
    if weights is not None:
        importance = importance * weights[wanted]
    return (each * importance).sum() / len(examples)
