"""Stories: which reports are copies of one another. Each report belongs to the story of the report that it copies.

    story = stories.assign(report.id, report.published, likeness(told_text(report)))   in the order of the reports
    to_rows(coding, story)                                                             anywhere
    catalogue.commit(part, reports, ledger, told=stories.told(reports))                whole or not at all
    stories.forget(reports)

What a report's story is depends on the reports that came before it, and on nothing else: not on how they were put into
batches, nor on where a writer was stopped, as long as reports are committed in the order in which they were assigned.
The index is on the disk (runs.py); in memory are the reports that were assigned and not yet committed.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from communique.reading.alike import alike, kin
from communique.reading.likeness import Likeness, unpacked
from communique.store import runs

_LATEST = 16  # reports that are looked at for one key: forms that are filled in daily meet by the thousand
_COMPARED = 24  # reports that one is compared with: those that it meets most often, the latest first


@dataclass(frozen=True, slots=True)
class Told:
    """A report with its story, as the catalogue keeps it. `seq` is its place in the order of all reports."""

    seq: int
    report: str
    story: str
    first: int
    published: str
    likeness: Likeness


class Stories:
    """The stories of a store. Reads the catalogue; what it finds is written by `Catalogue.commit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._index = runs.Runs(connection)
        self._pending: dict[str, Told] = {}
        self._by_seq: dict[int, Told] = {}
        self._meeting: defaultdict[int, list[int]] = defaultdict(list)
        self._last = 0
        self._lost: dict[str, str] | None = None

    def assign(self, report: str, published: str, likeness: Likeness) -> str:
        """Return the story of a report that the store has not: that of the most alike earlier one, or a new one.

        A new story has the id of its first report. The report is remembered until it is forgotten; asked for
        again meanwhile, it has the same story. Raises sqlite3.Error.
        """
        if known := self._pending.get(report):
            return known.story
        if story := self._told_and_lost().get(report):
            return story
        earlier = self._most_alike(published, likeness)
        self._last = seq = max(self._last, self._highest()) + 1
        story, first = (earlier.story, earlier.first) if earlier else (report, seq)
        told = Told(seq, report, story, first, published, likeness)
        self._pending[report] = self._by_seq[seq] = told
        for key in likeness.keys:
            self._meeting[key].append(seq)
        return story

    def told(self, reports: Iterable[str]) -> list[Told]:
        """Return what is to be committed of these reports, which were assigned and are not yet forgotten."""
        return [told for report in reports if (told := self._pending.get(report))]

    def forget(self, reports: Iterable[str]) -> None:
        """Forget reports that were committed, which the catalogue has now, or that will not be.

        Copies of the latter that were assigned meanwhile keep their stories.
        """
        for report in reports:
            if told := self._pending.pop(report, None):
                del self._by_seq[told.seq]
                for key in told.likeness.keys:
                    self._meeting[key].remove(told.seq)
                    if not self._meeting[key]:
                        del self._meeting[key]

    def _told_and_lost(self) -> dict[str, str]:
        """Return the stories of reports that the store had and that stood in a damaged file: they keep them."""
        if self._lost is None:
            rows = self._connection.execute(
                "SELECT told.report, story FROM lost JOIN told ON told.report = lost.report"
            )
            self._lost = dict(rows.fetchall())
        return self._lost

    def _most_alike(self, published: str, likeness: Likeness) -> Told | None:
        best: tuple[float, int] = (0.0, 0)
        found: Told | None = None
        for old in self._met(likeness):
            later = bool(old.published) and published[:10] > old.published[:10]
            score = alike(likeness, old.likeness, later=later)
            # Of those that are as alike, the earliest.
            if score and (score, -old.seq) > best and self._kin(likeness, old):
                best, found = (score, -old.seq), old
        return found

    def _kin(self, likeness: Likeness, old: Told) -> bool:
        if old.first == old.seq:
            return True
        first = self._read([old.first])
        return not first or kin(likeness, first[0].likeness)  # not there: it was never committed

    def _met(self, likeness: Likeness) -> list[Told]:
        """Return the earlier reports that this one may be a copy of, those that it meets most often first."""
        often: Counter[int] = Counter()
        for seqs in self._meetings(likeness.keys).values():
            often.update(sorted(seqs, reverse=True)[:_LATEST])
        most = sorted(often, key=lambda seq: (-often[seq], -seq))[:_COMPARED]
        return self._read(most)

    def _meetings(self, keys: Sequence[int]) -> dict[int, list[int]]:
        """Return for each key the reports that have it, at least the latest of them."""
        found = {key: self._meeting[key][-_LATEST:] for key in keys if key in self._meeting}
        for key, seqs in self._index.latest(keys, _LATEST).items():
            found.setdefault(key, []).extend(seqs)
        return found

    def _read(self, seqs: Sequence[int]) -> list[Told]:
        """Return reports by their places, in the order asked for."""
        found = {seq: self._by_seq[seq] for seq in seqs if seq in self._by_seq}
        if missing := [seq for seq in seqs if seq not in found]:
            marks = ",".join("?" * len(missing))
            for seq, report, story, first, published, content in self._connection.execute(
                f"SELECT seq, report, story, first, published, likeness FROM told WHERE seq IN ({marks})", missing
            ):
                found[seq] = Told(seq, report, story, first, published, unpacked(content))
        return [found[seq] for seq in seqs if seq in found]

    def _highest(self) -> int:
        if self._last:
            return self._last
        highest = self._connection.execute("SELECT max(seq) FROM told").fetchone()[0]
        return int(highest or 0)


def write(connection: sqlite3.Connection, told: Sequence[Told]) -> None:
    """Write reports with their stories, within the transaction that is open."""
    connection.executemany(
        "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?)",
        [(t.seq, t.report, t.story, t.first, t.published, t.likeness.packed()) for t in told],
    )
    runs.add(connection, [(key, t.seq) for t in told for key in set(t.likeness.keys)])
