"""Why a record is there, for people: the clause, the pattern and where it stands, the steps, and what lost."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.cli import text as say
from communique.records import Record, Report, Trace, to_dict


def explanation(record: Record, report: Report, trace: Trace | None) -> RenderableType:
    """Return the record with its sentence and below it how it came about."""
    title = Text.assemble((f"{record.kind} ", "bold"), (say.clean(record.id), "dim"))
    parts: list[RenderableType] = [title, Text(), render.card(record, report, origin=True), Text()]
    if trace is None:
        return Group(*parts, Text("How it came about was not kept with this record."))
    parts += [_facts(record, report, trace), Text(), render.section("Steps", len(trace.steps), "step")]
    parts.append(_numbered([Text(say.clean(step)) for step in trace.steps]))
    parts += [Text(), render.section("Also considered", len(trace.considered), "reading")]
    if trace.considered:
        parts.append(_numbered([
            Text.assemble((say.clean(lost.pattern), "bold"), (f" → {say.clean(lost.result)}" if lost.result else ""),
                          (": ", "dim"), say.clean(lost.reason))
            for lost in trace.considered
        ]))  # fmt: skip
    else:
        parts.append(Text("Nothing else fitted."))
    return Group(*parts)


def as_dict(record: Record, report: Report, trace: Trace | None) -> dict[str, Any]:
    """Return record, sentence and trace as plain dicts and lists, for `--format jsonl`."""
    import dataclasses

    return {
        "record": to_dict(record),
        "sentence": say.words(report.text, record.evidence.sentence),
        "trace": dataclasses.asdict(trace) if trace else None,
    }


def _facts(record: Record, report: Report, trace: Trace) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1)
    clause = trace.clause or report.text[slice(*trace.clause_span)]
    grid.add_row("clause", Text(" ".join(say.clean(clause).split())))
    grid.add_row("pattern", Text(say.clean(trace.pattern), style="bold"))
    grid.add_row("stands in", Text(say.clean(trace.source), overflow="fold"))
    grid.add_row("confidence", Text(f"{record.confidence:.2f}"))
    return grid


def _numbered(lines: list[Text]) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True, justify="right")
    grid.add_column(ratio=1)
    for number, line in enumerate(lines, 1):
        grid.add_row(f"{number}.", line)
    return grid
