"""What was measured, as the documentation tells it: drawn from `evaluation`, so that no figure is typed and forgotten.

A *floor* is a figure that CI measures anew and holds (`tools/check_floors.py`). What was judged by hand stands in
tables of verdicts, from which shares and intervals are counted here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from communique.evaluation.labels import score
from communique.evaluation.proportions import wilson
from docs_types import cell

ROOT = Path(__file__).parent.parent
EVALUATION = ROOT / "evaluation"
UNREAD = "2030"  # the seed of the draws that were never used for rules
# Of floors that count, out of how many; the sets lie in `evaluation`.
_OF = {
    "demo_facts_found": "demo-facts.json", "reports_dev_facts_found": "dev", "reports_test_facts_found": "test",
    "dates_table": "dates/phrases.csv", "dates_second": "dates/second.csv",
}  # fmt: skip
# What each group of figures is called in the docs: floor, what it says.
_GROUPS = {
    "found": {
        "demo_facts_found": "facts of the demo report, which lay beside the program while it was written",
        "reports_dev_facts_found": "facts of three reports whose misses were studied",
        "reports_test_facts_found": "**facts of three reports of which only the totals were looked at**",
        "endtoend_permille": "sentences whose record has the right doer, other side and type; parties not given",
    },
    "between": {
        "relation_patterns_macro_f1_permille": "which of 15 types holds between given parties, macro-F1, by patterns",
        "relation_held_out_macro_f1_permille": "the same by patterns and judge, held-out folds",
        "relation_held_out_quads_permille": "the same over the four quads",
        "stance_macro_f1_permille": "who of two given parties favours or is against the other, macro-F1; flattered, see"
        " [benchmarks](../benchmarks.md)",
    },
    "said": {
        "attribution_content_f1_permille": "what is said, by characters, F1",
        "attribution_f1_permille": "who said what, whole attributions, F1",
    },
    "who": {
        "phrases_permille": "noun phrases given code, sector, person and office, all right; errors were read since",
        "actors_permille": "the same on a development file of real articles",
        "holders_permille": "who held an office on a day",
    },
    "where": {
        "places_recall_permille": "places of local news that are found",
        "places_accuracy_permille": "of these within 161 km",
    },
    "when": {
        "dates_table": "rows of the table of dates that the rules were written for",
        "dates_second": "**rows of the table that was never tuned to**",
    },
    "before": {
        "furniture_left_out_permille": "lines of furniture, held out, that are left out of coding",
        "furniture_reports_kept_permille": "lines of reports that resemble furniture and are kept",
        "gate_news_kept_permille": "records found though only sentences that can hold one are parsed",
        "stories_precision_permille": "pairs put into one story that are copies",
        "stories_recall_permille": "pairs of copies put into one story",
    },
}
TOLD = frozenset(name for group in _GROUPS.values() for name in group)


@cache
def floors() -> dict[str, int]:
    """Return what was reached and is held, by name."""
    told: dict[str, Any] = json.loads((EVALUATION / "floors.json").read_text(encoding="utf-8"))
    return {**told["at_least"], **told["at_most"]}


def shown(name: str) -> str:
    """Return a floor as the docs write it: `0.656`, or `70 of 74`."""
    value = floors()[name]
    if name.endswith("_permille"):
        return f"{value / 1000:.3f}"
    return f"{value} of {_size(_OF[name])}"


@cache
def _size(of: str) -> int:
    if of.endswith(".json"):
        return len(json.loads((EVALUATION / of).read_text(encoding="utf-8"))["facts"])
    if of.endswith(".csv"):
        return sum(1 for _ in _csv(of))
    lists = (json.loads(path.read_text(encoding="utf-8")) for path in (EVALUATION / "reports").glob("*.facts.json"))
    return sum(len(each["facts"]) for each in lists if each["part"] == of)


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (EVALUATION / name).open(encoding="utf-8", newline="") as f:
        yield from csv.DictReader(line for line in f if not line.startswith("#"))


def measured(group: str) -> str:
    """Return the table of a group of figures."""
    lines = ["| measured | |", "| --- | --- |"]
    lines += [f"| {cell(what)} | {shown(name)} |" for name, what in _GROUPS[group].items()]
    return "\n".join(lines)


def judged(kind: str) -> str:
    """Return the table of what was judged by hand, `events` or `positions`: how many were right."""
    found = list(_csv(f"{kind}/judged.csv"))
    lines = ["| drawn at random from news | right | 95 % interval |", "| --- | --- | --- |"]
    for seed in sorted({row["seed"] for row in found}):
        verdicts = [row["right"] == "1" for row in found if row["seed"] == seed]
        right, number = sum(verdicts), len(verdicts)
        low, high = wilson(right / number, number)
        what = "never used for rules" if seed == UNREAD else "read for errors"
        bold = "**" if seed == UNREAD else ""
        drawn, share = f"{bold}{number} {kind}, seed {seed}, {what}{bold}", f"{right} = {right / number:.2f}"
        lines.append(f"| {drawn} | {share} | {low:.2f} to {high:.2f} |")
    return "\n".join(lines)


def wrong(kind: str) -> str:
    """Return the table of sentences of a kind that are known to come out wrong."""
    with (EVALUATION / "known-wrong.tsv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader((x for x in f if not x.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    lines = ["| sentence | it gives | right would be | why |", "| --- | --- | --- | --- |"]
    for row in rows:
        if row["kind"] == kind:
            given, right = (_codes(row[name]) for name in ("given", "right"))
            lines.append(f"| {cell(row['sentence'])} | {given} | {right} | {cell(row['why'])} |")
    return "\n".join(lines)


def failing(kind: str) -> str:
    """Return the rows of the behaviour suite that are known to fail: `positions` or `statements`."""
    folder = {"positions": "stances", "statements": "speech"}[kind]
    with (ROOT / f"tests/behaviour/{folder}/{kind}.tsv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader((x for x in f if not x.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    lines = ["| text | not given | why |", "| --- | --- | --- |"]
    lines += [
        f"| {cell(row['text'])} | {_codes(row[kind])} | {cell(row['known_wrong'])} |"
        for row in rows
        if row["known_wrong"]
    ]
    return "\n".join(lines)


def _codes(text: str) -> str:
    return "nothing" if text == "none" else "; ".join(f"`{cell(each)}`" for each in text.split("; "))


def held_out(gold: Path) -> dict[str, float]:
    """Return the F1 of each type by the judge's held-out answers on the relation set, a file outside the repository."""
    with (EVALUATION / "relation/out_of_fold.jsonl").open(encoding="utf-8") as f:
        answers = {row["id"]: row["probs"] for row in map(json.loads, f)}
    with gold.open(encoding="utf-8") as f:
        wanted = {str(row.get("id", n)): row["label"] for n, row in enumerate(map(json.loads, f))}
    pairs = [(wanted[each], max(probs, key=probs.get)) for each, probs in answers.items()]
    return {label: f1 for label, (_, _, f1, _) in score(pairs, list(answers["0"])).by_label.items()}
