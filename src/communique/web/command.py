"""`communique serve`: open a store in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    store: Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder that holds the store.")],
) -> None:
    """Open a store in a browser."""
