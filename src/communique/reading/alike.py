"""Whether a report is a copy of another one, by their likenesses.

A copy says what the other said: cut short, under another headline, with paragraphs moved, words and figures changed
here and there. No copy is a report by the same form with other facts, one that shares a quotation or background with
the other, one whose later version is mostly new, and one that another report was appended to, beside that one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from communique.reading.likeness import Likeness, Sketch

# Tuned on seed 1 of tools/story_set.py; docs/notes/stories.md says what other values gave.
_FEWEST_WORDS = 20  # shingles; shorter texts are copies only if they are the same words
_SHARED = 0.60  # of the shorter one's shingles that the other has. A text with every tenth word changed keeps 0.7
_SHARED_FROM_THE_HEAD = 0.45  # where both begin alike
_SHARED_WITHOUT_FACTS = 0.75  # where there are too few facts to go by
_MOST = 0.55  # of the longer one's that the shorter has; below it the longer one has to begin like the shorter
_LEAST = 0.22  # of the longer one's, in any case: less than this is a brief beside a report
_TOLD = 0.40  # of a later one's that the earlier has: the rest is new
_FACTS = 0.42  # of pairs of facts, of the one with fewer of them
_FEWEST_FACTS = 4  # pairs
_HEAD = 0.40  # of the shingles of the heads
_KIN = 0.15  # of the shorter one's that a copy of a copy shares with the story's first telling


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts share, as shares from 0 to 1: of one's shingles that the other has, and of the other's.

    `facts` is the share of the pairs of facts of the one with fewer, None where there are too few or only one is all in
    capitals; `head` that of the
    first shingles.
    """

    of_first: float
    of_second: float
    facts: float | None
    head: float


def shared(first: Likeness, second: Likeness) -> Shared:
    """Return what the two texts share, as far as their sketches tell: within 0.05 or so."""
    of_first, of_second = _containment(first.words, second.words)
    facts = None
    if first.cased == second.cased and min(first.facts.size, second.facts.size) >= _FEWEST_FACTS:
        facts = max(_containment(first.facts, second.facts))
    heads = _heads(first), _heads(second)
    least = min(map(len, heads))
    return Shared(of_first, of_second, facts, len(heads[0] & heads[1]) / least if least else 0.0)


def alike(new: Likeness, old: Likeness, *, later: bool = False) -> float:
    """Return how alike two texts are, from 0 to 1, where `new` is a copy of `old`, else 0.

    `later` says that the new one was published on a later day: it may then not be mostly new.
    """
    if new.exact == old.exact:
        return 1.0
    if min(new.words.size, old.words.size) < _FEWEST_WORDS:
        return 0.0
    found = shared(new, old)
    shorter, longer = max(found.of_first, found.of_second), min(found.of_first, found.of_second)
    begins = found.head >= _HEAD
    if longer < _LEAST or (longer < _MOST and not begins):
        return 0.0
    if later and found.of_first < _TOLD:
        return 0.0
    if found.facts is None:
        return shorter if shorter >= _SHARED_WITHOUT_FACTS else 0.0
    enough = shorter >= (_SHARED_FROM_THE_HEAD if begins else _SHARED)
    return shorter if enough and found.facts >= _FACTS else 0.0


def kin(new: Likeness, first: Likeness) -> bool:
    """Whether a copy of a copy still has something of the story's first telling."""
    found = shared(new, first)
    left = max(found.of_first, found.of_second) if found.facts is None else found.facts
    return new.exact == first.exact or left >= _KIN


def _containment(first: Sketch, second: Sketch) -> tuple[float, float]:
    """Return which share of the first's hashes the second has, and the other way round.

    The smaller one's share is counted; the larger one's follows from their sizes, which are known exactly.
    """
    scale = max(first.scale, second.scale)
    one, other = first.hashes(scale), second.hashes(scale)
    both = len(one & other)
    if first.size <= second.size:
        share = both / len(one) if one else 0.0
        return share, share * first.size / max(1, second.size)
    share = both / len(other) if other else 0.0
    return share * second.size / max(1, first.size), share


def _heads(likeness: Likeness) -> set[int]:
    return set(struct.unpack(f"<{len(likeness.head) // 2}H", likeness.head))
