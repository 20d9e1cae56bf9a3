"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.errors import InputError
from communique.records import Failure, Record, Report, to_json

if TYPE_CHECKING:
    from communique.settings import Settings
    from communique.sources.item import RawItem

HELP = {"help_option_names": ["-h", "--help"]}


class Look(StrEnum):
    """How `code` and `explain` print."""

    table = "table"
    jsonl = "jsonl"


class Form(StrEnum):
    """How `show` prints."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


class Kind(StrEnum):
    """What `show` shows."""

    events = "events"
    statements = "statements"
    positions = "positions"
    reports = "reports"


Knowledge = Annotated[
    list[Path] | None,
    typer.Option(
        "--knowledge", metavar="DIR",
        help="Folder of knowledge files that add to or override the built-in ones. May be given several times.",
    ),
]  # fmt: skip
Codebook = Annotated[
    str,
    typer.Option(
        "--codebook", metavar="NAME|FILE",
        help="Codebook in the place of PLOVER: a TOML file, or a name that `communique codebook list` prints.",
    ),
]  # fmt: skip
Published = Annotated[
    str,
    typer.Option(
        "--published", metavar="DATE",
        help="Day of publication (YYYY-MM-DD), for reports that do not come with one. "
        "“Friday” or “last week” count from it.",
    ),
]  # fmt: skip
Since = Annotated[
    str,
    typer.Option(
        "--since", metavar="DATE", help="Of feeds, sitemaps and lists, read what is of this day (YYYY-MM-DD) or later."
    ),
]  # fmt: skip
Model = Annotated[
    bool, typer.Option("--model/--no-model", help="Ask the learned judge where patterns are silent or disagree.")
]
Learn = Annotated[
    bool,
    typer.Option(
        "--learn/--no-learn",
        help="Leave out what an outlet prints with story after story; see *What pages print around reports* in the "
        "documentation.",
    ),
]
MinConfidence = Annotated[
    float,
    typer.Option(
        "--min-confidence", metavar="P", min=0.0, max=1.0,
        help="Only records that are right at least this often, from 0 to 1; see *Confidence* in the documentation.",
    ),
]  # fmt: skip
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN,...",
        help="Which column of a table, or key of JSON, holds what: text, id, published, title, url, outlet, language. "
        "Common names are known.",
    ),
]  # fmt: skip
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=0, help="Code in N processes; 0: one on each core.")
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine", metavar="NAME",
        help="Where to code: local, processes, dask, or an engine of your own. Follows from --jobs if not given.",
    ),
]  # fmt: skip
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="A dask scheduler whose workers are to code, as tcp://host:8786."
    ),
]
Looks = Annotated[Form, typer.Option("--format", help="For people, for spreadsheets, or one JSON object a line.")]
Origin = Annotated[
    str, typer.Option("--origin", metavar="PREFIX", help="Only inputs whose origin begins so: a file, a folder.")
]
DataOrigin = Annotated[
    str | None,
    typer.Option(
        "--origin", metavar="NAME",
        help="Records of one dataset: communique for what was coded here, or the format of an import (icews).",
    ),
]  # fmt: skip
FromDay = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="From this day, month (2022-02) or year (2022) on.")
]
UntilDay = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Up to this day, month or year, included.")
]
Raw = Annotated[
    bool, typer.Option("--raw", help="Records as they were coded, without what people corrected.")
]  # fmt: skip
StoreFolder = Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder that holds the store.")]


def settings_of(
    knowledge: Iterable[Path] | None, codebook: str = "", *, model: bool = True, columns: Iterable[str] | None = None,
    since: str = "",
) -> Settings:  # fmt: skip
    """Return the settings of the environment, the folders of `--knowledge` after those that it names.

    `codebook` and `since` go before those of the environment.
    Without `model`, events are coded by patterns alone. `columns` are the pairs of `--map`.

    Raises InputError for an environment variable `COMMUNIQUE_...` or a pair that does not hold what it should.
    """
    from communique.settings import from_environment
    from communique.sources.columns import parse_map

    found = from_environment()
    changes: dict[str, object] = {
        "knowledge": (*found.knowledge, *(knowledge or ())), "judge": found.judge and model,
        **({"codebook": codebook} if codebook else {}), **({"since": since} if since else {}),
        **({"columns": {**found.columns, **parse_map(columns)}} if columns else {}),
    }  # fmt: skip
    return found.model_copy(update=changes)


def day(text: str) -> str:
    """Return the ISO day that an option names, "" for none. Raises InputError with what to write."""
    from communique.reading.day import parse_day

    return parse_day(text) if text else ""


def items_of(paths: Iterable[str], settings: Settings, **known: str) -> Iterator[RawItem | Failure]:
    """Yield the reports at `paths`; what an item does not say itself is taken from `known`.

    A path that cannot be read is yielded as a Failure, and the others go on.
    """
    from dataclasses import replace

    from communique.sources.files import read_path

    for path in paths:
        try:
            for item in read_path(path, settings):
                if isinstance(item, Failure):
                    yield item
                else:
                    yield replace(item, **{k: v for k, v in known.items() if v and not getattr(item, k)})
        except InputError as error:
            yield Failure(source=path, stage="source", cause=str(error))


def print_lines(records: Iterable[Report | Record]) -> None:
    """Print each record as a line of JSON in UTF-8, whatever the encoding of the terminal."""
    sys.stdout.flush()
    for record in records:
        sys.stdout.buffer.write(f"{to_json(record)}\n".encode())
    sys.stdout.buffer.flush()


def failure_line(failure: Failure) -> str:
    """Return a failure as one line: where it came from, the stage, the cause."""
    which = f" ({failure.source_id})" if failure.source_id else ""
    return f"{failure.source}{which}: {failure.stage}: {failure.cause}"
