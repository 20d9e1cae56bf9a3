"""The reports that ship with the program, for trying it out: our own words about events of record.

`python -m communique.demo FOLDER` lays them into a folder; the documentation's examples start from there.
"""

from __future__ import annotations

from pathlib import Path

PUBLISHED = {"singapore-2018.txt": "2018-06-13", "beijing-2023.txt": "2023-03-10"}
"""The day on which each text is dated; the items of `wire.jsonl` carry theirs."""


def files() -> tuple[Path, ...]:
    """Return the example files, by name."""
    return tuple(sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".txt", ".jsonl")))


def copy_to(folder: Path) -> tuple[Path, ...]:
    """Copy the example files into `folder`, which is made if need be; return where they lie now."""
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for source in files():
        copies.append(folder / source.name)
        copies[-1].write_bytes(source.read_bytes())
    return tuple(copies)
