"""Lines of tab-separated cells, as the formats write them: no quotes, so no tab or end of line within a cell.

A format of this kind says which its columns are and what stands in a row; `tabbed` makes of that how it is written,
`taken_by` how it is read: by the `take_in` of a module that is loaded only then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from communique.exchange.fields import names as columns_of
from communique.exchange.formats import Cells, Options, Read, Rows, Taken, Tally, Write
from communique.exchange.out import Out

if TYPE_CHECKING:
    from communique.exchange.source import Source
    from communique.store import Store


def tabbed(
    name: str, rows: Callable[[Source, Tally, Options], Rows], *, header: bool, encoding: str = "utf-8"
) -> Write:
    """Return what writes `rows` with the columns of the format `name`."""

    def write(source: Source, out: Out, tally: Tally, options: Options) -> None:
        write_tabbed(out, columns_of(name), rows(source, tally, options), tally, header=header, encoding=encoding)

    return write


def taken_by(module: str, *given: str) -> Read:
    """Return what reads a file by the function `take_in` of a module of this package, which gets `given`, too."""

    def read(store: Store, path: Path, confidence: float, *, origin: str = "") -> Taken:
        take_in = import_module(f"communique.exchange.{module}").take_in
        return cast(Taken, take_in(store, path, confidence, *given, origin=origin))

    return read


def write_tabbed(
    out: Out, names: Sequence[str], rows: Iterable[Cells], tally: Tally, *, header: bool, encoding: str = "utf-8"
) -> None:
    """Write rows with these columns; cells that a row has not stay empty.

    Characters that `encoding` has not become `?` and are counted.
    """
    with out.text(encoding, "replace") as file:
        if header:
            file.write("\t".join(names) + "\n")
        for row in rows:
            cells = [" ".join(row.get(name, "").split()) for name in names]
            if encoding != "utf-8":
                line = "".join(cells)
                if not line.isascii() and line.encode(encoding, "replace").decode(encoding) != line:
                    tally.changed[f"rows with characters that {encoding.upper()} has not, written as ?"] += 1
            file.write("\t".join(cells) + "\n")
            tally.rows += 1
