"""Records looked up in the readers' index (index.py): newest first, by what filters ask for.

What a filter asks for stands in the index as words, one for each actor, type, status, issue, stance and month of a
record, so that SQLite's FTS5 finds the records in which several stand together as fast as it finds words in texts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import orjson

from communique.store.index import LAST, SEQ, Entry, Index, day_of, day_range, first_number, place_in, report_number
from communique.store.rows import ReportSummary, record_of, to_report, to_trace

if TYPE_CHECKING:
    from communique.records import Record, Report, Trace

_MONTHS = 36  # months that are asked for by their words; for more, all that fits otherwise is looked at
_LONG = "mlong"  # stands for the months of a record that is of more than so many
_SPAN = 24
_KIND = {"events": "ke", "statements": "ks", "positions": "kp"}
_FIELDS = {"type": "t", "status": "s", "issue": "i", "stance": "n"}
_WHOLE = """
SELECT r.number, r.id, r.title, r.text, r.published, r.outlet, c.records
FROM reports AS r JOIN codings AS c ON c.number = r.number
"""
_SOME = 400  # values that one question is asked with


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words, the numbers from `first` to before `end`, days (as `day_number`) and confidence."""

    match: str
    first: int = 0
    end: int = LAST
    since: int | None = None
    until: int | None = None
    confidence: float | None = None


class About(msgspec.Struct, frozen=True):
    """What else the index keeps of a report: the rest of its fields, and how many records of each kind it has."""

    about: dict[str, Any]


class Coded(About, frozen=True):
    """What was coded in a report of the index: its records with their places, each read only when it is wanted."""

    records: list[tuple[str, int, msgspec.Raw]]

    def record(self, seq: int) -> Record:
        """Return the record at a place."""
        return next(record_of(kind, told) for kind, at, told in self.records if at == seq)

    def all_records(self) -> list[tuple[int, Record]]:
        """Return all records with their places, in text order."""
        return [(seq, record_of(kind, told)) for kind, seq, told in self.records]


_ABOUT, _CODED = msgspec.json.Decoder(About), msgspec.json.Decoder(Coded)


@dataclass(frozen=True, slots=True)
class Kept:
    """A report of the index with its number and all that was coded in it."""

    number: int
    report: Report
    coded: Coded


def entry(kind: str, row: Mapping[str, Any]) -> Entry:
    """Return how a row of records is looked up: the columns of shapes.py that filters ask for."""
    words = [_KIND[kind]]
    parties = row["parties"] or ()
    for code in dict.fromkeys(parties):
        words.append(_word("a", code))
        if parties.count(code) > 1:
            words.append(_word("d", code))
    words.append(_word("o", origin_of(row["report"])))
    words += [_word(letter, row[name]) for name, letter in _FIELDS.items() if row.get(name) is not None]
    first, last = day_number(row["first_day"]), day_number(row["last_day"])
    if first is not None and last is not None:
        months = list(_months(first, last, _SPAN))
        words += months if len(months) <= _SPAN else [_LONG]
    return Entry(row["seq"], row["id"], " ".join(words), first, last, row["confidence"] or 0.0)


def wanted(kind: str, values: Mapping[str, Any]) -> Wanted:
    """Return what is looked for by the parameters of a question (filters.py)."""
    terms = [_KIND[kind]] if kind in _KIND else []
    if values["actor"]:
        terms.append(_word("a", values["actor"]))
    if values["one"] and values["one"] == values["other"]:
        terms.append(_word("d", values["one"]))
    elif values["one"]:
        terms += [_word("a", values["one"]), _word("a", values["other"])]
    terms += [_word(letter, values[name]) for name, letter in _FIELDS.items() if values[name] is not None]
    if values["origin"]:
        terms.append(_word("o", values["origin"]))
    asked = [f'"{term}"' for term in terms] or ["(" + " OR ".join(_KIND.values()) + ")"]
    if kind == "reports":  # their own days count
        first, end = day_range(values["since"] or "", values["until"] or "")
        # without a day a report is found only where no last day is asked for
        first = max(first, first_number(1)) if values["until"] else first
        return Wanted(" AND ".join(asked), first, end, confidence=values["confidence"])
    since, until = day_number(values["since"] or ""), day_number(values["until"] or "")
    if since is not None and until is not None:
        months = list(_months(since, until, _MONTHS))
        if len(months) <= _MONTHS:
            asked.append("(" + " OR ".join([*months, _LONG]) + ")")
    return Wanted(" AND ".join(asked), since=since, until=until, confidence=values["confidence"])


