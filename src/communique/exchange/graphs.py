"""GraphML and GEXF: actors as nodes, what they did and hold toward each other as one directed edge for each two.

Written by networkx. Only what took place counts, and what the report itself, or the doer, tells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from communique.exchange import told
from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Position


@dataclass(slots=True)
class _Edge:
    events: int = 0
    goldstein: float = 0.0
    quads: Counter[int] = field(default_factory=Counter)
    support: int = 0
    oppose: int = 0
    first: str = ""
    last: str = ""


def graph(source: Source, tally: Tally, options: Options) -> Any:
    """Return the network as a networkx.DiGraph."""
    import networkx

    nodes: dict[str, Actor] = {}
    edges: dict[tuple[str, str], _Edge] = {}
    if source.applies("events"):
        for event, report in told.done(source, tally, options):
            for one, other in told.pairs(event):
                if edge := _edge(one, other, nodes, edges):
                    edge.events += 1
                    edge.goldstein += event.goldstein
                    edge.quads[event.quad] += 1
                    _span(edge, told.day(event, report))
    for position, report in source.records("positions") if source.applies("positions") else ():
        assert isinstance(position, Position)
        if position.status != "actual" or position.attributed_to:
            tally.left["positions that are not held now, or told of by somebody else"] += 1
            continue
        tally.records["positions"] += 1
        for one in position.holders:
            for other in position.toward:
                if edge := _edge(one, other, nodes, edges):
                    edge.support += position.stance == "support"
                    edge.oppose += position.stance == "oppose"
                    _span(edge, position.date.start or report.published[:10])
    made = networkx.DiGraph()
    for code, actor in sorted(nodes.items()):
        made.add_node(code, label=actor.name or code, kind=actor.kind)
    for (one_code, other_code), edge in sorted(edges.items()):
        quads = {f"quad{n}": edge.quads[n] for n in range(1, 5)}
        made.add_edge(
            one_code, other_code, weight=float(edge.events + edge.support + edge.oppose), events=edge.events, **quads,
            goldstein=round(edge.goldstein / edge.events, 4) if edge.events else 0.0, support=edge.support,
            oppose=edge.oppose, first_day=edge.first, last_day=edge.last,
        )  # fmt: skip
    tally.rows = made.number_of_edges()
    return made


def _edge(
    one: Actor | None, other: Actor | None, nodes: dict[str, Actor], edges: dict[tuple[str, str], _Edge]
) -> _Edge | None:
    if not (one and other and one.code and other.code) or one.code.upper() == other.code.upper():
        return None
    for who in (one, other):
        nodes.setdefault(who.code.upper(), who)
    return edges.setdefault((one.code.upper(), other.code.upper()), _Edge())


def _span(edge: _Edge, day: str) -> None:
    if day:
        edge.first, edge.last = min(edge.first or day, day), max(edge.last, day)


def _write_graphml(source: Source, out: Out, tally: Tally, options: Options) -> None:
    import networkx

    with out.binary() as file:
        networkx.write_graphml_xml(graph(source, tally, options), file, encoding="utf-8")


def _write_gexf(source: Source, out: Out, tally: Tally, options: Options) -> None:
    import networkx

    with out.binary() as file:
        networkx.write_gexf(graph(source, tally, options), file, encoding="utf-8", version="1.2draft")


_LOST = (
    "single events and positions: an edge sums them",
    "actors without a code",
    "what one does to oneself",
    "issues",
)
GRAPHML = Format("graphml", "GraphML", _write_graphml, kinds=("events", "positions"), done=True, lost=_LOST)
GEXF = Format("gexf", "GEXF", _write_gexf, kinds=("events", "positions"), done=True, lost=_LOST)
