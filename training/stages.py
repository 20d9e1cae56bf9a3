"""The two stages of training.

First the encoder learns from what is no gold of the relation task: made-up sentences with the lexicon's types, and the
stance task's training part. Then it is fitted to the relation sentences, with a share of the first stage's material
so that it forgets neither stance nor status. In the cross-validation only the second stage is done once a fold.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.data import Coder, Encoded, Example, strangers, swapped
from training.model import JudgeModel
from training.synthetic import Generator
from training.train import Plan, fit

FIRST = Plan(epochs=4, rate=2e-4, stance_balance=0.5, stance=1.5)
STANCE = Plan(epochs=3, rate=2e-4, stance=1.5)
SECOND = Plan(epochs=10, rate=2e-4, relation=2.0, status=0.6)


@dataclass(frozen=True, slots=True)
class Material:
    """What both stages draw from; `quick`: for a trial of the steps, with one epoch and little made up."""

    coder: Coder
    generator: Generator
    stances: Sequence[Example]
    quick: bool = False

    def plan(self, whole: Plan) -> Plan:
        """Return how to fit: as planned, or for a trial."""
        return replace(whole, epochs=1) if self.quick else whole

    def synthetic(self, count: int, rng: random.Random) -> list[Encoded]:
        """Return about `count` new made-up examples."""
        return self.coder(self.generator.examples(count // 30 if self.quick else count, rng))

    def unlabelled(self, count: int, rng: random.Random) -> list[Encoded]:
        """Return made-up examples without their types, for status and for who is no party."""
        return self.coder(replace(e, relation=None) for e in list(self.generator.examples(count, rng))[:count])

    def turned_stances(self, share: float, rng: random.Random, neutral: float = 1.0) -> list[Encoded]:
        """Return a share of the stance sentences, half of them asked from the other side.

        Two thirds of the sentences are neutral; of these only `neutral` of the share is taken.
        """
        chosen = [e for e in self.stances if rng.random() < share * (neutral if e.stance == "neutral" else 1.0)]
        return self.coder(swapped(e) if rng.random() < 0.5 else e for e in chosen)


def first_stage(model: JudgeModel, material: Material, seed: int, made_up: int = 12_000) -> None:
    """Teach `model`, in place, the lexicon's types, status, stance, and who is no party."""

    def mixed(_: int, rng: random.Random) -> list[Encoded]:
        return material.synthetic(made_up, rng)[:made_up] + material.turned_stances(1.0, rng, neutral=0.5)

    fit(model, mixed, material.plan(FIRST), seed, "first stage")


def stance_stage(model: JudgeModel, material: Material, seed: int, made_up: int = 2_000) -> None:
    """Teach `model`, in place, more of stance, with a little of the rest."""

    def mostly_stance(_: int, rng: random.Random) -> list[Encoded]:
        return material.synthetic(made_up, rng)[:made_up] + material.turned_stances(1.0, rng)

    fit(model, mostly_stance, material.plan(STANCE), seed, "stance stage")


def second_stage(
    start: JudgeModel, material: Material, relations: Sequence[Example], seed: int, plan: Plan = SECOND,
    made_up: int = 300, stances: float = 0.06, negatives: int = 120, name: str = "second stage",
) -> JudgeModel:  # fmt: skip
    """Return a copy of `start` fitted to `relations`."""
    model = copy.deepcopy(start)
    gold = material.coder(relations)

    def draw(_: int, rng: random.Random) -> list[Encoded]:
        unrelated = [
            swapped(e) if rng.random() < 0.6 else strangers(e, rng)
            for e in rng.sample(list(relations), min(len(relations), 2 * negatives))
        ]
        useful = [e for e in unrelated if e is not None and e.related is not None][:negatives]
        return [
            *gold, *material.coder(useful), *material.unlabelled(made_up, rng),
            *material.turned_stances(stances, rng),
        ]  # fmt: skip

    fit(model, draw, material.plan(plan), seed, name)
    return model
