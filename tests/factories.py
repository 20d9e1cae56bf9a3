"""Records for tests: made by numbers, and as hypothesis strategies that draw any record there can be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from communique.records import (
    Actor,
    Coding,
    Considered,
    DateInterval,
    Event,
    Evidence,
    Failure,
    Magnitude,
    Place,
    Position,
    Record,
    Removed,
    Report,
    Span,
    Statement,
    Trace,
)

NAMES = {"RUS": "Russia", "CHN": "China", "USA": "United States", "UKR": "Ukraine", "FRA": "France"}


def actor(code: str, **fields: object) -> Actor:
    """Return a state's government by its code."""
    values = {"name": NAMES.get(code, code), "sector": "GOV", "sectors": ("GOV",), "text": NAMES.get(code, code)}
    return Actor(code, **{**values, **fields})  # type: ignore[arg-type]


def event(report: str, number: int, actors: str, recipients: str, **fields: object) -> Event:
    """Return an event of a report between actors named by codes, as in `"RUS CHN"`."""
    values = {
        "type": "CONSULT",
        "mode": "visit",
        "quad": 1,
        "cameo": "042",
        "goldstein": 1.9,
        "confidence": 0.8,
        **fields,
    }
    return Event(
        id=f"{report}-e{number}",
        report=report,
        actors=tuple(map(actor, actors.split())),
        recipients=tuple(map(actor, recipients.split())),
        evidence=Evidence(sentence=((0, 40),), trigger=((5, 9),)),
        **values,  # type: ignore[arg-type]
    )


def statement(report: str, number: int, speakers: str, recipients: str = "", **fields: object) -> Statement:
    """Return a statement of a report."""
    return Statement(
        id=f"{report}-s{number}",
        report=report,
        speakers=tuple(map(actor, speakers.split())),
        recipients=tuple(map(actor, recipients.split())),
        evidence=Evidence(sentence=((0, 40),), content=((12, 40),), cue=((5, 9),)),
        **fields,  # type: ignore[arg-type]
    )


def position(report: str, number: int, holders: str, toward: str, **fields: object) -> Position:
    """Return a position of a report."""
    values = {"stance": "oppose", "issue": "sanctions", "expression": "new sanctions", **fields}
    return Position(
        id=f"{report}-p{number}",
        report=report,
        holders=tuple(map(actor, holders.split())),
        toward=tuple(map(actor, toward.split())),
        evidence=Evidence(sentence=((0, 40),)),
        **values,  # type: ignore[arg-type]
    )


def coding(number: int, *, day: int = 0, paragraphs: int = 1) -> Coding:
    """Return the coding of report `number`: three records a paragraph and a trace for each."""
    name = f"r{number:06}"
    text = "\n\n".join(
        f"Envoys of Russia met Chinese officials for round {number} of talks, item {each}."
        for each in range(paragraphs)
    )
    published = f"2022-{number % 12 + 1:02}-{day or number % 28 + 1:02}"
    report = Report(name, text, title=f"Round {number}", outlet="The Wire", published=published, language="en")
    when = DateInterval(published, published, "day", "on that day")
    records = [
        record
        for each in range(paragraphs)
        for record in (
            event(name, each, "RUS", "CHN", date=when, places=(Place("Beijing", country="CHN", lat=39.9, lon=116.4),)),
            statement(name, each, "RUS", form="say", date=when),
            position(name, each, "CHN", "USA", date=when),
        )
    ]
    traces = [
        Trace(r.id, "Envoys met officials", (0, 20), "meet", "lexicon/consult.toml:7", ("read",)) for r in records
    ]
    return Coding(report, tuple(records), tuple(traces))


# What a file in UTF-8 can hold: any character but halves of surrogate pairs.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
COUNT = st.integers(0, 2**63 - 1)
REAL = st.floats(allow_nan=False, allow_infinity=False)
SPAN: st.SearchStrategy[Span] = st.tuples(st.integers(0, 2**40), st.integers(0, 2**40))
SPANS = st.lists(SPAN, max_size=3).map(tuple)
STATUS = st.sampled_from(["actual", "planned", "hypothetical", "denied", "historical"])
DAYS = st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))

ACTORS = st.lists(
    st.builds(
        Actor, TEXT, TEXT, kind=TEXT, sector=TEXT, sectors=TEXTS, person=TEXT, office=TEXT, wikidata=TEXT, text=TEXT,
        span=SPAN,
    ),
    max_size=2,
).map(tuple)  # fmt: skip
DATE = st.builds(DateInterval, start=DAYS, end=DAYS, precision=st.sampled_from(["day", "week", "unknown"]), text=TEXT)
PLACES = st.lists(
    st.builds(
        Place, TEXT, kind=TEXT, country=TEXT, admin1=TEXT, geonameid=COUNT, lat=REAL, lon=REAL, text=TEXT, span=SPAN
    ),
    max_size=2,
).map(tuple)
SOME = st.none() | COUNT
MAGNITUDE = st.builds(Magnitude, dead=SOME, injured=SOME, size=SOME, arrested=SOME, money=st.none() | REAL)
EVIDENCE = st.builds(Evidence, sentence=SPANS, trigger=SPANS, actors=SPANS, recipients=SPANS, content=SPANS, cue=SPANS)
REMOVED = st.lists(st.builds(Removed, TEXT, TEXT), max_size=2).map(tuple)


@st.composite
def codings(draw: st.DrawFn, number: int | None = None) -> Coding:
    """Draw a coding with any content; `number` fixes the report's id."""
    name = f"r{number}" if number is not None else f"r{draw(st.integers(0, 10**6))}"
    report = draw(
        st.builds(
            Report, st.just(name), TEXT, title=TEXT, url=TEXT, outlet=TEXT, published=DAYS, language=TEXT,
            removed=REMOVED,
        )
    )  # fmt: skip
    shared = {"date": DATE, "evidence": EVIDENCE, "confidence": REAL}
    sides = {"status": STATUS, "attributed_to": ACTORS, "implicit": st.booleans(), **shared}
    events = st.builds(
        Event, TEXT, st.just(name), TEXT, mode=TEXT, contexts=TEXTS, quad=st.integers(0, 4), cameo=TEXT,
        goldstein=REAL, intensity=REAL, actors=ACTORS, recipients=ACTORS, places=PLACES, magnitude=MAGNITUDE, **sides,
    )  # fmt: skip
    statements = st.builds(
        Statement, TEXT, st.just(name), speakers=ACTORS, recipients=ACTORS,
        quote=st.sampled_from(["direct", "indirect", "mixed"]), form=TEXT, **shared,
    )  # fmt: skip
    positions = st.builds(
        Position, TEXT, st.just(name), holders=ACTORS, stance=st.sampled_from(["support", "oppose", "neutral"]),
        toward=ACTORS, issue=TEXT, expression=TEXT, **sides,
    )  # fmt: skip
    considered = st.lists(st.builds(Considered, TEXT, TEXT, TEXT), max_size=2).map(tuple)
    traces = st.builds(Trace, TEXT, TEXT, SPAN, TEXT, TEXT, steps=TEXTS, considered=considered)
    drawn: list[Record] = draw(st.lists(st.one_of(events, statements, positions), max_size=4))
    # What is drawn may come twice; no two records of a store have one id.
    records = [replace(record, id=f"{record.id} {name} {place}") for place, record in enumerate(drawn)]
    return Coding(report, tuple(records), tuple(draw(st.lists(traces, max_size=3))))


FAILURES = st.builds(Failure, TEXT, TEXT, TEXT, TEXT)
