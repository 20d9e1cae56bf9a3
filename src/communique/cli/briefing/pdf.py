"""A brief as one page of A4, set by Typst with the fonts that it brings along."""

from __future__ import annotations

import importlib.util
from bisect import bisect_left
from dataclasses import replace
from pathlib import Path

import orjson

from communique.alignment.brief import Brief
from communique.showing.page import Limits, page

_TEMPLATE = Path(__file__).with_name("brief.typ")
# From most to least; the first with which everything fits the page is taken.
_LIMITS = tuple(
    Limits(min(5, items + 1), items, items + 2, max(1, items // 2), quote)
    for items in range(8, 0, -1)
    for quote in (230, 190, 150, 110, 80)
)
_MOST = 12  # entries of a part


def installed() -> bool:
    """Whether the library that sets the page is there."""
    return importlib.util.find_spec("typst") is not None


def as_file(brief: Brief, chart: str) -> bytes:
    """Return a brief as PDF: as much of it as one page holds. `chart` is SVG, empty where there is none.

    The words reach the template as data; nothing in a report is markup to it. The template reads no file.
    Fonts of the system are used only for characters that Typst's own do not have, such as Chinese ones.
    """
    import typst

    compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent)

    def made(limits: Limits) -> tuple[bytes, bool]:
        inputs = {"page": orjson.dumps(page(brief, limits)).decode(), "chart": chart}
        # Without a day of its own the file is the same whenever it is made.
        found = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=0)
        whole = b"".join(found) if isinstance(found, list) else found or b""
        return whole, int(compiler.query("<pages>", field="value", one=True)) == 1

    first = bisect_left(_LIMITS, True, hi=len(_LIMITS) - 1, key=lambda limits: made(limits)[1])
    # Fewer entries with longer quotations may take more room than the step before: go on until one fits.
    chosen = next((limits for limits in _LIMITS[first:] if made(limits)[1]), _LIMITS[-1])
    # Then each column is filled: one may have room where the other has none.
    for part in ("items", "stances"):
        while (
            made(longer := replace(chosen, **{part: getattr(chosen, part) + 1}))[1] and getattr(longer, part) <= _MOST
        ):
            chosen = longer
    return made(chosen)[0]
