"""Reading inputs of the ledger again, from where they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from communique.errors import InputError
from communique.records import Failure, Report
from communique.settings import Settings
from communique.sources.files import read_path, source_of
from communique.sources.item import RawItem
from communique.sources.limits import name_of
from communique.store.ledger import LedgerLine
from communique.store.origins import containers, files_of, is_address

if TYPE_CHECKING:
    from communique.store.store import Store

_KNOWN = frozenset(f.name for f in fields(RawItem)) - {"content", "origin", "source_id"}


@dataclass(slots=True)
class _File:
    """A file to be read again: where it is, its name as the ledger writes it, and the inputs that are wanted of it."""

    place: str
    name: str
    wanted: dict[tuple[str, str], LedgerLine] = field(default_factory=dict)

    @property
    def only_parts(self) -> bool:
        """Whether nothing is wanted but lines, rows or offsets, each of which gives one item."""
        return all(origin.removeprefix(self.name)[:1] == ":" for origin, _ in self.wanted)

    def answered(self, origin: str, source_id: str) -> list[tuple[str, str]]:
        """Return the wanted inputs that an item with this origin and name is, or is a part of."""
        holders = (*containers(origin), self.name)
        keys = [(origin, source_id), (origin, ""), *((holder, "") for holder in holders)]
        return [key for key in keys if key in self.wanted]

    def reworded(self, cause: str) -> str:
        """Return a cause with the name that the file has in the ledger: it is the same however the file was read."""
        return cause if is_address(self.place) else cause.replace(name_of(Path(self.place)), self.name)

    def renamed(self, origin: str) -> str:
        """Return an origin within the place that was read as the ledger writes it."""
        place = self.place if is_address(self.place) else name_of(Path(self.place))
        return self.name + origin.removeprefix(place) if origin.startswith(place) else origin


def rounds(store: Store, lines: Sequence[LedgerLine], settings: Settings) -> Iterator[Iterator[RawItem | Failure]]:
    """Yield, round after round, what has to be coded and added to `store` so that these lines of its ledger are mended.

    Add what one round gave before asking for the next: first come the inputs themselves (`read_again`). Of reports that
    were lost in the store and whose input does not give them any more, their text is taken, if it can still be read,
    from what is left of the part, and else a copy of the report that another input has.
    """
    yield from _by_reading(store, lines, lambda group: read_again(group, settings))
    lost = {line.report: line for line in lines if line.report and not store.has(line.report)}
    saved = store.saved(lost)
    those = [lost[report] for report in saved]
    yield from _by_reading(store, those, lambda group: (_item_of(saved[line.report], line) for line in group))
    left = [report for report in lost if not store.has(report)]
    copies = [line for line in store.inputs_of(left) if line.outcome == "duplicate"]
    yield from _by_reading(store, copies, lambda group: read_again(group, settings))


def lost_still(store: Store, lines: Iterable[LedgerLine]) -> list[Failure]:
    """Return those of these lines of the ledger whose report the store has lost and not got back."""
    return [
        Failure(line.origin, line.stage, f"{line.cause} Its input does not give the report {line.report} any more.",
                line.source_id)
        for line in lines if line.report and not store.has(line.report)
    ]  # fmt: skip


def _by_reading(
    store: Store, lines: Iterable[LedgerLine], items: Callable[[list[LedgerLine]], Iterator[RawItem | Failure]]
) -> Iterator[Iterator[RawItem | Failure]]:
    """Yield the items of lines that were read in the same way together, and tell the writer which way that was."""
    for how, group in groupby(sorted(lines, key=_as_told), _as_told):
        store.writer.told_before(how)
        yield items(list(group))


def _as_told(line: LedgerLine) -> str:
    return line.how


def read_again(lines: Iterable[LedgerLine], settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield the inputs of these lines of the ledger, read anew, each file once and in one pass.

    A line may name a whole file, folder or archive: then all that is in it. The lines are read as they were at first
    (`Writer.told`): relative paths count from the same folder, or else from the current one, what was known of the
    reports (`published`) is known again, and what `settings` were given for reading (such as columns) hold. What is
    there no more, or not readable still, is yielded as a Failure, but for a line whose report was lost in the store:
    of that, nothing comes.
    """
    found: dict[tuple[str, str], _File] = {}
    for line in lines:
        how = _how(line)
        located = _locate(line.origin, how.get("folder", ""))
        if located is None:
            yield from _gone(line, _why(line.origin))
            continue
        file = found.setdefault((line.how, located[1]), _File(*located))
        file.wanted.setdefault((line.origin, line.source_id), line)
    for (told, _), file in found.items():
        how = orjson.loads(told) if told else {}
        changes = {key: value for key, value in how.get("settings", {}).items() if key in Settings.model_fields}
        yield from _known(_read(file, settings.model_copy(update=changes)), how)


def _item_of(report: Report, line: LedgerLine) -> RawItem:
    """Return a report that the store has saved as an input that comes from where `line` says."""
    return RawItem(
        report.text, line.origin, line.source_id, report.published, report.title, report.url, report.outlet,
        report.language,
    )  # fmt: skip


def _read(file: _File, settings: Settings) -> Iterator[RawItem | Failure]:
    """Yield what is wanted of a file; of a large one no more is read than that needs."""
    left = dict(file.wanted)
    cause = f"It is no longer in {name_of(Path(file.name))}."
    try:
        for item in read_path(file.place, settings):
            origin = file.renamed(item.source if isinstance(item, Failure) else item.origin)
            answered = file.answered(origin, item.source_id)
            for key in answered:
                left.pop(key, None)
            if answered:
                if isinstance(item, Failure):
                    yield replace(item, source=origin, cause=file.reworded(item.cause))
                else:
                    yield replace(item, origin=origin)
            if not left and file.only_parts:
                return
    except InputError as error:
        cause = file.reworded(str(error))
    for line in left.values():
        yield from _gone(line, cause)


def _known(items: Iterable[RawItem | Failure], how: Mapping[str, Any]) -> Iterator[RawItem | Failure]:
    known = {key: str(value) for key, value in how.items() if key in _KNOWN}
    for item in items:
        if isinstance(item, Failure):
            yield item
        else:
            yield replace(item, **{key: value for key, value in known.items() if not getattr(item, key)})


def _gone(line: LedgerLine, cause: str) -> Iterator[Failure]:
    if not line.report:
        yield Failure(line.origin, "source", cause, line.source_id)


def _how(line: LedgerLine) -> dict[str, Any]:
    how: dict[str, Any] = orjson.loads(line.how) if line.how else {}
    return how


def _locate(origin: str, folder: str) -> tuple[str, str] | None:
    """Return where the file that holds `origin` is now and its name in the ledger; None if it is nowhere."""
    names = files_of(origin)
    if is_address(origin):
        known = [name for name in names if source_of(Path(name))]
        return (known or [origin])[-1], (known or [origin])[-1]
    if origin in ("", "-"):
        return None
    for base in dict.fromkeys((folder, "")):
        for name in names:
            place = Path(base, name)
            if _exists(place):
                return str(place), name
    return None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is no path on this system
        return False


def _why(origin: str) -> str:
    if origin in ("", "-"):
        return "It did not come from a file that could be read again. Give it to `communique read` once more."
    return f"There is no file {files_of(origin)[-1]!r} now. Put it there, or read it from where it is."
