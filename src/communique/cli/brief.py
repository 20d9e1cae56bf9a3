"""`communique brief`: a one-page dossier on an actor or a dyad."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli import render
from communique.cli.failing import tell
from communique.cli.options import FromDay, MinConfidence, StoreFolder, UntilDay, settings_of
from communique.errors import OutputError

if TYPE_CHECKING:
    from communique.alignment.brief import Brief

_REMEDY = "`pip install 'communique[brief]'`"


class Shape(StrEnum):
    """What a brief is written as."""

    text = "text"
    html = "html"
    pdf = "pdf"


_SUFFIXES = {".html": Shape.html, ".htm": Shape.html, ".pdf": Shape.pdf}


def brief(
    actor: Annotated[str, typer.Argument(metavar="ACTOR", help="Code of the actor, such as RUS.")],
    other: Annotated[str | None, typer.Argument(metavar="[ACTOR]", help="A second actor: a brief on the two.")] = None,
    *,
    store: StoreFolder,
    issue: Annotated[
        str | None, typer.Option(metavar="ID", help="Stances on this issue and those below it only.")
    ] = None,
    since: FromDay = None,
    until: UntilDay = None,
    min_confidence: MinConfidence = 0.0,
    format: Annotated[
        Shape | None,
        typer.Option("--format", help="What to write; the default is what --out says, else text."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Write a one-page dossier on an actor, or on two, out of a store.

    Partners and adversaries (of two: scores in both directions and how they moved), the latest deeds and words, and
    stances by issue, each with its source. Actors go by code (`communique knowledge actors NAME` gives it).

    PDF, and the chart in HTML, need the extra `brief`: `pip install 'communique[brief]'`.

    Examples:

    - `communique brief RUS --store news`

    - `communique brief RUS CHN --store news --since 2021 --out russia-china.pdf`

    - `communique brief CHN --store news --issue taiwan --out china.html`
    """
    from communique.alignment.brief import brief as make
    from communique.cli.briefing import pdf
    from communique.knowledge import load_knowledge
    from communique.store import Store

    shape = format or _SUFFIXES.get(out.suffix.lower() if out else "", Shape.text)
    if shape is not Shape.text and out is None and sys.stdout.isatty():
        raise OutputError(f"A {shape.upper()} is nothing for a terminal. Give a file: --out brief.{shape}.")
    if shape is Shape.pdf and not pdf.installed():
        raise OutputError(f"A PDF needs the extra `brief`: {_REMEDY} adds it. Or ask for --format html.")
    settings = settings_of(())
    with Store.open(store) as opened:
        made = make(
            opened, [actor, *([other] if other is not None else [])],
            load_knowledge(settings.folders, settings.codebook_file).issues,
            issue=issue or "", since=since, until=until, min_confidence=min_confidence or None,
        )  # fmt: skip
    _write(made, shape, out)


def _write(made: Brief, shape: Shape, out: Path | None) -> None:
    from communique.cli.briefing import html, pdf, text
    from communique.showing.page import page

    if shape is Shape.text and out is None:
        render.show(render.console(), text.rendered(page(made)))
        return
    if shape is Shape.pdf:
        written = pdf.as_file(made, _chart(made))
    else:
        written = html.as_file(page(made), _chart(made)) if shape is Shape.html else text.as_file(page(made))
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(written)
        return
    try:
        out.write_bytes(written)
    except OSError as error:
        raise OutputError(f"Cannot write {str(out)!r}: {error.strerror}. Give another file with --out.") from error


def _chart(made: Brief) -> str:
    from communique.cli.briefing import chart

    if not chart.drawable(made):
        return ""
    if not chart.installed():
        tell(f"the chart is left out: it needs the extra `brief`, which is not installed. {_REMEDY} adds it.")
        return ""
    return chart.svg(made)
