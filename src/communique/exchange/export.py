"""Exporting: what filters let through, in a format, and what the format could not carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from communique.errors import OutputError, QueryError
from communique.exchange.formats import Format, Options, Tally
from communique.exchange.out import Out
from communique.exchange.source import Source

_SAID = {"events": "event", "statements": "statement", "positions": "position", "reports": "report"}
_PLAIN = Options()
_ONLY_OWN = ("planned", "hypothetical", "denied")


def export(format: Format, source: Source, out: Out, options: Options = _PLAIN) -> Tally:
    """Write what `source` gives in a format, and return what was written and left.

    Raises QueryError for what cannot be asked of the format, OutputError where it cannot be written.
    """
    status = (source.filters.status or "").strip().lower()
    if format.done and status in _ONLY_OWN:
        raise QueryError(
            f"{format.title} has no word for what is {status}: such events would read as done. "
            "Export them as plover, csv, parquet or sqlite."
        )
    if (format.folder or format.binary) and out.path is None:
        what = "folder" if format.folder else "file"
        raise OutputError(f"{format.title} is not written to a terminal. Name a {what} with -o.")
    tally = Tally()
    format.write(source, out, tally, options)
    return tally


def account(format: Format, source: Source, tally: Tally) -> Iterator[str]:
    """Yield what an export is to tell, a sentence each: what was written, left out, changed, and what has no place."""
    made = ", ".join(f"{n:,} {_noun(kind, n)}" for kind, n in tally.records.items())
    yield f"{tally.rows:,} {'row' if tally.rows == 1 else 'rows'}" + (f" from {made}." if made else ".")
    if tally.left:
        yield f"Left out: {_list(tally.left)}."
    if tally.changed:
        yield f"Written otherwise: {_list(tally.changed)}."
    if format.kinds:
        others = {
            kind: source.count(kind) for kind in ("events", "statements", "positions") if kind not in format.kinds
        }
        if any(others.values()):
            yield "No place for: " + ", ".join(f"{n:,} {_noun(kind, n)}" for kind, n in others.items() if n) + "."
    if format.lost:
        yield f"Nor for: {'; '.join(format.lost)}."


def _list(counted: Mapping[str, int]) -> str:
    return "; ".join(f"{n:,} {what}" for what, n in sorted(counted.items()))


def _noun(kind: str, n: int) -> str:
    one = _SAID.get(kind, kind)
    return one if n == 1 or one.endswith("s") else f"{one}s"
