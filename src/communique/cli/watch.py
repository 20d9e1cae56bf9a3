"""`communique watch`: follow feeds, sitemaps and lists, and keep what is new in them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.failing import FAILED, tell
from communique.cli.options import Codebook, Knowledge, Model, Since, StoreFolder, day, failure_line, settings_of
from communique.showing.text import counted

if TYPE_CHECKING:
    from communique.engines import Tally
    from communique.pipeline import Coder
    from communique.records import Failure
    from communique.settings import Settings
    from communique.sources.item import RawItem
    from communique.store import Store
    from communique.watching.watcher import Round, Watcher


def watch(
    store: StoreFolder,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL...]", help="Addresses of feeds, sitemaps or lists of articles.")
    ] = None,
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", metavar="FILE", help="List file: TOML with a table for each address. May be repeated."),
    ] = None,
    every: Annotated[
        str, typer.Option(metavar="TIME", help="How often an address is looked at: 45s, 30m, 2h, 1d.")
    ] = "30m",
    once: Annotated[
        bool, typer.Option("--once", help="Look at every address once, read what is new, and end: for cron.")
    ] = False,
    since: Since = "",
    again: Annotated[
        bool, typer.Option("--again", help="Look also at addresses that were set aside because they are gone.")
    ] = False,
    knowledge: Knowledge = None,
    codebook: Codebook = "",
    model: Model = True,
) -> None:
    """Follow feeds, sitemaps and lists of articles: code what is new in them and keep it in a store.

    It runs until it is stopped, by Ctrl-C or as a service by SIGTERM; then it ends once what was fetched is kept. How
    far it is stands in the store: started again, it goes on where it was. Each round is told in a line on standard
    error. Hosts are treated as a guest should: robots.txt is obeyed, and nothing is fetched that has not changed.

    Examples:

    - `communique watch https://example.org/feed.xml --store news`

    - `communique watch --list feeds.toml --store news --every 15m`

    - `communique watch https://example.org/news-sitemap.xml --store news --once`
    """
    settings = settings_of(knowledge, codebook, model=model, since=day(since))

    from communique.store import Store
    from communique.watching.lists import sources_of
    from communique.watching.watcher import Watcher

    desk = _Desk(settings)
    watcher = Watcher(
        sources_of(urls or (), lists or (), every), settings, open_store=lambda: Store.open_or_create(store),
        keep=desk.keep, say=desk.say, complain=tell,
    )  # fmt: skip
    with _ended_by_signals(watcher):
        try:
            watcher.run(once=once, again=again)
        except KeyboardInterrupt:  # in the middle of a round; what is not in the store is noted still
            watcher.stop()
            desk.rounds += 1
    print(desk.closing())
    for line in desk.failing.values():
        tell(line)
    if once and (desk.failing or desk.failed):
        raise typer.Exit(FAILED)


@dataclass
class _Desk:
    """Keeps what comes in, and tells of it."""

    settings: Settings
    rounds: int = 0
    kept: int = 0
    there: int = 0
    failed: int = 0
    failing: dict[str, str] = field(default_factory=dict)
    _coder: Coder | None = None

    def keep(self, store: Store, items: Iterator[RawItem | Failure]) -> Tally:
        """Code and keep reports; return when all are in the store, raise if they are not."""
        from communique.engines import Driver
        from communique.engines.loading import load_coder
        from communique.store.furniture import learn_into

        if self._coder is None:
            self._coder = load_coder(self.settings)
        driver = Driver(store, self.settings, coder=self._coder, repeated=partial(learn_into, store, ()))
        try:
            driver.run(items)
        finally:  # also when it is interrupted between two batches
            tally = driver.tally
            self.kept, self.there = self.kept + tally.kept, self.there + tally.there
            self.failed += tally.failed
        return tally

    def say(self, done: Round) -> None:
        """Tell of a round: a line, and one for each report that failed and each thing that the user should know."""
        self.rounds += 1
        self.failing = done.failing
        looked = f"{counted(done.looked, 'address', 'addresses')} looked at"
        looked += f" ({done.unchanged:,} unchanged)" if done.unchanged else ""
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        line = (
            f"{now} round {done.number:,}: {looked}, {counted(done.entries, 'new entry', 'new entries')}; "
            f"{counted(done.kept, 'report')} read, {done.there:,} already there, {len(done.failures):,} failed"
        )
        line += f"; {counted(done.waiting, 'entry waits', 'entries wait')}" if done.waiting else ""
        if done.failed:
            line += f"; could not be looked at: {' '.join(done.failed.values())}"
        tell(line.rstrip(".") + ".")
        for failure in done.failures:
            tell(failure_line(failure))
        for note in done.notes:
            tell(note)

    def closing(self) -> str:
        """Return the closing line."""
        line = (
            f"{counted(self.rounds, 'round')}: {counted(self.kept, 'report')} read, {self.there:,} already there, "
            f"{self.failed:,} failed"
        )
        if self.failing:
            return (
                f"{line}; {counted(len(self.failing), 'address fails', 'addresses fail')}: {', '.join(self.failing)}."
            )
        return f"{line}."


@contextmanager
def _ended_by_signals(watcher: Watcher) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the watcher after what is at hand, and a second one at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        # In a thread of its own: what this one is doing may hold the very lock that stopping takes.
        threading.Thread(target=watcher.stop, daemon=True).start()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
