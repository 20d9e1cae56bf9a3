"""A signed graph as a picture: friends near each other, foes apart, blocs in the colours of their nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from communique.showing.svg import Picture, link, tag, words

WIDTH, HEIGHT = 760, 520
_MARGIN = 52
_ROUNDS, _BLOCS = 300, 5
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    """An actor: code, name, the number of its bloc from 0, its records, and where a click leads."""

    code: str
    name: str
    bloc: int
    records: int
    address: str


@dataclass(frozen=True, slots=True)
class Tie:
    """What is between two nodes (by their places): affinity from -1 to 1, where a click leads, what is said of it."""

    one: int
    other: int
    affinity: float
    address: str
    label: str


_LONGEST = 8  # characters of a code


def drawn(title: str, description: str, nodes: Sequence[Node], ties: Sequence[Tie]) -> Picture | None:
    """Return the graph; the same is drawn alike every time. None where there are no nodes."""
    if not nodes:
        return None
    at = places(nodes, ties)
    parts = []
    for tie in sorted(ties, key=lambda one: abs(one.affinity)):
        (x1, y1), (x2, y2) = at[tie.one], at[tie.other]
        class_ = "tie-for" if tie.affinity > 0 else "tie-against"
        strength = abs(tie.affinity)
        line = tag(
            "line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_,
            stroke_width=0.6 + 4 * strength, stroke_opacity=round(0.25 + 0.6 * strength, 2),
        )  # fmt: skip
        parts.append(link(tie.address, line, tie.label))
    most = max(node.records for node in nodes) or 1
    for node, (x, y) in zip(nodes, at, strict=True):
        radius = 11 + 10 * (node.records / most) ** 0.5
        circle = tag("circle", cx=float(x), cy=float(y), r=radius, class_=f"node b{node.bloc % _BLOCS}")
        code = node.code.replace("_", " ")
        name = words(
            code if len(code) <= _LONGEST else f"{code[: _LONGEST - 1]}…",
            float(x),
            float(y) + 4,
            text_anchor="middle",
            class_="strong",
        )
        parts.append(link(node.address, circle + name, f"{node.name}: bloc {node.bloc + 1}, {node.records} records"))
    return Picture(WIDTH, HEIGHT, title, description, "".join(parts), "network")


def places(nodes: Sequence[Node], ties: Sequence[Tie]) -> Real:
    """Return where each node stands: forces let all repel each other, friends and members of a bloc attract.

    (Fruchterman & Reingold 1991; a hostile tie repels besides.)
    """
    count = len(nodes)
    turn = 2 * np.pi * np.arange(count) / max(count, 1)
    order = np.argsort([node.bloc for node in nodes], kind="stable")
    spots = np.zeros((count, 2))
    spots[order] = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    pull = np.zeros((count, count))
    for tie in ties:
        pull[tie.one, tie.other] = pull[tie.other, tie.one] = tie.affinity
    bloc = np.array([node.bloc for node in nodes])
    pull += 0.15 * (bloc[:, None] == bloc[None, :])
    ideal = 1.3 / np.sqrt(max(count, 1))
    for n in range(_ROUNDS):
        apart = spots[:, None] - spots[None, :]
        far = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        push = ideal**2 / far + np.maximum(-pull, 0) * ideal / far
        force = (apart / far[:, :, None] * (push - np.maximum(pull, 0) * far**2 / ideal)[:, :, None]).sum(axis=1)
        force -= 0.6 * spots  # all are drawn to the middle: parts without ties would drift away
        size = np.maximum(np.sqrt((force**2).sum(axis=1, keepdims=True)), 1e-9)
        spots += force / size * np.minimum(size, 0.12 * (1 - n / _ROUNDS))
    low, high = spots.min(axis=0), spots.max(axis=0)
    room = np.array([WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN])
    found: Real = _MARGIN + (spots - low) / np.maximum(high - low, 1e-9) * room if count > 1 else spots * 0 + room / 2
    return found
