"""Checks of what lexicon entries name: lemmas and word sets, types, CAMEO codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from communique.errors import KnowledgeError, unknown
from communique.knowledge.codebook import Codebook, check_type


def opened_lemmas(names: Sequence[str], words: Mapping[str, frozenset[str]], label: str) -> frozenset[str]:
    """Return the lemmas meant by `names`: words, alternatives `a|b`, and sets `@name`."""
    lemmas: set[str] = set()
    for name in names:
        for part in name.split("|"):
            if not part.startswith("@"):
                lemmas.add(part)
            elif part[1:] in words:
                lemmas |= words[part[1:]]
            else:
                hint = unknown("word", part[1:], words, most=20)
                raise KnowledgeError(f"{label}: {hint} Add [[word]] with id and lemmas.")
    return frozenset(lemmas)


def checked_type(name: str, codebook: Codebook, label: str) -> tuple[str, str]:
    """Return type and mode of "TYPE/mode"; raises KnowledgeError for what the codebook does not have."""
    type_, _, mode = name.partition("/")
    check_type(codebook.types, type_, mode, label)
    return type_, mode


def check_cameo(codebook: Codebook, code: str, label: str) -> None:
    """Raise KnowledgeError for a CAMEO code that the codebook does not have."""
    if code and code not in codebook.cameo:
        raise KnowledgeError(f"{label}: {unknown('CAMEO code', code, codebook.cameo)} Write it in quotes, as '042'.")


def slots_or(given: Sequence[str] | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return the slots that an entry gives, else the default."""
    return default if given is None else tuple(given)
