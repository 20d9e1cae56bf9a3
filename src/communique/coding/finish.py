"""Drafts -> records: attribution, evidence, scores, confidence, ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson

from communique.coding.confidence import confidence
from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.coding.holders import FIRST_PERSON, of_speaker
from communique.coding.positions import PositionDraft
from communique.coding.roles import Filler, others
from communique.coding.statements import StatementDraft
from communique.knowledge.cues import SPEECH
from communique.records import (
    Actor,
    Considered,
    DateInterval,
    Event,
    Evidence,
    Place,
    Position,
    Record,
    Spans,
    Statement,
    Trace,
)

# Statements and positions: estimates by what is known of a record; ranks, not probabilities, until they are calibrated.
_BASE = 0.55
_PER_CHAIN_WORD = 0.08
_NAMED = 0.1
_PRONOUN = -0.1
_TOLD = ("type", "mode", "cameo", "stance", "issue", "expression", "status", "quote", "form")
_WHO = ("actors", "recipients", "holders", "toward", "speakers")
_HINTED = -0.15


def is_said(d: StatementDraft) -> bool:
    """Tell whether a draft is somebody's words: quoted, or told as said, believed or hoped.

    What is only spoken of ("criticised the plan"), and what is only meant or done ("began to", "is ready to"), is an
    attribution in the wide sense of the literature, but no statement.
    """
    known = any(a.code or a.person or a.sector for a in d.speakers)
    return known and (d.quote != "indirect" or (d.manner == "said" and d.speech in SPEECH))


def speakers_of(
    context: SentenceContext, words: Sequence[int], statements: Iterable[StatementDraft]
) -> tuple[Actor, ...]:
    """Return the speakers of the innermost statement in whose content the words lie, or nobody."""
    s = context.sentence
    start, end = s.starts[words[0]], s.ends[words[0]]
    around = [d for d in statements if any(a <= start and end <= b for a, b in d.content)]
    if not around:
        return ()
    inner = min(around, key=lambda d: sum(b - a for a, b in d.content))
    return inner.speakers


def our_own(context: SentenceContext, filler: Filler, speakers: Sequence[Actor]) -> Filler:
    """Give people whom a speaker calls "our" the speaker's state: "A captured two of OUR soldiers," B said."""
    whose = next((a for a in speakers if a.code), None)
    if whose is None or all(a.code for a in filler.actors):
        return filler
    mine = tuple(
        replace(a, code=whose.code, name=whose.name, kind=whose.kind)
        if not a.code and a.text.split(" ")[0].lower() in context.words.first_person
        else a
        for a in filler.actors
    )
    return replace(filler, actors=mine)


def claimed_by(d: PositionDraft, speakers: Sequence[Actor]) -> PositionDraft:
    """Return the draft with those who say so; what "we" hold is a position of who speaks, and no claim."""
    holders = d.holders
    if holders.slot == FIRST_PERSON:
        s = d.context.sentence
        spans = [s.cut(h, h) for h in holders.heads]
        holders = of_speaker(holders, speakers, d.context.cut(spans[0]), spans[0])
        toward = tuple(others(d.toward.actors, holders.actors))
        return replace(d, holders=holders, toward=replace(d.toward, actors=toward))
    own = {a.code for a in holders.actors}
    claimed = () if any(a.code in own for a in speakers) else tuple(speakers)
    return replace(d, attributed_to=d.attributed_to or claimed)


def make_event(d: EventDraft, report: str, date: DateInterval, places: tuple[Place, ...]) -> tuple[Event, Trace]:
    """Return the record of an event draft and its trace."""
    codebook = d.context.knowledge.codebook
    s = d.context.sentence
    status = d.status
    event = Event(
        id="", report=report, type=d.type, mode=d.mode, contexts=d.contexts, quad=codebook.quad(d.type), cameo=d.cameo,
        goldstein=codebook.goldstein(d.cameo), intensity=codebook.score(d.type, d.mode),
        actors=d.actors.actors, recipients=d.recipients.actors, status=status, attributed_to=d.attributed_to,
        implicit=d.implicit, date=date, places=places,
        magnitude=d.magnitude,
        evidence=Evidence(
            sentence=(s.span,), trigger=d.context.spans(d.triggers), actors=_named(d.actors),
            recipients=_named(d.recipients),
        ),
        confidence=confidence(d),
    )  # fmt: skip
    numbered = replace(event, id=record_id("e", event))
    return numbered, _trace_of(numbered.id, d)


