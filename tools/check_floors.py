"""Measure accuracy and hold it against evaluation/floors.json.

usage: python tools/check_floors.py [--shared FOLDER]

demo_*  our own list of facts (evaluation/demo-facts.json) about the report that ships with the program; always there.
seed_*  the list of facts in FOLDER/seed, where that folder is; else its floors are named and passed over.

reports_*  our own reports with facts (evaluation/reports): those that may be studied (dev) and those kept back (test).
news_failures  reports of FOLDER/data/news.jsonl that could not be coded.
dates_table, dates_second  rows right of the tables of dates in evaluation/dates; the second is never tuned to.
holders_permille, phrases_permille  office holders and noun phrases right in evaluation/actors, in per mille.
actors_permille  phrases right in FOLDER/data/actors.jsonl, in per mille.
places_*  recall, and accuracy within 161 km of those found, on FOLDER/data/places.jsonl, in per mille.
load_*  what loading all knowledge takes in a process of its own, and the size of the knowledge files compressed.
relation_*, endtoend_*, stance_*  see tools/relation_floors.py.
furniture_*  of the held-out lines in evaluation/furniture: furniture left out, and for its own reason; reports kept.
repeated_*  of the held-out paragraphs there: furniture learned by repetition, background kept.
stories_*  precision and recall, in per mille, of pairs of reports in one story, on a draw of tools/story_set.py that
       was not tuned on; stories_news_* with half of the reports of FOLDER/data/news.jsonl among the base texts.
gate_*  share, in per mille, of the records that are found though only what can hold one is parsed, of those of a run
        that parses everything: every eighth report of FOLDER/data/news.jsonl; the first 60 of the archive of general
        news that benchmarks/general.py makes of all of them.
attribution_*  F1 in per mille of content characters and of attributions on FOLDER/data/attribution.jsonl, by the
       measures of communique.evaluation.attribution.

The first two follow the rule of tools/facts.py: a fact is found when one record satisfies every clause of one of its
alternatives. Exit status 1 if a measure is below its floor or above its ceiling.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import communique
import story_set
from check_reports import REPORTS, check
from communique import Coder, demo
from communique.evaluation.actors import evaluate_actors, evaluate_holders
from communique.evaluation.attribution import attributions_of, parse_attribution, score
from communique.evaluation.dates import date_scores
from communique.evaluation.furniture import furniture_scores, read_lines
from communique.evaluation.places import evaluate_places
from communique.evaluation.repeated import TOPICS, read_rows, repeated_scores
from communique.records import Coding, Failure, to_dict
from communique.sources.item import RawItem
from facts import Measured, measure
from general import archive
from knowledge import loading, size
from relation_floors import relation_measures, stance_measures

ROOT = Path(__file__).parent.parent
FLOORS = ROOT / "evaluation/floors.json"
_ARCHIVE = 60  # reports of the archive of general news
_RESULT = re.compile(r"facts: (\d+) of (\d+) found, (\d+) forbidden")


def demo_measures(coder: Coder) -> dict[str, int]:
    """Return `demo_facts_found` and `demo_forbidden`; name what is missing."""
    report = next(path for path in demo.files() if path.name == "singapore-2018.txt")
    coding = coder(report.read_text(encoding="utf-8"), published=demo.PUBLISHED[report.name])
    facts: dict[str, Any] = json.loads((ROOT / "evaluation/demo-facts.json").read_text(encoding="utf-8"))
    measured: Measured = measure(facts, coding.report.text, [to_dict(r) for r in coding.records])
    for line in measured.lines:
        print(f"  {line}")
    return {"demo_facts_found": measured.found, "demo_forbidden": measured.forbidden}


def report_measures(coder: Coder) -> dict[str, int]:
    """Return the facts found in evaluation/reports by part, and the forbidden records."""
    measures = {"reports_dev_facts_found": 0, "reports_test_facts_found": 0, "reports_forbidden": 0}
    for path in sorted(REPORTS.glob("*.txt")):
        part, found, _, broken = check(path.stem, coder, quiet=True)
        measures[f"reports_{part}_facts_found"] += found
        measures["reports_forbidden"] += broken
    return measures


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def news_measures(coder: Coder, news: Path) -> dict[str, int]:
    """Return `news_failures`."""
    return {"news_failures": sum(isinstance(result, Failure) for result in coder.stream(_lines(news)))}


def table_measures(coder: Coder) -> dict[str, int]:
    """Return the rows right in our own tables of dates, office holders and phrases."""
    dates, actors = ROOT / "evaluation/dates", ROOT / "evaluation/actors"
    holders = evaluate_holders(coder.knowledge.actors, actors / "office_holders.csv")
    phrases = evaluate_actors(coder, _lines(actors / "phrases.jsonl"))
    return {
        "dates_table": date_scores(dates / "phrases.csv", coder.parser, coder.times).right,
        "dates_second": date_scores(dates / "second.csv", coder.parser, coder.times).right,
        "holders_permille": _permille(sum(r.right for r in holders), len(holders)),
        "phrases_permille": _permille(sum(r.right for r in phrases), len(phrases)),
    }


def furniture_measures(coder: Coder) -> dict[str, int]:
    """Return the shares right of the held-out tables of furniture, learned over archives of all and of one topic."""
    folder, book = ROOT / "evaluation/furniture", coder.knowledge.furniture
    lines = furniture_scores(read_lines(folder / "lines.csv", "held"), book)
    rows = read_rows(folder / "repeated.csv", "held")
    learned = [repeated_scores(rows, book, topics=topics) for topics in (TOPICS, *((topic,) for topic in TOPICS))]
    return {
        "furniture_left_out_permille": _permille(lines.out, lines.furniture),
        "furniture_reason_permille": _permille(lines.own, lines.furniture),
        "furniture_reports_kept_permille": _permille(lines.kept, lines.report),
        "repeated_found_permille": _permille(sum(s.found for s in learned), sum(s.furniture for s in learned)),
        "repeated_background_kept_permille": _permille(
            sum(s.kept for s in learned), sum(s.background for s in learned)
        ),
    }


def actor_measures(coder: Coder, gold: Path) -> dict[str, int]:
    """Return `actors_permille`."""
    results = evaluate_actors(coder, _lines(gold))
    return {"actors_permille": _permille(sum(r.right for r in results), len(results))}


def place_measures(coder: Coder, gold: Path) -> dict[str, int]:
    """Return recall and accuracy on the gold file."""
    scores = evaluate_places(gold, coder)
    return {
        "places_recall_permille": round(1000 * scores.recall),
        "places_accuracy_permille": round(1000 * scores.accuracy),
    }


def knowledge_measures() -> dict[str, int]:
    """Return what the knowledge costs: its size does not depend on the machine, the memory hardly."""
    loading("")  # compiles, if need be
    return {
        "load_megabytes": round(max(megabytes for _, megabytes in (loading("") for _ in range(3)))),
        "knowledge_compressed_megabytes": math.ceil(size()),
    }


def _permille(right: int, total: int) -> int:
    return round(1000 * right / total)


def attribution_measures(coder: Coder, gold: Path) -> dict[str, int]:
    """Return the two F1 scores on the gold file, in per mille."""
    pairs = []
    for row in _lines(gold):
        statements = coder.statements(row["text"])
        pairs.append(([parse_attribution(a) for a in row["attributions"]], attributions_of(statements)))
    scores = score(pairs)
    return {
        "attribution_content_f1_permille": round(1000 * scores.content.f1),
        "attribution_f1_permille": round(1000 * scores.attributions.f1),
    }


def gate_measures(coder: Coder, news: Path) -> dict[str, int]:
    """Return the share, in per mille, of the records of some reports that are found though not all is parsed."""
    whole = Coder(coder.knowledge, coder.parser, coder.settings.model_copy(update={"parse_all": True}))
    rows = list(_lines(news))
    politics = [RawItem(row["text"], f"news {n}", published=row.get("date", "")) for n, row in enumerate(rows)]
    return {
        "gate_news_kept_permille": _kept(coder, whole, rows[::8]),
        "gate_archive_kept_permille": _kept(coder, whole, archive(politics)[:_ARCHIVE]),
    }


def _kept(coder: Coder, whole: Coder, given: Sequence[RawItem | dict[str, Any]]) -> int:
    ids = [
        {record.id for coding in each.stream(given) if isinstance(coding, Coding) for record in coding.records}
        for each in (coder, whole)
    ]
    return 1000 * len(ids[0] & ids[1]) // max(1, len(ids[1]))


def story_measures(news: Path | None = None) -> dict[str, int]:
    """Return precision and recall of the stories of a drawn set; `news`, if given, lends it base texts."""
    pieces = story_set.draw(2, 100, story_set.news_reports(news, "held-out") if news else ())
    found = story_set.compared(pieces, story_set.assigned(pieces))
    name = "stories_news" if news else "stories"
    return {
        f"{name}_precision_permille": round(1000 * found.precision),
        f"{name}_recall_permille": round(1000 * found.recall),
    }


def seed_measures(seed: Path) -> dict[str, int]:
    """Return `seed_facts_found` and `seed_forbidden` as the checker in `seed` counts them."""
    code = [sys.executable, "-c", "import sys; from communique.cli.main import main; sys.exit(main())"]
    coded = subprocess.run(
        [*code, "code", str(seed / "report.txt"), "--published", "2022-02-04", "--format", "jsonl"],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    checked = subprocess.run(
        [sys.executable, str(seed / "check.py")], input=coded.stdout, stdout=subprocess.PIPE, check=False
    )
    printed = checked.stdout.decode("utf-8")
    print("\n".join(f"  {line}" for line in printed.splitlines() if not line.startswith("found")))
    result = _RESULT.search(printed)
    if result is None:
        raise SystemExit(f"{seed / 'check.py'} printed no result. Run it by hand to see why.")
    return {"seed_facts_found": int(result[1]), "seed_forbidden": int(result[3])}


def held(measures: dict[str, int], floors: dict[str, Any]) -> bool:
    """Print each measure with its bound; return whether all hold. A bound without a measure is passed over."""
    good = True
    for side, fits in (("at_least", int.__ge__), ("at_most", int.__le__)):
        for name, bound in floors[side].items():
            if name not in measures:
                print(f"{name}: not measured here")
                continue
            fine = fits(measures[name], bound)
            good = good and fine
            print(f"{name}: {measures[name]} ({side.replace('_', ' ')} {bound}){'' if fine else '  BROKEN'}")
    return good


def main() -> int:
    options = argparse.ArgumentParser(description="Measure accuracy and hold it against evaluation/floors.json.")
    options.add_argument("--shared", type=Path, default=ROOT / "../shared", help="folder that may hold seed/")
    shared = options.parse_args().shared
    coder = communique.load()
    measures = demo_measures(coder) | report_measures(coder) | table_measures(coder) | knowledge_measures()
    measures |= furniture_measures(coder)
    measures |= story_measures()
    parts: tuple[tuple[str, Callable[[Path], dict[str, int]]], ...] = (
        ("seed", seed_measures),
        ("data/news.jsonl", lambda path: news_measures(coder, path)),
        ("data/news.jsonl", story_measures),
        ("data/news.jsonl", lambda path: gate_measures(coder, path)),
        ("data/actors.jsonl", lambda path: actor_measures(coder, path)),
        ("data/places.jsonl", lambda path: place_measures(coder, path)),
        ("data/attribution.jsonl", lambda path: attribution_measures(coder, path)),
        ("data/relation.jsonl", lambda path: relation_measures(coder, path)),
        ("data/stance.jsonl", lambda path: stance_measures(coder, path)),
    )
    for name, measured in parts:
        if (shared / name).exists():
            measures |= measured(shared / name)
        else:
            print(f"no {shared / name}: its floors are passed over")
    return 0 if held(measures, json.loads(FLOORS.read_text(encoding="utf-8"))) else 1


if __name__ == "__main__":
    sys.exit(main())
