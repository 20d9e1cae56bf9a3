"""Records for people: each with its day, who did what to whom, and the sentence that proves it.

Everything is built from `rich.text.Text`, never from markup, so that brackets in a report are only brackets.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from communique.records import Coding, Event, Position, Record, Report, Span, Statement
from communique.showing import text as say

if TYPE_CHECKING:
    from communique.store import ReportSummary

WIDEST = 110  # longer lines are hard to read
_GUTTER = 11
INDENT = _GUTTER + 1  # where what stands beside the gutter begins
_ACTOR, _TRIGGER, _RECIPIENT, _CONTENT, _CUE = "bold cyan", "bold yellow", "bold magenta", "green", "bold yellow"
_QUAD = {1: "bold green", 2: "bold blue", 3: "bold yellow", 4: "bold red"}
_STATUS = {"actual": "dim", "planned": "blue", "hypothetical": "magenta", "denied": "red", "historical": "dim"}
_STANCE = {
    "support": ("supports", "support", "bold green"),
    "oppose": ("opposes", "oppose", "bold red"),
    "neutral": ("on", "on", "bold"),
}
_LONGEST = 60  # characters of an expression; the whole of it is marked in the sentence
_SECTIONS: tuple[tuple[str, type[Record], str], ...] = (
    ("Deeds", Event, "event"),
    ("Words", Statement, "statement"),
    ("Positions", Position, "position"),
)


def console(*, stderr: bool = False) -> Console:
    """Return the console that we print on: no markup, no guessing at numbers, not wider than can be read.

    Colour goes to terminals only; the environment variables NO_COLOR, FORCE_COLOR and COLUMNS are honoured.
    """
    made = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if made.width > WIDEST and not os.environ.get("COLUMNS"):
        made.width = WIDEST
    return made


def show(on: Console, what: RenderableType) -> None:
    """Print `what`; into a file or a pipe without the spaces that fill lines up to the width."""
    if on.is_terminal:
        on.print(what)
        return
    with on.capture() as captured:
        on.print(what)
    on.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().rstrip("\n").split("\n")))


def coding(result: Coding, *, colour: bool) -> RenderableType:
    """Return a report with its records, grouped into deeds, words and positions."""
    parts: list[RenderableType] = [heading(result.report)]
    if colour and result.records:
        parts += [Text(), legend()]
    for title, kind, noun in _SECTIONS:
        records = [record for record in result.records if isinstance(record, kind)]
        if records:
            parts += [Text(), section(title, len(records), noun)]
            for record in records:
                parts += [Text(), card(record, result.report)]
    if not result.records:
        parts += [Text(), Text("Nothing in this report was recognised as a deed, a statement or a position.")]
    return Group(*parts)


def heading(report: Report) -> RenderableType:
    """Return the title of a report, and below it outlet, date, id and what was left out of coding."""
    title = Text(say.clean(report.title) or say.words(report.text[:100], ((0, 100),)) or "Untitled", style="bold")
    about = [say.clean(report.outlet), say.clean(report.published) or "no date", f"report {say.short(report.id)}"]
    lines = [title, Text(" · ".join(filter(None, about)), style="dim")]
    if report.url:
        lines.append(Text(say.clean(report.url), style="dim", overflow="fold"))
    if report.removed:
        reasons = Counter(removed.reason for removed in report.removed)
        said = ", ".join(say.clean(why) + (f" ({n})" if n > 1 else "") for why, n in reasons.items())
        lines.append(Text(f"left out of coding: {said}", style="dim"))
    return Group(*lines)


def legend() -> Text:
    """Return the key to the colours within the sentences."""
    return Text.assemble(
        ("who", _ACTOR), "  ", ("did what", _TRIGGER), "  ", ("to whom", _RECIPIENT), "  ", ("about what", _CONTENT)
    )


def section(title: str, number: int, noun: str) -> RenderableType:
    """Return the line that opens a group of records."""
    name = Text.assemble((title, "bold"), (f"  {say.counted(number, noun)} ", "dim"))
    return Rule(name, align="left", style="dim", characters="─")


def card(record: Record, report: Report, *, origin: bool = False) -> RenderableType:
    """Return one record: day and id beside who, what, whom and the sentence; with `origin` the report too."""
    body: list[RenderableType] = [headline(record), _details(record, report.text)]
    body.append(sentence(record, report.text))
    if origin:
        # The ids of what was imported are too long for the margin.
        own = record.id if ":" in record.id else ""
        from_where = filter(None, (own, report.outlet, report.published, report.title))
        body.append(Text("— " + say.clean(" · ".join(from_where) or f"report {report.id}"), style="dim"))
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=_GUTTER, no_wrap=True)
    grid.add_column(ratio=1)
    gutter = Text.assemble((say.day(record.date), "bold"), "\n", (say.short(record.id).partition(":")[0], "dim"))
    grid.add_row(gutter, Group(*body))
    return grid


def headline(record: Record) -> Text:
    """Return who did what to whom, in one line."""
    if isinstance(record, Position):
        one, several, style = _STANCE[record.stance]
        verb = several if len(record.holders) > 1 else one
        holders = say.actors(record.holders, "somebody")
        return Text.assemble((holders, _ACTOR), " ", (verb, style), " ", (_object(record), _RECIPIENT))
    doers = say.actors(record.actors if isinstance(record, Event) else record.speakers, "somebody")
    recipients = say.actors(record.recipients)
    line = Text.assemble((doers, _ACTOR))
    return line.append(" → ", "dim").append(recipients, _RECIPIENT) if recipients else line


def _object(position: Position) -> str:
    about = [say.actors(position.toward), say.clean(position.issue)]
    return ": ".join(filter(None, about)) or f"“{_cropped(position.expression)}”"


def _names(position: Position) -> bool:
    """Return whether the headline names the object otherwise than in the report's words."""
    return bool(position.toward or position.issue)