def make_position(d: PositionDraft, report: str, date: DateInterval) -> tuple[Position, Trace]:
    """Return the record of a position draft and its trace."""
    s = d.context.sentence
    position = Position(
        id="", report=report, holders=d.holders.actors, stance=d.stance, toward=d.toward.actors, issue=d.issue,
        expression=d.context.cut(d.content) if d.content else "", status=d.status, attributed_to=d.attributed_to,
        implicit=d.implicit, date=date,
        evidence=Evidence(
            sentence=(s.span,), trigger=d.context.spans(d.triggers), actors=_named(d.holders),
            recipients=_named(d.toward), content=(d.content,) if d.content else (), cue=d.context.spans(d.triggers),
        ),
        confidence=_confidence(len(d.predicate.pattern.chain) + bool(d.issue), (d.holders, d.toward), d.implicit),
    )  # fmt: skip
    numbered = replace(position, id=record_id("p", position))
    return numbered, _trace_of(numbered.id, d)


def make_statement(d: StatementDraft, report: str, date: DateInterval) -> tuple[Statement, Trace]:
    """Return the record of a statement draft and its trace."""
    statement = Statement(
        id="", report=report, speakers=d.speakers, recipients=d.recipients, quote=d.quote, form=d.form, date=date,
        evidence=Evidence(
            sentence=d.sentences, trigger=d.cue, actors=d.speaker_spans, recipients=d.recipient_spans,
            content=d.content, cue=d.cue,
        ),
        confidence=_confidence(2, (Filler(d.speakers),), False),
    )  # fmt: skip
    numbered = replace(statement, id=record_id("s", statement))
    return numbered, _trace(numbered.id, d.context, d.head, d.pattern, d.source, d.steps, ())


def record_id(prefix: str, record: Record) -> str:
    """Return the id of a record: a hash of what it says, of which report, and where in it."""
    nameless = replace(record, id="") if record.id else record
    return prefix + hashlib.sha256(orjson.dumps(nameless, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def place_of(record: Record) -> tuple[Any, ...]:
    """Return the key by which records stand in text order: by their words, so that no offset decides between two."""
    e = record.evidence
    first = min((*e.sentence, *e.trigger, *e.content), default=(0, 0))
    said = tuple(str(getattr(record, name, "")) for name in _TOLD)
    who = tuple(tuple(a.code + a.person for a in getattr(record, role, ())) for role in _WHO)
    return first, record.kind, e.trigger, e.cue, e.content, e.actors, e.recipients, said, who


def _named(filler: Filler) -> Spans:
    return tuple(sorted({a.span for a in filler.actors if a.text}))


def _confidence(words: int, fillers: Iterable[Filler], implicit: bool) -> float:
    score = _BASE + _PER_CHAIN_WORD * min(words, 4) + (_HINTED if implicit else 0.0)
    for filler in fillers:
        for actor in filler.actors[:1]:
            score += _NAMED if actor.code and actor.text[:1].isupper() else _PRONOUN if len(actor.text) < 5 else 0.0
    return round(min(max(score, 0.05), 0.95), 2)


def _trace_of(record: str, d: EventDraft | PositionDraft) -> Trace:
    pattern = d.predicate.pattern
    parties = (d.actors, d.recipients) if isinstance(d, EventDraft) else (d.holders, d.toward)
    heads = dict.fromkeys(h for filler in parties for h in filler.heads)
    namesakes = dict.fromkeys(c for h in heads for c in d.context.actors.lost(h))
    considered = (*d.considered, *namesakes)
    return _trace(record, d.context, d.predicate.head, pattern.text, pattern.where, d.steps, considered)


def _trace(
    record: str, context: SentenceContext, head: int, pattern: str, source: str, steps: Sequence[str],
    considered: Sequence[Considered],
) -> Trace:  # fmt: skip
    s = context.sentence
    verb = next((h for h in (head, *s.ancestors(head)) if s.pos[h] in ("VERB", "AUX")), head)
    below = s.subtree(verb)
    span = s.cut(below.start, below.stop - 1)
    return Trace(record, context.cut(span), span, pattern, source, tuple(steps), tuple(considered))
