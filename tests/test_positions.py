"""Positions of short sentences: who backs or opposes whom and what.

A position is written "HOLDERS stance TOWARD issue", an empty part as "-", then "status", "implicit" and "@WHO claims
it" where they are not as usual. A row names all positions of its sentence.
"""

from __future__ import annotations

import pytest

from coders import code, codes
from communique.records import Position


def written(p: Position) -> str:
    """Return the short form of `p`."""
    short = f"{codes(p.holders)} {p.stance} {codes(p.toward) or '-'} {p.issue or '-'}"
    short += "" if p.status == "actual" else f" {p.status}"
    short += " implicit" if p.implicit else ""
    return short + (f" @{codes(p.attributed_to)}" if p.attributed_to else "")


def positions(text: str) -> list[str]:
    return sorted(written(p) for p in code(text).positions)


TOWARD_AN_ISSUE = [
    ("France supports a two-state solution.", ["FRA support - two-state-solution"]),
    ("France opposes a two-state solution.", ["FRA oppose - two-state-solution"]),
    ("France backs the two-state solution.", ["FRA support - two-state-solution"]),
    ("France rejects the two-state solution.", ["FRA oppose - two-state-solution"]),
    ("A two-state solution is backed by France.", ["FRA support - two-state-solution"]),
    ("A two-state solution is opposed by France.", ["FRA oppose - two-state-solution"]),
    ("France is in favour of a two-state solution.", ["FRA support - two-state-solution"]),
    ("France is against a two-state solution.", ["FRA oppose - two-state-solution"]),
    ("France voiced support for a two-state solution.", ["FRA support - two-state-solution"]),
    ("France voiced opposition to a two-state solution.", ["FRA oppose - two-state-solution"]),
    ("France reaffirmed its support for a two-state solution.", ["FRA support - two-state-solution"]),
    ("France does not support a two-state solution.", ["FRA support - two-state-solution denied"]),
    ("France does not oppose a two-state solution.", ["FRA oppose - two-state-solution denied"]),
    ("Russia opposes NATO enlargement.", ["RUS oppose NATO nato-enlargement"]),
    ("Russia opposes the enlargement of NATO.", ["RUS oppose NATO nato-enlargement"]),
    ("Russia opposes any further expansion of NATO.", ["RUS oppose NATO nato-enlargement"]),
    ("Russia called for an end to NATO expansion.", ["RUS oppose NATO nato-enlargement"]),
    ("Poland supports NATO enlargement.", ["POL support NATO nato-enlargement"]),
    ("Russia and China oppose NATO enlargement.", ["CHN RUS oppose NATO nato-enlargement"]),
    ("China opposes Taiwan's independence.", ["CHN oppose TWN taiwan-independence"]),
    ("China opposes any form of independence for Taiwan.", ["CHN oppose - taiwan-independence"]),
    ("China criticised AUKUS.", ["CHN oppose AUKUS aukus"]),
    ("Australia defended AUKUS.", ["AUS support AUKUS aukus"]),
    ("Norway supports action on climate change.", ["NOR support - climate"]),
    ("India backs reform of the UN Security Council.", ["IND support UNO un-security-council-reform"]),
    ("Spain opposes the independence of Catalonia.", ["ESP oppose - catalan-independence"]),
    ("Egypt fears the Nile dam.", ["EGY oppose - nile-dam"]),
    ("Russia opposes Ukraine's membership in NATO.", ["RUS oppose UKR nato-membership-ukraine"]),
    ("Russia demands a halt to arms deliveries to Ukraine.", ["RUS oppose - ukraine-arms"]),
    ("Hungary opposes sanctions on Russia.", ["HUN oppose - sanctions-russia"]),
    ("Poland backs sanctions on Russia.", ["POL support - sanctions-russia"]),
    ("Iran demanded an end to sanctions on Iran.", ["IRN oppose - sanctions-iran"]),
    ("Serbia refuses to recognise Kosovo's independence.", ["SRB oppose XKX kosovo-status"]),
    ("Kenya supports a ban on the death penalty.", ["KEN oppose - death-penalty"]),
]  # fmt: skip

