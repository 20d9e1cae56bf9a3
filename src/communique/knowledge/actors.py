"""Names -> who: states, organisations, groups, people by the offices they held on a day, and roles.

`read_actors` turns the tables `state`, `group`, `organisation`, `metonym`, `office`, `person` and `role` of the
knowledge files into a folder that an `ActorBook` reads. A form of words that means several things gives several
`Form`s; which of them a report means is for the actor stage to decide, by day and context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path

from communique.knowledge.actor_files import ActorFiles, write_actors
from communique.knowledge.actor_forms import name_forms, word_forms
from communique.knowledge.actor_rows import entity_rows, person_rows, role_rows
from communique.knowledge.actor_types import (
    KINDS,
    SECTORS,
    USES,
    Entity,
    Form,
    GivenName,
    Holder,
    Homonym,
    Member,
    Membership,
    Metonym,
    Nothing,
    Office,
    Reading,
    Role,
    Use,
    covers,
)
from communique.knowledge.phrases import cut_words, without_accents
from communique.knowledge.tables import Tables, validated

__all__ = [
    "KINDS", "SECTORS", "USES", "ActorBook", "ActorRow", "Entity", "Form", "Holder", "Homonym", "Member", "Membership",
    "Metonym", "Nothing", "Office", "Reading", "Role", "Use", "read_actors",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActorRow:
    """One line of what `communique knowledge actors QUERY` prints."""

    use: str
    form: str
    code: str
    name: str
    kind: str
    sector: str
    office: str
    start: str
    end: str
    where: str


_CUT = re.compile(r" ([-'’/]) ?| (?=['’]s\b|[.,])")  # where a name was cut into words
_LONG, _LEADERS, _NEWEST = "actors/people/", "actors/leaders/", "2022-01-01"
_TOLD_TWICE = 60  # days
_HEADS = (
    "president", "prime-minister", "chancellor", "king", "supreme-leader", "general-secretary", "head-of-state",
    "secretary-general", "commission-president", "director-general", "chairperson", "rebel-leader",
)  # fmt: skip


class ActorBook:
    """All actors that the program knows, looked up by form, code, office and day. Read-only."""

    def __init__(self, folder: Path) -> None:
        """Open the folder that was written (see `read_actors`)."""
        self._files = ActorFiles(folder)
        self.forms = self._files.names
        self.alike = self._files.alike

    @cached_property
    def homonyms(self) -> dict[str, Homonym]:
        """Names with several well-known bearers, by every form that names them."""
        return {name: homonym for homonym in self._files.homonyms for name in homonym.names}

    @cached_property
    def _standing(self) -> dict[str, int]:
        """The order of the offices in their file: who holds several is named by the first."""
        return {office: place for place, office in enumerate(self.offices)}

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of the names of offices, in small letters: no person's name begins with one."""
        forms = (form for office in self.offices.values() for form in office.forms)
        return frozenset(word.lower() for form in forms for word in cut_words(form) if len(word) > 3)

    @property
    def offices(self) -> dict[str, Office]:
        """All offices by id."""
        return self._files.offices

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All entities; decoding them takes a second, so it is not for coding."""
        return self._files.entities

    @property
    def holders(self) -> tuple[Holder, ...]:
        """All tenures; decoding them takes a second, so it is not for coding."""
        return self._files.holders

    def entity(self, code: str) -> Entity | None:
        """Return the entity with this id, else the first with this code ("RUS", "NATO", "WEST"), else None."""
        return self._files.entity(code)

    def office_holder(self, code: str, office: str, day: str) -> Holder | None:
        """Return who held `office` (an id; "leader": who governed in fact) of `code` on `day`, or None.

        When two tenures meet on the day, our list of the best-known goes before the long ones, then the later wins. An
        office that nobody is known for is looked for under its `same` ids. A day after all that is known gives nobody,
        not the last one known.
        """
        if office == "leader":
            return self._leader(code, day)
        known = self.offices.get(office)
        for wanted in (office, *(known.same if known else ())):
            found = _latest(self._files.tenures(code, wanted), day)
            if found:
                return found
        return None

    def tenures(self, code: str, office: str) -> list[Holder]:
        """Return all tenures of `office` of `code`, in the order of the files."""
        return self._files.tenures(code, office)

    def bodies(self, code: str) -> list[Entity]:
        """Return all entities with this code, in the order of the files."""
        return self._files.with_code(code)

    def people(self, code: str) -> list[Holder]:
        """Return all tenures of offices of `code`: first who governs it now, and then back in time."""
        found = (holder for office in self.offices for holder in self._files.tenures(code, office))
        once = {(h.person, h.office, h.start): h for h in found}.values()
        return sorted(once, key=lambda h: (not h.end, h.end, self.governs(h), h.start), reverse=True)

    def governs(self, holder: Holder) -> bool:
        """Tell whether the tenure is that of a head of state or government, or of an organisation.

        Who is a head of state and nothing more, a governor-general, does not govern.
        """
        return holder.leader or (holder.office in _HEADS and holder.office != "head-of-state")

    def obscure(self, holder: Holder) -> bool:
        """Tell whether the tenure stands in one of the long lists only, not in that of the best-known."""
        return holder.where.startswith(_LONG)

    def _leader(self, code: str, day: str) -> Holder | None:
        """Return who governed: whom our list calls the leader, else by the office that governs then, else any head.

        A list of leaders has heads of government too who do not govern: Uzbekistan's prime minister.
        """
        entity = self._files.entity(code)
        governing = entity.governing_office(day) if entity else ""
        known = self._files.tenures(code, governing) if governing else []
        if day and day < _NEWEST:  # until then the list says who governed in fact: not Libya's head of state
            known = [h for h in known if h.leader and covers(h.start, h.end, day)] or known
        named = [h for h in self._files.tenures(code, "leader") if not self.obscure(h)]
        found = _latest(named, day) or _latest(known, day) or _latest(self._files.leaders(code), day)
        others = (_latest(self._files.tenures(code, office), day) for office in ("leader", *_HEADS))
        return found or next(filter(None, others), None)

    def holders_of_name(self, form: Form, day: str) -> tuple[Holder, ...]:
        """Return the tenures behind a person's name: those held on `day` first, then those that are over.

        Among tenures of the day, who governs comes first, then the higher office (the order of their file), then the
        tenure that began last; so it is with what is over, and what is to come stands last. `Holder.standing(day)`
        tells whether to call the person "former".
        """

        # The built list has Saddam Hussein for Kuwait too.
        known = any(self.governs(h) and not h.where.startswith(_LEADERS) for h in form.holders)

        def rank(holder: Holder) -> tuple[bool, bool, bool, bool, int, int, int]:
            began, away = int(holder.start.replace("-", "") or 0), holder.days_from(day)
            return (
                away > 0, holder.standing(day) == "future", not (holder.start or holder.end),
                not (holder.leader and not (known and holder.where.startswith(_LEADERS))),
                self._standing.get(holder.office, len(self._standing)), away, -began,
            )  # fmt: skip

        return tuple(sorted(form.holders, key=rank))

    def gender(self, person: str) -> str:
        """Return "f" or "m" if the given name of `person` tells, else ""."""
        return self._files.genders.get(without_accents(person).partition(" ")[0], "")

    def cow(self, code: str, day: str = "") -> str:
        """Return the Correlates of War number of the state on `day` ("" is today), "" if it is no member then."""
        return next((m.cow for m in self._memberships.get(code, ()) if m.cow and covers(m.start, m.end, day)), "")

    def gw(self, code: str, day: str = "") -> str:
        """Return the Gleditsch and Ward number of the state on `day` ("" is today), "" if it is no member then."""
        return next((m.gw for m in self._memberships.get(code, ()) if m.gw and covers(m.start, m.end, day)), "")

    def system(self, day: str = "") -> tuple[str, ...]:
        """Return the codes of the members of the Correlates of War state system on `day`, in alphabetical order."""
        return tuple(sorted(code for code in self._memberships if self.cow(code, day)))

    @cached_property
    def _memberships(self) -> dict[str, list[Membership]]:
        found: dict[str, list[Membership]] = {}
        for membership in self._files.memberships:
            found.setdefault(membership.code, []).append(membership)
        return found

    def called(self, name: str) -> tuple[ActorRow, ...]:
        """Return who and what has exactly this name, in any case."""
        found = self.forms.folded(name)
        return tuple(row for text, form in found for row in _rows(_CUT.sub(r"\1", text), form))

    def search(self, query: str, *, most: int = 200) -> tuple[ActorRow, ...]:
        """Return what is known under `query`: a code, a form of words or a part of one (any case), best first."""
        wanted = " ".join(cut_words(without_accents(query))).lower()
        if not wanted:
            return ()
        coded = {entity.id for entity in self._files.with_code(query.strip().upper())}
        ranked: list[tuple[int, str, ActorRow]] = []
        part = wanted if len(wanted) > 3 else f"{wanted} "  # of words so short only whole ones count
        # Other names of what has the code are found by its entity, which only a walk through all of them sees.
        there = ((text, form) for text, _, form in self.forms.items()) if coded else self.forms.containing(part)
        for text, form in there:
            lower = text.lower()
            if lower == wanted:
                rank = 0
            elif form.use == "name" and form.entity is not None and form.entity.id in coded:
                rank = 1
            elif wanted in lower.split():
                rank = 2
            elif len(wanted) > 3 and wanted in lower:
                rank = 3
            else:
                continue
            shown = _CUT.sub(r"\1", text)
            ranked.extend((rank, shown, row) for row in _rows(shown, form))
        ranked.sort(key=lambda r: (r[0], r[1] != r[2].name, r[1], r[2].start))
        return tuple(dict.fromkeys(row for _, _, row in ranked))[:most]


def _latest(tenures: Iterable[Holder], day: str) -> Holder | None:
    """Return the tenure of the day that is to be believed where several are known.

    The later start wins; of starts within two months of each other, which are mostly one tenure told twice, our list
    of the best-known goes first. The built list of leaders calls whoever governed by the office that governs today,
    so that any other list knows better; for recent days it is the newest.
    """
    on_day = [h for h in tenures if h.standing(day) == "holder"]
    if day and day < _NEWEST:
        on_day = [h for h in on_day if not h.where.startswith(_LEADERS)] or on_day
    if not on_day:
        return None
    last = max(on_day, key=lambda h: (h.start, h.end == ""))
    near = [
        h for h in on_day if not h.where.startswith((_LONG, _LEADERS)) and _apart(h.start, last.start) <= _TOLD_TWICE
    ]
    return max(near, key=lambda h: h.start) if near else last


def _apart(one: str, other: str) -> int:
    """Return how many days lie between two days; an open one is far from any other."""
    if not one or not other:
        return 0 if one == other else 10**6
    return abs(date.fromisoformat(one).toordinal() - date.fromisoformat(other).toordinal())


def _rows(text: str, form: Form) -> list[ActorRow]:
    if form.holders:
        return [
            ActorRow(form.use, text, h.code, h.person, "person", h.sector, h.office, h.start, h.end, h.where)
            for h in form.holders
        ]
    if form.entity:
        e = form.entity
        return [ActorRow(form.use, text, e.code, e.name, e.kind, e.sector, "", e.start, e.end, e.where)]
    if form.office:
        office = form.office
        return [ActorRow("office", text, "", office.name, "office", office.sector, office.id, "", "", "")]
    if form.role:
        r = form.role
        return [ActorRow("role", text, r.code, r.form, "role", r.sector, "", "", "", r.where)]
    return []


def read_actors(tables: Tables) -> Callable[[Path], None]:
    """Return what fills an empty folder with the compiled form of the knowledge tables (see `tables.read_folders`).

    Raises KnowledgeError with file, line and remedy for the first row that does not follow its schema.
    """
    offices = [found.entry for found in validated(tables, "office", Office, key=lambda o: o.id)]
    metonyms = validated(tables, "metonym", Metonym, key=lambda m: f"{m.code} {m.sector} {m.names[:1]}")
    entities = entity_rows(tables)
    people = person_rows(tables, {office.id: office.sector for office in offices})
    homonyms = [
        found.entry.model_copy(update={"where": found.where})
        for found in validated(tables, "homonym", Homonym, key=lambda h: h.names[0])
    ]
    nothing = [found.entry for found in validated(tables, "nothing", Nothing, key=lambda n: n.form)]
    names, roles = name_forms(entities, metonyms, offices, people), role_rows(tables)
    members = [found.entry for found in validated(tables, "membership", Membership)]
    given = [found.entry for found in validated(tables, "given", GivenName, key=lambda g: g.name)]
    bodies, holders = [row.entity for row in entities], [row.holder for row in people]

    def write(folder: Path) -> None:
        forms = chain(names, word_forms(offices, roles, nothing))
        write_actors(folder, bodies, offices, holders, forms, homonyms, members, given)

    return write
