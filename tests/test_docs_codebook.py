"""The codebook's pages are true: each of their sentences is coded as they say, each figure is one that was measured."""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import docs_measured
from coders import DAY, coder, patterns
from communique.knowledge.lexicon_schema import ClassEntry
from communique.knowledge.tables import TABLES
from communique.records import Actor, Event, Report
from communique.showing import flat
from test_behaviour_stances import position
from test_events import events

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs/codebook").glob("*.md"))
TYPES = {page.stem.upper(): page for page in PAGES if page.stem.upper() in coder().knowledge.codebook.types}
_ROW = re.compile(r"^\| ([^|]+?) \| ((?:`[^`]+`(?:; )?)+|nothing) \|")


def told(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each sentence of a page with what the page says that it is coded as."""
    lines = iter(page.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith("| sentence | is coded |"):
            for row in lines:
                if not row.startswith("|"):
                    break
                if match := _ROW.match(row):
                    yield match[1], sorted(re.findall(r"`([^`]+)`", match[2]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_sentences_are_coded_as_the_page_says(page: Path) -> None:
    wrong = {sentence: events(sentence) for sentence, wanted in told(page) if events(sentence) != wanted}
    assert wrong == {}


def test_every_type_has_a_page_with_examples_of_it_and_of_each_mode() -> None:
    book = coder().knowledge.codebook
    assert TYPES.keys() == book.types.keys()
    for name, page in TYPES.items():
        coded = [event for _, found in told(page) for event in found]
        modes = {event.split()[0].partition("/")[2] for event in coded if event.startswith(name)}
        assert sum(event.startswith(name) for event in coded) >= 10, name
        assert set(book.types[name].modes) <= modes, name


def test_every_issue_has_a_sentence_that_tells_a_stance_on_it() -> None:
    with (ROOT / "tests/behaviour/stances/issues.tsv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader((x for x in f if not x.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert sorted(row["issue"] for row in rows) == sorted(issue.id for issue in coder().knowledge.issues)
    page = (ROOT / "docs/codebook/issues.md").read_text(encoding="utf-8")
    for row in rows:
        found = {p.stance for p in patterns()(row["sentence"], published=DAY).positions if p.issue == row["issue"]}
        assert found == {row["stance"]}, row
        assert f"| {row['sentence']} | {row['stance']} |" in page


def test_what_is_said_to_come_out_wrong_does_so() -> None:
    with (ROOT / "evaluation/known-wrong.tsv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader((x for x in f if not x.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        given = sorted(x for x in row["given"].split("; ") if x != "none")
        if row["kind"] == "event":
            assert events(row["sentence"]) == given, row["sentence"]
        else:
            coding = patterns()(row["sentence"], published=DAY)
            assert sorted({position(p) for p in coding.positions}) == given, row["sentence"]
        assert row["given"] != row["right"]


def test_figures_of_the_benchmarks_are_those_that_are_held() -> None:
    """Each floor that the table of accuracy names stands there with its value; all floors are named."""
    text = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    rows = [row.split(" | ") for row in re.findall(r"^\| (`.+) \|$", text, re.MULTILINE)]
    named: set[str] = set()
    for names, *_, figures in rows:
        for name in re.findall(r"`([a-z_0-9…]+)`", names):
            known = [floor for floor in docs_measured.floors() if re.fullmatch(name.replace("…", "[a-z_0-9]+"), floor)]
            for floor in known:
                value = docs_measured.floors()[floor]
                wanted = f"{value / 1000:.3f}" if floor.endswith("_permille") else str(value)
                assert wanted in figures or name.startswith(("seed_", "news_", "attribution_")), floor
            named.update(known)
    assert docs_measured.floors().keys() - named == {"gate_archive_kept_permille", "gate_news_kept_permille"}


def test_figures_of_the_readme_are_those_that_are_held() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    text = text[text.index("What was measured, on") :]
    held = docs_measured.floors()
    for figure, floor in (
        ("{:.2f} macro-F1 by patterns", "relation_patterns_macro_f1_permille"),
        ("{:.2f} with the judge", "relation_held_out_macro_f1_permille"),
        ("parties not given: {:.2f}", "endtoend_permille"),
        ("characters F1 {:.3f}", "attribution_content_f1_permille"),
        ("attributions F1 {:.3f}", "attribution_f1_permille"),
        ("{:.3f} since. Office holders", "phrases_permille"),
        ("{:.3f} since. Places", "holders_permille"),
        ("local news: {:.2f} found", "places_recall_permille"),
        ("of these {:.2f} within 161 km", "places_accuracy_permille"),
    ):
        # Half a thousandth more, as 0.805 is told as 0.81.
        assert figure.format(held[floor] / 1000 + 1e-9) in text, floor
    for name in ("reports_test_facts_found", "reports_dev_facts_found", "dates_second"):
        assert docs_measured.shown(name) in text, name


def test_figures_in_words_are_those_that_were_counted() -> None:
    verdicts = [row for row in docs_measured._csv("events/judged.csv") if row["seed"] == docs_measured.UNREAD]
    tenths = round(10 * sum(row["right"] == "1" for row in verdicts) / len(verdicts))
    for page in ("docs/tutorial.md", "docs/explanation/errors.md"):
        assert f"{('five', 'six', 'seven')[tenths - 5]} in ten" in (ROOT / page).read_text(encoding="utf-8"), page
    errors = (ROOT / "docs/explanation/errors.md").read_text(encoding="utf-8")
    assert "judged 43 of 50" in errors and "judged 43 of 50" in (ROOT / "docs/notes/positions.md").read_text("utf-8")
    assert "Of 100 actors" in errors and "86 had" in errors
    assert "| 100, seed 41, with everything | 86 |" in (ROOT / "docs/notes/actors.md").read_text("utf-8")


def test_figures_of_the_judge_are_those_of_its_held_out_answers() -> None:
    gold = ROOT.parent / "shared/data/relation.jsonl"
    if not gold.exists():
        pytest.skip("the relation set is not here")
    scores = docs_measured.held_out(gold)
    card = (ROOT / "docs/explanation/judge-model-card.md").read_text(encoding="utf-8")
    told = {label: float(f1) for label, f1 in re.findall(r"\| ([A-Z]{3,}) \| (0\.\d{3}) (?=\|)", card)}
    assert told == pytest.approx(scores, abs=0.0015)  # the answers are kept with four digits, which parts some ties


def here(page: Path) -> Iterator[str]:
    """Yield what a page for users of another dataset names in the column `here` of its tables."""
    column = None
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [each.strip() for each in line.strip("| ").split(" | ")] if line.startswith("|") else []
        if "here" in cells:
            column = cells.index("here")
        elif not cells:
            column = None
        elif column is not None and column < len(cells):
            yield from re.findall(r"`([^`]+)`", cells[column])


@pytest.mark.parametrize("page", sorted((ROOT / "docs/peers").glob("*.md")), ids=lambda page: page.stem)
def test_what_corresponds_is_there(page: Path) -> None:
    book, data = coder().knowledge.codebook, ROOT / "src/communique/knowledge/data"
    fields = {f.name for shape in (Event, Actor, Report) for f in dataclasses.fields(shape)}
    columns = {name for kind in ("events", "statements", "positions", "reports") for name in flat.columns(kind)}
    modes = {mode for each in book.types.values() for mode in each.modes}
    classes = set(ClassEntry.model_fields)
    for token in here(page):
        if token.startswith("communique "):
            command = [word for word in token.split()[1:] if re.fullmatch("[a-z]+", word)]
            assert f"## `communique {command[0]}" in (ROOT / "docs/reference/commands.md").read_text("utf-8"), token
        elif token.startswith("[["):
            assert token.strip("[]") in TABLES, token
        elif token.endswith((".csv", "/")) or token.startswith("data/"):
            assert list(data.rglob(token.removeprefix("data/").rstrip("/"))), token
        elif not re.search(r"[@;]", token):
            assert token in fields | columns | modes | classes, token
