"""What a rule of time sees, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from communique.grounding.calendar import Days, Tense
from communique.grounding.words import NUMBERS, VAGUE, TimeWords


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may look at beside its own words.

    `left` and `right` are the text before and after; `perfect` is true of "have met"; `verbal` is true where the
    words at the place are verbs ("prices fall"); `anchor` are the days of the expression before, from which "two days
    later" counts.
    """

    published: date | None
    tense: Tense
    perfect: bool
    left: str
    right: str
    words: TimeWords
    verbal: bool = False
    anchor: Days | None = None


@dataclass(frozen=True, slots=True)
class Core:
    """An expression found: characters `start` to `end` of the sentence, the days, and which kind of rule found it.

    `bare` is true where the year, or the week, was chosen by tense and may be moved to make a range come out right;
    `needs_part` where the words are a date only after "the end of" and the like.
    """

    start: int
    end: int
    kind: str
    days: Days
    bare: bool = False
    needs_part: bool = False


Reading = tuple[Days, bool] | None
Rule = Callable[[re.Match[str], Setting], Reading]


@dataclass(frozen=True, slots=True)
class Count:
    """How many, from `low` to `high`: "three" is 3 to 3, "a few" 2 to 5, "half a" 0.5 to 0.5."""

    low: float
    high: float


def count_of(m: re.Match[str]) -> Count:
    """Return the number that the group `n` of a match means, with the "half" beside it."""
    text = m["n"].replace("-", " ")
    if text in VAGUE:
        return Count(*VAGUE[text])
    if text.startswith("half"):
        return Count(0.5, 0.5)
    number = float(text) if text[0].isdigit() else float(sum(NUMBERS[word] for word in text.split()))
    number += 0.5 if m.groupdict().get("half") or m.groupdict().get("half2") else 0
    return Count(number, number)
