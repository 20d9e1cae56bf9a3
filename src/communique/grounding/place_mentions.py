"""The names of places in a report with what is said of them, and which of them go together as one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from communique.grounding.place_evidence import Evidence, evidence
from communique.grounding.place_names import Named, find_names
from communique.grounding.place_people import People, beside_person, find_people
from communique.knowledge.gazetteer import Gazetteer, Site, without_seated
from communique.language.tree import Sentence

_DASHES = frozenset("— -- – - ( :".split())
_FIRST = 4
"""Sentences at the head of a report, titles included, that may begin with its dateline."""

Group = tuple[str, tuple[Site, ...]]


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A name, what the words around it say, and whether it is a person's; `outer` is what the name before it says that
    it lies in, where this one is that ("Texas" in "Paris, Texas").
    """

    named: Named
    said: Evidence
    personal: bool
    outer: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class Grouped:
    """The mentions of a report, those that share a name and the places that it may have in one group."""

    mentions: tuple[PlaceMention, ...]
    groups: Mapping[Group, tuple[PlaceMention, ...]] = field(default_factory=dict)


def read_mentions(
    sentences: Sequence[Sentence], gazetteer: Gazetteer, blocked: Mapping[int, Collection[int]]
) -> Grouped:
    """Return the names of places in the sentences of a report, in text order.

    `blocked` are, by number of the sentence, words that belong to names of people and other actors.
    """
    words = gazetteer.words
    people: People | None = None
    found: list[PlaceMention] = []
    for number, s in enumerate(sentences):
        names = find_names(s, number, gazetteer, words, blocked.get(number, ()))
        if names and people is None:
            people = find_people(sentences, gazetteer, words)
        outer: tuple[Site, ...] = ()
        for n, named in enumerate(names):
            said = evidence(s, names, n, gazetteer, dateline=number < _FIRST and _is_dateline(s, named))
            personal = people is not None and _is_personal(s, named, said, people, gazetteer)
            found.append(PlaceMention(named, said, personal, outer))
            outer = said.around if said.inside else ()
    return Grouped(tuple(found), _group(found))


def _is_dateline(s: Sentence, named: Named) -> bool:
    """Tell whether the name opens the sentence as the place that the report was filed from."""
    if named.first != 0 or not named.text.isupper():
        return False
    return any(w in _DASHES for w in s.words[named.last + 1 : named.last + 10])


def _is_personal(s: Sentence, named: Named, said: Evidence, people: People, gazetteer: Gazetteer) -> bool:
    if named.form != "name" or said.inside:
        return False
    if (named.sentence, named.last) in people.words or beside_person(s, named, gazetteer, gazetteer.words):
        return True
    return named.first == named.last and named.key in people.surnames and said.located < 2


def _group(mentions: Sequence[PlaceMention]) -> dict[Group, tuple[PlaceMention, ...]]:
    fixed: dict[str, set[tuple[Site, ...]]] = defaultdict(set)
    for m in mentions:
        if m.said.inside:
            fixed[m.named.key].add(m.said.inside)
    groups: dict[Group, list[PlaceMention]] = defaultdict(list)
    for m in mentions:
        groups[_meant(m, fixed.get(m.named.key, set()))].append(m)
    return {key: tuple(found) for key, found in groups.items()}


def _meant(m: PlaceMention, fixed: Collection[tuple[Site, ...]]) -> Group:
    """Return the name and the places that the mention may mean: those that the text says, here or elsewhere."""
    key, sites = m.named.key, m.named.sites
    if m.said.inside:
        return key, m.said.inside
    if m.said.region:
        regions = tuple(s for s in sites if s.kind in m.said.region)
        if regions:
            return f"{key} {m.said.region[0]}", regions
    if len(fixed) == 1:
        return key, next(iter(fixed))
    if m.outer and any(o in sites for o in m.outer):
        return key, m.outer
    return key, tuple(without_seated(sites)) or sites
