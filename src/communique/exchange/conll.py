"""CoNLL-U Plus: a token a line with its place in the report, and BIO columns for parties, places, events and speech.

The first line names the columns; `# newdoc id` starts a report and `# text` a sentence. Where records overlap, the
first in text order has the token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source
from communique.records import Actor, Event, Position, Record, Report, Span, Statement

_KINDS = ("events", "statements", "positions")
COLUMNS = ("ID", "FORM", "START", "END", "PARTY", "PLACE", "EVENT", "CUE", "CONTENT")
_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?][\"'”’)]*(?=\s+[\"'“‘(]?[A-Z0-9])|(?=\n)|$)")
_ROLES = ("actors", "recipients", "speakers", "holders", "toward", "attributed_to")
Marks = dict[int, str]


def sentences(report: Report, records: Sequence[Record]) -> Iterator[list[str]]:
    """Yield the lines of each sentence of a report."""
    layers = [_layer(report.text, marked) for marked in _marked(records)]
    for found in _SENTENCE.finditer(report.text):
        tokens = list(_TOKEN.finditer(report.text, found.start(), found.end()))
        if not tokens:
            continue
        lines = [f"# text = {' '.join(found.group().split())}"]
        for n, token in enumerate(tokens, 1):
            marks = [layer.get(token.start(), "O") for layer in layers]
            lines.append("\t".join([str(n), token.group(), str(token.start()), str(token.end()), *marks]))
        yield lines


def _marked(records: Sequence[Record]) -> list[list[tuple[str, Span]]]:
    """Return for each column the spans with their labels."""
    parties: list[tuple[str, Span]] = []
    places: list[tuple[str, Span]] = []
    events: list[tuple[str, Span]] = []
    cues: list[tuple[str, Span]] = []
    contents: list[tuple[str, Span]] = []
    for record in records:
        assert isinstance(record, Event | Statement | Position)
        for role in _ROLES:
            those: Sequence[Actor] = getattr(record, role, ())
            parties += [(_label(who.code) or "UNK", who.span) for who in those]
        if isinstance(record, Event):
            places += [(_label(where.country) or "UNK", where.span) for where in record.places]
            events += [(_label(record.type) or "EVENT", span) for span in record.evidence.trigger]
        else:
            kind = "STATEMENT" if isinstance(record, Statement) else f"POSITION-{record.stance.upper()}"
            cues += [(kind, span) for span in record.evidence.cue]
            contents += [(kind, span) for span in record.evidence.content]
    return [parties, places, events, cues, contents]


def _label(text: str) -> str:
    return re.sub(r"\s+", "_", text.strip())


def _layer(text: str, marked: Sequence[tuple[str, Span]]) -> Marks:
    """Return the BIO mark of each token that is marked, by where it begins."""
    found: Marks = {}
    for label, (start, end) in marked:
        tokens = [token.start() for token in _TOKEN.finditer(text, start, end)]
        if any(token in found for token in tokens):
            continue
        for n, token in enumerate(tokens):
            found[token] = f"{'I' if n else 'B'}-{label}"
    return found


def _write(source: Source, out: Out, tally: Tally, options: Options) -> None:
    with out.text() as file:
        file.write(f"# global.columns = {' '.join(COLUMNS)}\n")
        for report, records in source.by_report(_KINDS):
            if not report.text:
                tally.left["records of reports without a text"] += len(records)
                continue
            for n, lines in enumerate(sentences(report, records)):
                head = [f"# newdoc id = {report.id}"] if n == 0 else []
                file.write("\n".join([*head, f"# sent_id = {report.id}-{n + 1}", *lines]) + "\n\n")
                tally.rows += len(lines) - 1
            for record in records:
                tally.records[f"{record.kind}s"] += 1


CONLL = Format(
    "conll", "CoNLL-U Plus", _write, kinds=_KINDS,
    lost=(
        "records that share words with one before them", "which parties belong to which event",
        "all fields but type, stance and codes",
    ),
)  # fmt: skip
