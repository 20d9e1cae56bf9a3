"""How records read in the labels of other people's annotation schemes.

A set of sentences with labels is made by other rules than PLOVER's present draft: it may know fewer types, or draw a
line elsewhere. What differs stands in `[[label]]` entries, one line of difference each, so that a measure compares
like with like and a reader sees what was bent. The first entry that fits decides; where none does, it is the type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import Field

from communique.knowledge.lexicon_schema import Status
from communique.knowledge.tables import Entry, Tables, validated


class LabelEntry(Entry):
    """`[[label]]`: what the scheme calls a deed of some kind.

    All conditions that are given must hold; each is a list of alternatives. `types`, `modes`: of the record. `cameo`:
    beginnings of its code. `status`: of the record. `operators`: of the pattern that the record was composed by.
    `classes`: ids of the lexicon class that coded it. `future`: the clause of the deed
    is in the future tense. `composed`: an operator governs the deed.
    """

    id: str
    scheme: str
    label: str
    types: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    cameo: tuple[str, ...] = ()
    status: tuple[Status, ...] = ()
    operators: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    future: bool | None = None
    composed: bool | None = None
    note: str = Field(default="")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a scheme asks of a record."""

    type: str
    mode: str
    cameo: str
    status: str
    operators: frozenset[str]
    classes: frozenset[str]
    future: bool
    composed: bool


@dataclass(frozen=True, slots=True)
class Scheme:
    """The differences of one annotation scheme from PLOVER, in the order of the file."""

    name: str
    labels: tuple[LabelEntry, ...]

    def label(self, deed: Deed) -> str:
        """Return the scheme's label of a deed."""
        return next((entry.label for entry in self.labels if _fits(entry, deed)), deed.type)


def _fits(entry: LabelEntry, deed: Deed) -> bool:
    return (
        (not entry.types or deed.type in entry.types)
        and (not entry.modes or deed.mode in entry.modes)
        and (not entry.cameo or deed.cameo.startswith(entry.cameo))
        and (not entry.status or deed.status in entry.status)
        and (not entry.operators or not deed.operators.isdisjoint(entry.operators))
        and (not entry.classes or not deed.classes.isdisjoint(entry.classes))
        and (entry.future is None or entry.future == deed.future)
        and (entry.composed is None or entry.composed == deed.composed)
    )


def load_schemes(tables: Tables) -> Mapping[str, Scheme]:
    """Build the schemes from the table `label`; raises KnowledgeError for an entry that does not fit its schema."""
    found: dict[str, list[LabelEntry]] = {}
    for located in validated(tables, "label", LabelEntry, key=lambda e: f"{e.scheme} {e.id}"):
        found.setdefault(located.entry.scheme, []).append(located.entry)
    return MappingProxyType({name: Scheme(name, tuple(labels)) for name, labels in found.items()})
