"""`communique read`: code reports and keep them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import FAILED, STOPPED, tell
from communique.cli.keeping import Keeper, Tally, coded
from communique.cli.options import (
    Codebook,
    Knowledge,
    Model,
    Published,
    StoreFolder,
    day,
    failure_line,
    items_of,
    settings_of,
)
from communique.cli.text import counted
from communique.records import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.settings import Settings
    from communique.sources.item import RawItem
    from communique.store.store import Store

_MERGED = 16  # small parts that a store collects before they are merged into larger ones


def read(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Text files, JSONL files, folders of them, or -.")
    ],
    store: StoreFolder,
    published: Published = "",
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
) -> None:
    """Code reports and keep them, with their records, in a store.

    A store is a folder; it is made if it is not there. Reports that the store holds already are not coded again, so
    the same command can be run again at any time: after new files have come, after a failure, after Ctrl-C. A line of
    a JSONL file is a report with `text` and, where known, `id`, `date`, `title`, `source` and `url`. An input that
    fails is listed at the end and does not stop the others.

    Examples:

    - `communique read report.txt --published 2022-02-04 --store news`

    - `communique read archive/ wire.jsonl --store news`

    - `zcat wire.jsonl.gz | communique read - --store news --knowledge my-knowledge`
    """
    settings = settings_of(knowledge, codebook, model=model)
    items = items_of(paths, settings, published=day(published))
    failures, first = _first(items)
    if first is None and not store.exists():
        _close(Tally(failures=failures))  # nothing to keep: no store is made
        return

    from communique.store import Store

    with Store.open_or_create(store) as opened:
        opened.writer.told(published=day(published))
        keeper = Keeper(opened)
        if first is None:
            for failure in failures:
                keeper.add(failure)
            keeper.keep()
        else:
            _read_all(chain(failures, [first], items), settings, keeper, paths)
            _compact(opened)
    _close(keeper.tally)


def _read_all(items: Iterator[RawItem | Failure], settings: Settings, keeper: Keeper, paths: list[str]) -> None:
    """Code and keep `items`; on Ctrl-C keep what is coded and exit."""
    from communique.cli import progress

    with progress.bar() as bar:
        try:
            task = bar.add_task("loading the language model", total=None)

            from communique.cli.loading import load_coder

            coder = load_coder(settings)
            bar.update(task, description="reading", total=progress.expected(paths))

            def wanted(item: RawItem) -> bool:
                # Reading is cheap beside parsing: it is done here once more, to know what is there already.
                new = keeper.begin(item, coder.read(item).report.id)
                bar.advance(task, 0 if new else 1)
                return new

            for found in coded(coder, items, wanted):
                keeper.add(found)
                bar.advance(task)
            keeper.keep()
        except KeyboardInterrupt:
            keeper.keep()
            bar.stop()
            tell(f"stopped: {counted(keeper.tally.kept, 'report')} kept; run the same command again to go on.")
            raise typer.Exit(STOPPED) from None


def _first(items: Iterator[RawItem | Failure]) -> tuple[list[Failure], RawItem | None]:
    """Return the first item that can be read, if there is any, and the failures before it."""
    failures: list[Failure] = []
    for item in items:
        if not isinstance(item, Failure):
            return failures, item
        failures.append(item)
    return failures, None


def _compact(store: Store) -> None:
    store.writer.compact(at_least=_MERGED)


def _close(tally: Tally) -> None:
    """Print the failures and the closing line; exit with 1 if there was a failure."""
    for failure in tally.failures:
        tell(failure_line(failure))
    print(tally.line())
    if tally.failures:
        raise typer.Exit(FAILED)
