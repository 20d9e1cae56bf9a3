"""A plot: the chart, the numbers in it, and what it shows in words."""

from __future__ import annotations

import base64
import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.errors import OutputError

if TYPE_CHECKING:
    import altair

Row = Mapping[str, str | float | int | None]
_VEGA_LITE = "6.4"
_FORMS = ("html", "json", "png", "svg")
_SVG = re.compile(r"<svg\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of what a store holds. In a notebook it shows itself as SVG, drawn without a browser or a network.

    `rows` are the numbers in it, by name; `description` says what it shows, for those who do not see it; `chart` is the
    Altair chart, to change or to build on.
    """

    title: str
    description: str
    rows: Mapping[str, Sequence[Row]] = field(repr=False)
    chart: altair.VConcatChart | altair.LayerChart = field(repr=False)

    def svg(self) -> str:
        """Return the picture as SVG, which names and describes itself."""
        drawn: str = _library("vl_convert").vegalite_to_svg(self._specification(), vl_version=_VEGA_LITE)
        head = _SVG.match(drawn)
        if head is None:
            raise OutputError("The chart could not be drawn: vl-convert gave no SVG. Install the version that "
                              "`pip install 'communique[notebook]'` chooses.")  # fmt: skip
        opened = re.sub(r'\s(role|aria-\w+)="[^"]*"', "", head[0])[:-1] + ' role="img">'
        told = f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
        return opened + told + drawn[head.end() :]

    def save(self, path: Path | str) -> Path:
        """Write the picture into a file and return its path; the ending says the form: svg, png, html or json.

        HTML is one file that fetches and runs nothing; JSON is the Vega-Lite specification. Raises OutputError for
        another ending, and where the file cannot be written.
        """
        path = Path(path)
        form = path.suffix.lower().removeprefix(".")
        if form not in _FORMS:
            raise OutputError(
                f"No picture can be written as {path.name!r}. Give one of the endings {', '.join(_FORMS)}."
            )
        made: dict[str, Callable[[], bytes]] = {
            "html": self._html, "json": self._json, "png": self._png, "svg": lambda: self.svg().encode("utf-8"),
        }  # fmt: skip
        content = made[form]()
        try:
            path.write_bytes(content)
        except OSError as error:
            raise OutputError(f"The picture {str(path)!r} cannot be written: {error.strerror}.") from error
        return path

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Return what a notebook shows, and what it reads to those who do not see it."""
        told = f"{self.title}: {self.description}"
        return {"image/svg+xml": self.svg(), "text/plain": told}, {"image/svg+xml": {"alt": told}}

    def _specification(self) -> dict[str, Any]:
        chart: Any = self.chart
        found: dict[str, Any] = chart.to_dict()
        found.setdefault("config", {})["aria"] = False  # the picture is described as a whole
        return found

    def _png(self) -> bytes:
        drawn: bytes = _library("vl_convert").vegalite_to_png(self._specification(), vl_version=_VEGA_LITE, scale=2)
        return drawn

    def _json(self) -> bytes:
        chart: Any = self.chart
        return str(chart.to_json()).encode("utf-8")

    def _html(self) -> bytes:
        picture = base64.b64encode(self.svg().encode("utf-8")).decode("ascii")
        return (
            f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{escape(self.title)}</title>\n'
            f"<h1>{escape(self.title)}</h1>\n<p>{escape(self.description)}</p>\n"
            f'<img alt="{escape(f"{self.title}: {self.description}")}" src="data:image/svg+xml;base64,{picture}">\n'
            "</html>\n"
        ).encode()


def altair_library() -> Any:
    """Return the library Altair. Raises OutputError where it is not installed."""
    return _library("altair")


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise OutputError(
            f"A plot needs {name.replace('_', '-')}, which is not installed. `pip install 'communique[notebook]'` adds "
            "it."
        ) from None
