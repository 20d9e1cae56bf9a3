"""Counts in the words of a deed: dead, injured, arrested, size of a force or crowd, money."""

from __future__ import annotations

import re

from communique.coding.context import SentenceContext
from communique.records import Magnitude

_NUMBER = re.compile(r"^(\d[\d,]*(?:\.\d+)?)([a-z]*)$", re.IGNORECASE)
_CURRENCIES = frozenset("$€£¥₹₽") | {"us$", "dollar", "euro", "pound", "yen", "yuan", "rouble", "ruble", "rupee"}


def magnitude_of(context: SentenceContext, triggers: tuple[int, ...], heads: tuple[int, ...]) -> Magnitude:
    """Return the counts that stand in the phrases of a deed's parties and trigger; the last of a kind counts once."""
    s = context.sentence
    near = sorted({i for h in (*heads, *triggers) for i in s.subtree(h)} if heads or triggers else set())
    counts: dict[str, float] = {}
    for i in near:
        if s.pos[i] != "NUM" or (value := number_at(context, i)) is None:
            continue
        if _is_money(context, i):
            counts.setdefault("money", value)
            continue
        noun = _counted_noun(context, i)
        if noun is None or value != int(value):
            continue
        counts.setdefault(_kind(context, noun, triggers), value)
    whole = {k: int(v) for k, v in counts.items() if k not in ("money", "")}
    return Magnitude(money=counts.get("money"), **{k: v for k, v in whole.items() if k})


def number_at(context: SentenceContext, i: int) -> float | None:
    """Return the number that starts or stands at word `i` ("100,000", "10bn", "two", "2.5 million"), or None."""
    s = context.sentence
    if i > 0 and s.pos[i - 1] == "NUM" and s.words[i].lower() in context.words.multipliers:
        return None  # the second word of "2.5 million", counted with the first
    word = s.words[i].lower()
    match = _NUMBER.match(word)
    if match:
        value = float(match[1].replace(",", ""))
        if match[2]:
            if match[2] not in context.words.multipliers:
                return None
            value *= context.words.multipliers[match[2]]
    elif word in context.words.numbers:
        value = float(context.words.numbers[word])
    elif word in context.words.multipliers and i > 0 and s.words[i - 1].lower() == "a":
        value = context.words.multipliers[word]
    else:
        return None
    following = s.words[i + 1].lower() if i + 1 < len(s) else ""
    if following in context.words.multipliers and not (match and match[2]):
        value *= context.words.multipliers[following]
    return value


def _is_money(context: SentenceContext, i: int) -> bool:
    s = context.sentence
    around = [s.words[k].lower() for k in range(max(0, i - 2), min(len(s), i + 3))]
    return any(
        w in _CURRENCIES or s.lemmas[k].lower() in _CURRENCIES
        for k, w in zip(range(max(0, i - 2), len(s)), around, strict=False)
    )


def _counted_noun(context: SentenceContext, i: int) -> int | None:
    s = context.sentence
    at = i
    while s.deps[at] in ("compound", "quantmod", "nummod") and s.heads[at] != at:
        at = s.heads[at]
    if s.pos[at] in ("NOUN", "PROPN"):
        return at
    year = s.words[i].isdigit() and len(s.words[i]) == 4
    return at if at == i and not year and s.deps[i] in ("nsubjpass", "dobj", "nsubj") else None


def _kind(context: SentenceContext, noun: int, triggers: tuple[int, ...]) -> str:
    """Say what a number counts, by the nearest governor: "12 people were killed", "80 detained", "5,000 troops"."""
    s = context.sentence
    governors = [noun, *list(s.ancestors(noun))[:3], *(c for c in s.children[noun] if s.deps[c] in ("acl", "amod"))]
    for g in governors:
        for kind, lemmas in context.words.magnitudes.items():
            if s.lemmas[g].lower() in lemmas:
                return kind
    if s.lemmas[noun] in context.words.state_nouns or s.lemmas[noun] in context.words.leader_nouns:
        return ""
    return (
        "size"
        if any(a.sector for a in context.actors.at(noun).actors)
        or s.lemmas[noun] in ("people", "person", "man", "woman")
        else ""
    )
