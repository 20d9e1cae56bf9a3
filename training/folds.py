"""Which fold of the cross-validation a sentence belongs to: one fixed assignment for everybody who measures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

FOLDS = 5


def assign(labelled: Sequence[tuple[str, str]]) -> Mapping[str, int]:
    """Return the fold of each text of `labelled` (text, label).

    A text that occurs several times lies in one fold, that of its first label. Texts are dealt out label by label in
    the order of their hashes, so each label is spread evenly, and neither the order of the file nor a seed matters.
    """
    label_of: dict[str, str] = {}
    for text, label in labelled:
        label_of[text] = min(label, label_of.get(text, label))
    ordered = sorted(label_of, key=lambda text: (label_of[text], _digest(text)))
    return {text: i % FOLDS for i, text in enumerate(ordered)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
