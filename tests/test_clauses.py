"""Who is subject and object of what, and what grammar says of the reality of a deed."""

from __future__ import annotations

import pytest

from communique.language.clauses import Clauses
from communique.language.mood import Mood, mood_of
from trees import language_words, tree

# sentence, predicate word, slot, the words that head its fillers
ARGUMENTS = [
    ("Iran attacked Iraq.", "attacked", "subject", ["Iran"]),
    ("Iran attacked Iraq.", "attacked", "object", ["Iraq"]),
    ("Iraq was attacked by Iran.", "attacked", "subject", ["Iran"]),
    ("Iraq was attacked by Iran.", "attacked", "object", ["Iraq"]),
    ("Troops sent by Chad entered Niger.", "sent", "subject", ["Chad"]),
    ("Troops sent by Chad entered Niger.", "sent", "object", ["Troops"]),
    ("Chad promised to leave Niger.", "leave", "subject", ["Chad"]),
    ("Chad urged Niger to withdraw.", "withdraw", "subject", ["Niger"]),
    ("Chad wants to meet Niger.", "meet", "subject", ["Chad"]),
    ("Chad called on Niger to withdraw.", "withdraw", "subject", ["Niger"]),
    ("Kenya condemned Uganda and praised Rwanda.", "praised", "subject", ["Kenya"]),
    ("Kenya, which invaded Uganda, left.", "invaded", "subject", ["Kenya"]),
    ("Kenya accused Uganda of shelling a village.", "shelling", "subject", ["Uganda"]),
    ("Kenya responded by shelling a village.", "shelling", "subject", ["Kenya"]),
    ("Kenya joined Uganda in calling for peace.", "calling", "subject", ["Kenya", "Uganda"]),
    ("Kenya is ready to invade Uganda.", "invade", "subject", ["Kenya"]),
    ("Kenya held talks with Uganda.", "talks", "prep:with", ["Uganda"]),
    ("Uganda's attack on Kenya failed.", "attack", "possessor", ["Uganda"]),
    ("Uganda's attack on Kenya failed.", "attack", "prep:on", ["Kenya"]),
    ("The Ugandan attack failed.", "attack", "adjective", ["Ugandan"]),
    ("Poland is critical of Hungary.", "critical", "subject", ["Poland"]),
    ("Poland is critical of Hungary.", "critical", "prep:of", ["Hungary"]),
    ("Spain gave Portugal a loan.", "gave", "indirect", ["Portugal"]),
]


@pytest.mark.parametrize(("text", "word", "slot", "wanted"), ARGUMENTS)
def test_arguments(text: str, word: str, slot: str, wanted: list[str]) -> None:
    s = tree(text)
    i = s.words.index(word)
    kind = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective"}[s.pos[i]]
    found = [s.words[a.head] for a in Clauses(s, language_words()).arguments(i, kind) if a.slot == slot]
    assert list(dict.fromkeys(found)) == wanted


MOODS = [
    ("Iran attacked Iraq.", "attacked", Mood(tense="past")),
    ("Iran attacks Iraq.", "attacks", Mood(tense="present")),
    ("Iran did not attack Iraq.", "attack", Mood(negated=True, tense="past")),
    ("Iran has not attacked Iraq.", "attacked", Mood(negated=True, tense="past")),
    ("Iran never attacked Iraq.", "attacked", Mood(negated=True, tense="past")),
    ("Iran not only attacked but also occupied Iraq.", "attacked", Mood(tense="past")),
    ("Iran will attack Iraq.", "attack", Mood(modality="future", tense="future")),
    ("Iran could attack Iraq.", "attack", Mood(modality="possible", tense="future")),
    ("Iran must leave Iraq.", "leave", Mood(modality="necessary", tense="future")),
    ("The minister said Iran would leave Iraq.", "leave", Mood(modality="future", tense="future")),
    ("If Iran leaves Iraq, we celebrate.", "leaves", Mood(modality="conditional", tense="present")),
    ("Iran had attacked Iraq.", "attacked", Mood(tense="past", perfect_past=True)),
    ("Iran allegedly attacked Iraq.", "attacked", Mood(modality="hedged", tense="past")),
    ("Will Iran attack Iraq?", "attack", Mood(modality="future", tense="future", asked=True)),
    ("Did Iran attack Iraq?", "attack", Mood(modality="possible", tense="past", asked=True)),
    ("He rested before he travels to Iraq.", "travels", Mood(modality="future", tense="present")),
]


@pytest.mark.parametrize(("text", "word", "wanted"), MOODS)
def test_moods(text: str, word: str, wanted: Mood) -> None:
    s = tree(text)
    assert mood_of(s, s.words.index(word), language_words()) == wanted
