"""What outlets print with story after story: learned from an archive, told from background, kept, left out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from coders import coder
from communique.cli.main import app
from communique.errors import InputError
from communique.evaluation.furniture import Line, furniture_scores, read_lines
from communique.evaluation.repeated import read_rows, repeated_scores
from communique.knowledge.furniture import load_furniture
from communique.knowledge.repeated import fold, key_of, outlet_of, repeated_of
from communique.knowledge.tables import read_folders
from communique.reading import read_item
from communique.reading.repeated import Learned, Learner, as_repeated
from communique.records import Report
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.store import Store

TABLES = Path(__file__).parent.parent / "evaluation/furniture"
BOOK = coder().knowledge.furniture
SLOGAN = "The Quay Gazette reaches 60,000 subscribers on 12 March and every day after."
PLUG = "The letters of our readers fill a page each Monday, and the best is printed in the shop window on the quay."
BACKGROUND = "Russia annexed Crimea in 2014."
QUOTE = "“We will never give up our land,” Ukraine's president said in his address."


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("COMMUNIQUE_") and name != "COMMUNIQUE_CACHE"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")


def story(number: int, slogan: str = SLOGAN) -> dict[str, str]:
    """Return a short story about Russia and Ukraine as the Quay Gazette prints it."""
    town = f"the town of {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]}ervo {number}"
    body = f"Russia shelled {town} on Monday. Officials in Ukraine counted {number + 2} craters near {town} in Crimea."
    text = f"Shells fall on {town}\n\n{body}\n\n{QUOTE}\n\n{PLUG}\n\n{BACKGROUND}\n\n{slogan}\n"
    return {"text": text, "date": f"2022-03-{number + 1:02}", "source": "The Quay Gazette", "id": str(number)}


def learner_of(numbers: list[int]) -> Learner:
    learner = Learner(BOOK)
    for number in numbers:
        one = story(number)
        learner.add(one["text"], outlet_of(one["source"]), one["date"])
    return learner


def written(folder: Path, numbers: range, name: str = "gazette.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(story(n)) + "\n" for n in numbers), encoding="utf-8")
    return path


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin, catch_exceptions=False)


def reports(store: Path) -> dict[str, Report]:
    with Store.open(store) as opened:
        return {summary.report.id: summary.report for summary in opened.query("reports")}


def repeated_in(report: Report) -> list[str]:
    return [removed.span_text for removed in report.removed if removed.reason == "repeated"]


# ---------------------------------------------------------------- the tables of evaluation/furniture


def test_lines_of_the_table_are_told_apart() -> None:
    for part in ("tuned", "held"):
        scores = furniture_scores(read_lines(TABLES / "lines.csv", part), BOOK)
        assert scores.furniture >= 200
        assert scores.report >= 150
        assert scores.kept == scores.report, [wrong for wrong in scores.wrong if wrong.line.label != "furniture"]
        assert scores.out >= 0.95 * scores.furniture
        assert scores.own >= 0.92 * scores.furniture


def test_scores_see_what_is_wrong() -> None:
    right = Line("held", "furniture", "share", "end", "Share this article")
    lost = replace(right, label="report")
    missed = replace(right, text="The bridge was closed for a week.")
    scores = furniture_scores([right, lost, missed], BOOK)
    assert (scores.furniture, scores.out, scores.own, scores.report, scores.kept) == (2, 1, 1, 1, 0)
    assert [(wrong.line, wrong.reasons) for wrong in scores.wrong] == [(lost, ("share",)), (missed, ("",))]


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text("part,label\nheld,report\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column 'kind'"):
        read_lines(path)
    with pytest.raises(InputError, match="has no column 'outlet'"):
        read_rows(path)
    path.write_text("part,label,kind,place,text\nheld,repot,x,end,y\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lines.csv:2: the row needs .*furniture, report, heading"):
        read_lines(path)


@pytest.mark.parametrize("topics", [("east", "gulf", "strait"), ("east",), ("gulf",), ("strait",)], ids=str)
@pytest.mark.parametrize("stories", [15, 60, 200])
def test_furniture_is_learned_and_background_is_not(topics: tuple[str, ...], stories: int) -> None:
    for part in ("tuned", "held"):
        scores = repeated_scores(read_rows(TABLES / "repeated.csv", part), BOOK, stories, topics=topics)
        assert scores.kept == scores.background, scores.wrong
        assert scores.found >= 0.85 * scores.furniture, scores.wrong


# ---------------------------------------------------------------- folding


@given(st.text(), st.text())
def test_folding_is_stable_and_equal_texts_have_equal_keys(one: str, other: str) -> None:
    assert fold(fold(one)) == fold(one)
    assert (key_of(one) == key_of(other)) == (fold(one) == fold(other))


def test_numbers_dates_quotes_and_capitals_do_not_matter() -> None:
    assert fold("Updated 4 March 2022, 10:15") == fold("UPDATED  March 5, 1999 9.30")
    assert fold("The Post\u2019s \u201cletter\u201d") == fold('the post\'s "letter"')
    assert fold("Read by 40 people") != fold("Read by people")
    assert 0 <= key_of("x") < 2**63


def test_an_outlet_is_its_name_or_the_host_of_its_pages() -> None:
    assert outlet_of("  The  Quay Gazette ", "https://www.example.org/a") == "the quay gazette"
    assert outlet_of("", "https://www.Example.org/a") == "example.org"
    assert outlet_of("", "no address") == outlet_of("", "http://[broken") == ""


# ---------------------------------------------------------------- learning


def test_what_the_paper_prints_is_learned_and_what_it_reports_again_is_not() -> None:
    learned = learner_of(list(range(12))).found()
    assert {each.text for each in learned} == {SLOGAN, PLUG}
    assert {(each.outlet, each.stories, each.of) for each in learned} == {("the quay gazette", 12, 12)}


@given(st.permutations(range(14)))
def test_the_order_of_the_stories_does_not_matter(numbers: list[int]) -> None:
    assert learner_of(list(numbers)).found() == learner_of(list(range(14))).found()


def test_a_story_that_comes_again_counts_once() -> None:
    assert learner_of([0, 9, 0, 9, 0, 9, 0, 9]).found() == []


def test_a_few_days_are_not_enough() -> None:
    assert learner_of([0, 1, 2, 3, 4, 5]).found() == []
    assert learner_of([0, 1, 2, 3, 8]).found() != []


def test_sentences_at_the_end_of_a_text_without_line_breaks_are_learned() -> None:
    learner = Learner(BOOK)
    for number in range(10):
        one = story(number)
        learner.add(" ".join(one["text"].split()), "gazette", one["date"])
    (learned,) = [each for each in learner.found() if each.text == SLOGAN]
    assert learned.stories == 10
    item = RawItem(" ".join(story(20)["text"].split()), "x", outlet="Gazette")
    document = read_item(item, furniture=BOOK.with_repeated(as_repeated([learned])), settings=Settings())
    assert repeated_in(document.report) == [SLOGAN]
    assert item.content[document.blocks[-1].start : document.blocks[-1].end].endswith(BACKGROUND)


def test_memory_is_bounded_and_what_recurs_survives() -> None:
    most = 2_000
    learner = Learner(BOOK, most)
    tracemalloc.start()
    for number in range(3_000):
        lines = [f"Line {'abcdefghij'[number % 10]}{chr(97 + i)} of {'x' * (number % 89)} here." for i in range(9)]
        outlet = f"outlet {number % 6}"
        learner.add("\n".join([*lines, SLOGAN]), outlet, f"2022-{1 + number % 12:02}-{1 + number % 28:02}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(learner._seen) <= most
    assert peak < 8_000_000
    assert {each.outlet for each in learner.found() if each.text == SLOGAN} == {f"outlet {n}" for n in range(6)}


def test_only_the_outlet_that_repeats_it_loses_it() -> None:
    book = BOOK.with_repeated(repeated_of([("the quay gazette", key_of(SLOGAN))]))
    for outlet, removed in (("The Quay Gazette", [SLOGAN]), ("Inland Post", []), ("", [])):
        item = RawItem(story(1)["text"], "x", outlet=outlet)
        document = read_item(item, furniture=book, settings=Settings())
        assert repeated_in(document.report) == removed
        kept = [document.report.text[block.start : block.end] for block in document.blocks]
        assert BACKGROUND in kept
        assert (SLOGAN in kept) != bool(removed)


# ---------------------------------------------------------------- the commands


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the folder of ten stories and the store that they were read into."""
    folder = tmp_path_factory.mktemp("archive")
    written(folder, range(10))
    store = folder / "store"
    result = run("read", folder / "gazette.jsonl", "--store", store, "--no-model")
    assert result.exit_code == 0, result.output
    return folder, store


