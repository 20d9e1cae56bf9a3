"""All sentences of a file of reports, in order: what tools/draw_events.py and tools/calibrate.py draw from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from communique.language.tree import Sentence
from communique.pipeline import Coder, as_item
from communique.reading import Document


def reports(coder: Coder, news: Path) -> Iterator[tuple[str, Document, list[Sentence]]]:
    """Yield each report of a JSONL file with its id and the sentences that are coded, in text order."""
    lines = (line for line in news.read_text(encoding="utf-8").splitlines() if line.strip())
    for n, row in enumerate(map(json.loads, lines)):
        document = coder.read(as_item(row, n))
        blocks = [(document.report.text[b.start : b.end], b.start) for b in document.blocks]
        yield str(row.get("id", n)), document, list(next(iter(coder.parser.parse([blocks]))))
