"""Draw sentences of a file of reports at random and print their events, to be judged by hand.

usage: python tools/draw_events.py NEWS.jsonl [--seed N] [--sentences N] [--no-model]

Every sentence that is coded has the same chance, those without events included. The lists and what was judged of them
stand in docs/notes/events.md.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from pathlib import Path

import communique
from communique.records import Actor, Event
from communique.settings import Settings
from drawing import reports


def main() -> None:
    options = argparse.ArgumentParser(description="Draw sentences at random and print their events.")
    options.add_argument("news", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--sentences", type=int, default=100)
    options.add_argument("--no-model", action="store_true")
    given = options.parse_args()
    coder = communique.load(settings=Settings(judge=not given.no_model))
    drawn: list[tuple[str, str, list[Event]]] = []
    for report, document, sentences in reports(coder, given.news):
        events = coder.code(document, sentences).events
        for s in sentences:
            own = [e for e in events if e.evidence.sentence[0] == s.span]
            drawn.append((report, document.report.text[s.start : s.end], own))
    sample = random.Random(given.seed).sample(drawn, given.sentences)
    for n, (report, sentence, events) in enumerate(sample, 1):
        if events:
            print(f"[{n}] {report}: {sentence}")
        for e in events:
            mode = f"/{e.mode}" if e.mode else ""
            print(f"    {e.type}{mode} {who(e.actors)} > {who(e.recipients)} {e.status} @{who(e.attributed_to)}")
    print(f"{sum(len(events) for _, _, events in sample)} events in {len(sample)} of {len(drawn)} sentences")


def who(actors: Iterable[Actor]) -> str:
    return ", ".join(f"{a.code or '-'}{f'/{a.sector}' if a.sector else ''} {a.text!r}" for a in actors) or "-"


if __name__ == "__main__":
    main()
