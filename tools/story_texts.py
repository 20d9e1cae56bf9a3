"""Texts of our own for the labelled set of copies: reports by seeded choice of topic, sentences, names and figures.

Two reports share a sentence's frame now and then, as reports of one newsroom do, but not its names and figures.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
COUNTRIES: dict[str, list[str]] = _DATA["countries"]
TOWNS, SURNAMES, GOODS = _DATA["towns"], _DATA["surnames"], _DATA["goods"]
DAYS, MONTHS = _DATA["days"], _DATA["months"]
FRAMES: dict[str, list[str]] = _DATA["frames"]
FORMS: dict[str, str] = _DATA["forms"]  # filled in again and again
OPENINGS, HEADLINES, KINDS = _DATA["openings"], _DATA["headlines"], _DATA["kinds"]


@dataclass(frozen=True)
class Facts:
    """The names and figures of a report."""

    values: dict[str, str]

    def fill(self, frame: str, rng: random.Random) -> str:
        """Return a sentence with the report's countries and leaders, its towns, and figures of its own."""
        own = {
            "n": str(rng.randint(2, 48)), "m": str(rng.randint(3, 96)), "k": f"{rng.randint(2, 98)}00",
            "d": rng.choice(DAYS), "q": rng.choice(MONTHS), "x": rng.choice(SURNAMES), "y": rng.choice(SURNAMES),
        }  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda m: {**own, **self.values}[m[1]], frame)


def facts(rng: random.Random) -> Facts:
    """Draw two countries, two towns and a product."""
    one, two = rng.sample(sorted(COUNTRIES), 2)
    towns = rng.sample(TOWNS, 2)
    return Facts({
        "A": one, "B": two, "ca": COUNTRIES[one][0], "cb": COUNTRIES[two][0], "a": COUNTRIES[one][1],
        "b": COUNTRIES[two][1], "pa": COUNTRIES[one][2], "pb": COUNTRIES[two][2], "t": towns[0], "u": towns[1],
        "g": rng.choice(GOODS),
    })  # fmt: skip


def report(rng: random.Random, topic: str = "", about: Facts | None = None) -> list[str]:
    """Return the paragraphs of a report: of one topic, 6 to 13 sentences of it and some others, in seeded order."""
    about = about or facts(rng)
    frames = FRAMES[topic or rng.choice(sorted(FRAMES))]
    chosen = [frames[0], *rng.sample(frames[1:], rng.randint(5, len(frames) - 1))]
    chosen += rng.sample(OPENINGS, rng.randint(1, 5))
    told = [about.fill(frame, rng) for frame in (chosen[0], *rng.sample(chosen[1:], len(chosen) - 1))]
    paragraphs: list[str] = []
    while told:
        some = rng.randint(1, 3)
        paragraphs.append(" ".join(told[:some]))
        told = told[some:]
    return paragraphs


def headline(rng: random.Random, about: Facts | None = None) -> str:
    """Return a headline."""
    return (about or facts(rng)).fill(rng.choice(HEADLINES), rng)


def quotation(rng: random.Random) -> str:
    """Return a long quotation: five to seven sentences of somebody."""
    about = facts(rng)
    frames = [frame for topic in FRAMES.values() for frame in topic if '"' not in frame]
    said = " ".join(about.fill(frame, rng) for frame in rng.sample(frames, rng.randint(4, 6)))
    return f'"{said}"'


def filled(form: str, rng: random.Random) -> str:
    """Return a form filled in with facts of its own, as two or three paragraphs."""
    text = re.sub(r"\{(\w+)\}", lambda m: rng.choice(KINDS[m[1]]) if m[1] in KINDS else m[0], FORMS[form])
    about = facts(rng)
    text = re.sub(r"\{(\w+)\}", lambda m: about.fill(m[0], rng), text)
    sentences = re.split(r"(?<=[a-z.]\.) ", text)
    half = len(sentences) // 2
    return "\n\n".join((" ".join(sentences[:half]), " ".join(sentences[half:])))
