"""Writing lines of tab-separated cells, as the formats do: no quotes, so no tab or end of line within a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from communique.exchange.formats import Cells, Tally
from communique.exchange.out import Out


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
