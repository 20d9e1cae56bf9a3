"""`communique index`: bring the readers' index of a store up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from communique.cli.failing import tell
from communique.showing.text import counted


def index(
    store: Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder that holds the store.")],
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing.")] = False,
) -> None:
    """Bring the index of a store up to date, by which pages and searches look things up.

    `communique serve` and a search do so themselves. After reading very much it saves the first reader the wait. The
    index, and what is kept beside it for alignment, follow from the store and may be deleted at any time.

    Example:

    - `communique index --store news`
    """
    from communique.store import Store

    with Store.open(store) as opened:
        added = opened.index()
        opened.keep_summaries()
    if not quiet:
        done = f"{counted(added, 'report')} added to the index" if added else "Nothing was missing in the index"
        tell(f"{done} of {store}.")
