"""Counts of a deed: dead, injured, arrested, the size of a crowd or a force, money.

A number belongs to the event that is nearest to it in the tree: that of its own clause, or the one on which its
participle or relative clause hangs. It never crosses another deed, nor leaves a clause of its own ("after 20 people
had died, ..."). Which counts an event may have is said by its type in the codebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from communique.coding.context import SentenceContext
from communique.coding.counting import Counted, Counting
from communique.coding.drafts import EventDraft
from communique.knowledge.quantities import QuantityWords
from communique.language.numbers import Numbers, Quantity
from communique.language.tree import Sentence
from communique.records import Magnitude

_HARM = ("dead", "injured", "arrested")
_CLAUSES = ("relcl", "acl", "advcl", "ccomp", "conj", "parataxis")
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_CLAUSE_COST = 2
_FAR = 99


def with_magnitudes(context: SentenceContext, drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """Return the events of a sentence with the counts that belong to each."""
    words = context.knowledge.quantities.get(context.words.id)
    if not drafts or words is None:
        return list(drafts)
    quantities = list(_quantities(context.sentence, words))
    if not quantities:
        return list(drafts)
    owning = _Owning(context, words, drafts)
    counting = Counting(context, words)
    owned: list[list[Counted]] = [[] for _ in drafts]
    for quantity in quantities:
        for counted in counting.counts(quantity):
            if isinstance(quantity, _Single) and not _one_harmed(counted):
                continue  # "a man" is one only among those who were harmed
            number, found = owning.owner(counted)
            if number >= 0:
                owned[number].append(found)
    return [replace(d, magnitude=_magnitude(found)) if found else d for d, found in zip(drafts, owned, strict=True)]


def _one_harmed(c: Counted) -> bool:
    return c.kind in _HARM and c.people and not c.quality and c.at != c.head


@dataclass(frozen=True, slots=True)
class _Single(Quantity):
    """One person, by an article: "a policeman"."""


def _quantities(s: Sentence, words: QuantityWords) -> Iterator[Quantity]:
    """Yield the numbers of the sentence, with those that are none ("no casualties") or an article ("a policeman")."""
    taken: set[int] = set()
    for q in Numbers(s, words).find():
        taken.update(range(q.first, max(q.last, q.whole) + 1))
        if q.first and s.words[q.first - 1].lower() in words.none:  # "no one"
            q = replace(q, value=0)
            taken.add(q.first - 1)
        yield q
    for i, word in enumerate(s.words):
        if i in taken:
            continue
        lower = word.lower()
        if lower in words.none:
            yield Quantity(i, i, 0)
        elif s.deps[i] == "det" and lower in words.articles and s.tags[s.heads[i]] in ("NN", "NNP"):
            if s.words[i + 1].lower() in words.fractions:
                continue  # "a third of the prisoners"
            yield _Single(i, i, 1)


def _magnitude(found: Iterable[Counted]) -> Magnitude:
    """Return the counts of an event: of each kind the first, with what is joined to it."""
    groups: dict[str, dict[tuple[int, int], list[Counted]]] = {}
    for c in found:
        groups.setdefault(c.kind, {}).setdefault((c.at if c.kind in _HARM else -1, c.head), []).append(c)
    values: dict[str, float] = {}
    for kind, by_head in groups.items():
        # What is done to 300 people counts before the 20 who do it.
        first = min(by_head.values(), key=lambda group: (not group[0].object, group[0].head))
        people = [c.value for c in first if c.people]
        values[kind] = sum(people) if people and kind != "money" else first[0].value
    money = values.pop("money", None)
    return Magnitude(money=money, **{kind: round(value) for kind, value in values.items()})


class _Owning:
    """Finds the event to which a count belongs."""

    def __init__(self, context: SentenceContext, words: QuantityWords, drafts: Sequence[EventDraft]) -> None:
        self._s = context.sentence
        self._words = words
        self._drafts = drafts
        types = context.knowledge.codebook.types
        self._allowed = [types[d.type].counts for d in drafts]
        found = {**context.hidden, **context.predicates}
        self._typed = {i: p.cls.type for i, p in found.items() if p.cls.type}
        self._anchors = [self._anchors_of(d) for d in drafts]

    def _anchors_of(self, d: EventDraft) -> frozenset[int]:
        heads = (d.predicate.head, *((d.deed.head,) if d.deed else ()))
        return frozenset((*heads, *(t for t in d.triggers if self._s.pos[t] not in ("ADP", "PART", "SCONJ", "DET"))))

    def owner(self, counted: Counted) -> tuple[int, Counted]:
        """Return the number of the nearest event that may have such a count, and the count; -1 if there is none."""
        number = self._nearest(counted)
        if number < 0 and counted.quality:
            counted = replace(counted, kind="size", quality=False)  # "freed twelve jailed activists"
            number = self._nearest(counted)
        return number, counted

    def _nearest(self, counted: Counted) -> int:
        best, at = _FAR, -1
        for number, draft in enumerate(self._drafts):
            allowed = self._allowed[number]
            arms = counted.kind == "size" and not counted.people and "dead" in allowed  # "shot down two drones"
            if counted.kind in allowed and not arms:
                cost = min(self._distance(counted, anchor, draft, number) for anchor in self._anchors[number])
                if cost < best:
                    best, at = cost, number
        return at

    def _distance(self, counted: Counted, anchor: int, draft: EventDraft, number: int) -> int:
        """Return the steps from the count to a word of the event; `_FAR` where something stands between."""
        s, harm = self._s, counted.kind in _HARM
        above = [anchor, *s.ancestors(anchor)]
        up: list[int] = []
        at = counted.at
        while at not in above:
            up.append(at)
            if s.heads[at] == at:
                return _FAR
            at = s.heads[at]
        down = above[: above.index(at)]
        anchors = self._anchors[number]
        if any(not self._leaves(x, counted, draft, anchors) for x in up):
            return _FAR
        if any(not self._enters(x, harm) for x in down):
            return _FAR
        return sum(_CLAUSE_COST if s.deps[x] in _CLAUSES else 1 for x in (*up, *down))

    def _leaves(self, x: int, counted: Counted, draft: EventDraft, anchors: frozenset[int]) -> bool:
        """Tell whether a count below word `x` may belong to what stands above it."""
        s, dep, head = self._s, self._s.deps[x], self._s.heads[x]
        harm = counted.kind in _HARM
        if x in anchors:
            return True
        if self._typed.get(x, draft.type) != draft.type and not (harm and x == counted.at):
            return False  # another deed's
        if head in anchors:
            return dep not in ("conj", "advcl") or s.pos[x] not in ("VERB", "AUX") or self._shares(x, harm)
        if dep == "ccomp":
            return False
        if dep in ("relcl", "acl"):
            return harm
        if dep in ("conj", "advcl", "parataxis") and s.pos[x] in ("VERB", "AUX"):
            return self._shares(x, harm)
        if dep == "prep" and counted.kind == "size" and s.pos[head] == "NOUN":
            return s.lemmas[head].lower() in self._words.crowds | self._words.units | self._words.people
        return True

    def _shares(self, verb: int, harm: bool) -> bool:
        """Tell whether a clause goes on with the deed above: "..., killing five", "... and five people were killed"."""
        s = self._s
        own = s.kid(verb, *_SUBJECTS)
        if s.deps[verb] == "advcl":
            return own is None and s.kid(verb, "mark") is None
        if own is None:
            return harm
        # "... and five were killed", "six were killed and nine injured", "and five died"
        passive = s.kid(verb, "agent", "dobj") is None and (s.deps[own] == "nsubjpass" or s.tags[verb] == "VBN")
        return harm and (passive or any(s.lemmas[verb] in k.subject for k in self._words.kinds.values()))

    def _enters(self, x: int, harm: bool) -> bool:
        """Tell whether the event below word `x` may own a count that stands above it."""
        s, dep = self._s, self._s.deps[x]
        if dep == "ccomp":
            return False
        if dep == "advcl" and s.tags[x] == "VB":
            return True  # "5,000 gathered to protest"
        if dep in _CLAUSES and s.pos[x] in ("VERB", "AUX"):
            return harm and not (dep == "conj" and s.kid(x, *_SUBJECTS) is not None and not self._harms(x))
        return True

    def _harms(self, verb: int) -> bool:
        return any(self._s.lemmas[verb] in k.object | k.subject for k in self._words.kinds.values())
