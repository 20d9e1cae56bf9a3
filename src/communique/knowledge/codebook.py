"""The codebook: event types and modes, contexts, and the CAMEO codes that go with them.

Types, modes, scores and contexts follow the PLOVER codebook, draft 0.8; codes and their scores follow CAMEO 1.1b3
and the Goldstein scale published with it. All of it stands in `data/codebook.toml` and `data/cameo.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pydantic import field_validator

from communique.errors import KnowledgeError, unknown
from communique.knowledge.contexts import ContextBook, CuesEntry, load_contexts
from communique.knowledge.tables import Entry, Tables, split_list, validated

Count = Literal["dead", "injured", "size", "arrested", "money"]
COUNTS: tuple[Count, ...] = ("dead", "injured", "size", "arrested", "money")


class ModeEntry(Entry):
    """A mode of an event type: how it was done, or, for verbal types, what it was about."""

    id: str
    score: float = 0.0
    meaning: str
    cameo: str = ""


class TypeEntry(Entry):
    """`[[type]]`: an event type. `quad` is 1 to 4, 0 for none; `score` runs from -10 (conflict) to 10 (cooperation).

    `counts`: the magnitudes that an event of the type may have.
    """

    id: str
    quad: Literal[0, 1, 2, 3, 4] = 0
    name: str
    meaning: str
    score: float = 0.0
    cameo: str = ""
    requires_recipient: bool = False
    counts: tuple[Count, ...] = COUNTS
    modes: tuple[ModeEntry, ...] = ()


class ContextEntry(Entry):
    """`[[context]]`: what an event is about. `cues`: lemma phrases that show it; `[[cues]]` has more."""

    id: str
    meaning: str
    cues: tuple[str, ...] = ()


class CameoEntry(Entry):
    """`cameo.csv`: a CAMEO code, its Goldstein score, and the type, mode and contexts that it comes closest to."""

    code: str
    name: str
    goldstein: float
    type: str = ""
    mode: str = ""
    contexts: tuple[str, ...] = ()

    @field_validator("contexts", mode="before")
    @classmethod
    def _cut(cls, value: object) -> object:
        return split_list(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Mode:
    id: str
    score: float
    meaning: str
    cameo: str


@dataclass(frozen=True, slots=True)
class EventType:
    """An event type with its modes by id; `where` is the file and line that define it."""

    id: str
    quad: int
    name: str
    meaning: str
    score: float
    cameo: str
    requires_recipient: bool
    counts: tuple[Count, ...]
    modes: Mapping[str, Mode]
    where: str


@dataclass(frozen=True, slots=True)
class CameoCode:
    code: str
    name: str
    goldstein: float
    type: str
    mode: str
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodebookRow:
    """One line of an answer to `communique knowledge codebook QUERY`."""

    kind: Literal["type", "mode", "context", "cameo", "pattern"]
    id: str
    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """All that may stand in the fields `type`, `mode`, `contexts`, `cameo` of an event, and what it is worth."""

    types: Mapping[str, EventType]
    contexts: Mapping[str, ContextEntry]
    cameo: Mapping[str, CameoCode]
    shown: ContextBook

    def quad(self, type: str) -> int:
        """Return 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict, 0 for none."""
        return self.types[type].quad

    def score(self, type: str, mode: str = "") -> float:
        """Return the PLOVER score (-10 to 10) of the mode, or of the type where the mode is empty or unknown."""
        event_type = self.types[type]
        found = event_type.modes.get(mode)
        return found.score if found else event_type.score

    def goldstein(self, code: str) -> float:
        """Return the Goldstein score (-10 to 10) of a CAMEO code; 0.0 for the empty code."""
        return self.cameo[code].goldstein if code else 0.0

    def default_cameo(self, type: str, mode: str = "") -> str:
        """Return the CAMEO code that says no more than type and mode do."""
        event_type = self.types[type]
        found = event_type.modes.get(mode)
        return (found.cameo if found else "") or event_type.cameo

    def follows(self, type: str, mode: str = "") -> dict[str, int | str | float]:
        """Return the fields of an event that follow from its type and mode: quad, cameo, goldstein, intensity."""
        cameo = self.default_cameo(type, mode)
        return {
            "quad": self.quad(type), "cameo": cameo, "goldstein": self.goldstein(cameo),
            "intensity": self.score(type, mode),
        }  # fmt: skip

    def search(self, query: str) -> tuple[CodebookRow, ...]:
        """Return the types, modes, contexts and codes that `query` names or whose meaning holds its words."""
        wanted = query.lower().split()
        rows = [row for row in self._rows() if all(w in f"{row.kind} {row.id} {row.text}".lower() for w in wanted)]
        named = [row for row in rows if query.lower() in (row.id.lower(), row.id.lower().rpartition("/")[2])]
        return tuple(named + [row for row in rows if row not in named])

    def _cues_of(self, context: str) -> str:
        words = self.shown.words(context)
        return f"Cues: {', '.join(words)}." if words else ""

    def _rows(self) -> list[CodebookRow]:
        rows = []
        for t in self.types.values():
            rows.append(CodebookRow("type", t.id, f"{t.name}. {t.meaning}{_worth(t)}", t.where))
            for m in t.modes.values():
                rows.append(CodebookRow("mode", f"{t.id}/{m.id}", f"{m.meaning} Score {m.score:g}.", t.where))
        for context in self.contexts.values():
            rows.append(CodebookRow("context", context.id, f"{context.meaning} {self._cues_of(context.id)}"))
        for c in self.cameo.values():
            kind = f"{c.type}/{c.mode}".strip("/") or "no event"
            rows.append(CodebookRow("cameo", c.code, f"{c.name}. {kind}, Goldstein {c.goldstein:g}."))
        return rows


def _worth(t: EventType) -> str:
    return f" Quad {t.quad}, score {t.score:g}." if t.quad or t.score else ""


def load_codebook(tables: Tables) -> Codebook:
    """Build the codebook from the tables `type`, `context`, `cues` and `cameo`.

    Raises KnowledgeError, with file, line and remedy, for an entry that does not fit its schema or the others.
    """
    codes = validated(tables, "cameo", CameoEntry, key=lambda e: e.code)
    contexts = validated(tables, "context", ContextEntry, key=lambda e: e.id)
    types: dict[str, EventType] = {}
    known = {c.entry.code for c in codes}
    for located in validated(tables, "type", TypeEntry, key=lambda e: e.id):
        entry, where = located.entry, located.where
        for code in (entry.cameo, *(m.cameo for m in entry.modes)):
            if code and code not in known:
                raise KnowledgeError(f"{where}: type {entry.id!r}: {unknown('CAMEO code', code, known)}")
        modes = {m.id: Mode(m.id, m.score, m.meaning, m.cameo) for m in entry.modes}
        if len(modes) < len(entry.modes):
            raise KnowledgeError(f"{where}: type {entry.id!r}: two modes have the same id. Rename or remove one.")
        types[entry.id] = EventType(
            entry.id, entry.quad, entry.name, entry.meaning, entry.score, entry.cameo,
            entry.requires_recipient, entry.counts, MappingProxyType(modes), where,
        )  # fmt: skip
    by_id = {c.entry.id: c.entry for c in contexts}
    cameo: dict[str, CameoCode] = {}
    for row in codes:
        c = row.entry
        check_type(types, c.type, c.mode, f"{row.where}: code {c.code!r}")
        for context in c.contexts:
            if context not in by_id:
                raise KnowledgeError(f"{row.where}: code {c.code!r}: {unknown('context', context, by_id, most=40)}")
        cameo[c.code] = CameoCode(c.code, c.name, c.goldstein, c.type, c.mode, c.contexts)
    entries = validated(tables, "cues", CuesEntry, key=lambda e: e.id)
    for shown in entries:
        label = f"{shown.where}: cues {shown.entry.id!r}"
        for context in filter(None, (shown.entry.context, *shown.entry.unless)):
            if context not in by_id:
                raise KnowledgeError(f"{label}: {unknown('context', context, by_id, most=40)}")
        for event in shown.entry.events:
            type_, _, mode = event.partition("/")
            check_type(types, type_, mode, label)
    own = [CuesEntry(id=c.entry.id, context=c.entry.id, words=c.entry.cues) for c in contexts if c.entry.cues]
    book = load_contexts([*own, *(shown.entry for shown in entries)], tuple(by_id))
    return Codebook(MappingProxyType(types), MappingProxyType(by_id), MappingProxyType(cameo), book)


def check_type(types: Mapping[str, EventType], type: str, mode: str, label: str) -> None:
    """Raise KnowledgeError, its message starting with `label`, unless `mode` is a mode of the known type `type`."""
    if type and type not in types:
        raise KnowledgeError(f"{label}: {unknown('type', type, types, most=20)}")
    if mode and not type:
        raise KnowledgeError(f"{label}: mode {mode!r} without a type. Add type = ... or remove the mode.")
    if mode and mode not in types[type].modes:
        modes = types[type].modes
        hint = unknown(f"mode of {type}", mode, modes, most=20) if modes else f"{type} has no modes. Remove {mode!r}."
        raise KnowledgeError(f"{label}: {hint}")
