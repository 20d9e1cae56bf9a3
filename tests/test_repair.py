"""Trees that contradict their own labels are put right; all others stay as they are."""

from __future__ import annotations

import pytest

from coders import coder
from communique.language.tree import Sentence


def parsed(text: str) -> Sentence:
    (sentences,) = coder()._parser.parse([[(text, 0)]])
    return sentences[0]


@pytest.mark.parametrize(
    ("text", "verb", "subject", "thing"),
    [
        ("Kenya sheltered refugees from Sudan.", "sheltered", "Kenya", "refugees"),
        ("Kenya's farmers insisted that William Ruto resign.", "resign", "Ruto", ""),
        ("Kenya received refugees from Sudan.", "received", "Kenya", "refugees"),
    ],
)
def test_the_verb_has_its_subject_and_object(text: str, verb: str, subject: str, thing: str) -> None:
    s = parsed(text)
    i = s.words.index(verb)
    assert s.pos[i] == "VERB"
    assert [s.words[k] for k in s.kids(i, "nsubj")] == [subject]
    assert [s.words[k] for k in s.kids(i, "dobj")] == ([thing] if thing else [])


@pytest.mark.parametrize(
    "text", ["Displaced families from Kenya", "Two wounded soldiers from Sudan.", "The retired judges"]
)
def test_a_noun_phrase_stays_one(text: str) -> None:
    s = parsed(text)
    root = next(i for i in range(len(s)) if s.heads[i] == i)
    assert s.pos[root] == "NOUN"


@pytest.mark.parametrize(
    ("word", "lemma"), [("staged", "stage"), ("hopes", "hope"), ("doses", "dose"), ("sit-in", "sit-in")]
)
def test_lemmas_that_the_pipeline_gets_wrong(word: str, lemma: str) -> None:
    text = {"staged": "Kenya staged a rally.", "hopes": "Kenya hopes to win.", "doses": "Kenya sent doses.",
            "sit-in": "Teachers held a sit-in."}[word]  # fmt: skip
    s = parsed(text)
    assert s.lemmas[s.words.index(word)] == lemma
