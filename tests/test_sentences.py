"""Cutting blocks into sentences."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.language.sentences import split
from trees import language_words, parser, trees

CASES = [
    ("Iran left. Iraq stayed.", ["Iran left.", "Iraq stayed."]),
    ("The U.S. left. The U.K. stayed.", ["The U.S. left.", "The U.K. stayed."]),
    ("They flew to the U.S. The visit was short.", ["They flew to the U.S.", "The visit was short."]),
    ("The U.S. Treasury objected.", ["The U.S. Treasury objected."]),
    (
        "“We will leave,” he said. “Soon.” Nobody believed it.",
        ["“We will leave,” he said.", "“Soon.”", "Nobody believed it."],
    ),
    ("“Will you leave?” Merkel asked.", ["“Will you leave?” Merkel asked."]),
    ("“Leave now!” The crowd cheered.", ["“Leave now!”", "The crowd cheered."]),
    ("It grew by 3.5 percent. Then it fell.", ["It grew by 3.5 percent.", "Then it fell."]),
    ("Gen. Khalil spoke. Mr. Sato listened.", ["Gen. Khalil spoke.", "Mr. Sato listened."]),
    ("They met (in Oslo.) Talks failed.", ["They met (in Oslo.)", "Talks failed."]),
    ("He paused ... then went on.", ["He paused ... then went on."]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_split(text: str, wanted: list[str]) -> None:
    assert [text[s.start : s.end] for s in trees(text)] == wanted


def test_offsets_start_where_the_block_starts() -> None:
    text = "Ghana spoke.  Togo\nlistened."
    found = trees(text, 100)
    assert [(s.start, s.end) for s in found] == [(100, 112), (114, 128)]
    assert [w for s in found for w in s.words] == ["Ghana", "spoke", ".", "Togo", "listened", "."]


def test_a_state_before_a_hyphen_is_a_word_of_its_own() -> None:
    assert "U.S." in trees("The U.S.-led coalition left.")[0].words


def test_a_sentence_does_not_depend_on_its_neighbours() -> None:
    one = "Turkish officials warned Greece on Monday that they would close the strait."
    alone = trees(one)[0]
    beside = trees("Chancellor Scholz resigned. " + one + " Nobody in Athens replied")[1]
    assert alone.deps == beside.deps
    assert alone.lemmas == beside.lemmas
    assert alone.tags == beside.tags


@given(
    st.lists(
        st.sampled_from(["Iran", "left", ".", "“", "”", "!", "and", ",", ";", '"', ")", "U.S.", "The"]), max_size=60
    ),
    st.integers(3, 20),
)
def test_sentences_cover_all_words_once_and_are_short_enough(words: list[str], most: int) -> None:
    cuts = list(split(words, [True] * len(words), language_words(), most))
    assert [i for first, last in cuts for i in range(first, last)] == list(range(len(words)))
    assert all(0 < last - first <= most for first, last in cuts)


@given(st.text(max_size=200))
def test_every_word_cuts_out_of_the_text(text: str) -> None:
    for s in next(iter(parser().parse([[(text, 0)]]))):
        for word, start, end in zip(s.words, s.starts, s.ends, strict=True):
            assert text[start:end].replace("’", "'").replace("‘", "'") == word.replace("’", "'").replace("‘", "'")
        assert s.start == s.starts[0]
        assert s.end == s.ends[-1]


def test_a_run_without_white_space_is_tokenized_in_linear_time() -> None:
    text = f"Norway met {'(' * 30_000} Sweden. {'x' * 1500}) Oslo"
    start = time.process_time()
    (sentences,) = parser().parse([[(text, 7)]])
    assert time.process_time() - start < 20  # it was a minute, and four times as long for twice as much
    words = [(word, at) for s in sentences for word, at in zip(s.words, s.starts, strict=True)]
    assert [text[at - 7 : at - 7 + len(word)] for word, at in words] == [word for word, _ in words]
    assert "".join(word for word, _ in words) == text.replace(" ", "")
