"""A codebook of the user's own, from one file, in the place of ours.

The file holds types, contexts, patterns, compositions and whatever else a knowledge file may hold, under a head
`[codebook]`. Of ours it takes the place of all types, modes, contexts, codes and of every pattern that codes an event.
What is no matter of the codebook stays, unless the head says otherwise: the operators (deny, threaten, promise, ...)
with what they make of the status of a deed, speech and stance, word sets, modal words, and who is who.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from communique.errors import KnowledgeError, unknown
from communique.knowledge.tables import Entry, Raw, Tables, read_file, read_head

_REPLACED = ("type", "context", "cues", "cameo", "label")
OF_CODEBOOK = frozenset({*_REPLACED, "class", "composition", "word", "modal"})
_GENERAL = frozenset({"cooperation", "conflict", "*"})
_OF_EVENTS = ("type", "mode", "cameo", "contexts", "needs")
Part = Literal["operators", "speech", "stance"]
PARTS: tuple[Part, ...] = ("operators", "speech", "stance")


class CodebookHead(Entry):
    """`[codebook]`: the name of a codebook, and what it takes over from ours."""

    id: str
    name: str = ""
    version: str = ""
    source: str = ""
    licence: str = ""
    inherits: tuple[Part, ...] = PARTS


def read_codebook(path: Path, tables: Tables) -> tuple[Tables, CodebookHead]:
    """Return `tables` with the codebook of the file `path` in the place of ours, and the file's head.

    Raises KnowledgeError, with file, line and remedy, for a file that is no codebook.
    """
    head = read_codebook_head(path)
    kept: Tables = {name: list(raws) for name, raws in tables.items() if name not in _REPLACED}
    kept["cues"] = [raw for raw in tables.get("cues", ()) if raw.builtin and not raw.values.get("context")]
    for name in _REPLACED:
        kept.setdefault(name, []).extend(raw for raw in tables.get(name, ()) if not raw.builtin)
    kept["composition"] = [c for raw in tables.get("composition", ()) if (c := _composition(raw, head)) is not None]
    own = read_file(path)
    operators = {raw.values.get("operator") for raw in (*kept["composition"], *own.get("composition", ()))}
    kept["class"] = [c for raw in tables.get("class", ()) if (c := _class(raw, head, operators)) is not None]
    for name, raws in own.items():
        kept.setdefault(name, []).extend(raws)
    if not any(not raw.builtin for raw in kept["type"]):
        raise KnowledgeError(f"{path}: a codebook without types. Add [[type]] with id, name and meaning.")
    return kept, head


def read_codebook_head(path: Path) -> CodebookHead:
    """Return the head of a codebook file; raises KnowledgeError for a file without one or with a wrong one."""
    values, line = read_head(path, "codebook")
    if values is None:
        raise KnowledgeError(f"{path}:1: no codebook: the head is missing. Start the file with [codebook] and an id.")
    try:
        return CodebookHead.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            said = unknown("field", field, CodebookHead.model_fields)
        elif first["type"] == "missing":
            said = f"the field {field!r} is missing. Add it."
        else:
            said = f"field {field!r}: {first['msg']} (it is {first['input']!r})."
        raise KnowledgeError(f"{path}:{line}: codebook: {said}") from None


def _class(raw: Raw, head: CodebookHead, operators: Collection[object]) -> Raw | None:
    """Return a class of ours as another codebook sees it: what it says of events is gone; None if nothing is left.

    `operators`: those for which there is a rule.
    """
    if not raw.builtin:
        return raw
    values: dict[str, Any] = {k: v for k, v in raw.values.items() if k not in _OF_EVENTS}
    if raw.values.get("type") and not (values.get("operator") or values.get("speech")):
        return None  # a deed of ours, and nothing more
    for part, field in (("operators", "operator"), ("speech", "speech"), ("stance", "stance")):
        if part not in head.inherits or (field == "operator" and values.get(field) not in operators):
            values.pop(field, None)
    if not any(values.get(field) for field in ("operator", "speech", "stance")):
        return None
    return _with(raw, values)


def _composition(raw: Raw, head: CodebookHead) -> Raw | None:
    """Return a rule of ours that speaks of no type: what an operator makes of the status of any deed."""
    if not raw.builtin:
        return raw
    inner = [name for name in raw.values.get("inner", ()) if name in _GENERAL]
    if raw.values.get("type") or not inner or "operators" not in head.inherits:
        return None
    values = {k: v for k, v in raw.values.items() if k not in ("cameo", "cameo_of")}
    return _with(raw, {**values, "inner": inner, "any_codebook": False})


def _with(raw: Raw, values: Mapping[str, Any]) -> Raw:
    return Raw(values, raw.path, raw.line, raw.builtin)
