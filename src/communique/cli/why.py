"""Why a record is there, for people: the clause, the pattern and where it stands, the steps, and what lost."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.cli import render
from communique.records import Actor, Considered, Meaning, Record, Report, Trace, to_dict
from communique.showing import text as say


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


def meaning(found: Meaning, report: Report) -> RenderableType:
    """Return words in their sentence and below them whom and where they mean, why, and what lost."""
    start, end = found.sentence
    before, after = report.text[start : found.span[0]], report.text[found.span[1] : end]
    sentence = Text.assemble(say.clean(before), (say.clean(found.words), "bold"), say.clean(after))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1)
    who = ", ".join(_named(actor) for actor in found.actors) or "nobody"
    _fill(grid, "who", who, found.reason, found.considered)
    where = ""
    if found.place is not None:
        p = found.place
        parts = ", ".join(x for x in (p.name, p.admin1 if p.admin1 != p.name else "", p.country) if x)
        where = f"{parts} ({p.kind}, {p.lat:.2f} {p.lon:.2f}" + (f", GeoNames {p.geonameid})" if p.geonameid else ")")
    _fill(grid, "where", where or "no place", found.place_reason, found.place_considered)
    return Group(sentence, grid, Text())


def _named(actor: Actor) -> str:
    what = " ".join(filter(None, (actor.code, actor.sector)))
    return f"{actor.person or actor.name or actor.text} ({what}{f', {actor.office}' if actor.office else ''})"


def _fill(grid: Table, side: str, what: str, reason: str, considered: tuple[Considered, ...]) -> None:
    grid.add_row(side, Text(say.clean(what), style="bold"))
    if reason:
        grid.add_row("why", Text(say.clean(reason)))
    for lost in considered:
        grid.add_row("not", Text(say.clean(f"{lost.pattern}: {lost.result}: {lost.reason}")))


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
