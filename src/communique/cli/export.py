"""`communique export`: what a store holds in the formats of other programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.failing import tell
from communique.cli.options import DataOrigin, FromDay, Kind, MinConfidence, Raw, StoreFolder, UntilDay, settings_of

NAMES = (
    "gdelt1|gdelt2|gdelt2-mentions|icews|polecat|plover|acled|ngec|csv|parquet|arrow|sqlite|"
    "graphml|gexf|geojson|brat|conll"
)
FormatName = Annotated[str, typer.Option("--format", metavar=NAMES, help="The format, or one of an installed package.")]


Place = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="OUT", help="The file to write, for brat the folder; else it is printed."),
]
What = Annotated[
    Kind,
    typer.Option("--kind", metavar="KIND", help="events, statements, positions, reports; for csv, parquet, arrow."),
]
Who = Annotated[str | None, typer.Option("--actor", metavar="CODE", help="Records in which this actor takes part.")]
Dyad = Annotated[
    tuple[str, str] | None, typer.Option("--dyad", metavar="A B", help="Records between these two actors, either way.")
]
Type = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Events of this type of the codebook.")]
Issue = Annotated[str | None, typer.Option("--issue", metavar="ID", help="Positions on this issue.")]
Stance = Annotated[str | None, typer.Option("--stance", metavar="STANCE", help="support, oppose or neutral.")]
Status = Annotated[
    str | None,
    typer.Option("--status", metavar="STATUS", help="actual, planned, hypothetical, denied or historical."),
]
OfReport = Annotated[
    str | None, typer.Option("--report", metavar="ID", help="Of this report; a unique beginning will do.")
]
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="At most N records (brat, conll, plover: reports).")
]
Attributed = Annotated[bool, typer.Option("--attributed", help="Deeds also that somebody else says that a doer did.")]


def export(
    store: StoreFolder, format: FormatName, out: Place = None, kind: What = Kind.events, actor: Who = None,
    dyad: Dyad = None, type: Type = None, issue: Issue = None, stance: Stance = None, status: Status = None,
    origin: DataOrigin = None, since: FromDay = None, until: UntilDay = None, report: OfReport = None,
    min_confidence: MinConfidence = 0.0, limit: Limit = None, attributed: Attributed = False, raw: Raw = False,
) -> None:  # fmt: skip
    """Write what a store holds in a format that other programs read.

    Filters are those of `communique show`. What the format could not carry is said at the end. Formats that know deeds
    only (GDELT, ICEWS, POLECAT, ACLED, NGEC and networks) get the events that took place, as far as the report itself
    or the doer says so: plans, denials and what others say would read as done.

    Examples:

    - `communique export --store news --format gdelt2 -o 20220204.export.CSV`

    - `communique export --store news --format graphml --since 2022 -o network.graphml`

    - `communique export --store news --format plover --actor UKR > ukraine.jsonl`
    """
    from communique.exchange.export import account
    from communique.exchange.export import export as written
    from communique.exchange.formats import Options
    from communique.exchange.out import Out
    from communique.exchange.registry import format_of
    from communique.exchange.source import Source
    from communique.knowledge import load_knowledge
    from communique.showing import finding
    from communique.store import Filters, Store

    chosen = format_of(format)
    with Store.open(store, raw=raw) as opened:
        filters = Filters(
            actor=actor, dyad=dyad, type=type, issue=issue, stance=stance, status=status, since=since, until=until,
            report=finding.report_id(opened, report) if report is not None else None, limit=limit,
            min_confidence=min_confidence or None, origin=origin,
        )  # fmt: skip
        filters = finding.known(opened, filters, lambda: load_knowledge(settings_of(()).folders))
        source = Source(opened, filters)
        tally = written(chosen, source, Out(out), Options(kind.value, attributed))
        told = Source(opened, replace(filters, limit=None))
        for sentence in account(chosen, told, tally):
            tell(sentence)
