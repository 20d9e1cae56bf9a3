"""The second half of a pipeline's `tok2vec`, four convolutions, as the same sums in fewer steps.

Each layer sets a word beside its neighbours, multiplies, takes the largest of three pieces, and brings the result to
one scale. thinc does this for training too: it keeps which piece was the largest, works means out twice, and multiplies
by a library that is built for every processor. Here nothing is kept, and numpy multiplies.

What a sentence gives must not depend on those that it is parsed with. numpy's product is used where it is so on this
machine, which is tried once; else thinc's is. It multiplies on one core: the program runs on several by processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from spacy.language import Language

Floats = npt.NDArray[np.float32]
Product = Callable[[Floats, Floats, Floats], Any]
"""Writes the product of the first two into the third."""
_PLAIN = frozenset({"expand_window", "maxout", "layernorm"})
_AT_ONCE = 1024  # rows: what a layer writes stays in the cache of a core
_alone = Lock()  # of threads that set the number of cores at the same time only the first is heard
_TRIED = (2, 3, 5, 17, 64, 193, 514)  # rows of the trial


def convolve_faster(nlp: Language) -> None:
    """Put the quicker form in the place of the convolutions, if they are of the make that spaCy ships."""
    if "tok2vec" not in nlp.pipe_names:
        return
    component: Any = nlp.get_pipe("tok2vec")
    layers = component.model.layers
    if len(layers) == 2 and (found := _layers_of(layers[1])):
        layers[1] = _standing_for(layers[1], found)


def _layers_of(encode: Any) -> list[Any]:
    """Return the maxout and the scaling of each convolution, none if the model is of another make."""
    if not encode.name.startswith("with_array(residual(expand_window>>maxout>>layernorm") or len(encode.layers) != 1:
        return []
    found = []
    for residual in encode.layers[0].layers:
        inner = {each.name: each for each in residual.walk() if not each.layers}
        if not _PLAIN <= inner.keys() <= _PLAIN | {"dropout"} or inner["expand_window"].attrs["window_size"] != 1:
            return []
        found.append((inner["maxout"], inner["layernorm"]))
    return found if encode.attrs["pad"] == len(found) else []


def _standing_for(encode: Any, layers: Sequence[tuple[Any, Any]]) -> Any:
    from thinc.api import Model

    with _alone, _on_one_core():
        product = _product(encode.ops)
    sums = [_Layer(*each, product=product) for each in layers]

    def forward(model: Any, given: list[Floats], is_train: bool) -> Any:
        if is_train:
            return encode(given, is_train)
        with _alone, _on_one_core():
            return _convolved(given, sums), _no_way_back

    return Model("quick_convolutions", forward, dims={"nO": encode.get_dim("nO")})


def _on_one_core() -> AbstractContextManager[Any]:
    """Return a context in which numpy's products take one core; afterwards they take as many as before.

    Products of this size on several cores cost three times their time, most of it in waiting. (Where another thread has
    set a number of its own, that stays: it costs time, and changes no result.)
    """
    return _libraries().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _no_way_back(_: Any) -> Any:
    raise RuntimeError("A pipeline that was made quicker for reading cannot be trained.")


def _convolved(given: Sequence[Floats], layers: Sequence[_Layer]) -> list[Floats]:
    """Return what the layers make of each sentence; some are worked out together, with empty rows between them."""
    done: list[Floats] = []
    some: list[Floats] = []
    rows = 0
    for each in given:
        some.append(each)
        rows += len(each) + len(layers)
        if rows >= _AT_ONCE:
            done += _together(some, layers)
            some, rows = [], 0
    return done + (_together(some, layers) if some else [])


def _together(given: Sequence[Floats], layers: Sequence[_Layer]) -> list[Floats]:
    pad = len(layers)
    sizes = np.array([len(each) for each in given])
    firsts = np.cumsum(np.r_[pad, sizes[:-1] + pad])
    of_words = np.arange(int(sizes.sum())) + np.repeat(firsts - (np.cumsum(sizes) - sizes), sizes)
    at = np.zeros((firsts[-1] + sizes[-1] + pad, given[0].shape[1]), dtype=np.float32)
    at[of_words] = np.concatenate(given)
    for layer in layers[:-1]:
        at = layer.all(at)
    found = layers[-1].some(at, of_words)  # what the last makes of the empty rows nobody asks for
    return np.split(found, np.cumsum(sizes)[:-1])


class _Layer:
    """One convolution: a word and its neighbours, the largest of the pieces, the scale, and the word added."""

    def __init__(self, maxout: Any, scale: Any, product: Product) -> None:
        self._product = product
        self._width = maxout.get_dim("nO")
        self._pieces = maxout.get_dim("nP")
        given = maxout.get_dim("nI")
        # Piece by piece: the largest of three columns far apart is quicker found than that of three side by side.
        pieces = maxout.get_param("W").reshape(self._width, self._pieces, given).transpose(2, 1, 0)
        self._weights: Floats = np.ascontiguousarray(pieces.reshape(given, -1))
        self._bias: Floats = np.ascontiguousarray(
            maxout.get_param("b").reshape(self._width, self._pieces).T.reshape(-1)
        )
        self._gain: Floats = scale.get_param("G")
        self._shift: Floats = scale.get_param("b")

    def all(self, at: Floats) -> Floats:
        """Return the layer for every row."""
        n, width = at.shape
        beside = np.zeros((n, 3 * width), dtype=np.float32)
        beside[1:, :width] = at[:-1]
        beside[:, width : 2 * width] = at
        beside[:-1, 2 * width :] = at[1:]
        return self._of(beside, at)

    def some(self, at: Floats, rows: npt.NDArray[np.int_]) -> Floats:
        """Return the layer for some of the rows, none of them the first or the last."""
        # The product of one row alone is another routine, which rounds otherwise.
        taken = rows if len(rows) > 1 else np.repeat(rows, 2)
        here = at[taken]
        return self._of(np.concatenate((at[taken - 1], here, at[taken + 1]), axis=1), here)[: len(rows)]

    def _of(self, beside: Floats, at: Floats) -> Floats:
        out = np.empty((len(beside), len(self._bias)), dtype=np.float32)
        self._product(beside, self._weights, out)
        out += self._bias
        width = self._width
        best: Floats = out[:, :width].copy()
        for k in range(1, self._pieces):
            np.maximum(best, out[:, k * width : (k + 1) * width], out=best)
        # In the order of thinc's own sums, so that they round alike.
        best -= np.add.reduce(best, axis=1, keepdims=True) / np.float32(width)
        spread = np.add.reduce(best * best, axis=1, keepdims=True) / np.float32(width) + np.float32(1e-8)
        best *= spread**-0.5
        best *= self._gain
        best += self._shift
        best += at
        return best


def _product(ops: Any) -> Product:
    def by_thinc(a: Floats, b: Floats, out: Floats) -> None:
        ops.gemm(a, b, out=out)

    def by_numpy(a: Floats, b: Floats, out: Floats) -> None:
        np.matmul(a, b, out=out)

    return by_numpy if _rows_stand_alone(by_numpy) else by_thinc


def _rows_stand_alone(product: Product) -> bool:
    """Tell whether a row of a product is the same, to the bit, however many rows are multiplied together."""
    draw = np.random.default_rng(2022)
    rows = draw.standard_normal((max(_TRIED) + 1, 288), dtype=np.float32)
    columns = draw.standard_normal((288, 288), dtype=np.float32)
    whole = np.empty_like(rows)
    product(rows, columns, whole)
    for n in _TRIED:
        for some in (slice(0, n), slice(1, n + 1)):
            part = np.empty((n, 288), dtype=np.float32)
            product(np.ascontiguousarray(rows[some]), columns, part)
            if not np.array_equal(part, whole[some]):
                return False
    return True
