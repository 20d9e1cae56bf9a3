"""`communique read`: code reports and keep them."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import FAILED, STOPPED, tell
from communique.cli.options import (
    Codebook,
    Engine,
    Jobs,
    Knowledge,
    Learn,
    Map,
    Model,
    Published,
    Scheduler,
    Since,
    StoreFolder,
    day,
    failure_line,
    items_of,
    settings_of,
)
from communique.records import Failure
from communique.showing.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from communique.engines import Driver, Tally
    from communique.sources.item import RawItem

_SHOWN_KINDS = 5


def read(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Texts, pages, PDF, tables, JSON, web archives, packed or in archives; folders and patterns of them; "
            "addresses of pages, feeds and sitemaps; object stores (s3://bucket/news); or -.",
        ),
    ],
    store: StoreFolder,
    published: Published = "",
    since: Since = "",
    map: Map = None,
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
    learn: Learn = True,
    jobs: Jobs = 1,
    engine: Engine = "",
    scheduler: Scheduler = "",
) -> None:
    """Code reports and keep them, with their records, in a store.

    A store is a folder; it is made if it is not there. Reports that the store holds already are not coded again, so
    the same command can be run again at any time: after new files have come, after a failure, after Ctrl-C. A row of
    a table, or a line of JSON, is a report with `text` and, where known, `id`, `date`, `title`, `source` and `url`;
    other names are given with `--map`. An input that fails is listed at the end and does not stop the others.

    Examples:

    - `communique read report.txt --published 2022-02-04 --store news`

    - `communique read archive/ wire.jsonl --store news`

    - `communique read 'archive/**/*.html' CC-NEWS-20240101-00001.warc.gz --store news --jobs 4`

    - `communique read export.csv --map text=body,published=date --store news`

    - `cat wire.jsonl | communique read - --store news --knowledge my-knowledge`
    """
    from communique.cli.furniture import learned
    from communique.engines import Driver
    from communique.engines.choose import engine_for

    settings = settings_of(knowledge, codebook, model=model, columns=map, since=day(since))
    engine_for(engine, jobs, scheduler)  # before a store is made
    items = items_of(paths, settings, published=day(published))
    failures, first = _first(items)
    if first is None and not store.exists():
        _close(paths, failures)  # nothing to keep: no store is made
        return

    from communique.store import Store

    with Store.open_or_create(store) as opened:
        opened.writer.told(published=day(published), settings={"columns": dict(settings.columns)} if map else {})
        repeated = partial(learned, paths, settings, opened) if learn and first is not None else None
        driver = partial(Driver, opened, settings, engine=engine, jobs=jobs, scheduler=scheduler, repeated=repeated)
        tally = _run(driver, paths, chain(failures, () if first is None else (first,), items))
    _close(paths, tally.failures, tally)


def _tell_passed_over(paths: list[str]) -> None:
    """Say which files of the folders were not looked at, lest somebody believes that they were read."""
    from communique.cli import progress

    kinds = progress.passed_over(paths)
    if kinds:
        often = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        shown = ", ".join(f"{suffix} ({number:,})" for suffix, number in often[:_SHOWN_KINDS])
        more = " and others" if len(kinds) > _SHOWN_KINDS else ""
        were = "was" if kinds.total() == 1 else "were"
        tell(f"{counted(kinds.total(), 'file')} {were} passed over, of no kind that is read: {shown}{more}.")


def _run(driver_of: Callable[..., Driver], paths: list[str], items: Iterable[RawItem | Failure]) -> Tally:
    """Code and keep `items`, and show how it goes on; on Ctrl-C exit after what was begun is kept."""
    from communique.cli import progress

    with progress.bar() as bar:
        driver = driver_of(watcher=progress.Watching(bar, progress.expected(paths)))
        try:
            return driver.run(items)
        except KeyboardInterrupt:
            bar.stop()
            tell(f"stopped: {counted(driver.tally.kept, 'report')} kept; run the same command again to go on.")
            raise typer.Exit(STOPPED) from None


def _first(items: Iterator[RawItem | Failure]) -> tuple[list[Failure], RawItem | None]:
    """Return the first item that can be read, if there is any, and the failures before it."""
    failures: list[Failure] = []
    for item in items:
        if not isinstance(item, Failure):
            return failures, item
        failures.append(item)
    return failures, None


def _close(paths: list[str], failures: list[Failure], tally: Tally | None = None) -> None:
    """Print what was passed over, the failures and the closing line; exit with 1 if there was a failure."""
    _tell_passed_over(paths)
    kept, there, failed = (tally.kept, tally.there, tally.failed) if tally else (0, 0, len(failures))
    for failure in failures:
        tell(failure_line(failure))
    if failed > len(failures):
        tell(f"and {failed - len(failures):,} more inputs that failed; the ledger of the store names them all.")
    skipped = f" ({tally.skipped:,} not coded: in another language)" if tally and tally.skipped else ""
    print(f"{counted(kept, 'report')} read{skipped}, {there:,} already there, {failed:,} failed.")
    if failed:
        raise typer.Exit(FAILED)