def numbers(index: Index, what: Wanted, limit: int = -1, *, first: int = 0, end: int = LAST) -> list[int]:
    """Return the numbers of the records that are looked for, the highest first; those from `first` to before `end`."""
    sql, values = _question("records.rowid AS n", what, max(first, what.first), min(end, what.end))
    # In one row: between two rows another thread may take its turn.
    sql = f"SELECT group_concat(n) FROM ({sql} ORDER BY records.rowid DESC LIMIT ?)"
    return [int(number) for (row,) in index.ask(sql, (*values, limit)) if row for number in row.split(",")]


def count(index: Index, what: Wanted) -> int:
    """Return how many records there are of those that are looked for."""
    sql, values = _question("count(*)", what, what.first, what.end)
    return int(index.ask(sql, values)[0][0])


def count_reports(index: Index, what: Wanted) -> int:
    """Return how many reports have a record that is looked for."""
    sql, values = _question(f"count(DISTINCT records.rowid >> {SEQ})", what, what.first, what.end)
    return int(index.ask(sql, values)[0][0])


def ends(index: Index, what: Wanted) -> tuple[int, int]:
    """Return the lowest and highest number that has a day of those that are looked for; zeros where there is none."""
    found = []
    for order in ("ASC", "DESC"):
        sql, values = _question("records.rowid", what, max(what.first, first_number(1)), what.end)
        found += index.ask(f"{sql} ORDER BY records.rowid {order} LIMIT 1", values)
    return (found[0][0], found[1][0]) if found else (0, 0)


def reports_with(index: Index, what: Wanted, limit: int, end: int = LAST) -> list[int]:
    """Return the numbers of reports before `end` with a record that is looked for, the highest first: `limit` of them,
    and all others of the day of the last."""
    found: dict[int, None] = {}
    step = 4 * limit
    while True:
        some = day_and_more(index, what, step, end)
        found |= dict.fromkeys(map(report_number, some))
        if len(some) < step or len(found) >= limit:
            return list(found)
        end, step = some[-1], step * 2


def day_and_more(index: Index, what: Wanted, limit: int, end: int = LAST) -> list[int]:
    """Return the first numbers before `end`, and all others of the day of the last: days are then there whole."""
    found = numbers(index, what, limit, end=end)
    if len(found) == limit:
        found += numbers(index, what, end=found[-1], first=first_number(day_of(found[-1])))
    return found


def newest_reports(index: Index, first: int, end: int, limit: int) -> list[int]:
    """Return the numbers of reports from `first` to before `end`, and all others of the day of the last."""
    sql = "SELECT number FROM reports WHERE number >= ? AND number < ? ORDER BY number DESC LIMIT ?"
    found = [number for (number,) in index.ask(sql, (first, end, limit))]
    if len(found) == limit:
        rest = index.ask(sql, (max(first, first_number(day_of(found[-1]))), found[-1], -1))
        found += [number for (number,) in rest]
    return found


