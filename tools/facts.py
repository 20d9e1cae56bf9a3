"""Hold a report's records against a list of facts that a careful reader finds in it.

A fact has `id`, `what` in plain words, and `any`: alternatives, each a table of clauses. A record that satisfies every
clause of one alternative is the fact found. `forbidden` lists what no record may satisfy. Clauses:

kind, type, mode, status, stance, issue, quote   the record's value is (one of) this
actors, recipients, holders, speakers, toward, attributed_to   all of these codes are among the role's
between     all of these codes are among actors and recipients together
person      some actor of any role is this person
place       some place has this name
from, to    the record's interval of days lies within these
says        the sentence holds these words
trigger     the words that triggered the record hold these
implicit    true or false
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROLES = ("actors", "recipients", "holders", "speakers", "toward", "attributed_to")
VALUES = ("kind", "type", "mode", "status", "stance", "issue", "quote", "implicit")


@dataclass(frozen=True, slots=True)
class Measured:
    """How many facts were found, how many forbidden records there are, and a line on each that is not right."""

    found: int
    forbidden: int
    lines: tuple[str, ...]


def measure(facts: Mapping[str, Any], text: str, records: Sequence[Mapping[str, Any]]) -> Measured:
    """Return how `records` of the report with this `text` do on `facts`. Raises KeyError for an unknown clause."""
    lines = []
    found = 0
    for fact in facts["facts"]:
        if any(satisfies(record, clauses, text) for clauses in fact["any"] for record in records):
            found += 1
        else:
            lines.append(f"missing {fact['id']}: {fact['what']}")
    forbidden = 0
    for fact in facts["forbidden"]:
        for record in records:
            if any(satisfies(record, clauses, text) for clauses in fact["any"]):
                forbidden += 1
                lines.append(f"forbidden {fact['id']}: {fact['what']} ({record['id']})")
    return Measured(found, forbidden, tuple(lines))


def satisfies(record: Mapping[str, Any], clauses: Mapping[str, Any], text: str) -> bool:
    """Tell whether one record satisfies every clause."""
    return all(_holds(record, name, wanted, text) for name, wanted in clauses.items())


def _holds(record: Mapping[str, Any], name: str, wanted: Any, text: str) -> bool:
    if name in VALUES:
        return record.get(name) in (wanted if isinstance(wanted, list) else [wanted])
    if name in ROLES:
        return set(wanted) <= _codes(record, [name])
    if name == "between":
        return set(wanted) <= _codes(record, ["actors", "recipients"])
    if name == "person":
        return any(actor["person"] == wanted for role in ROLES for actor in record.get(role, ()))
    if name == "place":
        return any(place["name"] == wanted for place in record.get("places", ()))
    if name == "from":
        return bool(record["date"]["start"] >= wanted)
    if name == "to":
        return bool("" < record["date"]["end"] <= wanted)
    if name in ("says", "trigger"):
        spans = record["evidence"]["sentence" if name == "says" else "trigger"]
        return any(wanted.lower() in text[start:end].lower() for start, end in spans)
    raise KeyError(f"no clause {name!r}")


def _codes(record: Mapping[str, Any], roles: Iterable[str]) -> set[str]:
    return {actor["code"] for role in roles for actor in record.get(role, ())}
