"""The parser's search asked for from Python: the same trees as spaCy's own loop gives."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from communique.language.decoding import Decoder, decoder_of
from communique.settings import Settings

NAME = Settings().pipelines["en"]
WORDS = (
    "The minister of Iran , who met Cuba 's envoy , said that they would not sign it unless Russia agreed to pay "
    '; " no deal " ( again ) - U.S.-led talks failed . Why ? 3.5 billion naïve x'
).split(" ")
sentences = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40), min_size=1, max_size=12)
TEXTS = (
    "The two ministers, who had met in Geneva on Monday, signed a pact that lets ships of both countries fish there.",
    "Why did the army, which nobody had asked, fire on the crowd?", "No.", "Talks.",
    "“We will not pay,” said the envoy, “unless they do.”",
    "It is not clear whether the union, the state and the banks agreed to what the fund had asked of them.",
)  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(NAME, exclude=["ner", "senter", "attribute_ruler", "lemmatizer"])


def _own(nlp: Language, docs: list[Doc]) -> list[Any]:
    return [[(t.head.i, t.dep_, t.is_sent_start) for t in doc] for doc in nlp.pipe(docs)]


def _asked(nlp: Language, docs: list[Doc], at_once: int) -> list[Any]:
    decoder = decoder_of(nlp)
    assert isinstance(decoder, Decoder)
    done = list(nlp.pipe(docs, disable=["parser"]))
    decoder.parse(done, at_once)
    return [[(t.head.i, t.dep_, t.is_sent_start) for t in doc] for doc in done]


@settings(max_examples=40)
@given(sentences, st.sampled_from((1, 3, 64)))
def test_the_trees_are_those_of_the_parser(nlp: Language, texts: list[list[str]], at_once: int) -> None:
    docs = [[Doc(nlp.vocab, words=text) for text in texts] for _ in range(2)]
    assert _own(nlp, docs[0]) == _asked(nlp, docs[1], at_once)


def test_real_sentences_have_the_same_trees(nlp: Language) -> None:
    own, asked = _own(nlp, list(map(nlp.make_doc, TEXTS))), _asked(nlp, list(map(nlp.make_doc, TEXTS)), 4)
    assert own == asked
    assert ("nsubj" in {dep for _, dep, _ in asked[0]}) and len({head for head, _, _ in asked[0]}) > 5


def test_nothing_to_parse(nlp: Language) -> None:
    assert _asked(nlp, [], 8) == []


def test_a_parser_of_another_make_is_left_alone(nlp: Language) -> None:
    parser: Any = nlp.get_pipe("parser")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(parser.cfg, "beam_width", 8)
        assert decoder_of(nlp) is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(parser.model.attrs, "unseen_classes", {3})
        assert decoder_of(nlp) is None
    assert decoder_of(nlp) is not None
