"""What the program knows, read from data files into frozen lookups.

`load_knowledge` reads our own files and then the folders of the settings; see `tables` for how they are combined.
What the files say is compiled once and kept in a cache (see `cache`); a start opens the compiled form.
"""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from communique.errors import KnowledgeError
from communique.knowledge.actors import ActorBook, read_actors
from communique.knowledge.cache import compiled, key_of, made_by
from communique.knowledge.codebook import Codebook, load_codebook
from communique.knowledge.cues import Cues, compile_cues
from communique.knowledge.furniture import FurnitureBook, load_furniture
from communique.knowledge.gazetteer import Gazetteer, load_gazetteer
from communique.knowledge.issues import IssueBook, load_issues
from communique.knowledge.language import LanguageWords, load_languages
from communique.knowledge.lexicon import Lexicon, load_lexicon
from communique.knowledge.own_codebook import OF_CODEBOOK, read_codebook, read_codebook_head
from communique.knowledge.quantities import QuantityWords, load_quantities
from communique.knowledge.schemes import Scheme, load_schemes
from communique.knowledge.tables import ACTOR_TABLES, Tables, knowledge_files, read_file, read_folders, tables_in

__all__ = ["Knowledge", "check_knowledge", "compile_knowledge", "load_knowledge", "read_coding"]
_PARTS = "parts.pickle"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All lookups; each part is documented in its own module."""

    actors: ActorBook
    codebook: Codebook
    lexicon: Lexicon
    cues: Cues
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
    files = list(knowledge_files(folders))
    if codebook is None:
        if folders and not _name_actors(folders):
            # Who is who is as without them, compiled already: a word or an issue of the user's costs a second.
            place = compiled("coding", key_of(files, made_by()), lambda to: _compile_beside(folders, to))
            return Knowledge(actors=ActorBook(_builtin()), **_read_parts(place))
        return _opened(compiled("knowledge", key_of(files, made_by()), lambda to: compile_knowledge(folders, to)))
    head = read_codebook_head(codebook)
    version, files = f"{made_by()} {head.id}", [*files, codebook]
    if set(read_file(codebook)) <= OF_CODEBOOK and not any(p.suffix == ".toml" for f in folders for p in f.rglob("*")):
        # All else is as without it, compiled already: an edit of the file costs a second.
        place = compiled("codebook", key_of(files, version), lambda to: _compile_coding(folders, codebook, to))
        return replace(load_knowledge(folders), **_read_parts(place))
    place = compiled("knowledge", key_of(files, version), lambda to: compile_knowledge(folders, to, codebook))
    return _opened(place)


def compile_knowledge(folders: Iterable[Path], target: Path, own: Path | None = None) -> None:
    """Read and validate all files, with the codebook `own` for ours, and fill the empty `target` with what is compiled.

    Raises KnowledgeError with file, line and remedy for the first entry that does not follow its schema.
    """
    tables = _tables(folders, own)
    write_actors = read_actors(tables)  # all is checked before what takes longest
    parts = _parts(tables, own)
    write_actors(target)
    _write_parts(parts, target)


def check_knowledge(folders: Iterable[Path]) -> None:
    """Check all files of `folders` as `load_knowledge` would, and keep nothing; raises KnowledgeError as it does."""
    folders = tuple(folders)
    with TemporaryDirectory() as target:
        if _name_actors(folders):
            compile_knowledge(folders, Path(target))
        else:
            _compile_beside(folders, Path(target))


def _builtin() -> Path:
    """Return where our own files alone are compiled."""
    return compiled("knowledge", key_of(knowledge_files(()), made_by()), lambda to: compile_knowledge((), to))


def _name_actors(folders: Iterable[Path]) -> bool:
    """Tell whether files of `folders` have a table of which the actors are made."""
    return not ACTOR_TABLES.isdisjoint(table for folder in folders for table in tables_in(folder))


def _compile_beside(folders: Iterable[Path], target: Path) -> None:
    """Fill `target` with all but the actors."""
    _write_parts(_parts(_tables(folders, None), None), target)


def _parts(tables: Tables, own: Path | None) -> dict[str, Any]:
    return {
        **_coding_parts(tables, own),
        "issues": load_issues(tables),
        "gazetteer": load_gazetteer(tables),
        "furniture": load_furniture(tables),
        "languages": load_languages(tables),
        "quantities": load_quantities(tables),
        "times": {name: tables.get(name, []) for name in ("season", "occasion")},
    }


def _compile_coding(folders: Iterable[Path], own: Path, target: Path) -> None:
    """Fill `target` with what a codebook of the user's own changes."""
    _write_parts(_coding_parts(_tables(folders, own), own), target)


def _coding_parts(tables: Tables, own: Path | None) -> dict[str, Any]:
    codebook = load_codebook(tables)
    lexicon = load_lexicon(tables, codebook, own_first=own is not None)
    schemes = load_schemes(tables)
    cues = compile_cues(lexicon, codebook)
    return {"codebook": codebook, "lexicon": lexicon, "cues": cues, "schemes": schemes}


def _opened(place: Path) -> Knowledge:
    return Knowledge(actors=ActorBook(place), **_read_parts(place))


def _read_parts(place: Path) -> dict[str, Any]:
    with (place / _PARTS).open("rb") as file:
        parts: dict[str, Any] = pickle.load(file)
    return parts


def _write_parts(parts: dict[str, Any], target: Path) -> None:
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
