"""Scores for what is learned from repetition, on archives that are made of a table of paragraphs.

A table is a CSV file with the columns `part`, `outlet`, `label` (`furniture` or `background`), `place`, `topic`,
`share` and `text`. Of each outlet as many stories as are asked for are made, day after day, about three conflicts in
turn, with sentences that do not recur; in a share of them (of those on its topic, if it has one) the paragraph stands
at its place: `top`, `after` the title, anywhere in the `middle`, `last` of the story, `end` of the page.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from communique.errors import InputError
from communique.knowledge.furniture import FurnitureBook
from communique.knowledge.repeated import key_of, outlet_of
from communique.reading.repeated import Learner

_COLUMNS = ("part", "outlet", "label", "place", "topic", "share", "text")
_TOPICS = {
    "east": ("Russia", "Ukraine", "Crimea", "Kharkiv", "Poland", "Moscow", "Kyiv", "the Council", "Germany"),
    "strait": ("China", "Taiwan", "Japan", "the Philippines", "the United States", "Beijing", "Manila", "Australia"),
    "gulf": ("Iran", "Israel", "Gaza", "Qatar", "Hamas", "the European Union", "Egypt", "Tehran", "the agency"),
}
TOPICS = ("east", "gulf", "strait")
_DEEDS = (
    "accused", "met envoys of", "warned", "offered help to", "shelled positions of", "signed an accord with", "sued",
    "closed its border with", "sent arms to", "rejected a plan of", "praised", "lodged a protest with",
)  # fmt: skip
_THINGS = ("grain", "a bridge", "prisoners", "fishing rights", "a gas field", "two crossings", "drones", "a pipeline")
_TITLES = ("{a} and {b} at odds over {thing}", "{a} turns to {b} in dispute about {thing}", "What {a} wants of {b}")
_FIRST_DAY = date(2024, 1, 8)


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of a table; `share` is from 0 to 1."""

    part: str
    outlet: str
    label: str
    place: str
    topic: str
    share: float
    text: str


class RepeatedScores(NamedTuple):
    """Paragraphs of furniture, those of them that were learned; of background, those that were not; what is wrong."""

    furniture: int
    found: int
    background: int
    kept: int
    wrong: tuple[Row, ...]


def repeated_scores(
    rows: Sequence[Row], book: FurnitureBook, stories: int = 90, seed: int = 1, topics: Sequence[str] = TOPICS
) -> RepeatedScores:
    """Return how `rows` are judged after so many stories of each outlet, all on `topics`.

    A paragraph that never came is left out.
    """
    learner = Learner(book)
    came: set[Row] = set()
    for outlet in sorted({row.outlet for row in rows}):
        mine = [row for row in rows if row.outlet == outlet]
        for text, day, used in _stories(mine, stories, topics, random.Random(f"{outlet} {seed}")):
            learner.add(text, outlet_of(outlet), day)
            came.update(used)
    learned = {(each.outlet, each.key) for each in learner.found()}
    right = {row: ((row.outlet, key_of(row.text)) in learned) == (row.label == "furniture") for row in came}
    furniture = [row for row in came if row.label == "furniture"]
    wrong = tuple(row for row in rows if row in came and not right[row])
    found = sum(right[row] for row in furniture)
    return RepeatedScores(len(furniture), found, len(came) - len(furniture), sum(right.values()) - found, wrong)


def read_rows(path: Path, part: str = "") -> list[Row]:
    """Return the rows of the table at `path`, or those of one part. Raises InputError for what is no such table."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise InputError(f"{path} has no column {missing[0]!r}. It needs {', '.join(_COLUMNS)}.")
        found = [
            Row(r["part"], r["outlet"], r["label"], r["place"], r["topic"], float(r["share"]), r["text"]) for r in rows
        ]
    return [row for row in found if not part or row.part == part]


def _stories(
    rows: Sequence[Row], number: int, topics: Sequence[str], chance: random.Random
) -> Iterator[tuple[str, str, list[Row]]]:
    for i in range(number):
        topic = chance.choice(topics)
        used = [row for row in rows if row.topic in ("", topic) and chance.random() < row.share]
        body = [_sentences(_TOPICS[topic], chance) for _ in range(chance.randint(4, 9))]
        for row in used:
            if row.place == "middle":
                body.insert(chance.randint(1, len(body)), row.text)
        a, b = chance.sample(_TOPICS[topic], 2)
        title = chance.choice(_TITLES).format(a=a, b=b, thing=chance.choice(_THINGS))
        by_place = {
            place: [row.text for row in used if row.place == place] for place in ("top", "after", "last", "end")
        }
        lines = [*by_place["top"], title, *by_place["after"], *body, *by_place["last"], *by_place["end"]]
        yield "\n".join(lines), (_FIRST_DAY + timedelta(days=i)).isoformat(), used


def _sentences(actors: Sequence[str], chance: random.Random) -> str:
    """Return a paragraph of two sentences as no other has them."""
    a, b, c, d = chance.sample(actors, 4)
    number = chance.randint(3, 9000)
    first = (
        f"Officials of {a} said that it {chance.choice(_DEEDS)} {b} over {chance.choice(_THINGS)}, as {c} had asked."
    )
    second = f"Some {number} people in {d} saw {chance.choice(_THINGS)} there, which {a} had {chance.choice(_DEEDS)}."
    return f"{first} {second}"
