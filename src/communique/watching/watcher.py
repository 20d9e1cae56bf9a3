"""The rounds of `communique watch`: look at what is due, read what is new, wait."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from communique.errors import FetchError, StoreError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.addresses import Reach, host_of
from communique.sources.item import RawItem
from communique.sources.listing import Entry
from communique.sources.pages import failed, fetched
from communique.sources.web import Stopped, Web
from communique.store.store import Store
from communique.store.watched import Followed, Watched
from communique.watching.lists import Source
from communique.watching.looking import Look, Looker, ask
from communique.watching.schedule import backoff, later, moment, parsed, seconds_until

_PAGES = 200  # read in one round; then feeds are looked at again, which may show what is new for a short time only
_TRIES = 6  # of a page that cannot be had, before it is given up
_LONGEST_WAIT = 3600.0  # seconds; a machine that sleeps may be late by that
_MERGED = 16  # small parts that a store collects before they are merged into larger ones
_STORE_WAIT = 30.0  # seconds before a store that could not be written to is tried again
_AT_LEAST = 0.2  # seconds between two rounds


class Counts(Protocol):
    """What became of the reports that were read."""

    @property
    def kept(self) -> int: ...
    @property
    def there(self) -> int: ...
    @property
    def failures(self) -> Sequence[Failure]: ...


Keep = Callable[[Store, Iterator[RawItem | Failure]], Counts]


@dataclass
class Round:
    """What one round did. `failed` says of each address that it could not look at why, `failing` of each that could not
    be looked at when last tried; `notes` are what the user should know and do."""

    number: int
    looked: int = 0
    unchanged: int = 0
    entries: int = 0
    kept: int = 0
    there: int = 0
    failures: Sequence[Failure] = ()
    waiting: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.looked or self.failed or self.kept or self.there or self.failures or self.notes)


class Watcher:
    """Follows addresses for a store until it is stopped.

    `open_store` opens the store for writing; it is open during a round only, so that others may write in between.
    `keep` codes and keeps reports; it returns once all are kept, and raises if they are not. `say` hears of each round
    when it is over, `complain` of a store that cannot be written to.
    """

    def __init__(
        self, sources: Sequence[Source], settings: Settings, *, open_store: Callable[[], Store], keep: Keep,
        say: Callable[[Round], None], complain: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._sources = {source.address: source for source in sources}
        self._settings = settings
        self._open_store, self._keep, self._say, self._complain = open_store, keep, say, complain
        self._web = Web(settings)
        self._stop = threading.Event()
        self._number = 0

    def stop(self) -> None:
        """End after what is at hand: nothing more is fetched, what was fetched is read and kept."""
        self._stop.set()
        self._web.stop()

    def run(self, *, once: bool = False, again: bool = False) -> None:
        """Go round until stopped, or until everything is gone; with `once`, until all that is there now is read.

        With `once` an address is looked at whether it is due or not, `again` also one that was set aside because it is
        gone. Raises StoreError if the store cannot be written to in the first round; later the next round tries again.
        """
        wait: float | None = 0.0
        while wait is not None and not self._stop.wait(wait):
            if self._web.stopped:  # what was left early takes its client with it
                self._web = Web(self._settings)
                if self._stop.is_set():
                    return
            self._number += 1
            first = self._number == 1
            try:
                with self._open_store() as store:
                    wait = self._round(store, due=once and first, again=again and first)
            except StoreError as error:
                if once or first:
                    raise
                self._complain(str(error))
                wait = _STORE_WAIT
            if once and wait:
                return

    def _round(self, store: Store, *, due: bool, again: bool) -> float | None:
        """Go round once; return the seconds until something is due, 0 if something is left now, None if all is gone."""
        result, watched = Round(self._number), store.watched
        followed = watched.follow(self._sources, again=again)
        if self._number == 1:
            result.notes += [f"{f.address} was set aside: {f.cause}" for f in followed.values() if f.gone]
        now = datetime.now(UTC)
        self._look([f for f in followed.values() if self._wait(f, now, due=due) == 0], watched, result)
        self._read(store, watched, result)
        store.writer.compact(at_least=_MERGED)
        followed = watched.follow(self._sources)
        result.failing = {f.address: _plight(f) for f in followed.values() if f.failures and not f.gone}
        result.waiting, first = watched.waiting()
        if not result.idle:
            self._say(result)
        now = datetime.now(UTC)
        if result.waiting and not (left := seconds_until(first, now)):
            return 0.0
        waits = [wait for f in followed.values() if (wait := self._wait(f, now)) is not None]
        waits += [left] if result.waiting else []
        return max(_AT_LEAST, min([*waits, _LONGEST_WAIT])) if waits else None

    def _wait(self, followed: Followed, now: datetime, *, due: bool = False) -> float | None:
        """Return the seconds until an address is to be looked at, None if it is gone; `due`: at any time."""
        if followed.gone:
            return None
        left = seconds_until(followed.not_before, now)
        if due or not followed.checked:
            return left
        passed = (now - parsed(followed.checked)).total_seconds()
        return max(left, self._sources[followed.address].every - passed, 0.0)

    def _look(self, followed: Sequence[Followed], watched: Watched, result: Round) -> None:
        """Look at addresses, several hosts at once, and note what they name."""
        documents = watched.documents([f.address for f in followed])
        with ThreadPoolExecutor(self._settings.web_hosts, thread_name_prefix="look") as pool:
            asked = [
                (f, pool.submit(ask, self._sources[f.address], self._web, documents.get(f.address))) for f in followed
            ]
            try:
                for each, page in asked:
                    looker = Looker(self._sources[each.address], each, watched, self._web, self._settings.since)
                    try:
                        self._looked(each, looker.note(page.result()), result)
                    except Stopped:
                        return
                    except FetchError as error:
                        self._failed(each, error, watched, result)
            except BaseException:
                self._web.stop()  # else the pool waits for pages that nobody wants
                raise

    def _looked(self, followed: Followed, look: Look, result: Round) -> None:
        result.looked += 1
        result.unchanged += look.unchanged
        result.entries += look.entries
        result.notes += look.faults
        if look.moved:
            result.notes.append(f"{followed.address} has moved for good to {look.moved}. Put that on your list.")

    def _failed(self, followed: Followed, error: FetchError, watched: Watched, result: Round) -> None:
        address, now = followed.address, datetime.now(UTC)
        pause = backoff(self._sources[address].every, followed.failures + 1, error.wait)
        watched.failed(address, str(error), not_before=later(now, pause), gone=error.gone)
        if error.gone:
            result.notes.append(
                f"{address} is gone for good, says its host (410). It is set aside; take it off your list."
            )
        else:
            result.failed[address] = str(error)

    def _read(self, store: Store, watched: Watched, result: Round) -> None:
        """Read what is pending, and note what became of it."""
        now = datetime.now(UTC)
        pending = {each.entry.address: each for each in watched.pending(moment(now), _PAGES)}
        if not pending or self._stop.is_set():
            return
        settled: list[Entry] = []
        put_off: dict[str, str] = {}

        def items() -> Iterator[RawItem | Failure]:
            turns = in_turns([each.entry for each in pending.values()])
            for entry, found in fetched(turns, self._web, reach, self._settings.web_hosts):
                if isinstance(found, Stopped):
                    return
                each = pending[entry.address]
                if isinstance(found, FetchError) and found.passing and each.attempts + 1 < _TRIES:
                    pause = backoff(self._every(each.source), each.attempts + 1, found.wait)
                    put_off[entry.address] = later(now, pause)
                else:
                    settled.append(entry)
                yield failed(entry, found) if isinstance(found, FetchError) else found

        reaches: dict[str, Reach] = {}

        def reach(entry: Entry) -> Reach:
            source = pending[entry.address].source
            if source not in reaches:
                reaches[source] = self._web.reach_of(source)
            return reaches[source]

        counts = self._keep(store, items())
        watched.settle(settled, put_off)
        result.kept, result.there, result.failures = counts.kept, counts.there, tuple(counts.failures)

    def _every(self, address: str) -> float:
        """Return the interval of an address, or of one that is not followed any more but left something to read."""
        source = self._sources.get(address)
        return source.every if source else _LONGEST_WAIT


def in_turns(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with those of different hosts in turn, each host's in their order."""
    hosts: dict[str, deque[Entry]] = {}
    for entry in entries:
        hosts.setdefault(host_of(entry.address), deque()).append(entry)
    turns: list[Entry] = []
    while hosts:
        turns += [waiting.popleft() for waiting in hosts.values()]
        hosts = {host: waiting for host, waiting in hosts.items() if waiting}
    return turns


def _plight(followed: Followed) -> str:
    times = "once" if followed.failures == 1 else f"{followed.failures} times in a row"
    return f"{followed.address} failed {times}, is tried again after {followed.not_before}: {followed.cause}"
