"""Records as rows for spreadsheets and statistics programs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

import coded
from communique.records import Actor, Record
from communique.showing import flat


def written(kind: str, *records: Record) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    flat.write(out, kind, (flat.row(record, coded.REPORT) for record in records))
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_an_event_as_a_row() -> None:
    (row,) = written("events", coded.SENDING)
    expected = {
        "id": "eeee5555ffff6666", "report": coded.REPORT.id, "published": "2023-05-03", "outlet": "The Fjord Courier",
        "date_start": "2023-04-01", "date_end": "2023-04-30", "type": "MOBILIZE", "mode": "troops", "quad": "4",
        "cameo": "152", "goldstein": "-7.2", "actor_codes": "FIN", "actor_sectors": "MIL", "recipient_codes": "",
        "status": "historical", "attributed_to": "NOR", "implicit": "0", "size": "300", "dead": "", "trigger": "sent",
        "sentence": "Norway said that Finland had sent 300 soldiers to the border.",
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected
    start, end = int(row["sentence_start"]), int(row["sentence_end"])
    assert coded.TEXT[start:end] == row["sentence"]


def test_a_statement_and_a_position_as_rows() -> None:
    (saying,) = written("statements", coded.SAYING)
    assert (saying["speaker_codes"], saying["cue"]) == ("NOR", "said")
    assert saying["content"] == "Finland had sent 300 soldiers to the border"
    (backing,) = written("positions", coded.BACKING)
    assert (backing["holder_codes"], backing["stance"], backing["toward_codes"]) == ("NOR", "support", "FIN")
    assert (backing["issue"], backing["date_start"]) == ("northern-waters", "")


def test_lists_keep_their_order_in_every_column_of_a_role() -> None:
    actors = (Actor("A1", "One; and only", person=""), Actor("B2", "Two", person="Ann Bee"))
    (row,) = written("events", replace(coded.MEETING, actors=actors))
    assert (row["actor_codes"], row["actor_names"], row["actor_persons"]) == ("A1;B2", "One, and only;Two", ";Ann Bee")


@pytest.mark.parametrize("kind", ["events", "statements", "positions", "reports"])
def test_without_records_the_names_of_the_columns_are_left(kind: str) -> None:
    out = io.StringIO(newline="")
    flat.write(out, kind, ())
    assert out.getvalue() == ",".join(flat.columns(kind)) + "\n"
    assert len(set(flat.columns(kind))) == len(flat.columns(kind))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-2+3", "'-2+3"), ("@SUM", "'@SUM"), ("\tx", "'\tx"),
        (-7.2, -7.2), (-1, -1), (None, None), ("a=b", "a=b"), ("", ""),
    ],
)  # fmt: skip
def test_no_text_becomes_a_formula(cell: flat.Cell, safe: flat.Cell) -> None:
    assert flat.guard(cell) == safe
