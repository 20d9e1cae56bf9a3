"""The large table of places, compiled: searched where it lies on the disk, never read into memory.

Names stand in a trie (marisa-trie) that answers which of them a text goes on with; each leads to the numbers of its
rows. `gazetteer_compile` makes the folder of four files that `open_table` maps.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import marisa_trie

KINDS = tuple(
    "country territory region district capital city continent area sea ocean strait gulf bay canal river lake island "
    "islands peninsula mountains desert border facility".split()
)
TOWNS = frozenset({"city", "capital"})
DEMONYM = "~"
"""What the key of a word like "Georgian" begins with."""
NAMES, NUMBERS, ROWS, TEXTS = "names.marisa", "numbers.bin", "rows.bin", "texts.bin"
ROW = struct.Struct("<ffIIIIHBBB")


@dataclass(frozen=True)
class Table:
    """The compiled table. Numbers of rows are those of `row`; names are looked up by their keys (`place_names`)."""

    names: marisa_trie.Trie
    starts: memoryview
    numbers: memoryview
    rows: mmap.mmap
    texts: mmap.mmap

    def find(self, key: str) -> Sequence[int]:
        """Return the numbers of the rows that have the name `key`."""
        at = self.names.get(key)
        return () if at is None else self.numbers[self.starts[at] : self.starts[at + 1]].tolist()

    def prefixes(self, text: str) -> list[str]:
        """Return all names that `text` begins with."""
        found: list[str] = self.names.prefixes(text)
        return found

    def row(self, number: int) -> tuple[float, float, int, int, int, int, int, int, int, int]:
        """Return a row: latitude, longitude, population, GeoNames id, place of the text, line, region's row (from 1),
        kind, source, number of names.
        """
        return ROW.unpack_from(self.rows, number * ROW.size)

    def text(self, at: int) -> tuple[str, str]:
        """Return the name and the country of a row by the place of its text."""
        end = self.texts.find(b"\n", at)
        name, _, country = self.texts[at:end].decode("utf-8").partition("\t")
        return name, country

    def __len__(self) -> int:
        return len(self.rows) // ROW.size


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a data file that are no comments."""
    return (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))


def open_table(folder: Path) -> Table:
    """Map the compiled table of `folder`."""
    names = marisa_trie.Trie()
    names.mmap(str(folder / NAMES))
    flat = memoryview(_mapped(folder / NUMBERS)).cast("I")
    count = flat[0]
    return Table(
        names,
        flat[1 : count + 1],
        flat[count + 1 :],
        _mapped(folder / ROWS),
        _mapped(folder / TEXTS),
    )


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
