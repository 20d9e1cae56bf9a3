"""`communique explain`: why a record is there."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli import render, why
from communique.cli.options import Codebook, Knowledge, Look, Model, Published, day, items_of, settings_of
from communique.errors import InputError, QueryError
from communique.records import Coding, Failure, Meaning, Record, Report, Trace
from communique.showing import finding

if TYPE_CHECKING:
    from communique.settings import Settings

_ID = re.compile(r"[esp][0-9a-f]{1,16}", re.IGNORECASE)
Why = tuple[Record, Report, Trace | None]


def explain(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID|WORDS",
            help="The id of a record, of which a beginning that is unique will do; or words of FILE.",
        ),
    ],
    store: Annotated[Path | None, typer.Option(metavar="DIR", help="The store that holds it.")] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Or the file that gives it, which is coded again.")
    ] = None,
    published: Published = "",
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
    format: Annotated[Look, typer.Option("--format", help="For people, or a JSON object.")] = Look.table,
) -> None:
    """Say why a record is there, or whom and where words of a report mean.

    Prints the sentence and clause, the pattern that matched and the file and line where it stands, the steps from
    there to the record, and what else was considered and why it lost. The ids are those that `code` and `show` print.
    Give the store, or the file that was coded; with a file, the same `--published`, `--knowledge` and `--codebook` as
    for `code`.

    With words of the file instead of an id it shows, wherever they stand, which actor and which place they were taken
    for, by which entry of the knowledge, and which candidates lost.

    Examples:

    - `communique explain e4f81c --store news`

    - `communique explain e4f81c --file report.txt --published 2022-02-04`

    - `communique explain Washington --file report.txt --published 2022-02-04`
    """
    if (store is None) == (file is None):
        raise typer.BadParameter("Give either --store DIR or --file FILE.")
    settings = settings_of(knowledge, codebook, model=model)
    if file is not None and not _ID.fullmatch(id):
        _explain_words(id, file, published, settings, format)
        return
    try:
        found = _from_store(id, store) if store else _from_file(id, file or "", published, settings)
    except QueryError:
        if file is None:
            raise
        _explain_words(id, file, published, settings, format)  # "peace" looks like an id and is a word
        return
    if format is Look.jsonl:
        import orjson

        sys.stdout.flush()
        sys.stdout.buffer.write(orjson.dumps(why.as_dict(*found), option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    else:
        render.show(render.console(), why.explanation(*found))


def _explain_words(words: str, file: str, published: str, settings: Settings, format: Look) -> None:
    if not words.strip():
        raise QueryError("Give the id of a record, or words of the file.")
    from communique.engines.loading import load_coder

    coder = load_coder(settings)
    found: list[tuple[Report, Meaning]] = []
    for item in items_of([file], settings, published=day(published)):
        if isinstance(item, Failure):
            raise InputError(item.cause)
        report = coder.read(item).report
        found += [(report, meaning) for meaning in coder.meanings(report.text, words, report.published)]
    if not found:
        raise QueryError(f"{words!r} does not stand in {file}. Write the words as the report has them.")
    for report, meaning in found:
        if format is Look.jsonl:
            print(json.dumps(dataclasses.asdict(meaning), ensure_ascii=False))
        else:
            render.show(render.console(), why.meaning(meaning, report))


def _from_store(start: str, folder: Path) -> Why:
    from communique.store import Store

    with Store.open(folder) as store:
        identifier = finding.record_id(store, start)
        record = store.record(identifier)
        try:
            trace = store.trace(identifier)
        except QueryError:  # stored by a program that keeps no traces
            trace = None
        return record, store.report(record.report), trace


def _from_file(start: str, file: str, published: str, settings: Settings) -> Why:
    items = list(items_of([file], settings, published=day(published)))
    for item in items:
        if isinstance(item, Failure):
            raise InputError(item.cause)

    from communique.engines.loading import load_coder

    codings: list[Coding] = []
    for result in load_coder(settings).stream(item for item in items if not isinstance(item, Failure)):
        if isinstance(result, Failure):
            raise InputError(result.cause)
        codings.append(result)
    identifier = finding.one_id(start, [record.id for coding in codings for record in coding.records], "record")
    for coding in codings:
        for record in coding.records:
            if record.id == identifier:
                trace = next((t for t in coding.traces if t.record == identifier), None)
                return record, coding.report, trace
    raise QueryError(f"No record {identifier!r} in {file}.")
