"""What people see: readable at the usual widths, nothing of a report obeyed as a command to the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import coded
from communique.cli import render, why
from communique.records import Actor, Coding, DateInterval, Magnitude, Place, Report
from communique.showing import text as say


def printed(what: object, width: int = 80, *, terminal: bool = False, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, markup=False, highlight=False, emoji=False, force_terminal=terminal or colour,
        color_system="standard" if colour else None,
    )  # fmt: skip
    render.show(console, what)  # type: ignore[arg-type]
    return out.getvalue()


EXPECTED = """\
Norway and Finland [bold]talk[/bold]
The Fjord Courier · 2023-05-03 · report 012345678
left out of coding: share button

Deeds  2 events  ───────────────────────────────────────────────────────────────

2023-05-02  Anna Lund (Norway) → Finland
aaaa1111b   CONSULT visit · “met” · actual · in Helsinki, FIN
            Norway's foreign minister, Anna Lund [sic], met her Finnish
            counterpart in Helsinki on Tuesday.

2023-04     Finland MIL
eeee5555f   MOBILIZE troops · “sent” · historical · 300 strong · according to
            Norway
            Norway said that Finland had sent 300 soldiers to the border.

Words  1 statement  ────────────────────────────────────────────────────────────

2023-05-03  Norway
cccc3333d   indirect speech · “said”
            Norway said that Finland had sent 300 soldiers to the border.

Positions  1 position  ─────────────────────────────────────────────────────────

undated     Norway supports Finland: northern-waters
777788889   “Helsinki's call for a shared patrol” · actual
            Oslo backs Helsinki's call for a shared patrol of the northern
            waters.
"""


def test_a_report_with_its_records_by_kind() -> None:
    assert printed(render.coding(coded.CODING, colour=False)) == EXPECTED


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = printed(render.coding(coded.CODING, colour=True), width).splitlines()
    assert max(map(len, lines)) <= width
    together = " ".join(" ".join(lines).split())
    assert "Finland had sent 300 soldiers to the border." in together


def test_the_words_of_a_record_stand_out_of_its_sentence() -> None:
    out = printed(render.sentence(coded.MEETING, coded.TEXT), 200, colour=True)
    assert "\x1b[1;36mAnna Lund\x1b[0m [sic], \x1b[1;33mmet\x1b[0m her \x1b[1;35mFinnish counterpart\x1b[0m" in out


def test_evidence_of_two_sentences_is_set_off() -> None:
    first, second = coded.at("Share this"), coded.at("article")
    record = replace(coded.MEETING, evidence=replace(coded.MEETING.evidence, sentence=(first, second)))
    assert render.sentence(record, coded.TEXT).plain == "Share this … article"


def test_nothing_recognised_is_said() -> None:
    out = printed(render.coding(Coding(coded.REPORT), colour=False))
    assert "Nothing in this report was recognised" in out


def test_a_report_cannot_command_the_terminal() -> None:
    evil = "\x1b]0;owned\x07 \x1b[2J \x9b31m \u202edesrever\u202c [red]x[/red]\r\b"
    report = Report(id="\x1b[31m", text=evil, title=evil, outlet=evil, published=evil, url=evil)
    actor = Actor("\x1b", evil, person=evil)
    event = replace(
        coded.MEETING, actors=(actor,), recipients=(actor,), places=(Place(evil),), mode="m",
        evidence=replace(coded.MEETING.evidence, sentence=((0, len(evil)),), trigger=((0, 9),)),
    )  # fmt: skip
    position = replace(coded.BACKING, expression=evil, issue=evil)
    whole = render.coding(Coding(report, (event, position)), colour=False)
    out = printed(whole) + printed(why.explanation(event, report, replace(coded.TRACE, clause=evil, steps=(evil,))))
    assert not set(out) & set("\x1b\x07\x08\x9b\r\u202e\u202c")
    assert "[red]x[/red]" in out


@given(st.text())
def test_clean_keeps_the_length_and_leaves_no_control_character(text: str) -> None:
    shown = say.clean(text)
    assert len(shown) == len(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 or 0xD800 <= ord(char) < 0xE000 for char in shown)


@pytest.mark.parametrize(
    ("date", "day", "until"),
    [
        (DateInterval("2022-02-04", "2022-02-04", "day"), "2022-02-04", ""),
        (DateInterval("2022-02-01", "2022-02-28", "month"), "2022-02", ""),
        (DateInterval("2022-01-01", "2022-12-31", "year"), "2022", ""),
        (DateInterval("2022-01-24", "2022-01-30", "week"), "2022-01-24", "to 2022-01-30"),
        (DateInterval("", "2022-02-04"), "≤2022-02-04", ""),
        (DateInterval("2022-02-04", ""), "2022-02-04", ""),
        (DateInterval(), "undated", ""),
    ],
)
def test_days(date: DateInterval, day: str, until: str) -> None:
    assert (say.day(date), say.until(date)) == (day, until)


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        (Actor("RUS", "Russia", sector="GOV"), "Russia"),
        (Actor("RUS", "Russia", sector="MIL"), "Russia MIL"),
        (Actor("RUS", "Russia", sector="GOV", person="Ada Petrova"), "Ada Petrova (Russia)"),
        (Actor("NATO", "NATO", kind="igo", sector="GOV"), "NATO"),
        (Actor("", "", text="certain states"), "certain states"),
    ],
)
def test_names(actor: Actor, name: str) -> None:
    assert say.actor(actor) == name


def test_counts() -> None:
    assert say.magnitude(Magnitude(dead=3, size=100_000)) == "3 dead, 100,000 strong"
    assert say.counted(1, "report") == "1 report"
    assert say.counted(1200, "entry", "entries") == "1,200 entries"


def test_an_explanation_names_pattern_file_and_line_steps_and_what_lost() -> None:
    out = printed(why.explanation(coded.MEETING, coded.REPORT, coded.TRACE), 100)
    for words in ("event aaaa1111bbbb2222", "lexicon/consult.toml:12", "1.  The verb is “met”.", "0.90",
                  "meet demand → AGREE: there is no “demand”", "— The Fjord Courier · 2023-05-03"):  # fmt: skip
        assert words in out
    assert "was not kept" in printed(why.explanation(coded.MEETING, coded.REPORT, None))


def test_into_a_file_go_no_spaces_at_the_ends_of_lines() -> None:
    out = printed(render.coding(coded.CODING, colour=False))
    assert all(line == line.rstrip() for line in out.splitlines())
