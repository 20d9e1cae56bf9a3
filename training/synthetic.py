"""Sentences made from the lexicon: each pattern as a verb, a noun or an adjective between two made-up parties.

They lend the judge what the pattern coder knows: of the types for which gold is rare, of what operators make of a deed
(`composition.toml`), of status, and of who is no party. All wording is the lexicon's and this module's.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from communique.knowledge.codebook import Codebook
from communique.knowledge.lexicon import Lexicon
from communique.knowledge.patterns import Pattern
from training.data import Example
from training.labels import MUTUAL, RELATIONS, YIELD
from training.morphology import verb
from training.parties import Parties, Party
from training.phrases import Phrase, noun_phrase, noun_words, verb_phrase

_SOURCES = {"PROTEST": "crowd", "COERCE": "law", "MOBILIZE": "force", "ASSAULT": "force"}
_TARGETS = {"COERCE": "people", "ASSAULT": "people", "YIELD": "people", "AID": "people"}
_WIDENED = {"ACCUSE": 0.5, "REJECT": 0.5, "SUPPORT": 0.4, "PROTEST": 0.5, "REQUEST": 0.2, "YIELD": 0.2}
# Operators over what the source itself does ("A promised to ..."), and over what another does ("A urged B to ...").
_OWN = ("promise", "agree", "offer", "plan", "intend", "attempt", "refuse", "fail", "threaten", "begin", "continue")
_OTHERS = ("demand", "urge")
_OVER_DEEDS = ("end", "suspend", "cancel", "resume", "reduce", "begin", "continue", "increase", "consider", "prevent")
_LATE = {"promise", "agree", "offer", "threaten", "refuse"}
_OPENINGS = (
    "", "", "", "", "", "", "On {day}, ", "Last week, ", "In {place}, ", "{city} (AP) - ", "Earlier this month, ",
    "In a statement on {day}, ", "During the visit, ", "In {year}, ", "Meanwhile, ", "Despite the warning, ",
    "After weeks of tension, ", "According to {C}, ", "At the summit in {place}, ", "Amid the crisis, ",
)  # fmt: skip
_ENDINGS = (
    ".", ".", ".", " on {day}.", " on {day}.", " last week.", ", {C} said.", ", officials said.", " in {place}.",
    " in {month}.", " in {year}.", " for the first time.", ", according to {C}.", " after talks in {place}.",
    " despite objections from {C}.", " over the weekend.", " amid rising tension.", ", state media reported.",
    " as {C} looked on.", " after a call by {C}.", ", a day before the visit of {C}.", " ahead of elections.",
)  # fmt: skip
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_PLACEHOLDER = re.compile(r"\{([STCD])\}")


@dataclass(frozen=True, slots=True)
class Pair:
    """Who stands to whom in a made-up sentence; `relation` None where the two have nothing to do with each other."""

    source: str
    target: str
    relation: str | None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence with `{S}`, `{T}`, `{C}`, `{D}` for its parties."""

    text: str
    pairs: tuple[Pair, ...]