def names(index: Index, reports: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return id and day of publication of the reports with these numbers, by number."""
    sql = "SELECT number, id, published FROM reports WHERE number IN ({})"
    return {number: (name, published) for number, name, published in _each(index, sql, reports)}


def coded(index: Index, reports: Iterable[int]) -> dict[int, Coded]:
    """Return what was coded in the reports with these numbers, by number."""
    rows = _each(index, "SELECT number, records FROM codings WHERE number IN ({})", reports)
    return {number: _coded(packed) for number, packed in rows}


def summaries(index: Index, reports: Iterable[int]) -> dict[int, ReportSummary]:
    """Return the reports with these numbers and how many records each has, by number."""
    return {row[0]: _summary(row) for row in _each(index, f"{_WHOLE} WHERE r.number IN ({{}})", reports)}


def kept_by_id(index: Index, reports: Iterable[str]) -> dict[str, Kept]:
    """Return the reports with these ids, by id."""
    return {row[1]: _kept(row) for row in _each(index, f"{_WHOLE} WHERE r.id IN ({{}})", reports)}


def traces(index: Index, report: int) -> list[Trace]:
    """Return the traces of the records of the report with a number."""
    rows = index.ask("SELECT traces FROM codings WHERE number = ?", (report,))
    return [to_trace(values) for (packed,) in rows for values in orjson.loads(zlib.decompress(packed))]


def found_by_id(index: Index, hashes: Mapping[int, str]) -> dict[str, int]:
    """Return the numbers of records by their ids, given by the hashes of these (`hash_of`)."""
    rows = _each(index, "SELECT hash, number FROM ids WHERE hash IN ({})", hashes)
    return {hashes[value]: number for value, number in rows}


def frequent(index: Index, what: str, most: int) -> list[str]:
    """Return the values of `actor` or `issue` with most records."""
    letter = "a" if what == "actor" else _FIELDS[what]
    rows = index.ask(
        "SELECT term FROM temp.terms WHERE term >= ? AND term < ? ORDER BY doc DESC, term LIMIT ?",
        (letter, chr(ord(letter) + 1), most + 1),
        first="CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab (main, records, row)",
    )
    return [value for (term,) in rows if (value := bytes.fromhex(term[1:]).decode())][:most]


def origin_of(report: str) -> str:
    """Return the dataset that a report is of, by its id: `communique` for what was coded here."""
    return report.partition(":")[0] if ":" in report else "communique"


@lru_cache(2**12)
def day_number(day: str | None) -> int | None:
    """Return an ISO day as a number that sorts like it; None for none."""
    digits = (day or "")[:10].replace("-", "")
    return int((digits + "00000000")[:8]) if digits.isdigit() else None


def record_at(found: Mapping[int, Coded], number: int) -> Record:
    """Return the record with a number from the reports that were fetched for it."""
    return found[report_number(number)].record(place_in(number))


def _question(columns: str, what: Wanted, first: int, end: int) -> tuple[str, tuple[Any, ...]]:
    sql = f"SELECT {columns} FROM records"
    where = ["records MATCH ?", "records.rowid >= ?", "records.rowid < ?"]
    values: list[Any] = [what.match, first, end]
    conditions = {"d.last >= ?": what.since, "d.first <= ?": what.until, "d.confidence >= ?": what.confidence}
    if asked := {sql: value for sql, value in conditions.items() if value is not None}:
        sql += " CROSS JOIN days AS d ON d.number = records.rowid"
        where += asked
        values += asked.values()
    return f"{sql} WHERE {' AND '.join(where)}", tuple(values)


def _each(index: Index, sql: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a question with some values at a time for `{}`."""
    wanted = list(values)
    for start in range(0, len(wanted), _SOME):
        some = wanted[start : start + _SOME]
        yield from index.ask(sql.format(", ".join("?" * len(some))), some)


def _coded(packed: bytes) -> Coded:
    return _CODED.decode(zlib.decompress(packed))


def _kept(row: tuple[Any, ...]) -> Kept:
    coded = _coded(row[-1])
    return Kept(row[0], _report(row, coded.about), coded)


def _summary(row: tuple[Any, ...]) -> ReportSummary:
    about = _ABOUT.decode(zlib.decompress(row[-1])).about
    return ReportSummary(_report(row, about), *(about[kind] or 0 for kind in _KIND))


def _report(row: tuple[Any, ...], about: Mapping[str, Any]) -> Report:
    _, name, title, text, published, outlet, _ = row
    return to_report({
        "id": name, "text": text, "title": title, "published": published, "outlet": outlet,
        "url": about["url"] or "", "language": about["language"] or "", "removed": about["removed"] or [],
    })  # fmt: skip


def _months(first: int, last: int, most: int) -> Iterator[str]:
    """Yield the words of the months from one day to another; some more than `most` where there are more."""
    year, month = divmod(first // 100, 100)
    for _ in range(most + 1):
        if year * 100 + month > last // 100:
            return
        yield f"m{year}{month:02}"
        year, month = (year + 1, 1) if month >= 12 else (year, month + 1)


@lru_cache(2**14)
def _word(letter: str, value: object) -> str:
    return letter + str(value).encode().hex()
