"""What a format is, and what an export tells of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from communique.exchange.out import Out
    from communique.exchange.source import Source
    from communique.store import Store

KINDS = ("events", "statements", "positions", "reports")


@dataclass(frozen=True, slots=True)
class Options:
    """How to export: `kind` for formats that hold one kind of row at a time; `attributed` lets events through that
    somebody else says that a doer did."""

    kind: str = "events"
    attributed: bool = False


@dataclass(slots=True)
class Tally:
    """What an export has written and what it has left: rows, records by kind, records left out by reason, and cells
    that had to be changed by reason."""

    rows: int = 0
    records: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in a file did: rows read, events (or records) that are new, that the store had, rows set aside with
    the file that holds them, and what else is to be known, by reason."""

    rows: int
    new: int
    there: int = 0
    aside: int = 0
    aside_file: Path | None = None
    notes: Mapping[str, int] = field(default_factory=dict)


class Write(Protocol):
    """Write what `source` gives to `out`, and count in `tally`."""

    def __call__(self, source: Source, out: Out, tally: Tally, options: Options) -> None: ...


class Read(Protocol):
    """Take the file at `path` into the open store; `confidence` is that of its records.

    `origin` is its name in the ledger, where that is not its path; it is given only then.
    """

    def __call__(self, store: Store, path: Path, confidence: float, *, origin: str = "") -> Taken: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name on the command line, what it is, and how it is written and read.

    `kinds` are the kinds of record that it carries; empty: the one that is asked for. `done`: it has no word for plans,
    denials and hypotheses, so that only events that took place go out. `lost` says what else of these records it has
    no place for. `folder`: it is written as a folder of files; `binary`: not to a terminal. `unread` says what is not
    kept when it is read.
    """

    name: str
    title: str
    write: Write
    kinds: tuple[str, ...] = ("events",)
    done: bool = False
    lost: tuple[str, ...] = ()
    folder: bool = False
    binary: bool = False
    read: Read | None = None
    unread: tuple[str, ...] = ()


Cells = Mapping[str, str]
Rows = Iterator[Cells]
MakeRows = Callable[..., Rows]
Names = Sequence[str]
