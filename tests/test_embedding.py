"""Words that are remembered: the same vectors, to the bit, as the layers that the table stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from communique.language import embedding
from communique.settings import Settings

NAME = Settings().pipelines["en"]
WORDS = "Iran IRAN iran Iran's Cuba, U.S.-led al-Jubeir 3.5 1,000 € 😀 \u202f İran naïve ... -- n't 2023-04-05 x"
words = st.lists(
    st.tuples(st.sampled_from(WORDS.split(" ")) | st.text(min_size=1, max_size=12), st.booleans()),
    min_size=1,
    max_size=30,
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(NAME)


@pytest.fixture(scope="module")
def remembering() -> Language:
    nlp = spacy.load(NAME)
    embedding.remember(nlp)
    return nlp


def _vectors(nlp: Language, texts: Sequence[Sequence[tuple[str, bool]]]) -> list[Any]:
    docs = [Doc(nlp.vocab, words=[w for w, _ in text], spaces=[s for _, s in text]) for text in texts]
    component: Any = nlp.get_pipe("tok2vec")
    return list(component.predict(docs))


@given(st.lists(words, min_size=1, max_size=5))
def test_the_same_vectors(plain: Language, remembering: Language, texts: list[list[tuple[str, bool]]]) -> None:
    for _ in range(2):  # asked, and remembered
        pairs = zip(_vectors(plain, texts), _vectors(remembering, texts), strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)


def test_it_is_asked_once_for_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = spacy.load(NAME)
    embedding.remember(nlp)
    asked: list[int] = []
    monkeypatch.setattr(embedding._Table, "_ask", _counting(embedding._Table._ask, asked))
    text = [("Iran", True), ("met", True), ("Cuba", False), (".", False)]
    first, again = _vectors(nlp, [text]), _vectors(nlp, [text[::-1], text])
    assert np.array_equal(first[0], again[1]) and len(asked) == 1
    _vectors(nlp, [[("Iran", False)]])  # no space follows: another vector
    assert len(asked) == 2


def _counting(ask: Any, asked: list[int]) -> Any:
    def counted(table: Any, found: dict[int, Any]) -> None:
        asked.append(len(found))
        ask(table, found)

    return counted


def test_the_table_is_bounded(plain: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_REMEMBERED", 8)
    nlp = spacy.load(NAME)
    embedding.remember(nlp)
    for n in range(6):
        text = [(f"word{n}{k}", True) for k in range(5)]
        assert np.array_equal(_vectors(nlp, [text])[0], _vectors(plain, [text])[0])
    long = [(f"other{k}", True) for k in range(200)]  # more than it has room for
    assert np.array_equal(_vectors(nlp, [long])[0], _vectors(plain, [long])[0])


def test_a_pipeline_of_another_make_is_left_alone() -> None:
    nlp = spacy.blank("en")
    embedding.remember(nlp)
    nlp.add_pipe("tok2vec")  # spaCy's default make asks the same of a word, yet is not trained: nothing is initialized
    before = nlp.get_pipe("tok2vec").model.layers[0]  # type: ignore[attr-defined]
    assert before.name != "remembered_embedding"
    wide = spacy.load(NAME)
    layers = wide.get_pipe("tok2vec").model.layers  # type: ignore[attr-defined]
    layers[0].layers[0].attrs["columns"] = ["NORM", "ENT_TYPE"]  # what a word's neighbours decide
    embedding.remember(wide)
    assert layers[0].name != "remembered_embedding"
