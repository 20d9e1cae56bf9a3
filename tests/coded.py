"""A coding made by hand, for tests of what is printed. Spans are found by the words that they cut out."""

from __future__ import annotations

from communique.records import (
    Actor,
    Coding,
    Considered,
    DateInterval,
    Event,
    Evidence,
    Magnitude,
    Place,
    Position,
    Removed,
    Report,
    Span,
    Statement,
    Trace,
)

TEXT = (
    "Norway's foreign minister, Anna Lund [sic], met her Finnish counterpart in Helsinki on Tuesday.\n\n"
    "Norway said that Finland had sent 300 soldiers to the border.\n\n"
    "Oslo backs Helsinki's call for a shared patrol of the northern waters.\n\n"
    "Share this article"
)
NOR = Actor("NOR", "Norway", sector="GOV", text="Norway", span=(97, 103))
LUND = Actor("NOR", "Norway", sector="GOV", person="Anna Lund", office="foreign-minister", text="Anna Lund")
FIN = Actor("FIN", "Finland", sector="GOV", text="Finland")
ARMY = Actor("FIN", "Finland", sector="MIL", text="300 soldiers")
TUESDAY = DateInterval("2023-05-02", "2023-05-02", "day", "Tuesday")
REPORT = Report(
    id="0123456789abcdef", text=TEXT, title="Norway and Finland [bold]talk[/bold]", outlet="The Fjord Courier",
    published="2023-05-03", language="en", removed=(Removed("Share this article", "share button"),),
)  # fmt: skip


def at(words: str, start: int = 0) -> Span:
    """Return the span of the first `words` in TEXT from `start`."""
    first = TEXT.index(words, start)
    return first, first + len(words)


_FIRST, _SECOND, _THIRD = (at(paragraph) for paragraph in TEXT.split("\n\n")[:3])
MEETING = Event(
    id="aaaa1111bbbb2222", report=REPORT.id, type="CONSULT", mode="visit", quad=1, cameo="042", goldstein=1.9,
    actors=(LUND,), recipients=(FIN,), date=TUESDAY, places=(Place("Helsinki", "city", "FIN"),), confidence=0.9,
    evidence=Evidence(
        sentence=(_FIRST,), trigger=(at("met"),), actors=(at("Anna Lund"),), recipients=(at("Finnish counterpart"),)
    ),
)  # fmt: skip
SAYING = Statement(
    id="cccc3333dddd4444", report=REPORT.id, speakers=(NOR,), form="say",
    date=DateInterval("2023-05-03", "2023-05-03", "day"),
    evidence=Evidence(
        sentence=(_SECOND,), cue=(at("said"),), actors=(at("Norway", _SECOND[0]),),
        content=(at("Finland had sent 300 soldiers to the border"),),
    ),
)  # fmt: skip
SENDING = Event(
    id="eeee5555ffff6666", report=REPORT.id, type="MOBILIZE", mode="troops", quad=4, cameo="152", goldstein=-7.2,
    actors=(ARMY,), attributed_to=(NOR,), status="historical", date=DateInterval("2023-04-01", "2023-04-30", "month"),
    magnitude=Magnitude(size=300),
    evidence=Evidence(sentence=(_SECOND,), trigger=(at("sent"),), actors=(at("Finland", _SECOND[0]),)),
)  # fmt: skip
BACKING = Position(
    id="7777888899990000", report=REPORT.id, holders=(NOR,), stance="support", toward=(FIN,), issue="northern-waters",
    expression="Helsinki's call for a shared patrol", date=DateInterval(),
    evidence=Evidence(
        sentence=(_THIRD,), trigger=(at("backs"),), actors=(at("Oslo"),),
        content=(at("call for a shared patrol of the northern waters"),),
    ),
)  # fmt: skip
TRACE = Trace(
    record=MEETING.id, clause=TEXT[_FIRST[0] : _FIRST[1]], clause_span=_FIRST, pattern="meet",
    source="lexicon/consult.toml:12",
    steps=("The verb is “met”.", "Its subject is Anna Lund, foreign minister of Norway."),
    considered=(Considered("meet demand", "AGREE", "there is no “demand”"),),
)  # fmt: skip
CODING = Coding(report=REPORT, records=(MEETING, SAYING, SENDING, BACKING), traces=(TRACE,))
