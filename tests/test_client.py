"""The Python client of the API, against a real server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import factories
from communique.client import ApiError, Client
from communique.records import DateInterval, Evidence, Place, to_dict
from communique.store import Filters, Store
from served import READ, REPORTS, WRITE, Site, make_store, serving


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("client") / "news")


@pytest.fixture(scope="module")
def site(store: Path) -> Iterator[Site]:
    with serving(store) as running:
        yield running


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    with Client(site.url) as opened:
        yield opened


def test_records_are_those_of_the_store(client: Client, store: Path) -> None:
    with Store.open(store) as opened:
        for kind in ("events", "statements", "positions"):
            there = {to_line(one) for one in opened.query(kind)}
            got = list(getattr(client, kind)())
            assert {to_line(one) for one in got} == there
            assert len(got) == len(there) == client.count(kind) == REPORTS


def to_line(record: object) -> str:
    return repr(to_dict(record))  # type: ignore[arg-type]


def test_latest_come_first_and_a_limit_holds(client: Client) -> None:
    days = [client.report(event.report).report.published for event in client.events(limit=7)]
    assert len(days) == 7
    assert days == sorted(days, reverse=True)


def test_a_line_of_the_list_is_what_openapi_says() -> None:
    from communique.client import ReportLine
    from communique.web.api import shapes

    ours = {field.name: field.type for field in dataclasses.fields(ReportLine)}
    told = {name: field.annotation.__name__ for name, field in shapes.ReportLine.model_fields.items() if name != "kind"}
    assert ours == told


def test_pages_hold_each_record_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.client._PAGE", 7)
    ids = [event.id for event in client.events()]
    assert len(ids) == len(set(ids)) == REPORTS


def test_filters_are_those_of_the_store(client: Client, store: Path) -> None:
    with Store.open(store) as opened:
        there = {one.id for one in opened.query("events", Filters(dyad=("RUS", "CHN"), since="2022-05"))}
    assert {one.id for one in client.events(dyad=("RUS", "CHN"), since="2022-05")} == there != set()
    assert client.count("positions", stance="support") == 0
    assert [one.id for one in client.reports(report="r000004")] == ["r000004"]


def test_a_report_comes_as_it_was_coded(client: Client) -> None:
    assert client.report("r000007") == factories.coding(7)


def test_a_record_opens_to_its_sentence_and_trace(client: Client) -> None:
    told = client.record("r000007-e0")
    coding = factories.coding(7)
    assert told.record == coding.records[0]
    assert told.trace == coding.traces[0]
    assert told.sentence == coding.report.text[:40].strip()


def test_files_hold_all(client: Client) -> None:
    lines = b"".join(client.files("events", "csv", actor="RUS")).decode().splitlines()
    assert len(lines) == REPORTS + 1
    tables = [pa.ipc.open_stream(each).read_all() for each in client.files("positions", "arrow")]
    assert sum(table.num_rows for table in tables) == REPORTS
    assert {row["code"] for row in tables[0].column("holders").to_pylist()[0]} == {"CHN"}


def test_alignment_is_that_of_the_command(client: Client, store: Path) -> None:
    from communique.alignment.views import Asked, dyads

    with Store.open(store) as opened:
        there = [dict(row) for row in dyads(opened, Asked(("RUS", "CHN"), draws=0))]
    assert client.align("dyads", "RUS", "CHN", draws=0) == there != []


def test_knowledge_is_looked_up(client: Client) -> None:
    russia = client.actor("rus", on="2022-02-04")
    assert russia["name"] == "Russia"
    assert russia["records"] == {"events": REPORTS, "statements": REPORTS, "positions": 0}
    assert "Vladimir Putin" in {who["person"] for who in russia["people"]}
    assert {row["code"] for row in client.actors("Kremlin")} >= {"RUS"}
    assert "taiwan" in {row["id"] for row in client.issues("taiwan")}


def test_a_text_is_coded(client: Client) -> None:
    coding = client.code("China and Russia held talks in Beijing on Friday.", published="2022-02-05")
    assert {actor.code for event in coding.events for actor in event.actors} == {"CHN", "RUS"}
    assert coding.traces[0].record == coding.records[0].id


def test_what_is_wrong_says_what_to_do(client: Client) -> None:
    with pytest.raises(ApiError, match="Did you mean 'CONSULT'") as caught:
        list(client.events(type="konsult"))
    assert caught.value.status == 400
    with pytest.raises(ApiError, match="lists the ids") as caught:
        client.report("nothing like it")
    assert caught.value.status == 404


def test_no_server_is_said(site: Site) -> None:
    with Client("http://127.0.0.1:9", timeout=5) as client, pytest.raises(ApiError, match="No answer from 127"):
        client.status()


def test_a_token_opens(store: Path) -> None:
    with serving(store, tokens=True) as site:
        with Client(site.url, READ) as client:
            assert client.status()["counts"]["reports"] == REPORTS
            assert client.status()["may_write"] is False
        with Client(site.url) as client, pytest.raises(ApiError, match="asks for a token") as caught:
            client.status()
        assert caught.value.status == 401


def test_corrections_are_kept_with_who_and_when(tmp_path: Path) -> None:
    path = make_store(tmp_path / "news", 4)
    with serving(path) as site, Client(site.url) as client:
        event = next(client.events(report="r000002"))
        amended = client.correct("amend", event.id, becomes=dataclasses.replace(event, type="AGREE"), who="ann")
        assert (amended.who, amended.record, amended.was) == ("ann", event.id, event)
        assert client.record(event.id).record == amended.becomes
        client.correct("reject", "r000003-s0", who="ben", note="nobody said that")
        assert [one.id for one in client.statements(report="r000003")] == []
        missed = dataclasses.replace(event, report="r000001", id="", type="MEET")
        added = client.correct("add", becomes=missed, who="ann")
        assert added.record in {one.id for one in client.events(report="r000001")}
        assert [one.action for one in client.corrections()] == ["amend", "reject", "add"]
        assert [one.note for one in client.corrections(report="r000003")] == ["nobody said that"]
        for action in ("accept", "reject", "withdraw"):
            with pytest.raises(ApiError, match=r"No record 'e0000' here.*list the ids") as caught:
                client.correct(action, "e0000", who="ann")  # type: ignore[arg-type]
            assert caught.value.status == 404
        with pytest.raises(ApiError, match="No report 'gone' here") as caught:
            client.correct("add", becomes=dataclasses.replace(event, report="gone", id=""), who="ann")
        assert caught.value.status == 404
        with pytest.raises(ApiError, match="Nobody is named"):
            client.correct("accept", event.id)
    with Store.open(path) as opened:
        assert [one.who for one in opened.corrections()] == ["ann", "ben", "ann"]


def test_all_that_a_record_says_can_be_amended(tmp_path: Path) -> None:
    path = make_store(tmp_path / "news", 3)
    with serving(path) as site, Client(site.url) as client:
        event = next(client.events(report="r000001"))
        becomes = dataclasses.replace(
            event, date=DateInterval("2022-02-04", "2022-02-06", "days"), places=(Place("Geneva", country="CHE"),),
            status="planned", actors=event.recipients, recipients=event.actors, confidence=1.0,
            evidence=Evidence(sentence=((0, 60),), trigger=((18, 21),)),
        )  # fmt: skip
        client.correct("amend", event.id, becomes=becomes, who="ann")
        assert client.record(event.id).record == becomes
        assert [one.id for one in client.events(since="2022-02-05", until="2022-02-05")] == [event.id]
        for wrong in (("2022-02-30",), ("soon", "2022-02-04"), ("2022-02-05", "2022-02-04"), ("20220204",)):
            with pytest.raises(ApiError, match="date") as caught:
                changed = dataclasses.replace(becomes, date=DateInterval(*wrong))
                client.correct("amend", event.id, becomes=changed, who="ann")
            assert caught.value.status == 400


def test_the_name_of_the_token_stands_under_a_correction(tmp_path: Path) -> None:
    path = make_store(tmp_path / "news", 2)
    with serving(path, tokens=True) as site:
        with Client(site.url, WRITE) as client:
            assert client.correct("accept", "r000001-e0", who="somebody else").who == "write"
        with Client(site.url, READ) as client, pytest.raises(ApiError, match="may read, not write") as caught:
            client.correct("accept", "r000001-e0", who="write")
        assert caught.value.status == 403


def test_search_finds_words_and_says_where(client: Client) -> None:
    found = list(client.search("round 7"))
    assert "r000007" in {hit.report for hit in found}
    hit = next(hit for hit in found if hit.report == "r000007")
    assert "7" in {hit.snippet[start:end] for start, end in hit.spans}
    assert len(list(client.search("talks", limit=1000))) == REPORTS
    with pytest.raises(ApiError, match="word"):
        list(client.search("  "))