def _cropped(expression: str) -> str:
    text = say.clean(" ".join(expression.split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _details(record: Record, text: str) -> Text:
    """Return the line below the headline: type, status, place, who says so."""
    parts: list[Text] = []
    if isinstance(record, Event):
        # What was imported has no words, and some of it no type, but a code.
        kind = record.type or f"CAMEO {say.clean(record.cameo)}"
        words = say.words(text, record.evidence.trigger)
        parts.append(Text.assemble((kind, _QUAD.get(record.quad, "bold")), f" {record.mode}".rstrip()))
        parts.append(Text(f"“{words}”" if words else ""))
    elif isinstance(record, Statement):
        form = say.words(text, record.evidence.cue) or say.clean(record.form)
        parts.append(Text(f"{record.quote} quotation" if record.quote != "indirect" else "indirect speech"))
        parts.append(Text(f"“{form}”" if form else ""))
    else:
        parts.append(Text(f"“{_cropped(record.expression)}”" if record.expression and _names(record) else ""))
    if not isinstance(record, Statement):
        parts.append(Text(record.status, style=_STATUS[record.status]))
    parts.append(Text(say.until(record.date)))
    if isinstance(record, Event):
        parts.append(Text("in " + "; ".join(map(say.place, record.places)) if record.places else ""))
        parts.append(Text(say.magnitude(record.magnitude)))
        parts.append(Text(", ".join(map(say.clean, record.contexts)), style="dim"))
    if not isinstance(record, Statement):
        parts.append(Text(f"according to {say.actors(record.attributed_to)}" if record.attributed_to else ""))
        parts.append(Text("implied" if record.implicit else ""))
    line = Text()
    for part in filter(None, parts):
        line.append_text(Text.assemble((" · ", "dim"), part) if line else part)
    return line


def sentence(record: Record, text: str) -> Text:
    """Return the sentence of a record with its words in colour; several parts are set off by an ellipsis."""
    proof = record.evidence
    # Later styles win: the narrow words stand out of the wide content.
    marks = ((proof.content, _CONTENT), (proof.cue, _CUE), (proof.recipients, _RECIPIENT), (proof.actors, _ACTOR),
             (proof.trigger, _TRIGGER))  # fmt: skip
    line = Text()
    for part in proof.sentence:
        if line:
            line.append(" … ", "dim")
        line.append_text(_cut(text, part, [(span, style) for spans, style in marks for span in spans]))
    return line


def _cut(text: str, part: Span, marks: Sequence[tuple[Span, str]]) -> Text:
    start, end = part
    piece = Text(say.clean(text[start:end]))
    for (first, last), style in marks:
        if first < end and last > start:
            piece.stylize(style, max(first, start) - start, min(last, end) - start)
    return piece


def reports(found: Iterable[ReportSummary]) -> RenderableType:
    """Return a table of reports, one a line, with their numbers of deeds, words and positions."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    table.add_column("id", style="dim", no_wrap=True)
    table.add_column("published", style="bold", no_wrap=True)
    table.add_column("title", ratio=1)
    for title, _, _ in _SECTIONS:
        table.add_column(title.lower(), justify="right", no_wrap=True)
    for one in found:
        report = one.report
        title = say.clean(report.title) or say.words(report.text, ((0, 80),)) + " …"
        counts = (one.events, one.statements, one.positions)
        named = Text.assemble(title, (f"  {say.clean(report.outlet)}" if report.outlet else "", "dim"))
        day, numbers = Text(say.clean(report.published)), map(Text, map(str, counts))
        table.add_row(Text(say.short(report.id)), day, named, *numbers)
    return table
