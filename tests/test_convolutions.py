"""The convolutions in fewer steps: the same vectors, and what a sentence gives follows from it alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import threadpool_info

from communique.language import convolutions
from communique.settings import Settings

NAME = Settings().pipelines["en"]
words = st.lists(
    st.sampled_from("Iran said it would not meet Cuba , again . U.S.-led 3.5 naïve x".split(" ")), min_size=1
)


def _by_thinc(ops: Any) -> convolutions.Product:
    return lambda a, b, out: ops.gemm(a, b, out=out)


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(NAME)


@pytest.fixture(scope="module")
def quick() -> Language:
    nlp = spacy.load(NAME)
    convolutions.convolve_faster(nlp)
    return nlp


@pytest.fixture(scope="module")
def exact() -> Language:
    """The pipeline with thinc's own product."""
    nlp = spacy.load(NAME)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolutions, "_product", _by_thinc)
        convolutions.convolve_faster(nlp)
    return nlp


def _vectors(nlp: Language, texts: Sequence[Sequence[str]]) -> list[Any]:
    component: Any = nlp.get_pipe("tok2vec")
    return list(component.predict([Doc(nlp.vocab, words=list(text)) for text in texts]))


@settings(max_examples=40)
@given(st.lists(words, min_size=1, max_size=5))
def test_with_the_same_product_the_vectors_are_the_same_to_the_bit(
    plain: Language, exact: Language, texts: list[list[str]]
) -> None:
    pairs = zip(_vectors(plain, texts), _vectors(exact, texts), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


@settings(max_examples=40)
@given(st.lists(words, min_size=1, max_size=5))
def test_with_any_product_they_differ_by_rounding_alone(
    plain: Language, quick: Language, texts: list[list[str]]
) -> None:
    assert quick.get_pipe("tok2vec").model.layers[1].name == "quick_convolutions"  # type: ignore[attr-defined]
    pairs = zip(_vectors(plain, texts), _vectors(quick, texts), strict=True)
    assert all(np.allclose(a, b, atol=2e-5) for a, b in pairs)


@settings(max_examples=40)
@given(words, st.lists(words, max_size=70), st.integers(0, 70))
def test_what_a_sentence_gives_does_not_depend_on_others(
    quick: Language, text: list[str], others: list[list[str]], at: int
) -> None:
    alone = _vectors(quick, [text])[0]
    among = _vectors(quick, [*others[:at], text, *others[at:]])[min(at, len(others))]
    assert np.array_equal(alone, among)


def test_a_sentence_longer_than_what_is_worked_out_at_once(plain: Language, quick: Language) -> None:
    long = ["Iran", "met", "Cuba", "."] * 700
    (a, short), (b, alone) = _vectors(plain, [long, ["Iran"]]), _vectors(quick, [long, ["Iran"]])
    assert np.allclose(a, b, atol=2e-5) and np.allclose(short, alone, atol=2e-5)


def test_numpy_multiplies_on_one_core_and_then_on_as_many_as_before(
    quick: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []
    layer = convolutions._Layer.some

    def some(self: Any, *given: Any) -> Any:
        used.extend(_cores())
        return layer(self, *given)

    monkeypatch.setattr(convolutions._Layer, "some", some)
    before = _cores()
    threads = [threading.Thread(target=_vectors, args=(quick, [["Iran", "met", "Cuba"]] * 50)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert before == _cores() and set(used) == {1} and len(used) == 4 * len(before)


def _cores() -> list[int]:
    return [x["num_threads"] for x in threadpool_info() if x["user_api"] == "blas" and x["internal_api"] == "openblas"]


def test_a_product_whose_rows_depend_on_each_other_is_not_used() -> None:
    def of_all(a: Any, b: Any, out: Any) -> None:
        np.matmul(a, b, out=out)
        out *= 1 + len(a) * 1e-6

    assert not convolutions._rows_stand_alone(of_all)
    assert convolutions._rows_stand_alone(_by_thinc(spacy.util.get_current_ops()))  # type: ignore[attr-defined]


def test_a_pipeline_of_another_make_is_left_alone() -> None:
    blank = spacy.blank("en")
    convolutions.convolve_faster(blank)
    wide = spacy.load(NAME)
    model: Any = wide.get_pipe("tok2vec").model  # type: ignore[attr-defined]
    next(x for x in model.layers[1].walk() if x.name == "expand_window").attrs["window_size"] = 2
    convolutions.convolve_faster(wide)
    assert model.layers[1].name != "quick_convolutions"


def test_it_is_for_reading_alone(quick: Language) -> None:
    model: Any = quick.get_pipe("tok2vec").model  # type: ignore[attr-defined]
    (given,), (found,) = _vectors(quick, [["Iran"]]), model.layers[1].predict([np.zeros((1, 96), dtype="float32")])
    assert given.shape == found.shape == (1, 96)
    _, back = model.layers[1]([np.zeros((1, 96), dtype="float32")], False)
    with pytest.raises(RuntimeError, match="cannot be trained"):
        back(None)
