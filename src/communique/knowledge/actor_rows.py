"""Rows of actor files -> entities, people and roles; each error names file, line and remedy.

Rows are checked by hand, not by pydantic: there are thousands, and loading them has a budget of a quarter second.
A row from a CSV cell (`a;b`) and from a TOML list (`["a", "b"]`) are the same thing here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from communique.errors import KnowledgeError, unknown
from communique.knowledge.actor_types import KINDS, SECTORS, Entity, Holder, Member, Role
from communique.knowledge.phrases import without_accents
from communique.knowledge.tables import Raw, Tables, split_list

_LEADERS = 2  # rank of the built list of leaders
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,19}")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_STATE = frozenset(
    """id code iso2 cow gw isonum fips cameo kind name names adjectives inhabitants capitals rule start end sectors
    wikidata""".split()
)
_BODY = frozenset("id code kind sector sectors name names adjectives inhabitants members start end wikidata".split())
_PERSON = frozenset("person aliases surname code sector office start end wikidata leader".split())
_ROLE = frozenset("form sector sectors code head plural".split())
_SEVERAL = frozenset("names adjectives inhabitants capitals rule members sectors aliases".split())
_OTHER = frozenset("start end leader head plural".split())  # dates may be TOML's, the rest are yes or no
_ONE_TENURE = 0.5
"""How much of the shorter of two rows has to be shared for them to be one tenure, told twice."""
_DEFAULT_KIND = {"state": "state", "organisation": "igo", "group": "group"}


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity with the words that name it."""

    entity: Entity
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    inhabitants: tuple[tuple[str, str], ...]
    capitals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One tenure with the words that name the person.

    `rank` orders the files by trust; `start` and `end` stand as they were written, to tell a year from a day.
    """

    holder: Holder
    names: tuple[str, ...]
    surname: str
    rank: int = 0
    start: str = ""
    end: str = ""


def entity_rows(tables: Tables) -> list[EntityRow]:
    """Return states, then groups, then organisations; a later row of the same table and id replaces an earlier one."""
    found: list[EntityRow] = []
    for table in ("state", "group", "organisation"):
        rows: dict[str, EntityRow] = {}
        for raw in tables.get(table, ()):
            row = _entity(raw, table)
            rows[row.entity.id] = row
        found.extend(rows.values())
    return found


def person_rows(tables: Tables, offices: Mapping[str, str]) -> list[PersonRow]:
    """Return the tenures; rows of several files about one tenure are made one (see `_merged`).

    `offices` gives the sector of each office that a row may name. All rows of a name share the Wikidata id that one
    of them gives.
    """
    raws = tables.get("person", [])
    for raw in raws:
        _check_fields(raw, "person", _PERSON)
    ids = {raw.values.get("person"): raw.values["wikidata"] for raw in raws if "wikidata" in raw.values}
    rows: dict[tuple[str, str, str], list[PersonRow]] = {}
    for raw in raws:
        row = _person(raw, offices, ids.get(raw.values.get("person"), ""))
        h = row.holder
        rows.setdefault((without_accents(h.person).lower(), h.code, h.office or h.sector), []).append(row)
    merged = [row for told in rows.values() for row in (_merged(told) if len(told) > 1 else told)]
    return _without_doubles(merged)


def _without_doubles(rows: list[PersonRow]) -> list[PersonRow]:
    """Give the short names of the list of leaders ("Gonzalez Videla") to the full ones of other lists.

    A leader's row is that of another list's person if office and state are the same, they share a word of their names
    and most of their days.
    """
    others: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        if row.rank != _LEADERS:
            others.setdefault((row.holder.code, row.holder.office), []).append(number)
    gone = set()
    for number, row in enumerate(rows):
        if row.rank != _LEADERS:
            continue
        for n in others.get((row.holder.code, row.holder.office), ()):
            if _same_person(row, rows[n]):
                holder = replace(rows[n].holder, leader=True)
                rows[n] = replace(rows[n], holder=holder, names=tuple(dict.fromkeys((*rows[n].names, *row.names))))
                gone.add(number)
                break
    return [row for number, row in enumerate(rows) if number not in gone]


def _same_person(a: PersonRow, b: PersonRow) -> bool:
    words = [set(without_accents(r.holder.person).lower().replace("-", " ").split()) for r in (a, b)]
    if not words[0] & words[1] or a.holder.person == b.holder.person:
        return False
    shared, _, longer = _shared(a.holder, b.holder)
    return shared > 0.6 * max(longer, 1)


def _days(holder: Holder) -> tuple[int, int]:
    start, end = holder.start or "1900-01-01", holder.end or "2100-01-01"
    return date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal()


def _shared(one: Holder, other: Holder) -> tuple[int, int, int]:
    """Return how many days two tenures share, how many the shorter has, and how many the longer."""
    (first, last), (other_first, other_last) = _days(one), _days(other)
    shorter, longer = sorted((last - first, other_last - other_first))
    return min(last, other_last) - max(first, other_first), shorter, longer


def _merged(told: list[PersonRow]) -> list[PersonRow]:
    """Make rows that overlap in time one: the days of the most trusted file, but a day rather than its bare year."""
    done: list[PersonRow] = []
    for row in sorted(told, key=lambda r: (r.holder.start, r.rank)):
        last = done[-1] if done else None
        if last is None or not _overlap(last.holder, row.holder):
            done.append(row)
            continue
        best, other = (row, last) if row.rank < last.rank else (last, row)
        if row.rank == last.rank and row.start and row.start == last.end and len(row.start) < 10:
            done.append(row)  # "2014-2016" and "2016-2018" of one file: a second term, not the same one
            continue
        start, end = _finer(best, other, "start"), _finer(best, other, "end")
        if best.rank == _LEADERS and not end:  # what was open when that list was built may have ended since
            end = other.holder.end
        if start and end and start > end:
            start, end = best.holder.start, best.holder.end
        names = tuple(dict.fromkeys((*best.names, *other.names)))
        holder = replace(best.holder, start=start, end=end, leader=best.holder.leader or other.holder.leader)
        done[-1] = replace(best, holder=holder, names=names)
    return done


def _overlap(earlier: Holder, later: Holder) -> bool:
    """Tell whether two tenures of one person may be one: they share much of the shorter, not only its last days."""
    shared, shorter, _ = _shared(earlier, later)
    return shared >= _ONE_TENURE * shorter


def _finer(best: PersonRow, other: PersonRow, edge: str) -> str:
    mine, theirs = getattr(best, edge), getattr(other, edge)
    finer = len(theirs) > len(mine) and mine and theirs.startswith(mine)
    chosen: str = getattr((other if finer else best).holder, edge)
    return chosen


def role_rows(tables: Tables) -> list[Role]:
    """Return the roles; a later row for the same form replaces an earlier one."""
    rows: dict[str, Role] = {}
    for raw in tables.get("role", ()):
        role = _role(raw)
        rows[role.form.lower()] = role
    return list(rows.values())


def _entity(raw: Raw, table: str) -> EntityRow:
    values = raw.values
    _check_fields(raw, table, _STATE if table == "state" else _BODY)
    name = values.get("name", "")
    code = values.get("code", "")
    kind = values.get("kind") or _DEFAULT_KIND[table]
    if not name.strip():
        raise _error(raw, table, "the field 'name' is missing. Add it.")
    if not (code or kind == "ethnic"):
        raise _error(raw, table, "the field 'code' is missing. Give the state's or organisation's code.")
    if kind not in KINDS:
        raise _error(raw, table, unknown("kind", str(kind), KINDS))
    sectors, cow = _sectors(raw, table), values.get("cow", "")
    entity = Entity(
        id=values.get("id") or _default_id(table, code, kind, name),
        code=_code(raw, table, code) if code else "",
        name=name,
        kind=kind,
        sector=sectors[0] if sectors else "",
        sectors=sectors[1:],
        wikidata=values.get("wikidata", ""),
        members=tuple(_members(raw, table)) if "members" in values else (),
        where=_where(raw),
        start=_date(raw, table, "start", first=True),
        end=_date(raw, table, "end", first=False),
        iso2=values.get("iso2", ""),
        cow=cow,
        gw=values.get("gw", cow),
        isonum=values.get("isonum", ""),
        fips=values.get("fips", ""),
        cameo=values.get("cameo", ""),
        rule=tuple(_rule(item) for item in _list(values.get("rule"))),
    )
    return EntityRow(
        entity,
        (name, *_list(values.get("names"))),
        _list(values.get("adjectives")),
        tuple(_pair(item) for item in _list(values.get("inhabitants"))),
        _list(values.get("capitals")),
    )


def _person(raw: Raw, offices: Mapping[str, str], wikidata: str) -> PersonRow:
    values = raw.values
    person, code, office = values.get("person", ""), values.get("code", ""), values.get("office", "")
    for field, value in (("person", person), ("code", code)):
        if not value.strip():
            raise _error(raw, "person", f"the field {field!r} is missing. Add it.")
    if office and office not in offices:
        raise _error(raw, f"person {person!r}", unknown("office", office, offices, most=60))
    sector = values.get("sector") or offices.get(office, "")
    if sector and sector not in SECTORS:
        raise _error(raw, f"person {person!r}", unknown("sector", sector, SECTORS, most=30))
    start, end = _date(raw, "person", "start", first=True), _date(raw, "person", "end", first=False)
    if start and end and start > end:
        raise _error(raw, f"person {person!r}", f"starts on {start} after its end {end}. Correct the dates.")
    holder = Holder(
        person, _code(raw, "person", code), sector, office, start, end,
        wikidata, _where(raw), bool(values.get("leader")),
    )  # fmt: skip
    return PersonRow(
        holder, (person, *_list(values.get("aliases"))), values.get("surname") or surname(person, code),
        _rank(raw), str(values.get("start", "")), str(values.get("end", "")),
    )  # fmt: skip


def _rank(raw: Raw) -> int:
    """Return how little a file is trusted: a user's, then our list of the best-known, then the built ones."""
    if not raw.builtin:
        return 0
    return 1 if raw.path.parent.name == "actors" else _LEADERS if raw.path.parent.name == "leaders" else 3


