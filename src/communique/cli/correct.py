"""`communique correct`: say of records that they are right, wrong, should read otherwise, or were missed."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli.failing import guarded
from communique.cli.options import HELP, Codebook, Knowledge, Look, StoreFolder, settings_of
from communique.errors import InputError, QueryError
from communique.records import Event, Record, to_dict
from communique.showing import finding
from communique.showing.text import clean, counted, short

if TYPE_CHECKING:
    from communique.store import Correction, Store

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", context_settings=HELP)
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a record; a beginning that is unique will do.")]
Who = Annotated[str, typer.Option(metavar="NAME", help="Who says so; if not given, who is logged in.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Why, for those who read it later.")]
_STANDS = {
    "holds": "", "found": "the coder finds it now", "gone": "the record is gone", "superseded": "a later one holds",
    "unread": "its report is not in the store",
}  # fmt: skip


@app.callback()
def _correct() -> None:
    """Correct the records of a store: accept, reject or amend them, add what was missed.

    Who said so and when is kept, and all that is asked of the store sees the records as corrected; `communique show
    --raw` shows them as they were coded. Corrections hold over another coding of the same reports.
    """


@app.command()
@guarded
def accept(id: Id, store: StoreFolder, who: Who = "", note: Note = "") -> None:
    """Say that a record is right as it stands.

    Examples:

    - `communique correct accept e4f81c --store news`
    """
    _say("accept", id, store, who, note)


@app.command()
@guarded
def reject(id: Id, store: StoreFolder, who: Who = "", note: Note = "") -> None:
    """Say that a record is wrong: it is left out from now on.

    Examples:

    - `communique correct reject e4f81c --store news --note "the visit was called off"`
    """
    _say("reject", id, store, who, note)


@app.command()
@guarded
def withdraw(id: Id, store: StoreFolder, who: Who = "", note: Note = "") -> None:
    """Take back what was said of a record: it is again as it was coded.

    Examples:

    - `communique correct withdraw e4f81c --store news`
    """
    _say("withdraw", id, store, who, note)


@app.command()
@guarded
def amend(
    id: Id, store: StoreFolder,
    to: Annotated[
        list[str],
        typer.Option("--set", metavar="FIELD=VALUE", help="What it should be; VALUE is text or JSON. May be repeated."),
    ],
    who: Who = "", note: Note = "", knowledge: Knowledge = None, codebook: Codebook = "",
) -> None:  # fmt: skip
    """Say how a record should read.

    The fields are those of `show --format jsonl`. Where the type of an event changes, its CAMEO code, quad and scores
    follow from the codebook, unless they are given.

    Examples:

    - `communique correct amend e4f81c --store news --set type=ACCUSE --set status=denied`

    - `communique correct amend p11f0a --store news --set stance=support`
    """
    from communique.store import Correction, Store

    changes = dict(_pair(each) for each in to)
    with Store.open(store) as opened:
        record = opened.record(finding.record_id(opened, id))
        becomes = _changed(record, changes)
        if isinstance(becomes, Event) and {"type", "mode"} & changes.keys():
            becomes = _scored(becomes, changes, knowledge, codebook)
        done = opened.correct(Correction("amend", record.id, _who(who), becomes, note))
    print(f"{done.record}: amended.")


@app.command()
@guarded
def add(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Records, one JSON object a line; - is standard input.")],
    store: StoreFolder,
    who: Who = "",
    note: Note = "",
) -> None:
    """Add records that were missed, in the form of `show --format jsonl`; they need no id.

    Examples:

    - `communique correct add missed.jsonl --store news`
    """
    from communique.store import Correction, Store
    from communique.store.corrections import record_of

    records = [_read(record_of, {"id": "", **row}, where) for where, row in _rows(file)]
    with Store.open(store) as opened:
        for record in records:
            done = opened.correct(Correction("add", "", _who(who), record, note))
            print(f"{done.record}: added.")


@app.command("list")
@guarded
def list_(
    store: StoreFolder, format: Annotated[Look, typer.Option("--format", help="For people, or JSON.")] = Look.table
) -> None:
    """List the corrections of a store, and how each stands.

    Examples:

    - `communique correct list --store news`
    """
    from communique.store import Store
    from communique.store.corrections import to_plain

    with Store.open(store) as opened:
        standings = opened.standings()
    if format is Look.jsonl:
        _print({**to_plain(each.correction), "state": each.state, "now": each.record} for each in standings)
        return
    if not standings:
        print("Nothing was corrected.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("when", "who", "what", "record", "", "note"):
        table.add_column(name)
    for each in standings:
        said = each.correction
        cells = (said.at[:10], said.who, said.action, short(said.record), _STANDS[each.state], said.note)
        table.add_row(*(Text(clean(cell)) for cell in cells))
    render.show(render.console(), table)


@app.command()
@guarded
def export(store: StoreFolder) -> None:
    """Print all corrections, one JSON object a line, for `communique correct import` and for `communique evaluate`.

    Examples:

    - `communique correct export --store news > corrections.jsonl`
    """
    from communique.store import Store
    from communique.store.corrections import to_plain

    with Store.open(store) as opened:
        _print(map(to_plain, opened.corrections()))


@app.command("import")
@guarded
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `export` printed; - is standard input.")],
    store: StoreFolder,
) -> None:
    """Take over corrections that were made in another store, all or none; those that are there already stay once.

    Examples:

    - `communique correct import corrections.jsonl --store news-coded-again`
    """
    from communique.store import Store
    from communique.store.corrections import from_plain

    found: list[Correction] = [_read(from_plain, row, where) for where, row in _rows(file)]
    with Store.open(store) as opened:
        new = opened.import_corrections(found)
    print(f"{counted(new, 'correction')} taken over, {len(found) - new} already there.")


def _say(action: Any, id: str, folder: Path, who: str, note: str) -> None:
    from communique.store import Correction, Store

    with Store.open(folder) as opened:
        done = opened.correct(Correction(action, _record_id(opened, id), _who(who), None, note))
    past = {"accept": "accepted", "reject": "rejected", "withdraw": "as it was coded"}
    print(f"{done.record}: {past[action]}.")


def _record_id(store: Store, start: str) -> str:
    """Return the id of a record, also of one that was rejected."""
    said = {each.record for each in store.corrections() if each.record.startswith(start.strip().lower())}
    try:
        return finding.record_id(store, start)
    except QueryError:
        if len(said) == 1:
            return said.pop()
        raise


def _who(name: str) -> str:
    return name or getpass.getuser()


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is no FIELD=VALUE.")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _changed(record: Record, changes: Mapping[str, Any]) -> Record:
    from communique.store.corrections import record_of

    plain = to_dict(record)
    for name in changes:
        if name not in plain or name in ("kind", "id", "report"):
            raise QueryError(f"No field {name!r} can be set. `communique show --format jsonl` shows which there are.")
    changed: Record = _read(record_of, {**plain, **changes}, "--set")
    return changed


def _scored(event: Event, changes: Mapping[str, Any], knowledge: list[Path] | None, codebook: str) -> Event:
    """Return an event of another type with the quad, CAMEO code and scores of that; raises QueryError for no type."""
    from communique.errors import unknown
    from communique.knowledge import load_knowledge

    settings = settings_of(knowledge, codebook)
    book = load_knowledge(settings.folders, settings.codebook_file).codebook
    if event.type not in book.types:
        raise QueryError(unknown("event type", event.type, book.types, most=20))
    mode = event.mode if "mode" in changes else ""
    follows: dict[str, Any] = {name: v for name, v in book.follows(event.type, mode).items() if name not in changes}
    return replace(event, mode=mode, **follows)


def _rows(file: str) -> Iterable[tuple[str, dict[str, Any]]]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file!r} cannot be read ({error}). Give a file with one JSON object a line.") from None
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            row = _read(json.loads, line, f"{file}:{number}")
            if not isinstance(row, dict):
                raise InputError(f"{file}:{number}: no JSON object. Write one a line.")
            rows.append((f"{file}:{number}", row))
    return rows


def _read(reader: Any, given: Any, where: str) -> Any:
    try:
        return reader(given)
    except (InputError, KeyError, TypeError, ValueError) as error:
        cause = f"no field {error}" if isinstance(error, KeyError) else error
        raise InputError(f"{where}: {cause}") from None


def _print(rows: Iterable[Mapping[str, Any]]) -> None:
    sys.stdout.flush()
    for row in rows:
        sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
