"""Whether a folder is a store, could become one, or is neither."""

from __future__ import annotations

from pathlib import Path

from communique.errors import StoreError
from communique.store.catalogue import NAME
from communique.store.writer import LOCK


def check_store(path: Path) -> None:
    """Raise StoreError, which says what to do, for what is no store."""
    if not path.exists():
        raise StoreError(f"No store at {str(path)!r}. `communique read PATH --store {path}` makes one.")
    if not path.is_dir():
        raise StoreError(f"{str(path)!r} is a file, not a folder. Give the folder of a store, or a new one.")
    if not (path / NAME).is_file() or not (path / "parts").is_dir():
        raise StoreError(no_store(path))


def is_free(path: Path) -> bool:
    """Whether a folder is empty, or holds only what an interrupted `create` leaves."""
    for found in path.iterdir():
        left = found.name == LOCK or found.name.startswith(f"{NAME}.new")
        if not left and not (found.name == "parts" and found.is_dir() and not any(found.iterdir())):
            return False
    return True


def no_store(path: Path) -> str:
    """Say that a folder is no store, and what to give."""
    if (path / LOCK).is_file() and any((path / "parts").glob("*/*.parquet")):
        return (
            f"The store {str(path)!r} has lost its {NAME}. Put that back from a backup, "
            "or read all into a new store, in another folder."
        )
    return (
        f"{str(path)!r} is no store: it holds other things, and no {NAME}. "
        "Give the folder of a store, or a new or empty one for `communique read` to make it in."
    )
