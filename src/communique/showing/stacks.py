"""Numbers by period as a picture of bars: what is for goes up, what is against goes down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communique.showing.svg import Picture, link, tag, words

WIDTH, _HEIGHT = 760, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 18, 24
_LABELS, _WIDEST = 10, 60.0  # labels below the bars; width of a bar in pixels


@dataclass(frozen=True, slots=True)
class Stack:
    """A period by its name, how much of it is for and against, and where a click leads."""

    name: str
    above: int
    below: int = 0
    address: str = ""


def drawn(title: str, description: str, stacks: Sequence[Stack], up: str, down: str = "") -> Picture | None:
    """Return a bar for each period; `up` and `down` say what the two sides are. None where there is nothing."""
    most = max((max(each.above, each.below) for each in stacks), default=0)
    if not most:
        return None
    room = _HEIGHT / (2 if down else 1)
    zero = _TOP + room
    width = (WIDTH - _LEFT - _RIGHT) / len(stacks)
    parts = [
        words(f"{most:,}", _LEFT - 6, _TOP + 8, text_anchor="end"), words(up, _LEFT, 12, class_="strong"),
    ]  # fmt: skip
    if down:
        low = zero + room
        parts += [words(f"{most:,}", _LEFT - 6, low, text_anchor="end"), words(down, _LEFT, low + 10, class_="strong")]
    every = -(-len(stacks) // _LABELS)
    bottom = _TOP + _HEIGHT + (14 if down else 0)
    for n, each in enumerate(stacks):
        x, thick = _LEFT + n * width, min(max(width - 1, 1.0), _WIDEST)
        bars = ""
        for amount, class_, sign in ((each.above, "for", -1), (each.below, "against", 1)):
            size = amount / most * room
            if amount:
                bars += tag("rect", x=x, y=zero + min(sign, 0) * size, width=thick, height=size, class_=class_)
        said = f"{each.name}: {each.above} {up}" + (f", {each.below} {down}" if down else "")
        parts.append(link(each.address, bars, said) if bars and each.address else bars)
        if not n % every:
            parts.append(words(each.name, x, bottom + 16))
    parts.append(tag("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=zero, y2=zero, class_="axis"))
    return Picture(WIDTH, bottom + _BOTTOM, title, description, "".join(parts), "stacks")
