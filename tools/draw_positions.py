"""Draw positions of a file of reports at random and print them with their sentences, to be judged by hand.

usage: python tools/draw_positions.py NEWS.jsonl [--seed N] [--positions N] [--no-model]

Every position has the same chance. What was judged of which draw stands in evaluation/positions/judged.csv, how it fell
by cause in docs/notes/positions.md. Right is a position whose holder, stance and object (toward, issue or expression) a
careful reader of the sentence would have noted.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import communique
from communique.settings import Settings
from draw_events import who
from drawing import reports


def main() -> None:
    options = argparse.ArgumentParser(description="Draw positions at random and print them with their sentences.")
    options.add_argument("news", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--positions", type=int, default=50)
    options.add_argument("--no-model", action="store_true")
    given = options.parse_args()
    coder = communique.load(settings=Settings(judge=not given.no_model))
    found = []
    for name, document, sentences in reports(coder, given.news):
        text = document.report.text
        for p in coder.code(document, sentences).positions:
            said = " ".join(" ".join(text[a:b].split()) for a, b in p.evidence.sentence)
            found.append((name, said, p))
    for n, (name, said, p) in enumerate(random.Random(given.seed).sample(found, given.positions), 1):
        told = f" @{who(p.attributed_to)}" if p.attributed_to else ""
        print(f"[{n}] {name}: {said}")
        print(f"    {who(p.holders)} {p.stance} > {who(p.toward)} {p.issue or '-'} {p.expression!r} {p.status}{told}")
    print(f"{given.positions} of {len(found)} positions")


if __name__ == "__main__":
    main()
