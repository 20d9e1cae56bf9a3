"""SQLite: a file with a table for each kind of record, one for actors and one for places, for SQL and for R."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from communique.exchange.formats import KINDS, Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Event, Position, Record, Statement
from communique.showing import flat

_ROLES = ("actors", "recipients", "speakers", "holders", "toward", "attributed_to")
_ACTORS = "record, role, place, code, name, kind, sector, sectors, person, office, wikidata, text, span_start, span_end"
_PLACES = "record, place, name, kind, country, admin1, geonameid, lat, lon, text, span_start, span_end"


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    with out.whole() as path:
        connection = sqlite3.connect(path)
        try:
            connection.execute(f"CREATE TABLE actors ({_ACTORS})")
            connection.execute(f"CREATE TABLE places ({_PLACES})")
            for kind in source.fitting(KINDS):
                columns = [*flat.columns(kind), *(["text"] if kind == "reports" else [])]
                connection.execute(f"CREATE TABLE {kind} ({', '.join(columns)}, PRIMARY KEY (id)) WITHOUT ROWID")
                _fill(connection, source, kind, len(columns), tally)
            connection.execute("CREATE INDEX actors_by_record ON actors (record)")
            connection.execute("CREATE INDEX actors_by_code ON actors (code)")
            connection.execute("CREATE INDEX places_by_record ON places (record)")
            connection.commit()
        finally:
            connection.close()


def _fill(connection: sqlite3.Connection, source: Source, kind: str, width: int, tally: Tally) -> None:
    insert = f"INSERT OR REPLACE INTO {kind} VALUES ({','.join('?' * width)})"
    if kind == "reports":
        for each in source.reports():
            counts = {"events": each.events, "statements": each.statements, "positions": each.positions}
            row = flat.report_row(each.report, counts)
            connection.execute(insert, [*row.values(), each.report.text])
            _count(tally, kind)
        return
    for record, report in source.records(kind):
        connection.execute(insert, list(flat.row(record, report).values()))
        connection.executemany(f"INSERT INTO actors VALUES ({','.join('?' * 14)})", list(_actors(record)))
        if isinstance(record, Event):
            connection.executemany(f"INSERT INTO places VALUES ({','.join('?' * 12)})", list(_places(record)))
        _count(tally, kind)


def _count(tally: Tally, kind: str) -> None:
    tally.rows += 1
    tally.records[kind] += 1


def _actors(record: Record) -> Iterator[Sequence[object]]:
    assert isinstance(record, Event | Statement | Position)
    for role in _ROLES:
        those: tuple[Actor, ...] = getattr(record, role, ())
        for n, who in enumerate(those):
            yield (
                record.id, role, n, who.code, who.name, who.kind, who.sector, ";".join(who.sectors), who.person,
                who.office, who.wikidata, who.text, *who.span,
            )  # fmt: skip


def _places(event: Event) -> Iterator[Sequence[object]]:
    for n, where in enumerate(event.places):
        yield (
            event.id, n, where.name, where.kind, where.country, where.admin1, where.geonameid, where.lat, where.lon,
            where.text, *where.span,
        )  # fmt: skip


SQLITE = Format(
    "sqlite", "SQLite", _write, kinds=("events", "statements", "positions"), binary=True,
    lost=("traces", "spans but for those of sentences, actors and places"),
)  # fmt: skip
