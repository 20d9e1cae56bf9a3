"""What is not parsed: nothing that holds a record, whatever the knowledge; and what is left keeps its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import communique
from coders import DAY, coder
from communique.language.labels import REPLACED, replaceable
from communique.pipeline import Coder
from communique.records import to_json
from communique.settings import Settings

RECIPE = "\n\n".join([
    "Soften the onion in oil over a low heat until it is sweet.",
    "Stir in the beans with their liquid. Season with salt and a little sugar.",
    "Rub the bread with garlic. It keeps for three days in the fridge.",
])  # fmt: skip
MATCH = "\n\n".join([
    RECIPE,
    "The rain had stopped by noon. Nobody minded the mud.",
    "Anna Petrovic, a baker from the old town, opened the door at six. She had slept badly.",
    "“The first winter was long. We sold buns to hotels. I cried a lot,” Petrovic said.",
    "The oven is old and the flour is dear.",
    "Norway accused Sweden of stealing the recipe. The buns are round.",
])  # fmt: skip


@pytest.fixture(scope="module")
def everything() -> Coder:
    whole = coder()
    return Coder(whole.knowledge, whole.parser, whole.settings.model_copy(update={"parse_all": True}))


def parsed(text: str, by: Coder | None = None) -> list[str]:
    chosen = by or coder()
    document = chosen.read(communique.pipeline.as_item(text, 0))
    return [text[s.start : s.end] for s in next(chosen.parse([document])) if s.parsed]


def test_a_report_that_can_hold_no_record_is_not_parsed(everything: Coder) -> None:
    assert parsed(RECIPE) == []
    assert len(parsed(RECIPE, everything)) == 5


def test_what_holds_a_record_is_parsed_with_what_it_needs(everything: Coder) -> None:
    kept = parsed(MATCH)
    assert "Norway accused Sweden of stealing the recipe." in kept
    assert any(s.startswith("Anna Petrovic") for s in kept)  # who "Petrovic" is
    assert "The rain had stopped by noon." not in kept
    assert "We sold buns to hotels." not in kept  # within what she said
    whole = everything(MATCH, published=DAY)
    gated = coder()(MATCH, published=DAY)
    assert [to_json(r) for r in gated.records] == [to_json(r) for r in whole.records]
    assert {r.kind for r in whole.records} >= {"event", "statement"}
    said = next(r for r in gated.statements)
    assert [MATCH[a:b] for a, b in said.evidence.content] == [
        "“The first winter was long. We sold buns to hotels. I cried a lot,”"
    ]


def test_a_political_report_is_parsed_whole(everything: Coder) -> None:
    text = "Iran accused Israel of an attack. Israel denied it. The weather was fine. France urged Iran to talk."
    assert parsed(text) == parsed(text, everything)
    assert len(parsed(text)) == 4


def test_words_of_a_users_own_are_cues_too(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "own.toml").write_text(
        '[file]\nversion = "1"\nsource = "test"\nlicence = "MIT"\n\n'
        '[[class]]\nid = "own-juggle"\ntype = "ASSAULT"\nverbs = ["juggle"]\n',
        encoding="utf-8",
    )
    sentence = "Yesterday Norway juggled a cheese."
    text = f"{RECIPE}\n\n{sentence}\n\n{RECIPE}"
    assert sentence not in parsed(text)
    assert sentence in parsed(text, communique.load(knowledge=[own]))


def test_the_setting_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_PARSE_ALL", "true")
    assert Settings().parse_all


def test_labels_say_what_the_components_say() -> None:
    nlp = coder().parser.nlp
    assert replaceable(nlp)
    texts = (
        "There is no doubt that they ain't going to let's say meet her.", "The 2nd U.S.-led talks got worse; c'm on!",
        "He'd've said: \"I'm gonna leave, y'all\", and left the men's geese better fed.", "WHO leads the whose who?",
    )  # fmt: skip
    for text in texts:
        bare, whole = nlp.make_doc(text), nlp(nlp.make_doc(text))
        for name in (n for n in nlp.pipe_names if n not in REPLACED):
            bare = nlp.get_pipe(name)(bare)
        labels = coder().parser._labels
        assert labels is not None
        rows, heads = labels.read(bare, [t.text for t in bare])
        assert heads == [t.head.i for t in whole]
        assert [(x.label.tag, x.label.pos, x.label.dep, x.lemma) for x in rows] == [
            (t.tag_, t.pos_, t.dep_, t.lemma_) for t in whole
        ]
