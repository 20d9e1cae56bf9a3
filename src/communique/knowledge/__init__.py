"""What the program knows, read from data files into frozen lookups.

`load_knowledge` reads our own files and then the folders of the settings; see `tables` for how they are combined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from communique.knowledge.actors import ActorBook, load_actors
from communique.knowledge.codebook import Codebook, load_codebook
from communique.knowledge.furniture import FurnitureBook, load_furniture
from communique.knowledge.gazetteer import Gazetteer, load_gazetteer
from communique.knowledge.issues import IssueBook, load_issues
from communique.knowledge.language import LanguageWords, load_languages
from communique.knowledge.lexicon import Lexicon, load_lexicon
from communique.knowledge.tables import Tables, read_folders

__all__ = ["Knowledge", "load_knowledge"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All lookups; each part is documented in its own module."""

    actors: ActorBook
    codebook: Codebook
    lexicon: Lexicon
    issues: IssueBook
    gazetteer: Gazetteer
    furniture: FurnitureBook
    languages: Mapping[str, LanguageWords]
    times: Tables  # seasons and occasions as they stand in the files; grounding validates what it understands


def load_knowledge(folders: Iterable[Path] = ()) -> Knowledge:
    """Read and validate all knowledge; entries in `folders` add to or replace ours, later folders over earlier ones.

    Raises KnowledgeError with file, line and remedy for the first entry that does not follow its schema.
    """
    tables = read_folders(folders)
    codebook = load_codebook(tables)
    return Knowledge(
        actors=load_actors(tables),
        codebook=codebook,
        lexicon=load_lexicon(tables, codebook),
        issues=load_issues(tables),
        gazetteer=load_gazetteer(tables),
        furniture=load_furniture(tables),
        languages=load_languages(tables),
        times={name: tables.get(name, []) for name in ("season", "occasion")},
    )
