"""Quotations: what stands between marks, over sentences and paragraphs, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.language.quotations import Quotation, _scan, find_quotations
from communique.language.tree import Sentence
from trees import parser


def paragraphs(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of `text`, each line of which is a paragraph."""
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append((line, at))
        at += len(line) + 1
    return next(iter(parser().parse([blocks])))


def quotations(text: str) -> tuple[Quotation, ...]:
    return find_quotations(text, paragraphs(text))


SPOKEN = [
    ("“A visit is due,” she said.", ["“A visit is due,”"]),
    ('"A visit is due," she said.', ['"A visit is due,"']),
    ("«A visit is due», she said.", ["«A visit is due»"]),
    ("„A visit is due“, she said.", ["„A visit is due“"]),
    ("''A visit is due,'' she said.", ["''A visit is due,''"]),
    ("``A visit is due,'' she said.", ["``A visit is due,''"]),
    ("'We will try,' he said of the states' pact.", ["'We will try,'"]),
    ("‘We will try,’ he said of the states’ pact.", ["‘We will try,’"]),
    ("“We go,” she said, “and we stay.”", ["“We go,”", "“and we stay.”"]),
    ("“We go. We stay. We pay,” she said.", ["“We go. We stay. We pay,”"]),
    ("He said: “He told us ‘never’ twice.”", ["“He told us ‘never’ twice.”"]),
    ("He said: \"He told us 'never' twice.\"", ["\"He told us 'never' twice.\""]),
    ("He said: ‘They call it “peace” now.’", ["‘They call it “peace” now.’"]),
    ('“They said "no" to us,” he said.', ['“They said "no" to us,”']),
    ('“We go," she said. “We stay.”', ['“We go,"', "“We stay.”"]),
    ("The ministers' ties won't hold, and the '90s are over.", []),
    ("It’s the states’ right, isn’t it? The ’90s don’t matter.", []),
    ("Rock 'n' roll is on.", []),
    ("A gap of 5' 10\" was left.", []),
    ("No marks at all.", []),
]


@pytest.mark.parametrize(("text", "wanted"), SPOKEN, ids=[text for text, _ in SPOKEN])
def test_stretches(text: str, wanted: list[str]) -> None:
    assert [text[slice(*q.span)] for q in quotations(text)] == wanted


SCARE = [
    ("They named “certain states” only.", True),
    ("It is a 'forbidden' zone.", True),
    ("He saw a “wake-up call” there.", True),
    ("“Nonsense,” he said.", False),
    ("“We agree,” he said.", False),
    ("He said it “will not do” now.", False),
    ("He warned of “a long war of attrition in the whole east”.", False),
]


@pytest.mark.parametrize(("text", "scare"), SCARE, ids=[text for text, _ in SCARE])
def test_a_word_or_two_without_a_verb_are_told_apart(text: str, scare: bool) -> None:
    (found,) = quotations(text)
    assert found.scare is scare


def test_a_clause_or_an_utterance_can_stand_for_itself() -> None:
    (title,) = quotations("On “The Late Evening Show,” she sang.")
    (utterance,) = quotations("“Never again!” she sang.")
    assert (title.spoken, utterance.spoken) == (False, True)


def test_a_quotation_goes_on_over_paragraphs_that_open_again() -> None:
    text = "He said: “One day we go.\n“Two days we stay.\n“Then we rest.” She slept."
    (found,) = quotations(text)
    assert [text[slice(*c)] for c in found.contents] == ["One day we go.", "Two days we stay.", "Then we rest."]
    assert text[slice(*found.span)] == text[text.index("“") : text.index(" She")]
    assert (found.first, found.last) == (0, 2)


def test_a_straight_mark_that_opens_each_paragraph_is_one_quotation() -> None:
    text = '"One day we go.\n"Two days we stay," he said.'
    (found,) = quotations(text)
    assert text[slice(*found.span)] == '"One day we go.\n"Two days we stay,"'


def test_a_mark_left_open_ends_with_its_paragraph() -> None:
    text = "He said: “One day we go.\nNobody spoke. “Yes,” she said."
    assert [text[slice(*q.span)] for q in quotations(text)] == ["“One day we go.", "“Yes,”"]


def test_sentences_touched_are_counted() -> None:
    text = "It rained. “We go. We stay,” she said. It stopped."
    (found,) = quotations(text)
    assert (found.first, found.last) == (1, 2)


PIECES = st.lists(
    st.sampled_from(
        [*"“”‘’\"'«»„ .,?!\n:—", "''", "``", "we go", "states", "he said", "the", "'s", "5", "é", "🙂", "\u00a0"]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_any_text_gives_spans_in_order_within_it(text: str) -> None:
    sentences = paragraphs(text)
    end = 0
    for q in find_quotations(text, sentences):
        assert end <= q.span[0] < q.span[1] <= len(text)
        end = q.span[1]
        assert all(q.span[0] <= a < b <= q.span[1] and text[a:b].strip() for a, b in q.contents)
        assert 0 <= q.first <= q.last < len(sentences)
        assert q.span[0] < sentences[q.first].end and sentences[q.last].start < q.span[1]


@pytest.mark.parametrize("piece", ["\"He said 'no' (“maybe”) ", "“a ", "'a ", "„ «", "``a "])
def test_marks_that_nothing_closes_take_linear_time(piece: str) -> None:
    text = piece * 20_000
    start = time.process_time()
    list(_scan(text, (0, len(text))))
    assert time.process_time() - start < 5  # it was minutes
