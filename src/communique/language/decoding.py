"""The dependency parser's search for a tree, step by step for many sentences, as the same steps from Python.

spaCy's own loop runs without Python's lock, and as it is compiled (3.8) two of its small functions take the lock each
time that they are called, some sixty times for each step of each sentence: a profile shows two thirds of the parser's
time there. Here each step is asked for by the methods that spaCy trains with, for all sentences at once, with the lock
held. No number is added up in another order, so the trees are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


class Decoder:
    """A parser's search; made by `decoder_of`, which tells whether the parser is one that this fits."""

    def __init__(self, component: Any) -> None:
        self._parser = component

    def parse(self, docs: Sequence[Doc], at_once: int) -> None:
        """Write heads and relations into sentences that hold their vectors (`Doc.tensor`), `at_once` in each batch.

        A batch takes as many steps as its longest sentence: those of like length should stand together.
        """
        for first in range(0, len(docs), at_once):
            some = docs[first : first + at_once]
            states = self._parser.moves.init_batch(some)
            model = self._parser.model.predict(some)
            waiting = [state for state in states if not state.is_final()]
            while waiting:
                vectors = model.state2vec.predict(model.get_token_ids(waiting))
                waiting = self._parser.transition_states(waiting, model.vec2scores.predict(vectors))
            model.clear_memory()
            self._parser.set_annotations(some, states)


def decoder_of(nlp: Language) -> Decoder | None:
    """Return the search of the pipeline's `parser`; None if that is of another make than the one spaCy ships."""
    from spacy.pipeline import DependencyParser

    component: Any = nlp.get_pipe("parser")
    if type(component) is not DependencyParser or component.cfg.get("beam_width") != 1:
        return None
    attributes = component.model.attrs
    fits = attributes.get("has_upper") and not attributes.get("unseen_classes")
    return Decoder(component) if fits else None
