"""What holds between two parties that are given by their spans, by the patterns alone, in minimal pairs.

In a row the source stands in {braces} and the target in [brackets]; the label is that of the relation set.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from coders import coder, patterns
from communique.coding.pairs import given
from communique.coding.verdict import Verdict
from communique.errors import KnowledgeError
from communique.records import Span

_MARKED = re.compile(r"\{([^}]*)\}|\[([^\]]*)\]")


def marked(row: str) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """Return the text of a row without its marks, and the spans of source and target."""
    text, source, target, at = "", [], [], 0
    for match in _MARKED.finditer(row):
        text += row[at : match.start()]
        words = match[1] if match[1] is not None else match[2]
        (source if match[1] is not None else target).append((len(text), len(text) + len(words)))
        text += words
        at = match.end()
    return text + row[at:], tuple(source), tuple(target)


def relation(row: str) -> Verdict:
    (verdict,) = patterns().relations([marked(row)])
    return verdict


def stance(row: str) -> str | None:
    (verdict,) = patterns().stances([marked(row)])
    return verdict.label


RELATIONS = [
    # whoever the parties are: no list knows these
    ("{The Brandvlei Street Tenants} sued [Ostrava Housing Partners] over the repairs.", "ACCUSE"),
    ("{The Tarn Valley clan} burned down the granaries of [the Okoro family].", "ASSAULT"),
    ("{Judge Ilse Ravn} threw out the complaint of [the ferry company].", "REJECT"),
    # order of the parties, active and passive
    ("{Hungary} praised [Serbia].", "SUPPORT"),
    ("[Serbia] was praised by {Hungary}.", "SUPPORT"),
    ("{The harbour workers} were arrested by [the gendarmes].", "COERCE"),
    # who is meant by what is his
    ("{Norway} criticised [Iceland]'s new fishing quota.", "ACCUSE"),
    ("{Norway} will buy surplus power from [Iceland].", "AGREE"),
    # done, promised, refused, demanded
    ("{The rebels} released [the engineers].", "YIELD"),
    ("{The rebels} agreed to release [the engineers].", "AGREE"),
    ("{The rebels} said they would release [the engineers] on Friday.", "AGREE"),
    ("{The rebels} refused to release [the engineers].", "REJECT"),
    ("{The rebels} will not release [the engineers].", "REJECT"),
    ("{The mayor} demanded that [the rebels] release the engineers.", "REQUEST"),
    ("{The mayor} said [the rebels] must release the engineers.", "REQUEST"),
    ("{The mayor} said [the rebels] must behave themselves.", "REQUEST"),
    # conflict that the actor announces
    ("{Kenya} bombed [the militia's camp].", "ASSAULT"),
    ("{Kenya} threatened to bomb [the militia's camp].", "THREATEN"),
    ("{Kenya} said it would bomb [the militia's camp].", "THREATEN"),
    ("{The union} set a deadline for [the ministry] to pay the nurses.", "THREATEN"),
    # where the set draws its lines elsewhere than PLOVER
    ("{Canada} imposed sanctions on [Belarus].", "COERCE"),
    ("{Canada} recalled its ambassador from [Belarus].", "SANCTION"),
    ("{Peru} and [Chile] reached an agreement on fishing.", "SUPPORT"),
    ("{Peru} and [Chile] failed to reach an agreement on fishing.", "REJECT"),
    ("{Chadian hackers} launched a cyber attack on [the bank of Niger].", "ASSAULT"),
    # orders, approvals
    ("{The court} ordered [the smugglers] jailed.", "COERCE"),
    ("{Parliament} approved the deployment of troops to [the northern border].", "MOBILIZE"),
    ("{The ministry} approved a request from [the fishermen] for compensation.", "YIELD"),
    # an object beside the verb makes another deed of it
    ("{The envoy} returned to [Lagos].", "CONSULT"),
    ("{The museum} returned dozens of carved masks to [Lagos].", "YIELD"),
    ("{The clinic} sent a team of doctors to [the camp].", "AID"),
    # words that are attacks
    ("{The governor} launched a scathing attack on [the broadcaster].", "ACCUSE"),
    ("{The governor} launched an attack on [the broadcaster].", "ASSAULT"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "label"), RELATIONS)
def test_what_holds_between_two_given_parties(row: str, label: str) -> None:
    assert relation(row).label == label


STANCES = [
    ("{France} has backed [Greece] in the dispute.", "a+b"),
    ("{Greece} was backed by [France] in the dispute.", "b+a"),
    ("{France} condemned [Greece] for the raid.", "a-b"),
    ("{Greece} was condemned by [France] for the raid.", "b-a"),
    ("{France} and [Greece] are in Europe.", "neutral"),
    ("{France} met [Greece] for talks.", "neutral"),
    ("{The senator} attacked [the governor]'s plan.", "a-b"),
]


@pytest.mark.parametrize(("row", "label"), STANCES)
def test_how_two_given_parties_stand(row: str, label: str) -> None:
    assert stance(row) == label


def test_nothing_is_said_of_parties_that_no_deed_ties() -> None:
    verdict = relation("{The envoy} and [the tailor] live in the same street.")
    assert (verdict.label, verdict.by, verdict.confidence) == (None, "", 0.0)


def test_several_spans_of_a_party_are_one_party() -> None:
    assert (
        relation("{Mali}, after a long debate, arrested [a Nigerien pilot], {Mali}'s government said.").label
        == "COERCE"
    )


def test_a_verdict_names_the_pattern_and_how_sure_it_is() -> None:
    near = relation("{The rebels} released [the engineers].")
    assert near.by == "patterns" and any("release" in step for step in near.steps)
    far = relation("Talks about {the rebels}' fuel went on as [the engineers] slept.")
    assert near.confidence > far.confidence


def test_given_parties_keep_what_the_lists_know_of_them() -> None:
    text = "The Polish army left Vilnius."
    (found,) = {a.code for a in given([(0, 15)], [], text).values()}
    assert found == "@source"


def test_an_unknown_scheme_is_named_with_the_known_ones() -> None:
    with pytest.raises(KnowledgeError, match=r"No scheme .plvoer..*plv"):
        coder().relations([marked("{A} met [B].")], scheme="plvoer")


def test_one_text_gives_the_same_verdict_alone_and_among_others() -> None:
    rows = [marked(row) for row, _ in RELATIONS]
    together = patterns().relations(rows)
    alone = [patterns().relations([row])[0] for row in rows]
    assert [replace(v, steps=()) for v in together] == [replace(v, steps=()) for v in alone]
