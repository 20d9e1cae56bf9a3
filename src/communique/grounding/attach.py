"""When and where each draft of a report was: dates and places found once a sentence, given to its records."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.predicates import chain_objects
from communique.coding.roles import Filler
from communique.grounding.calendar import Days
from communique.grounding.dates import Dated, anchor_of, read_sentence
from communique.grounding.deeds import date_among
from communique.grounding.places import event_places, find_places
from communique.grounding.words import TimeWords
from communique.knowledge.gazetteer import Gazetteer
from communique.language.mood import mood_of
from communique.language.tree import Sentence
from communique.records import Actor, DateInterval, Place, Span, Status

_AGAINST_PLACES = frozenset({"ASSAULT", "COERCE", "MOBILIZE"})
_ANCHOR_SENTENCES = 5  # farther back, "the next day" counts from something else
_BACKGROUND_DAYS = 365  # a deed dated more than a year before publication is background (PLOVER: historical)


class Grounding:
    """Dates and places for the records of one report."""

    def __init__(
        self, gazetteer: Gazetteer, times: TimeWords, published: str, sentences: Sequence[Sentence] = ()
    ) -> None:
        self._gazetteer = gazetteer
        self._times = times
        self._published = published
        self._sentences = {s.index: s for s in sentences}
        self._dates: dict[tuple[int, str], list[Dated]] = {}
        self._places: dict[int, tuple[Place, ...]] = {}

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
        key = (s.index, tense)
        if key not in self._dates:
            self._dates[key] = read_sentence(s, self._published, self._times, tense, lambda: self._before(s))
        return self._dates[key]

    def _before(self, s: Sentence) -> Days | None:
        """Return the last date named in the sentences before, near enough for "the next day" to count from."""
        for index in range(s.index - 1, s.index - 1 - _ANCHOR_SENTENCES, -1):
            if index in self._sentences:
                found = read_sentence(self._sentences[index], self._published, self._times, "none")
                if (last := anchor_of(found)) is not None:
                    return last
        return None

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
        if s.index not in self._places:
            self._places[s.index] = find_places(s, self._gazetteer, _blocked(draft.context))
        parties = [a.span for f in (draft.actors, draft.recipients) for a in f.actors]
        free = tuple(p for p in self._places[s.index] if p.kind != "country" or not _within(p.span, parties))
        return event_places(s, draft.predicate.head, free)

    def recipients(self, draft: EventDraft) -> Filler:
        """Return the draft's recipients; of violence against a place ("shelled Kharkiv") that is the place's state."""
        if draft.recipients or draft.type not in _AGAINST_PLACES:
            return draft.recipients
        s = draft.context.sentence
        self.places(draft)
        heads = {a.head for a in draft.predicate.arguments if a.slot == "object"}
        heads |= set(chain_objects(s, draft.predicate.tokens))
        for place in self._places[s.index]:
            at = next((h for h in heads if place.span[0] <= s.starts[h] < place.span[1]), None)
            entity = draft.context.knowledge.actors.entity(place.country)
            if at is not None and entity is not None and entity.code not in {a.code for a in draft.actors.actors}:
                actor = Actor(entity.code, entity.name, entity.kind, text=place.text, span=place.span)
                return Filler((actor,), (at,), "place")
        return draft.recipients

    def status(self, draft: EventDraft, date: DateInterval) -> Status:
        """Return the draft's status; a deed dated long before the day of publication is historical."""
        if draft.status != "actual" or not (date.end and self._published):
            return draft.status
        age = datetime.date.fromisoformat(self._published) - datetime.date.fromisoformat(date.end)
        return "historical" if age.days > _BACKGROUND_DAYS else draft.status


def _within(span: Span, others: Sequence[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in others)


def _blocked(context: SentenceContext) -> set[int]:
    """The words of persons' names and of organisations, which may look like places."""
    return {
        i
        for m in context.actors.mentions
        if m.of("person", "surname") and not m.of("name", "capital")
        for i in range(m.first, m.last + 1)
    }
