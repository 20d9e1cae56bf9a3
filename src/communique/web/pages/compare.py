"""Two codings of the same reports side by side: what both have, what only one has, what they read in another way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from communique.alignment.latest import Cited
from communique.records import Actor, Event, Record, Report, Statement
from communique.store import ReportSummary, Store
from communique.web.asking import After, Asked, whole
from communique.web.pages import cards
from communique.web.pages.answering import Table, respond, views
from communique.web.pages.cards import Card
from communique.web.pages.finding import title_of
from communique.web.pages.here import Here, here
from communique.web.pages.keeping import kept
from communique.web.stores import Opened

if TYPE_CHECKING:
    from communique.showing.flat import Row
    from communique.showing.svg import Picture
    from communique.store import Filters

router = APIRouter()
_PER_PAGE, _MOST = 100, 400  # reports
_KINDS = ("event", "statement", "position")
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Records of the two codings that stand on the same words; a side is None where the other has nothing there."""

    ours: Card | None
    theirs: Card | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A report in both codings: how many records agree, differ, and are only in one."""

    report: str
    title: str
    published: str
    address: str
    same: int
    changed: int
    ours: int
    theirs: int
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What the page shows; `names` are those of the two stores, `sums` the counts by kind of record.

    `read` reports were looked at, the newest of the `total` that are here and fit the filters, or those that follow;
    of them `reports` are in both stores. `next` leads on, `first` back to the newest.
    """

    here: Here
    title: str
    names: tuple[str, str]
    others: tuple[tuple[str, str], ...] = ()
    read: int = 0
    total: int = 0
    sums: tuple[tuple[str, int, int, int, int], ...] = ()
    reports: tuple[Compared, ...] = ()
    one: Compared | None = None
    next: str = ""
    first: str = ""
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The reports whose codings are not the same."""
        return tuple(one for one in self.reports if one.changed or one.ours or one.theirs)


def sense(record: Record) -> Key:
    """Return what a record says: two that say the same are alike, whatever their ids and confidence."""
    if isinstance(record, Event):
        sides = (_codes(record.actors), _codes(record.recipients))
        return "event", record.type, record.mode, record.status, *sides
    if isinstance(record, Statement):
        return "statement", _codes(record.speakers), _codes(record.recipients)
    return "position", record.stance, record.issue, record.status, _codes(record.holders), _codes(record.toward)


def compared(
    report: Report, ours: Sequence[Record], theirs: Sequence[Record], at: Here, *, whole: bool = False
) -> Compared:
    """Return how two codings of a report differ; `whole` gives the pairs, too."""
    left, right = list(ours), list(theirs)
    same: list[tuple[Record, Record]] = []
    for record in list(left):
        alike = next((o for o in right if _words(o) == _words(record) and sense(o) == sense(record)), None)
        if alike is not None:
            same.append((record, alike))
            left.remove(record)
            right.remove(alike)
    changed: list[tuple[Record, Record]] = []
    for record in list(left):
        near = next((o for o in right if o.kind == record.kind and _touch(o, record)), None)
        if near is not None:
            changed.append((record, near))
            left.remove(record)
            right.remove(near)
    pairs: tuple[Pair, ...] = ()
    if whole:
        every = [(*pair, 0) for pair in changed] + [(one, None, 1) for one in left] + [(None, one, 2) for one in right]
        every.sort(key=lambda pair: _place(pair[0] or pair[1]))
        pairs = tuple(Pair(_card(a, report), _card(b, report)) for a, b, _ in every)
    title = title_of(report)
    return Compared(
        report.id, title, report.published, at.url(report=report.id, after=""), len(same), len(changed), len(left),
        len(right), pairs,
    )  # fmt: skip


def page(
    store: Store, other: Store, at: Here, others: Sequence[Path], asked: Filters, limit: int, after: str | None
) -> ComparePage:
    """Return how the codings of the next `limit` reports that fit the filters differ, or of the one that is named."""
    names = (store.path.name, other.path.name)
    choices = tuple((path.name, at.url(other=n, report="", after="")) for n, path in enumerate(others))
    found = store.page("reports", asked, limit=limit, after=after or None)
    ids = [one.report.id for one in found.items if isinstance(one, ReportSummary) and other.has(one.report.id)]
    sums = {kind: Counter[str]() for kind in _KINDS}
    both = []
    for id_ in ids:
        mine, yours = store.coding(id_), other.coding(id_)
        both.append(compared(mine.report, mine.records, yours.records, at, whole=bool(asked.report)))
        for kind in _KINDS:
            left, right = ([r for r in each.records if r.kind == kind] for each in (mine, yours))
            own = compared(mine.report, left, right, at)
            sums[kind].update(same=own.same, changed=own.changed, ours=own.ours, theirs=own.theirs)
    both.sort(key=lambda one: (-(one.changed + one.ours + one.theirs), one.report))
    totals = tuple((k, s["same"], s["changed"], s["ours"], s["theirs"]) for k, s in sums.items())
    return ComparePage(
        at, "Compare", names, choices, len(found.items), store.count("reports", asked), totals, tuple(both),
        both[0] if asked.report and both else None, at.url(after=found.next) if found.next else "",
        at.url(after="") if after else "", _tables(both, totals, bool(asked.report)),
    )  # fmt: skip


def _tables(
    found: Sequence[Compared], totals: Iterable[tuple[str, int, int, int, int]], one: bool
) -> tuple[Table, ...]:
    names = ("same", "changed", "only_here", "only_there")
    sums: tuple[Row, ...] = tuple({"kind": kind, **dict(zip(names, rest, strict=True))} for kind, *rest in totals)
    rows: tuple[Row, ...] = tuple(
        {"report": one.report, "title": one.title, "published": one.published, "same": one.same,
         "changed": one.changed, "only_here": one.ours, "only_there": one.theirs}
        for one in found
    )  # fmt: skip
    pairs = tuple(row for each in found for n, pair in enumerate(each.pairs, 1) for row in _pair_rows(n, pair))
    told = Table("sums", "By kind", sums), Table("reports", "By report", rows)
    return (*told, Table("pairs", "Records that differ", pairs)) if one else told


def _pair_rows(number: int, pair: Pair) -> Iterator[Row]:
    for side, card in (("here", pair.ours), ("there", pair.theirs)):
        if card:
            yield {"pair": number, "side": side, **card.row}


def _codes(side: Iterable[Actor]) -> tuple[str, ...]:
    return tuple(sorted({f"{one.code or one.text} {one.sector}" for one in side}))


def _words(record: Record) -> tuple[tuple[int, int], ...]:
    told = record.evidence
    return told.sentence if isinstance(record, Event) or not told.content else told.content


def _touch(one: Record, other: Record) -> bool:
    return any(a < d and c < b for a, b in one.evidence.sentence for c, d in other.evidence.sentence)


def _place(record: Record | None) -> int:
    return record.evidence.sentence[0][0] if record and record.evidence.sentence else 0


def _card(record: Record | None, report: Report) -> Card | None:
    return cards.of_cited(Cited(record, report)) if record else None


def show(
    request: Request, store: Opened, asked: Asked, other: Annotated[str, Query(max_length=4)] = "", after: After = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _PER_PAGE,
) -> Response:  # fmt: skip
    """Answer with the comparison."""
    at = here(request)
    others: Sequence[Path] = tuple(request.app.state.settings.others)
    if not others:
        return respond(request, "compare.html", ComparePage(at, "Compare", (store.path.name, "")))
    asked = whole(store, asked)
    place = int(other) if other.isdecimal() and int(other) < len(others) else 0
    with Store.open(others[place]) as there, there.moment():
        key = ("compare", at, limit, after, there.version())
        made = kept(request, store, key, lambda: page(store, there, at, others, asked, limit, after))
    return respond(request, "compare.html", made)


views(router, "/compare", show)
