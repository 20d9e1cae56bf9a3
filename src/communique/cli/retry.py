"""`communique retry`: read again what failed, and what a damaged file of the store has lost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import FAILED, STOPPED, tell
from communique.cli.options import Codebook, Knowledge, Model, Origin, StoreFolder, failure_line, settings_of
from communique.showing.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.engines import Tally
    from communique.exchange.restoring import Restored
    from communique.settings import Settings
    from communique.store import LedgerLine, Store


def retry(
    store: StoreFolder,
    stage: Annotated[
        str, typer.Option("--stage", metavar="STAGE", help="Only what failed at this stage (`status` names them).")
    ] = "",
    origin: Origin = "",
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
) -> None:
    """Read again what failed, from where it came.

    Of a large file only the inputs that failed are coded, in one pass. What is there no more is named and stays in
    the ledger. Every file of the store is checked first: reports in a file that is torn or missing are read again
    from their inputs, too, imported files among them. Knowledge and settings are those of now. Rows that
    `communique import` set aside are not tried again: mend the file and import it once more.

    Examples:

    - `communique retry --store news`

    - `communique retry --store news --stage source --origin archive/2021`
    """
    settings = settings_of(knowledge, codebook, model=model)
    from communique.exchange.restoring import is_import
    from communique.store import Store
    from communique.store.again import lost_still

    with Store.open(store, write=True) as opened:
        opened.writer.set_aside(thorough=True)
        lines = [line for line in opened.inputs("failed", origin=origin, stage=stage) if not is_import(line)]
        imported = _imported(opened, origin, stage)
        if not lines:
            opened.writer.sweep()
            if imported.failures:
                raise typer.Exit(FAILED)
            if not imported.files:
                print("Nothing to read again.")
            return
        tally = _read(opened, lines, settings)
        opened.writer.sweep()
        lost = lost_still(opened, lines)
    for failure in (*tally.failures, *lost):
        tell(failure_line(failure))
    failed = tally.failed + len(lost)
    tried, kept = counted(len(lines), "input"), counted(tally.kept, "report")
    print(f"{tried} tried again: {kept} read, {tally.there:,} already there, {failed:,} failed.")
    if failed or imported.failures:
        raise typer.Exit(FAILED)


def _read(store: Store, lines: Sequence[LedgerLine], settings: Settings) -> Tally:
    """Read again what the lines of the ledger tell of, and return what that did."""
    from communique.cli import progress
    from communique.engines import Driver
    from communique.store.again import rounds
    from communique.store.furniture import learn_into

    with progress.bar() as bar:
        repeated = partial(learn_into, store, ())
        driver = Driver(store, settings, watcher=progress.Watching(bar, len(lines)), repeated=repeated)
        try:
            for items in rounds(store, lines, settings):
                driver.run(items)
        except KeyboardInterrupt:
            bar.stop()
            tell(f"stopped: {counted(driver.tally.kept, 'report')} kept; run the same command again to go on.")
            raise typer.Exit(STOPPED) from None
    return driver.tally


def _imported(store: Store, origin: str, stage: str) -> Restored:
    """Take in again what the store has lost of imports, and say what that did."""
    from communique.exchange.restoring import Restored, restore

    imported = restore(store, origin) if stage in ("", "store", "import") else Restored()
    for failure in imported.failures:
        tell(failure_line(failure))
    if imported.files:
        again = counted(imported.files, "file")
        print(f"{again} imported again: {counted(imported.reports, 'lost report')} back.")
    return imported
