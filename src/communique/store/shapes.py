"""The shape of the Parquet files: one explicit Arrow schema for each kind of row.

Columns carry the names of the record's fields (records.py), nested as they are there; spans are lists of two numbers,
as in the JSON form. What stands in `STORAGE` is added for asking and is no part of a record:

    seq        the place of the record (or trace) in its report, from 0, over all kinds
    published  the report's day of publication
    parties    the codes of the sides of the record, upper case, in order, with repetitions
    first_day  the record's first and last day as far as known, else the day of publication
    last_day
    story      of a report: the id of the story's first report, which its copies have in common (stories.py)

`SHAPE` is the version of these schemas. Columns may be added (older parts give null for them), never change meaning.
Before version 2 `story` was a hash of the words, or missing; opening a store for writing mends that (retelling.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

SHAPE = 2
RECORD_KINDS = ("events", "statements", "positions")
KINDS = ("reports", *RECORD_KINDS, "traces")
STORAGE = ("seq", "published", "parties", "first_day", "last_day")

_TEXT, _WHOLE, _REAL, _YES_NO = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_SPAN = pa.list_(_WHOLE)
_SPANS = pa.list_(_SPAN)
_TEXTS = pa.list_(_TEXT)


def _struct(**fields: Any) -> Any:
    return pa.struct(list(fields.items()))


_ACTORS = pa.list_(
    _struct(
        code=_TEXT, name=_TEXT, kind=_TEXT, sector=_TEXT, sectors=_TEXTS, person=_TEXT, office=_TEXT, wikidata=_TEXT,
        text=_TEXT, span=_SPAN,
    )
)  # fmt: skip
_DATE = _struct(start=_TEXT, end=_TEXT, precision=_TEXT, text=_TEXT)
_PLACES = pa.list_(
    _struct(
        name=_TEXT, kind=_TEXT, country=_TEXT, admin1=_TEXT, geonameid=_WHOLE, lat=_REAL, lon=_REAL, text=_TEXT,
        span=_SPAN,
    )
)  # fmt: skip
_MAGNITUDE = _struct(dead=_WHOLE, injured=_WHOLE, size=_WHOLE, arrested=_WHOLE, money=_REAL)
_EVIDENCE = _struct(sentence=_SPANS, trigger=_SPANS, actors=_SPANS, recipients=_SPANS, content=_SPANS, cue=_SPANS)
_REMOVED = pa.list_(_struct(span_text=_TEXT, reason=_TEXT))
_CONSIDERED = pa.list_(_struct(pattern=_TEXT, result=_TEXT, reason=_TEXT))
_STORAGE = {"seq": _WHOLE, "published": _TEXT, "parties": _TEXTS, "first_day": _TEXT, "last_day": _TEXT}

_FIELDS: Mapping[str, dict[str, Any]] = {
    "reports": {
        "id": _TEXT, "text": _TEXT, "title": _TEXT, "url": _TEXT, "outlet": _TEXT, "published": _TEXT,
        "language": _TEXT, "removed": _REMOVED, "events": _WHOLE, "statements": _WHOLE, "positions": _WHOLE,
        "story": _TEXT,
    },
    "events": {
        "id": _TEXT, "report": _TEXT, "type": _TEXT, "mode": _TEXT, "contexts": _TEXTS, "quad": _WHOLE,
        "cameo": _TEXT, "goldstein": _REAL, "intensity": _REAL, "actors": _ACTORS, "recipients": _ACTORS,
        "status": _TEXT, "attributed_to": _ACTORS, "implicit": _YES_NO, "date": _DATE, "places": _PLACES,
        "magnitude": _MAGNITUDE, "evidence": _EVIDENCE, "confidence": _REAL, **_STORAGE,
    },
    "statements": {
        "id": _TEXT, "report": _TEXT, "speakers": _ACTORS, "recipients": _ACTORS, "quote": _TEXT, "form": _TEXT,
        "date": _DATE, "evidence": _EVIDENCE, "confidence": _REAL, **_STORAGE,
    },
    "positions": {
        "id": _TEXT, "report": _TEXT, "holders": _ACTORS, "stance": _TEXT, "toward": _ACTORS, "issue": _TEXT,
        "expression": _TEXT, "status": _TEXT, "attributed_to": _ACTORS, "implicit": _YES_NO, "date": _DATE,
        "evidence": _EVIDENCE, "confidence": _REAL, **_STORAGE,
    },
    "traces": {
        "record": _TEXT, "clause": _TEXT, "clause_span": _SPAN, "pattern": _TEXT, "source": _TEXT, "steps": _TEXTS,
        "considered": _CONSIDERED, "report": _TEXT, "seq": _WHOLE,
    },
}  # fmt: skip

_SUMMED = {"period": pa.date32(), "report": _TEXT, "value": _REAL, "weight": _REAL, "records": _WHOLE}
_RECORDED = {"day": _TEXT, "sort": _TEXT, "id": _TEXT, "report": _TEXT, "value": _REAL}
_INDEXED = {
    "report": _TEXT, "seq": _WHOLE, "id": _TEXT, "parties": _TEXTS, "type": _TEXT, "status": _TEXT, "issue": _TEXT,
    "stance": _TEXT, "first_day": _TEXT, "last_day": _TEXT, "confidence": _REAL, "told": _TEXT,
}  # fmt: skip
# The columns of the answers for alignment: sums over records, and the records that count.
SUMS: Mapping[str, dict[str, Any]] = {
    "ties": {"channel": _TEXT, "source": _TEXT, "target": _TEXT, **_SUMMED},
    "tie_sums": {
        "source": _TEXT, "target": _TEXT, "period": pa.date32(), "value": _REAL, "weight": _REAL, "records": _WHOLE,
    },
    "dyad_counts": {"source": _TEXT, "target": _TEXT, "period": pa.date32(), "records": _WHOLE, "value": _REAL},
    "overview": {"since": _TEXT, "until": _TEXT, "outlets": _WHOLE},
    "types": {"type": _TEXT},
    "strata": {"stratum": _TEXT, "number": _WHOLE},
    "drawn": {"id": _TEXT, "stratum": _TEXT},
    "marks": {"report": _TEXT, "mark": _TEXT},
    "indexed_reports": {
        "id": _TEXT, "title": _TEXT, "text": _TEXT, "published": _TEXT, "outlet": _TEXT, "about": _TEXT,
    },
    **{f"indexed_{kind}": _INDEXED for kind in RECORD_KINDS},
    "indexed_traces": {"report": _TEXT, "told": _TEXT},
    "count": {"number": _WHOLE},
    "sources": {"source": _TEXT, "number": _WHOLE},
    "left_out": {"report": _TEXT},
    "ids": {"id": _TEXT},
    "days": {"day": _TEXT, "number": _WHOLE},
    "first_told": {"report": _TEXT, "day": _TEXT},
    "tie_records": {"channel": _TEXT, "source": _TEXT, "target": _TEXT, **_RECORDED},
    "merged_events": {
        "type": _TEXT, "status": _TEXT, "actors": _TEXTS, "recipients": _TEXTS, "first_day": _TEXT, "last_day": _TEXT,
        "reports": _WHOLE, "stories": _WHOLE, "outlets": _TEXTS, "first_report": _TEXT, "records": _TEXTS,
        "confidence": _REAL,
    },
    "stances": {"actor": _TEXT, "issue": _TEXT, **_SUMMED},
    "stance_records": {"actor": _TEXT, "issue": _TEXT, **_RECORDED},
}  # fmt: skip

# Sorting by publication lets a question about some days skip most of a large part.
ORDER: Mapping[str, tuple[str, ...]] = {
    "reports": ("published", "id"),
    "traces": ("report", "seq"),
    **dict.fromkeys(RECORD_KINDS, ("published", "report", "seq")),
}


def schema(kind: str) -> Any:
    """Return the Arrow schema of the Parquet files of `kind` (one of `KINDS`)."""
    return pa.schema(list(_FIELDS[kind].items()))
