"""The lexicon: coverage of the codebook, how patterns are read, composition, and messages for files that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import KnowledgeError
from communique.knowledge.codebook import Codebook, load_codebook
from communique.knowledge.lexicon import Lexicon, load_lexicon
from communique.knowledge.patterns import Kind, Pattern
from communique.knowledge.tables import read_folders

TABLES = read_folders(())
CODEBOOK = load_codebook(TABLES)
LEXICON = load_lexicon(TABLES, CODEBOOK)
# Verbs that say next to nothing by themselves: they code events only with what stands beside them.
LIGHT = "have be do make take give go get put keep let come set hold bring send move show see look find use say".split()


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return CODEBOOK


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return LEXICON


def with_user(folder: Path, text: str, name: str = "mine.toml") -> Lexicon:
    (folder / name).write_text(text, encoding="utf-8")
    tables = read_folders((folder,))
    return load_lexicon(tables, load_codebook(tables))


def pattern(lexicon: Lexicon, kind: Kind, text: str) -> Pattern:
    return next(p for p in lexicon if p.kind == kind and p.text == text)


def test_it_is_broad(lexicon: Lexicon, codebook: Codebook) -> None:
    assert len({(p.kind, p.text) for p in lexicon}) > 10_000
    for type_ in codebook.types:
        assert len([p for p in lexicon if p.cls.type == type_]) >= 200, type_


def test_every_type_and_mode_has_a_pattern(lexicon: Lexicon, codebook: Codebook) -> None:
    coded = {(p.cls.type, p.cls.mode) for p in lexicon}
    wanted = {(t.id, mode) for t in codebook.types.values() for mode in (*t.modes, "")[: len(t.modes) or 1]}
    assert wanted <= coded


def test_most_cameo_codes_can_be_reached(lexicon: Lexicon, codebook: Codebook) -> None:
    reached = {p.cls.cameo for p in lexicon}
    for rule in lexicon.compositions:
        reached |= {rule.cameo, *rule.cameo_of.values()}
    assert reached - {""} <= set(codebook.cameo)
    assert len(reached) > 170


@pytest.mark.parametrize("lemma", LIGHT)
def test_general_verbs_code_no_event_by_themselves(lexicon: Lexicon, lemma: str) -> None:
    assert [p.text for p in lexicon.patterns("verb", lemma) if p.cls.type and len(p.chain) == 1] == []


def test_nouns_are_matched_under_classes_that_nouns_can_pass(lexicon: Lexicon) -> None:
    """`only_with` asks for an object, which a noun has only behind a preposition."""
    assert [p.text for p in lexicon if p.kind == "noun" and p.cls.only_with and len(p.chain) == 1] == []


@pytest.mark.parametrize(
    ("kind", "text", "chain"),
    [
        ("verb", "break off @relations with", [{"break"}, {"off"}, None, {"with"}]),
        ("noun", "air strike on|against|in", [{"strike"}, {"air"}, {"on", "against", "in"}]),
        ("noun", "show of force", [{"show"}, {"of"}, {"force"}]),
        ("verb", "fire tear+gas", [{"fire"}, {"gas"}, {"tear"}]),
        ("verb", "criticize|criticise", [{"criticize", "criticise"}]),
        ("adjective", "critical of", [{"critical"}, {"of"}]),
    ],
)
def test_chains_stand_head_first(lexicon: Lexicon, kind: Kind, text: str, chain: list[set[str] | None]) -> None:
    found = next(
        (p for p in lexicon if p.kind == kind and p.text == text),
        None,
    )
    assert found is not None, text
    assert len(found.chain) == len(chain)
    for have, wanted in zip(found.chain, chain, strict=True):
        assert have == (wanted if wanted is not None else lexicon.words["relations"])


@pytest.mark.parametrize(
    ("kind", "lemma", "operator"),
    [
        ("adjective", "willing", "ready"),
        ("noun", "effort", "attempt"),
        ("verb", "aim", "intend"),
        ("verb", "try", "attempt"),
    ],
)
def test_marks_of_a_clause_are_left_to_the_clause(lexicon: Lexicon, kind: Kind, lemma: str, operator: str) -> None:
    """In "willing to talk", "to" hangs on "talk": the head must do by itself."""
    bare = [p for p in lexicon.patterns(kind, lemma) if len(p.chain) == 1]
    assert bare and bare[0].cls.operator == operator


def test_every_pattern_is_found_under_each_of_its_heads(lexicon: Lexicon) -> None:
    for p in lexicon:
        for lemma in p.chain[0]:
            assert p in lexicon.patterns(p.kind, lemma)


@given(st.sampled_from(sorted({(p.kind, lemma) for p in LEXICON for lemma in p.chain[0]})))
def test_longer_patterns_come_first_then_those_with_a_condition(key: tuple[Kind, str]) -> None:
    found = LEXICON.patterns(*key)
    order = [(-len(p.chain), not p.cls.only_with) for p in found]
    assert order == sorted(order)


def test_no_pattern_is_known_for_an_unknown_word(lexicon: Lexicon) -> None:
    assert lexicon.patterns("verb", "zzyzx") == ()
    assert lexicon.patterns("noun", "criticize") == ()


@pytest.mark.parametrize(
    ("kind", "text", "type_", "mode", "cameo"),
    [
        ("verb", "meet with", "CONSULT", "", "040"),
        ("verb", "pay visit to", "CONSULT", "visit", "042"),
        ("verb", "host", "CONSULT", "visit", "043"),
        ("verb", "speak by phone with", "CONSULT", "phone", "041"),
        ("verb", "sign @agreement with", "SUPPORT", "", "057"),
        ("verb", "apologize|apologise", "CONCEDE", "", "055"),
        ("verb", "lift @sanction on|against", "CONCEDE", "", "085"),
        ("verb", "lift curfew", "CONCEDE", "", "0813"),
        ("noun", "joint military exercise", "COOPERATE", "", "062"),
        ("noun", "military exercise", "MOBILIZE", "troops", "150"),
        ("verb", "grant asylum to", "AID", "", "075"),
        ("verb", "cancel debt of", "AID", "", "071"),
        ("verb", "release from prison", "RETREAT", "release", "0841"),
        ("verb", "resign", "RETREAT", "resign", "0831"),
        ("verb", "call for ceasefire", "REQUEST", "yield", "1056"),
        ("verb", "sue", "ACCUSE", "allege", "115"),
        ("verb", "accuse of genocide", "ACCUSE", "allege", "1124"),
        ("verb", "cancel @talk with", "REJECT", "meet", "125"),
        ("verb", "veto", "REJECT", "yield", "129"),
        ("noun", "ultimatum", "THREATEN", "", "139"),
        ("verb", "threaten war with|against|on", "THREATEN", "violence", "138"),
        ("noun", "hunger strike", "PROTEST", "hunger", "142"),
        ("verb", "recall ambassador", "SANCTION", "withdraw", "161"),
        ("verb", "sentence", "SANCTION", "convict", "116"),
        ("noun", "missile test", "MOBILIZE", "weapons", "150"),
        ("verb", "arrest", "COERCE", "arrest", "173"),
        ("noun", "martial law", "COERCE", "martial-law", "1724"),
        ("noun", "drone strike", "ASSAULT", "drone", "195"),
        ("noun", "suicide bombing", "ASSAULT", "suicide-attack", "1831"),
        ("verb", "behead", "ASSAULT", "targeted", "186"),
    ],
)
def test_words_and_their_codes(lexicon: Lexicon, kind: Kind, text: str, type_: str, mode: str, cameo: str) -> None:
    cls = pattern(lexicon, kind, text).cls
    assert (cls.type, cls.mode, cls.cameo) == (type_, mode, cameo)


@pytest.mark.parametrize(
    ("kind", "text", "actor", "recipient"),
    [
        ("verb", "host", ("chain", "object"), ("subject",)),
        ("verb", "@receive @aid from", ("chain",), ("subject",)),
        ("verb", "draw criticism from", ("chain", "object", "prep:from|in|among"), ("subject",)),
        ("verb", "condemn", ("subject",), ("chain", "object", "prep:for|over|as")),
    ],
)
def test_who_is_actor_and_who_recipient(
    lexicon: Lexicon, kind: Kind, text: str, actor: tuple[str, ...], recipient: tuple[str, ...]
) -> None:
    cls = pattern(lexicon, kind, text).cls
    assert (cls.actor, cls.recipient) == (actor, recipient)


@pytest.mark.parametrize(
    ("kind", "text", "stance"),
    [
        ("verb", "condemn", "oppose"),
        ("verb", "praise", "support"),
        ("verb", "boycott", "oppose"),
        ("verb", "endorse", "support"),
        ("noun", "end to|of", "reverse"),
        ("noun", "stance against", "oppose"),
        ("adjective", "wary of", "oppose"),
        ("adjective", "neutral", "neutral"),
        ("noun", "call for", "support"),
    ],
)
def test_stances(lexicon: Lexicon, kind: Kind, text: str, stance: str) -> None:
    assert pattern(lexicon, kind, text).cls.stance == stance


@pytest.mark.parametrize(
    ("text", "speech", "form"),
    [("say", "say", ""), ("tell", "tell", ""), ("believe", "believe", ""), ("tweet", "say", "social-media")],
)
def test_speech(lexicon: Lexicon, text: str, speech: str, form: str) -> None:
    cls = next(p.cls for p in lexicon.patterns("verb", text) if p.text == text)
    assert (cls.speech, cls.form) == (speech, form)


COMPOSED = [
    # operator, inner type, mode, cameo, own -> type, mode, status, parties, cameo
    ("promise", "AID", "", "072", True, "AGREE", "", "", "outer", "0332"),
    ("agree", "CONSULT", "", "046", True, "AGREE", "", "", "outer", "036"),
    ("plan", "CONSULT", "visit", "042", True, "AGREE", "", "", "outer", "036"),
    ("plan", "RETREAT", "withdraw", "0874", True, "CONCEDE", "", "", "outer", "080"),
    ("plan", "ASSAULT", "", "190", True, "", "", "planned", "inner", "190"),
    ("future", "COOPERATE", "", "061", True, "AGREE", "", "planned", "outer", "0311"),
    ("future", "CONCEDE", "", "085", True, "CONCEDE", "", "planned", "outer", "080"),
    ("future", "ASSAULT", "", "190", True, "", "", "planned", "inner", "190"),
    ("promise", "ASSAULT", "", "190", True, "THREATEN", "violence", "", "outer", "1384"),
    ("promise", "ASSAULT", "", "190", False, "", "", "planned", "inner", "190"),
    ("refuse", "CONSULT", "", "040", True, "REJECT", "meet", "", "outer", "125"),
    ("refuse", "AID", "", "071", True, "REJECT", "assist", "", "outer", "1221"),
    ("refuse", "RETREAT", "release", "0841", True, "REJECT", "yield", "", "outer", "1243"),
    ("refuse", "REQUEST", "yield", "105", False, "REJECT", "", "", "outer", "124"),
    ("refuse", "ACCUSE", "disapprove", "111", True, "", "", "denied", "inner", "111"),
    ("fail", "CONSULT", "", "040", True, "", "", "denied", "inner", "040"),
    ("cancel", "CONSULT", "visit", "042", True, "REJECT", "meet", "", "outer", "125"),
    ("threaten", "ASSAULT", "", "190", True, "THREATEN", "violence", "", "outer", "1384"),
    ("threaten", "SANCTION", "discontinue", "163", True, "THREATEN", "restrict", "", "outer", "1312"),
    ("threaten", "SANCTION", "discontinue", "161", True, "THREATEN", "relations", "", "outer", "1313"),
    ("threaten", "SANCTION", "expel", "166", True, "THREATEN", "expel", "", "outer", "136"),
    ("threaten", "COERCE", "arrest", "173", True, "THREATEN", "arrest", "", "outer", "132"),
    ("threaten", "COERCE", "seize", "192", True, "THREATEN", "territory", "", "outer", "1382"),
    ("warn", "ASSAULT", "", "190", True, "THREATEN", "violence", "", "outer", "1384"),
    ("warn", "ASSAULT", "", "190", False, "", "", "hypothetical", "inner", "190"),
    ("demand", "CONSULT", "", "046", False, "REQUEST", "meet", "", "outer", "106"),
    ("demand", "RETREAT", "resign", "0831", False, "REQUEST", "change", "", "outer", "1041"),
    ("demand", "AID", "", "073", False, "REQUEST", "assist", "", "outer", "1033"),
    ("urge", "CONCEDE", "", "085", False, "REQUEST", "yield", "", "outer", "0254"),
    ("urge", "SANCTION", "discontinue", "163", False, "REQUEST", "change", "", "outer", "024"),
    ("deny", "ASSAULT", "", "190", True, "", "", "denied", "inner", "190"),
    ("deny", "ACCUSE", "allege", "112", False, "REJECT", "", "", "outer", "120"),
    ("accuse", "ASSAULT", "", "190", False, "ACCUSE", "allege", "", "outer", "1123"),
    ("condemn", "ASSAULT", "", "190", False, "ACCUSE", "disapprove", "", "outer", "111"),
    ("praise", "RETREAT", "release", "0841", False, "SUPPORT", "", "", "outer", "051"),
    ("end", "AID", "", "072", True, "SANCTION", "discontinue", "", "outer", "1622"),
    ("end", "CONSULT", "", "046", True, "SANCTION", "withdraw", "", "outer", "164"),
    ("end", "ASSAULT", "", "190", True, "RETREAT", "ceasefire", "", "outer", "0871"),
    ("end", "SANCTION", "discontinue", "163", True, "CONCEDE", "", "", "outer", "085"),
    ("suspend", "PROTEST", "strike", "143", True, "CONCEDE", "", "", "outer", "082"),
    ("begin", "CONSULT", "", "046", True, "", "", "", "inner", "046"),
    ("resume", "ASSAULT", "", "190", True, "", "", "", "inner", "190"),
    ("allow", "AID", "", "073", False, "RETREAT", "access", "", "outer", "0863"),
    ("fear", "ASSAULT", "", "190", False, "", "", "hypothetical", "inner", "190"),
    ("consider", "SANCTION", "discontinue", "163", True, "", "", "hypothetical", "inner", "163"),
]


@pytest.mark.parametrize(
    ("operator", "type_", "mode", "code", "own", "to_type", "to_mode", "status", "parties", "to_code"), COMPOSED
)
def test_composition_follows_the_manual(
    lexicon: Lexicon, codebook: Codebook, operator: str, type_: str, mode: str, code: str, own: bool,
    to_type: str, to_mode: str, status: str, parties: str, to_code: str,
) -> None:  # fmt: skip
    rule = lexicon.compose(operator, type_, codebook.quad(type_), mode, code, own)
    assert rule is not None
    assert (rule.type, rule.mode, rule.status, rule.parties) == (to_type, to_mode, status, parties)
    assert rule.code(code) == to_code


def test_every_operator_has_a_rule_for_every_type(lexicon: Lexicon, codebook: Codebook) -> None:
    operators = {c.operator for c in lexicon.classes.values() if c.operator} | {"future"}
    for operator in operators:
        for type_ in codebook.types:
            for own in (True, False):
                assert lexicon.compose(operator, type_, codebook.quad(type_), own=own), (operator, type_, own)
    assert lexicon.compose("no such operator", "AID", 2) is None


def test_judged_deeds_are_kept_beside_the_judgement(lexicon: Lexicon) -> None:
    kept = {c.operator for c in lexicon.compositions if c.keep}
    assert {"accuse", "condemn", "praise"} <= kept
    assert not kept & {"refuse", "threaten", "end", "deny"}


def test_search_finds_patterns_by_word_and_by_class(lexicon: Lexicon) -> None:
    rows = lexicon.search("boycott")
    assert any(row.id == "boycott" and "PROTEST/boycott" in row.text for row in rows)
    assert all(row.where.startswith("lexicon/") for row in rows)
    assert {row.id for row in lexicon.search("consult.phone")} >= {"phone call"}
    assert lexicon.search("zzyzx") == ()


def test_a_user_adds_a_verb_in_four_lines(tmp_path: Path) -> None:
    text = '[[class]]\nid = "mine.ghost"\ntype = "REJECT"\nmode = "meet"\nverbs = ["ghost"]\n'
    found = with_user(tmp_path, text).patterns("verb", "ghost")
    assert [(p.cls.type, p.cls.mode, p.cls.cameo) for p in found] == [("REJECT", "meet", "125")]
    assert found[0].where == f"{(tmp_path / 'mine.toml').as_posix()}:1"


def test_a_users_pattern_goes_before_ours(tmp_path: Path) -> None:
    text = '[[class]]\nid = "mine.meet"\ntype = "ACCUSE"\nmode = "disapprove"\nverbs = ["meet with"]\n'
    lexicon = with_user(tmp_path, text)
    two_words = [p for p in lexicon.patterns("verb", "meet") if p.chain[1:] == (frozenset({"with"}),)]
    assert [p.cls.id for p in two_words][:2] == ["mine.meet", "consult.meet"]


def test_a_user_replaces_a_class_a_word_and_a_rule(tmp_path: Path) -> None:
    lexicon = with_user(
        tmp_path,
        '[[word]]\nid = "envoy"\nlemmas = ["legate"]\n'
        '[[class]]\nid = "consult.phone"\ntype = "CONSULT"\nmode = "phone"\nverbs = ["dial"]\n'
        '[[composition]]\nid = "mine"\noperator = "refuse"\ninner = ["CONSULT"]\ntype = "SANCTION"\n',
    )
    assert lexicon.words["envoy"] == {"legate"}
    assert [p.text for p in lexicon if p.cls.id == "consult.phone"] == ["dial"]
    rule = lexicon.compose("refuse", "CONSULT", 1)
    assert rule is not None and (rule.id, rule.type) == ("mine", "SANCTION")


def test_word_sets_may_take_in_others(tmp_path: Path) -> None:
    lexicon = with_user(
        tmp_path,
        '[[word]]\nid = "vessel"\nlemmas = ["yacht", "@warship"]\n'
        '[[class]]\nid = "mine"\ntype = "COERCE"\nverbs = ["tow @vessel"]\n',
    )
    assert {"yacht", "frigate"} <= lexicon.patterns("verb", "tow")[0].chain[1]


CLASS = '[[class]]\nid = "mine"\ntype = "CONSULT"\nverbs = ["meet"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CLASS.replace("CONSULT", "CONSLT"), "mine.toml:1: class 'mine': No type 'CONSLT'"),
        (CLASS + 'mode = "vist"\n', "Did you mean 'visit'?"),
        (CLASS.replace("CONSULT", "AID") + 'mode = "visit"\n', "AID has no modes. Remove 'visit'."),
        (CLASS + 'cameo = "0421"\n', "No CAMEO code '0421'"),
        (CLASS + 'contexts = ["militray"]\n', "Did you mean 'military'?"),
        (CLASS + 'operator = "promisse"\n', "Did you mean 'promise'?"),
        (CLASS.replace('"meet"', '"impose @sanctoin on"'), "Did you mean 'sanction'?"),
        (CLASS + 'only_with = ["@sanctoin"]\n', "Did you mean 'sanction'?"),
        (
            CLASS + 'actor = ["subjekt"]\n',
            "mine.toml:5: class 'mine': field 'actor': no slot 'subjekt': a slot is subject",
        ),
        (CLASS + 'recipient = ["prep:On"]\n', "no slot 'prep:On'"),
        (CLASS + 'stance = "against"\n', "field 'stance'"),
        (CLASS + 'verb = ["meet"]\n', "Did you mean 'verbs'?"),
        (CLASS.replace('"meet"', '"Meet with"'), "pattern 'Meet with': capital letters."),
        (CLASS.replace('"meet"', '"meet with|"'), "pattern 'meet with|': a word is missing."),
        (CLASS.replace('"meet"', '"meet +joint"'), "pattern 'meet +joint': a word is missing."),
        (CLASS.replace('"meet"', '""'), "pattern '': a word is missing."),
        (
            '[[class]]\nid = "mine"\nverbs = ["meet"]\n',
            "it says nothing. Give it a type, a stance, speech or an operator.",
        ),
        ('[[class]]\nid = "mine"\ntype = "AID"\n', "it has no patterns. Add verbs, nouns or adjectives."),
        ('[[word]]\nid = "a"\nlemmas = ["@b"]\n', "mine.toml:1: word 'a': No word 'b'"),
        ('[[word]]\nid = "a"\nlemmas = ["@b"]\n[[word]]\nid = "b"\nlemmas = ["@a"]\n', "takes in itself"),
        ('[[composition]]\nid = "c"\noperator = "end"\ninner = ["AIDE"]\n', "composition 'c': No type 'AIDE'"),
        (
            '[[composition]]\nid = "c"\noperator = "end"\ninner = ["AID"]\ncameo_of = {"07" = "9"}\n',
            "No CAMEO code '9'",
        ),
        ('[[composition]]\nid = "c"\noperator = "end"\ninner = ["cameo:999"]\n', "No CAMEO code '999'"),
        ('[[modal]]\nid = "m"\nkind = "past"\nlemmas = ["once"]\n', "modal 'm': field 'kind'"),
    ],
)
def test_broken_files_are_told_with_file_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        with_user(tmp_path, text)
    assert said in str(caught.value)
    assert str(tmp_path / "mine.toml") in str(caught.value)
