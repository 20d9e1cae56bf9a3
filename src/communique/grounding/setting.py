"""What a rule of time sees, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from communique.grounding.calendar import Days, Tense
from communique.grounding.words import NUMBERS, TimeWords


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may look at beside its own words.

    `left` and `right` are the text before and after; `perfect` is true of "have met"; `anchor` is the day of the
    expression before, from which "two days later" counts.
    """

    published: date | None
    tense: Tense
    perfect: bool
    left: str
    right: str
    words: TimeWords
    anchor: date | None = None


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


def count_of(word: str) -> int:
    """Return the number that a digit string or a number word means; "a few" is three, "several" five."""
    return int(word) if word.isdigit() else NUMBERS[word]
