"""The data cards: what the knowledge files hold, counted, with their sources and licences as the files state them."""

from __future__ import annotations

import csv
import json
import lzma
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docs_types import cell

DATA = Path(__file__).parent.parent / "src/communique/knowledge/data"
EVALUATION = Path(__file__).parent.parent / "evaluation"
_HEAD = re.compile(r"^# (version|source|licence|about): (.*)$", re.MULTILINE)
# The files of each card, by pattern; what a folder holds goes on one line.
_CARDS = {
    "actors": ("actors/*", "actors/*/"),
    "places": ("places/*",),
    "words": ("lexicon/", "composition.toml", "words.toml", "modality.toml", "codebook.toml", "cameo.csv", "contexts/",
              "language/", "schemes/"),
    "issues": ("issues/",),
    "furniture": ("furniture.toml", "furniture/"),
}  # fmt: skip
_SETS = {
    "demo-facts.json": ("facts that a careful reader notes in the demo report", "yes"),
    "reports/*.facts.json": ("facts in six reports of our own, written before the output was seen", "three of six"),
    "events/judged.csv": ("verdicts on events drawn from news", "draws 2028 and 2029; not 2030"),
    "positions/judged.csv": ("verdicts on positions drawn from news", "no"),
    "relation/endtoend.csv": ("who did what to whom in sentences of the relation set", "yes"),
    "relation/out_of_fold.jsonl": (
        "the judge's held-out answers on the relation set",
        "the recipe, on its first folds",
    ),
    "actors/office_holders.csv": ("who held an office on a day, 181 states, 1950 to 2026", "yes; first run 0.979"),
    "actors/phrases.jsonl": ("noun phrases with code, sector, person, office", "yes; first run 0.850"),
    "dates/phrases.csv": ("sentences with the interval that a phrase means", "yes: the rules were made for it"),
    "dates/second.csv": ("the same, written before the rules", "no"),
    "furniture/lines.csv": ("lines of pages, furniture or reporting", "the tuned part; not the held-out part"),
    "furniture/repeated.csv": ("paragraphs that recur in an outlet's reports", "the tuned part; not the held-out part"),
    "known-wrong.tsv": ("sentences that come out wrong today", "yes"),
}


def files(card: str) -> str:
    """Return the table of the files of a card: entries, source, licence."""
    lines = ["| file | entries | source | licence |", "| --- | --- | --- | --- |"]
    for pattern in _CARDS[card]:
        for path in sorted(DATA.glob(pattern.rstrip("/"))):
            if path.is_dir() != pattern.endswith("/"):
                continue
            members = sorted(path.iterdir()) if path.is_dir() else [path]
            heads = [_head(member) for member in members]
            name = path.relative_to(DATA).as_posix() + ("/" if path.is_dir() else "")
            number = sum(_entries(member) for member in members)
            sources = "; ".join(dict.fromkeys(head.get("source", "") for head in heads))
            licences = "; ".join(dict.fromkeys(head.get("licence", "") for head in heads))
            lines.append(f"| `{name}` | {number:,} | {cell(sources)} | {cell(licences)} |")
    return "\n".join(lines)


def coverage() -> str:
    """Return how many terms of office of how many people there are, by region and by decade in which they began."""
    people, decades, states = Counter[str](), Counter[str](), set[str]()
    names: set[str] = set()
    for row in _people():
        people[row["region"]] += 1
        names.add(row["person"])
        states.add(row["code"])
        decades[f"{row['start'][:3]}0s" if row["start"][:3].isdigit() else "without a day"] += 1
    lines = [f"{sum(people.values()):,} terms of {len(names):,} names in {len(states):,} states and organisations.", ""]
    lines += ["| written by region | terms |", "| --- | --- |"]
    lines += [f"| {region} | {number:,} |" for region, number in people.most_common()]
    lines += ["", "| began in | terms |", "| --- | --- |"]
    early = sum(number for decade, number in decades.items() if decade < "1950s")
    lines.append(f"| before 1950 | {early:,} |")
    lines += [f"| {decade} | {number:,} |" for decade, number in sorted(decades.items()) if decade >= "1950s"]
    return "\n".join(lines)


def _people() -> Iterator[dict[str, str]]:
    short = {"people.csv": "the best known", "leaders": "heads of state and government"}
    folder = DATA / "actors"
    for path in [folder / "people.csv", *sorted(folder.glob("*/people.csv")), *sorted(folder.glob("people/*"))]:
        region = short.get(path.parent.name) or short.get(path.name) or path.stem.replace("-", " ")
        with path.open(encoding="utf-8", newline="") as f:
            for row in csv.DictReader(line for line in f if not line.startswith("#")):
                yield {"region": region, "start": row.get("start") or "", "person": row["person"], "code": row["code"]}


def evaluation() -> str:
    """Return the table of our own evaluation sets, with the number of their items."""
    lines = ["| set in `evaluation` | items | what | read for errors? |", "| --- | --- | --- | --- |"]
    for name, (what, read) in _SETS.items():
        paths = sorted(EVALUATION.glob(name))
        lines.append(f"| `{name}` | {sum(map(_items, paths)):,} | {what} | {read} |")
    return "\n".join(lines)


def _items(path: Path) -> int:
    if path.suffix == ".json":
        return len(json.loads(path.read_text(encoding="utf-8"))["facts"])
    return _entries(path) - (path.suffix == ".tsv")


@cache
def _text(path: Path) -> str:
    if path.suffix == ".xz":
        return lzma.decompress(path.read_bytes()).decode("utf-8")
    return path.read_text(encoding="utf-8")


def _head(path: Path) -> dict[str, str]:
    if path.suffix == ".toml":
        head: dict[str, str] = tomllib.loads(_text(path)).get("file", {})
        return head
    return dict(_HEAD.findall(_text(path)[:3000]))


def _entries(path: Path) -> int:
    text = _text(path)
    if path.suffix == ".toml":
        return len(re.findall(r"^\[\[", text, re.MULTILINE))
    rows = sum(1 for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return rows - (path.suffix == ".csv")
