"""`communique evaluate`: measures, predictions in the gold's form, and what it says of a file that is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coders import coder
from communique.cli.main import app
from communique.evaluation.actors import HolderResult, code_phrase, evaluate_actors

ROWS = [
    {"id": "a", "text": "the Polish army", "country": "POL", "sector": "MIL"},
    {"id": "b", "text": "the Polish army", "country": "POL", "sector": ["MIL", "GOV"]},
    {"id": "c", "text": "the Polish army", "country": "POL", "sector": "GOV"},
    {"id": "d", "text": "the Polish army", "country": None, "sector": None},
    {"id": "e", "text": "Emmanuel Macron", "date": "2018-03-01", "country": "FRA", "sector": "GOV"},
]


def gold(tmp_path: Path, rows: list[dict[str, object]]) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    return result.exit_code, result.output


def test_actors_are_scored_and_predicted(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code, printed = run("actors", str(gold(tmp_path, ROWS)), "--predictions", str(out), "--wrong")
    assert code == 0
    assert "0.800  (4 of 5)" in printed
    assert "'the Polish army': wanted POL GOV, got POL MIL" in printed
    predictions = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [p["id"] for p in predictions] == ["a", "b", "c", "d", "e"]
    assert predictions[0]["prediction"] == {"country": "POL", "sector": "MIL"}


def test_places_are_scored_and_predicted(tmp_path: Path) -> None:
    text = "A bus caught fire in Lagos on Monday. Nobody in Atlantisville was hurt."
    rows: list[dict[str, object]] = [{
        "id": "x", "text": text, "date": "2019-05-01",
        "places": [
            {"start": 21, "end": 26, "phrase": "Lagos", "lat": 6.45, "lon": 3.39, "geonameid": 2332459},
            {"start": 48, "end": 61, "phrase": "Atlantisville", "lat": 0, "lon": 0, "geonameid": 0},
        ],
    }]  # fmt: skip
    out = tmp_path / "out.jsonl"
    code, printed = run("places", str(gold(tmp_path, rows)), "--predictions", str(out))
    assert code == 0
    assert "0.500  (1 of 2)" in printed and "1.000  (1 of 1)" in printed
    (prediction,) = json.loads(out.read_text(encoding="utf-8"))["prediction"]
    assert (prediction["start"], prediction["end"]) == (21, 26)
    assert prediction["lat"] == pytest.approx(6.45, abs=0.2) and prediction["lon"] == pytest.approx(3.39, abs=0.2)


def test_places_that_were_wrong_are_listed(tmp_path: Path) -> None:
    text = "A bus caught fire in Lagos on Monday. Nobody in Atlantisville was hurt."
    rows: list[dict[str, object]] = [{
        "id": "x", "text": text, "date": "2019-05-01",
        "places": [{"start": 21, "end": 26, "lat": 37.1, "lon": -8.67}, {"start": 48, "end": 61, "lat": 0, "lon": 0}],
    }]  # fmt: skip
    code, printed = run("places", str(gold(tmp_path, rows)), "--wrong")
    assert code == 0
    assert "x: 'Lagos' wanted at 37.10 -8.67, put at 6." in printed and "(Lagos, 3" in printed
    assert "x: 'Atlantisville' wanted at 0.00 0.00, missed" in printed


def test_dates_are_scored(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "published,sentence,text,start,end,precision\n"
        "2024-01-17,They met on Monday.,Monday,2024-01-15,2024-01-15,day\n"
        "2024-01-17,They met on Monday.,Monday,2024-01-08,2024-01-08,day\n",
        encoding="utf-8",
    )
    code, printed = run("dates", str(table), "--wrong")
    assert code == 0
    assert "0.500  (1 of 2)" in printed and "wanted Monday 2024-01-08..2024-01-08 day" in printed


def test_many_wrong_dates_do_not_ask_for_predictions(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    row = "2024-01-17,They met on Monday.,Monday,2024-01-08,2024-01-08,day\n"
    table.write_text("published,sentence,text,start,end,precision\n" + row * 42, encoding="utf-8")
    code, printed = run("dates", str(table), "--wrong")
    assert code == 0 and "... and 2 more." in printed and "--predictions" not in printed


def test_attributions_that_were_missed_are_listed(tmp_path: Path) -> None:
    text = "The minister said that talks would go on. " + "It rained in the hills and in the valleys " * 3
    rows: list[dict[str, object]] = [{"text": text, "attributions": [
        {"source": [[0, 12]], "cue": [[13, 17]], "content": [[18, 40]]},
        {"source": [], "cue": [], "content": [[42, len(text)]]},
    ]}]  # fmt: skip
    code, printed = run("attribution", str(gold(tmp_path, rows)), "--wrong")
    assert code == 0
    assert f"gold.jsonl:1: missed {text[42:122]!r}\n" in printed and "talks would go on" not in printed


def test_attributions_are_scored_and_predicted(tmp_path: Path) -> None:
    text = "The minister said that talks would go on."
    rows: list[dict[str, object]] = [
        {"text": text, "attributions": [{"source": [[0, 12]], "cue": [[13, 17]], "content": [[18, 40]]}]}
    ]
    out = tmp_path / "out.jsonl"
    code, printed = run("attribution", str(gold(tmp_path, rows)), "--predictions", str(out))
    assert code == 0 and "attributions f1" in printed and "1.000" in printed
    (found,) = json.loads(out.read_text(encoding="utf-8"))["prediction"]
    assert set(found) == {"source", "cue", "content"}


@pytest.mark.parametrize(
    ("content", "message"),
    [("no json\n", ":1:"), ('{"text": "x"}\n["a list"]\n', ":2:"), ('{"phrase": "x"}\n', "no field 'text'")],
)
def test_a_file_that_is_none_is_named_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    code, printed = run("actors", str(path))
    assert code == 1 and message in printed and "Traceback" not in printed


@pytest.mark.parametrize(
    ("task", "content", "message"),
    [
        ("attribution", '{"text": "x"}\n', "gold.jsonl:2: a line wants `text` and `attributions`"),
        ("attribution", '{"text": "x", "attributions": [{"content": [3]}]}\n', "gold.jsonl:2: a line wants"),
        ("attribution", '{"text": 5, "attributions": []}\n', "gold.jsonl:2: the object has no field 'text'"),
        ("places", '{"text": "x"}\n', "gold.jsonl:2: a line wants `text` and `places`"),
        ("places", '{"text": 5, "places": []}\n', "gold.jsonl:2: a line wants `text` and `places`"),
    ],
)
def test_a_line_without_what_is_wanted_is_named(tmp_path: Path, task: str, content: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n" + content, encoding="utf-8")
    code, printed = run(task, str(path))
    assert code == 1 and message in printed.replace("\n", " ") and "Traceback" not in printed


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "the Polish\u2028army", "country": "POL"}\r\n', encoding="utf-8")
    code, printed = run("actors", str(path))
    assert code == 0 and "(1 of 1)" in printed


def test_a_missing_table_of_dates_is_asked_for_as_a_table() -> None:
    code, printed = run("dates", "nowhere.csv")
    assert code == 1 and "CSV table" in printed and "JSON" not in printed


def test_a_missing_file_is_one_sentence() -> None:
    code, printed = run("actors", "nowhere.jsonl")
    assert code == 1 and "No gold file 'nowhere.jsonl'" in printed


# phrase, day, context, country, sector
PHRASES = [
    ("soldiers", "", "", "", "MIL"), ("the Chilean senate", "", "", "CHL", "LEG"), ("he", "", "", "", "UNK"),
    ("last week", "", "", "", "JNK"), ("regions across Ghana", "", "", "GHA", "UNK"),
    ("the World Health Organization", "", "", "UNO", "HLH"), ("the African Union", "", "", "IGO", ""),
    ("an intelligence agency officer", "", "", "", "SPY"), ("the president of the Bundestag", "", "", "DEU", "LEG"),
    ("the chairman of the company's board", "", "", "", "BUS"), ("an army accountant", "", "", "", "MIL"),
    ("two Indian frigates", "", "", "IND", "MIL"), ("a retired finance minister", "", "", "", "ELI"),
    ("police in Istanbul", "", "", "TUR", "COP"), ("the breakaway republic", "", "", "", "PRE"),
    ("ISIS troops", "", "", "IMG", "REB"), ("Hezbollah soldiers", "", "", "LBN", "REB"),
    ("the army", "", "Kenya", "KEN", "MIL"), ("the wife of the Gabonese president", "", "", "GAB", "ELI"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "day", "context", "country", "sector"), PHRASES)
def test_a_phrase_has_country_and_sector(text: str, day: str, context: str, country: str, sector: str) -> None:
    assert code_phrase(coder(), text, day, context) == (country, sector)


def test_every_wanted_field_has_to_be_right() -> None:
    assert [r.right for r in evaluate_actors(coder(), ROWS)] == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("person", "given", "right"),
    [
        ("", "", True), ("", "Ann Example", False), ("Ann Example", "", False), ("Ann Example", "A. Example", True),
        ("習近平", "習近平", True), ("習近平", "Xi Jinping", False), ("Xi Jinping", "習近平", False),
        ("習近平", "", False),
    ],
)  # fmt: skip
def test_holders_of_any_name_or_none(person: str, given: str, right: bool) -> None:
    assert HolderResult("CHN", "president", "2022-02-04", person, given).right is right


PAIRS = [
    {"id": "r1", "text": "Kenya bombed Somalia.", "source": [[0, 5]], "target": [[13, 20]], "label": "ASSAULT"},
    {"id": "r2", "text": "Kenya praised Somalia.", "source": [[0, 5]], "target": [[14, 21]], "label": "ACCUSE"},
    {"id": "r3", "text": "Kenya is far from Somalia.", "source": [[0, 5]], "target": [[18, 25]], "label": "AID"},
]


def test_relations_are_scored_with_a_matrix_and_errors(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    path = gold(tmp_path, PAIRS)
    code, printed = run("relation", str(path), "--no-model", "--predictions", str(out), "--wrong")
    assert code == 0
    assert "0.067" in printed and "0.400  (1 of 3)" in printed  # one of 15 labels; 2 * 1 / (3 + 2)
    assert "quads macro-F1" in printed
    assert "r2: wanted ACCUSE, got SUPPORT (patterns): 'Kenya' | 'Somalia'" in printed
    assert printed.index("r2: wanted") < printed.index("r3: wanted AID, got nothing")
    (row,) = [line.split() for line in printed.splitlines() if line.split()[:1] == ["ACCUSE"] and "·" in line]
    assert row.count("1") == 1 and row[3] == "1"  # under SUP
    predictions = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert predictions == [
        {"id": "r1", "prediction": "ASSAULT"}, {"id": "r2", "prediction": "SUPPORT"}, {"id": "r3", "prediction": None},
    ]  # fmt: skip


def test_stances_are_scored(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "s1", "text": "Kenya condemned Somalia.", "a": [0, 5], "b": [16, 23], "label": "a-b"},
        {"id": "s2", "text": "Kenya praised Somalia.", "a": [14, 21], "b": [0, 5], "label": "b+a"},
    ]
    code, printed = run("stance", str(gold(tmp_path, rows)), "--no-model")
    assert code == 0
    assert "1.000  (2 of 2)" in printed and "0.400" in printed  # two of five labels


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "LOVE"}, "no label 'LOVE'; known: AGREE"),
        ({"source": [[0, 99]]}, "the span [0, 99) does not lie in the text"),
        ({"target": []}, "a party has no span"),
        ({"source": 3}, "A line wants `text`, `source` and `target`"),
    ],
)
def test_a_row_that_is_no_relation_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    code, printed = run("relation", str(gold(tmp_path, [PAIRS[0], {**PAIRS[1], **change}])))
    assert code != 0
    assert "gold.jsonl:2" in printed and said in " ".join(printed.split())
