"""What a store knows of the paragraphs that outlets repeat: learned before reports are coded, kept for later runs.

What is learned is a function of the inputs and of the reports that the store holds, never of how often or where it
was read, so that a run that is begun again learns the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from communique.knowledge.furniture import FurnitureBook
from communique.knowledge.repeated import Repeated, key_of, outlet_of, repeated_of
from communique.reading.repeated import Learned, Learner
from communique.store.faults import reported
from communique.store.parts import read_table

if TYPE_CHECKING:
    from communique.store.catalogue import Catalogue
    from communique.store.store import Store

_GROWTH, _ROOM = 1.25, 50  # the store's own reports are counted again once it has grown by a quarter and 50
_KEEP = """
    INSERT INTO furniture (outlet, key, text, stories, counted) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (outlet, key) DO UPDATE SET
        text = excluded.text, stories = excluded.stories, counted = excluded.counted
    WHERE excluded.stories > furniture.stories
"""


class LearnedFurniture:
    """The table of learned paragraphs of one store."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue

    def all(self) -> list[Learned]:
        """Return the paragraphs that are left out, by outlet, the most frequent first."""
        with reported(self._path, "read"):
            rows = self._catalogue.ask(
                "SELECT outlet, key, text, stories, counted FROM furniture WHERE NOT refused"
                " ORDER BY outlet, stories DESC, text, key"
            )
        return [Learned(*row) for row in rows]

    def repeated(self) -> Repeated:
        """Return what a coder has to know of them."""
        return repeated_of((each.outlet, each.key) for each in self.all())

    def keep(self, learned: Sequence[Learned], reports: int) -> None:
        """Add what was learned from `reports` reports. What was learned before, or refused, stays so."""
        rows = [(each.outlet, each.key, each.text, each.stories, each.of) for each in learned]
        with reported(self._path, "write to"):
            self._catalogue.change([
                (_KEEP, rows), ("UPDATE furniture_learned SET reports = max(reports, ?)", [(reports,)]),
            ])  # fmt: skip

    def refuse(self, text: str) -> int:
        """Have a paragraph read as reporting from now on, of whatever outlet; return how many outlets repeated it."""
        key = key_of(text)
        with reported(self._path, "write to"):
            known = self._catalogue.ask("SELECT outlet FROM furniture WHERE key = ? AND NOT refused", (key,))
            self._catalogue.change([("UPDATE furniture SET refused = 1 WHERE key = ?", [(key,)])])
        return len(known)

    def is_due(self) -> bool:
        """Return whether the store has grown so much that its own reports are to be counted again."""
        with reported(self._path, "read"):
            ((before,),) = self._catalogue.ask("SELECT reports FROM furniture_learned")
            return self._reports() >= _GROWTH * int(before) + _ROOM

    def size(self) -> int:
        """Return the number of reports that the store holds."""
        with reported(self._path, "read"):
            return self._reports()

    def stories(self) -> Iterator[tuple[str, str, str]]:
        """Yield text, outlet (as `outlet_of` gives it) and day of each report of the store, part for part."""
        with reported(self._path, "read"):
            for part in self._catalogue.live():
                table = read_table(self._path / "parts", part, "reports")
                for row in table.select(["text", "outlet", "url", "published"]).to_pylist():
                    yield row["text"], outlet_of(row["outlet"] or "", row["url"] or ""), str(row["published"] or "")

    def _reports(self) -> int:
        return self._catalogue.counts().get("reports", 0)


def learn_into(store: Store, stories: Iterable[tuple[str, str, str]], book: FurnitureBook) -> Repeated:
    """Learn from `stories` (text, outlet, day), and from the store's own if it has grown; return all that it knows.

    `stories` are those of the inputs that can be read twice; for others it is empty. Raises StoreError.
    """
    learner = Learner(book)
    seen = 0
    for text, outlet, day in stories:
        seen += 1
        if learner.wants(outlet):
            learner.add(text, outlet, day)
    if store.furniture.is_due():
        for text, outlet, day in store.furniture.stories():
            if learner.wants(outlet):
                learner.add(text, outlet, day)
    store.furniture.keep(learner.found(), store.furniture.size() + seen)
    return store.furniture.repeated()
