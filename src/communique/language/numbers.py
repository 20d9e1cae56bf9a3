"""Number phrases in a sentence: where they stand, what they come to, and whether they are money.

The rule that makes one number of "more than 100,000", "dozens" or "two to three thousand" stands at the head of
`knowledge/data/language/en-quantities.toml`. Years, dates, ages, clock times, ordinals, percentages and the numbers of
articles and resolutions are no quantities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from communique.knowledge.quantities import QuantityWords
from communique.language.tree import Sentence

_DIGITS = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([a-z]{1,3})?$")
_HYPHENS = ("-", "–", "‑")
_YEARS = range(1500, 2101)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Words `first` to `last` that come to `value`; `money` if a currency stands with them.

    `whole`: the number of which `value` is a part ("one of the TWO men") stands at this word; -1 where there is none.
    `member`: "a 300-member delegation": what is counted are the members of the noun.
    """

    first: int
    last: int
    value: float
    money: bool = False
    whole: int = -1
    member: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it stands: the word after it, the value, and the number without its last multiplier."""

    end: int
    value: float
    base: float


class Numbers:
    """Finds the quantities of one sentence."""

    def __init__(self, s: Sentence, words: QuantityWords) -> None:
        self._s = s
        self._words = words
        self._lower = [w.lower() for w in s.words]
        if s.words and self._lower[-1].endswith(".") and self._lower[-1][:-1] in words.multipliers:
            self._lower[-1] = self._lower[-1][:-1]  # "$3m." at the end of a sentence

    def find(self) -> Iterator[Quantity]:
        """Yield the quantities from left to right."""
        openers, reached = self._words.openers, 0
        for i, word in enumerate(self._lower):
            if i < reached or (word not in openers and not word[:1].isdigit()):
                continue  # most words open no number
            found = self._quantity(i)
            if found is not None:
                if not self._is_label(found):
                    yield found
                reached = max(found.last, found.whole) + 1

    def _quantity(self, i: int) -> Quantity | None:
        number = self._number(i)
        if number is None:
            return None
        end, value = number.end, number.value
        second = self._upper_end(i, number)
        if second is not None:
            # "two to three thousand": the multiplier belongs to both ends.
            scale = second.value / second.base if value < second.base and number.base == value else 1
            end, value = second.end, min(value * scale, second.value)
        member = False
        if self._at(end) in _HYPHENS and self._s.starts[end] == self._s.ends[end - 1]:
            if self._at(end + 1) not in self._words.member_words:
                return Quantity(i, end, float("nan"))  # "a six-party meeting"
            member, end = self._at(end + 1) not in ("odd", "plus"), end + 2
        whole = self._whole(end, value)
        money = self._is_money(i, end)
        if whole is not None:
            return Quantity(i, end - 1, value if value >= 1 else round(value * whole.value), money, whole.end - 1)
        if value < 1 and not money:
            return Quantity(i, end - 1, float("nan"))  # "a third of the prisoners": of how many nobody says
        return Quantity(i, end - 1, round(value, 6), money, member=member)

    def _number(self, i: int) -> _Number | None:
        word = self._at(i)
        if word not in self._words.openers and not word[:1].isdigit():
            return None
        return self._fraction(i) or self._plural(i) or self._collective(i) or self._plain(i)

    def _fraction(self, i: int) -> _Number | None:
        """ "half a million", "a quarter of a million", "two thirds", "one and a half million"."""
        words, at = self._words, i
        times = 1.0
        if self._at(at) in words.articles and self._at(at) != "another":
            at += 1
        elif self._at(at) in words.numbers:
            times, at = words.numbers[self._at(at)], at + 1
            at += self._at(at) in _HYPHENS
        if at > i and self._at(at) == "and" and self._at(at + 2) in words.fractions:  # "one and a half million"
            value = times + words.fractions[self._at(at + 2)]
            return self._multiplied(at + 3, value)
        fraction = words.fractions.get(self._at(at))
        if fraction is None or (at == i and self._at(at) != "half"):
            return None  # "the third round"
        value = round(times * fraction, 12)
        at += 1
        follow = at + 1 if self._at(at) == "of" else at
        if self._at(follow) in words.articles and self._at(follow + 1) in words.multipliers:
            number = self._multiplied(follow + 1, value)
            return _Number(number.end, number.value, number.value)
        if follow == at and self._at(at) in words.multipliers:
            return self._multiplied(at, value)
        return _Number(at, value, value)

    def _plural(self, i: int) -> _Number | None:
        """ "dozens", "hundreds of thousands"."""
        value = self._words.plurals.get(self._at(i))
        if value is None:
            return None
        end = i + 1
        while self._at(end) == "of" and self._at(end + 1) in self._words.plurals:
            value *= self._words.plurals[self._at(end + 1)]
            end += 2
        return _Number(end, value, value)

    def _collective(self, i: int) -> _Number | None:
        """ "a couple of", "a pair of", "the trio of"."""
        value = self._words.collectives.get(self._at(i))
        if value is None or self._at(i + 1) != "of":
            return None
        return _Number(i + 1, float(value), float(value))

    def _plain(self, i: int) -> _Number | None:
        """ "100,000", "10bn", "1.2 million", "twenty-five", "two hundred and fifty thousand", "a dozen"."""
        words, word = self._words, self._at(i)
        if match := _DIGITS.match(word):
            suffix = match[3] or ""
            if suffix and suffix not in words.multipliers:
                return None
            value = float(match[1].replace(",", "") + (match[2] or ""))
            if suffix:
                return _Number(i + 1, value * words.multipliers[suffix], value)
            return self._multiplied(i + 1, value)
        if word in words.numbers:
            return self._spelled(i)
        if word in words.before_multiplier or word in words.articles:
            first = i + 1
            if word in words.articles and self._at(first) in words.before_multiplier:
                word, first = self._at(first), first + 1
            if self._at(first) in words.multipliers and len(self._at(first)) > 2:
                return self._multiplied(first, float(words.before_multiplier.get(word, 1)))
        return None

    def _spelled(self, i: int) -> _Number:
        words = self._words
        value, end = float(words.numbers[self._at(i)]), i + 1
        if value >= 20 and value % 10 == 0:
            joined = end + (self._at(end) in _HYPHENS)
            unit = words.numbers.get(self._at(joined), 0)
            if 0 < unit < 10:
                value, end = value + unit, joined + 1
        return self._multiplied(end, value)

    def _multiplied(self, at: int, value: float) -> _Number:
        """Return `value` times the multipliers at word `at`, with what is added to them ("... and fifty")."""
        words, base, total = self._words, value, 0.0
        multiplied = False
        while (factor := words.multipliers.get(self._at(at))) is not None:
            value, at, multiplied = value * factor, at + 1, True
            added = at + (self._at(at) == "and")
            if (unit := words.numbers.get(self._at(added))) is not None and factor in (100, 1000):
                following = self._at(added + 1)
                if unit < 20 and following == "hundred":
                    total, value, at = total + value, float(unit), added + 1
                    continue
                rest = self._tens(added, float(unit))
                value, at = value + rest[1], rest[0]
        return _Number(at, total + value, base if multiplied else total + value)

    def _tens(self, at: int, value: float) -> tuple[int, float]:
        joined = at + 1 + (self._at(at + 1) in _HYPHENS)
        unit = self._words.numbers.get(self._at(joined), 0)
        return (joined + 1, value + unit) if value >= 20 and value % 10 == 0 and 0 < unit < 10 else (at + 1, value)

    def _upper_end(self, i: int, number: _Number) -> _Number | None:
        words, mark = self._words, self._at(number.end)
        before = self._at(i - 1) if i else ""
        joined = mark in words.range_marks or (mark == "and" and before in words.range_openers)
        if not joined or before in words.from_marks:
            return None
        start = number.end + 1
        if start < len(self._lower) and self._s.pos[start] == "SYM" and self._at(start) in words.money.before:
            start += 1  # "$3bn to $5bn"
        second = self._number(start)
        return second if second is not None and second.value > number.value else None

    def _whole(self, end: int, value: float) -> _Number | None:
        """Return the number N after "of the N", "of its N"."""
        if self._at(end) != "of" or end + 1 >= len(self._lower):
            return None
        start = end + 1
        while start < min(end + 3, len(self._lower)) and self._s.pos[start] in ("DET", "PRON", "ADV"):
            start += 1
        if start == end + 1:
            return None
        whole = self._plain(start)
        return whole if whole is not None and whole.value >= value and not self._is_money(start, whole.end) else None

    def _is_money(self, first: int, end: int) -> bool:
        money = self._words.money
        if first and (self._at(first - 1) in money.before or self._at(first - 1).endswith("$")):
            return True
        at = end
        while at < min(end + 3, len(self._lower)) and self._at(at) in money.between | set(_HYPHENS):
            at += 1
        return at < len(self._lower) and self._s.lemmas[at].lower() in money.after and self._s.pos[at] != "VERB"

    def _is_label(self, found: Quantity) -> bool:
        """Tell whether the words name or date something: a year, "12 May", "Article 5", "9 p.m.", "35-year-old"."""
        s, first = self._s, found.first
        if found.value != found.value:  # nothing that counts
            return True
        if found.money:
            return False
        digits = s.words[first].isdigit()
        before = s.pos[first - 1] if first else ""
        after = found.last + 1
        if digits and len(s.words[first]) == 4 and int(s.words[first]) in _YEARS and found.first == found.last:
            return after >= len(s) or s.pos[after] not in ("NOUN", "ADJ", "PROPN")
        if digits and (self._is_month(first - 1) or self._is_month(after)):
            return True
        if (
            before == "PROPN"
            and s.deps[first] in ("nummod", "npadvmod", "appos", "compound")
            and s.heads[first] < first
        ):
            return True  # "Resolution 2334", "Boeing 737"
        return before == "NOUN" and s.heads[first] == first - 1 and s.deps[first] == "nummod"  # "article 5"

    def _is_month(self, i: int) -> bool:
        return 0 <= i < len(self._lower) and self._s.pos[i] == "PROPN" and self._at(i) in self._words.months

    def _at(self, i: int) -> str:
        return self._lower[i] if 0 <= i < len(self._lower) else ""
