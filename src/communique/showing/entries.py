"""One thing that a brief tells: who, what, whom, the words of the report, and where to open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from communique.alignment.brief import Brief, Turn
from communique.alignment.held import Held
from communique.alignment.latest import Cited
from communique.records import Event, Position, Report, Spans, Statement
from communique.showing import text as say
from communique.showing.moving import signed

_VERBS = {"support": "supports", "oppose": "opposes", "neutral": "is neutral on"}


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a report (`words`), and where they stand: outlet or host, day and id of the report, id of the record.

    `link` is a web address that may be followed, else empty.
    """

    words: str
    where: str
    record: str
    link: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """`day`, `head` (who to whom) and `what`; `marks` say what kind of truth it is (planned, according to ...)."""

    day: str
    head: str
    what: str
    tone: str
    marks: tuple[str, ...]
    quotes: tuple[Quote, ...]


def entry(cited: Cited, longest: int, issue_name: Callable[[str], str] = str) -> Entry:
    """Return a record as an entry; quotations are cut to `longest` characters; `issue_name` names an issue."""
    record = cited.record
    text = cited.report.text
    if isinstance(record, Event):
        head = _sides(say.actors(record.actors, "somebody"), say.actors(record.recipients))
        trigger = say.words(text, record.evidence.trigger)
        what = " ".join(filter(None, (record.type, say.clean(record.mode)))) + (f" · “{trigger}”" if trigger else "")
        tone = "for" if record.quad in (1, 2) else "against" if record.quad else "open"
    elif isinstance(record, Statement):
        head = _sides(say.actors(record.speakers, "somebody"), say.actors(record.recipients))
        what = f"{record.quote} quotation" if record.quote != "indirect" else "indirect speech"
        tone = "open"
    else:
        head, what = say.actors(record.holders, "somebody"), f"{_VERBS[record.stance]} {about(record, issue_name)}"
        tone = tone_of(record.stance)
    told = (f"in {cited.told} reports",) if cited.told > 1 else ()
    return Entry(day_of(cited), head, what, tone, (*marks(record), *told), (quote(cited, longest),))


def stance(brief: Brief, held: Held, cited: Cited, longest: int) -> Entry:
    """Return what an actor holds on an issue as an entry."""
    issue = say.clean(brief.issue_name(held.issue))
    head = f"{issue} — {say.clean(brief.name(held.actor))}" if brief.dyad else issue
    marked = marks(held.shown)
    if held.began is None:
        what = f"{held.shown.stance}, but not told as held · {say.counted(held.others, 'record')}"
        return Entry(day_of(cited), head, what, "open", marked, (quote(cited, longest),))
    since = say.day(held.began.date)
    basis = f"{say.counted(held.records, 'record')} in {say.counted(held.reports, 'report')}"
    if abs(held.mean) < 0.995:  # records of both sorts
        basis = f"mean {signed(held.mean)} of {basis}"
    what = f"{_VERBS[held.stance].removesuffix(' on')} {'since ' if since != 'undated' else ''}{since} · {basis}"
    if held.before is not None:
        marked += (f"before: {held.before.stance} (last on {say.day(held.before.date)})",)
    if held.others:
        marked += (f"besides {held.others} planned, denied or told by others",)
    return Entry(day_of(cited), head, what, tone_of(held.stance), marked, (quote(cited, longest),))


def shift(brief: Brief, turn: Turn, longest: int) -> Entry:
    """Return a change of stance as an entry with both records."""
    aim = brief.issue_name(turn.issue) if turn.issue else brief.name(turn.toward)
    pair = [c.record.stance for c in (turn.earlier, turn.later) if isinstance(c.record, Position)]
    head = f"{say.clean(brief.name(turn.actor))} on {say.clean(aim)}"
    return Entry(day_of(turn.later), head, " → ".join(pair), tone_of(pair[-1]), (),
                 (_dated(turn.earlier, longest // 2), _dated(turn.later, longest // 2)))  # fmt: skip


def contradiction(brief: Brief, turn: Turn, longest: int) -> Entry:
    """Return a deed against words as an entry with both records."""
    head = _sides(say.clean(brief.name(turn.actor)), say.clean(brief.name(turn.toward)))
    told = []
    for cited in (turn.earlier, turn.later):
        record = cited.record
        if isinstance(record, Event):
            told.append(record.type)
        elif isinstance(record, Position):
            told.append(f"{_VERBS[record.stance]} it")
    return Entry(day_of(turn.later), head, ", then ".join(told), "open", (),
                 (_dated(turn.earlier, longest // 2), _dated(turn.later, longest // 2)))  # fmt: skip


def marks(record: Event | Statement | Position) -> tuple[str, ...]:
    """Return what sets a record apart from a plain fact: its status, who says so, that it is only implied."""
    if isinstance(record, Statement):
        return ()
    by = f"according to {say.actors(record.attributed_to)}" if record.attributed_to else ""
    status = record.status if record.status != "actual" else ""
    return tuple(filter(None, (status, by, "implied" if record.implicit else "")))


def quote(cited: Cited, longest: int, mark: str = "") -> Quote:
    """Return the words that prove a record: of a statement what was said, else the sentence."""
    proof = cited.record.evidence
    spans = proof.content if isinstance(cited.record, Statement) and proof.content else proof.sentence
    report = cited.report
    link = web_address(report.url)
    outlet = say.clean(report.outlet) or (urlsplit(link).hostname if link else say.clean(report.url))
    outlet = outlet or _cut(say.clean(report.title), 50) or "no outlet"
    where = f"{outlet}, {say.clean(report.published) or 'no date'}, {say.short(report.id)}"
    return Quote(_words(report, spans, longest), where, say.short(cited.record.id), link, mark)


def web_address(url: str) -> str:
    """Return `url` if it is one of the web's, else nothing: others (`javascript:`) are never made links."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return say.clean(url).replace(" ", "%20") if good else ""


def about(position: Position, issue_name: Callable[[str], str] = str) -> str:
    """Return what a position is about: whom, which issue, or the report's words for it."""
    issue = issue_name(position.issue) if position.issue else ""
    named = ": ".join(filter(None, (say.actors(position.toward), say.clean(issue))))
    return named or f"“{_cut(' '.join(say.clean(position.expression).split()), 60)}”"


def tone_of(stance: str) -> str:
    """Return the tone of a stance: for, against or open."""
    return {"support": "for", "oppose": "against"}.get(stance, "open")


def day_of(cited: Cited) -> str:
    """Return the day of a record, or that of its report where it has none."""
    date = cited.record.date
    return (
        say.day(date)
        if date.start or date.end or not cited.report.published
        else f"≤{say.clean(cited.report.published)}"
    )


def _dated(cited: Cited, longest: int) -> Quote:
    return quote(cited, longest, day_of(cited))


def _sides(doers: str, others: str) -> str:
    return f"{doers} → {others}" if others else doers


def _words(report: Report, spans: Spans, longest: int) -> str:
    found = say.words(report.text, spans)
    # What is quoted as said may carry its own marks; ours stand around it.
    return _cut(found.strip('“”"„‟ '), longest)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest].rpartition(' ')[0] or text[:longest]} …"