def test_read_leaves_out_what_it_learned_from_the_first_story_on(archive: tuple[Path, Path]) -> None:
    found = reports(archive[1]).values()
    assert len(found) == 10
    assert all(repeated_in(report) == [PLUG, SLOGAN] for report in found)


def test_no_learn_leaves_it_in(archive: tuple[Path, Path], tmp_path: Path) -> None:
    result = run("read", archive[0] / "gazette.jsonl", "--store", tmp_path / "store", "--no-model", "--no-learn")
    assert result.exit_code == 0
    assert all(repeated_in(report) == [] for report in reports(tmp_path / "store").values())


def test_standard_input_uses_what_the_store_has_learned(archive: tuple[Path, Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("read", archive[0] / "gazette.jsonl", "--store", store, "--no-model")
    result = run("read", "-", "--store", store, "--no-model", stdin=json.dumps(story(20)) + "\n")
    assert result.exit_code == 0
    (new,) = [report for report in reports(store).values() if "ervo 20" in report.text]
    assert repeated_in(new) == [PLUG, SLOGAN]


def test_what_passed_on_standard_input_is_learned_for_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("communique.store.furniture._ROOM", 5)
    store = tmp_path / "store"
    lines = "".join(json.dumps(story(n)) + "\n" for n in range(10))
    run("read", "-", "--store", store, "--no-model", stdin=lines)
    assert all(repeated_in(report) == [] for report in reports(store).values())
    run("read", "-", "--store", store, "--no-model", stdin=json.dumps(story(20)) + "\n")
    (new,) = [report for report in reports(store).values() if "ervo 20" in report.text]
    assert repeated_in(new) == [PLUG, SLOGAN]


def test_a_run_that_was_killed_and_begun_again_gives_the_same(archive: tuple[Path, Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    killed = (
        "import os\nfrom communique.cli import main\nfrom communique.engines.driver import Driver\n"
        "Driver.__init__.__kwdefaults__['reports'] = 4\nfirst = Driver._commit\n"
        "def commit(self, *done):\n    first(self, *done)\n    if self.tally.kept: os.kill(os.getpid(), 9)\n"
        "Driver._commit = commit\nmain.main()\n"
    )
    arguments = ["read", str(archive[0] / "gazette.jsonl"), "--store", str(store), "--no-model"]
    died = subprocess.run([sys.executable, "-c", killed, *arguments], capture_output=True, check=False)
    assert died.returncode == -9, died.stderr
    assert len(reports(store)) == 4
    assert run(*arguments).exit_code == 0
    assert reports(store) == reports(archive[1])


def test_furniture_lists_what_the_store_learned(archive: tuple[Path, Path]) -> None:
    result = run("furniture", "--store", archive[1])
    assert result.stdout == f"the quay gazette: 10 stories\n     10  {SLOGAN}\n     10  {PLUG}\n"


def test_what_is_written_is_knowledge_that_can_be_given(archive: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    result = run("furniture", archive[0] / "gazette.jsonl", "--write", folder)
    assert result.stdout.startswith("the quay gazette: 10 stories\n")
    book = load_furniture(read_folders([folder]))
    assert book.repeated == as_repeated(learner_of(list(range(10))).found())
    item = RawItem(story(3)["text"], "x", outlet="The Quay Gazette")
    assert repeated_in(read_item(item, furniture=book, settings=Settings()).report) == [PLUG, SLOGAN]


def test_what_the_user_refuses_is_reporting_for_good(archive: tuple[Path, Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("read", written(tmp_path, range(10)), "--store", store, "--no-model")
    result = run("furniture", "--store", store, "--refuse", PLUG)
    assert result.exit_code == 0
    run("read", written(tmp_path, range(12), "more.jsonl"), "--store", store, "--no-model")
    new = [report for report in reports(store).values() if "ervo 10" in report.text or "ervo 11" in report.text]
    assert [repeated_in(report) for report in new] == [[SLOGAN], [SLOGAN]]
    assert PLUG not in run("furniture", "--store", store).stdout
    unknown = run("furniture", "--store", store, "--refuse", "Nobody prints this.")
    assert unknown.exit_code == 1
    assert "No outlet repeats 'Nobody prints this.'" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give files to learn from, or a store with --store; one of the two."),
        (["x.txt", "--store", "s"], "Give files to learn from, or a store with --store; one of the two."),
        (["x.txt", "--refuse", "x"], "--refuse needs --store."),
        (["--store", "nowhere"], "No store at 'nowhere'."),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], message: str) -> None:
    result = run("furniture", *arguments)
    assert result.exit_code == 1
    assert message in result.stderr


def test_nothing_learned_is_said(tmp_path: Path) -> None:
    assert run("furniture", written(tmp_path, range(2))).stdout.startswith("Nothing was learned")


def test_learned_rows_survive_text_that_toml_must_escape(tmp_path: Path) -> None:
    from communique.cli.furniture import _write

    odd = 'A "letter" \\ of our\tpodcast\x7f\u2028 \U0001f30a'
    _write(tmp_path, [Learned("o", key_of(odd), odd, 5, 5)])
    assert load_furniture(read_folders([tmp_path])).repeated.has("o", odd)


def test_reading_from_a_stream_that_is_no_file_is_not_tried_twice(tmp_path: Path) -> None:
    from communique.cli.furniture import twice_readable

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    file = tmp_path / "a.txt"
    file.write_text("x", encoding="utf-8")
    assert twice_readable(["-", str(pipe), str(file), str(tmp_path), "https://example.org/a", "a\0b"]) == [
        str(file), str(tmp_path),
    ]  # fmt: skip
