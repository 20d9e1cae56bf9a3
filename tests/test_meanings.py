"""What words of a report were taken for, why, and what lost: `Coder.meanings` and `communique explain WORDS`."""

from __future__ import annotations

import pytest

from coders import coder

TBILISI = "Protesters marched in Tbilisi on Monday. Georgia holds an election in May."
ATLANTA = "The governor spoke in Atlanta on Monday. Georgia holds an election in May."

# text, words, code of the actor, name of a reading that lost, country of the place
MEANT = [
    (TBILISI, "Georgia", "GEO", "Georgia (United States)", "GEO"),
    (ATLANTA, "Georgia", "USA", "Georgia", "USA"),
    ("Protesters marched in Tbilisi. Georgia votes in May.", "Georgia", "GEO", "Georgia (United States)", "GEO"),
    ("Chinese tea is liked everywhere.", "Chinese", "CHN", "", "CHN"),
    ("Foreign Minister Sergei Lavrov met his Turkish counterpart.", "Lavrov", "RUS", "", ""),
    ("The river rose on Monday.", "river", "", "", ""),
]


@pytest.mark.parametrize(("text", "words", "code", "lost", "country"), MEANT)
def test_words_are_explained(text: str, words: str, code: str, lost: str, country: str) -> None:
    (meaning,) = coder().meanings(text, words, "2024-03-05")
    assert text[slice(*meaning.span)] == meaning.words == words
    assert [a.code for a in meaning.actors] == ([code] if code else [])
    assert bool(meaning.reason) == bool(code)
    assert not lost or lost in {c.pattern for c in meaning.considered}
    assert (meaning.place.country if meaning.place else "") == country
    assert bool(meaning.place_reason) == bool(country)


def test_each_place_where_the_words_stand_is_explained_in_order() -> None:
    text = "China praised Iran. Iran thanked China, and china was sold."
    found = coder().meanings(text, "china", "2024-03-05")
    assert [m.words for m in found] == ["China", "China", "china"]
    assert [[a.code for a in m.actors] for m in found] == [["CHN"], ["CHN"], []]
