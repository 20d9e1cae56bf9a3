"""What everything after the parse costs, as a share of the parse: by part, with patterns alone and with the judge.

usage: python benchmarks/coding.py [--news FILE.jsonl] [--texts N] [--repeats N] [--write]

The parse is what spaCy's own `nlp.pipe` takes for the paragraphs of the reports, with the components that we use. (Ours
takes less: it works out parts of speech and lemmas once a word.)
Parse, coding and its parts are timed in one process over the same reports, `--repeats` times, and take turns every few
reports, so that what else the machine does in those seconds slows all of them. It is processor time, and of each few
reports the least of all turns counts: another process can only add to it.

after the parse   actors, events, positions, statements, dates, places, and making the records
coding            of it: predicates, events, positions and statements
actors            of it: who each noun phrase stands for
places, dates     of it: the places that the report names, the days of its records
records           of it: what is left

Exit status 1 where coding is above 0.3 times the parse, or above 0.6 with the judge. Actors, places and dates have
limits of their own (benchmarks/knowledge.py), the whole program too (benchmarks/speed.py).
--write puts the table into docs/benchmarks.md. The judge is left out where its weights are not installed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import communique
from communique.actors.discourse import Discourse
from communique.actors.resolve import SentenceActors
from communique.coding.context import SentenceContext, start
from communique.coding.drafts import EventDraft
from communique.coding.events import EventCoder
from communique.coding.magnitude import with_magnitudes
from communique.coding.positions import PositionCoder, PositionDraft
from communique.coding.predicates import find_predicates
from communique.coding.roles import Roles
from communique.coding.statements import StatementDraft, code_statements
from communique.coding.topics import with_contexts
from communique.engines.loading import settle
from communique.errors import JudgeError
from communique.grounding.attach import Grounding
from communique.knowledge.language import words_of
from communique.language.clauses import Clauses
from communique.language.parser import load_pipeline
from communique.language.tree import Sentence
from communique.pipeline import Coder
from communique.reading import Document
from communique.records import Report
from communique.settings import Settings
from speed import PAGE, load_items, machine

AT_MOST, AT_MOST_JUDGED = 0.3, 0.6
CHUNK = 16  # reports after which parse and coding change places
_MARKED = re.compile(r"(<!-- coding -->\n).*?(<!-- /coding -->)", re.DOTALL)
Parsed = Sequence[tuple[Document, tuple[Sentence, ...]]]


@dataclass(slots=True)
class Drafted:
    """One report as far as it is coded: what its dates and places are then found for."""

    document: Document
    contexts: list[SentenceContext]
    events: list[EventDraft]
    positions: list[PositionDraft]
    statements: list[StatementDraft]


class Parts:
    """The parts of the work after the parse, each by itself, in the order in which the pipeline does them."""

    def __init__(self, coder: Coder) -> None:
        self.actors = 0.0  # seconds of processor time in all reports drafted so far
        self._coder = coder
        self._known = coder.knowledge
        self._words = words_of(coder.knowledge.languages, coder.settings.language)

    def coded(self, parsed: Parsed) -> Iterator[Drafted]:
        """Yield each report with its drafts; its actors are resolved on the way."""
        return (self._draft(document, sentences) for document, sentences in parsed)

    def _draft(self, document: Document, sentences: Sequence[Sentence]) -> Drafted:
        report, discourse = document.report, start(document.dateline_place, self._known)
        done = Drafted(document, [], [], [], [])
        for s in sentences:
            context = self._context(s, report, discourse)
            events = with_contexts(context, with_magnitudes(context, EventCoder(context).code()))
            done.contexts.append(context)
            done.events += events
            done.positions += PositionCoder(context, events).code()
        done.statements = code_statements(done.contexts, report.text)
        return done

    def _context(self, s: Sentence, report: Report, discourse: Discourse) -> SentenceContext:
        """Do what `communique.coding.context.make_context` does, with a watch on the actors.

        They are timed where they are found: by themselves, one after the other, they take a quarter less, as what they
        need is still in the processor's cache.
        """
        known, words, text = self._known, self._words, report.text
        clauses = Clauses(s, words)
        began = time.process_time()
        actors = SentenceActors(s, text, known.actors, words, discourse, report.published, known.gazetteer)
        self.actors += time.process_time() - began
        predicates, hidden = find_predicates(clauses, known.lexicon)
        roles = Roles(clauses, actors, known.lexicon, known.gazetteer)
        return SentenceContext(s, text, known, words, clauses, actors, predicates, hidden, roles, discourse)

    def places(self, drafted: Sequence[Drafted]) -> None:
        """Find the places of each report, and those of its events."""
        for d in drafted:
            ground = self._ground(d)
            for event in d.events:
                ground.places(event)

    def dates(self, drafted: Sequence[Drafted]) -> None:
        """Date the drafts of each report."""
        for d in drafted:
            ground = self._ground(d)
            for event in d.events:
                ground.date_of(event)
            for p in d.positions:
                ground.date(p.context, p.predicate.head)
            for st in d.statements:
                ground.date(st.context, st.head)

    def _ground(self, d: Drafted) -> Grounding:
        published, dateline = d.document.report.published, d.document.dateline_place
        return Grounding(d.contexts, self._known.gazetteer, self._coder.times, published, dateline)


def run(documents: Sequence[Document], coder: Coder, judging: Coder | None, repeats: int) -> dict[str, float]:
    """Return the seconds of each kind of work; load and warm everything up before."""
    bare = load_pipeline(coder.settings.pipelines["en"])
    parts, least = Parts(coder), dict[tuple[str, int], float]()
    chunks = [documents[n : n + CHUNK] for n in range(0, len(documents), CHUNK)]
    _turn(documents[:2], coder, judging, parts, bare, 0)
    settle()  # as the command line does
    for turn in range(repeats):
        for number, chunk in enumerate(chunks):
            for name, seconds in _turn(chunk, coder, judging, parts, bare, turn + number).items():
                least[name, number] = min(seconds, least.get((name, number), seconds))
    total: dict[str, float] = {}
    for (name, _), seconds in least.items():
        total[name] = total.get(name, 0.0) + seconds
    print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in total.items()), file=sys.stderr)
    return total


def _paragraphs(document: Document) -> list[str]:
    return [document.report.text[block.start : block.end] for block in document.blocks]


def _turn(
    documents: Sequence[Document], coder: Coder, judging: Coder | None, parts: Parts, bare: Any, first: int
) -> dict[str, float]:
    """Return the seconds that each kind of work takes over a few reports; each turn begins with another kind."""
    parsed = list(zip(documents, coder.parse(documents), strict=True))
    drafted = list(parts.coded(parsed))
    work: dict[str, Callable[[], object]] = {
        "parse": lambda: _each(bare.pipe([text for d in documents for text in _paragraphs(d)])),
        "our parse": lambda: _each(coder.parse(documents)),
        "patterns": lambda: _each(coder.code(document, sentences) for document, sentences in parsed),
        "coded": lambda: _each(parts.coded(parsed)),
        "places": partial(parts.places, drafted),
        "dates": partial(parts.dates, drafted),
    }
    if judging is not None:
        work["judge"] = lambda: _each(judging.code(document, sentences) for document, sentences in parsed)
    begin = first % len(work)
    seconds = {}
    for name in [*work][begin:] + [*work][:begin]:
        before = parts.actors
        seconds[name] = timed(work[name])
        if name == "coded":
            seconds["actors"] = parts.actors - before
    return seconds


def _each(results: Iterable[object]) -> None:
    """Go through the results as the program does: each report is let go before the next."""
    for _ in results:
        pass


def shares(seconds: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Return each part as a share of the parse: with patterns alone, and with the judge."""
    whole, parse = seconds["patterns"], seconds["parse"]
    judge = seconds.get("judge", whole) - whole
    coding = seconds["coded"] - seconds["actors"]
    rest = whole - seconds["coded"] - seconds["places"] - seconds["dates"]
    rows = {
        "our parse": (seconds["our parse"],) * 2, "all after the parse": (whole, whole + judge),
        "coding": (coding, coding + judge),
        "actors": (seconds["actors"],) * 2, "places": (seconds["places"],) * 2, "dates": (seconds["dates"],) * 2,
        "records": (rest,) * 2,
    }  # fmt: skip
    return {name: (plain / parse, judged / parse) for name, (plain, judged) in rows.items()}


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def table(found: dict[str, tuple[float, float]], texts: int, turns: int, *, judged: bool) -> str:
    """Return the Markdown that docs/benchmarks.md shows."""
    rows = ["| share of the parse | patterns alone | at most | with the judge | at most |", f"|{' --- |' * 5}"]
    for name, (plain, judge) in found.items():
        limits = (f"{AT_MOST:.2f}", f"{AT_MOST_JUDGED:.2f}") if name == "coding" else ("", "")
        shown = f"{judge:.3f}" if judged else "not installed"
        rows.append(f"| {name} | {plain:.3f} | {limits[0]} | {shown} | {limits[1]} |")
    return "\n".join(
        [*rows, "", f"{texts} texts, the least of {turns} turns. {machine()}, {date.today().isoformat()}."]
    )


def judging_coder(document: Document) -> Coder | None:
    """Return a coder that asks the judge, None where the judge's weights are not installed."""
    coder = communique.load(settings=Settings(judge=True))
    try:
        coder.code(document)
    except JudgeError as error:
        print(f"Without the judge: {error}", file=sys.stderr)
        return None
    return coder


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Time what comes after the parse beside the parse.")
    options.add_argument("--news", type=Path, help="JSONL with id, date and text; default: the example reports")
    options.add_argument("--texts", type=int, default=64, help="use only the first N texts (0: all)")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    coder = communique.load(settings=Settings(judge=False))
    documents = [coder.read(item) for item in load_items(chosen.news, chosen.texts)]
    judging = judging_coder(documents[0])
    found = shares(run(documents, coder, judging, chosen.repeats))
    content = table(found, len(documents), chosen.repeats, judged=judging is not None)
    print(content)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", page), encoding="utf-8")
    whole, judged = found["coding"]
    failed = False
    for what, share, limit in (("alone", whole, AT_MOST), ("and judge", judged, AT_MOST_JUDGED)):
        if share > limit:
            print(f"Coding by patterns {what} takes {share:.2f} of the parse, more than {limit:.2f}.", file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
