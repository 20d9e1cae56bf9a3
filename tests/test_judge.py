"""The learned judge: what it is asked, that its answers depend on nothing else, and how it fails."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass

import pytest

from communique.errors import JudgeError
from communique.judge import Judge, Question, question
from communique.judge.encoding import Marks, encode
from communique.judge.judge import DATA

MARKS = Marks(101, 102, 2, 3, 4, 5)
SENTENCES = (
    ("Norway condemned Belarus on Friday.", "Norway", "Belarus"),
    ("The mayor of Lyon met Swiss officials to discuss the railway.", "The mayor of Lyon", "Swiss officials"),
    ("Rebels shelled the port, and the army said it would strike back.", "Rebels", "the army"),
    ("Kenya thanked Japan.", "Kenya", "Japan"),
    ("Teachers in Quito marched against the government's reform of pensions.", "Teachers in Quito", "the government"),
)


@dataclass
class Words:
    """A stand-in for a tokenizer's answer: a token a word, numbered from 1000."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def words(text: str) -> Words:
    offsets, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        offsets.append((start, at))
    return Words(list(range(1000, 1000 + len(offsets))), offsets)


def asked(text: str, source: str, target: str) -> Question:
    a, b = text.index(source), text.index(target)
    return question(text, [(a, a + len(source))], [(b, b + len(target))])


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


class TestEncoding:
    def test_parties_are_marked_where_they_stand(self):
        text = "Norway imposed sanctions on Belarus"
        assert encode(asked(text, "Norway", "Belarus"), words(text), MARKS) == [
            101, 2, 1000, 3, 1001, 1002, 1003, 4, 1004, 5, 102,
        ]  # fmt: skip

    def test_party_of_two_spans_is_marked_twice(self):
        text = "Peru and Chile warned Spain"
        found = encode(question(text, [(9, 14), (0, 4)], [(22, 27)]), words(text), MARKS)
        assert found == [101, 2, 1000, 3, 1001, 2, 1002, 3, 1003, 4, 1004, 5, 102]

    def test_party_within_a_party(self):
        text = "Peru rejected Chile 's offer"
        found = encode(question(text, [(14, 19)], [(14, 28)]), words(text), MARKS)
        assert found == [101, 1000, 1001, 4, 2, 1002, 3, 1003, 1004, 5, 102]

    def test_same_span_twice(self):
        text = "Peru voted"
        assert encode(question(text, [(0, 4)], [(0, 4)]), words(text), MARKS) == [101, 2, 4, 1000, 3, 5, 1001, 102]

    def test_overlapping_parties(self):
        text = "the army of Peru fell"
        found = encode(question(text, [(0, 8)], [(4, 16)]), words(text), MARKS)
        assert found == [101, 2, 1000, 4, 1001, 3, 1002, 1003, 5, 1004, 102]

    def test_adjacent_parties_close_before_they_open(self):
        text = "Peru Chile talks"
        found = encode(question(text, [(0, 4)], [(5, 10)]), words(text), MARKS)
        assert found == [101, 2, 1000, 3, 4, 1001, 5, 1002, 102]

    def test_span_that_cuts_a_word_takes_the_word(self):
        text = "Peruvian talks"
        assert encode(question(text, [(0, 4)], [(9, 14)]), words(text), MARKS) == [101, 2, 1000, 3, 4, 1001, 5, 102]

    @pytest.mark.parametrize("span", [(4, 5), (10, 12)])
    def test_span_of_blanks_is_a_place_between_words(self, span):
        text = "Peru voted  "
        found = encode(question(text, [(0, 4)], [span]), words(text), MARKS)
        assert found.index(5) == found.index(4) + 1

    def test_long_text_keeps_what_stands_near_the_parties(self):
        text = " ".join(f"w{i}" for i in range(400))
        a, b = text.index("w50 "), text.index("w300 ")
        found = encode(question(text, [(a, a + 3)], [(b, b + 4)]), words(text), MARKS)
        assert len(found) == 128
        assert found[0] == 101 and found[-1] == 102
        assert [n for n in found if n > 999] == sorted(n for n in found if n > 999)
        assert found[found.index(2) + 1] == 1050 and found[found.index(4) + 1] == 1300
        assert {1049, 1051, 1299, 1301} <= set(found) and not {1000, 1175, 1399} & set(found)

    def test_very_long_party_keeps_its_start(self):
        text = " ".join(f"w{i}" for i in range(300))
        b = text.index("w290 ")
        found = encode(question(text, [(0, b - 1)], [(b, b + 4)]), words(text), MARKS)
        assert len(found) == 128
        assert found[:3] == [101, 2, 1000] and 1290 in found and sum(n < 6 for n in found) == 4

    @pytest.mark.parametrize(
        ("source", "target", "words"),
        [([], [(0, 4)], "no span"), ([(0, 4)], [(3, 3)], "does not lie"), ([(0, 99)], [(0, 4)], "99"),
         ([(-1, 4)], [(0, 4)], "code-point")],
    )  # fmt: skip
    def test_spans_outside_the_text_are_told(self, source, target, words):
        with pytest.raises(JudgeError, match=words):
            question("Peru voted.", source, target)


