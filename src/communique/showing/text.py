"""Short texts for people: names, days and words of a report, safe to print on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from communique.records import Actor, DateInterval, Magnitude, Place, Spans

SHORT = 9  # a letter for the kind, and eight hex digits
_SPACES = {"\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}
_SEPARATOR = " \u2026 "


def clean(text: str) -> str:
    """Return `text` with each control character replaced by one harmless character.

    A report may hold escape sequences that would move the cursor or rename the window, and marks that turn the
    direction of writing. Ends of lines become spaces, other controls their picture (`\\x1b` is shown as U+241B).
    One character gives one character, so offsets into the report stay right.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_safe, text))


def _safe(char: str) -> str:
    if char in _SPACES:
        return " "
    category = unicodedata.category(char)
    if category == "Cc":
        return chr(0x2400 + ord(char)) if ord(char) < 0x20 else "\ufffd"
    if category == "Cs" or unicodedata.bidirectional(char) in _DIRECTIONS:
        return "\ufffd"
    return char


_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def words(text: str, spans: Spans) -> str:
    """Return what stands at `spans` of `text`, on one line; parts that do not touch are set off by an ellipsis."""
    return " ".join(clean(_SEPARATOR.join(text[start:end] for start, end in spans)).split())


def short(identifier: str) -> str:
    """Return the first characters of an id, enough to tell the records of one report apart; of an imported one all."""
    return clean(identifier if ":" in identifier else identifier[:SHORT])


def actor(who: Actor) -> str:
    """Return a name for people: `Xi Jinping (China)`, `Russia`, `Russia MIL` for other sectors than government."""
    body = who.name or who.code or who.text
    sector = "" if who.sector in ("", "GOV") or who.kind not in ("state", "territory") else f" {who.sector}"
    return clean(f"{who.person} ({body}{sector})" if who.person else f"{body}{sector}")


def actors(who: Iterable[Actor], nobody: str = "") -> str:
    """Return the names of `who` as a list, or `nobody` where there is none."""
    return ", ".join(dict.fromkeys(map(actor, who))) or nobody


def day(date: DateInterval) -> str:
    """Return the start of `date` as precisely as it is known: `2022-02-04`, `2022-02`, `2022`, or `undated`."""
    start = date.start or date.end
    if not start:
        return "undated"
    known = {"month": 7, "year": 4}.get(date.precision, 10)
    return f"{'' if date.start else '≤'}{clean(start[:known])}"


def until(date: DateInterval) -> str:
    """Return `to 2022-02-20` for an interval that `day` does not say in full, else nothing."""
    if not date.start or not date.end or date.start == date.end or date.precision in ("month", "year"):
        return ""
    return f"to {clean(date.end)}"


def place(where: Place) -> str:
    """Return `Beijing, CHN` for a place in a country, else its name."""
    inside = where.country if where.country and where.kind != "country" else ""
    return clean(f"{where.name}, {inside}" if inside else where.name)


def magnitude(size: Magnitude) -> str:
    """Return the counts that a record carries: `3 dead, 100,000 strong`."""
    said = {
        "dead": size.dead, "injured": size.injured, "arrested": size.arrested, "strong": size.size,
        "in money": size.money,
    }  # fmt: skip
    return ", ".join(f"{value:,.15g} {what}" for what, value in said.items() if value is not None)


def counted(number: int, one: str, many: str = "") -> str:
    """Return `1 report`, `2 reports`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
