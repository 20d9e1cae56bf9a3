"""The check that every span of every record cuts out the words that it claims."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from communique.records import Actor, Coding, Event, Position, Record, Span, Statement, from_dict, to_dict


def _actors(r: Record) -> Iterable[tuple[str, Actor]]:
    for field in ("actors", "recipients", "speakers", "holders", "toward", "attributed_to"):
        for actor in getattr(r, field, ()):
            yield field, actor


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _inside(span: Span, text: str) -> None:
    start, end = span
    assert 0 <= start < end <= len(text), span
    assert text[start:end].strip(), span


def check_spans(coding: Coding) -> None:
    """Assert what must hold of the records of every report, whatever its text."""
    text = coding.report.text
    ids = [r.id for r in coding.records]
    assert len(set(ids)) == len(ids)
    assert [t.record for t in coding.traces] == ids
    sentences = [r.evidence.sentence for r in coding.records]
    starts = [s[0][0] for s in sentences]
    assert starts == sorted(starts)
    for r in coding.records:
        assert r.report == coding.report.id
        assert from_dict(to_dict(r)) == r
        _check(r, text)
    for removed in coding.report.removed:
        assert removed.span_text in text
        assert removed.reason


def _check(r: Record, text: str) -> None:
    e = r.evidence
    for field in ("sentence", "trigger", "actors", "recipients", "content", "cue"):
        spans = getattr(e, field)
        for span in spans:
            _inside(span, text)
        assert list(spans) == sorted(spans), field
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), (field, spans)
    assert e.sentence
    for field, actor in _actors(r):
        _inside(actor.span, text)
        assert text[slice(*actor.span)] == actor.text, (field, actor)
        assert actor.code or actor.person or actor.text
    start, end = e.sentence[0][0], e.sentence[-1][1]
    for span in e.trigger:
        assert start <= span[0] < span[1] <= end
    if isinstance(r, Event):
        assert e.trigger
        for place in r.places:
            _inside(place.span, text)
            assert text[slice(*place.span)] == place.text
    elif isinstance(r, Statement):
        assert e.content
        assert r.speakers
        if r.quote == "direct":
            assert _squeezed("".join(text[a:b] for a, b in e.content))
    elif isinstance(r, Position):
        assert r.holders
        assert r.toward or r.issue or r.expression
        if r.expression:
            assert _squeezed(r.expression) in _squeezed(text), r.expression
    if r.date.text:
        assert _squeezed(r.date.text) in _squeezed(text), r.date
    for day in (r.date.start, r.date.end):
        assert not day or re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    if r.date.start and r.date.end:
        assert r.date.start <= r.date.end
    assert 0 <= r.confidence <= 1