def _role(raw: Raw) -> Role:
    values = raw.values
    _check_fields(raw, "role", _ROLE)
    form = values.get("form", "")
    if not form.strip():
        raise _error(raw, "role", "the field 'form' is missing. Give the words, in the singular.")
    sectors = _sectors(raw, f"role {form!r}")
    code = values.get("code", "")
    return Role(
        form, sectors[0] if sectors else "", sectors[1:], _code(raw, "role", code) if code else "",
        str(values.get("head", "y")).lower() not in ("n", "no", "false"), bool(values.get("plural")), _where(raw),
    )  # fmt: skip


def surname(person: str, code: str = "") -> str:
    """Return the words that a report uses for the person alone: the last one, without "Jr." and numerals.

    In names from East Asia the family's comes first ("Xi Jinping"); a monarch's numeral stays ("Mohammed VI").
    A surname that is a common word of English gives the whole name.
    """
    words = person.split()
    if code in _FAMILY_FIRST and len(words) > 1:
        return person if words[0] in _COMMON_WORDS else words[0]
    while len(words) > 2 and re.fullmatch(r"(?:Jr|Sr)\.?|[IVX]+", words[-1]):
        words.pop()
    if re.fullmatch(r"[IVX]+", words[-1]) or words[-1] in _COMMON_WORDS:
        return person
    last = len(words) - 1
    while last > 1 and words[last - 1].lower() in _PARTICLES:
        last -= 1
    return " ".join(words[last:])


