"""From text to records: the stages in their order, and no logic of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from communique.actors.discourse import Discourse
from communique.actors.phrase import CARRIER, may_be_somebody, phrase_actors
from communique.actors.resolve import SentenceActors
from communique.coding.context import SentenceContext, make_context, start
from communique.coding.drafts import EventDraft
from communique.coding.events import EventCoder
from communique.coding.finish import (
    claimed_by,
    is_said,
    make_event,
    make_position,
    make_statement,
    our_own,
    place_of,
    speakers_of,
)
from communique.coding.gate import choose
from communique.coding.judged import JudgedEvents
from communique.coding.magnitude import with_magnitudes
from communique.coding.pairs import Reading, given, readings
from communique.coding.positions import PositionCoder, PositionDraft
from communique.coding.sightings import Sightings
from communique.coding.statements import StatementDraft, code_statements
from communique.coding.topics import with_contexts
from communique.coding.verdict import Verdict, by_patterns, combined, stance_by_patterns
from communique.errors import CommuniqueError, KnowledgeError, LanguageError, unknown
from communique.grounding.attach import Grounding, report_places
from communique.grounding.dates import find_dates
from communique.grounding.meanings import meanings_of
from communique.grounding.places import Located
from communique.grounding.words import TimeWords, load_time_words
from communique.judge import Judge
from communique.knowledge import Knowledge, load_knowledge
from communique.knowledge.language import words_of
from communique.knowledge.repeated import Repeated
from communique.knowledge.schemes import Scheme
from communique.language.choice import Gate
from communique.language.parser import Parser
from communique.language.tree import Sentence
from communique.reading import Document, read_item
from communique.reading.day import parse_day
from communique.records import Actor, Coding, Failure, Meaning, Place, Record, Span, Trace
from communique.settings import PLOVER, Settings
from communique.sources.item import RawItem

Item = RawItem | Document | Failure | str | Mapping[str, Any]
_LINES = re.compile(r"[^\n]*\S[^\n]*")
_TOGETHER = 16  # reports read ahead, so that the parser has full batches; memory stays bounded


class Coder:
    """Codes reports. It holds the knowledge and the language pipeline, and nothing of the reports that it has seen."""

    def __init__(self, knowledge: Knowledge, parser: Parser, settings: Settings) -> None:
        self.knowledge = knowledge
        self.settings = settings
        self._parser = parser
        self._words = words_of(knowledge.languages, settings.language)
        self._times = load_time_words(knowledge.times)
        self._sightings = None if settings.parse_all else Sightings(knowledge, self._words)
        asked = (
            settings.judge and settings.language == "en" and settings.codebook == PLOVER
        )  # it knows PLOVER and English
        self._judge = Judge() if asked else None

    def with_repeated(self, repeated: Repeated) -> Coder:
        """Return this coder with the paragraphs that outlets repeat, which its `read` leaves out as furniture."""
        changed = copy(self)
        furniture = self.knowledge.furniture.with_repeated(repeated)
        changed.knowledge = replace(self.knowledge, furniture=furniture)
        return changed

    @property
    def parser(self) -> Parser:
        """The language pipeline, for measures that need no records."""
        return self._parser

    @property
    def times(self) -> TimeWords:
        """The seasons and occasions of the knowledge files."""
        return self._times

    def __call__(self, text: str, *, published: str = "", title: str = "", url: str = "", outlet: str = "") -> Coding:
        """Return the records of one report.

        `published` is the day of publication, to which "on Friday" and the holders of offices are related.
        Raises InputError if the text cannot be read.
        """
        return self.code(self.read(RawItem(text, "text", published=published, title=title, url=url, outlet=outlet)))

    def read(self, item: RawItem) -> Document:
        """Return the report of an item with the blocks that are to be coded; raises InputError."""
        return read_item(item, furniture=self.knowledge.furniture, settings=self.settings)

    def parse(self, documents: Iterable[Document]) -> Iterator[tuple[Sentence, ...]]:
        """Yield the sentences of each report that was read; reports that come together are parsed together.

        What can hold no record, and what no record needs, is not parsed, unless the settings say `parse_all`.
        """
        return self._parser.parse_chosen((_blocks(d, self.settings.language), self._gate(d)) for d in documents)

    def _gate(self, document: Document) -> Gate | None:
        if self._sightings is None:
            return None
        return partial(choose, document.report.text, self._sightings)

    def code(self, document: Document, sentences: Sequence[Sentence] | None = None) -> Coding:
        """Return the records of one report that was read, and parsed, if its `sentences` are given."""
        return self._records(document, next(self.parse([document])) if sentences is None else sentences)

    def stream(self, items: Iterable[Item]) -> Iterator[Coding | Failure]:
        """Yield what each item gives, in their order; one that cannot be read or coded is yielded as a Failure.

        An item may be a Document that `read` gave, a Failure, which is passed on, or a mapping with the keys of
        RawItem, `text` for `content`, and `id` for `source_id`.
        """
        waiting: list[Document | Failure] = []
        for number, item in enumerate(items):
            waiting.append(self._try_read(item, number))
            if len(waiting) >= _TOGETHER:
                yield from self._code_all(waiting)
                waiting = []
        yield from self._code_all(waiting)

    def _try_read(self, item: Item, number: int) -> Document | Failure:
        if isinstance(item, Document | Failure):
            return item
        try:
            raw = as_item(item, number)
            return self.read(raw)
        except CommuniqueError as error:
            origin = item.origin if isinstance(item, RawItem) else f"item {number + 1}"
            source_id = item.source_id if isinstance(item, RawItem) else ""
            if isinstance(item, Mapping):
                source_id = str(item.get("source_id") or item.get("id") or "")
            return Failure(origin, "reading", str(error), source_id)

    def _code_all(self, waiting: Sequence[Document | Failure]) -> Iterator[Coding | Failure]:
        parsed = self.parse(d for d in waiting if isinstance(d, Document))
        for document in waiting:
            yield document if isinstance(document, Failure) else self._records(document, next(parsed))

    def statements(self, text: str, published: str = "") -> list[StatementDraft]:
        """Return all attributions in a text, line by line, before furniture and before they are held for statements.

        This is what the attribution measures of `communique.evaluation` ask for.
        """
        discourse = Discourse()
        contexts = [
            make_context(s, text, self.knowledge, self._words, discourse, published)
            for s in next(iter(self._parser.parse([_lines(text)])))
        ]
        return code_statements(contexts, text)

    def phrase(self, text: str, published: str = "", context: str = "") -> tuple[Actor, ...]:
        """Return whom a noun phrase, taken by itself, stands for: "the Turkish interior minister", "Kurdish militants".

        `published` (ISO, "" for an unknown day) decides who holds an office; `context` names the state that is spoken
        of, as a report's dateline would. An empty answer: the words name no actor. Raises InputError for a day that is
        none.
        """
        phrase = text.strip()
        whole = f"{phrase}{CARRIER}"
        sentences = next(iter(self._parser.parse([[(whole, 0)]])))
        for actors in self._actors_of(sentences, whole, published, start(context, self.knowledge)):
            if found := phrase_actors(actors, len(phrase)):
                return self._in_context(found, context)
        return ()

    def _in_context(self, actors: tuple[Actor, ...], context: str) -> tuple[Actor, ...]:
        """Give the state of the context to those who belong to none that is named: "the riot police"."""
        site = self.knowledge.gazetteer.best(context) if context else None
        entity = self.knowledge.actors.entity(site.country) if site is not None else None
        if entity is None:
            return actors
        return tuple(a if a.code else replace(a, code=entity.code, name=entity.name, kind=entity.kind) for a in actors)

    def relations(
        self, asked: Sequence[tuple[str, Sequence[Span], Sequence[Span]]], scheme: str = "plv"
    ) -> list[Verdict]:
        """Return, for each text with its two parties, what the first does to the second, in the labels of `scheme`.

        Parties are `[start, end)` code-point spans, one or more each. Raises KnowledgeError for an unknown scheme.
        """
        labels, judge = self.scheme(scheme), self._judge
        if judge is None or scheme != "plv":  # the judge answers in the labels of the set that it learned from
            return [by_patterns(found, labels) for found, _ in self.readings(asked)]
        return [
            combined(found, labels, partial(judge.relation, text, first, second), judge.version)
            for (text, first, second), (found, _) in zip(asked, self.readings(asked), strict=True)
        ]

    def stances(self, asked: Sequence[tuple[str, Sequence[Span], Sequence[Span]]]) -> list[Verdict]:
        """Return, for each text with its two parties a and b, how they stand: `a+b`, `a-b`, `b+a`, `b-a`, `neutral`."""
        labels, judge = self.scheme("dse"), self._judge
        if judge is not None:
            answers = (judge.stance(text, first, second) for text, first, second in asked)
            return [Verdict(a.label, a.probabilities[a.label], "judge", _answered(judge)) for a in answers]
        return [stance_by_patterns(found, positions, labels) for found, positions in self.readings(asked)]

    def scheme(self, name: str) -> Scheme:
        """Return the annotation scheme with this name; raises KnowledgeError, with the known ones, for another."""
        if name not in self.knowledge.schemes:
            raise KnowledgeError(unknown("scheme", name, self.knowledge.schemes))
        return self.knowledge.schemes[name]

    def readings(
        self, asked: Sequence[tuple[str, Sequence[Span], Sequence[Span]]]
    ) -> Iterator[tuple[list[Reading], list[PositionDraft]]]:
        """Yield the readings of each text between its two parties, best first, and its positions."""
        parsed = self._parser.parse([_lines(text) for text, _, _ in asked])
        for (text, first, second), sentences in zip(asked, parsed, strict=True):
            parties, discourse = given(first, second, text), Discourse()
            found: list[Reading] = []
            positions: list[PositionDraft] = []
            for s in sentences:
                context = make_context(s, text, self.knowledge, self._words, discourse, "", parties)
                coder = EventCoder(context)
                found += readings(context, coder, first, second)
                positions += PositionCoder(context, coder.code()).code()
            yield sorted(found, key=lambda r: r.rank), positions

    def meanings(self, text: str, words: str, published: str = "") -> list[Meaning]:
        """Return, for each place of a text where `words` stand (in any case), whom and where they mean, and why.

        This is what `communique explain` shows of a mention. Furniture is not left out.
        """
        sentences = next(iter(self._parser.parse([_lines(text)])))
        actors = self._actors_of(sentences, text, published)
        return meanings_of(text, words, actors, report_places(sentences, actors, self.knowledge.gazetteer))

    def somebody(self, text: str) -> bool:
        """Tell whether a phrase that names no known actor may still name one: "he", "Jan Novak", not "last week"."""
        sentences = next(iter(self._parser.parse([[(f"{text.strip()}{CARRIER}", 0)]])))
        dated = find_dates(sentences[0], "", self._times)
        if any(begin <= len(sentences[0]) - 3 <= last for _, begin, last, _ in dated):
            return False
        return may_be_somebody(sentences[0], self._words)

    def places(self, text: str, published: str = "") -> list[Place]:
        """Return all places that a text names, line by line, before furniture, words like "Georgian" included.

        This is what the place measures of `communique.evaluation` ask for; `located` says why.
        """
        return [x.place for x in self.located(text, published)]

    def located(self, text: str, published: str = "") -> list[Located]:
        """Return the places that a text names, each with the reason for it and with what else the name may mean."""
        sentences = next(iter(self._parser.parse([_lines(text)])))
        actors = self._actors_of(sentences, text, published)
        return list(report_places(sentences, actors, self.knowledge.gazetteer))

    def _actors_of(
        self, sentences: Sequence[Sentence], text: str, published: str, discourse: Discourse | None = None
    ) -> list[SentenceActors]:
        day = parse_day(published) if published else ""
        memory, known = discourse or Discourse(), self.knowledge
        return [SentenceActors(s, text, known.actors, self._words, memory, day, known.gazetteer) for s in sentences]

    def drafts(self, document: Document) -> Iterator[EventDraft]:
        """Yield the events of a report before they are dated: what the calibration of confidence asks for."""
        discourse = start(document.dateline_place, self.knowledge)
        for s in filter(_is_parsed, next(self.parse([document]))):
            yield from self._events(
                make_context(s, document.report.text, self.knowledge, self._words, discourse, document.report.published)
            )

    def _records(self, document: Document, sentences: Sequence[Sentence]) -> Coding:
        report = document.report
        if why := unread(report.language, self.settings.language):
            return Coding(report, skipped=why)
        discourse = start(document.dateline_place, self.knowledge)
        contexts: list[SentenceContext] = []
        events: list[EventDraft] = []
        positions: list[PositionDraft] = []
        for s in sentences:
            context = make_context(s, report.text, self.knowledge, self._words, discourse, report.published)
            contexts.append(context)
            if not s.parsed:
                continue
            drafts = with_contexts(context, with_magnitudes(context, self._events(context)))
            events += drafts
            positions += PositionCoder(context, drafts).code()
        statements = [d for d in code_statements(contexts, report.text) if is_said(d)]
        found = self._finish(document, contexts, events, positions, statements)
        found.sort(key=lambda pair: place_of(pair[0]))
        return Coding(report, tuple(r for r, _ in found), tuple(t for _, t in found))

    def _events(self, context: SentenceContext) -> list[EventDraft]:
        """Return the events of a sentence by the patterns and, unless it is left out, the judge."""
        coder = EventCoder(context)
        kept = coder.code()
        if self._judge is None:
            return kept
        return JudgedEvents(context, self._judge).events(kept, coder.drafts())

    def _finish(
        self,
        document: Document,
        contexts: Sequence[SentenceContext],
        events: Iterable[EventDraft],
        positions: Iterable[PositionDraft],
        statements: Sequence[StatementDraft],
    ) -> list[tuple[Record, Trace]]:
        report = document.report
        read = [c for c in contexts if c.sentence.parsed]
        ground = Grounding(read, self.knowledge.gazetteer, self._times, report.published, document.dateline_place)
        found: list[tuple[Record, Trace]] = []
        for e in events:
            speakers = speakers_of(e.context, e.triggers, statements)
            date = ground.date_of(e)
            draft = replace(e, attributed_to=e.attributed_to or speakers, status=ground.status(e, date))
            draft = replace(draft, recipients=our_own(e.context, ground.recipients(draft), draft.attributed_to))
            found.append(make_event(draft, report.id, date, ground.places(e)))
        for p in positions:
            held = claimed_by(p, speakers_of(p.context, p.triggers, statements))
            if held.holders:
                date = ground.date(p.context, p.predicate.head)
                found.append(make_position(replace(held, status=ground.status(held, date)), report.id, date))
        for st in statements:
            found.append(make_statement(st, report.id, ground.date(st.context, st.head)))
        return list({record.id: (record, trace) for record, trace in found}.values())


def _is_parsed(s: Sentence) -> bool:
    return s.parsed


def _answered(judge: Judge) -> tuple[str, ...]:
    return (f"the learned judge ({judge.version})",)


def _lines(text: str) -> list[tuple[str, int]]:
    return [(m[0].strip(), m.start() + len(m[0]) - len(m[0].lstrip())) for m in _LINES.finditer(text)]


def _blocks(document: Document, language: str) -> list[tuple[str, int]]:
    if document.report.language != language:
        return []  # kept, but not coded as a language that it is not
    return [(document.report.text[b.start : b.end], b.start) for b in document.blocks]


def unread(language: str, read: str) -> str:
    """Return why a report in `language` is kept but not coded, "" if it is in the language that is `read`."""
    if language == read:
        return ""
    return f"It is in the language {language!r}; reports are read in {read!r}."


def as_item(item: RawItem | str | Mapping[str, Any], number: int) -> RawItem:
    """Return an item of `Coder.stream` as a RawItem."""
    if isinstance(item, RawItem):
        return item
    if isinstance(item, str):
        return RawItem(item, f"item {number + 1}")
    known = {"origin", "source_id", "published", "title", "url", "outlet", "language"}
    values = {k: str(v) for k, v in item.items() if k in known and v}
    values.setdefault("origin", f"item {number + 1}")
    values.setdefault("source_id", str(item.get("id", "")))
    values.setdefault("published", str(item.get("date", "")))
    values.setdefault("outlet", str(item.get("source", "")))
    return RawItem(content=item.get("text") or item.get("content") or "", **values)


def load(*, knowledge: Iterable[Path | str] = (), codebook: Path | str = "", settings: Settings | None = None) -> Coder:
    """Load knowledge and language pipeline, once, and return a coder.

    `knowledge` are folders that add to those of the settings; `codebook`, a name or a file, goes before theirs.
    Raises KnowledgeError or LanguageError.
    """
    settings = settings or Settings()
    if codebook:
        settings = settings.model_copy(update={"codebook": str(codebook)})
    folders = (*settings.folders, *(Path(folder) for folder in knowledge))
    known = load_knowledge(folders, settings.codebook_file)
    words = words_of(known.languages, settings.language)
    name = settings.pipelines.get(settings.language, "")
    if not name:
        raise LanguageError(unknown("pipeline for language", settings.language, settings.pipelines))
    parser = Parser(name, words, most=settings.max_sentence_tokens, batch=settings.batch_sentences)
    return Coder(known, parser, settings)
