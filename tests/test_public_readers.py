"""What is exported is read by the readers that others published: those on the registry under a licence that lets us."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars
import pytest

from communique.exchange import registry
from communique.exchange.export import export
from communique.exchange.formats import Options
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Coding, Report
from communique.store import Store
from test_exchange import events


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an export in each format, by its name."""
    made = tmp_path_factory.mktemp("readers")
    text = "Russia met China on Friday. The United States said that Russia shelled Ukraine."
    with Store.create(made / "store") as store:
        report = Report("r1", text, outlet="Wire", url="https://example.org/1", published="2022-02-05", language="en")
        store.writer.add([Coding(report, tuple(events()))])
        for name in ("gdelt1", "gdelt2", "gdelt2-mentions", "graphml", "brat", "parquet"):
            export(registry.format_of(name), Source(store), Out(made / name), Options())
    yield made


def test_gdelt_is_read_by_gdelt_py(folder: Path) -> None:
    parsers = pytest.importorskip("py_gdelt.parsers")
    models = pytest.importorskip("py_gdelt.models")
    lines = (folder / "gdelt2").read_text().splitlines()
    raw = list(parsers.EventsParser().parse((folder / "gdelt2").read_bytes()))
    found = [models.Event.from_raw(each) for each in raw]
    assert len(found) == len(lines) > 1
    cells = [line.split("\t") for line in lines]
    assert [each.event_code for each in found] == [row[26] for row in cells]
    assert [each.actor1.code if each.actor1 else "" for each in found] == [row[5] for row in cells]
    mentions = [
        models.Mention.from_raw(each)
        for each in parsers.MentionsParser().parse((folder / "gdelt2-mentions").read_bytes())
    ]
    assert [str(each.global_event_id) for each in mentions] == [row[0] for row in cells]


def test_tables_are_read_by_polars_and_duckdb(folder: Path) -> None:
    lines = (folder / "gdelt2").read_text().splitlines()
    frame = polars.read_csv(folder / "gdelt2", separator="\t", has_header=False, quote_char=None, infer_schema=False)
    assert frame.fill_null("").rows() == [tuple(line.split("\t")) for line in lines]
    with duckdb.connect() as connection:
        sql = "SELECT * FROM read_csv(?, delim = '\t', header = false, quote = '', all_varchar = true)"
        assert len(connection.execute(sql, [str(folder / "gdelt2")]).fetchall()) == len(lines)
        found = connection.execute("SELECT id FROM read_parquet(?)", [str(folder / "parquet")]).fetchall()
    assert {name for (name,) in found} == set(polars.read_parquet(folder / "parquet")["id"]) == {e.id for e in events()}


def test_brat_is_read_by_bioc(folder: Path) -> None:
    brat = pytest.importorskip("bioc.brat")
    with (folder / "brat/r1.txt").open() as text, (folder / "brat/r1.ann").open() as annotations:
        document = brat.load(text, annotations)
    lines = (folder / "brat/r1.ann").read_text().splitlines()
    assert len(list(document.annotations)) == len(lines) > 1


def test_graphml_is_read_by_pygraphml(folder: Path) -> None:
    pygraphml = pytest.importorskip("pygraphml")
    graph = pygraphml.GraphMLParser().parse(str(folder / "graphml"))
    assert len(graph.nodes()) > 2 and len(graph.edges()) > 2
