"""The actor knowledge on disk: compiled once from the data files, opened in a millisecond, decoded row by row.

A folder holds the tables of rows (`rows.json`: one JSON list a line; `rows.at`: where each line begins), the names
(`names.marisa`) and the keys by which code asks for rows (`keys.marisa`: "e RUS" an entity, "t RUS president" the
tenures of an office). A payload of the names is one `Use` and the numbers of rows; see `_pack`.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import marisa_trie
import orjson

from communique.knowledge.actor_types import (
    USES,
    Entity,
    Form,
    GivenName,
    Holder,
    Homonym,
    Member,
    Membership,
    Office,
    Role,
)
from communique.knowledge.names import NameCase, NameTable, write_names
from communique.knowledge.phrases import without_accents
from communique.knowledge.spelling import alike

Named = tuple[str, NameCase, Form]
_MOST_ROWS = 60  # tenures behind one name, the last ones: a payload has one byte for its length
_PLURAL, _COMMON = 0x80, 0x40
_TRANSLITERATED = frozenset({USES.index("person"), USES.index("name")})


def write_actors(
    folder: Path,
    entities: Sequence[Entity],
    offices: Sequence[Office],
    holders: Sequence[Holder],
    forms: Iterable[Named],
    homonyms: Sequence[Homonym],
    memberships: Sequence[Membership],
    given: Sequence[GivenName],
) -> None:
    """Write the compiled tables into the existing `folder`."""
    table = _Rows()
    office_rows = {office.id: table.add("office", office.model_dump()) for office in offices}
    keys: list[tuple[str, tuple[int]]] = []
    for entity in entities:
        row = table.add("entity", entity)
        keys.append((f"i {entity.id}", (row,)))
        if entity.code:
            keys.append((f"c {entity.code}", (row,)))
    for holder in holders:
        row = table.add("holder", holder)
        keys.append((f"t {holder.code} {holder.office}", (row,)))
        if holder.leader:
            keys.append((f"l {holder.code}", (row,)))
    names = [(phrase, case, _pack(form, table, office_rows)) for phrase, case, form in forms]
    write_names(folder / "names.marisa", names)
    similar = ((alike(phrase), payload) for phrase, _, payload in names if payload[0] in _TRANSLITERATED)
    write_names(folder / "alike.marisa", [(key, "lower", payload) for key, payload in similar if " " in key])
    for name, entries in (("homonyms", homonyms), ("memberships", memberships)):
        (folder / f"{name}.json").write_bytes(orjson.dumps([entry.model_dump() for entry in entries]))
    marisa_trie.RecordTrie("<I", keys).save(str(folder / "keys.marisa"))
    genders = {without_accents(entry.name): entry.gender for entry in given}
    (folder / "given.json").write_bytes(orjson.dumps(genders))
    table.write(folder)


class _Rows:
    """Rows as they are collected; equal rows have one number."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._numbers: dict[bytes, int] = {}

    def add(self, kind: str, values: Any) -> int:
        line = orjson.dumps([kind, values])
        number = self._numbers.setdefault(line, len(self._lines))
        if number == len(self._lines):
            self._lines.append(line)
        return number

    def write(self, folder: Path) -> None:
        starts, at = array("I", [0]), 0
        for line in self._lines:
            at += len(line) + 1
            starts.append(at)
        (folder / "rows.json").write_bytes(b"".join(line + b"\n" for line in self._lines))
        (folder / "rows.at").write_bytes(starts.tobytes())


def _pack(form: Form, table: _Rows, offices: dict[str, int]) -> bytes:
    """Return the payload of a form: its use (with bits for a plural and a common surname), then its rows."""
    if form.entity is not None:
        rows = [table.add("entity", form.entity)]
    elif form.office is not None:
        rows = [offices[form.office.id]]
    elif form.role is not None:
        rows = [table.add("role", form.role)]
    elif form.use == "nothing":
        rows = []
    else:
        latest = sorted(form.holders, key=lambda h: h.start)[-_MOST_ROWS:]
        rows = [table.add("holder", holder) for holder in form.holders if holder in latest]
    bits = (_PLURAL if form.plural else 0) | (_COMMON if form.common else 0)
    return struct.pack(f">B{len(rows)}I", USES.index(form.use) | bits, *rows)


