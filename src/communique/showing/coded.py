"""A coded report as HTML for a notebook: its text with the words marked that prove records, and the records.

Made to be shown by pages that are not ours: no scripts, no classes or ids that could clash with theirs, styles within
the elements, and tags that tell the kinds apart where even those are taken away. Everything from a report is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from communique.alignment.latest import Cited
from communique.records import Coding, Event, Position, Record, Report, Statement
from communique.showing import text as say
from communique.showing.entries import Entry, entry, web_address
from communique.showing.marking import Paragraph, Piece, paragraphs

MOST_TEXT, MOST_RECORDS = 20_000, 200  # characters of text, records of a kind; the rest is counted
_QUOTE, _MOST_AT_ONCE = 240, 8  # characters of a quotation; records that are named at one place of the text
_GROUPS = (("Deeds", "D", Event, "deed", ""), ("Words", "W", Statement, "statement", ""),
           ("Positions", "P", Position, "position", ""))  # fmt: skip
# Told apart in grey and by those who do not see red or green: by a line, a ground, a dotted line.
_LAYERS = (
    ("word", "mark", "background:#e2efd9;color:#161616"),
    ("deed", "b", "font-weight:600;border-bottom:2px solid #0b5c97"),
    ("position", "u", "text-decoration:underline dotted #8a3f8f 3px;text-underline-offset:.25em"),
)
_BOX = (
    "background:#ffffff;color:#161616;border:1px solid #d4d4d4;border-radius:4px;padding:12px 16px;max-width:60em;"
    "line-height:1.6;text-align:left"
)
_DIM = "color:#5a5a5a"
_LABEL = "font-size:.7em;font-weight:400;color:#5a5a5a;background:#ffffff;padding:0 2px"
_CELL = "text-align:left;vertical-align:top;padding:2px 10px 2px 0"  # notebooks have styles of their own for cells
_ROW = "background:#ffffff;color:#161616"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def html(coding: Coding) -> str:
    """Return a coded report as HTML. Long texts and lists are cut, and what is left out is counted."""
    report = coding.report
    groups = [(title, letter, name, [r for r in coding.records if isinstance(r, kind)])
              for title, letter, kind, name, _ in _GROUPS]  # fmt: skip
    labels = {
        record.id: f"{letter}{number}" for _, letter, _, found in groups for number, record in enumerate(found, 1)
    }
    name = say.clean(report.title) or "report without a title"
    parts = [_head(report, groups), _key() if coding.records else "", _text(report, coding.records, labels)]
    parts += [_table(report, title, found, labels) for title, _, _, found in groups if found]
    if not coding.records:
        parts.append(_paragraph(say.clean(coding.skipped) or "Nothing was found in this report.", _DIM))
    box = f'role="group" aria-label="{_escape(f"Coded: {name}")}" style="{_BOX}"'
    return f'<div class="tex2jax_ignore" {box}>{"".join(parts)}</div>'


def _escape(words: str) -> str:
    """Return words as they may stand in an attribute."""
    return escape(say.clean(words), quote=True)


def _words(words: str) -> str:
    """Return words as they may stand in text.

    What begins a formula stands in an element of its own, since notebooks set formulas wherever two such signs stand in
    one stretch of text.
    """
    return re.sub(r"[$\\]", lambda found: f"<span>{found[0]}</span>", _escape(words))


def _paragraph(words: str, style: str = "") -> str:
    return f'<p style="margin:0 0 8px;{style}">{_words(words)}</p>'


def _head(report: Report, groups: Sequence[tuple[str, str, str, list[Record]]]) -> str:
    known = (say.clean(report.outlet), say.clean(report.published) or "no date", f"report {say.short(report.id)}")
    where = " · ".join(filter(None, known))
    counts = ", ".join(say.counted(len(found), name) for _, _, name, found in groups)
    address = web_address(report.url)
    link = ""
    if address:
        style = "color:#0b5c97;text-decoration:underline"
        link = f' · <a href="{_escape(address)}" rel="noopener noreferrer nofollow" style="{style}">as published</a>'
    title = f"<b>{_words(report.title)}</b><br>" if report.title.strip() else ""
    return f'<p style="margin:0 0 8px">{title}<span style="{_DIM}">{_words(where)}{link} · {_words(counts)}</span></p>'


def _key() -> str:
    shown = {"word": "words said (W)", "deed": "deeds (D)", "position": "positions (P)"}
    named = " ".join(_layered(f"{_words(shown[layer])}", (layer,)) for layer, _, _ in _LAYERS)
    return f'<p style="margin:0 0 8px;font-size:.9em">{named}</p>'


def _text(report: Report, records: Sequence[Record], labels: Mapping[str, str]) -> str:
    left = len(report.text) - MOST_TEXT
    known = _LANGUAGE.fullmatch(report.language)
    shown = replace(report, text=report.text[:MOST_TEXT]) if left > 0 else report
    told = {record.id: f"{labels[record.id]} {_summary(record)}" for record in records}
    body = "".join(_line(each, labels, told) for each in paragraphs(shown, records))
    more = _paragraph(f"… and {left:,} more characters of text.", _DIM) if left > 0 else ""
    return f'<div lang="{report.language if known else ""}" style="margin:0 0 12px">{body}{more}</div>'


def _line(paragraph: Paragraph, labels: Mapping[str, str], told: Mapping[str, str]) -> str:
    return f'<p style="margin:0 0 8px">{"".join(_piece(each, labels, told) for each in paragraph.pieces)}</p>'


def _piece(piece: Piece, labels: Mapping[str, str], told: Mapping[str, str]) -> str:
    words = _words(piece.text)
    if piece.left_out:
        why = f"({_words(f'left out: {piece.reason}')}) " if piece.reason else ""
        return f'<i style="{_DIM}" title="{_escape(f"left out of coding: {piece.left_out}")}">{why}{words}</i>'
    if not piece.layers:
        return words
    named = [labels[each] for each in piece.begins[:_MOST_AT_ONCE]]
    named += ["…"] * (len(piece.begins) > _MOST_AT_ONCE)
    proves = [told[each] for each in piece.records[:_MOST_AT_ONCE]]
    proves += ["…"] * (len(piece.records) > _MOST_AT_ONCE)
    begins = f'<sup style="{_LABEL}">{" ".join(named)}</sup>' if named else ""
    return begins + _layered(words, piece.layers, "; ".join(proves))


def _layered(words: str, layers: Sequence[str], title: str = "") -> str:
    """Return words within an element for each layer, the first of which says what they prove."""
    inside = [(tag, style) for layer, tag, style in _LAYERS if layer in layers]
    for number, (tag, style) in reversed(list(enumerate(inside))):
        named = f' title="{_escape(title)}"' if title and not number else ""
        words = f'<{tag} style="{style}"{named}>{words}</{tag}>'
    return words


def _summary(record: Record) -> str:
    if isinstance(record, Event):
        return f"{record.type}: {_sides(say.actors(record.actors, 'somebody'), say.actors(record.recipients))}"
    if isinstance(record, Statement):
        return f"said by {say.actors(record.speakers, 'somebody')}"
    return f"{say.actors(record.holders, 'somebody')}: {record.stance}"


def _sides(doers: str, others: str) -> str:
    return f"{doers} → {others}" if others else doers


def _table(report: Report, title: str, found: Sequence[Record], labels: Mapping[str, str]) -> str:
    shown = found[:MOST_RECORDS]
    rows = "".join(_row(labels[record.id], record, entry(Cited(record, report), _QUOTE)) for record in shown)
    heads = "".join(f'<th scope="col" style="{_CELL};font-weight:600">{head}</th>'
                    for head in ("", "day", "who", "what", "sure", "words"))  # fmt: skip
    more = f"{len(found) - len(shown):,} more {title.lower()} are not shown." if len(found) > len(shown) else ""
    caption = f'<caption style="text-align:left;color:#161616;font-weight:600;padding:6px 0 2px">{title}</caption>'
    table = (
        f'<table style="border-collapse:collapse;margin:0;font-size:.9em">{caption}'
        f'<thead><tr style="{_ROW}">{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )
    return table + (_paragraph(more, _DIM) if more else "")


def _row(label: str, record: Record, told: Entry) -> str:
    what = " · ".join([told.what, *told.marks])
    words = f"“{told.quotes[0].words}”" if told.quotes[0].words else "(no words kept)"
    cells = (told.head, what, f"{record.confidence:.2f}", words)
    return (
        f'<tr style="{_ROW}"><th scope="row" style="{_CELL};font-weight:600">{label}</th>'
        f'<td style="{_CELL};white-space:nowrap">{_words(told.day)}</td>'
        + "".join(f'<td style="{_CELL}">{_words(cell)}</td>' for cell in cells)
        + "</tr>"
    )
