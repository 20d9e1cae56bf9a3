"""When and where each draft of a report was: dates and places found once a sentence, given to its records."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from communique.actors.mentions import Mention
from communique.actors.resolve import SentenceActors
from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.positions import PositionDraft
from communique.coding.predicates import chain_objects
from communique.coding.roles import Filler
from communique.grounding.calendar import Days
from communique.grounding.dates import Dated, Timed, anchor_of, find_times, read_times
from communique.grounding.deeds import date_among
from communique.grounding.event_places import event_places
from communique.grounding.places import Located, find_places
from communique.grounding.words import TimeWords
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.place_names import fold
from communique.language.mood import mood_of
from communique.language.tree import Sentence
from communique.records import Actor, DateInterval, Place, Span, Status

_AGAINST_PLACES = frozenset({"ASSAULT", "COERCE", "MOBILIZE"})
_ANCHOR_SENTENCES = 5  # farther back, "the next day" counts from something else
_BODIES = frozenset("igo party armed company media ngo ethnic".split())
_BACKGROUND_DAYS = 365  # a deed dated more than a year before publication is background (PLOVER: historical)


class Grounding:
    """Dates and places for the records of one report."""

    def __init__(
        self,
        contexts: Sequence[SentenceContext],
        gazetteer: Gazetteer,
        times: TimeWords,
        published: str,
        dateline: str = "",
    ) -> None:
        """`contexts` are those of all sentences of the report, filed from `dateline` on the day `published`."""
        self._contexts = contexts
        self._gazetteer = gazetteer
        self._times = times
        self._published = published
        self._dateline = dateline
        self._sentences = {c.sentence.index: c.sentence for c in contexts}
        self._times_in: dict[int, Timed | None] = {}
        self._dates: dict[tuple[int, str], list[Dated]] = {}
        self._last: dict[int, Days | None] = {}

    @cached_property
    def located(self) -> tuple[Located, ...]:
        """All places that the report names, each with the reason for it; found when they are first asked for."""
        sentences = [c.sentence for c in self._contexts]
        return report_places(sentences, [c.actors for c in self._contexts], self._gazetteer, self._dateline)

    @cached_property
    def _places(self) -> Mapping[int, tuple[Place, ...]]:
        """The places by the index of the sentence, without words like "Georgian"."""
        found: dict[int, list[Place]] = {c.sentence.index: [] for c in self._contexts}
        for x in self.located:
            if x.form != "demonym":
                found[self._contexts[x.sentence].sentence.index].append(x.place)
        return {index: tuple(places) for index, places in found.items()}

    def date(self, context: SentenceContext, head: int) -> DateInterval:
        """Return when the deed, word or stance at word `head` was."""
        s = context.sentence
        tense = mood_of(s, head, context.words).tense
        found = self._found(s, tense)
        date = date_among(found, s, head, tense, self._published)
        after = s.kid(head, "conj")
        if date.text or after is None or s.pos[after] != "VERB" or s.kid(after, "nsubj", "nsubjpass") is not None:
            return date
        # "shot down a jet and captured its pilot on Wednesday": one day for what one subject did.
        shared = date_among(found, s, after, tense, self._published)
        return shared if shared.text else date

    def _found(self, s: Sentence, tense: str) -> list[Dated]:
        """Return the expressions of a sentence, read once for each tense that its predicates have."""
        if (timed := self._timed(s)) is None:
            return []
        key = (s.index, tense)
        if key not in self._dates:
            self._dates[key] = read_times(timed, self._published, tense, lambda: self._before(s))
        return self._dates[key]

    def _timed(self, s: Sentence) -> Timed | None:
        if s.index not in self._times_in:
            self._times_in[s.index] = find_times(s, self._times)
        return self._times_in[s.index]

    def _before(self, s: Sentence) -> Days | None:
        """Return the last date named in the sentences before, near enough for "the next day" to count from."""
        for index in range(s.index - 1, s.index - 1 - _ANCHOR_SENTENCES, -1):
            if index in self._sentences and (last := self._last_in(index)) is not None:
                return last
        return None

    def _last_in(self, index: int) -> Days | None:
        """Return the last date that a sentence names, read by itself."""
        if index not in self._last:
            timed = self._timed(self._sentences[index])
            found = read_times(timed, self._published, "none", lambda: None) if timed is not None else []
            self._last[index] = anchor_of(found)
        return self._last[index]

    def date_of(self, draft: EventDraft) -> DateInterval:
        """Return when the event was, by the words that date what was said or agreed, else the deed in it."""
        date = self.date(draft.context, draft.predicate.head)
        if draft.deed is None or date.text:
            return date
        deed = self.date(draft.context, draft.deed.head)
        return deed if deed.text else date

    def places(self, draft: EventDraft) -> tuple[Place, ...]:
        """Return where the deed was done; a state that is only a party to it is no place."""
        s = draft.context.sentence
        parties = [a.span for f in (draft.actors, draft.recipients) for a in f.actors]
        free = tuple(p for p in self._places[s.index] if p.kind != "country" or not _within(p.span, parties))
        return event_places(s, draft.predicate.head, free)

    def recipients(self, draft: EventDraft) -> Filler:
        """Return the draft's recipients; of violence against a place ("shelled Kharkiv") that is the place's state."""
        if draft.recipients or draft.type not in _AGAINST_PLACES:
            return draft.recipients
        s = draft.context.sentence
        heads = {a.head for a in draft.predicate.arguments if a.slot == "object"}
        heads |= set(chain_objects(s, draft.predicate.tokens))
        for place in self._places[s.index]:
            at = next((h for h in heads if place.span[0] <= s.starts[h] < place.span[1]), None)
            entity = draft.context.knowledge.actors.entity(place.country)
            if at is not None and entity is not None and entity.code not in {a.code for a in draft.actors.actors}:
                actor = Actor(entity.code, entity.name, entity.kind, text=place.text, span=place.span)
                return Filler((actor,), (at,), "place")
        return draft.recipients

    def status(self, draft: EventDraft | PositionDraft, date: DateInterval) -> Status:
        """Return the draft's status; a deed dated long before the day of publication is historical."""
        if draft.status != "actual" or not (date.end and self._published):
            return draft.status
        age = datetime.date.fromisoformat(self._published) - datetime.date.fromisoformat(date.end)
        return "historical" if age.days > _BACKGROUND_DAYS else draft.status


