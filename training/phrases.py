"""Patterns of the lexicon -> phrases: what stands after the verb, with `{T}` where the target belongs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from communique.knowledge.lexicon import PREPOSITIONS
from communique.knowledge.patterns import Pattern
from training.morphology import Verb, article, plural, verb

_ADVERBS = frozenset("together apart away back forward ahead home aside closely jointly down up off out over in on "
                     "short clear free hard alongside again public open available".split())  # fmt: skip
_MASS = frozenset("""aid assistance support backing help relief pressure force violence evidence information
    intelligence cooperation collaboration trade money cash funding food water medicine fuel concern anger outrage
    solidarity confidence respect sympathy satisfaction gratitude admiration control access immunity asylum power
    police bail custody justice territory war peace arrest alert standby readiness footing border independence
    research equipment technology weaponry ammunition personnel data military criticism opposition resistance regret
    remorse responsibility involvement permission recognition credit compensation unease alarm dismay praise trust
    goodwill allegiance loyalty contact dialogue parliament office power hand part place way step ground line room hope
    legislation diplomacy hostilities""".split())  # fmt: skip
_ADJECTIVES = (
    "new",
    "fresh",
    "further",
    "additional",
    "major",
    "last-minute",
    "long-awaited",
    "unprecedented",
    "large",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb with the rest of its clause; `direct` where the target is the verb's object ("attack {T}")."""

    verb: Verb
    rest: str
    direct: bool
    together: bool  # source and target are both subjects; the rest names no target


def pick(group: str, words: Mapping[str, frozenset[str]], rng: random.Random) -> str:
    """Return one of the lemmas that a part of a pattern stands for, its modifiers before it."""
    return " ".join(_pick(part, words, rng) for part in group.split("+"))


def _pick(part: str, words: Mapping[str, frozenset[str]], rng: random.Random) -> str:
    choice = rng.choice(part.split("|"))
    if choice.startswith("@"):
        choice = rng.choice(sorted(words[choice[1:]]))
    return (
        "$" + str(rng.choice((2, 5, 10, 50, 200, 350))) + rng.choice((" million", " billion"))
        if choice == "$"
        else choice
    )


def noun_phrase(noun: str, rng: random.Random, bare: bool = False) -> str:
    """Return `noun` (lemmas, head last) with number and determiner."""
    head = noun.split()[-1]
    if noun.startswith("$") or head in _ADVERBS or head.endswith("ly"):
        return noun
    adjective = rng.choice(_ADJECTIVES) + " " if rng.random() < 0.12 else ""
    if head in _MASS or (head.endswith(("ation", "ness", "ity", "ing")) and rng.random() < 0.5):
        return adjective + noun
    roll = rng.random()
    several = noun[: len(noun) - len(head)] + plural(head)
    if roll < 0.5:
        return adjective + several
    if bare:
        return rng.choice((noun, f"the {several}"))
    if roll < 0.85:
        return f"{article(adjective or noun)} {adjective}{noun}"
    return f"the {adjective}{noun}"


def verb_phrase(pattern: Pattern, words: Mapping[str, frozenset[str]], rng: random.Random) -> Phrase | None:
    """Return a phrase for a pattern headed by a verb, or None where no place for the target can be told."""
    cls = pattern.cls
    head, *groups = pattern.text.split()
    if not cls.actor or cls.actor[0] != "subject" or (groups and groups[-1] == "that"):
        return None
    if cls.operator and groups and groups[-1] == "to":
        return None
    parts: list[str] = []
    nouns = 0
    after = ""
    for group in groups:
        word = pick(group, words, rng)
        if word in PREPOSITIONS or word in _ADVERBS or word.endswith("ly"):
            parts.append(word)
        else:
            bare = after in PREPOSITIONS
            parts.append(word if after == "to" or (bare and rng.random() < 0.6) else noun_phrase(word, rng, bare))
            nouns += 1
        after = word
    form = verb(_pick(head, words, rng))
    rest = " ".join(parts)
    if after in PREPOSITIONS and "chain" in cls.recipient:
        return Phrase(form, f"{rest} {{T}}", False, False)
    if cls.reciprocal and rng.random() < 0.5:
        return Phrase(form, rest, False, True)
    starts = groups[0].split("|")[0] if groups else ""
    for slot in cls.recipient:
        if slot in ("object", "indirect") and (not nouns or starts in PREPOSITIONS):
            return Phrase(form, f"{{T}} {rest}".strip(), True, False)
        if slot == "indirect" and nouns and starts not in PREPOSITIONS:
            return Phrase(form, f"{{T}} {rest}", True, False)
        if slot == "owner" and nouns and starts not in PREPOSITIONS:
            owned = rest.split(" ", 1)[-1] if rest.startswith(("a ", "an ", "the ")) else rest
            return Phrase(form, f"{{T}}'s {owned}", False, False)
        if slot.startswith("prep:") and (nouns or not any(s in ("object", "owner") for s in cls.recipient)):
            return Phrase(form, f"{rest} {rng.choice(slot[5:].split('|'))} {{T}}".strip(), False, False)
    return None


def noun_words(pattern: Pattern, words: Mapping[str, frozenset[str]], rng: random.Random) -> tuple[str, str]:
    """Return (event noun without determiner, preposition before the target) for a pattern headed by a noun."""
    groups = pattern.text.split()
    end = next((i for i, g in enumerate(groups) if i and g.split("|")[0] in PREPOSITIONS), len(groups))
    noun = " ".join(pick(g, words, rng) for g in groups[:end])
    tail = [pick(g, words, rng) for g in groups[end:]]
    if tail and tail[-1] in PREPOSITIONS:
        return " ".join((noun, *tail[:-1])), tail[-1]
    slots = [s[5:] for s in pattern.cls.noun_recipient if s.startswith("prep:")]
    return " ".join((noun, *tail)), rng.choice(slots[0].split("|")) if slots else "on"
