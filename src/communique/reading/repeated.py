"""What an outlet prints with story after story, learned by counting paragraphs over many reports.

Two things recur to the letter: what a page prints around its stories, and what a writer says again because it has not
changed ("Russia annexed Crimea in 2014"). Only the first is furniture. They differ in this:

- background speaks of those whom the story speaks of, furniture does not;
- furniture speaks of the page and to its readers (entries of kind `voice`), or is no sentence;
- furniture keeps its place, at the end or the head, and may stand in all of the outlet's stories.

A paragraph in doubt is reporting. The figures below were tuned on evaluation/furniture (docs/notes/furniture.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from communique.knowledge.furniture import FurnitureBook
from communique.knowledge.repeated import LONGEST, Repeated, key_of, repeated_of
from communique.reading.classify import last_sentences
from communique.reading.lines import cut_lines, ends_sentence, is_list_item

LEAST_STORIES = 5
_LEAST_DAYS = 7  # between the first and the last: an update of a story comes within some days
_MANY_STORIES = 12  # so many are enough without days, or within a week
_UNRELATED = 0.2  # of its stories name elsewhere whom the paragraph names
_FIXED = 0.8  # of its stories have it at the same place
_ALWAYS = 0.95
_LARGE_OUTLET = 40  # stories; only of so many it means something that all have a paragraph
_LONGEST_FRAGMENT = 200  # characters; a longer one is a paragraph whose full stop is missing
_MOST_NAMES = 2  # capitalised words within a fragment; with more it may be a list of signatories
_FROM_END, _FROM_START = 5, 3
_ALL_STORIES = 512  # of an outlet that are counted; of those that follow one in `_ONE_IN`
_ONE_IN = 16
MOST_PARAGRAPHS = 150_000  # that are held in memory, some 70 MB
_BODY_LINES = 3
_NAME = re.compile(r"\b[A-Z][\w'-]{3,}")
_WITHIN = re.compile(r"(?<=[\w,;] )[A-Z][\w'-]{3,}")


@dataclass(frozen=True, slots=True)
class Learned:
    """A paragraph that `outlet` repeats: in `stories` of the `of` that were counted. `text` is one example."""

    outlet: str
    key: int
    text: str
    stories: int
    of: int


@dataclass(slots=True)
class _Seen:
    """What is counted of one paragraph. Its text is kept from the second story on."""

    stories: int = 0
    text: str = ""
    first: int = 0  # days, as ordinals; 0 for none
    last: int = 0
    related: int = 0  # of the stories, those that name elsewhere whom it names
    places: list[int] = field(default_factory=lambda: [0] * (_FROM_END + _FROM_START))


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    places: tuple[int, ...]
    related: bool


class Learner:
    """Counts the paragraphs of reports, in bounded memory; the order of the reports does not matter below the bound."""

    def __init__(self, book: FurnitureBook, most: int = MOST_PARAGRAPHS) -> None:
        self._book = book
        self._most = most
        self._seen: dict[tuple[str, int], _Seen] = {}
        self._stories: Counter[str] = Counter()
        self._bodies: dict[str, set[int]] = {}

    def wants(self, outlet: str) -> bool:
        """Return whether the next story of `outlet` is to be counted; if not, note that it passed."""
        number = self._stories[outlet]
        if number < _ALL_STORIES or number % _ONE_IN == 0:
            return True
        self._stories[outlet] += 1
        return False

    def add(self, text: str, outlet: str, day: str = "") -> None:
        """Count the paragraphs of one report of `outlet` (as `outlet_of` gives it), published on `day` (ISO or "")."""
        body = _body(text)
        bodies = self._bodies.setdefault(outlet, set())
        self._stories[outlet] += 1
        if body in bodies:
            return  # the same story once more
        bodies.add(body)
        ordinal = date.fromisoformat(day).toordinal() if day else 0
        done: set[int] = set()
        for paragraph in _paragraphs(text, outlet):
            key = key_of(paragraph.text)
            if key not in done:
                done.add(key)
                self._count((outlet, key), paragraph, ordinal)
        if len(self._seen) > self._most:
            self._prune()

    def found(self) -> list[Learned]:
        """Return the paragraphs that are furniture, by outlet and text."""
        learned = [
            Learned(outlet, key, seen.text, seen.stories, len(self._bodies[outlet]))
            for (outlet, key), seen in self._seen.items()
            if is_furniture(seen, len(self._bodies[outlet]), self._book)
        ]
        return sorted(learned, key=lambda each: (each.outlet, -each.stories, each.text, each.key))

    def _count(self, where: tuple[str, int], paragraph: _Paragraph, day: int) -> None:
        seen = self._seen.setdefault(where, _Seen())
        seen.stories += 1
        seen.related += paragraph.related
        for place in paragraph.places:
            seen.places[place] += 1
        if day:
            seen.first, seen.last = min(seen.first or day, day), max(seen.last, day)
        if seen.stories > 1:
            seen.text = seen.text or paragraph.text

    def _prune(self) -> None:
        """Forget the paragraphs seen least, the oldest first."""
        keep = self._most * 2 // 3
        ranked = sorted(self._seen.items(), key=lambda item: -item[1].stories)  # stable: the oldest first
        fewest = ranked[keep][1].stories
        often = [item for item in ranked if item[1].stories > fewest]
        rest = [item for item in ranked if item[1].stories == fewest]
        chosen = {where for where, _ in often} | {where for where, _ in rest[len(rest) - (keep - len(often)) :]}
        self._seen = {where: seen for where, seen in self._seen.items() if where in chosen}


def is_furniture(seen: _Seen, of: int, book: FurnitureBook) -> bool:
    """Return whether a paragraph is furniture of an outlet with `of` stories."""
    if seen.stories < LEAST_STORIES or (seen.last - seen.first < _LEAST_DAYS and seen.stories < _MANY_STORIES):
        return False
    if is_list_item(seen.text):
        return False
    unrelated = seen.related <= _UNRELATED * seen.stories
    fixed = max(seen.places) >= _FIXED * seen.stories
    if book.search("voice", seen.text):
        at_end = sum(seen.places[:_FROM_END]) >= _ALWAYS * seen.stories and 2 * seen.stories >= of
        return unrelated or ((fixed or at_end) and not book.speaks(seen.text))
    if not unrelated or book.speaks(seen.text):
        return False
    names = len(_WITHIN.findall(seen.text))
    if not ends_sentence(seen.text) and len(seen.text) <= _LONGEST_FRAGMENT and names <= _MOST_NAMES:
        return True
    return fixed and of >= _LARGE_OUTLET and seen.stories >= _ALWAYS * of


def as_repeated(learned: list[Learned]) -> Repeated:
    """Return what was learned as a furniture book uses it."""
    return repeated_of((each.outlet, each.key) for each in learned)


def _body(text: str) -> int:
    """Return the key of a story: of its longest lines, so that it is the same where it comes once more."""
    lines = sorted(text.split("\n"), key=len, reverse=True)[:_BODY_LINES]
    return key_of(" ".join(line[:LONGEST] for line in lines))


def _paragraphs(text: str, outlet: str) -> Iterator[_Paragraph]:
    """Yield the lines of a report and, where its last line has several sentences, the last of these."""
    lines = cut_lines(text)
    words = [text[line.start : line.end] for line in lines]
    within = [set(_WITHIN.findall(line)) if ends_sentence(line) else set() for line in words]
    told = Counter(name for names in within for name in names)
    own = set(outlet.split())
    for i, line in enumerate(words):
        if len(line) <= LONGEST:
            names = {name for name in _NAME.findall(line) if name.casefold() not in own}
            related = any(told[name] > (name in within[i]) for name in names)
            yield _Paragraph(line, _places(i, len(words)), related)
    if lines:
        for start, end in last_sentences(text, lines[-1].start, lines[-1].end):
            names = {name for name in _NAME.findall(text[start:end]) if name.casefold() not in own}
            before = set(_WITHIN.findall(text[:start]))
            yield _Paragraph(text[start:end], (0,), bool(names & before))


def _places(i: int, of: int) -> tuple[int, ...]:
    """Return the numbers under which the places of line `i` are counted: from the end, then from the start."""
    end = of - 1 - i
    return (*((end,) if end < _FROM_END else ()), *((_FROM_END + i,) if i < _FROM_START else ()))
