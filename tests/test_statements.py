"""Statements: who said what, in whose words, in what form and to whom."""

from __future__ import annotations

import time
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.actors.discourse import Discourse
from communique.coding.context import SentenceContext, make_context
from communique.coding.statements import StatementDraft, code_statements
from communique.knowledge import Knowledge, load_knowledge
from communique.records import Actor
from trees import language_words, parser

DAY = "2022-02-04"
Row = tuple[str, str, str]  # speakers, content, kind of quotation


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


def statements(text: str) -> list[StatementDraft]:
    """Return the statements of `text`, each line of which is a paragraph."""
    return code_statements(contexts_of(text), text)


def contexts_of(text: str) -> list[SentenceContext]:
    """Return the sentences of `text` as the coding of statements takes them."""
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append((line, at))
        at += len(line) + 1
    discourse = Discourse()
    sentences = next(iter(parser().parse([blocks])))
    return [make_context(s, text, knowledge(), language_words(), discourse, DAY) for s in sentences]


def label(actors: tuple[Actor, ...]) -> str:
    """Return the persons, codes or words of `actors`, without accents: lists spell names in more than one way."""
    names = unicodedata.normalize("NFD", " ".join(a.person or a.code or a.text for a in actors))
    return "".join(c for c in names if not unicodedata.combining(c))


def row(text: str, d: StatementDraft) -> Row:
    return label(d.speakers), " ~ ".join(text[a:b] for a, b in d.content), d.quote


def said(text: str) -> list[Row]:
    return [row(text, d) for d in statements(text) if d.manner == "said"]


