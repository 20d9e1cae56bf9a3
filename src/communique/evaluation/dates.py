"""Scores for dates against a table of expressions: sentence, day of publication, and the interval that is meant.

A table is a CSV file with the columns `published`, `sentence`, `text`, `start`, `end` and `precision` (others are
ignored). A row is right if exactly one expression found overlaps `text` and has that interval and precision; a row
without `text` says that the sentence has no date, and is right if none is found.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from communique.errors import InputError
from communique.grounding.dates import report_dates
from communique.grounding.words import TimeWords
from communique.knowledge.language import load_languages, words_of
from communique.knowledge.tables import read_folders
from communique.language.parser import Parser
from communique.records import DateInterval, Span
from communique.settings import Settings

_COLUMNS = ("published", "sentence", "text", "start", "end", "precision")


@dataclass(frozen=True, slots=True)
class DateRow:
    """One row of a table; `text` is empty where the sentence has no date, an open end is the empty string."""

    published: str
    sentence: str
    text: str
    start: str
    end: str
    precision: str


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that was not right, with what was found in its sentence."""

    row: DateRow
    found: tuple[DateInterval, ...]


class DateScores(NamedTuple):
    """Rows right, rows in all, and those that were wrong."""

    right: int
    total: int
    wrong: tuple[WrongRow, ...]


def date_scores(path: Path, parser: Parser | None = None, words: TimeWords | None = None) -> DateScores:
    """Return how many rows of the table at `path` are right; without a parser the default one is loaded.

    Raises InputError for a table that lacks a column, and LanguageError if no pipeline is installed.
    """
    rows = read_table(path)
    parser = parser or _default_parser()
    wrong = []
    for row, sentences in zip(rows, parser.parse([[(row.sentence, 0)] for row in rows]), strict=True):
        found = [(span, d) for s in report_dates(sentences, row.published, words) for span, _, _, d in s]
        if not is_right(row, found):
            wrong.append(WrongRow(row, tuple(d for _, d in found)))
    return DateScores(len(rows) - len(wrong), len(rows), tuple(wrong))


def read_table(path: Path) -> list[DateRow]:
    """Return the rows of a table; raises InputError if a column is missing or a text is not in its sentence."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [c for c in _COLUMNS if c not in (reader.fieldnames or ())]:
            raise InputError(f"{path} has no column {missing[0]!r}. A table of dates has {', '.join(_COLUMNS)}.")
        rows = [DateRow(*(line[c] or "" for c in _COLUMNS)) for line in reader]
    for number, row in enumerate(rows, 2):
        if row.text not in row.sentence:
            raise InputError(f"{path}, line {number}: {row.text!r} does not stand in the sentence.")
    return rows


def is_right(row: DateRow, found: Sequence[tuple[Span, DateInterval]]) -> bool:
    """Tell whether the expressions found are what the row wants."""
    if not row.text:
        return not found
    start = row.sentence.index(row.text)
    over = [d for span, d in found if span[0] < start + len(row.text) and start < span[1]]
    return [(d.start, d.end, d.precision) for d in over] == [(row.start, row.end, row.precision)]


def _default_parser() -> Parser:
    settings = Settings()
    words = words_of(load_languages(read_folders(())), settings.language)
    most, batch = settings.max_sentence_tokens, settings.batch_sentences
    return Parser(settings.pipelines[settings.language], words, most=most, batch=batch)
