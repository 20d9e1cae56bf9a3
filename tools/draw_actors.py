"""Draw actors at random from what the program codes in reports, to be judged by hand.

usage: python tools/draw_actors.py REPORTS.jsonl [--count 100] [--seed 1]

Prints for each drawn mention the sentence with the mention in brackets, and whom it was taken for. Records of all kinds
are drawn from; a mention that several records share counts once.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import communique
from communique.records import Actor, Coding, Event, Position, Span


def main() -> None:
    options = argparse.ArgumentParser(description="Draw actors at random from coded reports.")
    options.add_argument("reports", type=Path)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    rows = [json.loads(line) for line in chosen.reports.read_text(encoding="utf-8").splitlines()]
    found: dict[tuple[str, Span], tuple[Actor, ...]] = {}
    texts: dict[str, tuple[str, str]] = {}
    sentences: dict[tuple[str, Span], Span] = {}
    for coding in communique.load().stream(rows):
        if not isinstance(coding, Coding):
            continue
        texts[coding.report.id] = (coding.report.text, coding.report.published)
        for record in coding.records:
            if isinstance(record, Event):
                parties = (*record.actors, *record.recipients)
            elif isinstance(record, Position):
                parties = (*record.holders, *record.toward)
            else:
                parties = (*record.speakers, *record.recipients)
            for actor in parties:
                key = (coding.report.id, actor.span)
                if actor.text:
                    found[key] = (*(a for a in found.get(key, ()) if a != actor), actor)
                    sentences[key] = next(
                        (s for s in record.evidence.sentence if s[0] <= actor.span[0] < s[1]), actor.span
                    )
    print(f"{len(found)} mentions in {len(texts)} reports")
    for number, key in enumerate(random.Random(chosen.seed).sample(sorted(found), chosen.count), 1):
        report, (start, end) = key
        text, day = texts[report]
        low, high = sentences[key]
        low, high = max(low, start - 220), min(max(high, end), end + 160)
        shown = f"{text[low:start]}[{text[start:end]}]{text[end:high]}".replace("\n", " ")
        who = "; ".join(
            " ".join(filter(None, (a.code or "-", a.sector, a.person, a.office and f"({a.office})")))
            for a in found[key]
        )
        print(f"\n{number}. {day}  {shown}\n   -> {who}")


if __name__ == "__main__":
    main()
