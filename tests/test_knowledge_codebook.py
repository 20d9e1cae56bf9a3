"""The codebook: what is in it, what it answers, and what it says of files that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from communique.errors import KnowledgeError
from communique.knowledge.codebook import Codebook, load_codebook
from communique.knowledge.phrases import cut_words
from communique.knowledge.tables import read_folders

PLOVER_QUADS = {
    1: {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"},
    2: {"COOPERATE", "AID", "RETREAT"},
    3: {"REQUEST", "ACCUSE", "REJECT", "THREATEN"},
    4: {"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"},
}
Write = Callable[..., Path]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(read_folders(()))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def of_words(codebook: Codebook, words: Sequence[str], lemmas: Sequence[str]) -> tuple[str, ...]:
    return codebook.shown.ordered(c for _, _, found in codebook.shown.shown(words, lemmas) for c in found)


def test_types_quads_and_contexts_are_those_of_plover(codebook: Codebook) -> None:
    for quad, types in PLOVER_QUADS.items():
        assert {t for t in codebook.types if codebook.quad(t) == quad} == types
    assert len(codebook.contexts) == 37


@pytest.mark.parametrize(
    ("type_", "modes"),
    [
        ("CONSULT", {"visit", "third-party", "multilateral", "phone"}),
        ("RETREAT", {"withdraw", "release", "disarm", "ceasefire", "access", "resign"}),
        ("REQUEST", {"assist", "change", "yield", "meet"}),
        ("REJECT", {"assist", "change", "yield", "meet"}),
        ("ACCUSE", {"disapprove", "investigate", "allege"}),
        ("SANCTION", {"convict", "expel", "withdraw", "discontinue"}),
        ("MOBILIZE", {"troops", "weapons", "police", "militia"}),
        ("AGREE", set()),
    ],
)
def test_modes(codebook: Codebook, type_: str, modes: set[str]) -> None:
    assert set(codebook.types[type_].modes) == modes


@pytest.mark.parametrize(
    ("type_", "mode", "score", "cameo", "goldstein"),
    [
        ("CONSULT", "visit", 4, "042", 1.9),
        ("CONSULT", "", 2.5, "040", 1.0),
        ("AID", "", 10, "070", 7.0),
        ("ACCUSE", "", -3, "110", -2.0),
        ("ASSAULT", "unconventional", -10, "204", -10.0),
        ("SANCTION", "expel", -5.5, "166", -7.0),
        ("SANCTION", "no such mode", -6, "160", -4.0),
    ],
)
def test_scores_and_codes(
    codebook: Codebook, type_: str, mode: str, score: float, cameo: str, goldstein: float
) -> None:
    assert codebook.score(type_, mode) == score
    assert codebook.default_cameo(type_, mode) == cameo
    assert codebook.goldstein(cameo) == goldstein


def test_cooperation_scores_above_conflict(codebook: Codebook) -> None:
    for event_type in codebook.types.values():
        scores = [event_type.score, *(m.score for m in event_type.modes.values())]
        assert all(-10 <= s <= 10 for s in scores)
        if event_type.quad in (1, 2):
            assert min(scores) > 0
        elif event_type.id != "REQUEST":
            assert max(scores) < 0


def test_the_code_of_a_type_is_worth_what_its_side_is(codebook: Codebook) -> None:
    for event_type in codebook.types.values():
        for code in (event_type.cameo, *(m.cameo for m in event_type.modes.values())):
            assert (codebook.goldstein(code) > 0) == (event_type.quad in (1, 2)), (event_type.id, code)


def test_every_code_is_complete(codebook: Codebook) -> None:
    assert len(codebook.cameo) > 300
    for code in codebook.cameo.values():
        assert code.name and -10 <= code.goldstein <= 10
        assert code.type in codebook.types or code.code.startswith("01")
    assert codebook.cameo["106"].name == "Demand meeting, negotiation"
    assert codebook.cameo["085"].type == "CONCEDE"
    assert codebook.goldstein("") == 0.0


@pytest.mark.parametrize(
    ("lemmas", "contexts"),
    [
        ("the navy fire a missile during a war game", ("military",)),
        ("voter go to the ballot box", ("election",)),
        ("a cholera outbreak in the refugee camp", ("health", "migration")),
        ("hacker spread disinformation", ("cyber", "misinformation")),
        ("they walk home", ()),
    ],
)
def test_contexts_of_words(codebook: Codebook, lemmas: str, contexts: tuple[str, ...]) -> None:
    words = lemmas.split()
    assert of_words(codebook, words, words) == contexts


def test_inflected_cues_are_found(codebook: Codebook) -> None:
    words, lemmas = ["Military", "exercises", "began"], ["military", "exercise", "begin"]
    assert of_words(codebook, words, lemmas) == ("military",)


def test_every_context_has_cues_that_give_it(codebook: Codebook) -> None:
    for context in codebook.contexts.values():
        cues = codebook.shown.words(context.id)
        assert len(cues) >= 8
        for cue in cues:
            words = cut_words(cue)
            assert context.id in {c for _, _, found in codebook.shown.shown(words, words) for c in found}, cue


@pytest.mark.parametrize(
    ("query", "kind", "id_"),
    [
        ("consult", "type", "CONSULT"),
        ("ceasefire", "mode", "RETREAT/ceasefire"),
        ("042", "cameo", "042"),
        ("asylum", "context", "asylum"),
        ("mode visit", "mode", "CONSULT/visit"),
    ],
)
def test_search_puts_what_is_named_first(codebook: Codebook, query: str, kind: str, id_: str) -> None:
    row = codebook.search(query)[0]
    assert (row.kind, row.id) == (kind, id_)
    assert row.text


def test_search_for_nonsense_finds_nothing(codebook: Codebook) -> None:
    assert codebook.search("zzyzx") == ()


TYPE = '[[type]]\nid = "BARTER"\nquad = 2\nname = "Barter"\nmeaning = "Swaps goods."\nscore = 6\ncameo = "061"\n'


def test_a_user_adds_a_type_and_a_context(write: Write) -> None:
    folder = write("mine.toml", TYPE + '[[context]]\nid = "shipping"\nmeaning = "Ships."\ncues = ["container ship"]\n')
    codebook = load_codebook(read_folders((folder,)))
    assert codebook.quad("BARTER") == 2
    assert codebook.types["BARTER"].where.endswith("mine.toml:1")
    assert of_words(codebook, ["container", "ships"], ["container", "ship"]) == ("shipping",)


def test_a_user_adds_words_to_a_context_and_says_what_shows_none(write: Write) -> None:
    folder = write(
        "mine.toml",
        '[[cues]]\nid = "mine.navy"\ncontext = "military"\nwords = ["flotilla"]\n'
        '[[cues]]\nid = "mine.not"\nwords = ["army of fan"]\n',
    )
    codebook = load_codebook(read_folders((folder,)))
    assert of_words(codebook, ["Flotillas", "sailed"], ["flotilla", "sail"]) == ("military",)
    assert of_words(codebook, ["an", "army", "of", "fans"], ["an", "army", "of", "fan"]) == ()


def test_a_user_overrides_a_score(write: Write) -> None:
    folder = write(
        "cameo.csv", "code,name,goldstein,type,mode,contexts\n042,Make a visit,2.5,CONSULT,visit,diplomatic\n"
    )
    codebook = load_codebook(read_folders((folder,)))
    assert codebook.goldstein("042") == 2.5
    assert codebook.cameo["042"].contexts == ("diplomatic",)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", TYPE.replace('"061"', '"0611"'), "a.toml:1: type 'BARTER': No CAMEO code '0611'"),
        ("a.toml", TYPE.replace("quad = 2", "quad = 5"), "a.toml:3: type 'BARTER': field 'quad'"),
        (
            "a.toml",
            TYPE.replace('meaning = "Swaps goods."\n', ""),
            "a.toml:1: type 'BARTER': the field 'meaning' is missing. Add it.",
        ),
        ("a.toml", TYPE + "skore = 6\n", "Did you mean 'score'?"),
        (
            "a.toml",
            TYPE + 'modes = [{id = "x", score = 1, meaning = "X."}, {id = "x", score = 2, meaning = "Y."}]\n',
            "a.toml:1: type 'BARTER': two modes have the same id.",
        ),
        ("cameo.csv", "code,name,goldstein,type\n999,X,1,CONSLT\n", "cameo.csv:2: code '999': No type 'CONSLT'"),
        ("cameo.csv", "code,name,goldstein,type,mode\n999,X,1,CONSULT,visits\n", "Did you mean 'visit'?"),
        ("cameo.csv", "code,name,goldstein,type,mode\n999,X,1,AGREE,visit\n", "AGREE has no modes. Remove 'visit'."),
        ("cameo.csv", "code,name,goldstein,mode\n999,X,1,visit\n", "mode 'visit' without a type."),
        ("cameo.csv", "code,name,goldstein,contexts\n999,X,1,military;helth\n", "Did you mean 'health'?"),
        ("a.toml", '[[cues]]\nid = "x"\ncontext = "militray"\n', "a.toml:1: cues 'x': No context 'militray'"),
        ("a.toml", '[[cues]]\nid = "x"\ncontext = "military"\nevents = ["ASSALT"]\n', "Did you mean 'ASSAULT'?"),
        ("cameo.csv", "code,name,goldstein\n999,X,much\n", "cameo.csv:2: cameo '999': field 'goldstein'"),
    ],
)
def test_broken_files_are_told_with_file_line_and_remedy(write: Write, name: str, text: str, said: str) -> None:
    folder = write(name, text)
    with pytest.raises(KnowledgeError) as caught:
        load_codebook(read_folders((folder,)))
    assert said in str(caught.value)
    assert str(folder / name) in str(caught.value)