class ActorFiles:
    """A compiled folder, open for reading. Rows are decoded when they are first asked for and then kept."""

    def __init__(self, folder: Path) -> None:
        """Open what `write_actors` made."""
        with (folder / "rows.json").open("rb") as file:
            self._rows = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._starts = array("I")
        self._starts.frombytes((folder / "rows.at").read_bytes())
        self._keys = marisa_trie.RecordTrie("<I").mmap(str(folder / "keys.marisa"))
        self._decoded: dict[int, Any] = {}
        self._forms: dict[bytes, Form] = {}
        self._named: dict[str, Entity] = {}
        self.names: NameTable[Form] = NameTable(folder / "names.marisa", self._form)
        self.alike: NameTable[Form] = NameTable(folder / "alike.marisa", self._form)
        # Small, and read now: another process may remove the folder when a newer one has taken its place.
        self.homonyms = tuple(Homonym(**values) for values in _read(folder / "homonyms.json"))
        self.memberships = tuple(Membership(**values) for values in _read(folder / "memberships.json"))
        self.genders: dict[str, str] = _read(folder / "given.json")

    def entity(self, name: str) -> Entity | None:
        """Return the entity with the id `name`, else the first that has it as its code, else None."""
        if name in self._named:
            return self._named[name]
        for kind in ("i", "c"):
            if rows := self._numbered(f"{kind} {name}"):
                found: Entity = self._row(min(rows)[0])
                self._named[name] = found
                return found
        return None

    def tenures(self, code: str, office: str) -> list[Holder]:
        """Return all tenures of an office of a state or body, in the order of the files."""
        return [self._row(n) for (n,) in sorted(self._numbered(f"t {code} {office}"))]

    def leaders(self, code: str) -> list[Holder]:
        """Return the tenures of those who governed `code` in fact."""
        return [self._row(n) for (n,) in sorted(self._numbered(f"l {code}"))]

    def with_code(self, code: str) -> list[Entity]:
        """Return all entities that have the code."""
        return [self._row(n) for (n,) in sorted(self._numbered(f"c {code}"))]

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """All entities, decoded: for checks and tables, not for coding."""
        return tuple(self._row(n) for n in self._numbers("i "))

    @cached_property
    def holders(self) -> tuple[Holder, ...]:
        """All tenures, decoded: for checks and tables, not for coding."""
        return tuple(self._row(n) for n in self._numbers("t "))

    @cached_property
    def offices(self) -> dict[str, Office]:
        """All offices by id: the first rows of the table."""
        found: dict[str, Office] = {}
        for number in range(len(self._starts) - 1):
            row = self._row(number)
            if not isinstance(row, Office):
                break
            found[row.id] = row
        return found

    def _numbered(self, key: str) -> list[tuple[int]]:
        # The trie would take what stands before a NUL for a key.
        return [] if "\0" in key else list(self._keys.get(key) or ())

    def _numbers(self, prefix: str) -> list[int]:
        return sorted({n for _, (n,) in self._keys.iteritems(prefix)})

    def _row(self, number: int) -> Any:
        row = self._decoded.get(number)
        if row is None:
            kind, values = orjson.loads(self._rows[self._starts[number] : self._starts[number + 1]])
            row = self._decoded[number] = _BUILD[kind](values)
        return row

    def _form(self, payload: bytes) -> Form:
        form = self._forms.get(payload)
        if form is None:
            form = self._forms[payload] = self._unpack(payload)
        return form

    def _unpack(self, payload: bytes) -> Form:
        rows = tuple(self._row(n) for n in struct.unpack(f">{(len(payload) - 1) // 4}I", payload[1:]))
        use, plural = USES[payload[0] & ~(_PLURAL | _COMMON)], bool(payload[0] & _PLURAL)
        if use in ("person", "surname"):
            return Form(use, holders=rows, common=bool(payload[0] & _COMMON))
        if use == "nothing":
            return Form(use)
        if use == "office":
            return Form(use, office=rows[0], plural=plural)
        if use == "role":
            return Form(use, role=rows[0], plural=plural)
        return Form(use, entity=rows[0], plural=plural)


def _read(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def _entity(values: dict[str, Any]) -> Entity:
    values["members"] = tuple(Member(**m) for m in values["members"])
    values["sectors"] = tuple(values["sectors"])
    values["rule"] = tuple((start, office) for start, office in values["rule"])
    return Entity(**values)


def _role(values: dict[str, Any]) -> Role:
    values["sectors"] = tuple(values["sectors"])
    return Role(**values)


_BUILD = {
    "entity": _entity,
    "holder": lambda values: Holder(**values),
    "office": lambda values: Office(**values),
    "role": _role,
}
