"""Measure date libraries on a table of expressions (evaluation/dates): which of them reads what we need?

usage: python tools/measure_dates.py [TABLE] [LIBRARY ...]

Run it in an environment of its own that has the libraries (`pip install dateparser parsedatetime python-dateutil
timefhuman ctparse datefinder recognizers-text-suite`); it needs nothing of communique. Each library gets the sentence
and the day of publication and is asked for all dates in it. Two counts:

interval  rows whose text is overlapped by an expression with the wanted start and end (one moment is its day); where
          a library gives several readings, the best counts. A row without a date is right if nothing is found.
inside    the same, but any moment inside the wanted interval is enough, which is all a library of moments can do.
"""

from __future__ import annotations

import csv
import importlib.metadata
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "evaluation/dates/phrases.csv"
NOON = 12
Reading = tuple[int, int, list[tuple[date | None, date | None]]]  # offsets, and the intervals it may mean


def _dateparser(text: str, base: datetime) -> Iterable[Reading]:
    from dateparser.search import search_dates

    found = search_dates(text, languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}) or []
    return _located(text, [(words, moment.date(), moment.date()) for words, moment in found])


def _parsedatetime(text: str, base: datetime) -> Iterable[Reading]:
    import parsedatetime

    for moment, _, start, end, _ in parsedatetime.Calendar().nlp(text, sourceTime=base) or ():
        yield start, end, [(moment.date(), moment.date())]


def _dateutil(text: str, base: datetime) -> Iterable[Reading]:
    from dateutil import parser

    try:
        moment, rest = parser.parse(text, default=base, fuzzy_with_tokens=True)
    except (ValueError, OverflowError):
        return
    start = len(rest[0]) if rest else 0
    yield start, len(text) - (len(rest[-1]) if len(rest) > 1 else 0), [(moment.date(), moment.date())]


def _timefhuman(text: str, base: datetime) -> Iterable[Reading]:
    from timefhuman import tfhConfig, timefhuman

    found = timefhuman(text, tfhConfig(now=base, return_matched_text=True)) or []
    for words, (start, end), value in found if isinstance(found, list) else [found]:
        del words
        days = [_day(v) for v in (value if isinstance(value, (list, tuple)) else [value])]
        if all(days):
            yield start, end, [(days[0], days[-1])]


def _ctparse(text: str, base: datetime) -> Iterable[Reading]:
    from ctparse import ctparse

    found = ctparse(text, ts=base, timeout=2)
    if found is None or found.resolution is None:
        return
    value = found.resolution
    start, end = getattr(value, "start", None), getattr(value, "end", None)
    if start is not None or end is not None:
        yield value.mstart, value.mend, [(start and _day(start.dt), end and _day(end.dt))]


def _datefinder(text: str, base: datetime) -> Iterable[Reading]:
    import datefinder

    found = datefinder.find_dates(text, index=True, base_date=base)
    return [(start, end, [(moment.date(), moment.date())]) for moment, (start, end) in found]


def _recognizers(text: str, base: datetime) -> Iterable[Reading]:
    from recognizers_date_time import Culture, recognize_datetime

    for r in recognize_datetime(text, Culture.English, reference=base):
        intervals = []
        for value in (r.resolution or {}).get("values", []):
            kind = value.get("type", "")
            if kind in ("date", "datetime") and value.get("value", "")[:1].isdigit():
                d = date.fromisoformat(value["value"][:10])
                intervals.append((d, d))
            elif kind in ("daterange", "datetimerange"):
                start, end = (_iso(value.get(k)) for k in ("start", "end"))
                last = end - timedelta(days=1) if end and kind == "daterange" else end
                intervals.append((start, last))
        if intervals:
            yield r.start, r.end + 1, intervals


LIBRARIES: dict[str, tuple[str, Callable[[str, datetime], Iterable[Reading]]]] = {
    "dateparser": ("dateparser", _dateparser),
    "parsedatetime": ("parsedatetime", _parsedatetime),
    "dateutil": ("python-dateutil", _dateutil),
    "timefhuman": ("timefhuman", _timefhuman),
    "ctparse": ("ctparse", _ctparse),
    "datefinder": ("datefinder", _datefinder),
    "recognizers": ("recognizers-text-date-time", _recognizers),
}


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text and text[:1].isdigit() else None


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def _located(text: str, found: Iterable[tuple[str, date, date]]) -> Iterable[Reading]:
    reached = 0
    for words, start, end in found:
        at = text.find(words, reached)
        if at >= 0:
            reached = at + len(words)
            yield at, reached, [(start, end)]


def judge(row: dict[str, str], found: list[Reading]) -> tuple[bool, bool]:
    """Return whether the row is right by the strict and by the lenient count."""
    if not row["text"]:
        return not found, not found
    at = row["sentence"].index(row["text"])
    over = [days for start, end, all_days in found if start < at + len(row["text"]) and at < end for days in all_days]
    wanted = (_iso(row["start"]), _iso(row["end"]))
    low, high = wanted[0] or date.min, wanted[1] or date.max
    inside = any(a and b and low <= a <= b <= high for a, b in over)
    return wanted in over, (wanted in over) or (inside and wanted != (None, None))


def main(arguments: list[str]) -> None:
    """Print one line for each library."""
    warnings.simplefilter("ignore")
    paths = [a for a in arguments if a.endswith(".csv")]
    with Path(paths[0] if paths else TABLE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [a for a in arguments if a in LIBRARIES] or list(LIBRARIES)
    print(f"| library | version | interval, of {len(rows)} | inside | errors | ms a sentence |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in names:
        package, find = LIBRARIES[name]
        strict = lenient = errors = 0
        list(find("They met on 3 May 2021.", datetime(2022, 2, 4, NOON)))  # imports and compiles
        began = time.perf_counter()
        for row in rows:
            day = date.fromisoformat((row["published"] or "2020-01-01")[:10])
            try:
                found = list(find(row["sentence"], datetime(day.year, day.month, day.day, NOON)))
            except Exception:  # noqa: BLE001 (whatever a library raises on a plain sentence is its error)
                found, errors = [], errors + 1
            a, b = judge(row, found)
            strict, lenient = strict + a, lenient + b
        spent = 1000 * (time.perf_counter() - began) / len(rows)
        version = importlib.metadata.version(package)
        print(f"| {name} | {version} | {strict} | {lenient} | {errors} | {spent:.1f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