_COMMON_WORDS = frozenset("He She It An So To Do No On In By My Me We Us Be Who Islam Note Son Prem Price".split())
_FAMILY_FIRST = frozenset(("CHN", "PRK", "KOR", "TWN"))
_PARTICLES = frozenset("de del della di da dos van von der den le la du bin al el ben ter ould".split())


def _check_fields(raw: Raw, table: str, known: frozenset[str]) -> None:
    if not raw.values.keys() <= known:
        field = next(f for f in raw.values if f not in known)
        raise _error(raw, table, unknown("field", field, known, most=30))
    for field, value in raw.values.items():
        if not (isinstance(value, str) or field in _OTHER or (_several(field, known) and _is_list(value))):
            raise _error(raw, table, f"field {field!r} is not text (it is {value!r}). Put it in quotes.")


def _several(field: str, known: frozenset[str]) -> bool:
    return field in _SEVERAL or (field == "sector" and "sectors" in known)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _error(raw: Raw, label: str, problem: str) -> KnowledgeError:
    name = raw.values.get("name") or raw.values.get("person") or raw.values.get("form") or raw.values.get("id") or ""
    label = f"{label} {name!r}" if name and "'" not in label else label
    return KnowledgeError(f"{_where(raw)}: {label}: {problem}")


def _list(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, str):
        return split_list(value) if ";" in value else (value.strip(),)
    return tuple(value)


