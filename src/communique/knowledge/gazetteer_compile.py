"""Compiling the table of places: from text files to what `gazetteer_table` maps."""

from __future__ import annotations

import lzma
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import marisa_trie

from communique.errors import KnowledgeError
from communique.knowledge.gazetteer_table import DEMONYM, KINDS, NAMES, NUMBERS, ROW, ROWS, TEXTS, TOWNS, lines_of
from communique.knowledge.place_names import fold, keys_of

_ALIKE = dict.fromkeys(TOWNS, "town") | {"country": "country"} | dict.fromkeys(("region", "area", "district"), "region")
_RANK = {"country": 3, "area": 2, "region": 1, "continent": 3, "territory": 2}
"""Which place a word like "Georgian" is of, where several have the name; towns come last."""
_NEAR = 3.0
"""Degrees within which a place of our own and one of GeoNames with the same name, country and kind are one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place as it stands in a file; `region` is the GeoNames code or the name of its first-level region."""

    name: str
    others: tuple[str, ...]
    kind: str
    country: str
    region: str
    geonameid: int
    lat: float
    lon: float
    population: int
    names: int
    source: int
    line: int


def read_rows(path: Path, source: int) -> Iterator[Row]:
    """Yield the rows of a file; raises KnowledgeError with file and line for one that is not of the form."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as packed:
            yield from _rows(packed, path.name, source)
        return
    with path.open(encoding="utf-8") as file:
        yield from _rows(file, path.name, source)


def _rows(lines: Iterable[str], name_of_file: str, source: int) -> Iterator[Row]:
    for line, raw in enumerate(lines, start=1):
        content = raw.rstrip("\n")
        if not content or content.startswith("#"):
            continue
        cells = content.split("\t")
        try:
            name, others, kind, country, region, geonameid, lat, lon, population, *names = cells
            yield Row(
                name, tuple(o for o in others.split(";") if o), kind, country, region,
                int(geonameid), float(lat), float(lon), int(population), int(names[0]) if names else 0, source, line,
            )  # fmt: skip
        except ValueError as error:
            raise KnowledgeError(
                f"{name_of_file}:{line}: nine or ten cells are wanted, from the sixth on numbers ({error})."
            ) from error


def compile_table(places: Sequence[Path], demonyms: Path, guards: Path, target: Path) -> None:
    """Write the compiled form of the files `places`, the first of which goes before the others, into `target`.

    Words for what is of a place ("Georgian") and guarded names are names of the trie too, each under a prefix. The
    large files are read twice, row by row, so that they never stand in memory as a whole.
    """
    writer = _Writer()
    own, taken = _joined(list(read_rows(places[0], 0)), _given(places))
    for n, row in enumerate(own):
        writer.announce(n, row)
    for row in _given(places):
        if (row.source, row.line) not in taken:
            writer.add(row)
    writer.finish(own)
    writer.name_demonyms(demonyms)
    for kind, _, names in (line.partition("\t") for line in lines_of(guards)):
        for name in names.split():
            writer.numbers[f"{kind}:{name}"] = []
    writer.write(target)


def _given(places: Sequence[Path]) -> Iterator[Row]:
    for n, path in enumerate(places[1:], start=1):
        yield from read_rows(path, n)


class _Writer:
    """The compiled table in the making. Rows of our own have the first numbers, and are packed last: they name regions
    that come after them.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, list[int]] = {}
        self._texts, self._packed, self._count = bytearray(), bytearray(), 0
        self._regions: dict[tuple[str, str], int] = {}
        self._named: dict[tuple[str, str], int] = {}
        self._ranks: dict[int, tuple[int, int]] = {}

    def announce(self, n: int, row: Row) -> None:
        """Give a row its number and enter its names."""
        self._count = max(self._count, n + 1)
        if row.kind == "region":
            self._regions.setdefault((row.country, row.region), n + 1)
            self._named.setdefault((row.country, fold(row.name)), n + 1)
        if row.kind in _RANK or row.kind in TOWNS:
            self._ranks[n] = _RANK.get(row.kind, 0), row.population
        bare = (row.name[4:],) if row.kind == "country" and row.name.startswith("The ") else ()
        for name in (row.name, *bare, *row.others):
            for key in keys_of(name):
                known = self.numbers.setdefault(key, [])
                if not known or known[-1] != n:
                    known.append(n)

    def add(self, row: Row) -> None:
        """Enter a row of the large files."""
        self.announce(self._count, row)
        self._packed += self._pack(row)

    def finish(self, own: Sequence[Row]) -> None:
        """Pack the rows of our own before the others."""
        self._packed[:0] = b"".join(self._pack(row) for row in own)

    def _pack(self, row: Row) -> bytes:
        region = self._regions.get((row.country, row.region)) or self._named.get((row.country, fold(row.region)), 0)
        at = len(self._texts)
        self._texts += f"{row.name}\t{row.country}\n".encode()
        return ROW.pack(
            row.lat, row.lon, row.population, row.geonameid, at, row.line, region, KINDS.index(row.kind), row.source,
            min(row.names, 255),
        )  # fmt: skip

    def name_demonyms(self, path: Path) -> None:
        """Enter the words for what is of a place; raises KnowledgeError for a place that no row has."""
        found: dict[str, list[int]] = defaultdict(list)
        for line in lines_of(path):
            name, _, forms = line.partition("\t")
            places = [n for n in self.numbers.get(fold(name), ()) if n in self._ranks]
            if not places:
                raise KnowledgeError(f"{path.name}: the gazetteer has no place {name!r}; write it as its table does.")
            best = max(places, key=self._ranks.__getitem__)
            for form in forms.split(";"):
                found[DEMONYM + fold(form)].append(best)
        self.numbers |= found

    def write(self, target: Path) -> None:
        trie = marisa_trie.Trie(self.numbers)
        starts, flat = array("I", [0]), array("I")
        for key in sorted(self.numbers, key=trie.__getitem__):
            flat.extend(self.numbers[key])
            starts.append(len(flat))
        trie.save(str(target / NAMES))
        (target / ROWS).write_bytes(self._packed)
        (target / TEXTS).write_bytes(self._texts)
        (target / NUMBERS).write_bytes(array("I", [len(starts)]).tobytes() + starts.tobytes() + flat.tobytes())


def _joined(own: list[Row], given: Iterable[Row]) -> tuple[list[Row], set[tuple[int, int]]]:
    """Return our own rows with what the rows of `given` that describe the same place have beyond them, and which
    (source, line) those are.
    """
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, row in enumerate(own):
        for name in (row.name, *row.others):
            by_name[row.country, fold(name)].append(n)
    taken: set[tuple[int, int]] = set()
    for row in given:
        at = next((n for name in (row.name, *row.others) for n in by_name.get((row.country, fold(name)), ())
                   if _same(own[n], row)), None)  # fmt: skip
        if at is None:
            continue
        taken.add((row.source, row.line))
        mine = own[at]
        own[at] = replace(
            mine,
            others=(*mine.others, row.name, *row.others),
            region=row.region,
            geonameid=mine.geonameid or row.geonameid,
            population=max(mine.population, row.population),
            names=max(mine.names, row.names),
        )
    return own, taken


def _same(mine: Row, row: Row) -> bool:
    if mine.geonameid and row.geonameid and mine.geonameid != row.geonameid:
        return False
    alike = _ALIKE.get(mine.kind)
    if alike is None or alike != _ALIKE.get(row.kind):
        return False
    reach = _NEAR if alike == "town" else 4 * _NEAR
    return math.hypot(mine.lat - row.lat, (mine.lon - row.lon) * math.cos(math.radians(mine.lat))) <= reach
