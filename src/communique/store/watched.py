"""What is followed and how far: the memory of `communique watch`, kept in the catalogue of the store that it fills.

An entry of a feed is noted, in one transaction, before anything is done about it, and is pending until its report is in
the store. So nothing is lost when the program is killed between, whatever the feed shows by then. That it is read the
ledger says, which is written in the transaction of its report; so nothing is read twice either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from communique.sources.listing import BY_WORDS, Entry
from communique.store.catalogue import Catalogue, now
from communique.store.faults import reported


@dataclass(frozen=True, slots=True)
class Followed:
    """How a watched address stands. Times are UTC, ISO 8601, "" for never; `failures` are those in a row."""

    address: str
    began: str
    checked: str = ""
    looked: str = ""
    not_before: str = ""
    failures: int = 0
    cause: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A list that was read to its end, with what its host gave to ask for changes."""

    address: str
    parent: str = ""
    stamp: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that is still to be read, the watched address that named it, and how often it was tried."""

    entry: Entry
    source: str
    attempts: int = 0


FORM = "%Y-%m-%dT%H:%M:%SZ"
# A list may say of all its pages that they have changed just now, each time that it is asked. So a page is read again
# when it has changed an hour after it was read first, then four hours, sixteen ..., in the end half a year.
_READ = "(SELECT count(*) FROM inputs WHERE origin = {address} AND outcome <> 'failed')"
_NOTE = f"""
    INSERT INTO watched_entries (address, source, stamp, title, published, outlet, language, text, fault, noted,
        pending, lines)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, {_READ.format(address="?1")})
    ON CONFLICT (address) DO UPDATE SET
        source = excluded.source, stamp = excluded.stamp, title = excluded.title, published = excluded.published,
        outlet = excluded.outlet, language = excluded.language, text = excluded.text, fault = excluded.fault,
        noted = excluded.noted, pending = 1, lines = excluded.lines, changes = changes + 1, attempts = 0,
        not_before = ''
    WHERE excluded.pending AND CASE
        WHEN excluded.stamp LIKE '{BY_WORDS}%' THEN excluded.stamp <> watched_entries.stamp
        ELSE excluded.stamp >= strftime('{FORM}', watched_entries.stamp, '+' || (1 << min(2 * changes, 12)) || ' hours')
    END
"""
_SETTLED = f"""
    UPDATE watched_entries SET pending = 0, text = ''
    WHERE pending AND {_READ.format(address="watched_entries.address")} > lines
"""
_ENTRY = "address, title, published, stamp, outlet, language, text, fault"


class Watched:
    """The watched addresses of a store that is open for writing."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue

    def follow(self, addresses: Iterable[str], *, again: bool = False) -> dict[str, Followed]:
        """Return how these addresses stand, after noting those that are new; `again` forgets which are gone."""
        wanted = list(addresses)
        with reported(self._path, "write to"), self._catalogue.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO watched (address, began) VALUES (?, ?)", _each(wanted, now()))
            if again:
                forget = "UPDATE watched SET gone = 0, failures = 0, not_before = '' WHERE address = ? AND gone"
                connection.executemany(forget, _each(wanted))
            rows = connection.execute(
                "SELECT address, began, checked, looked, not_before, failures, cause, gone FROM watched"
            )
            found = {row[0]: Followed(*row) for row in rows}
        return {address: found[address] for address in wanted}

    def documents(self, addresses: Collection[str] = (), *, parent: str = "") -> dict[str, Document]:
        """Return the documents with these addresses that were read before, or those that `parent` names."""
        sql = "SELECT address, parent, stamp, etag, modified FROM watched_documents WHERE "
        where, asked = ("parent = ?", [parent]) if parent else ("address = ?", list(addresses))
        with reported(self._path, "read"):
            rows = [row for each in asked for row in self._catalogue.connection.execute(sql + where, (each,))]
        return {row[0]: Document(*row) for row in rows}

    def note(self, source: str, entries: Iterable[Entry], *, known: bool = False) -> int:
        """Note entries that a watched address names; return how many are new or changed, and so to be read.

        With `known`, entries that are new are not to be read: they were there before anybody watched.
        """
        moment = now()
        with reported(self._path, "write to"), self._catalogue.transaction() as connection:
            before = connection.total_changes
            connection.executemany(
                _NOTE,
                (
                    (e.address, source, e.stamp, e.title, e.published, e.outlet, e.language, e.text, e.fault, moment,
                     not known) for e in entries
                ),
            )  # fmt: skip
            changed = connection.total_changes - before
        return 0 if known else changed

    def looked(self, source: str, documents: Iterable[Document]) -> None:
        """Note that all that an address names is noted, with the documents that were read for it."""
        moment = now()
        with reported(self._path, "write to"), self._catalogue.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO watched_documents VALUES (?, ?, ?, ?, ?)",
                [(d.address, d.parent, d.stamp, d.etag, d.modified) for d in documents],
            )
            connection.execute(
                "UPDATE watched SET checked = ?1, looked = ?1, not_before = '', failures = 0, cause = '', gone = 0"
                " WHERE address = ?2",
                (moment, source),
            )

    def failed(self, source: str, cause: str, *, not_before: str, gone: bool = False) -> None:
        """Note that an address could not be looked at, why, and when to try again."""
        with reported(self._path, "write to"), self._catalogue.transaction() as connection:
            connection.execute(
                "UPDATE watched SET checked = ?, not_before = ?, failures = failures + 1, cause = ?, gone = ?"
                " WHERE address = ?",
                (now(), not_before, cause, gone, source),
            )

    def pending(self, before: str, limit: int) -> list[Pending]:
        """Return up to `limit` entries that are to be read and whose next try is not after `before`, oldest first.

        Entries of which the ledger has what became of them since they were noted are settled first.
        """
        with reported(self._path, "write to"), self._catalogue.transaction() as connection:
            connection.execute(_SETTLED)
            rows = connection.execute(
                f"SELECT {_ENTRY}, source, attempts FROM watched_entries WHERE pending AND not_before <= ?"
                " ORDER BY noted, address LIMIT ?",
                (before, limit),
            ).fetchall()
        return [Pending(Entry(*row[:8]), row[8], row[9]) for row in rows]

    def waiting(self) -> tuple[int, str]:
        """Return how many entries are to be read, and when the first of them is to be tried ("" for at once)."""
        with reported(self._path, "read"):
            count, first = self._catalogue.connection.execute(
                "SELECT count(*), min(not_before) FROM watched_entries WHERE pending"
            ).fetchone()
        return count, first or ""

    def settle(self, entries: Iterable[Entry], put_off: Mapping[str, str]) -> None:
        """Note that entries were read or given up, and until when others (by address) are put off."""
        with reported(self._path, "write to"), self._catalogue.transaction() as connection:
            connection.executemany(
                "UPDATE watched_entries SET pending = 0, text = '' WHERE address = ? AND stamp = ?",
                [(entry.address, entry.stamp) for entry in entries],
            )
            connection.executemany(
                "UPDATE watched_entries SET attempts = attempts + 1, not_before = ? WHERE address = ?",
                [(until, address) for address, until in put_off.items()],
            )


def _each(values: Iterable[str], *more: str) -> list[tuple[str, ...]]:
    return [(value, *more) for value in values]
