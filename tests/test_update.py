"""`communique knowledge update` against a server of our own on loopback that answers in the services' form.

The answers were made by hand: the services themselves cannot be asked in a test.
"""

from __future__ import annotations

import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from typer.testing import CliRunner

from communique.cli.main import app
from communique.errors import UpdateError
from communique.knowledge import load_knowledge
from communique.knowledge.actor_rows import entity_rows
from communique.knowledge.tables import read_folders
from communique.settings import Settings, newest_pack
from communique.update import Sources, Web, update
from communique.update.packs import put
from communique.update.wikidata import _day, office_of

WD = "http://www.wikidata.org/entity/"


def rows(*found: dict[str, str]) -> bytes:
    bindings = [{name: {"type": "literal", "value": value} for name, value in row.items()} for row in found]
    return json.dumps({"head": {"vars": []}, "results": {"bindings": bindings}}).encode()


DAY, MONTH, YEAR = "11", "10", "9"  # wikibase:timePrecision
UNKNOWN = "http://www.wikidata.org/.well-known/genid/5f2b"


def term(number: int, person: str, position: str, **days: str) -> dict[str, str]:
    return {"person": f"{WD}Q{number}", "personLabel": person, "positionLabel": position, **days}


TERMS = rows(
    term(900001, "Solveig Testrup", "Minister of Foreign Affairs of Norway",
         start="2026-10-15T00:00:00Z", startPrecision=DAY),
    term(900002, "Odd Prøve", "Norwegian Minister of Defence",
         start="2025-01-01T00:00:00Z", startPrecision=YEAR, end="2026-03-02T00:00:00Z", endPrecision=DAY),
    term(900003, "Kari Prøve", "chief taster of Norway", start="2026-10-15T00:00:00Z", startPrecision=DAY),
    term(900004, "Q900004", "Prime Minister of Norway", start="2026-10-15T00:00:00Z", startPrecision=DAY),
    term(900005, "Nils Baklengs", "Prime Minister of Norway",
         start="2026-10-15T00:00:00Z", startPrecision=DAY, end="2026-02-01T00:00:00Z", endPrecision=MONTH),
    term(900006, "Liv Ukjent", "Prime Minister of Norway",
         start="2025-10-15T00:00:00Z", startPrecision=DAY, end=UNKNOWN),
    {"person": UNKNOWN, "personLabel": "t35", "positionLabel": "Prime Minister of Norway",
     "start": "2025-10-15T00:00:00Z", "startPrecision": DAY},
)  # fmt: skip
MEMBERS = rows(  # ASEAN without Myanmar and with Fiji, NATO with the same as before but for Iceland
    *({"org": WD + "Q7768", "code": code} for code in "BRN FJI IDN KHM LAO MYS PHL SGP THA TLS VNM".split()),
    {"org": WD + "Q7768", "code": "MMR", "start": "1997-07-23T00:00:00Z", "startPrecision": DAY,
     "end": "2026-01-31T00:00:00Z", "endPrecision": DAY},
    {"org": WD + "Q7768", "code": "NZL", "end": UNKNOWN}, {"org": WD + "Q7768", "code": "x1"},
    *({"org": WD + "Q7184", "code": code} for code in
      "ALB BEL BGR CAN CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN ITA LTU LUX LVA MKD MNE NLD NOR POL PRT ROU SVK SVN "
      "SWE TUR USA".split()),
    {"org": WD + "Q7184", "code": "ISL", "start": "1949-08-24T00:00:00Z", "startPrecision": DAY,
     "end": "2026-01-01T00:00:00Z", "endPrecision": DAY},
)  # fmt: skip
BODIES = rows(
    {"org": WD + "Q900010", "orgLabel": "Fjord Unity Party", "class": WD + "Q7278", "aliases": "Fjord Unity;FUP",
     "start": "2025-05-01T00:00:00Z", "startPrecision": MONTH},
    {"org": WD + "Q900011", "orgLabel": "Q900011", "class": WD + "Q7278", "aliases": ""},
    {"org": WD + "Q900012", "orgLabel": "Fjord\u2028Disunity Party", "class": WD + "Q7278", "start": UNKNOWN},
    {"org": WD + "Q900013", "orgLabel": "Fjord Guild", "class": WD + "Q1"},
)  # fmt: skip
TOWN = "99000001\tPrøvestad\tProvestad\t\t60.5\t8.25\tP\tPPL\tNO\t\t12\t\t\t\t4200\t\t100\tEurope/Oslo\t2026-10-01"
MOVED = "3143244\tOslo\tOslo\t\t61.9\t10.74\tP\tPPLC\tNO\t\t12\t\t\t\t1082575\t\t26\tEurope/Oslo\t2026-10-01"


