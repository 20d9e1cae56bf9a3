"""Corrections: who says what of a record, kept whole, applied to all that is asked, and held over another coding."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from communique.errors import CommuniqueError, InputError, QueryError, StoreError
from communique.records import Coding, Event, Evidence, Report, to_dict
from communique.store import Correction, Filters, Store
from communique.store.corrections import from_plain, to_plain
from communique.store.settling import says
from factories import coding, event

KINDS = ("events", "statements", "positions")
linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are killed as Linux does")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    with Store.create(folder) as store:
        store.writer.add([coding(n, paragraphs=2) for n in range(1, 6)])
    return folder


def amended(store: Store, record: str, **fields: object) -> Event:
    found = store.record(record)
    assert isinstance(found, Event)
    return dataclasses.replace(found, **fields)  # type: ignore[arg-type]


def beyond(report: str) -> Event:
    return dataclasses.replace(missed(report), evidence=Evidence(((0, 10**6),)))


def missed(report: str, number: int = 9) -> Event:
    return dataclasses.replace(event(report, number, "USA", "UKR", type="AID", confidence=0.0), id="")


# What readers see


def test_a_rejected_record_is_left_out_of_every_answer(path: Path) -> None:
    with Store.open(path) as store:
        before = store.counts()
        done = store.correct(Correction("reject", "r000002-e1", who="mb", note="no visit"))
        assert (done.report, done.coder != "", done.at[:2]) == ("r000002", True, "20")
        assert done.was == store.coded(["r000002-e1"])["r000002-e1"]
        assert "r000002-e1" not in {e.id for e in store.query("events")}
        assert store.records(["r000002-e1"]) == {}
        assert store.counts() == {**before, "events": before["events"] - 1}
        (summary,) = store.query("reports", Filters(report="r000002"))
        assert (summary.events, summary.statements, summary.positions) == (1, 2, 2)
        whole = store.coding("r000002")
        assert len(whole.records) == 5
        assert len(whole.traces) == 5
        assert all("r000002-e1" not in each.records for each in store.merged_events())
        assert store.count("events") == len(list(store.query("events"))) == 9
    with Store.open(path, raw=True) as store:
        assert "r000002-e1" in {e.id for e in store.query("events")}
        assert store.counts() == before


def test_an_amended_record_is_found_by_what_it_says_now(path: Path) -> None:
    with Store.open(path) as store:
        store.correct(Correction("amend", "r000001-e0", "mb", amended(store, "r000001-e0", type="AID", quad=2)))
        (found,) = store.query("events", Filters(type="AID"))
        assert (found.id, found.quad, found.confidence) == ("r000001-e0", 2, 1.0)
        assert store.coding("r000001").records[0].id == "r000001-e0"
        assert store.trace("r000001-e0").record == "r000001-e0"
        assert store.counts()["events"] == 10
    with Store.open(path, raw=True) as store:
        assert list(store.query("events", Filters(type="AID"))) == []


def test_an_added_record_stands_after_those_that_were_coded(path: Path) -> None:
    with Store.open(path) as store:
        done = store.correct(Correction("add", who="mb", becomes=missed("r000003")))
        assert [r.id for r in store.coding("r000003").records][-1] == done.record
        (found,) = store.query("events", Filters(dyad=("USA", "UKR")))
        assert (found.id, found.confidence) == (done.record, 1.0)
        assert [s.report.id for s in store.query("reports", Filters(type="AID"))] == ["r000003"]
        assert {"r000003"} == {
            report for each in store.merged_events(Filters(type="AID")) for report in [each.first_report]
        }
        with pytest.raises(QueryError, match="added by hand"):
            store.trace(done.record)
        with pytest.raises(QueryError, match="there already"):
            store.correct(Correction("add", who="mb", becomes=missed("r000003")))
        store.correct(Correction("reject", done.record, "mb"))
        assert store.count("events") == 10
        store.correct(Correction("accept", done.record, "mb"))
        assert store.count("events") == 11
        store.correct(Correction("withdraw", done.record, "mb"))
        assert store.count("events") == 10


def test_the_last_of_several_holds(path: Path) -> None:
    record = "r000004-e0"
    with Store.open(path) as store:
        coded = store.record(record)
        store.correct(Correction("amend", record, "a", amended(store, record, type="AID")))
        store.correct(Correction("amend", record, "b", amended(store, record, type="AGREE")))
        store.correct(Correction("accept", record, "c"))
        assert store.record(record).type == "AGREE"  # type: ignore[union-attr]
        store.correct(Correction("reject", record, "d"))
        assert store.records([record]) == {}
        back = store.correct(Correction("accept", record, "e"))
        assert back.was is not None
        assert (back.was.type, store.record(record).type) == ("AGREE", "AGREE")  # type: ignore[union-attr]
        store.correct(Correction("withdraw", record, "f"))
        assert store.record(record) == coded
        assert [s.state for s in store.standings()] == ["superseded"] * 5 + ["holds"]
        assert store.judged() == []


def test_alignment_rests_on_what_is_corrected(path: Path) -> None:
    with Store.open(path) as store:
        before = store.ties(("RUS", "CHN"))
        for n in range(1, 6):
            for each in (0, 1):
                store.correct(Correction("reject", f"r00000{n}-e{each}", "mb"))
        assert len(before)
        assert len(store.ties(("RUS", "CHN"))) == 0
        assert list(store.tie_records("RUS", "CHN")) == []
        store.correct(Correction("add", who="mb", becomes=missed("r000001")))
        ties = store.ties(("USA", "UKR"))
        assert (len(ties), [each.id for _, each in store.tie_records("USA", "UKR")]) == (1, [missed_id(store)])


def missed_id(store: Store) -> str:
    return store.added()[0].id


def test_a_store_without_corrections_asks_as_before(path: Path) -> None:
    with Store.open(path) as store:
        assert store._corrected() is None
        assert store.corrections() == store.standings() == store.judged() == store.added() == []
        store.correct(Correction("accept", "r000001-e0", "mb"))
        assert store._corrected() is None  # an accepted record reads as it was coded
        assert [each.right for each in store.judged()] == [True]


@pytest.mark.parametrize(
    ("correction", "says"),
    [
        (Correction("accept", "r000001-e0"), "Nobody is named"),
        (Correction("accept", "nobody", "mb"), "No record 'nobody'"),
        (Correction("amend", "r000001-e0", "mb"), "needs the record"),
        (Correction("accept", "r000001-e0", "mb", missed("r000001")), "takes no record"),
        (Correction("amend", "r000001-s0", "mb", missed("r000001")), "is of the kind statement"),
        (Correction("amend", "r000001-e0", "mb", missed("r000002")), "Leave the report as it is"),
        (Correction("add", who="mb", becomes=missed("r999999")), "No report"),
        (Correction("improve", "r000001-e0", "mb"), "No action 'improve'"),  # type: ignore[arg-type]
        (Correction("add", who="mb", becomes=dataclasses.replace(missed("r000001"), type="")), "has no type"),
        (Correction("add", who="mb", becomes=dataclasses.replace(missed("r000001"), status="so")), "No status 'so'"),  # type: ignore[arg-type]
        (Correction("add", who="mb", becomes=dataclasses.replace(missed("r000001"), evidence=Evidence())), "no words"),
        (
            Correction(
                "add", who="mb", becomes=dataclasses.replace(missed("r000001"), evidence=Evidence(((0, 10**6),)))
            ),
            "lie outside the report",
        ),
    ],
)
def test_what_cannot_be_said_is_refused_and_not_kept(path: Path, correction: Correction, says: str) -> None:
    with Store.open(path) as store:
        with pytest.raises(QueryError, match=says):
            store.correct(correction)
        assert store.corrections() == []


# Over another coding


def recoded(number: int, **fields: object) -> Coding:
    """Return the coding of a report by a version that names all records otherwise."""
    old = coding(number, paragraphs=2)
    records = tuple(
        dataclasses.replace(r, id=f"new-{r.id}", confidence=0.3, **(fields if isinstance(r, Event) else {}))  # type: ignore[arg-type]
        for r in old.records
    )
    return Coding(old.report, records, ())


def test_corrections_hold_over_another_coding_or_say_that_their_record_is_gone(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        store.correct(Correction("reject", "r000001-s0", "mb"))
        store.correct(
            Correction("amend", "r000002-p0", "mb", dataclasses.replace(store.record("r000002-p0"), issue="nato"))
        )
        store.correct(Correction("accept", "r000003-e0", "mb"))
        store.correct(Correction("add", who="mb", becomes=missed("r000004")))
        store.correct(Correction("reject", "r000005-e1", "mb"))
        exported = [json.loads(json.dumps(to_plain(each))) for each in store.corrections()]
        kept = store.corrections()
    later = tmp_path / "later"
    with Store.create(later) as store:
        assert store.import_corrections(map(from_plain, exported)) == 5
        assert {s.state for s in store.standings()} == {"unread"}
        store.writer.add([recoded(n) for n in range(1, 5)])
        store.writer.add([recoded(5, type="ACCUSE")])  # another codebook: no visit any more
        assert store.import_corrections(map(from_plain, exported)) == 0
        assert store.corrections() == kept
        by_record = {s.correction.record: s for s in store.standings()}
        assert by_record["r000001-s0"].state == "holds"
        assert by_record["r000001-s0"].record.startswith("new-r000001-s")
        assert store.count("statements") == 9
        (moved,) = store.query("positions", Filters(issue="nato"))
        assert moved.id.startswith("new-r000002-p")
        assert by_record["r000003-e0"].state == "holds"
        assert store.count("events", Filters(type="AID")) == 1
        assert (by_record["r000005-e1"].state, by_record["r000005-e1"].record) == ("gone", "")
        assert store.count("events") == 11


def test_what_was_added_and_is_found_by_now_stands_once(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        added = store.correct(Correction("add", who="mb", becomes=missed("r000001")))
        exported = store.corrections()
    assert added.becomes is not None
    old = coding(1, paragraphs=2)
    with Store.create(tmp_path / "later") as store:
        found = dataclasses.replace(added.becomes, id="efound", confidence=0.5)
        store.writer.add([Coding(old.report, (*old.records, found), ())])
        store.import_corrections(exported)
        assert [s.state for s in store.standings()] == ["found"]
        assert [e.id for e in store.query("events", Filters(type="AID"))] == ["efound"]
        assert store.added() == []


def test_a_record_is_matched_by_what_it_says_and_where(tmp_path: Path) -> None:
    first = dataclasses.replace(event("r1", 0, "RUS", "CHN"), evidence=Evidence(((0, 60),), ((5, 9),)))
    second = dataclasses.replace(event("r1", 1, "RUS", "CHN"), evidence=Evidence(((0, 60),), ((30, 36),)))
    report = Report("r1", "x" * 80, published="2022-01-01")
    assert says(first) == says(second)
    with Store.create(tmp_path / "one") as store:
        store.writer.add([Coding(report, (first, second), ())])
        store.correct(Correction("reject", first.id, "mb"))
        kept = store.corrections()
    with Store.create(tmp_path / "two") as store:  # the first is found no more, the second under another name
        store.writer.add([Coding(report, (dataclasses.replace(second, id="e2"),), ())])
        store.import_corrections(kept)
        assert [s.state for s in store.standings()] == ["gone"]
        assert [e.id for e in store.query("events")] == ["e2"]


def test_an_amended_record_that_is_gone_still_stands_as_a_person_wrote_it(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        store.correct(Correction("amend", "r000001-e0", "mb", amended(store, "r000001-e0", type="AID")))
        kept = store.corrections()
    bare = coding(1, paragraphs=2)
    with Store.create(tmp_path / "later") as store:
        store.writer.add([Coding(bare.report, bare.statements, ())])
        store.import_corrections(kept)
        assert [(s.state, s.record) for s in store.standings()] == [("gone", "r000001-e0")]
        assert [e.type for e in store.query("events")] == ["AID"]  # type: ignore[attr-defined]


def test_compaction_and_a_part_that_is_lost_and_read_again_change_nothing(path: Path) -> None:
    with Store.open(path, write=True) as store:
        store.correct(Correction("reject", "r000001-e0", "mb"))
        store.writer.add([coding(n) for n in range(6, 9)])
        before = [e.id for e in store.query("events")]
        store.writer.compact()
        assert [e.id for e in store.query("events")] == before
        assert "r000001-e0" not in before


# The public form


def test_a_correction_is_read_back_as_it_was_written(path: Path) -> None:
    with Store.open(path) as store:
        store.correct(Correction("add", who="Maria B.", becomes=missed("r000001"), note="“met”\nagain"))
        store.correct(Correction("reject", "r000001-e0", "x"))
        for each in store.corrections():
            assert from_plain(json.loads(json.dumps(to_plain(each)))) == each


@pytest.mark.parametrize(
    "change",
    [{"kind": "event"}, {"action": "drop"}, {"who": 3}, {"was": {"kind": "report", "id": "r1", "text": ""}},
     {"becomes": {"kind": "event", "id": "e", "report": "r", "type": 4}}, {"was": {"kind": "event", "no": 1}}],
)  # fmt: skip
def test_what_is_no_correction_is_refused(change: dict[str, object]) -> None:
    plain = to_plain(Correction("accept", "e1", "mb", was=event("r1", 1, "RUS", "CHN"), report="r1"))
    with pytest.raises(InputError):
        from_plain({**plain, **change})


def test_corrections_of_a_newer_version_are_refused(path: Path) -> None:
    import sqlite3

    with Store.open(path) as store:
        store.correct(Correction("accept", "r000001-e0", "mb"))
    with sqlite3.connect(path / "corrections.sqlite") as file:
        file.execute("PRAGMA user_version = 99")
    with Store.open(path) as store, pytest.raises(StoreError, match="newer version"):
        store.query("events")


# One writes while others do

CORRECTING = """
import sys, itertools
from communique.store import Correction, Store
path, who, begin = sys.argv[1:]
with Store.open(path, raw=True) as store:
    ids = [e.id for e in store.query("events")]