TOWARD_AN_ACTOR = [
    ("Iran supports Syria.", ["IRN support SYR -"]),
    ("Syria supports Iran.", ["SYR support IRN -"]),
    ("Syria is supported by Iran.", ["IRN support SYR -"]),
    ("Iran opposes Israel.", ["IRN oppose ISR -"]),
    ("Iran condemned Israel.", ["IRN oppose ISR -"]),
    ("Iran praised Oman.", ["IRN support OMN -"]),
    ("Canada stands with Ukraine.", ["CAN support UKR -"]),
    ("Canada expressed solidarity with Ukraine.", ["CAN support UKR -"]),
    ("Peru is critical of Chile.", ["PER oppose CHL -"]),
    ("Peru and Bolivia criticised Chile.", ["BOL PER oppose CHL -"]),
    ("Kenya defended Uganda.", ["KEN support UGA -"]),
    ("Kenya lashed out at Uganda.", ["KEN oppose UGA -"]),
    ("Kenya thanked Uganda.", ["KEN support UGA -"]),
    ("Chile's criticism of Peru was sharp.", ["CHL oppose PER -"]),
    ("Olaf Scholz backed Emmanuel Macron.", ["DEU support FRA -"]),
    ("Canada sided with Ukraine against Russia.", ["CAN oppose RUS -", "CAN support UKR -"]),
    ("Belarus is an ally of Russia.", ["BLR support RUS -"]),
]  # fmt: skip

HOW_SURE = [
    # planned, denied, hypothetical; claimed by another; hinted at
    ("France may oppose a two-state solution.", ["FRA oppose - two-state-solution hypothetical"]),
    ("France would support a two-state solution if Israel agreed.", ["FRA support - two-state-solution hypothetical"]),
    ("Oman said that France supports a two-state solution.", ["FRA support - two-state-solution @OMN"]),
    ("According to Oman, France opposes a two-state solution.", ["FRA oppose - two-state-solution @OMN"]),
    ("“France opposes a two-state solution,” Oman said.", ["FRA oppose - two-state-solution @OMN"]),
    ("France said that it supports a two-state solution.", ["FRA support - two-state-solution"]),
    ("France called for a two-state solution.", ["FRA support - two-state-solution"]),
    ("Brazil rejected the Paris climate accord.", ["BRA oppose - climate"]),
    ("Peru criticised Chile and Bolivia.", ["PER oppose BOL CHL -"]),
    ("China criticised certain countries.", ["CHN oppose - - implicit"]),
    ("France will support a two-state solution.", ["FRA support - two-state-solution planned"]),
    ("France denied that it opposes a two-state solution.", ["FRA oppose - two-state-solution denied"]),
    ("“We support a two-state solution,” Emmanuel Macron said.", ["FRA support - two-state-solution"]),
    ("“We oppose NATO expansion,” said Vladimir Putin.", ["RUS oppose NATO nato-enlargement"]),
    ("Germany welcomed the ceasefire in Gaza.", ["DEU support - gaza-ceasefire"]),
]  # fmt: skip

NOTHING = [
    "France discussed a two-state solution.",
    "France and Oman talked about NATO enlargement.",
    "The bridge supports the road in France.",
    "Peru borders Chile.",
    "Is there support for a two-state solution?",
]

# What a careful coder notes and the program does not yet: a row that passes belongs in the tables above.
KNOWN_WRONG: list[tuple[str, list[str]]] = [
    ("Turkey condemned the settlements.", ["TUR oppose - settlements"]),
    ("Cuba denounced the US embargo.", ["CUB oppose USA cuba-embargo"]),
    ("Ukraine wants to join NATO.", ["UKR support NATO nato-membership-ukraine"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TOWARD_AN_ISSUE)
def test_toward_an_issue(text: str, expected: list[str]) -> None:
    assert positions(text) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), TOWARD_AN_ACTOR)
def test_toward_an_actor(text: str, expected: list[str]) -> None:
    assert positions(text) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), HOW_SURE)
def test_how_sure_and_whose_words(text: str, expected: list[str]) -> None:
    assert positions(text) == sorted(expected)


@pytest.mark.parametrize("text", NOTHING)
def test_no_position(text: str) -> None:
    assert positions(text) == []


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize(("text", "expected"), KNOWN_WRONG)
def test_known_wrong(text: str, expected: list[str]) -> None:
    assert positions(text) == sorted(expected)
