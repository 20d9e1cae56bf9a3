"""Who is in a store: the names that go with codes, and what to say where a code is not there."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.errors import QueryError
from communique.records import Actor, Event, Record, Statement

if TYPE_CHECKING:
    from communique.store import Store

_SIDES = {
    "events": ("actors", "recipients"),
    "statements": ("speakers", "recipients"),
    "positions": ("holders", "toward"),
}
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Party:
    """An actor: its code, and the name that most records give it."""

    code: str
    name: str


def check(store: Store, codes: Iterable[str]) -> tuple[str, ...]:
    """Return `codes` in upper case. Raises QueryError for one of which no record of the store knows, with near ones,
    and for a store without records.
    """
    from communique.store import Filters

    wanted = tuple(code.strip().upper() for code in codes)
    if not any(store.counts()[kind] for kind in _SIDES):
        raise QueryError(
            f"The store {str(store.path)!r} holds no records. `communique read PATH --store {store.path}` adds some."
        )
    if len(set(wanted)) < len(wanted):
        raise QueryError(f"{wanted[0]!r} is given twice. Give one actor, or two different ones.")
    for code in wanted:
        if not code or not any(store.page(kind, Filters(actor=code), limit=1).items for kind in _SIDES):
            raise QueryError(_unknown(code, store))
    return wanted


def names(store: Store, codes: Collection[str], records: Iterable[Record]) -> dict[str, Party]:
    """Return the party of each code, by the names in `records`; the store is asked for those that are not there."""
    from communique.store import Filters, ReportSummary

    wanted = set(codes)
    found: dict[str, Counter[str]] = defaultdict(Counter)

    def count(some: Iterable[Record]) -> None:
        for record in some:
            for actor in sides(record):
                if actor.code.upper() in wanted and actor.name:
                    found[actor.code.upper()][actor.name] += 1

    count(records)
    for code in sorted(wanted - set(found)):
        for kind in _SIDES:
            items = store.page(kind, Filters(actor=code), limit=1).items
            count(each for each in items if not isinstance(each, ReportSummary))
    # Of names that are equally frequent the first in the alphabet, whatever order the records came in.
    return {
        code: Party(code, min(found[code], key=lambda name: (-found[code][name], name)) if found[code] else code)
        for code in codes
    }


def sides(record: Record) -> Iterator[Actor]:
    """Yield the actors on both sides of a record."""
    if isinstance(record, Event):
        yield from (*record.actors, *record.recipients)
    elif isinstance(record, Statement):
        yield from (*record.speakers, *record.recipients)
    else:
        yield from (*record.holders, *record.toward)


def _unknown(code: str, store: Store) -> str:
    """Return the message for a code of which the store knows nothing: near codes and names, else the most frequent."""
    there: Counter[tuple[str, str]] = Counter()
    for kind, columns in _SIDES.items():
        table = store.to_arrow(kind)
        for column in columns:
            for row in table.column(column).to_pylist():
                there.update((actor["code"].upper(), actor["name"]) for actor in row if actor["code"])
    named: dict[str, str] = {}  # each code under the name that most records give it
    often: Counter[str] = Counter()
    for (other, name), number in sorted(there.items(), key=lambda item: (-item[1], item[0])):
        named.setdefault(other, name)
        often[other] += number
    spelt = {text.casefold(): other for other, name in sorted(there) for text in (other, name) if text}
    near = difflib.get_close_matches(code.casefold(), sorted(spelt), n=_NEAR, cutoff=0.6)
    close = list(dict.fromkeys(spelt[text] for text in near))
    said = [f"{other} ({named[other]})" for other in close or sorted(often, key=lambda c: (-often[c], c))[:_NEAR]]
    frequent = f"There are {len(named)}, the most frequent {', '.join(said)}."
    hint = f"Did you mean {' or '.join(said)}?" if close else frequent
    return (
        f"No record in the store {str(store.path)!r} has the actor {code!r}. {hint} "
        "`communique knowledge actors NAME` finds codes."
    )  # fmt: skip
