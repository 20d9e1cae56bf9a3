"""The same answer everywhere: runs, processes, batches, neighbours, ways in; and every span cuts out its words."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import communique
from coders import DAY, coder
from communique.cli.main import app
from communique.records import Coding, Failure, Report, to_json
from communique.settings import Settings
from communique.sources.item import RawItem
from spans import check_spans

REPORTS = [
    "Russia and China held talks in Beijing on Friday. The two countries signed a treaty, and both criticised NATO.",
    "“We will not recognise Kosovo,” said Serbian President Aleksandar Vučić.\n\nHe accused Albania of lying.",
    "They met in Geneva. Their talks failed. The minister blamed them, and it was over.",
    "France backs Ukraine's bid to join NATO. Hungary opposes it, the Hungarian foreign minister said in Brussels.",
    "Iran denied that it had attacked a Saudi tanker. According to Riyadh, Iranian drones struck the ship last week.",
    "Norwegian Trade Minister Kari Lindvik visited Kenya in May 2021. Lindvik promised aid worth 3 million dollars.",
    "Israel may strike Syria, the White House warned. If Syria retaliates, Turkey will send 500 soldiers south.",
]


def lines(coding: Coding) -> str:
    return "\n".join(to_json(r) for r in (coding.report, *coding.records))


def alone(text: str) -> Coding:
    return coder()(text, published=DAY)


def shifted(coding: Coding, by: int = 0) -> list[Any]:
    """Return the records without ids, their offsets moved by `by`."""

    def move(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: move(v, k) for k, v in value.items() if k not in ("id", "report")}
        if key == "span":
            return tuple(x + by for x in value)
        if key in ("sentence", "trigger", "actors", "recipients", "content", "cue") and value and is_span(value[0]):
            return tuple((a + by, b + by) for a, b in value)
        if isinstance(value, list | tuple):
            return tuple(move(v) for v in value)
        return value

    return [move(asdict(r)) for r in coding.records]


def is_span(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(x, int) for x in value)


# --- the same records from two runs, two processes, any batch


@pytest.mark.parametrize("text", REPORTS)
def test_two_runs(text: str) -> None:
    assert alone(text) == alone(text)


def test_two_coders(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (communique.knowledge._read_parts, communique.language.parser.load_pipeline):
        monkeypatch.setattr(f"{place.__module__}.{place.__name__}", place.__wrapped__)  # type: ignore[attr-defined]
    other = communique.load()
    assert other.parser.nlp is not coder().parser.nlp
    for text in REPORTS:
        assert other(text, published=DAY) == alone(text)


@pytest.mark.slow
def test_two_processes_with_other_hash_seeds(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("\n\n".join(REPORTS), encoding="utf-8")
    printed = set()
    for seed in ("1", "4242"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "communique", "code", str(path), "--published", DAY, "--format", "jsonl"]
        printed.add(subprocess.run(command, env=env, capture_output=True, check=True, cwd=tmp_path).stdout)
    assert len(printed) == 1
    assert printed.pop().decode() == lines(alone("\n\n".join(REPORTS))) + "\n"


@pytest.mark.parametrize("batch", [1, 2, 7, 500])
def test_parser_batches(batch: int) -> None:
    small = communique.load(settings=Settings(batch_sentences=batch))
    items = [{"text": t, "date": DAY} for t in REPORTS]
    assert [lines(c) for c in small.stream(items) if isinstance(c, Coding)] == [lines(alone(t)) for t in REPORTS]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(REPORTS), min_size=1, max_size=20))
def test_neighbours_and_order(texts: list[str]) -> None:
    found = list(coder().stream({"text": t, "date": DAY} for t in texts))
    assert [lines(c) for c in found if isinstance(c, Coding)] == [lines(alone(t)) for t in texts]


def test_a_stream_is_read_as_it_is_asked_for() -> None:
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield RawItem(REPORTS[2], "endless", published=DAY)

    stream = coder().stream(endless())
    assert isinstance(next(stream), Coding)
    assert taken < 200


# --- the same records by every way in


def test_items_of_every_kind_give_the_same() -> None:
    text = REPORTS[3]
    raw = RawItem(text, "x", published=DAY)
    items = [raw, RawItem(text.encode("utf-8"), "y", published=DAY), {"text": text, "date": DAY}, coder().read(raw)]
    assert {lines(c) for c in coder().stream(items) if isinstance(c, Coding)} == {lines(alone(text))}


def test_what_is_known_of_an_item_stands_in_its_report() -> None:
    item = {
        "id": "7",
        "text": REPORTS[0],
        "date": DAY,
        "title": "Talks",
        "source": "The Fjord",
        "url": "https://x.example/7",
    }
    (coding,) = coder().stream([item])
    assert isinstance(coding, Coding)
    r = coding.report
    assert (r.title, r.outlet, r.url, r.published) == ("Talks", "The Fjord", "https://x.example/7", DAY)


def test_file_and_standard_input(tmp_path: Path) -> None:
    text = "\n\n".join(REPORTS)
    path = tmp_path / "report.txt"
    path.write_bytes(text.encode("utf-8"))
    options = ["--published", DAY, "--format", "jsonl"]
    from_file = CliRunner().invoke(app, ["code", str(path), *options])
    from_input = CliRunner().invoke(app, ["code", "-", *options], input=text.encode("utf-8"))
    assert (from_file.exit_code, from_input.exit_code) == (0, 0)
    assert from_file.stdout_bytes == from_input.stdout_bytes
    assert from_file.stdout_bytes.decode("utf-8") == lines(alone(text)) + "\n"


# --- the same records in a longer text

QUIET = "The weather was mild that day, and a band played in the old square until the evening."


@pytest.mark.parametrize("text", REPORTS)
def test_paragraphs_after_change_nothing_before(text: str) -> None:
    longer = alone(f"{text}\n\n{QUIET}\n\nPeru praised Cuba.")
    kept = [r for r in shifted(longer) if r["evidence"]["sentence"][0][0] < len(text)]
    assert kept == shifted(alone(text))


@pytest.mark.parametrize("text", REPORTS)
def test_paragraphs_before_that_name_nobody_change_nothing(text: str) -> None:
    before = f"{QUIET}\n\nMany children sang along.\n\n"
    assert shifted(alone(before + text)) == shifted(alone(text), len(before))


@pytest.mark.parametrize("text", REPORTS)
def test_ids_say_what_and_where(text: str) -> None:
    first, second = alone(text), alone(f"{QUIET}\n\n{text}")
    assert not {r.id for r in first.records} & {r.id for r in second.records}
    assert {r.id for r in first.records} == {r.id for r in alone(text).records}


# --- spans, ids, order

WHO = st.sampled_from(
    "Russia|China|The United States|The Kremlin|He|They|It|The two countries|Both|French President Emmanuel Macron"
    "|Norwegian Trade Minister Kari Lindvik|Lindvik|Iran and Iraq|The Turkish army|Ten Kenyan students|Tokyo"
    "|Israel's foreign ministry|The EU|Each|Its ambassador|Côte d’Ivoire|A spokesman|Hamas|🇨🇳 China".split("|")
)
DEED = st.sampled_from(
    "attacked Ukraine|held talks with Japan in Geneva|did not recognise Kosovo|will impose sanctions on Cuba"
    "|was criticised by Canada|denied that it had bombed Syria|killed 12 soldiers and wounded three on Monday"
    "|backs a two-state solution|opposes the expansion of NATO|said that Peru had praised Chile"
    "|accused Poland of spying|threatened to cut ties with Qatar|called for a ceasefire in Gaza, it said"
    "|signed a treaty with both of them|gave Kenya 3 million dollars in May 2021|met".split("|")
)
EXTRA = st.sampled_from(
    "|, according to Oman|, Joe Biden said| if talks fail|, which surprised Berlin| last week| in Paris"
    "|, and Chile agreed| — a blow to Vienna| (see map)|, “as a friend”".split("|")
)
PLAIN = st.builds("{} {}{}.".format, WHO, DEED, EXTRA)
QUOTED = st.one_of(
    st.builds("“{},” {} said.".format, PLAIN.map(lambda s: s[:-1]), WHO),
    st.builds("{} said: “{} {}”".format, WHO, PLAIN, PLAIN),
    st.builds('{} told reporters, "{}"'.format, WHO, PLAIN),
    st.builds("“{}".format, PLAIN),
)
JOIN = st.sampled_from([" ", "\n\n", "\n\n\n", "  ", "\r\n\r\n"])
TEXTS = st.lists(st.tuples(st.one_of(PLAIN, QUOTED), JOIN), min_size=1, max_size=6).map(
    lambda parts: "".join(sentence + join for sentence, join in parts)
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
@example("Russia said: “Russia attacked Ukraine. Russia attacked Ukraine, according to Oman.” ")
def test_spans_of_texts_about_states(text: str) -> None:
    coding = coder()(text, published=DAY)
    check_spans(coding)
    assert coding.report.text.split() == text.split()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
@example("Russia’s “ ” attack'")
def test_spans_of_any_text(noise: str) -> None:
    coding = coder()(f"Russia attacked Ukraine on Monday, the minister said. {noise}\n\nIt met {noise} China.")
    check_spans(coding)


@pytest.mark.parametrize("text", REPORTS)
def test_spans_of_reports(text: str) -> None:
    coding = alone(text)
    check_spans(coding)
    if text != REPORTS[2]:
        assert coding.records


# --- what cannot be coded


def test_another_script_is_kept_and_not_coded() -> None:
    text = "Россия и Китай провели переговоры в Пекине. Стороны подписали договор."
    coding = alone(text)
    assert (coding.report.language, coding.report.text, coding.records) == ("ru", text, ())


def test_another_language_is_seen() -> None:
    text = (
        "Die russische Regierung hat am Freitag mit der chinesischen Regierung über einen neuen Vertrag gesprochen. "
        "Beide Seiten wollen die Gespräche im nächsten Monat fortsetzen, sagte ein Sprecher."
    )
    coding = alone(text)
    assert (coding.report.language, coding.records) == ("de", ())


def test_a_language_that_is_given_counts() -> None:
    given, english = coder().stream(
        [RawItem(REPORTS[0], "x", published=DAY, language="fr"), RawItem(REPORTS[0], "x", published=DAY, language="en")]
    )
    assert isinstance(given, Coding)
    assert isinstance(english, Coding)
    assert (given.report.language, given.report.text, given.records) == ("fr", REPORTS[0], ())
    assert english.records


def test_what_cannot_be_read_is_a_failure_and_the_rest_goes_on() -> None:
    items: list[Any] = [
        REPORTS[0],
        "",
        RawItem(b"\x00\x01\x02\xff" * 50, "scan.bin", source_id="b7"),
        {"id": "x1", "text": "", "date": DAY},
        {"id": "x2", "date": DAY},
        {"id": "x3", "text": REPORTS[1], "date": "the day after tomorrow's eve"},
        REPORTS[2],
    ]
    found = list(coder().stream(items))
    assert [type(r) for r in found] == [Coding, Failure, Failure, Failure, Failure, Failure, Coding]
    failures = [r for r in found if isinstance(r, Failure)]
    assert all(f.stage == "reading" and f.cause and "\n" not in f.cause for f in failures)
    assert (failures[1].source, failures[1].source_id) == ("scan.bin", "b7")
    assert [f.source_id for f in failures[2:]] == ["x1", "x2", "x3"]


def test_nothing_to_stream() -> None:
    assert list(coder().stream([])) == []


def test_a_report_of_furniture_alone_has_no_records() -> None:
    coding = alone("Share this article\n\nSubscribe to our newsletter\n\nRead more: Russia attacks Ukraine")
    assert isinstance(coding.report, Report)
    assert coding.records == ()
    assert coding.report.removed
