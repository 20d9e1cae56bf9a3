"""What knowing costs: loading all knowledge, looking up actors, places and dates beside the parse, size of the files.

usage: python benchmarks/knowledge.py [--news FILE.jsonl] [--texts N] [--write]

loading   a fresh process that does nothing but load all knowledge: seconds and megabytes over one that only imports
          the package (the compiled files are there already; making them is timed apart)
actors, places, dates
          seconds over the parsed sentences of the texts, as a share of the seconds that spaCy's own `nlp.pipe`
          takes for the texts, with the components that we use
--write puts the result into docs/benchmarks.md. Exit status 1 where something is above its limit.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import communique
from communique.actors.discourse import Discourse
from communique.actors.resolve import SentenceActors
from communique.grounding.attach import report_places
from communique.grounding.dates import find_dates
from communique.grounding.words import load_time_words
from communique.knowledge.language import words_of
from communique.knowledge.tables import BUILTIN
from communique.language.parser import Parser, load_pipeline
from communique.language.tree import Sentence
from communique.settings import Settings
from communique.sources.item import RawItem
from speed import PAGE, load_items, machine, timed

_MARKED = re.compile(r"(<!-- knowledge -->\n).*?(<!-- /knowledge -->)", re.DOTALL)
_STARTS = 7
_CHILD = """
import time
from pathlib import Path
from communique.knowledge import load_knowledge
def peak():  # getrusage would give the parent's, which a child takes over
    status = Path("/proc/self/status")
    return int(status.read_text().split("VmHWM:")[1].split()[0]) if status.exists() else 0
before, start = peak(), time.perf_counter()
known = load_knowledge()
known.actors.forms.named("Nobody"); known.gazetteer.sites("Nowhere")
print(time.perf_counter() - start, (peak() - before) / 1024)
"""


def loading(cache: str) -> tuple[float, float]:
    """Return (seconds, megabytes) of loading all knowledge in a process of its own, compiled in `cache` if given."""
    printed = subprocess.run(
        [sys.executable, "-c", _CHILD], check=True, capture_output=True, text=True,
        env={**os.environ, **({"COMMUNIQUE_CACHE": cache} if cache else {})},
    ).stdout  # fmt: skip
    seconds, megabytes = map(float, printed.split())
    return seconds, megabytes


def shares(items: Sequence[RawItem]) -> dict[str, float]:
    """Return the time of each look-up over the items as a share of the time of their parse."""
    settings = Settings()
    coder = communique.load(settings=settings)
    words = words_of(coder.knowledge.languages, settings.language)
    parser = Parser(settings.pipelines[settings.language], words, most=settings.max_sentence_tokens,
                    batch=settings.batch_sentences)  # fmt: skip
    texts = [(str(item.content), item.published[:10]) for item in items]
    blocks = [[(line, 0)] for text, _ in texts for line in [text]]
    list(parser.parse(blocks[:2]))
    parsed: list[tuple[Sentence, ...]] = []
    parsed.extend(parser.parse(blocks))
    bare = load_pipeline(settings.pipelines[settings.language])
    paragraphs = [text for report in blocks for text, _ in report]
    list(bare.pipe(paragraphs[:4]))
    seconds = {"parse": timed(lambda: list(bare.pipe(paragraphs)))}
    book, gazetteer, times = coder.knowledge.actors, coder.knowledge.gazetteer, load_time_words(coder.knowledge.times)

    def actors() -> None:
        for sentences, (text, day) in zip(parsed, texts, strict=True):
            discourse = Discourse()
            for s in sentences:
                SentenceActors(s, text, book, words, discourse, day, gazetteer)

    def names() -> None:
        for sentences in parsed:
            for s in sentences:
                book.forms.find_all(s.words)

    def dates() -> None:
        for sentences, (_, day) in zip(parsed, texts, strict=True):
            for s in sentences:
                find_dates(s, day, times)

    def places() -> None:
        for sentences, found in zip(parsed, resolved, strict=True):
            list(report_places(sentences, found, gazetteer))

    resolved = [
        [SentenceActors(s, text, book, words, discourse, day, gazetteer) for s in sentences]
        for sentences, (text, day) in zip(parsed, texts, strict=True)
        for discourse in [Discourse()]
    ]
    for name, work in (("actors", actors), ("names of actors", names), ("places", places), ("dates", dates)):
        seconds[name] = statistics.median(timed(work) for _ in range(3))
    return {name: value / seconds["parse"] for name, value in seconds.items() if name != "parse"}


def size() -> float:
    """Return the megabytes that the knowledge files take in a wheel."""
    files = [path for path in BUILTIN.rglob("*") if path.is_file()]
    return sum(len(zlib.compress(path.read_bytes(), 6)) for path in files) / 1e6


def main() -> int:
    options = argparse.ArgumentParser(description="Measure what the knowledge costs.")
    options.add_argument("--news", type=Path)
    options.add_argument("--texts", type=int, default=60)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        compiling = loading(empty)[0]
        starts = [loading(empty) for _ in range(_STARTS)]
    rows = [
        ("loading, seconds (median)", f"{statistics.median(s for s, _ in starts):.2f}", "0.40"),
        ("loading, megabytes", f"{max(m for _, m in starts):.0f}", "150"),
        ("compiling after a change, seconds, once", f"{compiling:.1f}", ""),
        ("knowledge files compressed, megabytes", f"{size():.1f}", "20"),
    ]
    bounds = {"actors": "0.10"}
    rows += [
        (f"{name}, share of the parse", f"{share:.3f}", bounds.get(name, ""))
        for name, share in shares(load_items(chosen.news, chosen.texts)).items()
    ]
    table = "\n".join(["| what | measured | at most |", "| --- | --- | --- |", *(f"| {' | '.join(r)} |" for r in rows)])
    print(table)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8")
        text = f"\n{table}\n\n{machine()}, {date.today().isoformat()}.\n\n"
        PAGE.write_text(_MARKED.sub(lambda m: m[1] + text + m[2], page), encoding="utf-8")
    over = [name for name, measured, most in rows if most and float(measured) > float(most)]
    for name in over:
        print(f"Above its limit: {name}.", file=sys.stderr)
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
