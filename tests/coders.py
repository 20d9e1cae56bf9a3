"""One coder for all tests that code whole texts, loaded once, and short labels of what it gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

import communique
from communique.pipeline import Coder
from communique.records import Actor, Coding

DAY = "2022-02-04"


@cache
def coder() -> Coder:
    return communique.load()


@cache
def patterns() -> Coder:
    """The same coder without the learned judge."""
    whole = coder()
    return Coder(whole.knowledge, whole.parser, whole.settings.model_copy(update={"judge": False}))


@cache
def code(text: str, published: str = DAY) -> Coding:
    return coder()(text, published=published)


def plain(name: str) -> str:
    """Return `name` without accents: lists of people spell them in more than one way."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def codes(actors: Iterable[Actor]) -> str:
    """Return the codes of `actors`, sorted and each once: "CHN RUS"; who comes first is no matter of theirs."""
    return " ".join(sorted({a.code or a.text for a in actors}))


def who(actors: Iterable[Actor]) -> str:
    """Return "code/sector:person" for each of `actors`, in order; empty parts and their marks are left out."""
    return ", ".join(
        a.code + (f"/{a.sector}" if a.sector else "") + (f":{plain(a.person)}" if a.person else "") for a in actors
    )