class Generator:
    """Draws made-up sentences, every type as often as any other."""

    def __init__(self, lexicon: Lexicon, codebook: Codebook, parties: Parties) -> None:
        self.lexicon, self.codebook, self.parties = lexicon, codebook, parties
        self.verbs: dict[str, list[Pattern]] = defaultdict(list)
        self.nouns: dict[str, list[Pattern]] = defaultdict(list)
        self.adjectives: dict[str, list[Pattern]] = defaultdict(list)
        self.operators: dict[str, list[str]] = defaultdict(list)
        for pattern in lexicon:
            if pattern.cls.type:
                {"verb": self.verbs, "noun": self.nouns, "adjective": self.adjectives}[pattern.kind][
                    _label(pattern.cls.type)
                ].append(pattern)
            if pattern.cls.operator and pattern.kind == "verb":
                self.operators[pattern.cls.operator].append(pattern.text)

    def examples(self, count: int, rng: random.Random) -> Iterator[Example]:
        """Yield about `count` examples: the pairs of made-up sentences, not all of those that stand in none."""
        made = 0
        while made < count:
            wanted = rng.choice(RELATIONS)
            draft = self._draft(wanted, rng)
            if draft is None:
                continue
            for example in self._filled(draft, rng):
                made += 1
                yield example

    def _draft(self, wanted: str, rng: random.Random) -> Draft | None:
        roll = rng.random()
        if roll < 0.04 and self.adjectives[wanted]:
            text = rng.choice(self.adjectives[wanted]).text.split()
            end = " ".join(rng.choice(part.split("|")) for part in text)
            return Draft(
                f"{{S}} {rng.choice(('was', 'is', 'has been'))} {end} {{T}}", (Pair("S", "T", wanted, "actual"),)
            )
        if roll < 0.24 and self.nouns[wanted]:
            return self._nominal(rng.choice(self.nouns[wanted]), wanted, rng)
        pattern = rng.choice(self.verbs[wanted])
        phrase = verb_phrase(pattern, self.lexicon.words, rng)
        if phrase is None:
            return None
        if roll < 0.54:
            return self._plain(phrase, wanted, rng)
        if roll < 0.72:
            return self._modal(phrase, pattern, wanted, rng)
        if phrase.together:
            return self._plain(phrase, wanted, rng)
        if roll < 0.88:
            return self._operated(phrase, pattern, wanted, rng)
        return self._reported(phrase, pattern, wanted, rng)

    # Deeds as they are told.

    def _plain(self, phrase: Phrase, wanted: str, rng: random.Random) -> Draft:
        form, rest = phrase.verb, phrase.rest
        pair = (Pair("S", "T", wanted, "actual"),)
        if phrase.together:
            return Draft(
                f"{{S}} and {{T}} {rng.choice((form.past, 'have ' + form.participle, form.base))} {rest}", pair
            )
        if phrase.direct and rng.random() < 0.3:
            tail = rest.removeprefix("{T}").strip()
            be = rng.choice(("was", "were", "has been", "have been"))
            return Draft(f"{{T}} {be} {form.participle} {tail} by {{S}}".replace("  ", " "), pair)
        shape = rng.choice((
            f"{{S}} {form.past} {rest}", f"{{S}} {form.past} {rest}", f"{{S}} {form.past} {rest}",
            f"{{S}} has {form.participle} {rest}", f"{{S}} have {form.participle} {rest}", f"{{S}} {form.third} {rest}",
            f"{{S}} said it had {form.participle} {rest}", f"{{S}} is {form.gerund} {rest}",
            f"{{S}} {form.base} {rest}",
            f"{{S}}, which {form.past} {rest}, gave no details",
            f"{{S}} announced that it had {form.participle} {rest}",
            f"{{C}} said {{S}} had {form.participle} {rest}", f"{{S}} has been {form.gerund} {rest}",
        ))  # fmt: skip
        return Draft(shape, pair)

    def _nominal(self, pattern: Pattern, wanted: str, rng: random.Random) -> Draft | None:
        noun, preposition = noun_words(pattern, self.lexicon.words, rng)
        named = noun_phrase(noun, rng)
        bare = named.split(" ", 1)[-1] if named.startswith(("a ", "an ", "the ")) else named
        pair = Pair("S", "T", wanted, "actual")
        if pattern.cls.reciprocal and rng.random() < 0.5:
            light = rng.choice(("held", "began", "had", "concluded", "continued", "resumed"))
            shapes = (f"{{S}} and {{T}} {light} {named}", f"{named} between {{S}} and {{T}} took place")
            return Draft(rng.choice(shapes), (pair,))
        what = f"{bare} {preposition} {{T}}"
        if rng.random() < 0.3:
            return self._operated_deed(named + f" {preposition} {{T}}", pattern, wanted, rng)
        light = rng.choice(
            ("carried out", "launched", "began", "announced", "continued", "made", "stepped up", "conducted")
        )
        condemned = (pair, Pair("C", "S", "ACCUSE", "actual"), Pair("C", "T", None))
        return rng.choice((
            Draft(f"{{S}} {light} {named} {preposition} {{T}}", (pair,)),
            Draft(f"{{S}}'s {what} came as a surprise", (pair,)),
            Draft(f"{{C}} condemned {{S}}'s {what}", condemned),
            Draft(f"The {what} by {{S}} drew criticism from {{C}}", condemned),
            Draft(f"{{S}}'s {what} continued", (pair,)),
        ))  # fmt: skip

    # Deeds that are not, or not yet.

    def _modal(self, phrase: Phrase, pattern: Pattern, wanted: str, rng: random.Random) -> Draft:
        form, rest = phrase.verb, phrase.rest
        who = "{S} and {T}" if phrase.together else "{S}"
        status = rng.choice(("planned", "hypothetical", "denied"))
        if status == "planned":
            relation, status = self._composed("future", pattern, wanted, True, "planned")
            opening = rng.choice(("will", "is to", "is set to", "are to", "is due to", "will soon", "are expected to"))
            return Draft(f"{who} {opening} {form.base} {rest}", (Pair("S", "T", relation, status),))
        pair = (Pair("S", "T", wanted, status),)
        if status == "hypothetical":
            return Draft(rng.choice((
                f"{who} {rng.choice(('may', 'could', 'might', 'would'))} {form.base} {rest}",
                f"{{C}} warned of consequences if {who} {form.past} {rest}", f"{who} may have {form.participle} {rest}",
                f"It is unclear whether {who} {form.past} {rest}", f"{{C}} fears that {who} will {form.base} {rest}",
            )), pair)  # fmt: skip
        return Draft(rng.choice((
            f"{who} did not {form.base} {rest}", f"{who} has not {form.participle} {rest}",
            f"{who} never {form.past} {rest}", f"{who} denied {form.gerund} {rest}",
            f"{{C}} denied that {who} had {form.participle} {rest}", f"{who} failed to {form.base} {rest}",
        )), pair)  # fmt: skip

    def _operated(self, phrase: Phrase, pattern: Pattern, wanted: str, rng: random.Random) -> Draft | None:
        """Return "A promised to ...", "A stopped ...ing ...": what the operator makes of the deed."""
        if rng.random() < 0.25:
            return self._operated_deed(f"{phrase.verb.gerund} {phrase.rest}", pattern, wanted, rng)
        operator = rng.choice(_OWN)
        texts = [text for text in self.operators[operator] if text.endswith(" to")]
        if not texts:
            return None
        relation, status = self._composed(operator, pattern, wanted, True, "actual")
        lead = self._operator(rng.choice(texts), rng)
        return Draft(f"{{S}} {lead} {phrase.verb.base} {phrase.rest}", (Pair("S", "T", relation, status),))

    def _operated_deed(self, deed: str, pattern: Pattern, wanted: str, rng: random.Random) -> Draft | None:
        operator = rng.choice(_OVER_DEEDS)
        texts = [text for text in self.operators[operator] if len(text.split()) == 1]
        relation, status = self._composed(operator, pattern, wanted, True, "actual")
        lead = self._operator(rng.choice(texts), rng)
        return Draft(f"{{S}} {lead} {deed}", (Pair("S", "T", relation, status),))

    def _reported(self, phrase: Phrase, pattern: Pattern, wanted: str, rng: random.Random) -> Draft | None:
        """Return what a third party says of the deed, or asks for: the third party's own relation is the point."""
        form, rest = phrase.verb, phrase.rest
        kind = rng.choice(("accuse", "condemn", "praise", "demand", "urge", "urge"))
        inner = Pair("S", "T", wanted)
        if kind == "accuse":
            lead = rng.choice(("accused {S} of", "blamed {S} for", "condemned {S} for", "criticised {S} for"))
            return Draft(f"{{C}} {lead} {form.gerund} {rest}",
                         (Pair("C", "S", "ACCUSE", "actual"), inner, Pair("C", "T", None)))  # fmt: skip
        if kind == "condemn":
            return Draft(f"{{C}} said {{S}} had {form.participle} {rest}", (inner, Pair("C", "T", None)))
        if kind == "praise":
            lead = rng.choice(("praised {S} for", "thanked {S} for", "welcomed a decision by {S} on"))
            return Draft(f"{{C}} {lead} {form.gerund} {rest}",
                         (Pair("C", "S", "SUPPORT", "actual"), inner, Pair("C", "T", None)))  # fmt: skip
        relation, status = self._composed(kind, pattern, wanted, False, "actual")
        asking = ("urge", "call on", "ask", "press", "order", "tell", "demand that", "appeal to", "say that")
        lead = self._operator(rng.choice(asking), rng)
        if lead.endswith("that"):
            return Draft(f"{{C}} {lead} {{S}} {'must ' if lead.startswith('sa') else ''}{form.base} {rest}",
                         (Pair("C", "S", relation, status), Pair("C", "T", None)))  # fmt: skip
        return Draft(f"{{C}} {lead} {{S}} to {form.base} {rest}",
                     (Pair("C", "S", relation, status), Pair("C", "T", None), Pair("S", "T", None)))  # fmt: skip

    def _composed(
        self, operator: str, pattern: Pattern, wanted: str, own: bool, otherwise: str
    ) -> tuple[str, str | None]:
        cls = pattern.cls
        rule = self.lexicon.compose(operator, cls.type, self.codebook.types[cls.type].quad, cls.mode, cls.cameo, own)
        if rule is None:
            return wanted, otherwise
        if rule.type:
            return _label(rule.type), rule.status or "actual"
        return wanted, rule.status or otherwise

    def _operator(self, text: str, rng: random.Random) -> str:
        head, *rest = text.split()
        form = verb(rng.choice(head.split("|")))
        lead = rng.choice(
            (form.past, form.past, form.past, f"has {form.participle}", form.third, f"have {form.participle}")
        )
        words = [rng.choice(part.split("|")).replace("+", " ") for part in rest]
        return " ".join([lead, *(w if not w.startswith("@") else "its" for w in words)])

    # Parties put into their places.

    def _filled(self, draft: Draft, rng: random.Random) -> Iterator[Example]:
        main = draft.pairs[0]
        label = next((p.relation for p in draft.pairs if (p.source, p.target) == ("S", "T")), None) or ""
        opening, ending = rng.choice(_OPENINGS), rng.choice(_ENDINGS)
        if "{C}" in draft.text + opening:
            # A third party has one place in the sentence.
            opening, ending = opening if "{C}" not in draft.text else "", "."
        text = opening + draft.text + ending
        if rng.random() < 0.08 and "{C}" not in text and "{D}" not in text:
            text = text.rstrip(".") + rng.choice(
                (", while {C} met {D}.", ", and {C} criticised {D}.", " after {C} attacked {D}.")
            )
        party: dict[str, Party] = {name: self.parties.draw(rng) for name in "STCD"}
        if rng.random() < 0.5 and label in _SOURCES:
            party["S"] = self.parties.draw(rng, _SOURCES[label])
        if rng.random() < 0.5 and label in _TARGETS:
            party["T"] = self.parties.draw(rng, _TARGETS[label])
        if rng.random() < _WIDENED.get(label, 0.12) and "{T}'s" not in text and main.target == "T":
            party["T"] = self.parties.widened(party["T"], rng)
        for name, value in (("{day}", rng.choice(_DAYS)), ("{month}", rng.choice(_MONTHS)),
                            ("{year}", str(rng.randint(1985, 2024))), ("{place}", self.parties.place(rng)),
                            ("{city}", self.parties.place(rng).upper())):  # fmt: skip
            text = text.replace(name, value)
        text, spans = _placed(text, party, rng)
        pairs = [p for p in draft.pairs if p.source in spans and p.target in spans]
        none = [p for p in pairs if p.relation is None]
        if main.relation not in MUTUAL:
            none.append(Pair(main.target, main.source, None))
        known = {(p.source, p.target) for p in pairs}
        none += [Pair(a, b, None) for a in spans for b in spans if a != b and "D" not in (a, b)
                 and {a, b} & {"C"} and (a, b) not in known and (b, a) not in known]  # fmt: skip
        chosen = [p for p in pairs if p.relation is not None]
        if none and rng.random() < 0.5:
            chosen.append(rng.choice(none))
        for pair in chosen:
            yield Example("", text, spans[pair.source], spans[pair.target], pair.relation, pair.relation is not None,
                          pair.status)  # fmt: skip


def _placed(
    text: str, party: dict[str, Party], rng: random.Random
) -> tuple[str, dict[str, tuple[tuple[int, int], ...]]]:
    """Return the text with its parties put in, agreement of the nearest verb mended, and where each party stands."""
    done, spans, at = "", {}, 0
    for match in _PLACEHOLDER.finditer(text):
        done += text[at : match.start()]
        name, at = match[1], match.end()
        words = party[name].text
        start = len(done)
        done += words
        spans[name] = ((start, len(done)),)
        if not party[name].plural and text[at:].startswith(" have "):
            done, at = done + " has ", at + 6
        elif party[name].plural and text[at:].startswith((" has ", " is ", " was ")):
            be = {"has": "have", "is": "are", "was": "were"}[text[at:].split()[0]]
            done, at = done + f" {be} ", at + len(text[at:].split()[0]) + 2
    done += text[at:]
    return done[0].upper() + done[1:], spans


def _label(type: str) -> str:
    return YIELD.get(type, type)
