"""`communique import`: event data of other programs into a store, beside our own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import FAILED, STOPPED, tell
from communique.cli.options import StoreFolder
from communique.errors import InputError, QueryError
from communique.showing.text import counted

if TYPE_CHECKING:
    from communique.exchange.formats import Taken

NAMES = "gdelt1|gdelt2|icews|polecat|plover|acled"
_GIVEN = 0.5  # nobody knows how often a row of a dataset is right
_MERGED = 8  # small parts that are worth merging: one comes of each small file


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files, as they come: .csv, .tsv, .tab, .zip, .gz; or folders of them."),
    ],
    store: StoreFolder,
    format: Annotated[str, typer.Option("--format", metavar=NAMES, help="The format of the files.")],
    confidence: Annotated[
        float,
        typer.Option("--confidence", metavar="P", min=0.0, max=1.0,
                     help="The confidence that imported events get; it weighs them against ours in scores."),
    ] = _GIVEN,
) -> None:  # fmt: skip
    """Take event data of other programs into a store, beside what was coded here.

    Events are then asked for, aligned, mapped and shown as ours are, by --origin apart. A report stands for each story,
    address or day that the rows name; it has no text. The same file again adds nothing. Rows that cannot be read are
    counted and kept in a file of the store, with line and reason; `communique status` sums them.

    Examples:

    - `communique import --format gdelt1 20130401.export.CSV.zip --store news`

    - `communique import --format icews events.2018.tab --store news`

    - `communique import --format gdelt2 gdelt/2024-06 --store news`

    - `communique import --format polecat ngecEvents.DV.2024.txt.zip --store news`
    """
    from communique.exchange.registry import format_of, readable
    from communique.store import Store

    chosen = format_of(format)
    if chosen.read is None:
        raise QueryError(f"The format {format!r} is written only. Read are: {', '.join(readable())}.")
    files = [file for path in paths for file in _files(path)]
    aside = failed = 0
    with Store.open_or_create(store) as opened:
        opened.writer.told(format=chosen.name, confidence=confidence)
        for path in files:
            try:
                taken = chosen.read(opened, path, confidence)
            except InputError as error:
                tell(str(error))
                failed += 1
            except KeyboardInterrupt:
                tell(f"stopped: nothing of {str(path)!r} is kept; run the same command again to go on.")
                raise typer.Exit(STOPPED) from None
            else:
                print(_said(path, taken))
                aside += taken.aside
        opened.writer.compact(at_least=_MERGED)
    if chosen.unread and failed < len(files):
        tell(f"Not kept of {chosen.title}: {'; '.join(chosen.unread)}.")
    if failed or aside:
        raise typer.Exit(FAILED)


def _files(path: Path) -> list[Path]:
    """Return a file, or those in a folder, by name. Raises InputError where there is none."""
    if path.is_file():
        return [path]
    found = sorted(each for each in path.glob("*") if each.is_file() and not each.name.startswith("."))
    if not found:
        what = "no file in the folder" if path.is_dir() else "no file"
        raise InputError(f"There is {what} {str(path)!r}. Give the paths of files, or of folders that hold them.")
    return found


def _said(path: Path, taken: Taken) -> str:
    parts = [
        f"{path.name}: {counted(taken.rows, 'row')}: {counted(taken.new, 'record')} new, {taken.there:,} already there"
    ]
    parts += [f"{n:,} {what}" for what, n in taken.notes.items()]
    line = ", ".join(parts) + "."
    if taken.aside:
        line += f" {counted(taken.aside, 'row')} set aside: {taken.aside_file}"
    return line
