"""Which records of a sentence count as the one that a careful coder would note."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.evaluation.endtoend import Wanted, found, is_found, read_list
from factories import event

WANTED = Wanted("7", (frozenset({"RUS"}),), (frozenset({"USA"}), frozenset("-")), frozenset({"ACCUSE", "REJECT"}))

CASES = [
    ("as wanted", event("a", 1, "RUS", "USA", type="ACCUSE"), True),
    ("the other type", event("a", 1, "RUS", "USA", type="REJECT"), True),
    ("the other recipient: none", event("a", 1, "RUS", "", type="ACCUSE"), True),
    ("one more doer", event("a", 1, "RUS CHN", "USA", type="ACCUSE"), True),
    ("another type", event("a", 1, "RUS", "USA", type="AID"), False),
    ("turned round", event("a", 1, "USA", "RUS", type="ACCUSE"), False),
    ("another recipient", event("a", 1, "RUS", "GBR", type="ACCUSE"), False),
]


@pytest.mark.parametrize(("one", "right"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_which_record_is_the_wanted_one(one: object, right: bool) -> None:
    assert is_found(WANTED, [one]) is right  # type: ignore[list-item]


def test_all_sides_of_a_joint_deed_may_be_doers() -> None:
    talks = Wanted("1", (frozenset({"RUS"}),), (frozenset({"CHN"}),), frozenset({"CONSULT"}))
    assert is_found(talks, [event("a", 1, "CHN RUS", "", type="CONSULT")])
    assert not is_found(talks, [event("a", 1, "RUS", "", type="CONSULT")])
    raid = Wanted("1", (frozenset({"RUS"}),), (frozenset({"CHN"}),), frozenset({"ASSAULT"}))
    assert not is_found(raid, [event("a", 1, "CHN RUS", "", type="ASSAULT")])


def test_the_list_is_read_with_its_remarks_and_alternatives(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "# remark\nid,actor,recipient,type,note\n7,RUS,USA|-,ACCUSE|REJECT,\n8,FRA DEU,-,AID,both\n", "utf-8"
    )
    first, second = read_list(path)
    assert first == WANTED
    assert second.actors == (frozenset({"FRA", "DEU"}),)
    assert found([first, second], {"7": [event("a", 1, "RUS", "USA", type="ACCUSE")]}) == [first]