def _within(span: Span, others: Sequence[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in others)


def report_places(
    sentences: Sequence[Sentence], actors: Sequence[SentenceActors], gazetteer: Gazetteer, dateline: str = ""
) -> tuple[Located, ...]:
    """Return the places that a report names; names of its people are none, and their states speak for theirs."""
    full = {
        sentence.words[m.last]
        for sentence, a in zip(sentences, actors, strict=True)
        for m in a.mentions
        if m.of("person") and m.last > m.first
    }
    blocked = {
        number: {
            i
            for m in a.mentions
            if _is_body(m) or _is_person(m, sentence.words, full)
            for i in range(m.first, m.last + 1)
        }
        for number, (sentence, a) in enumerate(zip(sentences, actors, strict=True))
    }
    people = actors[0].discourse.people if actors else {}
    countries = {people[name].code for name in full if name in people}
    senses = {fold(name): code for a in actors for name, code in a.senses.items()}
    return find_places(sentences, gazetteer, blocked=blocked, countries=countries, senses=senses, dateline=dateline)


def _is_body(m: Mention) -> bool:
    """Tell whether a mention is the name of a body and of nothing else: "Nato" and "Hamas" are no towns."""
    forms = m.of("name", "adjective", "inhabitant")
    return bool(forms) and all(f.entity is not None and f.entity.kind in _BODIES for f in forms)


def _is_person(m: Mention, words: Sequence[str], full: Collection[str]) -> bool:
    """Tell whether a mention is a person's name: a full one, or the surname of one whom the report names in full."""
    if m.of("name", "capital") or not m.of("person", "surname"):
        return False
    return m.last > m.first or words[m.last] in full
