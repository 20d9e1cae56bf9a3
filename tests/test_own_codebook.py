"""A codebook that is not PLOVER: trade measures, from one file with no code (`trade.toml`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import communique
from coders import codes
from communique.cli.main import app
from communique.errors import KnowledgeError
from communique.knowledge.codebook import Codebook, load_codebook
from communique.knowledge.lexicon import Lexicon, load_lexicon
from communique.knowledge.own_codebook import read_codebook
from communique.knowledge.tables import Tables, read_folders
from communique.pipeline import Coder
from communique.records import Event
from communique.settings import Settings

TRADE = Path(__file__).parent / "trade.toml"
DAY = "2024-03-05"


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COMMUNIQUE_CODEBOOK", raising=False)
    monkeypatch.setenv("COMMUNIQUE_CODEBOOKS", str(tmp_path / "codebooks"))
    monkeypatch.setenv("COLUMNS", "100")


@cache
def coder() -> Coder:
    return communique.load(codebook=TRADE)


@cache
def ours() -> Tables:
    return read_folders(())


def read(path: Path) -> tuple[Codebook, Lexicon]:
    """Read a codebook as the program does, without reading all of ours again."""
    tables, _ = read_codebook(path, ours())
    codebook = load_codebook(tables)
    return codebook, load_lexicon(tables, codebook, own_first=True)


def run(*args: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in args])


def written(e: Event) -> str:
    status = "" if e.status == "actual" else f" {e.status}"
    claimed = f" @{codes(e.attributed_to)}" if e.attributed_to else ""
    parties = codes(e.actors) + (f">{codes(e.recipients)}" if e.recipients else "")
    return f"{e.type}{'/' + e.mode if e.mode else ''} {parties}{status}{claimed}"


SENTENCES = [
    ("China raised tariffs on American cars.", ["RAISE/tariff CHN>USA"]),
    ("Tariffs were imposed on Indian steel by Turkey.", ["RAISE/tariff TUR>IND"]),
    ("American tariffs on Canadian steel doubled.", ["RAISE/tariff USA>CAN"]),
    ("India banned exports of rice to Bangladesh.", ["RAISE/ban IND>BGD"]),
    ("India lifted the ban on exports of rice.", ["LOWER/ban IND"]),
    ("Canada and Mexico signed a trade deal.", ["DEAL CAN MEX"]),
    ("Brazil accused China of dumping steel.", ["COMPLAIN/dumping BRA>CHN"]),
    ("Japan filed a complaint against South Korea.", ["COMPLAIN/wto JPN>KOR"]),
    # rules of its own for what operators make of a deed
    ("China threatened to raise tariffs on Australian wine.", ["WARN CHN>AUS"]),
    ("Australia urged China to cut tariffs on wine.", ["ASK AUS>CHN"]),
    ("Canada ended its trade deal with Mexico.", ["QUIT CAN>MEX"]),
    # where it has none, what ours make of the status holds
    ("China did not raise tariffs on Australian wine.", ["RAISE/tariff CHN>AUS denied"]),
    ("China denied raising tariffs on Australian wine.", ["RAISE/tariff CHN>AUS denied"]),
    ("China refused to cut tariffs on Australian wine.", ["LOWER/tariff CHN>AUS denied"]),
    ("China plans to raise tariffs on Australian wine.", ["RAISE/tariff CHN>AUS planned"]),
    ("China promised to cut tariffs on Australian wine.", ["LOWER/tariff CHN>AUS planned"]),
    ("Norway said that China had raised tariffs on fish.", ["RAISE/tariff CHN @NOR"]),
    # nothing of ours is coded
    ("Iran attacked Israel.", []),
    ("France condemned Germany.", []),
    ("France offered to help Germany.", []),
    ("The United States imposed sanctions on Iran.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [written(e) for e in coder()(text, published=DAY).events] == expected


def test_what_is_plovers_is_empty_and_what_is_its_own_is_there() -> None:
    event = coder()("The European Union imposed tariffs worth $3bn on American steel.", published=DAY).events[0]
    assert (event.quad, event.cameo, event.goldstein, event.intensity) == (0, "", 0.0, -4.0)
    assert event.contexts == ("metals",)
    assert event.magnitude.money == 3e9


def test_speech_and_stance_stay() -> None:
    coding = coder()("France condemned Germany. “We are not afraid,” the French president said.", published=DAY)
    assert [(codes(p.holders), p.stance, codes(p.toward)) for p in coding.positions] == [("FRA", "oppose", "DEU")]
    assert len(coding.statements) == 1


def test_a_codebook_may_inherit_nothing(tmp_path: Path) -> None:
    text = TRADE.read_text(encoding="utf-8").replace('id = "trade"', 'id = "trade"\ninherits = []', 1)
    alone = tmp_path / "alone.toml"
    alone.write_text(text.partition("# ---- what becomes")[0], encoding="utf-8")
    book, lexicon = read(alone)
    assert {pattern.cls.type for pattern in lexicon} <= set(book.types)
    assert not lexicon.compositions


def test_read_show_and_explain(tmp_path: Path) -> None:
    report, store = tmp_path / "trade.txt", tmp_path / "store"
    report.write_text("China raised tariffs on American cars.\n", encoding="utf-8")
    coded = run("code", report, "--published", DAY, "--codebook", TRADE, "--format", "jsonl")
    assert coded.exit_code == 0, coded.stderr
    event = next(r for r in map(json.loads, coded.stdout.splitlines()) if r["kind"] == "event")
    assert (event["type"], event["quad"], event["cameo"]) == ("RAISE", 0, "")
    assert "RAISE tariff" in run("code", report, "--published", DAY, "--codebook", TRADE).stdout
    assert run("read", report, "--published", DAY, "--codebook", TRADE, "--store", store).exit_code == 0
    assert "RAISE tariff" in run("show", "events", "--store", store, "--type", "raise").stdout
    assert "RAISE" in run("show", "events", "--store", store, "--format", "csv").stdout
    unknown = run("show", "events", "--store", store, "--type", "RIASE")
    assert "Did you mean 'RAISE'?" in unknown.stderr
    explained = run("explain", event["id"], "--store", store)
    assert "trade.toml" in explained.stdout and "@put @duties" in explained.stdout
    again = run("explain", event["id"], "--file", report, "--published", DAY, "--codebook", TRADE)
    assert "trade.toml" in again.stdout


def test_codebooks_go_by_name_from_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "codebooks"
    folder.mkdir()
    (folder / "trade.toml").write_bytes(TRADE.read_bytes())
    listed = run("codebook", "list").stdout
    assert "plover" in listed and "Trade measures between states" in listed
    assert Settings(codebook="trade").codebook_file == folder / "trade.toml"
    shown = run("codebook", "show", "trade").stdout
    assert "Barriers raised" in shown and "dumping" in shown and "metals, farming, cars" in shown
    said = run("codebook", "show", "trdae").stderr
    assert "No codebook 'trdae'. Installed: plover, trade. Did you mean 'trade'?" in said


def test_plover_is_shown_too() -> None:
    shown = run("codebook", "show", "plover").stdout
    assert "ASSAULT" in shown and "crowd-control" in shown and "trafficking" in shown
    assert "RAISE" in run("knowledge", "codebook", "tariff", "--codebook", TRADE).stdout


def test_check_says_what_is_in_it() -> None:
    assert run("codebook", "check", TRADE).stdout == (
        "OK: trade: 7 types, 3 contexts, 9 classes of patterns, 4 compositions.\n"
    )


TYPE = '[[type]]\nid = "RAISE"\nname = "Raise"\nmeaning = "Raises."\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TYPE, "x.toml:1: no codebook: the head is missing. Start the file with [codebook] and an id."),
        ("[codebook]\nname = 'x'\n" + TYPE, "x.toml:1: codebook: the field 'id' is missing. Add it."),
        ("[codebook]\nid = 'x'\ninherit = []\n" + TYPE, "Did you mean 'inherits'?"),
        ("[codebook]\nid = 'x'\ninherits = ['speach']\n" + TYPE, "x.toml:1: codebook: field 'inherits'"),
        ("[codebook]\nid = 'x'\n", "x.toml: a codebook without types. Add [[type]] with id, name and meaning."),
        (
            "[codebook]\nid = 'x'\n[[type]]\nid = 'A'\nname = 'A'\n",
            "x.toml:3: type 'A': the field 'meaning' is missing",
        ),
        (
            "[codebook]\nid = 'x'\n" + TYPE + "[[class]]\nid = 'a'\ntype = 'RISE'\nverbs = ['raise']\n",
            "x.toml:7: class 'a': No type 'RISE'. Known: RAISE. Did you mean 'RAISE'?",
        ),
        (
            "[codebook]\nid = 'x'\n" + TYPE + "[[composition]]\nid='a'\noperator='threaten'\ninner=['ASSAULT']\n",
            "x.toml:7: composition 'a': No type 'ASSAULT'. Known: RAISE.",
        ),
        ("[codebook]\nid = 'x'\n" + TYPE + "[[tipe]]\nid = 'x'\n", "No table 'tipe'."),
        ("[codebook\n", "x.toml: "),
    ],
)
def test_a_broken_codebook_is_told_with_file_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_check_says_the_first_error(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[codebook]\nname = 'x'\n", encoding="utf-8")
    checked = run("codebook", "check", path)
    assert checked.exit_code == 1 and "codebook: the field 'id' is missing. Add it." in checked.stderr


def test_a_file_that_is_not_there_and_a_codebook_in_the_wrong_place(tmp_path: Path) -> None:
    missing = run("code", TRADE, "--codebook", tmp_path / "none.toml")
    assert "No codebook file" in missing.stderr and "plover" in missing.stderr
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "trade.toml").write_bytes(TRADE.read_bytes())
    wrong = run("code", TRADE, "--knowledge", folder)
    assert "a codebook among knowledge files. Give it by --codebook trade.toml." in wrong.stderr
