"""Words for numbers, by language: how they are put together, and what tells what a number counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from communique.knowledge.tables import Entry, Tables, validated


class CountWords(Entry):
    """How a language speaks of one kind of count (`dead`, `injured`, `arrested`), in lemmas.

    `object`: verbs whose object is counted; `subject`: verbs whose subject is ("twelve died"); `nouns`: "twelve
    deaths", "the killing of twelve"; `qualities`: "left twelve dead".
    """

    object: frozenset[str]
    subject: frozenset[str]
    nouns: frozenset[str]
    qualities: frozenset[str]


class MoneyWords(Entry):
    """Currencies: signs and codes `before` the number, words `after` it, and what may stand `between` the two."""

    before: frozenset[str]
    after: frozenset[str]
    between: frozenset[str]


class QuantityWords(Entry):
    """`[[quantities]]`: the number words of a language; each field is explained in the data file."""

    id: str
    range_marks: frozenset[str]
    range_openers: frozenset[str]
    from_marks: frozenset[str]
    months: frozenset[str]
    none: frozenset[str]
    articles: frozenset[str]
    member_words: frozenset[str]
    parts: frozenset[str]
    measures: frozenset[str]
    people: frozenset[str]
    units: frozenset[str]
    crowds: frozenset[str]
    tolls: frozenset[str]
    life_verbs: frozenset[str]
    casualties: frozenset[str]
    kinds: Mapping[str, CountWords]
    numbers: Mapping[str, int]
    before_multiplier: Mapping[str, int]
    multipliers: Mapping[str, float]
    plurals: Mapping[str, float]
    collectives: Mapping[str, int]
    fractions: Mapping[str, float]
    money: MoneyWords

    @cached_property
    def openers(self) -> frozenset[str]:
        """The words with which a number in words may begin."""
        tables = (self.numbers, self.before_multiplier, self.plurals, self.collectives, self.fractions)
        return self.articles.union(*tables)


def load_quantities(tables: Tables) -> dict[str, QuantityWords]:
    """Return the number words by language code; raises KnowledgeError for an entry that does not fit the schema."""
    found = validated(tables, "quantities", QuantityWords, key=lambda entry: entry.id)
    return {located.entry.id: located.entry for located in found}
