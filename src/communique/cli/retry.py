"""`communique retry`: read again what failed, and what a damaged file of the store has lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import FAILED, STOPPED, tell
from communique.cli.keeping import Keeper, coded
from communique.cli.options import Codebook, Knowledge, Model, StoreFolder, failure_line, settings_of
from communique.cli.text import counted

if TYPE_CHECKING:
    from communique.settings import Settings
    from communique.sources.item import RawItem
    from communique.store import LedgerLine, Store


def retry(
    store: StoreFolder,
    stage: Annotated[
        str, typer.Option("--stage", metavar="STAGE", help="Only what failed at this stage (`status` names them).")
    ] = "",
    origin: Annotated[
        str, typer.Option("--origin", metavar="PREFIX", help="Only inputs whose origin begins so: a file, a folder.")
    ] = "",
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
) -> None:
    """Read again what failed, from where it came.

    Of a large file only the inputs that failed are coded, in one pass. What is there no more is named and stays in
    the ledger. Every file of the store is checked first: reports in a file that is torn or missing are read again
    from their inputs, too. Knowledge and settings are those of now.

    Examples:

    - `communique retry --store news`

    - `communique retry --store news --stage source --origin archive/2021`
    """
    settings = settings_of(knowledge, codebook, model=model)
    from communique.store import Store
    from communique.store.again import lost_still

    with Store.open(store, write=True) as opened:
        opened.writer.set_aside(thorough=True)
        lines = opened.inputs("failed", origin=origin, stage=stage)
        if not lines:
            print("Nothing to read again.")
            return
        keeper = Keeper(opened)
        _retry(opened, lines, settings, keeper)
        opened.writer.sweep()
        failures = [*keeper.tally.failures, *lost_still(opened, lines)]
    for failure in failures:
        tell(failure_line(failure))
    tried, kept = counted(len(lines), "input"), counted(keeper.tally.kept, "report")
    print(f"{tried} tried again: {kept} read, {keeper.tally.there:,} already there, {len(failures):,} failed.")
    if failures:
        raise typer.Exit(FAILED)


def _retry(store: Store, lines: list[LedgerLine], settings: Settings, keeper: Keeper) -> None:
    """Read `lines` again and keep what they give; on Ctrl-C keep what is coded and exit."""
    from communique.cli import progress
    from communique.store.again import rounds

    with progress.bar() as bar:
        try:
            task = bar.add_task("loading the language model", total=None)

            from communique.cli.loading import load_coder

            coder = load_coder(settings)
            bar.update(task, description="reading", total=len(lines))

            def wanted(item: RawItem) -> bool:
                new = keeper.begin(item, coder.read(item).report.id)
                bar.advance(task, 0 if new else 1)
                return new

            for items in rounds(store, lines, settings):
                for found in coded(coder, items, wanted):
                    keeper.add(found)
                    bar.advance(task)
                keeper.keep()
        except KeyboardInterrupt:
            keeper.keep()
            bar.stop()
            tell(f"stopped: {counted(keeper.tally.kept, 'report')} kept; run the same command again to go on.")
            raise typer.Exit(STOPPED) from None