with Store.open(path) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for n in itertools.count(int(begin)):
        store.correct(Correction(("reject", "accept")[n % 2], ids[n % len(ids)], who, note=f"{who} {n}"))
        print(n, flush=True)
"""


def start(path: Path, who: str, begin: int = 0) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", CORRECTING, str(path), who, str(begin)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@linux
def test_a_correction_whose_process_is_killed_is_there_whole_or_not_at_all(path: Path) -> None:
    said: list[str] = []
    for turn in range(4):
        process = start(path, f"p{turn}")
        go(process)
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(3)]
        killer = threading.Timer(0.004 * turn, process.send_signal, [signal.SIGKILL])
        killer.start()
        seen += process.stdout.readlines()
        process.wait()
        assert process.returncode == -signal.SIGKILL
        said += [f"p{turn} {line.strip()}" for line in seen if line.endswith("\n")]
    with Store.open(path) as store:
        kept = store.corrections()
        notes = [each.note for each in kept]
        assert set(said) <= set(notes)  # what was answered is there
        assert len(notes) - len(said) <= 4  # and at most the one that was about to be answered
        assert all(from_plain(to_plain(each)) == each and each.was and each.at and each.id for each in kept)
        store.correct(Correction("accept", "r000005-p0", "after"))
        assert len(store.corrections()) == len(kept) + 1


@linux
def test_people_correct_while_reports_are_read_in(path: Path) -> None:
    """The writer holds its lock all the while; two correct at once, and nobody waits for it or loses a line."""
    with Store.open(path, write=True) as writer:
        ones = [start(path, "a"), start(path, "b")]
        for one in ones:
            go(one)
        for n in range(10, 40):
            writer.writer.add([coding(n)])
        writer.writer.compact()
        said = []
        for one in ones:
            one.send_signal(signal.SIGKILL)
            assert one.stdout is not None
            said.append([line for line in one.stdout.readlines() if line.endswith("\n")])
            one.wait()
        assert all(said)
        kept = writer.corrections()
        assert {each.who for each in kept} == {"a", "b"}
        assert len(kept) >= sum(map(len, said))
        assert writer.count("reports") == 35


def test_a_moment_sees_no_correction_that_comes_within_it(path: Path) -> None:
    with Store.open(path) as reader, Store.open(path) as other:
        with reader.moment():
            other.correct(Correction("reject", "r000001-e0", "mb"))
            assert reader.count("events") == 10
            assert other.count("events") == 9
        assert reader.count("events") == 9


def test_two_make_the_file_at_once(path: Path) -> None:
    errors: list[CommuniqueError] = []

    def say(n: int) -> None:
        try:
            with Store.open(path) as store:
                store.correct(Correction("accept", f"r00000{n}-e0", "mb"))
        except CommuniqueError as error:
            errors.append(error)

    threads = [threading.Thread(target=say, args=(n,)) for n in range(1, 6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert errors == []
    with Store.open(path) as store:
        assert len(store.corrections()) == 5
    assert not list(path.glob("*.new*"))
    assert to_dict(store_record(path))["id"] == "r000001-e0"


def store_record(path: Path) -> Event:
    with Store.open(path) as store:
        return amended(store, "r000001-e0")
