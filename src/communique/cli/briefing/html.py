"""A brief as one HTML file that fetches nothing and runs nothing."""

from __future__ import annotations

import base64
from pathlib import Path

from communique.showing.page import Page

_FOLDER = Path(__file__).parent


def as_file(page: Page, chart: str) -> bytes:
    """Return a page as HTML in UTF-8; `chart` is SVG, empty where there is none.

    Everything is escaped by the template. The chart stands in an `img`, in which nothing is ever run.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    picture = base64.b64encode(chart.encode()).decode("ascii")
    return made.get_template("brief.html.j2").render(page=page, chart=picture).encode("utf-8", "replace")
