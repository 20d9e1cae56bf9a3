"""The REST API against a real server: what it gives, in which forms, and that no request makes it fall."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pyarrow as pa
import pytest
from hypothesis import given

import factories
import reading_while
import simulated
import simulated_store
from communique.records import Coding, json_of, to_dict
from communique.showing import flat
from communique.store import Filters, Store
from served import REPORTS, Site, make_store, serving

KINDS = ("events", "statements", "positions", "reports")
SECONDS = 20  # for schemathesis


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("api") / "news")


@pytest.fixture(scope="module")
def site(store: Path) -> Iterator[Site]:
    with serving(store) as running:
        yield running


@pytest.fixture
def api(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{site.url}/api/v1", timeout=60) as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
def test_cursor_leads_through_all_once(api: httpx.Client, kind: str) -> None:
    seen, after = [], {}
    while True:
        page = api.get(f"/{kind}", params={"limit": "7", "total": "true", **after}).json()
        assert page["total"] == REPORTS
        assert len(page["items"]) <= 7
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(seen) == len(set(seen)) == REPORTS


def test_link_leads_to_the_next_page_with_the_same_filters(api: httpx.Client) -> None:
    answer = api.get("/events", params={"limit": "3", "actor": "RUS", "format": "csv"})
    following = api.get(answer.links["next"]["url"])
    assert following.headers["content-type"].startswith("text/csv")
    assert set(following.text.splitlines()[1:]).isdisjoint(answer.text.splitlines()[1:])
    assert len(following.text.splitlines()) == 4


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("events", {"actor": "rus"}), ("events", {"dyad": "CHN,RUS", "since": "2022-05", "until": "2022-06"}),
        ("events", {"type": "consult"}), ("positions", {"issue": "sanctions", "stance": "oppose"}),
        ("statements", {"actor": "RUS", "since": "2022-11"}), ("reports", {"stance": "oppose", "since": "2022-10"}),
        ("events", {"status": "planned"}), ("events", {"min_confidence": "0.9"}), ("events", {"report": "r000007"}),
    ],
)  # fmt: skip
def test_filters_are_those_of_the_command_line(
    api: httpx.Client, store: Path, kind: str, query: dict[str, str]
) -> None:
    known: dict[str, object] = dict(query)
    if "dyad" in query:
        known["dyad"] = tuple(query["dyad"].split(","))
    if "min_confidence" in query:
        known["min_confidence"] = float(query["min_confidence"])
    if "type" in query:
        known["type"] = query["type"].upper()
    with Store.open(store) as opened:
        there = {
            one.report.id if kind == "reports" else one.id  # type: ignore[union-attr]
            for one in opened.query(kind, Filters(**known))  # type: ignore[arg-type]
        }
    got = api.get(f"/{kind}", params={"limit": "1000", **query}).json()["items"]
    assert {item["id"] for item in got} == there


def test_empty_filters_ask_for_nothing(api: httpx.Client) -> None:
    empty = dict.fromkeys(
        ("actor", "dyad", "type", "issue", "stance", "status", "since", "until", "report", "min_confidence"), ""
    )
    assert api.get("/events", params={"total": "true", **empty}).json()["total"] == REPORTS


@pytest.mark.parametrize("kind", KINDS)
def test_all_forms_hold_the_same(api: httpx.Client, kind: str) -> None:
    items = api.get(f"/{kind}", params={"limit": "20"}).json()["items"]
    ids = [item["id"] for item in items]
    table = list(csv.reader(io.StringIO(api.get(f"/{kind}", params={"limit": "20", "format": "csv"}).text)))
    assert table[0] == flat.columns(kind)
    assert [row[0] for row in table[1:]] == ids
    lines = api.get(f"/{kind}", params={"limit": "20", "format": "jsonl"}).text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    arrow = pa.ipc.open_stream(api.get(f"/{kind}", params={"limit": "20", "format": "arrow"}).content).read_all()
    assert arrow.column("id").to_pylist() == ids
    if kind == "events":
        coded = {record.id: record for n in range(REPORTS) for record in factories.coding(n).events}
        assert items == [json.loads(line) for line in lines] == [to_dict(coded[each]) for each in ids]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"), ("text/csv", "text/csv"), ("*/*", "application/json"),
        ("application/x-ndjson", "application/x-ndjson"), ("text/html;q=0.9, text/csv;q=0.8", "text/csv"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
        ("text/csv;q=0.1, application/x-ndjson;q=0.5", "application/x-ndjson"), ("text/csv;q=x", "application/json"),
    ],
)  # fmt: skip
def test_accept_chooses_the_form(api: httpx.Client, accept: str, kind: str) -> None:
    answer = api.get("/events", headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind
    saved = answer.headers.get("content-disposition", "")
    assert saved.startswith("attachment") is (kind != "application/json")


def test_formulas_are_made_harmless_in_csv(tmp_path: Path) -> None:
    coding = factories.coding(0)
    report = dataclasses.replace(coding.report, title="=HYPERLINK(1)", outlet="@SUM(A1)")
    with Store.create(tmp_path / "news") as made:
        made.writer.add([dataclasses.replace(coding, report=report)])
    with serving(tmp_path / "news") as site, site.client() as client:
        row = next(csv.DictReader(io.StringIO(client.get("/api/v1/reports?format=csv").text)))
    assert (row["title"], row["outlet"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    path = make_store(tmp_path / "news", 3)
    with serving(path) as site, site.client() as client:
        for address in (
            "/api/v1/events",
            "/api/v1/status",
            "/api/v1/reports/r000001",
            "/api/v1/alignment/dyads?draws=0",
        ):
            first = client.get(address)
            again = client.get(address, headers={"if-none-match": f'"x", {first.headers["etag"]}'})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
            assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200
        tag = client.get("/api/v1/events").headers["etag"]
        assert client.get("/api/v1/events?format=csv").headers["etag"] != tag
        with Store.open(path, write=True) as opened:
            opened.writer.add([factories.coding(7)])
        new = client.get("/api/v1/events", headers={"if-none-match": tag})
        assert (new.status_code, len(new.json()["items"])) == (200, 4)


@pytest.mark.parametrize(
    ("path", "status", "detail", "remedy"),
    [
        ("/events?type=konsult", 400, "No event type 'konsult'.", "Did you mean 'CONSULT'?"),
        ("/events?since=2022-02-30", 400, "'2022-02-30' is no date.", "Write a day as 2022-02-04"),
        ("/events?dyad=RUS", 400, "A dyad is two actors", "dyad=RUS,CHN"),
        ("/events?issue=taiwan", 400, "Events have no issue.", "Ask for positions or reports"),
        ("/events?actor=RUSS", 400, "No actor 'RUSS'.", "Did you mean"),
        ("/events?after=nothing", 400, "", "without"),
        ("/events?limit=0", 422, "'limit' cannot be read", ""),
        ("/events?report=zzz", 400, "No report has an id that begins with 'zzz'.", ""),
        ("/alignment/moves", 400, "Moves need a day", "Give split"),
        ("/alignment/friends", 422, "'view' cannot be read", ""),
        ("/records/e0000", 404, "No record 'e0000'", "list the ids"),
        ("/actors/QQQ", 404, "No actor has the code 'QQQ'.", "finds codes"),
        ("/nothing", 404, "There is nothing at this address.", "openapi.json"),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(api: httpx.Client, path: str, status: int, detail: str, remedy: str) -> None:
    answer = api.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"]) == (status, status)
    assert detail in body["detail"]
    assert remedy in body["remedy"]
    assert body["instance"] == f"/api/v1{path.partition('?')[0]}"


def test_other_ways_of_asking_are_refused(api: httpx.Client) -> None:
    json_ = {"content-type": "application/json"}
    assert api.put("/events", headers=json_).status_code == 405
    assert api.delete("/reports/r000001", headers=json_).status_code == 405
    head = api.head("/events")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


def test_alignment_gives_all_views(api: httpx.Client, store: Path) -> None:
    from communique.alignment.views import VIEWS, Asked

    for name, view in VIEWS.items():
        query = {"actors": "RUS,CHN", "draws": "0", "split": "2022-06-01"}
        got = api.get(f"/alignment/{name}", params=query)
        assert got.status_code == 200, got.text
        with Store.open(store) as opened:
            there = [dict(row) for row in view(opened, Asked(("RUS", "CHN"), draws=0, split="2022-06-01"))]
        assert got.json()["rows"] == there[:1000]
    table = api.get("/alignment/dyads?draws=0&format=csv").text.splitlines()
    assert table[0].startswith("channel,source,target,score")
    arrow = pa.ipc.open_stream(api.get("/alignment/records?actors=RUS,CHN&format=arrow").content).read_all()
    assert arrow.num_rows == len(api.get("/alignment/records?actors=RUS,CHN").json()["rows"]) > 0


def test_a_text_that_cannot_be_coded_says_why(api: httpx.Client) -> None:
    for text, status in (("   ", 422), ("\x00\x01\x02" * 50, 422)):
        answer = api.post("/code", json={"text": text})
        assert answer.status_code == status, answer.text
    skipped = api.post("/code", json={"text": "Der Minister traf am Freitag seine Kollegen in Berlin. " * 8}).json()
    assert skipped["records"] == []
    assert "language" in skipped["skipped"]
    assert api.post("/code", json={"text": "China met Russia.", "published": "someday"}).status_code in (400, 422)
    assert api.post("/code", content=b"{not json", headers={"content-type": "application/json"}).status_code == 422
    assert api.post("/code", content=b'{"text": "\\ud83d China"}',
                    headers={"content-type": "application/json"}).status_code < 500  # fmt: skip


@pytest.mark.slow
def test_a_text_that_takes_too_long_is_given_up_and_the_next_is_coded(store: Path) -> None:
    with serving(store, code_seconds=1.0, max_body=4_000_000, max_text=2_000_000) as site, site.client() as client:
        short = {"text": "China and Russia held talks in Beijing on Friday.", "published": "2022-02-05"}
        assert client.post("/api/v1/code", json=short).status_code == 200
        long = {"text": " ".join(f"Minister {n} of Russia met envoys of China in Beijing." for n in range(15_000))}
        late = client.post("/api/v1/code", json=long)
        assert late.status_code == 503
        assert "Send less" in late.json()["remedy"]
        assert client.post("/api/v1/code", json=short).status_code == 200


def test_readers_see_no_error_and_no_torn_view_while_reports_are_added(tmp_path: Path) -> None:
    """A small run of benchmarks/reading_while.py: pages and API against what the store holds after each commit."""
    from concurrent.futures import ThreadPoolExecutor

    found = list(simulated_store.codings(120, reading_while.EVENTS, 5))
    truth, over, seen = reading_while.truth_of(found, 60, 10), threading.Event(), reading_while.Seen()
    with Store.create(tmp_path / "news") as store:
        reading_while.add(store, found[:60], 60)
        with serving(tmp_path / "news") as site, ThreadPoolExecutor(1) as pool:
            reading = pool.submit(reading_while.read_until, over, site.url, truth, 3, seen)
            try:
                for start in range(60, 120, 10):
                    before, late = seen.answers, time.monotonic() + 20
                    while seen.answers < before + 14 and time.monotonic() < late:
                        time.sleep(0.01)
                    reading_while.add(store, found[start : start + 10], 10)
                store.writer.compact()
            finally:
                over.set()
            reading.result(120)
    assert seen.wrong == []
    assert 120 in seen.states and len(seen.states) > 3


def test_a_torn_view_would_be_seen(tmp_path: Path) -> None:
    found = list(simulated_store.codings(30, reading_while.EVENTS, 5))
    with Store.create(tmp_path / "news") as store:
        reading_while.add(store, found[:13], 13)  # not where a commit ends
        reading_while.add(store, [dataclasses.replace(found[13], records=found[13].records[1:])], 1)
    over = threading.Event()
    over.set()
    with serving(tmp_path / "news") as site:
        seen = reading_while.read_until(over, site.url, reading_while.truth_of(found, 10, 10), readers=1)
    told = " ".join(seen.wrong)
    for words in ("/api/v1/status", "/: ", "/api/v1/events: a total", "/reports?limit=40", found[13].report.id):
        assert words in told


def test_openapi_names_every_address(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    names = (*KINDS, "reports/{id}", "records/{id}", "status", "code", "search", "corrections", "alignment/{view}")
    assert document["info"]["title"] == "communique"
    assert {f"/api/v1/{name}" for name in names} <= set(document["paths"])
    forms = document["paths"]["/api/v1/events"]["get"]["responses"]["200"]["content"]
    assert "application/vnd.apache.arrow.stream" in forms


@pytest.mark.slow
def test_no_request_that_openapi_allows_or_forbids_makes_it_fall(tmp_path: Path) -> None:
    # Few records, so that resampling them is soon done; of what takes long there are tests of its own.
    with serving(make_store(tmp_path / "news", 6), max_text=40) as site:
        done = subprocess.run(
            [Path(sys.executable).parent / "schemathesis", "run", f"{site.url}/api/v1/openapi.json",
             "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance",
             "--phases", "examples,coverage,fuzzing", "--max-time", str(SECONDS), "--max-examples", "25", "--seed", "7",
             "--request-timeout", "60", "--no-color"],
            capture_output=True, text=True, timeout=SECONDS * 6, check=False, cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": ""},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert httpx.get(f"{site.url}/api/v1/status", timeout=30).status_code == 200


def test_what_takes_long_is_worked_out_once_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with Store.create(tmp_path / "news") as made:
        made.writer.add(list(simulated.codings(12, 2, lambda i, j, t: 0.8 if i % 2 == j % 2 else 0.2, reports=60)))
    with serving(tmp_path / "news", readers=2) as site, ThreadPoolExecutor(12) as pool, site.client() as client:
        address = f"{site.url}/api/v1/alignment/blocs?draws=25"
        slow = [pool.submit(httpx.get, address, timeout=200) for _ in range(6)]
        for _ in range(5):
            assert client.get("/api/v1/events?limit=5").status_code == 200
        waiting = sum(not each.done() for each in slow)
        assert waiting > 0, "what was to be slow was not"
        answers = [each.result() for each in slow]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        begun = time.monotonic()
        assert client.get("/api/v1/alignment/blocs?draws=25").text == answers[0].text
        assert time.monotonic() - begun < 1


@given(factories.codings())
def test_records_as_json_are_their_public_form(made: Coding) -> None:
    for record in made.records:
        assert json_of(record) == orjson.dumps(to_dict(record))