class TestAnswers:
    def test_answers_are_distributions(self, judge):
        for sentence in SENTENCES:
            q = asked(*sentence)
            relation = judge.relation(q.text, q.source, q.target)
            stance = judge.stance(q.text, q.source, q.target)
            assert len(relation.probabilities) == 15 and len(relation.status) == 4 and len(stance.probabilities) == 5
            for distribution in (relation.probabilities, relation.status, stance.probabilities):
                assert sum(distribution.values()) == pytest.approx(1, abs=1e-3)
                assert all(value == round(value, 4) for value in distribution.values())
            assert 0 <= relation.none <= 1

    def test_plain_sentences(self, judge):
        q = asked(*SENTENCES[0])
        assert judge.relation(q.text, q.source, q.target).label == "ACCUSE"
        assert judge.relation(q.text, q.source, q.target).none < 0.5
        assert judge.relation(q.text, q.target, q.source).none > 0.5
        assert judge.stance("Kenya condemned Japan over the treaty.", [(0, 5)], [(16, 21)]).label == "a-b"

    def test_an_answer_does_not_depend_on_its_company(self, judge):
        questions = [asked(*sentence) for sentence in SENTENCES]
        alone = {q: (repr(judge.relations([q])), repr(judge.stances([q]))) for q in questions}
        for seed in range(3):
            many = questions * 3
            random.Random(seed).shuffle(many)
            assert [f"[{answer!r}]" for answer in judge.relations(many)] == [alone[q][0] for q in many]
            assert [f"[{answer!r}]" for answer in judge.stances(many)] == [alone[q][1] for q in many]
        fresh = Judge()
        assert [f"[{answer!r}]" for answer in fresh.relations(questions)] == [alone[q][0] for q in questions]

    def test_offsets_count_code_points(self, judge):
        plain = "oo Norway condemned Belarus"
        smileys = "🎉🎉 Norway condemned Belarus"
        assert len(plain) == len(smileys)
        for text in (plain, smileys):
            answer = judge.relation(text, [(3, 9)], [(20, 27)])
            assert answer.label == "ACCUSE" and answer.none < 0.5

    def test_parties_at_both_ends_and_long_text(self, judge):
        filler = " ".join(["which", "was", "seen", "by", "many", "in", "the", "town"] * 60)
        text = f"Norway, {filler}, imposed sanctions on Belarus"
        answer = judge.relation(text, [(0, 6)], [(len(text) - 7, len(text))])
        assert answer.label in answer.probabilities


class TestWeights:
    def test_nothing_is_read_before_the_first_question(self, tmp_path):
        empty = Judge(tmp_path)  # there is nothing in the folder to read
        with pytest.raises(JudgeError):
            empty.relation("Peru thanked Chile.", [(0, 4)], [(13, 18)])

    @pytest.mark.parametrize("name", ["judge.onnx", "judge.toml", "tokenizer.json"])
    def test_missing_file(self, tmp_path, name):
        folder = shutil.copytree(DATA, tmp_path / "judge")
        (folder / name).unlink()
        with pytest.raises(JudgeError, match=rf"missing.*{name}.*make train"):
            Judge(folder).relation("Peru thanked Chile.", [(0, 4)], [(13, 18)])

    @pytest.mark.parametrize("name", ["judge.onnx", "tokenizer.json"])
    def test_other_bytes(self, tmp_path, name):
        folder = shutil.copytree(DATA, tmp_path / "judge")
        (folder / name).write_bytes(b"no such thing")
        with pytest.raises(JudgeError, match=f"{name} is not the file"):
            Judge(folder).relation("Peru thanked Chile.", [(0, 4)], [(13, 18)])

    @pytest.mark.parametrize("content", [b"version = ", b"version = 1", b"\xff\xfe"])
    def test_broken_card(self, tmp_path, content):
        folder = shutil.copytree(DATA, tmp_path / "judge")
        (folder / "judge.toml").write_bytes(content)
        with pytest.raises(JudgeError, match="does not describe a judge"):
            Judge(folder).relation("Peru thanked Chile.", [(0, 4)], [(13, 18)])

    def test_size_in_the_wheel(self):
        assert sum(path.stat().st_size for path in DATA.iterdir()) < 30_000_000
