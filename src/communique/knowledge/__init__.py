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
from communique.knowledge.own_codebook import read_codebook, read_codebook_head
from communique.knowledge.quantities import QuantityWords, load_quantities
from communique.knowledge.schemes import Scheme, load_schemes
from communique.knowledge.tables import Tables, knowledge_files, read_folders

__all__ = ["Knowledge", "compile_knowledge", "load_knowledge", "read_coding"]
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
    quantities: Mapping[str, QuantityWords]
    schemes: Mapping[str, Scheme]
    times: Tables  # seasons and occasions as they stand in the files; grounding validates what it understands


def load_knowledge(folders: Iterable[Path] = (), codebook: Path | None = None) -> Knowledge:
    """Return all knowledge; entries in `folders` add to or replace ours, later folders over earlier ones.

    `codebook` is a file that takes the place of our codebook (see `own_codebook`).
    Raises KnowledgeError with file, line and remedy for the first entry that does not follow its schema.
    """
    folders = tuple(folders)
    files = [*knowledge_files(folders), *((codebook,) if codebook else ())]
    version = f"{made_by()} codebook" if codebook else made_by()
    place = compiled("knowledge", key_of(files, version), lambda folder: compile_knowledge(folders, folder, codebook))
    with (place / _PARTS).open("rb") as file:
        parts = pickle.load(file)
    return Knowledge(actors=ActorBook(place), **parts)


def compile_knowledge(folders: Iterable[Path], target: Path, own: Path | None = None) -> None:
    """Read and validate all files, with the codebook `own` for ours, and fill the empty `target` with what is compiled.

    Raises KnowledgeError with file, line and remedy for the first entry that does not follow its schema.
    """
    tables = _tables(folders, own)
    codebook = load_codebook(tables)
    parts = {
        "codebook": codebook,
        "lexicon": load_lexicon(tables, codebook, own_first=own is not None),
        "issues": load_issues(tables),
        "gazetteer": load_gazetteer(tables),
        "furniture": load_furniture(tables),
        "languages": load_languages(tables),
        "quantities": load_quantities(tables),
        "schemes": load_schemes(tables),
        "times": {name: tables.get(name, []) for name in ("season", "occasion")},
    }
    compile_actors(tables, target)
    with (target / _PARTS).open("wb") as file:
        pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: lambda view: (_view, (dict(view),))}
        pickler.dump(parts)


def read_coding(folders: Iterable[Path], own: Path | None = None) -> tuple[Codebook, Lexicon]:
    """Return codebook and lexicon straight from the files, with the codebook `own` for ours; raises KnowledgeError."""
    tables = _tables(folders, own)
    codebook = load_codebook(tables)
    return codebook, load_lexicon(tables, codebook, own_first=own is not None)


def _tables(folders: Iterable[Path], own: Path | None) -> Tables:
    if own:
        read_codebook_head(own)  # a file that is no codebook is told at once
    try:
        tables = read_folders(folders)
    except OSError as error:
        raise KnowledgeError(f"{error.filename}: {error.strerror}. Make the file readable, or remove it.") from error
    return read_codebook(own, tables)[0] if own else tables


def _view(content: dict[Any, Any]) -> Mapping[Any, Any]:
    """A read-only view as it comes out of the pickle, which does not know the type by name."""
    return MappingProxyType(content)
