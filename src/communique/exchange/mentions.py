"""GDELT 2.0 mentions: 16 columns, tab-separated, no header; a row for each row of the export as `gdelt2`."""

from __future__ import annotations

from collections.abc import Iterator

from communique.exchange import gdelt, told
from communique.exchange.delimited import tabbed
from communique.exchange.formats import Cells, Format, Options, Tally
from communique.exchange.source import Source
from communique.records import Actor, Event, Report

_WEB, _CITED = "1", "2"


def rows(source: Source, tally: Tally, options: Options) -> Iterator[Cells]:
    """Yield the rows, in the order of those of `gdelt.rows`."""
    for event, report in told.done(source, tally, options):
        if not event.cameo:
            tally.records["events"] -= 1
            tally.left["events without a CAMEO code"] += 1
            continue
        shared = _mention(event, report)
        for n, (one, other) in enumerate(told.pairs(event)):
            yield {
                **shared, "GlobalEventID": str(told.number(event, n)),
                "Actor1CharOffset": _start(one), "Actor2CharOffset": _start(other),
            }  # fmt: skip


def _mention(event: Event, report: Report) -> dict[str, str]:
    day = told.day(event, report) or "0001-01-01"
    published = report.published[:10] or day
    language = report.language.lower()
    return {
        "EventTimeDate": day.replace("-", "") + "000000", "MentionTimeDate": published.replace("-", "") + "000000",
        "MentionType": _WEB if report.url else _CITED, "MentionSourceName": report.outlet,
        "MentionIdentifier": report.url or report.id, "SentenceID": str(told.sentence_number(event, report)),
        "ActionCharOffset": str(event.evidence.trigger[0][0]) if event.evidence.trigger else "-1", "InRawText": "1",
        "Confidence": str(max(10, min(100, round(event.confidence * 10) * 10))), "MentionDocLen": str(len(report.text)),
        "MentionDocTone": gdelt.UNTOLD,
        "MentionDocTranslationInfo": f"srclc:{language}" if language not in ("", "en") else "",
    }  # fmt: skip


def _start(actor: Actor | None) -> str:
    return str(actor.span[0]) if actor and actor.span != (0, 0) else "-1"


MENTIONS = Format(
    "gdelt2-mentions", "GDELT 2.0 mentions", tabbed("gdelt2-mentions", rows, header=False), done=True,
    lost=("all that stands in the events file", "who is not named in the text", *gdelt.LOST[:2]),
)  # fmt: skip
