"""`communique furniture`: what outlets print with story after story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import tell
from communique.cli.options import Knowledge, items_of, settings_of
from communique.errors import CommuniqueError, InputError
from communique.records import Failure
from communique.showing.text import counted

if TYPE_CHECKING:
    from communique.knowledge.furniture import FurnitureBook
    from communique.knowledge.repeated import Repeated
    from communique.reading.repeated import Learned
    from communique.settings import Settings
    from communique.store.store import Store

_FILE = "repeated.toml"
_HEAD = """# Paragraphs that outlets print with story after story, as `communique furniture` learned them.
# Delete an entry whose text is reporting. Capitals, quotes, numbers and dates may be others.

[file]
version = "1"
source = "learned by communique furniture"
"""


def furniture(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH...]", help="Reports to learn from, as for `communique read`.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", metavar="DIR", help="List what was learned while reading into this store.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help=f"Write what is listed to DIR/{_FILE}, for `--knowledge DIR`."),
    ] = None,
    refuse: Annotated[
        str,
        typer.Option("--refuse", metavar="TEXT", help="Read this paragraph as reporting from now on."),
    ] = "",
    knowledge: Knowledge = None,
) -> None:
    """Show the paragraphs that outlets print with story after story, which are left out of what is coded.

    `communique read` learns them from its inputs and keeps them in the store.

    Examples:

    - `communique furniture --store news`

    - `communique furniture archive/ --write my-knowledge`

    - `communique furniture --store news --refuse "The death toll cannot be checked."`
    """
    if bool(paths) == bool(store):
        raise InputError("Give files to learn from, or a store with --store; one of the two.")
    if refuse:
        _refuse(store, refuse)
        return
    found = _of_store(store) if store else _of_files(paths or [], settings_of(knowledge))
    _print(found)
    if write:
        _write(write, found)


def learned(paths: Iterable[str], settings: Settings, store: Store, book: FurnitureBook) -> Repeated:
    """Return what outlets repeat, learned from those `paths` that can be read twice and from the store, and kept there.

    To be called before anything is coded. Raises StoreError.
    """
    from communique.store.furniture import learn_into

    return learn_into(store, stories_of(twice_readable(paths), settings), book)


def twice_readable(paths: Iterable[str]) -> list[str]:
    """Return the paths that are files, folders or patterns of them here: no standard input, address, pipe or device."""
    from communique.sources.trees import is_pattern, scheme_of

    found = []
    for path in paths:
        with suppress(OSError, ValueError):  # no path at all: reading it says so
            here = path != "-" and not scheme_of(path)
            if here and (Path(path).is_file() or Path(path).is_dir() or is_pattern(path)):
                found.append(path)
    return found


def stories_of(paths: Iterable[str], settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield text, outlet and day of the reports at `paths`; what cannot be read is left to the reading proper."""
    from communique.knowledge.repeated import outlet_of
    from communique.reading.day import parse_day
    from communique.reading.opened import opened

    for item in items_of(paths, settings):
        if isinstance(item, Failure):
            continue
        with suppress(CommuniqueError):
            item, text = opened(item, settings)
            day = ""
            with suppress(InputError):
                day = parse_day(item.published.strip()) if item.published.strip() else ""
            if len(text) <= settings.max_report_chars:
                yield text, outlet_of(item.outlet, item.url), day


def _book(settings: Settings) -> FurnitureBook:
    from communique.knowledge import load_knowledge

    return load_knowledge(settings.folders, settings.codebook_file).furniture


def _of_store(store: Path) -> list[Learned]:
    from communique.store import Store

    with Store.open(store) as opened:
        return opened.furniture.all()


def _of_files(paths: list[str], settings: Settings) -> list[Learned]:
    from communique.reading.repeated import Learner

    learner = Learner(_book(settings))
    for text, outlet, day in stories_of(paths, settings):
        if learner.wants(outlet):
            learner.add(text, outlet, day)
    return learner.found()


def _refuse(store: Path | None, text: str) -> None:
    from communique.store import Store

    if store is None:
        raise InputError("--refuse needs --store. In a knowledge file, delete the entry.")
    with Store.open(store, write=True) as opened:
        known = opened.furniture.refuse(text)
    if not known:
        raise InputError(f"No outlet repeats {text!r}. `communique furniture --store {store}` lists what was learned.")
    tell(f"read as reporting from now on; it was repeated by {counted(known, 'outlet')}.")


def _print(found: list[Learned]) -> None:
    if not found:
        print("Nothing was learned: no paragraph stands in enough stories of an outlet.")
    for outlet, those in groupby(found, key=lambda each: each.outlet):
        rows = list(those)
        print(f"{outlet or '(no outlet)'}: {counted(rows[0].of, 'story', 'stories')}")
        for each in rows:
            print(f"{each.stories:>7,}  {' '.join(each.text.split())}")


def _write(folder: Path, found: list[Learned]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries = [
        f"\n[[repeated]]\noutlet = {_quoted(each.outlet)}\ntext = {_quoted(each.text)}\nstories = {each.stories}\n"
        for each in found
    ]
    (folder / _FILE).write_text(_HEAD + "".join(entries), encoding="utf-8")
    tell(f"{counted(len(found), 'paragraph')} written to {folder / _FILE}.")


def _quoted(text: str) -> str:
    """Return `text` as a TOML string; JSON's escapes are TOML's, too, but for the character DEL."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