def _pair(item: str) -> tuple[str, str]:
    singular, _, plural = item.partition("/")
    return singular, plural or singular + "s"


def _rule(item: str) -> tuple[str, str]:
    office, _, start = item.partition("@")
    return start, office


def _sectors(raw: Raw, label: str) -> tuple[str, ...]:
    sectors = (*_list(raw.values.get("sector")), *_list(raw.values.get("sectors")))
    for sector in sectors:
        if sector not in SECTORS:
            raise _error(raw, label, unknown("sector", sector, SECTORS, most=30))
    return sectors


def _code(raw: Raw, label: str, code: str) -> str:
    if not _CODE.fullmatch(code):
        raise _error(raw, label, f"{code!r} is no code. Write capitals and digits, such as 'FRA' or 'NATO'.")
    return code


def _date(raw: Raw, label: str, field: str, *, first: bool) -> str:
    value = str(raw.values.get(field, ""))
    return _whole_date(raw, label, value, first) if value else ""


def _whole_date(raw: Raw, label: str, value: str, first: bool) -> str:
    """Return `value` as a day: a year or month alone means its first or last day."""
    if day := _day(value, first):
        return day
    raise _error(raw, label, f"{value!r} is no date. Write 2022, 2022-02 or 2022-02-04.")


@lru_cache(maxsize=20_000)
def _day(value: str, first: bool) -> str:
    """Return the day that `value` means, "" if it is no date. Most days stand in many rows."""
    match = _DATE.fullmatch(value)
    year, month, day = match.groups() if match else ("", "0", "")
    if not 1 <= int(month := month or ("01" if first else "12")) <= 12:
        return ""
    last = calendar.monthrange(int(year), int(month))[1] if int(year) else 31
    day = day or ("01" if first else f"{last:02d}")
    return f"{year}-{month}-{day}" if 1 <= int(day) <= last else ""


def _members(raw: Raw, label: str) -> Iterator[Member]:
    for item in _list(raw.values.get("members")):
        code, _, span = item.partition(":")
        start, _, end = span.partition("/")
        yield Member(
            _code(raw, label, code),
            _whole_date(raw, label, start, True) if start else "",
            _whole_date(raw, label, end, False) if end else "",
        )


@cache
def _path(path: Path, builtin: bool) -> str:
    return Raw({}, path, 0, builtin).where.removesuffix(":0")


def _where(raw: Raw) -> str:
    """Return `raw.where`, whose path arithmetic is done once a file, not once a row."""
    return f"{_path(raw.path, raw.builtin)}:{raw.line}"


def _default_id(table: str, code: str, kind: str, name: str) -> str:
    if table == "state" or kind in ("igo", "bloc", "group"):
        return code
    slug = re.sub(r"[^a-z0-9]+", "-", without_accents(name).lower()).strip("-")
    return f"{slug}-{code.lower()}" if code else slug
