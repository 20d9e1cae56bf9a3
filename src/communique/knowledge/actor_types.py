"""What the actor knowledge is made of: entities, people's tenures, offices, roles, and the forms that name them.

Days are ISO dates; an open end is the empty string. Codes are ISO 3166-1 alpha-3, or an organisation's or bloc's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from communique.knowledge.tables import Entry

Use = Literal["name", "adjective", "inhabitant", "capital", "seat", "person", "surname", "office", "role", "nothing"]
USES: tuple[Use, ...] = (
    "name", "adjective", "inhabitant", "capital", "seat", "person", "surname", "office", "role", "nothing",
)  # fmt: skip
Standing = Literal["holder", "former", "future"]
SECTORS = frozenset({
    "COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK",
    "AGR", "BUS", "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC",
})  # fmt: skip
KINDS = frozenset({
    "state", "territory", "igo", "bloc", "group", "party", "armed", "company", "media", "ngo", "body", "ethnic",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an organisation, bloc or group, from `start` to `end`, both days included."""

    code: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A state, territory, organisation, bloc, group or people. Several may share a `code`; `id` is unique.

    `iso2`, `isonum`, `fips` and `cameo` are its codes in ISO 3166-1 (alpha-2, numeric), FIPS 10-4 and CAMEO; `cow` and
    `gw` its numbers today or last (by day: `ActorBook.cow`). `rule` has the offices that govern, each with its first
    day ("" for the first).
    """

    id: str
    code: str
    name: str
    kind: str
    sector: str = ""
    sectors: tuple[str, ...] = ()
    wikidata: str = ""
    members: tuple[Member, ...] = ()
    where: str = ""
    start: str = ""
    end: str = ""
    iso2: str = ""
    cow: str = ""
    gw: str = ""
    isonum: str = ""
    fips: str = ""
    cameo: str = ""
    rule: tuple[tuple[str, str], ...] = ()

    def governing_office(self, day: str) -> str:
        """Return the id of the office that governs the state in fact on `day`, "" where none is known."""
        return next((office for start, office in reversed(self.rule) if not day or start <= day), "")

    def members_on(self, day: str) -> tuple[str, ...]:
        """Return the codes of the members on `day`, in the file's order; "" takes those of today."""
        return tuple(m.code for m in self.members if covers(m.start, m.end, day))

    def exists_on(self, day: str) -> bool:
        """Return whether the entity existed on `day`."""
        return covers(self.start, self.end, day)


@dataclass(frozen=True, slots=True)
class Holder:
    """One tenure of an office by a person. `leader` marks tenures of those who governed in fact."""

    person: str
    code: str
    sector: str
    office: str
    start: str = ""
    end: str = ""
    wikidata: str = ""
    where: str = ""
    leader: bool = False

    def standing(self, day: str) -> Standing:
        """Return whether the person holds the office on `day`, held it before or will hold it.

        On an unknown day ("") a tenure without an end is held.
        """
        if self.end and (not day or day > self.end):
            return "former"
        return "future" if day and self.start and day < self.start else "holder"

    def days_from(self, day: str) -> int:
        """Return how many days `day` lies outside the tenure; 0 within it.

        For an unknown day ("") the answer only orders tenures that are over, the last one first: it counts from the end
        of time, so that it is the same in any year.
        """
        standing = self.standing(day)
        if standing == "holder":
            return 0
        if not day:
            return date.max.toordinal() - date.fromisoformat(self.end).toordinal()
        edge = self.end if standing == "former" else self.start
        return abs(date.fromisoformat(day).toordinal() - date.fromisoformat(edge).toordinal())


@dataclass(frozen=True, slots=True)
class Role:
    """A word for people by what they do. `head` is False for words too common to be actors without a country."""

    form: str
    sector: str
    sectors: tuple[str, ...] = ()
    code: str = ""
    head: bool = True
    plural: bool = False
    where: str = ""


class Office(Entry):
    """An office and the lemma phrases that name it. `same`: offices to look in where nobody is known for this one."""

    id: str
    name: str
    forms: tuple[str, ...]
    sector: Literal[
        "", "GOV", "MIL", "LEG", "JUD", "COP", "SPY", "OPP", "REB", "REL", "BUS", "ELI", "PTY", "EDU", "JRN"
    ] = ""
    scope: Literal["state", "organisation", "any"] = "any"
    same: tuple[str, ...] = ()
    several: bool = False  # many hold it at once: "the Chinese ambassador" is no one person
    of_body: bool = False  # its sector is that of the body that it leads or speaks for
    code: str = ""  # only this body has such an office
    known: bool = False  # reports name its holders by the surname alone


class Metonym(Entry):
    """Buildings, streets and bodies that stand for a government or one of its branches."""

    code: str
    sector: str = ""
    name: str = ""
    names: tuple[str, ...]


class Nothing(Entry):
    """A phrase that holds an actor's name and means no actor: "Korean War", "Brazil nut"."""

    form: str
    case: Literal["exact", "lower"] = "exact"


class GivenName(Entry):
    """A given name that nearly always belongs to women (`f`) or to men (`m`)."""

    name: str
    gender: Literal["f", "m"]


class Membership(Entry):
    """An unbroken membership of a state in the system of states.

    `cow`: as the Correlates of War Project lists it; `gw`: as Gleditsch and Ward do; empty: not listed there then.
    """

    code: str
    cow: str = ""
    gw: str = ""
    start: str
    end: str = ""


class Reading(Entry):
    """One of the bearers of a shared name: `code` is empty where the name means no actor (a person's given name).

    `cues` are words that stand near the name where it is meant, in any case.
    """

    name: str
    code: str = ""
    sector: str = ""
    cues: tuple[str, ...] = ()


class Homonym(Entry):
    """A name with several well-known bearers; the first reading holds where no cue points to another."""

    names: tuple[str, ...] = Field(min_length=1)
    readings: tuple[Reading, ...] = Field(min_length=1)
    where: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One meaning of one form of words; which of the other fields is set depends on `use`."""

    use: Use
    entity: Entity | None = None
    holders: tuple[Holder, ...] = ()
    office: Office | None = None
    role: Role | None = None
    plural: bool = False
    common: bool = False  # a surname that others have too


def covers(start: str, end: str, day: str) -> bool:
    """Return whether `day` ("" is today) lies between two ISO dates, of which either may be open."""
    if not day:
        return not end
    return (not start or start <= day) and (not end or day <= end)
