"""What a report has named so far, read from left to right: people by surname, who "they", "it" and "the two" are.

Nothing here looks ahead: what a sentence gives depends on what stands before it in its report and on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from communique.knowledge.actor_rows import surname
from communique.records import Actor

_MEMORY = 2  # sentences that a pronoun may look back over; further back the guess is worse than none
_PAIR_MEMORY = 8
_FADING = 0.8  # a joint mention counts less with each sentence; tuned by eye on reports of two and of many parties


@dataclass(frozen=True, slots=True)
class Heard:
    """Actors that were named together at one place of the report."""

    actors: tuple[Actor, ...]
    sentence: int
    word: int
    subject: bool
    many: bool


class Discourse:
    """The memory of one report. It changes as the sentences are read."""

    def __init__(self) -> None:
        self.people: dict[str, Actor] = {}
        self.cues: dict[str, tuple[int, frozenset[str]]] = {}
        """For a name of several bearers: up to where the report was looked through, and the cue words found there."""
        self._heard: list[Heard] = []
        self._pairs: list[tuple[int, tuple[Actor, ...]]] = []
        self._weight: dict[str, float] = {}
        self._last: dict[str, Actor] = {}
        self._aimed: dict[str, tuple[int, tuple[Actor, ...]]] = {}

    def introduce(self, actor: Actor) -> None:
        """Remember a person by the family name and the last word of the name, for "Soylu said"."""
        if actor.person:
            self.people[actor.person] = self.people[surname(actor.person, actor.code)] = actor
            last = actor.person.split()[-1]
            self.people[last] = self.people[last.rpartition("-")[2]] = actor  # "al-Jubeir", then "Jubeir"

    def hear(self, heard: Heard) -> None:
        """Remember a mention, for the pronouns that may stand for it."""
        # "A, B and C" is heard item by item; of its groups only the whole counts.
        size = len(heard.actors)
        if size > 2:
            place = (heard.sentence, heard.word)
            self._heard = [h for h in self._heard if (h.sentence, h.word) != place or not 1 < len(h.actors) < size]
        self._heard.append(heard)

    def weigh(self, actor: Actor, weight: float) -> None:
        """Count a mention of a body towards what the report is about."""
        if actor.code:
            self._weight[actor.code] = self._weight.get(actor.code, 0.0) + weight
            self._last[actor.code] = actor

    def weight(self, code: str) -> float:
        """Return how much the body with this code was named so far; 0 if it was not."""
        return self._weight.get(code, 0.0)

    @property
    def named(self) -> Collection[str]:
        """The codes of all bodies named so far."""
        return self._weight.keys()

    def join(self, actors: Iterable[Actor], sentence: int) -> None:
        """Remember that these did something together; "the two countries" may mean them."""
        distinct = {a.code: a for a in actors if a.code}
        if len(distinct) > 1:
            self._pairs.append((sentence, tuple(distinct.values())))

    def group(self, size: int, sentence: int) -> tuple[Actor, ...]:
        """Return the `size` actors that acted together most and last, else the `size` most named bodies, as bodies."""
        together = self._together(size, sentence)
        if together:
            return tuple(as_body(a) for a in together)
        ranked = sorted(self._weight, key=lambda code: (-self._weight[code], code))
        if size != 2 or len(ranked) < 2 or self._tied(ranked, 2):
            return ()
        return tuple(as_body(self._last[code]) for code in ranked[:2])

    def _tied(self, ranked: Sequence[str], n: int) -> bool:
        """Tell whether the first `n` of the bodies are named no more than the next: which are meant is not told."""
        return len(ranked) > n and self._weight[ranked[n - 1]] == self._weight[ranked[n]]

    def _together(self, size: int, sentence: int) -> tuple[Actor, ...]:
        """Return the set of `size` actors with the greatest weight of joint mentions, which fades with distance."""
        scores: dict[frozenset[str], float] = {}
        last: dict[frozenset[str], tuple[Actor, ...]] = {}
        for when, actors in self._pairs:
            if len(actors) == size and sentence - when <= _PAIR_MEMORY:
                key = frozenset(a.code for a in actors)
                scores[key] = scores.get(key, 0.0) + _FADING ** (sentence - when)
                last[key] = actors
        if not scores:
            return ()
        return last[max(scores, key=lambda key: (scores[key], sorted(key)))]

    def people_group(self, size: int, sentence: int) -> tuple[Actor, ...]:
        """Like `group`, but keep the persons: "the two leaders"."""
        return self._together(size, sentence) or self._lately(size, sentence) or self.group(size, sentence)

    def persons(self, size: int, sentence: int) -> tuple[Actor, ...]:
        """Return the `size` persons who acted together last, else those named last, if just so many were: "the two
        men"."""
        together = self._together(size, sentence)
        if together and all(a.person or a.office for a in together):
            return together
        return self._lately(size, sentence)

    def _lately(self, size: int, sentence: int) -> tuple[Actor, ...]:
        """Return the persons named of late if they are just so many."""
        near = (h for h in self._heard if sentence - h.sentence <= _PAIR_MEMORY)
        named = {a.person: a for h in near for a in h.actors if a.person}
        return tuple(named.values()) if len(named) == size else ()

    def candidates(
        self, kind: str, sentence: int, word: int, fit: Callable[[Actor], bool] = lambda actor: True
    ) -> Iterator[tuple[Actor, ...]]:
        """Yield what a pronoun of `kind` ("one person", "one body", "many") at this place may stand for, best first.

        A single actor that does not `fit` (a man for "she") is passed over.
        """
        recent = len(self._heard)
        while recent and sentence - self._heard[recent - 1].sentence <= _MEMORY:
            recent -= 1
        near = self._heard[recent:]
        here = [h for h in near if h.sentence == sentence and h.word < word]
        before = [h for h in near if h.sentence < sentence]
        before.sort(key=lambda h: (sentence - h.sentence, not h.subject, h.word))
        here.sort(key=lambda h: (not h.subject, h.word if h.subject else -h.word))
        seen = set()
        for heard in (*here, *before):
            if fits(heard, kind) and (len(heard.actors) != 1 or fit(heard.actors[0])):
                key = tuple(a.code + a.person for a in heard.actors)
                if key not in seen:
                    seen.add(key)
                    yield heard.actors

    def subjects(self, sentence: int) -> Iterator[tuple[Actor, ...]]:
        """Yield those who were subjects of that sentence."""
        yield from (heard.actors for heard in self._heard if heard.subject and heard.sentence == sentence)

    def aim(self, type_: str, recipients: Iterable[Actor], sentence: int) -> None:
        """Remember at whom a deed of a type was aimed."""
        self._aimed[type_] = (sentence, tuple(recipients))

    def aimed(self, type_: str, sentence: int) -> tuple[Actor, ...]:
        """Return at whom the last deed of the type was aimed: "... cut ties with A. B broke off relations, too"."""
        when, recipients = self._aimed.get(type_, (-_PAIR_MEMORY, ()))
        return recipients if sentence - when <= _MEMORY + 1 else ()

    def salient(self) -> Actor | None:
        """Return the body that the report has named most so far; None if none was named more than all others."""
        ranked = sorted(self._weight, key=lambda code: (-self._weight[code], code))
        return self._last[ranked[0]] if ranked and not self._tied(ranked, 1) else None

    def last_of(self, codes: frozenset[str]) -> Actor | None:
        """Return the body among `codes` that was named last: "the island"."""
        for heard in reversed(self._heard):
            for actor in heard.actors:
                if actor.code in codes:
                    return as_body(actor)
        return None

    def holder(self, office: str) -> Actor | None:
        """Return the last person named with `office`."""
        for heard in reversed(self._heard):
            for actor in heard.actors:
                if actor.office == office:
                    return actor
        return None


def fits(heard: Heard, kind: str) -> bool:
    """Tell whether a pronoun of this kind can stand for the mention."""
    if kind == "many":
        return heard.many or len(heard.actors) > 1
    if heard.many or len(heard.actors) != 1:
        return False
    actor = heard.actors[0]
    if kind == "one person":
        return bool(actor.person or actor.office)
    return bool(actor.code) and not actor.person


def as_body(actor: Actor) -> Actor:
    """Return the state or body that an actor belongs to, without person, office and sector.

    That it is partly recognised (PRE) is kept: PLOVER adds it to whatever other sector there is.
    """
    disputed = ("PRE",) if "PRE" in (actor.sector, *actor.sectors) else ()  # PLOVER adds it to any other sector
    return Actor(actor.code, actor.name, actor.kind, "", disputed, text=actor.text, span=actor.span)
