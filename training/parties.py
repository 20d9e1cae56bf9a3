"""Made-up parties for made-up sentences: states, leaders, bodies and crowds, from the program's own tables."""

from __future__ import annotations

import random
from dataclasses import dataclass

from communique.knowledge.tables import Tables

_OFFICES = (
    "President;Prime Minister;Foreign Minister;Defense Minister;Interior Minister;opposition leader;Ambassador".split(
        ";"
    )
)
_LEADERS = (
    "president;prime minister;foreign minister;defence minister;interior minister;government spokesman;"
    "finance minister;army chief;ambassador;parliament speaker;military spokesman;opposition leader"
).split(";")
_STATE = "government;authorities;officials;foreign ministry;parliament;cabinet;lawmakers;leaders;diplomats".split(";")
_FORCE = (
    "army;military;air force;navy;security forces;troops;soldiers;police;border guards;coast guard;warplanes;"
    "special forces;fighters;rebels;militants;insurgents;gunmen;militia"
).split(";")
_LAW = (
    "police;authorities;prosecutors;a court in {place};the Supreme Court;immigration officials;security forces;"
    "a {adjective} court;a {adjective} judge;the interior ministry;customs officials;intelligence agents"
).split(";")
_CROWD = (
    "protesters;students;workers;teachers;farmers;activists;opposition supporters;residents;trade unions;nurses;"
    "prisoners;refugees;women's groups;human rights activists;journalists;bus drivers;miners;villagers"
).split(";")
_PEOPLE = (
    "civilians;refugees;journalists;the opposition;opposition leaders;activists;rebels;the rebels;protesters;"
    "aid workers;migrants;prisoners;a former minister;dozens of people;the government;separatists;militants;"
    "an opposition politician;a local reporter;two foreign nationals;the separatists"
).split(";")
_BODY = (
    "a company in {place};the opposition party;the central bank;a human rights group;the parliament in {place};"
    "the state oil company;an aid agency;the ruling party;the {adjective} parliament"
).split(";")
_MATTERS = (
    "decision;plan;policy;government;proposal;move;leadership;president;new law;nuclear programme;economy;"
    "sovereignty;statement;call;handling of the crisis;request;bid;demands;capital;military;forces"
).split(";")
_SURNAMES = ("Okafor Lindqvist Petrov Haddad Moreno Tanaka Nguyen Banda Kowalski Rossi Fischer Dubois Silva Mensah "
             "Hussein Karimi Bakker Novak Popescu Sharma Khan Rahman Perera Santos Cruz Lopez Diallo Traore Kamau "
             "Mwangi Abdi Yilmaz Demir Cohen Levy Ahmadi Zhang Li Kim Park Suzuki Wong Tan Suharto Baker Miller "
             "Thompson Clarke").split()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """A noun phrase that names a party; `plural` for the verb's form."""

    text: str
    plural: bool


class Parties:
    """Draws parties; states and organisations from the knowledge tables, so that names are those of the news."""

    def __init__(self, tables: Tables) -> None:
        states = [raw.values for raw in tables["state"] if not raw.values.get("end") and raw.values.get("adjectives")]
        self.states = [
            (row["name"], row["adjectives"].split(";")[0], (row.get("capitals") or row["name"]).split(";")[0])
            for row in states
        ]
        self.given = [raw.values["name"] for raw in tables["given"]]
        self.bodies = [
            raw.values["name"] for raw in tables["organisation"]
            if raw.values.get("kind") in ("igo", "ngo", "bloc") and len(raw.values["name"].split()) < 5
        ]  # fmt: skip

    def place(self, rng: random.Random) -> str:
        """Return a capital or a state."""
        state = rng.choice(self.states)
        return rng.choice((state[0], state[2]))

    def draw(self, rng: random.Random, kind: str = "") -> Party:
        """Return a party; `kind` says which sort: state, force, law, crowd, people; any other means any."""
        name, adjective, capital = rng.choice(self.states)
        roll = rng.random()
        if kind in ("force", "law", "crowd", "people"):
            text = rng.choice({"force": _FORCE, "law": _LAW, "crowd": _CROWD, "people": _PEOPLE}[kind])
            return self._described(text, name, adjective, capital, rng)
        if roll < 0.4:
            return Party(_named(name), False)
        if roll < 0.52:
            text = f"{rng.choice(_OFFICES)} {rng.choice(self.given)} {rng.choice(_SURNAMES)}"
            return Party(rng.choice((f"{adjective} {text}", text, text.split(" ", 1)[-1])), False)
        if roll < 0.62:
            return Party(
                rng.choice((f"{name}'s {rng.choice(_LEADERS)}", f"the {adjective} {rng.choice(_LEADERS)}")), False
            )
        if roll < 0.76:
            return self._described(rng.choice(_STATE), name, adjective, capital, rng)
        if roll < 0.85:
            body = rng.choice(self.bodies)
            return Party(body if body.isupper() or body.startswith("the ") else f"the {body}", False)
        if roll < 0.9:
            return self._described(rng.choice(_BODY), name, adjective, capital, rng)
        if roll < 0.94:
            other = rng.choice(self.states)[0]
            return Party(f"{_named(name)} and {_named(other)}", True)
        return self._described(rng.choice(_FORCE + _PEOPLE), name, adjective, capital, rng)

    def widened(self, party: Party, rng: random.Random) -> Party:
        """Return a phrase that belongs to the party, as gold files often mark it: "B's decision", "the army of B"."""
        matter = rng.choice(_MATTERS)
        owner = party.text + ("'" if party.plural and party.text.endswith("s") else "'s")
        return Party(rng.choice((f"{owner} {matter}", f"{owner} {matter}", f"the {matter} of {party.text}")), False)

    def _described(self, text: str, name: str, adjective: str, capital: str, rng: random.Random) -> Party:
        text = text.format(place=rng.choice((name, capital)), adjective=adjective)
        several = text.split(" in ")[0].endswith("s") or text.split()[-1] in ("police", "militia", "people")
        if text.startswith(("a ", "an ", "two ", "dozens ")) or " in " in text:
            return Party(text, several)
        bare = text.removeprefix("the ")
        shapes = [
            f"{adjective} {bare}",
            f"the {adjective} {bare}",
            f"{bare} in {_named(name)}",
            f"{_named(name)}'s {bare}",
        ]
        if several or text != bare:
            shapes.append(text)
        return Party(rng.choice(shapes), several)


def _named(name: str) -> str:
    several = name.endswith(("States", "Emirates", "Islands", "Netherlands", "Philippines", "Maldives", "Bahamas"))
    return f"the {name}" if several or name.startswith("United K") else name