def archive(*lines: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("cities1000.txt", "".join(f"{line}\n" for line in lines))
    return packed.getvalue()


@dataclass
class Service:
    """What the server answers: for a path or a word of the query (status, headers, body) in turn, the last for ever."""

    url: str = ""
    answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def say(self, key: str, *answers: tuple[int, dict[str, str], bytes] | bytes) -> None:
        self.answers[key] = [(200, {}, a) if isinstance(a, bytes) else a for a in answers]


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlparse(self.path)
            key = asked.path if asked.path != "/sparql" else parse_qs(asked.query)["query"][0]
            service.asked.append(key)
            name = next(name for name in service.answers if name in key)
            answers = service.answers[name]
            status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for header, value in headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as found:
        found.say("ps:P39", TERMS)
        found.say("ps:P463", MEMBERS)
        found.say("GROUP_CONCAT", BODIES)
        found.say("admin1CodesASCII", b"NO.12\tOslo\tOslo\t3143242\n")
        found.say("cities1000", archive(TOWN, MOVED, "a\tline\tof nothing"))
        yield found


def sources(service: Service, *parts: str) -> Sources:
    return Sources(
        wikidata=f"{service.url}/sparql", geonames=f"{service.url}/dump",
        parts=parts or ("people", "organisations", "places"), states=("NOR",), since=2022,
    )  # fmt: skip


def web() -> Web:
    return Web(timeout=5, patience=0.001)


def cells(pack: Path, part: str) -> list[dict[str, str]]:
    lines = (pack / f"{part}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_a_pack_is_written_read_and_told_of(service: Service, tmp_path: Path, shorter: Path) -> None:
    said: list[str] = []
    with web() as client:
        pack, changes = update(sources(service), tmp_path, web=client, say=said.append)
    told = "\n".join(changes.lines())
    assert "NOR foreign-minister: Solveig Testrup since 2026-10-15, after" in told
    assert "Fjord Unity Party is new" in told
    assert "ASEAN: joined by FJI; left by MMR" in told or "ASEAN: joined by FJI, TLS; left by MMR" in told
    assert "NATO: left by ISL" in told
    assert "NOR city: Prøvestad is new" in told and "NOR capital: Oslo is changed" in told
    assert "taster" not in told and "Q9000" not in told
    assert (pack / "changes.txt").read_text(encoding="utf-8").splitlines() == list(changes.lines())
    assert [line.partition(" (")[0] for line in said if line.startswith("left out")] == [
        "left out of people: 3", "left out of organisations: 3", "left out of places: 1",
    ]  # fmt: skip
    assert [row["person"] for row in cells(pack, "people")] == ["Odd Prøve", "Solveig Testrup"]

    known = load_knowledge((pack,))
    holder = known.actors.office_holder("NOR", "foreign-minister", "2026-11-01")
    assert holder is not None and (holder.person, holder.wikidata) == ("Solveig Testrup", "Q900001")
    former = known.actors.office_holder("NOR", "defence-minister", "2025-06-01")
    assert former is not None and former.person == "Odd Prøve" and former.end == "2026-03-02"
    assert [f.entity.code for f in known.actors.forms.named("Fjord Unity") if f.entity] == ["NOR"]
    assert [f.entity.start for f in known.actors.forms.named("Fjord Disunity Party") if f.entity] == [""]
    (town,) = known.gazetteer.sites("Prøvestad")
    assert (town.country, town.admin1, town.geonameid) == ("NOR", "Oslo", 99000001)
    assert newest_pack(tmp_path) == pack

    # An organisation whose members are told anew keeps all else: a row of its id replaces the whole of it.
    ours, theirs = ({r.entity.id: r for r in entity_rows(read_folders(f))} for f in ((), (pack,)))
    nato = theirs["NATO"]
    assert len(nato.names) > 5 and nato.entity.where.startswith(pack.as_posix())
    assert {m.code: m.end for m in nato.entity.members if m.end} == {"ISL": "2026-01-01"}
    assert ours.keys() <= theirs.keys()
    for name, row in ours.items():
        now = theirs[name]
        same = replace(now.entity, members=row.entity.members, where=row.entity.where)
        assert replace(now, entity=same) == row


def test_what_is_not_asked_for_is_carried_over(service: Service, tmp_path: Path, shorter: Path) -> None:
    earlier = tmp_path / "2026-01-05"
    earlier.mkdir()
    (earlier / "people.csv").write_text(
        "# version: 2026-01-05\nperson,code,office,start,end,wikidata,aliases\n"
        "Solveig Testrup,NOR,foreign-minister,2026-10-15,,Q900001,Sol Testrup\n"  # asked again, told the same
        "Gunn Forrige,NOR,defence-minister,2026-04-01,,Q900020,\n"  # asked again, not told any more
        "Arne Eldre,NOR,finance-minister,2021-10-14,,Q900021,\n"  # of before the years that are asked for
        "Sven Annan,SWE,foreign-minister,2025-01-02,,Q900022,Svenne Annan\n",  # of a state that is not asked for
        encoding="utf-8",
    )
    towns = (
        "name,kind,country,geonameid,lat,lon,population\nProvby,city,SWE,99000002,60,15,\nUtgatt,city,NOR,99000003,61,9,\n"
        "Prøvestad,city,NOR,99000001,60.5,8.25,4200\n"
    )
    (earlier / "places.csv").write_text(towns, encoding="utf-8")
    party = "code,kind,sector,name\nNOR,party,PTY,Fjord Carried Party\n"
    (earlier / "organisations.csv").write_text(party, encoding="utf-8")
    (earlier / "mine.toml").write_text('[[nothing]]\nform = "the test of tests"\n', encoding="utf-8")
    (earlier / "changes.txt").write_text("old\n", encoding="utf-8")

    with web() as client:
        pack, changes = update(sources(service, "people", "places"), tmp_path, web=client)
    assert {p.name for p in tmp_path.iterdir()} == {earlier.name, pack.name}
    assert (pack / "mine.toml").is_file()
    assert (pack / "organisations.csv").read_text(encoding="utf-8") == party
    assert [(row["person"], row["aliases"]) for row in cells(pack, "people")] == [
        ("Arne Eldre", ""), ("Odd Prøve", ""), ("Solveig Testrup", ""), ("Sven Annan", "Svenne Annan"),
    ]  # fmt: skip
    assert sorted(row["name"] for row in cells(pack, "places")) == ["Oslo", "Provby", "Prøvestad"]
    # Told is what differs from the earlier pack: neither what it had nor what was carried over.
    (told,) = changes.people
    assert told.startswith("NOR defence-minister:") and "Forrige" in told
    assert changes.organisations == () and changes.places == ("NOR capital: Oslo is changed",)


def test_the_newest_pack_is_the_last_of_the_latest_day(tmp_path: Path) -> None:
    for name in ("2026-11-28.9", "2026-11-28", "2026-11-28.10", "2026-11-27", ".2026-11-29.x", "2026-11-30.tmp"):
        (tmp_path / name).mkdir()
    assert newest_pack(tmp_path) == tmp_path / "2026-11-28.10"
    beside = tmp_path / ".2026-11-28.x"
    beside.mkdir()
    assert put(beside, tmp_path, "2026-11-28").name == "2026-11-28.11"
    assert newest_pack(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("value", "precision", "day"),
    [
        ("2026-01-01T00:00:00Z", DAY, "2026-01-01"), ("2026-01-01T00:00:00Z", MONTH, "2026-01"),
        ("2026-01-01T00:00:00Z", YEAR, "2026"), ("2026-01-01T00:00:00Z", "", "2026-01-01"),
        ("2020-01-01T00:00:00Z", "8", ""), ("-0044-03-15T00:00:00Z", DAY, ""), ("2026-02-30T00:00:00Z", DAY, ""),
        (UNKNOWN, "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_a_time_is_as_precise_as_it_is_known(value: str, precision: str, day: str) -> None:
    assert _day(value, precision) == day


def test_a_busy_service_is_asked_again_when_it_says(service: Service) -> None:
    busy = (429, {"Retry-After": "2"}, b"later")
    service.say("ps:P39", busy, (503, {}, b""), (200, {}, TERMS))
    with web() as client:
        found = client.query(f"{service.url}/sparql", "ps:P39")
    assert len(service.asked) == 3
    assert any(row["personLabel"] == "Solveig Testrup" for row in found)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((503, {}, b""), "answered 503"),
        ((404, {}, b""), "answered 404"),
        ((200, {}, b"<html>"), "no SPARQL result"),
        ((200, {}, b"[]"), "no SPARQL result"),
    ],
)
def test_a_service_that_fails_leaves_nothing_behind(
    service: Service, tmp_path: Path, answer: tuple[int, dict[str, str], bytes], message: str
) -> None:
    service.say("ps:P463", answer)
    with web() as client, pytest.raises(UpdateError, match=message):
        update(sources(service), tmp_path / "packs", web=client)
    assert list((tmp_path / "packs").iterdir()) == []


@pytest.mark.parametrize("content", [b"no archive", archive("only\tthree\tcells")])
def test_a_dump_that_is_none_is_refused(service: Service, tmp_path: Path, content: bytes) -> None:
    service.say("cities1000", content)
    with web() as client, pytest.raises(UpdateError, match="othing was changed"):
        update(sources(service, "places"), tmp_path, web=client)


def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    with serving() as gone:
        address = gone.url
    run = CliRunner().invoke(
        app, ["knowledge", "update", "--to", str(tmp_path), "--only", "people", "--state", "NOR", "--wikidata", address]
    )
    assert run.exit_code == 1
    assert "No answer from http://127.0.0.1" in run.output and "Traceback" not in run.output


def test_the_command_says_what_changed_and_the_next_start_knows_it(
    service: Service, tmp_path: Path, shorter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_PACKS", str(tmp_path))
    run = CliRunner().invoke(
        app, ["knowledge", "update", "--only", "people", "--state", "nor", "--wikidata", f"{service.url}/sparql"]
    )
    assert run.exit_code == 0, run.output
    assert "Solveig Testrup" in run.output and f"the pack is {tmp_path}" in run.output
    assert Settings().folders == (newest_pack(tmp_path),)
    found = CliRunner().invoke(app, ["knowledge", "actors", "Solveig Testrup"])
    assert "foreign-minister" in found.output
    checked = CliRunner().invoke(app, ["knowledge", "check", str(newest_pack(tmp_path))])
    assert checked.exit_code == 0 and "2 person entries" in checked.output


@pytest.mark.parametrize(
    ("label", "code", "office"),
    [
        ("Prime Minister of Norway", "NOR", "prime-minister"),
        ("Norwegian Minister of Defence", "NOR", "defence-minister"),
        ("Minister of Foreign Affairs of the Netherlands", "NLD", "foreign-minister"),
        ("United States Secretary of State", "USA", "foreign-minister"),
        ("President of the United States", "USA", "president"), ("foreign minister", "FRA", "foreign-minister"),
        ("Minister of Silly Walks of Norway", "NOR", ""), ("President of the Norwegian Cheese Guild", "NOR", ""),
        ("Prime Minister of Sweden", "NOR", ""),
    ],
)  # fmt: skip
def test_a_position_names_an_office_of_its_own_state(label: str, code: str, office: str) -> None:
    assert office_of(label, code, load_knowledge().actors) == office