SAID: list[tuple[str, list[Row]]] = [
    # a clause after the verb, with "that" and without
    ("Lavrov said that Russia would respond.", [("Sergei Lavrov", "that Russia would respond", "indirect")]),
    ("Lavrov said Russia would respond.", [("Sergei Lavrov", "Russia would respond", "indirect")]),
    (
        "Lavrov said Russia would respond and that talks were useless.",
        [("Sergei Lavrov", "Russia would respond and that talks were useless", "indirect")],
    ),
    ("The EU announced that it would freeze the assets.", [("EUR", "that it would freeze the assets", "indirect")]),
    ("The Kremlin said that talks were on.", [("RUS", "that talks were on", "indirect")]),
    (
        "North Korea's state media said that the test had succeeded.",
        [("PRK", "that the test had succeeded", "indirect")],
    ),
    ("Mr. Scholz added that Germany was ready.", [("Olaf Scholz", "that Germany was ready", "indirect")]),
    # the clause before the verb, or around it
    ("Russia will respond, Lavrov said.", [("Sergei Lavrov", "Russia will respond", "indirect")]),
    (
        "Hungary opposes the embargo, its foreign minister said.",
        [("Peter Szijjarto", "Hungary opposes the embargo", "indirect")],
    ),
    ("The talks, Lavrov said, were useful.", [("Sergei Lavrov", "The talks ~ were useful", "indirect")]),
    ("The idea, Macron told reporters, is simple.", [("Emmanuel Macron", "The idea ~ is simple", "indirect")]),
    ("As Macron put it, Europe is on its own.", [("Emmanuel Macron", "Europe is on its own", "indirect")]),
    # quotations
    ('"We will respond," Lavrov said.', [("Sergei Lavrov", '"We will respond,"', "direct")]),
    ('"We will respond," said Lavrov.', [("Sergei Lavrov", '"We will respond,"', "direct")]),
    ("“We will respond,” said Lavrov.", [("Sergei Lavrov", "“We will respond,”", "direct")]),
    ("'We will respond,' said Lavrov.", [("Sergei Lavrov", "'We will respond,'", "direct")]),
    ('Lavrov said: "We will respond."', [("Sergei Lavrov", '"We will respond."', "direct")]),
    ('Lavrov said, "We will respond."', [("Sergei Lavrov", '"We will respond."', "direct")]),
    ('"Why now?" asked the Polish premier.', [("Mateusz Morawiecki", '"Why now?"', "direct")]),
    (
        '"We will respond," Lavrov said, "and nobody will doubt it."',
        [("Sergei Lavrov", '"We will respond," ~ "and nobody will doubt it."', "direct")],
    ),
    (
        '"We will respond," Lavrov said on Monday. "The day is near. Wait."',
        [("Sergei Lavrov", '"We will respond," ~ "The day is near. Wait."', "direct")],
    ),
    (
        "\"These are 'red lines' for us,\" Putin said.",
        [("Vladimir Putin", "\"These are 'red lines' for us,\"", "direct")],
    ),
    # a verb that no list knows, known by its place
    ('"Enough is enough!" Macron thundered.', [("Emmanuel Macron", '"Enough is enough!"', "direct")]),
    ('"Enough!" shouted Macron.', [("Emmanuel Macron", '"Enough!"', "direct")]),
    # partly quoted
    (
        'Lavrov said the plan was "a provocation" and would fail.',
        [("Sergei Lavrov", 'the plan was "a provocation" and would fail', "mixed")],
    ),
    (
        "NATO “does not want a fight,” Stoltenberg said, but “will not be cowed.”",
        [("Jens Stoltenberg", "NATO “does not want a fight,” ~ “will not be cowed.”", "mixed")],
    ),
    # over paragraphs
    (
        "“We will return.\n“We will rebuild,” said Abbas.",
        [("Mahmoud Abbas", "“We will return.\n“We will rebuild,”", "direct")],
    ),
    (
        "“One day we will return,” said Abbas.\n“We will rebuild.”",
        [("Mahmoud Abbas", "“One day we will return,”", "direct"), ("Mahmoud Abbas", "“We will rebuild.”", "direct")],
    ),
    ('Lavrov added:\n"Time is short."', [("Sergei Lavrov", '"Time is short."', "direct")]),
    ('Lavrov had a message:\n"Time is short."', [("Sergei Lavrov", '"Time is short."', "direct")]),
    # phrases
    ("According to the Kremlin, the talks were useful.", [("RUS", "the talks were useful", "indirect")]),
    ("The talks were useful, according to Turkish officials.", [("TUR", "The talks were useful", "indirect")]),
    ("The talks, according to the Kremlin, were useful.", [("RUS", "The talks ~ were useful", "indirect")]),
    ("In Beijing's view, the pact is a danger.", [("CHN", "the pact is a danger", "indirect")]),
    ("In the words of Macron, NATO is brain-dead.", [("Emmanuel Macron", "NATO is brain-dead", "indirect")]),
    # a colon after a name
    ("Putin: NATO must withdraw", [("Vladimir Putin", "NATO must withdraw", "indirect")]),
    ("Kremlin: no talks are planned with Kyiv", [("RUS", "no talks are planned with Kyiv", "indirect")]),
    ("Putin: 'Europe must wake up'", [("Vladimir Putin", "'Europe must wake up'", "direct")]),
    ("KYIV: The army was ready.", []),
    # a dash after the quotation
    ('"We shall not move." — Jan Novak, mayor of Brno', [("Jan Novak", '"We shall not move."', "direct")]),
    # nouns and adjectives
    ("Moscow rejected the claim by Kyiv that it had sent troops.", [("UKR", "that it had sent troops", "indirect")]),
    ("Iran denied Israel's claim that it had built a bomb.", [("ISR", "that it had built a bomb", "indirect")]),
    (
        "Trudeau was confident that a deal could be reached.",
        [("Justin Trudeau", "that a deal could be reached", "indirect")],
    ),
    # participles, relatives, clefts
    (
        "Moscow and Beijing opposed the pact, saying it made a new war more likely.",
        [("RUS CHN", "it made a new war more likely", "indirect")],
    ),
    (
        "Scholz said that Russia wanted peace, adding that time was short.",
        [("Olaf Scholz", "that Russia wanted peace", "indirect"), ("Olaf Scholz", "that time was short", "indirect")],
    ),
    ("Iran, which says its programme is peaceful, stayed away.", [("IRN", "its programme is peaceful", "indirect")]),
    ("It was Macron who said that NATO was brain-dead.", [("Emmanuel Macron", "that NATO was brain-dead", "indirect")]),
    (
        "Beijing says Taiwan is part of China, but Taipei says it is not.",
        [("CHN", "Taiwan is part of China", "indirect"), ("TWN", "it is not", "indirect")],
    ),
    # what the narrator says of the words is no part of them
    (
        "Wang Yi told Blinken that the fears were real, a statement that marked a shift.",
        [("Wang Yi", "that the fears were real", "indirect")],
    ),
    ("Lavrov wrote in a letter that the aid must flow.", [("Sergei Lavrov", "that the aid must flow", "indirect")]),
    # nested speech: each has its own statement
    (
        "Scholz said he believed that Russia was bluffing.",
        [
            ("Olaf Scholz", "he believed that Russia was bluffing", "indirect"),
            ("Olaf Scholz", "that Russia was bluffing", "indirect"),
        ],
    ),
    (
        "Kyiv said Moscow claimed that the town had fallen.",
        [
            ("UKR", "Moscow claimed that the town had fallen", "indirect"),
            ("RUS", "that the town had fallen", "indirect"),
        ],
    ),
    ('"We hope that it ends," said Lavrov.', [("Sergei Lavrov", '"We hope that it ends,"', "direct")]),
    # documents and joint speakers
    (
        "In a joint statement, China and Russia affirmed that their friendship had no limits.",
        [("CHN RUS", "that their friendship had no limits", "indirect")],
    ),
    (
        "China and Russia issued a joint statement. The statement said that their friendship had no limits.",
        [("CHN RUS", "that their friendship had no limits", "indirect")],
    ),
    ("A Chinese statement said that the ship had left.", [("CHN", "that the ship had left", "indirect")]),
    # belief, intention, hope
    (
        "Seoul believes that Pyongyang sold shells to Moscow.",
        [("KOR", "that Pyongyang sold shells to Moscow", "indirect")],
    ),
    ("Turkey vowed to retaliate.", [("TUR", "to retaliate", "indirect")]),
    ("Iran plans to enrich uranium.", [("IRN", "to enrich uranium", "indirect")]),
    # unknown persons and unnamed sources
    ("Officials said the border was closed.", [("Officials", "the border was closed", "indirect")]),
    ("Analysts say the move could anger Beijing.", [("Analysts", "the move could anger Beijing", "indirect")]),
    ('"The border is closed," a diplomat said.', [("diplomat", '"The border is closed,"', "direct")]),
    ('"The border is closed," Jan Novak said.', [("Jan Novak", '"The border is closed,"', "direct")]),
    # no statement
    ("It is said that the talks failed.", []),
    ("Nobody said that the talks had failed.", []),
    ("Lavrov met Blinken in Geneva.", []),
    ("A “wake-up call” came from the east.", []),
    (
        "On Tuesday's “The Late Evening Show,” Lavrov said the plan was dead.",
        [("Sergei Lavrov", "the plan was dead", "indirect")],
    ),
    ("Biden urged Israel to say that the strike was wrong.", []),
    ("The dispute threatens to break out into war.", []),
    ("The odds are against a deal, and the plan hopes to change them.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SAID, ids=[text for text, _ in SAID])
def test_who_said_what(text: str, wanted: list[Row]) -> None:
    assert said(text) == wanted


HELD: list[tuple[str, Row]] = [
    ("Erdogan accused Greece of arming islands.", ("Recep Tayyip Erdogan", "Greece of arming islands", "indirect")),
    ("Biden urged Israel to show restraint.", ("Joe Biden", "Israel to show restraint", "indirect")),
    (
        "Putin criticized attempts by “certain states” to rule.",
        ("Vladimir Putin", "attempts by “certain states” to rule", "mixed"),
    ),
    (
        "Putin criticized “attempts by some to spoil sports,” an apparent reference to a boycott.",
        ("Vladimir Putin", "“attempts by some to spoil sports,”", "direct"),
    ),
    ("Riyadh did not say that the talks would start.", ("SAU", "that the talks would start", "indirect")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), HELD, ids=[text for text, _ in HELD])
def test_what_is_only_spoken_of_is_not_told_as_so(text: str, wanted: Row) -> None:
    assert [row(text, d) for d in statements(text) if d.manner == "held"] == [wanted]
    assert not said(text)


FORMS = [
    ("Scholz said in an interview that gas would run short.", "interview"),
    ("At a press conference in Tokyo, Kishida said the islands were Japanese.", "press-conference"),
    ('"Kyiv will hold," Zelensky said in a televised address.', "speech"),
    ("Macron wrote in a letter that the aid must flow.", "letter"),
    ("Macron wrote on Twitter that the war must end.", "social-media"),
    ("Wang Yi told Blinken in a call last week that the fear was real.", "phone-call"),
    ("In a joint statement, China and Russia said that their friendship had no limits.", "joint-statement"),
    ("China and Russia issued a joint statement. The statement said that they were friends.", "joint-statement"),
    ("The two sides said in a communique that trade would grow.", "communique"),
    ("The UN report said that exports had fallen.", "report"),
    ("Lavrov said that the interview was over.", ""),
    ("Lavrov said that Russia would respond.", ""),
]


@pytest.mark.parametrize(("text", "form"), FORMS, ids=[text for text, _ in FORMS])
def test_form(text: str, form: str) -> None:
    assert [d.form for d in statements(text) if d.manner == "said"] == [form]


ADDRESSED = [
    ("Blinken told Lavrov that sanctions would follow.", "Sergei Lavrov"),
    ("Macron told the Turkish president that time was short.", "Recep Tayyip Erdogan"),
    ("Biden said to Putin that the line was red.", "Vladimir Putin"),
    ("Maduro called on the United States to lift the sanctions.", "USA"),
    ("Biden urged Israel to show restraint.", "ISR"),
    ('"Time is short," Blinken told Lavrov.', "Sergei Lavrov"),
    ("Lavrov said that Blinken had left.", ""),
]


@pytest.mark.parametrize(("text", "recipient"), ADDRESSED, ids=[text for text, _ in ADDRESSED])
def test_addressee(text: str, recipient: str) -> None:
    assert label(statements(text)[0].recipients) == recipient


def test_evidence_names_speaker_cue_and_every_sentence() -> None:
    text = 'It rained. "We stay," Lavrov said on Monday. "We wait. We hope." It stopped.'
    (d,) = [d for d in statements(text) if d.manner == "said"]
    assert [text[a:b] for a, b in d.speaker_spans] == ["Lavrov"]
    assert [text[a:b] for a, b in d.cue] == ["said"]
    assert [text[a:b] for a, b in d.sentences] == ['"We stay," Lavrov said on Monday.', '"We wait.', 'We hope."']
    assert d.context.sentence.words[d.head] == "said"
    assert d.pattern and ".toml" in d.source
    assert any("Lavrov" in step for step in d.steps)


def test_a_relative_clause_names_the_antecedent_and_the_pronoun() -> None:
    text = "Iran, which says its programme is peaceful, stayed away."
    (d,) = statements(text)
    assert [text[a:b] for a, b in d.speaker_spans] == ["Iran", "which"]


WORDS = st.lists(
    st.sampled_from(
        "Putin Lavrov said says that told Macron “ ” \" ' ‘ ’ , . : ? ! — according to in view of the plan was dead it "
        "they which who adding claim wants Russia and but \n statement joint a warned did not".split(" ")
    ),
    max_size=30,
).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(WORDS)
def test_any_text_gives_statements_whose_spans_lie_within_it(text: str) -> None:
    for d in statements(text):
        assert d.speakers and d.content
        for spans in (d.content, d.cue, d.sentences, d.speaker_spans, d.recipient_spans):
            assert all(0 <= a < b <= len(text) for a, b in spans)
        for actor in (*d.speakers, *d.recipients):
            assert text[slice(*actor.span)] == actor.text
        ends = [end for _, end in d.content]
        assert all(end <= start for end, (start, _) in zip(ends, d.content[1:], strict=False))
        assert all(any(s < b and a < e for s, e in d.sentences) for a, b in d.content)
        assert d.quote in ("direct", "indirect", "mixed")


def test_the_same_text_gives_the_same_statements() -> None:
    text = "Lavrov said that Russia would respond. “We stay,” he added. “We wait.”"
    first, second = statements(text), statements(text)
    assert [row(text, d) for d in first] == [row(text, d) for d in second]
    assert [d.steps for d in first] == [d.steps for d in second]


def test_thousands_of_quotations_take_linear_time() -> None:
    text = "“The dike will hold,” the Dutch prime minister said. " * 6000
    contexts = contexts_of(text)
    start = time.process_time()
    assert len(code_statements(contexts, text)) == 6000
    assert time.process_time() - start < 8  # it was half a minute
