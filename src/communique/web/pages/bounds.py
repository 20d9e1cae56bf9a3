"""What a page says where it looked at the newest records only, and what it left out of a list."""

from __future__ import annotations


def among(looked: int, total: int, what: str) -> str:
    """Return a line for people where only the newest `looked` of `total` records were looked at, else ""."""
    return f"Looked for among the newest {looked:,} of {total:,} {what}." if total > looked else ""
