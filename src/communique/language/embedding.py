"""The embedding of words, worked out once for a word instead of at each place where it stands.

The first half of a pipeline's `tok2vec` looks at each word by itself: its form, its ends, its shape. Only then do four
convolutions mix it with its neighbours. So what it makes of a word follows from the word, and from whether a space
follows. `remember` puts a table in its place; a word that is not in it is asked of the layers that the table stands
for, so that what comes out is what they would have said.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from spacy.language import Language
    from spacy.tokens import Doc

_OF_A_WORD = frozenset({"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"})
_REMEMBERED = 131_072  # words; some fifty megabytes
_AT_ONCE = 64  # words asked for together, always as many: rounding, too, is to follow from the word alone
_LAYERS = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")


def remember(nlp: Language) -> None:
    """Let the `tok2vec` of a pipeline remember words, if it is of the make that spaCy ships; leave it if it is not."""
    if "tok2vec" not in nlp.pipe_names:
        return
    component: Any = nlp.get_pipe("tok2vec")
    layers = component.model.layers
    if len(layers) == 2 and _is_of_words(layers[0]):
        layers[0] = _remembering(layers[0], nlp)


def _is_of_words(embed: Any) -> bool:
    """Tell whether a model asks of each word nothing but what the word itself says."""
    names = [layer.name.partition("(")[0] for layer in embed.layers]
    if tuple(names) != _LAYERS or any(layer.attrs.get("pad") for layer in embed.layers[2:4]):
        return False
    plain = {"ints-getitem", "hashembed", "maxout", "layernorm", "dropout"}
    inner = (each for layer in embed.layers[2:4] for each in layer.walk() if not each.layers)
    return _OF_A_WORD.issuperset(embed.layers[0].attrs["columns"]) and all(each.name in plain for each in inner)


def _remembering(embed: Any, nlp: Language) -> Any:
    from thinc.api import Model

    table = _Table(embed, nlp)

    def forward(model: Any, docs: Sequence[Doc], is_train: bool) -> Any:
        if is_train:
            return embed(docs, is_train)
        return table.rows(docs), _no_way_back

    # What it stands for is no layer of it: nothing may train or write it under another name.
    return Model("remembered_embedding", forward, dims={"nO": embed.get_dim("nO")})


def _no_way_back(_: Any) -> Any:
    raise RuntimeError("Words that are remembered cannot be trained.")


class _Table:
    """What a model makes of words, by word and by whether a space follows."""

    def __init__(self, embed: Any, nlp: Language) -> None:
        self._embed = embed
        self._vocab = nlp.vocab
        self._known: dict[int, int] = {}
        self._vectors: Any = None

    def rows(self, docs: Sequence[Doc]) -> list[np.ndarray[Any, Any]]:
        """Return the vectors of each document's words."""
        import numpy as np

        words = np.concatenate([doc.to_array(["ORTH", "SPACY"]).reshape(-1, 2) for doc in docs])
        # One number for both: of a hash of 64 bits the lowest says as little as any other, and is not missed.
        keys = ((words[:, 0] & ~np.uint64(1)) | words[:, 1]).tolist()
        places = list(map(self._known.get, keys))
        if None in places:
            self._ask(dict(zip(keys, words.tolist(), strict=True)))
            places = list(map(self._known.get, keys))
        found = self._vectors[places]
        ends = np.cumsum([0, *map(len, docs)]).tolist()
        return [found[first:last] for first, last in pairwise(ends)]

    def _ask(self, words: dict[int, Any]) -> None:
        """Work out those of the words that are not known."""
        import numpy as np
        from spacy.tokens import Doc

        if self._vectors is None or len(self._known) + len(words) > len(self._vectors):
            room = max(_REMEMBERED, len(words))
            self._known.clear()
            self._vectors = np.zeros((room, self._embed.get_dim("nO")), dtype="float32")
        new = [key for key in words if key not in self._known]
        strings = self._vocab.strings
        for first in range(0, len(new), _AT_ONCE):
            some = new[first : first + _AT_ONCE]
            full = [words[key] for key in (*some, *[some[-1]] * (_AT_ONCE - len(some)))]
            doc = Doc(self._vocab, words=[strings[orth] for orth, _ in full], spaces=[bool(s) for _, s in full])
            (vectors,) = self._embed.predict([doc])
            at = len(self._known)
            self._vectors[at : at + len(some)] = vectors[: len(some)]
            self._known.update((key, at + n) for n, key in enumerate(some))
