"""Records as pages show them: who, what, whom, the words of the report, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.alignment.latest import Cited
from communique.records import Position, Record, Report
from communique.showing import entries
from communique.showing.entries import Entry
from communique.web.pages.here import report as report_address

if TYPE_CHECKING:
    from communique.alignment.brief import Brief, Turn
    from communique.alignment.held import Held
    from communique.showing.flat import Row
    from communique.store import Store

LONGEST = 280  # characters of a quotation


@dataclass(frozen=True, slots=True)
class Proof:
    """The words of a record as an entry quotes them, the record's id, and its address."""

    words: str
    where: str
    mark: str
    record: str
    report: str
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    """An entry with its records; `kind` is event, statement, position, stance, shift or contradiction."""

    kind: str
    day: str
    head: str
    what: str
    tone: str
    marks: tuple[str, ...]
    proofs: tuple[Proof, ...]
    confidence: float | None = None

    @property
    def row(self) -> Row:
        """The card as a row of a table."""
        first, *rest = self.proofs
        later = rest[0] if rest else Proof("", "", "", "", "", "")
        return {
            "kind": self.kind, "day": self.day, "who": self.head, "what": self.what, "marks": "; ".join(self.marks),
            "confidence": self.confidence, "words": first.words, "source": first.where, "record": first.record,
            "report": first.report, "later_words": later.words, "later_source": later.where,
            "later_record": later.record, "later_report": later.report,
        }  # fmt: skip


def of_cited(cited: Cited, issue_name: Callable[[str], str] = str) -> Card:
    """Return a record with its report as a card; `issue_name` names an issue by its id."""
    return _card(cited.record.kind, entries.entry(cited, LONGEST, issue_name), (cited,), cited.record.confidence)


def of_held(brief: Brief, held: Held, cited: Cited) -> Card:
    """Return what an actor holds on an issue as a card."""
    return _card("stance", entries.stance(brief, held, cited, LONGEST), (cited,))


def of_shift(brief: Brief, turn: Turn) -> Card:
    """Return a change of stance as a card with both records."""
    return _card("shift", entries.shift(brief, turn, LONGEST), (turn.earlier, turn.later))


def of_contradiction(brief: Brief, turn: Turn) -> Card:
    """Return a deed against words as a card with both records."""
    return _card("contradiction", entries.contradiction(brief, turn, LONGEST), (turn.earlier, turn.later))


def cited(store: Store, records: Iterable[Record]) -> list[Cited]:
    """Return records with their reports."""
    found = list(records)
    reports = store.reports({record.report for record in found})
    return [Cited(record, reports.get(record.report) or Report(record.report, "")) for record in found]


def rows(cards: Iterable[Card]) -> tuple[Row, ...]:
    """Return cards as rows of a table."""
    return tuple(card.row for card in cards)


def change(before: Cited, after: Cited, who: str, on: str) -> Card:
    """Return a change of stance, of which `before` was the last and `after` the first record, as a card."""
    pair = [c.record.stance for c in (before, after) if isinstance(c.record, Position)]
    proofs = tuple(_proof(entries.quote(c, LONGEST // 2, entries.day_of(c)), c) for c in (before, after))
    return Card(
        "shift", entries.day_of(after), f"{who} on {on}", " → ".join(pair), entries.tone_of(pair[-1]), (), proofs
    )


def named(names: Mapping[str, str], code: str) -> str:
    """Return the name that goes with a code, or the code."""
    return names.get(code.upper(), code)


def _card(kind: str, entry: Entry, told: tuple[Cited, ...], confidence: float | None = None) -> Card:
    proofs = tuple(_proof(quote, cited) for quote, cited in zip(entry.quotes, told, strict=True))
    return Card(kind, entry.day, entry.head, entry.what, entry.tone, entry.marks, proofs, confidence)


def _proof(quote: entries.Quote, cited: Cited) -> Proof:
    record = cited.record
    return Proof(
        quote.words, quote.where, quote.mark, record.id, record.report, report_address(record.report, record.id)
    )  # fmt: skip
