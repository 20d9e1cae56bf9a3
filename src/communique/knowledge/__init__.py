"""What the program knows, read from data files into frozen lookups.

`load_knowledge` reads our own files and then the folders of the settings; see `tables` for how they are combined.
What the files say is compiled once and kept in a cache (see `cache`); a start opens the compiled form.
"""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from communique.errors import KnowledgeError
from communique.knowledge.actors import ActorBook, compile_actors
from communique.knowledge.cache import compiled, key_of, made_by
from communique.knowledge.codebook import Codebook, load_codebook
from communique.knowledge.furniture import FurnitureBook, load_furniture
from communique.knowledge.gazetteer import Gazetteer, load_gazetteer
from communique.knowledge.issues import IssueBook, load_issues
from communique.knowledge.language import LanguageWords, load_languages
from communique.knowledge.lexicon import Lexicon, load_lexicon
from communique.knowledge.schemes import Scheme, load_schemes
from communique.knowledge.tables import Tables, knowledge_files, read_folders

__all__ = ["Knowledge", "compile_knowledge", "load_knowledge"]
_PARTS = "parts.pickle"


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
    schemes: Mapping[str, Scheme]
    times: Tables  # seasons and occasions as they stand in the files; grounding validates what it understands


def load_knowledge(folders: Iterable[Path] = ()) -> Knowledge:
    """Return all knowledge; entries in `folders` add to or replace ours, later folders over earlier ones.

    Raises KnowledgeError with file, line and remedy for the first entry that does not follow its schema.
    """
    folders = tuple(folders)
    files = list(knowledge_files(folders))
    place = compiled("knowledge", key_of(files, made_by()), lambda folder: compile_knowledge(folders, folder))
    with (place / _PARTS).open("rb") as file:
        parts = pickle.load(file)
    return Knowledge(actors=ActorBook(place), **parts)


def compile_knowledge(folders: Iterable[Path], target: Path) -> None:
    """Read and validate all files and fill the empty folder `target` with their compiled form.

    Raises KnowledgeError with file, line and remedy for the first entry that does not follow its schema.
    """
    try:
        tables = read_folders(folders)
    except OSError as error:
        raise KnowledgeError(f"{error.filename}: {error.strerror}. Make the file readable, or remove it.") from error
    codebook = load_codebook(tables)
    parts = {
        "codebook": codebook,
        "lexicon": load_lexicon(tables, codebook),
        "issues": load_issues(tables),
        "gazetteer": load_gazetteer(tables),
        "furniture": load_furniture(tables),
        "languages": load_languages(tables),
        "schemes": load_schemes(tables),
        "times": {name: tables.get(name, []) for name in ("season", "occasion")},
    }
    compile_actors(tables, target)
    with (target / _PARTS).open("wb") as file:
        pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: lambda view: (_view, (dict(view),))}
        pickler.dump(parts)


def _view(content: dict[Any, Any]) -> Mapping[Any, Any]:
    """A read-only view as it comes out of the pickle, which does not know the type by name."""
    return MappingProxyType(content)
