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
Model = Annotated[
    bool, typer.Option("--model/--no-model", help="Ask the learned judge where patterns are silent or disagree.")
]
MinConfidence = Annotated[
    float,
    typer.Option(
        "--min-confidence", metavar="P", min=0.0, max=1.0,
        help="Only records that are right at least this often, from 0 to 1; see *Confidence* in the documentation.",
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
StoreFolder = Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder that holds the store.")]


def settings_of(knowledge: Iterable[Path] | None, codebook: str = "", *, model: bool = True) -> Settings:
    """Return the settings of the environment, the folders of `--knowledge` after those that it names.

    `codebook` goes before that of the environment.
    Without `model`, events are coded by patterns alone.

    Raises InputError for an environment variable `COMMUNIQUE_...` that does not hold what it should.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from communique.settings import Settings

    try:
        found = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"COMMUNIQUE_{first['loc'][0]}".upper()
        raise InputError(f"{name} is {first['input']!r}: {first['msg']}. Correct it or unset it.") from None
    except SettingsError as error:  # a list or table that is not JSON
        raise InputError(f"{error}. Write the variable COMMUNIQUE_... as JSON, or unset it.") from None
    changes: dict[str, object] = {
        "knowledge": (*found.knowledge, *(knowledge or ())), "judge": found.judge and model,
        **({"codebook": codebook} if codebook else {}),
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
